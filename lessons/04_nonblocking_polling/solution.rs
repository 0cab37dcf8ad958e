//! Serve many clients on one thread: poll each of them, and wait for none.
//!
//! ```text
//! client:  h e l l o        server:  H E L L O          bytes; no header, no end of message
//! ```

use std::io::{self, ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

/// The most bytes that one turn reads from one client: 64 KiB.
pub const BUDGET: usize = 64 * 1024;

/// The most clients that one turn accepts: as many as the listener's backlog holds.
const BACKLOG: usize = 128;

/// How long the server sleeps when nothing moved: at first, and after many such turns.
const SHORTEST_PAUSE: Duration = Duration::from_micros(100);
const LONGEST_PAUSE: Duration = Duration::from_millis(20);

/// Sends back what each client sends, with its ASCII letters in upper case.
#[derive(Debug)]
pub struct PollingServer {
    listener: TcpListener,
    clients: Vec<Client>,
    buffer: Vec<u8>,
}

impl PollingServer {
    /// Serve the clients of `listener`, which no longer blocks from now on.
    pub fn new(listener: TcpListener) -> io::Result<Self> {
        listener.set_nonblocking(true)?;
        Ok(PollingServer { listener, clients: Vec::new(), buffer: vec![0; BUDGET] })
    }

    /// Accept all waiting clients, then serve each client once; return whether anything moved.
    ///
    /// Never waits. Reads at most [`BUDGET`] bytes from a client, and none from one that does not take
    /// its answers. Whatever happens to a client ends only that client: an error is the listener's.
    pub fn turn(&mut self) -> io::Result<bool> {
        let mut moved = self.accept_clients()?;
        self.clients.retain_mut(|client| {
            let served = client.serve(&mut self.buffer).unwrap_or(Served::Over);
            moved |= !matches!(served, Served::NothingMoved);
            !matches!(served, Served::Over)
        });
        Ok(moved)
    }

    /// Return how many clients are connected.
    pub fn clients(&self) -> usize {
        self.clients.len()
    }

    /// Take turns until the listener fails, and sleep while nothing moves.
    pub fn serve(&mut self) -> io::Result<()> {
        let mut pause = SHORTEST_PAUSE;
        loop {
            if self.turn()? {
                pause = SHORTEST_PAUSE;
            } else {
                thread::sleep(pause);
                pause = LONGEST_PAUSE.min(pause * 2);
            }
        }
    }

    fn accept_clients(&mut self) -> io::Result<bool> {
        let mut moved = false;
        for _ in 0..BACKLOG {
            match self.listener.accept() {
                Ok((stream, _)) => {
                    // On Linux an accepted socket blocks even if its listener does not (accept(2)).
                    stream.set_nonblocking(true)?;
                    self.clients.push(Client { stream, unsent: Vec::new() });
                    moved = true;
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                // This client left while it waited in the backlog. Others may still wait there.
                Err(error) if error.kind() == ErrorKind::ConnectionAborted => {}
                // For example, no descriptor is free: the others wait until a client leaves.
                Err(_) if !self.clients.is_empty() => break,
                Err(error) => return Err(error),
            }
        }
        Ok(moved)
    }
}

/// One connection, and the bytes that it could not send yet: at most [`BUDGET`].
#[derive(Debug)]
struct Client {
    stream: TcpStream,
    unsent: Vec<u8>,
}

/// The result of serving a client once.
enum Served {
    NothingMoved,
    SomethingMoved,
    /// The client has closed its side and has been sent everything.
    Over,
}

impl Client {
    /// Send the unsent bytes; when none are left, read once and answer.
    ///
    /// Reads nothing from a client that does not read its answers. What that client still sends waits
    /// in the kernels' buffers; when these are full, TCP makes the client wait.
    fn serve(&mut self, buffer: &mut [u8]) -> io::Result<Served> {
        let mut moved = self.send_unsent()?;
        if self.unsent.is_empty()
            && let Some(n) = now(self.stream.read(buffer))?
        {
            // Reading 0 bytes means that the client has closed its side: no more will come.
            if n == 0 {
                return Ok(Served::Over);
            }
            // Change bytes, not text: in UTF-8 every byte of a character beyond ASCII is 0x80 or
            // more, so it passes unchanged, even in half a character.
            buffer[..n].make_ascii_uppercase();
            self.unsent.extend_from_slice(&buffer[..n]);
            self.send_unsent()?;
            moved = true;
        }
        Ok(if moved { Served::SomethingMoved } else { Served::NothingMoved })
    }

    /// Send as many unsent bytes as the kernel takes now, and keep the rest in order.
    fn send_unsent(&mut self) -> io::Result<bool> {
        if self.unsent.is_empty() {
            return Ok(false);
        }
        let sent = now(self.stream.write(&self.unsent))?.unwrap_or(0);
        self.unsent.drain(..sent);
        Ok(sent > 0)
    }
}

/// Return the result of a call on a nonblocking socket, or `None` if it would have to wait.
fn now(outcome: io::Result<usize>) -> io::Result<Option<usize>> {
    match outcome {
        Ok(n) => Ok(Some(n)),
        Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) => {
            Ok(None)
        }
        Err(error) => Err(error),
    }
}
