//! Right: three phases a turn (let in, read, send), an outbox of bounded size for each client, and a
//! note whether the client has said its last word.

use std::collections::VecDeque;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

/// How many bytes are read from one client in one turn, at most: 64 KiB.
pub const BUDGET: usize = 64 * 1024;

/// With so many bytes owed to it, a client is not read from.
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
    said_its_last: bool,
    broken: bool,
}

impl PollingServer {
    /// Serve whoever calls at `listener`, which no longer blocks from here on.
    pub fn new(listener: TcpListener) -> io::Result<Self> {
        listener.set_nonblocking(true).map(|()| PollingServer { listener, clients: Vec::new() })
    }

    /// Let in all who wait, then serve each client once; say whether anything moved.
    pub fn turn(&mut self) -> io::Result<bool> {
        let let_in = self.accept()?;
        let read = self.clients.iter_mut().filter_map(Client::read).count();
        let sent = self.clients.iter_mut().filter_map(Client::send).count();
        let before = self.clients.len();
        self.clients.retain(|client| !client.is_done());
        Ok(let_in || read + sent > 0 || self.clients.len() < before)
    }

    /// How many clients are connected.
    pub fn clients(&self) -> usize {
        self.clients.len()
    }

    /// Take turns until the listener fails, and rest while nothing moves.
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
                        said_its_last: false,
                        broken: false,
                    });
                }
                Err(error) => match error.kind() {
                    ErrorKind::WouldBlock => return Ok(self.clients.len() > before),
                    ErrorKind::ConnectionAborted | ErrorKind::Interrupted => {}
                    // Whoever leaves gives a descriptor back.
                    _ if !self.clients.is_empty() => return Ok(self.clients.len() > before),
                    _ => return Err(error),
                },
            }
        }
    }
}

impl Client {
    /// Read once, if there is room; `None` if nothing came.
    fn read(&mut self) -> Option<()> {
        if self.broken || self.said_its_last || self.outbox.len() >= ENOUGH {
            return None;
        }
        let mut buffer = [0; BUDGET];
        match self.stream.read(&mut buffer) {
            Ok(0) => self.said_its_last = true,
            Ok(n) => self.outbox.extend(buffer[..n].iter().map(u8::to_ascii_uppercase)),
            Err(error) if is_passing(&error) => return None,
            Err(_) => self.broken = true,
        }
        Some(())
    }

    /// Send what fits; `None` if nothing did.
    fn send(&mut self) -> Option<()> {
        let before = self.outbox.len();
        while !self.broken && !self.outbox.is_empty() {
            let (front, _) = self.outbox.as_slices();
            match self.stream.write(front) {
                Ok(n) => drop(self.outbox.drain(..n)),
                Err(error) if is_passing(&error) => break,
                Err(_) => self.broken = true,
            }
        }
        (self.outbox.len() < before).then_some(())
    }

    fn is_done(&self) -> bool {
        self.broken || self.said_its_last && self.outbox.is_empty()
    }
}

fn is_passing(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted)
}
