//! A class whose names, stories and messages hold what formats refuse.

use std::path::Path;

use netkata_class::formats::Head;
use netkata_class::results::{
    self, Check, CheckScore, Grading, Lesson, Row, SCHEMA_VERSION, Sandbox, Score, Status, Story,
    Student, Submission, Verdict,
};

/// All that a text may hold and a format may refuse.
pub const HOSTILE: &str = "\x1b[31mred\x1b[0m\0 王小明 \u{85}\u{9b}31m \u{fffe}\u{ffff}\u{202e} ]]]]><![CDATA[> \
    </pre><script>alert(1)</script> &amp; | ``` ~~~ \u{1f600}\r\n```\r\n\tnext";

/// The texts of a check that fails, from the strongest to the weakest evidence: 200 KiB in one row.
pub const LONG: usize = 200 * 1024;

/// The students' names; each is a trap for one of the formats.
pub const NAMES: [&str; 9] = [
    "ann",
    "Ann",
    "=1+1",
    "<script>alert(1)</script>",
    "../../王小明",
    "a\0b\x1b[31m\u{202e}",
    "`*_[x](y)|",
    "",
    "@left",
];

pub fn head() -> Head {
    let lesson = |number, topic: &str, title: &str| Lesson {
        number,
        topic: topic.to_owned(),
        title: title.to_owned(),
        points: 10.0,
    };
    Head {
        schema_version: SCHEMA_VERSION,
        course: results::Course {
            version: "0.1.0".to_owned(),
            digest: "d1".repeat(32),
            toolchain: "rustc 1.95.0".to_owned(),
        },
        lessons: vec![
            lesson(1, "udp_echo", "UDP echo"),
            lesson(3, "struct_header", "Lesson 3 · The struct header"),
        ],
    }
}

/// The class, with the paths of a course at `root` in what rustc and the notes say.
pub fn class(root: &Path) -> Vec<Student> {
    let root = root.display();
    let message = format!(
        "\x1b[1m\x1b[31merror\x1b[0m: {HOSTILE}\n --> {root}/lessons/03_struct_header/exercise.rs:3"
    );
    let note = format!("- failed to read {root}/target/kata/x: {HOSTILE}");
    let grades = [
        [passed(), passed()],
        [missing(3, None), passed()],
        [failed(Status::Fail), failed(Status::Fail)],
        [not_compiled(message), passed()],
        [failed(Status::Incomplete), failed(Status::Incomplete)],
        [by_no_machine(note.clone()), by_no_machine(note)],
        [left_running(), failed(Status::Fail)],
        [missing(3, None), missing(1, None)],
        [only_further_failed(), never_begun()],
    ];
    let student = |(name, grades): (&&str, [Submission; 2])| {
        let [mut third, mut first] = grades;
        (first.lesson, third.lesson) = (1, 3);
        Student {
            name: (*name).to_owned(),
            score: first.score.points + third.score.points,
            max_score: 20.0,
            submissions: vec![first, third],
        }
    };
    NAMES.iter().zip(grades).map(student).collect()
}

/// A story in which all of [`HOSTILE`] stands, one row of it 200 KiB long, with a mark in it.
pub fn story() -> Story {
    let long = "王".repeat(LONG / "王".len());
    let row = |label: &str, text: &str, mark| Row {
        label: label.to_owned(),
        text: text.to_owned(),
        mark,
    };
    Story {
        rows: vec![
            row("the peer sent", HOSTILE, None),
            row("expected", "\"hello\"", Some((3, "byte 3 differs".to_owned()))),
            row("and got", &long, Some((60_000, HOSTILE.to_owned()))),
        ],
        cause: "OneReadIsNotOneMessage".to_owned(),
        sentence: format!("One read is not one message. {HOSTILE}"),
    }
}

pub fn check(name: &str, status: Status) -> Check {
    Check {
        name: name.to_owned(),
        status,
        further: false,
        builds_on: Vec::new(),
        seconds: 0.25,
        story: (status == Status::Fail).then(story),
    }
}

