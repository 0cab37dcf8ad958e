//! The options that name a program outside the course: one in any language, graded on the wire.

use std::path::PathBuf;

use netkata_programs::{Launch, Role};

use super::{ProgramOptions, Side, relay};
use crate::failure::Failure;
use crate::grading::program::Program;
use crate::words;

/// The program that the options name; `None` if they name none.
pub(super) fn program(options: &ProgramOptions) -> Result<Option<Program>, Failure> {
    let role = match options.role {
        Side::Server => Role::Server,
        Side::Client => Role::Client,
    };
    let launch = match (&options.program, &options.connect) {
        (Some(command), _) => Launch::command(command, options.keep).map_err(Failure::usage)?,
        (None, Some(_)) if role == Role::Client => {
            return Err(Failure::usage(words::CLIENTS_ARE_STARTED));
        }
        (None, Some(text)) => Launch::running(relay::address(text)?),
        (None, None) if role == Role::Client || options.wire.is_some() => {
            return Err(Failure::usage(words::NAME_A_PROGRAM));
        }
        (None, None) => return Ok(None),
    };
    Ok(Some(Program { launch, role, wire: options.wire.clone(), check: None }))
}

/// The files that make the program: those of the option, or else those that its command names.
pub(super) fn files(program: &Program, named: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let files = if named.is_empty() { program.files() } else { named.to_vec() };
    if files.is_empty() {
        return Err(Failure::usage(words::NAME_THE_FILES));
    }
    for file in &files {
        std::fs::metadata(file).map_err(Failure::of_file(words::READ, file))?;
    }
    files
        .iter()
        .map(|file| std::path::absolute(file).map_err(Failure::of_file(words::FIND, file)))
        .collect()
}
