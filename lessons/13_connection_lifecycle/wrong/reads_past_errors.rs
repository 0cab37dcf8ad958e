//! Caught by a_peer_that_resets_has_not_said_goodbye: GoodbyeNotHeard.
//!
//! Whatever the error of a read, the next one is tried: after a reset it finds an end that nobody said.

use std::io::{self, ErrorKind, Read};
use std::net::{Shutdown, TcpStream};
use std::time::{Duration, Instant};

use socket2::SockRef;

/// A goodbye listens no longer when it has thrown away so many bytes.
pub const DRAIN_AT_MOST: usize = 64 * 1024;

/// Say that nothing more will be sent, and hear all that the peer has yet to say.
///
/// An error in the middle of it is an error, not the end: `ConnectionReset` above all.
pub fn half_close_and_hear(stream: &mut TcpStream) -> io::Result<Vec<u8>> {
    stream.shutdown(Shutdown::Write)?;
    let mut heard = Vec::new();
    stream.read_to_end(&mut heard)?;
    Ok(heard)
}

/// Whether the peer has closed its side, and all that it sent was read. Does not wait, takes no byte,
/// and leaves a blocking stream as it was.
///
/// `ConnectionReset` if the peer has reset the connection.
pub fn hung_up(stream: &TcpStream) -> io::Result<bool> {
    stream.set_nonblocking(true)?;
    let seen = stream.peek(&mut [0]);
    stream.set_nonblocking(false)?;
    match seen {
        Ok(n) => Ok(n == 0),
        // Open, and silent for now.
        Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(false),
        Err(error) => Err(error),
    }
}

/// Close a connection in order, and say whether the peer closed its side, too.
///
/// Everything sent before can still be heard. What the peer sends until it notices is thrown away, but
/// no more than [`DRAIN_AT_MOST`] or so, and for no longer than `patience`, which may be zero. It is no
/// error if the peer is silent, or gone.
pub fn goodbye(stream: TcpStream, patience: Duration) -> io::Result<bool> {
    match shut_and_drain(stream, patience) {
        Err(error) => match diagnose(&error) {
            Diagnosis::TimedOut | Diagnosis::Reset | Diagnosis::NotConnected => Ok(false),
            _ => Err(error),
        },
        said => said,
    }
}

fn shut_and_drain(mut stream: TcpStream, patience: Duration) -> io::Result<bool> {
    let deadline = Instant::now() + patience;
    stream.shutdown(Shutdown::Write)?;
    // A socket that is closed with bytes unread, or that bytes still come for, answers with a reset: it
    // may reach the peer's program before our last words do (RFC 1122, 4.2.2.13).
    let mut drained = 0;
    let mut buffer = [0; 4096];
    while drained < DRAIN_AT_MOST {
        let left = deadline.saturating_duration_since(Instant::now());
        // A timeout of zero does not exist.
        if left.is_zero() {
            break;
        }
        stream.set_read_timeout(Some(left))?;
        match stream.read(&mut buffer) {
            Ok(0) => return Ok(true),
            Ok(n) => drained += n,
            // The next read may do better.
            Err(_) => {}
        }
    }
    Ok(false)
}

/// End a connection with a reset: what is on its way is lost, and the peer's next call fails.
///
/// As long as there is no clone of `stream`, since a connection ends with the last one.
pub fn reset(stream: TcpStream) -> io::Result<()> {
    // A close that does not linger for what is unsent sends RST instead of FIN (SO_LINGER, socket(7)).
    SockRef::from(&stream).set_linger(Some(Duration::ZERO))
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

/// EMFILE and ENFILE on Unix, WSAEMFILE on Windows: the standard library has no kind for them.
const OUT_OF_DESCRIPTORS: &[i32] = if cfg!(windows) { &[10024] } else { &[24, 23] };

/// Say what an error means, by its kind, which is the same on every system.
pub fn diagnose(error: &io::Error) -> Diagnosis {
    match error.kind() {
        ErrorKind::ConnectionRefused => Diagnosis::Refused,
        ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted => Diagnosis::Reset,
        ErrorKind::BrokenPipe => Diagnosis::Closed,
        ErrorKind::NotConnected => Diagnosis::NotConnected,
        ErrorKind::AddrInUse => Diagnosis::AddressInUse,
        ErrorKind::AddrNotAvailable => Diagnosis::AddressNotHere,
        // A read that ran out of time is the first on Unix and the second on Windows.
        ErrorKind::WouldBlock | ErrorKind::TimedOut => Diagnosis::TimedOut,
        _ => match error.raw_os_error() {
            Some(number) if OUT_OF_DESCRIPTORS.contains(&number) => Diagnosis::OutOfDescriptors,
            _ => Diagnosis::Other,
        },
    }
}

impl Diagnosis {
    /// Whether the same call may succeed later, without anything changed by the caller.
    pub fn may_pass(self) -> bool {
        match self {
            Diagnosis::Refused
            | Diagnosis::AddressInUse
            | Diagnosis::TimedOut
            | Diagnosis::OutOfDescriptors => true,
            // This connection is over. Another one might do better; this call will not.
            Diagnosis::Reset | Diagnosis::Closed | Diagnosis::NotConnected => false,
            Diagnosis::AddressNotHere | Diagnosis::Other => false,
        }
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
    for _ in 1..tries {
        match attempt() {
            Err(error) if diagnose(&error).may_pass() => rest(),
            outcome => return outcome,
        }
    }
    attempt()
}
