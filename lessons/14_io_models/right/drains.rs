//! A right answer: edges are drained, a share at a time; a table of the clients; a task that holds all tasks.

use std::collections::{HashMap, VecDeque};
use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use mio::{Events, Interest, Poll, Token};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::task::JoinSet;

/// How many bytes are read at once.
const BUFFER: usize = 4096;

/// How many reads a client may have before the next one's turn comes.
const SHARE: usize = 16;

const A_MOMENT: Duration = Duration::from_millis(2);

/// Threads, and a table by which each stream can be reached.
pub fn serve_with_threads(listener: TcpListener, mut stop: TcpStream) -> io::Result<()> {
    let address = listener.local_addr()?;
    let table: Mutex<HashMap<usize, TcpStream>> = Mutex::default();
    let stopped = AtomicBool::new(false);
    let lock = || table.lock().unwrap_or_else(PoisonError::into_inner);
    thread::scope(|scope| {
        let accepting = scope.spawn(|| {
            for number in 0.. {
                let accepted = listener.accept().and_then(|(stream, _)| {
                    let clone = stream.try_clone()?;
                    lock().insert(number, clone);
                    Ok(stream)
                });
                if stopped.load(Ordering::SeqCst) {
                    return;
                }
                let Ok(stream) = accepted else {
                    thread::sleep(A_MOMENT);
                    continue;
                };
                scope.spawn(move || {
                    let _ = converse(&stream);
                    lock().remove(&number);
                });
            }
        });
        let _ = stop.read_exact(&mut [0]);
        stopped.store(true, Ordering::SeqCst);
        while !accepting.is_finished() {
            let _ = TcpStream::connect_timeout(&address, A_MOMENT);
            thread::sleep(A_MOMENT);
        }
        lock().drain().for_each(|(_, stream)| drop(stream.shutdown(Shutdown::Both)));
    });
    Ok(())
}

