//! Grade answers that try to pass without being right: every one is refused, with its reason.
//!
//! Every file below `tests/cheats/LESSON/` is an answer to that lesson. Its first line reads `//! Ends as
//! VERDICT: REASON.`; the reason is the cause of a failing check, or words from the sentence that the grading
//! prints, or from a message of rustc. Some can only be refused if the system builds a fence or a filter around
//! the test program; their first line says so. docs/TRUST.md lists what is not covered.

#![cfg(target_os = "linux")] // Where a program can read its own memory, and be inspected from outside.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::LazyLock;

use netkata_runner::audit;
use netkata_runner::course::Course;
use netkata_runner::grading::{Graded, grade};
use serde_json::Value;

/// The time limit for a verdict, in seconds, whatever the answer does.
const SOON: f64 = 15.0;

static COURSE: LazyLock<Course> =
    LazyLock::new(|| Course::find(Path::new(env!("CARGO_MANIFEST_DIR"))).expect("the course"));

/// Every cheat, graded once for all tests below.
static GRADED: LazyLock<Vec<Graded>> = LazyLock::new(|| {
    let tasks = audit::cheats(&COURSE).expect("a folder of cheats is named after its lesson");
    grade(&COURSE, &tasks).expect("every answer can be graded")
});

#[test]
fn every_cheat_is_refused_for_the_reason_it_names() {
    complain(GRADED.iter().filter(|graded| !audit::is_refused(graded)).map(|graded| {
        let verdict = graded.verdict.word();
        format!("{} ends as {verdict}\n{:#?}", name(graded), audit::reasons(graded))
    }));
}

#[test]
fn every_cheat_is_refused_in_time() {
    let late = GRADED.iter().filter(|graded| graded.seconds > SOON);
    complain(late.map(|graded| format!("{} took {:.1} s", name(graded), graded.seconds)));
}

#[test]
fn no_program_of_a_cheat_is_left_running() {
    LazyLock::force(&GRADED);
    let processes = fs::read_dir("/proc").expect("Linux has it").flatten();
    let commands = processes.filter_map(|process| fs::read(process.path().join("cmdline")).ok());
    let commands = commands.map(|words| String::from_utf8_lossy(&words).replace('\0', " "));
    complain(commands.filter(|command| command.starts_with("sleep 3600")));
}

#[test]
fn no_cheat_controls_the_terminal() {
    complain(GRADED.iter().flat_map(|graded| {
        let words = audit::reasons(graded).into_iter().chain(graded.printed.clone());
        let steers = |text: &String| text.contains(|c: char| c.is_control() && c != '\n');
        words.filter(steers).map(|text| format!("{} says {text:?}", name(graded)))
    }));
}

#[test]
fn the_environment_does_not_change_a_verdict() {
    let answer = COURSE.root().join("tests/cheats/03_struct_header/knows_the_fixed_cases.rs");
    let mut kata = Command::new(env!("CARGO_BIN_EXE_kata"));
    kata.args(["lesson", "3", "--json", "--answer"]).arg(answer).current_dir(COURSE.root());
    let check = "every_message_is_read_whole_over_any_segmentation";
    for (name, value) in [
        ("PROPTEST_CASES", "0"),
        ("PROPTEST_MAX_SHRINK_ITERS", "0"),
        ("RUST_TEST_THREADS", "8"),
        ("NETKATA_SERVES_APART", check),
        ("NETKATA_RUN", "another"),
    ] {
        kata.env(name, value);
    }
    let output = kata.output().expect("the runner starts");
    let graded: Value = serde_json::from_slice(&output.stdout).expect("one object");
    assert_eq!(graded["verdict"], "fail", "{graded:#}");
    let checks = graded["checks"].as_array().expect("all checks");
    let failed = checks.iter().find(|it| it["name"] == check).expect("this one too");
    assert_eq!(failed["status"], "fail", "{failed:#}");
}

fn name(graded: &Graded) -> String {
    COURSE.shown(&graded.file)
}

/// Fail with all complaints at once, so that one run shows everything to fix.
fn complain(complaints: impl Iterator<Item = String>) {
    let complaints: Vec<String> = complaints.collect();
    assert!(complaints.is_empty(), "{}", complaints.join("\n\n"));
}
