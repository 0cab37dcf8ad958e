//! Make two messages stick together, split one into pieces, and send a size before its data. These are
//! the programs of the notes.
//!
//! ```text
//! sender   ── hello ── world ──▶   receiver: one read, which finds what has arrived
//!
//! sender   ── 5 ── (half a second) ── hello ──▶   receiver
//! ```
//!
//! On one machine, with a reader that is never late, this works. Make it work on a network.

use std::io::{self, ErrorKind, Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::Duration;

/// The longest message that either side accepts, in bytes: 16 MiB.
pub const MAX_MESSAGE: usize = 16 * 1024 * 1024;

/// Send two messages in two writes, and return what one read of the receiver finds: both, every time.
///
/// Together they must fit into the receiver's queue; 16 KiB fit on any system. `UnexpectedEof` if the
/// stream has ended and the queue is empty.
pub fn stick(
    sender: &mut impl Write,
    receiver: &mut TcpStream,
    first: &[u8],
    second: &[u8],
) -> io::Result<Vec<u8>> {
    let _ = sender.write(first)?;
    let _ = sender.write(second)?;
    let mut buffer = [0; 1024];
    let n = receiver.read(&mut buffer)?;
    Ok(buffer[..n].to_vec())
}

/// Send one message of at least 2 bytes in one write, and return its pieces as the receiver's reads
/// found them: at least two, which together are the message.
///
/// What follows the message stays in the stream; `UnexpectedEof` if the stream ends inside the message.
pub fn split(
    sender: &mut impl Write,
    receiver: &mut TcpStream,
    message: &[u8],
) -> io::Result<Vec<Vec<u8>>> {
    let _ = sender.write(message)?;
    let mut buffer = [0; 1024];
    let n = receiver.read(&mut buffer)?;
    Ok(vec![buffer[..n].to_vec()])
}

/// Send the message's size in decimal digits, in one write, wait for an acknowledgement, then send the
/// message.
///
/// Any reply of 1 to 1024 bytes is an acknowledgement. `UnexpectedEof` if the stream ends instead.
/// `InvalidInput` if the message is longer than [`MAX_MESSAGE`], before anything is sent.
pub fn send_acknowledged(stream: &mut (impl Read + Write), message: &[u8]) -> io::Result<()> {
    let _ = stream.write(message.len().to_string().as_bytes())?;
    thread::sleep(Duration::from_millis(500));
    let _ = stream.write(message)?;
    Ok(())
}

/// Receive a size, acknowledge it once, and receive the message.
///
/// The digits of the size come in one read: nothing on this wire marks their end. `InvalidData` for a
/// size that is not only decimal digits, or is above [`MAX_MESSAGE`], before it is acknowledged and
/// before anything is allocated for it; `UnexpectedEof` if the stream ends before the message is
/// whole. What follows the message stays in the stream.
pub fn receive_acknowledged(stream: &mut (impl Read + Write)) -> io::Result<Vec<u8>> {
    let mut digits = [0; 1024];
    let n = stream.read(&mut digits)?;
    let digits = String::from_utf8_lossy(&digits[..n]);
    let size: usize = digits.parse().map_err(|_| ErrorKind::InvalidData)?;
    let mut message = vec![0; size];
    let n = stream.read(&mut message)?;
    message.truncate(n);
    Ok(message)
}
