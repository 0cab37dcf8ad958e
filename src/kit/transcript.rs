//! What happened during a check: what was sent, which calls the answer made, and their results.
//!
//! Data only: a scene writes it, a diagnosis reads it, and a story shows it as rows.

use std::io::ErrorKind;
use std::sync::Arc;

use crate::cause::Cause;
use crate::language::{Text, predicate};
use crate::story::Row;
use crate::story::values::{compared, counted, grouped, lines};
use crate::words;

/// Everything noted in a scene.
#[derive(Debug, Default)]
pub(crate) struct Transcript {
    /// What the peer sends, piece by piece, as far as the script knows it.
    pub(crate) script: Vec<Piece>,
    /// What the peer does after that: `kept the connection open`.
    pub(crate) ending: Option<String>,
    /// How the bytes of the script came if no peer sent them: `arrived`.
    pub(crate) script_label: Option<&'static str>,
    /// Whether a story shows reads and writes as one list because their order matters.
    pub(crate) in_order: bool,
    /// The mistake that the network saw, whatever the outcome of the call.
    pub(crate) noticed: Option<Cause>,
    /// Why a wire stopped the answer in the current step.
    pub(crate) halted: Option<Halt>,
    /// Every call that the answer made on the wire, in order.
    pub(crate) calls: Vec<Call>,
    /// How many of `calls` belong to finished steps.
    pub(crate) over: usize,
    /// How a story shows sent and written bytes.
    pub(crate) shown: Shown,
    /// How many steps are finished.
    pub(crate) steps_over: usize,
    /// What happened in the scene before this step, including earlier steps.
    pub(crate) before: Vec<String>,
    /// What else happened during this step.
    pub(crate) meanwhile: Vec<String>,
    /// Whether the peers use UDP: they send datagrams, not a stream.
    pub(crate) datagrams: bool,
    /// If a call in the background ended while a peer waited for it: the kind of its error.
    pub(crate) ended: Option<Option<ErrorKind>>,
    /// The current step.
    pub(crate) step: Option<Step>,
}

/// One piece of what the peer sends.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Piece {
    Bytes(Arc<[u8]>),
    Event(String),
}

/// How a story shows bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) enum Shown {
    #[default]
    Hex,
    Text,
    /// Only their number.
    Sizes,
}

/// One call that the answer made, and its result.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Call {
    Read { asked: usize, got: Result<usize, ErrorKind> },
    Write { offered: Vec<u8>, took: Result<usize, ErrorKind> },
    Other { call: String, came: String },
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Step {
    pub(crate) call: String,
    /// Whether a peer makes the step, not the answer.
    pub(crate) of_peer: bool,
    pub(crate) expected: String,
    pub(crate) expected_bytes: Option<Vec<u8>>,
    pub(crate) expected_error: Option<ErrorKind>,
    pub(crate) default_cause: Option<Cause>,
    pub(crate) waits: Option<Cause>,
}

/// Why a wire stopped the answer in the middle of a call.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Halt {
    /// It asks for bytes that will never arrive: on a real socket it would wait for ever.
    Starved { asked: usize },
    /// It calls again and again without progress.
    Spun,
}

/// The outcome of a call that does not meet the expectation.
#[derive(Clone, Debug)]
pub(crate) enum Outcome {
    Value {
        text: String,
        bytes: Option<Vec<u8>>,
    },
    Error {
        kind: ErrorKind,
        text: String,
    },
    Panic {
        message: String,
        place: String,
        /// Whether a line of the kit or of the checks panicked.
        of_the_course: bool,
    },
    Halt(Halt),
    /// It returned what it should, but wrote the wrong bytes.
    Wrote(Problem),
    /// It had not returned at the deadline; its place at that time.
    Waits {
        place: String,
        /// Whether it computed all the time, and called neither the network nor the system.
        only_computes: bool,
    },
}

/// The mistake that a check of the log found, although the call returned what it should.
#[derive(Clone, Debug)]
pub(crate) struct Problem {
    pub came: Vec<u8>,
    pub expected: Vec<u8>,
}

impl Transcript {
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

    /// The calls made in finished steps.
    pub(crate) fn earlier_calls(&self) -> impl Iterator<Item = &Call> {
        self.calls[..self.over].iter()
    }

    /// See [`Scene::notice`].
    pub(crate) fn notice(&mut self, cause: Cause) {
        self.noticed.get_or_insert(cause);
    }

    /// The calls made in the current step.
    pub(crate) fn calls_of_this_step(&self) -> impl Iterator<Item = &Call> {
        self.calls[self.over..].iter()
    }

    /// How many steps are finished.
    pub(crate) fn steps_over(&self) -> usize {
        self.steps_over
    }

