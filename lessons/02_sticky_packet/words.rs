//! The words of this lesson's stories.

pub use netkata::words::CLOSES_WITH_A_RESET;

#[path = "zh/words.rs"]
mod zh;

netkata::words! {
    also in zh;

    /// What the peer does.
    READS_AN_ACKNOWLEDGEMENT = "reads an acknowledgement of 1 to 1024 bytes";
    READS_WHAT_WAS_SENT = "reads what was sent to it";
    READS_THE_FIRST_WRITE = "reads what the first write sent";

    /// Whole sentences.
    A_WRITE_TAKES_A_MESSAGE = "a write takes its message";
    A_WRITE_TIMES_OUT = "one write fails with TimedOut, and nothing arrives any more";
    THE_CONNECTION_BREAKS = "then the connection breaks, and each write fails with BrokenPipe";
}
