//! From a transcript to a named cause: what the bytes and the calls say about the mistake.
//!
//! Rules go from the plain to the general; the first that applies names the cause. Where none does,
//! the check's own point is the cause.

use std::io::ErrorKind;

use crate::cause::Cause;
use crate::scene::{Call, Halt, Log, Problem};
use crate::story::values::{counted, grouped};
use crate::words;

const HEADER: usize = size_of::<i32>();

/// What came of a call that did not come to what was expected.
#[derive(Clone, Debug)]
pub(crate) enum Got {
    Value {
        told: String,
        bytes: Option<Vec<u8>>,
    },
    Error {
        kind: ErrorKind,
        told: String,
    },
    Panic {
        message: String,
        place: String,
    },
    Halt(Halt),
    /// It returned what it should, but what it wrote is wrong.
    Wrote(Problem),
    /// It had not returned at the deadline; where it was then.
    Waits {
        place: String,
    },
}

/// Everything a rule may look at.
pub(crate) struct Evidence<'a> {
    pub log: &'a Log,
    pub expected_bytes: Option<&'a [u8]>,
    pub expected_error: Option<ErrorKind>,
    /// What the check is about.
    pub point: Option<&'a Cause>,
    pub got: &'a Got,
}

impl Evidence<'_> {
    /// The cause that the transcript shows, or `None` where it shows no plain one.
    pub(crate) fn cause(&self) -> Option<Cause> {
        if self.log.datagrams {
            return self.of_datagrams();
        }
        if self.read_too_far() {
            return Some(Cause::ReadTooFar);
        }
        match self.got {
            Got::Panic { message, .. } => Some(self.of_panic(message)),
            Got::Halt(Halt::Spun) => Some(self.of_spinning()),
            Got::Halt(Halt::Starved { asked }) => Some(self.of_starving(*asked)),
            Got::Waits { .. } => None,
            Got::Error { kind, .. } => self.of_error(*kind),
            Got::Wrote(problem) => of_writing(problem, self.wrote_in_part()),
            Got::Value { bytes, .. } => self.of_value(bytes.as_deref()),
        }
    }

    /// The likeliest cause, for when the check names none either.
    pub(crate) fn guess(&self) -> Cause {
        match self.got {
            Got::Waits { .. } => Cause::NeverReturns,
            Got::Error { kind: ErrorKind::InvalidData, .. } if self.expected_error.is_none() => {
                Cause::LostItsPlace
            }
            Got::Value { bytes: None, .. } if self.expected_bytes == Some(&[]) => {
                Cause::EmptyMessageIsAMessage
            }
            _ => Cause::Differs,
        }
    }

    /// The rules for UDP, which keeps the borders of messages and promises nothing else.
    fn of_datagrams(&self) -> Option<Cause> {
        let error = match self.got {
            Got::Panic { .. } => return Some(Cause::Panicked),
            Got::Error { kind, .. } => Some(*kind),
            _ => self.log.ended.flatten(),
        };
        match (error, self.got) {
            (Some(ErrorKind::ConnectionRefused | ErrorKind::ConnectionReset), _) => {
                Some(Cause::UnreachableIsNoFailure)
            }
            (Some(ErrorKind::Interrupted), _) => Some(Cause::InterruptedIsNoFailure),
            (Some(ErrorKind::WouldBlock), _) => Some(Cause::TimeoutHasTwoNames),
            (Some(ErrorKind::InvalidInput), _) => Some(Cause::NoTimeIsNoTimeout),
            (_, Got::Value { bytes: Some(got), .. }) => of_datagram(got, self.expected_bytes?),
            (_, Got::Value { .. }) => self.of_an_early_end(),
            _ => None,
        }
    }

    /// A call ended while a peer still waited for it.
    fn of_an_early_end(&self) -> Option<Cause> {
        let (error, point) = (self.log.ended?, self.point?);
        if error.is_none() && *point == Cause::UnreachableIsNoFailure {
            // It ended without any error: the news is not what ended it.
            return Some(Cause::ServesOneAndEnds);
        }
        // It gave up where it should have asked again; waiting for ever is another mistake.
        (*point == Cause::WaitsForEver).then_some(Cause::GivesUpTooSoon)
    }

    fn of_panic(&self, message: &str) -> Cause {
        let negative = self.header().is_some_and(|length| length < 0);
        if negative && message.contains(r"capacity overflow") {
            return Cause::NegativeLengthTrusted;
        }
        if message.starts_with(r"attempt to shift") {
            return Cause::ShiftByAllBits;
        }
        Cause::Panicked
    }

    fn of_spinning(&self) -> Cause {
        let at_the_end = |call: &&Call| matches!(call, Call::Read { asked: 1.., got: Ok(0) });
        // An echo at the end writes the nothing that it reads: its reads alone tell.
        let last = self.log.calls.iter().rev().take(4);
        let mut reads = last.filter(|call| matches!(call, Call::Read { .. })).peekable();
        if reads.peek().is_some() && reads.all(|call| at_the_end(&call)) {
            Cause::SpinsAtTheEnd
        } else {
            Cause::Spins
        }
    }

    fn of_starving(&self, asked: usize) -> Cause {
        // The first request for a body shows the length that was trusted; later ones what is left.
        let most = self.asked().chain([asked]).max().unwrap_or(asked);
        self.of_wrong_length(most).or_else(|| self.of_header_in_pieces()).unwrap_or(
            match self.expected_error {
                Some(ErrorKind::InvalidData) => Cause::LengthTrusted,
                _ => Cause::AsksForMoreThanComes(counted(asked, words::BYTE)),
            },
        )
    }

    fn of_wrong_length(&self, asked: usize) -> Option<Cause> {
        let asked_bytes = u32::try_from(asked).ok()?.to_le_bytes();
        if asked_bytes.iter().all(|byte| byte.is_ascii_graphic()) {
            let text = String::from_utf8_lossy(&asked_bytes).into_owned();
            return Some(Cause::LengthIsText(text, grouped(asked)));
        }
        let meant = u32::from_be_bytes(asked_bytes) as usize;
        let stream = self.log.stream();
        let sent = stream.windows(HEADER).any(|bytes| bytes == (meant as u32).to_le_bytes());
        (sent && asked > stream.len() && meant <= stream.len()).then(|| byte_swapped(asked, meant))
    }

    fn of_error(&self, kind: ErrorKind) -> Option<Cause> {
        let interrupted = kind == ErrorKind::Interrupted;
        if interrupted && self.expected_error != Some(ErrorKind::Interrupted) {
            return Some(Cause::InterruptedIsNoFailure);
        }
        if kind == ErrorKind::UnexpectedEof && self.expected_error == Some(ErrorKind::InvalidData) {
            return Some(Cause::LengthTrusted);
        }
        // Only a file that is moved from one filesystem to another comes to this (EXDEV, rename(2)).
        if kind == ErrorKind::CrossesDevices {
            return Some(Cause::TemporaryFileElsewhere);
        }
        self.of_header_in_pieces()
    }

    /// The header was asked for once, came in part, and the rest was never asked for.
    fn of_header_in_pieces(&self) -> Option<Cause> {
        let reads: Vec<(usize, usize)> = self
            .log
            .calls
            .iter()
            .filter_map(|call| match call {
                Call::Read { asked, got: Ok(got) } => Some((*asked, *got)),
                _ => None,
            })
            .collect();
        reads.iter().enumerate().find_map(|(at, &(asked, got))| {
            let short = asked == HEADER && (1..HEADER).contains(&got);
            let next = reads.get(at + 1);
            let goes_on = next.is_some_and(|&(asked, _)| asked + got == HEADER);
            (short && !goes_on && self.follows_up_wrongly(next))
                .then(|| Cause::HeaderReadOnce(counted(got, words::BYTE)))
        })
    }

    fn follows_up_wrongly(&self, next: Option<&(usize, usize)>) -> bool {
        next.is_some() || !matches!(self.got, Got::Error { .. })
    }

    fn of_value(&self, got: Option<&[u8]>) -> Option<Cause> {
        match (self.expected_error, self.expected_bytes) {
            (Some(ErrorKind::UnexpectedEof), _) => Some(Cause::TruncationLooksComplete),
            (Some(_), _) => None,
            (None, Some(expected)) => self.of_bytes(got?, expected),
            (None, None) => None,
        }
    }

    fn of_bytes(&self, got: &[u8], expected: &[u8]) -> Option<Cause> {
        if let Some(cause) = self.of_header_in_pieces() {
            return Some(cause);
        }
        let stream = self.log.stream();
        let same = got.iter().zip(expected).take_while(|(a, b)| a == b).count();
        if got.len() == expected.len() && same < got.len() && got[same..].iter().all(|b| *b == 0) {
            return Some(Cause::UnfilledBuffer);
        }
        if same == got.len() && got.len() < expected.len() && !self.read_everything() {
            return Some(Cause::OneReadIsNotOneMessage);
        }
        if got == String::from_utf8_lossy(expected).as_bytes() {
            return Some(Cause::BytesAreNotText);
        }
        let header = (expected.len() as u32).to_le_bytes();
        if got.starts_with(&header) && got[HEADER..].starts_with(expected) {
            return Some(Cause::HeaderInMessage);
        }
        let follows = |part: &[u8]| stream.windows(part.len().max(1)).any(|window| window == part);
        if same == expected.len() && follows(got) {
            return Some(Cause::TwoMessagesInOne);
        }
        None
    }

    /// All that was sent has been read: whatever is missing now, the answer has had it.
    fn read_everything(&self) -> bool {
        let took: usize = self.log.calls.iter().map(Call::bytes_read).sum();
        took > 0 && took == self.log.stream().len()
    }

    /// Some write took less than it was offered.
    fn wrote_in_part(&self) -> bool {
        self.log.calls_of_this_step().any(|call| match call {
            Call::Write { offered, took } => took.unwrap_or(0) < offered.len(),
            _ => false,
        })
    }

    /// Earlier calls took more bytes than the messages that they returned are long.
    fn read_too_far(&self) -> bool {
        let took: usize = self.log.earlier_calls().map(Call::bytes_read).sum();
        let stream = self.log.stream();
        let mut end = 0;
        for _ in 0..self.log.steps_over() {
            let header = stream.get(end..).and_then(|rest| rest.first_chunk());
            let length =
                header.and_then(|header| usize::try_from(i32::from_le_bytes(*header)).ok());
            end += length.map_or(stream.len(), |length| HEADER + length);
        }
        took > end && end < stream.len()
    }

    fn header(&self) -> Option<i32> {
        self.log.stream().first_chunk().map(|header| i32::from_le_bytes(*header))
    }

    fn asked(&self) -> impl Iterator<Item = usize> {
        self.log.calls.iter().filter_map(|call| match call {
            Call::Read { asked, .. } => Some(*asked),
            _ => None,
        })
    }
}

