//! Caught by a_call_hears_the_greeting_and_says_goodbye: BothWait.
//!
//! The client reads to the end of the stream, and the server will not hang up before it was answered.

use std::io::{self, Error, ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};

/// What a server says first.
pub const GREETING: &[u8] = b"hello";
/// What a client says to that.
pub const GOODBYE: &[u8] = b"byebye";

/// Answer one call: greet whoever calls with [`GREETING`], and return what it says until it hangs up.
pub fn answer(listener: &TcpListener) -> io::Result<Vec<u8>> {
    // The listener only takes calls. Each call is a socket of its own.
    let (mut stream, _) = listener.accept()?;
    stream.write_all(GREETING)?;
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
    let mut heard = Vec::new();
    stream.read_to_end(&mut heard)?;
    if !heard.starts_with(GREETING) {
        return Err(Error::new(ErrorKind::InvalidData, "this server greets in other words"));
    }
    stream.write_all(GOODBYE)?;
    stream.shutdown(Shutdown::Write)?;
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
