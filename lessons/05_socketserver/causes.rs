//! The causes of failures in this lesson alone: one name and one sentence each.

#[path = "zh/causes.rs"]
mod zh;

netkata::causes! {
    also in zh;

    OneHarmsOthers =
        "An error or a panic of a handler must end only its own conversation. Contain it in the \
        handler's thread: it must not reach the accept loop, a lock that other threads need, or \
        a worker that other clients wait for.";
    PanicInAPanic =
        "The server ended when finish panicked after a panic of handle. A panic while another one \
        unwinds cannot be caught: it ends the process. Call finish when the panic of handle has \
        been caught, not in a destructor.";
    TimeoutForced =
        "The handler got a stream with a timeout, so a client that is silent for longer loses its \
        connection. Set no timeout: the handler decides how long to wait. At shutdown, end the \
        stream to wake the handler.";
    HandlerShared =
        "Two clients were served by one handler: what one client sent changed the answer to the \
        other. Make a new handler for each connection.";
    HandlerMadeTooMany =
        "new_handler makes one handler per client, when the client has connected: making one may \
        open a file or take a lock, for a client that never comes. A connection that only wakes \
        accept is not a client.";
    CalledElsewhere =
        "setup, handle and finish belong together: call them on one handler, in one thread. handle \
        and finish need what setup has stored, in the handler or in the thread.";
    AddressUnknown =
        "local_addr returns the address where the server listens, with the port that the kernel \
        has chosen for port 0. Ask the listener once, in bind, and keep the answer: after a \
        shutdown, there is no listener to ask.";
    FinishNotOnce =
        "If setup has succeeded, call finish exactly once, whether handle returned, failed or \
        panicked. Otherwise what finish gives back is lost, or given back twice.";
    StreamEndedBeforeFinish =
        "finish may still talk to the client, for example to take leave. Leave the stream open in \
        both directions until finish has returned, and close the connection then.";
    WentOnWithoutSetup =
        "setup failed, so there is nothing to handle and nothing to clean up: call neither handle \
        nor finish, and close the connection.";
    GoneInTwoWays =
        "A write reports in two ways that the client has gone: ConnectionReset if the client left \
        bytes unread, BrokenPipe if it had closed its side before (ECONNRESET and EPIPE, \
        send(2)). Both are the end of the conversation, not a failure.";
    NamesAreBytes =
        "A name arrives as bytes and must go back as the same bytes. They need not be UTF-8, so \
        decoding them can only fail or change them: do not decode them.";
    NameHasNoEndMark =
        "The name has arrived, but no greeting went back. On this wire no newline and no zero \
        ends a name, and the client stays connected: greet what one read returns, whatever its \
        length.";
    NameLongerThanTheBuffer =
        "A name has at most 1024 bytes: read into a buffer of this length, and take what a longer \
        message has left for the next name.";
    NameChanged =
        "A name is what one read returns, all of it. Greet it with the same bytes, white space and \
        zero bytes included, and as often as it comes.";
    SilenceIsNotTheEnd =
        "A silent client is still there. Only `exit` and the end of the stream end the \
        conversation: do not limit how long a read may wait.";
    ExitIsAWord =
        "The message `exit` ends the conversation and is not greeted. Compare the whole message: \
        a name that only looks like `exit` is a name.";
    PeriodNotKept =
        "The ticks do not come one period apart. Send the first tick at once, then sleep for the \
        period after each tick.";
    SpeakingIsNotLeaving =
        "The client has sent something or stopped sending, and it is still there. A ticker need \
        not read: that its client has gone shows when a write fails.";
    SlowIsNotGone =
        "A client that does not read now may read later: its ticks wait in the buffers, and then \
        the ticker waits. Only a write that fails because the peer has gone is the end: do not \
        limit how long a write may wait.";
    KnocksAtAnotherServer =
        "The server has stopped, and its port belongs to another server, which now sees a client that \
        says nothing. Wake accept only while this server listens.";
    HandlesAccumulate =
        "The server keeps the memory of threads that have ended: a thread's stack is freed when \
        the thread is joined, or its JoinHandle dropped. A list of handles that only grows ends \
        the server after about ten thousand clients.";
    SpinsWithoutDescriptors =
        "The process has no free descriptors: accept fails at once, the client stays in the \
        backlog, and the next try fails just the same. Sleep a little between two tries: \
        descriptors are free again when clients leave.";
    PauseTooLong =
        "While the server sleeps, a client in the backlog waits, even if a descriptor is free again. \
        Sleep for at most 100 ms between two tries. A pause that grows with every error needs this \
        limit, too: the descriptors may be in use for hours.";
    MakesRoom =
        "A client lost its connection because no descriptor was free for another client. An error of \
        accept changes nothing for the clients that are connected: leave the other one in the \
        backlog, and try again a little later.";
    ShutdownUnseen =
        "A thread that is blocked in accept, read or write checks no flag. Wake accept by \
        connecting to your own server, and end a read and a write with shutdown(Both) on a clone \
        of the stream.";
    ShutdownMissesNewcomers =
        "This client had been accepted but was not in the table yet when shutdown read it, and \
        the flag was not checked after that. Check the flag when you add a connection to the \
        table, under the same lock.";
    ShutdownReturnsEarly =
        "shutdown returned while a handler was still running: its caller may end the program now, \
        in the middle of a finish. Wait until every thread has ended.";
    ServeReturnsEarly =
        "serve_forever returned while a handler was still running. Usually the program ends after \
        serve_forever, in the middle of a finish then. Wait until every thread has ended.";
    ShutdownStopsHalfway =
        "shutdown(2) fails on a stream whose client has reset the connection (ENOTCONN). There is \
        nothing left to end there: ignore the error, and go on with the other streams.";
    FailureReachesServe =
        "A handler failed or panicked, and serve_forever passed this on to its caller when the last \
        handler had finished. It concerns one client only: catch it in the handler's thread, ignore \
        what joining the thread returns, and return success.";
    ServesTwice =
        "Only one thread serves, and only until shutdown: any other serve_forever returns success \
        at once, and changes nothing.";
    ShutdownWorksOnce =
        "Several threads may shut a server down, at once or one after another, and each call \
        returns when the server has stopped. Keep that as a state that every call can check, not \
        as a message that the first call takes away.";
    ShutdownForgotten =
        "shutdown came before serve_forever, and was lost. The caller cannot know whether serving \
        has begun, so this is not its mistake: remember the shutdown, and do not reset the flag.";
    WaitsForItself =
        "shutdown waits for every handler, and a handler called it: the handler waits for itself. \
        If the calling thread runs a handler of this server, do not wait.";
    SparesItsCaller =
        "A handler called shutdown of its own server, and its own stream did not end in both \
        directions. shutdown ends every conversation, also the one of the handler that calls it: \
        leave no stream out.";
}
