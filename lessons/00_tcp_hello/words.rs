//! The words of this lesson's stories.

pub use netkata::words::{
    HAS_HEARD_NOTHING_YET, NOTHING, THE_CALLER, THE_END_OF_THE_STREAM, THE_SERVER,
};

#[path = "zh/words.rs"]
mod zh;

netkata::words! {
    also in zh;

    /// Subjects: the rest of the sentence follows them.
    THE_FIRST_CALLER = "the first caller";
    THE_SECOND_CALLER = "the second caller";

    /// What the caller does, and what comes of it.
    TAKES_ITS_CAPITALS = "takes its capitals until the end";
    ALL_OF_THEM = "all of them";
    ONLY_A_PART = "only a part of them";

    /// Whole sentences.
    NOBODY_LISTENS = "no program listens on the port";
    TAKES_NO_CAPITALS = "the caller sends as much as the buffers hold, and reads nothing";
    TAKES_NO_CAPITALS_YET = "the caller sends 512 KiB more, and reads nothing yet";
    THE_SERVER_GREETS_AND_RESETS =
        "the server sends \"hello\" and resets the connection at once";
}
