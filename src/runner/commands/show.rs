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

pub(super) fn run(course: &Course, lesson: &Lesson) -> Result<ExitCode, Failure> {
    interrupt::watch();
    let tasks = [Answer::Naive, Answer::Solution].map(|answer| Task {
        lesson: lesson.clone(),
        answer,
        wanted: Wanted::default(),
    });
    let graded = grade(course, &tasks)?;
    let [naive, solution] = graded.as_slice() else { unreachable!("two tasks, two gradings") };
    let mut page = Page::new();
    for graded in [naive, solution] {
        report::grading(&mut page, course, graded, Detail::Usual);
        page.blank();
    }
    differences::add(&mut page, course, &naive.file, &solution.file)?;
    page.print()?;
    let as_it_should_be = naive.verdict != Verdict::Pass && solution.verdict == Verdict::Pass;
    Ok(if as_it_should_be { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
