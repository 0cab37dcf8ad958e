//! The Chinese words of this lesson's stories.

netkata::words! {
    /// What the test calls.
    SAVE_THEN_LOOKS_INTO_THE_FILE = "save，然后读取文件";
    THE_HEAD_OF_THIS_PAGE = "这个网页的头部";

    /// A label; its value stands after it: `the head → "HTTP/1.1 200 OK"`.
    THE_HEAD = "头部";

    /// Whole sentences.
    A_SERVER_SENDS_A_LARGE_PAGE = "服务器读取请求，发送 2 MiB 的网页，然后关闭";
    the_page_begins_with(head) = "网页以 {head} 开头";
    the_file_holds(content) = "文件的内容是 {content}";
    THE_FOLDER_DOES_NOT_EXIST = "文件所在的文件夹不存在";
    THE_DISK_IS_FULL = "正文有 4096 字节，写完开头的一些字节，磁盘就满了";
}
