//! Right: an accept loop that never blocks. It checks for clients and for a shutdown in turn, as CPython's
//! `socketserver` does.

use std::collections::HashMap;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream, ToSocketAddrs};
use std::panic::{self, AssertUnwindSafe};
use std::sync::{Condvar, Mutex};
use std::thread::{self, ThreadId};
use std::time::Duration;

/// How long the accept loop sleeps between two checks: a client or a shutdown is noticed that much later.
const LOOK: Duration = Duration::from_millis(2);

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
    state: Mutex<(State, HashMap<ThreadId, TcpStream>)>,
    changed: Condvar,
}

enum State {
    Bound(TcpListener),
    Serving,
    Closing,
    Over,
}

impl<H: Handler> ThreadingTcpServer<H> {
    /// Listen on `address`. `new_handler` makes the handler of each connection.
    pub fn bind(
        address: impl ToSocketAddrs,
        new_handler: impl Fn() -> H + Send + Sync + 'static,
    ) -> io::Result<Self> {
        let listener = TcpListener::bind(address)?;
        listener.set_nonblocking(true)?;
        Ok(Self {
            address: listener.local_addr()?,
            new_handler: Box::new(new_handler),
            state: Mutex::new((State::Bound(listener), HashMap::new())),
            changed: Condvar::new(),
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
        let mut state = self.state.lock().unwrap();
        if !matches!(state.0, State::Bound(_)) {
            return Ok(());
        }
        let State::Bound(listener) = std::mem::replace(&mut state.0, State::Serving) else {
            unreachable!("checked above")
        };
        drop(state);
        thread::scope(|scope| {
            loop {
                match listener.accept() {
                    // On some systems the new socket inherits the listener's mode (accept(2)).
                    Ok((stream, _)) if stream.set_nonblocking(false).is_ok() => {
                        let conversation = move || self.converse(stream);
                        let _ = thread::Builder::new().spawn_scoped(scope, conversation);
                        continue;
                    }
                    Ok(_) => {}
                    Err(error) if error.kind() == ErrorKind::ConnectionAborted => continue,
                    // No client, or no descriptor for it: check again a little later.
                    Err(_) => {}
                }
                let state = self.state.lock().unwrap();
                if !matches!(state.0, State::Serving) {
                    break;
                }
                drop(self.changed.wait_timeout(state, LOOK).unwrap());
            }
            drop(listener);
        });
        self.state.lock().unwrap().0 = State::Over;
        self.changed.notify_all();
        Ok(())
    }

    /// Accept no more clients, end every conversation, and wait until every handler has finished.
    ///
    /// May be called from any thread, and more than once. Ends a conversation by ending its stream in both
    /// directions; if a handler waits for anything else, `shutdown` waits for the handler. If a handler of
    /// this server calls it, it does not wait: the handler would wait for itself.
    pub fn shutdown(&self) {
        let mut state = self.state.lock().unwrap();
        match state.0 {
            State::Bound(_) => state.0 = State::Over,
            State::Serving => state.0 = State::Closing,
            State::Closing | State::Over => {}
        }
        self.changed.notify_all();
        for stream in state.1.values() {
            let _ = stream.shutdown(Shutdown::Both);
        }
        if state.1.contains_key(&thread::current().id()) {
            return;
        }
        let over = |state: &mut (State, _)| matches!(state.0, State::Over);
        drop(self.changed.wait_while(state, |state| !over(state)).unwrap());
    }

    fn converse(&self, mut stream: TcpStream) {
        let Ok(clone) = stream.try_clone() else { return };
        let mut state = self.state.lock().unwrap();
        if !matches!(state.0, State::Serving) {
            return;
        }
        state.1.insert(thread::current().id(), clone);
        drop(state);
        let life = AssertUnwindSafe(|| {
            let mut handler = (self.new_handler)();
            if handler.setup(&mut stream).is_ok() {
                let handled = panic::catch_unwind(AssertUnwindSafe(|| {
                    let _ = handler.handle(&mut stream);
                }));
                let _ = handler.finish(&mut stream);
                drop(handled);
            }
        });
        let _ = panic::catch_unwind(life);
        let _ = stream.shutdown(Shutdown::Both);
        self.state.lock().unwrap().1.remove(&thread::current().id());
    }
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
            let n = match stream.read(&mut buffer) {
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                result => result?,
            };
            match &buffer[..n] {
                // Reading 0 bytes means that the client has closed its side.
                b"" | b"exit" => return Ok(()),
                // One write, so that it usually arrives in one read: the notes' clients read once.
                name => stream.write_all(&[b"Hello, ", name, b"!"].concat())?,
            }
        }
    }
}
