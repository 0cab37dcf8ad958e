//! Writes Gradescope's `results.json`, one for each student.
//!
//! Gradescope knows `passed` and `failed` only, so all else is `failed`, and its output begins with the reason.
//! The score is the student's, not the sum of the tests' scores: days after the due date and a required
//! check count for a whole lesson. Then the output at the top says so.

use serde::Serialize;

use super::cases::{self, Case, Ended};
use super::{rounded, words};
use crate::reports::lessons::Lessons;
use crate::reports::outcome;
use crate::results::{Student, Submission};

#[derive(Serialize)]
pub(super) struct Results {
    score: f64,
    execution_time: f64,
    #[serde(skip_serializing_if = "String::is_empty")]
    output: String,
    tests: Vec<Test>,
}

#[derive(Serialize)]
struct Test {
    name: String,
    score: f64,
    max_score: f64,
    status: &'static str,
    #[serde(skip_serializing_if = "String::is_empty")]
    output: String,
    visibility: &'static str,
    /// The lesson's number, and the check's within it: `3.1`.
    number: String,
    tags: [String; 1],
}

/// The results of a student: the checks of all lessons, tagged by lesson.
pub(super) fn results(lessons: &Lessons, student: &Student) -> Results {
    let seconds = student.submissions.iter().filter_map(|it| Some(it.grading.as_ref()?.seconds));
    let tests = student.submissions.iter().flat_map(|submission| {
        let folder = lessons.of(submission).folder();
        let cases = cases::of(submission).into_iter().enumerate();
        let tests: Vec<Test> =
            cases.map(|(at, case)| test(submission, at + 1, &folder, case)).collect();
        tests
    });
    Results {
        score: rounded(student.score),
        execution_time: seconds.sum(),
        output: about_points(student),
        tests: tests.collect(),
    }
}

fn test(submission: &Submission, number: usize, folder: &str, case: Case) -> Test {
    // The story of a failed check ends with its message.
    let is_told = case.ended == Ended::Failed && !case.text.is_empty();
    let message = if is_told { String::new() } else { case.message };
    let parts = [message, case.text].into_iter().filter(|part| !part.is_empty());
    Test {
        name: case.name.replace('_', " "),
        score: rounded(case.points),
        max_score: rounded(case.max_points),
        status: if case.ended == Ended::Passed { "passed" } else { "failed" },
        output: parts.collect::<Vec<String>>().join("\n\n"),
        visibility: "visible",
        number: format!("{}.{number}", submission.lesson),
        tags: [folder.to_owned()],
    }
}

fn about_points(student: &Student) -> String {
    let said = student.submissions.iter().flat_map(|submission| {
        let about = outcome::about_points(submission).into_iter();
        about.map(|what| words::of_lesson(submission.lesson, what))
    });
    said.collect::<Vec<String>>().join("\n")
}
