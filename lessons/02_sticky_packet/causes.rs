//! The causes of this lesson alone: why an answer to it fails, one name and one sentence each.

netkata::causes! {
    NotSplit =
        "One read found the whole message, since its buffer had room for all that had arrived. A \
        read returns at most what it asks for: ask for less than the message, and again for the \
        rest.";
    EndIsNoSize =
        "A read of 0 bytes is the end of the stream: no size came, so there is nothing to parse. \
        UnexpectedEof tells the caller that the peer has gone.";
}
