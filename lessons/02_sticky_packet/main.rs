//! Run the lesson as real programs: servers that print what they read, and clients that send. The wire
//! is that of the notes: rows 7 and 9.

use std::io::{self, BufRead, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::ExitCode;

use netkata::programs::{self, Program, Role};
use sticky_packet::{receive_acknowledged, send_acknowledged};

fn main() -> ExitCode {
    programs::main(&[
        Program {
            role: Role::Serve,
            name: "acknowledged",
            about: "acknowledges each size, prints the data, answers nothing more",
            run: serve_acknowledged,
        },
        Program {
            role: Role::Serve,
            name: "reads",
            about: "prints what each read finds, answers nothing",
            run: serve_reads,
        },
        Program {
            role: Role::Client,
            name: "acknowledged",
            about: "sends the size of each line, and the line when its size is acknowledged",
            run: send_lines,
        },
        Program {
            role: Role::Client,
            name: "two-sends",
            about: "sends hello and world in two writes, expects no answer",
            run: send_twice,
        },
    ])
}

fn serve_acknowledged(address: SocketAddr) -> io::Result<()> {
    serve(address, |stream| {
        // The wire has no goodbye: a peer may close only where a size would begin.
        while stream.peek(&mut [0])? > 0 {
            print_bytes(&receive_acknowledged(stream)?);
        }
        Ok(())
    })
}

fn serve_reads(address: SocketAddr) -> io::Result<()> {
    serve(address, |stream| {
        let mut buffer = [0; 1024];
        loop {
            match stream.read(&mut buffer)? {
                0 => return Ok(()),
                n => print_bytes(&buffer[..n]),
            }
        }
    })
}

/// Serve one client after another, for ever.
fn serve(address: SocketAddr, converse: fn(&mut TcpStream) -> io::Result<()>) -> io::Result<()> {
    let listener = TcpListener::bind(address)?;
    println!("listening on {}", listener.local_addr()?);
    loop {
        let (mut stream, peer) = listener.accept()?;
        println!("{peer} connected");
        // A client that fails does not stop the server.
        match converse(&mut stream) {
            Ok(()) => println!("{peer} closed"),
            Err(error) => println!("{peer} failed: {error}"),
        }
    }
}

fn print_bytes(bytes: &[u8]) {
    println!("{} bytes: {}", bytes.len(), String::from_utf8_lossy(bytes));
}

fn send_lines(address: SocketAddr) -> io::Result<()> {
    let mut stream = TcpStream::connect(address)?;
    for line in io::stdin().lock().lines() {
        send_acknowledged(&mut stream, line?.as_bytes())?;
    }
    Ok(())
}

fn send_twice(address: SocketAddr) -> io::Result<()> {
    let mut stream = TcpStream::connect(address)?;
    stream.write_all(b"hello")?;
    stream.write_all(b"world")
}
