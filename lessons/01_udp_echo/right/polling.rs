//! Right: `ask` polls a non-blocking socket, and its loop decides when to ask again.

use std::io::{self, ErrorKind};
use std::net::{SocketAddr, UdpSocket};
use std::thread;
use std::time::{Duration, Instant};

const BUFFER_SIZE: usize = 65_536;

/// Receive one datagram and send it back, whole, to its sender.
///
/// An empty datagram is answered with an empty one. Errors are those of `recv_from` and `send_to`.
pub fn echo_one(socket: &UdpSocket) -> io::Result<()> {
    let mut buffer = vec![0; BUFFER_SIZE];
    let (n, client) = socket.recv_from(&mut buffer)?;
    buffer.truncate(n);
    let sent = socket.send_to(&buffer, client)?;
    debug_assert_eq!(sent, n, "a datagram is sent whole or not at all");
    Ok(())
}

/// Receive a name and answer `Hello, <name>!`.
///
/// The name is bytes and is sent back unchanged, whether it is UTF-8 or not. Errors are those of
/// `recv_from` and `send_to`.
pub fn greet_one(socket: &UdpSocket) -> io::Result<()> {
    let mut greeting = b"Hello, ".to_vec();
    let name = greeting.len();
    greeting.resize(name + BUFFER_SIZE, 0);
    let (n, client) = socket.recv_from(&mut greeting[name..])?;
    greeting.truncate(name + n);
    greeting.push(b'!');
    socket.send_to(&greeting, client).map(|_| ())
}

/// Echo every datagram, whatever it holds and whatever its client does.
///
/// Go on when a receive is interrupted, when it reports that an earlier reply reached a closed port,
/// and when a reply cannot be sent. Return any other error of a receive: it is the socket's own, such as
/// `WouldBlock` from a non-blocking socket.
pub fn serve(socket: &UdpSocket) -> io::Result<()> {
    let mut buffer = vec![0; BUFFER_SIZE];
    loop {
        let (n, client) = match socket.recv_from(&mut buffer) {
            Ok(received) => received,
            Err(error) => match error.kind() {
                ErrorKind::WouldBlock | ErrorKind::TimedOut => return Err(error),
                ErrorKind::Interrupted
                | ErrorKind::ConnectionRefused
                | ErrorKind::ConnectionReset => continue,
                _ => return Err(error),
            },
        };
        if let Err(error) = socket.send_to(&buffer[..n], client) {
            eprintln!("failed to reply to {client}: {error}");
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
    // std cannot report a socket's mode: assume that it was blocking, as sockets are by default.
    socket.set_nonblocking(true)?;
    let reply = poll(socket, server, question, timeout);
    socket.set_nonblocking(false)?;
    reply
}

fn poll(
    socket: &UdpSocket,
    server: SocketAddr,
    question: &[u8],
    timeout: Duration,
) -> io::Result<Vec<u8>> {
    let mut buffer = vec![0; BUFFER_SIZE];
    let mut asked = 0;
    let mut since = Instant::now();
    loop {
        if asked == 0 || since.elapsed() >= timeout {
            if asked == 3 {
                return Err(ErrorKind::TimedOut.into());
            }
            match socket.send_to(question, server) {
                Err(error) if is_final(&error) => return Err(error),
                _ => {}
            }
            asked += 1;
            since = Instant::now();
        }
        match socket.recv_from(&mut buffer) {
            Ok((n, from)) if from == server => return Ok(buffer[..n].to_vec()),
            Ok(_) => {}
            Err(error) if is_final(&error) => return Err(error),
            Err(_) => thread::sleep(Duration::from_micros(100)),
        }
    }
}

fn is_final(error: &io::Error) -> bool {
    !matches!(
        error.kind(),
        ErrorKind::WouldBlock
            | ErrorKind::Interrupted
            | ErrorKind::ConnectionRefused
            | ErrorKind::ConnectionReset
    )
}
