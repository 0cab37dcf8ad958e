//! Two programs on the phone: one waits for a call, the other calls. The notes' programs, as the notes
//! have them.
//!
//! ```text
//! answer   hello ─────────▶ call          the server speaks first: five bytes that both know
//! answer ◀───────── byebye  call          then the client, until it hangs up
//!
//! shout_back ◀── Hello World              every piece of what is said
//! shout_back     HELLO WORLD ──▶          comes back before the next one
//! ```
//!
//! With a few bytes on one machine this works. Make it know when the other side has finished.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};

/// What a server says first.
pub const GREETING: &[u8] = b"hello";
/// What a client says to that.
pub const GOODBYE: &[u8] = b"byebye";

/// Answer one call: greet whoever calls with [`GREETING`], and return what it says until it hangs up.
pub fn answer(listener: &TcpListener) -> io::Result<Vec<u8>> {
    let (mut stream, _) = listener.accept()?;
    let _ = stream.write(GREETING)?;
    let mut buffer = [0; 1024];
    let n = stream.read(&mut buffer)?;
    Ok(buffer[..n].to_vec())
}

/// Call a server: hear its [`GREETING`], say [`GOODBYE`], hang up, and return all that it said until
/// it hung up as well.
///
/// `InvalidData` if it greets in other words, `UnexpectedEof` if it hangs up before it has greeted:
/// nothing is said to it then.
pub fn call(server: SocketAddr) -> io::Result<Vec<u8>> {
    let mut stream = TcpStream::connect(server)?;
    let mut buffer = [0; 1024];
    let n = stream.read(&mut buffer)?;
    let _ = stream.write(GOODBYE)?;
    Ok(buffer[..n].to_vec())
}

/// Answer one call: send back in capitals (ASCII) what the caller says, until it hangs up.
pub fn shout_back(listener: &TcpListener) -> io::Result<()> {
    let (mut stream, _) = listener.accept()?;
    let mut buffer = [0; 1024];
    let n = stream.read(&mut buffer)?;
    buffer[..n].make_ascii_uppercase();
    let _ = stream.write(&buffer[..n])?;
    Ok(())
}
