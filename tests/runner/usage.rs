//! Wrong usage, and the terminal.

#[cfg(unix)]
use std::io::Write;
use std::process::Command;

use super::*;

// Wrong usage.

#[test]
fn wrong_usage_gets_one_line_with_the_choices_below_and_exit_code_2() {
    let course = Course::open();
    let cases: &[(&[&str], &str)] = &[
        (&["lesson", "7"], "there is no lesson `7`\n  choose one of 1 greeting, 2 counting\n"),
        (
            &["lesson", "contin"],
            "`contin`: did you mean `counting`?\n  choose one of 2 counting, 1 greeting\n",
        ),
        (&["lesson"], "<LESSON>"),
        (&["demo"], "[subcommands: sticky"),
        (
            &["lesosn", "1"],
            "there is no command `lesosn`: did you mean `lesson`?\n  choose one of lesson, list, ",
        ),
        (
            &["demo", "pooling"],
            "no demonstration `pooling`: did you mean `polling`?\n  choose one of polling, sticky, threads, ",
        ),
        (&["lesson", "1", "--wrong"], "; `cargo kata help` lists the commands\n"),
        (
            &["lesson", "1", "--answer", "wrong/x"],
            "lesson 1 has no answer `wrong/x`\n  choose one of waits_for_the_end\n",
        ),
        (&["lesson", "2", "--answer", "right/x"], "this lesson has no right answers"),
        (&["lesson", "1", "--answer", "nowhere.rs"], "failed to read the answer nowhere.rs"),
        (&["lesson", "1", "--answer", "lessons"], "lessons: it is not a file"),
        (
            &["lesson", "2", "--check", "x"],
            "lesson 2 has no check `x`\n  choose one of nothing_counts_as_nothing, every_byte_counts,\n  a_character",
        ),
        (
            &["lesson", "2", "--check", "a charcter may be several bytes"],
            ": did you mean `a_character_may_be_several_bytes`?\n  choose one of a_character_may_be_several_bytes, nothing",
        ),
        (&["serve", "1", "polite", "--port", "65536"], "65536 is not in 0..=65535"),
        (&["client", "1", "--port", "0"], "name the server's port with --port"),
        (&["client", "1", "--host", "no.such.host.invalid"], "failed to find the host"),
    ];
    for (words, expected) in cases {
        let run = course.kata_with(words.to_vec());
        assert_eq!(run.code, 2, "{words:?}: {run:?}");
        assert!(run.stderr.contains(expected), "{words:?}: {run:?}");
        let mut below = run.stderr.lines().skip(1);
        assert!(below.all(|line| line.starts_with("  ") && line.len() <= 80), "{words:?}: {run:?}");
        assert_eq!(run.stdout, "", "{words:?}");
    }
}

#[test]
fn outside_a_course_the_command_reports_it() {
    let elsewhere = tempfile::tempdir().expect("a temporary folder");
    let mut command = Command::new(env!("CARGO_BIN_EXE_kata"));
    command
        .args(["--lang", "en", "list"])
        .current_dir(elsewhere.path())
        .env_remove("CARGO_MANIFEST_DIR");
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

#[cfg(unix)]
#[test]
fn a_demonstration_waits_for_enter_on_a_terminal_unless_told_otherwise() {
    let course = Course::open();
    // Each waits before its later acts: where a user reads and can press Enter, or where that is asked for.
    let prompts = |shown: &str| shown.matches("Press Enter for act ").count();
    let on_both = |options: &[&str]| {
        let (mut control, terminal) = terminal(24, 80);
        let mut command = course.command(["demo", "hmac"]);
        let both = terminal.try_clone().expect("a terminal can be opened twice");
        let mut child =
            command.args(options).stdin(both).stdout(terminal).env("TERM", "xterm").spawn();
        drop(command);
        let mut shown = Vec::new();
        let mut answered = 0;
        let mut bytes = [0; 4096];
        // The end of the child is an error here.
        while let Ok(n @ 1..) = control.read(&mut bytes) {
            shown.extend_from_slice(&bytes[..n]);
            let text = String::from_utf8_lossy(&shown);
            if prompts(&text) > answered {
                answered += 1;
                let next = format!("Act {} of ", answered + 1);
                assert!(!text.contains(&next), "it did not wait: {text}");
                control.write_all(b"\n").expect("it takes a line");
            }
        }
        child.as_mut().expect("the runner starts").wait().expect("it ends");
        String::from_utf8_lossy(&shown).into_owned()
    };
    for (options, expected) in [
        (&[][..], 3),
        (&["--no-step"][..], 0),
        (&["--plain"][..], 0),
        (&["--plain", "--step"][..], 3),
        (&["--step", "--no-step"][..], 0),
    ] {
        let shown = on_both(options);
        assert_eq!(prompts(&shown), expected, "{options:?}: {shown}");
        assert!(shown.contains("Act 4 of 4"), "{options:?}: {shown}");
    }
    let piped = course.kata(["demo", "hmac"]);
    assert_eq!(prompts(&piped.stdout), 0, "{piped:?}");
    assert_eq!(prompts(&course.kata(["demo", "hmac", "--step"]).stdout), 3);
    // Nothing can be typed here.
    assert_eq!(prompts(&on_terminal(80, &mut course.command(["demo", "hmac"]))), 0);
}

#[test]
fn a_demonstration_is_built_before_its_title() {
    // This course lacks the package that is built.
    let run = Course::open().kata(["demo", "io-models"]);
    assert_eq!(run.code, 3, "{run:?}");
    assert_eq!(run.stdout, "", "{run:?}");
    assert!(run.stderr.contains("cargo failed to build"), "{run:?}");
}
