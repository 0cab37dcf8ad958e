//! `cargo kata hint 3`: one level further each time it is asked, about the first failing check.

use std::fs;
use std::process::ExitCode;

use super::lesson::grade_one;
use crate::runner::answer::Answer;
use crate::runner::course::{Course, Lesson};
use crate::runner::digest::digest;
use crate::runner::failure::Failure;
use crate::runner::grade::{Verdict, Wanted};
use crate::runner::hints;
use crate::runner::page::{BOLD, DIM, Page};
use crate::runner::progress::{Hint, LessonProgress, Progress};
use crate::runner::report::readable;

pub(super) fn run(course: &Course, lesson: &Lesson) -> Result<ExitCode, Failure> {
    let known = last_run(course, lesson)?;
    let number = lesson.number;
    if known.verdict == Verdict::Error.word() {
        return Err(Failure::new(format!(
            "lesson {number} does not compile, and hints are about checks: mend first what `cargo \
             kata lesson {number}` shows"
        )));
    }
    let Some(check) = known.first_failing else {
        let mut page = Page::new();
        page.line(format!("lesson {number} is green: it needs no hint"));
        page.print()?;
        return Ok(ExitCode::SUCCESS);
    };
    let file = lesson.file("hints.md");
    let hints = hints::about(&fs::read_to_string(&file).unwrap_or_default(), &check);
    if hints.is_empty() {
        return Err(Failure::new(format!(
            "found no hint about `{check}` in {}: the lesson's README.md may help",
            course.shown(&file)
        )));
    }
    let before = known.hint.filter(|hint| hint.check == check).map_or(0, |hint| hint.level);
    let level = (before + 1).min(hints.len());
    let mut progress = Progress::read(course);
    progress.note_hint(lesson, Hint { check: check.clone(), level });
    progress.write(course)?;
    let mut page = Page::new();
    let title = format!("hint {level} of {}: {}", hints.len(), readable(&check));
    page.paragraph("", "  ", &title, BOLD);
    page.blank();
    markdown(&mut page, &hints[level - 1]);
    page.blank();
    page.paragraph("", "  ", &what_next(number, before, level, hints.len()), DIM);
    page.print()?;
    Ok(ExitCode::SUCCESS)
}

/// What the last run showed, after one more if the exercise has changed since.
fn last_run(course: &Course, lesson: &Lesson) -> Result<LessonProgress, Failure> {
    let file = Answer::Exercise.file(course, lesson)?;
    let now = digest(&fs::read(&file).map_err(Failure::of_file("read", &file))?);
    let progress = Progress::read(course);
    match progress.of(lesson) {
        Some(known) if known.content == now => Ok(known.clone()),
        _ => {
            grade_one(course, lesson, &Answer::Exercise, Wanted::default())?;
            Ok(Progress::read(course).of(lesson).cloned().unwrap_or_default())
        }
    }
}

fn what_next(number: u32, before: usize, level: usize, last: usize) -> String {
    let spoiler = format!("`cargo kata solution {number} --spoil` shows the solution");
    if before == last {
        format!("this is the last hint about this check, again; {spoiler}")
    } else if level == last {
        format!("this is the last hint about this check; {spoiler}")
    } else {
        format!("more: cargo kata hint {number}")
    }
}

/// Lay out Markdown: paragraphs filled, lists and code left in their lines.
fn markdown(page: &mut Page, text: &str) {
    let mut in_code = false;
    let mut paragraph = String::new();
    for line in text.lines() {
        let fence = line.trim_start().starts_with("```");
        let starts_anew = line.trim().is_empty() || fence || in_code || is_item(line);
        if starts_anew && !paragraph.is_empty() {
            filled(page, &std::mem::take(&mut paragraph));
        }
        if fence {
            in_code = !in_code;
        } else if in_code {
            page.line(format!("    {line}"));
        } else if line.trim().is_empty() {
            page.blank();
        } else {
            paragraph.push_str(if paragraph.is_empty() { "" } else { " " });
            paragraph.push_str(line.trim());
        }
    }
    if !paragraph.is_empty() {
        filled(page, &paragraph);
    }
}

fn filled(page: &mut Page, paragraph: &str) {
    let rest = if is_item(paragraph) { "  " } else { "" };
    page.paragraph("", rest, paragraph, anstyle::Style::new());
}

fn is_item(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with("- ") || line.starts_with("* ")
}
