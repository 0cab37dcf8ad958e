//! Serve many clients on one thread, by polling each in turn. The notes' program, unchanged.
//!
//! ```text
//! client:  h e l l o        server:  H E L L O          bytes; no header, no end of message
//! ```
//!
//! With one client that keeps sending, this works. Make it work with many clients.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::str;

/// The most bytes that one turn reads from one client: 64 KiB.
pub const BUDGET: usize = 64 * 1024;

/// Sends back what each client sends, with its ASCII letters in upper case.
#[derive(Debug)]
pub struct PollingServer {
    listener: TcpListener,
    clients: Vec<TcpStream>,
}

impl PollingServer {
    /// Serve the clients of `listener`, which no longer blocks from now on.
    pub fn new(listener: TcpListener) -> io::Result<Self> {
        listener.set_nonblocking(true)?;
        Ok(PollingServer { listener, clients: Vec::new() })
    }

    /// Accept all waiting clients, then serve each client once; return whether anything moved.
    ///
    /// Never waits. Reads at most [`BUDGET`] bytes from a client, and none from one that does not take
    /// its answers. Whatever happens to a client ends only that client: an error is the listener's.
    pub fn turn(&mut self) -> io::Result<bool> {
        match self.listener.accept() {
            Ok((stream, _)) => self.clients.push(stream),
            Err(error) if error.kind() == ErrorKind::WouldBlock => self.sweep()?,
            Err(error) => return Err(error),
        }
        Ok(true)
    }

    /// Return how many clients are connected.
    pub fn clients(&self) -> usize {
        self.clients.len()
    }

    /// Take turns until the listener fails, and sleep while nothing moves.
    pub fn serve(&mut self) -> io::Result<()> {
        loop {
            self.turn()?;
        }
    }

    /// Answer every client; collect the clients that have closed, and remove them afterwards.
    fn sweep(&mut self) -> io::Result<()> {
        let mut closed = Vec::new();
        for (index, client) in self.clients.iter_mut().enumerate() {
            let mut buffer = [0; 1024];
            match client.read(&mut buffer) {
                Ok(0) => closed.push(index),
                Ok(n) => {
                    let text = str::from_utf8(&buffer[..n])
                        .map_err(|error| io::Error::new(ErrorKind::InvalidData, error))?;
                    match client.write(text.to_uppercase().as_bytes()) {
                        Err(error) if error.kind() != ErrorKind::WouldBlock => return Err(error),
                        _ => {}
                    }
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                Err(error) => return Err(error),
            }
        }
        for index in closed.into_iter().rev() {
            self.clients.remove(index);
        }
        Ok(())
    }
}
