//! Submissions: finds what the students have handed in.

mod archive;
pub mod pattern;

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use netkata_programs::Language;
use netkata_runner::course::{Course, Lesson};
use netkata_runner::failure::Failure;
use unicode_normalization::UnicodeNormalization;
use walkdir::{DirEntry, WalkDir};

use self::pattern::Pattern;
use crate::words;

/// A submission larger than this, in bytes, is not read: 1 MiB.
pub const MOST: u64 = 1024 * 1024;

/// One file that a student has handed in for one lesson.
#[derive(Clone, Debug)]
pub struct Submission {
    /// The student's name, in Unicode's composed form (NFC).
    pub student: String,
    /// The lesson's number.
    pub lesson: u32,
    /// The path below the folder or in the archive.
    pub path: String,
    /// When it was handed in, as far as the file tells. The files of a clone tell when they were cloned, so
    /// for them it is `None`.
    pub handed_in: Option<Timestamp>,
    place: Place,
}

/// Where a submission can be read.
#[derive(Clone, Debug)]
enum Place {
    File(PathBuf),
    Entry { archive: Arc<PathBuf>, index: usize },
}

/// What was found in one place: a folder, an archive or a file.
#[derive(Debug)]
pub struct Found {
    /// The place.
    pub source: PathBuf,
    /// The pattern of the paths.
    pub pattern: Pattern,
    /// What was handed in for the lessons that are graded.
    pub submissions: Vec<Submission>,
    /// How many programs there do not have the pattern.
    pub others: usize,
}

impl Submission {
    /// Read it, but not more than [`MOST`] bytes and one.
    pub fn read(&self) -> Result<Vec<u8>, Failure> {
        let (read, file) = match &self.place {
            Place::File(file) => (read(file), file),
            Place::Entry { archive, index } => (archive::read(archive, *index, MOST), &**archive),
        };
        read.map_err(|error| Failure::new(words::failed_to_read(self.shown(file), error)))
    }

    /// The ending of its name, which is that of its language: `rs`.
    pub fn ending(&self) -> String {
        let ending = Path::new(&self.path).extension().unwrap_or_default();
        ending.to_string_lossy().to_ascii_lowercase()
    }

    fn shown(&self, file: &Path) -> String {
        match &self.place {
            Place::File(_) => file.display().to_string(),
            Place::Entry { .. } => format!("{}: {}", file.display(), self.path),
        }
    }

    fn source(&self) -> String {
        match &self.place {
            Place::File(file) => self.shown(file),
            Place::Entry { archive, .. } => self.shown(archive),
        }
    }
}

/// Find what was handed in for these lessons.
///
/// Each source is a folder, a zip archive or a program. Without a pattern, one is guessed for each.
pub fn find(
    course: &Course,
    lessons: &[&Lesson],
    sources: &[PathBuf],
    pattern: Option<&str>,
) -> Result<Vec<Found>, Failure> {
    let is_one_lesson = lessons.len() == 1;
    let given = pattern.map(|text| Pattern::parse(text, course, is_one_lesson)).transpose()?;
    sources
        .iter()
        .map(|source| {
            let mut files = files(source)?;
            let guess = |files: &[SourceFile]| {
                let paths: Vec<String> = files.iter().map(|file| file.path.clone()).collect();
                Pattern::guess(&paths, course, is_one_lesson)
            };
            let mut pattern = given.clone().or_else(|| guess(&files));
            if pattern.is_none() && source.is_dir() {
                // It may be the folder of one student.
                files
                    .iter_mut()
                    .for_each(|file| file.path = format!("{}/{}", name(source), file.path));
                pattern = guess(&files);
            }
            let pattern =
                pattern.ok_or_else(|| Failure::usage(words::no_pattern_fits(source.display())))?;
            let mut found =
                Found { source: source.clone(), pattern, submissions: Vec::new(), others: 0 };
            for file in files {
                found.take(course, lessons, file);
            }
            Ok(found)
        })
        .collect()
}

/// The submissions of each student, by name. It is an error if there are two for one lesson.
pub fn by_student(
    found: impl IntoIterator<Item = Found>,
) -> Result<BTreeMap<String, BTreeMap<u32, Submission>>, Failure> {
    let mut students: BTreeMap<String, BTreeMap<u32, Submission>> = BTreeMap::new();
    for submission in found.into_iter().flat_map(|found| found.submissions) {
        let of_student = students.entry(submission.student.clone()).or_default();
        if let Some(other) = of_student.get(&submission.lesson) {
            let (one, two) = (other.source(), submission.source());
            let what = words::handed_in_twice(&submission.student, submission.lesson, one, two);
            return Err(Failure::usage(what));
        }
        of_student.insert(submission.lesson, submission);
    }
    Ok(students)
}

