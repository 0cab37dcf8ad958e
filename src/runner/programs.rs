//! Builds a lesson's real programs.

use std::path::PathBuf;

use netkata_demos::io_models;

use crate::answer::Answer;
use crate::control::Control;
use crate::course::{Course, Lesson};
use crate::failure::Failure;
use crate::files;
pub use crate::grading::build::Profile;
use crate::grading::build::{self, Request};
use crate::grading::package::{self, Package};
use crate::grading::unfit;
use crate::pages::page;
use crate::words;

/// Build the lesson's programs with this answer as their library and these features of the lesson.
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
    let content = files::read(&file).map_err(Failure::of_file(words::READ, &file))?;
    if let Some(why) = unfit::unreadable(&content, course, lesson, answer, &file) {
        return Err(Failure::new(why));
    }
    let package = Package::of(lesson, &file);
    let control = Control::default();
    let workspace = package::write_workspace(course, std::slice::from_ref(&package), &control)?;
    let request = Request {
        workspace: &workspace,
        packages: vec![package.name.clone()],
        kind: "--example",
        targets: vec![package.programs_target()],
        profile,
        features: features.to_vec(),
        calls: None,
    };
    let mut output = build::build(course, &request, &control)?;
    let built = output.built.remove(&package.name).unwrap_or_default();
    built.executable.ok_or_else(|| {
        let message = built.errors.replace(&format!("{}/", course.root().display()), "");
        page::aside(&message);
        Failure::new(words::program_does_not_compile(course.shown(&file)))
    })
}

/// Build the program that `demo io-models` measures.
pub fn of_io_models(course: &Course) -> Result<PathBuf, Failure> {
    let control = Control::default();
    let workspace = package::course_workspace(course, &control)?;
    let request = Request {
        workspace: &workspace,
        packages: vec![io_models::PACKAGE.to_owned()],
        kind: "--bin",
        targets: vec![io_models::PROGRAM.to_owned()],
        profile: Profile::Dev,
        features: io_models::FEATURES.to_vec(),
        calls: None,
    };
    let mut output = build::build(course, &request, &control)?;
    let built = output.built.remove(io_models::PACKAGE).unwrap_or_default();
    built.executable.ok_or_else(|| Failure::of_machine(words::cargo_failed(built.errors)))
}
