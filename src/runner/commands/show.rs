//! `cargo kata show 3`: grade the naive program (red) and the solution (green), and show their differences.

use std::fs;
use std::process::ExitCode;

use diffy::{DiffOptions, PatchFormatter};

use crate::answer::Answer;
use crate::course::{Course, Lesson};
use crate::failure::Failure;
use crate::grading::{Graded, Task, Verdict, Wanted, grade};
use crate::interrupt;
use crate::pages::page::Page;
use crate::pages::report;
use crate::words;

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
        report::grading(&mut page, course, graded, false);
        page.blank();
    }
    differences(&mut page, course, naive, solution)?;
    page.print()?;
    let as_it_should_be = naive.verdict != Verdict::Pass && solution.verdict == Verdict::Pass;
    Ok(if as_it_should_be { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn differences(
    page: &mut Page,
    course: &Course,
    from: &Graded,
    to: &Graded,
) -> Result<(), Failure> {
    let read = |graded: &Graded| {
        fs::read_to_string(&graded.file).map_err(Failure::of_file(words::READ, &graded.file))
    };
    let (before, after) = (read(from)?, read(to)?);
    let mut options = DiffOptions::new();
    options.set_context_len(2);
    options.set_original_filename(course.shown(&from.file));
    options.set_modified_filename(course.shown(&to.file));
    let patch = options.create_patch(&before, &after);
    page.diff(&PatchFormatter::new().fmt_patch(&patch).to_string());
    Ok(())
}
