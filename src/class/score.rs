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
use netkata_programs::Suite;
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
            let of_programs = Suite::of_lesson(&lesson.folder).iter().flat_map(|it| it.checks);
            let mut known = hints::checks(&page);
            known.extend(of_programs.map(|check| check.name.to_owned()));
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
    // A program in another language has fewer checks than functions in Rust.
    let passed = |name: &String| {
        let mut named = grading.checks.iter().filter(|check| check.name == *name).peekable();
        let is_asked = grading.checks.is_empty() || named.peek().is_some();
        !is_asked || named.any(|check| check.status == Status::Pass)
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
    // The sum of nothing is -0.
    (points * 100.0).round() / 100.0 + 0.0
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::path::Path;

    use super::*;
    use crate::results::Sandbox;

    const BASIC: &str = "a_message_survives_any_segmentation";

    fn course() -> Course {
        Course::find(Path::new(env!("CARGO_MANIFEST_DIR"))).expect("the course")
    }

    fn rules(text: &str) -> Result<Rules, Failure> {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(text.as_bytes()).unwrap();
        Rules::read(file.path(), &course())
    }

    /// A grading of checks: name, status, and whether it goes further.
    fn grading(checks: &[(&str, Status, bool)]) -> Grading {
        let check = |(name, status, further): &(&str, Status, bool)| Check {
            name: (*name).to_owned(),
            status: *status,
            further: *further,
            builds_on: Vec::new(),
            seconds: 0.0,
            story: None,
        };
        let is_red =
            |(_, status, further): &&(&str, Status, bool)| !further && *status != Status::Pass;
        Grading {
            key: String::new(),
            content: String::new(),
            verdict: if checks.iter().any(|it| is_red(&it)) {
                Verdict::Fail
            } else {
                Verdict::Pass
            },
            sandbox: Sandbox::None,
            thorough: true,
            started: Timestamp::UNIX_EPOCH,
            seconds: 0.0,
            checks: checks.iter().map(check).collect(),
            note: None,
            compile_message: None,
            printed: Vec::new(),
        }
    }

    fn score(text: &str, grading: &Grading, handed_in: Option<&str>) -> Score {
        let course = course();
        let handed_in = handed_in.map(|text| text.parse().unwrap());
        rules(text).unwrap().score(course.lesson("3").unwrap(), Some(grading), handed_in)
    }

    #[test]
    fn only_a_check_that_passed_has_points() {
        use Status::{Fail, Incomplete, Machine, Pass, Skipped};
        for other in [Fail, Skipped, Incomplete, Machine] {
            let grading = grading(&[("a", Pass, false), ("b", other, false), ("c", Pass, false)]);
            let score = score("", &grading, None);
            assert_eq!((score.points, score.max_points), (6.67, 10.0), "{other:?}");
            let points: Vec<f64> = score.checks.iter().map(|check| check.points).collect();
            assert_eq!(points[1], 0.0);
        }
    }

    #[test]
    fn weights_share_the_points_of_a_lesson() {
        let text = format!("[lessons.3]\npoints = 20\nweights = {{ {BASIC} = 3 }}");
        let grading = grading(&[(BASIC, Status::Fail, false), ("b", Status::Pass, false)]);
        assert_eq!(score(&text, &grading, None).points, 5.0);
    }

    #[test]
    fn checks_that_go_further_add_points() {
        let checks =
            [("a", Status::Pass, false), ("b", Status::Pass, true), ("c", Status::Fail, true)];
        let grading = grading(&checks);
        assert_eq!(score("", &grading, None).points, 10.0, "by default they add nothing");
        let score = score("further = 3", &grading, None);
        assert_eq!((score.points, score.further, score.max_points), (11.5, 1.5, 10.0));
    }

    #[test]
    fn without_a_required_check_there_are_no_points() {
        let text = format!("[lessons.3]\nrequired = [\"{BASIC}\"]");
        let failed = grading(&[(BASIC, Status::Skipped, false), ("b", Status::Pass, false)]);
        let score = score(&text, &failed, None);
        assert_eq!((score.points, score.lacks.as_deref()), (0.0, Some(BASIC)));
    }

    #[test]
    fn a_program_that_is_left_running_costs_all_points() {
        let mut grading = grading(&[("a", Status::Pass, false)]);
        grading.verdict = Verdict::Fail;
        grading.note = Some("sleep still runs".to_owned());
        let score = score("", &grading, None);
        assert_eq!((score.points, score.lacks), (0.0, grading.note));
    }

    #[test]
    fn each_begun_day_costs_a_part_up_to_a_limit() {
        let text =
            "[late]\nper_day = 0.1\nat_most = 0.25\n[lessons.3]\ndue = 2026-12-01T23:59:59+08:00";
        let grading = grading(&[("a", Status::Pass, false)]);
        for (handed_in, days, points) in [
            (None, 0, 10.0),
            (Some("2026-12-01T15:59:59Z"), 0, 10.0),
            (Some("2026-12-01T15:59:59.001Z"), 1, 9.0),
            (Some("2026-12-02T15:59:59Z"), 1, 9.0),
            (Some("2026-12-02T16:00:00Z"), 2, 8.0),
            (Some("2026-12-24T12:00:00Z"), 23, 7.5),
        ] {
            let score = score(text, &grading, handed_in);
            assert_eq!((score.days_late, score.points), (days, points), "{handed_in:?}");
        }
    }

    #[test]
    fn a_submission_without_a_grading_has_no_points() {
        let score = Rules::default().score(course().lesson("3").unwrap(), None, None);
        assert_eq!((score.points, score.max_points), (0.0, 10.0));
    }

    #[test]
    fn a_mistake_in_the_file_is_named() {
        for (text, named) in [
            ("pionts = 3", "pionts"),
            ("points = -1", words::NEGATIVE_POINTS),
            ("[lessons.3]\nrequired = [\"a_mesage_survives_any_segmentation\"]", BASIC),
            ("[lessons.3]\nweights = { nothing = 1 }", "nothing"),
            ("[lessons.3]\ndue = 23:59:59", "due"),
            ("[lessons.99]\npoints = 3", "99"),
        ] {
            let failure = rules(text).unwrap_err();
            assert!(failure.message.contains(named), "{text}: {}", failure.message);
            assert_eq!(failure.code, 2, "{text}");
        }
    }
}
