//! `cargo kata class`: grade a whole class. The program for it is built only when it is needed, because it
//! brings archives, XML and HTML, for which no student should wait.

use std::ffi::OsString;
use std::process::{Command, ExitCode};

use crate::failure::Failure;
use crate::start;
use crate::words;

pub(super) fn run(given: &[OsString]) -> Result<ExitCode, Failure> {
    let mut cargo = Command::new("cargo");
    cargo.args(["run", "--quiet", "--package", "netkata-class", "--"]).args(given);
    start::become_it(cargo)
        .map_err(|error| Failure::of_machine(words::failed_to_start_cargo(error)))
}
