//! Right: non-blocking peeks, with a sleep between two of them; read_exact does the other looping.

use std::io::{self, ErrorKind, Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::Duration;

/// The longest message that either side accepts, in bytes: 16 MiB.
pub const MAX_MESSAGE: usize = 16 * 1024 * 1024;

/// Send two messages in two writes, and return what one read of the receiver finds: both, every time.
pub fn stick(
    sender: &mut impl Write,
    receiver: &mut TcpStream,
    first: &[u8],
    second: &[u8],
) -> io::Result<Vec<u8>> {
    for message in [first, second] {
        sender.write_all(message)?;
    }
    let mut both = vec![0; first.len() + second.len()];
    receiver.set_nonblocking(true)?;
    let arrived = loop {
        match receiver.peek(&mut both) {
            Ok(n) if n == both.len() => break Ok(()),
            Ok(0) => break Err(ErrorKind::UnexpectedEof.into()),
            Err(error) if error.kind() != ErrorKind::WouldBlock => break Err(error),
            // The loop waits for the queue. The sleep only saves processor time.
            _ => thread::sleep(Duration::from_millis(1)),
        }
    };
    receiver.set_nonblocking(false)?;
    arrived?;
    let n = receiver.read(&mut both)?;
    both.truncate(n);
    Ok(both)
}

/// Send one message in one write, and return its pieces as the receiver's reads found them.
pub fn split(
    sender: &mut impl Write,
    receiver: &mut TcpStream,
    message: &[u8],
) -> io::Result<Vec<Vec<u8>>> {
    sender.write_all(message)?;
    let (head, tail) = message.split_at(1);
    let mut pieces = Vec::new();
    for part in [head, tail] {
        let mut piece = vec![0; part.len()];
        receiver.read_exact(&mut piece)?;
        pieces.push(piece);
    }
    Ok(pieces)
}

/// Send the message's size in decimal digits, wait for an acknowledgement, then send the message.
pub fn send_acknowledged(stream: &mut (impl Read + Write), message: &[u8]) -> io::Result<()> {
    if message.len() > MAX_MESSAGE {
        return Err(io::Error::new(ErrorKind::InvalidInput, "too long to send"));
    }
    // Format first: `write!` to the stream itself would make one write per part.
    stream.write_all(format!("{}", message.len()).as_bytes())?;
    any_reply(stream)?;
    stream.write_all(message)
}

/// Receive a size, acknowledge it, and receive the message.
pub fn receive_acknowledged(stream: &mut (impl Read + Write)) -> io::Result<Vec<u8>> {
    let digits = any_reply(stream)?;
    let number = digits.iter().try_fold(0_usize, |number, digit| match digit {
        b'0'..=b'9' => number.checked_mul(10)?.checked_add(usize::from(digit - b'0')),
        _ => None,
    });
    let size = number.filter(|size| *size <= MAX_MESSAGE);
    let size = size.ok_or_else(|| io::Error::new(ErrorKind::InvalidData, "not a size"))?;
    stream.write_all(b"1")?;
    let mut message = vec![0; size];
    stream.read_exact(&mut message)?;
    Ok(message)
}

/// Return what one read brings: at least one byte.
fn any_reply(stream: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut reply = vec![0; 1024];
    let n = loop {
        match stream.read(&mut reply) {
            Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
            Ok(n) => break n,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    };
    reply.truncate(n);
    Ok(reply)
}
