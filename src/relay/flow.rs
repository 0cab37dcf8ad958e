//! One direction of a connection: from the sender's socket into segments, and to the receiver's socket.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::thread;
use std::time::Duration;

use netkata::linux::sockets;
use netkata::{FarEnd, TcpEnd};

use crate::connection::Connection;
use crate::cuts::Sizes;
use crate::{After, By, Direction, Ending, Event, Settings, Size, Why};

/// The most bytes that one direction holds.
pub const BUFFER: usize = 256 * 1024;

/// The pauses between two looks at what the kernel shows: the first, and the longest.
const PAUSES: (Duration, Duration) = (Duration::from_micros(20), Duration::from_millis(5));

/// One direction, on its own thread.
pub(crate) struct Flow<'a> {
    connection: &'a Connection,
    direction: Direction,
    from: &'a TcpStream,
    to: &'a TcpStream,
    /// The programs, as far as the system shows them.
    sender: Option<FarEnd>,
    receiver: Option<FarEnd>,
    /// `None` if this direction is not cut.
    sizes: Option<Sizes>,
    join: bool,
    ending: Option<Ending>,
    sent: u64,
}

/// What one direction has relayed.
pub(crate) struct Relayed {
    pub(crate) sent: u64,
    pub(crate) dropped: u64,
}

/// Why nothing more is relayed.
enum Stop {
    /// The sender has ended its stream.
    End,
    /// The asked number of bytes is relayed.
    Ending(Ending),
    /// The connection of this program has failed.
    Failed(By),
    /// The whole connection is reset.
    Reset,
}

