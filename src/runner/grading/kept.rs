//! Programs that are kept: an answer that was graded before is not compiled again.
//!
//! ```text
//! target/kata/answers/NAME/lock        locked while one command compiles there
//!                          kept.json   what the program was made from, and rustc's warnings
//!                          program     the test program
//!                          incremental what rustc keeps for the next version of an exercise
//! ```

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use serde::{Deserialize, Serialize};

use crate::control::Control;
use crate::course::{Course, Lesson};
use crate::failure::Failure;
use crate::files::write_if_changed;
use crate::grading::digest::digest;
use crate::grading::pattern::{Pattern, mark};
use crate::grading::rustc::{Compiled, own_folder};
use crate::words;

/// An answer to compile.
#[derive(Debug)]
pub(crate) struct Source<'a> {
    /// The lesson whose tests to compile with it.
    pub lesson: &'a Lesson,
    /// Its file.
    pub file: &'a Path,
    /// The digest of the file's content.
    pub content: &'a str,
    /// The name of its folder, unique for this file on this machine.
    pub name: &'a str,
    /// The only check to compile, if not all.
    pub check: Option<&'a str>,
    /// Whether it is edited between two gradings, most of it staying as it is.
    pub is_edited: bool,
    /// Whether the program is kept.
    pub is_kept: bool,
    /// When the grading began, before any of these files was read.
    pub began: SystemTime,
}

/// A program that was kept, and what belongs to it.
#[derive(Debug, Deserialize, Serialize)]
struct Kept {
    /// The digest of everything that the program was made from.
    stamp: String,
    sources: Vec<PathBuf>,
    tests: Vec<PathBuf>,
    warnings: Vec<String>,
    module: Option<String>,
}

impl Source<'_> {
    /// Compile the answer and the lesson's tests, unless the program that was kept came from the same files.
    ///
    /// If it was `made` together with others, it is not compiled again either. While another command
    /// compiles the same answer, this one does so in a folder of its own.
    pub(crate) fn compile(
        &self,
        course: &Course,
        pattern: &Pattern,
        made: Option<Compiled>,
        control: &Control,
    ) -> Result<Compiled, Failure> {
        if !self.is_kept {
            return pattern.calls.compile(course, self, None, control);
        }
        let folder = self.folder(course);
        fs::create_dir_all(&folder).map_err(Failure::of_file(words::CREATE, &folder))?;
        let path = folder.join("lock");
        let lock = File::create(&path).map_err(Failure::of_file(words::CREATE, &path))?;
        if lock.try_lock().is_err() {
            return pattern.calls.compile(course, self, None, control);
        }
        let (text, program) = (folder.join("kept.json"), folder.join(program_name()));
        if let Some(kept) = self.kept(course, pattern)
            && let Ok(compiled) = kept.compiled(course, &program)
        {
            return Ok(compiled);
        }
        let incremental = self.is_edited.then_some(&*folder);
        let compiled = match made {
            Some(compiled) => compiled,
            None => pattern.calls.compile(course, self, incremental, control)?,
        };
        let stamp = self.stamp(pattern, &compiled.tests);
        let stamp = stamp.filter(|_| self.is_as_it_was(&compiled.tests));
        if let (Some(made), Some(stamp)) = (&compiled.program, stamp) {
            let (sources, tests) = (compiled.sources.clone(), compiled.tests.clone());
            let (warnings, module) = (compiled.warnings.clone(), compiled.module.clone());
            let kept = Kept { stamp, sources, tests, warnings, module };
            // In this order: what is missing is compiled again.
            let _ = fs::remove_file(&text);
            let kept = serde_json::to_string(&kept).expect("it consists of texts");
            if link_or_copy(made, &program).is_ok() {
                write_if_changed(&text, &kept)?;
            }
        }
        Ok(compiled)
    }

    /// Whether a program is kept that came from the same files.
    pub(crate) fn is_kept(&self, course: &Course, pattern: &Pattern) -> bool {
        self.kept(course, pattern).is_some()
    }

    fn kept(&self, course: &Course, pattern: &Pattern) -> Option<Kept> {
        let text = fs::read(self.folder(course).join("kept.json")).ok()?;
        let kept: Kept = serde_json::from_slice(&text).ok()?;
        (self.stamp(pattern, &kept.tests)? == kept.stamp).then_some(kept)
    }

    fn folder(&self, course: &Course) -> PathBuf {
        course.target().join("kata/answers").join(self.name)
    }

    /// Whether rustc has read the answer and the tests as they are now.
    fn is_as_it_was(&self, tests: &[PathBuf]) -> bool {
        let is_older = |test: &PathBuf| {
            let changed = fs::metadata(test).and_then(|found| found.modified());
            changed.is_ok_and(|changed| changed < self.began)
        };
        let content = fs::read(self.file).map(|content| digest(&content));
        content.is_ok_and(|content| content == self.content) && tests.iter().all(is_older)
    }

    /// The digest of everything that a program is made from; `None` if that cannot be known.
    fn stamp(&self, pattern: &Pattern, tests: &[PathBuf]) -> Option<String> {
        let (file, check) = (self.file.display(), self.check);
        let mut from = format!("{}\n{file}\n{}\n{check:?}\n", pattern.state()?, self.content);
        for test in tests {
            from.push_str(&format!("{} {:?}\n", test.display(), mark(&fs::metadata(test).ok()?)));
        }
        Some(digest(from.as_bytes()))
    }
}

impl Kept {
    /// The kept program, in a folder of its own.
    fn compiled(self, course: &Course, program: &Path) -> Result<Compiled, Failure> {
        let folder = own_folder(course)?;
        let own = folder.path().join(program_name());
        link_or_copy(program, &own).map_err(Failure::of_file(words::MOVE, program))?;
        Ok(Compiled {
            program: Some(own),
            warnings: self.warnings,
            sources: self.sources,
            tests: self.tests,
            module: self.module,
            folder: Some(folder),
            ..Compiled::default()
        })
    }
}

pub(super) fn program_name() -> String {
    format!("program{}", std::env::consts::EXE_SUFFIX)
}

/// Give a file a second name. A file that is replaced later stays what it is under its other name.
pub(super) fn link_or_copy(from: &Path, to: &Path) -> io::Result<()> {
    let _ = fs::remove_file(to);
    fs::hard_link(from, to).or_else(|_| fs::copy(from, to).map(drop))
}
