//! Test the course for students: `cargo kata starter` writes it into an empty folder, where it is built, and every
//! command is run there.
//!
//! The crates from the registry are those that this course has compiled: compiling them again takes a minute.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::LazyLock;
use std::thread;

use netkata_runner::course::{Course, Lesson};
use serde_json::Value;

/// A line of an answer says something if it is longer than this.
const SHORT: usize = 20;
/// An answer is recognized by this many such lines in a row: fewer may be the same by chance.
const IN_A_ROW: usize = 3;

/// The course for students as it is written.
static WRITTEN: LazyLock<Starter> = LazyLock::new(|| Starter::write("written", &[]));

/// The same course, built and used.
static STARTER: LazyLock<Starter> = LazyLock::new(|| {
    // Files that are the same as the last time keep their time, so that cargo has nothing to do.
    let starter = Starter { root: base().join("built") };
    let _ = fs::remove_dir_all(starter.root.join(".kata"));
    let files = files_below(&WRITTEN.root);
    let names = |root, files: Vec<PathBuf>| -> HashSet<PathBuf> {
        files.iter().map(|file| file.strip_prefix(root).expect("below").to_owned()).collect()
    };
    let (names, old) =
        (names(&WRITTEN.root, files), names(&starter.root, files_below(&starter.root)));
    for name in old.difference(&names) {
        fs::remove_file(starter.root.join(name)).expect("it can be removed");
    }
    for name in names {
        let (from, to) = (WRITTEN.root.join(&name), starter.root.join(&name));
        if fs::read(&from).expect("a file") != fs::read(&to).unwrap_or_default() {
            fs::create_dir_all(to.parent().expect("it is in a folder")).expect("a folder");
            fs::copy(from, to).expect("it can be written");
        }
    }
    // In a shared build folder cargo takes the packages of two workspaces for the same if their places within these
    // are. So those of this one are compiled in another way, and the crates from the registry in the same.
    fs::create_dir_all(base().join(".cargo")).expect("a folder");
    let shared = "[profile.dev.package.\"*\"]\noverflow-checks = true\n";
    fs::write(base().join(".cargo/config.toml"), shared).expect("it can be written");
    let mut cargo = starter.command("cargo");
    cargo.args(["build", "--locked", "--package", "netkata-runner"]);
    let run = Run::of(&mut cargo);
    assert_eq!(run.code, 0, "{run:?}");
    starter
});

struct Starter {
    root: PathBuf,
}

/// The result of a command.
#[derive(Debug)]
struct Run {
    code: i32,
    stdout: String,
    stderr: String,
}

#[test]
fn no_file_contains_an_answer() {
    let root = &WRITTEN.root;
    let files = files_below(root);
    for file in files.iter().filter(|file| file.starts_with(root.join("lessons"))) {
        let name = file.to_str().expect("a name in Unicode");
        let is_given = name.ends_with("/zh/checks.txt") || name.contains("/starters/");
        let of_authors = ["solution.rs", "answers.rs", "promises.toml", ".txt", ".diff", ".py"];
        let is_of_authors = of_authors.iter().any(|end| name.ends_with(end));
        assert!(is_given || !is_of_authors, "{name}");
    }
    let answers = lines_of_answers();
    assert!(answers.len() > 1000, "the answers were not found");
    for file in files {
        let text = fs::read_to_string(&file).expect("all files are text");
        let copied = rows(text.lines()).find_map(|row| Some((answers.get(&row)?, row)));
        assert_eq!(copied, None, "{}", file.display());
    }
}

