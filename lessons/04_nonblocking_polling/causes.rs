//! The causes that only this lesson uses: why an answer fails, one name and one sentence each.

#[path = "zh/causes.rs"]
mod zh;

netkata::causes! {
    also in zh;

    ServedOnlyWhenNobodyCalls =
        "Your server served its clients only in turns in which no new client connected: as long \
        as new clients keep connecting, the others get nothing. Do both in every turn.";
    OneCallerATurn =
        "One turn did not accept all clients that were waiting: the others must wait while all \
        connected clients are served. Accept until accept returns WouldBlock.";
    TurnMisreports =
        "A turn must report whether anything moved: a client was accepted or left, or bytes were \
        read or sent. The loop that sleeps when nothing moves relies on this: after a wrong report it \
        uses a full core, or sleeps while there is work.";
    ServesOneClientTooLong =
        "One turn served more than BUDGET bytes of one client: a client that sends as fast as it \
        can then keeps the turn for itself. Read at most this many bytes from each client, then \
        go on to the next.";
    ListenerStillBlocks =
        "The listener still blocks after new. Make it nonblocking there, before anything can \
        call accept and wait.";
    RemovedATurnLate =
        "A turn read the end of a client's stream, or an error, and kept the client until the next \
        turn: until then it is counted, and its descriptor is in use.";
    LeftOutOfATurn =
        "One turn left out a client whose bytes had arrived before it. Whatever happens to one \
        client, each turn serves all others, also those that it has just accepted.";
    UnsentUntilMoreComes =
        "The server kept the rest of an answer, and the client sent nothing more. Try to send \
        unsent bytes in every turn, not only when new ones arrive.";
    HalfClosedClientNotCounted =
        "clients() was 0 while the server still had answers for a client. A client that has closed \
        its sending side is connected until it has been sent everything.";
    SpinsWithoutDescriptors =
        "All descriptors were in use, and serve took turns without a pause. A client that cannot \
        be accepted has not moved: it waits in the backlog, and serve must sleep.";
    ServeHidesTheError =
        "The listener has failed, and serve did not return its error. It will accept no more \
        clients, and the caller must learn that.";
    TurnSleeps =
        "turn waited although it had nothing to wait for. Only serve sleeps: the caller of turn \
        decides how long to wait.";
}
