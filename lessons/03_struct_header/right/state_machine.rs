//! Right: a state machine that asks for exactly the bytes it needs next; the reads drive it.

use std::io::{self, ErrorKind, IoSlice, Read, Write};

/// The longest message that either side accepts, in bytes: 16 MiB.
pub const MAX_MESSAGE: usize = 16 * 1024 * 1024;

/// Write `message` after its header; `InvalidInput` if it is longer than [`MAX_MESSAGE`].
pub fn write_message(stream: &mut impl Write, message: &[u8]) -> io::Result<()> {
    let length = i32::try_from(message.len()).ok().filter(|_| message.len() <= MAX_MESSAGE);
    let header = length.ok_or(ErrorKind::InvalidInput)?.to_le_bytes();
    let mut slices = [IoSlice::new(&header), IoSlice::new(message)];
    let mut slices = &mut slices[..];
    while slices.iter().any(|slice| !slice.is_empty()) {
        match stream.write_vectored(slices) {
            Ok(0) => return Err(ErrorKind::WriteZero.into()),
            Ok(n) => IoSlice::advance_slices(&mut slices, n),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Read one message, or `None` if the peer has closed the stream between messages.
pub fn read_message(stream: &mut impl Read) -> io::Result<Option<Vec<u8>>> {
    let mut decoder = Decoder::default();
    let mut buffer = [0; 4096];
    loop {
        if let Some(message) = decoder.next_message()? {
            return Ok(Some(message));
        }
        // Never read more than this message still lacks: what follows it belongs to the next call.
        let wanted = decoder.lacks().min(buffer.len());
        match stream.read(&mut buffer[..wanted]) {
            Ok(0) => return decoder.finish().map(|()| None),
            Ok(n) => decoder.push(&buffer[..n]),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// Puts messages back together from bytes that arrive in any pieces.
#[derive(Debug, Default)]
pub struct Decoder {
    waiting: Vec<u8>,
    state: State,
}

#[derive(Debug, Default)]
enum State {
    #[default]
    Header,
    Message {
        length: usize,
    },
}

impl Decoder {
    /// Add the bytes that one read returned.
    pub fn push(&mut self, bytes: &[u8]) {
        self.waiting.extend_from_slice(bytes);
    }

    /// Remove and return the next whole message, or `None` if it needs more bytes.
    pub fn next_message(&mut self) -> io::Result<Option<Vec<u8>>> {
        loop {
            match self.state {
                State::Header => {
                    let Some(&header) = self.waiting.first_chunk::<4>() else { return Ok(None) };
                    match i32::from_le_bytes(header) {
                        length @ 0.. if length as usize <= MAX_MESSAGE => {
                            self.waiting.drain(..4);
                            self.state = State::Message { length: length as usize };
                        }
                        _ => return Err(ErrorKind::InvalidData.into()),
                    }
                }
                State::Message { length } if self.waiting.len() < length => return Ok(None),
                State::Message { length } => {
                    self.state = State::Header;
                    return Ok(Some(self.waiting.drain(..length).collect()));
                }
            }
        }
    }

    /// End the stream: `UnexpectedEof` if it ends inside a message.
    pub fn finish(self) -> io::Result<()> {
        match self.state {
            State::Header if self.waiting.is_empty() => Ok(()),
            _ => Err(ErrorKind::UnexpectedEof.into()),
        }
    }

    fn lacks(&self) -> usize {
        let whole = if let State::Message { length } = self.state { length } else { 4 };
        whole - self.waiting.len()
    }
}
