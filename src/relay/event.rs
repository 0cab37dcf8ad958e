//! What the relay tells of itself: as JSON, one object per event, or as a line for people.

use std::fmt::{self, Display, Formatter};
use std::net::SocketAddr;

use netkata::{Text, counted};
use serde::Serialize;

use crate::words;

/// What happened. Connections are numbered from 1.
///
/// The segments of a connection are reported in a direction that is cut, each right before it is sent, so the
/// reaction of the receiver never comes first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum Event {
    /// The relay accepts connections.
    Listening { address: SocketAddr, to: SocketAddr },
    /// A client has connected.
    Open { connection: u64, client: SocketAddr },
    /// The server could not be reached; the client is reset.
    Refused { connection: u64, error: String },
    /// A segment of so many bytes.
    Segment { connection: u64, direction: Direction, bytes: usize, why: Why, after: After },
    /// The receiver was sent the end of the stream, after so many bytes in all.
    End { connection: u64, direction: Direction, bytes: u64, by: By },
    /// Both programs are reset.
    Reset { connection: u64, by: By },
    /// Nothing is left of the connection. So many bytes were relayed in each direction, and so many dropped
    /// because the stream had been ended early.
    Close { connection: u64, to: u64, from: u64, dropped: u64 },
}

/// A direction of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// To the server: what the client sends.
    To,
    /// From the server.
    From,
}

/// Why a segment ends where it ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Why {
    /// It has the size that was asked for.
    Cut,
    /// It has all bytes that were there.
    Rest,
    /// It has all bytes up to the moment when the sender waited.
    SenderWaits,
    /// The relay holds no more at once ([`crate::BUFFER`]).
    Full,
    /// The stream or the connection is ended here.
    Ending,
}

/// What a segment was held back for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum After {
    /// For nothing: it is the first.
    Nothing,
    /// The receiver has read everything before it, and looks for more.
    Read,
    /// The receiver's machine has acknowledged everything before it; whether it was read is unknown.
    Acknowledged,
    /// The system shows nothing, so it was not held back.
    Unknown,
}

/// What ended a stream or a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum By {
    Client,
    Server,
    Relay,
}

impl Direction {
    /// The program that sends in this direction.
    pub fn sender(self) -> By {
        match self {
            Direction::To => By::Client,
            Direction::From => By::Server,
        }
    }

    /// The program that receives in this direction.
    pub fn receiver(self) -> By {
        match self {
            Direction::To => By::Server,
            Direction::From => By::Client,
        }
    }

    fn arrow(self) -> &'static str {
        match self {
            Direction::To => "→",
            Direction::From => "←",
        }
    }
}

impl Display for Event {
    fn fmt(&self, f: &mut Formatter) -> fmt::Result {
        f.write_str(&match self {
            Event::Listening { address, to } => words::listening(address, to),
            Event::Open { connection, client } => words::open(connection, client),
            Event::Refused { connection, error } => words::refused(connection, error),
            Event::Segment { connection, direction, bytes, why, after } => {
                let line = words::segment(
                    connection,
                    direction.arrow(),
                    in_words(*bytes as u64),
                    why.word(),
                );
                match after {
                    After::Nothing | After::Read => line,
                    After::Acknowledged => line + &words::ACKNOWLEDGED,
                    After::Unknown => line + &words::UNKNOWN,
                }
            }
            Event::End { connection, direction, bytes, by } => {
                words::end(connection, direction.arrow(), in_words(*bytes), by.word())
            }
            Event::Reset { connection, by } => words::reset(connection, by.word()),
            Event::Close { connection, to, from, dropped: 0 } => {
                words::close(connection, in_words(*to), in_words(*from))
            }
            Event::Close { connection, to, from, dropped } => {
                words::close(connection, in_words(*to), in_words(*from))
                    + &words::dropped(in_words(*dropped))
            }
        })
    }
}

/// `1 byte`, `5 bytes`.
fn in_words(bytes: u64) -> String {
    counted(usize::try_from(bytes).unwrap_or(usize::MAX), netkata::words::BYTE)
}

impl Why {
    fn word(self) -> Text {
        match self {
            Why::Cut => words::CUT,
            Why::Rest => words::REST,
            Why::SenderWaits => words::SENDER_WAITS,
            Why::Full => words::FULL,
            Why::Ending => words::ENDING,
        }
    }
}

impl By {
    fn word(self) -> Text {
        match self {
            By::Client => words::CLIENT,
            By::Server => words::SERVER,
            By::Relay => words::RELAY,
        }
    }
}
