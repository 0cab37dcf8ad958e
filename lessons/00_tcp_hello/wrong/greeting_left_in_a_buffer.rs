//! Caught by a_caller_is_greeted_before_it_says_anything: BothWait.
//!
//! The greeting goes into a buffer, which is flushed when it is full or dropped: too late.

use std::io::{self, BufWriter, Error, ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};

/// What a server says first.
pub const GREETING: &[u8] = b"hello";
/// What a client says to that.
pub const GOODBYE: &[u8] = b"byebye";

/// Answer one call: greet whoever calls with [`GREETING`], and return what it says until it hangs up.
pub fn answer(listener: &TcpListener) -> io::Result<Vec<u8>> {
    // The listener only takes calls. Each call is a socket of its own.
    let (mut stream, _) = listener.accept()?;
    let mut talk = BufWriter::new(stream.try_clone()?);
    talk.write_all(GREETING)?;
    let mut heard = Vec::new();
    stream.read_to_end(&mut heard)?;
    Ok(heard)
}

/// Call a server: hear its [`GREETING`], say [`GOODBYE`], hang up, and return all that it said until
/// it hung up as well.
///
/// `InvalidData` if it greets in other words, `UnexpectedEof` if it hangs up before it has greeted:
/// nothing is said to it then.
pub fn call(server: SocketAddr) -> io::Result<Vec<u8>> {
    let mut stream = TcpStream::connect(server)?;
    // Nothing on the wire tells where a greeting ends: its length is known beforehand.
    let mut heard = vec![0; GREETING.len()];
    stream.read_exact(&mut heard)?;
    if heard != GREETING {
        return Err(Error::new(ErrorKind::InvalidData, "this server greets in other words"));
    }
    stream.write_all(GOODBYE)?;
    // This ends our direction only. The other one ends when the server has heard us out.
    stream.shutdown(Shutdown::Write)?;
    stream.read_to_end(&mut heard)?;
    Ok(heard)
}

/// Answer one call: send back in capitals (ASCII) what the caller says, until it hangs up.
pub fn shout_back(listener: &TcpListener) -> io::Result<()> {
    let (mut stream, _) = listener.accept()?;
    let mut buffer = [0; 1024];
    loop {
        let n = match stream.read(&mut buffer) {
            // Reading 0 bytes means that the caller has hung up.
            Ok(0) => return Ok(()),
            Ok(n) => n,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        buffer[..n].make_ascii_uppercase();
        stream.write_all(&buffer[..n])?;
    }
}
