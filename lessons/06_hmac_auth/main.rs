//! The lesson as real programs: the notes' chat after a challenge (row 17), a till that accepts signed
//! orders, and a client that forges one.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::ExitCode;
use std::thread;
use std::time::Duration;

use hmac_auth::{respond, serve_client, sign, verify};
use netkata::programs::{self, Program, Role};

mod forge;

/// The key of the notes' chat.
const KEY: &[u8] = b"henry";
/// The key that the till shares with honest clients. The forger does not use it.
const TILL_KEY: &[u8] = b"alex_nb";
const ORDER: &[u8] = b"to=tom&amount=10";
const TIMEOUT: Duration = Duration::from_secs(10);

fn main() -> ExitCode {
    programs::main(&[
        Program {
            role: Role::Serve,
            name: "chat",
            about: "answers clients that know the key, in capitals",
            run: serve,
        },
        Program {
            role: Role::Serve,
            name: "till",
            about: "answers each signed order: accepted or refused",
            run: serve_till,
        },
        Program {
            role: Role::Client,
            name: "chat",
            about: "answers the challenge, then sends each line and prints the answer",
            run: talk,
        },
        Program {
            role: Role::Client,
            name: "impostor",
            about: "does the same with another key",
            run: intrude,
        },
        Program {
            role: Role::Client,
            name: "forge",
            about: "extends a signed order without the key, prints the answer",
            run: forge_order,
        },
    ])
}

fn serve(address: SocketAddr) -> io::Result<()> {
    each_client(address, |stream, peer| match serve_client(stream, KEY, TIMEOUT) {
        Ok(true) => println!("{peer} proved itself and closed"),
        Ok(false) => println!("{peer} was refused"),
        Err(error) => println!("{peer} failed: {error}"),
    })
}

fn talk(address: SocketAddr) -> io::Result<()> {
    talk_with(address, KEY)
}

fn intrude(address: SocketAddr) -> io::Result<()> {
    talk_with(address, b"not henry")
}

fn talk_with(address: SocketAddr, key: &[u8]) -> io::Result<()> {
    let mut stream = TcpStream::connect(address)?;
    respond(&mut stream, key)?;
    for line in io::stdin().lock().lines() {
        let line = line?;
        stream.write_all(line.as_bytes())?;
        // The answer has as many bytes as the line.
        let mut capitals = vec![0; line.len()];
        stream.read_exact(&mut capitals).map_err(|error| {
            io::Error::new(error.kind(), format!("the server closed: is the key right? ({error})"))
        })?;
        println!("{}", String::from_utf8_lossy(&capitals));
    }
    Ok(())
}

/// Serve a till, which sends and receives lines: `SIGNATURE ORDER`, the order in hex, because a forged
/// one is not text. It sends the newest honest order to every client, and answers a line with a word.
fn serve_till(address: SocketAddr) -> io::Result<()> {
    each_client(address, |stream, peer| {
        if let Err(error) = keep_till(&stream, peer) {
            println!("{peer} failed: {error}");
        }
    })
}

fn keep_till(mut stream: &TcpStream, peer: SocketAddr) -> io::Result<()> {
    let shown = format!("{} {}\n", sign(TILL_KEY, ORDER), hex(ORDER));
    stream.write_all(shown.as_bytes())?;
    for line in BufReader::new(stream).lines() {
        let line = line?;
        let (signature, order) = line.split_once(' ').unwrap_or((&line, ""));
        let genuine = bytes(order).is_some_and(|order| verify(TILL_KEY, &order, signature));
        if genuine {
            let order = bytes(order).unwrap_or_default();
            println!("{peer} ordered {}", order.escape_ascii());
        }
        stream.write_all(if genuine { b"accepted\n" } else { b"refused\n" })?;
    }
    Ok(())
}

/// Extend the order that the till sends, without its key: guess only the length of the key.
fn forge_order(address: SocketAddr) -> io::Result<()> {
    let stream = TcpStream::connect(address)?;
    let mut lines = BufReader::new(&stream).lines();
    let mut next = || lines.next().unwrap_or_else(|| Err(io::ErrorKind::UnexpectedEof.into()));
    let line = next()?;
    let (signature, order) = line.split_once(' ').unwrap_or((&line, ""));
    let order = bytes(order).unwrap_or_default();
    println!("seen      {} signed {signature}", order.escape_ascii());
    for length in 0..=64 {
        let Some(forged) = forge::extend(&order, signature, length, b"&amount=1000000") else {
            println!("a signature of {} digits is neither SHA-1 nor SHA-256", signature.len());
            return Ok(());
        };
        // One write per line: a second write may wait until the till has acknowledged the first.
        let line = format!("{} {}\n", forged.signature, hex(&forged.data));
        (&stream).write_all(line.as_bytes())?;
        if next()? == "accepted" {
            println!("forged    {} signed {}", forged.data.escape_ascii(), forged.signature);
            println!("accepted  and the key has {length} bytes");
            return Ok(());
        }
    }
    println!("refused   for a key of every length up to 64 bytes");
    Ok(())
}

/// Serve each client on its own thread: a silent client does not hold up the others.
fn each_client(address: SocketAddr, serve: fn(TcpStream, SocketAddr)) -> io::Result<()> {
    let listener = TcpListener::bind(address)?;
    println!("listening on {}", listener.local_addr()?);
    loop {
        let (stream, peer) = listener.accept()?;
        println!("{peer} connected");
        thread::spawn(move || serve(stream, peer));
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn bytes(hex: &str) -> Option<Vec<u8>> {
    let (pairs, rest) = hex.as_bytes().as_chunks::<2>();
    let byte = |pair: &[u8; 2]| u8::from_str_radix(str::from_utf8(pair).ok()?, 16).ok();
    if rest.is_empty() { pairs.iter().map(byte).collect() } else { None }
}
