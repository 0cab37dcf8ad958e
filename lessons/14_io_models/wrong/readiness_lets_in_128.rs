//! Caught by whoever_called_before_the_serving_began_is_served: EdgeToldOnce.
//!
//! ```text
//! client:  h e l l o        server:  H E L L O          bytes; no header, no end of message
//!
//! threads     one thread a client, and each waits in its own read
//! polling     one thread asks everybody, rests, and asks again
//! readiness   one thread asks the kernel who is ready, and serves those
//! signals     the kernel interrupts one thread, which then asks everybody
//! async       written as with threads, run as with readiness
//! ```

use std::collections::HashMap;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};
use std::thread;
use std::time::Duration;

use mio::{Events, Interest, Poll, Token};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// How many bytes are read at once, and so may be owed to a client: 16 KiB.
const BUFFER: usize = 16 * 1024;

/// How long a server that polls rests when nothing moved: at first, and after many such rounds.
const SHORTEST_REST: Duration = Duration::from_micros(100);
const LONGEST_REST: Duration = Duration::from_millis(20);

/// Threads: each client has one of its own, which may wait in `read` and in `write` for as long as it likes.
///
/// As the other four: serves whoever calls at `listener` until something comes on `stop`, or it ends;
/// then closes every connection and the listener, and returns. Whatever happens to a client's
/// connection ends that one only: an error says that serving could not begin.
pub fn serve_with_threads(listener: TcpListener, stop: TcpStream) -> io::Result<()> {
    let address = listener.local_addr()?;
    let stopped = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            let _ = (&stop).read_exact(&mut [0]);
            stopped.store(true, Ordering::Release);
            // A thread in accept sees no flag, but it sees a caller. No descriptor left for one? Again.
            while TcpStream::connect(address).is_err() {
                thread::sleep(LONGEST_REST);
            }
        });
        let mut clients: Vec<Weak<TcpStream>> = Vec::new();
        loop {
            let accepted = listener.accept();
            if stopped.load(Ordering::Acquire) {
                break;
            }
            let Ok((stream, _)) = accepted else {
                // Out of descriptors, say: trying again at once would only spin.
                thread::sleep(LONGEST_REST);
                continue;
            };
            // The thread alone owns the stream: when it has done, the connection closes.
            let stream = Arc::new(stream);
            clients.retain(|client| client.strong_count() > 0);
            clients.push(Arc::downgrade(&stream));
            // Without a thread for it, the client's line closes.
            let _ = thread::Builder::new().spawn_scoped(scope, move || answer(&stream));
        }
        for client in clients.iter().filter_map(Weak::upgrade) {
            // A thread in read or write sees no flag, but it sees the end of its stream.
            let _ = client.shutdown(Shutdown::Both);
        }
    });
    Ok(())
}

/// Answer one client until it has said its last.
fn answer(mut stream: &TcpStream) -> io::Result<()> {
    let mut buffer = [0; BUFFER];
    loop {
        let n = match stream.read(&mut buffer) {
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            outcome => outcome?,
        };
        // Reading 0 bytes means that the client has closed its side: no more will come.
        if n == 0 {
            return Ok(());
        }
        buffer[..n].make_ascii_uppercase();
        stream.write_all(&buffer[..n])?;
    }
}

/// Polling: one thread asks every socket, and rests when none of them had anything.
pub fn serve_by_polling(listener: TcpListener, stop: TcpStream) -> io::Result<()> {
    let mut room = Room::new(listener, stop, |_| Ok(()))?;
    let mut rest = SHORTEST_REST;
    loop {
        match room.ask_everybody() {
            Round::Stopped => return Ok(()),
            Round::SomethingMoved => rest = SHORTEST_REST,
            Round::NothingMoved => {
                thread::sleep(rest);
                rest = LONGEST_REST.min(rest * 2);
            }
        }
    }
}

