//! `cargo kata hint 3`: a hint about the first failing check, one level further each time.

use std::fs;
use std::process::ExitCode;

use super::lesson::grade_one;
use crate::answer::Answer;
use crate::course::{Course, Lesson};
use crate::failure::Failure;
use crate::files;
use crate::grading::digest::digest;
use crate::grading::{Graded, Verdict, Wanted};
use crate::pages::hints;
use crate::pages::page::{BOLD, DIM, Page};
use crate::pages::report;
use crate::progress::{Hint, LessonProgress, Progress};
use crate::words;

pub(super) fn run(course: &Course, lesson: &Lesson) -> Result<ExitCode, Failure> {
    let (known, graded) = last_run(course, lesson)?;
    let again = format!(r"cargo kata hint {}", lesson.number);
    let hint = about(course, lesson, &known, &again)?;
    if let Some(graded) = graded.filter(|graded| graded.first_to_fix().is_some()) {
        // A hint helps only if you know what fails.
        let mut page = Page::new();
        report::first_failure(&mut page, course, &graded);
        page.blank();
        page.print()?;
    }
    hint.print()?;
    Ok(ExitCode::SUCCESS)
}

/// The next hint after the last run; `again` is how to ask for one more.
pub(super) fn about(
    course: &Course,
    lesson: &Lesson,
    known: &LessonProgress,
    again: &str,
) -> Result<Page, Failure> {
    let number = lesson.number;
    if known.verdict == Verdict::Error.word() {
        return Err(Failure::new(words::no_hint_about_rustc(number)));
    }
    if known.verdict == Verdict::Machine.word() {
        return Err(Failure::of_machine(words::no_hint_about_the_machine(
            number,
            words::DOCTOR_SHOWS_IT,
        )));
    }
    let mut page = Page::new();
    let Some(check) = &known.first_failing else {
        page.line(words::needs_no_hint(number));
        return Ok(page);
    };
    let file = lesson.page_file("hints.md");
    let hints = hints::about(&fs::read_to_string(&file).unwrap_or_default(), check);
    if hints.is_empty() {
        return Err(Failure::new(words::no_hint_about(check, course.shown(&file))));
    }
    let before = known.hint.as_ref().filter(|hint| hint.check == *check);
    let before = before.map_or(0, |hint| hint.level);
    let level = (before + 1).min(hints.len());
    let mut progress = Progress::read(course);
    progress.note_hint(lesson, Hint { check: check.clone(), level });
    progress.remember(course);
    let title = words::hint(level, hints.len(), lesson.readable(check));
    page.paragraph("", "  ", &title, BOLD);
    page.blank();
    page.markdown(&hints[level - 1]);
    page.blank();
    let next = if level < hints.len() {
        words::more(again)
    } else if !lesson.has_solution() {
        words::LAST_HINT_WITHOUT_SOLUTION.to_owned()
    } else if before == level {
        words::last_hint_again(number)
    } else {
        words::last_hint(number)
    };
    page.paragraph("", "  ", &next, DIM);
    Ok(page)
}

/// What the last run showed; run again first if the exercise has changed since, and return that grading too.
fn last_run(course: &Course, lesson: &Lesson) -> Result<(LessonProgress, Option<Graded>), Failure> {
    let file = Answer::Exercise.file(course, lesson)?;
    let now = digest(&files::read(&file).map_err(Failure::of_file(words::READ, &file))?);
    let mut progress = Progress::read(course);
    let mut newest = None;
    if progress.of(lesson).is_none_or(|known| known.content != now) {
        let graded = grade_one(course, lesson, &Answer::Exercise, Wanted::default())?;
        progress.note(&graded);
        if graded.verdict == Verdict::Machine {
            let why = graded.note.unwrap_or_default();
            return Err(Failure::of_machine(words::no_hint_about_the_machine(lesson.number, why)));
        }
        newest = Some(graded);
    }
    Ok((progress.of(lesson).cloned().unwrap_or_default(), newest))
}
