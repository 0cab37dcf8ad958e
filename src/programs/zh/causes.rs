//! The Chinese causes that only the checks of programs use, in several lessons.

netkata::words! {
    NoLongerListens =
        "你的程序不再监听：下一个客户端被拒绝了。客户端离开之后，服务器只关闭那一条连接，监听套接字要留给下一个客户端。";
    NeverConnects =
        "你的程序没有连接服务器。命令行里写明了连到哪里：{host} 和 {port}，或者只有 {port}。";
    KeepsRunning =
        "会话已经结束，你的程序却还在运行。流结束之后不会再有字节到达：关闭连接，然后结束。";
}
