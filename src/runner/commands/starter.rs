//! `cargo kata starter DIR`: write the course for students, without what gives an answer away.
//!
//! Only what is named here is written, so a new file of the course is not in it by accident. Then what led to the
//! missing files goes, too: targets in the manifests, links on the pages, recipes, and what the README marks.
//!
//! ```text
//! <!-- whole course -->       in a page: the lines between the two are not for students
//! <!-- /whole course -->
//! ```

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use toml_edit::{DocumentMut, Item, value};

use crate::course::{Course, Lesson, STARTER};
use crate::failure::Failure;
use crate::grading::package;
use crate::pages::page::Page;
use crate::words;

/// What is not a lesson's and not source code.
const PARTS: [&str; 10] = [
    ".cargo/config.toml",
    ".gitignore",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.md",
    "docs/demo.svg",
    "justfile",
    "rustfmt.toml",
];

/// The files of each lesson; below `given/`, `starters/` and `zh/` it may have others.
const PARTS_OF_A_LESSON: [&str; 10] = [
    "Cargo.toml",
    "README.md",
    "causes.rs",
    "exercise.rs",
    "forge.rs",
    "harness.rs",
    "hints.md",
    "main.rs",
    "naive.rs",
    "words.rs",
];

/// The recipes that need the whole course, by a part of their text.
const RECIPES_OF_AUTHORS: [&str; 3] =
    ["[group('maintain')]", r"--package netkata-book", r"{{ kata }} starter"];

/// Write the course to `folder`, with the solutions of the lessons in `solved`: `0-3,5`.
pub(super) fn run(
    course: &Course,
    folder: &Path,
    solved: Option<&str>,
) -> Result<ExitCode, Failure> {
    course.must_be_whole(r"starter")?;
    let solved = solved.map_or(Ok(Vec::new()), |text| course.lessons_in(text))?;
    refuse_to_mix(folder)?;
    let root = course.root();
    let files = files_below(root, Path::new(""))?;
    let files: Vec<&PathBuf> = files.iter().filter(|it| is_given(course, &solved, it)).collect();
    for file in &files {
        let is_exercise = file.ends_with("exercise.rs");
        let source = if is_exercise { file.with_file_name("naive.rs") } else { file.to_path_buf() };
        let bytes = fs::read(root.join(&source)).map_err(Failure::of_file(words::READ, &source))?;
        write(&folder.join(file), &bytes)?;
    }
    // All files are there now, so what is missing is missing for good.
    for file in &files {
        adapt(&folder.join(file))?;
    }
    declare(&folder.join("Cargo.toml"))?;
    let mut page = Page::new();
    page.line(words::starter_is_in(folder.display()));
    let numbers: Vec<String> = solved.iter().map(|lesson| lesson.number.to_string()).collect();
    page.line(match numbers.as_slice() {
        [] => words::STARTER_HAS_NO_SOLUTION.to_owned(),
        _ => words::starter_has_solutions(numbers.join(", ")),
    });
    page.line(words::INIT_A_REPOSITORY);
    page.print()?;
    Ok(ExitCode::SUCCESS)
}

/// Fail unless the folder is new or empty.
fn refuse_to_mix(folder: &Path) -> Result<(), Failure> {
    match fs::read_dir(folder).map(|mut entries| entries.next().is_none()) {
        Ok(true) => Ok(()),
        Ok(false) => Err(Failure::usage(words::folder_is_not_empty(folder.display()))),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) if error.kind() == ErrorKind::NotADirectory => {
            Err(Failure::usage(words::is_not_a_folder(folder.display())))
        }
        Err(error) => Err(Failure::of_file(words::READ, folder)(error)),
    }
}

/// Every file below a folder of the course, by its path from the root; what cargo builds and git keeps is not part of
/// the course.
fn files_below(root: &Path, folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let failed = Failure::of_file(words::READ, folder);
    let mut files = Vec::new();
    for entry in fs::read_dir(root.join(folder)).map_err(&failed)? {
        let entry = entry.map_err(&failed)?;
        let path = folder.join(entry.file_name());
        let kind = entry.file_type().map_err(&failed)?;
        if kind.is_file() {
            files.push(path);
        } else if kind.is_dir() && path != Path::new("target") && path != Path::new(".git") {
            files.extend(files_below(root, &path)?);
        }
    }
    Ok(files)
}

/// Whether a file of the course, by its path from the root, is for students.
pub fn is_for_students(course: &Course, file: &Path) -> bool {
    is_given(course, &[], file)
}

