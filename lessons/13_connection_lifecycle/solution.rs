//! End a connection in order or with a reset, recognise the errors of a connection, and retry where that
//! helps.
//!
//! ```text
//! half-close    FIN ─▶                 this side sends no more, and still reads
//! goodbye       FIN ─▶ … ◀─ FIN        the other side has closed, too: a connection ends twice
//! reset         RST ─▶                 neither side sends or receives any more
//! ```

use std::io::{self, ErrorKind, Read};
use std::net::{Shutdown, TcpStream};
use std::time::{Duration, Instant};

use socket2::SockRef;

/// A goodbye stops reading after it has discarded this many bytes.
pub const DRAIN_AT_MOST: usize = 64 * 1024;

/// Close your sending side, and read everything that the peer still sends.
///
/// Return an error that occurs before the end, `ConnectionReset` above all: it is not the end. Go on after
/// an interruption. Wait as long as the stream's read timeout allows, and leave it unchanged.
pub fn half_close_and_hear(stream: &mut TcpStream) -> io::Result<Vec<u8>> {
    stream.shutdown(Shutdown::Write)?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    Ok(answer)
}

/// Return whether the peer has closed its side and all that it sent was read. Never wait or consume
/// bytes, and leave a blocking stream blocking.
///
/// `ConnectionReset` if the peer has reset the connection.
pub fn hung_up(stream: &TcpStream) -> io::Result<bool> {
    stream.set_nonblocking(true)?;
    let seen = stream.peek(&mut [0]);
    stream.set_nonblocking(false)?;
    match seen {
        Ok(n) => Ok(n == 0),
        // The connection is open, and nothing has arrived.
        Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(false),
        Err(error) => Err(error),
    }
}

/// Close a connection in order, and return whether the peer closed its side, too.
///
/// The peer can still read everything sent before. Bytes that it sends meanwhile are discarded, up to
/// about [`DRAIN_AT_MOST`] of them, and for at most `timeout`, from `Duration::ZERO` to `Duration::MAX`. A
/// silent peer is not an error, nor is one that is gone. Go on after an interruption.
pub fn goodbye(stream: TcpStream, timeout: Duration) -> io::Result<bool> {
    match shut_and_drain(stream, timeout) {
        Err(error) => match diagnose(&error) {
            Diagnosis::TimedOut | Diagnosis::Reset | Diagnosis::NotConnected => Ok(false),
            _ => Err(error),
        },
        outcome => outcome,
    }
}

fn shut_and_drain(mut stream: TcpStream, timeout: Duration) -> io::Result<bool> {
    let began = Instant::now();
    stream.shutdown(Shutdown::Write)?;
    // A socket that is closed with bytes unread, or that receives bytes after that, sends a reset, which
    // may reach the peer's program before our last bytes do (RFC 1122, 4.2.2.13).
    let mut drained = 0;
    let mut buffer = [0; 4096];
    while drained < DRAIN_AT_MOST {
        let left = timeout.saturating_sub(began.elapsed());
        // A read timeout of zero is not allowed.
        if left.is_zero() {
            break;
        }
        stream.set_read_timeout(Some(left))?;
        match stream.read(&mut buffer) {
            Ok(0) => return Ok(true),
            Ok(n) => drained += n,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(false)
}

/// End a connection with a reset: bytes on the way are lost, and the peer's next call fails.
///
/// This works only without a clone of `stream`, since a connection ends with its last clone.
pub fn reset(stream: TcpStream) -> io::Result<()> {
    // A close that does not linger for unsent bytes sends RST instead of FIN (SO_LINGER, socket(7)).
    SockRef::from(&stream).set_linger(Some(Duration::ZERO))
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

/// EMFILE and ENFILE on Unix, WSAEMFILE on Windows: the standard library has no kind for them.
const OUT_OF_DESCRIPTORS: &[i32] = if cfg!(windows) { &[10024] } else { &[24, 23] };

/// Return what an error means, by its kind, which is the same on every system.
///
/// Running out of descriptors has no kind, only a number, which depends on the system.
pub fn diagnose(error: &io::Error) -> Diagnosis {
    match error.kind() {
        ErrorKind::ConnectionRefused => Diagnosis::Refused,
        ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted => Diagnosis::Reset,
        ErrorKind::BrokenPipe => Diagnosis::Closed,
        ErrorKind::NotConnected => Diagnosis::NotConnected,
        ErrorKind::AddrInUse => Diagnosis::AddressInUse,
        ErrorKind::AddrNotAvailable => Diagnosis::AddressNotHere,
        // A read that timed out is the first on Unix and the second on Windows.
        ErrorKind::WouldBlock | ErrorKind::TimedOut => Diagnosis::TimedOut,
        _ => match error.raw_os_error() {
            Some(number) if OUT_OF_DESCRIPTORS.contains(&number) => Diagnosis::OutOfDescriptors,
            _ => Diagnosis::Other,
        },
    }
}

impl Diagnosis {
    /// Return whether the same call may succeed later, even if the caller changes nothing.
    pub fn may_pass(self) -> bool {
        match self {
            Diagnosis::Refused
            | Diagnosis::AddressInUse
            | Diagnosis::TimedOut
            | Diagnosis::OutOfDescriptors => true,
            // This connection is over. A new one may work; this call will not.
            Diagnosis::Reset | Diagnosis::Closed | Diagnosis::NotConnected => false,
            Diagnosis::AddressNotHere | Diagnosis::Other => false,
        }
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
    for _ in 1..tries {
        match attempt() {
            Err(error) if diagnose(&error).may_pass() => rest(),
            outcome => return outcome,
        }
    }
    attempt()
}
