//! The real programs of a lesson: their list, and the command line that runs them.

use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::process::ExitCode;

use crate::language::Language;
use crate::linux::sockets;
use crate::words;

/// One program of a lesson, as its `main.rs` lists it.
#[derive(Clone, Copy)]
pub struct Program {
    /// Its side of the connection.
    pub role: Role,
    /// Its name, for lessons with several programs of one role: `echo`.
    pub name: &'static str,
    /// What it does, in one line; a server's line says whether it answers: `prints each message, answers nothing`.
    pub about: &'static str,
    /// Run it: bind to this address, or connect to it.
    pub run: fn(SocketAddr) -> io::Result<()>,
}

/// The side of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// It accepts connections.
    Serve,
    /// It connects.
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

/// Be the `main` of a lesson's programs: `ROLE NAME ADDRESS` runs a program, `list` lists all. The code of a language
/// may follow the address.
///
/// `list` prints one line per program, separated by tabs: role, name, what it does. The exit code is 1 if a
/// program fails, and 2 if the arguments are wrong.
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
        [role, name, address, code @ ..] if code.len() <= 1 => {
            code.iter().filter_map(|code| Language::of_code(code)).for_each(Language::choose);
            start(programs, role, name, address)
        }
        _ => refuse(&words::EXPECTED_A_PROGRAM),
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
            complain(&failure(program, address, &error));
            ExitCode::FAILURE
        }
    }
}

/// Describe in one line why a program failed, and how to fix the most common causes.
fn failure(program: &Program, address: SocketAddr, error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::AddrInUse => port_is_in_use(address),
        ErrorKind::ConnectionRefused => words::nobody_listens(address),
        _ => words::failed(program.role.word(), program.name, address, error),
    }
}

/// Say why the port of this address cannot be used: a program has it, or the kernel keeps it (TIME-WAIT).
pub fn port_is_in_use(address: SocketAddr) -> String {
    match sockets::time_wait_of(address.port()) {
        Some(left) => words::port_is_in_time_wait(address, left.as_secs() + 1),
        None => words::port_is_taken(address),
    }
}

fn refuse(why: &str) -> ExitCode {
    complain(why);
    ExitCode::from(2)
}

/// Print an error as the commands do.
fn complain(why: &str) {
    eprintln!("{}: {why}", words::ERROR);
}
