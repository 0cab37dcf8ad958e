//! The lesson as real programs: the same server under each of the five models, and a client that sends
//! what is typed, a line at a time, and prints what comes back. The wire is the notes': row 12.

use std::io::{self, BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::ExitCode;

use io_models::{
    serve_async, serve_by_polling, serve_on_readiness, serve_on_signals, serve_with_threads,
};
use netkata::programs::{self, Program, Role};
use netkata::{Serve, connected};

fn main() -> ExitCode {
    let server = |name, about, run| Program { role: Role::Serve, name, about, run };
    programs::main(&[
        server("threads", "a thread a client", |at| serve(at, serve_with_threads)),
        server("polling", "ask everybody, rest, ask again", |at| serve(at, serve_by_polling)),
        server("readiness", "ask the kernel who is ready", |at| serve(at, serve_on_readiness)),
        server("signals", "be interrupted (Linux only)", |at| serve(at, serve_on_signals)),
        server("async", "a task a client", |at| serve(at, serve_async)),
        Program { role: Role::Client, name: "upper", about: "send what is typed", run: ask },
    ])
}

fn serve(address: SocketAddr, serve: Serve) -> io::Result<()> {
    let listener = TcpListener::bind(address)?;
    println!("listening on {}", listener.local_addr()?);
    // Ctrl-C ends it: nobody closes the other end.
    let (_open, stop) = connected()?;
    serve(listener, stop)
}

fn ask(address: SocketAddr) -> io::Result<()> {
    let mut server = TcpStream::connect(address)?;
    let mut answers = BufReader::new(server.try_clone()?);
    for line in io::stdin().lock().lines() {
        // The wire has no end of message. This client makes its line one: it sends the line break
        // along, and reads until it comes back.
        server.write_all(format!("{}\n", line?).as_bytes())?;
        let mut answer = String::new();
        if answers.read_line(&mut answer)? == 0 {
            println!("the server has closed the connection");
            break;
        }
        print!("{answer}");
    }
    Ok(())
}
