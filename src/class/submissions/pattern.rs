//! Patterns: which part of a path is the student, and which part the lesson.
//!
//! ```text
//! {student}   any text without a slash        [text]   the text, or nothing
//! {lesson}    3, 03, struct_header, …         *        any text without a slash
//! {id}        digits                          **/      any number of folders
//! ```
//!
//! `.rs` at the end of a pattern stands for the ending of any language in which programs are graded.

use std::fmt;

use netkata_programs::LANGUAGES;
use netkata_runner::course::Course;
use netkata_runner::failure::Failure;
use regex::{Regex, RegexBuilder};

use crate::words;

/// How the files that were handed in are named.
#[derive(Clone, Debug)]
pub struct Pattern {
    text: String,
    regex: Regex,
    names_lesson: bool,
    /// The name of a lesson only: `03_struct_header` is not lesson `struct_header` of student `03`.
    lesson: Regex,
}

/// A student and a lesson, as a path names them; `None` if the pattern names no lesson.
#[derive(Debug, PartialEq)]
pub struct Named<'a> {
    /// The student.
    pub student: &'a str,
    /// The lesson's number, folder or topic.
    pub lesson: Option<&'a str>,
}

/// The patterns that are tried when none is given, from special to general.
const GUESSES: [&str; 9] = [
    // Clones of the course.
    r"{student}/**/lessons/{lesson}/exercise.rs",
    // Moodle: "download all submissions".
    r"{student}_{id}_assignsubmission_file[_]/**/[lesson][_][-][ ]{lesson}.rs",
    // Canvas: "download submissions".
    r"{student}_[LATE_]{id}_{id}_[lesson][_][-][ ]{lesson}[-{id}].rs",
    r"{student}/**/{lesson}/exercise.rs",
    r"{student}/**/{lesson}/server.rs",
    r"{student}/**/[lesson][_][-][ ]{lesson}.rs",
    r"{student}[_][-][ ]lesson[_][-][ ]{lesson}.rs",
    r"{student}_{lesson}.rs",
    r"{student}-{lesson}.rs",
];

/// As [`GUESSES`], if only one lesson is graded: then no path needs to name it.
const GUESSES_FOR_ONE_LESSON: [&str; 4] = [
    r"{student}_{id}_assignsubmission_file[_]/**/*.rs",
    r"{student}_[LATE_]{id}_{id}_*.rs",
    r"{student}/**/exercise.rs",
    r"{student}.rs",
];

impl Pattern {
    /// Read a pattern. It names a student, and unless only one lesson is graded, a lesson.
    pub fn parse(text: &str, course: &Course, is_one_lesson: bool) -> Result<Pattern, Failure> {
        let names_lesson = text.contains(r"{lesson}");
        if !text.contains(r"{student}") || !(names_lesson || is_one_lesson) {
            return Err(Failure::usage(words::pattern_names_too_little(text)));
        }
        let build = |regex: &str| RegexBuilder::new(regex).case_insensitive(true).build();
        let regex = build(&to_regex(text, course))
            .map_err(|error| Failure::usage(words::pattern_is_wrong(text, error)))?;
        let lesson = build(&format!(r"^(?:lesson)?[-_ ]*(?:{})$", lesson(course)))
            .expect("names need no escape");
        Ok(Pattern { text: text.to_owned(), regex, names_lesson, lesson })
    }

    /// Find the pattern that most of these paths have; of several, the most special. `None` if no path has any.
    pub fn guess(paths: &[String], course: &Course, is_one_lesson: bool) -> Option<Pattern> {
        let more: &[&str] = if is_one_lesson { &GUESSES_FOR_ONE_LESSON } else { &[] };
        let mut best = None;
        for text in GUESSES.iter().chain(more) {
            let pattern = Pattern::parse(text, course, true).expect("a guess is a pattern");
            let count = paths.iter().filter(|path| pattern.named(path).is_some()).count();
            if count > best.as_ref().map_or(0, |(most, _)| *most) {
                best = Some((count, pattern));
            }
        }
        best.map(|(_, pattern)| pattern)
    }

    /// What a path names; `None` if it does not have this pattern.
    pub fn named<'a>(&self, path: &'a str) -> Option<Named<'a>> {
        let found = self.regex.captures(path)?;
        let part = |name| found.name(name).map(|part| part.as_str());
        let lesson = if self.names_lesson { Some(part("lesson")?) } else { None };
        let student = found.name("student")?;
        let name = path.rsplit('/').next().unwrap_or(path);
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        let has_name_of_lesson = self.lesson.is_match(stem);
        if has_name_of_lesson && student.end() > path.len() - name.len() {
            return None;
        }
        Some(Named { student: part("student")?.trim(), lesson })
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Every name of every lesson, as alternatives of a regular expression.
fn lesson(course: &Course) -> String {
    let names = course.lessons().iter().flat_map(|lesson| {
        [lesson.folder.clone(), lesson.topic.clone(), format!("0*{}", lesson.number)]
    });
    let mut names: Vec<String> = names.collect();
    // Of several names the longest: 03_struct_header before 3.
    names.sort_by_key(|name| std::cmp::Reverse(name.len()));
    names.join("|")
}

