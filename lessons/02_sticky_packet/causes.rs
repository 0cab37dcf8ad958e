//! The causes that only this lesson uses: why an answer fails, one name and one sentence each.

#[path = "zh/causes.rs"]
mod zh;

netkata::causes! {
    also in zh;

    NotSplit =
        "One read found the whole message, because its buffer had room for all that had arrived. \
        A read returns at most what it asks for: ask for less than the message, then ask again \
        for the rest.";
    EndIsNoSize =
        "A read of 0 bytes is the end of the stream: no size came, so there is nothing to parse. \
        Return UnexpectedEof, which shows that the peer has gone.";
    EmptyMessageIsAcknowledged =
        "The size 0 is acknowledged like any other. If you do not wait, the peer may not have read \
        it when your next size comes, and both stick together.";
    SizeInPieces =
        "The first write sent only a part of the size. Nothing on this wire marks the end of the \
        digits, so a reader takes the part for all of them: offer them all to one write.";
    AcknowledgedTwice =
        "The peer got more than one acknowledgement for one message. It takes the next one for the \
        acknowledgement of its next size, and sends data that your code has not asked for.";
}
