//! One echo server under five I/O models, each as one writes it when one has just read its name.
//!
//! ```text
//! client:  h e l l o        server:  H E L L O          bytes; no header, no end of message
//!
//! threads     one thread a client, and each waits in its own read
//! polling     one thread asks everybody, and asks again
//! readiness   one thread asks the kernel who is ready, and serves those
//! signals     the kernel interrupts one thread, which then asks everybody
//! async       written as with threads, run as with readiness
//! ```
//!
//! Each of the five answers a client that says a word and waits for it. Make them serve a crowd.

use std::collections::HashMap;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;

use mio::{Events, Interest, Poll, Token};
use tokio::io::AsyncReadExt;

/// Threads: each client has one of its own, which may wait in `read` and in `write` for as long as it likes.
///
/// As the other four: serves whoever calls at `listener` until something comes on `stop`, or it ends;
/// then closes every connection and the listener, and returns. Whatever happens to a client's
/// connection ends that one only: an error says that serving could not begin.
pub fn serve_with_threads(listener: TcpListener, mut stop: TcpStream) -> io::Result<()> {
    stop.set_nonblocking(true)?;
    while !has_ended(&mut stop) {
        let (stream, _) = listener.accept()?;
        thread::spawn(move || answer(stream));
    }
    Ok(())
}

/// Answer one client until it has said its last.
fn answer(mut stream: TcpStream) -> io::Result<()> {
    let mut buffer = [0; 1024];
    loop {
        let n = stream.read(&mut buffer)?;
        if n == 0 {
            return Ok(());
        }
        buffer[..n].make_ascii_uppercase();
        stream.write_all(&buffer[..n])?;
    }
}

/// Polling: one thread asks every socket, and rests when none of them had anything.
pub fn serve_by_polling(listener: TcpListener, mut stop: TcpStream) -> io::Result<()> {
    listener.set_nonblocking(true)?;
    stop.set_nonblocking(true)?;
    let mut clients = Vec::new();
    while !has_ended(&mut stop) {
        if let Ok((stream, _)) = listener.accept() {
            clients.push(stream);
        }
        ask_everybody(&mut clients)?;
    }
    Ok(())
}

/// Signals: the kernel interrupts this process when something happens on a socket. Linux only; elsewhere
/// it is `Unsupported`.
#[cfg(target_os = "linux")]
pub fn serve_on_signals(listener: TcpListener, mut stop: TcpStream) -> io::Result<()> {
    // Before any socket may send one: a process that does not handle SIGIO is ended by it (signal(7)).
    let mut signals = signal_hook::iterator::Signals::new([signal_hook::consts::SIGIO])?;
    announce(&listener)?;
    announce(&stop)?;
    listener.set_nonblocking(true)?;
    stop.set_nonblocking(true)?;
    let mut clients = Vec::new();
    for _ in signals.forever() {
        if has_ended(&mut stop) {
            break;
        }
        match listener.accept() {
            Ok((stream, _)) => {
                stream.set_nonblocking(true)?;
                announce(&stream)?;
                clients.push(stream);
            }
            Err(_) => ask_everybody(&mut clients)?,
        }
    }
    Ok(())
}

/// Have the kernel send this process a SIGIO whenever something happens on the socket (fcntl(2)).
#[cfg(target_os = "linux")]
fn announce<S: std::os::fd::AsRawFd>(socket: &S) -> io::Result<()> {
    use rustpython_host_env::fcntl::{F_GETFL, F_SETFL, F_SETOWN, FASYNC, fcntl_int};

    let socket = socket.as_raw_fd();
    fcntl_int(socket, F_SETOWN, std::process::id() as i32)?;
    fcntl_int(socket, F_SETFL, fcntl_int(socket, F_GETFL, 0)? | FASYNC)?;
    Ok(())
}

#[cfg(not(target_os = "linux"))]
pub fn serve_on_signals(_: TcpListener, _: TcpStream) -> io::Result<()> {
    Err(ErrorKind::Unsupported.into())
}

const STOP: Token = Token(0);
const LISTENER: Token = Token(1);

/// Readiness: one thread waits for all sockets at once, and the kernel says which of them are ready.
pub fn serve_on_readiness(listener: TcpListener, stop: TcpStream) -> io::Result<()> {
    listener.set_nonblocking(true)?;
    stop.set_nonblocking(true)?;
    let mut listener = mio::net::TcpListener::from_std(listener);
    let mut stop = mio::net::TcpStream::from_std(stop);
    let mut poll = Poll::new()?;
    poll.registry().register(&mut stop, STOP, Interest::READABLE)?;
    poll.registry().register(&mut listener, LISTENER, Interest::READABLE)?;
    let mut clients: HashMap<Token, mio::net::TcpStream> = HashMap::new();
    let mut tokens = (2..).map(Token);
    let mut events = Events::with_capacity(256);
    loop {
        poll.poll(&mut events, None)?;
        for token in events.iter().map(|event| event.token()) {
            match token {
                STOP => return Ok(()),
                LISTENER => {
                    let (mut stream, _) = listener.accept()?;
                    let token = tokens.next().expect("numbers do not end");
                    poll.registry().register(&mut stream, token, Interest::READABLE)?;
                    clients.insert(token, stream);
                }
                token => {
                    if let Some(stream) = clients.get_mut(&token)
                        && serve(stream)?
                    {
                        clients.remove(&token);
                    }
                }
            }
        }
    }
}

/// Async: a task a client, which reads like a thread; a runtime on one thread goes on with whichever of
/// them is ready.
pub fn serve_async(listener: TcpListener, stop: TcpStream) -> io::Result<()> {
    listener.set_nonblocking(true)?;
    stop.set_nonblocking(true)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::from_std(listener)?;
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(answer_async(stream));
            }
        });
        let _ = tokio::net::TcpStream::from_std(stop)?.read(&mut [0]).await;
        Ok(())
    })
}

async fn answer_async(stream: tokio::net::TcpStream) -> io::Result<()> {
    // The function that the threads use does it, once the stream is what they know.
    let stream = stream.into_std()?;
    stream.set_nonblocking(false)?;
    answer(stream)
}

/// Serve each of these clients once.
fn ask_everybody(clients: &mut Vec<TcpStream>) -> io::Result<()> {
    let mut still_there = Vec::new();
    for mut stream in clients.drain(..) {
        if !serve(&mut stream)? {
            still_there.push(stream);
        }
    }
    *clients = still_there;
    Ok(())
}

/// Answer what this client has said; say whether it has said its last.
fn serve(stream: &mut (impl Read + Write)) -> io::Result<bool> {
    let mut buffer = [0; 1024];
    match stream.read(&mut buffer) {
        Ok(0) => Ok(true),
        Ok(n) => {
            buffer[..n].make_ascii_uppercase();
            let _ = stream.write(&buffer[..n])?;
            Ok(false)
        }
        Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(false),
        Err(error) => Err(error),
    }
}

/// Whether something came on `stop`, or it has ended.
fn has_ended(stop: &mut TcpStream) -> bool {
    !matches!(stop.read(&mut [0]), Err(error) if error.kind() == ErrorKind::WouldBlock)
}
