//! The words of this lesson's stories.

pub use netkata::words::{
    HAS_HEARD_NOTHING_YET, NOTHING, THE_CALLER, THE_END_OF_THE_STREAM, THE_SERVER,
};

netkata::words! {
    /// Subjects: the rest of the sentence follows them.
    THE_FIRST_CALLER = "the first caller";
    THE_SECOND_CALLER = "the second caller";

    /// Whole sentences.
    NOBODY_LISTENS = "no program listens on the port";
    TAKES_NO_CAPITALS = "the caller sends as much as the buffers hold, and reads nothing";
}
