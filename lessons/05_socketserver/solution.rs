//! Serve each client on its own thread, and end every conversation at shutdown.
//!
//! ```text
//! Ticker    server: hello … hello … hello, one every half second, until the client has gone
//! Greeter   server: Welcome!   client: Tracy   server: Hello, Tracy!   …   client: exit
//! ```

use std::collections::HashMap;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream, ToSocketAddrs};
use std::panic::{self, AssertUnwindSafe};
use std::sync::{Mutex, MutexGuard};
use std::thread::{self, ThreadId};
use std::time::Duration;

/// A conversation with one client. Every connection has its own handler.
///
/// The server calls `setup`, `handle` and `finish` in this order, on the connection's thread, and only
/// then closes the connection. An error or a panic in one of them ends only this conversation.
pub trait Handler: Send + 'static {
    /// Prepare the conversation. If this fails, neither `handle` nor `finish` is called.
    fn setup(&mut self, _stream: &mut TcpStream) -> io::Result<()> {
        Ok(())
    }

    /// Hold the conversation, and return when it is over.
    fn handle(&mut self, stream: &mut TcpStream) -> io::Result<()>;

    /// Clean up. Called exactly once if `setup` succeeded, even if `handle` failed or panicked.
    fn finish(&mut self, _stream: &mut TcpStream) -> io::Result<()> {
        Ok(())
    }
}

/// A TCP server with a handler and a thread for each client.
pub struct ThreadingTcpServer<H> {
    address: SocketAddr,
    new_handler: Box<dyn Fn() -> H + Send + Sync>,
    /// Locked while the server serves: `shutdown` waits for the lock. `None` once serving has begun.
    listener: Mutex<Option<TcpListener>>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    closing: bool,
    /// A clone of each open connection, for `shutdown`, under the thread that serves it.
    connections: HashMap<ThreadId, TcpStream>,
}

impl<H: Handler> ThreadingTcpServer<H> {
    /// Listen on `address`. `new_handler` makes the handler of each connection.
    pub fn bind(
        address: impl ToSocketAddrs,
        new_handler: impl Fn() -> H + Send + Sync + 'static,
    ) -> io::Result<Self> {
        let listener = TcpListener::bind(address)?;
        Ok(Self {
            address: listener.local_addr()?,
            new_handler: Box::new(new_handler),
            listener: Mutex::new(Some(listener)),
            state: Mutex::default(),
        })
    }

    /// Return the address that the server listens on.
    pub fn local_addr(&self) -> SocketAddr {
        self.address
    }

    /// Serve clients until [`shutdown`](Self::shutdown) is called, and return when the last handler has
    /// finished.
    ///
    /// Returns `Ok` at once after a shutdown, or if another thread serves already. No error of a client or of
    /// `accept` ends the server.
    pub fn serve_forever(&self) -> io::Result<()> {
        // The lock is held until this function returns.
        let Ok(mut bound) = self.listener.try_lock() else { return Ok(()) };
        let Some(listener) = bound.take() else { return Ok(()) };
        // The end of the scope joins all of its threads.
        thread::scope(|scope| {
            while !self.lock().closing {
                let accepted = listener.accept().and_then(|(stream, _)| {
                    let clone = stream.try_clone()?;
                    thread::Builder::new().spawn_scoped(scope, || self.converse(stream, clone))
                });
                if accepted.is_err() {
                    // Without free descriptors (EMFILE) the next try fails just as fast: do not spin.
                    thread::sleep(Duration::from_millis(20));
                }
            }
            // From here on new connections are refused.
            drop(listener);
        });
        Ok(())
    }

    /// Accept no more clients, end every conversation, and wait until every handler has finished.
    ///
    /// May be called from any thread that runs no handler of this server, and more than once. Ends a
    /// conversation by ending its stream in both directions; if a handler waits for anything else, `shutdown`
    /// waits for the handler.
    pub fn shutdown(&self) {
        let mut state = self.lock();
        state.closing = true;
        for stream in state.connections.values() {
            // A thread blocked in read or write checks no flag, but it sees the end of its stream.
            let _ = stream.shutdown(Shutdown::Both);
        }
        drop(state);
        // A thread blocked in accept checks no flag either, but a connection wakes it. When it has returned, the
        // port may belong to another server.
        if self.listener.try_lock().is_err() {
            let _ = TcpStream::connect(self.address);
        }
        // This waits until `serve_forever` has returned. If it was never called, the listener closes here.
        self.listener.lock().expect("serve_forever does not panic").take();
    }

    /// Run one conversation, and contain whatever goes wrong in its handler.
    fn converse(&self, mut stream: TcpStream, clone: TcpStream) {
        let mut state = self.lock();
        if state.closing {
            return;
        }
        state.connections.insert(thread::current().id(), clone);
        drop(state);
        let _ = panic::catch_unwind(AssertUnwindSafe(|| run((self.new_handler)(), &mut stream)));
        // The connection stays open as long as any clone of the stream does.
        self.lock().connections.remove(&thread::current().id());
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no handler runs under this lock, so no panic poisons it")
    }
}

/// Call `setup`, `handle` and `finish` of a handler.
fn run(mut handler: impl Handler, stream: &mut TcpStream) -> io::Result<()> {
    handler.setup(stream)?;
    let _ = panic::catch_unwind(AssertUnwindSafe(|| handler.handle(stream)));
    handler.finish(stream)
}

/// Sends `hello` at once, and then once per period, until the client has gone.
///
/// A client that only stops sending is still there.
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

/// Return whether a write failed because the peer has gone.
fn has_gone(error: &io::Error) -> bool {
    // Reset: the peer left bytes unread. Broken pipe: it had closed its socket before. Windows: aborted.
    use ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset};
    matches!(error.kind(), BrokenPipe | ConnectionReset | ConnectionAborted)
}

/// Greets its client once per name, until `exit` or the end of the stream.
///
/// A name is what one read returns, up to 1024 bytes: this wire has no message boundaries.
#[derive(Default)]
pub struct Greeter;

impl Handler for Greeter {
    fn handle(&mut self, stream: &mut TcpStream) -> io::Result<()> {
        stream.write_all(b"Welcome!")?;
        let mut buffer = [0; 1024];
        loop {
            let n = stream.read(&mut buffer)?;
            match &buffer[..n] {
                // Reading 0 bytes means that the client has closed its side.
                b"" | b"exit" => return Ok(()),
                // One write, so that it usually arrives in one read: the notes' clients read once.
                name => stream.write_all(&[b"Hello, ", name, b"!"].concat())?,
            }
        }
    }
}
