//! What happened during one call of the answer: who sent what, which calls were made, what came back.

use std::any::Any;
use std::io::{self, ErrorKind};
use std::panic::{self, AssertUnwindSafe};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

use crate::cause::Cause;
use crate::census::Census;
use crate::check;
use crate::diagnosis::{Evidence, Got};
use crate::story::values::{Told, compared, counted, grouped, in_large_units, lines, told_error};
use crate::story::{Row, Story};
use crate::words;

/// What a call of the answer must come to.
#[derive(Clone, Debug)]
pub struct Expected<T> {
    outcome: Result<T, ErrorKind>,
    point: Option<Cause>,
    waits: Option<Cause>,
}

/// The call must return this value.
pub fn returns<T>(value: T) -> Expected<T> {
    Expected { outcome: Ok(value), point: None, waits: None }
}

/// The call must fail with an error of this kind.
pub fn fails_with<T>(kind: ErrorKind) -> Expected<T> {
    Expected { outcome: Err(kind), point: None, waits: None }
}

impl<T> Expected<T> {
    /// Name the cause that the check is about, for when the transcript shows no plainer one.
    pub fn or(mut self, point: Cause) -> Expected<T> {
        self.point = Some(point);
        self
    }

    /// Name the cause for when the call waits for what will never come.
    pub fn or_when_it_waits(mut self, cause: Cause) -> Expected<T> {
        self.waits = Some(cause);
        self
    }
}

impl<T: Told + PartialEq> Expected<T> {
    /// What came of a call, without its type, and whether it is what is expected.
    fn compared(
        self,
        came: thread::Result<io::Result<T>>,
    ) -> (Result<Got, Box<dyn Any + Send>>, bool) {
        let as_expected = match (&came, &self.outcome) {
            (Ok(Ok(value)), Ok(wanted)) => value == wanted,
            (Ok(Err(error)), Err(kind)) => error.kind() == *kind,
            _ => false,
        };
        let got = match came {
            // Bytes serve to find a difference, and may be many.
            Ok(Ok(value)) if as_expected => Ok(Got::Value { told: value.told(), bytes: None }),
            Ok(Ok(value)) => {
                Ok(Got::Value { told: value.told(), bytes: value.bytes().map(<[u8]>::to_vec) })
            }
            Ok(Err(error)) => Ok(Got::Error { kind: error.kind(), told: told_error(&error) }),
            Err(payload) => Err(payload),
        };
        (got, as_expected)
    }
}

/// A shared transcript. Clones write to the same one; the newest is what a deadline reports.
#[derive(Clone, Debug, Default)]
pub struct Scene(Arc<Mutex<Log>>);

/// What is written down in a scene.
#[derive(Debug, Default)]
pub(crate) struct Log {
    /// What the peer sends, piece by piece, as far as the script knows it.
    pub script: Vec<Piece>,
    /// What the peer does after that: `kept the line open`.
    pub ending: Option<&'static str>,
    /// How the bytes of the script came, where no peer sent them: `arrived`.
    pub script_label: Option<&'static str>,
    /// Whether a story tells reads and writes as one list, since their order matters.
    pub in_order: bool,
    /// What the network saw the answer do wrong, whatever the call came to.
    noticed: Option<Cause>,
    /// Why a wire stopped the answer in the step that is going on.
    halted: Option<Halt>,
    /// Every call that the answer made on the wire, in order.
    pub calls: Vec<Call>,
    /// How many of `calls` belong to steps that are over.
    over: usize,
    /// How a story shows what is sent and written.
    shown: Shown,
    /// How many steps are over.
    steps_over: usize,
    /// What happened in the same scene before this step, earlier steps included.
    before: Vec<String>,
    /// What else happened during this step.
    meanwhile: Vec<String>,
    /// The peers speak UDP: what is sent are datagrams, not a stream.
    pub datagrams: bool,
    /// A call in the background ended while a peer waited for it; the kind of its error.
    pub ended: Option<Option<ErrorKind>>,
    /// The step that is going on.
    step: Option<Step>,
}

