//! Right: loops of plain reads and writes; the second message is sent when the first has arrived.

use std::io::{self, ErrorKind, Read, Write};
use std::net::TcpStream;

/// The longest message that either side accepts, in bytes: 16 MiB.
pub const MAX_MESSAGE: usize = 16 * 1024 * 1024;

/// Send two messages in two writes, and return what one read of the receiver finds: both, every time.
pub fn stick(
    sender: &mut impl Write,
    receiver: &mut TcpStream,
    first: &[u8],
    second: &[u8],
) -> io::Result<Vec<u8>> {
    let mut both = vec![0; first.len() + second.len()];
    send(sender, first)?;
    await_queue(receiver, &mut both[..first.len()])?;
    send(sender, second)?;
    await_queue(receiver, &mut both)?;
    let n = receive(receiver, &mut both)?;
    Ok(both[..n].to_vec())
}

/// Send one message in one write, and return its pieces as the receiver's reads found them.
pub fn split(
    sender: &mut impl Write,
    receiver: &mut TcpStream,
    message: &[u8],
) -> io::Result<Vec<Vec<u8>>> {
    send(sender, message)?;
    let mut pieces = Vec::new();
    for _ in 0..message.len() {
        let mut byte = [0];
        if receive(receiver, &mut byte)? == 0 {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        pieces.push(byte.to_vec());
    }
    Ok(pieces)
}

/// Send the message's size in decimal digits, wait for an acknowledgement, then send the message.
pub fn send_acknowledged(stream: &mut (impl Read + Write), message: &[u8]) -> io::Result<()> {
    if message.len() > MAX_MESSAGE {
        return Err(ErrorKind::InvalidInput.into());
    }
    let mut digits = [0; 20];
    let mut start = digits.len();
    let mut rest = message.len();
    loop {
        start -= 1;
        digits[start] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    send(stream, &digits[start..])?;
    match receive(stream, &mut [0; 4096])? {
        0 => Err(ErrorKind::UnexpectedEof.into()),
        _ => send(stream, message),
    }
}

/// Receive a size, acknowledge it, and receive the message.
pub fn receive_acknowledged(stream: &mut (impl Read + Write)) -> io::Result<Vec<u8>> {
    let mut digits = [0; 64];
    let size = match receive(stream, &mut digits)? {
        0 => return Err(ErrorKind::UnexpectedEof.into()),
        n => size_of(&digits[..n])?,
    };
    send(stream, "收到".as_bytes())?;
    let mut message = Vec::new();
    let mut buffer = [0; 4096];
    while message.len() < size {
        let wanted = buffer.len().min(size - message.len());
        match receive(stream, &mut buffer[..wanted])? {
            0 => return Err(ErrorKind::UnexpectedEof.into()),
            n => message.extend_from_slice(&buffer[..n]),
        }
    }
    Ok(message)
}

fn size_of(digits: &[u8]) -> io::Result<usize> {
    let mut size = 0_usize;
    for digit in digits {
        if !digit.is_ascii_digit() {
            return Err(io::Error::new(ErrorKind::InvalidData, "a size is decimal digits"));
        }
        size = size * 10 + usize::from(digit - b'0');
        if size > MAX_MESSAGE {
            return Err(io::Error::new(ErrorKind::InvalidData, "a size above the limit"));
        }
    }
    Ok(size)
}

/// Wait until the queue holds as many bytes as `buffer`.
fn await_queue(receiver: &TcpStream, buffer: &mut [u8]) -> io::Result<()> {
    loop {
        match receiver.peek(buffer) {
            Ok(n) if n == buffer.len() => return Ok(()),
            Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
            Ok(_) => std::hint::spin_loop(),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

fn send(stream: &mut impl Write, bytes: &[u8]) -> io::Result<()> {
    let mut sent = 0;
    while sent < bytes.len() {
        match stream.write(&bytes[sent..]) {
            Ok(0) => return Err(ErrorKind::WriteZero.into()),
            Ok(n) => sent += n,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

fn receive(stream: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    loop {
        match stream.read(buffer) {
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            read => return read,
        }
    }
}
