//! The Chinese words of `demo sticky`.
//!
//! The letters A, B, C and K stand before the bytes that they name.

netkata::words! {
    /// What is shown.
    SUBJECT = "粘包：同一台机器上的客户端和服务器，用真实的 TCP 套接字。";
    /// How to read it; the values are bytes, as they are shown.
    legend(messages, with_header) =
        "字节写在所属消息的字母后面，如 {messages}；报头用十六进制，如 {with_header}。";

    /// The acts, each with its title, what is tried, its scenes, and what they show.
    TWO_SENDS_ONE_READ = "两次发送，一次读取";
    A_THEN_B = "客户端先发送 A，再发送 B；两者都到了，服务器才读取。";
    ONE_READ_RETURNED_BOTH =
        "一次读取返回了两条消息：TCP 是字节流，只保证顺序，不保留两次发送之间的边界。";

    ONE_SEND_THREE_READS = "一次发送，三次读取";
    ROOM_FOR_3_BYTES = "客户端发送一条 8 字节的消息；服务器每次读 3 字节。";
    ONE_SEND_CAME_IN_PIECES =
        "一次发送变成了三次读取：一次读取返回的，不会多于要求的，也不会多于已经到达的；\
         在真实的网络上，可能是任何一段。";

    THE_FIX_THAT_SLEEPS = "靠睡眠的办法";
    HALF_A_SECOND_BETWEEN_THE_SENDS =
        "客户端在两次发送之间睡半秒。先遇到及时的读者，在睡眠结束之前就读；再遇到迟到的读者，两次发送之后才读。";
    A_PROMPT_READER = "及时的读者";
    A_LATE_READER = "迟到的读者";
    THE_SLEEP_IS_A_BET =
        "隔了半秒，还是粘在一起：睡眠是在赌读者多快会读，而发送方无从知道；每条消息还要多花半秒。";

    THE_FIX_THAT_SETS_NODELAY = "设置 TCP_NODELAY 的办法";
    WITH_NAGLE_AND_WITHOUT = "还是迟到的读者，这次不睡眠：先打开 Nagle 算法，再把它关掉。";
    WITH_NAGLE = "打开 Nagle 算法";
    WITHOUT_NAGLE = "关闭 Nagle 算法";
    PACKETS_ARE_NOT_READS =
        "同样的字节，同样的一次读取：打开 Nagle 算法，几次发送更常共用一个数据包；\
         但读取返回的不是数据包，接收队列就是一长串字节。";

    THE_FIX_THAT_WAITS = "等待确认的办法";
    NO_B_BEFORE_A_IS_ACKNOWLEDGED =
        "服务器确认 A 之前，客户端不发送 B；然后测量这样做的代价。";
    EVEN_A_LATE_READER = "迟到的读者也没问题";
    BUT_K_STICKS_TO_C = "但是确认 K 和回答 C 粘在一起";
    THE_ACKNOWLEDGEMENT_CAN_STICK =
        "客户端等待的时候，没有什么能粘到 A 上，但 A 仍然可能分几段到达；每条消息要花一个来回，\
         而确认本身也会粘包。";

    THE_CURE = "根治：用报头写明长度";
    EACH_MESSAGE_FOLLOWS_ITS_LENGTH = "每条消息前面都有它的长度，4 字节，小端，和第 3 课一样。";
    STUCK = "粘在一起";
    SPLIT = "分成几段";
    LATE = "迟到：客户端已经发完";
    THE_BOUNDARY_IS_IN_THE_STREAM =
        "不管字节怎样到达，每次 read_message 都恰好返回一条消息：边界就在流里，读者一直读到消息完整为止。";

    /// The cost of acknowledgements: what is measured; what is compared, in at most 26 letters; and
    /// what the figures show.
    THE_ROUND_TRIPS = "来回：1000 条 5 字节的消息，每条的时间";
    AN_ACKNOWLEDGEMENT_EACH = "每条确认一次";
    ONE_FOR_ALL = "总共确认一次";
    EACH_IS_A_ROUND_TRIP =
        "每次确认都是一个来回，这期间什么也发不了：同一台机器上是几微秒，跨洲就是十分之一秒。";

    THE_STALL = "停顿：写报头，写正文，读回复；15 次的中位数";
    TWO_WRITES = "两次写入";
    TWO_WRITES_NODELAY = "两次写入，TCP_NODELAY";
    ONE_WRITE = "一次写入";
    NAGLE_HOLDS_THE_BODY_BACK =
        "Nagle 算法扣住正文，直到对端的内核确认了报头；而那个内核也在等，想把确认和回复一起发送。\
         TCP_NODELAY 能消除停顿；两者一次写入，停顿根本不会发生。";
    THE_STALL_DID_NOT_SHOW =
        "这次没有出现停顿。对端的内核推迟确认报头时才会出现：那样 Nagle 算法就把正文扣住同样长的时间。";
}
