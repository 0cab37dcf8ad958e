//! The pattern of a lesson: how its answers are compiled, and whether cargo would still do it that way.
//!
//! Cargo builds the pattern, the naive program with the lesson's tests, and with it every dependency. What
//! it did stays valid as long as nothing has changed that cargo looks at: the environment, the toolchain, the
//! manifests, the lock file, cargo's configuration in every place, the sources of the dependencies that are
//! not from a registry, and what was built from them. The answer and the tests are compiled for each grading,
//! so they do not count. When in doubt, cargo decides.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use serde::{Deserialize, Serialize};

use crate::control::Control;
use crate::course::{Course, Lesson};
use crate::failure::Failure;
use crate::files::write_if_changed;
use crate::grading::build::{self, Built, Profile, Request};
use crate::grading::digest::digest;
use crate::grading::package::{self, Package};
use crate::grading::rustc::{Call, Calls};
use crate::pages::page;
use crate::words;

/// How the answers of a lesson are compiled.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct Pattern {
    /// How rustc is called.
    pub calls: Calls,
    /// The folders of the dependencies that are not from a registry.
    folders: BTreeSet<PathBuf>,
    /// The files that cargo has built for the dependencies.
    built: BTreeSet<PathBuf>,
    /// The digest of everything that cargo looks at.
    state: String,
}

/// Return the pattern of each lesson, by the lesson's number. One call of cargo builds those that are not
/// valid any more.
pub(crate) fn patterns(
    course: &Course,
    lessons: &[&Lesson],
    control: &Control,
) -> Result<BTreeMap<u32, Pattern>, Failure> {
    let mut patterns = BTreeMap::new();
    let mut missing = Vec::new();
    for lesson in lessons {
        match Pattern::read(course, lesson) {
            Some(pattern) => drop(patterns.insert(lesson.number, pattern)),
            None => missing.push(*lesson),
        }
    }
    if !missing.is_empty() {
        patterns.extend(make(course, &missing, control)?);
    }
    Ok(patterns)
}

impl Pattern {
    /// Read the pattern of a lesson; `None` if there is none, or if it is not valid any more.
    fn read(course: &Course, lesson: &Lesson) -> Option<Pattern> {
        let text = fs::read(Pattern::file(course, &Package::pattern(lesson))).ok()?;
        let pattern: Pattern = serde_json::from_slice(&text).ok()?;
        let state = state(course, lesson, &pattern)?;
        (state.digest == pattern.state).then_some(pattern)
    }

    /// The digest of everything that cargo looks at; `None` if that could not be known.
    pub(crate) fn state(&self) -> Option<&str> {
        Some(&*self.state).filter(|state| !state.is_empty())
    }

    /// Where it is kept: one for each environment, since two terminals may differ in that.
    fn file(course: &Course, package: &Package) -> PathBuf {
        let name = format!("{}-{}.json", package.name, digest(environment().as_bytes()));
        course.target().join("kata/patterns").join(name)
    }
}

/// Let cargo build the patterns of these lessons.
fn make(
    course: &Course,
    lessons: &[&Lesson],
    control: &Control,
) -> Result<BTreeMap<u32, Pattern>, Failure> {
    let packages: Vec<Package> =
        lessons.iter().map(|lesson| Package::pattern(lesson).built_again()).collect();
    let workspace = package::write_workspace(course, &packages, control)?;
    let calls = tempfile::tempdir()
        .map_err(|error| Failure::of_machine(words::failed_to_create_a_temporary_folder(error)))?;
    let request = Request {
        workspace: &workspace,
        packages: packages.iter().map(|package| package.name.clone()).collect(),
        kind: "--test",
        targets: lessons.iter().map(|lesson| lesson.folder.clone()).collect(),
        profile: Profile::Dev,
        features: Vec::new(),
        calls: Some(calls.path()),
    };
    let began = SystemTime::now();
    let output = build::build(course, &request, control)?;
    let mut patterns = BTreeMap::new();
    for (lesson, package) in lessons.iter().zip(&packages) {
        let built = output.built.get(&package.name);
        let calls = built.and_then(|built| calls_of(built, calls.path())).ok_or_else(|| {
            let errors = built.map(|built| built.errors.as_str()).unwrap_or_default();
            page::aside(&errors.replace(&format!("{}/", course.root().display()), ""));
            Failure::of_machine(words::pattern_does_not_compile(
                course.shown(&lesson.file("naive.rs")),
            ))
        })?;
        let (folders, built) = (output.folders.clone(), output.dependencies.clone());
        let mut pattern = Pattern { calls, folders, built, state: String::new() };
        // If something changed while cargo was building, cargo may have read it before or after.
        if let Some(state) = state(course, lesson, &pattern).filter(|state| state.newest < began) {
            pattern.state = state.digest;
            let file = Pattern::file(course, package);
            write_if_changed(&file, &serde_json::to_string(&pattern).expect("it has text keys"))?;
        }
        patterns.insert(lesson.number, pattern);
    }
    Ok(patterns)
}

