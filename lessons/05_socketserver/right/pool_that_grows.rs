//! Right: a pool of workers that grows when none is idle, and shrinks when too many are.

use std::collections::{HashMap, VecDeque};
use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream, ToSocketAddrs};
use std::panic::{self, AssertUnwindSafe};
use std::sync::{Condvar, Mutex, MutexGuard};
use std::thread::{self, ThreadId};
use std::time::Duration;

/// How many workers may be idle.
const SPARE: usize = 8;

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
    pool: Mutex<Pool>,
    changed: Condvar,
}

struct Pool {
    listener: Option<TcpListener>,
    closing: bool,
    accepting: bool,
    serving: bool,
    queue: VecDeque<TcpStream>,
    idle: usize,
    busy: HashMap<ThreadId, TcpStream>,
}

impl<H: Handler> ThreadingTcpServer<H> {
    /// Listen on `address`. `new_handler` makes the handler of each connection.
    pub fn bind(
        address: impl ToSocketAddrs,
        new_handler: impl Fn() -> H + Send + Sync + 'static,
    ) -> io::Result<Self> {
        let listener = TcpListener::bind(address)?;
        let address = listener.local_addr()?;
        let pool = Pool {
            listener: Some(listener),
            closing: false,
            accepting: false,
            serving: false,
            queue: VecDeque::new(),
            idle: 0,
            busy: HashMap::new(),
        };
        let new_handler = Box::new(new_handler);
        Ok(Self { address, new_handler, pool: Mutex::new(pool), changed: Condvar::new() })
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
        let mut pool = self.pool();
        let Some(listener) = pool.listener.take() else { return Ok(()) };
        (pool.accepting, pool.serving) = (true, true);
        drop(pool);
        thread::scope(|scope| {
            loop {
                let accepted = listener.accept();
                let mut pool = self.pool();
                if pool.closing {
                    break;
                }
                match accepted {
                    Ok((stream, _)) => pool.queue.push_back(stream),
                    Err(error) if error.kind() == ErrorKind::ConnectionAborted => continue,
                    Err(_) => {
                        drop(pool);
                        thread::sleep(Duration::from_millis(10));
                        continue;
                    }
                }
                if pool.idle < pool.queue.len()
                    && thread::Builder::new().spawn_scoped(scope, || self.work()).is_err()
                {
                    pool.queue.pop_back();
                }
                drop(pool);
                self.changed.notify_all();
            }
            drop(listener);
            self.pool().accepting = false;
            self.changed.notify_all();
        });
        self.pool().serving = false;
        self.changed.notify_all();
        Ok(())
    }

    /// Accept no more clients, end every conversation, and wait until every handler has finished.
    ///
    /// May be called from any thread, and more than once. Ends a conversation by ending its stream in both
    /// directions; if a handler waits for anything else, `shutdown` waits for the handler. If a handler of
    /// this server calls it, it does not wait: the handler would wait for itself.
    pub fn shutdown(&self) {
        let mut pool = self.pool();
        pool.closing = true;
        pool.listener = None;
        pool.queue.clear();
        for stream in pool.busy.values() {
            let _ = stream.shutdown(Shutdown::Both);
        }
        self.changed.notify_all();
        let by_a_worker = pool.busy.contains_key(&thread::current().id());
        while pool.accepting {
            drop(pool);
            let _ = TcpStream::connect_timeout(&self.address, Duration::from_millis(50));
            pool = self.pool();
        }
        if !by_a_worker {
            drop(self.changed.wait_while(pool, |pool| pool.serving).unwrap());
        }
    }

    /// Hold one conversation after another, until too many workers are idle.
    fn work(&self) {
        let mut pool = self.pool();
        loop {
            // The lock is released while this worker waits, and during a conversation.
            let Some(mut stream) = pool.queue.pop_front() else {
                if pool.closing || pool.idle == SPARE {
                    return;
                }
                pool.idle += 1;
                pool = self.changed.wait(pool).unwrap();
                pool.idle -= 1;
                continue;
            };
            if pool.closing {
                return;
            }
            let Ok(clone) = stream.try_clone() else { continue };
            pool.busy.insert(thread::current().id(), clone);
            drop(pool);
            let life = AssertUnwindSafe(|| live((self.new_handler)(), &mut stream));
            // A panic of a handler must not cost the pool a worker.
            let _ = panic::catch_unwind(life);
            pool = self.pool();
            pool.busy.remove(&thread::current().id());
        }
    }

    fn pool(&self) -> MutexGuard<'_, Pool> {
        self.pool.lock().unwrap()
    }
}

fn live(mut handler: impl Handler, stream: &mut TcpStream) {
    if handler.setup(stream).is_err() {
        return;
    }
    let _ = panic::catch_unwind(AssertUnwindSafe(|| handler.handle(stream)));
    let _ = handler.finish(stream);
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
