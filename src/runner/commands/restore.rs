//! `cargo kata restore 3`: bring back the newest backup of the exercise, or another one.

use std::fs;
use std::process::ExitCode;

use super::backups::{self, Backup};
use crate::course::{Course, Lesson};
use crate::failure::Failure;
use crate::files;
use crate::pages::page::{DIM, Page};
use crate::words;

/// Bring back the backup with this name, by default the newest. What is in the exercise now is saved first, so
/// a second `restore` undoes the first.
pub(super) fn run(
    course: &Course,
    lesson: &Lesson,
    name: Option<&str>,
) -> Result<ExitCode, Failure> {
    let mut backups = backups::all(lesson);
    // A folder or a link that leads nowhere was no program.
    backups.retain(|backup| backup.file.is_file());
    let wanted = match name {
        None => backups.first(),
        Some(name) => Some(named(&backups, name).ok_or_else(|| {
            Failure::unknown(words::no_backup_named(lesson.number, name), name, names(&backups))
        })?),
    };
    let Some(Backup { file, .. }) = wanted else {
        return Err(Failure::new(words::no_backup(lesson.number)));
    };
    let text = files::read(file).map_err(Failure::of_file(words::READ, file))?;
    let exercise = lesson.file("exercise.rs");
    let mut page = Page::new();
    if let Some(saved) = backups::save(course, lesson)? {
        page.line(saved);
    }
    fs::write(&exercise, text).map_err(Failure::of_file(words::WRITE, &exercise))?;
    page.line(words::restored(course.shown(&exercise), course.shown(file)));
    if name.is_none() && backups.len() > 1 {
        let others = words::restores_another(names(&backups[1..]).join(", "), lesson.number);
        page.paragraph("", "  ", &others, DIM);
    }
    page.print()?;
    Ok(ExitCode::SUCCESS)
}

/// The backup that is called by its number, or by its file's name or path.
fn named<'a>(backups: &'a [Backup], name: &str) -> Option<&'a Backup> {
    let called = name.rsplit(['/', '\\']).next().unwrap_or(name);
    backups.iter().find(|backup| {
        let file = backup.file.file_name();
        file.is_some_and(|file| file == called) || called.parse() == Ok(backup.number)
    })
}

fn names(backups: &[Backup]) -> Vec<String> {
    backups.iter().map(|backup| backup.number.to_string()).collect()
}
