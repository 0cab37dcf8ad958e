//! The causes that only this lesson uses: why an answer fails, one name and one sentence each.

netkata::causes! {
    ServedOnlyWhenNobodyCalls =
        "Your server served its clients only in turns in which no new client connected: as long \
        as new clients keep connecting, the others get nothing. Do both in every turn.";
    OneCallerATurn =
        "Each turn accepted one client, however many were waiting: the others must wait while all \
        connected clients are served. Accept until accept returns WouldBlock.";
    TurnMisreports =
        "A turn must report whether anything moved: a client was accepted, or bytes were read or \
        sent. The loop that sleeps when nothing moves relies on this: after a wrong report it \
        uses a full core, or sleeps while there is work.";
    ServesOneClientTooLong =
        "One turn served more than BUDGET bytes of one client: a client that sends as fast as it \
        can then keeps the turn for itself. Read at most this many bytes from each client, then \
        go on to the next.";
}
