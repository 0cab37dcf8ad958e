//! Maps a submission to test cases, which JUnit, Gradescope and Classroom 50 have in common.
//!
//! | what happened | the case |
//! |---|---|
//! | a check passed | passed |
//! | a check failed | failed |
//! | the program ended within a check, or the machine lacked something | broken |
//! | a check was not tried, or builds on one that failed | skipped |
//! | a check did not pass that goes further than the lesson asks | skipped: the answer is complete without it |
//! | nothing was handed in | one case, `handed_in`, skipped |
//! | the answer did not compile | one case, `compiles`, broken |
//! | no check was run for another reason | one case, `whole_run`, broken |
//! | the verdict is not `pass`, and all this shows no reason | one more case, `whole_run`, broken |
//!
//! So a submission is green, without a failed or a broken case, exactly if it passed or is missing.

use crate::reports::outcome::{self, Outcome, reason};
use crate::reports::story;
use crate::results::{Check, CheckScore, Grading, Submission, Verdict};

/// How a case ended.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Ended {
    Passed,
    Failed,
    Broken,
    Skipped,
}

/// One test case.
#[derive(Debug)]
pub(super) struct Case {
    pub(super) name: String,
    pub(super) ended: Ended,
    /// Why it did not pass, in one line; empty if it passed.
    pub(super) message: String,
    /// The evidence, in lines; empty if there is none.
    pub(super) text: String,
    pub(super) points: f64,
    pub(super) max_points: f64,
    pub(super) seconds: f64,
}

/// The cases of a submission; there is at least one.
pub(super) fn of(submission: &Submission) -> Vec<Case> {
    let Some(grading) = &submission.grading else {
        return vec![alone("handed_in", Ended::Skipped, submission)];
    };
    if grading.checks.is_empty() {
        let name = if grading.compile_message.is_some() { "compiles" } else { "whole_run" };
        return vec![alone(name, Ended::Broken, submission)];
    }
    let mut cases: Vec<Case> =
        grading.checks.iter().map(|check| of_check(submission, grading, check)).collect();
    let shows_why = cases.iter().any(|it| matches!(it.ended, Ended::Failed | Ended::Broken));
    if grading.verdict != Verdict::Pass && !shows_why {
        let case = alone("whole_run", Ended::Broken, submission);
        cases.push(Case { max_points: 0.0, points: 0.0, ..case });
    }
    cases
}

/// A case that says something about the whole submission.
fn alone(name: &str, ended: Ended, submission: &Submission) -> Case {
    let grading = submission.grading.as_ref();
    let note = grading.and_then(|it| it.note.as_deref());
    let message = grading.and_then(|it| it.compile_message.as_deref());
    let evidence = note.into_iter().chain(message).map(story::beginning);
    Case {
        name: name.to_owned(),
        ended,
        message: outcome::sentence(submission),
        text: evidence.collect::<Vec<String>>().join("\n\n"),
        points: submission.score.points,
        max_points: submission.score.max_points,
        seconds: grading.map_or(0.0, |it| it.seconds),
    }
}

fn of_check(submission: &Submission, grading: &Grading, check: &Check) -> Case {
    let score = submission.score.checks.iter().find(|score| score.name == check.name);
    let points = |of: fn(&CheckScore) -> f64| score.map_or(0.0, of);
    Case {
        name: check.name.clone(),
        ended: match Outcome::of(check) {
            Outcome::Passed => Ended::Passed,
            Outcome::Failed => Ended::Failed,
            Outcome::Ended | Outcome::Machine => Ended::Broken,
            Outcome::Skipped | Outcome::Further => Ended::Skipped,
        },
        message: reason(grading, check).map(|it| story::beginning(&it)).unwrap_or_default(),
        text: check.story.as_ref().map(story::as_text).unwrap_or_default(),
        points: points(|score| score.points),
        max_points: points(|score| score.max_points),
        seconds: check.seconds,
    }
}
