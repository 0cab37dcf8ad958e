//! The record: what a test process reports to the runner, in a form that needs no parsing of prose.
//!
//! The runner listens on a port of its own, starts the test binary with `NETKATA_RECORD=stdin` and writes
//! one line of JSON to its standard input:
//! `{"version": 5, "nonce": "…", "record": "127.0.0.1:PORT", "language": "en"}`. Before any code of the answer runs,
//! the door reads that line, chooses the language of its stories, connects, and sends the nonce on a line of its own.
//! After that it sends one line of JSON per event:
//!
//! ```text
//! {"event": "began", "check": "NAME"}
//! {"event": "ended", "check": "NAME", "status": "pass", "seconds": 0.002, "story": null,
//!  "builds_on": ["ANOTHER"], "further": false}
//! ```
//!
//! A check with rstest cases begins and ends once per case. A check counts as passed only if this record
//! shows its end as often as the test binary lists it: a process that exits early, in any way, sends no
//! such line.
//!
//! This is a connection, not a file: Linux lets an answer read all memory of its own process, so it could
//! find the nonce and the file, and write to it. It cannot open a second connection, because the runner
//! reads only the first one that begins with the nonce. On Linux the runner denies the system calls that would
//! duplicate this one.

use std::io::{self, BufRead, BufReader, ErrorKind, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::language::Language;
use crate::story::Story;

/// The environment variable that announces an [`Order`] on standard input.
pub const VARIABLE: &str = "NETKATA_RECORD";
/// The version of the order and of the record's lines.
pub const VERSION: u64 = 5;

/// What the runner sends to a test process on standard input.
#[derive(Clone, Debug)]
pub struct Order {
    /// The first line of the record: no other program can know it before the door has connected.
    pub nonce: String,
    /// The address to connect to.
    pub record: String,
    /// The language of the stories.
    pub language: Language,
}

/// How one check, or one case of it, ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It met every expectation.
    Pass,
    /// It did not; a story shows how.
    Fail,
    /// It was not tried; a story shows why.
    Skipped,
    /// It could not be tried, because the machine lacks something; a story shows what.
    Machine,
}

/// One line of the record.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The check's name: its function in the lesson's test file.
    pub check: String,
    /// How it ended; `None` if the line reports its beginning.
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
    /// The checks that it builds on: when one of them fails, a failure of this check means nothing.
    pub builds_on: Vec<String>,
    /// Whether it goes beyond what the lesson asks.
    pub further: bool,
}

impl Order {
    /// Format the order as the line for standard input.
    pub fn to_line(&self) -> String {
        let Order { nonce, record, language } = self;
        let language = language.code();
        json!({ "version": VERSION, "nonce": nonce, "record": record, "language": language })
            .to_string()
    }

    /// Read the order from standard input; `None` if none was announced.
    ///
    /// A run by `cargo test` has no order, and its standard input is not read.
    pub(crate) fn from_stdin() -> Option<Order> {
        if std::env::var_os(VARIABLE)? != "stdin" {
            return None;
        }
        let mut line = String::new();
        io::stdin().lock().read_line(&mut line).ok()?;
        let value: Value = serde_json::from_str(&line).ok()?;
        (value["version"] == VERSION).then_some(())?;
        let text = |key: &str| value[key].as_str().map(str::to_owned);
        let language = Language::of_code(value["language"].as_str()?)?;
        Some(Order { nonce: text("nonce")?, record: text("record")?, language })
    }
}

impl Status {
    /// Its word in the record and in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Status::Pass => "pass",
            Status::Fail => "fail",
            Status::Skipped => "skipped",
            Status::Machine => "machine",
        }
    }

    fn from_word(word: &str) -> Option<Status> {
        [Status::Pass, Status::Fail, Status::Skipped, Status::Machine]
            .into_iter()
            .find(|status| status.word() == word)
    }
}

/// The writing end, which the door holds.
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
        // If a line cannot be sent, the check has no record, and the runner reports that.
        let _ = self.stream.write_all(format!("{value}\n").as_bytes());
    }
}

