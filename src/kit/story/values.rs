//! How values read in a story: bytes as text where they are text, long ones cut, differences marked.

use std::io;

use crate::story::Mark;
use crate::words;

/// A value that a story can tell.
pub trait Told {
    /// The value as a story shows it: `"hello"`, `None`, `3`.
    fn told(&self) -> String;

    /// The bytes that the value consists of, where it is made of bytes: differences are marked in them.
    fn bytes(&self) -> Option<&[u8]> {
        None
    }
}

/// How many bytes of a value a story shows at most.
const SHOWN: usize = 32;
/// How many bytes of lines that people can read a story shows at most.
const SHOWN_OF_LINES: usize = 120;
/// How many bytes before the first difference a story shows.
const CONTEXT: usize = 8;

impl Told for () {
    fn told(&self) -> String {
        words::SUCCESS.to_owned()
    }
}

impl Told for bool {
    fn told(&self) -> String {
        self.to_string()
    }
}

impl Told for usize {
    fn told(&self) -> String {
        self.to_string()
    }
}

impl Told for String {
    fn told(&self) -> String {
        quoted(self.as_bytes())
    }

    fn bytes(&self) -> Option<&[u8]> {
        Some(self.as_bytes())
    }
}

impl Told for Vec<u8> {
    fn told(&self) -> String {
        quoted(self)
    }

    fn bytes(&self) -> Option<&[u8]> {
        Some(self)
    }
}

impl Told for Vec<Vec<u8>> {
    fn told(&self) -> String {
        let parts: Vec<String> = self.iter().map(Told::told).collect();
        format!("[{}]", parts.join(", "))
    }
}

impl<T: Told> Told for Option<T> {
    fn told(&self) -> String {
        self.as_ref().map_or_else(|| "None".to_owned(), Told::told)
    }

    fn bytes(&self) -> Option<&[u8]> {
        self.as_ref().and_then(Told::bytes)
    }
}

/// An error as a story shows it: its kind, then its words.
pub(crate) fn told_error(error: &io::Error) -> String {
    let (kind, words) = (format!("{:?}", error.kind()), error.to_string());
    if words.is_empty() || words == error.kind().to_string() {
        kind
    } else {
        format!("{kind}: {words}")
    }
}

/// Quote bytes the way Rust writes them, text as text; long ones are cut, and their size is given.
pub fn quoted(bytes: &[u8]) -> String {
    excerpt(bytes, 0)
}

/// Both values as a story shows them, and a mark under the expected one where the other differs.
pub(crate) fn compared(got: &[u8], expected: &[u8]) -> (String, String, Mark) {
    let differs = got.iter().zip(expected).position(|(a, b)| a != b);
    let at = differs.unwrap_or(got.len().min(expected.len()));
    let start = if at < SHOWN - CONTEXT { 0 } else { at - CONTEXT };
    let note = match differs {
        Some(at) => {
            let (came, wanted) = (got[at], expected[at]);
            words::byte_differs(at + 1, format_args!("{came:02x}"), format_args!("{wanted:02x}"))
        }
        None if got.len() < expected.len() => {
            words::part_of(got.len(), counted(expected.len(), words::BYTE))
        }
        None => words::more_than_expected(got.len() - expected.len(), expected.len()),
    };
    let before = excerpt(&expected[..at], start).trim_end_matches('"').chars().count();
    let mark = Mark { column: before, note };
    (excerpt(got, start), excerpt(expected, start), mark)
}

/// Lines of text the way Rust writes them; of many, the first bytes and the last, and how many.
pub(crate) fn lines(bytes: &[u8]) -> String {
    if bytes.len() <= SHOWN_OF_LINES {
        return format!("\"{}\"", escaped(bytes));
    }
    let (head, tail) = (&bytes[..SHOWN_OF_LINES / 2], &bytes[bytes.len() - SHOWN_OF_LINES / 4..]);
    format!("\"{}\" … \"{}\" ({})", escaped(head), escaped(tail), counted(bytes.len(), words::BYTE))
}

/// A count with its noun: `1 byte`, `5 bytes`.
pub fn counted(count: usize, noun: &str) -> String {
    if count == 1 { words::one(noun) } else { words::several(grouped(count), noun) }
}

/// So many bytes at least, in whole MiB or KiB: `16 MiB`.
pub(crate) fn in_large_units(bytes: usize) -> String {
    match bytes / 1024 {
        kibibytes @ 1024.. => words::mebibytes(grouped(kibibytes / 1024)),
        kibibytes => words::kibibytes(kibibytes),
    }
}

/// A number with its digits in groups of three: `1,819,043,176`.
pub fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let groups: Vec<&str> = digits
        .as_bytes()
        .rchunks(3)
        .rev()
        .map(|group| std::str::from_utf8(group).expect("digits are ASCII"))
        .collect();
    groups.join(",")
}

fn excerpt(bytes: &[u8], start: usize) -> String {
    let start = start.min(bytes.len());
    let shown = &bytes[start..bytes.len().min(start + SHOWN)];
    let text = escaped(shown);
    let before = if start > 0 { "…" } else { "" };
    let cut = bytes.len() > start + SHOWN || start > 0;
    let after = if bytes.len() > start + SHOWN { "…" } else { "" };
    let size =
        if cut { format!(" ({})", counted(bytes.len(), words::BYTE)) } else { String::new() };
    format!("{before}\"{text}\"{after}{size}")
}

fn escaped(bytes: &[u8]) -> String {
    // Cut inside a character, UTF-8 text would read as escapes: such bytes are told as bytes anyway.
    match std::str::from_utf8(bytes) {
        Ok(text) if !text.contains(char::is_control) => text.escape_debug().to_string(),
        _ => bytes.escape_ascii().to_string(),
    }
}
