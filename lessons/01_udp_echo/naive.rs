//! Echo datagrams to whoever sent them. The notes' programs, as the notes have them.
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

/// How often [`ask`] asks in all.
pub const TRIES: usize = 3;

/// Receive one datagram and send it back, whole, to whoever sent it.
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
/// The name is bytes and comes back as it came, whether it is UTF-8 or not. Errors are those of
/// `recv_from` and `send_to`.
pub fn greet_one(socket: &UdpSocket) -> io::Result<()> {
    let mut buffer = [0; 1024];
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
    echo_one(socket)
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
    _patience: Duration,
) -> io::Result<Vec<u8>> {
    socket.send_to(question, server)?;
    let mut buffer = [0; 1024];
    let (n, _) = socket.recv_from(&mut buffer)?;
    Ok(buffer[..n].to_vec())
}
