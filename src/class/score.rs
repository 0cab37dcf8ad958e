//! Points: what each check is worth, what must pass, and what a delay costs.
//!
//! ```toml
//! points = 10                # for each lesson
//! further = 0                # points that the checks that go further add, together
//!
//! [late]
//! per_day = 0.1              # the part of the points that each begun day costs
//! at_most = 0.5
//!
//! [lessons.3]
//! points = 20
//! due = 2026-12-01T23:59:59+08:00
//! required = ["a_message_survives_any_segmentation"]     # no points without it
//! weights = { an_empty_message_is_a_message = 3 }        # others count 1
//! ```

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use netkata_runner::course::{Course, Lesson};
use netkata_runner::failure::Failure;
use netkata_runner::pages::hints;
use serde::Deserialize;
use toml_edit::Datetime;

use crate::results::{Check, CheckScore, Grading, Score, Status, Verdict};
use crate::words;

/// How submissions are marked.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Rules {
    points: f64,
    further: f64,
    late: Late,
    lessons: BTreeMap<u32, LessonRules>,
}

/// What a delay costs.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Late {
    per_day: f64,
    at_most: f64,
}

/// How the submissions of one lesson are marked, where that differs.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct LessonRules {
    points: Option<f64>,
    further: Option<f64>,
    due: Option<Datetime>,
    required: Vec<String>,
    weights: BTreeMap<String, f64>,
}

impl Default for Rules {
    /// Ten points for each lesson, all needed checks count the same, and a delay costs nothing.
    fn default() -> Rules {
        Rules { points: 10.0, further: 0.0, late: Late::default(), lessons: BTreeMap::new() }
    }
}

impl Default for Late {
    fn default() -> Late {
        Late { per_day: 0.0, at_most: 1.0 }
    }
}

impl Rules {
    /// Read the rules from a file, and check every name and number in it.
    pub fn read(file: &Path, course: &Course) -> Result<Rules, Failure> {
        let wrong = |why: String| Failure::usage(words::score_is_wrong(file.display(), why));
        let text = fs::read_to_string(file).map_err(|error| wrong(error.to_string()))?;
        let rules: Rules =
            toml_edit::de::from_str(&text).map_err(|error| wrong(error.to_string()))?;
        rules.check(course, &wrong)?;
        Ok(rules)
    }

    fn check(&self, course: &Course, wrong: &impl Fn(String) -> Failure) -> Result<(), Failure> {
        let is_sensible = |number: &f64| number.is_finite() && *number >= 0.0;
        let numbers = self.lessons.values().flat_map(|rules| {
            rules.points.iter().chain(&rules.further).chain(rules.weights.values())
        });
        let own = [&self.points, &self.further, &self.late.per_day, &self.late.at_most];
        if !numbers.chain(own).all(is_sensible) {
            return Err(wrong(words::NEGATIVE_POINTS.to_owned()));
        }
        for (number, rules) in &self.lessons {
            let lesson = course.lesson(&number.to_string())?;
            let page = fs::read_to_string(lesson.file("hints.md")).unwrap_or_default();
            let known = hints::checks(&page);
            let mut named = rules.required.iter().chain(rules.weights.keys());
            if let Some(check) = named.find(|check| !known.contains(check)) {
                let what = words::no_such_check(number, check);
                return Err(Failure::unknown(what, check, known));
            }
            if rules.due.is_some_and(|due| moment(due).is_none()) {
                return Err(wrong(words::no_such_time(number)));
            }
        }
        Ok(())
    }

    /// The points for an answer to this lesson that passes every needed check.
    pub fn points(&self, lesson: &Lesson) -> f64 {
        self.of(lesson.number).and_then(|rules| rules.points).unwrap_or(self.points)
    }

    /// Mark a submission.
    ///
    /// Only a check that passed has points: whether another one failed, was skipped or was not tried makes no
    /// difference.
    pub fn score(
        &self,
        lesson: &Lesson,
        grading: Option<&Grading>,
        handed_in: Option<Timestamp>,
    ) -> Score {
        let points = self.points(lesson);
        let mut score = Score { max_points: points, ..Score::default() };
        let Some(grading) = grading else { return score };
        let rules = self.of(lesson.number).cloned().unwrap_or_default();
        let further = rules.further.unwrap_or(self.further);
        let weight = |check: &Check| rules.weights.get(&check.name).copied().unwrap_or(1.0);
        let all = |further| -> f64 {
            grading.checks.iter().filter(|it| it.further == further).map(weight).sum()
        };
        let (needed_in_all, further_in_all) = (all(false), all(true));
        for check in &grading.checks {
            let (points, in_all) =
                if check.further { (further, further_in_all) } else { (points, needed_in_all) };
            let max_points = if in_all > 0.0 { points * weight(check) / in_all } else { 0.0 };
            let points = if check.status == Status::Pass { max_points } else { 0.0 };
            score.checks.push(CheckScore { name: check.name.clone(), points, max_points });
        }
        score.lacks = lacking(&rules, grading);
        let of = |is_further: bool| -> f64 {
            let pairs = grading.checks.iter().zip(&score.checks);
            pairs.filter(|(check, _)| check.further == is_further).map(|(_, it)| it.points).sum()
        };
        if score.lacks.is_none() {
            let (needed, further) = (of(false), of(true));
            score.days_late = days_late(rules.due, handed_in);
            let lost = (self.late.per_day * f64::from(score.days_late)).min(self.late.at_most);
            score.lost_by_delay = rounded((needed + further) * lost.min(1.0));
            score.further = rounded(further);
            score.points = rounded(needed + further - score.lost_by_delay);
        }
        score
    }

    fn of(&self, lesson: u32) -> Option<&LessonRules> {
        self.lessons.get(&lesson)
    }
}

/// What is missing, if without it there are no points: a required check, or an end to all programs that the
/// submission has started.
fn lacking(rules: &LessonRules, grading: &Grading) -> Option<String> {
    let passed = |name: &String| {
        grading.checks.iter().any(|check| check.name == *name && check.status == Status::Pass)
    };
    let needed = || grading.checks.iter().filter(|check| !check.further);
    let fails_with_all_checks =
        grading.verdict == Verdict::Fail && needed().all(|check| check.status == Status::Pass);
    match rules.required.iter().find(|name| !passed(name)) {
        Some(missing) => Some(missing.clone()),
        None => grading.note.clone().filter(|_| fails_with_all_checks),
    }
}

/// The days, begun ones in full, between the due date and the submission.
fn days_late(due: Option<Datetime>, handed_in: Option<Timestamp>) -> u32 {
    const DAY: i64 = 24 * 60 * 60;

    let (Some(due), Some(handed_in)) = (due.and_then(moment), handed_in) else { return 0 };
    let late = handed_in.duration_since(due).max(SignedDuration::ZERO);
    let seconds = late.as_secs() + i64::from(late.subsec_nanos() > 0);
    u32::try_from((seconds + DAY - 1) / DAY).unwrap_or(u32::MAX)
}

/// A date and time; without an offset, in this machine's time zone.
fn moment(due: Datetime) -> Option<Timestamp> {
    let text = due.to_string();
    let local = || TimeZone::system().to_timestamp(text.parse::<DateTime>().ok()?).ok();
    text.parse().ok().or_else(local)
}

/// Round to hundredths, so that a third of ten points is 3.33 in every format.
fn rounded(points: f64) -> f64 {
    (points * 100.0).round() / 100.0
}