fn byte_swapped(asked: usize, meant: usize) -> Cause {
    Cause::ByteSwapped(grouped(asked), grouped(meant))
}

/// What is wrong with one datagram, where another was expected.
fn of_datagram(got: &[u8], expected: &[u8]) -> Option<Cause> {
    let sent: Vec<u8> = got.iter().copied().filter(|byte| *byte != 0).collect();
    let meant: Vec<u8> = expected.iter().copied().filter(|byte| *byte != 0).collect();
    if got.len() > expected.len() && (sent == meant || got.starts_with(expected)) {
        return Some(Cause::UnfilledBuffer);
    }
    if got.len() < expected.len() && expected.starts_with(got) {
        return Some(Cause::DatagramCut);
    }
    (got == String::from_utf8_lossy(expected).as_bytes()).then_some(Cause::BytesAreNotText)
}

fn of_writing(problem: &Problem, in_part: bool) -> Option<Cause> {
    let Problem { came, expected } = problem;
    let (header, message) = expected.split_at_checked(HEADER)?;
    if came == message && !message.is_empty() {
        return Some(Cause::HeaderMissing);
    }
    if let Some((first, rest)) = came.split_first_chunk::<HEADER>() {
        let length = u32::from_le_bytes(*first) as usize;
        let swapped = u32::from_be_bytes(*first) as usize;
        if first != header && rest == message {
            if length == message.len() + HEADER {
                return Some(Cause::LengthCountsTheHeader);
            }
            if swapped == message.len() {
                return Some(byte_swapped(length, swapped));
            }
        }
    }
    if came.is_empty() {
        return Some(Cause::NeverFlushed);
    }
    let is_part_of = |part: &[u8]| {
        let mut rest = expected.iter();
        part.iter().all(|byte| rest.any(|other| other == byte))
    };
    let lost = in_part && came.len() < expected.len() && is_part_of(came);
    lost.then_some(Cause::PartialWriteIgnored)
}
