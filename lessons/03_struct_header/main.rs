//! Run the lesson as real programs: a server that prints the messages it reads, and a client that sends
//! each typed line as a message. The wire is that of the notes: row 10.

use std::io::{self, BufRead};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::ExitCode;

use netkata::programs::{self, Program, Role};
use struct_header::{read_message, write_message};

fn main() -> ExitCode {
    programs::main(&[
        Program {
            role: Role::Serve,
            name: "messages",
            about: "prints each message, answers nothing",
            run: serve,
        },
        Program {
            role: Role::Client,
            name: "messages",
            about: "sends each line as a message, expects no answer",
            run: send,
        },
    ])
}

fn serve(address: SocketAddr) -> io::Result<()> {
    let listener = TcpListener::bind(address)?;
    println!("listening on {}", listener.local_addr()?);
    loop {
        let (mut stream, peer) = listener.accept()?;
        println!("{peer} connected");
        // A client that fails does not stop the server.
        match print_messages(&mut stream) {
            Ok(()) => println!("{peer} closed"),
            Err(error) => println!("{peer} failed: {error}"),
        }
    }
}

fn print_messages(stream: &mut TcpStream) -> io::Result<()> {
    while let Some(message) = read_message(stream)? {
        println!("{} bytes: {}", message.len(), String::from_utf8_lossy(&message));
    }
    Ok(())
}

fn send(address: SocketAddr) -> io::Result<()> {
    let mut stream = TcpStream::connect(address)?;
    for line in io::stdin().lock().lines() {
        write_message(&mut stream, line?.as_bytes())?;
    }
    Ok(())
}
