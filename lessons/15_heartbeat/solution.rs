//! Keep an idle connection alive, and notice when its peer has vanished without a word.
//!
//! ```text
//! client → server    ping\n          server → client    pong\n
//! client → server    any line\n      server → client    any line\n
//! ```

use std::io::{self, ErrorKind, Read, Write};

const PING: &[u8] = b"ping\n";
const PONG: &[u8] = b"pong\n";

/// This many bytes at most arrive in one read.
const PIECE: usize = 1024;

/// Answer every line until the client closes its side: `ping` with `pong`, any other line with itself.
///
/// `TimedOut` as soon as one read times out, so that the caller disconnects the client;
/// `UnexpectedEof` if the stream ends inside a line, which is not answered then; the error of a write.
pub fn serve(stream: &mut (impl Read + Write)) -> io::Result<()> {
    let mut arrived = Vec::new();
    loop {
        match read_once(stream, &mut arrived)? {
            Heard::Bytes => {}
            Heard::End => return Ok(()),
            // A client that is only idle would have sent a ping.
            Heard::Silence => return Err(ErrorKind::TimedOut.into()),
        }
        while let Some(line) = next_line(&mut arrived) {
            stream.write_all(if line == PING { PONG } else { &line })?;
        }
    }
}

/// Pass every line, with its `\n`, to `show`, except `pong`, until the server closes its side.
///
/// Send one `ping` each time a read times out. `TimedOut` if the read after a ping times out too: not one
/// byte has come. `UnexpectedEof` if the stream ends inside a line, which is not shown then; the error of a
/// write.
pub fn listen(stream: &mut (impl Read + Write), mut show: impl FnMut(&[u8])) -> io::Result<()> {
    let mut arrived = Vec::new();
    let mut pinged = false;
    loop {
        match read_once(stream, &mut arrived)? {
            // Any byte shows that the server lives, even if it does not end a line.
            Heard::Bytes => pinged = false,
            Heard::End => return Ok(()),
            Heard::Silence if pinged => return Err(ErrorKind::TimedOut.into()),
            Heard::Silence => {
                stream.write_all(PING)?;
                pinged = true;
            }
        }
        while let Some(line) = next_line(&mut arrived) {
            if line != PONG {
                show(&line);
            }
        }
    }
}

/// What one read came to.
enum Heard {
    Bytes,
    End,
    Silence,
}

/// Add what arrives to `arrived`; `UnexpectedEof` if the stream ends while half a line is there.
fn read_once(stream: &mut impl Read, arrived: &mut Vec<u8>) -> io::Result<Heard> {
    let mut piece = [0; PIECE];
    loop {
        match stream.read(&mut piece) {
            Ok(0) if arrived.is_empty() => return Ok(Heard::End),
            Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
            Ok(n) => {
                arrived.extend_from_slice(&piece[..n]);
                return Ok(Heard::Bytes);
            }
            Err(error) => match error.kind() {
                // A read timeout has two names: WouldBlock on Unix, TimedOut on Windows.
                ErrorKind::WouldBlock | ErrorKind::TimedOut => return Ok(Heard::Silence),
                ErrorKind::Interrupted => {}
                _ => return Err(error),
            },
        }
    }
}

/// Remove and return the first whole line.
fn next_line(arrived: &mut Vec<u8>) -> Option<Vec<u8>> {
    // All whole lines are removed after each read, so a line ends in the last piece, or not yet.
    let searched = arrived.len().saturating_sub(PIECE);
    let end = arrived[searched..].iter().position(|byte| *byte == b'\n')?;
    Some(arrived.drain(..=searched + end).collect())
}
