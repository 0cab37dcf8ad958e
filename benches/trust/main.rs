//! How far the grading can be trusted: `just soak 200`, `just mutants 3`, `just blind FOLDER`, `just trust`.
//!
//! docs/TRUST.md explains what is measured. The result of each command is saved below `target/trust`, for
//! the table that `just trust` prints and writes to docs/TRUST.md.

mod blind;
mod figures;
mod load;
mod mutants;
mod network;
mod soak;
mod trust;

use std::path::Path;
use std::process::ExitCode;

use netkata_runner::course::{Course, Lesson};
use netkata_runner::failure::Failure;

fn main() -> ExitCode {
    // Cargo adds `--bench`.
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    match run(&words) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(failure) => {
            eprintln!("error: {}", failure.message);
            ExitCode::from(2)
        }
    }
}

/// Whether every result was good.
fn run(words: &[String]) -> Result<bool, Failure> {
    let course = Course::find(Path::new(env!("CARGO_MANIFEST_DIR")))?;
    match words {
        [command, rounds, named @ ..] if command == "soak" => {
            soak::run(&course, number(rounds)?, &lessons(&course, named)?)
        }
        [command, named @ ..] if command == "mutants" => {
            mutants::run(&course, &lessons(&course, named)?)
        }
        [command, folder] if command == "blind" => blind::run(&course, Path::new(folder), false),
        [command, folder, keep] if command == "blind" && keep == "--keep" => {
            blind::run(&course, Path::new(folder), true)
        }
        [command] if command == "trust" => trust::run(&course),
        _ => Err(Failure::usage(
            "expected `soak ROUNDS [LESSON…]`, `mutants [LESSON…]`, `blind FOLDER [--keep]` or `trust`",
        )),
    }
}

fn number(word: &str) -> Result<usize, Failure> {
    word.parse().map_err(|_| Failure::usage(format!("expected a number of rounds, not `{word}`")))
}

/// The lessons with these names; all lessons if there are none.
fn lessons<'a>(course: &'a Course, named: &[String]) -> Result<Vec<&'a Lesson>, Failure> {
    if named.is_empty() {
        return Ok(course.lessons().iter().collect());
    }
    named.iter().map(|name| course.lesson(name)).collect()
}