/// The calls of rustc that built a pattern.
fn calls_of(built: &Built, calls: &Path) -> Option<Calls> {
    let library = built.library.as_ref()?.file_stem()?.to_str()?.strip_prefix("lib")?;
    let tests = built.executable.as_ref()?.file_stem()?.to_str()?;
    Some(Calls::new(Call::read(calls, library)?, Call::read(calls, tests)?))
}

/// The state of everything that cargo looks at.
struct State {
    digest: String,
    /// When it was last changed, without what cargo has built.
    newest: SystemTime,
}

/// Look at everything that cargo looks at; `None` if that cannot be known.
fn state(course: &Course, lesson: &Lesson, pattern: &Pattern) -> Option<State> {
    let mut seen = format!("{}\n{}", env!("CARGO_PKG_VERSION"), environment());
    let mut newest = SystemTime::UNIX_EPOCH;
    let mut inputs = vec![
        course.root().join("Cargo.toml"),
        course.root().join("Cargo.lock"),
        lesson.file("Cargo.toml"),
    ];
    let settings = settings(course);
    // A configuration that includes another file may get its settings from anywhere.
    let text = |file: &PathBuf| fs::read_to_string(file).unwrap_or_default();
    if settings.iter().map(text).any(|text| text.contains("include")) {
        return None;
    }
    inputs.extend(settings);
    inputs.extend(programs(pattern)?);
    for folder in &pattern.folders {
        add_files(folder, &mut inputs).ok()?;
    }
    for file in &inputs {
        let found = fs::metadata(file).ok();
        newest = newest.max(found.as_ref().and_then(|it| it.modified().ok()).unwrap_or(newest));
        seen.push_str(&format!(
            "{} {:?}\n",
            file.display(),
            found.map(|it| (mark(&it), change(&it)))
        ));
    }
    for file in &pattern.built {
        let found = fs::metadata(file).ok()?;
        seen.push_str(&format!("{} {:?}\n", file.display(), mark(&found)));
    }
    Some(State { digest: digest(seen.as_bytes()), newest })
}

/// Size and time of a file: another content has another time, if not another size.
pub(crate) fn mark(found: &Metadata) -> (u64, Option<SystemTime>) {
    (found.len(), found.modified().ok())
}

/// When the kernel last changed a file's content, place or rights: no program can set that back (inode(7)).
/// Not for what cargo has built: it also makes links to that.
#[cfg(unix)]
fn change(found: &Metadata) -> (u64, i64, i64) {
    use std::os::unix::fs::MetadataExt;
    (found.ino(), found.ctime(), found.ctime_nsec())
}

#[cfg(not(unix))]
fn change(_found: &Metadata) {}

/// Where cargo and rustup look for settings, whether there are any or not.
fn settings(course: &Course) -> Vec<PathBuf> {
    let names = [".cargo/config.toml", ".cargo/config", "rust-toolchain.toml", "rust-toolchain"];
    let mut files: Vec<PathBuf> = course
        .root()
        .ancestors()
        .flat_map(|folder| names.iter().map(move |name| folder.join(name)))
        .collect();
    let home = |variable: &str, name: &str| {
        let set = std::env::var_os(variable).filter(|set| !set.is_empty()).map(PathBuf::from);
        set.or_else(|| Some(std::env::home_dir()?.join(name)))
    };
    if let Some(home) = home("CARGO_HOME", ".cargo") {
        files.extend([home.join("config.toml"), home.join("config")]);
    }
    files.extend(home("RUSTUP_HOME", ".rustup").map(|home| home.join("settings.toml")));
    files
}

/// The programs of the toolchain: those that were called, and those that would be found now.
fn programs(pattern: &Pattern) -> Option<Vec<PathBuf>> {
    let mut programs = vec![which::which("cargo").ok()?, which::which("rustc").ok()?];
    for program in pattern.calls.programs() {
        programs.push(which::which(program).ok()?);
    }
    Some(programs)
}

fn add_files(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    let mut entries = fs::read_dir(folder)?.collect::<io::Result<Vec<_>>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        if entry.file_type()?.is_dir() {
            add_files(&entry.path(), files)?;
        } else {
            files.push(entry.path());
        }
    }
    Ok(())
}

/// The environment, as a text, without what a shell changes from line to line and what `cargo run` adds.
fn environment() -> String {
    let moving = ["_", "COLUMNS", "LINES", "OLDPWD", "PWD", "SHLVL"];
    let mut variables: Vec<String> = std::env::vars_os()
        .filter(|(name, _)| !build::is_set_by_cargo_run(name))
        .filter(|(name, _)| !moving.iter().any(|it| name == it))
        // What an array job gives each of its tasks.
        .filter(|(name, _)| !name.to_string_lossy().starts_with("SLURM"))
        .map(|variable| format!("{variable:?}\n"))
        .collect();
    variables.sort();
    variables.concat()
}
