//! Test the commands as a user types them, in a course of two small lessons (tests/runner/course).
//!
//! All tests share one course and one target folder, so that dependencies are built once. They run one at a
//! time, and each starts with the original exercises.

#[path = "runner/new_lesson.rs"]
mod new_lesson;
#[path = "runner/watch.rs"]
mod watch;

use std::fs;
use std::io::Read;
#[cfg(unix)]
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;
use snapbox::{assert_data_eq, str};

const SOLUTION: &str = include_str!("runner/course/lessons/01_greeting/solution.rs");

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

next: cargo kata solution 1   compare yours with the reference
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
    assert_eq!(run.code, 1, "{run:?}");
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
    assert_eq!(run.code, 1, "{run:?}");
    let graded: Value = serde_json::from_str(&run.stdout).expect("one object, nothing else");
    assert_eq!(graded["verdict"], "error");
    let message = graded["compile_message"].as_str().expect("rustc said something");
    assert!(message.starts_with("error: this file contains an unclosed delimiter"), "{message}");
}

// Exercises that go wrong.

#[test]
fn a_compile_error_is_shown_and_blocks_no_other_lesson() {
    let course = Course::open();
    course.write_exercise("pub fn read_greeting() -> u8 { \"five\" }\n");
    let run = course.kata(["lesson", "1"]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.stdout.contains("error[E0308]: mismatched types"), "{run:?}");
    assert!(run.stdout.contains("--> lessons/01_greeting/exercise.rs:1:32"), "{run:?}");
    assert!(run.stdout.contains("next: fix what rustc reports"), "{run:?}");
    assert_eq!(course.json(["lesson", "2"])["verdict"], "fail");
    assert_eq!(course.json(["lesson", "1", "--answer", "solution"])["verdict"], "pass");
}

#[test]
fn a_hanging_exercise_is_shown_with_its_place() {
    let course = Course::open();
    course.write_exercise(&answer(
        "let mut all = String::new(); stream.read_to_string(&mut all)?; Ok(all)",
    ));
    let run = course.kata(["lesson", "1"]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.took < Duration::from_secs(10), "{run:?}");
    assert!(run.stdout.contains("the peer sent   68 65 6c 6c 6f"), "{run:?}");
    if cfg!(target_os = "linux") {
        assert!(run.stdout.contains("and hangs       in recvfrom, on a socket"), "{run:?}");
    }
}

#[test]
fn an_exercise_that_panics_in_a_thread_fails() {
    let course = Course::open();
    course.write_exercise(&answer(
        "let _ = std::thread::spawn(|| panic!(\"unseen\")).join();
         let mut all = [0; 5]; stream.read_exact(&mut all)?;
         Ok(String::from_utf8_lossy(&all).into_owned())",
    ));
    let graded = course.json(["lesson", "1"]);
    assert_eq!(graded["verdict"], "fail");
    let [first, _] = checks(&graded);
    assert_eq!(first["cause"], "ThreadPanicked");
    assert!(first["story"].as_str().is_some_and(|story| story.contains("unseen")), "{first}");
}

#[test]
fn an_exercise_that_exits_with_success_is_incomplete() {
    let course = Course::open();
    course.write_exercise(&answer("let _ = stream; std::process::exit(0)"));
    let graded = course.json(["lesson", "1"]);
    assert_eq!(graded["verdict"], "incomplete");
    let [first, second] = checks(&graded);
    assert_eq!((&first["status"], &second["status"]), (&"incomplete".into(), &"skipped".into()));
    let note = graded["note"].as_str().expect("a sentence on how it ended");
    assert!(note.contains("with status 0 before the check `the_greeting_is_read_whole`"), "{note}");
    let run = course.kata(["lesson", "1"]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.stdout.contains("! the greeting is read whole (never ended)"), "{run:?}");
}

