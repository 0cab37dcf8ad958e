//! The causes of this lesson alone: why an answer to it fails, one name and one sentence each.

netkata::causes! {
    EmptyDatagramIsNoEnd =
        "A receive of 0 bytes is an empty datagram, like any other: UDP has no connection, so it \
        has no end of one.";
    ReplyToAnother =
        "The reply went elsewhere: recv_from says with each datagram who sent it, and that is \
        where this reply goes, whoever came before.";
    NeverGivesUp =
        "The server may be gone for good: after three questions without a reply the answer is the \
        error TimedOut.";
    AsksTooOften =
        "Every question costs the network a datagram and the server a reply: ask again only when \
        the patience has run out.";
    StrangerBelieved =
        "Anybody who knows the port may send to it, and UDP lets them all in: a reply counts only \
        if it comes from the address that was asked, host and port.";
    StrangerCostsATry =
        "A stranger's datagram says nothing about the question: throw it away and go on waiting, \
        without asking again.";
    StrangerProlongsTheWait =
        "The patience runs from the question: a wait that begins anew with each datagram never \
        ends while strangers go on sending. Wait for what is left of it.";
}
