//! Echo each datagram to its sender. These are the programs of the notes.
//!
//! ```text
//! client                     server
//!   | info |  ──────────▶                one datagram, 0 to 65,507 bytes
//!             ◀──────────  | info |      or "Hello, <name>!"
//! ```
//!
//! On one machine, with one short datagram, this works. Make it work on a network.

use std::io;
use std::net::{SocketAddr, UdpSocket};
use std::time::Duration;

/// How many times [`ask`] asks in total.
pub const TRIES: usize = 3;

/// Receive one datagram and send it back, whole, to its sender.
///
/// An empty datagram is answered with an empty one. Errors are those of `recv_from` and `send_to`.
pub fn echo_one(socket: &UdpSocket) -> io::Result<()> {
    let mut buffer = [0; 1024];
    let (n, client) = socket.recv_from(&mut buffer)?;
    socket.send_to(&buffer[..n], client)?;
    Ok(())
}

/// Receive a name and answer `Hello, <name>!`.
///
/// The name is bytes and is sent back unchanged, whether it is UTF-8 or not. Errors are those of
/// `recv_from` and `send_to`.
pub fn greet_one(socket: &UdpSocket) -> io::Result<()> {
    let mut buffer = [0; 1024];
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
    echo_one(socket)
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
    _timeout: Duration,
) -> io::Result<Vec<u8>> {
    socket.send_to(question, server)?;
    let mut buffer = [0; 1024];
    let (n, _) = socket.recv_from(&mut buffer)?;
    Ok(buffer[..n].to_vec())
}
