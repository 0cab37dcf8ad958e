//! The servers that `demo io-models` measures: `models serve MODEL ADDRESS`, started as a lesson's programs are.
//!
//! They are as small as the measurement allows. Its clients send short words, wait for each answer, and leave in
//! good order, so no server here has an answer to keep, a client to fear, or a reason to stop.

use std::collections::BTreeMap;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};

use mio::{Events, Interest, Poll, Token};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// Room for more than the longest word.
const WORD: usize = 64;

fn main() -> io::Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [_, model, address] = words.as_slice() else {
        return Err(io::Error::other(r"models serve MODEL ADDRESS"));
    };
    let listener = TcpListener::bind(address)?;
    println!(r"listening on {}", listener.local_addr()?);
    // Nothing is ever sent to `stop`: the process is killed.
    let (_open, stop) = netkata::connected()?;
    match model.as_str() {
        "threads" => given::serve_with_threads(listener, stop),
        "polling" => given::serve_by_polling(listener, stop, answer_once),
        "readiness" => answer_when_ready(listener),
        #[cfg(all(target_os = "linux", feature = "signals"))]
        "signals" => given::serve_on_signals(listener, stop, answer_once),
        "async" => answer_in_tasks(listener),
        _ => Err(ErrorKind::Unsupported.into()),
    }
}

/// Polling and signals: answer what one read returns.
fn answer_once(client: &mut TcpStream, _unsent: &mut Vec<u8>) -> io::Result<usize> {
    answer_word(client)
}

/// Answer one word; returns its length, or 0 at the end of the stream.
fn answer_word<S: Read + Write>(client: &mut S) -> io::Result<usize> {
    let mut word = [0; WORD];
    let length = client.read(&mut word)?;
    client.write_all(&word[..length].to_ascii_uppercase())?;
    Ok(length)
}

/// The token of the listener; clients get later ones.
const DOOR: Token = Token(0);

/// Readiness: an event is one word, one departure, or clients that wait to be accepted.
fn answer_when_ready(door: TcpListener) -> io::Result<()> {
    door.set_nonblocking(true)?;
    let mut door = mio::net::TcpListener::from_std(door);
    let (mut kernel, mut ready) = (Poll::new()?, Events::with_capacity(128));
    kernel.registry().register(&mut door, DOOR, Interest::READABLE)?;
    let mut guests = BTreeMap::new();
    let mut tokens = (1..).map(Token);
    loop {
        // The tracer that counts the calls may interrupt this one.
        let Ok(()) = kernel.poll(&mut ready, None) else { continue };
        for token in ready.iter().map(|event| event.token()) {
            if token == DOOR {
                while let Ok((mut guest, _)) = door.accept() {
                    let token = tokens.next().expect("there is always a next one");
                    kernel.registry().register(&mut guest, token, Interest::READABLE)?;
                    guests.insert(token, guest);
                }
            } else if !matches!(guests.get_mut(&token).map(answer_word), Some(Ok(1..))) {
                guests.remove(&token);
            }
        }
    }
}

/// Async: one thread runs a task per client.
fn answer_in_tasks(door: TcpListener) -> io::Result<()> {
    door.set_nonblocking(true)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
    runtime.block_on(async {
        let door = tokio::net::TcpListener::from_std(door)?;
        loop {
            let (guest, _) = door.accept().await?;
            tokio::spawn(answer_words(guest));
        }
    })
}

async fn answer_words(mut guest: tokio::net::TcpStream) -> io::Result<()> {
    let mut word = [0; WORD];
    while let length @ 1.. = guest.read(&mut word).await? {
        guest.write_all(&word[..length].to_ascii_uppercase()).await?;
    }
    Ok(())
}
