//! End a connection in order, or with a reset; tell the errors of a connection apart, and try again
//! where that helps. As the notes explain it: `close` ends a connection, and who sends after that gets
//! an error.
//!
//! ```text
//! half-close    FIN ─▶                 this side has said all, and goes on listening
//! goodbye       FIN ─▶ … ◀─ FIN        the other side, too: a connection in order has two ends
//! reset         RST ─▶                 nobody says or hears anything more
//! ```
//!
//! With a quiet peer, on the machine of whoever wrote it, this works. Make it work with other peers,
//! and on other systems.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

/// A goodbye listens no longer when it has thrown away so many bytes.
pub const DRAIN_AT_MOST: usize = 64 * 1024;

/// Say that nothing more will be sent, and hear all that the peer has yet to say.
///
/// An error in the middle of it is an error, not the end: `ConnectionReset` above all.
pub fn half_close_and_hear(stream: &mut TcpStream) -> io::Result<Vec<u8>> {
    stream.shutdown(Shutdown::Both)?;
    let mut heard = vec![0; 1024];
    let n = stream.read(&mut heard)?;
    heard.truncate(n);
    Ok(heard)
}

/// Whether the peer has closed its side, and all that it sent was read. Does not wait, takes no byte,
/// and leaves a blocking stream as it was.
///
/// `ConnectionReset` if the peer has reset the connection.
pub fn hung_up(mut stream: &TcpStream) -> io::Result<bool> {
    Ok(stream.write(b"").is_err())
}

/// Close a connection in order, and say whether the peer closed its side, too.
///
/// Everything sent before can still be heard. What the peer sends until it notices is thrown away, but
/// no more than [`DRAIN_AT_MOST`] or so, and for no longer than `patience`, which may be zero. It is no
/// error if the peer is silent, or gone.
pub fn goodbye(stream: TcpStream, _patience: Duration) -> io::Result<bool> {
    drop(stream);
    Ok(true)
}

/// End a connection with a reset: what is on its way is lost, and the peer's next call fails.
///
/// As long as there is no clone of `stream`, since a connection ends with the last one.
pub fn reset(stream: TcpStream) -> io::Result<()> {
    stream.shutdown(Shutdown::Both)
}

/// What an error says about a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Diagnosis {
    /// Nobody listens at that address.
    Refused,
    /// The connection was ended by force: by the peer, its system, or this one.
    Reset,
    /// Something was sent although the connection is closed in this direction.
    Closed,
    /// There never was a connection, or there is none any more.
    NotConnected,
    /// Somebody else listens at this address.
    AddressInUse,
    /// This machine does not have the address.
    AddressNotHere,
    /// Nothing happened in the time that was allowed.
    TimedOut,
    /// This process, or the system, may open no further sockets.
    OutOfDescriptors,
    /// Something else.
    Other,
}

/// Say what an error means, by its kind, which is the same on every system.
pub fn diagnose(error: &io::Error) -> Diagnosis {
    // The numbers of the notes.
    match error.raw_os_error() {
        Some(98) => Diagnosis::AddressInUse,
        Some(104) => Diagnosis::Reset,
        Some(32) => Diagnosis::Closed,
        Some(107) => Diagnosis::NotConnected,
        _ => Diagnosis::Other,
    }
}

impl Diagnosis {
    /// Whether the same call may succeed later, without anything changed by the caller.
    pub fn may_pass(self) -> bool {
        self != Diagnosis::Other
    }
}

/// Make an attempt up to `tries` times, at least once, as long as it fails for what may pass; `rest`
/// between each two.
///
/// Fails with the error of the last attempt.
pub fn try_again<T>(
    tries: u32,
    mut rest: impl FnMut(),
    mut attempt: impl FnMut() -> io::Result<T>,
) -> io::Result<T> {
    for _ in 0..tries {
        if let Ok(value) = attempt() {
            return Ok(value);
        }
        rest();
    }
    attempt()
}
