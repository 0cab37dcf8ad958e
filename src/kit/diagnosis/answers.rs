//! The rules for a server with many clients: what one client's bytes, or an error of the server, show.

use std::io::{self, ErrorKind};

use crate::cause::Cause;
use crate::net::crowd::{Client, Crowd};
use crate::story::Row;
use crate::story::values::{compared, quoted};
use crate::words;

/// The cause of a turn's error: a turn may fail because of the listener, never because of a client.
pub(crate) fn of_error(error: &io::Error) -> Cause {
    match error.kind() {
        ErrorKind::WouldBlock => Cause::NothingNowIsNoFailure,
        ErrorKind::InvalidData => Cause::HalfACharacter,
        _ => Cause::OneClientEndsTheServer,
    }
}

/// Whether these are so many bytes that the kernel decides how many arrive at once and, when some are lost,
/// whether others arrive in their place.
pub(crate) fn is_much(bytes: &[u8]) -> bool {
    bytes.len() > 512
}

/// The cause that the bytes themselves show if they differ from the expected ones; otherwise this cause.
pub(crate) fn of_bytes(crowd: &Crowd, client: Client, expected: &[u8], cause: Cause) -> Cause {
    let heard = crowd.heard(client);
    let same = heard.iter().zip(expected).take_while(|(a, b)| a == b).count();
    let strange = &heard[same..];
    // U+FFFD, which replaces bytes that are not text.
    let replaced = "\u{fffd}".as_bytes();
    if strange.contains(&0) && !expected.contains(&0) {
        Cause::UnfilledBuffer
    } else if are_anothers(strange, &expected[same..], |bytes| crowd.others_said(client, bytes)) {
        Cause::AnotherClientsBytes
    } else if strange.windows(replaced.len()).any(|part| part == replaced) {
        Cause::BytesAreNotText
    } else if cause == Cause::AnswerNeverCame && !is_much(expected) {
        Cause::Differs
    } else {
        cause
    }
}

/// Whether bytes that came in place of `expected` are what another client said.
fn are_anothers(strange: &[u8], expected: &[u8], others_said: impl Fn(&[u8]) -> bool) -> bool {
    // Only the first few: after them may come another piece of what the other client said.
    let first = &strange[..strange.len().min(8)];
    // After a gap in the client's own answer come later bytes of it; another client may expect the same ones.
    let are_later = !first.is_empty() && expected.windows(first.len()).any(|it| it == first);
    !are_later && others_said(first)
}

/// What a client received, beside what it should have received; for many bytes only the second.
pub(crate) fn compared_rows(name: &str, heard: &[u8], expected: &[u8]) -> Vec<Row> {
    if is_much(expected) {
        return vec![expected_row(name, expected)];
    }
    if is_much(heard) && !heard.starts_with(expected) {
        let then = Row::new(words::THEN, words::got_more_bytes_than_its_answer(name));
        return vec![then, expected_row(name, expected)];
    }
    let (heard, expected, mark) = compared(heard, expected);
    vec![
        Row::new(words::what_it_got(name), heard),
        Row { label: words::EXPECTED.to_owned(), text: expected, mark: Some(mark) },
    ]
}

/// What a client should receive.
pub(crate) fn expected_row(name: &str, expected: &[u8]) -> Row {
    let text = match expected.len() {
        ..=64 => quoted(expected),
        _ => words::ALL_OF_ITS_ANSWER.to_owned(),
    };
    Row::new(words::EXPECTED, words::gets(name, text))
}

#[cfg(test)]
mod tests {
    use super::are_anothers;

    #[test]
    fn a_gap_in_an_answer_shows_no_other_clients_bytes() {
        let both_said =
            |bytes: &[u8]| b"LINE 1\nLINE 2\nLINE 3\n".windows(bytes.len()).any(|it| it == bytes);
        assert!(!are_anothers(b"LINE 3\n", b"LINE 2\nLINE 3\n", both_said));
        assert!(are_anothers(b"LINE 3\n", b"HELLO\n", both_said));
        assert!(!are_anothers(b"", b"HELLO\n", |bytes| !bytes.is_empty()));
    }
}
