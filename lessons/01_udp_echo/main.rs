//! Run the lesson as real programs: a server that echoes, one that greets, and a client that sends each
//! typed line to either of them as a datagram. The wires are those of the notes: rows 3 and 4.

use std::io::{self, BufRead};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::process::ExitCode;
use std::time::Duration;

use netkata::programs::{self, Program, Role};
use udp_echo::{ask, greet_one, serve};

/// How long the client waits for each reply.
const TIMEOUT: Duration = Duration::from_secs(1);

fn main() -> ExitCode {
    programs::main(&[
        Program {
            role: Role::Serve,
            name: "echo",
            about: "answers each datagram with the same bytes",
            run: echo,
        },
        Program {
            role: Role::Serve,
            name: "greeter",
            about: "answers each name with a greeting",
            run: greet,
        },
        Program {
            role: Role::Client,
            name: "ask",
            about: "sends each line, prints the answer",
            run: ask_lines,
        },
    ])
}

fn echo(address: SocketAddr) -> io::Result<()> {
    serve(&bind(address)?)
}

fn greet(address: SocketAddr) -> io::Result<()> {
    let socket = bind(address)?;
    loop {
        // A reply that fails does not stop the server.
        if let Err(error) = greet_one(&socket) {
            println!("failed to greet: {error}");
        }
    }
}

fn bind(address: SocketAddr) -> io::Result<UdpSocket> {
    let socket = UdpSocket::bind(address)?;
    println!("listening on {}", socket.local_addr()?);
    Ok(socket)
}

fn ask_lines(server: SocketAddr) -> io::Result<()> {
    // A socket uses the version of IP that it is bound to, and no other.
    let any: SocketAddr = match server {
        SocketAddr::V4(_) => (Ipv4Addr::UNSPECIFIED, 0).into(),
        SocketAddr::V6(_) => (Ipv6Addr::UNSPECIFIED, 0).into(),
    };
    let socket = UdpSocket::bind(any)?;
    for line in io::stdin().lock().lines() {
        match ask(&socket, server, line?.as_bytes(), TIMEOUT) {
            Ok(reply) => println!("{}", String::from_utf8_lossy(&reply)),
            Err(error) => println!("no reply: {error}"),
        }
    }
    Ok(())
}
