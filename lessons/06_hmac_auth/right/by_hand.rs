//! Right: hand-written loops, each HMAC written out, random bytes from the system's file.

use std::fs::File;
use std::io::{self, ErrorKind, Read, Write};
use std::net::TcpStream;
use std::ops::{BitOrAssign, BitXor};
use std::time::Duration;

use md5::{Digest, Md5};
use sha1::Sha1;
use sha2::Sha256;

/// Compute the HMAC with MD5 (RFC 2104).
pub fn hmac_md5(key: &[u8], message: &[u8]) -> [u8; 16] {
    let mut block = [0; 64];
    if key.len() <= 64 {
        block[..key.len()].copy_from_slice(key);
    } else {
        block[..16].copy_from_slice(&Md5::digest(key));
    }
    let mut inner = Md5::new();
    for byte in block {
        inner.update([byte ^ 0x36]);
    }
    inner.update(message);
    let mut outer = Md5::new();
    for byte in block {
        outer.update([byte ^ 0x5c]);
    }
    outer.update(inner.finalize());
    outer.finalize().into()
}

/// Compute the HMAC with SHA-256 (RFC 4231).
pub fn hmac_sha256(key: &[u8], message: &[u8]) -> [u8; 32] {
    let mut block = if key.len() <= 64 { key.to_vec() } else { Sha256::digest(key).to_vec() };
    block.resize(64, 0);
    let inner_key: Vec<u8> = block.iter().map(|byte| byte ^ 0x36).collect();
    let outer_key: Vec<u8> = block.iter().map(|byte| byte ^ 0x5c).collect();
    let inner = Sha256::digest([&inner_key, message].concat());
    Sha256::digest([&outer_key[..], &inner].concat()).into()
}

/// Return whether two digests are the same, and inspect every byte, wherever they differ.
pub fn digests_match<B>(ours: &[B], theirs: &[B]) -> bool
where
    B: Copy + Default + PartialEq + BitXor<Output = B> + BitOrAssign,
{
    let mut differences = ours.len().abs_diff(theirs.len());
    for at in 0..ours.len().min(theirs.len()) {
        differences += usize::from(ours[at] != theirs[at]);
    }
    differences == 0
}

/// Challenge the peer to prove that it knows `key`, and return whether it did.
pub fn challenge(stream: &mut (impl Read + Write), key: &[u8]) -> io::Result<bool> {
    let mut nonce = [0; 32];
    File::open("/dev/urandom")?.read_exact(&mut nonce)?;
    write_whole(stream, &nonce)?;
    let mut answer = [0; 16];
    read_whole(stream, &mut answer)?;
    Ok(digests_match(&answer, &hmac_md5(key, &nonce)))
}

/// Answer the peer's challenge.
pub fn respond(stream: &mut (impl Read + Write), key: &[u8]) -> io::Result<()> {
    let mut nonce = [0; 32];
    read_whole(stream, &mut nonce)?;
    write_whole(stream, &hmac_md5(key, &nonce))
}

/// Send back in capitals (ASCII) what the peer sends, until it closes its side.
pub fn chat(stream: &mut (impl Read + Write)) -> io::Result<()> {
    let mut byte = [0];
    while read_some(stream, &mut byte)? > 0 {
        write_whole(stream, &[byte[0].to_ascii_uppercase()])?;
    }
    Ok(())
}

/// Serve one client: challenge it, chat if it knows `key`, and close. Return whether it knew the key.
pub fn serve_client(mut stream: TcpStream, key: &[u8], timeout: Duration) -> io::Result<bool> {
    stream.set_read_timeout(Some(timeout))?;
    if !challenge(&mut stream, key)? {
        return Ok(false);
    }
    stream.set_read_timeout(None)?;
    chat(&mut stream).map(|()| true)
}

/// Compute SHA-1 of `secret` and then `data`, in hex.
pub fn salted_sha1(secret: &[u8], data: &[u8]) -> String {
    let mut digest = Sha1::new();
    digest.update(secret);
    for byte in data {
        digest.update([*byte]);
    }
    in_hex(&digest.finalize())
}

/// Sign `message`: its HMAC-SHA-256 under `key`, in hex.
pub fn sign(key: &[u8], message: &[u8]) -> String {
    in_hex(&hmac_sha256(key, message))
}

/// Return whether `signature` is what [`sign`] returns for `message` under `key`.
pub fn verify(key: &[u8], message: &[u8], signature: &str) -> bool {
    digests_match(signature.as_bytes(), sign(key, message).as_bytes())
}

fn read_some(stream: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    loop {
        match stream.read(buffer) {
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            result => return result,
        }
    }
}

fn read_whole(stream: &mut impl Read, buffer: &mut [u8]) -> io::Result<()> {
    let mut filled = 0;
    while filled < buffer.len() {
        match read_some(stream, &mut buffer[filled..])? {
            0 => return Err(ErrorKind::UnexpectedEof.into()),
            n => filled += n,
        }
    }
    Ok(())
}

fn write_whole(stream: &mut impl Write, mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        match stream.write(bytes) {
            Ok(0) => return Err(ErrorKind::WriteZero.into()),
            Ok(n) => bytes = &bytes[n..],
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

fn in_hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.map(|digit| char::from(DIGITS[usize::from(digit)])).collect()
}
