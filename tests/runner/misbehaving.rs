//! Exercises that do not compile, hang, exit, print or spin without end.

use std::fs;
use std::io::Read;
#[cfg(target_os = "linux")]
use std::io::Write;
#[cfg(unix)]
use std::net::TcpListener;
use std::time::Duration;

use serde_json::Value;

use super::*;

#[test]
fn a_compile_error_is_shown_and_blocks_no_other_lesson() {
    let course = Course::open();
    course.write_exercise("pub fn read_greeting() -> u8 { \"five\" }\n");
    let run = course.kata(["lesson", "1"]);
    assert_eq!(run.code, 4, "{run:?}");
    assert!(run.stdout.contains("error[E0308]: mismatched types"), "{run:?}");
    assert!(run.stdout.contains("--> lessons/01_greeting/exercise.rs:1:32"), "{run:?}");
    assert!(run.stdout.contains("next: fix what rustc reports"), "{run:?}");
    assert_eq!(course.json(["lesson", "2"])["verdict"], "fail");
    assert_eq!(course.json(["lesson", "1", "--answer", "solution"])["verdict"], "pass");
}

#[test]
fn a_file_in_another_encoding_is_to_be_saved_as_utf_8() {
    let course = Course::open();
    let utf_16: Vec<u8> = course.naive().encode_utf16().flat_map(u16::to_le_bytes).collect();
    let with_mark = [&b"\xff\xfe"[..], &utf_16].concat();
    let gbk = [b"// one\n// \xc4\xe3\xba\xc3\n", course.naive().as_bytes()].concat();
    for (content, what) in [
        (&utf_16, "exercise.rs is UTF-16 text"),
        (&with_mark, "exercise.rs is UTF-16 text"),
        (&gbk, "exercise.rs is not UTF-8 text, which Rust needs (line 2 has"),
    ] {
        fs::write(course.exercise(), content).expect("written");
        let graded = course.json(["lesson", "1"]);
        assert_eq!(graded["verdict"], "error");
        let note = graded["note"].as_str().expect("a sentence");
        assert!(note.contains(what) && note.ends_with(": save the file as UTF-8."), "{note}");
        let serve = course.kata(["serve", "1", "polite", "--port", "0"]);
        assert_eq!(serve.code, 1, "{serve:?}");
        assert!(serve.stderr.contains("save the file as UTF-8"), "{serve:?}");
    }
    // The mark of UTF-8 is no mistake.
    course.write_exercise(&format!("\u{feff}{SOLUTION}"));
    assert_eq!(course.json(["lesson", "1"])["verdict"], "pass");
}

#[test]
fn an_empty_exercise_and_a_missing_function_are_named() {
    let course = Course::open();
    let file = "lessons/01_greeting/exercise.rs";
    for empty in ["", "\u{feff}\n \t\r\n"] {
        course.write_exercise(empty);
        let run = course.kata(["lesson", "1"]);
        assert_eq!(run.code, 4, "{run:?}");
        assert!(run.stdout.contains(&format!("! {file} is empty: save")), "{run:?}");
    }
    let private = course.naive().replace("pub fn", "fn");
    for text in ["// nothing yet", &private, "pub fn read_greetings() {}"] {
        course.write_exercise(text);
        let graded = course.json(["lesson", "1"]);
        assert_eq!(
            (&graded["verdict"], &graded["compile_message"]),
            (&"error".into(), &Value::Null)
        );
        let lacks = "lacks what the checks use, or it is not public (pub): \
                     `pub fn read_greeting(stream: &mut impl Read) -> io::Result<String>`.";
        assert_eq!(graded["note"], format!("{file} {lacks}"), "{text}");
    }
    // What rustc says about the answer comes first.
    course.write_exercise("pub fn read_greeting() -> u8 { missing() }");
    assert!(course.json(["lesson", "1"])["compile_message"].is_string());
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
    assert_eq!(run.code, 5, "{run:?}");
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
    assert_eq!(run.code, 5, "{run:?}");
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

#[cfg(target_os = "linux")]
#[test]
fn ctrl_c_ends_a_runner_whose_output_is_not_read() {
    let course = Course::open();
    let (_unread, mut full) = std::io::pipe().expect("a pipe");
    full.write_all(&[b'.'; 64 * 1024]).expect("it has this much room");
    let mut command = course.command(["lesson", "1"]);
    let mut runner = command.stdout(full).spawn().expect("the runner starts");
    let verdict = course.root.join(".kata/progress.json");
    assert!(within(Duration::from_secs(60), || verdict.exists()), "the verdict comes first");
    signal("INT", &runner.id().to_string());
    assert_eq!(runner.wait().expect("the runner ends").code(), Some(130));
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
