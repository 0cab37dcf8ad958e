//! The Chinese sentences of this lesson's causes.

netkata::words! {
    LineWithoutItsEnd =
        "字节都对，但是这一行没有结束：客户端还在等它的其余部分。每个回答都要带上行尾。";
    OnlyAWholeLineIsAPing =
        "ping 就是四个字母加行尾，此外什么都不算。别的行都是消息，回答就是同样的一行。";
    LinesLeftBehind =
        "一次读取可能带来好几行。再次读取之前，先回答所有已经到达的完整的行：\
        客户端可能正等着回答。";
    SilentClientKept =
        "读取超时了，你的代码又接着等。消失的客户端不发 FIN，也不发 RST，\
        这条连接就永远开着。只是空闲的客户端，早该发过 ping 了：\
        超时之内一个字节也没有，说明它已经不在了。";
    SilenceIsTimedOut =
        "超时之内什么也没来：这要报告为 TimedOut。读取给它的名字，在 Unix 上是 WouldBlock，\
        在 Windows 上是 TimedOut。这不是正常的结束：对端什么也没关闭。";
    FailureIsNoSilence =
        "连接重置了：这和超时不是同一个错误。\
        只有 WouldBlock 和 TimedOut 才表示规定的时间里什么也没到达。其他错误都原样返回。";
    PongPassedOn =
        "pong 回答的是你的代码自己发的 ping。客户端的用户没有要它，也不该看到它。";
    OnlyAWholeLineIsAPong =
        "pong 就是四个字母加行尾，此外什么都不算。别的行都是消息：交给调用者。";
    SilenceIsNoFailure =
        "一次沉默什么也证明不了：空闲的服务器也什么都不发。先问一声：\
        发一个 ping，再给它一次读取的时间来回答。";
    PingsForEver =
        "你的 ping 没有得到回答，你的代码又接着等。对端消失以后，TCP 要过许多分钟才会报告。\
        从 ping 到下一次超时，如果一个字节也没来，服务器就已经不在了。";
    OldSilenceCounted =
        "上一个 ping，服务器已经回答了，所以那时它还活着。\
        有字节到达，就忘掉那个 ping：每次新的沉默都要一个新的 ping。";
    AnyByteShowsLife =
        "ping 之后来了字节，所以服务器活着。来的不必是 pong，也不必是完整的一行：\
        一行很长的话，需要的时间可能比一次超时更长。";
    HalfALineLost =
        "沉默可能出现在一行的中间。在它之前的字节是这一行的开头：留着，直到行尾到达。";
    PassedOnTooLate =
        "一行已经完整，你的代码没有交出去，又先去读了。此后可能什么也不来：\
        每一行只要完整，就马上交出去。";
    HalfALineIsNoLine =
        "流在一行中间结束，你的代码却把这半行当成完整的一行来用。\
        丢弃这半行，报告 UnexpectedEof：有行尾，一行才算完整。";
    LineHasNoLimit =
        "在这个协议里，一行没有长度限制：对端写多长，就有多长。\
        在互联网上有个限制是好事，但必须两侧都知道。";
    InterruptedIsNoByte =
        "读取被信号中断：没有来字节，所以服务器还没有回答。再读一次，那个 ping 要记着。";
    WriteIsNoSilence =
        "写入会阻塞，说明对端不读，但说明不了对端发不发送。\
        只有读取才能看出沉默：写入的错误要原样返回。";
    PingsWithoutASilence =
        "服务器并没有沉默，你的代码却发了 ping。有数据来，就说明对端活着；\
        只有读取超时了，才发 ping。";
}
