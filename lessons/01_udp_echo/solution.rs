//! Echo each datagram to its sender, and ask again when no reply comes.
//!
//! ```text
//! client                     server
//!   | info |  ──────────▶                one datagram, 0 to 65,507 bytes
//!             ◀──────────  | info |      or "Hello, <name>!"
//! ```

use std::io::{self, ErrorKind};
use std::net::{SocketAddr, UdpSocket};
use std::time::{Duration, Instant};

/// How many times [`ask`] asks in total.
pub const TRIES: usize = 3;

/// The most bytes that a datagram carries over IPv4. What does not fit into a buffer is cut off.
const LARGEST: usize = 65_507;

/// Receive one datagram and send it back, whole, to its sender.
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
/// The name is bytes and is sent back unchanged, whether it is UTF-8 or not. Errors are those of
/// `recv_from` and `send_to`.
pub fn greet_one(socket: &UdpSocket) -> io::Result<()> {
    let mut buffer = [0; LARGEST];
    let (n, client) = socket.recv_from(&mut buffer)?;
    socket.send_to(&[b"Hello, ", &buffer[..n], b"!"].concat(), client)?;
    Ok(())
}

/// Echo every datagram, whatever it holds and whatever its client does.
///
/// Go on when a receive is interrupted, when it reports that an earlier reply reached a closed port,
/// and when a reply cannot be sent. Return any other error of a receive: it is the socket's own, such as
/// `WouldBlock` from a non-blocking socket.
pub fn serve(socket: &UdpSocket) -> io::Result<()> {
    let mut buffer = [0; LARGEST];
    loop {
        match socket.recv_from(&mut buffer) {
            Ok((n, client)) => {
                // A reply that cannot be sent counts as lost: its client asks again.
                let _ = socket.send_to(&buffer[..n], client);
            }
            Err(error) if is_temporary(&error) => {}
            Err(error) => return Err(error),
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
    let reply = ask_repeatedly(socket, server, question, timeout);
    socket.set_read_timeout(read_timeout)?;
    reply
}

fn ask_repeatedly(
    socket: &UdpSocket,
    server: SocketAddr,
    question: &[u8],
    timeout: Duration,
) -> io::Result<Vec<u8>> {
    for _ in 0..TRIES {
        match socket.send_to(question, server) {
            // A question that could not be sent counts as lost: the next turn sends it again.
            Err(error) if !is_temporary(&error) => return Err(error),
            _ => {}
        }
        if let Some(reply) = reply_within(socket, server, timeout)? {
            return Ok(reply);
        }
    }
    Err(ErrorKind::TimedOut.into())
}

fn reply_within(
    socket: &UdpSocket,
    server: SocketAddr,
    timeout: Duration,
) -> io::Result<Option<Vec<u8>>> {
    let asked = Instant::now();
    let mut buffer = [0; LARGEST];
    loop {
        // Strangers may never stop sending: each receive waits only for the time that is left.
        let left = timeout.saturating_sub(asked.elapsed());
        if left.is_zero() {
            return Ok(None);
        }
        socket.set_read_timeout(Some(left))?;
        match socket.recv_from(&mut buffer) {
            Ok((n, from)) if from == server => return Ok(Some(buffer[..n].to_vec())),
            Ok(_) => {}
            Err(error) if is_temporary(&error) || is_timeout(&error) => {}
            Err(error) => return Err(error),
        }
    }
}

/// Whether the error is temporary: the socket still works, and the next call may succeed.
fn is_temporary(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::Interrupted
            // An earlier datagram reached a closed port (ICMP, RFC 792): refused on Unix, reset on
            // Windows.
            | ErrorKind::ConnectionRefused
            | ErrorKind::ConnectionReset
            | ErrorKind::HostUnreachable
            | ErrorKind::NetworkUnreachable
    )
}

/// Whether nothing came in time: `WouldBlock` on Unix, `TimedOut` on Windows.
fn is_timeout(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut)
}
