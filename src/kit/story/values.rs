//! How stories show values: bytes as text if they are text, long values cut, differences marked.

use std::fmt::Display;
use std::io;

use crate::story::Mark;
use crate::words;

/// A value that a story can show.
pub trait Describe {
    /// The value as a story shows it: `"hello"`, `None`, `3`.
    fn describe(&self) -> String;

    /// The bytes of the value, if it consists of bytes: differences are marked in them.
    fn bytes(&self) -> Option<&[u8]> {
        None
    }
}

/// What a check finds, in words. A story shows it without quotation marks.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding(String);

impl Finding {
    /// Say what was found: `it still waits`.
    pub fn of(text: impl Into<String>) -> Finding {
        Finding(text.into())
    }
}

impl Describe for Finding {
    fn describe(&self) -> String {
        self.0.clone()
    }
}

/// The most bytes of a value that a story shows.
const SHOWN: usize = 32;
/// The most bytes of readable lines that a story shows.
const SHOWN_OF_LINES: usize = 120;
/// How many bytes before the first difference a story shows.
const CONTEXT: usize = 8;

impl Describe for () {
    fn describe(&self) -> String {
        words::SUCCESS.to_owned()
    }
}

impl Describe for bool {
    fn describe(&self) -> String {
        self.to_string()
    }
}

impl Describe for usize {
    fn describe(&self) -> String {
        self.to_string()
    }
}

impl Describe for String {
    fn describe(&self) -> String {
        quoted(self.as_bytes())
    }

    fn bytes(&self) -> Option<&[u8]> {
        Some(self.as_bytes())
    }
}

impl Describe for Vec<u8> {
    fn describe(&self) -> String {
        quoted(self)
    }

    fn bytes(&self) -> Option<&[u8]> {
        Some(self)
    }
}

impl Describe for Vec<Vec<u8>> {
    fn describe(&self) -> String {
        let parts: Vec<String> = self.iter().map(Describe::describe).collect();
        format!("[{}]", parts.join(", "))
    }
}

impl<T: Describe> Describe for Option<T> {
    fn describe(&self) -> String {
        self.as_ref().map_or_else(|| "None".to_owned(), Describe::describe)
    }

    fn bytes(&self) -> Option<&[u8]> {
        self.as_ref().and_then(Describe::bytes)
    }
}

/// Show an error: its kind, then its message.
pub(crate) fn describe_error(error: &io::Error) -> String {
    let (kind, words) = (format!("{:?}", error.kind()), error.to_string());
    if words.is_empty() || words == error.kind().to_string() {
        kind
    } else {
        format!("{kind}: {words}")
    }
}

/// Quote bytes as Rust writes them, text as text. Long values are cut, and their size is shown.
pub fn quoted(bytes: &[u8]) -> String {
    excerpt(bytes, 0)
}

/// Show both values, with a mark under the expected one where the other differs.
pub fn compared(got: &[u8], expected: &[u8]) -> (String, String, Mark) {
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
    let mark = Mark { column: place_of(at, expected, start), note };
    (excerpt(got, start), excerpt(expected, start), mark)
}

/// Quote lines of text as Rust writes them. Of long text, show the first bytes, the last bytes and the size.
pub fn lines(bytes: &[u8]) -> String {
    if bytes.len() <= SHOWN_OF_LINES {
        return format!("\"{}\"", escaped(bytes));
    }
    let (head, tail) = (&bytes[..SHOWN_OF_LINES / 2], &bytes[bytes.len() - SHOWN_OF_LINES / 4..]);
    let shown = format!("\"{}\" … \"{}\"", escaped(head), escaped(tail));
    words::noted(shown, counted(bytes.len(), words::BYTE))
}

/// Show a count with its noun: `1 byte`, `5 bytes`.
pub fn counted(count: usize, noun: impl Display) -> String {
    if count == 1 { words::one(noun) } else { words::several(grouped(count), noun) }
}

/// Show a number of bytes in whole MiB or KiB, rounded down: `16 MiB`.
pub(crate) fn in_large_units(bytes: usize) -> String {
    match bytes / 1024 {
        kibibytes @ 1024.. => words::mebibytes(grouped(kibibytes / 1024)),
        kibibytes => words::kibibytes(kibibytes),
    }
}

/// Show a number with its digits in groups of three: `1,819,043,176`.
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
    let text = escaped(shown(bytes, start));
    let cut = bytes.len() > start + SHOWN || start > 0;
    let after = if bytes.len() > start + SHOWN { "…" } else { "" };
    let shown = format!("{}{text}\"{after}", opening(start));
    if cut { words::noted(shown, counted(bytes.len(), words::BYTE)) } else { shown }
}

/// The character of the excerpt that shows the byte `at`; the closing quote if the value ends before it.
fn place_of(at: usize, bytes: &[u8], start: usize) -> usize {
    let (shown, before) = (shown(bytes, start), at - start);
    let count = match as_text(shown) {
        // A byte inside a character is shown by the whole character.
        Some(text) => text[..text.floor_char_boundary(before)].escape_debug().count(),
        None => shown[..before].escape_ascii().count(),
    };
    opening(start).chars().count() + count
}

fn shown(bytes: &[u8], start: usize) -> &[u8] {
    &bytes[start..bytes.len().min(start + SHOWN)]
}

fn opening(start: usize) -> &'static str {
    if start > 0 { "…\"" } else { "\"" }
}

