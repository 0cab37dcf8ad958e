//! Test `watch` as a learner uses it: saves, keys, and the screen.
//!
//! No test sleeps: each reads the printed text until the expected text appears.

#[cfg(unix)]
use std::fs::File;
use std::io::Read;
#[cfg(unix)]
use std::io::Write;
use std::process::Child;
#[cfg(unix)]
use std::process::{Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use super::{Course, SOLUTION, answer};

/// No step takes this long; a test that waits for text that does not appear ends here.
const TIMEOUT: Duration = Duration::from_secs(60);
const RED: &str = "lesson 1 greeting: 1 of 2 checks pass";
const GREEN: &str = "lesson 1 greeting: all 2 checks pass";

#[test]
fn every_save_is_graded_and_the_page_stays() {
    let course = Course::open();
    let mut watching = Watching::piped(&course, &["1"]);
    watching.read_until(RED);
    watching.read_until("and returned    \"he\"");
    course.write_exercise(SOLUTION);
    watching.read_until(GREEN);
    watching.read_until("Ctrl-C ends this");
    course.write_exercise("pub fn");
    watching.read_until("lesson 1 greeting: does not compile");
    assert!(!watching.heard.contains('\x1b'), "{}", watching.heard);
    assert!(course.kata(["list"]).stdout.contains("✗ does not compile"));
}

#[test]
fn a_save_by_rename_is_graded() {
    let course = Course::open();
    for options in [&["1"][..], &["1", "--poll"]] {
        course.write_exercise(&course.naive());
        let mut watching = Watching::piped(&course, options);
        watching.read_until(RED);
        let new = course.scratch("new.rs");
        std::fs::write(&new, SOLUTION).expect("a scratch file can be written");
        std::fs::rename(&new, course.exercise()).expect("both are on one disk");
        watching.read_until(GREEN);
    }
}

#[test]
fn twenty_saves_in_a_row_leave_only_the_last_verdict() {
    let course = Course::open();
    let mut watching = Watching::piped(&course, &["1"]);
    watching.read_until(RED);
    let naive = course.naive();
    for (last, verdict) in [(SOLUTION, GREEN), (&naive, RED)] {
        for number in 1..20 {
            course.write_exercise(&hangs(&format!("version {number}")));
            // Some are cancelled while they are built, some while they run.
            if number % 5 == 0 {
                watching.read_until(&format!("│ version {number}"));
            }
        }
        course.write_exercise(last);
        watching.read_until(verdict);
        let between = watching.heard.rsplit("version 15").next().unwrap_or_default();
        assert_eq!(between.matches("checks pass").count(), 1, "{between}");
    }
    #[cfg(unix)]
    {
        let pid = watching.child.id().to_string();
        let children = Command::new("pgrep").args(["-P", &pid]).output().expect("pgrep(1)");
        assert_eq!(String::from_utf8_lossy(&children.stdout), "");
    }
}

#[test]
fn printed_lines_appear_while_the_answer_runs() {
    let course = Course::open();
    course.write_exercise(&hangs("listening"));
    let mut watching = Watching::piped(&course, &["1"]);
    watching.read_until("grading …\n  │ listening\n");
    assert!(!watching.heard.contains("checks pass"), "{}", watching.heard);
}

#[test]
fn endless_output_is_cut_short_on_the_page() {
    let course = Course::open();
    course.write_exercise(&answer("let _ = stream; loop { println!(\"{:9999}\", \"again\") }"));
    let mut watching = Watching::piped(&course, &["1"]);
    watching.read_until("printed without end");
    assert_eq!(watching.heard.matches(" … and more\n").count(), 1);
    assert!(watching.heard.matches("again").count() < 110);
}

#[test]
fn watch_without_a_lesson_takes_the_first_red_one() {
    let course = Course::open();
    course.write_exercise(SOLUTION);
    course.kata(["lesson", "1"]);
    Watching::piped(&course, &[]).read_until("lesson 2 counting: 1 of 4 checks pass");
}

#[cfg(unix)]
#[test]
fn keys_work_while_an_answer_hangs() {
    let course = Course::open();
    let mut watching = Watching::on_terminal(&course, 80, &["1", "--plain"]);
    watching.read_until(RED);
    course.write_exercise(&hangs("hanging now"));
    watching.read_until("hanging now");
    watching.press("h");
    watching.read_until("still grading: the hint comes after the verdict");
    watching.press("l");
    watching.read_until("0 of 2 green");
    watching.press("s");
    watching.read_until("lesson 1 was not green yet");
    let since = watching.heard.rsplit("hanging now").next().unwrap_or_default();
    assert!(!since.contains("checks pass"), "a verdict came first: {since}");
    watching.press("q");
    assert_eq!(watching.end(), Some(0));
}

#[cfg(unix)]
#[test]
fn a_hint_is_about_the_exercise_that_was_saved_last() {
    let course = Course::open();
    let mut watching = Watching::on_terminal(&course, 80, &["1"]);
    watching.read_until(RED);
    watching.read_until("q quit");
    watching.press("h");
    watching.read_until("hint 1 of 3: the greeting is read whole");
    watching.press("h");
    watching.read_until("hint 2 of 3");
    watching.read_until("more: h once more");
    // Passes the first check, and waits in the second until its deadline.
    let waits = |says| {
        answer(&format!(
            "println!({says:?}); let mut all = String::new();
             stream.read_to_string(&mut all)?; Ok(all)"
        ))
    };
    for (says, is_noticed) in [("noticed first", true), ("perhaps not noticed yet", false)] {
        course.write_exercise(&waits(says));
        if is_noticed {
            watching.read_until(says);
        }
        watching.press("h");
        watching.read_until("the hint comes after the verdict");
        watching.read_until(RED);
        watching.read_until("hint 1 of 1: the stream may stay open");
        course.write_exercise(&course.naive());
        watching.read_until("✗ the greeting is read whole");
        watching.read_until("q quit");
    }
    assert!(!watching.heard.contains("hint 3 of 3"), "{}", watching.heard);
}

#[cfg(unix)]
#[test]
fn a_green_lesson_stays_until_a_key_is_pressed() {
    let course = Course::open();
    course.write_exercise(SOLUTION);
    let mut watching = Watching::on_terminal(&course, 80, &["1"]);
    watching.read_until(GREEN);
    watching.read_until("what you have learned\n  A read returns what has arrived.");
    watching.read_until("a question to think on\n  How long is a greeting");
    watching.read_until("s solution · n next lesson · l list");
    watching.press("s");
    watching.read_until("stream.read_exact(&mut greeting)?;");
    watching.press("n");
    watching.read_until("lesson 2 counting: 1 of 4 checks pass");
    watching.press("n");
    watching.read_until("this is the last lesson");
    course.write_exercise(&course.naive());
    watching.press("r");
    watching.read_until("lesson 2 counting: 1 of 4 checks pass");
    let since = watching.heard.rsplit("last lesson").next().unwrap_or_default();
    assert!(!since.contains("lesson 1"), "lesson 1 is not watched any more: {since}");
}

#[cfg(unix)]
#[test]
fn the_screen_is_cleared_unless_plain_is_set() {
    let course = Course::open();
    for (options, clears) in [(&["1"][..], true), (&["1", "--plain"], false)] {
        let mut watching = Watching::on_terminal(&course, 40, options);
        watching.read_until("checks pass");
        watching.read_until("q quit");
        assert_eq!(watching.heard.contains("\x1b[2J"), clears, "{}", watching.heard);
        let shown = watching.heard.replace("\x1b[2J\x1b[H", "");
        assert!(!shown.contains('\x1b'), "NO_COLOR is set: {shown}");
        assert!(shown.lines().all(|line| line.chars().count() <= 40), "{shown}");
    }
}

#[cfg(unix)]
#[test]
fn a_verdict_that_does_not_fit_the_screen_is_folded() {
    let course = Course::open();
    let exercise = course.root.join("lessons/02_counting/exercise.rs");
    let wrong =
        "pub fn count(m: &[u8]) -> usize { if m.starts_with(b\"a\") { 0 } else { m.len() } }\n";
    std::fs::write(exercise, wrong).expect("the exercise can be written");
    let shown = |rows, options: &[&str]| {
        let mut watching = Watching::on_screen(course.command(["watch"]), rows, 80, options);
        watching.read_until("q quit\n");
        watching.screen(rows)
    };
    let headline = "lesson 2 counting: 3 of 4 checks pass\n";
    let names = "✓ nothing counts as nothing\n✓ every byte counts\n";
    let story = "    expected        5\n";

    let whole = shown(60, &["2"]);
    assert!(whole.starts_with(headline) && whole.contains(names), "{whole}");
    let needed = whole.split('\n').count() as u16;
    assert_eq!(shown(needed, &["2"]), whole);

    let folded = shown(needed - 1, &["2"]);
    let list = "\n✗ characters count among letters\n✓ 3 checks pass\n";
    assert!(folded.starts_with(&format!("{headline}{list}")), "{folded}");
    assert!(folded.contains(story) && !folded.contains(&format!("{headline}h hint")), "{folded}");

    let low = shown(needed - 3, &["2"]);
    assert!(!low.starts_with(headline) && low.contains(story), "{low}");
    assert!(low.contains(&format!("\n\n{headline}h hint")), "{low}");

    let mut plain =
        Watching::on_screen(course.command(["watch"]), needed - 3, 80, &["2", "--plain"]);
    plain.read_until(headline);
    plain.read_until(names);
    plain.read_until("q quit\n");
    assert_eq!(plain.heard.matches(headline).count(), 1, "{}", plain.heard);
}

#[cfg(unix)]
#[test]
fn an_exercise_that_no_machine_can_grade_is_tried_once() {
    let course = Course::open();
    let mut command = course.command(["watch"]);
    command.env("TMPDIR", course.scratch("missing"));
    let mut watching = Watching::on_screen(command, 24, 80, &["1", "--plain"]);
    watching.read_until("lesson 1 greeting: cannot be graded");
    watching.read_until("q quit");
    // It would begin again before it looks at the key.
    watching.press("l");
    watching.read_until("0 of 2 green");
    assert_eq!(watching.heard.matches("grading …").count(), 1, "{}", watching.heard);
    watching.press("h");
    watching.read_until("there is no verdict yet");
    watching.press("q");
    assert_eq!(watching.end(), Some(0));
}

#[cfg(unix)]
#[test]
fn ctrl_c_restores_the_terminal_and_ends_every_process() {
    use rustix::termios::{LocalModes, tcgetattr};

    let course = Course::open();
    course.write_exercise(&answer(
        "let _ = stream; println!(\"process {} hangs\", std::process::id());
         loop { std::thread::park() }",
    ));
    for name in ["INT", "TERM", "HUP"] {
        let mut watching = Watching::on_terminal(&course, 80, &["1"]);
        watching.read_until(" hangs");
        let printed = watching.heard[..watching.read].trim_end_matches(" hangs");
        let pid = printed.rsplit("process ").next().expect("its number").to_owned();
        let terminal = watching.terminal().try_clone().expect("another handle");
        let modes = || tcgetattr(&terminal).expect("a terminal has modes").local_modes;
        assert!(!modes().intersects(LocalModes::ICANON | LocalModes::ECHO));
        super::signal(name, &watching.child.id().to_string());
        assert_eq!(watching.end(), Some(130));
        assert!(modes().contains(LocalModes::ICANON | LocalModes::ECHO), "after {name}");
        assert!(super::within_a_second(|| !super::is_alive(&pid)), "process {pid} is still there");
    }
}

/// An answer to the first lesson that prints this and then never returns.
fn hangs(says: &str) -> String {
    answer(&format!("let _ = stream; println!({says:?}); loop {{ std::thread::park() }}"))
}

/// A running `watch`. Dropping this value ends it.
struct Watching {
    child: Child,
    /// The terminal that sends the keys.
    #[cfg(unix)]
    terminal: Option<File>,
    pieces: Receiver<String>,
    heard: String,
    read: usize,
}

impl Watching {
    /// Start it without a terminal: it reacts to saves only.
    fn piped(course: &Course, options: &[&str]) -> Watching {
        let mut command = course.command(["watch"]);
        let mut child = command.args(options).spawn().expect("the runner starts");
        let stdout = child.stdout.take().expect("stdout is piped");
        Watching::of(child, stdout)
    }

    #[cfg(unix)]
    fn on_terminal(course: &Course, columns: u16, options: &[&str]) -> Watching {
        Watching::on_screen(course.command(["watch"]), 24, columns, options)
    }

    #[cfg(unix)]
    fn on_screen(mut command: Command, rows: u16, columns: u16, options: &[&str]) -> Watching {
        let (control, terminal) = super::terminal(rows, columns);
        command.args(options).env("TERM", "xterm").env("NO_COLOR", "1");
        command.stdin(terminal.try_clone().expect("another handle")).stdout(terminal);
        command.stderr(Stdio::null());
        let child = command.spawn().expect("the runner starts");
        let mut watching = Watching::of(child, control.try_clone().expect("another handle"));
        watching.terminal = Some(control);
        watching
    }

    fn of(child: Child, mut reads: impl Read + Send + 'static) -> Watching {
        let (tell, pieces) = mpsc::channel();
        thread::spawn(move || {
            let mut buffer = [0; 4096];
            let mut bytes = Vec::new();
            while let Ok(n @ 1..) = reads.read(&mut buffer) {
                bytes.extend(&buffer[..n]);
                // A piece may end inside a character.
                let whole = std::str::from_utf8(&bytes).map_or_else(|e| e.valid_up_to(), str::len);
                let text: Vec<u8> = bytes.drain(..whole).collect();
                let text = String::from_utf8_lossy(&text).replace('\r', "").replace('\u{a0}', " ");
                if tell.send(text).is_err() {
                    return;
                }
            }
        });
        Watching {
            child,
            #[cfg(unix)]
            terminal: None,
            pieces,
            heard: String::new(),
            read: 0,
        }
    }

    /// Read on, from the last position, until this text has been printed.
    fn read_until(&mut self, text: &str) {
        let until = Instant::now() + TIMEOUT;
        loop {
            if let Some(at) = self.heard[self.read..].find(text) {
                self.read += at + text.len();
                return;
            }
            let left = until.saturating_duration_since(Instant::now());
            match self.pieces.recv_timeout(left) {
                Ok(piece) => self.heard.push_str(&piece),
                Err(error) => panic!("{error}: no {text:?} after {}:\n{}", self.read, self.heard),
            }
        }
    }

    /// The rows of a screen of this height after all that was printed; the last one is the cursor's.
    #[cfg(unix)]
    fn screen(&self, rows: u16) -> String {
        let page = self.heard.rsplit("\x1b[2J\x1b[H").next().unwrap_or_default();
        let lines: Vec<&str> = page.split('\n').collect();
        lines[lines.len().saturating_sub(rows.into())..].join("\n")
    }

    /// The controlling end of the terminal.
    #[cfg(unix)]
    fn terminal(&self) -> &File {
        self.terminal.as_ref().expect("it was started on a terminal")
    }

    #[cfg(unix)]
    fn press(&mut self, key: &str) {
        self.terminal().write_all(key.as_bytes()).expect("a key can be pressed");
    }

    #[cfg(unix)]
    fn end(&mut self) -> Option<i32> {
        self.child.wait().expect("it ends").code()
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        // With TERM: it must end its own children first.
        #[cfg(unix)]
        if matches!(self.child.try_wait(), Ok(None)) {
            let pid = self.child.id().to_string();
            let _ = Command::new("kill").args(["-s", "TERM", &pid]).status();
        }
        #[cfg(not(unix))]
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
