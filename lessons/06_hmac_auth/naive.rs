//! Prove that you know a key without ever sending it. The notes' programs, unchanged.
//!
//! ```text
//! server → client    32 random bytes                     the challenge
//! client → server    HMAC-MD5(key, challenge)            the answer, 16 bytes
//! then               hello → HELLO …, or the server closes
//!
//! HMAC(key, message) = H(key ^ 5c 5c … ‖ H(key ^ 36 36 … ‖ message))     key: a block of 64 bytes
//! ```
//!
//! On one machine, among friends, this works. Make it work on a network, against an attacker.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::ops::{BitOrAssign, BitXor};
use std::time::Duration;

use md5::Md5;
use sha1::Sha1;
use sha2::Sha256;
use sha2::digest::{Digest, Output};

/// Compute the HMAC with MD5, as in the notes (RFC 2104). In new programs use [`hmac_sha256`].
pub fn hmac_md5(key: &[u8], message: &[u8]) -> [u8; 16] {
    hmac::<Md5>(key, message).into()
}

/// Compute the HMAC with SHA-256 (RFC 4231).
pub fn hmac_sha256(key: &[u8], message: &[u8]) -> [u8; 32] {
    hmac::<Sha256>(key, message).into()
}

/// Return whether two digests are the same, and inspect every byte, wherever they differ.
///
/// Digests of different lengths never match: this may be said at once. Two empty ones match. `B` is a
/// byte; the tests pass one that counts its reads.
pub fn digests_match<B>(ours: &[B], theirs: &[B]) -> bool
where
    B: Copy + Default + PartialEq + BitXor<Output = B> + BitOrAssign,
{
    ours == theirs
}

/// Challenge the peer to prove that it knows `key`, and return whether it did.
///
/// Sends 32 random bytes and reads the 16 bytes of the answer, not one more. `UnexpectedEof` if the
/// peer leaves before its answer is complete. Interrupted calls are made again, here and in all functions
/// below; any other error is returned.
pub fn challenge(stream: &mut (impl Read + Write), key: &[u8]) -> io::Result<bool> {
    let mut nonce = [0; 32];
    getrandom::fill(&mut nonce)?;
    let _ = stream.write(&nonce)?;
    let mut answer = [0; 32];
    let n = stream.read(&mut answer)?;
    Ok(digests_match(&hmac_md5(key, &nonce), &answer[..n]))
}

/// Answer the peer's challenge: read its 32 bytes, not one more, and send their HMAC-MD5 under `key`.
///
/// `UnexpectedEof` if the peer leaves before its challenge is complete.
pub fn respond(stream: &mut (impl Read + Write), key: &[u8]) -> io::Result<()> {
    let mut nonce = [0; 32];
    let n = stream.read(&mut nonce)?;
    let _ = stream.write(&hmac_md5(key, &nonce[..n]))?;
    Ok(())
}

/// Send back in capitals (ASCII) what the peer sends, each piece at once, until it closes its side.
pub fn chat(stream: &mut (impl Read + Write)) -> io::Result<()> {
    let mut buffer = [0; 1024];
    loop {
        let n = stream.read(&mut buffer)?;
        buffer[..n].make_ascii_uppercase();
        let _ = stream.write(&buffer[..n])?;
    }
}

/// Serve one client: challenge it, chat if it knows `key`, and close, without waiting for it to close
/// first. Then return whether it knew the key, or the error of the challenge or of the chat.
///
/// Disconnects a client that is silent for `timeout` before its proof, with the error of the read that
/// waited: `WouldBlock` on Unix, `TimedOut` on Windows. Each byte of the answer starts `timeout` again.
/// After its proof a client may be silent. A `timeout` of zero fails at once.
pub fn serve_client(mut stream: TcpStream, key: &[u8], _timeout: Duration) -> io::Result<bool> {
    let proved = challenge(&mut stream, key)?;
    if proved {
        chat(&mut stream)?;
    }
    Ok(proved)
}

/// Compute SHA-1 of `secret` and then `data`, in hex, with small letters.
pub fn salted_sha1(secret: &[u8], data: &[u8]) -> String {
    let digest = Sha1::new().chain_update(secret).chain_update(data).finalize();
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Sign `message`, so that a program with the same `key` can verify it: its HMAC-SHA-256, in hex, with
/// small letters.
pub fn sign(key: &[u8], message: &[u8]) -> String {
    salted_sha1(key, message)
}

/// Return whether `signature`, which may be any text, is exactly what [`sign`] returns for `message` under
/// `key`: not in capitals.
pub fn verify(key: &[u8], message: &[u8], signature: &str) -> bool {
    sign(key, message) == signature
}

fn hmac<H: Digest>(key: &[u8], message: &[u8]) -> Output<H> {
    let mut block = [0; 64];
    for (byte, key) in block.iter_mut().zip(key) {
        *byte = *key;
    }
    let inner = H::new().chain_update(block.map(|byte| byte ^ 0x36)).chain_update(message);
    let outer = H::new().chain_update(block.map(|byte| byte ^ 0x5c));
    outer.chain_update(inner.finalize()).finalize()
}
