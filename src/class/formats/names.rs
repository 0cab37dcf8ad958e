//! Names files after students: safe on every system, unlike any other, and readable.

use std::collections::HashSet;

use sha2::{Digest, Sha256};
use unicode_normalization::UnicodeNormalization;

use super::clean::clean;

/// The longest name, in bytes: with a number and an extension it stays below the 255 of most systems.
const LONGEST: usize = 120;

/// The names that Windows gives to devices, with any extension.
const DEVICES: [&str; 22] = [
    "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8",
    "com9", "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9",
];

/// The file names that are taken.
#[derive(Default)]
pub(super) struct Names {
    taken: HashSet<String>,
}

impl Names {
    /// A file name, without an extension, for a student. It is the student's name, if that can be one;
    /// otherwise it ends with a number made from the name, so that it is the same in the next run.
    ///
    /// No two differ only in case, or in how an accent is written: some systems take them for one.
    pub(super) fn file_name(&mut self, student: &str) -> String {
        // A Mac writes é as two characters.
        let student: String = student.nfc().collect();
        let safe = safe(&student);
        let digest = Sha256::digest(&student);
        let digest: String = digest[..4].iter().map(|byte| format!("{byte:02x}")).collect();
        let plain = (safe == student).then(|| safe.clone());
        let numbered = format!("{safe}-{digest}");
        let more = (2..).map(|n| format!("{numbered}-{n}"));
        let mut names = plain.into_iter().chain([numbered.clone()]).chain(more);
        names.find(|name| self.taken.insert(folded(name))).expect("some number is free")
    }
}

/// The name with `_` for what a file name cannot have.
fn safe(student: &str) -> String {
    let is_unsafe = |c: char| {
        r#"/\:*?"<>|"#.contains(c)
            || c.is_whitespace() && c != ' '
            || clean(c.encode_utf8(&mut [0; 4])) != c.to_string()
    };
    let mut name: String = student.chars().map(|c| if is_unsafe(c) { '_' } else { c }).collect();
    while name.len() > LONGEST {
        name.pop();
    }
    // A dot or a space at the end is lost on Windows; a leading dot hides a file, a leading dash is an option.
    let end = name.trim_end_matches(['.', ' ']).len();
    name.truncate(end);
    let begins_badly = name.is_empty() || name.starts_with(['.', '-', ' ', '~']);
    let stem = name.split('.').next().unwrap_or_default().trim_end().to_lowercase();
    if begins_badly || DEVICES.contains(&stem.as_str()) {
        name.insert(0, '_');
    }
    name
}

/// What two names have in common that some system takes for one.
fn folded(name: &str) -> String {
    // Upper case first, so that ß and ss are one.
    let folded = name.nfkd().flat_map(char::to_uppercase).flat_map(char::to_lowercase);
    folded.nfkc().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(student: &str) -> String {
        Names::default().file_name(student)
    }

    #[test]
    fn a_usual_name_is_the_file_name() {
        for student in ["ann", "Ann Lee", "王小明", "José", "o'neil", "a.b", "김철수"] {
            assert_eq!(name(student), student);
        }
    }

    #[test]
    fn an_unsafe_name_is_changed_and_gets_a_number() {
        let cases = [
            ("a/b", "a_b-"),
            ("../../etc/passwd", "_.._.._etc_passwd-"),
            ("..", "_-"),
            ("", "_-"),
            ("a\0b", "a_b-"),
            ("a\u{202e}b", "a_b-"),
            ("a\nb", "a_b-"),
            (r"C:\x", "C__x-"),
            ("-rf", "_-rf-"),
            (".hidden", "_.hidden-"),
            ("NUL", "_NUL-"),
            ("com1.txt", "_com1.txt-"),
            ("ann. ", "ann-"),
        ];
        for (student, begins) in cases {
            let name = name(student);
            let number = name.strip_prefix(begins);
            let is_number = |it: &str| it.len() == 8 && it.bytes().all(|b| b.is_ascii_hexdigit());
            assert!(number.is_some_and(is_number), "{student:?}: {name:?}");
        }
    }

    #[test]
    fn a_long_name_is_cut_between_two_characters() {
        let name = name(&"王".repeat(300));
        assert!(name.starts_with(&"王".repeat(40)) && name.len() <= LONGEST + 9, "{name}");
    }

    #[test]
    fn names_that_a_system_takes_for_one_differ() {
        for students in
            [["Ann", "ann"], ["Jose\u{301}", "José"], ["É", "é"], ["ﬁ", "fi"], ["ß", "SS"]]
        {
            let mut names = Names::default();
            let [first, second] = students.map(|it| names.file_name(it));
            let other = second.rsplit_once('-').map(|(_, number)| number.len());
            assert_eq!(other, Some(8), "{first} and {second}");
        }
        let mut names = Names::default();
        let twice = ["a/b", "a/b", "a/b"].map(|it| names.file_name(it));
        assert!(twice[0] != twice[1] && twice[1] != twice[2] && twice[0] != twice[2], "{twice:?}");
    }

    #[test]
    fn a_name_is_the_same_in_the_next_run() {
        assert_eq!(name("a/b"), name("a/b"));
        assert_ne!(name("a/b"), name("a:b"));
    }
}
