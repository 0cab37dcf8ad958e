//! The words of this lesson's stories.

pub use netkata::words::{NOTHING, THE_CALLER, THE_SERVER};

netkata::words! {
    /// Subjects: the rest of the sentence follows them.
    THE_FIRST_CALLER = "the first caller";
    THE_SECOND_CALLER = "the second caller";

    /// Whole sentences.
    NOBODY_LISTENS = "no program listens on the port";
}