impl Found {
    fn take(&mut self, course: &Course, lessons: &[&Lesson], file: SourceFile) {
        let Some(named) = self.pattern.named(&file.path) else {
            self.others += 1;
            return;
        };
        let lesson = match named.lesson {
            Some(name) => course.lesson(name).expect("the pattern knows the lessons").number,
            None => lessons[0].number,
        };
        if lessons.iter().any(|it| it.number == lesson) {
            let student = named.student.nfc().collect();
            let SourceFile { path, handed_in, place } = file;
            self.submissions.push(Submission { student, lesson, path, handed_in, place });
        }
    }
}

/// A file in a source that may be a submission.
struct SourceFile {
    path: String,
    handed_in: Option<Timestamp>,
    place: Place,
}

fn files(source: &Path) -> Result<Vec<SourceFile>, Failure> {
    let failed = |error| Failure::new(words::failed_to_read(source.display(), error));
    let found = fs::metadata(source).map_err(failed)?;
    let extension = source.extension().map(|it| it.to_ascii_lowercase());
    let mut files = match extension {
        _ if found.is_dir() => files_in_folder(source).map_err(failed)?,
        Some(extension) if extension == "zip" => files_in_archive(source).map_err(failed)?,
        _ if is_source(source) => vec![SourceFile {
            path: name(source),
            handed_in: changed(source),
            place: Place::File(source.to_owned()),
        }],
        _ => return Err(Failure::usage(words::is_no_source(source.display()))),
    };
    // macOS adds a file with attributes beside each file in an archive.
    files.retain(|file| {
        !file.path.split('/').any(|part| part == "__MACOSX" || part.starts_with("._"))
    });
    Ok(files)
}

fn files_in_folder(folder: &Path) -> io::Result<Vec<SourceFile>> {
    let is_clone = |entry: &DirEntry| entry.path().join(".git").exists();
    let is_wanted = |entry: &DirEntry| {
        !entry.file_type().is_dir() || entry.depth() == 0 || !is_skipped(entry.file_name().to_str())
    };
    let mut clones = Vec::new();
    let mut files = Vec::new();
    // A link may lead out of the folder, to another student's file, so none is followed.
    for entry in WalkDir::new(folder).sort_by_file_name().into_iter().filter_entry(is_wanted) {
        let entry = entry?;
        let file = entry.path();
        if entry.file_type().is_dir() && is_clone(&entry) {
            clones.push(file.to_owned());
        } else if entry.file_type().is_file() && is_source(file) {
            let is_cloned = clones.iter().any(|clone| file.starts_with(clone));
            let below = file.strip_prefix(folder).expect("it lies below the folder");
            files.push(SourceFile {
                path: below.to_string_lossy().replace('\\', "/"),
                handed_in: if is_cloned { None } else { changed(file) },
                place: Place::File(file.to_owned()),
            });
        }
    }
    Ok(files)
}

/// Whether this is a program in Rust, or in a language that is graded on the wire.
fn is_source(file: &Path) -> bool {
    file.extension().is_some_and(|it| it == "rs") || Language::of(file).is_some()
}

/// Folders without submissions and with very many files.
fn is_skipped(name: Option<&str>) -> bool {
    name.is_some_and(|name| name == "target" || name.starts_with('.'))
}

fn files_in_archive(file: &Path) -> io::Result<Vec<SourceFile>> {
    let archive = Arc::new(file.to_owned());
    let entries = archive::entries(file)?.into_iter();
    let entries = entries.filter(|entry| is_source(Path::new(&entry.path)));
    Ok(entries
        .map(|entry| SourceFile {
            path: entry.path,
            handed_in: entry.changed,
            place: Place::Entry { archive: Arc::clone(&archive), index: entry.index },
        })
        .collect())
}

fn read(file: &Path) -> io::Result<Vec<u8>> {
    let mut content = Vec::new();
    File::open(file)?.take(MOST + 1).read_to_end(&mut content)?;
    Ok(content)
}

fn changed(file: &Path) -> Option<Timestamp> {
    let found = fs::symlink_metadata(file).and_then(|found| found.modified()).ok()?;
    Timestamp::try_from(found).ok()
}

fn name(file: &Path) -> String {
    file.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