impl<'a> Flow<'a> {
    pub(crate) fn new(
        connection: &'a Connection,
        client: &'a TcpStream,
        server: &'a TcpStream,
        direction: Direction,
        settings: &Settings,
    ) -> Flow<'a> {
        let (from, to) = match direction {
            Direction::To => (client, server),
            Direction::From => (server, client),
        };
        let is_meant = settings.direction.is_none_or(|only| only == direction);
        let (join, ending) = (settings.join && is_meant, settings.ending.filter(|_| is_meant));
        // Two directions with one seed would be cut alike.
        let seed = settings.seed.map(|seed| seed.wrapping_add(direction as u64));
        let cuts = match &settings.cuts {
            Some(cuts) => Some(cuts.clone()),
            None if seed.is_some() => Some(crate::Cuts::default()),
            None if join => crate::Cuts::new(&[Size::Rest]),
            None => None,
        };
        let sizes = cuts.filter(|_| is_meant).map(|cuts| Sizes::of(cuts, seed));
        let (sender, receiver) = (FarEnd::of(from), FarEnd::of(to));
        Flow { connection, direction, from, to, sender, receiver, sizes, join, ending, sent: 0 }
    }

    /// Relay until the stream ends or the connection is reset.
    pub(crate) fn carry(mut self) -> Relayed {
        let mut buffer = vec![0; BUFFER];
        let mut dropped = 0;
        let mut stop = self.relay(&mut buffer);
        if let Stop::Ending(Ending::HalfClose(_)) = stop {
            self.end(By::Relay);
            stop = loop {
                match self.read(&mut buffer) {
                    Ok(n) => dropped += n as u64,
                    Err(stop) => break stop,
                }
            };
        } else if let Stop::End = stop {
            self.end(self.direction.sender());
        }
        match stop {
            Stop::Ending(_) => self.connection.reset(By::Relay),
            Stop::Failed(by) => self.connection.reset(by),
            Stop::End | Stop::Reset => {}
        }
        Relayed { sent: self.sent, dropped }
    }

    fn relay(&mut self, buffer: &mut [u8]) -> Stop {
        loop {
            let relayed = match self.ending.filter(|_| self.left() == 0) {
                Some(ending) => self.hold().and(Err(Stop::Ending(ending))),
                None => self.next(buffer).and_then(|n| self.write(&buffer[..n])),
            };
            if let Err(stop) = relayed {
                return stop;
            }
        }
    }

    /// Pass the end of the stream on.
    fn end(&self, by: By) {
        let (connection, direction) = (self.connection.number, self.direction);
        let bytes = self.sent;
        (self.connection.report)(&Event::End { connection, direction, bytes, by });
        // It fails only where there is no connection any more.
        let _ = self.to.shutdown(Shutdown::Write);
    }

    /// How many bytes may still be relayed.
    fn left(&self) -> u64 {
        match self.ending {
            Some(Ending::HalfClose(bytes) | Ending::Reset(bytes)) => bytes - self.sent,
            None => u64::MAX,
        }
    }

    /// Read what is sent next, wait until it may be sent, and report it.
    fn next(&mut self, buffer: &mut [u8]) -> Result<usize, Stop> {
        let left = usize::try_from(self.left()).unwrap_or(usize::MAX).min(buffer.len());
        let Some(sizes) = &mut self.sizes else { return self.read(&mut buffer[..left]) };
        let size = sizes.next();
        let most = match size {
            Size::Bytes(n) => n.min(left),
            Size::Rest => left,
        };
        let mut n = self.read(&mut buffer[..most])?;
        let after = self.hold()?;
        let fills = self.join || size != Size::Rest;
        let why = loop {
            if n == most {
                break match size {
                    Size::Bytes(size) if size == n => Why::Cut,
                    _ if self.left() == n as u64 => Why::Ending,
                    _ => Why::Full,
                };
            }
            if is_something_there(self.from) {
                n += self.read(&mut buffer[n..most])?;
            } else if !fills {
                break Why::Rest;
            } else if self.sender_waits()? {
                break Why::SenderWaits;
            }
        };
        let (connection, direction) = (self.connection.number, self.direction);
        let segment = Event::Segment { connection, direction, bytes: n, why, after };
        (self.connection.report)(&segment);
        Ok(n)
    }

    /// Wait until the receiver has read everything that was sent, and looks for more, as far as the system shows.
    fn hold(&mut self) -> Result<After, Stop> {
        if self.sent == 0 {
            return Ok(After::Nothing);
        }
        let connection = self.connection;
        if let Some(receiver) = &mut self.receiver {
            wait_until(connection, || receiver.has_read(self.sent))?;
            let mut watch = receiver.until_it_looks_for_more();
            wait_until(connection, || watch.is_over())?;
            return Ok(After::Read);
        }
        let (Ok(near), Ok(far)) = (self.to.local_addr(), self.to.peer_addr()) else {
            return Err(Stop::Failed(self.direction.receiver()));
        };
        if TcpEnd::of(near, far).is_none() {
            return Ok(After::Unknown);
        }
        let is_acknowledged = || TcpEnd::of(near, far).is_none_or(|end| end.unacknowledged == 0);
        wait_until(connection, is_acknowledged)?;
        Ok(After::Acknowledged)
    }

    /// Wait until the sender waits, and return true; or until more bytes are there.
    fn sender_waits(&mut self) -> Result<bool, Stop> {
        if let Some(sender) = &mut self.sender {
            let mut watch = sender.until_it_waits();
            wait_until(self.connection, || watch.is_over() || is_something_there(self.from))?;
            sockets::let_arrive();
        }
        Ok(!is_something_there(self.from))
    }

    /// Read at least one byte.
    fn read(&self, buffer: &mut [u8]) -> Result<usize, Stop> {
        loop {
            let read = (&mut &*self.from).read(buffer);
            if self.connection.is_reset() {
                return Err(Stop::Reset);
            }
            match read {
                Ok(0) => return Err(Stop::End),
                Ok(n) => return Ok(n),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(_) => return Err(Stop::Failed(self.direction.sender())),
            }
        }
    }

    /// Write all of it, however long the receiver lets it wait.
    fn write(&mut self, bytes: &[u8]) -> Result<(), Stop> {
        let mut rest = bytes;
        while !rest.is_empty() {
            match (&mut &*self.to).write(rest) {
                Ok(n) => {
                    self.sent += n as u64;
                    rest = &rest[n..];
                }
                Err(error) => match error.kind() {
                    ErrorKind::Interrupted => {}
                    // A time limit that has passed is the one or the other, by system.
                    ErrorKind::WouldBlock | ErrorKind::TimedOut if !self.connection.is_reset() => {}
                    ErrorKind::WouldBlock | ErrorKind::TimedOut => return Err(Stop::Reset),
                    _ => return Err(Stop::Failed(self.direction.receiver())),
                },
            }
        }
        Ok(())
    }
}

/// Poll until it is true, or the connection is reset.
fn wait_until(connection: &Connection, mut is_true: impl FnMut() -> bool) -> Result<(), Stop> {
    let (mut pause, longest) = PAUSES;
    while !is_true() {
        if connection.is_reset() {
            return Err(Stop::Reset);
        }
        thread::sleep(pause);
        pause = longest.min(pause * 2);
    }
    Ok(())
}

/// Whether a read would not wait. False as well at the end of the stream, and if the system does not show it.
fn is_something_there(stream: &TcpStream) -> bool {
    available(stream).is_ok_and(|n| n > 0)
}

/// How many bytes a read returns at once.
#[cfg(unix)]
fn available(stream: &TcpStream) -> io::Result<u64> {
    Ok(rustix::io::ioctl_fionread(stream)?)
}

/// Elsewhere unknown: then only what one read has returned is there.
#[cfg(not(unix))]
fn available(_stream: &TcpStream) -> io::Result<u64> {
    Ok(0)
}
