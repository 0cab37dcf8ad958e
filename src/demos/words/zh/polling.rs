//! The Chinese words of `demo polling`.
//!
//! The letters A to E are the five clients, in the order in which they connect.

netkata::words! {
    /// What is shown, and how to read it.
    SUBJECT = "轮询服务器：一个线程服务五个客户端，用真实的 TCP 套接字。";
    ONE_LINE_A_CLIENT =
        "每个客户端一行：它做什么，结果怎样。服务器要把收到的内容改成大写发回。演示让服务器走一轮，它才走一轮。";

    /// The acts, each with its title, what is tried, and what that shows. Two demonstrations have
    /// the title of the first one.
    A_SPEAKS_LAST = "五个客户端都已连接。A 沉默，其余的发送自己的名字；之后 A 才发送。";
    THE_NAIVE_SERVER_WAITS_FOR_A =
        "讲义里的服务器把监听套接字设成了非阻塞，却没有设置接受来的套接字：它停在对 A 的读取上等待。\
         改正后的服务器轮询 A，发现还没有数据，就接着服务 B。";

    A_BUSY_DOOR = "繁忙的监听套接字";
    ONE_MORE_CONNECTS_IN_EACH_TURN =
        "前五轮里，每一轮都有一个新客户端连接并发送自己的名字；第六轮没有新客户端。";
    THE_NAIVE_SERVER_LETS_IN_OR_SERVES =
        "讲义里的服务器只在没有新客户端的那一轮才服务已有的客户端。改正后的服务器每一轮两件事都做：先接受，再服务。";

    A_CLIENT_THAT_VANISHES = "一个突然消失的客户端";
    THE_KERNEL_OF_B_RESETS =
        "五个客户端都已连接。除 B 以外都发送了名字；B 的程序被杀死，它的内核重置了连接。";
    THE_NAIVE_SERVER_ENDS_FOR_ONE_CLIENT =
        "讲义里的服务器把一个客户端的错误当成自己的错误，一轮没走完就结束了。改正后的服务器只丢下这个客户端，继续运行。";

    HALF_A_CHARACTER = "半个字符";
    B_SENDS_A_CHARACTER_IN_TWO =
        "除 B 以外都发送名字。B 先发送 c3，这是一个两字节字符的第一个字节，再发送第二个字节 a9。";
    A_READ_MAY_END_INSIDE_A_CHARACTER =
        "一次读取可能停在字符中间。讲义里的服务器直接解码一次读取的结果，半个字符就让它结束；改正后的服务器只处理字节。";

    /// What a client does, or the server; its name stands before it.
    sends_in_turn(text, turn) = r#"第 {turn} 轮发送 "{text}""#;
    VANISHES = "突然消失";
    SENDS_BOTH_HALVES = "发送 c3，再发送 a9";
    TAKES_A_TURN = "走一轮";

    /// The result; what the client or the server does stands before it.
    KEEPS_NOBODY_WAITING = "没有让其他客户端等待";
    THE_SERVER_WAITS_FOR_A = "服务器在等 A";
    gets(text) = r#"收到 "{text}""#;
    gets_once_a_has_spoken(text) = r#"等 A；A 发送之后才收到 "{text}""#;
    gets_in_turn(text, turn) = r#"第 {turn} 轮收到 "{text}""#;
    waits_a_turn(text, turn) = r#"多等一轮；第 {turn} 轮收到 "{text}""#;
    waits_for(others, text, turn) = r#"等 {others}；第 {turn} 轮收到 "{text}""#;
    gets_and_is_cut_off(text) = r#"收到 "{text}"，然后被断开"#;
    IS_CUT_OFF_UNANSWERED = "等 B；没有得到回答就被断开";
    IS_CUT_OFF_BY_THE_END = "被断开：服务器已经结束";
    GETS_BOTH_HALVES = "先后收到 c3 和 a9：字符完整";
    GETS_ONE_HALF = "只收到 c3";
    has_ended(error) = "已经结束：{error}";

    /// What did not happen in time.
    A_TURN_OF_THE_SERVER = "服务器走完一轮";
    the_server_to_have(clients) = "服务器有 {clients} 个客户端";
}
