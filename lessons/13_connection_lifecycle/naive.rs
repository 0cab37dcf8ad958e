//! End a connection in order or with a reset, recognise the errors of a connection, and retry where that
//! helps. This follows the notes: `close` ends a connection, and sending after that is an error.
//!
//! ```text
//! half-close    FIN ─▶                 this side sends no more, and still reads
//! goodbye       FIN ─▶ … ◀─ FIN        the other side has closed, too: a connection ends twice
//! reset         RST ─▶                 neither side sends or receives any more
//! ```
//!
//! With a quiet peer, on the author's machine, this works. Make it work with other peers, and on other
//! systems.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

/// A goodbye stops reading after it has discarded this many bytes.
pub const DRAIN_AT_MOST: usize = 64 * 1024;

/// Close your sending side, and read everything that the peer still sends.
///
/// Return an error that occurs before the end, `ConnectionReset` above all: it is not the end. Go on after
/// an interruption. Wait as long as the stream's read timeout allows, and leave it unchanged.
pub fn half_close_and_hear(stream: &mut TcpStream) -> io::Result<Vec<u8>> {
    stream.shutdown(Shutdown::Both)?;
    let mut answer = vec![0; 1024];
    let n = stream.read(&mut answer)?;
    answer.truncate(n);
    Ok(answer)
}

/// Return whether the peer has closed its side and all that it sent was read. Never wait or consume
/// bytes, and leave a blocking stream blocking.
///
/// `ConnectionReset` if the peer has reset the connection.
pub fn hung_up(mut stream: &TcpStream) -> io::Result<bool> {
    Ok(stream.write(b"").is_err())
}

/// Close a connection in order, and return whether the peer closed its side, too.
///
/// The peer can still read everything sent before. Bytes that it sends meanwhile are discarded, up to
/// about [`DRAIN_AT_MOST`] of them, and for at most `timeout`, from `Duration::ZERO` to `Duration::MAX`. A
/// silent peer is not an error, nor is one that is gone. Go on after an interruption.
pub fn goodbye(stream: TcpStream, _timeout: Duration) -> io::Result<bool> {
    drop(stream);
    Ok(true)
}

/// End a connection with a reset: bytes on the way are lost, and the peer's next call fails.
///
/// This works only without a clone of `stream`, since a connection ends with its last clone.
pub fn reset(stream: TcpStream) -> io::Result<()> {
    stream.shutdown(Shutdown::Both)
}

/// What an error means for a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Diagnosis {
    /// No program listens at that address.
    Refused,
    /// The connection was ended by force: by the peer, its system, or this one.
    Reset,
    /// Bytes were sent in a direction that is closed.
    Closed,
    /// The socket was never connected, or no longer is.
    NotConnected,
    /// Another socket listens at this address.
    AddressInUse,
    /// This machine does not have the address.
    AddressNotHere,
    /// Nothing happened in time.
    TimedOut,
    /// The process or the system cannot open any more sockets.
    OutOfDescriptors,
    /// Something else.
    Other,
}

/// Return what an error means, by its kind, which is the same on every system.
///
/// Running out of descriptors has no kind, only a number, which depends on the system.
pub fn diagnose(error: &io::Error) -> Diagnosis {
    // The numbers in the notes.
    match error.raw_os_error() {
        Some(98) => Diagnosis::AddressInUse,
        Some(104) => Diagnosis::Reset,
        Some(32) => Diagnosis::Closed,
        Some(107) => Diagnosis::NotConnected,
        _ => Diagnosis::Other,
    }
}

impl Diagnosis {
    /// Return whether the same call may succeed later, even if the caller changes nothing.
    pub fn may_pass(self) -> bool {
        self != Diagnosis::Other
    }
}

/// Make up to `tries` attempts, at least one, while the error is temporary; call `rest` between two
/// attempts.
///
/// Return the error of the last attempt if none succeeds.
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
