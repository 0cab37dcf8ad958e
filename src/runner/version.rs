//! The version of the course: a digest of every file that a verdict depends on, the same on every machine.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use sha2::{Digest, Sha256};
use walkdir::WalkDir;

use crate::course::{Course, Lesson};
use crate::failure::Failure;
use crate::words;

/// What every verdict depends on.
const COMMON: [&str; 5] =
    ["Cargo.toml", "Cargo.lock", ".cargo/config.toml", "src/kit", "src/runner/grading"];
/// The files of a lesson on which no verdict depends: other answers, and programs that use them.
const ANSWERS: [&str; 5] = ["answers.rs", "exercise.rs", "main.rs", "naive.rs", "solution.rs"];

/// The digests of a course.
#[derive(Clone, Debug)]
pub struct Version {
    /// What `rustc --version` says.
    pub toolchain: String,
    common: String,
}

impl Version {
    /// Read every file that all verdicts depend on.
    pub fn of(course: &Course) -> Result<Version, Failure> {
        let rustc = Command::new("rustc").arg("--version").output();
        let said = rustc.map_err(Failure::of_file(words::START, Path::new("rustc")))?;
        let toolchain = String::from_utf8_lossy(&said.stdout).trim().to_owned();
        let common = COMMON.iter().map(|name| course.root().join(name));
        Ok(Version { common: digest(course, common, &toolchain)?, toolchain })
    }

    /// The digest of everything that a verdict on this lesson depends on.
    pub fn of_lesson(&self, course: &Course, lesson: &Lesson) -> Result<String, Failure> {
        let own = WalkDir::new(&lesson.directory).max_depth(1).into_iter().flatten();
        let own = own.filter(|entry| {
            let name = entry.file_name().to_string_lossy();
            let is_source =
                name.ends_with(".rs") && !ANSWERS.contains(&&*name) && !name.contains(r"backup");
            entry.file_type().is_file() && (is_source || name == "Cargo.toml") || name == "given"
        });
        let own = own.map(walkdir::DirEntry::into_path).chain([lesson.test_file(course)]);
        digest(course, own, &self.common)
    }

    /// The digest of these lessons together.
    pub fn of_lessons(&self, course: &Course, lessons: &[&Lesson]) -> Result<String, Failure> {
        let each = lessons.iter().map(|lesson| self.of_lesson(course, lesson));
        let each = each.collect::<Result<Vec<_>, _>>()?;
        Ok(hexadecimal(Sha256::digest(each.join("\n"))))
    }
}

/// The SHA-256 of a submission's content, or of anything else, in hexadecimal.
pub fn hexadecimal(digest: impl AsRef<[u8]>) -> String {
    digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A digest of some files, and of all files in some folders.
fn digest(
    course: &Course,
    places: impl Iterator<Item = PathBuf>,
    more: &str,
) -> Result<String, Failure> {
    let mut files: Vec<PathBuf> = places.flat_map(files_in).collect();
    files.sort();
    let mut digest = Sha256::new_with_prefix(more);
    for file in files {
        let content = fs::read(&file).map_err(Failure::of_file(words::READ, &file))?;
        digest.update(format!("\n{} {}\n", course.shown(&file), content.len()));
        digest.update(content);
    }
    Ok(hexadecimal(digest.finalize()))
}

fn files_in(place: PathBuf) -> impl Iterator<Item = PathBuf> {
    let is_file = |entry: &walkdir::DirEntry| entry.file_type().is_file();
    let entries = WalkDir::new(place).into_iter().flatten();
    entries.filter(is_file).map(walkdir::DirEntry::into_path).filter(|file| is_read(file))
}

fn is_read(file: &Path) -> bool {
    file.extension().is_some_and(|it| it == "rs" || it == "toml" || it == "lock")
}
