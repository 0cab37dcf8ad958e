//! The lesson as real programs: the same server under each model, and a client that sends what is typed,
//! one line at a time, and prints what comes back. The wire is that of the notes' row 11.
//!
//! The server on signals is there for measurements only: it is compiled with the feature `signals`.

use std::io::{self, BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::ExitCode;

use given::serve_with_threads;
use io_models::{serve_async, serve_by_polling, serve_on_readiness};
use netkata::programs::{self, Program, Role};
use netkata::{Serve, connected};

fn main() -> ExitCode {
    let server = |name, about, run| Program { role: Role::Serve, name, about, run };
    programs::main(&[
        server("threads", "answers in capitals: a thread per client", |at| {
            serve(at, serve_with_threads)
        }),
        server("polling", "answers in capitals: asks every socket, sleeps, asks again", |at| {
            serve(at, serve_by_polling)
        }),
        server("readiness", "answers in capitals: asks the kernel which sockets are ready", |at| {
            serve(at, serve_on_readiness)
        }),
        #[cfg(all(target_os = "linux", feature = "signals"))]
        server("signals", "answers in capitals: waits for a signal", |at| {
            serve(at, |listener, stop| given::serve_on_signals(listener, stop, io_models::serve))
        }),
        server("async", "answers in capitals: a task per client", |at| serve(at, serve_async)),
        Program {
            role: Role::Client,
            name: "upper",
            about: "sends each line, prints the answer",
            run: ask,
        },
    ])
}

fn serve(address: SocketAddr, serve: Serve) -> io::Result<()> {
    let listener = TcpListener::bind(address)?;
    println!("listening on {}", listener.local_addr()?);
    // Ctrl-C ends the program: the other end of `stop` stays open.
    let (_open, stop) = connected()?;
    serve(listener, stop)
}

fn ask(address: SocketAddr) -> io::Result<()> {
    let mut server = TcpStream::connect(address)?;
    let mut answers = BufReader::new(server.try_clone()?);
    for line in io::stdin().lock().lines() {
        // The wire has no end of message. This client uses the line break: it sends it too, and reads
        // until it comes back.
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
