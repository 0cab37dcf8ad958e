//! Right: a watchdog thread ends the goodbye, so that no read needs a timeout; errors are looked up in a
//! table.

use std::io::{self, ErrorKind, Read};
use std::net::{Shutdown, TcpStream};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use socket2::Socket;

/// A goodbye stops reading after it has discarded this many bytes.
pub const DRAIN_AT_MOST: usize = 64 * 1024;

/// Close your sending side, and read everything that the peer still sends.
pub fn half_close_and_hear(stream: &mut TcpStream) -> io::Result<Vec<u8>> {
    stream.shutdown(Shutdown::Write)?;
    let mut answer = Vec::new();
    io::copy(stream, &mut answer)?;
    Ok(answer)
}

/// Return whether the peer has closed its side and all that it sent was read.
pub fn hung_up(stream: &TcpStream) -> io::Result<bool> {
    // The shortest possible wait instead of none.
    let as_it_was = stream.read_timeout()?;
    stream.set_read_timeout(Some(Duration::from_micros(1)))?;
    let seen = stream.peek(&mut [0]);
    stream.set_read_timeout(as_it_was)?;
    match seen.map_err(|error| (error.kind(), error)) {
        Ok(n) => Ok(n == 0),
        Err((ErrorKind::WouldBlock | ErrorKind::TimedOut, _)) => Ok(false),
        Err((_, error)) => Err(error),
    }
}

/// Close a connection in order, and return whether the peer closed its side, too.
pub fn goodbye(mut stream: TcpStream, timeout: Duration) -> io::Result<bool> {
    if stream.shutdown(Shutdown::Write).is_err() {
        return Ok(false);
    }
    let watched = stream.try_clone()?;
    let (done, over) = mpsc::channel::<()>();
    let watchdog = thread::spawn(move || {
        let in_time = over.recv_timeout(timeout) != Err(RecvTimeoutError::Timeout);
        if !in_time {
            // The waiting read returns the end of the stream.
            let _ = watched.shutdown(Shutdown::Both);
        }
        in_time
    });
    let ended = drain(&mut stream);
    drop(done);
    let in_time = watchdog.join().expect("the watchdog does not panic");
    Ok(ended && in_time)
}

/// Discard bytes, and return whether the stream ended before [`DRAIN_AT_MOST`] of them and without an
/// error.
fn drain(stream: &mut TcpStream) -> bool {
    let drained = io::copy(&mut stream.take(DRAIN_AT_MOST as u64), &mut io::sink());
    drained.is_ok_and(|n| n < DRAIN_AT_MOST as u64)
}

/// End a connection with a reset.
pub fn reset(stream: TcpStream) -> io::Result<()> {
    let socket = Socket::from(stream);
    socket.set_linger(Some(Duration::ZERO))
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

const KINDS: [(ErrorKind, Diagnosis); 9] = [
    (ErrorKind::ConnectionRefused, Diagnosis::Refused),
    (ErrorKind::ConnectionReset, Diagnosis::Reset),
    (ErrorKind::ConnectionAborted, Diagnosis::Reset),
    (ErrorKind::BrokenPipe, Diagnosis::Closed),
    (ErrorKind::NotConnected, Diagnosis::NotConnected),
    (ErrorKind::AddrInUse, Diagnosis::AddressInUse),
    (ErrorKind::AddrNotAvailable, Diagnosis::AddressNotHere),
    (ErrorKind::WouldBlock, Diagnosis::TimedOut),
    (ErrorKind::TimedOut, Diagnosis::TimedOut),
];

/// Return what an error means.
pub fn diagnose(error: &io::Error) -> Diagnosis {
    let numbers = if cfg!(windows) { 10024..=10024 } else { 23..=24 };
    if error.raw_os_error().is_some_and(|number| numbers.contains(&number)) {
        return Diagnosis::OutOfDescriptors;
    }
    let known = KINDS.iter().find(|(kind, _)| *kind == error.kind());
    known.map_or(Diagnosis::Other, |(_, diagnosis)| *diagnosis)
}

impl Diagnosis {
    /// Return whether the same call may succeed later.
    pub fn may_pass(self) -> bool {
        use Diagnosis::{AddressInUse, OutOfDescriptors, Refused, TimedOut};

        [Refused, AddressInUse, TimedOut, OutOfDescriptors].contains(&self)
    }
}

/// Make up to `tries` attempts while the error is temporary.
pub fn try_again<T>(
    tries: u32,
    mut rest: impl FnMut(),
    mut attempt: impl FnMut() -> io::Result<T>,
) -> io::Result<T> {
    let mut left = tries;
    loop {
        left = left.saturating_sub(1);
        match attempt() {
            Err(error) if left > 0 && diagnose(&error).may_pass() => rest(),
            outcome => break outcome,
        }
    }
}
