//! Right: a second thread reads from the receiver while this one sends.

use std::io::{self, ErrorKind, Read, Write};
use std::net::TcpStream;
use std::thread;

/// The longest message that either side accepts, in bytes: 16 MiB.
pub const MAX_MESSAGE: usize = 16 * 1024 * 1024;

/// Send two messages in two writes, and return what one read of the receiver finds: both, every time.
pub fn stick(
    sender: &mut impl Write,
    receiver: &mut TcpStream,
    first: &[u8],
    second: &[u8],
) -> io::Result<Vec<u8>> {
    let size = first.len() + second.len();
    thread::scope(|scope| {
        let reader = scope.spawn(move || {
            let mut both = vec![0; size];
            loop {
                let queued = receiver.peek(&mut both)?;
                if queued == size {
                    break;
                }
                if queued == 0 {
                    return Err(ErrorKind::UnexpectedEof.into());
                }
                thread::yield_now();
            }
            let n = receiver.read(&mut both)?;
            both.truncate(n);
            Ok(both)
        });
        sender.write_all(first)?;
        sender.write_all(second)?;
        reader.join().unwrap_or_else(|_| Err(io::Error::other("the reader panicked")))
    })
}

/// Send one message in one write, and return its pieces as the receiver's reads found them.
pub fn split(
    sender: &mut impl Write,
    receiver: &mut TcpStream,
    message: &[u8],
) -> io::Result<Vec<Vec<u8>>> {
    let size = message.len();
    thread::scope(|scope| {
        let reader = scope.spawn(move || {
            let mut whole = vec![0; size];
            let mut pieces = Vec::new();
            for piece in whole.chunks_mut(size / 2) {
                receiver.read_exact(piece)?;
                pieces.push(piece.to_vec());
            }
            Ok(pieces)
        });
        sender.write_all(message)?;
        reader.join().unwrap_or_else(|_| Err(io::Error::other("the reader panicked")))
    })
}

/// Send the message's size in decimal digits, wait for an acknowledgement, then send the message.
pub fn send_acknowledged(stream: &mut (impl Read + Write), message: &[u8]) -> io::Result<()> {
    let size = Some(message.len()).filter(|size| *size <= MAX_MESSAGE);
    let digits = size.ok_or(ErrorKind::InvalidInput)?.to_string();
    stream.write_all(digits.as_bytes())?;
    next(stream)?;
    stream.write_all(message)
}

/// Receive a size, acknowledge it, and receive the message.
pub fn receive_acknowledged(stream: &mut (impl Read + Write)) -> io::Result<Vec<u8>> {
    let digits = String::from_utf8(next(stream)?).map_err(|_| ErrorKind::InvalidData)?;
    if digits.contains(|c: char| !c.is_ascii_digit()) {
        return Err(io::Error::new(ErrorKind::InvalidData, format!("not a size: {digits:?}")));
    }
    let size = digits.parse().map_err(|_| ErrorKind::InvalidData)?;
    if size > MAX_MESSAGE {
        return Err(io::Error::new(ErrorKind::InvalidData, format!("too large: {size}")));
    }
    stream.write_all(format!("{size} bytes, go on").as_bytes())?;
    let mut message = vec![0; size];
    stream.read_exact(&mut message)?;
    Ok(message)
}

fn next(stream: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut buffer = [0; 1024];
    loop {
        return match stream.read(&mut buffer) {
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Ok(0) => Err(ErrorKind::UnexpectedEof.into()),
            read => read.map(|n| buffer[..n].to_vec()),
        };
    }
}
