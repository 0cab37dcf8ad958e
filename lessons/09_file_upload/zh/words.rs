//! The Chinese words of this lesson's stories.

netkata::words! {
    /// The subject of a sentence that goes on.
    A_RECEIVER = "接收方";

    /// What the subject does; the subject stands before it.
    READS_WHAT_WAS_SENT = "读取发来的内容";
    ASKS_FOR_THE_SIZE = "查看文件的大小";

    /// What arrived, or must arrive: `5 bytes for "a.txt"`, `"a.txt" of 5 bytes, then "hello"`.
    bytes_for(length, name) = "{length} 字节，名为 {name}";
    header_and_content(header, content) = "{header}，然后是 {content}";
    file_of(name, length) = "{name}，{length} 字节";
    a_header_that_says(json) = "内容为 {json} 的报头";
    NOT_EVEN_A_HEADER = "连完整的报头都没有";
    /// How a long name begins, and how long it is: `"aaaa…" (300 characters in 300 bytes)`.
    a_long_name(start, characters, bytes) = "\"{start}…\"（{characters}，共 {bytes}）";

    /// Whole sentences.
    the_file_is_called(name) = "文件名为 {name}";
    the_header_says(json) = "报头的内容：{json}";
    a_file_comes_as(name) = "一个文件到达，名为 {name}";
    a_link_is_there(link) = "已有一个链接：{link}";
    another_client_sends(file, bytes) = "另一个客户端也发送 {file}，{bytes} 字节";
    its_receive_file_returned(came) = "那边的 receive_file 返回 {came}";
    a_folder_has_the_name(name) = "有一个文件夹名为 {name}";
    A_LARGE_FILE_IS_TO_BE_SENT = "要发送的文件有 16 MiB";
    A_LARGE_FILE_COMES = "报头和 16 MiB 的文件到达";
    A_FILE_GOES_OVER_TCP = "经 TCP 连接发送 1,048,577 字节的文件";
    THE_DISK_IS_FULL = "4096 字节的文件到达，刚写下开头的一些字节，磁盘就满了";
    THE_HEADER_PROMISES_A_GIB = "报头声明 1 GiB";
}
