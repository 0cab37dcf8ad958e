//! The causes that only this lesson uses: why an answer fails, one name and one sentence each.

#[path = "zh/causes.rs"]
mod zh;

netkata::causes! {
    also in zh;

    LineWithoutItsEnd =
        "The bytes are right, but the line does not end: the client waits for the rest of it. The \
        end of the line belongs to every answer.";
    OnlyAWholeLineIsAPing =
        "A ping is the four letters and the end of the line, and nothing else. Every other line is \
        a message, and its answer is the same line.";
    LinesLeftBehind =
        "One read may bring several lines. Answer every whole line that has arrived before you \
        read again: the client may wait for the answer.";
    SilentClientKept =
        "The read timed out, and your code waits again. A client that vanished sends no FIN and no \
        RST, so this connection stays open for ever. A client that is only idle would have sent a \
        ping: no byte within the timeout means that it is gone.";
    SilenceIsTimedOut =
        "Nothing came within the timeout: report this as TimedOut. A read calls it WouldBlock on Unix \
        and TimedOut on Windows. It is not a clean end: the peer did not close anything.";
    FailureIsNoSilence =
        "The connection was reset: this is a different error from a timeout. Only WouldBlock and \
        TimedOut mean that nothing arrived in time. Return every other error as it is.";
    PongPassedOn =
        "A pong answers a ping that your code sent by itself. The user of the client did not ask \
        for it and must not see it.";
    OnlyAWholeLineIsAPong =
        "A pong is the four letters and the end of the line, and nothing else. Every other line is \
        a message: pass it on.";
    SilenceIsNoFailure =
        "One silence proves nothing: an idle server sends nothing either. Ask it first: send a \
        ping, and give it the time of one more read to answer.";
    PingsForEver =
        "Your ping was not answered, and your code waits again. TCP reports a vanished peer only \
        after many minutes. If not one byte comes between a ping and the next timeout, the server \
        is gone.";
    OldSilenceCounted =
        "The server answered the last ping, so it was alive then. Forget the ping when bytes \
        arrive: each new silence needs a new ping.";
    AnyByteShowsLife =
        "Bytes came after the ping, so the server lives. They need not be a pong, and they need \
        not be a whole line: a long line may need longer than one timeout.";
    HalfALineLost =
        "A silence may come in the middle of a line. The bytes before it are the beginning of the \
        line: keep them until its end arrives.";
    PassedOnTooLate =
        "The line was complete, and your code read again before it passed the line on. Nothing more \
        may come: pass on every line as soon as it is complete.";
    HalfALineIsNoLine =
        "The stream ended inside a line, and your code used the half as if it were a whole line. \
        Drop it, and report UnexpectedEof: only its end completes a line.";
    LineHasNoLimit =
        "A line on this wire has no limit: it is as long as the peer makes it. On the internet a \
        limit is a good idea, but both sides must know it.";
    InterruptedIsNoByte =
        "A signal interrupted the read: no byte came, so the server has not answered yet. Read \
        again, and remember the ping.";
    WriteIsNoSilence =
        "A write that would block says that the peer does not read, and nothing about what it \
        sends. Only a read shows a silence: return the error of a write as it is.";
    PingsWithoutASilence =
        "The server was not silent, but your code sent a ping. Data shows that the peer lives; \
        send a ping only when a read has timed out.";
}
