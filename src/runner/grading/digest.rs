//! A digest of bytes that is the same on every machine and with every release of Rust.

use sha2::{Digest, Sha256};

/// The first 8 bytes of the SHA-256 digest, in hexadecimal: it tells files apart, and is short enough for
/// the name of a package.
pub(crate) fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::digest;

    #[test]
    fn digests_begin_as_the_published_test_vectors_do() {
        // FIPS 180-4, the examples of NIST.
        assert_eq!(digest(b""), "e3b0c44298fc1c14");
        assert_eq!(digest(b"abc"), "ba7816bf8f01cfea");
    }
}
