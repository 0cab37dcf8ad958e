//! The words of this lesson's stories.

pub use netkata::words::{HEARS, THE_CALLER};

#[path = "zh/words.rs"]
mod zh;

netkata::words! {
    also in zh;

    /// Follows the subject.
    HAD_BEFORE = "received, before the next read";
}
