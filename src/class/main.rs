//! `kata class`: grades what a whole class hands in.

use std::process::ExitCode;

fn main() -> ExitCode {
    netkata_class::command::main()
}
