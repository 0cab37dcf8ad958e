//! The words of this lesson's stories.

pub use netkata::words::{HEARS, THE_CALLER};

netkata::words! {
    /// Follows the subject.
    HAD_BEFORE = "received, before the next read";
}
