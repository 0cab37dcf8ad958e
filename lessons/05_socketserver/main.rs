//! The lesson as real programs: a ticker, a greeter, and a client for each, on the notes' wires (rows 13
//! and 14).

use std::io::{self, BufRead, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::ExitCode;

use netkata::programs::{self, Program, Role};
use socketserver::{Greeter, Handler, ThreadingTcpServer, Ticker};

fn main() -> ExitCode {
    programs::main(&[
        Program {
            role: Role::Serve,
            name: "ticker",
            about: "sends hello every 0.5 s, answers nothing",
            run: tick,
        },
        Program {
            role: Role::Serve,
            name: "greeter",
            about: "answers each name with a greeting",
            run: greet,
        },
        Program { role: Role::Client, name: "ticker", about: "prints what comes", run: listen },
        Program {
            role: Role::Client,
            name: "greeter",
            about: "sends each line as a name, prints the answer",
            run: introduce,
        },
    ])
}

fn tick(address: SocketAddr) -> io::Result<()> {
    serve(address, Ticker::default)
}

fn greet(address: SocketAddr) -> io::Result<()> {
    serve(address, Greeter::default)
}

fn serve<H: Handler>(
    address: SocketAddr,
    new_handler: impl Fn() -> H + Send + Sync + 'static,
) -> io::Result<()> {
    let server = ThreadingTcpServer::bind(address, move || Reporting(new_handler()))?;
    println!("listening on {}", server.local_addr());
    server.serve_forever()
}

/// Wraps another handler, and prints how each conversation goes.
struct Reporting<H>(H);

impl<H: Handler> Handler for Reporting<H> {
    fn setup(&mut self, stream: &mut TcpStream) -> io::Result<()> {
        println!("{} connected", stream.peer_addr()?);
        self.0.setup(stream)
    }

    fn handle(&mut self, stream: &mut TcpStream) -> io::Result<()> {
        self.0.handle(stream).inspect_err(|error| println!("a conversation failed: {error}"))
    }

    fn finish(&mut self, stream: &mut TcpStream) -> io::Result<()> {
        println!("a conversation is over");
        self.0.finish(stream)
    }
}

fn listen(address: SocketAddr) -> io::Result<()> {
    let mut stream = TcpStream::connect(address)?;
    let mut tick = [0; 5];
    loop {
        match stream.read_exact(&mut tick) {
            Ok(()) => println!("{}", String::from_utf8_lossy(&tick)),
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(()),
            Err(error) => return Err(error),
        }
    }
}

fn introduce(address: SocketAddr) -> io::Result<()> {
    let mut stream = TcpStream::connect(address)?;
    print_reply(&mut stream)?;
    for line in io::stdin().lock().lines() {
        let name = line?;
        // An empty line sends no bytes, so that no answer would ever come.
        if name.is_empty() {
            continue;
        }
        stream.write_all(name.as_bytes())?;
        if !print_reply(&mut stream)? {
            break;
        }
    }
    Ok(())
}

/// Print what one read returns, or return `false` at the end of the stream. This wire does not say where a
/// reply ends: with one message at a time, one read is the best that a client can do.
fn print_reply(stream: &mut TcpStream) -> io::Result<bool> {
    let mut buffer = [0; 2048];
    let n = stream.read(&mut buffer)?;
    if n > 0 {
        println!("{}", String::from_utf8_lossy(&buffer[..n]));
    }
    Ok(n > 0)
}
