//! Right: a list of handles; threads that have ended are joined and taken out of it.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream, ToSocketAddrs};
use std::panic::{self, AssertUnwindSafe};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
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

thread_local! {
    /// The number of the server whose handler runs on this thread.
    static SERVES: Cell<Option<u64>> = const { Cell::new(None) };
}

/// A TCP server with a handler and a thread for each client.
pub struct ThreadingTcpServer<H> {
    number: u64,
    address: SocketAddr,
    listener: Mutex<Option<TcpListener>>,
    new_handler: Arc<dyn Fn() -> H + Send + Sync>,
    closing: AtomicBool,
    open: Arc<Mutex<BTreeMap<u64, TcpStream>>>,
    serving: Mutex<bool>,
    stopped: Condvar,
}

impl<H: Handler> ThreadingTcpServer<H> {
    /// Listen on `address`. `new_handler` makes the handler of each connection.
    pub fn bind(
        address: impl ToSocketAddrs,
        new_handler: impl Fn() -> H + Send + Sync + 'static,
    ) -> io::Result<Self> {
        static NUMBERS: AtomicU64 = AtomicU64::new(0);
        let listener = TcpListener::bind(address)?;
        Ok(Self {
            number: NUMBERS.fetch_add(1, Ordering::Relaxed),
            address: listener.local_addr()?,
            listener: Mutex::new(Some(listener)),
            new_handler: Arc::new(new_handler),
            closing: AtomicBool::new(false),
            open: Arc::default(),
            serving: Mutex::new(false),
            stopped: Condvar::new(),
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
        let mut serving = self.serving.lock().expect("never poisoned");
        let Some(listener) = self.listener.lock().expect("never poisoned").take() else {
            return Ok(());
        };
        *serving = true;
        drop(serving);
        let mut threads: Vec<JoinHandle<()>> = Vec::new();
        for number in 0.. {
            let accepted = listener.accept();
            // Check the flag after accept, and end the connections after the flag: none is missed.
            if self.closing.load(Ordering::SeqCst) {
                break;
            }
            let (done, going): (Vec<_>, Vec<_>) =
                threads.into_iter().partition(JoinHandle::is_finished);
            threads = going;
            done.into_iter().for_each(|thread| drop(thread.join()));
            match accepted.and_then(|(stream, _)| self.start(number, stream)) {
                Ok(thread) => threads.push(thread),
                Err(error) if error.kind() == ErrorKind::ConnectionAborted => {}
                Err(_) => thread::sleep(Duration::from_millis(10)),
            }
        }
        drop(listener);
        self.end_all();
        threads.into_iter().for_each(|thread| drop(thread.join()));
        *self.serving.lock().expect("never poisoned") = false;
        self.stopped.notify_all();
        Ok(())
    }

    /// Accept no more clients, end every conversation, and wait until every handler has finished.
    ///
    /// May be called from any thread, and more than once. Ends a conversation by ending its stream in both
    /// directions; if a handler waits for anything else, `shutdown` waits for the handler. If a handler of
    /// this server calls it, it does not wait: the handler would wait for itself.
    pub fn shutdown(&self) {
        self.closing.store(true, Ordering::SeqCst);
        let serving = self.serving.lock().expect("never poisoned");
        drop(self.listener.lock().expect("never poisoned").take());
        self.end_all();
        if *serving {
            let _ = TcpStream::connect_timeout(&self.address, Duration::from_millis(100));
        }
        if SERVES.get() != Some(self.number) {
            let stopped = self.stopped.wait_while(serving, |serving| *serving);
            drop(stopped.expect("never poisoned"));
        }
    }

    fn end_all(&self) {
        for stream in self.open.lock().unwrap_or_else(PoisonError::into_inner).values() {
            let _ = stream.shutdown(Shutdown::Both);
        }
    }

    fn start(&self, number: u64, stream: TcpStream) -> io::Result<JoinHandle<()>> {
        let clone = stream.try_clone()?;
        let registered = Registered { number, open: Arc::clone(&self.open) };
        self.open.lock().unwrap_or_else(PoisonError::into_inner).insert(number, clone);
        let (new_handler, server) = (Arc::clone(&self.new_handler), self.number);
        thread::Builder::new().name(format!("connection {number}")).spawn(move || {
            SERVES.set(Some(server));
            let _ = panic::catch_unwind(AssertUnwindSafe(|| converse(new_handler(), stream)));
            drop(registered);
        })
    }
}

/// An entry in the table of open connections, removed when this is dropped: even after a panic.
struct Registered {
    number: u64,
    open: Arc<Mutex<BTreeMap<u64, TcpStream>>>,
}

impl Drop for Registered {
    fn drop(&mut self) {
        self.open.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.number);
    }
}

fn converse(mut handler: impl Handler, mut stream: TcpStream) -> io::Result<()> {
    handler.setup(&mut stream)?;
    // Dropping this calls `finish`, whichever way this function ends.
    let mut finishing = Finishing(handler, stream);
    let Finishing(handler, stream) = &mut finishing;
    handler.handle(stream)
}

struct Finishing<H: Handler>(H, TcpStream);

impl<H: Handler> Drop for Finishing<H> {
    fn drop(&mut self) {
        let Finishing(handler, stream) = self;
        // A panic while another one unwinds would end the process.
        let _ = panic::catch_unwind(AssertUnwindSafe(|| handler.finish(stream)));
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
