//! A lesson's real programs: which there are, and how the command line reaches them.

use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::process::ExitCode;

use crate::words;

/// One program of a lesson, as its `main.rs` lists it.
#[derive(Clone, Copy)]
pub struct Program {
    /// The side of the conversation that it takes.
    pub role: Role,
    /// Its name, where a lesson has several of one role: `echo`.
    pub name: &'static str,
    /// What it does, in one line.
    pub about: &'static str,
    /// Run it: bind to this address, or connect to it.
    pub run: fn(SocketAddr) -> io::Result<()>,
}

/// The side of a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// It waits to be called.
    Serve,
    /// It calls.
    Client,
}

impl Role {
    /// The command that starts a program of this role.
    pub fn word(self) -> &'static str {
        match self {
            Role::Serve => "serve",
            Role::Client => "client",
        }
    }
}

/// Be the `main` of a lesson's programs: `ROLE NAME ADDRESS` runs one, `list` lists them.
///
/// `list` prints a line a program, tab-separated: role, name, what it does. Exit 1 when a program
/// fails, 2 when the words do not fit.
pub fn main(programs: &[Program]) -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["list"] => {
            for program in programs {
                println!("{}\t{}\t{}", program.role.word(), program.name, program.about);
            }
            ExitCode::SUCCESS
        }
        [role, name, address] => start(programs, role, name, address),
        _ => refuse(words::EXPECTED_A_PROGRAM),
    }
}

fn start(programs: &[Program], role: &str, name: &str, address: &str) -> ExitCode {
    let mut found = programs.iter().filter(|program| program.role.word() == role);
    let Some(program) = found.find(|program| program.name == name) else {
        return refuse(&words::no_such_program(role, name));
    };
    let Ok(address) = address.parse() else {
        return refuse(&words::not_an_address(address));
    };
    match (program.run)(address) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{}", told(program, address, &error));
            ExitCode::FAILURE
        }
    }
}

/// One line on why a program failed, and what to do about the two most common reasons.
fn told(program: &Program, address: SocketAddr, error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::AddrInUse => words::port_is_taken(address),
        ErrorKind::ConnectionRefused => words::nobody_listens(address),
        _ => words::failed(program.role.word(), program.name, address, error),
    }
}

fn refuse(why: &str) -> ExitCode {
    eprintln!("{why}");
    ExitCode::from(2)
}
