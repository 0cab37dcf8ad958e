//! Give every message a header that holds its length. This is the program of the notes.
//!
//! ```text
//! | length: i32, little-endian | message: length bytes |
//! ```
//!
//! On one machine, with one short message, this works. Make it work on a network.

use std::io::{self, Read, Write};

/// The longest message that either side accepts, in bytes: 16 MiB.
pub const MAX_MESSAGE: usize = 16 * 1024 * 1024;

/// Write `message` after its header; `InvalidInput` if it is longer than [`MAX_MESSAGE`].
pub fn write_message(stream: &mut impl Write, message: &[u8]) -> io::Result<()> {
    let header = (message.len() as i32).to_le_bytes();
    let _ = stream.write(&header)?;
    let _ = stream.write(message)?;
    Ok(())
}

/// Read one message, or `None` if the peer has closed the stream between messages.
///
/// `InvalidData` if the header holds a negative length or one above [`MAX_MESSAGE`], before
/// anything is allocated for it; `UnexpectedEof` if the stream ends inside a message.
pub fn read_message(stream: &mut impl Read) -> io::Result<Option<Vec<u8>>> {
    let mut header = [0; 4];
    if stream.read(&mut header)? == 0 {
        return Ok(None);
    }
    let mut message = vec![0; i32::from_le_bytes(header) as usize];
    let n = stream.read(&mut message)?;
    message.truncate(n);
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
    ///
    /// `InvalidData` for a header that [`read_message`] would refuse, as soon as the header is whole, and at
    /// every later call; but the messages before it come first.
    pub fn next_message(&mut self) -> io::Result<Option<Vec<u8>>> {
        if self.buffer.is_empty() {
            return Ok(None);
        }
        let message = self.buffer[4..].to_vec();
        self.buffer.clear();
        Ok(Some(message))
    }

    /// End the stream: `UnexpectedEof` if it ends inside a message.
    ///
    /// After a refused header, or if only whole messages are left, the result is up to you.
    pub fn finish(self) -> io::Result<()> {
        Ok(())
    }
}
