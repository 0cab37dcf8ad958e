//! The lesson as real programs: the notes' chatbot (row 15) and two-way chat (row 16), and a room.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::ExitCode;
use std::sync::Arc;
use std::thread;

use chat::{Room, chatbot, converse};
use netkata::programs::{self, Program, Role};

fn main() -> ExitCode {
    programs::main(&[
        Program { role: Role::Serve, name: "bot", about: "say 好 to everything", run: serve_bot },
        Program {
            role: Role::Serve,
            name: "chat",
            about: "talk to one caller",
            run: wait_for_call,
        },
        Program { role: Role::Serve, name: "room", about: "let everybody talk", run: serve_room },
        Program { role: Role::Client, name: "bot", about: "send a message a line", run: ask_bot },
        Program { role: Role::Client, name: "chat", about: "call, and talk", run: call },
        Program { role: Role::Client, name: "room", about: "say a name, then talk", run: enter },
    ])
}

fn serve_bot(address: SocketAddr) -> io::Result<()> {
    each_client(address, |mut stream| chatbot(&mut stream))
}

fn serve_room(address: SocketAddr) -> io::Result<()> {
    let room = Arc::new(Room::default());
    each_client(address, move |stream| room.join(stream))
}

/// Serve every client on a thread of its own, so that nobody waits in line.
fn each_client(
    address: SocketAddr,
    serve: impl Fn(TcpStream) -> io::Result<()> + Clone + Send + 'static,
) -> io::Result<()> {
    let listener = TcpListener::bind(address)?;
    println!("listening on {}", listener.local_addr()?);
    loop {
        let (stream, peer) = listener.accept()?;
        println!("{peer} connected");
        let serve = serve.clone();
        thread::spawn(move || match serve(stream) {
            Ok(()) => println!("{peer} has left"),
            Err(error) => println!("{peer} failed: {error}"),
        });
    }
}

fn wait_for_call(address: SocketAddr) -> io::Result<()> {
    let listener = TcpListener::bind(address)?;
    println!("listening on {}", listener.local_addr()?);
    let (stream, peer) = listener.accept()?;
    eprintln!("{peer} calls; type a line, or exit");
    talk(stream)
}

fn call(address: SocketAddr) -> io::Result<()> {
    let stream = TcpStream::connect(address)?;
    eprintln!("connected; type a line, or exit");
    talk(stream)
}

fn enter(address: SocketAddr) -> io::Result<()> {
    let stream = TcpStream::connect(address)?;
    eprintln!("connected; your first line is your name, exit leaves");
    talk(stream)
}

/// Talk at this terminal: what the peer says goes to standard output, all else to standard error.
fn talk(stream: TcpStream) -> io::Result<()> {
    converse(stream, BufReader::new(io::stdin()), &mut io::stdout())?;
    eprintln!("the conversation is over");
    Ok(())
}

/// A message a line, without its newline, and its reply: the notes' client. On this wire a message is
/// what one read brings, so this client waits for each reply before it sends more.
fn ask_bot(address: SocketAddr) -> io::Result<()> {
    let mut stream = TcpStream::connect(address)?;
    print_reply(&mut stream)?;
    for line in io::stdin().lock().lines() {
        let message = line?;
        // Nothing sent is nothing to be answered: an empty line would wait for ever.
        if message.is_empty() {
            continue;
        }
        stream.write_all(message.as_bytes())?;
        if !print_reply(&mut stream)? {
            break;
        }
    }
    Ok(())
}

/// Print what one read brings; `false` at the end of the stream.
fn print_reply(stream: &mut TcpStream) -> io::Result<bool> {
    let mut buffer = [0; 2048];
    let n = stream.read(&mut buffer)?;
    if n > 0 {
        println!("{}", String::from_utf8_lossy(&buffer[..n]));
    }
    Ok(n > 0)
}
