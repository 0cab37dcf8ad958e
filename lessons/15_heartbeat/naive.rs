//! Keep an idle connection alive, and notice when its peer has vanished without a word. This is how the
//! notes' programs read, with pings added.
//!
//! ```text
//! client → server    ping\n          server → client    pong\n
//! client → server    any line\n      server → client    any line\n
//! ```
//!
//! As long as both sides live and lines are short, this works. Make it work when one of them vanishes.

use std::io::{self, ErrorKind, Read, Write};

/// Answer every line until the client closes its side: `ping` with `pong`, any other line with itself.
///
/// `TimedOut` as soon as one read times out, so that the caller disconnects the client;
/// `UnexpectedEof` if the stream ends inside a line, which is not answered then; the error of a write.
pub fn serve(stream: &mut (impl Read + Write)) -> io::Result<()> {
    let mut line = [0; 1024];
    loop {
        match stream.read(&mut line) {
            Ok(0) => return Ok(()),
            Ok(n) if &line[..n] == b"ping\n" => stream.write_all(b"pong\n")?,
            Ok(n) => stream.write_all(&line[..n])?,
            // Nothing came in time: try again.
            Err(error) if is_timeout(&error) => {}
            Err(error) => return Err(error),
        }
    }
}

/// Pass every line, with its `\n`, to `show`, except `pong`, until the server closes its side.
///
/// Send one `ping` each time a read times out. `TimedOut` if the read after a ping times out too: not one
/// byte has come. `UnexpectedEof` if the stream ends inside a line, which is not shown then; the error of a
/// write.
pub fn listen(stream: &mut (impl Read + Write), mut show: impl FnMut(&[u8])) -> io::Result<()> {
    let mut line = [0; 1024];
    loop {
        match stream.read(&mut line) {
            Ok(0) => return Ok(()),
            Ok(n) if &line[..n] == b"pong\n" => {}
            Ok(n) => show(&line[..n]),
            Err(error) if is_timeout(&error) => stream.write_all(b"ping\n")?,
            Err(error) => return Err(error),
        }
    }
}

/// A read timeout has two names: `WouldBlock` on Unix, `TimedOut` on Windows.
fn is_timeout(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut)
}
