//! The Chinese sentences of the causes that only this lesson uses, under the same names.

netkata::words! {
    NotSplit =
        "一次读取就读到了整条消息，因为缓冲区放得下已经到达的全部字节。\
        一次读取最多返回所要的那么多：先只要消息的一部分，剩下的再要。";
    EndIsNoSize =
        "读到 0 字节，就是流的结尾：没有收到大小，也就没有什么可以解析。\
        返回 UnexpectedEof，表明对端已经走了。";
    EmptyMessageIsAcknowledged =
        "大小 0 和别的大小一样需要确认。如果你不等，下一个大小到达时，\
        对端可能还没有读走这个 0，两者就粘在一起。";
    SizeInPieces =
        "第一次写入只发出了大小的一部分。后面没有任何东西标出数字的结尾，\
        读取方就会把这一部分当成全部：所有数字要用一次写入发出。";
    AcknowledgedTwice =
        "为一条消息，对端收到了不止一个确认。对端会把多出来的当成下一个大小的确认，\
        发来你的代码还没有要的数据。";
}
