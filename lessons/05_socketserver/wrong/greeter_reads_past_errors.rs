//! Caught by a_reset_is_an_error_to_a_greeter: ResetLooksComplete.
//!
//! Whatever the error of a read, it reads again: behind a reset it finds an end that nobody said.

use std::collections::HashMap;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{Ipv4Addr, Ipv6Addr, Shutdown, SocketAddr, TcpListener, TcpStream, ToSocketAddrs};
use std::panic::{self, AssertUnwindSafe};
use std::sync::{Condvar, Mutex, MutexGuard};
use std::thread::{self, ThreadId};
use std::time::Duration;

/// How long the server rests when nothing can be accepted, and between two tries to wake it.
const REST: Duration = Duration::from_millis(20);

/// One conversation with one client. Every connection has a handler of its own.
///
/// The server calls `setup`, `handle` and `finish` in this order, on the connection's thread, and then
/// closes the connection. An error or a panic in one of them ends this conversation and no other.
pub trait Handler: Send + 'static {
    /// Prepare the conversation. If this fails, neither `handle` nor `finish` is called.
    fn setup(&mut self, _stream: &mut TcpStream) -> io::Result<()> {
        Ok(())
    }

    /// Hold the conversation; return when it is over.
    fn handle(&mut self, stream: &mut TcpStream) -> io::Result<()>;

    /// Clean up: called exactly once if `setup` succeeded, also when `handle` failed or panicked.
    fn finish(&mut self, _stream: &mut TcpStream) -> io::Result<()> {
        Ok(())
    }
}

/// A TCP server that gives each client a handler and a thread of its own.
pub struct ThreadingTcpServer<H> {
    address: SocketAddr,
    new_handler: Box<dyn Fn() -> H + Send + Sync>,
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    /// Taken by whoever serves.
    listener: Option<TcpListener>,
    closing: bool,
    accepting: bool,
    /// As `accepting`, and until the last handler has finished.
    serving: bool,
    /// A clone of each open connection, under the thread that serves it: how `shutdown` reaches it.
    connections: HashMap<ThreadId, TcpStream>,
}

impl<H: Handler> ThreadingTcpServer<H> {
    /// Listen on `address`; `new_handler` makes the handler of each connection.
    pub fn bind(
        address: impl ToSocketAddrs,
        new_handler: impl Fn() -> H + Send + Sync + 'static,
    ) -> io::Result<Self> {
        let listener = TcpListener::bind(address)?;
        let address = listener.local_addr()?;
        let state = State {
            listener: Some(listener),
            closing: false,
            accepting: false,
            serving: false,
            connections: HashMap::new(),
        };
        Ok(Self {
            address,
            new_handler: Box::new(new_handler),
            state: Mutex::new(state),
            changed: Condvar::new(),
        })
    }

    /// The address that the server listens on.
    pub fn local_addr(&self) -> SocketAddr {
        self.address
    }

    /// Serve clients until [`shutdown`](Self::shutdown) is called, and return when all are done.
    ///
    /// Returns at once when `shutdown` came first, or when another thread serves already. No error of
    /// a client or of `accept` ends the server.
    pub fn serve_forever(&self) -> io::Result<()> {
        let mut state = self.lock();
        let Some(listener) = state.listener.take() else { return Ok(()) };
        (state.accepting, state.serving) = (true, true);
        drop(state);
        // The scope ends when the last of its threads does: this is what joins them.
        thread::scope(|scope| {
            while !self.lock().closing {
                let accepted = listener.accept().and_then(|(stream, _)| {
                    let clone = stream.try_clone()?;
                    thread::Builder::new().spawn_scoped(scope, || self.converse(stream, clone))
                });
                match accepted {
                    Ok(_) => {}
                    // This caller has gone already; the next one need not wait.
                    Err(error) if error.kind() == ErrorKind::ConnectionAborted => {}
                    // Out of descriptors (EMFILE) or of threads: trying again at once would only spin.
                    Err(_) => thread::sleep(REST),
                }
            }
            // From here on callers are refused.
            drop(listener);
            self.lock().accepting = false;
            self.changed.notify_all();
        });
        self.lock().serving = false;
        self.changed.notify_all();
        Ok(())
    }

