//! What `cargo kata watch` waits for: saves of the exercise, and keys.

pub(crate) mod file_watch;
pub(crate) mod keys;
