//! Right: reads of 4 KiB until a client's share of the turn is used up, and a map of the clients by
//! number.

use std::collections::BTreeMap;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

/// The most bytes that one turn reads from one client: 64 KiB.
pub const BUDGET: usize = 64 * 1024;

/// Sends back what each client sends, with its ASCII letters in upper case.
#[derive(Debug)]
pub struct PollingServer {
    listener: TcpListener,
    clients: BTreeMap<u64, Client>,
    next_number: u64,
}

#[derive(Debug)]
struct Client {
    stream: TcpStream,
    answer: Vec<u8>,
}

impl PollingServer {
    /// Serve the clients of `listener`, which no longer blocks from now on.
    pub fn new(listener: TcpListener) -> io::Result<Self> {
        listener.set_nonblocking(true)?;
        Ok(PollingServer { listener, clients: BTreeMap::new(), next_number: 0 })
    }

    /// Accept all waiting clients, then serve each client once; return whether anything moved.
    pub fn turn(&mut self) -> io::Result<bool> {
        let mut moved = false;
        for accepted in self.listener.incoming() {
            match accepted {
                Ok(stream) => {
                    stream.set_nonblocking(true)?;
                    let client = Client { stream, answer: Vec::new() };
                    self.clients.insert(self.next_number, client);
                    self.next_number += 1;
                    moved = true;
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                // The new client waits in the backlog, and is accepted when another one has left.
                Err(_) if !self.clients.is_empty() => break,
                Err(error) => return Err(error),
            }
        }
        let mut left = Vec::new();
        for (number, client) in &mut self.clients {
            match client.serve() {
                Ok(served) => moved |= served,
                Err(_) => left.push(*number),
            }
        }
        for number in &left {
            self.clients.remove(number);
        }
        Ok(moved || !left.is_empty())
    }

    /// Return how many clients are connected.
    pub fn clients(&self) -> usize {
        self.clients.len()
    }

    /// Take turns until the listener fails, and sleep while nothing moves.
    pub fn serve(&mut self) -> io::Result<()> {
        let mut idle_turns = 0;
        loop {
            idle_turns = if self.turn()? { 0 } else { idle_turns + 1 };
            match idle_turns {
                0 => {}
                1..10 => thread::yield_now(),
                _ => thread::sleep(Duration::from_millis(2)),
            }
        }
    }
}

impl Client {
    /// Return whether bytes moved; any end of the connection is an error, even a clean one.
    fn serve(&mut self) -> io::Result<bool> {
        let mut moved = false;
        let mut share = BUDGET;
        let mut bite = [0; 4096];
        loop {
            while !self.answer.is_empty() {
                match self.stream.write(&self.answer) {
                    Ok(n) => {
                        self.answer.drain(..n);
                        moved = true;
                    }
                    Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(moved),
                    Err(error) => return Err(error),
                }
            }
            if share < bite.len() {
                return Ok(moved);
            }
            match self.stream.read(&mut bite) {
                Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
                Ok(n) => {
                    share -= n;
                    moved = true;
                    self.answer.extend(bite[..n].iter().map(u8::to_ascii_uppercase));
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(moved),
                Err(error) => return Err(error),
            }
        }
    }
}
