//! Give every message a header that holds its length, and read until the message is whole.
//!
//! ```text
//! | length: i32, little-endian | message: length bytes |
//! ```

use std::collections::VecDeque;
use std::io::{self, ErrorKind, Read, Write};

/// The longest message that either side accepts, in bytes: 16 MiB.
pub const MAX_MESSAGE: usize = 16 * 1024 * 1024;

const HEADER: usize = size_of::<i32>();

/// Write `message` after its header; `InvalidInput` if it is longer than [`MAX_MESSAGE`].
pub fn write_message(stream: &mut impl Write, message: &[u8]) -> io::Result<()> {
    if message.len() > MAX_MESSAGE {
        return Err(io::Error::new(ErrorKind::InvalidInput, "message longer than MAX_MESSAGE"));
    }
    // One write for both: after a header sent alone, the message may wait for the peer's
    // acknowledgement (Nagle, RFC 896), which the peer delays (RFC 1122, 4.2.3.2).
    let mut frame = (message.len() as i32).to_le_bytes().to_vec();
    frame.extend_from_slice(message);
    stream.write_all(&frame)
}

/// Read one message, or `None` if the peer has closed the stream between messages.
///
/// `InvalidData` if the header holds a negative length or one above [`MAX_MESSAGE`], before
/// anything is allocated for it; `UnexpectedEof` if the stream ends inside a message.
pub fn read_message(stream: &mut impl Read) -> io::Result<Option<Vec<u8>>> {
    let mut header = Vec::with_capacity(HEADER);
    match stream.by_ref().take(HEADER as u64).read_to_end(&mut header)? {
        // The peer closed the stream between messages.
        0 => return Ok(None),
        HEADER => {}
        _ => return Err(ended_inside("a header")),
    }
    let length = message_length(header.try_into().expect("four bytes"))?;
    // The buffer grows only as bytes arrive: a peer that promises 16 MiB and sends nothing costs
    // nothing.
    let mut message = Vec::new();
    if stream.by_ref().take(length as u64).read_to_end(&mut message)? < length {
        return Err(ended_inside("a message"));
    }
    Ok(Some(message))
}

/// Puts messages back together from bytes that arrive in any pieces.
#[derive(Debug, Default)]
pub struct Decoder {
    buffer: VecDeque<u8>,
}

impl Decoder {
    /// Add the bytes that one read returned.
    pub fn push(&mut self, bytes: &[u8]) {
        self.buffer.extend(bytes);
    }

    /// Remove and return the next whole message, or `None` if it needs more bytes.
    ///
    /// `InvalidData` for a header that [`read_message`] would refuse, as soon as the header is whole, and at
    /// every later call; but the messages before it come first.
    pub fn next_message(&mut self) -> io::Result<Option<Vec<u8>>> {
        let header: Vec<u8> = self.buffer.iter().take(HEADER).copied().collect();
        let Ok(header) = header.try_into() else { return Ok(None) };
        let length = message_length(header)?;
        if self.buffer.len() < HEADER + length {
            return Ok(None);
        }
        let frame = ..HEADER + length;
        let message = self.buffer.make_contiguous()[frame][HEADER..].to_vec();
        // What follows this message belongs to the next one, and stays.
        self.buffer.drain(frame);
        Ok(Some(message))
    }

    /// End the stream: `UnexpectedEof` if it ends inside a message.
    ///
    /// After a refused header, or if only whole messages are left, the result is up to you.
    pub fn finish(self) -> io::Result<()> {
        if self.buffer.is_empty() { Ok(()) } else { Err(ended_inside("a message")) }
    }
}

fn message_length(header: [u8; HEADER]) -> io::Result<usize> {
    match usize::try_from(i32::from_le_bytes(header)) {
        Ok(length) if length <= MAX_MESSAGE => Ok(length),
        _ => Err(io::Error::new(ErrorKind::InvalidData, "length outside 0..=MAX_MESSAGE")),
    }
}

fn ended_inside(what: &str) -> io::Error {
    io::Error::new(ErrorKind::UnexpectedEof, format!("stream ended inside {what}"))
}
