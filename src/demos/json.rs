//! The events as lines of JSON: one object each, with its plain text in both languages.

use std::io::{self, Write};
use std::time::Duration;

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use super::bilingual::{Bilingual, both};
use super::event::{Draw, Event, Legend, Piece};
use super::figures::Amount;
use super::screen::{self, Screen};

/// Writes each event as one line of JSON.
pub struct Lines<'a> {
    out: &'a mut dyn Write,
}

impl<'a> Lines<'a> {
    /// Write on `out`.
    pub fn new(out: &'a mut dyn Write) -> Lines<'a> {
        Lines { out }
    }
}

impl Draw for Lines<'_> {
    fn draw(&mut self, event: Event) -> io::Result<()> {
        writeln!(self.out, "{}", line(event))?;
        self.out.flush()
    }

    /// Begin at once.
    fn wait_for_act(&mut self, _: usize) -> io::Result<()> {
        Ok(())
    }
}

/// One event as JSON, without a line break.
pub fn line(event: Event) -> String {
    let text = both(|| Screen::describe(event.clone()));
    serde_json::to_string(&Line { event, text }).expect("an event has no keys but names")
}

#[derive(Serialize)]
struct Line {
    #[serde(flatten)]
    event: Event,
    text: Bilingual,
}

/// Write a time in milliseconds, to the microsecond.
pub fn milliseconds<S: Serializer>(at: &Option<Duration>, to: S) -> Result<S::Ok, S::Error> {
    at.map(|at| at.as_micros() as f64 / 1000.0).serialize(to)
}

/// Write the rows of figures: what was compared, its size, and how that is shown.
pub fn rows<S: Serializer>(rows: &[(Bilingual, Amount)], to: S) -> Result<S::Ok, S::Error> {
    #[derive(Serialize)]
    struct Row<'a> {
        label: &'a Bilingual,
        /// In seconds or a number; none if it is unknown.
        size: Option<f64>,
        shown: Bilingual,
    }
    to.collect_seq(rows.iter().map(|(label, amount)| Row {
        label,
        size: (!matches!(amount, Amount::Unknown(_))).then(|| amount.size()),
        shown: both(|| screen::short(*amount)),
    }))
}

impl Serialize for Legend {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.text.serialize(to)
    }
}

impl Serialize for Piece {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let bytes: String = self.bytes().map(|byte| format!("{byte:02x}")).collect();
        let mut piece = to.serialize_struct("Piece", 3)?;
        piece.serialize_field("letter", &self.letter)?;
        piece.serialize_field("bytes", &bytes)?;
        piece.serialize_field("shown", &both(|| self.shown()))?;
        piece.end()
    }
}
