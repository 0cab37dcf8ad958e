//! Orders the checks that failed: what to fix first.

use netkata_runner::grading::is_vague;

use crate::results::{Check, Grading, Status};

impl Grading {
    /// The check to fix first: the one in which the program ended, otherwise the failing one that explains
    /// most, otherwise the first that was not tried. A failing check that goes further than the lesson asks
    /// needs no fix.
    pub(crate) fn first_to_fix(&self) -> Option<&Check> {
        let ended = self.checks.iter().find(|check| check.status == Status::Incomplete);
        ended
            .or_else(|| self.failing().into_iter().find(|check| !check.further))
            .or_else(|| self.needed().find(|check| check.status == Status::Skipped))
    }

    /// The failing checks, the one that explains most first: it is needed, names a plain cause, and other
    /// failing checks build on it. Equal ones keep the order of the file.
    pub(crate) fn failing(&self) -> Vec<&Check> {
        let failing = self.checks.iter().filter(|check| check.status == Status::Fail);
        let mut failing: Vec<&Check> = failing.collect();
        failing.sort_by_key(|check| (check.further, check.is_vague(), !self.has_dependents(check)));
        failing
    }

    /// The checks that an answer must pass.
    pub(crate) fn needed(&self) -> impl Iterator<Item = &Check> {
        self.checks.iter().filter(|check| !check.further)
    }

    /// Whether a check was skipped because it builds on this one.
    fn has_dependents(&self, base: &Check) -> bool {
        let mut skipped = self.checks.iter().filter(|check| check.status == Status::Skipped);
        skipped.any(|check| check.builds_on.contains(&base.name))
    }

    /// The failing checks that a skipped check builds on; empty if it was not tried for another reason.
    pub(crate) fn bases_of(&self, skipped: &Check) -> Vec<&Check> {
        let is_base = |check: &&Check| {
            check.status != Status::Pass && skipped.builds_on.contains(&check.name)
        };
        self.checks.iter().filter(is_base).collect()
    }
}

impl Check {
    /// The name of its cause, if it failed for one.
    pub(crate) fn cause(&self) -> Option<&str> {
        self.story.as_ref().map(|story| story.cause.as_str())
    }

    /// Its name as words.
    pub(crate) fn readable(&self) -> String {
        self.name.replace('_', " ")
    }

    fn is_vague(&self) -> bool {
        self.cause().is_none_or(is_vague)
    }
}
