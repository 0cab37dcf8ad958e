//! Serve the same echo under three I/O models: they differ in how the server learns that it can go on.
//!
//! ```text
//! client:  h e l l o        server:  H E L L O          bytes; no header, no end of message
//!
//! polling     one thread asks every socket, sleeps, and asks again
//! readiness   one thread asks the kernel which sockets are ready, and serves those
//! async       a task per client: written as with threads, run as with readiness
//! ```

use std::collections::HashMap;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::Duration;

use given::would_block;
use mio::{Events, Interest, Poll, Token};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// The number of bytes that are read at once, and so the most that can be unsent for one client: 16 KiB.
const BUFFER: usize = 16 * 1024;

/// Polling: ask every socket in turn on one thread, and sleep when none of them has anything.
///
/// Like the other two: serves every client of `listener` until a byte arrives on `stop`, or it ends; then
/// closes every connection and the listener, and returns. A failure of one connection ends that
/// connection only: an error means that serving could not begin.
pub fn serve_by_polling(listener: TcpListener, stop: TcpStream) -> io::Result<()> {
    given::serve_by_polling(listener, stop, serve)
}

/// Do for one client what is possible without waiting: send the unsent bytes, or read, answer and send.
///
/// Returns what `read` returns: 0 when the client has closed its side and has got every byte, and
/// `WouldBlock` when the client must read or send first. After any other number it is called again.
pub fn serve(stream: &mut (impl Read + Write), unsent: &mut Vec<u8>) -> io::Result<usize> {
    // A client that does not read its answers is not read from either: TCP then makes it wait.
    if unsent.is_empty() {
        let mut buffer = [0; BUFFER];
        let n = stream.read(&mut buffer)?;
        if n == 0 {
            return Ok(0);
        }
        unsent.extend(buffer[..n].to_ascii_uppercase());
    }
    // The kernel may take only the first part: the rest stays for the next time.
    let n = stream.write(unsent)?;
    unsent.drain(..n);
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
        match poll.poll(&mut events, None) {
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            outcome => outcome?,
        }
        let registry = poll.registry();
        for token in events.iter().map(|event| event.token()) {
            match token {
                // An event may come without a reason: then there is nothing to read yet.
                STOP if stop.peek(&mut [0]).is_err_and(|error| would_block(&error)) => {}
                STOP => return Ok(()),
                // An event means that clients wait, not how many: accept until none is left.
                LISTENER => loop {
                    match listener.accept() {
                        Ok((mut stream, _)) => {
                            newest.0 += 1;
                            if registry.register(&mut stream, newest, Interest::READABLE).is_ok() {
                                clients.insert(newest, (stream, Vec::new()));
                            }
                        }
                        // This client has disconnected already. Another one may still wait.
                        Err(error) if error.kind() == ErrorKind::ConnectionAborted => {}
                        // No client waits (WouldBlock), or no descriptor is left for it.
                        Err(_) => break,
                    }
                },
                token => {
                    let Some((stream, unsent)) = clients.get_mut(&token) else { continue };
                    let is_open = match serve(stream, unsent) {
                        Ok(n) => n > 0,
                        Err(error) => would_block(&error),
                    };
                    // There is nearly always room to send: wait for it only while bytes are unsent.
                    let wanted =
                        if unsent.is_empty() { Interest::READABLE } else { Interest::WRITABLE };
                    // An event is reported once. After registering again, what is left is a new event.
                    if !is_open || registry.reregister(stream, token, wanted).is_err() {
                        clients.remove(&token);
                        // A descriptor is free again: a client may wait for one.
                        registry.reregister(&mut listener, LISTENER, Interest::READABLE)?;
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
        tokio::spawn(accept_all(tokio::net::TcpListener::from_std(listener)?));
        let _ = tokio::net::TcpStream::from_std(stop)?.read(&mut [0]).await;
        Ok(())
    })
    // Dropping the runtime drops every task at the `.await` where it waits, and so closes its connection.
}

async fn accept_all(listener: tokio::net::TcpListener) {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                tokio::spawn(answer(stream));
            }
            // No descriptor is left, for example: trying again at once would only spin.
            Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    }
}

/// Answer one client: the same as `given::answer`, but where a thread would wait, other tasks can run.
async fn answer(mut stream: tokio::net::TcpStream) -> io::Result<()> {
    let mut buffer = vec![0; BUFFER];
    loop {
        let n = stream.read(&mut buffer).await?;
        if n == 0 {
            return Ok(());
        }
        buffer[..n].make_ascii_uppercase();
        stream.write_all(&buffer[..n]).await?;
    }
}
