//! Right: read_exact and write_all do the looping; the first byte of a header is read alone, because a
//! clean end can come only before it.

use std::io::{self, BufWriter, Error, ErrorKind, Read, Write};

/// The longest message that either side accepts, in bytes: 16 MiB.
pub const MAX_MESSAGE: usize = 16 * 1024 * 1024;

/// Write `message` after its header; `InvalidInput` if it is longer than [`MAX_MESSAGE`].
pub fn write_message(stream: &mut impl Write, message: &[u8]) -> io::Result<()> {
    if message.len() > MAX_MESSAGE {
        return Err(Error::new(ErrorKind::InvalidInput, "too long"));
    }
    let mut stream = BufWriter::new(stream);
    stream.write_all(&(message.len() as i32).to_le_bytes())?;
    stream.write_all(message)?;
    stream.flush()
}

/// Read one message, or `None` if the peer has closed the stream between messages.
pub fn read_message(stream: &mut impl Read) -> io::Result<Option<Vec<u8>>> {
    let mut first = Vec::new();
    if stream.by_ref().take(1).read_to_end(&mut first)? == 0 {
        return Ok(None);
    }
    let mut header = [first[0], 0, 0, 0];
    stream.read_exact(&mut header[1..])?;
    let mut message = vec![0; length(header)?];
    stream.read_exact(&mut message)?;
    Ok(Some(message))
}

/// Puts messages back together from bytes that arrive in any pieces.
#[derive(Debug, Default)]
pub struct Decoder {
    buffer: Vec<u8>,
}

impl Decoder {
    /// Add the bytes that one read returned.
    pub fn push(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    /// Remove and return the next whole message, or `None` if it needs more bytes.
    pub fn next_message(&mut self) -> io::Result<Option<Vec<u8>>> {
        let Some((header, rest)) = self.buffer.split_first_chunk() else { return Ok(None) };
        let Some(message) = rest.get(..length(*header)?) else { return Ok(None) };
        let message = message.to_vec();
        self.buffer.drain(..header.len() + message.len());
        Ok(Some(message))
    }

    /// End the stream: `UnexpectedEof` if it ends inside a message.
    pub fn finish(self) -> io::Result<()> {
        let whole = self.buffer.is_empty();
        whole.then_some(()).ok_or_else(|| Error::new(ErrorKind::UnexpectedEof, "half a message"))
    }
}

fn length(header: [u8; 4]) -> io::Result<usize> {
    let length = usize::try_from(i32::from_le_bytes(header)).ok();
    let refused = || Error::new(ErrorKind::InvalidData, "length out of bounds");
    length.filter(|length| *length <= MAX_MESSAGE).ok_or_else(refused)
}
