//! Count the bytes of a message, except the last.

/// How many bytes the message has.
pub fn count(message: &[u8]) -> usize {
    message.len().saturating_sub(1)
}
