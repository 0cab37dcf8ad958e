//! The Chinese words of this lesson's stories.

netkata::words! {
    /// Subjects: the rest of the sentence follows them.
    THE_FIRST_CALLER = "第一个呼叫方";
    THE_SECOND_CALLER = "第二个呼叫方";

    /// What the caller does, and what comes of it.
    TAKES_ITS_CAPITALS = "收取大写内容，直到结束";
    ALL_OF_THEM = "全部";
    ONLY_A_PART = "只有一部分";

    /// Whole sentences.
    NOBODY_LISTENS = "没有程序监听这个端口";
    TAKES_NO_CAPITALS = "呼叫方不停地发送，直到缓冲区装满，什么也不读";
    TAKES_NO_CAPITALS_YET = "呼叫方再发送 512 KiB，暂时什么也不读";
    THE_SERVER_GREETS_AND_RESETS =
        "服务器发送 \"hello\"，随即重置连接";
}
