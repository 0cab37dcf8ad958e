//! `demo sticky`: sends that stick together, three fixes that do not cure it, and the one that does.
//!
//! Six acts on real loopback sockets, a thread for the client and a thread for the server. The bytes
//! on the screen are those that the reads returned. Which bytes meet in which read is made certain by
//! the order of events and by what the kernel holds, so that every run shows the same.

mod acts;
mod cost;

use std::io::{self, BufRead, Write};

use self::acts::ACTS;
pub use super::Options;
use super::act::{Act, Demonstration, Scene, play};
use super::screen::{self, NORMAL, Screen, piece_words};
use super::stage::{Deed, Piece};
use super::text::{Word, styled};
use super::words::sticky as words;

const STICKY: Demonstration =
    Demonstration { subject: words::SUBJECT, legend, timed: true, acts: ACTS };

/// What one read of the demonstration returned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The number of the act, from 1.
    pub act: usize,
    /// The title of the scene within it; empty if it has only one.
    pub scene: &'static str,
    /// `client` or `server`.
    pub reader: &'static str,
    /// The bytes it got; none at the end of the stream.
    pub bytes: Vec<u8>,
}

/// Play all acts on `out`, in lines of at most `width` columns; a width of 0 means 80.
///
/// Colour is written as ANSI escapes: `out` is to strip them where they are not wanted. With
/// `options.step`, a line of `input` starts each act after the first; at its end the acts go on.
pub fn run(
    options: Options,
    width: usize,
    input: &mut dyn BufRead,
    out: &mut dyn Write,
) -> io::Result<()> {
    STICKY.run(options, width, input, out)
}

/// Play the named acts, in the order given, and draw what a terminal shows as an SVG picture.
///
/// `InvalidInput` for the number of an act that there is not.
pub fn svg(acts: &[usize], width: usize) -> io::Result<String> {
    let mut ansi = Vec::new();
    let mut screen = Screen::new(&mut ansi, width, false);
    for &number in acts {
        STICKY.play_act(number, act(number)?, &mut screen)?;
    }
    let ansi = String::from_utf8(ansi).expect("the screen writes text");
    Ok(screen::picture(&ansi))
}

/// Play all acts without showing or measuring anything, and tell which bytes each read returned.
pub fn reads() -> io::Result<Vec<Reading>> {
    let mut readings = Vec::new();
    for (act, scene) in
        STICKY.numbered().flat_map(|(n, act)| act.scenes.iter().map(move |s| (n, s)))
    {
        let Scene::Play { title, client, server } = *scene else { continue };
        play(client, server, |event| {
            if let Deed::Read { pieces, .. } = &event.deed {
                let bytes = pieces.iter().flat_map(Piece::bytes).collect();
                readings.push(Reading { act, scene: title, reader: event.who.word(), bytes });
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
