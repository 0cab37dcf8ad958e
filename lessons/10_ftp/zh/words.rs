//! The Chinese words of this lesson's stories.

netkata::words! {
    /// What the test does; "the test" stands before it.
    ASKS_WHEN_REPORTED = "检查字节是何时报告的";

    /// What the peer received, or must receive.
    THE_REQUEST_THEN_AN_ACKNOWLEDGEMENT = "请求，然后是确认";
    AN_ACKNOWLEDGEMENT_THEN_THE_RECEIPT = "确认，然后是回执";
    NO_ACKNOWLEDGEMENT = "没有确认";
    NO_RECEIPT = "没有回执";
    THE_SIZE_AND_AT_MOST_THE_CONTENT = "大小，以及至多现有的内容";

    /// The result of a call.
    SENT = "已发送";
    THE_CLIENT_HAS_GONE = "客户端已经离开";
    /// The same, if a file was expected.
    NOWHERE_THE_CLIENT_HAS_GONE = "没有保存：客户端已经离开";

    /// When progress was reported: `5 of 9 when 4 had passed, after a report of 2`.
    AS_THEY_PASS = "传过多少，报告多少";
    NEVER_THE_LAST = "最后的字节一直没有报告";
    reported(bytes, size, passed) = "报告 {bytes}/{size}，实际传过 {passed}";
    and_before(report, bytes) = "{report}，上次报告的是 {bytes}";

    /// Whole sentences.
    A_PIPE_HAS_THE_NAME = "pipe 是命名管道（mkfifo），没有程序向里面写";
    the_size_is(size) = "大小是 {size}";
    the_name_is(name) = "名字是 {name}";
    the_request_is(request) = "请求是 {request}";
    A_LARGE_FILE_IS_TO_BE_SENT = "要发送的文件有 9 MiB";
    A_LARGE_FILE_IS_ASKED_FOR = "客户端请求 9 MiB 的文件";
    A_LARGE_FILE_COMES = "大小和 9 MiB 的内容到达";
    A_GIB_IS_ANNOUNCED = "收到的大小是 1 GiB，但没有内容";
    THE_RECEIPT_IS_SENT_TOO_SOON = "整个文件还没有就位，回执就发出去了";
}
