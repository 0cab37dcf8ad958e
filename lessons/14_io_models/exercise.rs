//! Serve the same echo under three I/O models, each as one writes it after reading only its name.
//!
//! ```text
//! client:  h e l l o        server:  H E L L O          bytes; no header, no end of message
//!
//! polling     one thread asks every socket, sleeps, and asks again
//! readiness   one thread asks the kernel which sockets are ready, and serves those
//! async       a task per client: written as with threads, run as with readiness
//! ```
//!
//! Each of the three answers a client that sends a word and waits. Make them serve many clients.

use std::collections::HashMap;
use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};

use given::would_block;
use mio::{Events, Interest, Poll, Token};
use tokio::io::AsyncReadExt;

/// Polling: ask every socket in turn on one thread, and sleep when none of them has anything.
///
/// Like the other two: serves every client of `listener` until a byte arrives on `stop`, or it ends; then
/// closes every connection and the listener, and returns. A failure of one connection ends that
/// connection only: an error means that serving could not begin.
pub fn serve_by_polling(listener: TcpListener, stop: TcpStream) -> io::Result<()> {
    given::serve_by_polling(listener, stop, serve)
}

/// Do for one client what is possible without waiting. Bytes in `_unsent` are kept until the next call.
///
/// Returns what `read` returns: 0 when the client has closed its side and has got every byte, and
/// `WouldBlock` when the client must read or send first. After any other number it is called again.
pub fn serve(stream: &mut (impl Read + Write), _unsent: &mut Vec<u8>) -> io::Result<usize> {
    let mut buffer = [0; 1024];
    let n = stream.read(&mut buffer)?;
    buffer[..n].make_ascii_uppercase();
    let _ = stream.write(&buffer[..n]);
    Ok(n)
}

const STOP: Token = Token(0);
const LISTENER: Token = Token(1);

/// Readiness: wait for all sockets at once on one thread; the kernel reports which of them are ready.
pub fn serve_on_readiness(listener: TcpListener, stop: TcpStream) -> io::Result<()> {
    listener.set_nonblocking(true)?;
    stop.set_nonblocking(true)?;
    let mut listener = mio::net::TcpListener::from_std(listener);
    let mut stop = mio::net::TcpStream::from_std(stop);
    let mut poll = Poll::new()?;
    poll.registry().register(&mut stop, STOP, Interest::READABLE)?;
    poll.registry().register(&mut listener, LISTENER, Interest::READABLE)?;
    let mut clients: HashMap<Token, (mio::net::TcpStream, Vec<u8>)> = HashMap::new();
    let mut newest = LISTENER;
    let mut events = Events::with_capacity(256);
    loop {
        poll.poll(&mut events, None)?;
        for token in events.iter().map(|event| event.token()) {
            match token {
                STOP => return Ok(()),
                LISTENER => {
                    let (mut stream, _) = listener.accept()?;
                    newest.0 += 1;
                    poll.registry().register(&mut stream, newest, Interest::READABLE)?;
                    clients.insert(newest, (stream, Vec::new()));
                }
                token => {
                    let Some((stream, unsent)) = clients.get_mut(&token) else { continue };
                    match serve(stream, unsent) {
                        Ok(0) => drop(clients.remove(&token)),
                        Err(error) if !would_block(&error) => return Err(error),
                        _ => {}
                    }
                }
            }
        }
    }
}

/// Async: start a task per client, which reads as a thread does; the runtime runs every task that is ready
/// on one thread.
pub fn serve_async(listener: TcpListener, stop: TcpStream) -> io::Result<()> {
    listener.set_nonblocking(true)?;
    stop.set_nonblocking(true)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::from_std(listener)?;
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(answer(stream));
            }
        });
        let _ = tokio::net::TcpStream::from_std(stop)?.read(&mut [0]).await;
        Ok(())
    })
}

async fn answer(stream: tokio::net::TcpStream) -> io::Result<()> {
    // The function of the threads does the work, on the kind of stream that it knows.
    let stream = stream.into_std()?;
    stream.set_nonblocking(false)?;
    given::answer(&stream)
}
