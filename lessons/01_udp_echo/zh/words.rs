//! The Chinese words of this lesson's stories.

netkata::words! {
    /// Subjects: the rest of the sentence follows them.
    A_STRANGER = "陌生人";
    THE_THIRD_CLIENT = "第三个客户端";

    /// What the caller does.
    LOOKS_AT_THE_SOCKET = "查看套接字";
    /// What `ask` does not do.
    WAITS_LONGER_THAN_ITS_TIMEOUT = "等待时间大于超时";
    WAITS_SHORTER_THAN_ITS_TIMEOUT = "等待时间小于超时";

    /// Whole sentences; `ask` and `send_to` are functions.
    A_SIGNAL_INTERRUPTS_ASK = "信号中断 ask";
    A_SIGNAL_INTERRUPTS_SERVE = "信号中断 serve";
    ANOTHER_DATAGRAM_FINDS_NOBODY = "这个套接字的另一个数据报到达关闭的端口";
    ANOTHER_DATAGRAM_FOUND_NOBODY =
        "在此之前，这个套接字的另一个数据报到达了关闭的端口";
    ASK_BEGINS = "ask 开始";
    HUNDREDS_OF_REPLIES_FIND_NOBODY = "这个套接字的 300 个数据报到达关闭的端口";
    THE_FIRST_CLIENT_IS_GONE = "第一个客户端已关闭套接字";
    THE_TIMEOUT_IS_BELOW_A_MILLISECOND = "超时是 0.9 毫秒";
    THE_SOCKET_DOES_NOT_WAIT = "套接字是非阻塞的，什么也没有到达";
    THE_SOCKET_SENDS_NOTHING = "套接字的发送方向已关闭";
    THE_SERVER_STAYS_SILENT = "服务器不回复";
    send_to_fails(kind) = "send_to 失败，错误是 {kind}：问题太长";
}
