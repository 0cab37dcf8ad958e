//! The Chinese causes that only this lesson uses: why an answer fails, one name and one sentence each.

netkata::words! {
    ServedOnlyWhenNobodyCalls =
        "你的服务器只在没有新客户端连接的那些轮里才服务客户端：只要新客户端不断连上来，其他客户端就什么也得不到。\
        接受和服务，每一轮都要做。";
    OneCallerATurn =
        "有一轮没有接受所有等待的客户端：没被接受的，要等所有已连接的客户端都服务一遍。\
        一直接受，直到 accept 返回 WouldBlock。";
    TurnMisreports =
        "一轮必须报告有没有进展：接受了客户端，有客户端离开，或者读到或发出了字节。\
        没有进展就睡眠的那个循环靠的就是这份报告：报告错了，循环要么占满一个核，要么有事可做却在睡眠。";
    ServesOneClientTooLong =
        "一轮里为一个客户端处理了超过 BUDGET 字节：这样，不停发送的客户端就会独占这一轮。\
        每个客户端最多读这么多字节，然后轮到下一个。";
    ListenerStillBlocks =
        "new 之后，监听套接字仍然阻塞。在 new 里就把它设为非阻塞，\
        赶在任何代码调用 accept 而陷入等待之前。";
    RemovedATurnLate =
        "有一轮读到了客户端的流结束或错误，却把这个客户端留到了下一轮：\
        在那之前它还算在内，它的描述符也还占着。";
    LeftOutOfATurn =
        "有一轮漏掉了一个客户端，而它的字节在这一轮之前就到了。\
        不管一个客户端出了什么事，每一轮都要服务所有其他客户端，包括刚刚接受的。";
    UnsentUntilMoreComes =
        "服务器留着应答的剩余部分，而客户端没有再发送。\
        未发出的字节每一轮都要试着发送，不能等到有新字节来才发。";
    HalfClosedClientNotCounted =
        "服务器还有应答要发给一个客户端，clients() 却是 0。\
        客户端关闭发送方向之后，在应答全部发给它之前，仍然算已连接。";
    SpinsWithoutDescriptors =
        "描述符全部用完了，serve 却一轮接一轮，毫不停歇。\
        接受不了的客户端不算进展：它在等待队列里等着，serve 必须睡眠。";
    ServeHidesTheError =
        "监听套接字失败了，serve 却没有返回它的错误。监听套接字不会再接受客户端，必须让调用者知道。";
    TurnSleeps =
        "turn 没有什么可等，却等待了。只有 serve 可以睡眠：等多久，由 turn 的调用者决定。";
}