fn converse(mut stream: &TcpStream) -> io::Result<()> {
    let mut buffer = [0; BUFFER];
    loop {
        match stream.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(n) => stream.write_all(&buffer[..n].to_ascii_uppercase())?,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// Polling, at an even pace.
pub fn serve_by_polling(listener: TcpListener, stop: TcpStream) -> io::Result<()> {
    let mut house = House::open(listener, stop)?;
    while house.is_open() {
        house.let_in(|_| Ok(()));
        if !house.serve() {
            thread::sleep(A_MOMENT);
        }
    }
    Ok(())
}

/// Signals, each of which sets off as many rounds as are needed.
#[cfg(target_os = "linux")]
pub fn serve_on_signals(listener: TcpListener, stop: TcpStream) -> io::Result<()> {
    let mut signals = signal_hook::iterator::Signals::new([signal_hook::consts::SIGIO])?;
    let mut house = House::open(listener, stop)?;
    announce(&house.listener)?;
    announce(&house.stop)?;
    while house.is_open() {
        let mut moved = true;
        while moved {
            moved = house.let_in(announce);
            moved |= house.serve();
        }
        if signals.pending().next().is_none() && house.is_open() {
            signals.wait();
        }
    }
    Ok(())
}

#[cfg(target_os = "linux")]
fn announce<S: std::os::fd::AsRawFd>(socket: &S) -> io::Result<()> {
    use rustpython_host_env::fcntl::{F_GETFL, F_SETFL, F_SETOWN, FASYNC, fcntl_int};

    fcntl_int(socket.as_raw_fd(), F_SETOWN, std::process::id() as i32)?;
    let flags = fcntl_int(socket.as_raw_fd(), F_GETFL, 0)?;
    fcntl_int(socket.as_raw_fd(), F_SETFL, flags | FASYNC).map(drop)
}

#[cfg(not(target_os = "linux"))]
pub fn serve_on_signals(_: TcpListener, _: TcpStream) -> io::Result<()> {
    Err(ErrorKind::Unsupported.into())
}

/// A listener, what closes it, and the guests.
struct House {
    listener: TcpListener,
    stop: TcpStream,
    guests: Vec<Guest<TcpStream>>,
}

impl House {
    fn open(listener: TcpListener, stop: TcpStream) -> io::Result<House> {
        listener.set_nonblocking(true)?;
        stop.set_nonblocking(true)?;
        Ok(House { listener, stop, guests: Vec::new() })
    }

    fn is_open(&self) -> bool {
        matches!(self.stop.peek(&mut [0]), Err(error) if is_not_now(&error))
    }

    fn let_in(&mut self, prepare: fn(&TcpStream) -> io::Result<()>) -> bool {
        let before = self.guests.len();
        while let Ok((stream, _)) = self.listener.accept() {
            if stream.set_nonblocking(true).and_then(|()| prepare(&stream)).is_ok() {
                self.guests.push(Guest { stream, owed: VecDeque::new() });
            }
        }
        self.guests.len() > before
    }

    fn serve(&mut self) -> bool {
        let mut moved = false;
        let mut at = 0;
        while at < self.guests.len() {
            match self.guests[at].serve() {
                Some(now) => {
                    moved |= now;
                    at += 1;
                }
                None => {
                    moved = true;
                    self.guests.swap_remove(at);
                }
            }
        }
        moved
    }
}

/// A connection that does not block, and what is owed on it.
struct Guest<S> {
    stream: S,
    owed: VecDeque<u8>,
}

impl<S: Read + Write> Guest<S> {
    /// Whether anything moved, or `None` when the connection is over.
    fn serve(&mut self) -> Option<bool> {
        let mut moved = false;
        for _ in 0..SHARE {
            while !self.owed.is_empty() {
                match self.stream.write(self.owed.as_slices().0) {
                    Ok(n) => drop(self.owed.drain(..n)),
                    Err(error) if is_not_now(&error) => return Some(moved),
                    Err(_) => return None,
                }
                moved = true;
            }
            let mut buffer = [0; BUFFER];
            match self.stream.read(&mut buffer) {
                Ok(0) => return None,
                Ok(n) => self.owed.extend(buffer[..n].iter().map(u8::to_ascii_uppercase)),
                Err(error) if is_not_now(&error) => return Some(moved),
                Err(_) => return None,
            }
            moved = true;
        }
        Some(moved)
    }
}

fn is_not_now(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted)
}

/// Readiness: whoever is not done after a share waits in a queue of our own.
pub fn serve_on_readiness(listener: TcpListener, stop: TcpStream) -> io::Result<()> {
    const STOP: Token = Token(usize::MAX - 1);
    const LISTENER: Token = Token(usize::MAX - 2);
    let both = Interest::READABLE | Interest::WRITABLE;

    listener.set_nonblocking(true)?;
    stop.set_nonblocking(true)?;
    let mut listener = mio::net::TcpListener::from_std(listener);
    let mut stop = mio::net::TcpStream::from_std(stop);
    let mut poll = Poll::new()?;
    poll.registry().register(&mut listener, LISTENER, Interest::READABLE)?;
    poll.registry().register(&mut stop, STOP, Interest::READABLE)?;
    let mut events = Events::with_capacity(64);
    let mut guests: HashMap<Token, Guest<mio::net::TcpStream>> = HashMap::new();
    let mut queue: VecDeque<Token> = VecDeque::new();
    let mut number = 0;
    loop {
        let patience = if queue.is_empty() { None } else { Some(Duration::ZERO) };
        match poll.poll(&mut events, patience) {
            Err(error) if error.kind() != ErrorKind::Interrupted => return Err(error),
            Err(_) => continue,
            Ok(()) => queue.extend(events.iter().map(|event| event.token())),
        }
        for _ in 0..queue.len() {
            match queue.pop_front().expect("as many as there were") {
                STOP => match stop.peek(&mut [0]) {
                    Err(error) if is_not_now(&error) => {}
                    _ => return Ok(()),
                },
                LISTENER => {
                    while let Ok((mut stream, _)) = listener.accept() {
                        number += 1;
                        poll.registry().register(&mut stream, Token(number), both)?;
                        guests.insert(Token(number), Guest { stream, owed: VecDeque::new() });
                    }
                }
                token => match guests.get_mut(&token).map(Guest::serve) {
                    Some(None) => drop(guests.remove(&token)),
                    // Until nothing moves: only then will the kernel tell of more.
                    Some(Some(true)) => queue.push_back(token),
                    Some(Some(false)) | None => {}
                },
            }
        }
    }
}

/// Async: one task holds all others, and lets go of them together.
pub fn serve_async(listener: TcpListener, stop: TcpStream) -> io::Result<()> {
    listener.set_nonblocking(true)?;
    stop.set_nonblocking(true)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::from_std(listener)?;
        let stop = tokio::net::TcpStream::from_std(stop)?;
        let serving = tokio::spawn(async move {
            let mut clients = JoinSet::new();
            loop {
                while clients.try_join_next().is_some() {}
                match listener.accept().await {
                    Ok((stream, _)) => drop(clients.spawn(converse_async(stream))),
                    Err(_) => tokio::time::sleep(A_MOMENT).await,
                }
            }
        });
        stop.readable().await?;
        serving.abort();
        let _ = serving.await;
        Ok(())
    })
}

async fn converse_async(mut stream: tokio::net::TcpStream) -> io::Result<()> {
    let mut buffer = Vec::with_capacity(BUFFER);
    while stream.read_buf(&mut buffer).await? > 0 {
        buffer.make_ascii_uppercase();
        stream.write_all(&buffer).await?;
        buffer.clear();
    }
    Ok(())
}
