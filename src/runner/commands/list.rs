//! `cargo kata list` and `status`: the lessons, which ones are green, and what to do next.

use std::process::ExitCode;

use netkata::columns::{left, right};
use serde_json::{Value, json};
use textwrap::core::display_width;

use crate::course::{Course, Lesson, Part};
use crate::failure::Failure;
use crate::files;
use crate::grading::digest::digest;
use crate::pages::page::{self, BOLD, DIM, GREEN, Page, RED, styled};
use crate::progress::{LessonProgress, Progress};
use crate::words;

/// The version of the JSON object.
const VERSION: u64 = 1;

pub(super) fn run(course: &Course) -> Result<ExitCode, Failure> {
    page(course).print()?;
    Ok(ExitCode::SUCCESS)
}

/// Print the same for programs, as one JSON object.
pub(super) fn json(course: &Course) -> Result<ExitCode, Failure> {
    let progress = Progress::read(course);
    let lessons = course.lessons();
    let status = json!({
        "version": VERSION,
        "green": lessons.iter().filter(|lesson| is_green(lesson, &progress)).count(),
        "lessons": lessons.iter().map(|it| lesson_json(it, progress.of(it))).collect::<Vec<_>>(),
        "next": next(course).map(|lesson| &lesson.folder),
    });
    page::print(&format!("{status}\n"))?;
    Ok(ExitCode::SUCCESS)
}

/// What is known about a lesson; the verdict is null if its exercise was not graded, or was reset since.
fn lesson_json(lesson: &Lesson, progress: Option<&LessonProgress>) -> Value {
    let known = progress.cloned().unwrap_or_default();
    let graded = progress.filter(|known| known.is_graded());
    json!({
        "lesson": lesson.folder,
        "title": lesson.title,
        "part": lesson.part().name(),
        "minutes": lesson.minutes,
        "verdict": graded.map(|known| &known.verdict),
        "passed": known.passed,
        "checks": known.checks,
        "first_failing": known.first_failing,
        "was_green": known.was_green,
        "red_again": known.is_red_again(),
        "edited_since": graded.is_some_and(|known| !is_unedited(lesson, known)),
    })
}

/// The first lesson that is not green.
pub(super) fn next(course: &Course) -> Option<&Lesson> {
    let progress = Progress::read(course);
    course.lessons().iter().find(|lesson| !is_green(lesson, &progress))
}

/// The list as a page.
pub(super) fn page(course: &Course) -> Page {
    let progress = Progress::read(course);
    let lessons = course.lessons();
    let mut page = Page::new();
    let count = lessons.iter().filter(|lesson| is_green(lesson, &progress)).count();
    page.line(styled(BOLD, &words::green_of(count, lessons.len())));
    page.blank();
    let widest = lessons.iter().map(|lesson| display_width(&lesson.topic)).max().unwrap_or(0);
    for part in Part::ALL {
        let lessons: Vec<&Lesson> = lessons.iter().filter(|lesson| lesson.part() == part).collect();
        if lessons.is_empty() {
            continue;
        }
        page.line(styled(BOLD, part.name()));
        for lesson in lessons {
            let state = state(lesson, progress.of(lesson));
            let minutes = lesson.minutes.map_or_else(String::new, words::minutes);
            let (topic, minutes) = (left(&lesson.topic, widest), right(&minutes, 6));
            let name = format!("{:>4}  {topic}  {minutes}  ", lesson.number);
            page.pair(&name, &state, "      ");
        }
        page.blank();
    }
    let next = match next(course) {
        Some(lesson) => format!(r"{}cargo kata lesson {}", words::NEXT, lesson.number),
        None => words::ALL_GREEN.to_owned(),
    };
    page.line(styled(BOLD, &next));
    page
}

fn is_green(lesson: &Lesson, progress: &Progress) -> bool {
    progress.of(lesson).is_some_and(|known| known.is_green() && is_unedited(lesson, known))
}

fn state(lesson: &Lesson, progress: Option<&LessonProgress>) -> String {
    let Some(known) = progress.filter(|known| known.is_graded()) else {
        let was_green = progress.is_some_and(|known| known.was_green);
        let before = if was_green { &*words::WAS_GREEN_BEFORE } else { "" };
        return styled(DIM, &format!("– {}{before}", words::NOT_TRIED_YET));
    };
    let (style, stands) = match known.verdict.as_str() {
        "pass" => (GREEN, format!("✓ {}", words::GREEN)),
        "error" => (RED, format!("✗ {}", words::DOES_NOT_COMPILE)),
        _ => (RED, format!("✗ {}", words::some_pass(known.passed, known.checks))),
    };
    let again = if known.is_red_again() { &*words::WAS_GREEN_BEFORE } else { "" };
    let edited = if is_unedited(lesson, known) { "" } else { &words::EDITED_SINCE };
    format!("{}{}", styled(style, &format!("{stands}{again}")), styled(DIM, edited))
}

/// Whether the exercise is still the graded file.
fn is_unedited(lesson: &Lesson, known: &LessonProgress) -> bool {
    files::read(&lesson.file("exercise.rs")).is_ok_and(|bytes| digest(&bytes) == known.content)
}
