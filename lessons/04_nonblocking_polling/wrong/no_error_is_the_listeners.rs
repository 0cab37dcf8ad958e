//! Caught by a_turn_fails_if_the_listener_does: TurnMisreports.
//!
//! Whatever accept says, nobody called: a server whose listener is no more rests and looks for ever.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

/// How many bytes are read from one client in one turn, at most: 64 KiB.
pub const BUDGET: usize = 64 * 1024;

/// How many callers are let in in one turn, at most: as many as wait in the listener's line.
const WAITING_LINE: usize = 128;

/// How long the server rests when nothing moved: at first, and after many such turns.
const SHORTEST_REST: Duration = Duration::from_micros(100);
const LONGEST_REST: Duration = Duration::from_millis(20);

/// Sends back what each client sends, with its ASCII letters in upper case.
#[derive(Debug)]
pub struct PollingServer {
    listener: TcpListener,
    clients: Vec<Client>,
    buffer: Vec<u8>,
}

impl PollingServer {
    /// Serve whoever calls at `listener`, which no longer blocks from here on.
    pub fn new(listener: TcpListener) -> io::Result<Self> {
        listener.set_nonblocking(true)?;
        Ok(PollingServer { listener, clients: Vec::new(), buffer: vec![0; BUDGET] })
    }

    /// Let in all who wait, then serve each client once; say whether anything moved.
    ///
    /// Never waits. Reads at most [`BUDGET`] bytes from a client, and nothing from one that does not
    /// take its answers. What happens to a client ends that client only: an error is the listener's.
    pub fn turn(&mut self) -> io::Result<bool> {
        let mut moved = self.let_in()?;
        self.clients.retain_mut(|client| {
            let served = client.serve(&mut self.buffer).unwrap_or(Served::Over);
            moved |= !matches!(served, Served::NothingMoved);
            !matches!(served, Served::Over)
        });
        Ok(moved)
    }

    /// How many clients are connected.
    pub fn clients(&self) -> usize {
        self.clients.len()
    }

    /// Take turns until the listener fails, and rest while nothing moves.
    pub fn serve(&mut self) -> io::Result<()> {
        let mut rest = SHORTEST_REST;
        loop {
            if self.turn()? {
                rest = SHORTEST_REST;
            } else {
                thread::sleep(rest);
                rest = LONGEST_REST.min(rest * 2);
            }
        }
    }

    fn let_in(&mut self) -> io::Result<bool> {
        let mut moved = false;
        for _ in 0..WAITING_LINE {
            match self.listener.accept() {
                Ok((stream, _)) => {
                    // On Linux an accepted socket blocks, whatever its listener does (accept(2)).
                    stream.set_nonblocking(true)?;
                    self.clients.push(Client { stream, owed: Vec::new() });
                    moved = true;
                }
                Err(_) => break,
            }
        }
        Ok(moved)
    }
}

/// One connection, and what could not be sent on it yet: never more than [`BUDGET`].
#[derive(Debug)]
struct Client {
    stream: TcpStream,
    owed: Vec<u8>,
}

/// What came of serving a client once.
enum Served {
    NothingMoved,
    SomethingMoved,
    /// The client has closed its side, and was sent everything.
    Over,
}

impl Client {
    /// Send what is owed; once nothing is, read again and answer.
    ///
    /// A client that does not read its answers is not read from either. What it goes on sending then
    /// waits in the kernels, and when those are full TCP makes the client wait.
    fn serve(&mut self, buffer: &mut [u8]) -> io::Result<Served> {
        let mut moved = self.send_owed()?;
        if self.owed.is_empty()
            && let Some(n) = now(self.stream.read(buffer))?
        {
            // Reading 0 bytes means that the client has closed its side: no more will come.
            if n == 0 {
                return Ok(Served::Over);
            }
            // Bytes, not text: in UTF-8 every byte of a character beyond ASCII is 0x80 or more and
            // stays as it is, so that half a character passes unharmed.
            buffer[..n].make_ascii_uppercase();
            self.owed.extend_from_slice(&buffer[..n]);
            self.send_owed()?;
            moved = true;
        }
        Ok(if moved { Served::SomethingMoved } else { Served::NothingMoved })
    }

    /// Send as much of what is owed as the kernel takes now; the rest keeps its place in front.
    fn send_owed(&mut self) -> io::Result<bool> {
        if self.owed.is_empty() {
            return Ok(false);
        }
        let sent = now(self.stream.write(&self.owed))?.unwrap_or(0);
        self.owed.drain(..sent);
        Ok(sent > 0)
    }
}

/// What a call on a nonblocking socket came to, or `None` if it would have had to wait.
fn now(outcome: io::Result<usize>) -> io::Result<Option<usize>> {
    match outcome {
        Ok(n) => Ok(Some(n)),
        Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) => {
            Ok(None)
        }
        Err(error) => Err(error),
    }
}
