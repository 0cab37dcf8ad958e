//! `demo sticky`: sends that stick together, three fixes that do not work, and the one that does.
//!
//! Six acts on real loopback sockets, with one thread for the client and one for the server. The bytes on
//! the screen are those that the reads returned. The order of events and what the kernel holds decide which
//! bytes arrive in which read, so that every run shows the same.

mod acts;
mod cost;

use std::io;

use self::acts::ACTS;
use super::act::{Demonstration, Scene, play};
use super::bilingual::both;
use super::event::{Action, Event, Example, Legend, Piece, shown};
use super::words::sticky as words;

/// The demonstration.
pub static DEMONSTRATION: Demonstration =
    Demonstration { subject: words::SUBJECT, legend, timed: true, acts: ACTS };

/// The result of one read of the demonstration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The number of the act, from 1.
    pub act: usize,
    /// The title of the scene within it; empty if it has only one.
    pub scene: &'static str,
    /// `client` or `server`.
    pub reader: &'static str,
    /// The bytes that it returned; empty at the end of the stream.
    pub bytes: Vec<u8>,
}

/// Play all acts without showing or measuring anything, and return the bytes of each read.
pub fn reads() -> io::Result<Vec<Reading>> {
    let mut readings = Vec::new();
    let acts = (1..).zip(ACTS);
    for (act, scene) in acts.flat_map(|(act, it)| it.scenes.iter().map(move |it| (act, it))) {
        let Scene::Play { ref title, client, server } = *scene else { continue };
        play(client, server, |event| {
            if let Event::Action { side, action: Action::Read { pieces, .. }, .. } = event {
                let bytes = pieces.iter().flat_map(Piece::bytes).collect();
                readings.push(Reading { act, scene: title.as_str(), reader: side.word(), bytes });
            }
            Ok(())
        })?;
    }
    Ok(readings)
}

fn legend() -> Legend {
    let with_header = Piece { header: vec![5, 0, 0, 0], ..Piece::new('A', b"hello") };
    let messages = vec![Piece::new('A', b"hello"), Piece::new('B', b"world")];
    let text = both(|| words::legend(shown(&messages), with_header.shown()));
    let examples = vec![Example::Bytes(messages), Example::Bytes(vec![with_header])];
    Legend { text, examples }
}
