//! Right: three phases per turn (accept, read, send), and for each client an outbox of limited size
//! and a flag that says whether it has closed its sending side.

use std::collections::VecDeque;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

/// The most bytes that one turn reads from one client: 64 KiB.
pub const BUDGET: usize = 64 * 1024;

/// A client with this many unsent bytes is not read from.
const ENOUGH: usize = 4 * BUDGET;

/// Sends back what each client sends, with its ASCII letters in upper case.
#[derive(Debug)]
pub struct PollingServer {
    listener: TcpListener,
    clients: Vec<Client>,
}

#[derive(Debug)]
struct Client {
    stream: TcpStream,
    outbox: VecDeque<u8>,
    closed_its_side: bool,
    broken: bool,
}

impl PollingServer {
    /// Serve the clients of `listener`, which no longer blocks from now on.
    pub fn new(listener: TcpListener) -> io::Result<Self> {
        listener.set_nonblocking(true).map(|()| PollingServer { listener, clients: Vec::new() })
    }

    /// Accept all waiting clients, then serve each client once; return whether anything moved.
    pub fn turn(&mut self) -> io::Result<bool> {
        let accepted = self.accept()?;
        let read = self.clients.iter_mut().filter_map(Client::read).count();
        let sent = self.clients.iter_mut().filter_map(Client::send).count();
        let before = self.clients.len();
        self.clients.retain(|client| !client.is_done());
        Ok(accepted || read + sent > 0 || self.clients.len() < before)
    }

    /// Return how many clients are connected.
    pub fn clients(&self) -> usize {
        self.clients.len()
    }

    /// Take turns until the listener fails, and sleep while nothing moves.
    pub fn serve(&mut self) -> io::Result<()> {
        loop {
            if !self.turn()? {
                thread::sleep(Duration::from_millis(5));
            }
        }
    }

    fn accept(&mut self) -> io::Result<bool> {
        let before = self.clients.len();
        loop {
            match self.listener.accept() {
                Ok((stream, _)) => {
                    stream.set_nonblocking(true)?;
                    let outbox = VecDeque::new();
                    self.clients.push(Client {
                        stream,
                        outbox,
                        closed_its_side: false,
                        broken: false,
                    });
                }
                Err(error) => match error.kind() {
                    ErrorKind::WouldBlock => return Ok(self.clients.len() > before),
                    ErrorKind::ConnectionAborted | ErrorKind::Interrupted => {}
                    // A client that leaves frees a descriptor.
                    _ if !self.clients.is_empty() => return Ok(self.clients.len() > before),
                    _ => return Err(error),
                },
            }
        }
    }
}

impl Client {
    /// Read once, if there is room; return `None` if nothing came.
    fn read(&mut self) -> Option<()> {
        if self.broken || self.closed_its_side || self.outbox.len() >= ENOUGH {
            return None;
        }
        let mut buffer = [0; BUDGET];
        match self.stream.read(&mut buffer) {
            Ok(0) => self.closed_its_side = true,
            Ok(n) => self.outbox.extend(buffer[..n].iter().map(u8::to_ascii_uppercase)),
            Err(error) if is_temporary(&error) => return None,
            Err(_) => self.broken = true,
        }
        Some(())
    }

    /// Send the bytes that fit; return `None` if none did.
    fn send(&mut self) -> Option<()> {
        let before = self.outbox.len();
        while !self.broken && !self.outbox.is_empty() {
            let (front, _) = self.outbox.as_slices();
            match self.stream.write(front) {
                Ok(n) => drop(self.outbox.drain(..n)),
                Err(error) if is_temporary(&error) => break,
                Err(_) => self.broken = true,
            }
        }
        (self.outbox.len() < before).then_some(())
    }

    fn is_done(&self) -> bool {
        self.broken || self.closed_its_side && self.outbox.is_empty()
    }
}

fn is_temporary(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted)
}
