//! The programs of a lesson that prove its checks of programs, in `lessons/NN_topic/programs/`.
//!
//! They are in Python; the first line of each says what it is:
//!
//! ```text
//! """The notes' server messages: row 10.              notes*.py
//! """Right as server messages: with asyncio.          right/*.py
//! """Caught by CHECK: Cause.                          wrong/*.py
//! ```

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use crate::launch::Launch;
use crate::suite::{Role, Suite};

/// A program of a lesson, and what its first line says.
#[derive(Clone, Debug)]
pub struct Example {
    /// Its path below the lesson's folder.
    pub name: String,
    /// Its file.
    pub file: PathBuf,
    /// What it claims to be; `None` if its first line says nothing known.
    pub claim: Option<Claim>,
}

/// What a program claims to be.
#[derive(Clone, Debug)]
pub enum Claim {
    /// The notes' program on this wire.
    Notes(&'static Suite),
    /// It passes every check of this suite.
    Right(&'static Suite),
    /// It fails this check of this suite for this cause.
    Caught {
        /// The suite that has the check.
        suite: &'static Suite,
        /// The check's name.
        check: String,
        /// The cause's name.
        cause: String,
    },
}

impl Example {
    /// The programs of the lesson in this folder, in the order of their names.
    pub fn of_lesson(lesson: &Path) -> Vec<Example> {
        let folders = ["programs", "programs/right", "programs/wrong"].map(|it| lesson.join(it));
        let files = folders.iter().flat_map(|folder| fs::read_dir(folder).into_iter().flatten());
        let mut files: Vec<PathBuf> = files.flatten().map(|entry| entry.path()).collect();
        files.retain(|file| file.extension().is_some_and(|ending| ending == "py"));
        files.sort();
        files.into_iter().map(|file| Example::read(lesson, file)).collect()
    }

    fn read(lesson: &Path, file: PathBuf) -> Example {
        let text = fs::read_to_string(&file).unwrap_or_default();
        let first = text.lines().next().unwrap_or_default().trim_start_matches("\"\"\"");
        let folder = lesson.file_name().unwrap_or_default().to_string_lossy();
        let claim = Claim::read(Suite::of_lesson(&folder), first);
        let name = file.strip_prefix(lesson).unwrap_or(&file).display().to_string();
        Example { name, file, claim }
    }

    /// The command that starts it for a check of this suite.
    pub fn launch(&self, suite: &Suite) -> Launch {
        let file = self.file.display().to_string();
        let mut words = vec![python().display().to_string(), file, "{port}".to_owned()];
        words.extend(suite.needs_folder.then(|| "{dir}".to_owned()));
        Launch::plain(words)
    }
}

/// The interpreter of these programs, by its path, or by its name if it is missing: what `python3` starts may be a script
/// that looks for it, and takes longer than it.
pub fn python() -> &'static Path {
    static PYTHON: LazyLock<PathBuf> = LazyLock::new(|| {
        let asks = ["-c", r"import sys; print(sys.executable)"];
        let answer = Command::new("python3").args(asks).output().map(|output| output.stdout);
        let path = answer.ok().and_then(|path| String::from_utf8(path).ok()).unwrap_or_default();
        PathBuf::from(if path.trim().is_empty() { "python3" } else { path.trim() })
    });
    &PYTHON
}

impl Claim {
    fn read(suites: &'static [Suite], first: &str) -> Option<Claim> {
        let suite = |rest: &str| {
            let (role, wire) = rest.split_once(':')?.0.split_once(' ')?;
            let role = if role == r"server" { Role::Server } else { Role::Client };
            suites.iter().find(|suite| suite.role == role && suite.name == wire)
        };
        if let Some(rest) = first.strip_prefix(r"The notes' ") {
            return Some(Claim::Notes(suite(rest)?));
        }
        if let Some(rest) = first.strip_prefix(r"Right as ") {
            return Some(Claim::Right(suite(rest)?));
        }
        let promise = first.strip_prefix(r"Caught by ")?.strip_suffix('.')?;
        let (check, cause) = promise.split_once(": ")?;
        let has_it = |suite: &&Suite| suite.checks.iter().any(|it| it.name == check);
        let suite = suites.iter().find(has_it)?;
        Some(Claim::Caught { suite, check: check.to_owned(), cause: cause.to_owned() })
    }
}
