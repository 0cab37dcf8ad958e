//! Run the lesson as real programs: the notes' chatbot (row 15) and two-way chat (row 16), and a room.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::ExitCode;
use std::sync::Arc;
use std::thread;

use chat::{Room, chatbot, converse};
use netkata::programs::{self, Program, Role};

fn main() -> ExitCode {
    programs::main(&[
        Program {
            role: Role::Serve,
            name: "bot",
            about: "answers each message with the message and 好",
            run: serve_bot,
        },
        Program {
            role: Role::Serve,
            name: "chat",
            about: "chats with one client: you type the answers",
            run: serve_chat,
        },
        Program {
            role: Role::Serve,
            name: "room",
            about: "sends each line to the other members, answers nothing",
            run: serve_room,
        },
        Program {
            role: Role::Client,
            name: "bot",
            about: "sends each line as a message, prints the answer",
            run: ask_bot,
        },
        Program {
            role: Role::Client,
            name: "chat",
            about: "chats: sends what you type, prints what comes",
            run: connect,
        },
        Program { role: Role::Client, name: "room", about: "sends a name, then chats", run: enter },
    ])
}

fn serve_bot(address: SocketAddr) -> io::Result<()> {
    each_client(address, |mut stream| chatbot(&mut stream))
}

fn serve_room(address: SocketAddr) -> io::Result<()> {
    let room = Arc::new(Room::default());
    each_client(address, move |stream| room.join(stream))
}

/// Serve every client on a thread of its own, so that no client waits for another.
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

fn serve_chat(address: SocketAddr) -> io::Result<()> {
    let listener = TcpListener::bind(address)?;
    println!("listening on {}", listener.local_addr()?);
    let (stream, peer) = listener.accept()?;
    eprintln!("{peer} connected; type a line, or exit");
    chat_here(stream)
}

fn connect(address: SocketAddr) -> io::Result<()> {
    let stream = TcpStream::connect(address)?;
    eprintln!("connected; type a line, or exit");
    chat_here(stream)
}

fn enter(address: SocketAddr) -> io::Result<()> {
    let stream = TcpStream::connect(address)?;
    eprintln!("connected; your first line is your name, exit ends it");
    chat_here(stream)
}

/// Chat at this terminal: received bytes go to standard output, all else to standard error.
fn chat_here(stream: TcpStream) -> io::Result<()> {
    converse(stream, BufReader::new(io::stdin()), &mut io::stdout())?;
    eprintln!("the conversation is over");
    Ok(())
}

/// Send each line as a message, without its newline, and print the reply, as the notes' client does.
///
/// On this wire a message is what one read returns, so wait for each reply before sending more.
fn ask_bot(address: SocketAddr) -> io::Result<()> {
    let mut stream = TcpStream::connect(address)?;
    print_reply(&mut stream)?;
    for line in io::stdin().lock().lines() {
        let message = line?;
        // An empty line sends no bytes, gets no reply, and would wait for ever.
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

/// Print what one read returns, or return `false` at the end of the stream.
fn print_reply(stream: &mut TcpStream) -> io::Result<bool> {
    let mut buffer = [0; 2048];
    let n = stream.read(&mut buffer)?;
    if n > 0 {
        println!("{}", String::from_utf8_lossy(&buffer[..n]));
    }
    Ok(n > 0)
}
