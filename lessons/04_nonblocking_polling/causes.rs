//! The causes of this lesson alone: why an answer to it fails, one name and one sentence each.

netkata::causes! {
    ServedOnlyWhenNobodyCalls =
        "Clients were served only in turns in which nobody connected: as long as somebody calls, \
        those who are in get nothing. One turn does both.";
    OneCallerATurn =
        "Each turn let in one caller, however many waited: who waits in line waits for \
        everybody's service to go round. Accept until accept says WouldBlock.";
    TurnMisreports =
        "A turn says whether anything moved: somebody was let in, or bytes were read or sent. \
        Whoever rests when nothing moves relies on it, and burns a processor or dawdles if it is \
        wrong.";
    ServesOneClientTooLong =
        "One turn served more of one client than BUDGET bytes: a client that sends as fast as it \
        can then keeps the turn for itself. Read from each at most so much, then go on to the \
        next.";
}
