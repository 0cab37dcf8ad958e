//! A room of clients and one server: who they are, what they hear, and how it goes for each.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use socket2::SockRef;

use super::stage::PATIENCE;
use super::words;

/// Who comes, in the order in which they come.
pub const NAMES: [&str; 5] = ["Ada", "Ben", "Cleo", "Dora", "Emil"];

/// How it went for one client, or for the server.
pub struct Row {
    /// Letter and name.
    pub who: String,
    /// What it did.
    pub does: String,
    /// What came of it, in a word.
    pub fate: Fate,
    /// What came of it.
    pub gets: String,
}

/// What came of a client, in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It got what it asked for.
    Served,
    /// It had to wait for somebody else.
    Waits,
    /// It got nothing, or something ended that should have gone on.
    Harmed,
    /// It asked for nothing.
    Neither,
}

impl Row {
    /// The row of the server.
    pub fn server(does: &str, fate: Fate, gets: impl Into<String>) -> Row {
        Row { who: words::SERVER.to_owned(), does: does.to_owned(), fate, gets: gets.into() }
    }
}

/// One client, at its end of a real connection.
pub struct Guest {
    /// The place of its name in [`NAMES`].
    pub number: usize,
    stream: TcpStream,
}

/// What a client has heard.
#[derive(Debug, PartialEq, Eq)]
pub enum Heard {
    /// All the bytes that it waited for.
    Answer(Vec<u8>),
    /// Not all of them, and the connection stands.
    Nothing,
    /// The end of the connection, in order or by a reset.
    End,
}

impl Guest {
    /// Connect guest `number`.
    pub fn connect(address: SocketAddr, number: usize) -> io::Result<Guest> {
        let stream = TcpStream::connect(address)?;
        stream.set_write_timeout(Some(PATIENCE))?;
        Ok(Guest { number, stream })
    }

    /// Its name.
    pub fn name(&self) -> &'static str {
        NAMES[self.number]
    }

    /// The address that the server knows it by.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.stream.local_addr()
    }

    /// Send these bytes.
    pub fn say(&self, bytes: &[u8]) -> io::Result<()> {
        (&self.stream).write_all(bytes)
    }

    /// Listen until `count` bytes have come, or the end, or `patience` is over: with none it only
    /// looks what is there.
    pub fn hear(&self, count: usize, patience: Duration) -> io::Result<Heard> {
        let deadline = Instant::now() + patience;
        let mut heard = Vec::new();
        while heard.len() < count {
            let left = deadline.saturating_duration_since(Instant::now());
            self.stream.set_nonblocking(left.is_zero())?;
            self.stream.set_read_timeout(Some(left).filter(|left| !left.is_zero()))?;
            let mut buffer = vec![0; count - heard.len()];
            match (&self.stream).read(&mut buffer).map_err(|error| (error.kind(), error)) {
                Ok(0) => return Ok(Heard::End),
                Ok(n) => heard.extend_from_slice(&buffer[..n]),
                Err((ErrorKind::Interrupted, _)) => {}
                Err((ErrorKind::WouldBlock | ErrorKind::TimedOut, _)) if left.is_zero() => {
                    return Ok(Heard::Nothing);
                }
                // The time is over: one more look.
                Err((ErrorKind::WouldBlock | ErrorKind::TimedOut, _)) => {}
                Err((ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted, _)) => {
                    return Ok(Heard::End);
                }
                Err((_, error)) => return Err(error),
            }
        }
        self.stream.set_nonblocking(false)?;
        Ok(Heard::Answer(heard))
    }

    /// Vanish: the kernel resets the connection, as it does when a program is killed with unread data.
    pub fn vanish(self) -> io::Result<()> {
        SockRef::from(&self.stream).set_linger(Some(Duration::ZERO))
    }

    /// Its row.
    pub fn row(&self, does: impl Into<String>, fate: Fate, gets: impl Into<String>) -> Row {
        row(self.number, does, fate, gets)
    }
}

/// The row of guest `number`.
pub fn row(number: usize, does: impl Into<String>, fate: Fate, gets: impl Into<String>) -> Row {
    let who = format!("{} {}", letter(number), NAMES[number]);
    Row { who, does: does.into(), fate, gets: gets.into() }
}

/// The letter of guest `number`.
pub fn letter(number: usize) -> char {
    char::from(b'A' + number as u8)
}

/// Say that something was waited for in vain.
pub fn in_vain(what: &str) -> io::Error {
    let seconds = PATIENCE.as_secs();
    io::Error::new(ErrorKind::TimedOut, words::waited(seconds, what))
}
