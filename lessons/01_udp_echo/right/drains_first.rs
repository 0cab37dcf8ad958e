//! Right: discard what came before the question, and make a buffer for each datagram.

use std::io::{self, Error, ErrorKind, Result};
use std::net::{SocketAddr, UdpSocket};
use std::time::{Duration, Instant};

/// More bytes than any datagram holds.
const BUFFER_SIZE: usize = 65_536;

/// Receive one datagram and send it back, whole, to its sender.
///
/// An empty datagram is answered with an empty one. Errors are those of `recv_from` and `send_to`.
pub fn echo_one(socket: &UdpSocket) -> io::Result<()> {
    let (datagram, client) = receive(socket)?;
    socket.send_to(&datagram, client)?;
    Ok(())
}

/// Receive a name and answer `Hello, <name>!`.
///
/// The name is bytes and is sent back unchanged, whether it is UTF-8 or not. Errors are those of
/// `recv_from` and `send_to`.
pub fn greet_one(socket: &UdpSocket) -> io::Result<()> {
    let (name, client) = receive(socket)?;
    let greeting: Vec<u8> = b"Hello, ".iter().chain(&name).chain(b"!").copied().collect();
    socket.send_to(&greeting, client)?;
    Ok(())
}

/// Echo every datagram, whatever it holds and whatever its client does.
///
/// Go on when a receive is interrupted, when it reports that an earlier reply reached a closed port,
/// and when a reply cannot be sent. Return any other error of a receive: it is the socket's own, such as
/// `WouldBlock` from a non-blocking socket.
pub fn serve(socket: &UdpSocket) -> io::Result<()> {
    loop {
        match receive(socket) {
            Ok((datagram, client)) => drop(socket.send_to(&datagram, client)),
            Err(error) if is_temporary(&error) => continue,
            Err(error) => break Err(error),
        }
    }
}

/// Ask `server`, and ask again when nothing comes within `timeout`, [`TRIES`] times in total.
///
/// Accept a reply only from `server`: other datagrams neither cost a try nor extend the wait. Go on
/// after an interruption, and after an error about a datagram that reached a closed port. Leave the
/// socket, a blocking one, unchanged: same read timeout, still blocking, not connected. `TimedOut` if no
/// reply came. Return any other error: it is the socket's own, such as that for a question that no
/// datagram can hold.
pub fn ask(
    socket: &UdpSocket,
    server: SocketAddr,
    question: &[u8],
    timeout: Duration,
) -> io::Result<Vec<u8>> {
    let read_timeout = socket.read_timeout()?;
    drain(socket)?;
    let mut turn = 0;
    let reply = loop {
        turn += 1;
        match ask_once(socket, server, question, timeout) {
            Err(error) if error.kind() == ErrorKind::TimedOut && turn < 3 => {}
            outcome => break outcome,
        }
    };
    socket.set_read_timeout(read_timeout)?;
    reply
}

/// Discard late replies to earlier questions: they must not be taken for the reply to this one.
fn drain(socket: &UdpSocket) -> Result<()> {
    socket.set_nonblocking(true)?;
    loop {
        match receive(socket) {
            Ok(_) => {}
            Err(error) if is_temporary(&error) => {}
            Err(_) => return socket.set_nonblocking(false),
        }
    }
}

fn ask_once(
    socket: &UdpSocket,
    server: SocketAddr,
    question: &[u8],
    timeout: Duration,
) -> Result<Vec<u8>> {
    match socket.send_to(question, server) {
        Err(error) if !is_temporary(&error) => return Err(error),
        _ => {}
    }
    let begin = Instant::now();
    while begin.elapsed() < timeout {
        // Zero would mean no limit, so std refuses it.
        let left = timeout.saturating_sub(begin.elapsed()).max(Duration::from_millis(1));
        socket.set_read_timeout(Some(left))?;
        match receive(socket) {
            Ok((reply, from)) if from == server => return Ok(reply),
            Ok(_) => {}
            Err(error) if is_temporary(&error) => {}
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {}
            Err(error) => return Err(error),
        }
    }
    Err(ErrorKind::TimedOut.into())
}

fn receive(socket: &UdpSocket) -> Result<(Vec<u8>, SocketAddr)> {
    let mut buffer = vec![0; BUFFER_SIZE];
    let (n, _) = socket.peek_from(&mut buffer)?;
    let mut datagram = vec![0; n];
    let (_, from) = socket.recv_from(&mut datagram)?;
    Ok((datagram, from))
}

fn is_temporary(error: &Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::Interrupted | ErrorKind::ConnectionRefused | ErrorKind::ConnectionReset
    )
}
