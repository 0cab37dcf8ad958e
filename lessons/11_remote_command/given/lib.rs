//! Given: lesson 3's messages and lesson 6's challenge, as you wrote them there.
//!
//! ```text
//! message     | length: i32, little-endian | length bytes |
//! challenge   server: 32 random bytes    client: HMAC-MD5(key, them), 16 bytes
//! ```

use std::io::{self, ErrorKind, Read, Write};

use hmac::{Hmac, KeyInit, Mac};
use md5::Md5;

/// Write a message after its length, in one write; `InvalidInput` if the length does not fit in an `i32`.
pub fn write_message(stream: &mut impl Write, message: &[u8]) -> io::Result<()> {
    let length = i32::try_from(message.len()).map_err(|_| ErrorKind::InvalidInput)?;
    stream.write_all(&[&length.to_le_bytes(), message].concat())
}

/// Read one message, or `None` if the peer has closed the stream between messages.
///
/// `InvalidData` if its length is negative or above `limit`, in bytes. `UnexpectedEof` if the stream ends
/// inside the message. No byte after the message is read.
pub fn read_message(stream: &mut impl Read, limit: usize) -> io::Result<Option<Vec<u8>>> {
    let mut header = Vec::new();
    if stream.by_ref().take(4).read_to_end(&mut header)? == 0 {
        return Ok(None);
    }
    let header = header.try_into().map_err(|_| ErrorKind::UnexpectedEof)?;
    let length = match usize::try_from(i32::from_le_bytes(header)) {
        Ok(length) if length <= limit => length,
        _ => return Err(io::Error::new(ErrorKind::InvalidData, "length outside its limits")),
    };
    // The buffer grows as bytes arrive: a length alone costs no memory.
    let mut message = Vec::new();
    if stream.take(length as u64).read_to_end(&mut message)? < length {
        return Err(ErrorKind::UnexpectedEof.into());
    }
    Ok(Some(message))
}

/// Challenge the peer to prove that it knows `key`, and return whether it did.
///
/// Sends 32 random bytes and reads the 16 bytes of the answer, but no byte after them.
pub fn challenge(stream: &mut (impl Read + Write), key: &[u8]) -> io::Result<bool> {
    let mut nonce = [0; 32];
    getrandom::fill(&mut nonce)?;
    stream.write_all(&nonce)?;
    let mut answer = [0; 16];
    stream.read_exact(&mut answer)?;
    // It compares every byte: how long it takes does not show where the digests differ.
    Ok(keyed(key, &nonce).verify_slice(&answer).is_ok())
}

/// Answer the peer's challenge: read its 32 bytes and send their HMAC-MD5 under `key`.
pub fn respond(stream: &mut (impl Read + Write), key: &[u8]) -> io::Result<()> {
    let mut nonce = [0; 32];
    stream.read_exact(&mut nonce)?;
    stream.write_all(&hmac_md5(key, &nonce))
}

/// Compute the HMAC-MD5 of `message` under `key` (RFC 2104).
pub fn hmac_md5(key: &[u8], message: &[u8]) -> [u8; 16] {
    keyed(key, message).finalize().into_bytes().into()
}

fn keyed(key: &[u8], message: &[u8]) -> Hmac<Md5> {
    Hmac::<Md5>::new_from_slice(key).expect("a key may have any length").chain_update(message)
}
