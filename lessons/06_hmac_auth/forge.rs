//! The length-extension attack: from the digest of a secret and data to that of more data, without
//! the secret.
//!
//! ```text
//! signed   secret ‖ data ‖ 80 00 … length                                 padded to whole blocks
//! forged   secret ‖ data ‖ 80 00 … length ‖ suffix ‖ 80 00 … length       the same blocks, and more
//!                   └───────── the forged data ───┘
//! ```
//!
//! A digest is the state of the hash function after its last block. Whoever has it sets a hash
//! function of his own to that state and digests more. All he has to guess is how long the secret is.

/// Data that the owner of the secret never signed, and the signature that fits it.
pub struct Forgery {
    /// The signed data, its padding, and the suffix.
    pub data: Vec<u8>,
    /// The digest of the secret and all of that, in hex.
    pub signature: String,
}

const BLOCK: usize = 64;

/// Extend `data` by `suffix`, given its `signature` (SHA-1 or SHA-256 over secret ‖ data, in hex) and
/// the length of the secret in bytes.
///
/// `None` if the signature is no digest of these two.
pub fn extend(
    data: &[u8],
    signature: &str,
    secret_length: usize,
    suffix: &[u8],
) -> Option<Forgery> {
    let signed = secret_length + data.len();
    let glue = padding(signed);
    let end = padding(signed + glue.len() + suffix.len());
    let state = go_on(state(signature)?, &[suffix, &end].concat())?;
    Some(Forgery {
        data: [data, &glue, suffix].concat(),
        signature: state.iter().map(|word| format!("{word:08x}")).collect(),
    })
}

/// The words that the hash function stopped at: its digest, read backwards into numbers.
fn state(signature: &str) -> Option<Vec<u32>> {
    let digits = signature.as_bytes().chunks(8);
    digits.map(|word| u32::from_str_radix(str::from_utf8(word).ok()?, 16).ok()).collect()
}

/// Digest more blocks from `state` on: five words are SHA-1's, eight are SHA-256's.
fn go_on(mut state: Vec<u32>, bytes: &[u8]) -> Option<Vec<u32>> {
    let (blocks, _) = bytes.as_chunks::<BLOCK>();
    match state.len() {
        5 => sha1::block_api::compress(state.first_chunk_mut()?, blocks),
        8 => sha2::block_api::compress256(state.first_chunk_mut()?, blocks),
        _ => return None,
    }
    Some(state)
}

/// What SHA-1 and SHA-256 put behind `length` bytes: one bit, zeros, and the length in bits.
fn padding(length: usize) -> Vec<u8> {
    let mut padding = vec![0x80];
    while !(length + padding.len() + size_of::<u64>()).is_multiple_of(BLOCK) {
        padding.push(0);
    }
    padding.extend_from_slice(&(8 * length as u64).to_be_bytes());
    padding
}
