//! `cargo kata …`: the course's commands.

use std::process::ExitCode;

fn main() -> ExitCode {
    netkata_runner::main()
}
