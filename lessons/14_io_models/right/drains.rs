//! A right answer: it drains edges, a share at a time, and a set of tasks holds all clients.

use std::collections::{HashMap, VecDeque};
use std::io::{self, ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

use mio::{Events, Interest, Poll, Token};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::task::JoinSet;

/// The number of bytes that are read at once.
const BUFFER: usize = 4096;

/// How often one client is read before the next one is served.
const SHARE: usize = 16;

const A_MOMENT: Duration = Duration::from_millis(2);

/// Polling, with a pause that does not grow.
pub fn serve_by_polling(listener: TcpListener, stop: TcpStream) -> io::Result<()> {
    let mut server = Server::open(listener, stop)?;
    while server.is_open() {
        let accepted = server.accept();
        if !server.serve() && !accepted {
            thread::sleep(A_MOMENT);
        }
    }
    Ok(())
}

/// The listener, the stream that closes it, and the clients.
struct Server {
    listener: TcpListener,
    stop: TcpStream,
    clients: Vec<Connection<TcpStream>>,
}

impl Server {
    fn open(listener: TcpListener, stop: TcpStream) -> io::Result<Server> {
        listener.set_nonblocking(true)?;
        stop.set_nonblocking(true)?;
        Ok(Server { listener, stop, clients: Vec::new() })
    }

    fn is_open(&self) -> bool {
        matches!(self.stop.peek(&mut [0]), Err(error) if is_not_now(&error))
    }

    fn accept(&mut self) -> bool {
        let before = self.clients.len();
        while let Ok((stream, _)) = self.listener.accept() {
            if stream.set_nonblocking(true).is_ok() {
                self.clients.push(Connection { stream, unsent: VecDeque::new() });
            }
        }
        self.clients.len() > before
    }

    fn serve(&mut self) -> bool {
        let mut moved = false;
        let mut at = 0;
        while at < self.clients.len() {
            match self.clients[at].serve() {
                Some(now) => {
                    moved |= now;
                    at += 1;
                }
                None => {
                    moved = true;
                    self.clients.swap_remove(at);
                }
            }
        }
        moved
    }
}

/// A connection that does not block, and its unsent bytes.
struct Connection<S> {
    stream: S,
    unsent: VecDeque<u8>,
}

impl<S: Read + Write> Connection<S> {
    /// Whether any byte moved, or `None` when the connection is over.
    fn serve(&mut self) -> Option<bool> {
        let mut moved = false;
        for _ in 0..SHARE {
            while !self.unsent.is_empty() {
                match self.stream.write(self.unsent.as_slices().0) {
                    Ok(n) => drop(self.unsent.drain(..n)),
                    Err(error) if is_not_now(&error) => return Some(moved),
                    Err(_) => return None,
                }
                moved = true;
            }
            let mut buffer = [0; BUFFER];
            match self.stream.read(&mut buffer) {
                Ok(0) => return None,
                Ok(n) => self.unsent.extend(buffer[..n].iter().map(u8::to_ascii_uppercase)),
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

/// Readiness: a client that is not done after its share waits in a queue of this program.
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
    let mut clients: HashMap<Token, Connection<mio::net::TcpStream>> = HashMap::new();
    let mut queue: VecDeque<Token> = VecDeque::new();
    let mut number = 0;
    loop {
        let timeout = if queue.is_empty() { None } else { Some(Duration::ZERO) };
        match poll.poll(&mut events, timeout) {
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
                        clients
                            .insert(Token(number), Connection { stream, unsent: VecDeque::new() });
                    }
                }
                token => match clients.get_mut(&token).map(Connection::serve) {
                    Some(None) => {
                        clients.remove(&token);
                        // A descriptor is free: clients may wait for one.
                        queue.push_back(LISTENER);
                    }
                    // Until nothing moves: only then does the kernel report more.
                    Some(Some(true)) => queue.push_back(token),
                    Some(Some(false)) | None => {}
                },
            }
        }
    }
}

/// Async: one task holds all others, and aborts them together.
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
