//! A mistake: a wrong answer, kept as a diff against its lesson's solution or another right answer.
//!
//! ```text
//! wrong/NAME.diff     Caught by CHECK: Cause.        the promise that the audit checks
//!                     What the answer does wrong.
//!                     --- solution.rs            or right/NAME.rs, for a promise that goes further
//!                     +++ NAME.rs
//!                     @@ …
//! wrong/NAME.txt      the story shown to a student who makes this mistake
//! ```
//!
//! The diff applies exactly or not at all: a hunk whose lines are not where it says is an error, because a
//! mistake in another place is another mistake.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use diffy::{DiffOptions, Line, MergeOptions, Patch, PatchFormatter};

use crate::course::{Course, Lesson};
use crate::failure::Failure;
use crate::files::write_if_changed;
use crate::words;

/// How many unchanged lines surround a change in a file: the diff names the place, so it needs no more.
const CONTEXT: usize = 1;
/// How many surround it when it is shown.
const SHOWN_CONTEXT: usize = 3;
/// The start of the diff itself; before it come the promise and the description.
const DIFF_BEGINS: &str = "--- ";
/// The start of a conflict that the author must resolve; see [`Carried`].
const CONFLICT: &str = "<<<<<<< ";

/// A wrong answer of a lesson, by name.
#[derive(Clone, Debug)]
pub struct Mistake {
    lesson: Lesson,
    /// Its name, which is also that of its files.
    pub name: String,
}

/// A mistake adapted to a changed solution: the whole program, perhaps with conflicts to resolve.
pub struct Carried {
    /// The program.
    pub text: String,
    /// Whether both changes affect the same lines, so that the text contains conflict markers.
    pub conflicts: bool,
}

/// The right answer that a mistake changes.
pub struct Base {
    /// Its file in the lesson's folder: `solution.rs`, `right/further.rs`.
    pub name: String,
    /// The program.
    pub text: String,
}

impl Mistake {
    /// The mistake with this name, whether or not it exists yet.
    pub fn named(lesson: &Lesson, name: &str) -> Mistake {
        Mistake { lesson: lesson.clone(), name: name.to_owned() }
    }

    /// Every mistake of a lesson, by name.
    pub fn all(lesson: &Lesson) -> Vec<Mistake> {
        lesson.answers("wrong").iter().map(|name| Mistake::named(lesson, name)).collect()
    }

    /// The file with its diff.
    pub fn file(&self) -> PathBuf {
        self.lesson.file("wrong").join(format!("{}.diff", self.name))
    }

    /// The file with its story.
    pub fn story_file(&self) -> PathBuf {
        self.file().with_extension("txt")
    }

    /// The text of its file.
    pub fn text(&self) -> Result<String, Failure> {
        read(&self.file())
    }

    /// The whole wrong program; fails if the diff does not apply exactly to the right answer that it changes.
    pub fn program(&self, course: &Course) -> Result<String, Failure> {
        let (base, text) = (self.base()?, self.text()?);
        applied(diff_of(&text), &base.text).ok_or_else(|| {
            let file = course.shown(&self.file());
            Failure::new(words::diff_does_not_apply(file, self.lesson.number))
        })
    }

    /// Write the wrong program to its place below `target/`, unless it is already there.
    pub fn write_program(&self, course: &Course) -> Result<PathBuf, Failure> {
        let file = self.program_file(course);
        write_if_changed(&file, &self.program(course)?)?;
        Ok(file)
    }

    /// The path of the wrong program, for rustc and for an editor.
    pub fn program_file(&self, course: &Course) -> PathBuf {
        let folder = course.target().join("kata/lessons").join(&self.lesson.folder).join("wrong");
        folder.join(format!("{}.rs", self.name))
    }

    /// Save `program` as the mistake: its diff against `base`, under the head of the existing file, or
    /// under a new head for the author to fill in.
    pub fn keep(&self, base: &Base, program: &str) -> Result<(), Failure> {
        if program == base.text || program.contains(CONFLICT) {
            return Err(Failure::usage(words::not_a_mistake_yet(&self.name)));
        }
        write_if_changed(&self.file(), &self.text_with(base, program, CONTEXT))?;
        Ok(())
    }

