//! Mistakes that are compiled together: rustc's start, what it loads, and the linker are most of the time
//! that one of them takes by itself.
//!
//! ```text
//! answers.rs    pub mod a0; pub mod a1; …         the mistakes: the library
//! tests.rs      mod a0; mod a1; …                 of each mistake the check that it names
//! a0/tests/…    use answers::a0 as struct_header; below each copy of the tests and of their modules
//! ```
//!
//! The program contains the checks of all; each mistake is run by itself, in a process of its own.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock, PoisonError};

use crate::control::Control;
use crate::course::Course;
use crate::failure::Failure;
use crate::grading::kept::{self, Source};
use crate::grading::one_check;
use crate::grading::pattern::Pattern;
use crate::grading::rustc::{self, Compiled};
use crate::words;

/// How many mistakes are compiled together: enough that the start costs little, few enough that every
/// processor has some.
pub(super) const MOST: usize = 16;

/// The name under which the tests know the library.
const ANSWERS: &str = "answers";

/// Some mistakes of one lesson.
pub(super) struct Batch<'a> {
    pattern: &'a Pattern,
    sources: Vec<Source<'a>>,
    /// Each mistake as it was compiled, until it is taken; nothing if they could not be compiled together.
    made: OnceLock<Mutex<Vec<Option<Compiled>>>>,
}

impl<'a> Batch<'a> {
    pub(super) fn of(pattern: &'a Pattern, sources: Vec<Source<'a>>) -> Batch<'a> {
        Batch { pattern, sources, made: OnceLock::new() }
    }

    /// Compile them. If that fails, each has to be compiled by itself, which shows why.
    pub(super) fn compile(&self, course: &Course, control: &Control) {
        self.made.get_or_init(|| {
            let compiled = self.compiled(course, control);
            Mutex::new(compiled.ok().flatten().unwrap_or_default())
        });
    }

    /// Wait until they are compiled, and take the one at this place, once.
    pub(super) fn take(&self, at: usize) -> Option<Compiled> {
        let mut made = self.made.wait().lock().unwrap_or_else(PoisonError::into_inner);
        made.get_mut(at)?.take()
    }

    fn compiled(
        &self,
        course: &Course,
        control: &Control,
    ) -> Result<Option<Vec<Option<Compiled>>>, Failure> {
        let folder = rustc::own_folder(course)?;
        let Some(files) = self.write(course, folder.path())? else { return Ok(None) };
        let calls = &self.pattern.calls;
        let made = calls.compile_together(course, &files, folder.path(), control)?;
        let Some(program) = made.program.filter(|_| made.errors.is_empty()) else {
            return Ok(None);
        };
        let own = |file: &PathBuf| file.starts_with(folder.path());
        let is_answer = |file: &PathBuf| self.sources.iter().any(|source| source.file == file);
        if !made.sources.iter().all(|file| own(file) || is_answer(file)) {
            return Ok(None);
        }
        let read = made.tests.into_iter().filter(|file| !own(file));
        let mut tests: Vec<PathBuf> = files.originals.iter().cloned().chain(read).collect();
        tests.sort();
        tests.dedup();
        let compiled = self.sources.iter().enumerate().map(|(at, source)| {
            let folder = rustc::own_folder(course)?;
            let own = folder.path().join(kept::program_name());
            kept::link_or_copy(&program, &own).map_err(Failure::of_file(words::MOVE, &program))?;
            Ok(Some(Compiled {
                program: Some(own),
                module: Some(module(at)),
                sources: vec![source.file.to_owned()],
                tests: tests.clone(),
                folder: Some(folder),
                ..Compiled::default()
            }))
        });
        compiled.collect::<Result<_, Failure>>().map(Some)
    }

    /// Write the library and the tests; `None` if a mistake names no check.
    fn write(&self, course: &Course, folder: &Path) -> Result<Option<Files>, Failure> {
        let (mut answers, mut tests, mut originals) = (String::new(), String::new(), Vec::new());
        let write = |file: &Path, text: &str| {
            fs::write(file, text).map_err(Failure::of_file(words::WRITE, file))
        };
        for (at, source) in self.sources.iter().enumerate() {
            let module = module(at);
            let test_file = source.lesson.test_file(course);
            let text = read(&test_file)?;
            let Some(check) = source.check else { return Ok(None) };
            let place = test_file.parent().expect("it lies in a folder");
            let Some(mut text) = one_check::only(check, &text, place) else { return Ok(None) };
            // Under the original's own name in the folder of the module, which a story leaves out.
            let copy_of = |file: &Path| {
                let inside = file.strip_prefix(course.root()).unwrap_or(file);
                let copy = folder.join(&module).join(inside);
                let parent = copy.parent().expect("it lies in a folder");
                fs::create_dir_all(parent).map_err(Failure::of_file(words::CREATE, parent))?;
                Ok::<_, Failure>(copy)
            };
            // The modules of the tests see the answer only if they are told which one it is, too.
            let topic = &source.lesson.topic;
            let is_the_answer = format!("\nuse {ANSWERS}::{module} as {topic};\n");
            for file in one_check::modules(&text) {
                let held = read(&file)?;
                if held.contains(&format!("{topic}::")) {
                    let copy = copy_of(&file)?;
                    write(&copy, &format!("{held}{is_the_answer}"))?;
                    text = text.replace(&path_of(&file), &path_of(&copy));
                    originals.push(file);
                }
            }
            let test = copy_of(&test_file)?;
            write(&test, &format!("{text}{is_the_answer}"))?;
            answers.push_str(&format!("{} pub mod {module};\n", path_of(source.file)));
            tests.push_str(&format!("{} mod {module};\n", path_of(&test)));
            originals.push(test_file);
        }
        let files = Files {
            answers: folder.join("answers.rs"),
            tests: folder.join("tests.rs"),
            name: ANSWERS,
            originals,
        };
        write(&files.answers, &answers)?;
        write(&files.tests, &tests)?;
        Ok(Some(files))
    }
}

/// The two files for rustc.
pub(crate) struct Files {
    /// The library.
    pub answers: PathBuf,
    /// The tests.
    pub tests: PathBuf,
    /// The name under which the tests know the library.
    pub name: &'static str,
    /// The files of which the tests contain changed copies.
    pub originals: Vec<PathBuf>,
}

fn module(at: usize) -> String {
    format!("a{at}")
}

/// Where Rust finds the text of a module, as `one_check` writes it, too.
fn path_of(file: &Path) -> String {
    format!(r"#[path = {:?}]", file.display().to_string())
}

fn read(file: &Path) -> Result<String, Failure> {
    fs::read_to_string(file).map_err(Failure::of_file(words::READ, file))
}
