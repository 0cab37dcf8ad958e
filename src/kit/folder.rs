//! A temporary folder that files are received into, and that a check inspects afterwards.
//!
//! ```text
//! a temporary place ─┬─ outside.txt     "not yours": files around the folder must not change
//!                    └─ received/       the folder
//! ```

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::cause::Cause;
use crate::scene::{Scene, fail, returns};
use crate::story::values::{Describe, quoted};
use crate::words;

/// The file beside the folder.
const OUTSIDE: (&str, &[u8]) = ("outside.txt", b"not yours");

/// The folder's own name.
const RECEIVED: &str = "received";

/// A folder `received` beside a file `outside.txt`; both are removed when this is dropped.
#[derive(Debug)]
pub struct Folder {
    base: TempDir,
    name: String,
}

impl Folder {
    /// Make an empty folder into which a file of this name will be received.
    ///
    /// Stories show this name and the names that a check expects. Any other name is the answer's own
    /// choice, may differ each time, and is shown only as "another name".
    ///
    /// # Panics
    ///
    /// If the system cannot create temporary files.
    pub fn awaiting(name: &str) -> Folder {
        // In memory where the system offers that: a busy disk must not slow the check.
        let base = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir());
        let base = base.expect("failed to make a temporary folder");
        fs::create_dir(base.path().join(RECEIVED)).expect("failed to make a folder");
        let folder = Folder { base, name: name.to_owned() };
        folder.put(OUTSIDE.0, OUTSIDE.1);
        folder
    }

    /// The folder's path.
    pub fn path(&self) -> PathBuf {
        self.at(RECEIVED)
    }

    /// The path of something in the temporary place: `received/a.txt`, `outside.txt`.
    pub fn at(&self, path: &str) -> PathBuf {
        self.base.path().join(path)
    }

    /// Write a file somewhere in the temporary place: `received/a.txt`, `outside.txt`.
    ///
    /// # Panics
    ///
    /// If the file cannot be written.
    pub fn put(&self, path: &str, content: &[u8]) {
        fs::write(self.at(path), content).expect("failed to write a file");
    }

    /// Show where a file was received, or the error, without the path of the temporary place, which differs
    /// each time: `received/a.txt`.
    pub fn shown(&self, received: io::Result<PathBuf>) -> io::Result<String> {
        let base = self.base.path();
        match received {
            Ok(path) => {
                let path = path.strip_prefix(base).unwrap_or(&path);
                Ok(path.display().to_string().replace('\\', "/"))
            }
            Err(error) if error.to_string().contains(&base.display().to_string()) => {
                Err(error.kind().into())
            }
            Err(error) => Err(error),
        }
    }

    /// Fail with a story of `cause` unless exactly these files exist and `outside.txt` has not changed.
    ///
    /// A symbolic link is expected as `received/a.txt → ../outside.txt`, without content.
    pub fn expect(&self, scene: &Scene, files: &[(&str, &[u8])], cause: Cause) {
        let all = [&[OUTSIDE], files].concat();
        self.expect_all(scene, &all, |_| cause);
    }

    /// As [`Folder::expect`], for a check that has changed `outside.txt` itself.
    pub fn expect_with_outside(
        &self,
        scene: &Scene,
        outside: &[u8],
        files: &[(&str, &[u8])],
        cause: Cause,
    ) {
        let all = [&[(OUTSIDE.0, outside)], files].concat();
        self.expect_all(scene, &all, |_| cause);
    }

    /// Say what is there and what should be, unless exactly these files exist and `outside.txt` has not changed.
    ///
    /// A file under any other name than these is expected as `received/(another name)`.
    pub fn difference(&self, files: &[(&str, &[u8])]) -> Option<[String; 2]> {
        let mut found = self.found(files);
        let mut expected = Files::of(&[&[OUTSIDE], files].concat());
        found.0.sort();
        expected.0.sort();
        (found != expected).then(|| [found.describe(), expected.describe()])
    }

    /// The paths of everything there is, as stories show them; this one is shown as it is.
    pub fn paths(&self, foreseen: &str) -> Vec<String> {
        self.found(&[(foreseen, b"")]).0.into_iter().map(|(path, _)| path).collect()
    }

    /// Remove everything but the folder and a new `outside.txt`.
    ///
    /// # Panics
    ///
    /// If something cannot be removed.
    pub fn clear(&self) {
        for place in [self.base.path(), &self.path()] {
            for entry in fs::read_dir(place).expect("failed to read a folder").flatten() {
                let is_folder = entry.file_type().is_ok_and(|it| it.is_dir());
                let removed = match entry.path() {
                    path if path == self.path() => Ok(()),
                    path if is_folder => fs::remove_dir_all(path),
                    path => fs::remove_file(path),
                };
                removed.expect("failed to remove a file");
            }
        }
        self.put(OUTSIDE.0, OUTSIDE.1);
    }

    /// Fail with a story if a transfer that broke off has left a file behind.
    pub fn expect_nothing_left(&self, scene: &Scene) {
        let name = format!("{RECEIVED}/{}", self.name);
        self.expect_all(scene, &[OUTSIDE], |found| {
            let named = found.0.iter().any(|(path, _)| *path == name);
            if named { Cause::HalfAFileLeft } else { Cause::TemporaryFileLeft }
        });
    }

    /// Inspect the folder while `call` is running. Fail at once unless no file has the final name yet and
    /// exactly one file has another name.
    pub fn expect_under_way(&self, scene: &Scene, call: &str) {
        let found = self.found(&[]);
        let paths: Vec<&str> = found.0.iter().map(|(path, _)| path.as_str()).collect();
        scene.happened(words::before_the_last_byte(paths.join(", ")));
        let name = format!("{RECEIVED}/{}", self.name);
        if paths.contains(&name.as_str()) {
            fail(Cause::NamedTooSoon.story(scene.rows(call)));
        }
        if paths.len() != 2 {
            fail(Cause::TemporaryFileElsewhere.story(scene.rows(call)));
        }
    }

    fn expect_all(
        &self,
        scene: &Scene,
        files: &[(&str, &[u8])],
        cause: impl FnOnce(&Files) -> Cause,
    ) {
        let expected = Files::of(files);
        let found = self.found(files);
        let as_expected = returns(expected.clone());
        scene.expect_of(words::THE_TEST, words::LOOKS_AT_THE_FILES, as_expected, || {
            if found != expected {
                scene.notice(cause(&found));
            }
            Ok(found)
        });
    }

    fn found(&self, expected: &[(&str, &[u8])]) -> Files {
        let mut files = Vec::new();
        collect(self.base.path(), "", &mut files);
        files.sort();
        for (path, _) in &mut files {
            let foreseen = expected.iter().any(|(expected, _)| expected == path)
                || path.contains('→')
                || path.ends_with(&format!("/{}", self.name));
            if let Some((folder, _)) = path.rsplit_once('/')
                && !foreseen
            {
                *path = words::another_name_in(folder);
            }
        }
        Files(files)
    }
}

