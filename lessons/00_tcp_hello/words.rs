//! The words of this lesson's stories.

pub use netkata::words::{NOTHING, THE_CALLER, THE_SERVER};

netkata::words! {
    /// Who acts: the subject of a sentence that goes on.
    THE_FIRST_CALLER = "the first caller";
    THE_SECOND_CALLER = "the second caller";

    /// Whole sentences.
    NOBODY_LISTENS = "nobody listens at the port";
}
