//! Right: `serve` goes through `echo_one`, and the tries are an iterator.

use std::io::{self, Error, ErrorKind};
use std::net::{SocketAddr, UdpSocket};
use std::time::{Duration, Instant};

/// Receive one datagram and send it back, whole, to whoever sent it.
///
/// An empty datagram is answered with an empty one. Errors are those of `recv_from` and `send_to`.
pub fn echo_one(socket: &UdpSocket) -> io::Result<()> {
    answer_one(socket, |datagram| datagram.to_vec())
}

/// Receive a name and answer `Hello, <name>!`.
///
/// The name is bytes and comes back as it came, whether it is UTF-8 or not. Errors are those of
/// `recv_from` and `send_to`.
pub fn greet_one(socket: &UdpSocket) -> io::Result<()> {
    answer_one(socket, |name| [b"Hello, ", name, b"!"].concat())
}

/// Echo every datagram, whatever one of them holds and whatever one client does.
///
/// Goes on when a receive is interrupted or tells that an earlier reply found nobody, and when a
/// reply cannot be sent. Returns any other error: it is the socket's own, such as `WouldBlock` from
/// one that does not wait.
pub fn serve(socket: &UdpSocket) -> io::Result<()> {
    loop {
        match echo_one(socket) {
            Err(error) if of_the_socket(&error) => return Err(error),
            _ => {}
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
    let before = socket.read_timeout()?;
    let reply = (0..3).find_map(|_| try_once(socket, server, question, patience).transpose());
    socket.set_read_timeout(before)?;
    reply.unwrap_or_else(|| Err(Error::new(ErrorKind::TimedOut, "no reply to three questions")))
}

/// Ask once; `None` when the patience has run out.
fn try_once(
    socket: &UdpSocket,
    server: SocketAddr,
    question: &[u8],
    patience: Duration,
) -> io::Result<Option<Vec<u8>>> {
    // An error that waited on the socket is told by the first call on it: that one sent nothing.
    if socket.send_to(question, server).is_err() {
        socket.send_to(question, server)?;
    }
    let began = Instant::now();
    let mut buffer = vec![0; 1 << 16];
    while let Some(left) = patience.checked_sub(began.elapsed()).filter(|left| !left.is_zero()) {
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

fn answer_one(socket: &UdpSocket, reply: impl Fn(&[u8]) -> Vec<u8>) -> io::Result<()> {
    let mut buffer = vec![0; 1 << 16];
    let (n, client) = socket.recv_from(&mut buffer)?;
    socket.send_to(&reply(&buffer[..n]), client).map(drop)
}

fn of_the_socket(error: &Error) -> bool {
    use ErrorKind::{ConnectionRefused, ConnectionReset, Interrupted};
    !matches!(error.kind(), ConnectionRefused | ConnectionReset | Interrupted)
}
