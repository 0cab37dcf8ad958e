//! The words of this lesson's stories.

pub use netkata::words::{CLOSED_ITS_SIDE, THE_STREAM_TAKES_4_BYTES};

netkata::words! {
    /// The text of an error that the stream itself reports.
    THE_STREAMS_OWN_ERROR = "the stream's own error";
}
