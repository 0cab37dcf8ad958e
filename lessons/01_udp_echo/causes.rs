//! The causes that only this lesson uses: why an answer fails, one name and one sentence each.

#[path = "zh/causes.rs"]
mod zh;

netkata::causes! {
    also in zh;

    EmptyDatagramIsNoEnd =
        "A receive of 0 bytes is an empty datagram, and is valid like any other: UDP has no \
        connection, so there is no end of one.";
    ReplyToAnother =
        "Your code sent the reply to the wrong client. recv_from returns the sender's address with \
        each datagram: send the reply there, whichever client came before.";
    NeverGivesUp =
        "The server may be gone for good: after three questions without a reply, return the error \
        TimedOut.";
    AsksTooOften =
        "Every question costs the network a datagram and the server a reply: ask again only when \
        the timeout has expired.";
    ErrorHidden =
        "The socket reported an error, and your caller does not learn of it: nothing was received, \
        or the reply was not sent. Return the error.";
    OneReplyIsNotTheServer =
        "A reply that cannot be sent is lost, as datagrams are, and its client asks again. The \
        server goes on with the next one: it neither ends nor tries to send for ever.";
    WaitsLongerEachTime =
        "Each question gets the same time. How long the caller waits at most is then three times \
        the timeout, whatever happens.";
    WaitsTooShort =
        "Each question gets its whole timeout, however short that is: a reply that comes at the \
        end of it counts. Fractions of a millisecond must not get lost.";
    WaitsWithoutTime =
        "The caller gave no time, and your code waits all the same. With a timeout of zero, send \
        the questions and do not wait for replies.";
    InterruptionProlongsTheWait =
        "The timeout counts from the question. After an interruption, wait only for the time that \
        is left: otherwise signals that come regularly keep the caller for ever.";
    StrangerBelieved =
        "Any program that knows your port can send to it, and UDP delivers what it sends: accept \
        a reply only from the address that you asked, host and port.";
    StrangerCostsATry =
        "A stranger's datagram says nothing about your question: ignore it and keep waiting, \
        without asking again.";
    StrangerProlongsTheWait =
        "The timeout counts from the question. If the wait starts again with each datagram, it \
        never ends while strangers keep sending: wait only for the time that is left.";
}