/// Whether a file is for students, who get the solutions of `solved`.
fn is_given(course: &Course, solved: &[&Lesson], file: &Path) -> bool {
    let parts: Option<Vec<&str>> = file.iter().map(|part| part.to_str()).collect();
    let is_solved = |folder: &str| solved.iter().any(|lesson| lesson.folder == folder);
    match parts.as_deref() {
        Some(["src", ..] | ["tests", "programs", _]) => true,
        Some(["lessons", _, "given" | "starters" | "zh", ..]) => true,
        Some(["tests", file]) => {
            course.lessons().iter().any(|lesson| lesson.test_file(course).ends_with(file))
        }
        Some(["lessons", folder, "solution.rs"] | ["lessons", folder, "right", _]) => {
            is_solved(folder)
        }
        Some(["lessons", _, file]) => PARTS_OF_A_LESSON.contains(file),
        _ => PARTS.iter().any(|part| file == Path::new(part)),
    }
}

/// Remove from a file what leads to files that are not for students.
fn adapt(file: &Path) -> Result<(), Failure> {
    let folder = file.parent().expect("it is in a folder");
    let is_there = |path: &str| folder.join(path).exists();
    let read = || fs::read_to_string(file).map_err(Failure::of_file(words::READ, file));
    let adapted = match file.file_name().and_then(|name| name.to_str()) {
        Some("Cargo.toml") => without_lost_targets(package::read_manifest(file)?, is_there),
        Some("README.md" | "hints.md") => without_lost_links(&without_marked(&read()?), is_there),
        Some("justfile") => without_recipes_of_authors(&read()?),
        _ => return Ok(()),
    };
    write(file, adapted.as_bytes())
}

/// A manifest without the targets whose files are not there.
fn without_lost_targets(mut manifest: DocumentMut, is_there: impl Fn(&str) -> bool) -> String {
    for kind in ["test", "bench", "example"] {
        let targets = manifest.get_mut(kind).and_then(Item::as_array_of_tables_mut);
        let Some(targets) = targets else { continue };
        targets.retain(|target| target.get("path").and_then(Item::as_str).is_none_or(&is_there));
    }
    manifest.to_string()
}

/// Say in the manifest of the workspace that this course is for students.
fn declare(file: &Path) -> Result<(), Failure> {
    let mut manifest = package::read_manifest(file)?;
    *STARTER.iter().fold(manifest.as_item_mut(), |item, name| &mut item[name]) = value(true);
    write(file, manifest.to_string().as_bytes())
}

const MARK: &str = "<!-- whole course -->\n";
const END_OF_MARK: &str = "<!-- /whole course -->\n";

/// A page without what it marks as not for students.
fn without_marked(text: &str) -> String {
    let mut pieces = text.split(MARK);
    let first = pieces.next().unwrap_or_default();
    let rest = pieces.map(|piece| piece.split_once(END_OF_MARK).map_or("", |(_, after)| after));
    std::iter::once(first).chain(rest).collect()
}

/// A page whose links to files that are not there are only their text.
fn without_lost_links(page: &str, is_there: impl Fn(&str) -> bool) -> String {
    let mut kept = String::new();
    let mut left = page;
    while let Some((before, after)) = left.split_once("](") {
        let (Some(begins), Some((target, rest))) = (before.rfind('['), after.split_once(')'))
        else {
            kept.push_str(before);
            kept.push_str("](");
            left = after;
            continue;
        };
        let file = target.split('#').next().unwrap_or_default();
        if file.is_empty() || file.contains("://") || is_there(file) {
            kept.push_str(&format!("{before}]({target})"));
        } else {
            kept.push_str(&before[..begins]);
            kept.push_str(&before[begins + 1..]);
        }
        left = rest;
    }
    kept + left
}

/// A justfile with the recipes that work for students. An empty line ends a recipe.
fn without_recipes_of_authors(justfile: &str) -> String {
    let is_of_authors = |recipe: &&str| RECIPES_OF_AUTHORS.iter().any(|part| recipe.contains(part));
    let kept: Vec<&str> =
        justfile.trim_end().split("\n\n").filter(|recipe| !is_of_authors(recipe)).collect();
    format!("{}\n", kept.join("\n\n"))
}

fn write(file: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let folder = file.parent().expect("it is in a folder");
    fs::create_dir_all(folder).map_err(Failure::of_file(words::CREATE, folder))?;
    fs::write(file, bytes).map_err(Failure::of_file(words::WRITE, file))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_to_a_lost_file_becomes_its_text() {
        let page = "See [`a.rs`](a.rs), [b](b.rs#top), [c](https://c.org/) and a[0](1).\n";
        let kept = without_lost_links(page, |file| file == "b.rs");
        assert_eq!(kept, "See `a.rs`, [b](b.rs#top), [c](https://c.org/) and a0.\n");
    }

    #[test]
    fn marked_lines_are_left_out() {
        let page = format!("a\n{MARK}b\n{END_OF_MARK}c\n{MARK}d\n");
        assert_eq!(without_marked(&page), "a\nc\n");
    }
}
