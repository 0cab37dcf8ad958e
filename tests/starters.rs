//! Tests the starters: minimal servers in five languages, built and graded by the command in their first line.
//!
//! ```text
//! // go build lessons/03_struct_header/starters/server.go && cargo kata lesson 3 --program './server {port}'
//! ```
//!
//! A starter is red: it passes the first check and fails another one. It is ignored where its language is missing.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::{env, fs};

use libtest_mimic::{Arguments, Failed, Trial};
use netkata::record::Status;
use netkata_programs::{Check, LANGUAGES, Launch, Role, Suite, Target};
use tempfile::TempDir;

fn main() -> ExitCode {
    let starters = starters();
    let mut trials: Vec<Trial> = starters.iter().map(Starter::trial).collect();
    trials.push(Trial::test("every language has one in each of these lessons", move || {
        is_complete(&starters)
    }));
    // Each check watches threads and sockets: side by side they would only wait for each other.
    let arguments = Arguments { test_threads: Some(1), ..Arguments::from_args() };
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// A starter, and what its first line says.
#[derive(Clone)]
struct Starter {
    /// Its path below the lessons: `03_struct_header/starters/server.py`.
    name: String,
    /// What is run first, if it must be built.
    build: Option<Vec<String>>,
    /// The command line that starts it.
    program: String,
    /// The wire, where the lesson has several.
    wire: Option<String>,
}

impl Starter {
    fn of(file: &Path) -> Starter {
        let name = file.strip_prefix(lessons()).expect("it is in a lesson").display().to_string();
        let text = fs::read_to_string(file).expect("a starter can be read");
        let line = text.lines().next().unwrap_or_default().trim_start_matches(['#', '/', ' ']);
        let (build, grade) = match line.split_once(" && ") {
            Some((build, grade)) => (shlex::split(build), grade),
            None => (None, line),
        };
        let words = shlex::split(grade).unwrap_or_default();
        let lesson = name.split('_').next().unwrap_or_default().trim_start_matches('0');
        assert_eq!(words[..4], ["cargo", "kata", "lesson", lesson], "{name}: {line}");
        let option = |option: &str| {
            let at = words.iter().position(|word| word == option)?;
            words.get(at + 1).cloned()
        };
        let program = option("--program").unwrap_or_else(|| panic!("{name}: {line}"));
        Starter { name, build, program, wire: option("--wire") }
    }

    fn trial(&self) -> Trial {
        let starter = self.clone();
        let is_possible = cfg!(target_os = "linux") && is_installed(self.tool());
        Trial::test(&self.name, move || starter.is_red()).with_ignored_flag(!is_possible)
    }

    /// What must be installed: `go`.
    fn tool(&self) -> &str {
        match &self.build {
            Some(words) => &words[0],
            None => self.program.split(' ').next().unwrap_or_default(),
        }
    }

    fn is_red(&self) -> Result<(), Failed> {
        let folder = TempDir::new()?;
        let words = self.build.iter().flatten().map(|word| absolute(word, folder.path()));
        if let [compiler, arguments @ ..] = &words.collect::<Vec<_>>()[..] {
            let built = Command::new(compiler).args(arguments).current_dir(&folder).output()?;
            let told = String::from_utf8_lossy(&built.stderr).into_owned();
            if !built.status.success() || !told.is_empty() {
                return Err(format!("{compiler} complains:\n{told}").into());
            }
        }
        let mut launch = Launch::command(&self.program, false)?;
        if let Target::Command(words) = &mut launch.target {
            words.iter_mut().for_each(|word| *word = absolute(word, folder.path()));
        }
        let suite = self.suite();
        let (first, others) = suite.checks.split_first().expect("a suite has checks");
        if !passes(suite, &launch, first)? {
            return Err(format!("{} fails", first.name).into());
        }
        for check in others {
            if !passes(suite, &launch, check)? {
                return Ok(());
            }
        }
        Err("it is green".into())
    }

    fn suite(&self) -> &'static Suite {
        let folder = self.name.split('/').next().unwrap_or_default();
        let is_meant = |suite: &&Suite| {
            suite.role == Role::Server && self.wire.as_ref().is_none_or(|wire| suite.name == wire)
        };
        let mut meant = Suite::of_lesson(folder).iter().filter(is_meant);
        let suite = meant.next().unwrap_or_else(|| panic!("{}: no suite grades it", self.name));
        assert!(meant.next().is_none(), "{}: its command names no wire", self.name);
        suite
    }
}

fn passes(suite: &Suite, launch: &Launch, check: &Check) -> Result<bool, Failed> {
    let graded = suite.grade(launch, |it| it.name == check.name, || false);
    let graded = graded.map_err(|it| format!("{}\n{}", it.why, it.printed.join("\n")))?;
    let ending = &graded.endings[0].1;
    Ok(ending.as_ref().is_some_and(|ending| ending.status == Status::Pass))
}

/// A word of a command that is typed in the course's folder, for a build in another one.
fn absolute(word: &str, folder: &Path) -> String {
    let path = match word.strip_prefix("./") {
        Some(built) => folder.join(built),
        None if word.starts_with("lessons/") => lessons().with_file_name(word),
        None => return word.to_owned(),
    };
    path.display().to_string()
}

fn is_complete(starters: &[Starter]) -> Result<(), Failed> {
    let lesson = |starter: &Starter| starter.name.split('/').next().unwrap_or_default().to_owned();
    let lessons: BTreeSet<String> = starters.iter().map(lesson).collect();
    for (lesson, language) in lessons.iter().flat_map(|it| LANGUAGES.map(|language| (it, language)))
    {
        let is_it = |it: &Starter| {
            it.name.starts_with(lesson) && it.name.ends_with(&format!(".{}", language.ending))
        };
        if starters.iter().filter(|it| is_it(it)).count() != 1 {
            return Err(
                format!("{lesson}: not one starter that ends in {}", language.ending).into()
            );
        }
    }
    if lessons.is_empty() { Err("there are none".into()) } else { Ok(()) }
}

fn is_installed(tool: &str) -> bool {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path).any(|folder| folder.join(tool).is_file())
}

/// Every starter, in the order of lessons and names.
fn starters() -> Vec<Starter> {
    let folders = fs::read_dir(lessons()).expect("the lessons").flatten();
    let folders = folders.filter_map(|entry| fs::read_dir(entry.path().join("starters")).ok());
    let mut files: Vec<PathBuf> = folders.flatten().flatten().map(|entry| entry.path()).collect();
    // A header is a part of the starter in C.
    files.retain(|file| file.extension().is_none_or(|ending| ending != "h"));
    files.sort();
    files.iter().map(|file| Starter::of(file)).collect()
}

fn lessons() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../lessons")
}
