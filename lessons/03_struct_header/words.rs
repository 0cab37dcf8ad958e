//! The words of this lesson's stories.

pub use netkata::words::{CLOSED_ITS_SIDE, THE_STREAM_TAKES_4_BYTES};

#[path = "zh/words.rs"]
mod zh;

netkata::words! {
    also in zh;

    /// The text of an error that the stream itself reports.
    THE_STREAMS_OWN_ERROR = "the stream's own error";

    /// What the test calls.
    PUSH_AND_NEXT_MESSAGE = "push, then next_message until there is none, 201 times";
    /// What is pushed.
    THE_PEER_SENDS_300_MESSAGES = "the peer sends 300 messages of 1000 bytes, in pieces of 1500";
    messages(number) = "{number} messages, as they were sent";
}
