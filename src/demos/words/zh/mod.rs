//! The Chinese words of the demonstrations: those that several share.

netkata::words! {
    said_no_address(line) = "服务器没有打印地址，而是打印了 {line}";
    /// The actors: the head of a column, and the subject before what an actor does. A row of a room
    /// has 7 columns for it.
    CLIENT = "客户端";
    SERVER = "服务器";
    /// The kernel's state of a connection follows; it has 7 columns, too.
    KERNEL = "内核";

    /// The frame of the acts.
    AT_THE_LEFT = "左边是连接建立以后的毫秒数。";
    press_enter_for_act(number) = "按回车键进入第 {number} 幕。";
    act(number, last, title) = "第 {number} 幕，共 {last} 幕：{title}";
    /// One or a few sentences follow.
    WHAT_IT_SHOWS = "这说明：";
    /// A heading, or a label before its text; and the sign between texts of one line.
    heading(title) = "{title}：";
    SEMICOLON = "；";
    /// Between the names of clients or models.
    COMMA = "、";

    /// What an actor did. The bytes follow after the colon, and after `READ_MESSAGE_RETURNED`.
    wrote(bytes) = "写入 {bytes} 字节：";
    read_returned(room, bytes) = "读取，最多 {room} 字节，返回 {bytes} 字节：";
    READ_FOUND_THE_END = "读取，流已结束";
    READ_MESSAGE_RETURNED = "read_message 返回";
    READ_MESSAGE_RETURNED_NONE = "read_message 返回 None";
    /// Notes of an actor.
    NODELAY_IS_ON = "TCP_NODELAY 已打开";
    NODELAY_IS_OFF = "TCP_NODELAY 已关闭";
    bytes_wait(number) = "接收队列里有 {number} 字节";

    /// A time: beside a bar, where it has 9 columns, and in a line.
    us(number) = "{number} µs";
    ms(number) = "{number} ms";
    microseconds(number) = "{number} 微秒";
    milliseconds(number) = "{number} 毫秒";

    /// The error of a demonstration that cannot go on.
    waited(seconds, what) = "等了 {seconds} 秒，没有等到{what}";
    /// The same for one of the two actors; what it waited for is one of the texts below.
    actor_waited(who, seconds, what) = "{who}等了 {seconds} 秒，没有等到{what}";
    BYTES = "字节";
    bytes_of_which_came(count, came) = " {count} 字节，只到了 {came} 字节";
    ITS_CUE = "开始的信号";
    ITS_PEER_TO_READ = "对端读取";

    /// A room of clients: the titles of an act and of its scenes.
    A_SILENT_CLIENT = "一个沉默的客户端";
    NAIVE = "讲义里的服务器";
    REPAIRED = "改正后的服务器";
    /// What a client does; its name stands before it. The quoted text goes over the wire.
    SAYS_NOTHING = "什么也不发";
    sends(text) = r#"发送 "{text}""#;
    SENDS_C3 = "发送 c3";
    /// The result; what the client does stands before it. A is a client.
    GETS_NOTHING = "什么也没收到";
    gets_while_a_is_silent(text) = r#"收到 "{text}"，此时 A 仍沉默"#;
    IS_GONE = "已经离开";
}
