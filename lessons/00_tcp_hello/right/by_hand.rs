//! Right: loops of plain reads and writes, which handle every result by hand.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};

/// What a server sends first.
pub const GREETING: &[u8] = b"hello";
/// What a client replies.
pub const GOODBYE: &[u8] = b"byebye";

/// Answer one call: greet the caller with [`GREETING`], and return what it sends until it closes.
pub fn answer(listener: &TcpListener) -> io::Result<Vec<u8>> {
    let (mut stream, _) = listener.accept()?;
    send(&mut stream, GREETING)?;
    let (mut received, mut buffer) = (Vec::new(), [0; 4096]);
    loop {
        match receive(&mut stream, &mut buffer)? {
            [] => return Ok(received),
            piece => received.extend_from_slice(piece),
        }
    }
}

/// Call a server: read its [`GREETING`], send [`GOODBYE`], half-close, and return all that the server
/// sends.
pub fn call(server: SocketAddr) -> io::Result<Vec<u8>> {
    let mut stream = TcpStream::connect(server)?;
    let (mut received, mut buffer) = (Vec::new(), [0; 4096]);
    while received.len() < GREETING.len() {
        match receive(&mut stream, &mut buffer)? {
            [] => return Err(ErrorKind::UnexpectedEof.into()),
            piece => received.extend_from_slice(piece),
        }
    }
    if !received.starts_with(GREETING) {
        return Err(ErrorKind::InvalidData.into());
    }
    send(&mut stream, GOODBYE)?;
    stream.shutdown(Shutdown::Write)?;
    loop {
        match receive(&mut stream, &mut buffer)? {
            [] => return Ok(received),
            piece => received.extend_from_slice(piece),
        }
    }
}

/// Answer one call: send back in capitals (ASCII) what the caller sends, until it closes.
pub fn shout_back(listener: &TcpListener) -> io::Result<()> {
    let (mut stream, _) = listener.accept()?;
    let mut buffer = [0; 4096];
    loop {
        let piece = receive(&mut stream, &mut buffer)?;
        if piece.is_empty() {
            return Ok(());
        }
        let capitals: Vec<u8> = piece
            .iter()
            .map(|&byte| if byte.is_ascii_lowercase() { byte - b'a' + b'A' } else { byte })
            .collect();
        send(&mut stream, &capitals)?;
    }
}

/// Return the bytes of the next read; none at the end of the stream.
fn receive<'a>(stream: &mut TcpStream, buffer: &'a mut [u8]) -> io::Result<&'a [u8]> {
    loop {
        match stream.read(buffer) {
            Ok(n) => return Ok(&buffer[..n]),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

fn send(stream: &mut TcpStream, mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        match stream.write(bytes) {
            Ok(n) => bytes = &bytes[n..],
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
