//! `demo sticky`: sends that stick together, three fixes that do not work, and the one that does.
//!
//! Six acts on real loopback sockets, with one thread for the client and one for the server. The bytes on
//! the screen are those that the reads returned. The order of events and what the kernel holds decide which
//! bytes arrive in which read, so that every run shows the same.

mod acts;
mod cost;

use std::io::{self, BufRead, Write};

use self::acts::ACTS;
pub use super::Options;
use super::act::{Act, Demonstration, Scene, play};
use super::screen::{self, NORMAL, Screen, piece_words};
use super::stage::{Action, Piece};
use super::text::{Word, styled};
use super::words::sticky as words;

const STICKY: Demonstration =
    Demonstration { subject: words::SUBJECT, legend, timed: true, preparation: None, acts: ACTS };

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

/// Play all acts on `out`, in lines of at most `width` columns; a width of 0 means 80.
///
/// Colour is written as ANSI escapes; `out` must strip them where they are not wanted. With `options.step`,
/// each act after the first waits for a line of `input`; at the end of `input` the acts continue.
pub fn run(
    options: Options,
    width: usize,
    input: &mut dyn BufRead,
    out: &mut dyn Write,
) -> io::Result<()> {
    STICKY.run(options, width, input, out)
}

/// Play the acts with these numbers, in this order, and draw the terminal's output as an SVG picture.
///
/// Returns `InvalidInput` if a number is not that of an act.
pub fn svg(acts: &[usize], width: usize) -> io::Result<String> {
    let mut ansi = Vec::new();
    let mut screen = Screen::new(&mut ansi, width, false);
    for &number in acts {
        STICKY.play_act(number, act(number)?, &mut screen)?;
    }
    let ansi = String::from_utf8(ansi).expect("the screen writes text");
    Ok(screen::picture(&ansi))
}

/// Play all acts without showing or measuring anything, and return the bytes of each read.
pub fn reads() -> io::Result<Vec<Reading>> {
    let mut readings = Vec::new();
    for (act, scene) in
        STICKY.numbered().flat_map(|(n, act)| act.scenes.iter().map(move |s| (n, s)))
    {
        let Scene::Play { title, client, server } = *scene else { continue };
        play(client, server, |event| {
            if let Action::Read { pieces, .. } = &event.action {
                let bytes = pieces.iter().flat_map(Piece::bytes).collect();
                readings.push(Reading { act, scene: title, reader: event.side.word(), bytes });
            }
            Ok(())
        })?;
    }
    Ok(readings)
}

fn act(number: usize) -> io::Result<&'static Act> {
    let found = STICKY.numbered().find(|(n, _)| *n == number).map(|(_, act)| act);
    found.ok_or_else(|| {
        let message = words::no_such_act(number, ACTS.len());
        io::Error::new(io::ErrorKind::InvalidInput, message)
    })
}

fn legend() -> Vec<Word> {
    let with_header = Piece { header: vec![5, 0, 0, 0], ..Piece::new('A', b"hello") };
    let mut legend = styled(words::BYTES_BEHIND_A_LETTER, NORMAL);
    legend.extend(piece_words(&[Piece::new('A', b"hello"), Piece::new('B', b"world")]));
    legend.push(Word::glued(",", NORMAL));
    legend.extend(styled(words::A_HEADER_IN_HEXADECIMAL, NORMAL));
    legend.extend(piece_words(&[with_header]));
    legend.push(Word::glued(".", NORMAL));
    legend
}
