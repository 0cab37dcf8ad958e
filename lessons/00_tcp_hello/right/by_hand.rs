//! Right: loops of plain reads and writes, every case of their results by hand.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};

/// What a server says first.
pub const GREETING: &[u8] = b"hello";
/// What a client says to that.
pub const GOODBYE: &[u8] = b"byebye";

/// Answer one call: greet whoever calls with [`GREETING`], and return what it says until it hangs up.
pub fn answer(listener: &TcpListener) -> io::Result<Vec<u8>> {
    let (mut stream, _) = listener.accept()?;
    send(&mut stream, GREETING)?;
    let (mut heard, mut buffer) = (Vec::new(), [0; 4096]);
    loop {
        match receive(&mut stream, &mut buffer)? {
            [] => return Ok(heard),
            piece => heard.extend_from_slice(piece),
        }
    }
}

/// Call a server: hear its [`GREETING`], say [`GOODBYE`], hang up, and return all that it said.
pub fn call(server: SocketAddr) -> io::Result<Vec<u8>> {
    let mut stream = TcpStream::connect(server)?;
    let (mut heard, mut buffer) = (Vec::new(), [0; 4096]);
    while heard.len() < GREETING.len() {
        match receive(&mut stream, &mut buffer)? {
            [] => return Err(ErrorKind::UnexpectedEof.into()),
            piece => heard.extend_from_slice(piece),
        }
    }
    if !heard.starts_with(GREETING) {
        return Err(ErrorKind::InvalidData.into());
    }
    send(&mut stream, GOODBYE)?;
    stream.shutdown(Shutdown::Write)?;
    loop {
        match receive(&mut stream, &mut buffer)? {
            [] => return Ok(heard),
            piece => heard.extend_from_slice(piece),
        }
    }
}

/// Answer one call: send back in capitals (ASCII) what the caller says, until it hangs up.
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

/// The bytes that the next read brings; none at the end of the stream.
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
