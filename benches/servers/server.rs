//! The four servers, each in its own process, so that its processor time can be measured separately.
//!
//! ```text
//! the server's process prints:  its port, at once
//!                               its processor time in nanoseconds, for each line that it reads
//! ```
//!
//! The process exits when its standard input ends.

use std::io::{self, BufRead, BufReader, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::thread;
use std::time::Duration;

use cpu_time::ProcessTime;

use crate::drive::{Cores, Driven, bare};

#[path = "../../lessons/04_nonblocking_polling/solution.rs"]
#[expect(dead_code, reason = "the benchmark only serves")]
mod polling;
#[path = "../../lessons/05_socketserver/solution.rs"]
#[expect(dead_code, reason = "the benchmark brings its own handler and never shuts down")]
mod threading;

use polling::PollingServer;
use threading::{Handler, ThreadingTcpServer};

const ANY_PORT: (Ipv4Addr, u16) = (Ipv4Addr::LOCALHOST, 0);

/// The kind of server.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    Polling,
    Threading,
    CPython,
    Bare,
}

impl Kind {
    pub fn name(self) -> &'static str {
        match self {
            Kind::Polling => "polling",
            Kind::Threading => "threading",
            Kind::CPython => "CPython",
            Kind::Bare => "bare loop",
        }
    }

    pub fn named(name: &str) -> io::Result<Self> {
        let kinds = [Kind::Polling, Kind::Threading, Kind::Bare];
        let found = kinds.into_iter().find(|kind| kind.name() == name);
        found.ok_or_else(|| io::Error::other(format!("no server is called {name}")))
    }

    fn command(self) -> io::Result<Command> {
        let mut command;
        if self == Kind::CPython {
            command = Command::new("python3");
            command.args(["-c", include_str!("cpython.py")]);
        } else {
            command = Command::new(std::env::current_exe()?);
            command.args(["serve", self.name()]);
        }
        Ok(command)
    }
}

/// Whether there is a CPython to compare with; the error says why not.
pub fn python_answers() -> io::Result<()> {
    let output = Command::new("python3").arg("--version").output()?;
    if output.status.success() { Ok(()) } else { Err(io::Error::other("it does not start")) }
}

/// A server in its process, until it is dropped.
pub struct Server {
    process: Child,
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
    address: SocketAddr,
}

impl Server {
    /// Start it on its core, and wait until it listens.
    pub fn start(kind: Kind, cores: Cores) -> io::Result<Self> {
        let mut command = kind.command()?;
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut process = cores.start(|| command.spawn())?;
        let questions = process.stdin.take().expect("a pipe was asked for");
        let mut answers = BufReader::new(process.stdout.take().expect("a pipe was asked for"));
        let port = u16::try_from(number(&mut answers)?).map_err(io::Error::other)?;
        Ok(Server { process, questions, answers, address: (Ipv4Addr::LOCALHOST, port).into() })
    }
}

impl Driven for Server {
    fn address(&self) -> SocketAddr {
        self.address
    }

    fn processor_time(&mut self) -> io::Result<Duration> {
        self.questions.write_all(b"\n")?;
        number(&mut self.answers).map(Duration::from_nanos)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn number(lines: &mut impl BufRead) -> io::Result<u64> {
    let mut line = String::new();
    lines.read_line(&mut line)?;
    line.trim()
        .parse()
        .map_err(|error| io::Error::other(format!("the server said {line:?}: {error}")))
}

/// Be the server: never returns while its standard input is open.
pub fn serve(kind: Kind) -> io::Result<()> {
    thread::spawn(answer_questions);
    match kind {
        Kind::Polling => {
            let listener = TcpListener::bind(ANY_PORT)?;
            println!("{}", listener.local_addr()?.port());
            PollingServer::new(listener)?.serve()
        }
        Kind::Threading => {
            let server = ThreadingTcpServer::bind(ANY_PORT, || Upper)?;
            println!("{}", server.local_addr().port());
            server.serve_forever()
        }
        Kind::Bare => {
            let listener = TcpListener::bind(ANY_PORT)?;
            println!("{}", listener.local_addr()?.port());
            bare::serve(&listener)
        }
        Kind::CPython => unreachable!("it is served by CPython"),
    }
}

fn answer_questions() {
    let began = ProcessTime::now();
    for _ in io::stdin().lock().lines() {
        println!("{}", began.elapsed().as_nanos());
    }
    std::process::exit(0);
}

struct Upper;

impl Handler for Upper {
    fn handle(&mut self, stream: &mut TcpStream) -> io::Result<()> {
        bare::answer_in_capitals(stream)
    }
}