/// What was found: paths and contents. The path of a link includes its target, and its content is empty.
#[derive(Clone, Debug, PartialEq)]
struct Files(Vec<(String, Vec<u8>)>);

impl Files {
    fn of(files: &[(&str, &[u8])]) -> Files {
        let own = |&(path, content): &(&str, &[u8])| (path.to_owned(), content.to_vec());
        Files(files.iter().map(own).collect())
    }
}

impl Describe for Files {
    fn describe(&self) -> String {
        let files = self.0.iter().map(|(path, content)| {
            if path.contains('→') { path.clone() } else { format!("{path} {}", quoted(content)) }
        });
        files.collect::<Vec<_>>().join(", ")
    }
}

fn collect(folder: &Path, prefix: &str, files: &mut Vec<(String, Vec<u8>)>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
        match fs::symlink_metadata(entry.path()) {
            Ok(metadata) if metadata.is_symlink() => {
                let target = fs::read_link(entry.path()).unwrap_or_default();
                files.push((format!("{path} → {}", target.display()), Vec::new()));
            }
            Ok(metadata) if metadata.is_dir() => {
                if path != RECEIVED {
                    files.push((format!("{path}/"), Vec::new()));
                }
                collect(&entry.path(), &format!("{path}/"), files);
            }
            _ => files.push((path, fs::read(entry.path()).unwrap_or_default())),
        }
    }
}
