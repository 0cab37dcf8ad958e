//! `cargo kata solution 3`: the reference solution, after the exercise was green.

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use crate::answer::Answer;
use crate::course::{Course, Lesson};
use crate::failure::Failure;
use crate::pages::page;
use crate::progress::Progress;
use crate::words;

pub(super) fn run(course: &Course, lesson: &Lesson, spoil: bool) -> Result<ExitCode, Failure> {
    page::print(&text(course, lesson, spoil)?)?;
    Ok(ExitCode::SUCCESS)
}

/// The reference solution; fails if the exercise was never green, unless `spoil` is set.
pub(super) fn text(course: &Course, lesson: &Lesson, spoil: bool) -> Result<String, Failure> {
    let file = file(course, lesson, spoil, r"solution")?;
    let text = fs::read_to_string(&file).map_err(Failure::of_file(words::READ, &file))?;
    Ok(format!("// {}\n{text}", course.shown(&file)))
}

/// The solution's file; fails if it is not here, or if the exercise was never green, unless `spoil` is set. The failure
/// names `command`, which would show the solution anyway.
pub(super) fn file(
    course: &Course,
    lesson: &Lesson,
    spoil: bool,
    command: &str,
) -> Result<PathBuf, Failure> {
    let file = Answer::Solution.file(course, lesson)?;
    let was_green = Progress::read(course).of(lesson).is_some_and(|known| known.was_green);
    if was_green || spoil {
        return Ok(file);
    }
    Err(Failure::new(words::was_not_green_yet(lesson.number, command)))
}
