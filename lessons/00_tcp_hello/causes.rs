//! The causes that only this lesson uses: why an answer fails, one name and one sentence each.

#[path = "zh/causes.rs"]
mod zh;

netkata::causes! {
    also in zh;

    CallsElsewhere =
        "Your code did not call the address that it was given. Use all of it, host and port: \
        `localhost` is a name, which may mean ::1 or 127.0.0.1, and the server may listen at \
        neither.";
    RefusalIsAnError =
        "No program listens on that port, so the connection was refused. The code that called \
        your function needs to know: pass the error on.";
    SilenceIsNoFailure =
        "The caller closed without sending anything. That is not a failure: return what it sent, \
        which is nothing.";
    OneCallIsAnswered =
        "The caller has closed, and your function goes on with the next call. Return after one \
        call: a client that calls meanwhile waits in the listener's backlog, and is still there \
        when your function is called again.";
    ClosesBeforeItsCaller =
        "Your code closed its direction, and the caller had not closed. In this protocol the \
        server closes last: the end of its stream tells the caller that all has been read.";
    WhiteSpaceWasSent =
        "Spaces and line ends are bytes that the other side sent, like all others. Return every \
        byte as it arrived; what the bytes mean is decided later.";
    LettersFromAToZ =
        "The letters from a to z become capitals, all 26, and no other byte changes. In ASCII the \
        signs ` and { stand right before a and right after z.";
    SpeaksTooSoon =
        "Your code sent something before it had read the whole greeting. In this protocol the \
        server sends first, and the client answers what it has read.";
    AnotherGreeting =
        "This server did not send `hello`, so it is not the one that you meant: another program \
        uses the port. Return InvalidData and send nothing.";
    EndNeverSent =
        "The other side reads until your side of the stream ends, and it does not end: use \
        shutdown(Write), which says that no more will come. Dropping a handle says so only if it \
        is the last one of its connection, and try_clone makes one more.";
    LostWithABuffer =
        "More than the greeting had arrived when your code read it. What your code took from the \
        stream beyond the greeting is not in the stream any more: if a BufReader holds it, go on \
        reading from the same one.";
    StopsListening =
        "The other side had not closed, but your code did not read any more. A connection has two \
        directions, which end separately: shutdown(Write) ends yours, and only a read of 0 bytes \
        shows that the other one has ended.";
}
