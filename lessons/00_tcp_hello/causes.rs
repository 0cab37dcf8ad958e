//! The causes of this lesson alone: why an answer to it fails, one name and one sentence each.

netkata::causes! {
    CallsElsewhere =
        "The call went elsewhere, or nowhere: the address that your function was given is all of \
        it, host and port. `localhost` is a name, which may mean ::1 or 127.0.0.1, and the \
        server may listen at neither.";
    RefusalIsAnError =
        "Nobody listens at that port, and the connection was refused: whoever asked for the call \
        wants to know. Pass the error on.";
    SilenceIsNoFailure =
        "The caller hung up without a word. That is no failure: it said nothing, and nothing is \
        what was heard.";
    OneCallIsAnswered =
        "The caller has hung up, and your function goes on with the next call: it answers one. \
        Whoever calls meanwhile waits in the listener's line, and is still there when your \
        function is called again.";
    SpeaksTooSoon =
        "Your code spoke before it had heard the whole greeting. On this wire the server speaks \
        first, and the client answers what it has heard.";
    AnotherGreeting =
        "This server did not say `hello`, so it is not the one that was meant: somebody else has \
        the port. That is InvalidData, and nothing is said to it.";
    EndNeverSent =
        "The other side listens until your side of the stream ends, and it does not end: \
        shutdown(Write) says that no more will come. To drop a handle says so only if it is the \
        last one of its connection, and try_clone makes one more.";
    StopsListening =
        "The other side had not hung up, and your code did not listen any more. A connection has \
        two directions, which end one by one: shutdown(Write) ends yours, and only a read of 0 \
        bytes tells that the other one has ended.";
}
