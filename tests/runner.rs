//! Test the commands as a user types them, in a course of two small lessons (tests/runner/course).
//!
//! All tests share one course and one target folder, so that dependencies are built once. They run one at a
//! time, and each starts with the original exercises.

#[path = "runner/answers.rs"]
mod answers;
#[path = "runner/exercise.rs"]
mod exercise;
#[path = "runner/language.rs"]
mod language;
#[path = "runner/machine.rs"]
mod machine;
#[path = "runner/misbehaving.rs"]
mod misbehaving;
#[path = "runner/mistakes.rs"]
mod mistakes;
#[path = "runner/new_lesson.rs"]
mod new_lesson;
#[path = "runner/patterns.rs"]
mod patterns;
#[path = "runner/progress.rs"]
mod progress;
#[path = "runner/relay.rs"]
mod relay;
#[cfg(unix)]
#[path = "runner/terminal.rs"]
mod terminal;
#[path = "runner/usage.rs"]
mod usage;
#[path = "runner/watch.rs"]
mod watch;

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;
#[cfg(unix)]
use terminal::{on_terminal, terminal};

const SOLUTION: &str = include_str!("runner/course/lessons/01_greeting/solution.rs");

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
        lay_out_cargo_home();
        let _ = fs::remove_dir_all(root.join(".kata"));
        let _ = fs::remove_file(root.join(".kata"));
        let _ = fs::remove_dir_all(base().join("scratch"));
        fs::create_dir_all(base().join("scratch")).expect("a scratch folder");
        let lessons = root.join("lessons");
        for entry in fs::read_dir(&lessons).into_iter().flatten().flatten() {
            for backup in (1..9).map(|n| entry.path().join(format!("exercise.backup-{n}.rs"))) {
                let _ = fs::remove_file(&backup).or_else(|_| fs::remove_dir_all(&backup));
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
        // English, whatever this machine speaks.
        command.env("CARGO_HOME", cargo_home()).env("LC_ALL", "C");
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
        Run::of(self.command(words).arg("--json")).json()
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

    /// The one JSON object that was printed.
    fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:?}"))
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

/// The cargo home of all tests: one of their own, since cargo compiles everything again when it moves.
fn cargo_home() -> PathBuf {
    base().join("cargo home")
}

/// Give the tests' cargo home the packages and the settings of the user's.
fn lay_out_cargo_home() {
    let users = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let users = users.or_else(|| Some(std::env::home_dir()?.join(".cargo"))).expect("a home");
    let ours = cargo_home();
    fs::create_dir_all(&ours).expect("a folder");
    for settings in ["config.toml", "config", "credentials.toml"] {
        let (from, to) = (users.join(settings), ours.join(settings));
        let _ = fs::remove_file(&to);
        if from.is_file() {
            fs::copy(from, to).expect("it can be copied");
        }
    }
    for packages in ["git", "registry"] {
        let (from, to) = (users.join(packages), ours.join(packages));
        if from.is_dir() && !to.exists() {
            #[cfg(unix)]
            std::os::unix::fs::symlink(from, to).expect("a link");
            #[cfg(windows)]
            std::os::windows::fs::symlink_dir(from, to).expect("a link");
        }
    }
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
