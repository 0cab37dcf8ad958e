//! The Chinese words of this lesson's stories.

netkata::words! {
    /// The subject of a sentence that goes on.
    ONE_OF_THE_OTHERS = "其余客户端中的一个";

    /// What a client does; its name stands before it.
    SAYS_HELLO_THREE_TIMES = "发送三次 \"hello\"";
    /// What `serve` does.
    COMPUTES_TOO_MUCH = "占用一个处理器的 5% 以上";
    SPINS_WITHOUT_DESCRIPTORS = "一轮接一轮，毫不停歇";
    /// What `turn` does.
    WAITS_MOST_OF_THE_TIME = "大部分时间都在等待";
    RETURNED_FALSE_EACH_TIME = "每次都返回 false";
    HAS_CLOSED_A_CONNECTION = "关闭了一个客户端的连接";

    /// What arrived, or must arrive.
    THREE_ANSWERS = "三个应答";
    ANOTHER_ANSWER = "别的应答";
    THE_END_OF_ITS_CONNECTION = "连接结束";

    /// What the server's turns must lead to: whole sentences.
    THE_CLIENT_IS_CONNECTED = "客户端已连接";
    clients_are_connected(number) = "{number} 个客户端已连接";
    EVERYBODY_IS_LET_IN = "每个客户端都已接受";
    ALL_WHO_WAIT_ARE_LET_IN = "在同一轮接受所有等待的客户端";
    THE_QUESTION_IS_READ = "请求已读取";
    A_TURN_READS_WHAT_HAS_COME = "有一轮读取了已到达的字节";
    A_TURN_LETS_A_CLIENT_IN = "有一轮返回 true：接受了一个客户端";
    A_TURN_SENDS_THE_REST = "发出其中一部分字节的那一轮返回 true";
    ANSWERED_IN_THE_SAME_TURN =
        "每一轮中，每个客户端都收到对之前所发内容的应答";
    IT_IS_REMOVED_IN_THE_SAME_TURN = "读到结束的那一轮就移除客户端";
    IT_IS_REMOVED_AFTER_THE_ERROR = "连接失败的那一轮就移除客户端";
    IT_COUNTS_AS_CONNECTED = "在全部发给它之前，clients() 一直把它算在内";
    IT_RETURNS_AT_ONCE = "turn 立即返回";
    A_TURN_MOVES_BYTES = "有一轮返回 true：传送了字节";
    A_TURN_REMOVES_A_CLIENT = "有一轮返回 true：移除了一个客户端";
    AT_MOST_THE_BUDGET_IS_READ = "每一轮最多从一个客户端读 BUDGET 字节";
    LESS_THAN_1_MIB_IS_KEPT = "服务器为它保存的不到 1 MiB，其余的留着不读";
    TALKER_IS_ANSWERED_AMONG_CALLERS =
        "新客户端不断连接时，talker 也收到 \"HELLO\"";
    ONLY_THE_OTHERS_ARE_LEFT = "只剩下其他客户端";
    ONLY_THE_OTHER_CLIENT_IS_LEFT = "只剩下另一个客户端";
    NO_CLIENT_IS_LEFT = "没有剩下的客户端";
    /// The same, for `serve`.
    IT_RESTS_WHEN_NOTHING_MOVES = "没有进展时就睡眠";
    IT_SERVES_AS_LONG_AS_IT_LISTENS = "一直服务到监听套接字失败";

    /// The same, for a turn in which nothing can move, and the reason.
    a_turn_returns_false(why) = "有一轮返回 false：{why}";
    NOBODY_HAS_CALLED = "没有客户端连接";
    NOBODY_HAS_SAID_ANYTHING = "没有客户端发送过内容";
    EVERYTHING_IS_ANSWERED = "全部都已应答";
    A_CLIENT_TAKES_NOTHING = "有一个客户端完全不读应答";

    /// What happened: whole sentences.
    TOO_MANY_CLIENTS_CALL = "20 个客户端连接一个最多持有 16 个描述符的服务器";
    THE_FIRST_10_CLIENTS_LEAVE = "前 10 个客户端离开";
    THE_LISTENER_HAS_STOPPED = "监听套接字已停止监听";
    NOT_CHECKED_LISTENERS_GO_ON =
        "这里没有检查：在这个系统上，shutdown 不会让监听套接字停止监听";

    /// A label, and the texts beside it.
    THE_CLIENTS = "这些客户端";
    TEN_AND_NONE_SPEAKS = "共 10 个，都不发送";
    TEN_AND_ONE_SPEAKS = "共 10 个，其中一个不时发送 \"hello\"";
    TEN_HAVE_LEFT = "10 个已离开，另一个连接上来，发送 \"hello\"";
    AN_ANSWER_TO_THE_LAST = "最后发送 \"hello\" 的客户端收到 \"HELLO\"";
    TWENTY_AND_NONE_SPEAKS = "共 20 个，描述符只有 16 个，都不发送";
    IT_STILL_BLOCKS = "仍然阻塞";
    IT_NO_LONGER_BLOCKS = "new 返回时已不再阻塞";
    SENDS_NOTHING = "已连接，什么也不发送";
    READS_WHAT_COULD_NOT_BE_SENT = "先是一段时间不读，然后读取整个应答";
    /// A label; their number stands beside it.
    CLIENTS = "客户端数";
    /// A label; the place stands beside it.
    SERVE_HANGS = "serve 卡住";
}
