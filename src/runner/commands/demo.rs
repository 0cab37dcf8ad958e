//! `cargo kata demo sticky` and the others: play a demonstration, or draw it.

use std::fs;
use std::io::{self, BufRead, ErrorKind, IsTerminal, Write};
use std::path::Path;
use std::process::ExitCode;

use netkata_demos::{Options, hmac, io_models, lifecycle, polling, sticky, threads};

use super::{Demo, DemoArguments};
use crate::failure::Failure;
use crate::pages::page::{self, WIDTH};
use crate::{programs, words};

/// The acts in the picture: two messages in one read, and the header that separates them.
const PICTURE: [usize; 2] = [1, 6];

/// Plays a demonstration with options and a width, from an input for Enter, to an output.
type Play = fn(Options, usize, &mut dyn BufRead, &mut dyn Write) -> io::Result<()>;

pub(super) fn run(demo: &Demo) -> Result<ExitCode, Failure> {
    match demo {
        Demo::Sticky { svg: Some(file), .. } => draw(file)?,
        Demo::Sticky { show, .. } => play(sticky::run, show)?,
        Demo::Polling(show) => play(polling::run, show)?,
        Demo::Threads(show) => play(threads::run, show)?,
        Demo::Hmac(show) => play(hmac::run, show)?,
        Demo::Lifecycle(show) => play(lifecycle::run, show)?,
        Demo::IoModels(show) => play(io_models, show)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn io_models(
    options: Options,
    width: usize,
    input: &mut dyn BufRead,
    out: &mut dyn Write,
) -> io::Result<()> {
    io_models::run(programs::of_io_models, options, width, input, out)
}

fn play(demonstration: Play, show: &DemoArguments) -> Result<(), Failure> {
    let options = Options { step: steps(show), plain: show.plain };
    let width = page::terminal_width();
    let mut out = anstream::stdout().lock();
    match demonstration(options, width, &mut io::stdin().lock(), &mut out) {
        // The reader of the output has closed the pipe.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        Err(error) => Err(Failure::new(words::the_demonstration_failed(error))),
        Ok(()) => Ok(()),
    }
}

/// Whether to wait for Enter between the acts: if it is not said, where a user reads and can press it.
fn steps(show: &DemoArguments) -> bool {
    let at_a_terminal = || io::stdin().is_terminal() && io::stdout().is_terminal();
    show.step || !(show.no_step || show.plain) && at_a_terminal()
}

fn draw(file: &Path) -> Result<(), Failure> {
    let picture = sticky::svg(&PICTURE, WIDTH)
        .map_err(|error| Failure::new(words::the_demonstration_failed(error)))?;
    fs::write(file, picture).map_err(Failure::of_file(words::WRITE, file))
}
