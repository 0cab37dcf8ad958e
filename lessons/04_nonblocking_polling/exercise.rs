//! Serve many clients on one thread, by asking each in turn. The notes' program, as the notes have it.
//!
//! ```text
//! client:  h e l l o        server:  H E L L O          bytes; no header, no end of message
//! ```
//!
//! With one client that keeps talking, this works. Make it work with a room full of them.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::str;

/// How many bytes are read from one client in one turn, at most: 64 KiB.
pub const BUDGET: usize = 64 * 1024;

/// Sends back what each client sends, with its ASCII letters in upper case.
#[derive(Debug)]
pub struct PollingServer {
    listener: TcpListener,
    clients: Vec<TcpStream>,
}

impl PollingServer {
    /// Serve whoever calls at `listener`, which no longer blocks from here on.
    pub fn new(listener: TcpListener) -> io::Result<Self> {
        listener.set_nonblocking(true)?;
        Ok(PollingServer { listener, clients: Vec::new() })
    }

    /// Let in all who wait, then serve each client once; say whether anything moved.
    ///
    /// Never waits. Reads at most [`BUDGET`] bytes from a client, and nothing from one that does not
    /// take its answers. What happens to a client ends that client only: an error is the listener's.
    pub fn turn(&mut self) -> io::Result<bool> {
        match self.listener.accept() {
            Ok((stream, _)) => self.clients.push(stream),
            Err(error) if error.kind() == ErrorKind::WouldBlock => self.sweep()?,
            Err(error) => return Err(error),
        }
        Ok(true)
    }

    /// How many clients are connected.
    pub fn clients(&self) -> usize {
        self.clients.len()
    }

    /// Take turns until the listener fails, and rest while nothing moves.
    pub fn serve(&mut self) -> io::Result<()> {
        loop {
            self.turn()?;
        }
    }

    /// Answer every client; collect those that have closed, and remove them afterwards.
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
