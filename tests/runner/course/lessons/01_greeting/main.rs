//! The lesson as real programs: two servers and one client.

use std::io::{self, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::ExitCode;

use greeting::read_greeting;
use netkata::programs::{self, Program, Role};

fn main() -> ExitCode {
    programs::main(&[
        Program { role: Role::Serve, name: "polite", about: "prints each greeting, answers nothing", run: polite },
        Program { role: Role::Serve, name: "rude", about: "disconnects, answers nothing", run: rude },
        Program { role: Role::Client, name: "greeter", about: "greets, expects no answer", run: greet },
    ])
}

fn polite(address: SocketAddr) -> io::Result<()> {
    let listener = TcpListener::bind(address)?;
    println!("listening on {}", listener.local_addr()?);
    loop {
        let (mut stream, _) = listener.accept()?;
        println!("heard {}", read_greeting(&mut stream)?);
    }
}

fn rude(address: SocketAddr) -> io::Result<()> {
    TcpListener::bind(address)?.accept().map(|_| ())
}

fn greet(address: SocketAddr) -> io::Result<()> {
    TcpStream::connect(address)?.write_all(b"hello")
}
