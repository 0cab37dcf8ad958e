//! Throw-away packages: how an answer that is not the exercise is compiled, under the course's rules.
//!
//! The package is the lesson's own manifest, changed in four places: its name, which no other answer
//! has, since cargo would take one answer's binary for another's; the library's path, which is the
//! answer's one file; and the other paths, made absolute. Nothing that lies beside the answer, a
//! manifest or a build script, is looked at.
//!
//! ```text
//! target/kata/Cargo.toml                  a workspace of its own: the course's, with other members
//! target/kata/Cargo.lock                  the course's, so that every version agrees
//! target/kata/answers/PACKAGE/Cargo.toml  the lesson's, for one answer
//! target/kata/lock                        locked while the members are those of one command
//! ```
//!
//! One workspace for all, its members those that are built now: a package that stays where it is has
//! its program kept, whatever else was built since.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use toml_edit::{Array, DocumentMut, Item, Table, value};

use crate::course::{Course, Lesson};
use crate::failure::Failure;
use crate::grading::digest::digest;
use crate::interrupt;
use crate::pages::page;
use crate::words;

/// How often to look whether another command has finished its build.
const INTERVAL: Duration = Duration::from_millis(50);
/// How long to wait for it in silence.
const PATIENCE: Duration = Duration::from_secs(1);

/// A throw-away package: what cargo calls it, and what it stands for.
#[derive(Clone, Debug)]
pub(crate) struct Package {
    /// The package's name, which no other file on this machine gets.
    pub name: String,
    lesson: Lesson,
    file: PathBuf,
}

impl Package {
    /// The package for the answer in `file`, a whole path.
    pub(crate) fn of(lesson: &Lesson, file: &Path) -> Package {
        let stem = file.file_stem().unwrap_or_default().to_string_lossy();
        let readable: String = stem.chars().filter(|c| c.is_ascii_alphanumeric()).collect();
        let path = digest(file.as_os_str().as_encoded_bytes());
        Package {
            name: format!("{}-{readable}-{path}", lesson.topic),
            lesson: lesson.clone(),
            file: file.to_owned(),
        }
    }

    /// The name of its example target: cargo gives examples of one name one place on disk.
    pub(crate) fn programs_target(&self) -> String {
        format!("{}_programs", self.name.replace('-', "_"))
    }

    fn manifest(&self) -> Result<DocumentMut, Failure> {
        let mut manifest = read_manifest(&self.lesson.file("Cargo.toml"))?;
        let answer = fs::read(&self.file).map_err(Failure::of_file(words::READ, &self.file))?;
        manifest["package"]["name"] = value(&self.name);
        // Cargo compiles again when the features that could be chosen change. It does not when a file
        // is replaced by an older one, since it compares times only.
        manifest["features"][&format!("content-{}", digest(&answer))] = value(Array::new());
        manifest["lib"]["name"] = value(&self.lesson.topic);
        manifest["lib"]["path"] = value(text_of(&self.file)?);
        for kind in ["test", "example"] {
            let targets = manifest.get_mut(kind).and_then(Item::as_array_of_tables_mut);
            for target in targets.into_iter().flat_map(|targets| targets.iter_mut()) {
                make_absolute(&self.lesson.directory, target)?;
            }
        }
        self.keep_programs_only(&mut manifest);
        for kind in ["dependencies", "dev-dependencies", "build-dependencies"] {
            let dependencies = manifest.get_mut(kind).and_then(Item::as_table_like_mut);
            for (_, dependency) in dependencies.into_iter().flat_map(|table| table.iter_mut()) {
                if let Some(dependency) = dependency.as_table_like_mut() {
                    make_absolute(&self.lesson.directory, dependency)?;
                }
            }
        }
        Ok(manifest)
    }

    fn keep_programs_only(&self, manifest: &mut DocumentMut) {
        let examples = manifest.get_mut("example").and_then(Item::as_array_of_tables_mut);
        let Some(examples) = examples else { return };
        let programs = self.lesson.programs_target();
        examples.retain(|example| example.get("name").and_then(Item::as_str) == Some(&programs));
        for example in examples.iter_mut() {
            example["name"] = value(self.programs_target());
        }
    }
}

/// Write a package, and a workspace that holds nothing else, in `folder`: a copy of the answer in `file`
/// as `solution.rs`, with the lesson's checks. What is changed there changes nothing of the course.
pub fn write_alone(
    course: &Course,
    lesson: &Lesson,
    file: &Path,
    folder: &Path,
) -> Result<(), Failure> {
    let text = fs::read_to_string(file).map_err(Failure::of_file(words::READ, file))?;
    let versions = course.root().join("Cargo.lock");
    let versions =
        fs::read_to_string(&versions).map_err(Failure::of_file(words::READ, &versions))?;
    let mut manifest = Package::of(lesson, file).manifest()?;
    manifest["package"]["name"] = value(&lesson.topic);
    manifest["lib"]["path"] = value("solution.rs");
    manifest.remove("features");
    manifest.remove("example");
    let workspace = workspace_manifest(course, Vec::new(), &versions)?;
    write_if_changed(&folder.join("Cargo.toml"), &format!("{workspace}\n{manifest}"))?;
    write_if_changed(&folder.join("Cargo.lock"), &versions)?;
    write_if_changed(&folder.join("solution.rs"), &text)?;
    Ok(())
}

