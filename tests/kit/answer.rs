//! Stands in for an answer: its lines are not the course's own.

/// Panic with this message.
pub fn panics(message: &str) {
    panic!("{message}");
}