/// The reading end, which the runner holds: the record of one test process.
#[derive(Debug)]
pub struct Record {
    order: Order,
    shared: Arc<Shared>,
    listener: JoinHandle<()>,
}

/// What the threads of the reading end share.
#[derive(Debug, Default)]
struct Shared {
    entries: Mutex<Vec<Entry>>,
    /// Whether the test process has connected.
    is_open: AtomicBool,
    /// When the record was closed.
    closed: OnceLock<Instant>,
}

/// How often to look for a connection, until the test process has connected.
const INTERVAL: Duration = Duration::from_millis(1);
/// How long a closed record is read on, if a process that was left behind still holds its connection.
const LINGER: Duration = Duration::from_millis(200);

impl Record {
    /// Listen for the one process that will know `nonce`.
    pub fn listen(nonce: String) -> io::Result<Record> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        // A blocked accept ends only with a connection, and there is none where the loopback is down.
        listener.set_nonblocking(true)?;
        let (record, language) = (listener.local_addr()?.to_string(), Language::current());
        let order = Order { nonce: nonce.clone(), record, language };
        let shared = Arc::new(Shared::default());
        let of_listener = Arc::clone(&shared);
        let listener = thread::spawn(move || of_listener.accept(listener, &nonce));
        Ok(Record { order, shared, listener })
    }

    /// The order for the test process.
    pub fn order(&self) -> &Order {
        &self.order
    }

    /// The entries so far.
    pub fn entries(&self) -> MutexGuard<'_, Vec<Entry>> {
        lock(&self.shared.entries)
    }

    /// The whole record, after the test process has ended, even if it has never connected.
    pub fn close(self) -> Vec<Entry> {
        let _ = self.shared.closed.set(Instant::now());
        let _ = self.listener.join();
        std::mem::take(&mut lock(&self.shared.entries))
    }
}

impl Shared {
    /// Accept connections until the test process has connected, then wait for the end of its record. Another
    /// program that happens to connect, and may be silent, does not keep it from that.
    fn accept(&self, listener: TcpListener, nonce: &str) {
        thread::scope(|scope| {
            while !self.is_open.load(Ordering::Acquire) && !self.is_over() {
                match listener.accept() {
                    Ok((stream, _)) => drop(scope.spawn(move || self.read(stream, nonce))),
                    // A process that has ended may still wait in the backlog, but now that is empty.
                    Err(_) if self.closed.get().is_some() => return,
                    Err(_) => thread::sleep(INTERVAL),
                }
            }
            drop(listener);
        });
    }

    /// Whether nothing counts any more.
    fn is_over(&self) -> bool {
        self.closed.get().is_some_and(|closed| closed.elapsed() > LINGER)
    }

    /// Read a connection to its end, if its first line is the nonce.
    fn read(&self, stream: TcpStream, nonce: &str) -> io::Result<()> {
        // On some systems it inherits this from the listener.
        stream.set_nonblocking(false)?;
        stream.set_read_timeout(Some(LINGER))?;
        let mut stream = BufReader::new(stream);
        let is_the_first = || !self.is_open.swap(true, Ordering::AcqRel);
        if self.line(&mut stream).is_some_and(|line| line == nonce) && is_the_first() {
            while let Some(line) = self.line(&mut stream) {
                if let Some(entry) = entry(&line) {
                    lock(&self.entries).push(entry);
                }
            }
        }
        Ok(())
    }

    /// The next line, without its end; `None` at the end of the stream, or if the record was closed and
    /// nothing more comes.
    fn line(&self, stream: &mut impl BufRead) -> Option<String> {
        let mut line = Vec::new();
        while !self.is_over() {
            let is_closed = self.closed.get().is_some();
            match stream.read_until(b'\n', &mut line) {
                Ok(_) if line.pop() == Some(b'\n') => return String::from_utf8(line).ok(),
                Err(error) if is_timeout(&error) && !is_closed => {}
                _ => return None,
            }
        }
        None
    }
}

fn is_timeout(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut)
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