/// Signals: the kernel interrupts this process when something happens on a socket. Linux only; elsewhere
/// it is `Unsupported`.
#[cfg(target_os = "linux")]
pub fn serve_on_signals(listener: TcpListener, stop: TcpStream) -> io::Result<()> {
    // Before any socket may send one: a process that does not handle SIGIO is ended by it (signal(7)).
    let mut signals = signal_hook::iterator::Signals::new([signal_hook::consts::SIGIO])?;
    announce(&listener)?;
    announce(&stop)?;
    let mut room = Room::new(listener, stop, announce)?;
    loop {
        match room.ask_everybody() {
            Round::Stopped => return Ok(()),
            // One signal may stand for many events: what is left, no other will tell.
            Round::SomethingMoved => {}
            // A signal that came during the round is remembered, and ends the wait at once.
            Round::NothingMoved => signals.wait().for_each(drop),
        }
    }
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

/// What polling and signals share: sockets none of which is ever waited for.
struct Room {
    listener: TcpListener,
    stop: TcpStream,
    clients: Vec<Client<TcpStream>>,
    /// What is done to a client's socket before it is first asked.
    prepare: fn(&TcpStream) -> io::Result<()>,
}

/// What came of asking everybody once.
enum Round {
    Stopped,
    SomethingMoved,
    NothingMoved,
}

impl Room {
    fn new(
        listener: TcpListener,
        stop: TcpStream,
        prepare: fn(&TcpStream) -> io::Result<()>,
    ) -> io::Result<Room> {
        listener.set_nonblocking(true)?;
        stop.set_nonblocking(true)?;
        Ok(Room { listener, stop, clients: Vec::new(), prepare })
    }

    /// Let in whoever waits, and serve each client once.
    fn ask_everybody(&mut self) -> Round {
        if has_ended(&mut self.stop) {
            return Round::Stopped;
        }
        let callers = callers(|| self.listener.accept());
        let mut moved = !callers.is_empty();
        for stream in callers {
            if stream.set_nonblocking(true).and_then(|()| (self.prepare)(&stream)).is_ok() {
                self.clients.push(Client { stream, owed: Vec::new() });
            }
        }
        self.clients.retain_mut(|client| {
            let served = client.serve();
            moved |= !matches!(served, Served::NothingMoved);
            !matches!(served, Served::Over)
        });
        if moved { Round::SomethingMoved } else { Round::NothingMoved }
    }
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
    let mut clients: HashMap<Token, Client<mio::net::TcpStream>> = HashMap::new();
    let mut tokens = (2..).map(Token);
    let mut events = Events::with_capacity(256);
    loop {
        match poll.poll(&mut events, None) {
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            outcome => outcome?,
        }
        // An event is told once, and each socket is served once for it. Registering a socket again has
        // the kernel look at it again: what was left is another event, behind those of all the others.
        let registry = poll.registry();
        for token in events.iter().map(|event| event.token()) {
            match token {
                STOP if has_ended(&mut stop) => return Ok(()),
                STOP => registry.reregister(&mut stop, STOP, Interest::READABLE)?,
                LISTENER => {
                    let callers = callers(|| listener.accept());
                    for (mut stream, token) in callers.into_iter().zip(&mut tokens) {
                        if registry.register(&mut stream, token, Interest::READABLE).is_ok() {
                            clients.insert(token, Client { stream, owed: Vec::new() });
                        }
                    }
                }
                token => {
                    let Some(client) = clients.get_mut(&token) else { continue };
                    let over = matches!(client.serve(), Served::Over);
                    let wanted = client.wanted();
                    if over || registry.reregister(&mut client.stream, token, wanted).is_err() {
                        clients.remove(&token);
                        // A descriptor is free again: somebody may wait in line for one.
                        registry.reregister(&mut listener, LISTENER, Interest::READABLE)?;
                    }
                }
            }
        }
    }
}

/// All who wait in line, at most as many as a line is long: whoever calls without end must not keep the
/// server for himself.
fn callers<S>(accept: impl Fn() -> io::Result<(S, SocketAddr)>) -> Vec<S> {
    let mut callers = Vec::new();
    while callers.len() < 128 {
        match accept() {
            Ok((stream, _)) => callers.push(stream),
            // This caller hung up while it waited. The next one may still be there.
            Err(error) if error.kind() == ErrorKind::ConnectionAborted => {}
            // Nobody waits (WouldBlock); or no descriptor is left, and the others wait on.
            Err(_) => break,
        }
    }
    callers
}

/// A connection that is never waited for, and what could not be sent on it yet: never more than [`BUFFER`].
struct Client<S> {
    stream: S,
    owed: Vec<u8>,
}

/// What came of serving a client once.
enum Served {
    NothingMoved,
    SomethingMoved,
    /// The client has closed its side and was sent everything, or its connection has failed.
    Over,
}

impl<S: Read + Write> Client<S> {
    /// Send what is owed; once nothing is, read again and answer.
    ///
    /// A client that does not read its answers is not read from either: TCP then makes it wait.
    fn serve(&mut self) -> Served {
        self.try_serve().unwrap_or(Served::Over)
    }

    fn try_serve(&mut self) -> io::Result<Served> {
        let mut moved = self.send_owed()?;
        let mut buffer = [0; BUFFER];
        if self.owed.is_empty()
            && let Some(n) = now(self.stream.read(&mut buffer))?
        {
            if n == 0 {
                return Ok(Served::Over);
            }
            buffer[..n].make_ascii_uppercase();
            self.owed.extend_from_slice(&buffer[..n]);
            self.send_owed()?;
            moved = true;
        }
        Ok(if moved { Served::SomethingMoved } else { Served::NothingMoved })
    }

    /// Send as much of what is owed as the kernel takes now; the rest keeps its place in front.
    fn send_owed(&mut self) -> io::Result<bool> {
        if self.owed.is_empty() {
            return Ok(false);
        }
        let sent = now(self.stream.write(&self.owed))?.unwrap_or(0);
        self.owed.drain(..sent);
        Ok(sent > 0)
    }

    /// What there is to wait for. There is nearly always room to send: that is no news unless one needs it.
    fn wanted(&self) -> Interest {
        if self.owed.is_empty() { Interest::READABLE } else { Interest::WRITABLE }
    }
}

/// Whether something came on `stop`, or it has ended.
fn has_ended(stop: &mut impl Read) -> bool {
    !matches!(now(stop.read(&mut [0])), Ok(None))
}

/// What a call that does not wait came to, or `None` if it would have had to.
fn now(outcome: io::Result<usize>) -> io::Result<Option<usize>> {
    match outcome {
        Ok(n) => Ok(Some(n)),
        Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) => {
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// Async: a task a client, which reads like a thread; a runtime on one thread goes on with whichever of
/// them is ready.
pub fn serve_async(listener: TcpListener, stop: TcpStream) -> io::Result<()> {
    listener.set_nonblocking(true)?;
    stop.set_nonblocking(true)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        tokio::spawn(let_everybody_in(tokio::net::TcpListener::from_std(listener)?));
        let _ = tokio::net::TcpStream::from_std(stop)?.read(&mut [0]).await;
        Ok(())
    })
    // The runtime is dropped here, and with it every task at the `.await` that it waits in: so its
    // connection closes.
}

async fn let_everybody_in(listener: tokio::net::TcpListener) {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                tokio::spawn(answer_async(stream));
            }
            Err(_) => tokio::time::sleep(LONGEST_REST).await,
        }
    }
}

/// As [`answer`], word for word: where that one's thread waits, this one lets others go on.
async fn answer_async(mut stream: tokio::net::TcpStream) -> io::Result<()> {
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
