//! The Chinese causes of this lesson: why an answer fails, one name and one sentence each.

netkata::words! {
    KeyedDigestIsNotHmac =
        "这只是对密钥和消息求的普通摘要，不是 HMAC：攻击者看到它，就能从它的末尾接着算，\
        不用密钥便给更长的消息签名。HMAC 求两次摘要，每次都把密钥放在最前面（RFC 2104）。";
    PadsSwapped =
        "两个填充常量用反了：内层摘要以密钥 ^ 36 36 36 … 开头，外层摘要以密钥 ^ 5c 5c 5c … 开头。";
    InnerDigestInHex =
        "你把内层摘要写成十六进制数字，再送进外层摘要：应当送进去的是它的字节。";
    KeyNotFittedToTheBlock =
        "密钥必须正好填满哈希函数的一块，MD5、SHA-1 和 SHA-256 都是 64 字节：\
        更长的密钥换成它的摘要，凡是不足一块的，都用零补满（RFC 2104）。64 字节的密钥原样使用。";
    NotTheHmac =
        "这不是 HMAC：H(密钥 ^ 5c 5c … ‖ H(密钥 ^ 36 36 … ‖ 消息))，\
        其中的密钥要先处理成正好一块（RFC 2104）。";
    ComparisonStopsEarly(looked, length) =
        "共 {length} 字节，你的比较只检查了 {looked} 就停了：攻击者从耗时就能一个接一个地看出，\
        猜的值有几个字节是对的。不管摘要在哪里不同，每个字节都要检查。";
    LengthsNotCompared =
        "较短的摘要有多少字节，你就只比较了多少：空摘要任何客户端都能发，\
        这样它就和其他摘要全都匹配了。长度不同的摘要永远不匹配。";
    ImpostorAccepted =
        "这个值没有用密钥来算，你的代码却接受了：只有用密钥对这条消息求出的摘要才算证明，\
        而且必须一个字节也不差。";
    ChallengeHasAnotherSize =
        "发出的挑战是 32 字节，而且不是文本：对端读 32 字节，\
        要么读到的比你发的少，要么还在等更多字节。";
    ChallengeRepeats =
        "同一个挑战你发了两次：攻击者录下第一次的应答，就可以再发一遍，不需要密钥。\
        不管上一个挑战结果如何，每次都要生成新的挑战。";
    ChallengeIsPredictable =
        "攻击者能预测挑战，就可以先把它发给诚实的客户端，把应答留到以后用。\
        每个字节都要取自系统的随机数生成器（getrandom(2)），不要来自时钟、计数器或种子。";
    ReplayAccepted =
        "录下的应答又来了一次，你的代码还是接受了：挑战不是新的，应答就什么也证明不了。";
    TimeoutKeptAfterTheProof =
        "客户端已经证明了自己，你的代码却因为它沉默就断开连接：\
        超时是针对证明的，证明结束，超时也就结束。";
    NotTheSaltedDigest =
        "加盐的摘要是先对秘密、再对数据求的 SHA-1，中间什么也没有，写成 40 个十六进制数字。";
    ForgedByExtension =
        "这条消息的签名没有用到密钥，你的代码却接受了。摘要就是哈希函数处理完最后一块之后的状态：\
        攻击者可以从那里接着往下算，不需要前面的秘密。HMAC 的外层摘要能防止这一点。";
    SameDigestsRefused =
        "这两个摘要字节相同，长度也相同，你的代码却说不同：它们匹配，哪怕两个都是空的。";
    OnlyTheEndEndsTheChat =
        "对端还没有关闭自己那一侧，你的代码就停了。在这种聊天里，没有哪条消息表示再见：\
        空行也好，什么词也好，都和其他内容一样发回去。";
    WriteErrorIgnored =
        "写入失败了：对端没有收到这些字节，以后也收不到。返回这个错误，免得调用者以为会话正常进行。";
    SilenceIsAnError =
        "客户端沉默，就没有给出应答，既不算对，也不算错。读取等不到字节而返回的错误，要原样返回：\
        Unix 上是 WouldBlock，Windows 上是 TimedOut。";
    SlowClientCutOff =
        "这个客户端没有哪次沉默达到超时时间，你的代码却在它证明之前断开了连接：\
        超时限制的是每一次沉默，所以每来一个字节都重新计时。";
    WaitsForTheImpostor =
        "客户端什么也没证明，你的代码却还在等它。客户端不关闭，就永远占着连接和为它服务的线程：\
        两侧都要关闭。";
    ReturnedDuringTheChat =
        "客户端还在聊天，你的调用就返回了，调用者会以为客户端已经离开：\
        连接结束才能返回，并且返回连接的结果。";
    AnotherSpellingAccepted =
        "这不是 `sign` 返回的文字，你的代码却接受了：`A` 不是 `a`，`+5` 也不是 `05`。\
        直接比较文字本身；解码器接受的写法不止一种。";
    GenuineRefused =
        "这个签名是真的，你的代码却拒绝了：它就是用密钥对这条消息求出的 HMAC-SHA-256，\
        写成 64 个十六进制数字。";
}
