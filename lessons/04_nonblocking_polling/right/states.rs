//! Right: each client is a small state machine that either listens or answers, never both. A client
//! that leaves is replaced by the last one in the list, which is then served in its place.

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
    clients: Vec<(TcpStream, State)>,
}

#[derive(Debug)]
enum State {
    Listening,
    Answering { answer: Vec<u8>, sent: usize },
    Gone,
}

impl PollingServer {
    /// Serve the clients of `listener`, which no longer blocks from now on.
    pub fn new(listener: TcpListener) -> io::Result<Self> {
        listener.set_nonblocking(true)?;
        Ok(PollingServer { listener, clients: Vec::new() })
    }

    /// Accept all waiting clients, then serve each client once; return whether anything moved.
    pub fn turn(&mut self) -> io::Result<bool> {
        let mut moved = false;
        loop {
            match unless_it_blocks(self.listener.accept()) {
                Ok(Some((stream, _))) => {
                    stream.set_nonblocking(true)?;
                    self.clients.push((stream, State::Listening));
                    moved = true;
                }
                // If all descriptors are in use, new clients wait until a client leaves.
                Err(error) if self.clients.is_empty() => return Err(error),
                Ok(None) | Err(_) => break,
            }
        }
        let mut at = 0;
        while let Some((stream, state)) = self.clients.get_mut(at) {
            moved |= advance(stream, state);
            if matches!(state, State::Gone) {
                self.clients.swap_remove(at);
            } else {
                at += 1;
            }
        }
        Ok(moved)
    }

    /// Return how many clients are connected.
    pub fn clients(&self) -> usize {
        self.clients.len()
    }

    /// Take turns until the listener fails, and sleep while nothing moves.
    pub fn serve(&mut self) -> io::Result<()> {
        loop {
            if !self.turn()? {
                thread::sleep(Duration::from_millis(1));
            }
        }
    }
}

/// Change from state to state until nothing moves; read at most one question.
fn advance(stream: &mut TcpStream, state: &mut State) -> bool {
    let mut moved = false;
    let mut may_read = true;
    loop {
        let next = match state {
            State::Answering { answer, sent } if *sent < answer.len() => {
                unless_it_blocks(stream.write(&answer[*sent..])).map(|wrote| {
                    *sent += wrote?;
                    Some(None)
                })
            }
            State::Answering { .. } => Ok(Some(Some(State::Listening))),
            State::Listening if may_read => {
                may_read = false;
                let mut question = vec![0; 1024];
                unless_it_blocks(stream.read(&mut question)).map(|read| {
                    question.truncate(read?);
                    question.make_ascii_uppercase();
                    let end = question.is_empty();
                    let answering = State::Answering { answer: question, sent: 0 };
                    Some(Some(if end { State::Gone } else { answering }))
                })
            }
            State::Listening | State::Gone => Ok(None),
        };
        match next {
            Ok(None) => return moved,
            Ok(Some(next)) => {
                *state = next.unwrap_or(std::mem::replace(state, State::Gone));
                moved = true;
            }
            Err(_) => {
                *state = State::Gone;
                moved = true;
            }
        }
    }
}

fn unless_it_blocks<T>(outcome: io::Result<T>) -> io::Result<Option<T>> {
    match outcome {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(None),
        Err(error) => Err(error),
    }
}
