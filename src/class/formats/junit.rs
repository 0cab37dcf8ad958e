//! Writes JUnit XML: one file for each student, with one suite for each lesson.

use std::time::Duration;

use quick_junit::{NonSuccessKind, Report, SerializeError, TestCase, TestCaseStatus, TestSuite};

use super::cases::{self, Case, Ended};
use crate::reports::lessons::Lessons;
use crate::reports::story;
use crate::results::{Student, Submission};

/// The suites of a student.
pub(super) fn report(lessons: &Lessons, student: &Student) -> Result<String, SerializeError> {
    let mut report = Report::new(&student.name);
    let suites = student.submissions.iter().map(|it| suite(&lessons.of(it).folder(), it));
    report.add_test_suites(suites);
    report.to_string()
}

fn suite(name: &str, submission: &Submission) -> TestSuite {
    let mut suite = TestSuite::new(name);
    let cases = cases::of(submission).into_iter().map(|it| case(name, it));
    suite.add_test_cases(cases);
    if let Some(grading) = &submission.grading {
        suite.set_time(Duration::try_from_secs_f64(grading.seconds).unwrap_or_default());
        if !grading.printed.is_empty() {
            suite.set_system_out(story::end_of(&grading.printed));
        }
    }
    suite
}

fn case(suite: &str, of: Case) -> TestCase {
    let mut status = match of.ended {
        Ended::Passed => TestCaseStatus::success(),
        Ended::Failed => TestCaseStatus::non_success(NonSuccessKind::Failure),
        Ended::Broken => TestCaseStatus::non_success(NonSuccessKind::Error),
        Ended::Skipped => TestCaseStatus::skipped(),
    };
    if of.ended != Ended::Passed {
        status.set_message(one_line(&of.message));
        status.set_description(of.text);
    }
    let mut case = TestCase::new(of.name, status);
    case.set_classname(suite);
    case.set_time(Duration::try_from_secs_f64(of.seconds).unwrap_or_default());
    case
}

/// In an attribute a newline is a blank.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<&str>>().join(" ")
}
