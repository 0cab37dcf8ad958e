//! The limit: only reads and writes, with one thread per connection.

use std::io::{self, Read, Write};
use std::net::TcpListener;
use std::thread;

/// Serve for ever.
pub fn serve(listener: &TcpListener) -> io::Result<()> {
    loop {
        let (stream, _) = listener.accept()?;
        thread::spawn(move || answer_in_capitals(stream));
    }
}

/// Answer one connection until the client closes it; `servers/cpython.py` does the same.
pub fn answer_in_capitals(mut stream: impl Read + Write) -> io::Result<()> {
    let mut buffer = [0; 1024];
    loop {
        let n = stream.read(&mut buffer)?;
        if n == 0 {
            return Ok(());
        }
        buffer[..n].make_ascii_uppercase();
        stream.write_all(&buffer[..n])?;
    }
}