/// Every row of lines in an answer that is not given to students anyway, with the answer's file.
fn lines_of_answers() -> HashMap<Vec<String>, PathBuf> {
    let course = course();
    let mut answers = HashMap::new();
    let given = course.lessons().iter().flat_map(|it| files_below(&it.file("given")));
    let given: Vec<PathBuf> = given.collect();
    for lesson in course.lessons() {
        let mut known: HashSet<Vec<String>> = HashSet::new();
        let pages = ["README.md", "hints.md", "main.rs", "naive.rs"].map(|name| lesson.file(name));
        for file in pages.iter().chain(&given) {
            known.extend(rows(fs::read_to_string(file).unwrap_or_default().lines()));
        }
        for file in answers_of(lesson) {
            let text = fs::read_to_string(&file).expect("an answer");
            let is_diff = file.extension().is_some_and(|end| end == "diff");
            // Only the lines that a diff adds, and no row across a gap.
            let pieces: Vec<Vec<&str>> = if is_diff {
                let lines: Vec<&str> = text.lines().collect();
                let pieces = lines.split(|line| !line.starts_with('+') || line.starts_with("+++"));
                pieces.map(|piece| piece.iter().map(|line| &line[1..]).collect()).collect()
            } else {
                vec![text.lines().collect()]
            };
            let new =
                pieces.into_iter().flat_map(|piece| rows(piece.into_iter()).collect::<Vec<_>>());
            answers.extend(new.filter(|row| !known.contains(row)).map(|row| (row, file.clone())));
        }
    }
    answers
}

fn answers_of(lesson: &Lesson) -> Vec<PathBuf> {
    let mut files = vec![lesson.file("solution.rs")];
    for folder in ["right", "wrong"] {
        files.extend(files_below(&lesson.file(folder)));
    }
    files.retain(|file| file.extension().is_some_and(|end| end == "rs" || end == "diff"));
    files
}

/// The lines that say something, in overlapping rows.
fn rows<'a>(lines: impl Iterator<Item = &'a str>) -> impl Iterator<Item = Vec<String>> {
    // What Rust dictates is the same everywhere.
    let dictated = ["use ", "#[", "fn flush("];
    let lines = lines.map(str::trim).filter(|line| line.len() > SHORT);
    let lines = lines.filter(|line| !dictated.iter().any(|start| line.starts_with(start)));
    let lines: Vec<String> = lines.map(str::to_owned).collect();
    lines.windows(IN_A_ROW).map(<[String]>::to_vec).collect::<Vec<_>>().into_iter()
}

#[test]
fn everything_in_it_compiles() {
    let mut cargo = STARTER.command("cargo");
    cargo.args(["check", "--locked", "--workspace", "--all-targets"]);
    let run = Run::of(&mut cargo);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(!run.stderr.contains("warning"), "{run:?}");
}

#[test]
fn no_page_has_a_link_to_a_file_that_is_not_there() {
    let pages = files_below(&WRITTEN.root);
    let pages = pages.iter().filter(|file| file.extension().is_some_and(|end| end == "md"));
    let mut tried = 0;
    for page in pages {
        let text = fs::read_to_string(page).expect("a page");
        assert!(!text.contains("whole course"), "{}", page.display());
        for piece in text.split("](").skip(1) {
            let target = piece.split([')', '#']).next().unwrap_or_default();
            if !target.is_empty() && !target.contains("://") {
                let file = page.parent().expect("it is in a folder").join(target);
                assert!(file.exists(), "{}: {target}", page.display());
                tried += 1;
            }
        }
    }
    assert!(tried > 0, "no page has a link");
}

#[test]
fn the_exercise_is_red_and_an_answer_from_elsewhere_is_green() {
    let exercise = STARTER.kata(&["lesson", "3", "--json"]);
    assert_eq!((exercise.code, exercise.json()["verdict"].as_str()), (1, Some("fail")));
    let solution = course().lesson("3").expect("lesson 3").file("solution.rs");
    let solution = solution.to_str().expect("a path in Unicode");
    let graded = STARTER.kata(&["lesson", "3", "--answer", solution]);
    assert_eq!(graded.code, 0, "{graded:?}");
    for lesson in course().lessons() {
        let file = |name| fs::read(WRITTEN.root.join("lessons").join(&lesson.folder).join(name));
        let (exercise, naive) = (file("exercise.rs"), file("naive.rs"));
        let is_naive = exercise.expect("an exercise") == naive.expect("a naive file");
        assert!(is_naive, "lesson {}", lesson.number);
    }
}

#[test]
fn every_demonstration_works() {
    let demos = ["sticky", "polling", "threads", "hmac", "lifecycle", "io-models"];
    let running = demos.map(|demo| thread::spawn(move || (demo, STARTER.kata(&["demo", demo]))));
    for (demo, run) in running.map(|thread| thread.join().expect("it runs")) {
        assert_eq!(run.code, 0, "{demo}: {run:?}");
        assert!(run.stdout.contains("What it shows"), "{demo}: {run:?}");
    }
}

