//! `cargo kata serve 3` and `cargo kata client 3`: the lesson's real programs, in two terminals.

use std::net::{SocketAddr, ToSocketAddrs};
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::time::Duration;

use netkata::Language;
use netkata::programs::Role;

use super::ProgramArguments;
use crate::control::Control;
use crate::course::{Course, Lesson};
use crate::failure::Failure;
use crate::grading::sandbox::group::{self, Lines};
use crate::interrupt;
use crate::pages::page::{self, BOLD, YELLOW};
use crate::pages::readme;
use crate::programs::{self, Profile};
use crate::words;

pub(super) fn run(
    course: &Course,
    lesson: &Lesson,
    role: Role,
    arguments: &ProgramArguments,
) -> Result<ExitCode, Failure> {
    if role == Role::Client && arguments.port == 0 {
        return Err(Failure::usage(words::PORT_0));
    }
    let address = address(&arguments.host, arguments.port)?;
    let answer = super::answer(arguments.answer.as_ref());
    interrupt::watch();
    let executable = programs::build(course, lesson, &answer, Profile::Dev, &[])?;
    let (name, about) = choose(lesson, &executable, role, arguments.program.as_deref())?;
    warn(role, address);
    // The page has it in the language of this process.
    let about = readme::about_program(&lesson.page(), role.word(), &name).unwrap_or(about);
    page::say(BOLD, &format!("{} {name}", role.word()), &about);
    let mut command = Command::new(executable);
    command.arg(role.word()).arg(name).arg(address.to_string()).arg(Language::current().code());
    become_program(command)
}

/// Warn if a program listens on this address, or connects to it, and other machines are involved.
pub(super) fn warn(role: Role, address: SocketAddr) {
    if !address.ip().is_loopback() {
        let what = match role {
            Role::Serve => words::everyone_can_connect(address),
            Role::Client => words::leaves_this_machine(address),
        };
        page::say(YELLOW, &words::WARNING, &what);
    }
}

/// The address of a host, which may be a name.
pub(super) fn address(host: &str, port: u16) -> Result<SocketAddr, Failure> {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let found = (host, port).to_socket_addrs();
    let found: Vec<SocketAddr> = found
        .map_err(|error| Failure::usage(words::failed_to_find_the_host(host, error)))?
        .collect();
    // `localhost` may resolve to an IPv6 address first, and the lessons' programs use IPv4.
    let preferred = found.iter().find(|address| address.is_ipv4()).or(found.first());
    preferred
        .copied()
        .ok_or_else(|| Failure::usage(words::failed_to_find_the_host(host, words::NO_ADDRESS)))
}

/// The program's name and what it does: the requested one, or the only one of its role.
fn choose(
    lesson: &Lesson,
    executable: &Path,
    role: Role,
    wanted: Option<&str>,
) -> Result<(String, String), Failure> {
    let lines = listed_by(executable)?;
    let mut programs: Vec<(String, String)> = lines
        .iter()
        .filter_map(|line| line.strip_prefix(role.word())?.strip_prefix('\t')?.split_once('\t'))
        .map(|(name, about)| (name.to_owned(), about.to_owned()))
        .collect();
    let chosen = match wanted {
        Some(wanted) => programs.iter().position(|(name, _)| name == wanted),
        None => (programs.len() == 1).then_some(0),
    };
    if let Some(chosen) = chosen {
        return Ok(programs.swap_remove(chosen));
    }
    let (number, role) = (lesson.number, role.word());
    let what = match wanted {
        _ if programs.is_empty() => words::no_program_of(number, role),
        Some(wanted) => words::no_program(number, role, wanted),
        None => words::several_programs(number, role),
    };
    let names = programs.into_iter().map(|(name, _)| name).collect();
    Err(Failure::unknown(what, wanted.unwrap_or_default(), names))
}

/// What the program prints when it is asked for its list.
fn listed_by(executable: &Path) -> Result<Vec<String>, Failure> {
    let mut command = Command::new(executable);
    command.arg("list").stdin(Stdio::null()).stdout(Stdio::piped());
    let failed = Failure::of_file(words::START, executable);
    let mut list = group::spawn(command).map_err(&failed)?;
    let mut lines = Lines::of(list.stdout().expect("stdout is piped"), |_| {});
    let ended = list.wait(&mut [&mut lines], &Control::default(), Duration::MAX);
    ended.map_err(failed)?.ok_or_else(Failure::interrupted)?;
    Ok(lines.lines)
}

/// Replace this process by the program, which then has Ctrl-C, standard input and the exit code to itself.
#[cfg(unix)]
fn become_program(mut command: Command) -> Result<ExitCode, Failure> {
    let error = std::os::unix::process::CommandExt::exec(&mut command);
    Err(Failure::of_file(words::START, Path::new(command.get_program()))(error))
}

/// Run the program to its end; Ctrl-C reaches it through the console that both share.
#[cfg(not(unix))]
fn become_program(mut command: Command) -> Result<ExitCode, Failure> {
    let program = Path::new(command.get_program()).to_owned();
    let status = command.status().map_err(Failure::of_file(words::START, &program))?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
