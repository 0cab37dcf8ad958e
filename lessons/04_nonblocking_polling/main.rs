//! The lesson as real programs: a server that answers in capitals, and a client that sends each
//! typed line and prints the answer. The protocol is that of the notes, row 11.

use std::io::{self, BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::ExitCode;

use netkata::programs::{self, Program, Role};
use nonblocking_polling::PollingServer;

fn main() -> ExitCode {
    programs::main(&[
        Program {
            role: Role::Serve,
            name: "upper",
            about: "answers with what comes, in capitals",
            run: serve,
        },
        Program {
            role: Role::Client,
            name: "upper",
            about: "sends each line, prints the answer",
            run: ask,
        },
    ])
}

fn serve(address: SocketAddr) -> io::Result<()> {
    let listener = TcpListener::bind(address)?;
    println!("listening on {}", listener.local_addr()?);
    PollingServer::new(listener)?.serve()
}

fn ask(address: SocketAddr) -> io::Result<()> {
    let mut server = TcpStream::connect(address)?;
    let mut answers = BufReader::new(server.try_clone()?);
    for line in io::stdin().lock().lines() {
        // This protocol has no end of message. So this client also sends the line break, and reads
        // until the line break comes back.
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
