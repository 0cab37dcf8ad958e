//! From a transcript to a named cause: what the bytes and the calls show about the mistake.
//!
//! The rules go from the plain to the general; the first that applies names the cause. If none applies, the
//! check's default cause is the cause.

pub(crate) mod answers;
mod datagram;
mod stream;

use std::io::ErrorKind;

use crate::cause::Cause;
use crate::transcript::{Halt, Outcome, Transcript};

/// Everything that a rule may use.
pub(crate) struct Evidence<'a> {
    pub transcript: &'a Transcript,
    pub expected_bytes: Option<&'a [u8]>,
    pub expected_error: Option<ErrorKind>,
    /// What the check is about.
    pub default_cause: Option<&'a Cause>,
    pub got: &'a Outcome,
}

impl Evidence<'_> {
    /// The cause that the transcript shows; `None` if it shows no plain one.
    pub(crate) fn cause(&self) -> Option<Cause> {
        if self.transcript.datagrams {
            return self.of_datagrams();
        }
        if self.read_too_far() {
            return Some(Cause::ReadTooFar);
        }
        match self.got {
            Outcome::Panic { of_the_course: true, .. } => Some(Cause::CheckPanicked),
            Outcome::Panic { message, .. } => Some(self.of_panic(message)),
            Outcome::Halt(Halt::Spun) => Some(self.of_spinning()),
            Outcome::Halt(Halt::Starved { asked }) => Some(self.of_starving(*asked)),
            Outcome::Waits { only_computes: true, .. } => Some(Cause::LoopsForEver),
            Outcome::Waits { .. } => None,
            Outcome::Error { kind, .. } => self.of_error(*kind),
            Outcome::Wrote(problem) => stream::of_writing(problem, self.wrote_in_part()),
            Outcome::Value { bytes, .. } => self.of_value(bytes.as_deref()),
        }
    }

    /// The likeliest cause, if the check names none either.
    pub(crate) fn guess(&self) -> Cause {
        match self.got {
            Outcome::Waits { .. } => Cause::NeverReturns,
            Outcome::Error { kind: ErrorKind::InvalidData, .. }
                if self.expected_error.is_none() =>
            {
                Cause::LostItsPlace
            }
            Outcome::Error { .. } if self.expected_error.is_some() => Cause::AnotherError,
            Outcome::Value { bytes: None, .. } if self.expected_bytes == Some(&[]) => {
                Cause::EmptyMessageIsAMessage
            }
            _ => Cause::Differs,
        }
    }
}
