//! The causes of this lesson alone: why an answer to it fails, one name and one sentence each.

netkata::causes! {
    BothSidesClosed =
        "shutdown(Both) closes the ear along with the mouth: what the peer has yet to say finds \
        nobody. A half-close, shutdown(Write), says that you have said all, and hears the rest.";
    ResetIsNoEnd =
        "The peer has reset the connection, and nobody was told: a reset is an error and no end \
        of a stream, since what was on its way is lost. Only a read of 0 bytes is the end.";
    FirstWriteSucceeds =
        "A write says Ok when the kernel has taken the bytes, and not when anybody has read them. \
        The first one to a peer that has closed succeeds; the peer's system answers it with a \
        reset, and only the next one fails. Sending nothing sends nothing. What tells at once is \
        a read of 0 bytes, or a peek.";
    LookWaits =
        "The peer is there and says nothing, and your code waits until that changes: a look is to \
        return at once. A socket that does not block says WouldBlock when there is nothing yet.";
    LookTakesBytes =
        "There are bytes that nobody has read: they come before the end of the stream, and a look \
        must leave them where they are. A read takes them; a peek does not (MSG_PEEK, recv(2)).";
    UnreadInputResets =
        "The socket was closed while the peer's bytes lay in it unread: its system then says \
        reset, not goodbye (RFC 1122, 4.2.2.13), and your last words may be lost on the way. \
        Close your side first, read what still comes, then let go.";
    GoodbyeStopsListening =
        "The peer had not finished, and nobody listens any more: what it sends now is answered \
        with a reset. Read, and throw away, until it has closed its side as well.";
    CloneHoldsTheLine =
        "A connection is closed when its last descriptor is, and somebody has a clone: the peer \
        waits for the end of a stream that nobody will use again. shutdown closes the \
        connection, whoever else holds it.";
    GoodbyeNeverEnds =
        "The peer decides how long this goodbye takes: one that is silent, or never stops \
        sending, holds it for ever. Listening needs a bound, in bytes and in time.";
    PatienceBeginsAnew =
        "The peer sends a byte now and then, and each time the patience begins anew: a timeout \
        limits one read. Compute when the time is over, once, and wait only for what is left.";
    GoodbyeNotHeard =
        "Whether the peer has closed its side, too, only a read of 0 bytes tells: silence does \
        not, nor does an error, nor that your own side is closed.";
    GoneBeforeTheGoodbye =
        "The peer had reset the connection, so there was nobody to say goodbye to, and your code \
        takes that for a failure. Shutting a connection down that is no more says NotConnected; \
        whoever only wants to get rid of it is there.";
    CloseIsNoReset =
        "The peer was told that the stream ended, as if all were well. A reset is what closing \
        sends when a socket is told not to linger for what is unsent: SO_LINGER with a time of \
        zero (socket(7)); and no half of the connection may be closed before that. Then neither \
        end is left to wait.";
    NotTheDiagnosis =
        "The error says something else: its kind tells what happened to the connection, and each \
        of them calls for something else.";
    KindsNotNumbers =
        "An error is known by its kind. A number means something on one system only: connection \
        reset is 104 on Linux, 54 on macOS and 10054 on Windows. And the words are for people.";
    AbortedIsReset =
        "ConnectionAborted is ConnectionReset under another name: the connection was ended by \
        force. Windows says so where its own side gave up (10053); Unix says so of a caller that \
        was gone before it was accepted.";
    DescriptorsHaveNoKind =
        "Out of descriptors is an error without a kind: raw_os_error tells, EMFILE for the \
        process and ENFILE for the system (24 and 23 on Unix, 10024 on Windows). It passes when \
        a descriptor comes back, and only a rest between two attempts gives it the time.";
    TriesWithoutRest =
        "Between two attempts nothing happened: what failed a moment ago fails again, as often as \
        a processor can ask. Rest before the next attempt.";
    TriesNotCounted =
        "There are as many attempts as there are tries, the first one included, and a rest stands \
        between two of them: none after the last, and nothing at all after a success.";
    TriesTheHopeless =
        "This error does not pass: the connection is over, or the request itself is wrong, and \
        the same call will fail for ever. Whoever waits for that is told too late.";
    GaveUpOnWhatPasses =
        "This error passes: a server that is just starting refuses, and a port in use is given \
        back. There were tries left.";
    LastErrorLost =
        "The caller has to know why the last attempt failed: return its error, not another one.";
}
