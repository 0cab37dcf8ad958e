//! `cargo kata reset 3`: start the exercise again, and save its old content.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

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
    match files::read(&exercise) {
        Ok(held) if held == shipped => {
            page.line(words::as_at_the_start(name));
            page.print()?;
            return Ok(ExitCode::SUCCESS);
        }
        Ok(held) => {
            let backup = keep(lesson, &held)?;
            page.line(words::what_was_in_it(course.shown(&backup)));
        }
        Err(_) => {
            if let Some(backup) = move_away(lesson, &exercise)? {
                page.line(words::was_moved(course.shown(&backup)));
            }
        }
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

/// Move away what cannot be read as a file, such as a folder or a link that leads nowhere; `None` if there is
/// nothing.
fn move_away(lesson: &Lesson, exercise: &Path) -> Result<Option<PathBuf>, Failure> {
    if fs::symlink_metadata(exercise).is_err() {
        return Ok(None);
    }
    let mut names = (1_u32..).map(|number| backup(lesson, number));
    let free = names.find(|path| fs::symlink_metadata(path).is_err()).expect("some number is free");
    fs::rename(exercise, &free).map_err(Failure::of_file(words::MOVE, exercise))?;
    Ok(Some(free))
}

fn backup(lesson: &Lesson, number: u32) -> PathBuf {
    lesson.file(&format!("exercise.backup-{number}.rs"))
}

/// Write a backup under the first free name: an older backup is never overwritten.
fn keep(lesson: &Lesson, held: &[u8]) -> Result<PathBuf, Failure> {
    for number in 1_u32.. {
        let path = backup(lesson, number);
        match OpenOptions::new().write(true).create_new(true).open(&path) {
            Ok(mut file) => {
                let written = file.write_all(held).and_then(|()| file.sync_all());
                return written
                    .map(|()| path.clone())
                    .map_err(Failure::of_file(words::WRITE, &path));
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(Failure::of_file(words::WRITE, &path)(error)),
        }
    }
    unreachable!("some number is free")
}
