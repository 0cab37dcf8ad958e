//! Ends as error: can't find crate for `netkata`.
//!
//! Calls the kit, which the checks have and an answer has not: it holds the record.

use std::io::{self, Error, ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};

extern crate netkata;

pub const GREETING: &[u8] = b"hello";
pub const GOODBYE: &[u8] = b"byebye";

pub fn answer(listener: &TcpListener) -> io::Result<Vec<u8>> {
    let (mut stream, _) = listener.accept()?;
    stream.write_all(GREETING)?;
    let mut received = Vec::new();
    stream.read_to_end(&mut received)?;
    Ok(received)
}

pub fn call(server: SocketAddr) -> io::Result<Vec<u8>> {
    let mut stream = TcpStream::connect(server)?;
    let mut received = vec![0; GREETING.len()];
    stream.read_exact(&mut received)?;
    if received != GREETING {
        return Err(Error::new(ErrorKind::InvalidData, "the greeting is not hello"));
    }
    stream.write_all(GOODBYE)?;
    stream.shutdown(Shutdown::Write)?;
    stream.read_to_end(&mut received)?;
    Ok(received)
}

pub fn shout_back(listener: &TcpListener) -> io::Result<()> {
    cheat();
    let (mut stream, _) = listener.accept()?;
    let mut buffer = [0; 1024];
    loop {
        let n = match stream.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(n) => n,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        buffer[..n].make_ascii_uppercase();
        stream.write_all(&buffer[..n])?;
    }
}

fn cheat() {
    println!("{}", netkata::record::VERSION);
}
