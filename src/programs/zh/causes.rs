//! The Chinese causes that only the checks of programs use, in several lessons.

netkata::words! {
    NoLongerListens =
        "你的程序不再监听：下一个客户端被拒绝了。客户端离开之后，服务器只关闭那一条连接，监听套接字要留给下一个客户端。";
    NeverConnects =
        "你的程序没有连接服务器。命令行里写明了连到哪里：{host} 和 {port}，或者只有 {port}。";
    KeepsRunning =
        "会话已经结束，你的程序却还在运行。流结束之后不会再有字节到达：关闭连接，然后结束。";
    MessageNotPrinted =
        "一条完整的消息在一个报文段里到了，你的程序却没有打印。要么它把长度读成了别的数（四个字节，低位在前，即 Python struct 的 \"<i\"），要么它等的字节比长度多。";
    NotFramed =
        "每条消息前面是它的长度，此外什么也没有：消息的字节数，不含报头和换行符，四个字节，低位在前（Python struct 的 \"<i\"）。";
    LengthCountsCharacters =
        "长度数的是字节，而“神”是一个字符、三个字节。先编码，再数长度。";
    GivesUpAltogether =
        "一个问题没有回答，你的程序就不再问了。说明这一点，然后继续问下一行：下一个数据报也许能到。";
    PieceIsNotText =
        "一次读取可能停在字符中间，单看这几个字节不是文本。怎样打印都行，也可以等文本完整了再解码，但不能让程序因此结束。";
    PrintsTooLate =
        "字节已经到了，你的程序却什么也不打印：它在等更多的字节。读套接字，得到的是已经到达的内容；读文件对象，却要等到凑齐你要的字节数。";
    EndsBeforeItsInput =
        "还输入了别的名字，你的程序却已经结束，或者关闭了连接。每一行就是一个文件：输入结束了，客户端才结束。";
    LineBreakIsSent =
        "你的程序把键盘上结束一行的换行符也发送了。在这个协议里，换行符会成为消息的一部分：发送这一行时不要带它。";
    InputNotSentWhole =
        "输入已经结束，对端还在等剩下的字节，或者等流结束。把输入连同换行符原样发送，再关闭自己的发送一侧（shutdown，SHUT_WR），然后继续读取。";
}
