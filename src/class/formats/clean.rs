//! Cleans every text before any format is written: no control character, and no path of this machine.

use std::borrow::Cow;
use std::env;
use std::fs;
use std::path::{Component, Path};

use netkata_runner::course::Course;
use serde_json::Value;

use crate::results::Student;

/// Replace every character that a terminal obeys or that a format refuses; most texts stay as they are.
///
/// | character | becomes |
/// |---|---|
/// | newline, tab | stay |
/// | carriage return before a newline | nothing |
/// | any other of U+0000 to U+001F, and U+007F | its picture: `␀`, `␛`, `␡` |
/// | U+0080 to U+009F | U+FFFD |
/// | U+FFFE, U+FFFF and the other noncharacters | U+FFFD |
/// | U+202A to U+202E, U+2066 to U+2069, which reorder the text around them | U+FFFD |
///
/// One character stays one character, so that a story's mark stays under its character. A lone surrogate
/// needs no rule: no Rust text has one, and JSON that has one is refused when it is read.
pub fn clean(text: &str) -> Cow<'_, str> {
    if text.chars().all(|c| shown(c) == c) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.replace("\r\n", "\n").chars().map(shown).collect())
}

fn shown(c: char) -> char {
    const PICTURE_OF_NUL: u32 = 0x2400;
    const PICTURE_OF_DELETE: char = '\u{2421}';
    match c {
        '\n' | '\t' => c,
        '\0'..='\x1f' => char::from_u32(PICTURE_OF_NUL + u32::from(c)).expect("it has a picture"),
        '\x7f' => PICTURE_OF_DELETE,
        '\u{80}'..='\u{9f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
            char::REPLACEMENT_CHARACTER
        }
        _ if is_noncharacter(c) => char::REPLACEMENT_CHARACTER,
        _ => c,
    }
}

/// Whether Unicode has reserved a code point for ever: the last two of each plane, and 32 others.
fn is_noncharacter(c: char) -> bool {
    u32::from(c) & 0xfffe == 0xfffe || ('\u{fdd0}'..='\u{fdef}').contains(&c)
}

/// Cleans what is known about a student, and shortens the paths of folders on this machine.
pub(super) struct Cleaner {
    /// A folder's path, and what stands for it; the longest first.
    folders: Vec<(String, &'static str)>,
}

impl Cleaner {
    /// Show paths relative to the course's root, and `~` for the home folder.
    pub(super) fn new(course: &Course) -> Cleaner {
        let mut cleaner = Cleaner { folders: Vec::new() };
        if let Some(home) = env::home_dir() {
            cleaner.shorten(&home, "~");
        }
        cleaner.shorten(&course.target(), "target");
        cleaner.shorten(course.root(), "");
        cleaner
    }

