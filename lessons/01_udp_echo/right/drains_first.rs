//! Right: what came before the question is thrown away, and a buffer is made for each datagram.

use std::io::{self, Error, ErrorKind, Result};
use std::net::{SocketAddr, UdpSocket};
use std::time::{Duration, Instant};

/// More than any datagram holds.
const ROOM: usize = 65_536;

/// Receive one datagram and send it back, whole, to whoever sent it.
///
/// An empty datagram is answered with an empty one. Errors are those of `recv_from` and `send_to`.
pub fn echo_one(socket: &UdpSocket) -> io::Result<()> {
    let (datagram, client) = receive(socket)?;
    socket.send_to(&datagram, client)?;
    Ok(())
}

/// Receive a name and answer `Hello, <name>!`.
///
/// The name is bytes and comes back as it came, whether it is UTF-8 or not. Errors are those of
/// `recv_from` and `send_to`.
pub fn greet_one(socket: &UdpSocket) -> io::Result<()> {
    let (name, client) = receive(socket)?;
    let greeting: Vec<u8> = b"Hello, ".iter().chain(&name).chain(b"!").copied().collect();
    socket.send_to(&greeting, client)?;
    Ok(())
}

/// Echo every datagram, whatever one of them holds and whatever one client does.
///
/// Goes on when a receive is interrupted or tells that an earlier reply found nobody, and when a
/// reply cannot be sent. Returns any other error: it is the socket's own, such as `WouldBlock` from
/// one that does not wait.
pub fn serve(socket: &UdpSocket) -> io::Result<()> {
    loop {
        match receive(socket) {
            Ok((datagram, client)) => drop(socket.send_to(&datagram, client)),
            Err(error) if is_news(&error) => continue,
            Err(error) => break Err(error),
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
    drain(socket)?;
    let mut turn = 0;
    let reply = loop {
        turn += 1;
        match ask_once(socket, server, question, patience) {
            Err(error) if error.kind() == ErrorKind::TimedOut && turn < 3 => {}
            outcome => break outcome,
        }
    };
    socket.set_read_timeout(timeout)?;
    reply
}

/// A reply to an earlier question, come too late, must not be taken for the reply to this one.
fn drain(socket: &UdpSocket) -> Result<()> {
    socket.set_nonblocking(true)?;
    loop {
        match receive(socket) {
            Ok(_) => {}
            Err(error) if is_news(&error) => {}
            Err(_) => return socket.set_nonblocking(false),
        }
    }
}

fn ask_once(
    socket: &UdpSocket,
    server: SocketAddr,
    question: &[u8],
    patience: Duration,
) -> Result<Vec<u8>> {
    match socket.send_to(question, server) {
        Err(error) if !is_news(&error) => return Err(error),
        _ => {}
    }
    let begin = Instant::now();
    while begin.elapsed() < patience {
        // Zero would mean no limit, and is refused.
        let left = patience.saturating_sub(begin.elapsed()).max(Duration::from_millis(1));
        socket.set_read_timeout(Some(left))?;
        match receive(socket) {
            Ok((reply, from)) if from == server => return Ok(reply),
            Ok(_) => {}
            Err(error) if is_news(&error) => {}
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {}
            Err(error) => return Err(error),
        }
    }
    Err(ErrorKind::TimedOut.into())
}

fn receive(socket: &UdpSocket) -> Result<(Vec<u8>, SocketAddr)> {
    let mut buffer = vec![0; ROOM];
    let (n, _) = socket.peek_from(&mut buffer)?;
    let mut datagram = vec![0; n];
    let (_, from) = socket.recv_from(&mut datagram)?;
    Ok((datagram, from))
}

fn is_news(error: &Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::Interrupted | ErrorKind::ConnectionRefused | ErrorKind::ConnectionReset
    )
}
