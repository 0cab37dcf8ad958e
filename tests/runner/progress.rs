//! What is remembered: list, hints, solution, reset.

use std::fs;
#[cfg(unix)]
use std::process::Command;

use serde_json::Value;
use snapbox::{assert_data_eq, str};

use super::*;

#[test]
fn the_list_remembers_green_lessons() {
    let course = Course::open();
    assert_data_eq!(
        course.kata(["list"]).stdout,
        str![[r#"
0 of 2 green

core
   1  greeting   5 min  – not tried yet
   2  counting          – not tried yet

next: cargo kata lesson 1

"#]]
    );
    course.write_exercise(SOLUTION);
    course.kata(["lesson", "1"]);
    course.kata(["lesson", "2"]);
    assert_data_eq!(
        course.kata(["list"]).stdout,
        str![[r#"
1 of 2 green

core
   1  greeting   5 min  ✓ green
   2  counting          ✗ 1 of 4 pass

next: cargo kata lesson 2

"#]]
    );
    course.write_exercise("// nothing yet");
    let list = course.kata(["list"]);
    assert!(list.stdout.contains("✓ green, edited since"), "{list:?}");
    assert!(list.stdout.contains("next: cargo kata lesson 1"), "{list:?}");
}

#[test]
fn the_list_marks_a_lesson_that_is_red_again() {
    let course = Course::open();
    course.write_exercise(SOLUTION);
    course.kata(["lesson", "1"]);
    course.write_exercise(&course.naive());
    course.kata(["lesson", "1"]);
    let list = course.kata(["list"]);
    assert!(list.stdout.contains("✗ 1 of 2 pass, was green before\n"), "{list:?}");
    assert_eq!(course.json(["status"])["lessons"][0]["red_again"], true);
}

#[test]
fn status_is_the_list_or_one_object_for_programs() {
    let course = Course::open();
    course.write_exercise(SOLUTION);
    course.kata(["lesson", "1"]);
    assert_eq!(course.kata(["status"]).stdout, course.kata(["list"]).stdout);
    let status = course.json(["status"]);
    assert_eq!((&status["version"], &status["green"]), (&1.into(), &1.into()));
    assert_eq!(status["next"], "02_counting");
    let [first, second] = status["lessons"].as_array().map(Vec::as_slice).expect("a list") else {
        panic!("two lessons: {status}");
    };
    assert_eq!((&first["lesson"], &first["verdict"]), (&"01_greeting".into(), &"pass".into()));
    assert_eq!((&first["passed"], &first["minutes"]), (&2.into(), &5.into()));
    assert_eq!((&first["was_green"], &first["red_again"]), (&true.into(), &false.into()));
    assert_eq!(second["verdict"], Value::Null);
    course.write_exercise("// edited");
    let status = course.json(["status"]);
    assert_eq!(status["lessons"][0]["edited_since"], true);
    assert_eq!((&status["green"], &status["next"]), (&0.into(), &"01_greeting".into()));
}

#[test]
fn no_command_prints_the_list() {
    let run = Course::open().kata([]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.stdout.contains("0 of 2 green"), "{run:?}");
}

#[test]
fn hints_restart_for_another_check() {
    let course = Course::open();
    // Not graded yet: the first hint grades, and tells what fails.
    let hint = course.kata(["hint", "1"]);
    assert_data_eq!(
        hint.stdout,
        str![[r#"
lesson 1 greeting: 1 of 2 checks pass

✗ the greeting is read whole                     lessons/01_greeting/exercise.rs
    the peer sent   68 65 │ 6c 6c 6f   (2 segments, then closed its side)
    the test calls  read_greeting
    your code read  read(5) → 2
    and returned    "he"
    expected        "hello"
                       ^ 2 of 5 bytes
    TCP keeps the order of bytes, not their grouping: one read may return fewer
    bytes than you ask for. Read until the message is whole.

hint 1 of 3: the greeting is read whole

A nudge.

more: cargo kata hint 1

"#]]
    );
    let hint = course.kata(["hint", "1"]);
    assert!(hint.stdout.starts_with("hint 2 of 3"), "the story was told before: {hint:?}");
    assert!(hint.stdout.contains("one read is not one message.\n\n- It may"), "{hint:?}");
    course.kata(["lesson", "1"]);
    let hint = course.kata(["hint", "1"]);
    assert!(hint.stdout.contains("hint 3 of 3"), "grading changes nothing: {hint:?}");
    assert!(hint.stdout.contains("\n    stream.read_exact(&mut greeting)?;\n"), "{hint:?}");
    let hint = course.kata(["hint", "1"]);
    assert!(hint.stdout.contains("hint 3 of 3"), "{hint:?}");
    assert!(hint.stdout.contains("the last hint about this check, again"), "{hint:?}");

    // Now another check fails first; then the earlier one again, from its first hint.
    let naive = course.naive();
    course.write_exercise(&answer(
        "let mut all = Vec::new(); let n = stream.take(9).read_to_end(&mut all)?;
         Ok(String::from_utf8_lossy(&all[..n]).into_owned())",
    ));
    let hint = course.kata(["hint", "1"]);
    let (story, _) = hint.stdout.split_once("hint 1 of 1: the stream may stay open").expect("it");
    assert!(story.contains("✗ the stream may stay open"), "{hint:?}");
    course.write_exercise(&naive);
    let hint = course.kata(["hint", "1"]);
    assert!(hint.stdout.contains("hint 1 of 3: the greeting is read whole"), "{hint:?}");

    // It was fixed in between, without a hint about another check.
    course.write_exercise(SOLUTION);
    course.kata(["lesson", "1"]);
    course.write_exercise(&naive);
    let hint = course.kata(["hint", "1"]);
    assert!(hint.stdout.contains("hint 1 of 3: the greeting is read whole"), "{hint:?}");

    course.write_exercise(SOLUTION);
    let hint = course.kata(["hint", "1"]);
    assert_eq!(hint.code, 0, "{hint:?}");
    assert_eq!(hint.stdout, "lesson 1 is green: it needs no hint\n");

    // The program ends before any check does.
    course.write_exercise(&answer("let _ = stream; std::process::exit(0)"));
    let hint = course.kata(["hint", "1"]);
    let (failure, _) = hint.stdout.split_once("hint 1 of 3: the greeting").expect("a hint");
    assert!(failure.contains("! The test program ended with status 0 before"), "{hint:?}");
}

#[test]
fn an_exercise_that_does_not_compile_gets_no_hint() {
    let course = Course::open();
    course.write_exercise("pub fn");
    let hint = course.kata(["hint", "1"]);
    assert_eq!(hint.code, 1, "{hint:?}");
    assert!(hint.stderr.contains("lesson 1 does not compile"), "{hint:?}");
}

#[test]
fn the_solution_is_shown_after_green_or_on_demand() {
    let course = Course::open();
    let refused = course.kata(["solution", "1"]);
    assert_eq!((refused.code, refused.stdout.as_str()), (1, ""), "{refused:?}");
    assert!(refused.stderr.contains("lesson 1 was not green yet"), "{refused:?}");
    let spoiled = course.kata(["solution", "1", "--spoil"]);
    assert_eq!(spoiled.code, 0, "{spoiled:?}");
    assert!(spoiled.stdout.ends_with(SOLUTION), "{spoiled:?}");

    course.write_exercise(SOLUTION);
    course.kata(["lesson", "1"]);
    course.write_exercise("// and it stays open");
    assert_eq!(course.kata(["solution", "1"]).code, 0);
}

#[test]
fn the_difference_to_the_solution_is_shown_after_green_or_on_demand() {
    let course = Course::open();
    let refused = course.kata(["diff", "1"]);
    assert_eq!((refused.code, refused.stdout.as_str()), (1, ""), "{refused:?}");
    assert!(refused.stderr.contains("`cargo kata diff 1 --spoil` shows"), "{refused:?}");
    let spoiled = course.kata(["diff", "1", "--spoil"]);
    assert_eq!(spoiled.code, 0, "{spoiled:?}");
    let names = "--- lessons/01_greeting/exercise.rs\n+++ lessons/01_greeting/solution.rs\n@@ ";
    assert!(spoiled.stdout.starts_with(names), "{spoiled:?}");

    course.write_exercise(SOLUTION);
    course.kata(["lesson", "1"]);
    let same = course.kata(["diff", "1"]);
    assert_eq!(same.code, 0, "{same:?}");
    assert_eq!(same.stdout, "lessons/01_greeting/exercise.rs is the reference, to the letter\n");
    // It was green, and stays open.
    course.write_exercise(&format!("// mine\n{SOLUTION}"));
    let mine = course.kata(["diff", "1"]);
    assert_eq!(mine.code, 0, "{mine:?}");
    let lines = |sign| mine.stdout.lines().filter(|line| line.starts_with(sign)).count();
    assert_eq!((lines("-// mine"), lines("+"), lines("-")), (1, 1, 2), "{mine:?}");
    course.write_exercise("");
    let empty = course.kata(["diff", "1"]);
    assert_eq!(empty.code, 1, "{empty:?}");
    assert!(empty.stderr.contains("`cargo kata reset 1` restores the exercise"), "{empty:?}");
}

#[cfg(unix)]
#[test]
fn reset_replaces_what_is_no_file() {
    let course = Course::open();
    let exercise = course.exercise();
    let make_pipe = || Run::of(Command::new("mkfifo").arg(&exercise));
    let makes: [(&str, &dyn Fn()); 3] = [
        ("a link that leads nowhere", &|| {
            std::os::unix::fs::symlink("nowhere/exercise.rs", &exercise).expect("a link");
        }),
        ("a folder", &|| fs::create_dir(&exercise).expect("a folder")),
        ("a pipe", &|| assert_eq!(make_pipe().code, 0)),
    ];
    for (number, (what, make)) in (1..).zip(makes) {
        fs::remove_file(&exercise).expect("it was there");
        make();
        let run = course.kata(["lesson", "1"]);
        assert_eq!(run.code, 2, "{what}: {run:?}");
        assert!(run.stderr.contains("`cargo kata reset 1` restores the exercise"), "{run:?}");
        assert_eq!(course.kata(["list"]).code, 0, "{what}");
        let run = course.kata(["reset", "1"]);
        assert_eq!(run.code, 0, "{what}: {run:?}");
        let backup = format!("lessons/01_greeting/exercise.backup-{number}.rs");
        assert!(run.stdout.contains(&format!("is now {backup}")), "{what}: {run:?}");
        assert!(course.root.join(backup).symlink_metadata().is_ok(), "{what} is kept");
        assert_eq!(fs::read_to_string(&exercise).expect("an exercise"), course.naive());
    }
}

#[test]
fn a_lesson_that_was_reset_is_not_tried_yet() {
    let course = Course::open();
    course.write_exercise(SOLUTION);
    course.kata(["lesson", "1"]);
    course.kata(["reset", "1"]);
    let list = course.kata(["list"]);
    assert!(list.stdout.contains("– not tried yet, was green before\n"), "{list:?}");
    let lesson = &course.json(["status"])["lessons"][0];
    assert_eq!((&lesson["verdict"], &lesson["edited_since"]), (&Value::Null, &false.into()));
    let hint = course.kata(["hint", "1"]);
    assert!(hint.stdout.contains("hint 1 of 3: the greeting is read whole"), "{hint:?}");
}

#[test]
fn restore_brings_back_the_newest_backup_or_another_and_loses_nothing() {
    let course = Course::open();
    let none = course.kata(["restore", "1"]);
    assert_eq!(none.code, 1, "{none:?}");
    assert!(none.stderr.contains("lesson 1 has no backup: `cargo kata reset 1`"), "{none:?}");

    let now = || fs::read_to_string(course.exercise()).expect("an exercise");
    let backups = || {
        let names = (1..9).map(|n| format!("lessons/01_greeting/exercise.backup-{n}.rs"));
        let texts = names.map_while(|name| fs::read_to_string(course.root.join(name)).ok());
        texts.collect::<Vec<_>>()
    };
    for mine in ["// one\n", "// two\n"] {
        course.write_exercise(mine);
        course.kata(["reset", "1"]);
    }
    // The original needs no backup.
    let run = course.kata(["restore", "1"]);
    assert_data_eq!(
        run.stdout,
        str![[r#"
lessons/01_greeting/exercise.rs is as it was in lessons/01_greeting/exercise.backup-2.rs
older backups: 1; `cargo kata restore 1 NUMBER` restores one

"#]]
    );
    assert_eq!((run.code, now().as_str()), (0, "// two\n"));
    assert_eq!(backups(), ["// one\n", "// two\n"]);

    for name in ["1", "exercise.backup-1.rs", "lessons/01_greeting/exercise.backup-1.rs"] {
        course.write_exercise("// three\n");
        let run = course.kata(["restore", "1", name]);
        assert!(run.stdout.starts_with("your version is saved in "), "{name}: {run:?}");
        assert_eq!((run.code, now().as_str()), (0, "// one\n"), "{name}");
    }
    // What the newest backup holds already is not saved again.
    assert_eq!(backups(), ["// one\n", "// two\n", "// three\n"]);
    // Again and again: each undoes the one before.
    for expected in ["// three\n", "// one\n"] {
        course.kata(["restore", "1"]);
        assert_eq!(now(), expected);
    }
    let unknown = course.kata(["restore", "1", "7"]);
    assert_eq!(unknown.code, 2, "{unknown:?}");
    let message = "lesson 1 has no backup `7`\n  choose one of 5, 4, 3, 2, 1\n";
    assert!(unknown.stderr.contains(message), "{unknown:?}");
    assert_eq!(now(), "// one\n");
}

/// A freed number is not used again, because then the newest backup would not have the highest number.
#[test]
fn the_newest_backup_has_the_highest_number() {
    let course = Course::open();
    let backup = |n| course.root.join(format!("lessons/01_greeting/exercise.backup-{n}.rs"));
    for mine in ["// one\n", "// two\n"] {
        course.write_exercise(mine);
        course.kata(["reset", "1"]);
    }
    fs::remove_file(backup(1)).expect("it was there");
    course.write_exercise("// three\n");
    course.kata(["reset", "1"]);
    assert!(!backup(1).exists());
    course.kata(["restore", "1"]);
    assert_eq!(fs::read_to_string(course.exercise()).expect("an exercise"), "// three\n");
}

/// As in a read-only checkout, or on a full disk.
#[test]
fn a_verdict_that_cannot_be_remembered_is_shown_all_the_same() {
    let course = Course::open();
    // Even for the superuser, who may write everywhere.
    fs::write(course.root.join(".kata"), "a file where a folder must be").expect("written");
    let warning = "this is not remembered";
    course.write_exercise(SOLUTION);
    let run = course.kata(["lesson", "1"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.stdout.contains("all 2 checks pass"), "{run:?}");
    assert!(run.stderr.contains(warning), "{run:?}");
    let run = course.kata(["lesson", "1", "--json"]);
    assert_eq!(run.json()["verdict"], "pass");
    assert!(course.kata(["list"]).stdout.contains("0 of 2 green"));
    course.write_exercise(&course.naive());
    let hint = course.kata(["hint", "1"]);
    assert_eq!(hint.code, 0, "{hint:?}");
    assert!(hint.stdout.contains("hint 1 of 3: the greeting is read whole"), "{hint:?}");
    assert!(hint.stderr.contains(warning), "{hint:?}");
    fs::remove_file(course.root.join(".kata")).expect("removed");
}

#[test]
fn reset_restores_the_exercise_and_keeps_every_backup() {
    let course = Course::open();
    for number in 1..=2 {
        let mine = format!("// my work {number}\n");
        course.write_exercise(&mine);
        let run = course.kata(["reset", "1"]);
        assert_eq!(run.code, 0, "{run:?}");
        let backup = format!("lessons/01_greeting/exercise.backup-{number}.rs");
        assert!(run.stdout.contains(&backup), "{run:?}");
        assert_eq!(fs::read_to_string(course.root.join(backup)).expect("a backup"), mine);
        assert_eq!(fs::read_to_string(course.exercise()).expect("an exercise"), course.naive());
    }
    let run = course.kata(["reset", "1"]);
    assert_eq!(run.stdout, "lessons/01_greeting/exercise.rs is already in its original state\n");
    assert!(!course.root.join("lessons/01_greeting/exercise.backup-3.rs").exists());
}
