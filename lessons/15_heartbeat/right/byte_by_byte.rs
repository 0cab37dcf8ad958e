//! Right: both sides are one loop that reads byte by byte; two closures say what a line and a silence mean.

use std::io::{self, ErrorKind, Read, Write};

/// Answer every line until the client closes its side; `TimedOut` as soon as one read times out.
pub fn serve(stream: &mut (impl Read + Write)) -> io::Result<()> {
    let answer = |stream: &mut _, line: &[u8]| {
        send(stream, if line == b"ping\n" { b"pong\n" } else { line })
    };
    converse(stream, answer, |_, _| Err(ErrorKind::TimedOut.into()))
}

/// Pass every line except `pong` to `show`; send a `ping` after a silence, `TimedOut` after a second.
pub fn listen(stream: &mut (impl Read + Write), mut show: impl FnMut(&[u8])) -> io::Result<()> {
    let pass_on = |_: &mut _, line: &[u8]| {
        if line != b"pong\n" {
            show(line);
        }
        Ok(())
    };
    converse(stream, pass_on, |stream, silences| match silences {
        1 => send(stream, b"ping\n"),
        _ => Err(ErrorKind::TimedOut.into()),
    })
}

/// Call `on_line` for every line, and `on_silence` with the number of timeouts since the last byte.
fn converse<S: Read + Write>(
    stream: &mut S,
    mut on_line: impl FnMut(&mut S, &[u8]) -> io::Result<()>,
    on_silence: impl Fn(&mut S, u32) -> io::Result<()>,
) -> io::Result<()> {
    let (mut line, mut silences, mut byte) = (Vec::new(), 0, [0]);
    loop {
        match stream.read(&mut byte) {
            Ok(0) if line.is_empty() => return Ok(()),
            Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
            Ok(_) => {
                silences = 0;
                line.push(byte[0]);
                if byte == *b"\n" {
                    on_line(stream, &line)?;
                    line.clear();
                }
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                silences += 1;
                on_silence(stream, silences)?;
            }
            Err(error) => return Err(error),
        }
    }
}

fn send(stream: &mut impl Write, bytes: &[u8]) -> io::Result<()> {
    stream.write_all(bytes)
}
