//! Other answers than the exercise.

use std::fs;

use super::*;

#[test]
fn every_kind_of_answer_can_be_graded() {
    let course = Course::open();
    // The wrong answer passes this check; it would fail the other one only after seconds.
    let check = "the_greeting_is_read_whole";
    for (answer, verdict) in [
        ("exercise", "fail"),
        ("naive", "fail"),
        ("solution", "pass"),
        ("wrong/waits_for_the_end", "pass"),
        ("wrong/waits_for_the_end.diff", "pass"),
        ("right/takes_five", "pass"),
        ("lessons/01_greeting/right/takes_five.rs", "pass"),
    ] {
        let graded = course.json(["lesson", "1", "--check", check, "--answer", answer]);
        assert_eq!(graded["verdict"], verdict, "{answer}");
    }
}

#[test]
fn only_a_complete_grading_of_the_exercise_counts() {
    let course = Course::open();
    course.kata(["lesson", "1", "--answer", "solution"]);
    course.kata(["lesson", "1", "--check", "the_stream_may_stay_open"]);
    let list = course.kata(["list"]);
    assert_eq!(list.stdout.matches("not tried yet").count(), 2, "{list:?}");
}

#[test]
fn an_answer_from_elsewhere_is_one_file_only() {
    let course = Course::open();
    let elsewhere = tempfile::tempdir().expect("a temporary folder");
    let (file, trace) = (elsewhere.path().join("my answer.rs"), elsewhere.path().join("trace"));
    fs::write(&file, SOLUTION).expect("written");
    fs::write(elsewhere.path().join("Cargo.toml"), "[broken").expect("written");
    let build = format!("fn main() {{ std::fs::write({trace:?}, \"\").unwrap() }}");
    fs::write(elsewhere.path().join("build.rs"), build).expect("written");
    let answer = file.to_str().expect("a plain path");
    assert_eq!(course.json(["lesson", "1", "--answer", answer])["verdict"], "pass");
    assert!(!trace.exists(), "its build script was run");

    fs::write(&file, "pub fn read_greeting() {").expect("written");
    let run = course.kata(["lesson", "1", "--answer", answer]);
    assert_eq!(run.code, 4, "{run:?}");
    assert!(run.stdout.contains(answer), "the message names the file: {run:?}");
}

#[test]
fn alternating_answers_are_never_confused() {
    let course = Course::open();
    let file = course.scratch("answer.rs");
    let (good, bad) = (course.scratch("good.rs"), course.scratch("bad.rs"));
    fs::write(&good, SOLUTION).expect("written");
    fs::write(&bad, course.naive()).expect("written");
    for _ in 0..2 {
        for (from, verdict) in [(&good, "pass"), (&bad, "fail")] {
            let from_name = from.to_str().expect("a plain path");
            assert_eq!(course.json(["lesson", "1", "--answer", from_name])["verdict"], verdict);
            // The same path with another content, and with a time before the last build.
            let time = from.metadata().and_then(|found| found.modified()).expect("it has a time");
            fs::copy(from, &file).expect("copied");
            let copy = fs::File::options().append(true).open(&file).expect("it was copied");
            copy.set_modified(time).expect("the time can be set");
            let name = file.to_str().expect("a plain path");
            assert_eq!(course.json(["lesson", "1", "--answer", name])["verdict"], verdict);
        }
    }
}

#[test]
fn show_prints_the_failure_the_success_and_the_difference() {
    let run = Course::open().kata(["show", "1"]);
    assert_eq!(run.code, 0, "{run:?}");
    for part in [
        "lesson 1 greeting, naive: 1 of 2 checks pass",
        "lesson 1 greeting, solution: all 2 checks pass",
        "--- lessons/01_greeting/naive.rs",
        "-    let n = stream.read(&mut greeting)?;",
        "+    stream.read_exact(&mut greeting)?;",
    ] {
        assert!(run.stdout.contains(part), "{part}: {run:?}");
    }
}

#[test]
fn rustc_names_course_files_by_path_from_the_root() {
    let course = Course::open();
    let file = course.root.join("lessons/01_greeting/mine.rs");
    fs::write(&file, "pub fn").expect("written");
    let run = course.kata(["lesson", "1", "--answer", "lessons/01_greeting/mine.rs"]);
    fs::remove_file(file).expect("removed");
    assert!(run.stdout.contains("--> lessons/01_greeting/mine.rs:1:5"), "{run:?}");
}
