//! What is known about a class: `results.json`, from which every other format is made.
//!
//! docs/results.schema.json describes the file; a test compares it with these types.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The version of `results.json`. It changes when a field changes its meaning or is removed.
pub const SCHEMA_VERSION: u32 = 1;

/// The results of a class.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
pub struct Results {
    /// The version of this format: [`SCHEMA_VERSION`].
    pub schema_version: u32,
    /// What graded it.
    pub course: Course,
    /// The lessons that were graded, by number.
    pub lessons: Vec<Lesson>,
    /// The students, by name.
    pub students: Vec<Student>,
}

/// The version of the course and of the tools that graded.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
pub struct Course {
    /// The version of the command.
    pub version: String,
    /// A digest of every file that a verdict depends on: checks, kit, runner, `Cargo.lock`.
    pub digest: String,
    /// What `rustc --version` says.
    pub toolchain: String,
}

/// A lesson, as reports name it.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
pub struct Lesson {
    /// Its number.
    pub number: u32,
    /// Its topic: `struct_header`.
    pub topic: String,
    /// Its title: `Lesson 3 · The struct header`.
    pub title: String,
    /// The points for an answer that passes every needed check.
    pub points: f64,
}

/// One student, with a submission for each lesson that was graded.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
pub struct Student {
    /// The name, as the files have it.
    pub name: String,
    /// The points for all lessons.
    pub score: f64,
    /// The points that an answer that passes every needed check has, for all lessons.
    pub max_score: f64,
    /// One for each lesson, by number; also for those that were not handed in.
    pub submissions: Vec<Submission>,
}

/// What a student has handed in for one lesson.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
pub struct Submission {
    /// The lesson's number.
    pub lesson: u32,
    /// The file, relative to the folder or archive that was given; `None` if nothing was handed in.
    pub file: Option<String>,
    /// When it was handed in, as far as the file tells.
    #[schemars(with = "Option<String>", extend("format" = "date-time"))]
    pub handed_in: Option<Timestamp>,
    /// How it was marked.
    pub score: Score,
    /// How it was graded; `None` if nothing was handed in.
    pub grading: Option<Grading>,
}

/// The points for one submission.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Serialize)]
pub struct Score {
    /// The points, after everything below was applied.
    pub points: f64,
    /// The points for all needed checks.
    pub max_points: f64,
    /// The points of this for checks that go further than the lesson asks.
    pub further: f64,
    /// The days, begun ones counted in full, after the due date.
    pub days_late: u32,
    /// The points that were lost for these days.
    pub lost_by_delay: f64,
    /// A required check that did not pass: without it there are no points.
    pub lacks: Option<String>,
    /// The points of each check, in the order of the grading's checks.
    pub checks: Vec<CheckScore>,
}

/// The points for one check.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
pub struct CheckScore {
    /// The check's name.
    pub name: String,
    /// The points for it, before a delay counts.
    pub points: f64,
    /// The points for it if it passes; for a check that goes further, what it adds.
    pub max_points: f64,
}

/// How one file was graded. It depends on the file and on the course alone, and is kept under its key.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
pub struct Grading {
    /// The digest of the submission, the course and the way of grading.
    pub key: String,
    /// The SHA-256 of the submission's content.
    pub content: String,
    /// The verdict.
    pub verdict: Verdict,
    /// What stood between the submission and the machine.
    pub sandbox: Sandbox,
    /// Whether checks that another one kept from being tried were tried again, each in its own process.
    pub thorough: bool,
    /// When the grading began.
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub started: Timestamp,
    /// How long compiling and running took together, in seconds.
    pub seconds: f64,
    /// Every check, in the order of the test file; empty if the submission did not compile.
    pub checks: Vec<Check>,
    /// What the checks do not show: why the run ended early, why there was no run, what was left running.
    pub note: Option<String>,
    /// Rustc's message, if the submission did not compile.
    pub compile_message: Option<String>,
    /// The last lines that the submission printed.
    pub printed: Vec<String>,
}

/// The verdict on a submission.
#[derive(Clone, Copy, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Every check ran to its end, and all needed ones passed.
    Pass,
    /// A needed check did not pass.
    Fail,
    /// It was not run: it did not compile, or cannot be read.
    Error,
    /// It ended, or was stopped, before every check had run.
    Incomplete,
    /// The machine lacked something; the next run grades it again.
    Machine,
}

/// What stands between a submission and the machine, from strong to weak.
#[derive(
    Clone, Copy, Debug, Deserialize, Eq, JsonSchema, Ord, PartialEq, PartialOrd, Serialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Sandbox {
    /// Rustc and the tests see the course and the submission only, and no network but a loopback of their own.
    Bubblewrap,
    /// The tests can change only their own folder (landlock) and reach no other process; they can read files.
    Landlock,
    /// Nothing.
    None,
}

/// One check of a lesson.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
pub struct Check {
    /// Its name: a function in the lesson's test file.
    pub name: String,
    /// How it ended.
    pub status: Status,
    /// Whether it goes further than the lesson asks.
    pub further: bool,
    /// The checks that it builds on.
    pub builds_on: Vec<String>,
    /// How long it ran, in seconds.
    pub seconds: f64,
    /// The story of its failure.
    pub story: Option<Story>,
}

/// How a check ended.
#[derive(Clone, Copy, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// It passed.
    Pass,
    /// It failed.
    Fail,
    /// It was not tried, or it failed and builds on a check that failed, too.
    Skipped,
    /// The program ended within it.
    Incomplete,
    /// The machine lacked something.
    Machine,
}

/// A failure: rows of evidence, then the cause. Nothing is wrapped.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
pub struct Story {
    /// The evidence, in order.
    pub rows: Vec<Row>,
    /// The name of the cause: `OneReadIsNotOneMessage`.
    pub cause: String,
    /// The cause in one sentence.
    pub sentence: String,
}

/// One row of evidence.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
pub struct Row {
    /// What the text shows: `the peer sent`.
    pub label: String,
    /// The evidence.
    pub text: String,
    /// A character of the text, counted from 0, and what is to be said about it.
    pub mark: Option<(usize, String)>,
}
