//! A bad network between two real programs: a TCP relay that decides how their bytes are cut.
//!
//! ```text
//! client ── from ──▶ │ relay │ ── to ──▶ server        to:   what the client sends to the server
//!        ◀── from ── │       │ ◀──────                 from: what comes back from the server
//! ```
//!
//! **Uncut**, a direction is a loop of `read` and `write`.
//!
//! **Cut**, it is a sequence of segments. The relay holds each one back until the receiver has read the segment
//! before and looks for more, so one read of the receiver returns one segment, however long it slept before:
//!
//! ```text
//! --cut 1,3,∞       05 │ 00 00 00 │ 68 65 6c 6c 6f        the list repeats
//! --seed 7          the sizes of the list in random order, the same for the same seed
//! --join            a segment is held back until the sender waits, so several writes become one read
//! ```
//!
//! A size is a promise: a shorter segment is delivered only if the sender waits, or has ended. `∞` is all that
//! is there when the receiver looks; with `--join`, all until the sender waits.
//!
//! Only events decide, never time. Linux shows what the other programs on this machine do
//! ([`netkata::FarEnd`]). For a program on another machine the relay waits until that machine has acknowledged
//! the last segment, and takes the bytes that are there for all that the sender will send. On other systems it
//! does not wait at all, and segments may arrive joined: each says what it was held for ([`After`]). A program
//! that only peeks (MSG_PEEK) until a message is whole has not read, and gets nothing more.
//!
//! A half-close passes as a half-close, and a reset as a reset. No byte is lost or changes its place. A direction
//! holds at most [`BUFFER`] bytes: when the receiver does not read, the sender soon blocks, as without a relay.

mod connection;
mod cuts;
mod event;
mod flow;
mod words;

use std::io;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::thread::{self, JoinHandle};

use connection::Connection;
pub use cuts::{Cuts, Size};
pub use event::{After, By, Direction, Event, Why};
pub use flow::BUFFER;

/// What the relay does to each connection.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// Cut into segments of these sizes.
    pub cuts: Option<Cuts>,
    /// Draw the sizes in random order; without `cuts`, from [`Cuts::default`].
    pub seed: Option<u64>,
    /// Hold each segment back until the sender waits, and deliver everything that it has sent at once.
    pub join: bool,
    /// End the stream, or the connection, early.
    pub ending: Option<Ending>,
    /// Do this in one direction only.
    pub direction: Option<Direction>,
}

/// How a connection ends early, after this many bytes in one direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The receiver sees the end of the stream. What the sender sends after that is dropped.
    HalfClose(u64),
    /// Both programs see a reset, once the receiver has read these bytes.
    Reset(u64),
}

/// Called with each event, from several threads.
pub type Report = Arc<dyn Fn(&Event) + Send + Sync>;

/// A relay that listens, and does not relay yet.
pub struct Relay {
    listener: TcpListener,
    address: SocketAddr,
    to: SocketAddr,
    settings: Settings,
    report: Report,
}

/// A relay on its own threads, until this is dropped: then its connections are reset.
pub struct Running {
    address: SocketAddr,
    stop: Arc<AtomicBool>,
    connections: Arc<Mutex<Vec<Weak<Connection>>>>,
    thread: Option<JoinHandle<()>>,
}

impl Relay {
    /// Listen on `address`, and report that. Connections will lead to `to`.
    pub fn listen(
        address: SocketAddr,
        to: SocketAddr,
        settings: Settings,
        report: Report,
    ) -> io::Result<Relay> {
        let listener = TcpListener::bind(address)?;
        let address = listener.local_addr()?;
        report(&Event::Listening { address, to });
        Ok(Relay { listener, address, to, settings, report })
    }

    /// The address that it listens on, with the port that the kernel chose if port 0 was asked for.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Relay connections, each on threads of its own, until accepting one fails.
    pub fn run(self) -> io::Error {
        let never = AtomicBool::new(false);
        self.accept(&never, &Mutex::default())
    }

    /// Relay connections on threads of their own.
    pub fn start(self) -> Running {
        let (address, stop) = (self.address, Arc::new(AtomicBool::new(false)));
        let connections = Arc::new(Mutex::default());
        let thread = {
            let (stop, connections) = (Arc::clone(&stop), Arc::clone(&connections));
            thread::spawn(move || drop(self.accept(&stop, &connections)))
        };
        Running { address, stop, connections, thread: Some(thread) }
    }

    fn accept(self, stop: &AtomicBool, connections: &Mutex<Vec<Weak<Connection>>>) -> io::Error {
        let mut seeds = self.settings.seed.map(fastrand::Rng::with_seed);
        for number in 1.. {
            let (client, from) = match self.listener.accept() {
                Ok(accepted) => accepted,
                // The client has gone again.
                Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => continue,
                Err(error) => return error,
            };
            if stop.load(Ordering::Relaxed) {
                break;
            }
            (self.report)(&Event::Open { connection: number, client: from });
            let seed = seeds.as_mut().map(fastrand::Rng::fork);
            let (to, report) = (self.to, Arc::clone(&self.report));
            let settings =
                Settings { seed: seed.map(|mut it| it.u64(..)), ..self.settings.clone() };
            // Connecting may take long, and other clients must not wait for it.
            let open = Connection::new(number, client, report);
            let mut known = lock(connections);
            known.retain(|it| it.strong_count() > 0);
            known.push(Arc::downgrade(&open));
            drop(known);
            thread::spawn(move || open.relay(to, &settings));
        }
        io::ErrorKind::Interrupted.into()
    }
}

impl Running {
    /// The address that it listens on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        // A connection lets `accept` return.
        if TcpStream::connect(self.address).is_ok()
            && let Some(thread) = self.thread.take()
        {
            // If the thread has panicked, there is nothing left to stop.
            let _ = thread.join();
        }
        for connection in lock(&self.connections).iter().filter_map(Weak::upgrade) {
            connection.reset(By::Relay);
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
