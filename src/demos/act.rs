//! The parts of a demonstration: acts, each with a few scenes and what they show.

use std::io;
use std::panic::resume_unwind;
use std::sync::mpsc;
use std::thread;

use netkata::Text;

use super::bilingual::Bilingual;
use super::ends::Ends;
use super::event::{Draw, Event, Legend};
use super::figures::Figures;
use super::room::Row;
use super::stage::{self, Actor};

/// A demonstration.
pub struct Demonstration {
    /// What it is about, in one sentence.
    pub(super) subject: Text,
    /// How to read what it shows.
    pub(super) legend: fn() -> Legend,
    /// Whether actions are shown with their times.
    pub(super) timed: bool,
    /// Its acts, in order.
    pub(super) acts: &'static [Act],
}

/// One act of a demonstration.
pub struct Act {
    /// Its name.
    pub title: Text,
    /// What is tried, in one sentence.
    pub tries: Text,
    /// The scenes that are played.
    pub scenes: &'static [Scene],
    /// What the scenes show, in a few sentences.
    pub shows: Shows,
}

/// The closing words of an act.
pub enum Shows {
    /// The same in every run.
    Always(Text),
    /// What follows from the measurements of this run.
    Measured(fn() -> io::Result<Bilingual>),
}

/// One part of an act.
pub enum Scene {
    /// Two scripts, played on a new connection.
    Play { title: Text, client: Script, server: Script },
    /// The calls of a client and a server in turn, and what the kernel then holds for both.
    Calls { title: Text, script: fn(&mut Ends) -> io::Result<()> },
    /// A room of clients with its own server: one row for each of them.
    Room { title: Text, play: fn() -> io::Result<Vec<Row>> },
    /// A measurement.
    Measure(fn() -> io::Result<Figures>),
}

/// The title of a scene that is the only one of its act.
pub const UNTITLED: Text = Text::new("", "");

/// The actions of one actor.
pub type Script = fn(&mut Actor) -> io::Result<()>;

impl Demonstration {
    /// Play all acts, each when `drawn` lets it begin.
    pub fn run(&self, drawn: &mut dyn Draw) -> io::Result<()> {
        drawn.draw(Event::Opening {
            subject: (&self.subject).into(),
            legend: (self.legend)(),
            timed: self.timed,
            acts: self.acts.iter().map(|act| (&act.title).into()).collect(),
        })?;
        (1..=self.acts.len()).try_for_each(|number| {
            drawn.wait_for_act(number)?;
            self.play_act(number, drawn)
        })
    }

    /// Play act `number`, from 1.
    ///
    /// Panics if there is no such act.
    pub fn play_act(&self, number: usize, drawn: &mut dyn Draw) -> io::Result<()> {
        let act = &self.acts[number - 1];
        drawn.draw(Event::Act {
            number,
            of: self.acts.len(),
            title: (&act.title).into(),
            tries: (&act.tries).into(),
        })?;
        act.scenes.iter().try_for_each(|scene| scene.play(drawn))?;
        let sentence = match &act.shows {
            Shows::Always(sentence) => sentence.into(),
            Shows::Measured(conclude) => conclude()?,
        };
        drawn.draw(Event::Shows { sentence })
    }
}

impl Scene {
    fn play(&self, drawn: &mut dyn Draw) -> io::Result<()> {
        let begins = |title: &Text, lanes| Event::Scene { title: title.into(), lanes };
        match self {
            Scene::Play { title, client, server } => {
                drawn.draw(begins(title, true))?;
                play(*client, *server, |event| drawn.draw(event))
            }
            Scene::Calls { title, script } => {
                drawn.draw(begins(title, true))?;
                script(&mut Ends::new(drawn))
            }
            Scene::Room { title, play } => {
                drawn.draw(begins(title, false))?;
                play()?.into_iter().try_for_each(|row| drawn.draw(Event::Row(row)))
            }
            Scene::Measure(measure) => drawn.draw(Event::Figures(measure()?)),
        }
    }
}

/// Play two scripts, each on its own thread, and draw their actions as they happen.
pub fn play(
    client_script: Script,
    server_script: Script,
    draw: impl FnMut(Event) -> io::Result<()>,
) -> io::Result<()> {
    let (sender, events) = mpsc::channel();
    let (mut client, mut server) = stage::open(sender)?;
    // Each actor moves into its thread and is dropped there: the events end with the last one.
    let client = thread::spawn(move || client_script(&mut client));
    let server = thread::spawn(move || server_script(&mut server));
    let drawn = events.into_iter().try_for_each(draw);
    for actor in [client, server] {
        actor.join().unwrap_or_else(|panic| resume_unwind(panic))?;
    }
    drawn
}
