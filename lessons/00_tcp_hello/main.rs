//! The lesson as real programs: a server that says hello and its client (row 1 of the notes), and one
//! that shouts back what it hears (row 2).

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
            about: "greet who calls, print what it says",
            run: greet,
        },
        Program { role: Role::Serve, name: "phone", about: "shout back what is said", run: shout },
        Program {
            role: Role::Client,
            name: "hello",
            about: "print the greeting, say byebye",
            run: hear,
        },
        Program { role: Role::Client, name: "phone", about: "say a line, print it", run: talk },
    ])
}

fn greet(address: SocketAddr) -> io::Result<()> {
    let listener = listen(address)?;
    loop {
        // One caller's failure ends its own call, never the server.
        match answer(&listener) {
            Ok(heard) => println!("{}", String::from_utf8_lossy(&heard)),
            Err(error) => println!("a call failed: {error}"),
        }
    }
}

fn shout(address: SocketAddr) -> io::Result<()> {
    let listener = listen(address)?;
    loop {
        match shout_back(&listener) {
            Ok(()) => println!("the caller hung up"),
            Err(error) => println!("a call failed: {error}"),
        }
    }
}

fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let listener = TcpListener::bind(address)?;
    println!("listening on {}", listener.local_addr()?);
    Ok(listener)
}

fn hear(address: SocketAddr) -> io::Result<()> {
    println!("{}", String::from_utf8_lossy(&call(address)?));
    Ok(())
}

fn talk(address: SocketAddr) -> io::Result<()> {
    let mut stream = TcpStream::connect(address)?;
    for line in io::stdin().lock().lines() {
        let line = line?;
        stream.write_all(line.as_bytes())?;
        // As many bytes come back as were sent.
        let mut capitals = vec![0; line.len()];
        stream.read_exact(&mut capitals)?;
        println!("{}", String::from_utf8_lossy(&capitals));
    }
    Ok(())
}
