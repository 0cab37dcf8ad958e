//! Builds a lesson's real programs.

use std::path::PathBuf;

use super::answer::Answer;
use super::asker::Asker;
pub use super::build::Profile;
use super::build::{self, Request};
use super::course::{Course, Lesson};
use super::failure::Failure;
use super::package::{self, Package, Workspace};
use super::page;
use super::words;

/// Build the lesson's programs with this answer as their library, and with these features of the lesson.
pub fn build(
    course: &Course,
    lesson: &Lesson,
    answer: &Answer,
    profile: Profile,
    features: &[&'static str],
) -> Result<PathBuf, Failure> {
    let file = answer.program(course, lesson)?;
    if !lesson.file("main.rs").is_file() {
        return Err(Failure::usage(words::no_programs(lesson.number)));
    }
    let (workspace, package, target) = match answer {
        Answer::Exercise => {
            (Workspace::of_exercises(course), lesson.topic.clone(), lesson.programs_target())
        }
        _ => {
            let package = Package::of(lesson, &file);
            let workspace = package::write_workspace(course, std::slice::from_ref(&package))?;
            (workspace, package.name.clone(), package.programs_target())
        }
    };
    let request = Request {
        workspace: &workspace,
        packages: vec![package.clone()],
        kind: "--example",
        targets: vec![target],
        profile,
        features: features.to_vec(),
    };
    let built =
        build::build(course, &request, &Asker::default())?.remove(&package).unwrap_or_default();
    built.executable.ok_or_else(|| {
        let message = built.errors.replace(&format!("{}/", course.root().display()), "");
        page::aside(&message);
        Failure::new(words::program_does_not_compile(course.shown(&file)))
    })
}