#[test]
fn an_exit_in_the_last_check_is_incomplete_too() {
    let course = Course::open();
    course.write_exercise(&answer(
        "let mut all = [0; 5]; let n = stream.read(&mut all)?;
         if n == 5 { stream.read_exact(&mut [0; 0])?; }
         if std::thread::current().name().is_some() && n == 5 { std::process::exit(0) }
         stream.read_exact(&mut all[n..])?;
         Ok(String::from_utf8_lossy(&all).into_owned())",
    ));
    assert_eq!(course.json(["lesson", "1"])["verdict"], "incomplete");
}

#[cfg(unix)]
#[test]
fn an_exercise_that_aborts_is_incomplete_and_the_signal_is_named() {
    let course = Course::open();
    course.write_exercise(&answer("let _ = stream; std::process::abort()"));
    let graded = course.json(["lesson", "1"]);
    assert_eq!(graded["verdict"], "incomplete");
    assert!(graded["note"].as_str().is_some_and(|note| note.contains("signal 6")), "{graded}");
}

#[test]
fn endless_output_is_stopped_and_its_end_shown() {
    let course = Course::open();
    course.write_exercise(&answer("let _ = stream; loop { println!(\"again\\x1b[2Jand again\") }"));
    let run = course.kata(["lesson", "1"]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.took < Duration::from_secs(10), "{:?}", run.took);
    assert!(run.stdout.contains("printed without end, in `the_greeting_is_read_whole`"), "{run:?}");
    assert!(run.stdout.contains("  │ againand again"), "its own escapes are removed: {run:?}");
    assert!(run.stdout.len() < 4000, "{} bytes", run.stdout.len());
}

#[test]
fn printed_output_is_shown_without_the_test_programs_lines() {
    let course = Course::open();
    course.write_exercise(&answer(
        "println!(\"running\"); print!(\"to the left\"); eprintln!(\"to the right\"); let mut all = [0; 5];
         stream.read_exact(&mut all)?; Ok(String::from_utf8_lossy(&all).into_owned())",
    ));
    let printed = &course.json(["lesson", "1"])["printed"];
    let stdout = [["running", "to the left"]; 3].concat();
    assert_eq!(*printed, Value::from_iter([stdout, vec!["to the right"; 3]].concat()));
}

