//! Right: one function receives and replies for all, and tells the two errors apart; the tries are an iterator.

use std::io::{self, Error, ErrorKind};
use std::net::{SocketAddr, UdpSocket};
use std::time::{Duration, Instant};

/// Receive one datagram and send it back, whole, to its sender.
///
/// An empty datagram is answered with an empty one. Errors are those of `recv_from` and `send_to`.
pub fn echo_one(socket: &UdpSocket) -> io::Result<()> {
    answer_one(socket, |datagram| datagram.to_vec())?
}

/// Receive a name and answer `Hello, <name>!`.
///
/// The name is bytes and is sent back unchanged, whether it is UTF-8 or not. Errors are those of
/// `recv_from` and `send_to`.
pub fn greet_one(socket: &UdpSocket) -> io::Result<()> {
    answer_one(socket, |name| [b"Hello, ", name, b"!"].concat())?
}

/// Echo every datagram, whatever it holds and whatever its client does.
///
/// Go on when a receive is interrupted, when it reports that an earlier reply reached a closed port,
/// and when a reply cannot be sent. Return any other error of a receive: it is the socket's own, such as
/// `WouldBlock` from a non-blocking socket.
pub fn serve(socket: &UdpSocket) -> io::Result<()> {
    loop {
        match answer_one(socket, |datagram| datagram.to_vec()) {
            Err(error) if is_fatal(&error) => return Err(error),
            _ => {}
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
    let before = socket.read_timeout()?;
    let reply = (0..3).find_map(|_| try_once(socket, server, question, timeout).transpose());
    socket.set_read_timeout(before)?;
    reply.unwrap_or_else(|| Err(Error::new(ErrorKind::TimedOut, "no reply to three questions")))
}

/// Ask once; `None` when the time is up.
fn try_once(
    socket: &UdpSocket,
    server: SocketAddr,
    question: &[u8],
    timeout: Duration,
) -> io::Result<Option<Vec<u8>>> {
    // A send reports a pending error of the socket instead of sending anything.
    if socket.send_to(question, server).is_err() {
        socket.send_to(question, server)?;
    }
    let began = Instant::now();
    let mut buffer = vec![0; 1 << 16];
    while let Some(left) = timeout.checked_sub(began.elapsed()).filter(|left| !left.is_zero()) {
        socket.set_read_timeout(Some(left))?;
        if let Ok((n, from)) = socket.recv_from(&mut buffer)
            && from == server
        {
            buffer.truncate(n);
            return Ok(Some(buffer));
        }
    }
    Ok(None)
}

/// The error of the receive, or else whether the reply was sent.
fn answer_one(socket: &UdpSocket, reply: impl Fn(&[u8]) -> Vec<u8>) -> io::Result<io::Result<()>> {
    let mut buffer = vec![0; 1 << 16];
    let (n, client) = socket.recv_from(&mut buffer)?;
    Ok(socket.send_to(&reply(&buffer[..n]), client).map(drop))
}

fn is_fatal(error: &Error) -> bool {
    use ErrorKind::{ConnectionRefused, ConnectionReset, Interrupted};
    !matches!(error.kind(), ConnectionRefused | ConnectionReset | Interrupted)
}
