//! How a program under test is started, or where it runs already.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, UdpSocket};
use std::path::Path;
use std::process::{Child, Command};

use crate::suite::Transport;
use crate::words;

/// A program under test: how to start it, and whether once for all checks.
#[derive(Clone, Debug)]
pub struct Launch {
    /// What is started, or connected to.
    pub target: Target,
    /// Whether one start serves all checks: what runs already always does.
    pub keep: bool,
    /// Starts the process: plainly, or inside a sandbox.
    pub start: Start,
}

/// Starts a command, which may write to this folder.
pub type Start = fn(&mut Command, &Path) -> io::Result<Child>;

/// The command that starts a program, or the address of a server that runs.
#[derive(Clone, Debug)]
pub enum Target {
    /// The program and its arguments, in which `{port}`, `{host}` and `{dir}` are replaced.
    Command(Vec<String>),
    /// A server that somebody else has started.
    Address(SocketAddr),
}

impl Launch {
    /// Read a command line as a shell does, without its variables, pipes and wildcards. The error is a sentence.
    pub fn command(line: &str, keep: bool) -> Result<Launch, String> {
        match shlex::split(line) {
            Some(words) if !words.is_empty() => {
                Ok(Launch { target: Target::Command(words), keep, start: plainly })
            }
            Some(_) => Err(words::NO_COMMAND.to_owned()),
            None => Err(words::quote_without_end(line)),
        }
    }

    /// Connect to a server that runs at this address.
    pub fn running(address: SocketAddr) -> Launch {
        Launch { target: Target::Address(address), keep: true, start: plainly }
    }

    /// Start this command for each check.
    pub fn plain(words: Vec<String>) -> Launch {
        Launch::by(plainly, words)
    }

    /// Start this command for each check, by `start`.
    pub fn by(start: Start, words: Vec<String>) -> Launch {
        Launch { target: Target::Command(words), keep: false, start }
    }

    /// Whether the command says where the program keeps its files: `{dir}`.
    pub fn has_folder(&self) -> bool {
        matches!(&self.target, Target::Command(words) if words.iter().any(|it| it.contains("{dir}")))
    }

    /// Whether the command says which port the program uses: `{port}`.
    pub fn has_port(&self) -> bool {
        matches!(&self.target, Target::Command(words) if words.iter().any(|it| it.contains("{port}")))
    }
}

fn plainly(command: &mut Command, _folder: &Path) -> io::Result<Child> {
    command.spawn()
}

/// The command with its placeholders replaced.
pub(crate) fn filled(words: &[String], port: u16, folder: &Path) -> Vec<String> {
    let (port, folder) = (port.to_string(), folder.display().to_string());
    let fill = |word: &String| {
        let word = word.replace("{port}", &port).replace("{dir}", &folder);
        word.replace("{host}", &Ipv4Addr::LOCALHOST.to_string())
    };
    words.iter().map(fill).collect()
}

/// A port of the kernel's choice. Nothing was ever connected to it, so no TIME-WAIT is left of it.
pub(crate) fn free_port(transport: Transport) -> io::Result<u16> {
    let any = (Ipv4Addr::LOCALHOST, 0);
    Ok(match transport {
        Transport::Tcp => TcpListener::bind(any)?.local_addr()?.port(),
        Transport::Udp => UdpSocket::bind(any)?.local_addr()?.port(),
    })
}
