//! Caught by a_lost_question_is_asked_again: TimeoutHasTwoNames.
//!
//! Only TimedOut counts as a timeout, and Unix says WouldBlock.

use std::io::{self, ErrorKind};
use std::net::{SocketAddr, UdpSocket};
use std::time::{Duration, Instant};

/// How often [`ask`] asks in all.
pub const TRIES: usize = 3;

/// The most that a datagram carries over IPv4, in bytes. What does not fit a buffer is cut off.
const LARGEST: usize = 65_507;

/// Receive one datagram and send it back, whole, to whoever sent it.
///
/// An empty datagram is answered with an empty one. Errors are those of `recv_from` and `send_to`.
pub fn echo_one(socket: &UdpSocket) -> io::Result<()> {
    let mut buffer = [0; LARGEST];
    let (n, client) = socket.recv_from(&mut buffer)?;
    socket.send_to(&buffer[..n], client)?;
    Ok(())
}

/// Receive a name and answer `Hello, <name>!`.
///
/// The name is bytes and comes back as it came, whether it is UTF-8 or not. Errors are those of
/// `recv_from` and `send_to`.
pub fn greet_one(socket: &UdpSocket) -> io::Result<()> {
    let mut buffer = [0; LARGEST];
    let (n, client) = socket.recv_from(&mut buffer)?;
    socket.send_to(&[b"Hello, ", &buffer[..n], b"!"].concat(), client)?;
    Ok(())
}

/// Echo every datagram, whatever one of them holds and whatever one client does.
///
/// Goes on when a receive is interrupted or tells that an earlier reply found nobody, and when a
/// reply cannot be sent. Returns any other error: it is the socket's own, such as `WouldBlock` from
/// one that does not wait.
pub fn serve(socket: &UdpSocket) -> io::Result<()> {
    let mut buffer = [0; LARGEST];
    loop {
        match socket.recv_from(&mut buffer) {
            Ok((n, client)) => {
                // A reply that cannot be sent is lost, as any may be: its client asks again.
                let _ = socket.send_to(&buffer[..n], client);
            }
            Err(error) if is_passing(&error) => {}
            Err(error) => return Err(error),
        }
    }
}

/// Ask `server`, and ask again when nothing comes within `patience`, [`TRIES`] times in all.
///
/// Believes only `server`: other datagrams are thrown away, and neither cost a try nor prolong the
/// wait. Goes on after an interruption and after news that a datagram found nobody. Leaves the
/// socket as it was: its read timeout, its mode, connected to nobody. `TimedOut` if no reply came.
/// Any other error is the socket's own, and returned: so if no datagram can hold the question.
pub fn ask(
    socket: &UdpSocket,
    server: SocketAddr,
    question: &[u8],
    patience: Duration,
) -> io::Result<Vec<u8>> {
    let timeout = socket.read_timeout()?;
    let reply = ask_in_turns(socket, server, question, patience);
    socket.set_read_timeout(timeout)?;
    reply
}

fn ask_in_turns(
    socket: &UdpSocket,
    server: SocketAddr,
    question: &[u8],
    patience: Duration,
) -> io::Result<Vec<u8>> {
    for _ in 0..TRIES {
        match socket.send_to(question, server) {
            // A question that could not be sent is a lost one: the next turn makes up for it.
            Err(error) if !is_passing(&error) => return Err(error),
            _ => {}
        }
        if let Some(reply) = reply_within(socket, server, patience)? {
            return Ok(reply);
        }
    }
    Err(ErrorKind::TimedOut.into())
}

fn reply_within(
    socket: &UdpSocket,
    server: SocketAddr,
    patience: Duration,
) -> io::Result<Option<Vec<u8>>> {
    let asked = Instant::now();
    let mut buffer = [0; LARGEST];
    loop {
        // Strangers may send without end: each receive waits only for what is left of the patience.
        let left = patience.saturating_sub(asked.elapsed());
        if left.is_zero() {
            return Ok(None);
        }
        socket.set_read_timeout(Some(left))?;
        match socket.recv_from(&mut buffer) {
            Ok((n, from)) if from == server => return Ok(Some(buffer[..n].to_vec())),
            Ok(_) => {}
            Err(error) if is_passing(&error) || is_timeout(&error) => {}
            Err(error) => return Err(error),
        }
    }
}

/// Whether the next call may do better: the socket is as good as before.
fn is_passing(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::Interrupted
            // An earlier datagram found nobody (ICMP, RFC 792): refused on Unix, reset on Windows.
            | ErrorKind::ConnectionRefused
            | ErrorKind::ConnectionReset
            | ErrorKind::HostUnreachable
            | ErrorKind::NetworkUnreachable
    )
}

/// Whether nothing came in time: Unix says `WouldBlock`, Windows says `TimedOut`.
fn is_timeout(error: &io::Error) -> bool {
    error.kind() == ErrorKind::TimedOut
}
