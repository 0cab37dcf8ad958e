//! The Chinese words of this lesson's stories.

netkata::words! {
    /// The subject of a sentence that goes on.
    A_CALLER = "新来的客户端";
    A_CALLER_WITHOUT_A_NAME = "没有名字的客户端";
    THE_OTHER_48 = "其余 48 个成员";
    THE_SCREEN = "屏幕";

    /// What the subject does, before the result; the subject stands before it.
    READS_WHAT_CAME = "读取自己的所有行，直到结束";
    SHOWS = "显示";
    SENDS_MORE = "一再发送更多内容";
    /// The same, of several.
    LISTEN = "等待各行到来";

    /// What the peer of a conversation does.
    CLOSES_ITS_SENDING_SIDE = "关闭发送方向";
    RESETS_THE_CONNECTION = "重置连接";

    /// Whole sentences, of a conversation.
    SOMEBODY_TYPES_A_LOT = "用户输入 8 MiB 长的一行，对端不读取";
    somebody_types(line) = "用户输入 {line}";
    THE_INPUT_ENDS = "输入结束";
    THE_OUTPUT_FAILS = "从现在起，输出的每次写入都失败";
    THE_FLUSH_FAILS = "从现在起，输出的每次刷新都失败";

    /// Whole sentences, of a room; `name` is that of a member, or [`A_CALLER`].
    joins(name) = "{name} 加入";
    does_not_read(name) = "{name} 停止读取";
    reads_again(name) = "{name} 又开始读取";
    closes_its_connection(name) = "{name} 关闭自己的连接";
    closes_its_sending_side(name) = "{name} 关闭发送方向，继续读取";
    resets_its_connection(name) = "{name} 重置自己的连接";
    /// What a member sends, where it is too much to show.
    A_LONG_LINE = "很长的一行";
    lines_at_once(number) = "{number} 行，一次发完";

    /// What arrived.
    EVERY_LINE = "每一行";
    OTHER_LINES_TOO = "还有别的行";
    SOME_LINES_THEN_NOTHING = "先有一些行，然后什么也没有";
    /// What the sender gets, in the end.
    /// A line that begins with an exclamation mark.
    A_REFUSAL = "! 加上理由";
    A_REFUSAL_WITHOUT_A_NEWLINE = "! 加上理由，没有换行符";
}
