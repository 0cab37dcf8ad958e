//! Right: a connection is two streams, one for each direction, and each is copied to its end.

use std::io::{self, BufReader, BufWriter, Error, ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};

/// What a server says first.
pub const GREETING: &[u8] = b"hello";
/// What a client says to that.
pub const GOODBYE: &[u8] = b"byebye";

/// Answer one call: greet whoever calls with [`GREETING`], and return what it says until it hangs up.
pub fn answer(listener: &TcpListener) -> io::Result<Vec<u8>> {
    let (stream, _) = listener.accept()?;
    let (mut incoming, mut outgoing) = (BufReader::new(&stream), BufWriter::new(&stream));
    outgoing.write_all(GREETING)?;
    outgoing.flush()?;
    let mut heard = Vec::new();
    io::copy(&mut incoming, &mut heard)?;
    Ok(heard)
}

/// Call a server: hear its [`GREETING`], say [`GOODBYE`], hang up, and return all that it said.
pub fn call(server: SocketAddr) -> io::Result<Vec<u8>> {
    let stream = TcpStream::connect(server)?;
    let mut incoming = BufReader::new(stream.try_clone()?).bytes();
    let mut heard = Vec::new();
    for expected in GREETING {
        let byte = incoming.next().ok_or(ErrorKind::UnexpectedEof)??;
        if byte != *expected {
            return Err(Error::new(ErrorKind::InvalidData, "another greeting"));
        }
        heard.push(byte);
    }
    (&stream).write_all(GOODBYE)?;
    stream.shutdown(Shutdown::Write)?;
    for byte in incoming {
        heard.push(byte?);
    }
    Ok(heard)
}

/// Answer one call: send back in capitals (ASCII) what the caller says, until it hangs up.
pub fn shout_back(listener: &TcpListener) -> io::Result<()> {
    let (stream, _) = listener.accept()?;
    io::copy(&mut Capitals(&stream), &mut &stream)?;
    Ok(())
}

/// Whatever is read, in capitals.
struct Capitals<R>(R);

impl<R: Read> Read for Capitals<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.0.read(buffer)?;
        buffer[..n].make_ascii_uppercase();
        Ok(n)
    }
}
