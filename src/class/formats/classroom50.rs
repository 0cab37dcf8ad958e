//! Writes Classroom 50's `result.json` (`classroom50/result/v1`), one for each submission.
//!
//! Its points are integers. The score is rounded down, so that only a complete answer has all points; the
//! points of the checks are rounded so that they add up to those of the lesson. It knows no skipped check:
//! all that did not pass is `passed: false`. What was not handed in, or could not be graded, has no file.

use std::env;

use jiff::Timestamp;
use serde::Serialize;

use super::cases::{self, Case, Ended};
use crate::results::{Grading, Lesson, Student, Submission, Verdict};

const SCHEMA: &str = "classroom50/result/v1";

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Assessment {
    schema: &'static str,
    classroom: String,
    assignment: String,
    #[serde(rename = "assignment_type")]
    assignment_type: String,
    owner: String,
    submission: String,
    commit: String,
    release: String,
    review: String,
    datetime: String,
    score: u64,
    max_score: u64,
    tests: Vec<Test>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Test {
    test_name: String,
    passed: bool,
    score: u64,
    max_score: u64,
}

/// What Classroom 50 says about the submission that it has this machine grade: environment variables.
#[derive(Default)]
pub(super) struct Surroundings {
    classroom: Option<String>,
    assignment: Option<String>,
    assignment_type: Option<String>,
    owner: Option<String>,
    submission: Option<String>,
    commit: Option<String>,
    release: Option<String>,
    review: Option<String>,
}

impl Surroundings {
    /// Read the environment. Outside Classroom 50, which sets `SUBMISSION_TAG`, nothing is known: other
    /// programs use `OWNER` or `CLASSROOM` for something else.
    pub(super) fn of_this_process() -> Surroundings {
        Surroundings::of(|name| env::var(name).ok())
    }

    fn of(variable: impl Fn(&str) -> Option<String>) -> Surroundings {
        let known = |name: &str| variable(name).filter(|value| !value.is_empty());
        let Some(submission) = known("SUBMISSION_TAG") else { return Surroundings::default() };
        Surroundings {
            classroom: known("CLASSROOM"),
            assignment: known("ASSIGNMENT"),
            assignment_type: known("ASSIGNMENT_TYPE"),
            owner: known("OWNER").or_else(|| known("USERNAME")),
            submission: Some(submission),
            commit: known("COMMIT_URL"),
            release: known("RELEASE_URL"),
            review: known("REVIEW_URL"),
        }
    }

    /// The result of a submission; `None` if it was not graded.
    ///
    /// Without Classroom 50 there is no commit: the digest of the submission's content stands for it.
    pub(super) fn result(
        &self,
        lesson: &Lesson,
        student: &Student,
        submission: &Submission,
    ) -> Option<Assessment> {
        let grading = submission.grading.as_ref().filter(|it| it.verdict != Verdict::Machine)?;
        let at = submission.handed_in.unwrap_or(grading.started);
        let or = |known: &Option<String>, other: String| known.clone().unwrap_or(other);
        let commit = or(&self.commit, format!("sha256:{}", grading.content));
        let name = if student.name.is_empty() { "_" } else { &student.name };
        let cases = cases::of(submission);
        let full = cases.iter().map(|case| case.max_points);
        let max_score = nearest(submission.score.max_points);
        Some(Assessment {
            schema: SCHEMA,
            classroom: or(&self.classroom, "netkata".to_owned()),
            assignment: or(&self.assignment, lesson.topic.replace('_', "-")),
            assignment_type: or(&self.assignment_type, "individual".to_owned()),
            owner: or(&self.owner, name.to_owned()),
            submission: or(&self.submission, tag(at, grading)),
            release: or(&self.release, commit.clone()),
            review: or(&self.review, commit.clone()),
            commit,
            datetime: at.strftime(r"%Y-%m-%dT%H:%M:%SZ").to_string(),
            score: down(submission.score.points).min(max_score),
            max_score,
            tests: cases.iter().zip(adding_up(full)).map(|(case, full)| test(case, full)).collect(),
        })
    }
}

/// The tag of a submission, as Classroom 50 makes it: time and commit.
fn tag(at: Timestamp, grading: &Grading) -> String {
    let commit: String = grading.content.chars().take(7).collect();
    format!("submit/{}-{commit}", at.strftime(r"%Y-%m-%dT%H-%M-%SZ"))
}

fn test(case: &Case, max_score: u64) -> Test {
    let passed = case.ended == Ended::Passed;
    let score = if passed { max_score } else { down(case.points).min(max_score) };
    Test { test_name: case.name.clone(), passed, score, max_score }
}

/// Round numbers so that the sum of the first ones is always the rounded sum.
fn adding_up(numbers: impl Iterator<Item = f64>) -> impl Iterator<Item = u64> {
    let mut sum = 0.0;
    numbers.map(move |number| {
        let before = nearest(sum);
        sum += number.max(0.0);
        nearest(sum) - before
    })
}

fn nearest(points: f64) -> u64 {
    points.max(0.0).round() as u64
}

/// Round down, but forgive what is lost where sevenths are added.
fn down(points: f64) -> u64 {
    (points.max(0.0) + 1e-6).floor() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sevenths_of_ten_points_add_up_to_ten() {
        let rounded: Vec<u64> = adding_up([10.0 / 7.0; 7].into_iter()).collect();
        assert_eq!(rounded, [1, 2, 1, 2, 1, 2, 1]);
    }

    #[test]
    fn only_a_full_score_is_rounded_to_all_points() {
        assert_eq!([9.99, 10.0, 10.0 / 7.0 * 7.0, -1.0].map(down), [9, 10, 10, 0]);
    }

    #[test]
    fn the_environment_counts_only_inside_classroom_50() {
        let elsewhere = Surroundings::of(|name| (name == "USERNAME").then(|| "teacher".to_owned()));
        assert_eq!(elsewhere.owner, None);
        let inside = Surroundings::of(|name| match name {
            "SUBMISSION_TAG" => Some("submit/1".to_owned()),
            "USERNAME" => Some("ann".to_owned()),
            "COMMIT_URL" => Some(String::new()),
            _ => None,
        });
        assert_eq!((inside.owner.as_deref(), inside.commit), (Some("ann"), None));
        assert_eq!(inside.submission.as_deref(), Some("submit/1"));
    }
}
