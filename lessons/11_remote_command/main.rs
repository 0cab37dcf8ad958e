//! The lesson as real programs: a server that runs a few harmless commands for clients that know the key,
//! and a client that sends each line you type as a command.

use std::io::{self, BufRead, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::ExitCode;
use std::thread;
use std::time::Duration;

use netkata::programs::{self, Program, Role};
use remote_command::{AllowList, Ending, respond, run, serve_client};

/// The key of the notes.
const KEY: &[u8] = b"henry";

/// The programs that may run. Arguments can do harm, too: think twice before you add a program that starts
/// other programs or writes files.
const ALLOWED: &[(&str, &str)] = &[
    ("date", "/bin/date"),
    ("echo", "/bin/echo"),
    ("ls", "/bin/ls"),
    ("sleep", "/bin/sleep"),
    ("uname", "/bin/uname"),
];

const LIMIT: Duration = Duration::from_secs(10);

fn main() -> ExitCode {
    programs::main(&[
        Program {
            role: Role::Serve,
            name: "commands",
            about: "runs what is allowed, answers with its output",
            run: serve,
        },
        Program {
            role: Role::Client,
            name: "commands",
            about: "sends each line as a command, prints its output",
            run: ask,
        },
    ])
}

fn serve(address: SocketAddr) -> io::Result<()> {
    let listener = TcpListener::bind(address)?;
    println!("listening on {}", listener.local_addr()?);
    loop {
        let (stream, peer) = listener.accept()?;
        println!("{peer} connected");
        thread::spawn(move || match serve_client(stream, KEY, &AllowList::of(ALLOWED), LIMIT) {
            Ok(()) => println!("{peer} has left"),
            Err(error) => println!("{peer} failed: {error}"),
        });
    }
}

fn ask(address: SocketAddr) -> io::Result<()> {
    let mut stream = TcpStream::connect(address)?;
    respond(&mut stream, KEY)?;
    for line in io::stdin().lock().lines() {
        // Split the line here, where it was typed: the server receives words.
        let words: Vec<String> = line?.split_whitespace().map(str::to_owned).collect();
        match words.first().map(String::as_str) {
            None => continue,
            Some("q" | "exit") => break,
            Some(_) => {}
        }
        let ending = run(&mut stream, &words, &mut io::stdout(), &mut io::stderr())?;
        io::stdout().flush()?;
        match ending {
            Ending::Exited(0) => {}
            Ending::Exited(status) => println!("exit status {status}"),
            Ending::Signaled(signal) => println!("ended by signal {signal}"),
            Ending::TimedOut => println!("ended by the server: it ran for too long"),
            Ending::Refused(why) => println!("refused: {}", why.escape_debug()),
        }
    }
    Ok(())
}