#[test]
fn the_commands_of_students_work() {
    // No other test uses lesson 12.
    let list = STARTER.kata(&["list"]);
    assert!(list.code == 0 && list.stdout.contains("0 of 16 green"), "{list:?}");
    assert_eq!(STARTER.kata(&["status", "--json"]).json()["green"], 0);
    for level in 1..=4 {
        let hint = STARTER.kata(&["hint", "12"]);
        assert_eq!(hint.code, 0, "{hint:?}");
        assert!(!hint.stdout.contains("kata solution"), "{hint:?}");
        assert_eq!(hint.stdout.contains("ask your instructor"), level >= 3, "{hint:?}");
    }
    let script = STARTER.kata(&["completions", "bash"]);
    assert!(script.code == 0 && script.stdout.contains("addresses"), "{script:?}");
    let doctor = STARTER.kata(&["doctor"]);
    assert!(doctor.stdout.contains("rustc"), "{doctor:?}");
    let exercise = STARTER.root.join("lessons/12_addresses/exercise.rs");
    let solution = course().lesson("12").expect("lesson 12").file("solution.rs");
    fs::copy(solution, &exercise).expect("it can be written");
    let green = STARTER.kata(&["lesson", "12"]);
    assert_eq!(green.code, 0, "{green:?}");
    assert!(!green.stdout.contains("kata diff"), "{green:?}");
    assert!(green.stdout.contains("cargo kata lesson 13"), "{green:?}");
    for command in ["solution", "diff"] {
        let run = STARTER.kata(&[command, "12"]);
        assert_eq!(run.code, 2, "{run:?}");
        assert!(run.stderr.contains("from your instructor"), "{run:?}");
    }
    for command in ["reset", "restore"] {
        let run = STARTER.kata(&[command, "12"]);
        assert_eq!(run.code, 0, "{run:?}");
    }
}

#[test]
fn watch_grades_the_exercise() {
    let mut watch = STARTER.command(STARTER.program());
    let mut watch = watch.args(["watch", "3", "--plain"]).spawn().expect("it starts");
    let mut lines = BufReader::new(watch.stdout.take().expect("stdout is piped")).lines();
    let verdict = lines.find(|line| line.as_ref().is_ok_and(|line| line.contains(" pass")));
    watch.kill().expect("it runs");
    watch.wait().expect("it has ended");
    assert!(verdict.is_some());
}

#[test]
fn server_and_client_talk() {
    let mut server = STARTER.command(STARTER.program());
    let mut server = server.args(["serve", "3", "--port", "0"]).spawn().expect("it starts");
    let mut line = String::new();
    let mut lines = BufReader::new(server.stdout.take().expect("stdout is piped"));
    lines.read_line(&mut line).expect("it says where it listens");
    let port = line.trim().rsplit(':').next().expect("an address has a port");
    let mut client = STARTER.command(STARTER.program());
    client.args(["client", "3", "--port", port]).stdin(Stdio::piped());
    let mut client = client.spawn().expect("it starts");
    let mut input = client.stdin.take().expect("stdin is piped");
    input.write_all(b"hello\n").expect("the client reads");
    drop(input);
    let run = Run::from(client.wait_with_output().expect("it ends"));
    assert_eq!(run.code, 0, "{run:?}");
    let printed = lines.lines().find(|line| line.as_ref().is_ok_and(|line| line.contains("hello")));
    server.kill().expect("it runs");
    server.wait().expect("it has ended");
    assert!(printed.is_some());
}

#[test]
fn an_answer_of_the_whole_course_comes_from_the_instructor() {
    let asked = [
        &["lesson", "3", "--answer", "solution"][..],
        &["lesson", "3", "--answer", "right/read_loop"],
        &["lesson", "3", "--answer", "wrong/header_in_one_read", "--diff"],
        &["serve", "3", "--answer", "solution"],
        &["client", "3", "--answer", "solution"],
        &["solution", "3", "--spoil"],
        &["diff", "3", "--spoil"],
    ];
    for words in asked {
        let run = STARTER.kata(words);
        assert_eq!(run.code, 2, "{run:?}");
        assert!(run.stderr.contains("solutions come from your instructor"), "{run:?}");
    }
    let show = STARTER.kata(&["show", "3"]);
    assert_eq!(show.code, 0, "{show:?}");
    assert!(show.stdout.contains("✗") && show.stdout.contains("instructor"), "{show:?}");
}