fn escaped(bytes: &[u8]) -> String {
    match as_text(bytes) {
        Some(text) => text.escape_debug().to_string(),
        None => bytes.escape_ascii().to_string(),
    }
}

/// The bytes as text without control characters. UTF-8 that is cut inside a character is not text.
fn as_text(bytes: &[u8]) -> Option<&str> {
    std::str::from_utf8(bytes).ok().filter(|text| !text.contains(char::is_control))
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::{Just, Strategy, any};
    use proptest::{char as character, prop_oneof, sample};
    use rstest::rstest;
    use unicode_width::UnicodeWidthChar;

    use super::*;
    use crate::property::for_any;
    use crate::story::Row;

    #[rstest]
    #[case::the_first_byte(b"Next", b"next", "\"")]
    #[case::the_first_byte_of_nothing(b"", b"next", "\"")]
    #[case::the_byte_after_a_quote(b"\"Next", b"\"next", "\"\\\"")]
    #[case::the_end_of_an_empty_value(b"next", b"", "\"")]
    #[case::the_end_of_a_value_that_ends_with_a_quote(b"a\"!", b"a\"", "\"a\\\"")]
    #[case::a_byte_far_from_the_beginning(&[b'a'; 40], &[[b'a'; 30], [b'b'; 30]].concat(), "…\"aaaaaaaa")]
    #[case::a_byte_inside_a_character("naîve".as_bytes(), "naïve".as_bytes(), "\"na")]
    fn a_mark_is_at_the_first_difference(
        #[case] got: &[u8],
        #[case] expected: &[u8],
        #[case] before: &str,
    ) {
        let (_, text, mark) = compared(got, expected);
        assert_eq!(text.chars().take(mark.column).collect::<String>(), before, "{text}");
    }

    #[test]
    fn a_caret_is_in_the_column_of_the_first_difference() {
        for_any([], values(), |(expected, got)| {
            let (_, text, mark) = compared(got, expected);
            let at = expected.iter().zip(got).take_while(|(a, b)| a == b).count();
            let row = Row { label: String::new(), text, mark: Some(mark) };
            let lines = row.lines(usize::MAX);
            let caret = lines[1].find('^').expect("a row with a mark has a caret");
            assert_eq!(caret, column_of(&lines[0], at), "{lines:#?}");
        });
    }

    /// An expected value, and another that begins alike.
    fn values() -> impl Strategy<Value = (Vec<u8>, Vec<u8>)> {
        let any_character = || {
            prop_oneof![
                4 => character::range(' ', '~'),
                2 => sample::select(vec!['"', '\'', '\\', '\n', '\0', '\u{7f}']),
                2 => character::range('一', '龥'),
                1 => sample::select(vec!['é', 'ß', '，', '（', '한', 'ｱ', '\u{200b}']),
                1 => character::range('\u{300}', '\u{36f}'),
                1 => character::range('😀', '🙏'),
            ]
        };
        let text = || vec(any_character(), 0..30).prop_map(|it| it.into_iter().collect::<String>());
        let bytes = move || prop_oneof![8 => text().prop_map(String::into_bytes), 1 => vec(any::<u8>(), 0..40)];
        let changed = (bytes(), any::<sample::Index>(), any::<u8>()).prop_map(|(it, at, byte)| {
            let mut got = it.clone();
            match got.len() {
                0 => got.push(byte),
                all => got[at.index(all)] ^= byte.max(1),
            }
            (it, got)
        });
        let longer = (bytes(), bytes(), Just(b'x'))
            .prop_map(|(it, more, last)| (it.clone(), [it, more, vec![last]].concat()));
        let shorter = (bytes(), bytes(), Just(b'x'))
            .prop_map(|(it, more, last)| ([&it[..], &more, &[last]].concat(), it));
        prop_oneof![2 => changed, 1 => longer, 1 => shorter]
    }

    /// Read the line as a person does, and find the column in which byte `at` of the value is shown.
    fn column_of(line: &str, at: usize) -> usize {
        let (before, value) = line.split_once('"').expect("a value is quoted");
        // What stands before a value that is cut is not shown.
        let mut byte = if before.ends_with('…') { at - CONTEXT } else { 0 };
        let mut column = width(before) + 1;
        let mut rest = value;
        loop {
            let (bytes, shown) = next_shown(rest);
            // A combining character is shown in the column of the character before it.
            let start = if width(shown) == 0 { column - 1 } else { column };
            if shown == "\"" || (byte..byte + bytes).contains(&at) {
                return start;
            }
            (byte, column, rest) = (byte + bytes, column + width(shown), &rest[shown.len()..]);
        }
    }

    /// The first character or escape of a quoted value, and how many bytes it stands for.
    fn next_shown(value: &str) -> (usize, &str) {
        let first = value.chars().next().expect("a value ends with a quote");
        match value.as_bytes() {
            [b'\\', b'x', ..] => (1, &value[..4]),
            [b'\\', b'u', ..] => {
                let end = value.find('}').expect("an escape ends with a brace");
                let code = u32::from_str_radix(&value[3..end], 16).expect("hexadecimal digits");
                (char::from_u32(code).expect("a character").len_utf8(), &value[..=end])
            }
            [b'\\', ..] => (1, &value[..2]),
            _ => (first.len_utf8(), &value[..first.len_utf8()]),
        }
    }

    fn width(text: &str) -> usize {
        text.chars().filter_map(UnicodeWidthChar::width).sum()
    }
}
