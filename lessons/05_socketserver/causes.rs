//! The causes of this lesson alone: why an answer to it fails, one name and one sentence each.

netkata::causes! {
    OneHarmsOthers =
        "What goes wrong in one conversation must end that one and no other: an error, or a \
        panic, of a handler has to stop at the edge of its own thread, and must not reach the \
        accept loop, a lock that others need, or a worker that they wait for.";
    TimeoutForced =
        "The handler was given a stream with a time limit: a client that thinks for longer than \
        that is cut off. How long to wait is for the handler to say; end its wait through the \
        stream when the server stops.";
    HandlerShared =
        "Two clients were served by one handler: what one of them said shows in the answer to the \
        other. Make a new handler for each connection.";
    FinishNotOnce =
        "When setup has succeeded, finish runs exactly once, however handle ends: it returned, it \
        failed, or it panicked. What finish gives back is lost otherwise, or given back twice.";
    WentOnWithoutSetup =
        "setup failed, so there is nothing to handle and nothing to finish: neither may be \
        called, and the connection closes.";
    GoneInTwoWays =
        "A client that has gone shows in two ways: ConnectionReset if it left bytes unread, \
        BrokenPipe if it had closed its side before (ECONNRESET and EPIPE, send(2)). Both are \
        the end of the conversation, and no failure.";
    NamesAreBytes =
        "A name comes as bytes and goes back as those bytes: nobody has promised that they are \
        UTF-8, and decoding them fails, or changes them, for nothing.";
    NameHasNoEndMark =
        "The name has come, and no greeting went back: on this wire no newline and no zero ends a \
        name, and the client stays connected. What one read brings is the name, however long.";
    ExitIsAWord =
        "The message `exit` ends the conversation, and is not greeted; a name that only looks \
        like it does not.";
    PeriodNotKept =
        "The ticks do not come a period apart: the first comes at once, then the handler waits \
        for its period after each of them.";
    HandlesAccumulate =
        "The memory of threads that are over is kept: a thread's stack is given back when it is \
        joined, or when its JoinHandle is dropped. A list of handles that only grows ends the \
        server after some ten thousand clients.";
    SpinsWithoutDescriptors =
        "The process is out of descriptors: accept fails at once, the caller stays in the line, \
        and the next try fails just the same. Wait a little between two tries; descriptors come \
        back when clients leave.";
    ShutdownUnseen =
        "A thread that is blocked in accept, read or write looks at no flag. A connection to \
        oneself wakes accept; shutdown(Both) on a clone of the stream ends a read and a write.";
    ShutdownMissesNewcomers =
        "This client was accepted and stood in no table yet when shutdown looked into it, and \
        nobody looked again. Look at the flag when you put a connection into the table, under \
        the same lock.";
    ShutdownReturnsEarly =
        "shutdown returned while a handler was still at work: whoever called it may end the \
        program now, in the middle of a finish. Wait until every thread is over.";
    ShutdownWorksOnce =
        "Several threads may shut a server down, at once or one after the other, and none of them \
        knows of the others: each call returns when the server has stopped. That it has stopped \
        is a state to look at, not a message that the first of them takes away.";
    ShutdownForgotten =
        "The shutdown came first, the serving second: to end a server before it has begun is no \
        mistake of the caller, who cannot know. Remember it.";
    WaitsForItself =
        "shutdown waits for every handler, and a handler called it: the two wait for each other. \
        Called from a handler's own thread it must not wait.";
}
