//! The Chinese causes that only this lesson uses: why an answer fails, one name and one sentence each.

netkata::words! {
    ErrorReplaced =
        "错误的种类没错，但这是一个新建的错误：流自己的错误所带的编号和文字丢了。\
        像 `?` 那样，返回流报告的那个错误。";
    GoesOnAfterABadLength =
        "有一个报头被拒绝了，所以下一个报头从哪里开始已经无从知道。要一直拒绝下去：后面来的可能是任何内容。";
    WholeMessageRefused =
        "非法的报头之前有一条消息，完整而且正确。先返回这条消息，read_message 就是这样做的。";
    SecondMessageLost =
        "一次读取可能带来几条消息。取出第一条时，要留下它后面的字节，而且先检查这些字节，再去等更多的。";
}
