//! Joins the results of parts: `kata class --merge`.
//!
//! Each part has a `results.json` with one student in each line, sorted by name. They are read side by side,
//! so the memory needed does not grow with the class.

use std::fs::File;
use std::io::{BufRead, BufReader, Lines};
use std::path::{Path, PathBuf};

use netkata_runner::course::Course;
use netkata_runner::failure::Failure;

use crate::command::say;
use crate::formats::{Format, Head, Output};
use crate::results::{Results, Student};
use crate::words;

/// Join the results of these parts into one folder.
///
/// It is a failure if two parts were graded by different courses or for different lessons, or if both have a
/// student.
pub fn merge(
    course: &Course,
    parts: &[PathBuf],
    out: &Path,
    formats: &[Format],
) -> Result<(), Failure> {
    let mut parts: Vec<Part> =
        parts.iter().map(|folder| Part::open(folder)).collect::<Result<_, _>>()?;
    let head = &parts[0].head;
    if let Some(other) = parts.iter().find(|part| !part.is_of(head)) {
        let (one, two) = (parts[0].file.display(), other.file.display());
        return Err(Failure::usage(words::different_parts(one, two)));
    }
    let head = Head {
        schema_version: head.schema_version,
        course: head.course.clone(),
        lessons: head.lessons.clone(),
    };
    let mut output = Output::create(out, course, head, formats)?;
    let mut written = 0;
    while let Some(first) = parts.iter().filter_map(Part::name).min().map(str::to_owned) {
        let mut with: Vec<&mut Part> =
            parts.iter_mut().filter(|part| part.name() == Some(&*first)).collect();
        if let [one, two, ..] = with.as_slice() {
            let (one, two) = (one.file.display(), two.file.display());
            return Err(Failure::usage(words::in_two_parts(first, one, two)));
        }
        if let Some(student) = with[0].take()? {
            output.student(&student)?;
            written += 1;
        }
    }
    output.finish()?;
    say(&words::merged(netkata::counted(written, words::STUDENT)));
    Ok(())
}

/// The results of one part.
struct Part {
    file: PathBuf,
    head: Results,
    lines: Lines<BufReader<File>>,
    next: Option<Student>,
}

impl Part {
    fn open(folder: &Path) -> Result<Part, Failure> {
        let file = folder.join("results.json");
        let opened = File::open(&file)
            .map_err(|error| Failure::new(words::failed_to_read(file.display(), error)))?;
        let mut lines = BufReader::new(opened).lines();
        let first = lines.next().and_then(Result::ok).unwrap_or_default();
        let head = serde_json::from_str(&format!("{first}]}}"))
            .map_err(|error| Failure::new(words::failed_to_read(file.display(), error)))?;
        let mut part = Part { file, head, lines, next: None };
        part.read()?;
        Ok(part)
    }

    /// Whether the same course has graded it, for the same lessons.
    fn is_of(&self, head: &Results) -> bool {
        let Results { schema_version, course, lessons, .. } = &self.head;
        (schema_version, course, lessons) == (&head.schema_version, &head.course, &head.lessons)
    }

    fn name(&self) -> Option<&str> {
        self.next.as_ref().map(|student| student.name.as_str())
    }

    /// Take its next student, and read the one after.
    fn take(&mut self) -> Result<Option<Student>, Failure> {
        let student = self.next.take();
        self.read()?;
        Ok(student)
    }

    fn read(&mut self) -> Result<(), Failure> {
        let failed = |why: String| Failure::new(words::failed_to_read(self.file.display(), why));
        let line = self.lines.next().ok_or_else(|| failed(words::CUT_SHORT.to_owned()))?;
        let line = line.map_err(|error| failed(error.to_string()))?;
        self.next = match line.trim_end_matches(',') {
            "]}" => None,
            student => {
                Some(serde_json::from_str(student).map_err(|error| failed(error.to_string()))?)
            }
        };
        Ok(())
    }
}