/// One piece of what the peer sends.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Piece {
    Bytes(Arc<[u8]>),
    Event(&'static str),
}

/// How a story shows bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum Shown {
    #[default]
    Hex,
    Text,
    /// By their number alone.
    Sizes,
}

/// One call that the answer made, and what it got.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Call {
    Read { asked: usize, got: Result<usize, ErrorKind> },
    Write { offered: Vec<u8>, took: Result<usize, ErrorKind> },
    Other { call: String, came: String },
}

#[derive(Clone, Debug, Default)]
struct Step {
    call: String,
    /// A peer makes the step, not the answer.
    of_peer: bool,
    expected: String,
    expected_bytes: Option<Vec<u8>>,
    expected_error: Option<ErrorKind>,
    point: Option<Cause>,
    waits: Option<Cause>,
}

/// Why a wire stopped the answer in the middle of a call.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Halt {
    /// It asks for bytes that will never come: on a real socket it would wait for ever.
    Starved { asked: usize },
    /// It calls again and again and nothing moves.
    Spun,
}

impl Scene {
    /// Begin a scene; it becomes the one that a deadline reports.
    pub fn begin() -> Scene {
        let scene = Scene::default();
        check::set_scene(&scene);
        scene
    }

    /// Note that the peer sent these bytes in one piece.
    pub fn peer_sent(&self, bytes: &[u8]) {
        self.log().script.push(Piece::Bytes(bytes.into()));
    }

    /// Note what else the peer did: `then was silent`.
    pub fn peer_did(&self, what: &'static str) {
        self.log().script.push(Piece::Event(what));
    }

    /// Note what happened, in words: `the client sends "hello"`.
    pub fn happened(&self, what: impl Into<String>) {
        let mut log = self.log();
        let list = if log.step.is_some() { &mut log.meanwhile } else { &mut log.before };
        list.push(what.into());
    }

    /// Tell what is sent and written by its size alone, where the bytes are random: nobody can read
    /// them, and a story should be the same every time.
    pub fn tell_sizes(&self) {
        self.log().shown = Shown::Sizes;
    }

    /// Tell what is sent and written as text, where the wire is made of lines that people can read.
    pub fn tell_text(&self) {
        self.log().shown = Shown::Text;
    }

    /// Note a call and what came of it, in words.
    pub fn called(&self, call: impl Into<String>, came: impl Into<String>) {
        self.log().calls.push(Call::Other { call: call.into(), came: came.into() });
    }

    /// Note what the answer did wrong, as the network saw it: the step fails for this cause, whatever
    /// the call comes to. Of several the first counts.
    pub fn notice(&self, cause: Cause) {
        self.log().notice(cause);
    }

    /// Make one call of the answer, and fail with a story unless it comes to what is expected.
    ///
    /// `call` is the call's name, as the student wrote it. A panic of the answer, a read that would
    /// wait for ever and a loop that never ends fail it too.
    pub fn expect<T: Told + PartialEq>(
        &self,
        call: &str,
        expected: Expected<T>,
        run: impl FnOnce() -> io::Result<T>,
    ) {
        self.expect_with(call, expected, run, &|_| None);
    }

    /// Let the peer make one call, such as waiting for a reply, and fail with a story unless it comes
    /// to what is expected.
    ///
    /// `what` says in words what the peer does: `waits for the echo`.
    pub fn expect_of_peer<T: Told + PartialEq>(
        &self,
        what: &str,
        expected: Expected<T>,
        run: impl FnOnce() -> io::Result<T>,
    ) {
        self.expect_of(words::THE_PEER, what, expected, run);
    }

    /// As [`Scene::expect_of_peer`], of somebody with a name: `the second client`, `listens`.
    pub fn expect_of<T: Told + PartialEq>(
        &self,
        who: &str,
        what: &str,
        expected: Expected<T>,
        run: impl FnOnce() -> io::Result<T>,
    ) {
        let step = Step { of_peer: true, ..Step::of(&format!("{who} {what}"), &expected) };
        self.expect_step(step, expected, run, &|_| None);
    }

