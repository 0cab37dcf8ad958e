//! The record: what a test process tells the runner, so that nobody has to read prose.
//!
//! The runner listens on a port of its own, starts the test binary with `NETKATA_RECORD=stdin` and
//! writes one line of JSON to its standard input: `{"version": 1, "nonce": "…", "record":
//! "127.0.0.1:PORT"}`. Before any code of the answer runs, the door reads it, connects, and sends the
//! nonce on a line of its own. Then it sends a line of JSON an event:
//!
//! ```text
//! {"event": "began", "check": "NAME"}
//! {"event": "ended", "check": "NAME", "status": "pass", "seconds": 0.002, "story": null,
//!  "builds_on": ["ANOTHER"]}
//! ```
//!
//! A check written with rstest cases begins and ends once a case. A check counts as passed only if
//! it ended, in this record, as often as the test binary lists it: a process that leaves early, by
//! whatever way, leaves no such line.
//!
//! A connection, not a file: an answer that looks around in its own process, and Linux lets it read all
//! of its memory, would find the nonce and the file, and could write what it likes. A connection cannot
//! be opened a second time, and the runner takes one only.

use std::io::{self, BufRead, BufReader, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};

use serde_json::{Value, json};

use crate::story::Story;

/// The environment variable that announces an [`Order`] on standard input.
pub const VARIABLE: &str = "NETKATA_RECORD";
/// The version of the order and of the record's lines.
pub const VERSION: u64 = 3;

/// What the runner tells a test process on standard input.
#[derive(Clone, Debug)]
pub struct Order {
    /// What the record begins with: nobody else can know it before the door has connected.
    pub nonce: String,
    /// The address to connect to.
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
    /// The checks that it builds on: when one of them fails, this one says nothing.
    pub builds_on: Vec<String>,
    /// Whether it goes further than the lesson asks.
    pub further: bool,
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
    stream: TcpStream,
}

impl Recorder {
    pub(crate) fn open(order: &Order) -> io::Result<Recorder> {
        let mut stream = TcpStream::connect(&order.record)?;
        stream.set_nodelay(true)?;
        stream.write_all(format!("{}\n", order.nonce).as_bytes())?;
        Ok(Recorder { stream })
    }

    pub(crate) fn began(&mut self, check: &str) {
        self.send(json!({ "event": "began", "check": check }));
    }

    pub(crate) fn ended(&mut self, check: &str, ending: &Ending) {
        self.send(json!({
            "event": "ended",
            "check": check,
            "status": ending.status.word(),
            "seconds": ending.seconds,
            "story": ending.story.as_ref().map(Story::to_json),
            "builds_on": ending.builds_on,
            "further": ending.further,
        }));
    }

    fn send(&mut self, value: Value) {
        // A line that cannot be sent is a check without a record, which the runner reports.
        let _ = self.stream.write_all(format!("{value}\n").as_bytes());
    }
}

/// The reading end, held by the runner: the record of one test process.
#[derive(Debug)]
pub struct Record {
    order: Order,
    entries: Arc<Mutex<Vec<Entry>>>,
    reader: JoinHandle<()>,
}

impl Record {
    /// Listen for the one process that will know `nonce`.
    pub fn listen(nonce: String) -> io::Result<Record> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let order = Order { nonce: nonce.clone(), record: listener.local_addr()?.to_string() };
        let entries = Arc::new(Mutex::new(Vec::new()));
        let shared = Arc::clone(&entries);
        let reader = thread::spawn(move || {
            // Lines that somebody else sends who happens to connect count for nothing.
            while let Ok((stream, _)) = listener.accept() {
                let mut lines = BufReader::new(stream).lines().map_while(Result::ok);
                if lines.next().is_some_and(|line| line == nonce) {
                    drop(listener);
                    let entries = lines.filter_map(|line| entry(&line));
                    return entries.for_each(|entry| lock(&shared).push(entry));
                }
            }
        });
        Ok(Record { order, entries, reader })
    }

    /// What to tell the test process.
    pub fn order(&self) -> &Order {
        &self.order
    }

    /// What has been recorded so far.
    pub fn entries(&self) -> MutexGuard<'_, Vec<Entry>> {
        lock(&self.entries)
    }

    /// The whole record, once the test process is over.
    pub fn close(self) -> Vec<Entry> {
        // A process that ended before its first check has not connected, and is still waited for.
        drop(Recorder::open(&self.order));
        let _ = self.reader.join();
        std::mem::take(&mut lock(&self.entries))
    }
}

fn entry(line: &str) -> Option<Entry> {
    let value: Value = serde_json::from_str(line).ok()?;
    let check = value["check"].as_str()?.to_owned();
    let ended = match value["event"].as_str()? {
        "began" => None,
        "ended" => Some(Ending {
            status: Status::from_word(value["status"].as_str()?)?,
            seconds: value["seconds"].as_f64()?,
            story: Story::from_json(&value["story"]),
            builds_on: names(&value["builds_on"])?,
            further: value["further"].as_bool()?,
        }),
        _ => return None,
    };
    Some(Entry { check, ended })
}

fn names(value: &Value) -> Option<Vec<String>> {
    value.as_array()?.iter().map(|name| name.as_str().map(str::to_owned)).collect()
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
