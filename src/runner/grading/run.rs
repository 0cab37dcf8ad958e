//! Runs a test program and watches it: its record, its output, and when it must be stopped.

use std::collections::VecDeque;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use netkata::record::{self, Entry, Order, Record};
use netkata_programs::Family;

use crate::control::{Control, News};
use crate::failure::Failure;
use crate::grading::libtest_output::WithoutLibtest;
use crate::grading::sandbox::group::{self, Group, Lines};
use crate::grading::sandbox::inside;
use crate::words;

/// A program without a new line in its record for this long is stopped. The door's own deadlines are
/// shorter, so this only happens to a program that has broken the door.
const SILENCE: Duration = Duration::from_secs(10);
/// As [`SILENCE`], between two checks: the next one only has to begin.
const PAUSE: Duration = Duration::from_secs(5);
/// A program that prints more than this, in bytes, is stopped.
const MOST_PRINTED: u64 = 64 * 1024 * 1024;
/// A program that holds more memory than this, in bytes, is stopped: 1 GiB.
const MOST_HELD: u64 = 1024 * 1024 * 1024;
/// How much of its output is kept per stream, in bytes: the end.
const KEPT: usize = 64 * 1024;
/// How many lines per stream are reported while they are printed.
const LIVE: usize = 100;
/// A line longer than this, in bytes, is reported in pieces.
const LONGEST_LINE: usize = 4 * 1024;
/// How often to check whether the program still runs.
const INTERVAL: Duration = Duration::from_millis(2);

/// The result of a run.
#[derive(Debug)]
pub(crate) struct Run {
    /// The record.
    pub entries: Vec<Entry>,
    /// How it ended.
    pub end: End,
    /// The names of the programs that it had started and that still ran after it had exited by itself.
    pub left_behind: Vec<String>,
    /// The end of its standard output.
    pub stdout: String,
    /// The end of its standard error.
    pub stderr: String,
}

/// How a run ended.
#[derive(Clone, Copy, Debug)]
pub(crate) enum End {
    /// By itself.
    Exited(ExitStatus),
    /// Stopped: it printed without end.
    PrintedTooMuch,
    /// Stopped: it held more memory than any answer needs.
    HeldTooMuch,
    /// Stopped: nothing was recorded any more.
    NoProgress,
}

/// The names of all tests in the program, including the cases of a check: `check::case_1`. `None` if the
/// program did not end, or its output could not be read to the end: a list is whole or none.
pub(crate) fn list(program: &Path, control: &Control) -> Result<Option<Vec<String>>, Failure> {
    let mut command = Command::new(program);
    command.args(["--list", "--format", "terse"]);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    clear_what_would_change_a_run(&mut command);
    let child = inside(Path::new("/dev/null"), || group::spawn(command));
    let mut child = child.map_err(Failure::of_file(words::START_THE_TESTS, program))?;
    let mut printed = Lines::of(child.stdout().expect("stdout is piped"), |_| {});
    let status = child
        .wait(&mut [&mut printed], control, SILENCE)
        .map_err(|error| Failure::of_machine(words::failed_to_wait_for_the_tests(error)))?;
    if control.is_cancelled() {
        return Err(Failure::interrupted());
    }
    let names = printed.lines.iter().filter_map(|line| line.strip_suffix(r": test"));
    Ok(status.filter(|_| printed.is_over).map(|_| names.map(str::to_owned).collect()))
}

/// Run these tests of the program, then stop everything that the program has started.
pub(crate) fn run(program: &Path, tests: &[String], control: &Control) -> Result<Run, Failure> {
    let folder = tempfile::tempdir()
        .map_err(|error| Failure::of_machine(words::failed_to_create_a_temporary_folder(error)))?;
    let record = Record::listen(nonce())
        .map_err(|error| Failure::of_machine(words::failed_to_listen_for_the_record(error)))?;
    let (mut child, family) = start(program, tests, folder.path())?;
    send_order(&mut child, record.order());
    let printed = Arc::new(AtomicU64::new(0));
    let live = |tests: &[String]| Live::new(control, tests);
    let stdout = child.stdout().map(|stream| Tail::of(stream, &printed, live(tests)));
    let stderr = child.stderr().map(|stream| Tail::of(stream, &printed, live(&[])));
    let end = watch(&mut child, &record, &printed, control);
    let left_behind = match &end {
        Ok(End::Exited(_)) => family.left_behind(child.id()),
        _ => Vec::new(),
    };
    let id = child.id();
    // The group, not only the process, so that nothing the answer has started stays behind.
    child.stop();
    family.end(id);
    let entries = record.close();
    let text = |tail: Option<Tail>| tail.map(Tail::text).unwrap_or_default();
    Ok(Run { entries, end: end?, left_behind, stdout: text(stdout), stderr: text(stderr) })
}

