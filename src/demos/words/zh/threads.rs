//! The Chinese words of `demo threads`.
//!
//! The letters A to E are the five clients, in the order in which they connect.

netkata::words! {
    /// What is shown, and how to read it.
    SUBJECT = "每个客户端一个线程：一个服务器，五个客户端，用真实的 TCP 套接字。";
    ONE_LINE_A_CLIENT =
        "每个客户端一行：它做什么，结果怎样。每个客户端都有一个处理器，在自己的线程上运行。\
         处理器结束以后，不管发生了什么，服务器都要调用它的 finish。";

    /// The acts, each with its title, what is tried, and what that shows. Two demonstrations have
    /// the title of the first one.
    A_IS_SILENT = "五个客户端都已连接，并收到欢迎。A 沉默；其余的发送自己的名字。";
    NOBODY_WAITS_FOR_A =
        "只有 A 自己的线程在等 A。这正是每个客户端一个线程的好处；在这里，讲义里的服务器和改正后的一样好。";

    HANDLERS_THAT_FAIL = "失败的处理器";
    B_PANICS_AND_C_FAILS =
        "B 的处理器一收到名字就 panic。C 发送 c3，这是一个两字节字符的第一个字节。其余的发送自己的名字。";
    THE_NAIVE_SERVER_SKIPS_FINISH =
        "一个线程 panic，只结束这个线程。但是 handle 失败或 panic 之后，讲义里的服务器就跳过了 finish，\
         处理器占用的东西再也不会释放。";

    CLIENTS_THAT_LEAVE = "不辞而别的客户端";
    B_IS_RESET_AND_C_CLOSES =
        "服务器不停地发送 \"hello\"。B 的连接被重置；C 正常关闭，之后又有数据发给它。A 留下。";
    LEAVING_IS_TOLD_IN_MORE_THAN_ONE_WAY =
        "表示客户端已经离开的错误不止一种。讲义里的处理器只认得“连接重置”（connection reset），把 broken pipe 当成了失败。";

    SHUTDOWN = "停止服务器";
    SOMEBODY_CALLS_SHUTDOWN =
        "A 沉默；B、C、D 已经得到问候。这时调用 shutdown，随后 E 来连接。";
    WHO_WAITS_SEES_NO_FLAG =
        "停在 accept 和 read 里等待的线程看不到标志。改正后的服务器结束每一条流，自己连接自己来唤醒 accept，\
         等所有处理器都完成才返回。讲义里的服务器要到程序退出才结束。";

    /// What a client does, or the server, whose name stands before it.
    STAYS = "留下";
    VANISHES_WITH_A_RESET = "突然消失，连接重置";
    CLOSES_IN_GOOD_ORDER = "正常关闭";
    IS_SILENT_UNTIL_THEN = "一直沉默";
    WAS_GREETED = "已经得到问候";
    CALLS_AFTER_SHUTDOWN = "shutdown 之后来连接";
    SHUTDOWN_RETURNED = "shutdown 已经返回";

    /// The result; what the client or the server does stands before it.
    ITS_THREAD_WAITS = "只有它自己的线程在等它";
    GETS_HELLO_AFTER_HELLO = r#"不断收到 "hello""#;
    HEARS_THE_END = "读到流结束；finish 已调用";
    IS_STILL_GREETED = "发送名字，仍然得到问候";
    IS_CUT_OFF_WITHOUT_FINISH = "被断开；没有调用 finish";
    IS_LET_IN = "被接受，并收到欢迎";
    IS_REFUSED = "连接被拒绝";
    HAS_ENDED = "已经结束；所有处理器都已完成";
    GOES_ON_AS_IF_NOT_ASKED = "没有停下";

    /// What happens to a client and to its handler, and whether the server called `finish`.
    handler_ended(client, finish) = "{client}；{finish}";
    handler_panicked(client, finish) = "{client}；处理器 panic 了；{finish}";
    handler_failed(client, error, finish) = "{client}；处理器失败：{error}；{finish}";
    IS_GREETED = "得到问候";
    IS_CUT_OFF = "被断开";
    FINISH_WAS_CALLED = "finish 已调用";
    FINISH_WAS_NEVER_CALLED = "始终没有调用 finish";

    /// What did not happen in time.
    A_CLIENT_TO_BE_KNOWN = "认出客户端";
    A_CLIENT_TO_LEAVE = "客户端离开";
    A_HANDLER_TO_BEGIN = "处理器开始";
    A_HANDLER_TO_BE_OVER = "处理器结束";
    THE_WELCOME = "欢迎";
    A_GREETING = "问候";
}
