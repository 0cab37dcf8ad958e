//! `demo sticky`: sends that stick together, three fixes that do not cure it, and the one that does.
//!
//! Six acts on real loopback sockets, a thread for the client and a thread for the server. The bytes
//! on the screen are those that the reads returned. Which bytes meet in which read is made certain by
//! the order of events and by what the kernel holds, so that every run shows the same.

mod acts;
mod cost;
mod screen;
mod stage;
mod text;

use std::io::{self, BufRead, Write};
use std::panic::resume_unwind;
use std::sync::mpsc;
use std::thread;

use self::acts::{ACTS, Act, Scene, Script};
use self::screen::Screen;
use self::stage::{Deed, Event, Piece};

/// How to show the demonstration.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// Wait for Enter between the acts.
    pub step: bool,
    /// Whole lines without colour or drawing, for screen readers and pipes.
    pub plain: bool,
}

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
    let mut screen = Screen::new(out, width, options.plain);
    screen.opening()?;
    for (number, act) in numbered() {
        if options.step && number > 1 {
            screen.prompt(number)?;
            input.read_line(&mut String::new())?;
        }
        play_act(number, act, &mut screen)?;
    }
    Ok(())
}

/// Play the named acts, in the order given, and draw what a terminal shows as an SVG picture.
///
/// `InvalidInput` for the number of an act that there is not.
pub fn svg(acts: &[usize], width: usize) -> io::Result<String> {
    let mut ansi = Vec::new();
    let mut screen = Screen::new(&mut ansi, width, false);
    for &number in acts {
        play_act(number, act(number)?, &mut screen)?;
    }
    let ansi = String::from_utf8(ansi).expect("the screen writes text");
    Ok(screen::picture(&ansi))
}

/// Play all acts without showing or measuring anything, and tell which bytes each read returned.
pub fn reads() -> io::Result<Vec<Reading>> {
    let mut readings = Vec::new();
    for (act, scene) in numbered().flat_map(|(n, act)| act.scenes.iter().map(move |s| (n, s))) {
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

fn numbered() -> impl Iterator<Item = (usize, &'static Act)> {
    (1..).zip(ACTS)
}

fn act(number: usize) -> io::Result<&'static Act> {
    let found = numbered().find(|(n, _)| *n == number).map(|(_, act)| act);
    found.ok_or_else(|| {
        let message = format!("there is no act {number}: the acts are 1 to {}", ACTS.len());
        io::Error::new(io::ErrorKind::InvalidInput, message)
    })
}

fn play_act(number: usize, act: &Act, screen: &mut Screen) -> io::Result<()> {
    screen.title(number, act)?;
    for scene in act.scenes {
        match *scene {
            Scene::Play { title, client, server } => {
                screen.scene(title)?;
                play(client, server, |event| screen.event(&event))?;
            }
            Scene::Measure(measure) => screen.figures(&measure()?)?,
        }
    }
    screen.shows(act.shows)
}

/// Play two scripts, each in its thread, and pass on what they do as it happens.
fn play(
    client_script: Script,
    server_script: Script,
    mut show: impl FnMut(Event) -> io::Result<()>,
) -> io::Result<()> {
    let (sender, events) = mpsc::channel();
    let (mut client, mut server) = stage::open(sender)?;
    // Each actor moves into its thread and leaves the stage with it: the events end with the last.
    let client = thread::spawn(move || client_script(&mut client));
    let server = thread::spawn(move || server_script(&mut server));
    let shown = events.into_iter().try_for_each(&mut show);
    for actor in [client, server] {
        actor.join().unwrap_or_else(|panic| resume_unwind(panic))?;
    }
    shown
}
