//! Answers that want to be told right without being right: none of them is, and each is told why.
//!
//! Every file below `tests/cheats/LESSON/` is an answer to that lesson. Its first line reads `//! Ends as
//! VERDICT: REASON.`, and the reason is the cause of a check that fails, or words from the sentence that
//! the grading gives, or from what rustc says. Some can only be refused where the system builds a fence
//! around a test program, which their first line says too. docs/TRUST.md tells what is not covered.

#![cfg(target_os = "linux")] // Where a program can look into its own memory, and be looked at from outside.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use netkata::runner::answer::Answer;
use netkata::runner::course::Course;
use netkata::runner::fence;
use netkata::runner::grade::{CheckStatus, Graded, Task, Verdict, Wanted, grade};
use serde_json::Value;

/// Ends the promise of a cheat that is refused where a fence stands.
const FENCED: &str = ", where a fence stands";
/// After so many seconds a verdict is due, whatever the answer does.
const SOON: f64 = 15.0;

static COURSE: LazyLock<Course> =
    LazyLock::new(|| Course::open(Path::new(env!("CARGO_MANIFEST_DIR"))).expect("the course"));

/// Every cheat, graded once for all the tests below.
static GRADED: LazyLock<Vec<Graded>> = LazyLock::new(|| {
    let folders = files_in(&cheats());
    let tasks: Vec<Task> = folders.iter().flat_map(|folder| tasks(folder)).collect();
    grade(&COURSE, &tasks).expect("every answer can be graded")
});

#[test]
fn every_cheat_is_refused_for_the_reason_that_it_names() {
    complain(GRADED.iter().filter_map(|graded| {
        let name = COURSE.shown(&graded.file);
        let Some((verdict, reason)) = promise(&graded.file) else {
            return Some(format!(
                "{name}: its first line must read `//! Ends as VERDICT: REASON.`"
            ));
        };
        let came = graded.verdict;
        let is_told = told(graded).iter().any(|words| words.contains(&reason));
        (came == Verdict::Pass || came.word() != verdict || !is_told).then(|| {
            format!(
                "{name} ends as {}, not as {verdict}: {reason}\n{:#?}",
                came.word(),
                told(graded)
            )
        })
    }));
}

#[test]
fn every_cheat_is_refused_soon() {
    complain(
        GRADED
            .iter()
            .filter(|graded| graded.seconds > SOON)
            .map(|graded| format!("{} took {:.1} s", COURSE.shown(&graded.file), graded.seconds)),
    );
}

#[test]
fn nothing_that_a_cheat_has_started_is_left_running() {
    LazyLock::force(&GRADED);
    let commands = files_in(Path::new("/proc")).into_iter().filter_map(|process| {
        let command = fs::read(process.join("cmdline")).ok()?;
        Some(String::from_utf8_lossy(&command).replace('\0', " "))
    });
    complain(commands.filter(|command| command.starts_with("sleep 3600")));
}

#[test]
fn no_cheat_steers_the_terminal() {
    complain(GRADED.iter().flat_map(|graded| {
        let mut words = told(graded);
        words.extend(graded.printed.clone());
        let steers = |text: &String| text.contains(|c: char| c.is_control() && c != '\n');
        let name = COURSE.shown(&graded.file);
        words
            .into_iter()
            .filter(steers)
            .map(move |text| format!("{name} says {text:?}"))
            .collect::<Vec<_>>()
    }));
}

#[test]
fn the_environment_changes_no_verdict() {
    let answer = cheats().join("03_struct_header/knows_the_fixed_cases.rs");
    let mut kata = Command::new(env!("CARGO_BIN_EXE_netkata"));
    kata.args(["lesson", "3", "--json", "--answer"]).arg(answer).current_dir(COURSE.root());
    let check = "any_messages_over_any_segmentation_are_read_whole";
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

/// A task for each answer in the folder of a lesson: a file, or what a folder calls the answer.
fn tasks(folder: &Path) -> Vec<Task> {
    let name = folder.file_name().expect("a folder has a name").to_string_lossy();
    let lesson = COURSE.lesson(&name).expect("a folder is named after its lesson");
    let files = files_in(folder).into_iter();
    let files = files.map(|path| if path.is_dir() { path.join("answer.rs") } else { path });
    let files = files.filter(|file| {
        fence::stands() || !first_line(file).trim_end_matches('.').ends_with(FENCED)
    });
    let task = |file| Task {
        lesson: lesson.clone(),
        answer: Answer::Path(file),
        wanted: Wanted::default(),
    };
    files.map(task).collect()
}

/// The verdict and the reason that a cheat's first line names.
fn promise(file: &Path) -> Option<(String, String)> {
    let line = first_line(file);
    let line = line.strip_prefix("//! Ends as ")?.strip_suffix('.')?;
    let (verdict, reason) = line.strip_suffix(FENCED).unwrap_or(line).split_once(": ")?;
    Some((verdict.to_owned(), reason.to_owned()))
}

fn first_line(file: &Path) -> String {
    let text = fs::read_to_string(file).expect("a cheat can be read");
    text.lines().next().unwrap_or_default().to_owned()
}

/// All that a grading says about why; rustc's own colours are taken out.
fn told(graded: &Graded) -> Vec<String> {
    let failed = graded.checks.iter().filter(|check| check.status == CheckStatus::Fail);
    let stories = failed.filter_map(|check| check.story.as_ref());
    let stories = stories.flat_map(|story| [story.cause.clone(), story.lines(80).join("\n")]);
    let rustc = graded.compile_message.as_deref().map(without_colours);
    stories.chain(graded.note.clone()).chain(rustc).collect()
}

/// The text without the escapes that only choose a colour; all others stay.
fn without_colours(text: &str) -> String {
    let mut parts = text.split("\x1b[");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let rest = part.trim_start_matches(|c: char| c.is_ascii_digit() || c == ';');
        match rest.strip_prefix('m') {
            Some(rest) => plain.push_str(rest),
            None => plain.push_str(&format!("\x1b[{part}")),
        }
    }
    plain
}

fn cheats() -> PathBuf {
    COURSE.root().join("tests/cheats")
}

fn files_in(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    files.sort();
    files
}

/// Fail with all complaints at once, so that one run shows all there is to mend.
fn complain(complaints: impl Iterator<Item = String>) {
    let complaints: Vec<String> = complaints.collect();
    assert!(complaints.is_empty(), "{}", complaints.join("\n\n"));
}
