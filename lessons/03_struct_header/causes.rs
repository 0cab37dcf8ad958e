//! The causes that only this lesson uses: why an answer fails, one name and one sentence each.

netkata::causes! {
    GoesOnAfterABadLength =
        "A header was refused, so it is unknown where the next one begins. Keep refusing: what \
        follows may be anything.";
    SecondMessageLost =
        "One read may bring several messages. When you take out the first, keep the bytes after \
        it, and check them before you wait for more.";
}