    /// Fail with a story if `bytes` were allocated for a message of which only `arrived` had come.
    ///
    /// What a reader may set aside before it knows better is bounded: 64 KiB, and four times what
    /// has arrived, since a buffer that grows by doubling asks for more than it holds.
    pub fn at_most_allocated(&self, call: &str, bytes: usize, arrived: usize) {
        if bytes > 64 * 1024 + 4 * arrived {
            fail(
                Cause::AllocatesOnPromise(in_large_units(bytes), counted(arrived, words::BYTE))
                    .story(self.rows(call)),
            );
        }
    }

    /// Fail with a story if threads have come since `census` and are not gone, for this cause.
    ///
    /// Threads on their way out are waited for.
    pub fn expect_no_thread_left(&self, census: &Census, cause: Cause) {
        self.expect_none(census.threads_left(), words::THREAD, cause);
    }

    /// Fail with a story if descriptors have come since `census` and are still open.
    pub fn expect_no_descriptor_left(&self, census: &Census) {
        // `socket:[4711]`: the number is another one every time.
        let left = census.descriptors_left().into_iter().map(|it| match it.split_once(":[") {
            Some((kind, _)) => kind.to_owned(),
            None => it,
        });
        self.expect_none(left.collect(), words::DESCRIPTOR, Cause::DescriptorsLeftBehind);
    }

    fn expect_none(&self, left: Vec<String>, noun: &str, cause: Cause) {
        if left.is_empty() {
            return;
        }
        let mut rows = self.log().rows(&Step::default());
        let told = joined(runs(&left), ", ");
        rows.push(Row::new(words::STILL_THERE, format!("{}: {told}", counted(left.len(), noun))));
        fail(cause.story(rows));
    }

    /// As [`Scene::expect`], with one more look at the log when the outcome is as it should be.
    ///
    /// A step of which something was noticed fails even then.
    pub(crate) fn expect_with<T: Told + PartialEq>(
        &self,
        call: &str,
        expected: Expected<T>,
        run: impl FnOnce() -> io::Result<T>,
        look: &dyn Fn(&Log) -> Option<Problem>,
    ) {
        self.expect_step(Step::of(call, &expected), expected, run, look);
    }

    fn expect_step<T: Told + PartialEq>(
        &self,
        step: Step,
        expected: Expected<T>,
        run: impl FnOnce() -> io::Result<T>,
        look: &dyn Fn(&Log) -> Option<Problem>,
    ) {
        self.log().step = Some(step);
        let came = panic::catch_unwind(AssertUnwindSafe(run));
        let (got, as_expected) = expected.compared(came);
        self.end_step(got, as_expected, look);
    }

    /// End a step, of which came what is expected or something else; or which unwound. What is behind this
    /// is compiled once, and what is before it for every call of every check.
    fn end_step(
        &self,
        got: Result<Got, Box<dyn Any + Send>>,
        as_expected: bool,
        look: &dyn Fn(&Log) -> Option<Problem>,
    ) {
        // Who catches the unwinding has asked for what never comes all the same.
        let got = match self.log().halted.take() {
            Some(halt) => Err(Box::new(halt) as Box<dyn Any + Send>),
            None => got,
        };
        let got = match got {
            Ok(got) => got,
            // A story that was told inside the step is told already.
            Err(payload) => match payload.downcast_ref::<Story>() {
                Some(story) => fail(story.clone()),
                None => fail(self.story(&Got::of_panic(payload.as_ref()))),
            },
        };
        let noticed = self.log().noticed.is_some();
        if noticed || !as_expected {
            fail(self.story(&got));
        }
        let problem = look(&self.log());
        match (problem, got) {
            (Some(problem), _) => fail(self.story(&Got::Wrote(problem))),
            (None, Got::Error { kind, .. }) => self.step_is_over(&format!("→ {kind:?}")),
            (None, Got::Value { told, .. }) => self.step_is_over(&format!("→ {told}")),
            (None, got) => unreachable!("{got:?} is not what a call comes to"),
        }
    }

