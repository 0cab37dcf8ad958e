//! The causes of this lesson alone: why an answer to it fails, one name and one sentence each.

#[path = "zh/causes.rs"]
mod zh;

netkata::causes! {
    also in zh;

    BothSidesClosed =
        "shutdown(Both) also closes the direction in which you read: what the peer still sends is \
        lost. A half-close, shutdown(Write), ends only your sending; then read the rest.";
    OnlyTheCloseEnds =
        "The answer is all the bytes until the peer closes its side, whatever they mean: neither a \
        line nor a zero byte ends it, and it need not be text.";
    SilenceIsNoEnd =
        "The read timeout is the caller's, and so is its error: let it expire, and return the error. \
        A read that timed out has not found the end: the rest of the answer may only be late.";
    ResetIsNoEnd =
        "The peer has reset the connection, and your code did not report it. A reset is an error \
        and not the end of the stream, since bytes on the way are lost: only a read of 0 bytes is \
        the end.";
    FirstWriteSucceeds =
        "A write returns Ok when the kernel has taken the bytes, not when a program has read them. \
        The first write to a peer that has closed succeeds; the peer's system answers with a \
        reset, and only the next write fails. A write of no bytes sends nothing. Only a read or a \
        peek of 0 bytes shows the close at once.";
    LookWaits =
        "The peer is there and sends nothing, and your code waits until that changes: the check \
        must return at once. A nonblocking socket reports WouldBlock while nothing has arrived.";
    LookTakesBytes =
        "There are unread bytes. They come before the end of the stream, and a check must leave \
        them where they are: a read takes them, a peek does not (MSG_PEEK, recv(2)).";
    UnreadInputResets =
        "The socket was closed while bytes of the peer lay in it unread. The system then sends a \
        reset and not an end (RFC 1122, 4.2.2.13), and your last bytes may be lost on the way. \
        Close your side first, read what still arrives, then drop the socket.";
    GoodbyeStopsListening =
        "The peer had not finished, and your side no longer reads: what the peer sends now is \
        answered with a reset. Read, and discard, until it has closed its side as well.";
    CloneHoldsTheLine =
        "A connection closes with its last descriptor, and another part of the program has a \
        clone: the peer waits for the end of a stream that is no longer used. shutdown closes the \
        connection in spite of the clone.";
    GoodbyeNeverEnds =
        "The peer decides how long this goodbye takes: one that is silent, or never stops sending, \
        holds it for ever. Limit the reading, both in bytes and in time.";
    TimeoutStartsAgain =
        "Each time that a byte arrives, or that a signal interrupts the read, the timeout starts \
        again: a read timeout limits only one read. Compute the deadline once, and wait only for \
        the time that is left.";
    GoodbyeByReset =
        "The peer was only slow, and this goodbye reset the connection: what the peer has not read \
        yet may be lost. Drop the stream as it is, and the system delivers the rest, and the end.";
    GoodbyeNotHeard =
        "Only a read of 0 bytes shows that the peer has closed its side, too. Silence does not \
        show it, nor does an error, nor the close of your own side.";
    GoneBeforeTheGoodbye =
        "The peer had already reset the connection, and your code reports that as a failure. \
        Shutting down such a connection returns NotConnected: it is closed already, so return \
        Ok(false).";
    CloseIsNoReset =
        "The peer received an orderly end of the stream. A close sends a reset if the socket does \
        not linger for unsent bytes: set SO_LINGER with a time of zero (socket(7)), and close \
        neither direction before that. Then neither end has to wait.";
    NotTheDiagnosis =
        "The error means something else: its kind says what happened to the connection, and each \
        kind needs its own reaction.";
    KindsNotNumbers =
        "Recognise an error by its kind. Its number is valid on one system only: connection reset \
        is 104 on Linux, 54 on macOS and 10054 on Windows. Its text is for people.";
    AbortedIsReset =
        "ConnectionAborted is ConnectionReset under another name: the connection was ended by \
        force. Windows reports it if its own side gave up (10053); Unix reports it for a client \
        that was gone before it was accepted.";
    DescriptorsHaveNoKind =
        "Running out of descriptors is an error without a kind. Check raw_os_error: EMFILE for the \
        process, ENFILE for the system (24 and 23 on Unix, 10024 on Windows). It passes when a \
        descriptor is closed, and only a rest between two attempts gives that time to happen.";
    TriesWithoutRest =
        "Two attempts followed each other without a pause: what failed a moment ago fails again, \
        as often as the processor can try. Call `rest` before the next attempt.";
    TriesNotCounted =
        "`tries` is the number of attempts, including the first one, and `rest` is called between \
        two of them: not after the last one, and not after a success.";
    TriesTheHopeless =
        "This error is permanent: the connection is over, or the request itself is wrong, and the \
        same call will always fail. Return it at once, since retrying only delays it.";
    GaveUpOnWhatPasses =
        "This error is temporary: a server that is just starting refuses, and a port in use \
        becomes free. Your code had tries left and did not use them.";
    LastErrorLost =
        "The caller has to know why the last attempt failed: return the error of that attempt, not \
        another one.";
}
