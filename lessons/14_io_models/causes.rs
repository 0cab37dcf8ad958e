//! The causes of this lesson alone: why an answer to it fails, one name and one sentence each.

netkata::causes! {
    StopLeavesThreads =
        "The server has returned, and a thread that it started goes on: nobody tells it to end, \
        and nobody waits for it. Whatever is started for the server ends with it.";
    EdgeToldOnce =
        "An edge is told once: when something comes, not as long as it is there (epoll(7), \
        EPOLLET). What one event leaves in the kernel, callers or bytes, nobody reports again. \
        Go on until WouldBlock, or register anew to be told anew.";
    SignalsDoNotCount =
        "A signal is not one event: while it waits to be delivered, all others of its kind melt \
        into it (signal(7)). It says that something has happened somewhere, so go on until \
        nothing is left to be done, and wait for the next one then.";
    SocketSignalsNobody =
        "Something came on this socket, and no signal told of it: O_ASYNC and the owner are \
        properties of each socket, and an accepted one does not take after its listener \
        (accept(2)). Set both before you first look at it.";
    MissedBeforehand =
        "These clients had called before the server asked to be told of callers, and nobody tells \
        of what has been: ask first, then look once, and only then wait.";
    AlwaysRoomToSend =
        "There is nearly always room to send: whoever asks to be told of that is told at once, \
        again and again. Ask for it only while something is owed, and for bytes to read when \
        nothing is.";
    NoRoomAwaited =
        "Part of the answer could not be sent, and the server waits for more to read: nobody \
        tells it that there is room again unless it asks for that. While something is owed, wait \
        for room to send.";
    OneTaskHoldsTheOthers =
        "Tasks share one thread, and change places in an `.await` only. A call of std::net blocks \
        that thread and every task on it; and where a loop awaits one conversation, no other \
        begins. Use the runtime's own calls, and spawn a task for each client.";
    SpinsForASlowClient =
        "This client does not read, and the server computes all the time: what the kernel does \
        not take now it will not take a microsecond later. Wait until it says that there is \
        room.";
}
