//! The exercise, graded: pages and JSON.

use std::fs;

use serde_json::Value;
use snapbox::{assert_data_eq, str};

use super::*;

// The exercise.

#[test]
fn an_untouched_exercise_is_red_with_a_reason() {
    let run = Course::open().kata(["lesson", "1"]);
    assert_eq!(run.code, 1, "{run:?}");
    assert_data_eq!(
        run.stdout,
        str![[r#"
lesson 1 greeting: 1 of 2 checks pass

✗ the greeting is read whole
✓ the stream may stay open

✗ the greeting is read whole                     lessons/01_greeting/exercise.rs
    the peer sent   68 65 │ 6c 6c 6f   (2 segments, then closed its side)
    the test calls  read_greeting
    your code read  read(5) → 2
    and returned    "he"
    expected        "hello"
                       ^ 2 of 5 bytes
    TCP keeps the order of bytes, not their grouping: one read may return fewer
    bytes than you ask for. Read until the message is whole.

next: cargo kata hint 1

"#]]
    );
}

#[test]
fn a_fixed_exercise_is_green() {
    let course = Course::open();
    course.write_exercise(SOLUTION);
    let run = course.kata(["lesson", "1"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert_data_eq!(
        run.stdout,
        str![[r#"
lesson 1 greeting: all 2 checks pass

✓ the greeting is read whole
✓ the stream may stay open

what you have learned
  A read returns what has arrived. It is not a message. So a reader reads until
  it has the whole message, and not a byte more.

a question to think on
  How long is a greeting if its length is not sent?

next: cargo kata diff 1   compare yours with the reference
      lessons/01_greeting/README.md   the questions at its end
      cargo kata lesson 2   Count what was sent

"#]]
    );
}

#[test]
fn number_folder_and_topic_name_the_same_lesson() {
    let course = Course::open();
    for name in ["2", "02", "02_counting", "counting", "lessons/02_counting/"] {
        assert_eq!(course.json(["lesson", name])["lesson"], "02_counting", "{name}");
    }
}

#[test]
fn every_story_is_shown_with_all() {
    let course = Course::open();
    course.write_exercise(&answer("panic!(\"no {}\", stream.read(&mut [0; 5])?)"));
    let one = course.kata(["lesson", "1"]);
    let more = "and 1 more failing: cargo kata lesson 1 --all shows every story";
    assert!(one.stdout.contains(more), "{one:?}");
    let all = course.kata(["lesson", "1", "--all"]);
    assert_eq!(all.stdout.matches("your code panicked").count(), 0, "{all:?}");
    assert_eq!(all.stdout.matches("and panicked").count(), 2, "{all:?}");
}

#[test]
fn a_failing_check_says_whether_its_reason_is_that_of_the_story() {
    let course = Course::open();
    let second = |answer: &str| {
        course.write_exercise(answer);
        let page = course.kata(["lesson", "1"]).stdout;
        assert!(page.contains("\n✗ the greeting is read whole\n"), "its story is shown: {page}");
        let line = page.lines().find(|line| line.starts_with("✗ the stream may stay open"));
        line.unwrap_or_else(|| panic!("it fails: {page}")).to_owned()
    };
    let reads = "let mut all = [0; 5]; let n = stream.read(&mut all)?;
        Ok(String::from_utf8_lossy(&all[..n]).into_owned())";
    let silences = "std::panic::set_hook(Box::new(|_| {}));";
    let reads_all =
        reads.replace("let n = stream.read(&mut all)?", "let n = 5; stream.read_exact(&mut all)?");
    let both = answer(&format!("{silences} {reads_all}"));
    assert_eq!(second(&both), "✗ the stream may stay open (for the same reason)");
    // Wrong in another way from the third call on.
    let calls =
        "static CALLS: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);";
    let count = "let calls = CALLS.fetch_add(1, std::sync::atomic::Ordering::Relaxed);";
    let another = answer(&format!("{count} if calls > 1 {{ {silences} }} {reads}")) + calls;
    assert_eq!(second(&another), "✗ the stream may stay open (for another reason)");
    // Two panics may have two reasons.
    assert_eq!(second(&answer("panic!()")), "✗ the stream may stay open");
    // Each tells its own.
    course.write_exercise(&both);
    let all = course.kata(["lesson", "1", "--all"]);
    assert!(!all.stdout.contains("reason)"), "{all:?}");
}

#[test]
fn a_check_that_builds_on_a_failing_one_is_skipped() {
    let course = Course::open();
    let run = course.kata(["lesson", "2"]);
    let page = "✓ nothing counts as nothing
✗ every byte counts
– a character may be several bytes (skipped: builds on a failure)
– characters count among letters (skipped: builds on a failure)
";
    assert!(run.stdout.contains(page), "{run:?}");
    assert!(!run.stdout.contains("more failing"), "{run:?}");

    // Wrong about characters only.
    let answer = course.scratch("letters.rs");
    let text = "pub fn count(m: &[u8]) -> usize { m.iter().filter(|b| b.is_ascii()).count() }\n";
    fs::write(&answer, text).expect("written");
    let file = answer.to_str().expect("a path in UTF-8");
    for option in ["--all", "--strict"] {
        let graded = course.json(["lesson", "2", "--answer", file, option]);
        let expected = ["pass", "pass", "fail", "skipped"];
        assert_eq!(statuses(&graded), expected, "{option}: {graded}");
    }
    let alone = ["lesson", "2", "--answer", file, "--check", "characters_count_among_letters"];
    assert_eq!(statuses(&course.json(alone)), ["fail"]);
}

#[test]
fn the_failure_that_explains_most_is_shown_first() {
    let course = Course::open();
    let exercise = course.root.join("lessons/02_counting/exercise.rs");
    fs::write(exercise, "pub fn count(_: &[u8]) -> usize { 7 }\n").expect("written");
    let all = course.kata(["lesson", "2", "--all"]).stdout;
    // The list at the top is in the order of the file, but the stories below it are not.
    let story = |title| all.rfind(title).unwrap_or_else(|| panic!("no {title} in {all}"));
    assert!(story("✗ every byte counts") < story("✗ nothing counts as nothing"), "{all}");
    assert_eq!(course.json(["status"])["lessons"][1]["first_failing"], "every_byte_counts");
}

#[test]
fn one_check_can_be_run_alone() {
    let course = Course::open();
    for name in ["the_stream_may_stay_open", "the stream may stay open"] {
        let run = course.kata(["lesson", "1", "--check", name]);
        assert_eq!(run.code, 0, "{run:?}");
        assert!(run.stdout.contains("1 check passes"), "{run:?}");
    }
}

#[test]
fn each_check_can_run_in_its_own_process() {
    let course = Course::open();
    // Right about the first two connections of a process, wrong about all others.
    let calls =
        "static CALLS: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);";
    let body = answer(
        "let calls = CALLS.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
         let mut all = [0; 5]; stream.read_exact(&mut all)?;
         Ok(if calls < 2 { String::from_utf8_lossy(&all).into_owned() } else { String::new() })",
    );
    course.write_exercise(&(body + calls));
    assert_eq!(course.json(["lesson", "1"])["verdict"], "fail");
    let strict = course.json(["lesson", "1", "--strict"]);
    assert_eq!(strict["verdict"], "pass", "{strict}");
    assert_eq!(checks(&strict).map(|check| check["status"].clone()), ["pass", "pass"]);

    course.write_exercise(&answer("let _ = stream; std::process::exit(0)"));
    let strict = course.json(["lesson", "1", "--strict"]);
    assert_eq!(strict["verdict"], "incomplete");
    let both = checks(&strict).map(|check| check["status"].clone());
    assert_eq!(both, ["incomplete", "incomplete"], "every check is tried");
}

#[test]
fn an_exercise_that_includes_another_file_is_refused() {
    let course = Course::open();
    course.write_exercise("#[path = \"solution.rs\"] mod solution; pub use solution::*;");
    let run = course.kata(["lesson", "1"]);
    assert_eq!(run.code, 4, "{run:?}");
    assert!(run.stdout.starts_with("lesson 1 greeting: cannot be graded\n"), "{run:?}");
    assert!(
        run.stdout.contains("includes another file, lessons/01_greeting/solution.rs"),
        "{run:?}"
    );
    assert_eq!(course.json(["lesson", "1"])["verdict"], "error");
}

// JSON.

#[test]
fn json_is_one_object_with_the_checks_in_order() {
    let course = Course::open();
    let run = course.kata(["lesson", "1", "--json"]);
    assert_eq!(run.code, 1, "{run:?}");
    let graded: Value = serde_json::from_str(&run.stdout).expect("one object, nothing else");
    assert_eq!(graded["version"], 1);
    assert_eq!(graded["lesson"], "01_greeting");
    assert_eq!(graded["answer"], "exercise");
    assert_eq!(graded["verdict"], "fail");
    assert_eq!((&graded["score"], &graded["max_score"]), (&5.0.into(), &10.0.into()));
    assert_eq!(graded["content"].as_str().map(str::len), Some(16));
    assert!(graded["course"]["toolchain"].as_str().is_some_and(|it| it.starts_with("rustc ")));
    assert_eq!(graded["course"]["digest"].as_str().map(str::len), Some(64));
    assert!(graded["started"].as_f64() > Some(1.7e9) && graded["seconds"].as_f64() > Some(0.0));
    let [first, second] = checks(&graded);
    assert_eq!(first["name"], "the_greeting_is_read_whole");
    assert_eq!(first["status"], "fail");
    assert_eq!(first["cause"], "OneReadIsNotOneMessage");
    let story = first["story"].as_str().expect("a failure has a story");
    assert!(story.contains("expected        \"hello\""), "{story}");
    assert_eq!(second["name"], "the_stream_may_stay_open");
    assert_eq!(second["status"], "pass");
    assert_eq!(second["story"], Value::Null);
    assert!(second["seconds"].as_f64().is_some_and(|seconds| seconds < 4.0));
}

#[test]
fn json_contains_the_compile_message_without_colour() {
    let course = Course::open();
    course.write_exercise("pub fn read_greeting(");
    let run = course.kata(["lesson", "1", "--json"]);
    assert_eq!(run.code, 4, "{run:?}");
    let graded: Value = serde_json::from_str(&run.stdout).expect("one object, nothing else");
    assert_eq!(graded["verdict"], "error");
    let message = graded["compile_message"].as_str().expect("rustc said something");
    assert!(message.starts_with("error: this file contains an unclosed delimiter"), "{message}");
}

#[test]
fn json_does_not_wrap_a_story() {
    let graded = Course::open().json(["lesson", "1"]);
    let story = checks(&graded)[0]["story"].as_str().expect("a failure has a story");
    let lines: Vec<&str> = story.lines().map(str::trim_start).collect();
    assert_eq!(
        lines,
        [
            "the peer sent   68 65 │ 6c 6c 6f   (2 segments, then closed its side)",
            "the test calls  read_greeting",
            "your code read  read(5) → 2",
            "and returned    \"he\"",
            "expected        \"hello\"",
            "^ 2 of 5 bytes",
            "TCP keeps the order of bytes, not their grouping: one read may return fewer bytes than \
             you ask for. Read until the message is whole.",
        ]
    );
}

#[test]
fn json_has_no_negative_time() {
    let course = Course::open();
    // The checks after the one in which it ends have no time.
    course.write_exercise(&answer("let _ = stream; std::process::exit(0)"));
    let run = course.kata(["lesson", "1", "--json"]);
    let seconds = checks(&run.json()).map(|check| check["seconds"].as_f64().expect("a time"));
    assert!(seconds.iter().all(|seconds| seconds.is_sign_positive()), "{run:?}");
}
