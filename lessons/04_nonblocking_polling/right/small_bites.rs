//! Right: reads of four kilobytes until a client's share of the turn is used up; clients are kept
//! under the numbers they came with, and characters are passed on whole.

use std::collections::BTreeMap;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::str;
use std::thread;
use std::time::Duration;

/// How many bytes are read from one client in one turn, at most: 64 KiB.
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
    /// The beginning of a character whose rest has not come.
    begun: Vec<u8>,
    answer: Vec<u8>,
}

impl PollingServer {
    /// Serve whoever calls at `listener`, which no longer blocks from here on.
    pub fn new(listener: TcpListener) -> io::Result<Self> {
        listener.set_nonblocking(true)?;
        Ok(PollingServer { listener, clients: BTreeMap::new(), next_number: 0 })
    }

    /// Let in all who wait, then serve each client once; say whether anything moved.
    pub fn turn(&mut self) -> io::Result<bool> {
        let mut moved = false;
        for caller in self.listener.incoming() {
            match caller {
                Ok(stream) => {
                    stream.set_nonblocking(true)?;
                    let client = Client { stream, begun: Vec::new(), answer: Vec::new() };
                    self.clients.insert(self.next_number, client);
                    self.next_number += 1;
                    moved = true;
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                // It waits in line, and is let in when somebody has left.
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

    /// How many clients are connected.
    pub fn clients(&self) -> usize {
        self.clients.len()
    }

    /// Take turns until the listener fails, and rest while nothing moves.
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
    /// Say whether bytes moved; an error is the end of the connection, a clean one included.
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
                Ok(0) if self.begun.is_empty() => return Err(ErrorKind::UnexpectedEof.into()),
                Ok(0) => self.answer.append(&mut self.begun),
                Ok(n) => {
                    share -= n;
                    moved = true;
                    self.begun.extend_from_slice(&bite[..n]);
                    let end = whole_characters(&self.begun);
                    self.answer
                        .extend(self.begun.drain(..end).map(|byte| byte.to_ascii_uppercase()));
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(moved),
                Err(error) => return Err(error),
            }
        }
    }
}

/// How many of these bytes may go: all but a character at the end that is only begun.
fn whole_characters(bytes: &[u8]) -> usize {
    match str::from_utf8(bytes) {
        Err(error) if error.error_len().is_none() => error.valid_up_to(),
        // Whole text, or no text at all: then there is nothing to wait for.
        _ => bytes.len(),
    }
}
