//! Says in words how checks and submissions ended.

use super::{points, words};
use crate::results::{Check, Grading, Status, Submission, Verdict};

/// How a check ended, as far as people tell it apart.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Outcome {
    /// It passed.
    Passed,
    /// It failed.
    Failed,
    /// The program ended within it.
    Ended,
    /// It was not tried, or says nothing new: it fails together with one that it builds on.
    Skipped,
    /// The machine lacked something.
    Machine,
    /// It did not pass, and the lesson does not ask for it.
    Further,
}

impl Outcome {
    pub(crate) fn of(check: &Check) -> Outcome {
        match check.status {
            Status::Pass => Outcome::Passed,
            Status::Fail | Status::Skipped if check.further => Outcome::Further,
            Status::Fail => Outcome::Failed,
            Status::Incomplete => Outcome::Ended,
            Status::Skipped => Outcome::Skipped,
            Status::Machine => Outcome::Machine,
        }
    }

    /// The mark before its name in a list.
    pub(crate) fn mark(self) -> char {
        match self {
            Outcome::Passed => '✓',
            Outcome::Failed => '✗',
            Outcome::Ended => '!',
            Outcome::Skipped | Outcome::Machine => '–',
            Outcome::Further => '○',
        }
    }
}

/// Why a check did not pass, in one line; `None` if it passed.
pub(crate) fn reason(grading: &Grading, check: &Check) -> Option<String> {
    let sentence = || check.story.as_ref().map(|story| story.sentence.clone());
    match Outcome::of(check) {
        Outcome::Passed => None,
        Outcome::Failed => Some(sentence().unwrap_or_else(|| words::IT_FAILED.to_owned())),
        Outcome::Ended => Some(words::THE_PROGRAM_ENDED_IN_IT.to_owned()),
        Outcome::Machine => Some(words::THE_MACHINE_LACKED_SOMETHING.to_owned()),
        Outcome::Further => Some(words::IT_GOES_FURTHER.to_owned()),
        Outcome::Skipped => match grading.bases_of(check).as_slice() {
            [] => Some(words::IT_WAS_NOT_TRIED.to_owned()),
            bases => {
                let names: Vec<String> = bases.iter().map(|base| base.readable()).collect();
                Some(words::builds_on(names.join("; ")))
            }
        },
    }
}

/// The verdict as programs read it: `pass`, or `missing` if nothing was handed in.
pub(crate) fn word(verdict: Option<Verdict>) -> &'static str {
    match verdict {
        Some(Verdict::Pass) => "pass",
        Some(Verdict::Fail) => "fail",
        Some(Verdict::Error) => "error",
        Some(Verdict::Incomplete) => "incomplete",
        Some(Verdict::Machine) => "machine",
        None => "missing",
    }
}

/// The verdict as a sentence.
pub(crate) fn sentence(submission: &Submission) -> String {
    let Some(grading) = &submission.grading else { return words::NOTHING_HANDED_IN.to_owned() };
    let needed: Vec<&Check> = grading.needed().collect();
    let passed = needed.iter().filter(|check| check.status == Status::Pass).count();
    let all = netkata::counted(needed.len(), words::CHECK);
    match grading.verdict {
        Verdict::Pass => words::passes(all),
        Verdict::Fail => words::passes_some(passed, all),
        Verdict::Incomplete => words::was_incomplete(passed, all),
        Verdict::Error if grading.compile_message.is_some() => words::DOES_NOT_COMPILE.to_owned(),
        Verdict::Error => words::CANNOT_BE_READ.to_owned(),
        Verdict::Machine => words::NOT_GRADED.to_owned(),
    }
}

/// What changed the points: days, a required check, checks that go further.
pub(crate) fn about_points(submission: &Submission) -> Vec<String> {
    let score = &submission.score;
    let mut said = Vec::new();
    if score.days_late > 0 {
        let days = netkata::counted(score.days_late as usize, words::DAY);
        said.push(words::was_late(days, with_noun(score.lost_by_delay)));
    }
    if let Some(check) = &score.lacks {
        said.push(words::lacks(check.replace('_', " ")));
    }
    if score.further > 0.0 {
        said.push(words::went_further(with_noun(score.further)));
    }
    said
}

fn with_noun(number: f64) -> String {
    match points(number).as_str() {
        "1" => words::ONE_POINT.to_owned(),
        number => words::several_points(number),
    }
}