    /// Take on no more clients, end every conversation, and wait until the last handler has finished.
    ///
    /// May be called from any thread, at any time, any number of times. Called by a handler of this
    /// server it does not wait: the handler would wait for itself. A conversation is ended by ending
    /// its stream both ways; a handler that waits for something else is waited for.
    pub fn shutdown(&self) {
        let mut state = self.lock();
        state.closing = true;
        // Nobody serves yet, then nobody will.
        state.listener = None;
        for stream in state.connections.values() {
            // A thread blocked in read or write sees no flag, but it sees the end of its stream.
            let _ = stream.shutdown(Shutdown::Both);
        }
        let by_a_handler = state.connections.contains_key(&thread::current().id());
        while state.accepting {
            drop(state);
            self.wake_accept();
            let waited = self.changed.wait_timeout_while(self.lock(), REST, |it| it.accepting);
            state = waited.expect(UNPOISONED).0;
        }
        if !by_a_handler {
            drop(self.changed.wait_while(state, |it| it.serving).expect(UNPOISONED));
        }
    }

    /// Make `accept` return: it sees no flag, but it sees a caller.
    fn wake_accept(&self) {
        let mut address = self.address;
        // "Any address" is one to listen on, not one to call.
        match address {
            _ if !address.ip().is_unspecified() => {}
            SocketAddr::V4(_) => address.set_ip(Ipv4Addr::LOCALHOST.into()),
            SocketAddr::V6(_) => address.set_ip(Ipv6Addr::LOCALHOST.into()),
        }
        // If this fails (no descriptor is left, the line of callers is full) it is tried again.
        let _ = TcpStream::connect_timeout(&address, REST);
    }

    /// Hold one conversation, whatever becomes of its handler.
    fn converse(&self, mut stream: TcpStream, clone: TcpStream) {
        let mut state = self.lock();
        if state.closing {
            return;
        }
        state.connections.insert(thread::current().id(), clone);
        drop(state);
        // The error or the panic of a handler goes no further than this: its client's line closes.
        let _ =
            panic::catch_unwind(AssertUnwindSafe(|| run(&mut (self.new_handler)(), &mut stream)));
        // Dropping the clone closes the line: the peer sees the end when no descriptor is left.
        self.lock().connections.remove(&thread::current().id());
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect(UNPOISONED)
    }
}

const UNPOISONED: &str = "no handler runs under this lock, so no panic poisons it";

/// Take a handler through its life.
fn run(handler: &mut impl Handler, stream: &mut TcpStream) -> io::Result<()> {
    handler.setup(stream)?;
    let handled = panic::catch_unwind(AssertUnwindSafe(|| handler.handle(stream)));
    let finished = handler.finish(stream);
    handled.unwrap_or_else(|panic| panic::resume_unwind(panic)).and(finished)
}

/// Sends `hello`, at once and then once a period, until the client has gone.
pub struct Ticker {
    /// The time between two ticks; half a second by default.
    pub period: Duration,
}

impl Default for Ticker {
    fn default() -> Self {
        Self { period: Duration::from_millis(500) }
    }
}

impl Handler for Ticker {
    fn handle(&mut self, stream: &mut TcpStream) -> io::Result<()> {
        loop {
            match stream.write_all(b"hello") {
                Ok(()) => thread::sleep(self.period),
                Err(error) if has_gone(&error) => return Ok(()),
                Err(error) => return Err(error),
            }
        }
    }
}

/// Whether the error is the way in which one learns that the peer has gone.
fn has_gone(error: &io::Error) -> bool {
    // It left bytes unread (reset), or had closed its side before (broken pipe); Windows says aborted.
    use ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset};
    matches!(error.kind(), BrokenPipe | ConnectionReset | ConnectionAborted)
}

/// Greets its client by name, message after message, until `exit` or the end of the stream.
///
/// A name is the up to 1024 bytes that one read brings: this wire has no boundaries.
#[derive(Default)]
pub struct Greeter;

impl Handler for Greeter {
    fn handle(&mut self, stream: &mut TcpStream) -> io::Result<()> {
        stream.write_all(b"Welcome!")?;
        let mut buffer = [0; 1024];
        loop {
            let n = match stream.read(&mut buffer) {
                Err(_) => continue,
                Ok(n) => n,
            };
            match &buffer[..n] {
                // Reading 0 bytes means that the client has closed its side.
                b"" | b"exit" => return Ok(()),
                // In one write, and so with luck in one read: the notes' clients read once.
                name => stream.write_all(&[b"Hello, ", name, b"!"].concat())?,
            }
        }
    }
}
