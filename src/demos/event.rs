//! What a demonstration shows, as data: a terminal, a picture, lines of JSON and a page draw it.

use std::io;
use std::time::Duration;

use netkata::Text;
use serde::Serialize;

use super::bilingual::Bilingual;
use super::figures::Figures;
use super::json;
use super::room::Row;
use super::words;

/// Something that a demonstration shows.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum Event {
    /// The demonstration begins: what it is about, how to read it, and the titles of its acts.
    Opening { subject: Bilingual, legend: Legend, timed: bool, acts: Vec<Bilingual> },
    /// An act begins: its number, from 1, and of how many; its title, and what it tries.
    Act { number: usize, of: usize, title: Bilingual, tries: Bilingual },
    /// A scene begins; without a title if it is the only one. Its actions may be in two lanes.
    Scene { title: Bilingual, lanes: bool },
    /// One of the two actors did something, so long after they connected, if that is shown.
    Action {
        #[serde(serialize_with = "json::milliseconds")]
        at: Option<Duration>,
        side: Side,
        #[serde(flatten)]
        action: Action,
    },
    /// What the kernel holds for both ends after the action before, if that has changed.
    Kernel { held: Vec<Held> },
    /// The result for one client of a room, or for its server.
    Row(Row),
    /// Measurements.
    Figures(Figures),
    /// An act ends: what it shows.
    Shows { sentence: Bilingual },
}

/// Draws events, each when it happens.
pub trait Draw {
    /// Draw the next event.
    fn draw(&mut self, event: Event) -> io::Result<()>;

    /// Wait until act `number` may begin.
    fn wait_for_act(&mut self, number: usize) -> io::Result<()>;
}

/// How to read what is shown: a text, and what in it looks as it does below.
#[derive(Clone, Debug)]
pub struct Legend {
    /// The text.
    pub text: Bilingual,
    /// The examples in it, in their order.
    pub examples: Vec<Example>,
}

/// A part of a legend.
#[derive(Clone, Debug)]
pub enum Example {
    /// Bytes of the stream.
    Bytes(Vec<Piece>),
    /// What the kernel holds.
    Kernel(Bilingual),
}

/// One of the two actors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Side {
    /// The end that connected.
    Client,
    /// The end that accepted.
    Server,
}

/// What an actor did.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "action", rename_all = "kebab-case")]
pub enum Action {
    /// It called `write` with `asked` bytes, and the kernel took the pieces.
    Write { asked: usize, pieces: Vec<Piece> },
    /// It called `read` with room for `asked` bytes, and got the pieces; none at the end of the stream.
    Read { asked: usize, pieces: Vec<Piece> },
    /// It got a whole message from `read_message`, or `None` at the end of the stream.
    Message { piece: Option<Piece> },
    /// It made another call, with this outcome.
    Call { call: Bilingual, outcome: Bilingual },
    /// Something else, in words.
    Note { note: Bilingual },
}

/// Adjacent bytes of one message, as one call wrote or read them.
#[derive(Clone, Debug)]
pub struct Piece {
    /// The letter of the message.
    pub letter: char,
    /// The bytes of its header.
    pub header: Vec<u8>,
    /// The bytes of its text.
    pub text: Vec<u8>,
    /// What to call the bytes if only their number is shown; the number precedes it.
    pub elided: Option<&'static Text>,
}

/// What the kernel holds at both ends, in words; empty at an end that it does not concern.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Held {
    /// At the client's end.
    pub client: Bilingual,
    /// At the server's end.
    pub server: Bilingual,
}

impl Legend {
    /// A legend without examples.
    pub fn of(text: Text) -> Legend {
        Legend { text: text.into(), examples: Vec::new() }
    }
}

impl Side {
    /// Its name.
    pub fn word(self) -> &'static str {
        match self {
            Side::Client => words::CLIENT.as_str(),
            Side::Server => words::SERVER.as_str(),
        }
    }

    /// The other actor.
    pub fn peer(self) -> Side {
        match self {
            Side::Client => Side::Server,
            Side::Server => Side::Client,
        }
    }
}

impl Piece {
    /// Make a piece of a message without a header.
    pub fn new(letter: char, text: &[u8]) -> Piece {
        Piece { letter, header: Vec::new(), text: text.to_vec(), elided: None }
    }

    /// Its bytes, in order.
    pub fn bytes(&self) -> impl Iterator<Item = u8> {
        self.header.iter().chain(&self.text).copied()
    }

    /// Its bytes behind the letter of its message.
    pub fn shown(&self) -> String {
        format!("[{}:{}]", self.letter, self.shown_bytes())
    }

    /// Its bytes as they are shown: a header in hexadecimal, or only their number.
    pub fn shown_bytes(&self) -> String {
        if let Some(what) = self.elided {
            return format!("{} {what}", self.bytes().count());
        }
        let header: Vec<String> = self.header.iter().map(|byte| format!("{byte:02x}")).collect();
        let bar = if self.header.is_empty() || self.text.is_empty() { "" } else { "|" };
        format!("{}{bar}{}", header.join(" "), self.text.escape_ascii())
    }
}

impl Held {
    /// The non-empty descriptions, each with the name of its end.
    pub fn in_words(&self) -> impl Iterator<Item = String> {
        [(Side::Client, &self.client), (Side::Server, &self.server)]
            .into_iter()
            .filter(|(_, state)| !state.is_empty())
            .map(|(side, state)| format!("{} {state}", side.word()))
    }
}

/// Pieces, each behind the letter of its message.
pub fn shown(pieces: &[Piece]) -> String {
    pieces.iter().map(Piece::shown).collect()
}
