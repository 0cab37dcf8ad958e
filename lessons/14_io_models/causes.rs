//! The causes of this lesson alone: why an answer to it fails, one name and one sentence each.

#[path = "zh/causes.rs"]
mod zh;

netkata::causes! {
    also in zh;

    StopLeavesThreads =
        "The server has returned, but a thread that it started still runs: it was never told to \
        end, or the server did not wait for it. Wait for every thread before you return.";
    EdgeToldOnce =
        "An edge is reported once: when something arrives, not as long as it is there (epoll(7), \
        EPOLLET). The clients or bytes that you leave in the kernel are not reported again. Go on \
        until WouldBlock, or register the socket again.";
    NotAcceptedAgain =
        "accept failed because no descriptor was free. One is free again, but nothing reports the \
        clients that are still in the backlog: their event came before. Try again by yourself, \
        after a pause or when a connection has been closed.";
    SpinsWithoutDescriptors =
        "accept fails as long as no descriptor is free, and the client stays in the backlog: if \
        you try again at once, it fails again. Go on serving, and try again after a pause or when \
        a connection has been closed.";
    BufferTooLarge =
        "The server allocates this memory for each client, whether it sends anything or not. A \
        read returns what has arrived, and a few KiB at a time are enough.";
    AlwaysRoomToSend =
        "There is nearly always room to send: if you ask for that event, it comes at once, again \
        and again. Ask for it only while bytes are unsent, and otherwise for bytes to read.";
    NoRoomAwaited =
        "Part of the answer could not be sent, and the server waits for more to read: it is not \
        woken when there is room again. While bytes are unsent, wait for room to send.";
    OneTaskHoldsTheOthers =
        "Tasks share one thread, and another task runs only at an `.await`. A call of std::net \
        blocks that thread and every task on it; and a loop that awaits one conversation begins \
        no other. Use the runtime's own calls, and spawn a task for each client.";
    SpinsForASlowClient =
        "This client does not read, and the server spins: what the kernel does not take now it \
        will not take a microsecond later. Wait until the kernel reports room to send.";
    SleepsTooLong =
        "While a server sleeps, it sees nothing: no bytes, no new client, no stop. Each of them waits \
        until it wakes up, so it may sleep for at most 20 ms at a time, however long nothing \
        happens. A wait for events may take any time: an event ends it.";
}