    /// Everything up to this step, as rows of a story.
    pub(crate) fn rows(&self, step: &Step) -> Vec<Row> {
        let mut rows = Vec::new();
        let ended =
            self.ending.as_ref().is_some_and(|ending| *ending != *words::KEPT_THE_LINE_OPEN);
        if ended || !self.script.is_empty() {
            let label = self.script_label.unwrap_or(words::THE_PEER_SENT.as_str());
            rows.push(Row::new(label, self.script_text()));
        }
        if !self.before.is_empty() {
            rows.push(Row::new(words::BEFORE_THAT, joined(runs(&self.before), "   ")));
        }
        if !step.call.is_empty() {
            rows.push(match predicate(&step.call, &words::THE_PEER) {
                Some(what) => Row::new(words::THE_PEER_NOW, what),
                None if step.of_peer => Row::new(words::AND_NOW, step.call.clone()),
                None => Row::new(words::THE_TEST_CALLS, step.call.clone()),
            });
        }
        let calls = &self.calls[self.over..];
        let (mut reads, mut writes, mut others) = (vec![], vec![], vec![]);
        for call in calls {
            match call {
                _ if self.in_order => others.push(call.text(self.shown)),
                Call::Read { .. } => reads.push(call.text(self.shown)),
                Call::Write { .. } => writes.push(call.text(self.shown)),
                Call::Other { .. } => others.push(call.text(self.shown)),
            }
        }
        let lists = [
            (words::YOUR_CODE_READ, reads),
            (words::YOUR_CODE_WROTE, writes),
            (words::YOUR_CODE_DID, others),
        ];
        for (label, entries) in lists.into_iter().filter(|(_, entries)| !entries.is_empty()) {
            rows.push(Row::new(label, joined(runs(&entries), "   ")));
        }
        if !self.meanwhile.is_empty() {
            rows.push(Row::new(words::MEANWHILE, joined(runs(&self.meanwhile), "   ")));
        }
        rows
    }

    fn script_text(&self) -> String {
        let parts: Vec<String> = self.script.iter().map(|piece| piece.text(self.shown)).collect();
        let segments = self.script.iter().filter(|piece| matches!(piece, Piece::Bytes(_))).count();
        let mut notes = Vec::new();
        if segments > 1 {
            notes.push(words::segments(segments));
        }
        notes.extend(self.ending.as_ref().map(words::then));
        let pieces =
            if parts.is_empty() { words::NOTHING.to_owned() } else { joined(parts, " │ ") };
        match notes.into_iter().reduce(words::both) {
            None => pieces,
            Some(notes) => format!("{pieces}   {}", words::event(notes)),
        }
    }
}

impl Piece {
    fn text(&self, shown: Shown) -> String {
        match self {
            Piece::Bytes(bytes) => sent(bytes, shown),
            Piece::Event(event) => words::event(event),
        }
    }
}

impl Call {
    /// How many bytes the call read.
    pub(crate) fn bytes_read(&self) -> usize {
        if let Call::Read { got: Ok(n), .. } = self { *n } else { 0 }
    }

    fn text(&self, shown: Shown) -> String {
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

/// The outcome of a step and the expected one, as rows of a story.
pub(crate) fn outcome_rows(got: &Outcome, step: &Step) -> Vec<Row> {
    let came = if step.of_peer { words::AND_GOT } else { words::AND_RETURNED };
    let expected = Row::new(words::EXPECTED, step.expected.clone());
    let row = match got {
        // As expected, but something was noticed.
        Outcome::Value { text, .. } if *text == step.expected => {
            return vec![Row::new(came, text.clone())];
        }
        Outcome::Value { bytes: Some(bytes), .. } if step.expected_bytes.is_some() => {
            return compared_rows(came, bytes, step.expected_bytes.as_deref().unwrap_or(&[]));
        }
        Outcome::Wrote(problem) => {
            return compared_rows(words::ON_THE_WIRE, &problem.came, &problem.expected);
        }
        Outcome::Value { text, .. } => Row::new(came, text.clone()),
        Outcome::Error { text, .. } => Row::new(words::AND_FAILED_WITH, text.clone()),
        Outcome::Panic { message, place, of_the_course } => {
            let label = if *of_the_course { words::CHECK_PANICKED } else { words::AND_PANICKED };
            Row::new(label, words::noted(message, place))
        }
        Outcome::Halt(Halt::Starved { asked }) => {
            Row::new(words::AND_NOW_WAITS, words::in_read(asked))
        }
        Outcome::Halt(Halt::Spun) => {
            Row::new(words::AND_GOES_ON, words::CALLING_WITHOUT_ANY_PROGRESS)
        }
        Outcome::Waits { place, .. } => Row::new(words::AND_HANGS, place.clone()),
    };
    if step.expected.is_empty() { vec![row] } else { vec![row, expected] }
}

fn compared_rows(label: Text, got: &[u8], expected: &[u8]) -> Vec<Row> {
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

/// Show bytes in hexadecimal; of many, the first, the last and their number.
pub fn hex(bytes: &[u8]) -> String {
    let pairs =
        |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(" ");
    match bytes {
        [] => words::event(counted(0, words::BYTE)),
        _ if bytes.len() <= 16 => pairs(bytes),
        _ => {
            let (head, tail) = (pairs(&bytes[..9]), pairs(&bytes[bytes.len() - 2..]));
            words::noted(format_args!("{head} … {tail}"), counted(bytes.len(), words::BYTE))
        }
    }
}

/// Merge equal neighbours, with their number.
pub(crate) fn runs(items: &[String]) -> Vec<String> {
    let runs = items.chunk_by(|a, b| a == b).map(|run| match run {
        [one] => one.clone(),
        _ => words::times(&run[0], grouped(run.len())),
    });
    runs.collect()
}

/// Join, leaving out the middle of a long list.
pub fn joined(items: Vec<String>, separator: &str) -> String {
    if items.len() <= 9 {
        return items.join(separator);
    }
    let left_out = words::left_out(grouped(items.len() - 7));
    [&items[..5], &[left_out], &items[items.len() - 2..]].concat().join(separator)
}
