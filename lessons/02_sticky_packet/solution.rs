//! Make two messages stick together, split one into pieces, and keep a size apart from its data with an
//! acknowledgement.
//!
//! ```text
//! sender   ── hello ── world ──▶   helloworld     two writes, one row of bytes
//!
//! sender   ── 5 ──▶                   size, in decimal digits
//!          ◀── ok ──   receiver       acknowledgement, 1 to 1024 bytes
//!          ── hello ──▶               message: as many bytes as the size says
//! ```

use std::io::{self, ErrorKind, Read, Write};
use std::net::TcpStream;
use std::thread;

/// The longest message that either side accepts, in bytes: 16 MiB.
pub const MAX_MESSAGE: usize = 16 * 1024 * 1024;

/// The longest acknowledgement, in bytes; a size has fewer digits.
const REPLY: usize = 1024;

/// Send two messages in two writes, and return what one read of the receiver finds: both, every time.
///
/// Together they must fit into the receiver's queue; 16 KiB fit on any system. `UnexpectedEof` if the
/// stream has ended and the queue is empty.
pub fn stick(
    sender: &mut impl Write,
    receiver: &mut TcpStream,
    first: &[u8],
    second: &[u8],
) -> io::Result<Vec<u8>> {
    sender.write_all(first)?;
    sender.write_all(second)?;
    let mut both = vec![0; first.len() + second.len()];
    loop {
        // A peek shows what a read would find, and takes nothing: MSG_PEEK, recv(2).
        match receiver.peek(&mut both)? {
            n if n == both.len() => break,
            0 => return Err(ended("before both messages")),
            _ => thread::yield_now(),
        }
    }
    let n = receiver.read(&mut both)?;
    both.truncate(n);
    Ok(both)
}

/// Send one message of at least 2 bytes in one write, and return its pieces as the receiver's reads
/// found them: at least two, which together are the message.
///
/// What follows the message stays in the stream; `UnexpectedEof` if the stream ends inside the message.
pub fn split(
    sender: &mut impl Write,
    receiver: &mut TcpStream,
    message: &[u8],
) -> io::Result<Vec<Vec<u8>>> {
    sender.write_all(message)?;
    // A read returns at most what its buffer holds: with a buffer for half, one read is not enough.
    let mut buffer = vec![0; message.len().div_ceil(2)];
    let mut pieces = Vec::new();
    let mut left = message.len();
    while left > 0 {
        let wanted = left.min(buffer.len());
        let n = receiver.read(&mut buffer[..wanted])?;
        if n == 0 {
            return Err(ended("inside the message"));
        }
        pieces.push(buffer[..n].to_vec());
        left -= n;
    }
    Ok(pieces)
}

/// Send the message's size in decimal digits, in one write, wait for an acknowledgement, then send the
/// message.
///
/// Any reply of 1 to 1024 bytes is an acknowledgement. `UnexpectedEof` if the stream ends instead.
/// `InvalidInput` if the message is longer than [`MAX_MESSAGE`], before anything is sent.
pub fn send_acknowledged(stream: &mut (impl Read + Write), message: &[u8]) -> io::Result<()> {
    if message.len() > MAX_MESSAGE {
        return Err(io::Error::new(ErrorKind::InvalidInput, "message longer than MAX_MESSAGE"));
    }
    stream.write_all(message.len().to_string().as_bytes())?;
    // Whatever the reply is, one read takes it: nothing on this wire marks its end.
    if read_once(stream, &mut [0; REPLY])? == 0 {
        return Err(ended("before the acknowledgement"));
    }
    stream.write_all(message)
}

/// Receive a size, acknowledge it once, and receive the message.
///
/// The digits of the size come in one read: nothing on this wire marks their end. `InvalidData` for a
/// size that is not only decimal digits, or is above [`MAX_MESSAGE`], before it is acknowledged and
/// before anything is allocated for it; `UnexpectedEof` if the stream ends before the message is
/// whole. What follows the message stays in the stream.
pub fn receive_acknowledged(stream: &mut (impl Read + Write)) -> io::Result<Vec<u8>> {
    let mut digits = [0; REPLY];
    let n = read_once(stream, &mut digits)?;
    if n == 0 {
        return Err(ended("before the size"));
    }
    let size = message_size(&digits[..n])?;
    stream.write_all(b"ok")?;
    // The buffer grows as bytes arrive, and `take` leaves what follows the message in the stream.
    let mut message = Vec::new();
    if stream.take(size as u64).read_to_end(&mut message)? < size {
        return Err(ended("inside the message"));
    }
    Ok(message)
}

/// Read once, and again if a signal interrupted the read.
fn read_once(stream: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    loop {
        match stream.read(buffer) {
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            read => return read,
        }
    }
}

fn message_size(digits: &[u8]) -> io::Result<usize> {
    // `parse` alone would accept `+5` as a size.
    let digits =
        str::from_utf8(digits).ok().filter(|text| text.bytes().all(|b| b.is_ascii_digit()));
    match digits.map(str::parse) {
        Some(Ok(size @ 0..=MAX_MESSAGE)) => Ok(size),
        _ => Err(io::Error::new(ErrorKind::InvalidData, "not a size up to MAX_MESSAGE")),
    }
}

fn ended(place: &str) -> io::Error {
    io::Error::new(ErrorKind::UnexpectedEof, format!("stream ended {place}"))
}
