//! A right answer: every wait has a timeout, after which the server checks whether to stop.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

use mio::{Events, Interest, Poll, Token};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

const BUFFER: usize = 8 * 1024;

/// How long a wait lasts before `stop` is checked again.
const A_WHILE: Duration = Duration::from_millis(10);

/// Polling, in two phases: first it reads from every client, then it answers every client.
pub fn serve_by_polling(listener: TcpListener, stop: TcpStream) -> io::Result<()> {
    listener.set_nonblocking(true)?;
    stop.set_nonblocking(true)?;
    let mut clients: Vec<(TcpStream, Vec<u8>)> = Vec::new();
    while is_silent(&stop) {
        if let Ok((stream, _)) = listener.accept() {
            stream.set_nonblocking(true)?;
            clients.push((stream, Vec::new()));
        }
        let moved = sweep(&mut clients);
        if !moved {
            thread::sleep(Duration::from_millis(1));
        }
    }
    Ok(())
}

fn sweep(clients: &mut Vec<(TcpStream, Vec<u8>)>) -> bool {
    let mut moved = false;
    clients.retain_mut(|(stream, unsent)| {
        if !unsent.is_empty() {
            return true;
        }
        let mut buffer = [0; BUFFER];
        match stream.read(&mut buffer) {
            Err(error) => is_not_yet(&error),
            Ok(n) => {
                moved = true;
                unsent.extend(buffer[..n].to_ascii_uppercase());
                n > 0
            }
        }
    });
    clients.retain_mut(|(stream, unsent)| {
        if unsent.is_empty() {
            return true;
        }
        match stream.write(unsent) {
            Err(error) => is_not_yet(&error),
            Ok(n) => {
                moved = true;
                unsent.drain(..n);
                true
            }
        }
    });
    moved
}

/// Readiness, with a place in a list for each client; the place of a client that has left is used again.
pub fn serve_on_readiness(listener: TcpListener, stop: TcpStream) -> io::Result<()> {
    listener.set_nonblocking(true)?;
    stop.set_nonblocking(true)?;
    let mut listener = mio::net::TcpListener::from_std(listener);
    let mut poll = Poll::new()?;
    poll.registry().register(&mut listener, Token(usize::MAX / 2), Interest::READABLE)?;
    let mut clients: Vec<Option<(mio::net::TcpStream, Vec<u8>)>> = Vec::new();
    let mut events = Events::with_capacity(128);
    while is_silent(&stop) {
        match poll.poll(&mut events, Some(A_WHILE)) {
            Err(error) if error.kind() != ErrorKind::Interrupted => return Err(error),
            _ => {}
        }
        for event in &events {
            let Token(at) = event.token();
            let Some(place) = clients.get_mut(at) else { continue };
            if place.as_mut().is_some_and(|(stream, unsent)| !drain(stream, unsent)) {
                *place = None;
            }
        }
        // After every wait: clients may also wait for a descriptor.
        while let Ok((mut stream, _)) = listener.accept() {
            let free = clients.iter().position(Option::is_none);
            let at = free.unwrap_or(clients.len());
            let both = Interest::READABLE | Interest::WRITABLE;
            poll.registry().register(&mut stream, Token(at), both)?;
            clients.resize_with(clients.len().max(at + 1), || None);
            clients[at] = Some((stream, Vec::new()));
        }
    }
    Ok(())
}

/// Serve a client until it sends nothing more, or takes nothing more; `false` when it has left.
fn drain(stream: &mut mio::net::TcpStream, unsent: &mut Vec<u8>) -> bool {
    loop {
        let mut buffer = [0; BUFFER];
        let outcome = if unsent.is_empty() {
            stream.read(&mut buffer).inspect(|n| unsent.extend(buffer[..*n].to_ascii_uppercase()))
        } else {
            stream.write(unsent).inspect(|n| drop(unsent.drain(..*n)))
        };
        match outcome {
            Ok(0) => return false,
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return is_not_yet(&error),
        }
    }
}

/// Async, in tasks that are aborted one after the other.
pub fn serve_async(listener: TcpListener, stop: TcpStream) -> io::Result<()> {
    listener.set_nonblocking(true)?;
    stop.set_nonblocking(true)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::from_std(listener)?;
        let mut tasks: Vec<tokio::task::JoinHandle<()>> = Vec::new();
        while is_silent(&stop) {
            match tokio::time::timeout(A_WHILE, listener.accept()).await {
                Ok(Ok((stream, _))) => tasks.push(tokio::spawn(echo(stream))),
                Ok(Err(_)) => tokio::time::sleep(A_WHILE).await,
                Err(_) => tasks.retain(|task| !task.is_finished()),
            }
        }
        for task in tasks {
            task.abort();
            let _ = task.await;
        }
        Ok(())
    })
}

async fn echo(mut stream: tokio::net::TcpStream) {
    let mut buffer = vec![0; BUFFER];
    while let Ok(n @ 1..) = stream.read(&mut buffer).await {
        buffer[..n].make_ascii_uppercase();
        if stream.write_all(&buffer[..n]).await.is_err() {
            return;
        }
    }
}

fn is_silent(stop: &TcpStream) -> bool {
    matches!(stop.peek(&mut [0]), Err(error) if is_not_yet(&error))
}

/// WouldBlock, or Interrupted.
fn is_not_yet(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted)
}
