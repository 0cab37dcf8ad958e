//! `kata-book`: makes the book, and handouts of lessons.

use std::process::ExitCode;

fn main() -> ExitCode {
    netkata_book::command::main()
}
