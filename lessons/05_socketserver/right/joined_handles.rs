//! Right: threads that are joined by hand: a list of handles, from which those that are over are taken.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream, ToSocketAddrs};
use std::panic::{self, AssertUnwindSafe};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

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

thread_local! {
    /// The number of the server whose handler runs on this thread.
    static SERVES: Cell<Option<u64>> = const { Cell::new(None) };
}

/// A TCP server that gives each client a handler and a thread of its own.
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
    /// Listen on `address`; `new_handler` makes the handler of each connection.
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

    /// The address that the server listens on.
    pub fn local_addr(&self) -> SocketAddr {
        self.address
    }

    /// Serve clients until [`shutdown`](Self::shutdown) is called, and return when all are done.
    ///
    /// Returns at once when `shutdown` came first, or when another thread serves already. No error of
    /// a client or of `accept` ends the server.
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
            // The flag after accept, and the connections after the flag: none is overlooked.
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

    /// Take on no more clients, end every conversation, and wait until the last handler has finished.
    ///
    /// May be called from any thread, at any time, any number of times. Called by a handler of this
    /// server it does not wait: the handler would wait for itself. A conversation is ended by ending
    /// its stream both ways; a handler that waits for something else is waited for.
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

/// A place in the table of open connections; it is given back whatever happens.
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
    // What is dropped last is done last, whichever way this function is left.
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
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                result => result?,
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
