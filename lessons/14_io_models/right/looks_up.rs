//! A right answer: nothing is shared, and whoever waits looks up now and then whether to stop.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use mio::{Events, Interest, Poll, Token};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

const BUFFER: usize = 8 * 1024;

/// How long anybody waits before looking up.
const A_WHILE: Duration = Duration::from_millis(10);

/// Threads with a time limit on each call, after which they look at a flag.
pub fn serve_with_threads(listener: TcpListener, stop: TcpStream) -> io::Result<()> {
    listener.set_nonblocking(true)?;
    stop.set_nonblocking(true)?;
    let stopped = &AtomicBool::new(false);
    thread::scope(|scope| {
        while is_silent(&stop) {
            match listener.accept() {
                Ok((stream, _)) => {
                    scope.spawn(move || converse(&stream, stopped));
                }
                Err(_) => thread::sleep(A_WHILE / 4),
            }
        }
        stopped.store(true, Ordering::Relaxed);
    });
    Ok(())
}

fn converse(mut stream: &TcpStream, stopped: &AtomicBool) -> io::Result<()> {
    // On some systems a socket takes after its listener, which does not block.
    stream.set_nonblocking(false)?;
    stream.set_read_timeout(Some(A_WHILE))?;
    stream.set_write_timeout(Some(A_WHILE))?;
    let mut buffer = [0; BUFFER];
    let (mut sent, mut came) = (0, 0);
    while !stopped.load(Ordering::Relaxed) {
        let outcome = if sent < came {
            stream.write(&buffer[sent..came]).inspect(|n| sent += n)
        } else {
            stream.read(&mut buffer).inspect(|n| {
                buffer[..*n].make_ascii_uppercase();
                (sent, came) = (0, *n);
            })
        };
        match outcome {
            Ok(0) => return Ok(()),
            Err(error) if !is_not_yet(&error) => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

/// Polling, in two phases: first everybody is read, then everybody is answered.
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
    clients.retain_mut(|(stream, owed)| {
        if !owed.is_empty() {
            return true;
        }
        let mut buffer = [0; BUFFER];
        match stream.read(&mut buffer) {
            Err(error) => is_not_yet(&error),
            Ok(n) => {
                moved = true;
                owed.extend(buffer[..n].to_ascii_uppercase());
                n > 0
            }
        }
    });
    clients.retain_mut(|(stream, owed)| {
        if owed.is_empty() {
            return true;
        }
        match stream.write(owed) {
            Err(error) => is_not_yet(&error),
            Ok(n) => {
                moved = true;
                owed.drain(..n);
                true
            }
        }
    });
    moved
}

/// Signals, with a sweep until nothing moves.
#[cfg(target_os = "linux")]
pub fn serve_on_signals(listener: TcpListener, stop: TcpStream) -> io::Result<()> {
    use rustpython_host_env::fcntl::{F_GETFL, F_SETFL, F_SETOWN, FASYNC, fcntl_int};
    use std::os::fd::AsRawFd;

    let announce = |socket| {
        fcntl_int(socket, F_SETOWN, std::process::id() as i32)?;
        fcntl_int(socket, F_SETFL, fcntl_int(socket, F_GETFL, 0)? | FASYNC)
    };
    let mut signals = signal_hook::iterator::Signals::new([signal_hook::consts::SIGIO])?;
    listener.set_nonblocking(true)?;
    stop.set_nonblocking(true)?;
    announce(listener.as_raw_fd())?;
    announce(stop.as_raw_fd())?;
    let mut clients: Vec<(TcpStream, Vec<u8>)> = Vec::new();
    while is_silent(&stop) {
        while let Ok((stream, _)) = listener.accept() {
            stream.set_nonblocking(true)?;
            announce(stream.as_raw_fd())?;
            clients.push((stream, Vec::new()));
        }
        if !sweep(&mut clients) {
            signals.wait();
        }
    }
    Ok(())
}

#[cfg(not(target_os = "linux"))]
pub fn serve_on_signals(_: TcpListener, _: TcpStream) -> io::Result<()> {
    Err(ErrorKind::Unsupported.into())
}

/// Readiness, with a place in a list for each client, and the places of those who left taken again.
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
            let Some(place) = clients.get_mut(at) else {
                while let Ok((mut stream, _)) = listener.accept() {
                    let free = clients.iter().position(Option::is_none);
                    let at = free.unwrap_or(clients.len());
                    let both = Interest::READABLE | Interest::WRITABLE;
                    poll.registry().register(&mut stream, Token(at), both)?;
                    clients.resize_with(clients.len().max(at + 1), || None);
                    clients[at] = Some((stream, Vec::new()));
                }
                continue;
            };
            if place.as_mut().is_some_and(|(stream, owed)| !drain(stream, owed)) {
                *place = None;
            }
        }
    }
    Ok(())
}

/// Serve a client until it has nothing more, or takes nothing more; `false` when it has gone.
fn drain(stream: &mut mio::net::TcpStream, owed: &mut Vec<u8>) -> bool {
    loop {
        let mut buffer = [0; BUFFER];
        let outcome = if owed.is_empty() {
            stream.read(&mut buffer).inspect(|n| owed.extend(buffer[..*n].to_ascii_uppercase()))
        } else {
            stream.write(owed).inspect(|n| drop(owed.drain(..*n)))
        };
        match outcome {
            Ok(0) => return false,
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return is_not_yet(&error),
        }
    }
}

/// Async, in tasks that are aborted one by one.
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

/// WouldBlock; and a time limit that has passed, on Windows.
fn is_not_yet(error: &io::Error) -> bool {
    use ErrorKind::{Interrupted, TimedOut, WouldBlock};
    matches!(error.kind(), WouldBlock | TimedOut | Interrupted)
}
