//! What happened during one call of the answer: what was sent, which calls were made, what came back.

use std::any::Any;
use std::fmt::Display;
use std::io::{self, ErrorKind};
use std::panic::{self, AssertUnwindSafe};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

use crate::cause::Cause;
use crate::census::Census;
use crate::current::{self, Panic};
use crate::diagnosis::Evidence;
use crate::language::{Text, sentence};
use crate::story::values::{Describe, counted, describe_error, in_large_units};
use crate::story::{Row, Story};
use crate::transcript::{
    Call, Halt, Outcome, Piece, Problem, Shown, Step, Transcript, joined, outcome_rows, runs,
};
use crate::words;

/// The expected outcome of a call of the answer.
#[derive(Clone, Debug)]
pub struct Expected<T> {
    outcome: Result<T, ErrorKind>,
    default_cause: Option<Cause>,
    waits: Option<Cause>,
}

/// Expect the call to return this value.
pub fn returns<T>(value: T) -> Expected<T> {
    Expected { outcome: Ok(value), default_cause: None, waits: None }
}

/// Expect the call to fail with an error of this kind.
pub fn fails_with<T>(kind: ErrorKind) -> Expected<T> {
    Expected { outcome: Err(kind), default_cause: None, waits: None }
}

impl<T> Expected<T> {
    /// Name the cause that the check is about, for when the transcript shows no plainer one.
    pub fn or(mut self, default_cause: Cause) -> Expected<T> {
        self.default_cause = Some(default_cause);
        self
    }

    /// Name the cause for a call that waits for what will never come.
    pub fn or_when_it_waits(mut self, cause: Cause) -> Expected<T> {
        self.waits = Some(cause);
        self
    }
}

impl<T: Describe + PartialEq> Expected<T> {
    /// The outcome of a call, without its type, and whether it is the expected one.
    fn compared(
        self,
        came: thread::Result<io::Result<T>>,
    ) -> (Result<Outcome, Box<dyn Any + Send>>, bool) {
        let as_expected = match (&came, &self.outcome) {
            (Ok(Ok(value)), Ok(wanted)) => value == wanted,
            (Ok(Err(error)), Err(kind)) => error.kind() == *kind,
            _ => false,
        };
        let got = match came {
            // The bytes are used only to find a difference, and may be many.
            Ok(Ok(value)) if as_expected => {
                Ok(Outcome::Value { text: value.describe(), bytes: None })
            }
            Ok(Ok(value)) => Ok(Outcome::Value {
                text: value.describe(),
                bytes: value.bytes().map(<[u8]>::to_vec),
            }),
            Ok(Err(error)) => {
                Ok(Outcome::Error { kind: error.kind(), text: describe_error(&error) })
            }
            Err(payload) => Err(payload),
        };
        (got, as_expected)
    }
}

/// A shared transcript. Clones write to the same one; a deadline reports the newest.
#[derive(Clone, Debug, Default)]
pub struct Scene(pub(crate) Arc<Mutex<Transcript>>);

impl Scene {
    /// Begin a scene, which a deadline reports from now on.
    pub fn begin() -> Scene {
        let scene = Scene::default();
        current::set_transcript(&scene.0);
        scene
    }

    /// Note that the peer sent these bytes in one piece.
    pub fn peer_sent(&self, bytes: &[u8]) {
        self.log().script.push(Piece::Bytes(bytes.into()));
    }

    /// Note what else the peer did: `then was silent`.
    pub fn peer_did(&self, what: impl Into<String>) {
        self.log().script.push(Piece::Event(what.into()));
    }

    /// Note an event, in words: `the client sends "hello"`.
    pub fn happened(&self, what: impl Into<String>) {
        let mut log = self.log();
        let list = if log.step.is_some() { &mut log.meanwhile } else { &mut log.before };
        list.push(what.into());
    }

    /// Show sent and written bytes only by their number: random bytes are unreadable, and a story should be
    /// the same every time.
    pub fn tell_sizes(&self) {
        self.log().shown = Shown::Sizes;
    }

    /// Show sent and written bytes as text, for protocols with readable lines.
    pub fn tell_text(&self) {
        self.log().shown = Shown::Text;
    }

    /// Note a call and its result, in words.
    pub fn called(&self, call: impl Into<String>, came: impl Into<String>) {
        self.log().calls.push(Call::Other { call: call.into(), came: came.into() });
    }

    /// Note a mistake of the answer that the network saw: the step fails for this cause, whatever the
    /// outcome of the call. Only the first one counts.
    pub fn notice(&self, cause: Cause) {
        self.log().notice(cause);
    }

