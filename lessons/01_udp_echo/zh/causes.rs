//! The Chinese sentences of the causes that only this lesson uses, under the same names.

netkata::words! {
    EmptyDatagramIsNoEnd =
        "接收到 0 字节，就是收到了空数据报，和别的数据报一样合法：\
        UDP 没有连接，也就没有连接的结束。";
    ReplyToAnother =
        "你的代码把回复发给了别的客户端。recv_from 返回每个数据报时，也返回发送方的地址：\
        回复就发到那里，不管之前来过哪个客户端。";
    NeverGivesUp =
        "服务器可能再也不会回来：问了三次都没有回复，就返回错误 TimedOut。";
    AsksTooOften =
        "每问一次，网络就要多传一个数据报，服务器就要多回复一次：等到超时，才可以重问。";
    ErrorHidden =
        "套接字报告了错误，你的调用者却不知道：什么也没有收到，或者回复没有发出去。\
        把错误返回。";
    OneReplyIsNotTheServer =
        "发不出去的回复就算丢了，数据报本来就会丢，那个客户端会再问。服务器接着处理下一个：\
        既不结束，也不没完没了地重发。";
    WaitsLongerEachTime =
        "每个问题等待的时间一样长。这样，不管发生什么，调用者最多等三倍的超时。";
    WaitsTooShort =
        "每个问题都要等满整个超时，不管它多短：最后一刻到达的回复也算数。\
        不足一毫秒的零头不能丢。";
    WaitsWithoutTime =
        "调用者没有给时间，你的代码却还是等了。超时为零时，发送问题，不等回复。";
    InterruptionProlongsTheWait =
        "超时从发出问题时算起。被中断之后，只等剩下的时间：\
        否则，只要信号不断地来，调用者就要永远等下去。";
    StrangerBelieved =
        "凡是知道你端口的程序，都能给它发送数据，UDP 照样送到：只接受来自你所问地址的回复，\
        主机和端口都要相同。";
    StrangerCostsATry =
        "陌生人的数据报与你的问题无关：忽略它，继续等，不要重问。";
    StrangerProlongsTheWait =
        "超时从发出问题时算起。如果每来一个数据报就重新等，只要陌生人一直在发，\
        等待就永远不会结束：只等剩下的时间。";
}
