//! `cargo kata show 3`: grade the naive program (red) and the solution (green), and show their differences.

use std::process::ExitCode;

use crate::answer::Answer;
use crate::course::{Course, Lesson};
use crate::failure::Failure;
use crate::grading::{Task, Verdict, Wanted, grade};
use crate::interrupt;
use crate::pages::page::Page;
use crate::pages::report::Detail;
use crate::pages::{differences, report};
use crate::words;

pub(super) fn run(course: &Course, lesson: &Lesson) -> Result<ExitCode, Failure> {
    interrupt::watch();
    let is_starter = !lesson.has_solution() && course.is_starter();
    let answers =
        if is_starter { &[Answer::Naive][..] } else { &[Answer::Naive, Answer::Solution] };
    let task = |answer: &Answer| Task {
        lesson: lesson.clone(),
        answer: answer.clone(),
        wanted: Wanted::default(),
    };
    let tasks: Vec<Task> = answers.iter().map(task).collect();
    let graded = grade(course, &tasks)?;
    let mut page = Page::new();
    for graded in &graded {
        report::grading(&mut page, course, graded, Detail::Usual);
        page.blank();
    }
    if let [naive, solution] = graded.as_slice() {
        differences::add(&mut page, course, &naive.file, &solution.file)?;
    } else {
        page.line(words::answer_is_not_here(lesson.number, Answer::Solution));
    }
    page.print()?;
    let as_it_should_be =
        graded.iter().all(|it| (it.verdict == Verdict::Pass) == (it.answer == Answer::Solution));
    Ok(if as_it_should_be { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
