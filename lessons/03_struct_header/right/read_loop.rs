//! Right: one loop of plain reads and one of plain writes, which handle every result by hand.

use std::io::{self, ErrorKind, Read, Write};

/// The longest message that either side accepts, in bytes: 16 MiB.
pub const MAX_MESSAGE: usize = 16 * 1024 * 1024;

/// Write `message` after its header; `InvalidInput` if it is longer than [`MAX_MESSAGE`].
pub fn write_message(stream: &mut impl Write, message: &[u8]) -> io::Result<()> {
    if message.len() > MAX_MESSAGE {
        return Err(ErrorKind::InvalidInput.into());
    }
    let header = (message.len() as i32).to_le_bytes();
    for mut rest in [&header[..], message] {
        while !rest.is_empty() {
            match stream.write(rest) {
                Ok(0) => return Err(ErrorKind::WriteZero.into()),
                Ok(n) => rest = &rest[n..],
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }
    Ok(())
}

/// Read one message, or `None` if the peer has closed the stream between messages.
pub fn read_message(stream: &mut impl Read) -> io::Result<Option<Vec<u8>>> {
    let mut header = [0; 4];
    match fill(stream, &mut header)? {
        0 => return Ok(None),
        4 => {}
        _ => return Err(ErrorKind::UnexpectedEof.into()),
    }
    let length = checked(header)?;
    let mut message = vec![0; length];
    if fill(stream, &mut message)? < length {
        return Err(ErrorKind::UnexpectedEof.into());
    }
    Ok(Some(message))
}

/// Puts messages back together from bytes that arrive in any pieces.
#[derive(Debug, Default)]
pub struct Decoder {
    buffer: Vec<u8>,
    start: usize,
}

impl Decoder {
    /// Add the bytes that one read returned.
    pub fn push(&mut self, bytes: &[u8]) {
        self.buffer.drain(..self.start);
        self.start = 0;
        self.buffer.extend_from_slice(bytes);
    }

    /// Remove and return the next whole message, or `None` if it needs more bytes.
    pub fn next_message(&mut self) -> io::Result<Option<Vec<u8>>> {
        let rest = &self.buffer[self.start..];
        if rest.len() < 4 {
            return Ok(None);
        }
        let length = checked([rest[0], rest[1], rest[2], rest[3]])?;
        if rest.len() - 4 < length {
            return Ok(None);
        }
        let message = rest[4..4 + length].to_vec();
        self.start += 4 + length;
        Ok(Some(message))
    }

    /// End the stream: `UnexpectedEof` if it ends inside a message.
    pub fn finish(self) -> io::Result<()> {
        if self.start < self.buffer.len() {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        Ok(())
    }
}

/// Read until `buffer` is full or the stream ends, and return how many bytes came.
fn fill(stream: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match stream.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(n) => filled += n,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

fn checked(header: [u8; 4]) -> io::Result<usize> {
    let length = i32::from_le_bytes(header);
    if length < 0 || length as usize > MAX_MESSAGE {
        return Err(io::Error::new(ErrorKind::InvalidData, format!("length {length}")));
    }
    Ok(length as usize)
}
