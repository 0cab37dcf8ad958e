//! The rules for streams: what headers, lengths, and lost or invented bytes show about the mistake.

use std::io::ErrorKind;

use super::Evidence;
use crate::cause::Cause;
use crate::story::values::{counted, grouped};
use crate::transcript::{Call, Outcome, Problem};
use crate::words;

const HEADER: usize = size_of::<i32>();

impl Evidence<'_> {
    pub(super) fn of_panic(&self, message: &str) -> Cause {
        let negative = self.header().is_some_and(|length| length < 0);
        if negative && message.contains(r"capacity overflow") {
            return Cause::NegativeLengthTrusted;
        }
        if message.starts_with(r"attempt to shift") {
            return Cause::ShiftByAllBits;
        }
        Cause::Panicked
    }

    pub(super) fn of_spinning(&self) -> Cause {
        let at_the_end = |call: &&Call| matches!(call, Call::Read { asked: 1.., got: Ok(0) });
        // At the end of the stream an echo also writes the 0 bytes that it read, so only its reads count.
        let last = self.transcript.calls.iter().rev().take(4);
        let mut reads = last.filter(|call| matches!(call, Call::Read { .. })).peekable();
        if reads.peek().is_some() && reads.all(|call| at_the_end(&call)) {
            Cause::SpinsAtTheEnd
        } else {
            Cause::Spins
        }
    }

    pub(super) fn of_starving(&self, asked: usize) -> Cause {
        // The first request for a body shows the trusted length; later ones show what is left of it.
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
        let stream = self.transcript.stream();
        let sent = stream.windows(HEADER).any(|bytes| bytes == (meant as u32).to_le_bytes());
        (sent && asked > stream.len() && meant <= stream.len()).then(|| byte_swapped(asked, meant))
    }

    pub(super) fn of_error(&self, kind: ErrorKind) -> Option<Cause> {
        let interrupted = kind == ErrorKind::Interrupted;
        if interrupted && self.expected_error != Some(ErrorKind::Interrupted) {
            return Some(Cause::InterruptedIsNoFailure);
        }
        if kind == ErrorKind::UnexpectedEof && self.expected_error == Some(ErrorKind::InvalidData) {
            return Some(Cause::LengthTrusted);
        }
        // Only moving a file from one filesystem to another ends in this error (EXDEV, rename(2)).
        if kind == ErrorKind::CrossesDevices {
            return Some(Cause::TemporaryFileElsewhere);
        }
        self.of_header_in_pieces()
    }

    /// The header was requested once and came in part, and the rest was never requested.
    fn of_header_in_pieces(&self) -> Option<Cause> {
        let reads: Vec<(usize, usize)> = self
            .transcript
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
        next.is_some() || !matches!(self.got, Outcome::Error { .. })
    }

    pub(super) fn of_value(&self, got: Option<&[u8]>) -> Option<Cause> {
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
        let stream = self.transcript.stream();
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

    /// Everything sent has been read: if bytes are missing now, the answer has lost them.
    fn read_everything(&self) -> bool {
        let took: usize = self.transcript.calls.iter().map(Call::bytes_read).sum();
        took > 0 && took == self.transcript.stream().len()
    }

    /// Some write took less than was offered.
    pub(super) fn wrote_in_part(&self) -> bool {
        self.transcript.calls_of_this_step().any(|call| match call {
            Call::Write { offered, took } => took.unwrap_or(0) < offered.len(),
            _ => false,
        })
    }

    /// Earlier calls read more bytes than the messages that they returned contain.
    pub(super) fn read_too_far(&self) -> bool {
        let took: usize = self.transcript.earlier_calls().map(Call::bytes_read).sum();
        let stream = self.transcript.stream();
        let mut end = 0;
        for _ in 0..self.transcript.steps_over() {
            let header = stream.get(end..).and_then(|rest| rest.first_chunk());
            let length =
                header.and_then(|header| usize::try_from(i32::from_le_bytes(*header)).ok());
            end += length.map_or(stream.len(), |length| HEADER + length);
        }
        took > end && end < stream.len()
    }

    fn header(&self) -> Option<i32> {
        self.transcript.stream().first_chunk().map(|header| i32::from_le_bytes(*header))
    }

    fn asked(&self) -> impl Iterator<Item = usize> {
        self.transcript.calls.iter().filter_map(|call| match call {
            Call::Read { asked, .. } => Some(*asked),
            _ => None,
        })
    }
}

fn byte_swapped(asked: usize, meant: usize) -> Cause {
    Cause::ByteSwapped(grouped(asked), grouped(meant))
}

pub(super) fn of_writing(problem: &Problem, in_part: bool) -> Option<Cause> {
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
        let is_empty = message.is_empty() && header == [0; HEADER];
        return Some(if is_empty { Cause::EmptyMessageIsAMessage } else { Cause::NeverFlushed });
    }
    let is_part_of = |part: &[u8]| {
        let mut rest = expected.iter();
        part.iter().all(|byte| rest.any(|other| other == byte))
    };
    let lost = in_part && came.len() < expected.len() && is_part_of(came);
    lost.then_some(Cause::PartialWriteIgnored)
}
