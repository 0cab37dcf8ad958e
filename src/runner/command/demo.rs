//! `cargo kata demo sticky`: play a demonstration, or draw it.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::Path;
use std::process::ExitCode;

use super::Demo;
use crate::runner::demo::sticky::{self, Options};
use crate::runner::failure::Failure;
use crate::runner::page::{self, WIDTH};

/// What the picture shows: two messages in one read, and the header that keeps them apart.
const PICTURE: [usize; 2] = [1, 6];

pub(super) fn run(demo: &Demo) -> Result<ExitCode, Failure> {
    let Demo::Sticky { step, plain, svg } = demo;
    match svg {
        Some(file) => draw(file)?,
        None => play(Options { step: *step, plain: *plain })?,
    }
    Ok(ExitCode::SUCCESS)
}

fn play(options: Options) -> Result<(), Failure> {
    let width = page::terminal_width();
    let mut out = anstream::stdout().lock();
    match sticky::run(options, width, &mut io::stdin().lock(), &mut out) {
        // Whoever was reading has seen enough.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        Err(error) => Err(Failure::new(format!("the demonstration failed: {error}"))),
        Ok(()) => Ok(()),
    }
}

fn draw(file: &Path) -> Result<(), Failure> {
    let picture = sticky::svg(&PICTURE, WIDTH)
        .map_err(|error| Failure::new(format!("the demonstration failed: {error}")))?;
    fs::write(file, picture).map_err(Failure::of_file("write", file))
}