/// Where to build: the course's own workspace, or that of the throw-away packages.
#[derive(Debug)]
pub(crate) struct Workspace {
    /// Its manifest.
    pub manifest: PathBuf,
    /// Keeps the throw-away packages ours while this value lives.
    lock: Option<File>,
}

impl Workspace {
    /// The workspace that holds the exercises.
    pub(crate) fn of_exercises(course: &Course) -> Workspace {
        Workspace { manifest: course.root().join("Cargo.toml"), lock: None }
    }

    /// Whether its packages are thrown away later.
    pub(crate) fn is_thrown_away(&self) -> bool {
        self.lock.is_some()
    }
}

/// Write a workspace of these packages. What is the same already is left alone, so that cargo finds
/// nothing to do; another command that builds is waited for.
pub(crate) fn write_workspace(course: &Course, packages: &[Package]) -> Result<Workspace, Failure> {
    let folder = course.target().join("kata");
    fs::create_dir_all(&folder).map_err(Failure::of_file(words::CREATE, &folder))?;
    let lock = locked(&folder.join("lock"))?;
    let workspace = Workspace { manifest: folder.join("Cargo.toml"), lock: Some(lock) };
    for package in packages {
        let manifest = package.manifest()?.to_string();
        write_if_changed(
            &folder.join("answers").join(&package.name).join("Cargo.toml"),
            &manifest,
        )?;
    }
    let mut members: Vec<String> =
        packages.iter().map(|package| format!("answers/{}", package.name)).collect();
    members.sort();
    members.dedup();
    let versions = course.root().join("Cargo.lock");
    let versions =
        fs::read_to_string(&versions).map_err(Failure::of_file(words::READ, &versions))?;
    let manifest = workspace_manifest(course, members, &versions)?;
    if write_if_changed(&workspace.manifest, &manifest)? {
        // Cargo takes out what these members do not need; the next ones may need it.
        write_if_changed(&folder.join("Cargo.lock"), &versions)?;
    }
    Ok(workspace)
}

/// Lock the file, and say so if somebody else has to finish first.
fn locked(path: &Path) -> Result<File, Failure> {
    let file = File::create(path).map_err(Failure::of_file(words::CREATE, path))?;
    let began = Instant::now();
    let mut has_spoken = false;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) if interrupt::happened() => {
                return Err(Failure::interrupted());
            }
            Err(TryLockError::WouldBlock) => {
                if began.elapsed() > PATIENCE && !std::mem::replace(&mut has_spoken, true) {
                    page::aside(&format!("{}\n", words::WAITING_FOR_ANOTHER_BUILD));
                }
                thread::sleep(INTERVAL);
            }
            Err(TryLockError::Error(error)) => {
                return Err(Failure::of_file(words::LOCK, path)(error));
            }
        }
    }
}

fn workspace_manifest(
    course: &Course,
    members: Vec<String>,
    versions: &str,
) -> Result<String, Failure> {
    let mut manifest = read_manifest(&course.root().join("Cargo.toml"))?;
    let mut workspace = manifest.remove("workspace").unwrap_or(Item::Table(Table::new()));
    workspace["members"] = value(members.into_iter().collect::<Array>());
    if let Some(workspace) = workspace.as_table_like_mut() {
        workspace.remove("default-members");
        workspace.remove("exclude");
    }
    let mut own = DocumentMut::new();
    own["workspace"] = workspace;
    let versions = digest(versions.as_bytes());
    Ok(format!("# Written by `cargo kata`; versions as in Cargo.lock {versions}.\n{own}"))
}

/// Make the `path` of a target or a dependency independent of where its manifest lies.
fn make_absolute(base: &Path, table: &mut dyn toml_edit::TableLike) -> Result<(), Failure> {
    if let Some(path) = table.get("path").and_then(Item::as_str) {
        let path = base.join(path);
        table.insert("path", value(text_of(&path)?));
    }
    Ok(())
}

fn read_manifest(path: &Path) -> Result<DocumentMut, Failure> {
    let text = fs::read_to_string(path).map_err(Failure::of_file(words::READ, path))?;
    text.parse().map_err(|error| {
        Failure::new(words::failed(words::READ, path.display(), error).replace('\n', " "))
    })
}

fn text_of(path: &Path) -> Result<&str, Failure> {
    path.to_str().ok_or_else(|| Failure::usage(words::path_is_no_unicode(path.display())))
}

/// Write `text` unless the file holds it already; whether it was written.
fn write_if_changed(path: &Path, text: &str) -> Result<bool, Failure> {
    if fs::read(path).is_ok_and(|held| held == text.as_bytes()) {
        return Ok(false);
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(Failure::of_file(words::CREATE, folder))?;
    }
    fs::write(path, text).map_err(Failure::of_file(words::WRITE, path))?;
    Ok(true)
}
