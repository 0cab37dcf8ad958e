//! The Chinese causes of this lesson alone: why an answer to it fails, one name and one sentence each.

netkata::words! {
    NotTheMd5 =
        "这不是这些字节的 MD5 的十六进制写法：应当是 32 位小写数字，每个字节两位。\
        小于 16 的字节以零开头。";
    DigestOfTheBuffer =
        "这不是收到的字节的摘要。一次读取只填缓冲区的前一部分，并返回填了多少字节；\
        其余是以前留下的。只对前一部分计算摘要。";
    GreetingHasALength =
        "欢迎语总是 21 字节，没有结束标记。正好读 21 字节，分几次到就读几次，然后比较；\
        后面的字节属于下一个回答。";
    RequestHasAnotherForm =
        "请求就是单词 get、一个空格和名字，没有别的。这个协议没有结束标记，\
        服务器会把空格后面的全部内容当作名字，连换行也算。";
    SavedUnderAnotherName =
        "文件保存时，用所请求的名字，后面加上 `.new`。名字里什么也不替换，什么也不省去：\
        `a.txt` 和 `a.md` 是两个文件。";
    AsksForAPath =
        "文件保存时也用所请求的名字，路径就会把文件存到别处去。\
        在发送任何内容之前，以 InvalidInput 拒绝路径：你的调用者可以改正。";
    NoFileHasThisName =
        "任何文件的名字都不能含有零字节：在系统的每个调用里，零字节都是名字的结尾。\
        要在发送任何内容之前以 InvalidInput 拒绝，不要等内容来了再拒绝。";
    DigestSwallowed =
        "MD5 和内容的结尾一起到达，被当成了内容。两者只能靠大小分开：\
        要的字节绝不超过还缺的，然后正好读出 MD5 的 32 位。";
    DigestNotCompared =
        "到达的 MD5 不是到达的内容的 MD5，而你的代码接受了这个文件。两者之一在途中损坏了：\
        要比较两者，什么也不保留，并返回 InvalidData。";
    EndTakenForDamage =
        "还没有全部到齐，流就结束了，所以还没有什么可比较的。返回 UnexpectedEof，不发回执。\
        只有完整的 MD5 才谈得上对错。";
    SizeNotUnderstood =
        "凡是 u64 放得下的数，都是大小：4 GiB 的文件，大小就超过 32 位。\
        这里声明的大小比实际会来的多，所以传输提前结束（UnexpectedEof）。";
    ReceiptNotCompared =
        "回执对应的不是所发的字节，而你的代码没有发现。\
        关于自己的文件，客户端能知道的只有回执：文字和数字都要比较，否则 MD5 在这里毫无用处。";
    NotTheReceipt =
        "上传完整，就用回执作答：回执的文字，加上所收内容的 MD5，即使客户端的 MD5 不同也要这样，\
        客户端正是由此得知的。在这之前，只发确认。";
    ReceiptTooSoon =
        "文件还没有保存，客户端就拿到了回执。有了回执，客户端可能删除原件，而重命名仍然可能失败：\
        先让文件就位，再发送回执。";
    MissingFileUnanswered =
        "这个请求没有文件可发，客户端在等回答。沉默会让客户端永远等下去，错误会断掉客户端的连接，\
        panic 会让服务器结束：发送 NO_SUCH_FILE，然后继续处理下一个请求。";
    NotARequest =
        "请求是小写的单词 get、一个空格和名字，一直到最后一个字节。这一个不是请求，\
        你的代码却发送了没有请求的文件：要用 NO_SUCH_FILE 作答。";
    WaitsForThePipe =
        "命名管道不是文件；打开它，要等到另一个程序打开它的另一头。没有程序会去打开，\
        所以一个请求就让服务器停住了。打开之前，先检查名字代表的是不是文件。";
    NameNotFound =
        "文件夹里有叫这个名字的文件，客户端要的正是它。`get ` 后面的全部内容都是名字：\
        可以以点开头，可以含有空格和点，可以有 255 字节。";
    MissingFileUnreported =
        "服务器回答说没有这个文件。这不是大小，也不是连接失败：返回 NotFound，什么也不确认，\
        这样才能接着发下一个请求。";
    OneTransferOnly =
        "连接仍然可用，但下一次传输出了错。\
        每次传输都要读完属于自己的全部字节，而且不读别的字节。";
    ProgressMisreports =
        "进度是指内容已经传过多少字节，一共有多少字节。每传一块就报告，每 MiB 至少一次：\
        绝不多于已经传过的，最后报告全部。";
}
