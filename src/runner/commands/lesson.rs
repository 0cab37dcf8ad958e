//! `cargo kata lesson 3`: grade the exercise, or another answer.

use std::process::ExitCode;

use super::{LessonArguments, outside};
use crate::answer::Answer;
use crate::control::Control;
use crate::course::{Course, Lesson};
use crate::failure::Failure;
use crate::grading::program::Program;
use crate::grading::{self, Graded, Task, Verdict, Wanted};
use crate::interrupt;
use crate::mistake::Mistake;
use crate::pages::page::{self, Page};
use crate::pages::report::{self, Detail};
use crate::progress::Progress;
use crate::words;

pub(super) fn run(
    course: &Course,
    lesson: &Lesson,
    arguments: &LessonArguments,
) -> Result<ExitCode, Failure> {
    // A check may be named as the page prints it.
    let check = arguments.check.as_ref().map(|name| lesson.check_named(name));
    if let Some(program) = outside::program(&arguments.program)? {
        interrupt::watch();
        let program = Program { check, ..program };
        let graded = program.grade(lesson, &Control::default())?;
        return print(course, &graded, arguments);
    }
    let answer = super::answer(arguments.answer.as_ref());
    if arguments.diff {
        return print_diff(course, lesson, &answer);
    }
    let wanted = Wanted { check, strict: arguments.strict, ..Wanted::default() };
    let graded = grade_one(course, lesson, &answer, wanted)?;
    print(course, &graded, arguments)
}

/// Print a grading, as a page or as JSON.
fn print(
    course: &Course,
    graded: &Graded,
    arguments: &LessonArguments,
) -> Result<ExitCode, Failure> {
    if arguments.json {
        page::print(&format!("{}\n", report::json(course, graded)?))?;
    } else {
        let mut page = Page::new();
        let detail = if arguments.all { Detail::All } else { Detail::Usual };
        report::grading(&mut page, course, graded, detail);
        if graded.answer == Answer::Exercise {
            if graded.verdict == Verdict::Pass {
                report::what_was_learned(&mut page, &graded.lesson);
            }
            page.blank();
            report::next_step(&mut page, course, graded);
        }
        page.print()?;
    }
    Ok(ExitCode::from(graded.verdict.code()))
}

/// Print a mistake: what catches it, what it does, and its diff against the solution.
fn print_diff(course: &Course, lesson: &Lesson, answer: &Answer) -> Result<ExitCode, Failure> {
    let Answer::Wrong(name) = answer else {
        return Err(Failure::usage(words::ONLY_MISTAKES_HAVE_A_DIFF));
    };
    answer.file(course, lesson)?;
    let mut page = Page::new();
    page.diff(&Mistake::named(lesson, name).shown(course)?);
    page.print()?;
    Ok(ExitCode::SUCCESS)
}

/// Grade one answer; remember a grading of all checks of an exercise.
pub(super) fn grade_one(
    course: &Course,
    lesson: &Lesson,
    answer: &Answer,
    wanted: Wanted,
) -> Result<Graded, Failure> {
    interrupt::watch();
    let is_whole = wanted.check.is_none();
    let task = Task { lesson: lesson.clone(), answer: answer.clone(), wanted };
    let graded = grading::grade_one(&Control::default(), course, task)?;
    if *answer == Answer::Exercise && is_whole {
        let mut progress = Progress::read(course);
        progress.note(&graded);
        progress.remember(course);
    }
    Ok(graded)
}
