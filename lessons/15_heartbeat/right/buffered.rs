//! Right: a `BufReader` finds the lines. It keeps half a line when a read times out, because `read_until`
//! adds to a buffer that the caller owns.

use std::io::{self, BufRead, BufReader, Error, ErrorKind, Read, Write};

/// Answer every line until the client closes its side; `TimedOut` as soon as one read times out.
pub fn serve(stream: &mut (impl Read + Write)) -> io::Result<()> {
    let mut stream = BufReader::new(stream);
    loop {
        let mut line = Vec::new();
        match stream.read_until(b'\n', &mut line) {
            Err(error) if is_timeout(&error) => return Err(ErrorKind::TimedOut.into()),
            other => other?,
        };
        match line.as_slice() {
            [] => return Ok(()),
            b"ping\n" => stream.get_mut().write_all(b"pong\n")?,
            [.., b'\n'] => stream.get_mut().write_all(&line)?,
            _ => return Err(half_a_line()),
        }
    }
}

/// Pass every line except `pong` to `show`; send a `ping` after a silence, `TimedOut` after a second.
pub fn listen(stream: &mut (impl Read + Write), mut show: impl FnMut(&[u8])) -> io::Result<()> {
    let mut stream = BufReader::new(stream);
    let mut line = Vec::new();
    // How much of the line had come when the last ping was sent, if nothing else has come since.
    let mut had_at_ping = None;
    loop {
        match stream.read_until(b'\n', &mut line) {
            Err(error) if is_timeout(&error) => {
                if had_at_ping == Some(line.len()) {
                    return Err(ErrorKind::TimedOut.into());
                }
                had_at_ping = Some(line.len());
                stream.get_mut().write_all(b"ping\n")?;
                continue;
            }
            other => other?,
        };
        match line.as_slice() {
            [] => return Ok(()),
            b"pong\n" => {}
            [.., b'\n'] => show(&line),
            _ => return Err(half_a_line()),
        }
        line.clear();
        had_at_ping = None;
    }
}

fn is_timeout(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut)
}

fn half_a_line() -> Error {
    Error::new(ErrorKind::UnexpectedEof, "half a line")
}
