//! The Chinese words of this lesson's stories.

netkata::words! {
    /// What the peer does; "the peer" stands before it.
    READS_THE_CHALLENGE = "读取挑战";
    READS_A_LINE = "读取一行";
    COUNTS_THE_CHALLENGE = "统计挑战的字节数";
    COUNTS_THE_ANSWER = "统计应答的字节数";
    COUNTS_WHAT_REPEATS = "统计重复的挑战";
    LOOKS_FOR_A_PATTERN = "在这些挑战里寻找规律";
    ASKS_WHETHER_RUNS_BEGIN_ALIKE = "检查两次运行的第一个挑战是否相同";
    CLOSES_ITS_SIDE = "关闭自己那一侧";
    SAYS_NOTHING_AND_WAITS = "什么也不发，等待连接断开";
    sends_a_part_and_waits(bytes) = "发送应答中的 {bytes}，等待连接断开";
    PROVED_ITSELF_AND_IS_SILENT = "已证明自己，得到了回答，现在沉默";
    SPEAKS_AGAIN = "沉默之后发送一行";
    PROVED_ITSELF_AND_CHATS = "已证明自己，得到了 100 次回答";
    PROVES_ITSELF_SLOWLY = "慢慢发送应答，但没有哪次沉默达到超时时间";
    ASKS_WHETHER_THE_CALL_IS_OVER = "检查 serve_client 是否已经返回";

    /// Clients that were challenged: `challenge(a client that fails, again)`.
    ONE_WHO_FAILS = "失败的客户端";
    ONE_WHO_SUCCEEDS = "成功的客户端";
    ONE_WHO_LEAVES = "离开的客户端";
    again(client) = "又一个{client}";
    ONE_WHO_FAILS_TWICE = "失败两次的客户端";
    THE_SAME_ONE = "同一个客户端，同一条连接";
    ONE_ON_ANOTHER_THREAD = "另一个线程上的客户端";
    /// The challenge of such a client: new, or an earlier one.
    NEW = "新的挑战";
    that_of(client) = "与{client}的挑战相同";

    /// A call of `challenge`, and its result.
    CHALLENGE_512_TIMES = "challenge，512 次";
    EACH_OF_32_BYTES = "每次 32 字节";
    THE_FIRST_OF_ONE_RUN = "一次运行的第一个挑战";
    THE_FIRST_OF_THE_NEXT_RUN = "下一次运行的第一个挑战";
    THE_SAME_BYTES = "相同的字节";
    OTHER_BYTES = "不同的字节";

    /// Which patterns were found in many challenges.
    FEW_VALUES_IN_SOME_PLACE = "有一个位置只取到 256 种字节值中的不足 160 种";
    TWO_PLACES_ALIKE = "有两个位置的字节总是相同";
    A_VALUE_NEVER_OCCURS = "256 种字节值中，有一种在任何位置都从未出现";

    /// What a call shows in place of its arguments: `sign(the key, "hello")`.
    digests_that_differ(byte, length) = "共 {length} 字节、第 {byte} 字节不同的摘要";
    WITH_A_TIMEOUT_OF_ZERO = "serve_client，超时时间为零";
    THE_KEY = "密钥";
    THE_SECRET = "秘密";
    WHAT_THE_FORGER_SENT = "伪造者发来的内容";
    THE_FORGERS_SIGNATURE = "伪造者的签名";
    /// The same, for many equal bytes: how many, and their value: `16 bytes 0b`.
    all_alike(bytes, byte) = "{bytes}的 {byte}";

    /// What arrived, or must arrive.
    NO_ERROR = "没有错误";
    looked_at(bytes) = "检查了 {bytes}";
}
