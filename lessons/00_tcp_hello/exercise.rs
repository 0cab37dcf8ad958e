//! Wait for a call over TCP, or make one. These are the programs of the notes.
//!
//! ```text
//! answer   hello ─────────▶ call          the server sends first: five bytes that both know
//! answer ◀───────── byebye  call          then the client, until it closes
//!
//! shout_back ◀── Hello World              every piece that arrives
//! shout_back     HELLO WORLD ──▶          comes back before the next one
//! ```
//!
//! With a few bytes on one machine this works. Make each side know when the other has finished.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};

/// What a server sends first.
pub const GREETING: &[u8] = b"hello";
/// What a client replies.
pub const GOODBYE: &[u8] = b"byebye";

/// Answer one call: greet the caller with [`GREETING`], return what it sends until it closes, then close.
pub fn answer(listener: &TcpListener) -> io::Result<Vec<u8>> {
    let (mut stream, _) = listener.accept()?;
    let _ = stream.write(GREETING)?;
    let mut buffer = [0; 1024];
    let n = stream.read(&mut buffer)?;
    Ok(buffer[..n].to_vec())
}

/// Call a server: read its [`GREETING`], send [`GOODBYE`], half-close, and return all that the server
/// sends until it closes, from the greeting on.
///
/// `InvalidData` if the greeting is a different one, `UnexpectedEof` if the server closes before the
/// greeting is complete: nothing is sent then.
pub fn call(server: SocketAddr) -> io::Result<Vec<u8>> {
    let mut stream = TcpStream::connect(server)?;
    let mut buffer = [0; 1024];
    let n = stream.read(&mut buffer)?;
    let _ = stream.write(GOODBYE)?;
    Ok(buffer[..n].to_vec())
}

/// Answer one call: send back in capitals (ASCII) what the caller sends, until it closes; then close.
pub fn shout_back(listener: &TcpListener) -> io::Result<()> {
    let (mut stream, _) = listener.accept()?;
    let mut buffer = [0; 1024];
    let n = stream.read(&mut buffer)?;
    buffer[..n].make_ascii_uppercase();
    let _ = stream.write(&buffer[..n])?;
    Ok(())
}
