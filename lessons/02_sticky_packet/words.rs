//! The words of this lesson's stories.

netkata::words! {
    /// What the peer does.
    READS_AN_ACKNOWLEDGEMENT = "reads an acknowledgement of 1 to 1024 bytes";
    READS_WHAT_WAS_SENT = "reads what was sent to it";
}
