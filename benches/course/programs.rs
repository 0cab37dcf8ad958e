//! Measure how soon a program in another language is graded: `just bench programs`.
//!
//! First the right server of lesson 3, with what as many starts, one after the other, take: the rest is the course's. Then 30
//! programs for lessons 3, 4 and 6, as a class hands them in. Nothing is asserted: you judge the figures.

#[path = "../median.rs"]
mod median;

use std::fs;
use std::io;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use median::median;
use netkata_programs::catalogue::{Claim, Example, python};
use netkata_programs::{Program, Role, Suite, Transport};
use netkata_runner::course::{Course, Lesson};

const ROUNDS: usize = 9;
const STUDENTS: usize = 30;
const LESSONS: [u32; 3] = [3, 4, 6];
/// The most seconds until a verdict, how many of them may be the course's, and those of the class.
const VERDICT: f64 = 2.0;
const OURS: f64 = 0.3;
const CLASS: f64 = 90.0;

fn main() -> io::Result<()> {
    let course = Course::find(Path::new(env!("CARGO_MANIFEST_DIR"))).expect("the course");
    let build = ["build", "--quiet", "--package", "netkata-runner", "--package", "netkata-class"];
    succeeds(Command::new("cargo").args(build).current_dir(course.root()))?;
    verdict(&course)?;
    class(&course)
}

/// The verdict on a server, and how much of it is not the server's own start.
fn verdict(course: &Course) -> io::Result<()> {
    let lesson = course.lesson("3").expect("lesson 3");
    let (example, suite) = servers(lesson).into_iter().next().expect("a right server");
    let command = format!("{} {} {{port}}", python().display(), example.file.display());
    let (mut verdicts, mut starts) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let began = Instant::now();
        succeeds(
            Command::new(course.root().join("target/debug/kata"))
                .args(["lesson", "3", "--program", &command])
                .stdout(std::process::Stdio::null())
                .current_dir(course.root()),
        )?;
        verdicts.push(began.elapsed().as_secs_f64());
        let began = Instant::now();
        for _ in suite.checks {
            let started = Program::server(&example.launch(suite), Transport::Tcp);
            started.map_err(|error| io::Error::other(error.why))?;
        }
        starts.push(began.elapsed().as_secs_f64());
    }
    let verdict = median(verdicts.iter().copied());
    let ours = median(verdicts.iter().zip(&starts).map(|(verdict, start)| verdict - start));
    println!("{} checks of {}, each with a start of its own", suite.checks.len(), example.name);
    print("verdict", verdict, VERDICT);
    print("of it not the starts", ours, OURS);
    Ok(())
}

/// A class that hands in programs for three lessons: right ones, mistakes, and the notes' own.
fn class(course: &Course) -> io::Result<()> {
    let folder = tempfile::tempdir()?;
    let handed_in = folder.path().join("handed in");
    for number in LESSONS {
        let lesson = course.lesson(&number.to_string()).expect("a lesson");
        let programs = servers(lesson);
        for (student, (example, _)) in (0..STUDENTS).zip(programs.iter().cycle()) {
            let own = handed_in.join(format!("s{student:02}"));
            fs::create_dir_all(&own)?;
            let text = fs::read_to_string(&example.file)?;
            // All different, so that each is graded.
            fs::write(own.join(format!("lesson{number}.py")), format!("{text}# {student}\n"))?;
        }
    }
    let began = Instant::now();
    succeeds(
        Command::new(course.root().join("target/debug/kata"))
            .args(["class", "--lessons", "3,4,6", "--formats", "csv", "--out"])
            .args([folder.path().join("out"), handed_in])
            .current_dir(course.root()),
    )?;
    println!("{STUDENTS} programs for each of lessons 3, 4 and 6, by kata class");
    print("all verdicts", began.elapsed().as_secs_f64(), CLASS);
    Ok(())
}

/// The programs of a lesson's first suite; the right ones first.
fn servers(lesson: &Lesson) -> Vec<(Example, &'static Suite)> {
    let first = &Suite::of_lesson(&lesson.folder)[0];
    assert_eq!(first.role, Role::Server);
    let is_of = |it: &Example| match &it.claim {
        Some(Claim::Right(suite) | Claim::Notes(suite) | Claim::Caught { suite, .. }) => {
            std::ptr::eq(*suite, first)
        }
        None => false,
    };
    let mut examples = Example::of_lesson(&lesson.directory);
    examples.retain(is_of);
    examples.sort_by_key(|it| !matches!(it.claim, Some(Claim::Right(_))));
    examples.into_iter().map(|example| (example, first)).collect()
}

fn print(what: &str, seconds: f64, aim: f64) {
    let word = if seconds <= aim { "reached" } else { "missed" };
    println!("  {what:24} {seconds:6.2} s   (aim {aim} s: {word})");
}

fn succeeds(command: &mut Command) -> io::Result<()> {
    let status = command.status()?;
    if status.success() { Ok(()) } else { Err(io::Error::other(format!("{command:?}: {status}"))) }
}
