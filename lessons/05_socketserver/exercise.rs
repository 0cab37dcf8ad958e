//! Serve every client on a thread of its own. The notes' program, as the notes have it.
//!
//! ```text
//! Ticker    server: hello … hello … hello, one every half second, until the client has gone
//! Greeter   server: Welcome!   client: Tracy   server: Hello, Tracy!   …   client: exit
//! ```
//!
//! With friendly clients, and for as long as nobody wants it to stop, this works.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream, ToSocketAddrs};
use std::str;
use std::thread;
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

/// A TCP server that gives each client a handler and a thread of its own.
pub struct ThreadingTcpServer<H> {
    address: SocketAddr,
    new_handler: Box<dyn Fn() -> H + Send + Sync>,
    listener: TcpListener,
}

impl<H: Handler> ThreadingTcpServer<H> {
    /// Listen on `address`; `new_handler` makes the handler of each connection.
    pub fn bind(
        address: impl ToSocketAddrs,
        new_handler: impl Fn() -> H + Send + Sync + 'static,
    ) -> io::Result<Self> {
        let listener = TcpListener::bind(address)?;
        let address = listener.local_addr()?;
        Ok(Self { address, new_handler: Box::new(new_handler), listener })
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
        loop {
            let (mut stream, _) = self.listener.accept()?;
            let mut handler = (self.new_handler)();
            thread::spawn(move || -> io::Result<()> {
                handler.setup(&mut stream)?;
                handler.handle(&mut stream)?;
                handler.finish(&mut stream)
            });
        }
    }

    /// Take on no more clients, end every conversation, and wait until the last handler has finished.
    ///
    /// May be called from any thread, at any time, any number of times. Called by a handler of this
    /// server it does not wait: the handler would wait for itself. A conversation is ended by ending
    /// its stream both ways; a handler that waits for something else is waited for.
    pub fn shutdown(&self) {
        // The notes' server is ended from outside, with Ctrl-C.
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
                Err(error) if error.kind() == ErrorKind::ConnectionReset => return Ok(()),
                Err(error) => return Err(error),
            }
        }
    }
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
            let n = stream.read(&mut buffer)?;
            let name = str::from_utf8(&buffer[..n]).map_err(io::Error::other)?;
            if name.is_empty() || name == "exit" {
                return Ok(());
            }
            stream.write_all(format!("Hello, {name}!").as_bytes())?;
        }
    }
}
