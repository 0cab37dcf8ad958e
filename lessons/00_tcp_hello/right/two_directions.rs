//! Right: treat a connection as two streams, one in each direction, and copy each to its end.

use std::io::{self, BufReader, BufWriter, Error, ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};

/// What a server sends first.
pub const GREETING: &[u8] = b"hello";
/// What a client replies.
pub const GOODBYE: &[u8] = b"byebye";

/// Answer one call: greet the caller with [`GREETING`], and return what it sends until it closes.
pub fn answer(listener: &TcpListener) -> io::Result<Vec<u8>> {
    let (stream, _) = listener.accept()?;
    let (mut incoming, mut outgoing) = (BufReader::new(&stream), BufWriter::new(&stream));
    outgoing.write_all(GREETING)?;
    outgoing.flush()?;
    let mut received = Vec::new();
    io::copy(&mut incoming, &mut received)?;
    Ok(received)
}

/// Call a server: read its [`GREETING`], send [`GOODBYE`], half-close, and return all that the server
/// sends.
pub fn call(server: SocketAddr) -> io::Result<Vec<u8>> {
    let stream = TcpStream::connect(server)?;
    let mut incoming = BufReader::new(stream.try_clone()?).bytes();
    let mut received = Vec::new();
    for expected in GREETING {
        let byte = incoming.next().ok_or(ErrorKind::UnexpectedEof)??;
        if byte != *expected {
            return Err(Error::new(ErrorKind::InvalidData, "unexpected greeting"));
        }
        received.push(byte);
    }
    (&stream).write_all(GOODBYE)?;
    stream.shutdown(Shutdown::Write)?;
    for byte in incoming {
        received.push(byte?);
    }
    Ok(received)
}

/// Answer one call: send back in capitals (ASCII) what the caller sends, until it closes.
pub fn shout_back(listener: &TcpListener) -> io::Result<()> {
    let (stream, _) = listener.accept()?;
    io::copy(&mut Capitals(&stream), &mut &stream)?;
    Ok(())
}

/// A reader that turns what it reads into capitals.
struct Capitals<R>(R);

impl<R: Read> Read for Capitals<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.0.read(buffer)?;
        buffer[..n].make_ascii_uppercase();
        Ok(n)
    }
}
