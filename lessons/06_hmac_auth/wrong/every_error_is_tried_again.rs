//! Caught by a_chat_over_a_connection_that_was_reset_ends_with_the_error: Spins.
//!
//! A loop that takes every error for a signal: that of a connection which is gone comes for ever.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::ops::{BitOrAssign, BitXor};
use std::time::Duration;

use md5::Md5;
use sha1::Sha1;
use sha2::Sha256;
use sha2::digest::{Digest, Output};

/// MD5, SHA-1 and SHA-256 all take in 64 bytes at a time.
const BLOCK: usize = 64;

/// HMAC with MD5, as the notes have it (RFC 2104). For new programs take [`hmac_sha256`].
pub fn hmac_md5(key: &[u8], message: &[u8]) -> [u8; 16] {
    hmac::<Md5>(key, message).into()
}

/// HMAC with SHA-256 (RFC 4231).
pub fn hmac_sha256(key: &[u8], message: &[u8]) -> [u8; 32] {
    hmac::<Sha256>(key, message).into()
}

/// Whether two digests are the same, by a look at every byte, wherever they differ.
///
/// Digests of different lengths never match. `B` is a byte; a test hands in one that counts looks.
pub fn digests_match<B>(ours: &[B], theirs: &[B]) -> bool
where
    B: Copy + Default + PartialEq + BitXor<Output = B> + BitOrAssign,
{
    // How long a digest is, everybody knows.
    if ours.len() != theirs.len() {
        return false;
    }
    let mut difference = B::default();
    for (&a, &b) in ours.iter().zip(theirs) {
        difference |= a ^ b;
    }
    difference == B::default()
}

/// Challenge the peer to prove that it knows `key`, and say whether it did.
///
/// Sends 32 random bytes and reads the 16 of the answer, not one more. `UnexpectedEof` if the peer
/// leaves before its answer is whole.
pub fn challenge(stream: &mut (impl Read + Write), key: &[u8]) -> io::Result<bool> {
    // Fresh every time: an answer that somebody has recorded must never fit again.
    let mut nonce = [0; 32];
    getrandom::fill(&mut nonce)?;
    stream.write_all(&nonce)?;
    // What comes behind the digest belongs to the conversation: it stays in the stream.
    let mut answer = [0; 16];
    stream.read_exact(&mut answer)?;
    Ok(digests_match(&hmac_md5(key, &nonce), &answer))
}

/// Answer the peer's challenge: read its 32 bytes, not one more, and send their HMAC-MD5 under `key`.
///
/// `UnexpectedEof` if the peer leaves before its challenge is whole.
pub fn respond(stream: &mut (impl Read + Write), key: &[u8]) -> io::Result<()> {
    let mut nonce = [0; 32];
    stream.read_exact(&mut nonce)?;
    stream.write_all(&hmac_md5(key, &nonce))
}

/// Send back in capitals (ASCII) whatever the peer says, until it closes its side.
pub fn chat(stream: &mut (impl Read + Write)) -> io::Result<()> {
    let mut buffer = [0; 1024];
    loop {
        let n = match stream.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(n) => n,
            Err(_) => continue,
        };
        buffer[..n].make_ascii_uppercase();
        stream.write_all(&buffer[..n])?;
    }
}

/// Serve one client: challenge it, chat with it if it knows `key`, and close. Say whether it did.
///
/// A client that has proved nothing yet and is silent for `patience` is cut off, with the error of
/// the read that waited: `WouldBlock` on Unix, `TimedOut` on Windows. After that it may take its time.
pub fn serve_client(mut stream: TcpStream, key: &[u8], patience: Duration) -> io::Result<bool> {
    stream.set_read_timeout(Some(patience))?;
    let proved = challenge(&mut stream, key)?;
    if proved {
        stream.set_read_timeout(None)?;
        chat(&mut stream)?;
    }
    Ok(proved)
}

/// SHA-1 of `secret` followed by `data`, in hex. It proves nothing: whoever has it can extend it.
pub fn salted_sha1(secret: &[u8], data: &[u8]) -> String {
    hex(&Sha1::new().chain_update(secret).chain_update(data).finalize())
}

/// Sign `message` so that whoever shares `key` can see that it is genuine: its HMAC-SHA-256, in hex.
pub fn sign(key: &[u8], message: &[u8]) -> String {
    hex(&hmac_sha256(key, message))
}

/// Whether `signature` is what [`sign`] makes of `message` under `key`.
pub fn verify(key: &[u8], message: &[u8], signature: &str) -> bool {
    digests_match(sign(key, message).as_bytes(), signature.as_bytes())
}

fn hmac<H: Digest>(key: &[u8], message: &[u8]) -> Output<H> {
    let mut block = [0; BLOCK];
    if key.len() > BLOCK {
        let digest = H::digest(key);
        block[..digest.len()].copy_from_slice(&digest);
    } else {
        block[..key.len()].copy_from_slice(key);
    }
    let inner = H::new().chain_update(block.map(|byte| byte ^ 0x36)).chain_update(message);
    let outer = H::new().chain_update(block.map(|byte| byte ^ 0x5c));
    outer.chain_update(inner.finalize()).finalize()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
