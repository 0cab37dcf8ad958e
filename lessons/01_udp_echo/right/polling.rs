//! Right: `ask` polls a socket that does not wait, and its loop decides when to ask again.

use std::io::{self, ErrorKind};
use std::net::{SocketAddr, UdpSocket};
use std::thread;
use std::time::{Duration, Instant};

const ROOM: usize = 65_536;

/// Receive one datagram and send it back, whole, to whoever sent it.
///
/// An empty datagram is answered with an empty one. Errors are those of `recv_from` and `send_to`.
pub fn echo_one(socket: &UdpSocket) -> io::Result<()> {
    let mut buffer = vec![0; ROOM];
    let (n, client) = socket.recv_from(&mut buffer)?;
    buffer.truncate(n);
    let sent = socket.send_to(&buffer, client)?;
    debug_assert_eq!(sent, n, "a datagram is sent whole or not at all");
    Ok(())
}

/// Receive a name and answer `Hello, <name>!`.
///
/// The name is bytes and comes back as it came, whether it is UTF-8 or not. Errors are those of
/// `recv_from` and `send_to`.
pub fn greet_one(socket: &UdpSocket) -> io::Result<()> {
    let mut greeting = b"Hello, ".to_vec();
    let name = greeting.len();
    greeting.resize(name + ROOM, 0);
    let (n, client) = socket.recv_from(&mut greeting[name..])?;
    greeting.truncate(name + n);
    greeting.push(b'!');
    socket.send_to(&greeting, client).map(|_| ())
}

/// Echo every datagram, whatever one of them holds and whatever one client does.
///
/// Goes on when a receive is interrupted or tells that an earlier reply found nobody, and when a
/// reply cannot be sent. Returns any other error: it is the socket's own, such as `WouldBlock` from
/// one that does not wait.
pub fn serve(socket: &UdpSocket) -> io::Result<()> {
    let mut buffer = vec![0; ROOM];
    loop {
        let (n, client) = match socket.recv_from(&mut buffer) {
            Ok(came) => came,
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
    // std cannot tell a socket's mode: a caller's socket waits, as sockets do.
    socket.set_nonblocking(true)?;
    let reply = poll(socket, server, question, patience);
    socket.set_nonblocking(false)?;
    reply
}

fn poll(
    socket: &UdpSocket,
    server: SocketAddr,
    question: &[u8],
    patience: Duration,
) -> io::Result<Vec<u8>> {
    let mut buffer = vec![0; ROOM];
    let mut asked = 0;
    let mut since = Instant::now();
    loop {
        if asked == 0 || since.elapsed() >= patience {
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
