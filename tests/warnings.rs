//! Every target compiles without a warning, exercises included, so that an editor shows a clean course.
//!
//! Lessons whose exercise has been edited are left out.

use std::collections::BTreeSet;
use std::fs;
use std::io::BufReader;
use std::path::Path;
use std::process::{Command, Stdio};

use cargo_metadata::Message;
use netkata_runner::course::{Course, Lesson};

#[test]
fn every_target_compiles_without_a_warning() {
    assert_eq!(warnings(&["--workspace", "--all-targets"]), [""; 0], "see cargo check");
}

/// What rustc reports about the targets that cargo checks with these options.
fn warnings(options: &[&str]) -> Vec<String> {
    let course = Course::find(Path::new(env!("CARGO_MANIFEST_DIR"))).expect("the course");
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["check", "--quiet", "--keep-going", "--message-format=json"]).args(options);
    for lesson in course.lessons().iter().filter(|lesson| has_begun(lesson)) {
        cargo.args(["--exclude", &lesson.topic]);
    }
    cargo.current_dir(course.root()).stdin(Stdio::null()).stdout(Stdio::piped());
    let mut cargo = cargo.spawn().expect("cargo is there");
    let stdout = BufReader::new(cargo.stdout.take().expect("stdout is piped"));
    let mut said = BTreeSet::new();
    for message in Message::parse_stream(stdout) {
        // A warning of a file that two targets share is reported twice.
        if let Message::CompilerMessage(message) = message.expect("cargo writes JSON") {
            said.insert(message.message.rendered.unwrap_or(message.message.message));
        }
    }
    let status = cargo.wait().expect("cargo ends");
    assert!(status.success(), "cargo check failed: {said:#?}");
    said.into_iter().collect()
}

fn has_begun(lesson: &Lesson) -> bool {
    let [exercise, naive] =
        ["exercise.rs", "naive.rs"].map(|name| fs::read(lesson.file(name)).ok());
    exercise != naive
}
