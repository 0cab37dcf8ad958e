//! The Chinese words of this lesson's stories.

netkata::words! {
    /// The subject of a sentence that goes on. The names of functions stay.
    THE_BUSY_CLIENT = "忙碌的客户端";
    THE_GREETER = "Greeter";
    THE_TICKER = "Ticker";
    ONE_OF_THE_SHUTDOWNS = "其中一个 shutdown";
    THE_SERVER_WITH_ONE_MORE_CLIENT = "服务器（又多一个客户端）";
    SHUTDOWN_WHILE_A_HANDLER_FINISHES = "shutdown（有处理器还在 finish 里）";
    SHUTDOWN_IN_THREE_THREADS = "shutdown（三个线程同时调用）";
    EACH_SHUTDOWN_WHILE_A_HANDLER_FINISHES =
        "三个 shutdown 的每一个（有处理器还在 finish 里）";
    SERVE_FOREVER_WHILE_A_HANDLER_FINISHES = "serve_forever（有处理器还在 finish 里）";
    SERVE_FOREVER_AFTER_SHUTDOWN = "serve_forever（在 shutdown 之后）";
    SHUTDOWN_BY_A_HANDLER = "shutdown（由这个服务器的处理器调用）";
    THE_HANDLER = "调用 shutdown 的处理器";
    ITS_CLIENT = "该处理器的客户端";
    SHUTDOWN_BY_ANOTHER_SERVERS_HANDLER =
        "shutdown（由另一个服务器的处理器调用，有处理器还在 finish 里）";
    LOCAL_ADDR_IS_THE_SAME = "local_addr 在 shutdown 前后相同";
    A_SECOND_SERVE_FOREVER = "第二个 serve_forever";
    THE_DEFAULT_PERIOD = "Ticker::default().period，以毫秒计";

    /// What the peer does or did; its name stands before it.
    ALL_CLIENTS_LEAVE = "所有客户端离开，它们的描述符又空了出来";
    ASKS_FOR_THE_TIME_LIMITS = "查询处理器的流的读超时和写超时";
    CLOSES_ITS_SOCKET = "关闭套接字";
    CLOSES_WITH_BYTES_UNREAD = "还有字节没读就关闭套接字";
    SPEAKS_AGAIN = "又开始发送";
    CONNECTS_TO_LOCAL_ADDR = "连接 local_addr()";
    COUNTS_HANDLERS_AFTER_SHUTDOWN = "统计到 shutdown 之后为止创建了多少个处理器";
    COUNTS_HANDLERS = "统计创建了多少个处理器";
    MEASURES_THE_TIME_OF_5_TICKS = "测量 5 次 hello 的到达时间，应每 10 ms 一次";
    CONNECTED_AND_LEFT_BEFORE_THE_SERVER_SERVES =
        "在服务器开始服务之前连接了两次，又都离开，第二次是重置";
    READS_NOTHING_FOR_LONG = "什么也不读，时间超过流的任何超时";
    READS_100_TICKS = "读取 100 次 hello，每微秒一次";
    WAITS_FOR_THE_FIRST_TICK = "等待第一次 hello，Ticker 的周期取最长";
    SEES_WHICH_STREAMS_END = "查看哪些流结束";
    HAVE_RESET_THEIR_CONNECTIONS =
        "重置了 8 个连接；它们的处理器在 finish 里，另有 8 个在 handle 里等待";
    SENDS_NAMES_AND_READS_NOTHING =
        "只发送名字，什么也不读，直到 Greeter 卡在 write 里";
    IS_SILENT_FOR_LONG = "一直沉默，时间超过流的任何超时";
    ANOTHER_SERVER_HAS_THE_PORT = "另一个服务器在这个端口上监听";
    THE_OTHER_SERVER = "另一个服务器上的客户端";
    LOCAL_ADDR = "local_addr";
    NO_CLIENT = "没有客户端";
    EACH_EARLIER_CLIENT = "最后一个之前的每个客户端";
    WAITS_FOR_ITS_ECHO = "发送内容，等待回显";
    NO_DESCRIPTOR_IS_FREE = "没有空闲的描述符给下一个客户端";
    CONNECTS = "连接";
    CONNECTS_AND_IS_SILENT = "连接，什么也不发送";
    CONNECTS_AND_ITS_SETUP_SHUTS_DOWN = "连接；处理器的 setup 调用 shutdown";
    CONNECTS_AND_SHUTS_DOWN = "连接；处理器调用 shutdown";
    CONNECTS_AND_ITS_FINISH_SHUTS_DOWN = "连接；处理器的 finish 调用 shutdown";
    COUNTS_FINISHES = "统计 finish 运行了多少次";
    COUNTS_LATER_FINISHES = "统计 finish 又运行了多少次";
    HAS_CONNECTED = "已连接；处理器正在创建";
    IS_SILENT_FROM_NOW_ON = "不再发送；另一个客户端连接";
    LETS_20_CLIENTS_VANISH = "让 20 个客户端连接再断开，另有一个留下";
    LETS_THE_OTHERS_VANISH = "让其余的客户端断开";
    LISTENS_TO_THE_END = "一直读到流结束";
    TWENTY_CLIENTS_CONNECT = "连接 20 次，shutdown 紧随其后";
    STAYS_AND_IS_SENT_AWAY = "保持连接；服务器在自己这一端 shutdown(Both)";
    STAYS_AND_READS_NOTHING =
        "保持连接，什么也不读；服务器的非阻塞流已没有空间";
    WAITS_FOR_ITS_ANSWER = "等待应答";
    WAITS_FOR_ITS_GREETING = "等待问候";

    /// What the peer orders the functions of its handler to do.
    ORDERS_HANDLE_TO_RETURN = "命令 handle 返回";
    ORDERS_HANDLE_TO_ECHO = "命令 handle 回显";
    ORDERS_HANDLE_TO_WRITE = "命令 handle 永远写下去";
    ORDERS_HANDLE_TO_READ = "命令 handle 永远读下去";
    ORDERS_SETUP_TO_FAIL = "命令 setup 失败";
    ORDERS_SETUP_TO_PANIC = "命令 setup panic";
    ORDERS_HANDLE_TO_FAIL = "命令 handle 失败";
    ORDERS_HANDLE_TO_PANIC = "命令 handle panic";
    ORDERS_FINISH_TO_ECHO = "命令 finish 回显";
    ORDERS_FINISH_TO_FAIL = "命令 finish 失败";
    ORDERS_FINISH_TO_PANIC = "命令 finish panic";
    ORDERS_HANDLE_AND_FINISH_TO_FAIL = "命令 handle 失败，然后 finish 也失败";
    ORDERS_HANDLE_AND_FINISH_TO_PANIC = "命令 handle panic，然后 finish 也 panic";
    /// Why a handler fails: the text of its error.
    ORDERED_BY_THE_CLIENT = "客户端命令这样做";

    /// What was found, or is expected; mostly the server does it.
    A_PERIOD_APART = "每两次相隔一个周期";
    TOO_SOON = "有一次来得太早";
    A_TICK = "一次 hello";
    NO_TICK = "没有 hello";
    ALL_END = "全部结束";
    SOME_STAY_OPEN = "有的仍然开着";
    COMPUTES_WITHOUT_END = "不停地空转";
    IS_NO_LONGER_THERE = "已经结束";
    LITTLE_MEMORY_IS_KEPT = "只留下少量内存";
    MANY_STACKS_ARE_KEPT = "留下了 100 多个栈";
    RESTS = "睡眠";
    SLEEPS_TOO_LONG = "一次睡眠超过 100 ms";
    SERVES_AGAIN = "恢复服务";
    SEES_THE_END = "看到了";
    STILL_WAITS = "仍在等待";
    ALL_GET_IT = "全部收到";
    SOME_ARE_DISCONNECTED = "有的断开了";

    /// Whole sentences.
    a_server_listens_on(address) = "服务器在 {address} 上监听";
}
