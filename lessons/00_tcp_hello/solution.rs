//! Wait for a call over TCP, or make one, and know when the other side has finished.
//!
//! ```text
//! answer   hello ─────────▶ call          the server sends first: five bytes that both know
//! answer ◀───────── byebye  call          then the client, until it closes
//!
//! shout_back ◀── Hello World              every piece that arrives
//! shout_back     HELLO WORLD ──▶          comes back before the next one
//! ```

use std::io::{self, Error, ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};

/// What a server sends first.
pub const GREETING: &[u8] = b"hello";
/// What a client replies.
pub const GOODBYE: &[u8] = b"byebye";

/// Answer one call: greet the caller with [`GREETING`], return what it sends until it closes, then close.
pub fn answer(listener: &TcpListener) -> io::Result<Vec<u8>> {
    // The listener only accepts calls. Each call is a socket of its own.
    let (mut stream, _) = listener.accept()?;
    stream.write_all(GREETING)?;
    let mut received = Vec::new();
    stream.read_to_end(&mut received)?;
    Ok(received)
}

/// Call a server: read its [`GREETING`], send [`GOODBYE`], half-close, and return all that the server
/// sends until it closes, from the greeting on.
///
/// `InvalidData` if the greeting is a different one, `UnexpectedEof` if the server closes before the
/// greeting is complete: nothing is sent then.
pub fn call(server: SocketAddr) -> io::Result<Vec<u8>> {
    let mut stream = TcpStream::connect(server)?;
    // Nothing on the wire marks the end of a greeting: its length is known in advance.
    let mut received = vec![0; GREETING.len()];
    stream.read_exact(&mut received)?;
    if received != GREETING {
        return Err(Error::new(ErrorKind::InvalidData, "the greeting is not hello"));
    }
    stream.write_all(GOODBYE)?;
    // This ends our direction only. The server ends the other one when it has read everything.
    stream.shutdown(Shutdown::Write)?;
    stream.read_to_end(&mut received)?;
    Ok(received)
}

/// Answer one call: send back in capitals (ASCII) what the caller sends, until it closes; then close.
pub fn shout_back(listener: &TcpListener) -> io::Result<()> {
    let (mut stream, _) = listener.accept()?;
    let mut buffer = [0; 1024];
    loop {
        let n = match stream.read(&mut buffer) {
            // Reading 0 bytes means that the caller has closed.
            Ok(0) => return Ok(()),
            Ok(n) => n,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        buffer[..n].make_ascii_uppercase();
        stream.write_all(&buffer[..n])?;
    }
}
