//! The causes that only this lesson uses: why an answer fails, one name and one sentence each.

#[path = "zh/causes.rs"]
mod zh;

netkata::causes! {
    also in zh;

    ErrorReplaced =
        "The error is of the right kind, but it is a new one: the number and the text of the stream's \
        own error are lost. Return the error that the stream reported, as `?` does.";
    GoesOnAfterABadLength =
        "A header was refused, so it is unknown where the next one begins. Keep refusing: what \
        follows may be anything.";
    WholeMessageRefused =
        "A message before the bad header is complete and correct. Return it first, as read_message does.";
    SecondMessageLost =
        "One read may bring several messages. When you take out the first, keep the bytes after \
        it, and check them before you wait for more.";
}
