//! The backups of an exercise, which `reset` and `restore` write beside it: `exercise.backup-1.rs`, then 2, …

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use crate::course::{Course, Lesson};
use crate::failure::Failure;
use crate::files;
use crate::words;

const BEGINS: &str = "exercise.backup-";
const ENDS: &str = ".rs";

/// A backup: its number, and its file.
pub(super) struct Backup {
    /// A newer backup has a higher number.
    pub number: u32,
    pub file: PathBuf,
}

/// Every backup of a lesson's exercise, the newest first.
pub(super) fn all(lesson: &Lesson) -> Vec<Backup> {
    let entries = fs::read_dir(&lesson.directory).into_iter().flatten().flatten();
    let mut backups: Vec<Backup> = entries
        .filter_map(|entry| {
            let name = entry.file_name();
            let number = name.to_str()?.strip_prefix(BEGINS)?.strip_suffix(ENDS)?;
            Some(Backup { number: number.parse().ok()?, file: entry.path() })
        })
        .collect();
    backups.sort_by_key(|backup| std::cmp::Reverse(backup.number));
    backups
}

/// Save the exercise before another text replaces it, and return a line that says where it is now; `None` if
/// there is nothing to lose: no exercise, or one in its original state.
///
/// A file is copied into a new backup, unless the newest one equals it. Something else, such as a folder or a
/// link that leads nowhere, is moved away.
pub(super) fn save(course: &Course, lesson: &Lesson) -> Result<Option<String>, Failure> {
    let exercise = lesson.file("exercise.rs");
    if fs::symlink_metadata(&exercise).is_err() {
        return Ok(None);
    }
    let Ok(held) = files::read(&exercise) else {
        let free = file(lesson, next(lesson));
        fs::rename(&exercise, &free).map_err(Failure::of_file(words::MOVE, &exercise))?;
        return Ok(Some(words::was_moved(course.shown(&free))));
    };
    let equals = |file: &Path| files::read(file).is_ok_and(|text| text == held);
    if equals(&lesson.file("naive.rs")) {
        return Ok(None);
    }
    let newest = all(lesson).into_iter().next().filter(|newest| equals(&newest.file));
    let backup = match newest {
        Some(newest) => newest.file,
        None => write(lesson, &held)?,
    };
    Ok(Some(words::what_was_in_it(course.shown(&backup))))
}

/// Write a backup under the next free name: an older backup is never overwritten.
fn write(lesson: &Lesson, held: &[u8]) -> Result<PathBuf, Failure> {
    for number in next(lesson).. {
        let path = file(lesson, number);
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

/// The number after the newest backup's.
fn next(lesson: &Lesson) -> u32 {
    all(lesson).first().map_or(1, |newest| newest.number + 1)
}

fn file(lesson: &Lesson, number: u32) -> PathBuf {
    lesson.file(&format!("{BEGINS}{number}{ENDS}"))
}
