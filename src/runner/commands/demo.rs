//! `cargo kata demo sticky` and the others: play a demonstration, or draw it.

use std::fs;
use std::io::{self, ErrorKind, IsTerminal};
use std::path::Path;
use std::process::ExitCode;
use std::thread;

use netkata_demos::{
    Demonstration, Lines, Live, Replay, Screen, hmac, io_models, lifecycle, polling, sticky,
    threads,
};

use super::{Demo, DemoArguments};
use crate::failure::Failure;
use crate::pages::page;
use crate::{programs, words};

/// The act in the picture: two messages in one read.
const PICTURE: usize = 1;

pub(super) fn run(demo: &Demo) -> Result<ExitCode, Failure> {
    match demo {
        Demo::Sticky { svg: Some(file), .. } => draw(file)?,
        Demo::Sticky { show, .. } => play(&sticky::DEMONSTRATION, show)?,
        Demo::Polling(show) => play(&polling::DEMONSTRATION, show)?,
        Demo::Threads(show) => play(&threads::DEMONSTRATION, show)?,
        Demo::Hmac(show) => play(&hmac::DEMONSTRATION, show)?,
        Demo::Lifecycle(show) => play(&lifecycle::DEMONSTRATION, show)?,
        Demo::IoModels(show) => {
            play(io_models::demonstration(programs::of_io_models(&super::course()?)?), show)?
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn play(demonstration: &Demonstration, show: &DemoArguments) -> Result<(), Failure> {
    let played = match show {
        DemoArguments { html: Some(file), .. } => return write_page(demonstration, file),
        DemoArguments { serve: true, .. } => return serve(demonstration),
        DemoArguments { json: true, .. } => demonstration.run(&mut Lines::new(&mut io::stdout())),
        _ => on_terminal(demonstration, show),
    };
    match played {
        // The reader of the output has closed the pipe.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        played => played.map_err(failed),
    }
}

fn on_terminal(demonstration: &Demonstration, show: &DemoArguments) -> io::Result<()> {
    let (mut out, mut input) = (anstream::stdout().lock(), io::stdin().lock());
    let mut screen = Screen::new(&mut out, page::terminal_width(), show.plain);
    if steps(show) {
        screen = screen.stepped_by(&mut input);
    }
    demonstration.run(&mut screen)
}

fn write_page(demonstration: &Demonstration, file: &Path) -> Result<(), Failure> {
    let mut replay = Replay::default();
    demonstration.run(&mut replay).map_err(failed)?;
    fs::write(file, replay.page()).map_err(Failure::of_file(words::WRITE, file))
}

/// Show it live, and the last view until Ctrl-C ends this process.
fn serve(demonstration: &Demonstration) -> Result<(), Failure> {
    let mut live = Live::open().map_err(failed)?;
    page::print(&format!("{}\n", words::open_the_page(live.url())))?;
    demonstration.run(&mut live).map_err(failed)?;
    live.end();
    loop {
        thread::park();
    }
}

fn failed(error: io::Error) -> Failure {
    Failure::new(words::the_demonstration_failed(error))
}

/// Whether to wait for Enter between the acts: if it is not said, where a user reads and can press it.
fn steps(show: &DemoArguments) -> bool {
    let at_a_terminal = || io::stdin().is_terminal() && io::stdout().is_terminal();
    show.step || !(show.no_step || show.plain) && at_a_terminal()
}

fn draw(file: &Path) -> Result<(), Failure> {
    let picture = netkata_demos::picture(&sticky::DEMONSTRATION, PICTURE).map_err(failed)?;
    fs::write(file, picture).map_err(Failure::of_file(words::WRITE, file))
}
