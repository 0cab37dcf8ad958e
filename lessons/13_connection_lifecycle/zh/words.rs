//! The Chinese words of this lesson's stories.

netkata::words! {
    /// The subject of a sentence that goes on.
    THE_KERNEL = "内核";
    THE_OWNER_OF_THE_CLONE = "克隆的持有者";

    /// What the subject does or did; the subject stands before it.
    ASKS_HOW_LONG_A_READ_MAY_TAKE = "查看下一次读取最多等多久";
    ASKS_HOW_THE_SOCKET_IS_SET = "查看套接字的设置";
    KEEPS_OF_THE_CONNECTION = "为这条连接留着";
    READS = "读取";
    READS_THE_ERROR = "查看这个错误";
    READS_THE_QUESTION = "把问题读到结尾";
    READS_WHAT_HAS_COME = "把到达的内容读到结尾";
    SENDS_ANOTHER_100_BYTES_ONE_BY_ONE = "又逐个发送 100 字节";
    SENDS_ANOTHER_16_KIB = "又发送 16 KiB";
    WRITES_ONE_BYTE = "写一个字节";
    WRITES_TO_THE_PEER_THAT_CLOSED = "向已经关闭的对端写一个字节";

    /// What was found, or is expected.
    A_BYTE = "一个字节";
    A_PART_OF_IT = "一部分";
    ALL_OF_IT = "全部";
    ALL_OF_IT_IS_READ = "全部读走";
    AN_ANSWER = "一个回答";
    AN_HOUR = "一小时";
    GOODBYE_IS_OVER = "goodbye 已经返回";
    THE_REST_OF_THE_HOUR = "一小时中剩下的时间";
    /// The settings of a socket: its mode, then its timeout.
    BLOCKING = "阻塞";
    NONBLOCKING = "非阻塞";
    without_timeout(mode) = "{mode}，没有读超时";
    with_timeout(mode, timeout) = "{mode}，读超时为 {timeout}";

    /// Whole sentences.
    A_BYTE_COMES_AFTER_A_WHILE = "过了一会儿，对端发来一个字节";
    A_GOODBYE_HAS_AN_HOUR = "调用 goodbye，超时为一小时";
    ALL_8_MIB_WERE_TAKEN = "8 MiB 全部收下了";
    ALL_DESCRIPTORS_ARE_TAKEN =
        "一个进程用完了自己的描述符，又有客户端来连接";
    NOW_A_BYTE_COMES = "现在来了一个字节";
    NOW_SOMEBODY_LISTENS = "现在有服务器在监听";
    NOW_THE_PORT_IS_FREE = "现在端口空了出来";
    ONE_DESCRIPTOR_COMES_BACK = "第二次停顿之后，这个进程关闭其中一个";
    SOMEBODY_HAS_A_CLONE = "程序的另一部分还有这个流的克隆";
    THE_PEER_CLOSES = "对端关闭连接";
    THE_PEER_RESETS = "对端重置连接";
    THE_PEER_SENDS_UP_TO_8_MIB = "对端能发多少就发多少，最多 8 MiB";
    THE_STREAM_HAS_A_SHORT_TIMEOUT = "流的读超时为 20 ms";
    YOUR_SIDE_FILLS_THE_BUFFERS = "你这一侧一直发送，直到两侧的缓冲区都装满";
    YOUR_SIDE_WAITS_FOR_THE_ANSWER = "你这一侧在等回答";
    YOUR_SIDE_HAS_THE_LONGEST_TIMEOUT = "你这一侧的超时是 `Duration` 的最大值";
    YOUR_SIDE_HAS_NO_TIME = "你这一侧的超时为零";
    /// The quoted text goes over the wire, and stays.
    YOUR_SIDE_ANSWERS = r#"你这一侧发送 "too long"，请求还没有读"#;

    /// The rows of a check that waits: what the peer does, and where the call waits.
    KEEPS_THE_LINE_OPEN = "什么也不发，连接一直开着";
    IN_A_SLEEP = "在睡眠中，醒来才再看一次，或者返回";
    FOR_BYTES_THAT_NEVER_COME = "在读取中，等永远不会来的字节";

    /// An error: the call it comes from, its kind, and its text.
    failed(what, kind, error) = r#"{what}：{kind}，"{error}""#;
    CALLING_WHERE_NOBODY_LISTENS = "连接没有监听者的端口";
    READING_AFTER_A_RESET = "对端重置连接之后的读取";
    WRITING_TWICE_AFTER_THE_END = "对端关闭之后的第二次写入";
    WRITING_AFTER_ONES_OWN_END = "半关闭流之后的写入";
    READING_WITHOUT_A_CONNECTION = "没有连接时的读取";
    BINDING_A_PORT_IN_USE = "绑定已被占用的端口";
    BINDING_AN_ADDRESS_NOT_HERE = "绑定另一台机器的地址";
    ERROR_WITHOUT_A_NUMBER = "没有错误号的错误";
    ERROR_IN_OTHER_WORDS = "换了一种文字的错误";
    ERROR_WITH_THE_TEXT_OF_ANOTHER = "带着另一个错误的文字的错误";
    ERROR_WITH_A_FOREIGN_NUMBER = "带着另一个系统的错误号的错误";
    RUNNING_OUT_OF_DESCRIPTORS = "描述符用完";
    A_READ_OUT_OF_TIME = "超时的读取";
    A_CALL_OUT_OF_TIME = "超时的 connect";
    A_READ_OUT_OF_TIME_ON_UNIX = "Unix 上超时的读取";
    A_READ_OUT_OF_TIME_ON_WINDOWS = "Windows 上超时的读取";
    WHAT_WINDOWS_CALLS_A_RESET = "Unix 报告“重置”的情况，Windows 报告的错误（WSAECONNABORTED）";
    BINDING_A_FORBIDDEN_PORT = "绑定无权使用的端口";
    READING_MORE_THAN_WAS_SENT = "要读的比发来的多";
    SETTING_A_TIMEOUT_OF_ZERO = "把超时设为零";
    AN_INTERRUPTED_READ = "被信号中断的读取";
    OPENING_NO_FILE = "打开不存在的文件";
    /// The other text of that error.
    FAILED_TO_GREET = "没能向 127.0.0.1:9000 问好";

    /// The result of the attempts; they and the rests between them are counted.
    ATTEMPT = "次尝试";
    REST = "次停顿";
    outcome(attempts, rests, end) = "{attempts}，{rests}，结果：{end}";
    attempts_without_end(attempts, rests) = "{attempts} 次尝试，{rests}，还在继续";
    after_attempts(diagnosis, attempts, end) = "{diagnosis}，{attempts}：{end}";
    LET_IN = "接受了连接";
    NOT_LET_IN = "没有接受连接";
    /// The result of a rest.
    DONE = "完成";
    /// The label of endless attempts.
    YOUR_CODE_MADE = "你的代码做了";
    /// Two functions that are called together.
    DIAGNOSE_AND_TRY_AGAIN = "diagnose，以及 try_again 加 accept";
}
