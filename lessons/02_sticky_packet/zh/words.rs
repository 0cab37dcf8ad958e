//! The Chinese words of this lesson's stories.

netkata::words! {
    /// What the peer does.
    READS_AN_ACKNOWLEDGEMENT = "读取 1 到 1024 字节的确认";
    READS_WHAT_WAS_SENT = "读取发给它的内容";
    READS_THE_FIRST_WRITE = "读取第一次写入发来的内容";

    /// Whole sentences.
    A_WRITE_TAKES_A_MESSAGE = "一次写入写完一条消息";
    A_WRITE_TIMES_OUT = "一次写入失败，错误是 TimedOut，此后再没有任何字节到达";
    THE_CONNECTION_BREAKS = "然后连接断开，每次写入都失败，错误是 BrokenPipe";
}
