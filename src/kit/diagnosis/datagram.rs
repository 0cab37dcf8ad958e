//! The rules for UDP, which keeps the boundaries of messages and promises nothing else.

use std::io::ErrorKind;

use super::Evidence;
use crate::cause::Cause;
use crate::transcript::Outcome;

impl Evidence<'_> {
    /// The cause that the datagrams show, or `None`.
    pub(super) fn of_datagrams(&self) -> Option<Cause> {
        let error = match self.got {
            Outcome::Panic { of_the_course: true, .. } => return Some(Cause::CheckPanicked),
            Outcome::Panic { .. } => return Some(Cause::Panicked),
            Outcome::Error { kind, .. } => Some(*kind),
            _ => self.transcript.ended.flatten(),
        };
        match (error, self.got) {
            (Some(ErrorKind::ConnectionRefused | ErrorKind::ConnectionReset), _) => {
                Some(Cause::UnreachableIsNoFailure)
            }
            (Some(ErrorKind::Interrupted), _) => Some(Cause::InterruptedIsNoFailure),
            (Some(ErrorKind::WouldBlock), _) => Some(Cause::TimeoutHasTwoNames),
            (Some(ErrorKind::InvalidInput), _) => Some(Cause::NoTimeIsNoTimeout),
            (_, Outcome::Value { bytes: Some(got), .. }) => of_datagram(got, self.expected_bytes?),
            (_, Outcome::Value { .. }) => self.of_an_early_end(),
            _ => None,
        }
    }

    /// The cause if a call ended while a peer still waited for it.
    fn of_an_early_end(&self) -> Option<Cause> {
        let (error, default_cause) = (self.transcript.ended?, self.default_cause?);
        if error.is_none() && *default_cause == Cause::UnreachableIsNoFailure {
            // It returned success, so the reported unreachable port did not end it.
            return Some(Cause::ServesOneAndEnds);
        }
        // It gave up where it should have asked again; waiting for ever is another mistake.
        (*default_cause == Cause::WaitsForEver).then_some(Cause::GivesUpTooSoon)
    }
}

/// What is wrong with one datagram where another was expected.
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
