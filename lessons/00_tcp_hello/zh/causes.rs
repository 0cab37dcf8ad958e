//! The Chinese sentences of the causes that only this lesson uses, under the same names.

netkata::words! {
    CallsElsewhere =
        "你的代码没有呼叫给定的地址。主机和端口都要照原样用：`localhost` 是一个名字，可能指 ::1，\
        也可能指 127.0.0.1，而服务器可能两个都不监听。";
    RefusalIsAnError =
        "没有程序监听那个端口，所以连接被拒绝。调用你函数的代码需要知道这一点：把错误传出去。";
    SilenceIsNoFailure =
        "呼叫方什么也没发就关闭了。这不是失败：返回它发来的内容，即空内容。";
    OneCallIsAnswered =
        "呼叫方已经关闭，你的函数却接着处理下一个呼叫。处理完一个呼叫就返回：\
        这期间呼叫的客户端在监听套接字的等待队列里等着，下次调用你的函数时仍然在那里。";
    ClosesBeforeItsCaller =
        "你的代码关闭了自己的方向，而呼叫方还没有关闭。在这个协议里，服务器最后关闭：\
        服务器的流结束，就是告诉呼叫方全部都读完了。";
    WhiteSpaceWasSent =
        "空格和换行也是对方发来的字节，和其他字节一样。每个字节都要原样返回；\
        字节表示什么，以后再判断。";
    LettersFromAToZ =
        "a 到 z 这 26 个字母全部变成大写，别的字节都不变。在 ASCII 里，` 就在 a 的前面，\
        { 就在 z 的后面。";
    SpeaksTooSoon =
        "你的代码还没有读完整个问候语，就发送了内容。在这个协议里，服务器先发送，\
        客户端读到之后才回答。";
    AnotherGreeting =
        "这个服务器没有发送 `hello`，所以不是你要找的那个：端口被另一个程序占用了。\
        返回 InvalidData，什么也不发送。";
    EndNeverSent =
        "对方要一直读到你这边的流结束，而这个流没有结束：用 shutdown(Write) 说明不会再发了。\
        丢弃句柄也能说明，但必须是这个连接的最后一个句柄，而 try_clone 会多出一个。";
    LostWithABuffer =
        "你的代码读问候语时，到达的不止是问候语。被你的代码从流里取走的、问候语之后的内容，\
        已经不在流里了：如果在某个 BufReader 里，就继续从同一个 BufReader 读。";
    StopsListening =
        "对方还没有关闭，你的代码却不再读了。连接有两个方向，各自结束：\
        shutdown(Write) 结束你的方向；只有读到 0 字节，才说明另一个方向结束了。";
}
