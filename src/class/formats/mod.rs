//! Writes what is known about a class: `results.json`, and every other format made from it.
//!
//! Students are written one by one, so that the memory needed does not grow with the class. All files stand
//! under another name until the last student is written (`unfinished`). Every text passes through one
//! function first (`clean`).

mod cases;
mod classroom50;
mod clean;
mod gradescope;
mod junit;
mod names;
mod table;
mod unfinished;
mod words;

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use netkata_runner::course::Course;
use netkata_runner::failure::Failure;
use serde::Serialize;

pub use self::clean::clean;

use self::classroom50::Surroundings;
use self::clean::Cleaner;
use self::names::Names;
use self::table::Table;
use self::unfinished::Unfinished;
use crate::reports::class::Tally;
use crate::reports::lessons::Lessons;
use crate::reports::{self, Report};
use crate::results::{self, Student};

/// The file that is always written; the last to appear.
const RESULTS: &str = "results.json";

/// A format that is written beside `results.json`.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub enum Format {
    /// A table, one row for each student and lesson: results.csv
    Csv,
    /// JUnit XML, one file for each student: junit/NAME.xml
    Junit,
    /// Gradescope's results.json for each student: gradescope/NAME.json
    Gradescope,
    /// Classroom 50's result.json for each submission: classroom50/NAME/LESSON.json
    Classroom50,
    /// Reports in Markdown: reports/NAME.md, class.md
    Markdown,
    /// Reports in HTML: reports/NAME.html, class.html
    Html,
}

/// What `results.json` says before the students.
#[derive(Clone, Debug, Serialize)]
pub struct Head {
    /// The version of the format: [`results::SCHEMA_VERSION`].
    pub schema_version: u32,
    /// What graded the class.
    pub course: results::Course,
    /// The lessons that were graded, by number.
    pub lessons: Vec<results::Lesson>,
}

/// Everything that is written into the output folder, student by student.
pub struct Output {
    files: Unfinished,
    folder: PathBuf,
    chosen: Vec<Format>,
    cleaner: Cleaner,
    names: Names,
    course: results::Course,
    lessons: Lessons,
    surroundings: Surroundings,
    tally: Tally,
    results: BufWriter<File>,
    table: Option<Table>,
    /// Whether a student has been written.
    begun: bool,
}

impl Output {
    /// Begin to write into a folder; create it if it is missing. What it holds stays there until
    /// [`finish`](Output::finish) replaces it, file by file.
    ///
    /// It is a failure if another run is writing there.
    pub fn create(
        folder: &Path,
        course: &Course,
        head: Head,
        chosen: &[Format],
    ) -> Result<Output, Failure> {
        let files = Unfinished::begin(folder)?;
        let mut results = BufWriter::new(files.create(RESULTS)?);
        let failed = Failure::of_file(words::WRITE, folder);
        write_head(&mut results, &head).map_err(&failed)?;
        let table = match chosen.contains(&Format::Csv) {
            true => Some(Table::begin(files.create("results.csv")?).map_err(&failed)?),
            false => None,
        };
        Ok(Output {
            files,
            folder: folder.to_owned(),
            chosen: chosen.to_vec(),
            cleaner: Cleaner::new(course),
            names: Names::default(),
            lessons: Lessons::read(course, &head.lessons),
            course: head.course,
            surroundings: Surroundings::of_this_process(),
            tally: Tally::default(),
            results,
            table,
            begun: false,
        })
    }

    /// Show paths below this folder relative to it, for example the folder with the submissions. Paths below
    /// the course and the home folder are always shortened.
    pub fn shorten(&mut self, folder: &Path) {
        self.cleaner.shorten(folder, "");
    }

    /// Write a student.
    ///
    /// Panics if a submission is for a lesson that the head does not name.
    pub fn student(&mut self, student: &Student) -> Result<(), Failure> {
        let name = self.names.file_name(&student.name);
        let student = &self.cleaner.student(student);
        self.tally.add(student);
        self.append(student).map_err(Failure::of_file(words::WRITE, &self.folder))?;
        for format in self.chosen.clone() {
            self.files_of(student, format, &name)?;
        }
        Ok(())
    }

    /// Add a student to the files that all students share.
    fn append(&mut self, student: &Student) -> io::Result<()> {
        let before: &[u8] = if self.begun { b",\n" } else { b"\n" };
        self.begun = true;
        self.results.write_all(before)?;
        serde_json::to_writer(&mut self.results, student)?;
        self.table.as_mut().map_or(Ok(()), |table| table.student(student))
    }

    /// Write the files of a student in one format.
    fn files_of(&self, student: &Student, format: Format, name: &str) -> Result<(), Failure> {
        match format {
            Format::Csv => Ok(()),
            Format::Junit => {
                let file = format!("junit/{name}.xml");
                let report = junit::report(&self.lessons, student).map_err(io::Error::other);
                let failed = Failure::of_file(words::WRITE, &self.folder);
                self.files.write(&file, report.map_err(failed)?)
            }
            Format::Gradescope => {
                let results = gradescope::results(&self.lessons, student);
                self.files.write(&format!("gradescope/{name}.json"), json(&results))
            }
            Format::Classroom50 => {
                for submission in &student.submissions {
                    let lesson = self.lessons.of(submission);
                    if let Some(result) = self.surroundings.result(lesson, student, submission) {
                        let file = format!("classroom50/{name}/{}.json", lesson.folder());
                        self.files.write(&file, json(&result))?;
                    }
                }
                Ok(())
            }
            Format::Markdown | Format::Html => {
                let report = reports::student::report(&self.lessons, student);
                self.report(&format!("reports/{name}"), format, &report)
            }
        }
    }

    fn report(&self, name: &str, format: Format, report: &Report) -> Result<(), Failure> {
        match format {
            Format::Html => self.files.write(&format!("{name}.html"), reports::html::write(report)),
            _ => self.files.write(&format!("{name}.md"), reports::markdown::write(report)),
        }
    }

    /// Write the report on the class, and give every file its name.
    pub fn finish(mut self) -> Result<(), Failure> {
        let class = self.tally.report(&self.lessons, &self.course);
        for format in [Format::Markdown, Format::Html] {
            if self.chosen.contains(&format) {
                self.report("class", format, &class)?;
            }
        }
        self.close().map_err(Failure::of_file(words::WRITE, &self.folder))?;
        self.files.publish(RESULTS)
    }

    fn close(&mut self) -> io::Result<()> {
        self.results.write_all(b"\n]}\n")?;
        self.results.flush()?;
        self.table.take().map_or(Ok(()), Table::finish)
    }
}

/// Write the object without its end: the students follow, one in each line.
fn write_head(file: &mut impl Write, head: &Head) -> io::Result<()> {
    let object = serde_json::to_string(head)?;
    let fields = object.strip_suffix('}').expect("it is an object");
    write!(file, r#"{fields},"students":["#)
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string_pretty(value).expect("it has text keys and finite numbers only")
}

/// A number of points with two decimal places, for programs that show all of them.
fn rounded(points: f64) -> f64 {
    (points * 100.0).round() / 100.0
}