    /// Everything that happened up to this call, as rows of a story.
    pub(crate) fn rows(&self, call: &str) -> Vec<Row> {
        self.log().rows(&Step { call: call.to_owned(), ..Step::default() })
    }

    /// Everything that happened up to this step of a peer's, as rows of a story.
    pub(crate) fn rows_of_peer(&self, step: &str) -> Vec<Row> {
        self.log().rows(&Step { call: step.to_owned(), of_peer: true, ..Step::default() })
    }

    /// Whether the step that is going on is a peer's: the check's own thread is not in the answer.
    pub(crate) fn peer_acts(&self) -> bool {
        self.log().step.as_ref().is_some_and(|step| step.of_peer)
    }

    /// Tell the story of the step that is going on, given what came of it.
    pub(crate) fn story(&self, got: &Got) -> Story {
        let log = self.log();
        let step = log.step.clone().unwrap_or_default();
        let mut rows = log.rows(&step);
        rows.extend(got_rows(got, &step));
        let evidence = Evidence {
            log: &log,
            expected_bytes: step.expected_bytes.as_deref(),
            expected_error: step.expected_error,
            point: step.point.as_ref(),
            got,
        };
        let waits = step
            .waits
            .filter(|_| matches!(got, Got::Halt(Halt::Starved { .. }) | Got::Waits { .. }));
        let cause = log.noticed.clone().or(waits).or_else(|| evidence.cause());
        let cause = cause.or(step.point.clone()).unwrap_or_else(|| evidence.guess());
        Story { rows, cause: cause.name(), sentence: cause.sentence() }
    }

    /// Stop the answer in the middle of a call; the step, or the door, tells why.
    pub(crate) fn halt(&self, halt: Halt) -> ! {
        self.log().halted = Some(halt);
        panic::resume_unwind(Box::new(halt))
    }

    pub(crate) fn log(&self) -> MutexGuard<'_, Log> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn step_is_over(&self, came: &str) {
        let mut log = self.log();
        let call = log.step.take().map(|step| step.call).unwrap_or_default();
        log.over = log.calls.len();
        log.steps_over += 1;
        let meanwhile = std::mem::take(&mut log.meanwhile);
        log.before.extend(meanwhile);
        // A call without a value has come to nothing more than that it was made.
        let came = came.strip_suffix(&format!("→ {}", ().told())).unwrap_or(came);
        log.before.push(format!("{call} {came}").trim_end().to_owned());
    }
}

/// What a look at the log found wrong although the call returned what it should.
#[derive(Clone, Debug)]
pub(crate) struct Problem {
    pub came: Vec<u8>,
    pub expected: Vec<u8>,
}

/// Fail the check that is running, with this story.
pub fn fail(story: Story) -> ! {
    panic::resume_unwind(Box::new(story))
}

impl Step {
    fn of<T: Told>(call: &str, expected: &Expected<T>) -> Step {
        let (told, bytes, error) = match &expected.outcome {
            Ok(value) => (value.told(), value.bytes().map(<[u8]>::to_vec), None),
            Err(kind) => (words::the_error(format_args!("{kind:?}")), None, Some(*kind)),
        };
        Step {
            call: call.to_owned(),
            of_peer: false,
            expected: told,
            expected_bytes: bytes,
            expected_error: error,
            point: expected.point.clone(),
            waits: expected.waits.clone(),
        }
    }
}

impl Log {
    /// Everything that the peer sends, joined.
    pub(crate) fn stream(&self) -> Vec<u8> {
        let bytes = self.script.iter().filter_map(|piece| match piece {
            Piece::Bytes(bytes) => Some(&bytes[..]),
            Piece::Event(_) => None,
        });
        bytes.collect::<Vec<_>>().concat()
    }