fn start(program: &Path, tests: &[String], folder: &Path) -> Result<(Group, Family), Failure> {
    let mut command = Command::new(program);
    // Without capture, libtest keeps no output in memory; with one thread, it prints the result of a test
    // directly after the test's own lines.
    command.args(["--exact", "--nocapture", "--test-threads=1"]).args(tests);
    clear_what_would_change_a_run(&mut command);
    let family = Family::of(&mut command, &nonce());
    command.env(record::VARIABLE, "stdin").current_dir(folder);
    // The folders that std::env::temp_dir and tempfile use.
    command.envs(["TMPDIR", "TMP", "TEMP"].map(|name| (name, folder)));
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = inside(folder, || group::spawn(command));
    Ok((child.map_err(Failure::of_file(words::START_THE_TESTS, program))?, family))
}

fn send_order(child: &mut Group, order: &Order) {
    if let Some(mut stdin) = child.stdin() {
        // If the program has already ended, it cannot read the order, and its record is empty.
        let _ = writeln!(stdin, "{}", order.to_line());
    }
}

fn watch(
    child: &mut Group,
    record: &Record,
    printed: &AtomicU64,
    control: &Control,
) -> Result<End, Failure> {
    let (mut recorded, mut since) = (0, Instant::now());
    loop {
        if control.is_cancelled() {
            return Err(Failure::interrupted());
        }
        let ended = child.try_wait();
        if let Some(status) = ended
            .map_err(|error| Failure::of_machine(words::failed_to_wait_for_the_tests(error)))?
        {
            return Ok(End::Exited(status));
        }
        if printed.load(Ordering::Relaxed) > MOST_PRINTED {
            return Ok(End::PrintedTooMuch);
        }
        if Family::memory(child.id()) > MOST_HELD {
            return Ok(End::HeldTooMuch);
        }
        let (lines, between) = {
            let entries = record.entries();
            (entries.len(), entries.last().is_some_and(|entry| entry.ended.is_some()))
        };
        if lines > recorded {
            (recorded, since) = (lines, Instant::now());
        } else if since.elapsed() > if between { PAUSE } else { SILENCE } {
            return Ok(End::NoProgress);
        }
        thread::sleep(INTERVAL);
    }
}

/// A run must depend only on the answer and [`netkata::SEED_VARIABLE`].
fn clear_what_would_change_a_run(command: &mut Command) {
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if ["CARGO", "NETKATA_", "PROPTEST_", "RUST_TEST_"]
            .iter()
            .any(|start| text.starts_with(start))
            && text != netkata::SEED_VARIABLE
        {
            command.env_remove(&name);
        }
    }
}

/// 16 bytes that an answer cannot guess, in hexadecimal, from the system's random generator.
pub(crate) fn nonce() -> String {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).unwrap_or_else(|error| panic!("{error}: no random bytes"));
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The end of a stream. A thread reads it, so that the writer never waits.
struct Tail {
    kept: Arc<Mutex<VecDeque<u8>>>,
    reader: JoinHandle<()>,
}

impl Tail {
    fn of(
        mut stream: impl Read + Send + 'static,
        printed: &Arc<AtomicU64>,
        mut live: Live,
    ) -> Tail {
        let kept = Arc::new(Mutex::new(VecDeque::new()));
        let (shared, printed) = (Arc::clone(&kept), Arc::clone(printed));
        let reader = thread::spawn(move || {
            let mut buffer = [0; 8 * 1024];
            while let Ok(n @ 1..) = stream.read(&mut buffer) {
                printed.fetch_add(n as u64, Ordering::Relaxed);
                live.take(&buffer[..n]);
                let mut kept = shared.lock().unwrap_or_else(PoisonError::into_inner);
                kept.extend(&buffer[..n]);
                let excess = kept.len().saturating_sub(KEPT);
                kept.drain(..excess);
            }
        });
        Tail { kept, reader }
    }

    /// The kept bytes. Does not wait for a stream that a program outside the group still holds open.
    fn text(self) -> String {
        let deadline = Instant::now() + Duration::from_millis(200);
        while !self.reader.is_finished() && Instant::now() < deadline {
            thread::sleep(INTERVAL);
        }
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(kept.make_contiguous()).into_owned()
    }
}

/// Reports output to the control's listener, line by line, as it arrives.
struct Live {
    control: Control,
    filter: WithoutLibtest,
    line: Vec<u8>,
    left: usize,
}

impl Live {
    fn new(control: &Control, tests: &[String]) -> Live {
        let left = if control.has_listener() { LIVE } else { 0 };
        let filter = WithoutLibtest::new(tests);
        Live { control: control.clone(), filter, line: Vec::new(), left }
    }

    fn take(&mut self, mut bytes: &[u8]) {
        while self.left > 0 && !bytes.is_empty() {
            let end = bytes.iter().position(|byte| *byte == b'\n');
            let (piece, rest) = bytes.split_at(end.map_or(bytes.len(), |at| at + 1));
            self.line.extend(piece);
            bytes = rest;
            if end.is_some() || self.line.len() > LONGEST_LINE {
                self.report_line();
            }
        }
    }

    fn report_line(&mut self) {
        let line = String::from_utf8_lossy(&self.line).into_owned();
        self.line.clear();
        for line in self.filter.take(line.trim_end_matches(['\n', '\r'])) {
            self.left = self.left.saturating_sub(1);
            let line = if self.left == 0 { words::and_on(line) } else { line };
            self.control.report(News::Printed(line));
        }
    }
}
