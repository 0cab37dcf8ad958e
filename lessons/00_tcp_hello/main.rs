//! Run the lesson as real programs: a server that sends hello with its client (row 1 of the notes), and
//! one that sends back in capitals what it reads (row 2).

use std::io::{self, BufRead, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::ExitCode;

use netkata::programs::{self, Program, Role};
use tcp_hello::{answer, call, shout_back};

fn main() -> ExitCode {
    programs::main(&[
        Program {
            role: Role::Serve,
            name: "hello",
            about: "answers each caller with hello, prints what it sends",
            run: serve_hello,
        },
        Program {
            role: Role::Serve,
            name: "phone",
            about: "answers with what comes, in capitals",
            run: serve_phone,
        },
        Program {
            role: Role::Client,
            name: "hello",
            about: "prints the greeting, sends byebye",
            run: call_hello,
        },
        Program {
            role: Role::Client,
            name: "phone",
            about: "sends each line, prints the answer",
            run: call_phone,
        },
    ])
}

fn serve_hello(address: SocketAddr) -> io::Result<()> {
    let listener = listen(address)?;
    loop {
        // A call that fails does not stop the server.
        match answer(&listener) {
            Ok(received) => println!("{}", String::from_utf8_lossy(&received)),
            Err(error) => println!("a call failed: {error}"),
        }
    }
}

fn serve_phone(address: SocketAddr) -> io::Result<()> {
    let listener = listen(address)?;
    loop {
        match shout_back(&listener) {
            Ok(()) => println!("the caller closed"),
            Err(error) => println!("a call failed: {error}"),
        }
    }
}

fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let listener = TcpListener::bind(address)?;
    println!("listening on {}", listener.local_addr()?);
    Ok(listener)
}

fn call_hello(address: SocketAddr) -> io::Result<()> {
    println!("{}", String::from_utf8_lossy(&call(address)?));
    Ok(())
}

fn call_phone(address: SocketAddr) -> io::Result<()> {
    let mut stream = TcpStream::connect(address)?;
    for line in io::stdin().lock().lines() {
        let line = line?;
        stream.write_all(line.as_bytes())?;
        // The reply is as long as the line.
        let mut capitals = vec![0; line.len()];
        stream.read_exact(&mut capitals)?;
        println!("{}", String::from_utf8_lossy(&capitals));
    }
    Ok(())
}
