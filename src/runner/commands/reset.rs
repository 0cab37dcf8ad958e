//! `cargo kata reset 3`: start the exercise again, and save its old content.

use std::fs;
use std::process::ExitCode;

use super::backups;
use crate::answer::Answer;
use crate::course::{Course, Lesson};
use crate::failure::Failure;
use crate::files;
use crate::pages::page::Page;
use crate::progress::Progress;
use crate::words;

pub(super) fn run(course: &Course, lesson: &Lesson) -> Result<ExitCode, Failure> {
    let naive = Answer::Naive.file(course, lesson)?;
    let shipped = fs::read(&naive).map_err(Failure::of_file(words::READ, &naive))?;
    let exercise = lesson.file("exercise.rs");
    let name = course.shown(&exercise);
    let mut page = Page::new();
    if files::read(&exercise).is_ok_and(|held| held == shipped) {
        page.line(words::as_at_the_start(name));
        page.print()?;
        return Ok(ExitCode::SUCCESS);
    }
    if let Some(saved) = backups::save(course, lesson)? {
        page.line(saved);
    }
    // Write, do not copy: a copy may keep the old time, and cargo would see no change.
    fs::write(&exercise, shipped).map_err(Failure::of_file(words::WRITE, &exercise))?;
    page.line(words::as_at_the_start_again(name));
    page.print()?;
    let mut progress = Progress::read(course);
    progress.note_reset(lesson);
    progress.remember(course);
    Ok(ExitCode::SUCCESS)
}
