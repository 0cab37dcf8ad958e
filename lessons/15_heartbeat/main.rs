//! Run the lesson as real programs: a server that answers each line and disconnects silent clients, and a
//! client that sends each typed line, and pings while nothing is typed.

use std::io::{self, BufRead, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::process::ExitCode;
use std::thread;
use std::time::Duration;

use heartbeat::{listen, serve};
use netkata::programs::{self, Program, Role};

/// How long a client hears nothing before it sends a ping.
const PING_AFTER: Duration = Duration::from_secs(3);

/// How long a server hears nothing before it disconnects a client. It is much longer than [`PING_AFTER`]: TCP
/// may have to send a ping again before it arrives.
const DISCONNECT_AFTER: Duration = Duration::from_secs(10);

fn main() -> ExitCode {
    programs::main(&[
        Program {
            role: Role::Serve,
            name: "echo",
            about: "answers each line, disconnects silent clients",
            run: run_server,
        },
        Program {
            role: Role::Client,
            name: "echo",
            about: "sends each line, prints what comes, pings in between",
            run: run_client,
        },
    ])
}

fn run_server(address: SocketAddr) -> io::Result<()> {
    let listener = TcpListener::bind(address)?;
    println!("listening on {}", listener.local_addr()?);
    loop {
        let (mut stream, peer) = listener.accept()?;
        println!("{peer} connected");
        stream.set_read_timeout(Some(DISCONNECT_AFTER))?;
        // The end of the thread drops the stream, and this disconnects the client.
        thread::spawn(move || match serve(&mut stream) {
            Ok(()) => println!("{peer} closed"),
            Err(error) => println!("{peer} disconnected: {error}"),
        });
    }
}

fn run_client(address: SocketAddr) -> io::Result<()> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(PING_AFTER))?;
    let typed = stream.try_clone()?;
    thread::spawn(move || send_typed(typed));
    listen(&mut stream, |line| print!("{}", String::from_utf8_lossy(line)))
}

/// Send each typed line in one write, so that no ping gets inside it.
fn send_typed(mut stream: TcpStream) -> io::Result<()> {
    for line in io::stdin().lock().lines() {
        stream.write_all(format!("{}\n", line?).as_bytes())?;
    }
    stream.shutdown(Shutdown::Write)
}
