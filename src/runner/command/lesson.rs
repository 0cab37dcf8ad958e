//! `cargo kata lesson 3`: grade the exercise, or another answer.

use std::process::ExitCode;

use super::LessonArguments;
use crate::runner::answer::Answer;
use crate::runner::course::{Course, Lesson};
use crate::runner::failure::Failure;
use crate::runner::grade::{GradeOptions, Graded, Verdict, grade};
use crate::runner::page::{self, Page};
use crate::runner::progress::Progress;
use crate::runner::{interrupt, report};

pub(super) fn run(
    course: &Course,
    lesson: &Lesson,
    arguments: &LessonArguments,
) -> Result<ExitCode, Failure> {
    let answer = super::answer(arguments.answer.as_ref());
    // A check may be named as the page prints it.
    let check = arguments.check.as_ref().map(|name| name.replace(' ', "_"));
    let options = GradeOptions { check };
    let graded = grade_one(course, lesson, &answer, &options)?;
    if arguments.json {
        page::print(&format!("{}\n", report::json(&graded)))?;
    } else {
        let mut page = Page::new();
        report::grading(&mut page, course, &graded, arguments.all);
        if answer == Answer::Exercise {
            page.blank();
            report::next_step(&mut page, course, &graded);
        }
        page.print()?;
    }
    Ok(if graded.verdict == Verdict::Pass { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Grade one answer; a whole grading of an exercise is remembered.
pub(super) fn grade_one(
    course: &Course,
    lesson: &Lesson,
    answer: &Answer,
    options: &GradeOptions,
) -> Result<Graded, Failure> {
    interrupt::watch();
    let graded = grade(course, &[(lesson.clone(), answer.clone())], options)?;
    let graded = graded.into_iter().next().expect("one answer, one grading");
    if *answer == Answer::Exercise && options.check.is_none() {
        let mut progress = Progress::read(course);
        progress.note(&graded);
        progress.write(course)?;
    }
    Ok(graded)
}
