//! The parts of a demonstration: acts, each with a few scenes and what they show.

use std::io::{self, BufRead, Write};
use std::panic::resume_unwind;
use std::sync::mpsc;
use std::thread;

use super::ends::Ends;
use super::figures::Figures;
use super::room::Row;
use super::screen::Screen;
use super::stage::{self, Actor, Event};
use super::text::Word;

/// How to show a demonstration.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// Wait for Enter between the acts.
    pub step: bool,
    /// Print whole lines without colour or drawing, for screen readers and pipes.
    pub plain: bool,
}

/// A demonstration.
pub struct Demonstration {
    /// What it is about, in one sentence.
    pub subject: &'static str,
    /// How to read the output.
    pub legend: fn() -> Vec<Word>,
    /// Whether events are shown with their times.
    pub timed: bool,
    /// What takes long and must be ready before the first act.
    pub preparation: Option<Preparation>,
    /// Its acts, in order.
    pub acts: &'static [Act],
}

/// What must be ready before a demonstration can be shown.
pub struct Preparation {
    /// What is done, and how long it may take, in one sentence.
    pub says: &'static str,
    /// Do it.
    pub run: fn() -> io::Result<()>,
}

/// One act of a demonstration.
pub struct Act {
    /// Its name.
    pub title: &'static str,
    /// What is tried, in one sentence.
    pub tries: &'static str,
    /// The scenes that are played.
    pub scenes: &'static [Scene],
    /// What the scenes show, in one sentence.
    pub shows: &'static str,
}

/// One part of an act.
pub enum Scene {
    /// Two scripts, played on a new connection.
    Play { title: &'static str, client: Script, server: Script },
    /// The calls of a client and a server in turn, and what the kernel then holds for both.
    Calls { title: &'static str, script: fn(&mut Ends) -> io::Result<()> },
    /// A room of clients with its own server: one row for each of them.
    Room { title: &'static str, play: fn() -> io::Result<Vec<Row>> },
    /// A measurement.
    Measure(fn() -> io::Result<Figures>),
}

/// The actions of one actor.
pub type Script = fn(&mut Actor) -> io::Result<()>;

impl Demonstration {
    /// Play all acts on `out`, in lines of at most `width` columns; a width of 0 means 80.
    ///
    /// Colour is written as ANSI escapes; `out` must strip them where they are not wanted. With
    /// `options.step`, each act after the first waits for a line of `input`; at the end of `input` the acts
    /// continue.
    pub fn run(
        &self,
        options: Options,
        width: usize,
        input: &mut dyn BufRead,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let mut screen = Screen::new(out, width, options.plain);
        screen.opening(self.subject, (self.legend)(), self.timed)?;
        if let Some(Preparation { says, run }) = &self.preparation {
            screen.preparation(says)?;
            run()?;
        }
        for (number, act) in self.numbered() {
            if options.step && number > 1 {
                screen.prompt(number)?;
                input.read_line(&mut String::new())?;
            }
            self.play_act(number, act, &mut screen)?;
        }
        Ok(())
    }

    /// The acts and their numbers, from 1.
    pub fn numbered(&self) -> impl Iterator<Item = (usize, &'static Act)> + use<> {
        (1..).zip(self.acts)
    }

    /// Play one act.
    pub fn play_act(&self, number: usize, act: &Act, screen: &mut Screen) -> io::Result<()> {
        screen.title(number, self.acts.len(), act.title, act.tries)?;
        for scene in act.scenes {
            match *scene {
                Scene::Play { title, client, server } => {
                    screen.scene(title)?;
                    screen.lanes()?;
                    play(client, server, |event| screen.event(&event))?;
                }
                Scene::Calls { title, script } => {
                    screen.scene(title)?;
                    screen.lanes()?;
                    script(&mut Ends::new(screen))?;
                }
                Scene::Room { title, play } => {
                    screen.scene(title)?;
                    play()?.iter().try_for_each(|row| screen.row(row))?;
                }
                Scene::Measure(measure) => screen.figures(&measure()?)?,
            }
        }
        screen.shows(act.shows)
    }
}

/// Play two scripts, each on its own thread, and show their actions as they happen.
pub fn play(
    client_script: Script,
    server_script: Script,
    mut show: impl FnMut(Event) -> io::Result<()>,
) -> io::Result<()> {
    let (sender, events) = mpsc::channel();
    let (mut client, mut server) = stage::open(sender)?;
    // Each actor moves into its thread and is dropped there: the events end with the last one.
    let client = thread::spawn(move || client_script(&mut client));
    let server = thread::spawn(move || server_script(&mut server));
    let shown = events.into_iter().try_for_each(&mut show);
    for actor in [client, server] {
        actor.join().unwrap_or_else(|panic| resume_unwind(panic))?;
    }
    shown
}