    /// Make one call of the answer, and fail with a story unless it has the expected outcome.
    ///
    /// `call` is the call's name, as the student wrote it. The step also fails on a panic of the answer, on
    /// a read that would wait for ever and on an endless loop.
    pub fn expect<T: Describe + PartialEq>(
        &self,
        call: impl Into<String>,
        expected: Expected<T>,
        run: impl FnOnce() -> io::Result<T>,
    ) {
        self.expect_step(Step::of(call, &expected), expected, Box::new(run), &no_problem);
    }

    /// Let the peer make one call, such as waiting for a reply, and fail with a story unless it has the
    /// expected outcome.
    ///
    /// `what` says in words what the peer does: `waits for the echo`.
    pub fn expect_of_peer<T: Describe + PartialEq>(
        &self,
        what: impl Display,
        expected: Expected<T>,
        run: impl FnOnce() -> io::Result<T>,
    ) {
        self.expect_of(words::THE_PEER, what, expected, run);
    }

    /// As [`Scene::expect_of_peer`], for another subject: `the second client`, `listens`.
    pub fn expect_of<T: Describe + PartialEq>(
        &self,
        subject: impl Display,
        what: impl Display,
        expected: Expected<T>,
        run: impl FnOnce() -> io::Result<T>,
    ) {
        let step = Step { of_peer: true, ..Step::of(sentence(subject, what), &expected) };
        self.expect_step(step, expected, Box::new(run), &no_problem);
    }

    /// Fail with a story if `bytes` were allocated for a message of which only `arrived` had come.
    ///
    /// A reader may allocate 64 KiB before it knows more, and four times what has arrived: a buffer that
    /// grows by doubling asks for more than it holds.
    pub fn at_most_allocated(&self, call: &str, bytes: usize, arrived: usize) {
        if bytes > 64 * 1024 + 4 * arrived {
            fail(
                Cause::AllocatesOnPromise(in_large_units(bytes), counted(arrived, words::BYTE))
                    .story(self.rows(call)),
            );
        }
    }

    /// Fail with a story of `cause` if threads that have started since `census` still exist.
    ///
    /// Waits for threads that are ending.
    pub fn expect_no_thread_left(&self, census: &Census, cause: Cause) {
        self.expect_none(census.threads_left(), words::THREAD, cause);
    }

    /// Fail with a story if descriptors opened since `census` are still open.
    pub fn expect_no_descriptor_left(&self, census: &Census) {
        // `socket:[4711]`: the number is different every time.
        let left = census.descriptors_left().into_iter().map(|it| match it.split_once(":[") {
            Some((kind, _)) => kind.to_owned(),
            None => it,
        });
        self.expect_none(left.collect(), words::DESCRIPTOR, Cause::DescriptorsLeftBehind);
    }

    fn expect_none(&self, left: Vec<String>, noun: Text, cause: Cause) {
        if left.is_empty() {
            return;
        }
        let mut rows = self.log().rows(&Step::default());
        let list = joined(runs(&left), ", ");
        rows.push(Row::new(words::STILL_THERE, words::these(counted(left.len(), noun), list)));
        fail(cause.story(rows));
    }

    /// Make one step, and check the log once more if the outcome is the expected one. This part is compiled
    /// once for each type of value; what calls it, for each call of each check.
    ///
    /// A step fails even then if a mistake was noticed.
    pub(crate) fn expect_step<T: Describe + PartialEq>(
        &self,
        step: Step,
        expected: Expected<T>,
        run: Box<dyn FnOnce() -> io::Result<T> + '_>,
        check: &dyn Fn(&Transcript) -> Option<Problem>,
    ) {
        self.log().step = Some(step);
        let came = panic::catch_unwind(AssertUnwindSafe(run));
        let (got, as_expected) = expected.compared(came);
        self.end_step(got, as_expected, check);
    }

    /// End a step that had an outcome, expected or not, or unwound. This part is compiled once; the part
    /// before it is compiled for every call of every check.
    fn end_step(
        &self,
        got: Result<Outcome, Box<dyn Any + Send>>,
        as_expected: bool,
        check: &dyn Fn(&Transcript) -> Option<Problem>,
    ) {
        // A halt counts even if the answer catches the unwinding.
        let got = match self.log().halted.take() {
            Some(halt) => Err(Box::new(halt) as Box<dyn Any + Send>),
            None => got,
        };
        let got = match got {
            Ok(got) => got,
            // A story from inside the step is already complete.
            Err(payload) => match payload.downcast_ref::<Story>() {
                Some(story) => fail(story.clone()),
                None => fail(self.story(&Outcome::of_panic(payload.as_ref()))),
            },
        };
        let noticed = self.log().noticed.is_some();
        if noticed || !as_expected {
            fail(self.story(&got));
        }
        let problem = check(&self.log());
        match (problem, got) {
            (Some(problem), _) => fail(self.story(&Outcome::Wrote(problem))),
            (None, Outcome::Error { kind, .. }) => self.step_is_over(&format!("→ {kind:?}")),
            (None, Outcome::Value { text, .. }) => self.step_is_over(&format!("→ {text}")),
            (None, got) => unreachable!("{got:?} is not what a call comes to"),
        }
    }