/// Translate a pattern into a regular expression for a whole path.
fn to_regex(text: &str, course: &Course) -> String {
    let endings: Vec<&str> = LANGUAGES.iter().map(|language| language.ending).collect();
    let endings = format!(r"\.(?:rs|{})$", endings.join("|"));
    if let Some(stem) = text.strip_suffix(".rs") {
        return to_regex_without_end(stem, course) + &endings;
    }
    to_regex_without_end(text, course) + "$"
}

fn to_regex_without_end(text: &str, course: &Course) -> String {
    let lesson = format!("(?P<lesson>{})", lesson(course));
    let signs: [(&str, &str); 7] = [
        (r"{student}", r"(?P<student>[^/]+?)"),
        (r"{lesson}", &lesson),
        (r"{id}", r"\d+"),
        (r"**/", r"(?:[^/]+/)*"),
        (r"*", r"[^/]*"),
        (r"[", r"(?:"),
        (r"]", r")?"),
    ];
    let mut regex = String::from("^");
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        match signs.iter().find(|(sign, _)| rest.starts_with(sign)) {
            Some((sign, translated)) => {
                regex.push_str(translated);
                rest = &rest[sign.len()..];
            }
            None => {
                regex.push_str(&regex::escape(&c.to_string()));
                rest = &rest[c.len_utf8()..];
            }
        }
    }
    regex
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn course() -> Course {
        Course::find(Path::new(env!("CARGO_MANIFEST_DIR"))).expect("the course")
    }

    fn guessed(path: &str, is_one_lesson: bool) -> Option<(String, Option<String>)> {
        let pattern = Pattern::guess(&[path.to_owned()], &course(), is_one_lesson)?;
        let named = pattern.named(path)?;
        Some((named.student.to_owned(), named.lesson.map(str::to_owned)))
    }

    #[test]
    fn student_and_lesson_are_guessed() {
        for (path, student, lesson) in [
            ("ann/lessons/03_struct_header/exercise.rs", "ann", "03_struct_header"),
            ("ann/netkata/lessons/03_struct_header/exercise.rs", "ann", "03_struct_header"),
            ("Ann Lee_4711_assignsubmission_file/lesson3.rs", "Ann Lee", "3"),
            (
                "王小明_4711_assignsubmission_file_/03_struct_header.rs",
                "王小明",
                "03_struct_header",
            ),
            ("leeann_4711_815_lesson3.rs", "leeann", "3"),
            ("leeann_LATE_4711_815_lesson3-2.rs", "leeann", "3"),
            ("ann/03_struct_header/exercise.rs", "ann", "03_struct_header"),
            ("ann/Lesson 3.rs", "ann", "3"),
            ("ann/struct_header.rs", "ann", "struct_header"),
            ("王小明_lesson03.rs", "王小明", "03"),
            ("ann_lee-lesson-14.rs", "ann_lee", "14"),
            ("ann_lee_3.rs", "ann_lee", "3"),
            ("ann/lesson3.py", "ann", "3"),
            ("ann/03_struct_header/server.go", "ann", "03_struct_header"),
            ("王小明_lesson03.java", "王小明", "03"),
        ] {
            let expected = Some((student.to_owned(), Some(lesson.to_owned())));
            assert_eq!(guessed(path, false), expected, "{path}");
        }
    }

    #[test]
    fn one_lesson_need_not_be_named() {
        for (path, student) in [
            ("ann/exercise.rs", "ann"),
            ("ann.rs", "ann"),
            ("Ann Lee_4711_assignsubmission_file/mine.rs", "Ann Lee"),
            ("leeann_4711_815_mine.rs", "leeann"),
        ] {
            assert_eq!(guessed(path, true), Some((student.to_owned(), None)), "{path}");
            assert_eq!(guessed(path, false), None, "{path}");
        }
    }

    #[test]
    fn a_lesson_that_does_not_exist_is_not_guessed() {
        assert_eq!(guessed("ann_lesson99.rs", false), None);
    }

    #[test]
    fn the_name_of_a_lesson_is_not_that_of_a_student() {
        assert_eq!(guessed("03_struct_header.rs", false), None);
        assert_eq!(guessed("03_struct_header.rs", true), None);
        assert_eq!(guessed("lesson3.rs", true), None);
    }

    #[test]
    fn most_of_the_paths_decide() {
        let paths = ["a/3.rs", "b/3.rs", "c_lesson3.rs"].map(str::to_owned);
        let pattern = Pattern::guess(&paths, &course(), false).unwrap();
        assert_eq!(pattern.named("b/3.rs"), Some(Named { student: "b", lesson: Some("3") }));
        assert_eq!(pattern.named("c_lesson3.rs"), None);
    }

    #[test]
    fn a_given_pattern_names_student_and_lesson() {
        let course = course();
        assert!(Pattern::parse("{lesson}/{student}.rs", &course, false).is_ok());
        for text in ["{lesson}.rs", "{student}.rs", "{student}/[{lesson}.rs"] {
            let failure = Pattern::parse(text, &course, false).unwrap_err();
            assert!(failure.message.contains(text), "{}", failure.message);
        }
    }
}
