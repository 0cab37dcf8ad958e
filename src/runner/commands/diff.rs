//! `cargo kata diff 3`: the exercise beside the reference solution, after it was green.

use std::process::ExitCode;

use super::solution;
use crate::answer::Answer;
use crate::course::{Course, Lesson};
use crate::failure::Failure;
use crate::files;
use crate::grading::unfit;
use crate::pages::differences;
use crate::pages::page::Page;
use crate::words;

pub(super) fn run(course: &Course, lesson: &Lesson, spoil: bool) -> Result<ExitCode, Failure> {
    let solution = solution::file(course, lesson, spoil, r"diff")?;
    let exercise = Answer::Exercise.file(course, lesson)?;
    let held = files::read(&exercise).map_err(Failure::of_file(words::READ, &exercise))?;
    if let Some(why) = unfit::unreadable(&held, course, lesson, &Answer::Exercise, &exercise) {
        return Err(Failure::new(why));
    }
    let mut page = Page::new();
    if !differences::add(&mut page, course, &exercise, &solution)? {
        page.line(words::equals_the_solution(course.shown(&exercise)));
    }
    page.print()?;
    Ok(ExitCode::SUCCESS)
}
