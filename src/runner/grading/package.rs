//! Throw-away packages, for cargo to compile an answer under the course's rules: the pattern of a lesson, and
//! the answers whose real programs are started.
//!
//! The package has the lesson's own manifest, changed in five places: its name, which is unique, because
//! cargo would otherwise mistake one answer's binary for another's; a feature named after the answer's
//! content; the library's path, which is the answer's one file; its examples, of which only the programs
//! stay; and all other paths, made absolute. Files beside the answer, such as a manifest or a build script,
//! are ignored.
//!
//! ```text
//! target/kata/Cargo.toml                  a workspace of its own: the course's, with other members
//! target/kata/Cargo.lock                  the course's, so that all versions agree
//! target/kata/answers/PACKAGE/Cargo.toml  the lesson's, for one answer
//! target/kata/lock                        locked while one command uses these members
//! ```
//!
//! There is one workspace for all, and its members are those being built now. A package stays in the same
//! place, so its program is kept, whatever else has been built since. An exercise has one, too: in its own
//! package cargo would take an older file that replaces it for one that it has compiled already.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use toml_edit::{Array, DocumentMut, Item, Table, value};

use crate::control::Control;
use crate::course::{Course, Lesson};
use crate::failure::Failure;
use crate::files::write_if_changed;
use crate::grading::digest::digest;
use crate::grading::run::nonce;
use crate::pages::page;
use crate::words;

/// How often to check whether another command has finished its build.
const INTERVAL: Duration = Duration::from_millis(50);
/// How long to wait for it without a message.
const QUIET: Duration = Duration::from_secs(1);

/// A throw-away package: its name in cargo, and the answer that it compiles.
#[derive(Clone, Debug)]
pub(crate) struct Package {
    /// The package's name, unique for this file on this machine.
    pub name: String,
    lesson: Lesson,
    file: PathBuf,
    /// The name of a feature that no build before had: cargo compiles the package again.
    feature: Option<String>,
}

impl Package {
    /// The package for the answer in `file`, an absolute path.
    pub(crate) fn of(lesson: &Lesson, file: &Path) -> Package {
        let stem = file.file_stem().unwrap_or_default().to_string_lossy();
        let readable: String = stem.chars().filter(|c| c.is_ascii_alphanumeric()).collect();
        let path = digest(file.as_os_str().as_encoded_bytes());
        Package {
            name: format!("{}-{readable}-{path}", lesson.topic),
            lesson: lesson.clone(),
            file: file.to_owned(),
            feature: None,
        }
    }

    /// The package whose build shows how answers of the lesson are compiled: the naive program's.
    pub(crate) fn pattern(lesson: &Lesson) -> Package {
        let mut package = Package::of(lesson, &lesson.file("naive.rs"));
        // Not the one that builds the naive program's own programs.
        package.name = package.name.replacen("-naive-", "-pattern-", 1);
        package
    }

    /// The same package, to be compiled even if nothing has changed.
    pub(crate) fn built_again(mut self) -> Package {
        self.feature = Some(format!("build-{}", nonce()));
        self
    }

    /// The name of its example target, which is unique: examples with the same name share one file on disk.
    pub(crate) fn programs_target(&self) -> String {
        format!("{}_programs", self.name.replace('-', "_"))
    }

    fn manifest(&self) -> Result<DocumentMut, Failure> {
        let mut manifest = read_manifest(&self.lesson.file("Cargo.toml"))?;
        manifest["package"]["name"] = value(&self.name);
        // Cargo compiles again when the available features change, but not when a file is replaced by an
        // older one, because it compares only times.
        let feature = match &self.feature {
            Some(feature) => feature.clone(),
            None => {
                let answer = fs::read(&self.file);
                let answer = answer.map_err(Failure::of_file(words::READ, &self.file))?;
                format!("content-{}", digest(&answer))
            }
        };
        manifest["features"][&feature] = value(Array::new());
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

/// Write a package, with a workspace for it alone, to `folder`: a copy of the answer in `file` as
/// `solution.rs`, with the lesson's checks. Changes there do not affect the course.
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

/// A workspace to build in: that of the throw-away packages, reserved for this command while this value exists, or the
/// course's own.
#[derive(Debug)]
pub(crate) struct Workspace {
    /// Its manifest.
    pub manifest: PathBuf,
    _lock: File,
}

/// Write a workspace of these packages. Unchanged files are not written, so that cargo has nothing to do.
/// Waits while another command builds.
pub(crate) fn write_workspace(
    course: &Course,
    packages: &[Package],
    control: &Control,
) -> Result<Workspace, Failure> {
    let (folder, lock) = reserved(course, control)?;
    let workspace = Workspace { manifest: folder.join("Cargo.toml"), _lock: lock };
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
        // Cargo removes what these members do not need, but the next ones may need it.
        write_if_changed(&folder.join("Cargo.lock"), &versions)?;
    }
    Ok(workspace)
}

/// The course's own workspace, for a package that is one of its members. Waits while another command builds.
pub(crate) fn course_workspace(course: &Course, control: &Control) -> Result<Workspace, Failure> {
    let (_, lock) = reserved(course, control)?;
    Ok(Workspace { manifest: course.root().join("Cargo.toml"), _lock: lock })
}

/// The folder below `target/` for what the commands build, and its lock.
fn reserved(course: &Course, control: &Control) -> Result<(PathBuf, File), Failure> {
    let folder = course.target().join("kata");
    fs::create_dir_all(&folder).map_err(Failure::of_file(words::CREATE, &folder))?;
    let lock = locked(&folder.join("lock"), control)?;
    Ok((folder, lock))
}

/// Lock the file, and print a message if another command must finish first.
fn locked(path: &Path, control: &Control) -> Result<File, Failure> {
    let file = File::create(path).map_err(Failure::of_file(words::CREATE, path))?;
    let began = Instant::now();
    let mut has_printed = false;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) if control.is_cancelled() => {
                return Err(Failure::interrupted());
            }
            Err(TryLockError::WouldBlock) => {
                if began.elapsed() > QUIET && !std::mem::replace(&mut has_printed, true) {
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

/// Make the `path` of a target or dependency independent of the manifest's place.
fn make_absolute(base: &Path, table: &mut dyn toml_edit::TableLike) -> Result<(), Failure> {
    if let Some(path) = table.get("path").and_then(Item::as_str) {
        let path = base.join(path);
        table.insert("path", value(text_of(&path)?));
    }
    Ok(())
}

/// Read a manifest.
pub(crate) fn read_manifest(path: &Path) -> Result<DocumentMut, Failure> {
    let text = fs::read_to_string(path).map_err(Failure::of_file(words::READ, path))?;
    text.parse().map_err(|error| {
        Failure::of_machine(words::failed(words::READ, path.display(), error).replace('\n', " "))
    })
}

fn text_of(path: &Path) -> Result<&str, Failure> {
    path.to_str().ok_or_else(|| Failure::usage(words::path_is_no_unicode(path.display())))
}
