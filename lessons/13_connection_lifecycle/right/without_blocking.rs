//! Right: a goodbye never blocks; where it has to wait, it polls again after a millisecond.

use std::io::{self, BufReader, ErrorKind, Read};
use std::net::{Shutdown, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use socket2::SockRef;

/// A goodbye stops reading after it has discarded this many bytes.
pub const DRAIN_AT_MOST: usize = 64 * 1024;

const MOMENT: Duration = Duration::from_millis(1);

/// The result of polling a nonblocking stream once.
enum Found {
    Bytes(usize),
    Nothing,
    End,
}

fn poll(stream: &mut TcpStream, buffer: &mut [u8]) -> io::Result<Found> {
    match stream.read(buffer) {
        Ok(0) => Ok(Found::End),
        Ok(n) => Ok(Found::Bytes(n)),
        Err(error) => match error.kind() {
            ErrorKind::WouldBlock | ErrorKind::Interrupted => Ok(Found::Nothing),
            _ => Err(error),
        },
    }
}

/// Close your sending side, and read everything that the peer still sends.
pub fn half_close_and_hear(stream: &mut TcpStream) -> io::Result<Vec<u8>> {
    stream.shutdown(Shutdown::Write)?;
    BufReader::new(stream).bytes().collect()
}

/// Return whether the peer has closed its side and all that it sent was read.
pub fn hung_up(stream: &TcpStream) -> io::Result<bool> {
    let socket = SockRef::from(stream);
    socket.set_nonblocking(true)?;
    let seen = stream.peek(&mut [0; 16]);
    socket.set_nonblocking(false)?;
    match seen {
        Ok(0) => Ok(true),
        Ok(_) => Ok(false),
        Err(error) if matches!(diagnose(&error), Diagnosis::TimedOut) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Close a connection in order, and return whether the peer closed its side, too.
pub fn goodbye(mut stream: TcpStream, timeout: Duration) -> io::Result<bool> {
    let began = Instant::now();
    if stream.shutdown(Shutdown::Write).is_err() {
        return Ok(false);
    }
    stream.set_nonblocking(true)?;
    let mut buffer = [0; 1024];
    let mut left = DRAIN_AT_MOST;
    while left > 0 && began.elapsed() <= timeout {
        let room = buffer.len().min(left);
        match poll(&mut stream, &mut buffer[..room]) {
            Ok(Found::End) => return Ok(true),
            Ok(Found::Bytes(n)) => left -= n,
            Ok(Found::Nothing) => thread::sleep(MOMENT),
            Err(_) => break,
        }
    }
    Ok(false)
}

/// End a connection with a reset.
pub fn reset(stream: TcpStream) -> io::Result<()> {
    let outcome = SockRef::from(&stream).set_linger(Some(Duration::ZERO));
    drop(stream);
    outcome
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

/// Return what an error means.
pub fn diagnose(error: &io::Error) -> Diagnosis {
    let out_of_descriptors = |number| match number {
        10024 => cfg!(windows),
        23 | 24 => !cfg!(windows),
        _ => false,
    };
    match error.kind() {
        ErrorKind::ConnectionRefused => Diagnosis::Refused,
        ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted => Diagnosis::Reset,
        ErrorKind::BrokenPipe => Diagnosis::Closed,
        ErrorKind::NotConnected => Diagnosis::NotConnected,
        ErrorKind::AddrInUse => Diagnosis::AddressInUse,
        ErrorKind::AddrNotAvailable => Diagnosis::AddressNotHere,
        ErrorKind::WouldBlock | ErrorKind::TimedOut => Diagnosis::TimedOut,
        _ if error.raw_os_error().is_some_and(out_of_descriptors) => Diagnosis::OutOfDescriptors,
        _ => Diagnosis::Other,
    }
}

impl Diagnosis {
    /// Return whether the same call may succeed later.
    pub fn may_pass(self) -> bool {
        !matches!(
            self,
            Diagnosis::Reset
                | Diagnosis::Closed
                | Diagnosis::NotConnected
                | Diagnosis::AddressNotHere
                | Diagnosis::Other
        )
    }
}

/// Make up to `tries` attempts while the error is temporary.
pub fn try_again<T>(
    tries: u32,
    mut rest: impl FnMut(),
    mut attempt: impl FnMut() -> io::Result<T>,
) -> io::Result<T> {
    let mut outcome = attempt();
    for _ in 1..tries {
        match &outcome {
            Err(error) if diagnose(error).may_pass() => {}
            _ => break,
        }
        rest();
        outcome = attempt();
    }
    outcome
}