    /// Its text to read: as [`Mistake::text`], with more lines around each change.
    pub fn shown(&self, course: &Course) -> Result<String, Failure> {
        Ok(self.text_with(&self.base()?, &self.program(course)?, SHOWN_CONTEXT))
    }

    fn text_with(&self, base: &Base, program: &str, context: usize) -> String {
        let text = self.text().unwrap_or_else(|_| words::HEAD_OF_A_MISTAKE.to_owned());
        let head = &text[..text.len() - diff_of(&text).len()];
        let mut options = DiffOptions::new();
        options.set_context_len(context);
        options.set_original_filename(base.name.clone());
        options.set_modified_filename(format!("{}.rs", self.name));
        let patch = options.create_patch(&base.text, program);
        // Without this each blank context line would end in a space.
        let format = PatchFormatter::new().suppress_blank_empty(true);
        format!("{head}{}", format.fmt_patch(&patch))
    }

    /// Adapt the mistake to the right answer as it is now. If the diff no longer applies, merge from the newest
    /// version in git's history to which it applies.
    pub fn carried(&self, course: &Course) -> Result<Carried, Failure> {
        let text = self.text()?;
        let diff = diff_of(&text);
        let now = self.base()?;
        if let Some(program) = applied(diff, &now.text) {
            return Ok(Carried { text: program, conflicts: false });
        }
        let file = course.shown(&self.lesson.file(&now.name));
        let before =
            earlier_versions(course, file).find_map(|base| Some((applied(diff, &base)?, base)));
        let Some((program, base)) = before else {
            return Err(Failure::new(words::applies_to_no_solution(course.shown(&self.file()))));
        };
        Ok(match MergeOptions::new().merge(&base, &program, &now.text) {
            Ok(text) => Carried { text, conflicts: false },
            Err(text) => Carried { text, conflicts: true },
        })
    }

    /// The right answer that it changes, as it is now: the one that its diff names, or the solution.
    pub fn base(&self) -> Result<Base, Failure> {
        let text = self.text().unwrap_or_default();
        let name = diff_of(&text).lines().next().and_then(|line| line.strip_prefix(DIFF_BEGINS));
        self.based_on(name.unwrap_or("solution.rs"))
    }

    /// The right answer in this file of the lesson.
    pub fn based_on(&self, name: &str) -> Result<Base, Failure> {
        Ok(Base { name: name.to_owned(), text: read(&self.lesson.file(name))? })
    }
}

/// The diff in a mistake's text, without its head.
fn diff_of(text: &str) -> &str {
    let begins = text.find(&format!("\n{DIFF_BEGINS}")).map_or(text.len(), |at| at + 1);
    &text[begins..]
}

/// The result of applying the diff to `solution`; `None` if a line is not where the diff says.
fn applied(diff: &str, solution: &str) -> Option<String> {
    let patch = Patch::from_str(diff).ok()?;
    let lines: Vec<&str> = solution.split_inclusive('\n').collect();
    let fits = patch.hunks().iter().all(|hunk| {
        let old = hunk.lines().iter().filter_map(|line| match line {
            Line::Context(text) | Line::Delete(text) => Some(*text),
            Line::Insert(_) => None,
        });
        let first = hunk.old_range().start().saturating_sub(1);
        old.eq(lines.iter().copied().skip(first).take(hunk.old_range().len()))
    });
    if fits && !patch.hunks().is_empty() { diffy::apply(solution, &patch).ok() } else { None }
}

/// The contents of a file in each commit that changed it, the newest first.
fn earlier_versions(course: &Course, path: String) -> impl Iterator<Item = String> {
    let commits = git(course, &["log", "--format=%H", "--", &path]).unwrap_or_default();
    let commits: Vec<String> = commits.lines().map(str::to_owned).collect();
    commits
        .into_iter()
        .filter_map(move |commit| git(course, &["show", &format!("{commit}:./{path}")]))
}

fn git(course: &Course, arguments: &[&str]) -> Option<String> {
    let mut git = Command::new("git");
    git.args(arguments).current_dir(course.root()).stdin(Stdio::null());
    let output = git.output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

fn read(file: &Path) -> Result<String, Failure> {
    fs::read_to_string(file).map_err(Failure::of_file(words::READ, file))
}