    /// Everything that happened up to this call, as rows of a story.
    pub(crate) fn rows(&self, call: &str) -> Vec<Row> {
        self.log().rows(&Step { call: call.to_owned(), ..Step::default() })
    }

    /// Everything that happened up to this step of a peer, as rows of a story.
    pub(crate) fn rows_of_peer(&self, step: &str) -> Vec<Row> {
        self.log().rows(&Step { call: step.to_owned(), of_peer: true, ..Step::default() })
    }

    /// Whether the current step is a peer's: the check's own thread then runs no code of the answer.
    pub(crate) fn peer_acts(&self) -> bool {
        self.log().step.as_ref().is_some_and(|step| step.of_peer)
    }

    /// Make the story of the current step from its outcome.
    pub(crate) fn story(&self, got: &Outcome) -> Story {
        let log = self.log();
        let step = log.step.clone().unwrap_or_default();
        let mut rows = log.rows(&step);
        rows.extend(outcome_rows(got, &step));
        let evidence = Evidence {
            transcript: &log,
            expected_bytes: step.expected_bytes.as_deref(),
            expected_error: step.expected_error,
            default_cause: step.default_cause.as_ref(),
            got,
        };
        let waits = step.waits.filter(|_| got.waits());
        let cause = log.noticed.clone().or(waits).or_else(|| evidence.cause());
        let cause = cause.or(step.default_cause.clone()).unwrap_or_else(|| evidence.guess());
        Story { rows, cause: cause.name(), sentence: cause.sentence() }
    }

    /// Stop the answer in the middle of a call; the step, or the door, reports why.
    pub(crate) fn halt(&self, halt: Halt) -> ! {
        self.log().halted = Some(halt);
        panic::resume_unwind(Box::new(halt))
    }

    pub(crate) fn log(&self) -> MutexGuard<'_, Transcript> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn step_is_over(&self, came: &str) {
        let mut log = self.log();
        let call = log.step.take().map(|step| step.call).unwrap_or_default();
        log.over = log.calls.len();
        log.steps_over += 1;
        let meanwhile = std::mem::take(&mut log.meanwhile);
        log.before.extend(meanwhile);
        // For a call without a value, note only that it was made.
        let came = came.strip_suffix(&format!("→ {}", ().describe())).unwrap_or(came);
        log.before.push(format!("{call} {came}").trim_end().to_owned());
    }
}

/// Fail the running check with this story.
pub fn fail(story: Story) -> ! {
    panic::resume_unwind(Box::new(story))
}

/// The check of a log that is not checked once more.
pub(crate) fn no_problem(_log: &Transcript) -> Option<Problem> {
    None
}

impl Step {
    /// The call of this name, and what is expected of it.
    pub(crate) fn of<T: Describe>(call: impl Into<String>, expected: &Expected<T>) -> Step {
        let (text, bytes, error) = match &expected.outcome {
            Ok(value) => (value.describe(), value.bytes().map(<[u8]>::to_vec), None),
            Err(kind) => (words::the_error(format_args!("{kind:?}")), None, Some(*kind)),
        };
        Step {
            call: call.into(),
            of_peer: false,
            expected: text,
            expected_bytes: bytes,
            expected_error: error,
            default_cause: expected.default_cause.clone(),
            waits: expected.waits.clone(),
        }
    }
}

impl Outcome {
    /// Whether the call waits for what will never come.
    fn waits(&self) -> bool {
        match self {
            Outcome::Waits { only_computes, .. } => !only_computes,
            other => matches!(other, Outcome::Halt(Halt::Starved { .. })),
        }
    }

    /// The outcome that an unwinding out of the answer stands for.
    pub(crate) fn of_panic(payload: &(dyn Any + Send)) -> Outcome {
        if let Some(halt) = payload.downcast_ref::<Halt>() {
            return Outcome::Halt(*halt);
        }
        let Panic { message, place, of_the_course, .. } = current::last_panic();
        Outcome::Panic { message, place, of_the_course }
    }
}