    /// Everything that the answer wrote and the wire took.
    pub(crate) fn written(&self) -> Vec<u8> {
        let mut written = Vec::new();
        for call in &self.calls {
            if let Call::Write { offered, took: Ok(n) } = call {
                written.extend_from_slice(&offered[..*n]);
            }
        }
        written
    }

    /// The calls that were made in steps that are over.
    pub(crate) fn earlier_calls(&self) -> impl Iterator<Item = &Call> {
        self.calls[..self.over].iter()
    }

    /// See [`Scene::notice`].
    pub(crate) fn notice(&mut self, cause: Cause) {
        self.noticed.get_or_insert(cause);
    }

    /// The calls that were made in the step that is going on.
    pub(crate) fn calls_of_this_step(&self) -> impl Iterator<Item = &Call> {
        self.calls[self.over..].iter()
    }

    /// How many steps are over.
    pub(crate) fn steps_over(&self) -> usize {
        self.steps_over
    }

    fn rows(&self, step: &Step) -> Vec<Row> {
        let mut rows = Vec::new();
        let ended = self.ending.is_some_and(|ending| ending != words::KEPT_THE_LINE_OPEN);
        if ended || !self.script.is_empty() {
            let label = self.script_label.unwrap_or(words::THE_PEER_SENT);
            rows.push(Row::new(label, self.script_told()));
        }
        if !self.before.is_empty() {
            rows.push(Row::new(words::BEFORE_THAT, joined(runs(&self.before), "   ")));
        }
        if !step.call.is_empty() {
            let rest = step.call.strip_prefix(words::THE_PEER);
            rows.push(match rest.and_then(|rest| rest.strip_prefix(' ')) {
                Some(what) => Row::new(words::THE_PEER_NOW, what),
                None if step.of_peer => Row::new(words::AND_NOW, step.call.clone()),
                None => Row::new(words::THE_TEST_CALLS, step.call.clone()),
            });
        }
        let calls = &self.calls[self.over..];
        let (mut reads, mut writes, mut others) = (vec![], vec![], vec![]);
        for call in calls {
            match call {
                _ if self.in_order => others.push(call.told(self.shown)),
                Call::Read { .. } => reads.push(call.told(self.shown)),
                Call::Write { .. } => writes.push(call.told(self.shown)),
                Call::Other { .. } => others.push(call.told(self.shown)),
            }
        }
        let lists = [
            (words::YOUR_CODE_READ, reads),
            (words::YOUR_CODE_WROTE, writes),
            (words::YOUR_CODE_DID, others),
        ];
        for (label, told) in lists.iter().filter(|(_, told)| !told.is_empty()) {
            rows.push(Row::new(label, joined(runs(told), "   ")));
        }
        if !self.meanwhile.is_empty() {
            rows.push(Row::new(words::MEANWHILE, joined(runs(&self.meanwhile), "   ")));
        }
        rows
    }

    fn script_told(&self) -> String {
        let told: Vec<String> = self.script.iter().map(|piece| piece.told(self.shown)).collect();
        let segments = self.script.iter().filter(|piece| matches!(piece, Piece::Bytes(_))).count();
        let mut notes = Vec::new();
        if segments > 1 {
            notes.push(words::segments(segments));
        }
        notes.extend(self.ending.map(words::then));
        let pieces =
            if told.is_empty() { words::NOTHING.to_owned() } else { joined(told, " │ ") };
        if notes.is_empty() { pieces } else { format!("{pieces}   ({})", notes.join(", ")) }
    }
}

impl Piece {
    fn told(&self, shown: Shown) -> String {
        match self {
            Piece::Bytes(bytes) => sent(bytes, shown),
            Piece::Event(event) => format!("({event})"),
        }
    }
}

impl Call {
    /// How many bytes the call read.
    pub(crate) fn bytes_read(&self) -> usize {
        if let Call::Read { got: Ok(n), .. } = self { *n } else { 0 }
    }

