//! The record: what a test process writes down for the runner, so that nobody has to read prose.
//!
//! The runner starts the test binary with `NETKATA_RECORD=stdin` and writes one line of JSON to its
//! standard input: `{"version": 1, "nonce": "…", "record": "/path/to/file"}`. The door reads it before
//! any code of the answer runs. It then appends to that file, a line of JSON an event:
//!
//! ```text
//! {"nonce": "…", "event": "began", "check": "NAME"}
//! {"nonce": "…", "event": "ended", "check": "NAME", "status": "pass", "seconds": 0.002, "story": null}
//! ```
//!
//! A check written with rstest cases begins and ends once a case. A check counts as passed only if
//! it ended, with that nonce, as often as the test binary lists it: a process that leaves early, by
//! whatever way, leaves no such line.

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, Write};
use std::path::Path;

use serde_json::{Value, json};

use crate::story::Story;

/// The environment variable that announces an [`Order`] on standard input.
pub const VARIABLE: &str = "NETKATA_RECORD";
/// The version of the order and of the record's lines.
pub const VERSION: u64 = 1;

/// What the runner tells a test process on standard input.
#[derive(Clone, Debug)]
pub struct Order {
    /// A secret that the answer cannot know: a line without it counts for nothing.
    pub nonce: String,
    /// The file to append the record to.
    pub record: String,
}

/// How one check, or one case of it, ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It did all that was asked.
    Pass,
    /// It did not, and a story tells how.
    Fail,
    /// It was not tried, and a story tells why.
    Skipped,
}

/// One line of the record.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The check's name: its function in the lesson's test file.
    pub check: String,
    /// How it ended; `None` when the line says that it began.
    pub ended: Option<Ending>,
}

/// How a check ended, how long it took, and the story of its failure.
#[derive(Clone, Debug)]
pub struct Ending {
    /// How it ended.
    pub status: Status,
    /// How long it ran, in seconds.
    pub seconds: f64,
    /// What happened, unless it passed.
    pub story: Option<Story>,
}

impl Order {
    /// Write the order as the line that goes to standard input.
    pub fn to_line(&self) -> String {
        json!({ "version": VERSION, "nonce": self.nonce, "record": self.record }).to_string()
    }

    /// Read the order from standard input, or `None` when nobody announced one.
    ///
    /// A run by `cargo test` has no order: its standard input is left alone.
    pub(crate) fn from_stdin() -> Option<Order> {
        if std::env::var_os(VARIABLE)? != "stdin" {
            return None;
        }
        let mut line = String::new();
        io::stdin().lock().read_line(&mut line).ok()?;
        let value: Value = serde_json::from_str(&line).ok()?;
        (value["version"] == VERSION).then_some(())?;
        let text = |key: &str| value[key].as_str().map(str::to_owned);
        Some(Order { nonce: text("nonce")?, record: text("record")? })
    }
}

impl Status {
    /// The word for it in the record and in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Status::Pass => "pass",
            Status::Fail => "fail",
            Status::Skipped => "skipped",
        }
    }

    fn from_word(word: &str) -> Option<Status> {
        [Status::Pass, Status::Fail, Status::Skipped]
            .into_iter()
            .find(|status| status.word() == word)
    }
}

/// The writing end, held by the door.
pub(crate) struct Recorder {
    nonce: String,
    file: File,
}

impl Recorder {
    pub(crate) fn open(order: &Order) -> io::Result<Recorder> {
        let file = OpenOptions::new().create(true).append(true).open(&order.record)?;
        Ok(Recorder { nonce: order.nonce.clone(), file })
    }

    pub(crate) fn began(&mut self, check: &str) {
        self.append(json!({ "nonce": self.nonce, "event": "began", "check": check }));
    }

    pub(crate) fn ended(&mut self, check: &str, ending: &Ending) {
        self.append(json!({
            "nonce": self.nonce,
            "event": "ended",
            "check": check,
            "status": ending.status.word(),
            "seconds": ending.seconds,
            "story": ending.story.as_ref().map(Story::to_json),
        }));
    }

    fn append(&mut self, value: Value) {
        // One write a line: a process killed between two lines leaves whole lines only. A line that
        // cannot be written is a check without a record, which the runner reports.
        let _ = self.file.write_all(format!("{value}\n").as_bytes());
    }
}

/// Read the entries of a record that carry `nonce`, in order; other lines count for nothing.
///
/// A file that is not there reads as an empty record: the process ended before its first check.
pub fn read(path: &Path, nonce: &str) -> io::Result<Vec<Entry>> {
    let text = match std::fs::read(path) {
        Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(error),
    };
    Ok(text.lines().filter_map(|line| entry(line, nonce)).collect())
}

fn entry(line: &str, nonce: &str) -> Option<Entry> {
    let value: Value = serde_json::from_str(line).ok()?;
    (value["nonce"] == nonce).then_some(())?;
    let check = value["check"].as_str()?.to_owned();
    let ended = match value["event"].as_str()? {
        "began" => None,
        "ended" => Some(Ending {
            status: Status::from_word(value["status"].as_str()?)?,
            seconds: value["seconds"].as_f64()?,
            story: Story::from_json(&value["story"]),
        }),
        _ => return None,
    };
    Some(Entry { check, ended })
}