    /// Show `short` for this folder; for the empty text, paths become relative to the folder.
    pub(super) fn shorten(&mut self, folder: &Path, short: &'static str) {
        let mut spellings = vec![folder.display().to_string()];
        spellings.extend(fs::canonicalize(folder).ok().map(|it| it.display().to_string()));
        for spelling in spellings {
            // A path with `\` also stands in texts with `/`, in quotes as `\\`, and as `\\?\C:\…`.
            let plain = spelling.strip_prefix(r"\\?\").unwrap_or(&spelling);
            let others = [plain.replace('\\', "/"), plain.replace('\\', r"\\"), plain.to_owned()];
            for path in others.into_iter().chain([spelling.clone()]) {
                if is_of_a_folder(&path) && !self.folders.iter().any(|(known, _)| *known == path) {
                    self.folders.push((path, short));
                }
            }
        }
        self.folders.sort_by_key(|(path, _)| std::cmp::Reverse(path.len()));
    }

    /// A copy of the student without a control character and without a path of this machine, in every text.
    pub(super) fn student(&self, student: &Student) -> Student {
        let mut plain = student.clone();
        for grading in plain.submissions.iter_mut().filter_map(|it| it.grading.as_mut()) {
            // Rustc writes in colour.
            let message = grading.compile_message.take();
            grading.compile_message =
                message.map(|it| anstream::adapter::strip_str(&it).to_string());
        }
        let mut value = serde_json::to_value(plain).expect("results can be written as JSON");
        self.value(&mut value);
        serde_json::from_value(value).expect("only texts have changed")
    }

    fn value(&self, value: &mut Value) {
        match value {
            Value::String(text) => {
                let shortened = self.shortened(text);
                let cleaned = clean(&shortened).into_owned();
                *text = cleaned;
            }
            Value::Array(values) => values.iter_mut().for_each(|it| self.value(it)),
            Value::Object(fields) => fields.values_mut().for_each(|it| self.value(it)),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    fn shortened<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let mut text = Cow::Borrowed(text);
        for (folder, short) in &self.folders {
            if text.contains(folder.as_str()) {
                text = Cow::Owned(without(&text, folder, short));
            }
        }
        text
    }
}

/// Whether a path names a folder that is worth hiding: not the root of a file system.
fn is_of_a_folder(path: &str) -> bool {
    Path::new(path).components().any(|part| matches!(part, Component::Normal(_)))
}

/// The text with `short` for each occurrence of the folder's path, but not where that is the beginning of
/// another name.
fn without(text: &str, folder: &str, short: &str) -> String {
    let mut result = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(folder) {
        let (before, after) = (&rest[..at], &rest[at + folder.len()..]);
        result.push_str(before);
        let next = after.chars().next();
        if next.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '-')) {
            result.push_str(folder);
            rest = after;
        } else if short.is_empty() {
            let inside = after.trim_start_matches(['/', '\\']);
            result.push_str(if inside.len() == after.len() { "." } else { short });
            rest = inside;
        } else {
            result.push_str(short);
            rest = after;
        }
    }
    result + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_without_a_control_character_is_not_copied() {
        assert!(matches!(clean("你好, a\tb\nc … \u{200f}\u{1f600}"), Cow::Borrowed(_)));
    }

    #[test]
    fn each_unwanted_character_becomes_one_that_is_seen() {
        let cases = [
            ("\0", "␀"),
            ("\x1b[31m", "␛[31m"),
            ("\x7f", "␡"),
            ("a\rb", "a␍b"),
            ("a\r\nb", "a\nb"),
            ("\u{85}\u{9b}", "\u{fffd}\u{fffd}"),
            (
                "\u{fffe}\u{ffff}\u{fdd0}\u{1fffe}\u{10ffff}",
                "\u{fffd}\u{fffd}\u{fffd}\u{fffd}\u{fffd}",
            ),
            ("\u{202e}\u{2066}", "\u{fffd}\u{fffd}"),
        ];
        for (text, cleaned) in cases {
            assert_eq!(clean(text), cleaned, "{text:?}");
        }
    }

    #[test]
    fn a_folder_is_shortened_wherever_it_stands() {
        let mut cleaner = Cleaner { folders: Vec::new() };
        cleaner.shorten(Path::new("/home/ann/course"), "");
        cleaner.shorten(Path::new("/home/ann"), "~");
        cleaner.shorten(Path::new("/"), "no");
        let cases = [
            ("--> /home/ann/course/lessons/a.rs:1", "--> lessons/a.rs:1"),
            ("in /home/ann/course", "in ."),
            ("(/home/ann/course)", "(.)"),
            ("file:///home/ann/.cargo and /home/ann/x", "file://~/.cargo and ~/x"),
            ("/home/anne and /home/ann-2", "/home/anne and /home/ann-2"),
            ("/etc/hosts", "/etc/hosts"),
        ];
        for (text, shortened) in cases {
            assert_eq!(cleaner.shortened(text), shortened, "{text}");
        }
    }

    #[test]
    fn a_folder_of_windows_is_found_in_each_spelling() {
        let mut cleaner = Cleaner { folders: Vec::new() };
        cleaner.shorten(Path::new(r"C:\Users\ann\course"), "");
        for text in [r"C:\Users\ann\course\a.rs", r"C:\\Users\\ann\\course\\a.rs"] {
            assert_eq!(cleaner.shortened(text), "a.rs", "{text}");
        }
        assert_eq!(cleaner.shortened("C:/Users/ann/course/a.rs"), "a.rs");
    }
}