/// A submission with these checks: each has the same part of ten points.
pub fn submission(verdict: Verdict, checks: Vec<Check>) -> Submission {
    let each = 10.0 / checks.iter().filter(|check| !check.further).count() as f64;
    let scores = checks.iter().map(|check| CheckScore {
        name: check.name.clone(),
        points: if check.status == Status::Pass { each } else { 0.0 },
        max_points: if check.further { 1.0 } else { each },
    });
    let scores: Vec<CheckScore> = scores.collect();
    let points = scores.iter().map(|check| check.points).sum();
    let score = Score { points, max_points: 10.0, checks: scores, ..Score::default() };
    Submission { score, ..graded(verdict, checks) }
}

fn graded(verdict: Verdict, checks: Vec<Check>) -> Submission {
    Submission {
        lesson: 3,
        file: Some("week 1/answer.rs".to_owned()),
        handed_in: Some("2026-11-01T12:00:00.5Z".parse().expect("a time")),
        score: Score { max_points: 10.0, ..Score::default() },
        grading: Some(Grading {
            key: "ab".repeat(32),
            content: "cd".repeat(32),
            verdict,
            sandbox: Sandbox::Landlock,
            thorough: true,
            started: "2026-11-02T08:00:00Z".parse().expect("a time"),
            seconds: 1.5,
            checks,
            note: None,
            compile_message: None,
            printed: Vec::new(),
        }),
    }
}

fn with_note(mut submission: Submission, note: String) -> Submission {
    submission.grading.as_mut().expect("it is graded").note = Some(note);
    submission
}

fn passed() -> Submission {
    let names = ["a_message_survives_any_segmentation", "an_empty_message_is_a_message"];
    submission(Verdict::Pass, names.map(|name| check(name, Status::Pass)).to_vec())
}

/// The first of three needed checks does not pass, another one builds on it, and one was not tried.
fn failed(status: Status) -> Submission {
    let verdict = if status == Status::Fail { Verdict::Fail } else { Verdict::Incomplete };
    let base = "a_message_survives_any_segmentation";
    let dependent = Check {
        builds_on: vec![base.to_owned()],
        ..check("an_empty_message_is_a_message", Status::Skipped)
    };
    let untried = check("a_negative_length_is_refused", Status::Skipped);
    let mut submission = submission(verdict, vec![check(base, status), dependent, untried]);
    let grading = submission.grading.as_mut().expect("it is graded");
    grading.printed = vec![HOSTILE.to_owned(), "x".repeat(LONG)];
    submission.score.days_late = 2;
    submission.score.lost_by_delay = 1.0;
    submission
}

fn not_compiled(message: String) -> Submission {
    let mut submission = graded(Verdict::Error, Vec::new());
    submission.grading.as_mut().expect("it is graded").compile_message = Some(message);
    submission
}

fn by_no_machine(note: String) -> Submission {
    with_note(graded(Verdict::Machine, Vec::new()), note)
}

/// Every check passes, and a program was left running.
fn left_running() -> Submission {
    let checks = vec![check("an_empty_message_is_a_message", Status::Pass)];
    with_note(submission(Verdict::Fail, checks), "1. a program was left running".to_owned())
}

/// The program ended before the first check, so that none failed.
fn never_begun() -> Submission {
    let checks = vec![check("an_empty_message_is_a_message", Status::Skipped)];
    submission(Verdict::Incomplete, checks)
}

fn only_further_failed() -> Submission {
    let mut checks = vec![check("an_empty_message_is_a_message", Status::Pass)];
    checks.push(Check { further: true, ..check("a_message_is_compressed", Status::Fail) });
    submission(Verdict::Pass, checks)
}

fn missing(lesson: u32, file: Option<String>) -> Submission {
    let score = Score { max_points: 10.0, ..Score::default() };
    Submission { lesson, file, handed_in: None, score, grading: None }
}
