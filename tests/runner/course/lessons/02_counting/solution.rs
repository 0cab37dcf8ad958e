//! Count the bytes of a message.

/// How many bytes the message has.
pub fn count(message: &[u8]) -> usize {
    message.len()
}