#[test]
fn a_command_of_authors_needs_the_whole_course() {
    let folder = folder("from_a_starter");
    let folder = folder.to_str().expect("a path in Unicode");
    for words in [&["wrong", "3"][..], &["new-lesson", "16", "topic"], &["starter", folder]] {
        let run = STARTER.kata(words);
        assert_eq!(run.code, 2, "{run:?}");
        assert!(run.stderr.contains("needs the whole course"), "{run:?}");
    }
}

#[test]
fn solutions_that_were_discussed_are_in_it() {
    let starter = Starter::write("discussed", &["--with-solutions", "0-2,4"]);
    let has_solution: Vec<u32> = Course::open(&starter.root)
        .expect("a course")
        .lessons()
        .iter()
        .filter(|lesson| lesson.has_solution() && !lesson.answers("right").is_empty())
        .map(|lesson| lesson.number)
        .collect();
    assert_eq!(has_solution, [0, 1, 2, 4]);
    let early = starter.kata(&["solution", "2"]);
    assert_eq!(early.code, 1, "{early:?}");
    assert!(early.stderr.contains("--spoil"), "{early:?}");
    let spoilt = starter.kata(&["solution", "2", "--spoil"]);
    assert!(spoilt.code == 0 && spoilt.stdout.contains("pub fn"), "{spoilt:?}");
    assert_eq!(starter.kata(&["solution", "3", "--spoil"]).code, 2);
}

#[test]
fn a_folder_that_is_not_empty_is_refused() {
    let full = folder("full");
    fs::create_dir_all(&full).expect("a folder");
    fs::write(full.join("mine.txt"), "mine").expect("a file");
    for place in [full.clone(), full.join("mine.txt")] {
        let run = Run::of(&mut starter(&place, &[]));
        assert_eq!(run.code, 2, "{run:?}");
        assert!(run.stderr.contains("name a new folder"), "{run:?}");
    }
    assert_eq!(files_below(&full), [full.join("mine.txt")]);
}

impl Starter {
    fn write(name: &str, options: &[&str]) -> Starter {
        let root = folder(name);
        let run = Run::of(&mut starter(&root, options));
        assert_eq!(run.code, 0, "{run:?}");
        Starter { root }
    }

    fn program(&self) -> PathBuf {
        STARTER.root.join("target/debug/kata").with_extension(std::env::consts::EXE_EXTENSION)
    }

    fn kata(&self, words: &[&str]) -> Run {
        Run::of(self.command(self.program()).args(words))
    }

    fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.root).stdin(Stdio::null()).env("LC_ALL", "C");
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let build = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("a build folder");
        command.env("CARGO_BUILD_BUILD_DIR", build).env_remove("CARGO_TARGET_DIR");
        command.env("CARGO_PROFILE_DEV_OVERFLOW_CHECKS", "false");
        command
    }
}

impl Run {
    fn of(command: &mut Command) -> Run {
        Run::from(command.output().expect("it starts"))
    }

    fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

impl From<Output> for Run {
    fn from(output: Output) -> Run {
        let text = |bytes| String::from_utf8(bytes).expect("text");
        let code = output.status.code().unwrap_or(-1);
        Run { code, stdout: text(output.stdout), stderr: text(output.stderr) }
    }
}

/// The command that writes the course for students to this folder.
fn starter(folder: &Path, options: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kata"));
    command
        .args(["--lang", "en", "starter"])
        .arg(folder)
        .args(options)
        .current_dir(course().root());
    command
}

fn course() -> Course {
    Course::find(Path::new(env!("CARGO_MANIFEST_DIR"))).expect("the course")
}

fn base() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("starter")
}

/// A folder of this name that is not there yet.
fn folder(name: &str) -> PathBuf {
    let folder = base().join(name);
    let _ = fs::remove_dir_all(&folder);
    folder
}

/// Every file below a folder, except what is built there; none if there is no folder.
fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        match path.is_dir() {
            true if path.ends_with("target") || path.ends_with(".kata") => {}
            true => files.extend(files_below(&path)),
            false => files.push(path),
        }
    }
    files.sort();
    files
}
