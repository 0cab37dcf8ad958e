//! The Chinese words of `demo lifecycle`.

netkata::words! {
    /// What is shown.
    SUBJECT = "一条 TCP 连接的一生：两边程序的调用，和内核里的状态。";
    /// How to read it; the first two values are bytes, as they are shown, the third is the text below.
    legend(question, answer, state) =
        "{question} 是客户端写入的字节，{answer} 是服务器写入的字节。每次调用之后，是{state}\
         （/proc/net/tcp）：等它稳定下来，有变化才写出。";
    THE_KERNELS_STATE = "内核里两端的状态";
    /// The same on a system that does not report the kernel's state.
    legend_of_calls(question, answer) =
        "{question} 是客户端写入的字节，{answer} 是服务器写入的字节。\
         本系统不提供内核里两端的状态：只写出调用和结果。";

    /// The acts, each with its title, what is tried, its scenes, and what they show.
    THE_HANDSHAKE = "握手";
    ACCEPT_COMES_LAST =
        "服务器开始监听；客户端连接并发送一个问题；然后服务器才调用 accept。";
    THE_KERNELS_SHAKE_HANDS =
        "握手的是内核，不是程序。服务器还不知道这条连接，它就已经建立，并且收下了字节：\
         accept 只是把它从等待队列里取走。";

    THE_HALF_CLOSE = "半关闭";
    THE_CLIENT_HAS_ASKED_ALL =
        "客户端已经发完，用 shutdown(Write) 说明这一点，仍然读取回答。";
    EACH_DIRECTION_IS_CLOSED =
        "每个方向由在其中发送的一侧关闭。两个流结束之间，服务器想回答多久都可以。";

    WHO_CLOSES_FIRST = "谁先关闭";
    BOTH_CLOSE =
        "两侧先后关闭。先关闭的如果是服务器，它随后在同一个端口上重新启动。";
    THE_CLIENT_IS_FIRST = "客户端先关闭";
    THE_SERVER_IS_FIRST = "服务器先关闭，再重新启动";
    WHO_IS_FIRST_IS_LEFT_IN_TIME_WAIT =
        "先关闭的一侧停留在 TIME-WAIT，在 Linux 上是一分钟，免得这条连接迟到的报文段被当成下一条连接的。\
         如果先关闭的是服务器，它的端口就被占用，除非在 bind 之前设置 SO_REUSEADDR；Rust 的 TcpListener \
         在 Unix 上就会设置。在 Linux 上，先前的服务器也必须设置过。";

    LAST_WORDS = "还有字节没读时的告别";
    AN_ANSWER_TO_WHAT_IS_UNREAD =
        "服务器不读问题就回答，最后以 goodbye 结束。";
    THE_NAIVE_GOODBYE = "讲义里的告别：直接 close";
    THE_REPAIRED_GOODBYE = "改正后的告别";
    A_CLOSE_WITH_BYTES_UNREAD_RESETS =
        "关闭套接字时如果还有字节没读，就会发送重置：两端立刻消失，客户端无从知道收到了多少回答。\
         改正后的告别先让对端看到流结束，再读完剩下的字节，然后才关闭。";

    RESETS = "重置";
    BY_FORCE_AND_IN_ORDER =
        "服务器重置连接；在下一个场景里，它正常关闭，而客户端继续写入。";
    A_RESET_ON_PURPOSE = "故意重置";
    WORDS_FOR_NOBODY = "关闭之后到达的字节";
    A_RESET_IS_TOLD_ONCE =
        "重置不留下 TIME-WAIT，错误也只报告一次：下一次读取看到流结束，而对端从来没有发送过它。\
         写入成功，只说明自己的内核收下了字节：第一次写入引起重置，第二次才失败。";

    /// A call to start the server again.
    BIND_WITH_REUSEADDR = "bind，设置 SO_REUSEADDR";
    BIND_WITHOUT_REUSEADDR = "bind，不设 SO_REUSEADDR";
    /// The result of a call; the call stands before it.
    IT_LISTENS = "开始监听";
    A_STREAM = "一条流";

    /// The kernel's state of one end, with what waits there; or that the end is gone.
    unread(state, bytes) = "{state}，{bytes} 字节未读";
    in_line(state, callers) = "{state}，等待队列里有 {callers} 个";
    GONE = "(没有了)";

    /// What did not happen in time.
    THE_KERNEL_TO_COME_TO_REST = "内核稳定下来";
}
