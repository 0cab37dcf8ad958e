//! The Chinese causes of this lesson: why an answer fails, one name and one sentence each.

netkata::words! {
    NotTheRequest =
        "请求是三行：GET、Host 和 Connection，每行以 CR LF 结尾，后面是一个空行：\
        空行到达之前，服务器一直在等。";
    RequestSplit =
        "请求的各部分由空格和行结束符分隔：主机或路径里出现一个，这一部分就到此为止，\
        请求的其余部分便由起这个名字的人来写。可见 ASCII 以外的内容，一律用 InvalidInput 拒绝，\
        在这之前什么也不要发送。";
    NoSlashInFront =
        "路径原样写进第一行；前面没有斜杠，就不是这个服务器上的路径。\
        返回 InvalidInput，在这之前什么也不要发送。";
    BlankLineInPieces =
        "空行是四个字节，读取可能在其中任意两个之间结束：\
        要在到目前为止收到的全部字节里找，不要只在一次读取的字节里找。";
    ReadAheadIsLost =
        "返回头部结尾的那次读取，把正文的开头也返回了。带缓冲区的读取器把这些字节留给下一次调用，\
        丢弃读取器，字节就丢了：读头部和读正文要用同一个读取器。";
    FirstBlankLineEndsTheHead =
        "头部到第一个空行结束。后面的空行都属于正文，正文可以含任何字节。";
    HeadIsNotYours =
        "头部就是服务器发来的样子：空格、制表符、大写字母都不例外。\
        只切掉最后一个行结束符和空行，其他一概不变。";
    OnlyCrLfEndsALine =
        "行以 CR LF 结尾，两个字节，按这个顺序。单独的 CR 或 LF 和行里的其他字节没有两样：\
        程序如果把它当作行的结尾，就会读出别的程序不认的字段，或者在别的程序不认的地方结束头部。";
    BodyHasNoLimit =
        "大网页要很多次读取才能到齐，正文没有上限：有上限的只是头部和块前面的行。";
    EmptyBodyIsABody = "正文可以为空：什么也没少，网页是完整的。";
    FieldNamesHaveNoCase =
        "Content-Length、content-length 和 CONTENT-LENGTH 是同一个字段（RFC 9110 第 5.1 节），\
        字段里写的编码也不分大小写。值前后的空格不属于值，也可以没有。";
    NotThatField =
        "字段是头部里的一行，从行首到冒号的完整名字，必须就是你要找的那个：\
        同样的字母出现在别的名字里、值里或正文里，都没有意义。";
    LengthsDisagree =
        "两个不同的长度不可能都对；从中选一个，就可能和别的程序在不同的地方切断网页：\
        这样的头部是 InvalidData（RFC 9112 第 6.3 节）。";
    LengthsAgree =
        "这些长度相同，互不矛盾，网页就在那么多字节之后结束。";
    NotAField =
        "头部里没有冒号的行不是字段。跳过它，接着看下一行：后面的字段照样算数。";
    TimeoutIsNotTheEnd =
        "字节没有按时到达：设了读取超时的流，这时返回错误（Unix 上是 WouldBlock）。\
        网页还不完整，服务器也没有关闭。返回这个错误。";
    ChunksNotUndone =
        "头部写着 Transfer-Encoding: chunked，那么正文分块到来，每块前面有一行写着大小，\
        这些行不属于网页。发送 HTTP/1.1 的程序必须能解开这些块（RFC 9112 第 7.1 节）。";
    ChunkSizeIsHexadecimal =
        "块的大小用十六进制数字写，大写小写都可以；分号后面的内容不属于大小。";
    ChunksAreCounted =
        "大小写着多少字节，块就在多少字节之后结束，不管是什么字节：\
        块里面的行结束符和数字都是数据。";
    LastChunkEndsThePage =
        "大小为 0 的块是最后一块：网页已经完整。不必再等别的，不等空行，也不等流结束。";
    NotAChunkSize =
        "块前面的行必须直接以十六进制数字开头，块后面必须跟着 CR LF。不是这样，\
        读的一方就在流里错了位：返回 InvalidData，不再等待更多字节。";
    ChunksOutrankALength =
        "正文分块到来，到哪里结束就只由块说明：同时出现的 Content-Length 要忽略\
        （RFC 9112 第 6.3 节）。";
    CodingNotUndone =
        "正文用了这个程序解不开的编码，所以你返回的字节不是网页。返回错误 Unsupported。";
    HeadWithoutBound =
        "你的代码在等一个永远不来的行结束符，而且把到达的内容全都留着：服务器没完没了地发，\
        内存就会占满。头部最多 MAX_HEAD 字节，一行也是；超过了就返回 InvalidData。";
    HeadLimitOffByOne =
        "上限差了一点：头部正好 MAX_HEAD 字节仍然允许，多一个字节就不行。空行要算，正文不算。";
    LineLimitOff =
        "块前面的行，上限不对：每行算上行结束符，最多 MAX_HEAD 字节，多一个字节就是 InvalidData。";
    NotHttp =
        "回答不以状态行开头：HTTP/1.0 或 HTTP/1.1，一个空格，三位数字的状态。\
        它不是来自你认识的 Web 服务器，里面的内容都不能相信。这一行一到，就返回 InvalidData。";
    NotTheStatus =
        "状态是头部第一行里、版本后面的那个数字：200 表示这就是请求的网页。";
    ErrorPageIsAPage =
        "服务器回答了，状态表示出错：调用者想看这个网页，所以要照常返回。\
        状态意味着什么，由调用者决定。";
    FileIsNotTheBody =
        "文件的内容必须就是正文，一个字节不差，此外什么也没有：没有头部，也没有更长的旧文件留下的字节。";
    SavingFailedUnnoticed =
        "文件没能写入，或者没有写全，调用者却以为写好了：把错误返回给调用者。一次写入可能只写进一部分；\
        BufWriter 把字节留到刷新时才写，而丢弃它会忽略错误。";
}
