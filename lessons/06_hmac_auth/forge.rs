//! The length-extension attack: from the digest of a secret and data, compute the digest of more data,
//! without the secret.
//!
//! ```text
//! signed   secret ‖ data ‖ 80 00 … length                                 padded to whole blocks
//! forged   secret ‖ data ‖ 80 00 … length ‖ suffix ‖ 80 00 … length       the same blocks, and more
//!                   └───────── the forged data ───┘
//! ```
//!
//! A digest is the state of the hash function after its last block. An attacker who has it sets a hash
//! function to that state and digests more. Only the length of the secret has to be guessed.

/// Data that the owner of the secret never signed, and the right signature for it.
pub struct Forgery {
    /// The signed data, its padding, and the suffix.
    pub data: Vec<u8>,
    /// The digest of the secret and this data, in hex.
    pub signature: String,
}

const BLOCK: usize = 64;

/// Extend `data` by `suffix`, given its `signature` (SHA-1 or SHA-256 over secret ‖ data, in hex) and
/// the length of the secret in bytes.
///
/// Returns `None` if the signature is not a digest of one of these functions.
pub fn extend(
    data: &[u8],
    signature: &str,
    secret_length: usize,
    suffix: &[u8],
) -> Option<Forgery> {
    let signed = secret_length + data.len();
    let glue = padding(signed);
    let end = padding(signed + glue.len() + suffix.len());
    let state = digest_more(state(signature)?, &[suffix, &end].concat())?;
    Some(Forgery {
        data: [data, &glue, suffix].concat(),
        signature: state.iter().map(|word| format!("{word:08x}")).collect(),
    })
}

/// Turn a digest back into the words of the hash function's last state.
fn state(signature: &str) -> Option<Vec<u32>> {
    let digits = signature.as_bytes().chunks(8);
    digits.map(|word| u32::from_str_radix(str::from_utf8(word).ok()?, 16).ok()).collect()
}

/// Digest more blocks, starting at `state`: five words for SHA-1, eight for SHA-256.
fn digest_more(mut state: Vec<u32>, bytes: &[u8]) -> Option<Vec<u32>> {
    let (blocks, _) = bytes.as_chunks::<BLOCK>();
    match state.len() {
        5 => sha1::block_api::compress(state.first_chunk_mut()?, blocks),
        8 => sha2::block_api::compress256(state.first_chunk_mut()?, blocks),
        _ => return None,
    }
    Some(state)
}

/// Make what SHA-1 and SHA-256 add after `length` bytes: one bit, zeros, and the length in bits.
fn padding(length: usize) -> Vec<u8> {
    let mut padding = vec![0x80];
    while !(length + padding.len() + size_of::<u64>()).is_multiple_of(BLOCK) {
        padding.push(0);
    }
    padding.extend_from_slice(&(8 * length as u64).to_be_bytes());
    padding
}
