//! A room of clients and one server: their names, what each receives, and the result for each.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use serde::Serialize;

use super::bilingual::Bilingual;
use super::stage::{self, TIMEOUT};
use super::words;

/// The clients' names, in the order in which they connect.
pub const NAMES: [&str; 5] = ["Ada", "Ben", "Cleo", "Dora", "Emil"];

/// The result for one client, or for the server.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    /// Its letter and name.
    pub name: Bilingual,
    /// What it did.
    pub does: Bilingual,
    /// The kind of result.
    pub fate: Fate,
    /// The result in words.
    pub gets: Bilingual,
}

/// The kind of a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fate {
    /// It got what it asked for.
    Served,
    /// It had to wait for another client.
    Waits,
    /// It got nothing, or something ended that should have continued.
    Harmed,
    /// It asked for nothing.
    Neither,
}

impl Row {
    /// The row of the server.
    pub fn server(does: impl Into<Bilingual>, fate: Fate, gets: impl Into<Bilingual>) -> Row {
        Row { name: words::SERVER.into(), does: does.into(), fate, gets: gets.into() }
    }
}

/// One client, with its end of a real connection.
pub struct Guest {
    /// The index of its name in [`NAMES`].
    pub number: usize,
    stream: TcpStream,
}

/// What a client has received.
#[derive(Debug, PartialEq, Eq)]
pub enum Received {
    /// All the bytes that it waited for.
    Answer(Vec<u8>),
    /// Not all of them, and the connection is still open.
    Nothing,
    /// The end of the connection, clean or by a reset.
    End,
}

impl Guest {
    /// Connect guest `number`.
    pub fn connect(address: SocketAddr, number: usize) -> io::Result<Guest> {
        let stream = TcpStream::connect(address)?;
        stream.set_write_timeout(Some(TIMEOUT))?;
        Ok(Guest { number, stream })
    }

    /// Its name.
    pub fn name(&self) -> &'static str {
        NAMES[self.number]
    }

    /// Its own address, which the server sees.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.stream.local_addr()
    }

    /// Send these bytes.
    pub fn send(&self, bytes: &[u8]) -> io::Result<()> {
        (&self.stream).write_all(bytes)
    }

    /// Receive until `count` bytes have arrived, the connection ends, or `timeout` is over. With a timeout
    /// of 0, only read what is already there.
    pub fn receive(&self, count: usize, timeout: Duration) -> io::Result<Received> {
        let deadline = Instant::now() + timeout;
        let mut received = Vec::new();
        while received.len() < count {
            let left = deadline.saturating_duration_since(Instant::now());
            self.stream.set_nonblocking(left.is_zero())?;
            self.stream.set_read_timeout(Some(left).filter(|left| !left.is_zero()))?;
            let mut buffer = vec![0; count - received.len()];
            match (&self.stream).read(&mut buffer).map_err(|error| (error.kind(), error)) {
                Ok(0) => return Ok(Received::End),
                Ok(n) => received.extend_from_slice(&buffer[..n]),
                Err((ErrorKind::Interrupted, _)) => {}
                Err((ErrorKind::WouldBlock | ErrorKind::TimedOut, _)) if left.is_zero() => {
                    return Ok(Received::Nothing);
                }
                // The time is over: read once more without waiting.
                Err((ErrorKind::WouldBlock | ErrorKind::TimedOut, _)) => {}
                Err((ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted, _)) => {
                    return Ok(Received::End);
                }
                Err((_, error)) => return Err(error),
            }
        }
        self.stream.set_nonblocking(false)?;
        Ok(Received::Answer(received))
    }

    /// Vanish: the kernel resets the connection, as it does when a program is killed with unread data.
    pub fn vanish(self) -> io::Result<()> {
        stage::reset(&self.stream)
    }

    /// Its row.
    pub fn row(&self, does: impl Into<Bilingual>, fate: Fate, gets: impl Into<Bilingual>) -> Row {
        row(self.number, does, fate, gets)
    }
}

/// The row of guest `number`.
pub fn row(
    number: usize,
    does: impl Into<Bilingual>,
    fate: Fate,
    gets: impl Into<Bilingual>,
) -> Row {
    let name = Bilingual::same(format!("{} {}", letter(number), NAMES[number]));
    Row { name, does: does.into(), fate, gets: gets.into() }
}

/// The letter of guest `number`.
pub fn letter(number: usize) -> char {
    char::from(b'A' + number as u8)
}

/// The error for something that did not happen in time.
pub fn timed_out(what: &str) -> io::Error {
    let seconds = TIMEOUT.as_secs();
    io::Error::new(ErrorKind::TimedOut, words::waited(seconds, what))
}
