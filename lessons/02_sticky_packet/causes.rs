//! The causes that only this lesson uses: why an answer fails, one name and one sentence each.

netkata::causes! {
    NotSplit =
        "One read found the whole message, because its buffer had room for all that had arrived. \
        A read returns at most what it asks for: ask for less than the message, then ask again \
        for the rest.";
    EndIsNoSize =
        "A read of 0 bytes is the end of the stream: no size came, so there is nothing to parse. \
        Return UnexpectedEof, which shows that the peer has gone.";
}
