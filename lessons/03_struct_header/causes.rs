//! The causes of this lesson alone: why an answer to it fails, one name and one sentence each.

netkata::causes! {
    SecondMessageLost =
        "One read may bring several messages: after the first was taken out, the bytes behind it \
        must still be there, and be looked at before more are waited for.";
}