#[cfg(target_os = "linux")]
#[test]
fn programs_left_running_are_stopped_and_reported() {
    let course = Course::open();
    course.write_exercise(&answer(
        "let child = std::process::Command::new(\"sleep\").arg(\"600\").spawn()?;
         println!(\"{}\", child.id());
         let mut all = [0; 5]; stream.read_exact(&mut all)?;
         Ok(String::from_utf8_lossy(&all).into_owned())",
    ));
    let graded = course.json(["lesson", "1"]);
    assert_eq!(graded["verdict"], "fail", "{graded}");
    let note = graded["note"].as_str().expect("a sentence on what is still there");
    assert!(note.contains("still running, and were stopped: sleep"), "{note}");
    let printed = graded["printed"].as_array().expect("what it printed");
    assert_eq!(printed.len(), 3, "{graded}");
    for pid in printed.iter().filter_map(Value::as_str) {
        assert!(within_a_second(|| !is_alive(pid)), "process {pid} is still there");
    }
}

#[cfg(unix)]
#[test]
fn ctrl_c_while_grading_ends_the_tests_too() {
    let course = Course::open();
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("it has an address").to_string();
    course.write_exercise(&answer(&format!(
        "let _ = stream; let mut test = std::net::TcpStream::connect({address:?})?;
         std::io::Write::write_all(&mut test, std::process::id().to_string().as_bytes())?;
         drop(test); loop {{ std::thread::park() }}"
    )));
    let mut runner = course.command(["lesson", "1"]).spawn().expect("the runner starts");
    let mut pid = String::new();
    let (mut exercise, _) = listener.accept().expect("the tests begin");
    exercise.read_to_string(&mut pid).expect("the number of its process");
    signal("INT", &runner.id().to_string());
    let status = runner.wait().expect("the runner ends");
    assert_eq!(status.code(), Some(130));
    assert!(within_a_second(|| !is_alive(&pid)), "process {pid} is still there");
}

#[test]
fn a_missing_exercise_can_be_restored() {
    let course = Course::open();
    fs::remove_file(course.exercise()).expect("it was there");
    let run = course.kata(["lesson", "1"]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.contains("`cargo kata reset 1` restores the exercise"), "{run:?}");
    assert_eq!(course.kata(["reset", "1"]).code, 0);
    assert_eq!(course.kata(["lesson", "1"]).code, 1);
}

#[test]
fn an_older_file_that_replaces_the_exercise_is_graded() {
    let course = Course::open();
    let older = course.scratch("older.rs");
    fs::write(&older, SOLUTION).expect("a scratch file can be written");
    assert_eq!(course.json(["lesson", "1"])["verdict"], "fail");
    // The file keeps its time, which is earlier than the last build.
    fs::rename(&older, course.exercise()).expect("both are on one disk");
    assert_eq!(course.json(["lesson", "1"])["verdict"], "pass");
}

// Other answers.

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

// Mistakes.

#[test]
fn a_mistake_is_printed_as_a_diff_of_the_solution() {
    let course = Course::open();
    let run = course.kata(["lesson", "1", "--answer", "wrong/waits_for_the_end", "--diff"]);
    assert_eq!(run.code, 0, "{run:?}");
    let diff = course.root.join("lessons/01_greeting/wrong/waits_for_the_end.diff");
    assert_eq!(run.stdout, fs::read_to_string(diff).expect("the mistake is kept as a diff"));
    let run = course.kata(["lesson", "1", "--answer", "solution", "--diff"]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.contains("name it with --answer wrong/NAME"), "{run:?}");
}

#[test]
fn a_mistake_is_made_and_changed_in_an_editor() {
    let course = Course::open();
    let diff = course.root.join("lessons/01_greeting/wrong/reads_four.diff");
    let _ = fs::remove_file(&diff);
    let edit = |editor: &str| {
        let mut command = course.command(["wrong", "1", "reads_four"]);
        Run::of(command.env_remove("VISUAL").env("EDITOR", editor))
    };
    assert_eq!(edit("").code, 2, "without an editor there is nothing to do");
    let unchanged = edit("true");
    assert!(unchanged.stderr.contains("it equals the solution"), "{unchanged:?}");
    assert!(!diff.exists());

    let made = edit("sed -i s/0;.5/0;\\x204/");
    assert_eq!(made.code, 0, "{made:?}");
    let kept = fs::read_to_string(&diff).expect("the mistake is kept");
    let head = "Caught by CHECK: CAUSE.\n\nWhat the answer does wrong.\n--- solution.rs\n";
    assert!(kept.starts_with(head), "{kept}");
    assert!(kept.contains("\n+    let mut greeting = [0; 4];\n"), "{kept}");
    let graded = course.json(["lesson", "1", "--answer", "wrong/reads_four"]);
    assert_eq!(graded["verdict"], "fail", "{graded}");

    let head = kept.replace("CHECK: CAUSE", "the_greeting_is_read_whole: ReadTooLittle");
    fs::write(&diff, head).expect("a diff can be written");
    assert_eq!(edit("sed -i s/0;.4/0;\\x203/").code, 0);
    let kept = fs::read_to_string(&diff).expect("the mistake is kept");
    assert!(kept.starts_with("Caught by the_greeting_is_read_whole: ReadTooLittle.\n"), "{kept}");
    assert!(kept.contains("\n+    let mut greeting = [0; 3];\n"), "{kept}");
    fs::remove_file(diff).expect("the mistake can be removed");
}

#[test]
fn a_mistake_is_stale_until_it_is_rebased() {
    let course = Course::open();
    let git = |words: &[&str]| {
        let mut git = Command::new("git");
        git.args(["-c", "user.name=kata", "-c", "user.email=kata@localhost", "-c", "gc.auto=0"]);
        let status = git.args(words).current_dir(&course.root).stdout(Stdio::null()).status();
        assert!(status.expect("git is there").success(), "{words:?}");
    };
    let solution = course.root.join("lessons/01_greeting/solution.rs");
    let repository = course.root.join(".git");
    let _ = fs::remove_dir_all(&repository);
    git(&["init", "--quiet"]);
    git(&["add", "lessons/01_greeting/solution.rs"]);
    git(&["commit", "--quiet", "--message", "The solution"]);
    let answer = ["lesson", "1", "--answer", "wrong/waits_for_the_end"];
    let diff = course.root.join("lessons/01_greeting/wrong/waits_for_the_end.diff");

    // The lines of the mistake have moved, and there is a new comment between them.
    fs::write(&solution, SOLUTION.replace("/// Read", "/// The first words.\n///\n/// Read"))
        .unwrap();
    let stale = course.kata(answer);
    assert_eq!(stale.code, 1, "{stale:?}");
    assert!(stale.stderr.contains("waits_for_the_end.diff does not apply exactly"), "{stale:?}");
    assert!(stale.stderr.contains("cargo kata wrong 1 --rebase"), "{stale:?}");
    let carried = course.kata(["wrong", "1", "--rebase"]);
    assert_eq!(carried.code, 0, "{carried:?}");
    assert_eq!(course.json(answer)["verdict"], "fail");

    // The solution has changed where the mistake is.
    git(&["commit", "--quiet", "--all", "--message", "Say more"]);
    let again = fs::read_to_string(&solution).unwrap().replace("[0; 5]", "[b' '; 5]");
    fs::write(&solution, &again).unwrap();
    let before = fs::read(&diff).unwrap();
    let conflict = course.kata(["wrong", "1", "--rebase"]);
    assert_eq!(conflict.code, 1, "{conflict:?}");
    assert!(conflict.stdout.contains("conflict: waits_for_the_end"), "{conflict:?}");
    assert_eq!(fs::read(&diff).unwrap(), before, "nothing is lost");
    let mut command = course.command(["wrong", "1", "waits_for_the_end"]);
    let kept = Run::of(command.env_remove("VISUAL").env("EDITOR", "true"));
    assert!(kept.stderr.contains("contains conflict markers"), "{kept:?}");
    fs::remove_dir_all(repository).unwrap();
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
    assert_eq!(run.code, 1, "{run:?}");
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

// Progress, hints, solution, reset.

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
    // Not graded yet: the first hint grades.
    let hint = course.kata(["hint", "1"]);
    assert_data_eq!(
        hint.stdout,
        str![[r#"
hint 1 of 3: the greeting is read whole

A nudge.

more: cargo kata hint 1

"#]]
    );
    let hint = course.kata(["hint", "1"]);
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
    assert!(hint.stdout.contains("hint 1 of 1: the stream may stay open"), "{hint:?}");
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
    assert!(hint.stdout.contains("lesson 1 is green: it needs no hint"), "{hint:?}");
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

// Programs.

#[cfg(unix)]
#[test]
fn server_and_client_talk_until_ctrl_c() {
    let course = Course::open();
    let serve = ["serve", "1", "polite", "--port", "0", "--answer", "solution"];
    let (mut server, port) = course.serve(serve);
    let client = course.kata(["client", "1", "--port", &port]);
    assert_eq!(client.code, 0, "{client:?}");

    let busy = course.kata(["serve", "1", "polite", "--port", &port]);
    assert_eq!(busy.code, 1, "{busy:?}");
    assert!(busy.stderr.contains("another program uses this port"), "{busy:?}");

    signal("INT", &server.id().to_string());
    assert!(!server.wait().expect("it ends").success());
    let mut heard = String::new();
    let mut stdout = server.stdout.take().expect("stdout is piped");
    stdout.read_to_string(&mut heard).expect("text");
    assert_eq!(heard, "heard hello\n");

    let refused = course.kata(["client", "1", "--port", &port]);
    assert_eq!(refused.code, 1, "{refused:?}");
    assert!(refused.stderr.contains("no program listens there"), "{refused:?}");
}

#[test]
fn a_program_must_be_named_if_there_are_several() {
    let course = Course::open();
    for words in [vec!["serve", "1"], vec!["serve", "1", "friendly"]] {
        let run = course.kata_with(words);
        assert_eq!(run.code, 2, "{run:?}");
        assert!(run.stderr.contains("name one of [polite, rude]"), "{run:?}");
    }
    let run = course.kata(["serve", "2"]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.contains("lesson 2 has no programs to run"), "{run:?}");
}

// The machine and the shell.

#[cfg(unix)]
#[test]
fn doctor_names_the_command_that_fixes_a_problem() {
    let course = Course::open();
    let bin = course.scratch("bin");
    fs::create_dir_all(&bin).expect("a scratch folder");
    let link = |name: &str| {
        let path = std::env::var_os("PATH").expect("there is a path");
        let mut programs = std::env::split_paths(&path).map(|folder| folder.join(name));
        let program = programs.find(|program| program.is_file()).expect("it is installed");
        std::os::unix::fs::symlink(program, bin.join(name)).expect("a link");
    };
    let doctor = || Run::of(course.command(["doctor"]).env("PATH", &bin));
    fs::write(bin.join("dnf"), "").expect("written");
    let executable = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    fs::set_permissions(bin.join("dnf"), executable).expect("it can be made executable");

    link("cargo");
    let run = doctor();
    assert_eq!(run.code, 1, "{run:?}");
    assert!(
        run.stdout.contains("✗ rustc is missing: nothing can be compiled\n    curl "),
        "{run:?}"
    );

    link("rustc");
    let run = doctor();
    assert_eq!(run.code, 0, "{run:?}");
    for part in [
        "✓ rustc 1.",
        "✓ every crate is on this machine",
        "✓ loopback, IPv4: 127.0.0.1 answers",
        "– git is missing; you may want it to fetch new lessons",
        "\n    sudo dnf install git\n",
        "\n    cargo install just\n",
        "\n    sudo dnf install python3\n",
        "\nthe lessons work; what is marked with – is optional\n",
    ] {
        assert!(run.stdout.contains(part), "{part}: {run:?}");
    }
}

#[cfg(unix)]
#[test]
fn doctor_reports_too_few_descriptors() {
    let course = Course::open();
    let mut shell = Command::new("sh");
    let limited = format!("ulimit -n 256; exec {} doctor", env!("CARGO_BIN_EXE_kata"));
    let run = Run::of(shell.args(["-c", &limited]).current_dir(&course.root));
    assert_eq!(run.code, 1, "{run:?}");
    let expected =
        "✗ a process may open 256 files and sockets: lesson 4 has 500 clients\n    ulimit";
    assert!(run.stdout.contains(expected), "{run:?}");
}

#[test]
fn every_shell_gets_a_script() {
    let course = Course::open();
    for shell in ["bash", "zsh", "fish", "powershell"] {
        let run = course.kata(["completions", shell]);
        assert_eq!(run.code, 0, "{run:?}");
        assert!(run.stdout.contains("cargo kata "), "it defines the short command: {shell}");
        assert!(run.stdout.contains("completions"), "it knows the commands: {shell}");
        let knows_lessons = run.stdout.contains("counting");
        assert_eq!(knows_lessons, shell != "powershell", "{shell}: only PowerShell has no lessons");
    }
    assert!(course.kata(["completions", "zsh"]).stdout.starts_with("#compdef kata\n"));
}

#[cfg(unix)]
#[test]
fn bash_completes_commands_and_lessons() {
    let course = Course::open();
    let script = course.scratch("completions.bash");
    fs::write(&script, course.kata(["completions", "bash"]).stdout).expect("written");
    let press_tab = |words: &str, last: &str| {
        let press = format!(
            "source {script:?}; COMP_WORDS=({words}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); \
             _kata kata {last} ''; echo ${{COMPREPLY[@]}}"
        );
        Run::of(Command::new("bash").args(["--norc", "-c", &press])).stdout
    };
    assert_eq!(press_tab("kata wa", "wa"), "watch\n");
    assert_eq!(press_tab("kata lesson co", "co"), "counting\n");
}

// Wrong usage.

#[test]
fn wrong_usage_gets_one_line_and_exit_code_2() {
    let course = Course::open();
    let cases: &[(&[&str], &str)] = &[
        (&["lesson", "7"], "there is no lesson `7`: choose one of 1 greeting, 2 counting"),
        (&["lesson", "greting"], "did you mean `greeting`?"),
        (&["lesson"], "<LESSON>"),
        (&["demo"], "[subcommands: sticky"),
        (&["lesosn", "1"], "'lesson'; `cargo kata help` lists the commands"),
        (&["lesson", "1", "--answer", "wrong/x"], "the wrong answers are waits_for_the_end"),
        (&["lesson", "2", "--answer", "right/x"], "this lesson has no right answers"),
        (&["lesson", "1", "--answer", "nowhere.rs"], "failed to read the answer nowhere.rs"),
        (&["lesson", "1", "--answer", "lessons"], "lessons: it is not a file"),
        (
            &["lesson", "2", "--check", "x"],
            "has no check `x`: choose one of nothing_counts_as_nothing, ",
        ),
        (&["serve", "1", "polite", "--port", "65536"], "65536 is not in 0..=65535"),
        (&["client", "1", "--port", "0"], "name the server's port with --port"),
        (&["client", "1", "--host", "no.such.host.invalid"], "failed to find the host"),
    ];
    for (words, expected) in cases {
        let run = course.kata_with(words.to_vec());
        assert_eq!(run.code, 2, "{words:?}: {run:?}");
        assert!(run.stderr.contains(expected), "{words:?}: {run:?}");
        assert_eq!(run.stderr.lines().count(), 1, "{words:?}: {run:?}");
        assert_eq!(run.stdout, "", "{words:?}");
    }
}

#[test]
fn outside_a_course_the_command_reports_it() {
    let elsewhere = tempfile::tempdir().expect("a temporary folder");
    let mut command = Command::new(env!("CARGO_BIN_EXE_kata"));
    command.arg("list").current_dir(elsewhere.path()).env_remove("CARGO_MANIFEST_DIR");
    let run = Run::of(&mut command);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.contains("change to the course's folder first"), "{run:?}");
}

#[test]
fn a_course_is_found_from_a_folder_within_it() {
    let course = Course::open();
    let mut command = course.command(["list"]);
    command.current_dir(course.root.join("lessons/01_greeting"));
    let run = Run::of(&mut command);
    assert!(run.stdout.contains("0 of 2 green"), "{run:?}");
}

// The terminal.

#[test]
fn piped_output_has_no_colour() {
    let course = Course::open();
    for words in [["lesson", "1"], ["show", "1"], ["hint", "1"], ["lesson", "9"]] {
        let run = course.kata(words);
        assert!(!run.stdout.contains('\x1b') && !run.stderr.contains('\x1b'), "{run:?}");
    }
}

#[test]
fn a_closed_output_pipe_is_not_a_failure() {
    let course = Course::open();
    let mut child = course.command(["show", "1"]).spawn().expect("the runner starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("the runner ends");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(!stderr.contains("panicked") && !stderr.contains("error"), "{stderr}");
    assert_eq!(output.status.code(), Some(0));
}

#[cfg(unix)]
#[test]
fn a_terminal_gets_colour_unless_no_color_is_set() {
    let course = Course::open();
    let coloured = on_terminal(80, &mut course.command(["lesson", "1"]));
    assert!(coloured.contains("\x1b["), "{coloured}");
    let plain = on_terminal(80, course.command(["lesson", "1"]).env("NO_COLOR", "1"));
    assert!(!plain.contains('\x1b'), "{plain}");
    assert_eq!(plain, course.kata(["lesson", "1"]).stdout);
}

#[cfg(unix)]
#[test]
fn a_page_fits_its_terminal_and_width_0_means_80() {
    let course = Course::open();
    let page = |columns| on_terminal(columns, course.command(["lesson", "1"]).env("NO_COLOR", "1"));
    assert_eq!(page(0), page(80));
    let narrow = page(40);
    assert!(narrow.lines().all(|line| line.chars().count() <= 40), "{narrow}");
    assert!(narrow.contains("\n    lessons/01_greeting/exercise.rs\n"), "{narrow}");
}

// Helpers.

/// The tested course, for one test at a time.
struct Course {
    root: PathBuf,
    _turn: MutexGuard<'static, ()>,
}

/// The result of a command.
#[derive(Debug)]
struct Run {
    code: i32,
    stdout: String,
    stderr: String,
    took: Duration,
}

static TURN: Mutex<()> = Mutex::new(());

impl Course {
    /// Lay out the original course: the kit of this repository, and the lessons of `tests/runner`.
    fn open() -> Course {
        let turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
        let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let root = base().join("course");
        for part in ["Cargo.lock", ".cargo", "src/kit"] {
            copy_changed(&here.join(part), &root.join(part));
        }
        // The kit's manifest names these, and cargo requires them.
        for entry in fs::read_dir(here.join("tests")).expect("the tests are there").flatten() {
            if entry.path().is_file() {
                copy_changed(&entry.path(), &root.join("tests").join(entry.file_name()));
            }
        }
        let _ = fs::remove_dir_all(root.join(".kata"));
        let _ = fs::remove_dir_all(base().join("scratch"));
        fs::create_dir_all(base().join("scratch")).expect("a scratch folder");
        let lessons = root.join("lessons");
        for entry in fs::read_dir(&lessons).into_iter().flatten().flatten() {
            for backup in (1..4).map(|n| entry.path().join(format!("exercise.backup-{n}.rs"))) {
                let _ = fs::remove_file(backup);
            }
        }
        copy_changed(&here.join("tests/runner/course"), &root);
        for lesson in ["01_greeting", "02_counting"] {
            let folder = lessons.join(lesson);
            copy_changed(&folder.join("naive.rs"), &folder.join("exercise.rs"));
        }
        Course { root, _turn: turn }
    }

    fn command<const N: usize>(&self, words: [&str; N]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_kata"));
        command.args(words).current_dir(&self.root);
        command.env("CARGO_TARGET_DIR", base().join("target")).env_remove("NO_COLOR");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    fn kata<const N: usize>(&self, words: [&str; N]) -> Run {
        Run::of(&mut self.command(words))
    }

    fn kata_with(&self, words: Vec<&str>) -> Run {
        Run::of(self.command([]).args(words))
    }

    /// The one JSON object that `lesson … --json` prints.
    fn json<const N: usize>(&self, words: [&str; N]) -> Value {
        let run = Run::of(self.command(words).arg("--json"));
        serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {run:?}"))
    }

    /// Start a server, and return it with the port that it prints.
    #[cfg(unix)]
    fn serve<const N: usize>(&self, words: [&str; N]) -> (Child, String) {
        let mut server = self.command(words).spawn().expect("the runner starts");
        let stdout = server.stdout.as_mut().expect("stdout is piped");
        let mut line = Vec::new();
        while !line.ends_with(b"\n") {
            let mut byte = [0];
            stdout.read_exact(&mut byte).expect("it says where it listens");
            line.push(byte[0]);
        }
        let line = String::from_utf8(line).expect("text");
        (server, line.trim().rsplit(':').next().expect("an address has a port").to_owned())
    }

    fn exercise(&self) -> PathBuf {
        self.root.join("lessons/01_greeting/exercise.rs")
    }

    fn write_exercise(&self, text: &str) {
        fs::write(self.exercise(), text).expect("the exercise can be written");
    }

    fn naive(&self) -> String {
        let naive = self.root.join("lessons/01_greeting/naive.rs");
        fs::read_to_string(naive).expect("the course was laid out")
    }

    /// A path for a test's own file, on the same disk as the course; the file does not exist yet.
    fn scratch(&self, name: &str) -> PathBuf {
        base().join("scratch").join(name)
    }
}

impl Run {
    fn of(command: &mut Command) -> Run {
        let began = Instant::now();
        let Output { status, stdout, stderr } = command.output().expect("the runner starts");
        Run {
            code: status.code().unwrap_or(-1),
            stdout: String::from_utf8(stdout).expect("text"),
            stderr: String::from_utf8(stderr).expect("text"),
            took: began.elapsed(),
        }
    }
}

/// An answer to the first lesson with this body.
fn answer(body: &str) -> String {
    format!(
        "#![allow(unused)]\nuse std::io::{{self, Read}};\n\
         pub fn read_greeting(stream: &mut impl Read) -> io::Result<String> {{\n{body}\n}}\n"
    )
}

fn checks(graded: &Value) -> [&Value; 2] {
    match graded["checks"].as_array().map(Vec::as_slice) {
        Some([first, second]) => [first, second],
        _ => panic!("expected two checks: {graded}"),
    }
}

fn statuses(graded: &Value) -> Vec<&str> {
    let checks = graded["checks"].as_array().expect("a list of checks");
    checks.iter().map(|check| check["status"].as_str().expect("a word")).collect()
}

fn base() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("runner")
}

/// Copy a file or a folder. Files that are equal already keep their time, so that cargo has nothing to do.
fn copy_changed(from: &Path, to: &Path) {
    if from.is_dir() {
        fs::create_dir_all(to).expect("a folder can be made");
        for entry in fs::read_dir(from).expect("a folder can be read").flatten() {
            copy_changed(&entry.path(), &to.join(entry.file_name()));
        }
    } else {
        let content = fs::read(from).expect("a file of the course can be read");
        if fs::read(to).ok().as_ref() != Some(&content) {
            fs::create_dir_all(to.parent().expect("it is in a folder")).expect("a folder");
            fs::write(to, content).expect("a file can be written");
        }
    }
}

fn within(timeout: Duration, mut happens: impl FnMut() -> bool) -> bool {
    let until = Instant::now() + timeout;
    while Instant::now() < until {
        if happens() {
            return true;
        }
        thread::sleep(Duration::from_millis(5));
    }
    happens()
}

#[cfg(unix)]
fn within_a_second(happens: impl FnMut() -> bool) -> bool {
    within(Duration::from_secs(1), happens)
}

#[cfg(unix)]
fn signal(name: &str, pid: &str) {
    let status = Command::new("kill").args(["-s", name, pid]).status().expect("kill(1) is there");
    assert!(status.success(), "failed to send {name} to {pid}");
}

/// Whether a process exists and has not ended: a zombie has ended too.
#[cfg(unix)]
fn is_alive(pid: &str) -> bool {
    let output = Command::new("ps").args(["-o", "stat=", "-p", pid]).output().expect("ps(1)");
    let state = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    !state.is_empty() && !state.starts_with('Z')
}

/// Both ends of a terminal with this many columns: the controlling end, and the terminal itself.
#[cfg(unix)]
fn terminal(columns: u16) -> (fs::File, fs::File) {
    use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
    use rustix::termios::{Winsize, tcsetwinsize};

    let control = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a pseudo-terminal");
    grantpt(&control).expect("it is ours");
    unlockpt(&control).expect("it can be opened");
    let name = ptsname(&control, Vec::new()).expect("it has a name");
    let name = name.to_str().expect("a plain path");
    let terminal = fs::File::options().read(true).write(true).open(name).expect("it opens");
    let size = Winsize { ws_row: 24, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 };
    tcsetwinsize(&terminal, size).expect("it takes a size");
    (fs::File::from(control), terminal)
}

/// What a command prints on a terminal with this many columns.
#[cfg(unix)]
fn on_terminal(columns: u16, command: &mut Command) -> String {
    let (mut control, terminal) = terminal(columns);
    command.stdout(terminal).env("TERM", "xterm");
    let mut child = command.spawn().expect("the runner starts");
    // The last copy on this side: when the child ends, the read fails and does not wait.
    command.stdout(Stdio::null());
    let mut printed = Vec::new();
    let _ = control.read_to_end(&mut printed);
    child.wait().expect("the runner ends");
    String::from_utf8(printed).expect("text").replace("\r\n", "\n")
}
