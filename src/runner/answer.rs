//! Answers: one file with a lesson's public functions, and the name by which a command finds it.

use std::fmt;
use std::path::PathBuf;

use crate::course::{Course, Lesson};
use crate::failure::Failure;
use crate::files;
use crate::mistake::Mistake;
use crate::words;

/// An answer to a lesson.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Answer {
    /// The file that the student edits.
    Exercise,
    /// The notes' program, with which the exercise starts.
    Naive,
    /// The reference solution.
    Solution,
    /// One of the plausible mistakes, by name.
    Wrong(String),
    /// One of the correct answers in another style, by name.
    Right(String),
    /// Any other file.
    Path(PathBuf),
    /// A program in any language, by the command that starts it or the address on which it listens.
    Program(String),
}

impl Answer {
    /// Read `exercise`, `naive`, `solution`, `wrong/NAME` or `right/NAME`; anything else is a path.
    pub fn parse(text: &str) -> Answer {
        let name = |rest: &str| {
            let stem = rest.strip_suffix(".rs").or_else(|| rest.strip_suffix(".diff"));
            stem.unwrap_or(rest).to_owned()
        };
        match text.split_once('/') {
            None if text == "exercise" => Answer::Exercise,
            None if text == "naive" => Answer::Naive,
            None if text == "solution" => Answer::Solution,
            Some(("wrong", rest)) if !rest.contains('/') => Answer::Wrong(name(rest)),
            Some(("right", rest)) if !rest.contains('/') => Answer::Right(name(rest)),
            _ => Answer::Path(PathBuf::from(text)),
        }
    }

    /// The absolute path of the answer's file (for a mistake, its diff). If the file cannot be read, the
    /// failure says what to do.
    pub fn file(&self, course: &Course, lesson: &Lesson) -> Result<PathBuf, Failure> {
        let file = match self {
            Answer::Exercise => lesson.file("exercise.rs"),
            Answer::Naive => lesson.file("naive.rs"),
            Answer::Solution => lesson.file("solution.rs"),
            Answer::Wrong(name) => Mistake::named(lesson, name).file(),
            Answer::Right(name) => lesson.file("right").join(format!("{name}.rs")),
            Answer::Path(path) => {
                std::path::absolute(path).map_err(Failure::of_file(words::FIND, path))?
            }
            // A command is no file of the course.
            Answer::Program(command) => return Ok(PathBuf::from(command)),
        };
        let Err(error) = files::read(&file) else { return Ok(file) };
        let of_the_course = matches!(self, Answer::Solution | Answer::Wrong(_) | Answer::Right(_));
        if of_the_course && !file.exists() && course.is_starter() {
            return Err(Failure::usage(words::answer_is_not_here(lesson.number, self)));
        }
        Err(match self {
            Answer::Wrong(name) if !file.exists() => self.unknown(lesson, "wrong", name),
            Answer::Right(name) if !file.exists() => self.unknown(lesson, "right", name),
            _ => Failure::usage(words::failed_to_read_the_answer(
                course.shown(&file),
                error,
                self.advice(lesson),
            )),
        })
    }

    /// The lesson has no answer of this name in this folder.
    fn unknown(&self, lesson: &Lesson, folder: &str, name: &str) -> Failure {
        match lesson.answers(folder) {
            names if names.is_empty() => Failure::usage(words::no_answers(folder)),
            names => Failure::unknown(words::no_answer(lesson.number, self), name, names),
        }
    }

    /// The program, a whole file that rustc can compile; for a mistake, what its diff makes of the solution.
    pub fn program(&self, course: &Course, lesson: &Lesson) -> Result<PathBuf, Failure> {
        let file = self.file(course, lesson)?;
        match self {
            Answer::Wrong(name) => Mistake::named(lesson, name).write_program(course),
            _ => Ok(file),
        }
    }

    /// What to do if its file cannot be read.
    fn advice(&self, lesson: &Lesson) -> String {
        match self {
            Answer::Exercise => words::reset_brings_it_back(lesson.number),
            Answer::Naive | Answer::Solution | Answer::Wrong(_) | Answer::Right(_) => {
                words::GIT_BRINGS_IT_BACK.to_owned()
            }
            Answer::Path(path) if path.exists() => words::NAME_THE_FILE.to_owned(),
            Answer::Path(_) | Answer::Program(_) => words::NAMES_OF_ANSWERS.to_owned(),
        }
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Answer::Exercise => formatter.write_str("exercise"),
            Answer::Naive => formatter.write_str("naive"),
            Answer::Solution => formatter.write_str("solution"),
            Answer::Wrong(name) => write!(formatter, "wrong/{name}"),
            Answer::Right(name) => write!(formatter, "right/{name}"),
            Answer::Path(path) => write!(formatter, "{}", path.display()),
            Answer::Program(command) => formatter.write_str(command),
        }
    }
}
