//! The Chinese words of this lesson's stories.

netkata::words! {
    /// The subject of a sentence that goes on.
    leaver(number) = "离开者 {number}";

    /// What a server does; `server` is its function's name.
    allocates_much(server) = "{server} 为它分配的内存超过 512 KiB";
    computes_without_descriptors(server) = "{server} 一再重试，毫不停顿";
    keeps_more_and_more(server) = "{server} 为它保留的内存越来越多";

    /// A call that is made again and again.
    SERVE_100_TIMES = "serve 100 次，之后还没发送的字节";
    SERVE_AGAIN = "serve，直到返回 0";

    /// What is expected of the server: whole sentences.
    IT_RESTS_UNTIL_ONE_IS_FREE = "它在两次重试之间睡眠";
    LESS_THAN_512_KIB_FOR_ONE = "服务器为它用的内存不到 512 KiB";
    IT_RESTS_IN_SILENCE = "没有客户端发送时，它在睡眠";
    IT_RESTS_UNTIL_THERE_IS_ROOM = "客户端读取回答之前，它在睡眠";
    LESS_THAN_512_KIB_IS_KEPT =
        "服务器为它保留的内存不到 512 KiB，其余的留着不读";

    /// The subject of a sentence that goes on, and what it does.
    EACH_OF_THEM = "每个客户端";
    ONE_OF_THE_LAST_TEN = "最后十个客户端之一";
    CONNECTS = "来连接";
    SAYS_HELLO_AND_WAITS = "发送 \"hello\" 并等待";

    /// What was found, or is expected.
    AS_MUCH_OR_MORE = "512 KiB，或者更多";
    LESS_THAN_512_KIB = "不到 512 KiB";
    ANOTHER_ONE = "得到别的内容";
    IS_CONNECTED = "连上了";
    IS_REFUSED = "遭到拒绝，因为没有程序在监听";
    ITS_ANSWER = "得到 \"HELLO\"";
    ITS_CONNECTION_ENDS = "看到自己的连接结束";
    NO_ANSWER_ALTHOUGH_IT_WAITS = "得不到回答，而服务器在等待";

    /// A label, and the text beside it.
    CLIENTS_CONNECTED = "已经连接";
    TWENTY_FOUR_AND_SILENT = "24 个客户端，服务器有 24 个描述符，客户端都不发送";

    /// What happened: whole sentences.
    A_STREAM_ENDS_AFTER_5_BYTES_AND_TAKES_NOTHING =
        "一个流在 5 字节之后结束，写入一个字节也不收；serve 已经调用过一次";
    A_STREAM_FILLS_EVERY_READ_AND_TAKES_NOTHING = "一个流每次都让读取读满，写入一个字节也不收";
    A_SIGNAL_INTERRUPTS_THE_WAIT = "信号中断服务器的等待";
    STOP_IS_RESET = "stop 被重置";
    A_BYTE_ARRIVES_ON_STOP = "stop 上来了一个字节，流还开着";
    MORE_CLIENTS_THAN_DESCRIPTORS =
        "服务器总共只能有 24 个描述符，却有 24 个客户端";
    THE_FIRST_14_CLIENTS_LEAVE = "前 14 个客户端离开";
    FOUR_CLIENTS_CRASHED = "4 个客户端崩溃了";
    TWENTY_CLIENTS_LEFT = "20 个客户端连上又离开了";
}