    fn told(&self, shown: Shown) -> String {
        match self {
            Call::Read { asked, got: Ok(n) } => format!(r"read({asked}) → {n}"),
            Call::Read { asked, got: Err(kind) } => format!(r"read({asked}) → {kind:?}"),
            Call::Write { offered, took: Ok(n) } => {
                format!(r"write({}) → {n}", sent(offered, shown))
            }
            Call::Write { offered, took: Err(kind) } => {
                format!(r"write({}) → {kind:?}", sent(offered, shown))
            }
            Call::Other { call, came } => format!("{call} → {came}"),
        }
    }
}

fn got_rows(got: &Got, step: &Step) -> Vec<Row> {
    let came = if step.of_peer { words::AND_GOT } else { words::AND_RETURNED };
    let expected = Row::new(words::EXPECTED, step.expected.clone());
    let row = match got {
        // As expected, and yet it failed: something else was noticed.
        Got::Value { told, .. } if *told == step.expected => {
            return vec![Row::new(came, told.clone())];
        }
        Got::Value { bytes: Some(bytes), .. } if step.expected_bytes.is_some() => {
            return compared_rows(came, bytes, step.expected_bytes.as_deref().unwrap_or(&[]));
        }
        Got::Wrote(problem) => {
            return compared_rows(words::ON_THE_WIRE, &problem.came, &problem.expected);
        }
        Got::Value { told, .. } => Row::new(came, told.clone()),
        Got::Error { told, .. } => Row::new(words::AND_FAILED_WITH, told.clone()),
        Got::Panic { message, place } => {
            Row::new(words::AND_PANICKED, format!("{message} ({place})"))
        }
        Got::Halt(Halt::Starved { asked }) => Row::new(words::AND_NOW_WAITS, words::in_read(asked)),
        Got::Halt(Halt::Spun) => Row::new(words::AND_GOES_ON, words::CALLING_WITHOUT_ANY_PROGRESS),
        Got::Waits { place } => Row::new(words::AND_HANGS, place.clone()),
    };
    if step.expected.is_empty() { vec![row] } else { vec![row, expected] }
}

fn compared_rows(label: &str, got: &[u8], expected: &[u8]) -> Vec<Row> {
    let (got, expected, mark) = compared(got, expected);
    let expected = Row { label: words::EXPECTED.to_owned(), text: expected, mark: Some(mark) };
    vec![Row::new(label, got), expected]
}

fn sent(bytes: &[u8], shown: Shown) -> String {
    match shown {
        Shown::Hex => hex(bytes),
        Shown::Text => lines(bytes),
        Shown::Sizes => counted(bytes.len(), words::BYTE),
    }
}

/// Bytes in hexadecimal; of many, the first and the last, and how many there are.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let pairs =
        |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(" ");
    match bytes {
        [] => format!("({})", counted(0, words::BYTE)),
        _ if bytes.len() <= 16 => pairs(bytes),
        _ => {
            let (head, tail) = (pairs(&bytes[..9]), pairs(&bytes[bytes.len() - 2..]));
            format!("{head} … {tail} ({})", counted(bytes.len(), words::BYTE))
        }
    }
}

/// Equal neighbours told once, with their number.
fn runs(items: &[String]) -> Vec<String> {
    let runs = items.chunk_by(|a, b| a == b).map(|run| match run {
        [one] => one.clone(),
        _ => words::times(&run[0], grouped(run.len())),
    });
    runs.collect()
}

/// Join, leaving out the middle of a long list.
fn joined(told: Vec<String>, separator: &str) -> String {
    if told.len() <= 9 {
        return told.join(separator);
    }
    let left_out = words::left_out(grouped(told.len() - 7));
    [&told[..5], &[left_out], &told[told.len() - 2..]].concat().join(separator)
}

impl Got {
    /// What an unwinding out of the answer means.
    pub(crate) fn of_panic(payload: &(dyn Any + Send)) -> Got {
        if let Some(halt) = payload.downcast_ref::<Halt>() {
            return Got::Halt(*halt);
        }
        let (message, place) = check::last_panic();
        Got::Panic { message, place }
    }
}
