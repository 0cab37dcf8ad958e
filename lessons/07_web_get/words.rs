//! The words of this lesson's stories.

pub use netkata::words::{AN_ERROR, NOT_CHECKED_HERE, SUCCESS, THE_SERVER};

#[path = "zh/words.rs"]
mod zh;

netkata::words! {
    also in zh;

    /// What the test calls.
    SAVE_THEN_LOOKS_INTO_THE_FILE = "save, then reads the file";
    THE_HEAD_OF_THIS_PAGE = "the head of this page";

    /// A label; its value stands after it: `the head → "HTTP/1.1 200 OK"`.
    THE_HEAD = "the head";

    /// Whole sentences.
    A_SERVER_SENDS_A_LARGE_PAGE = "a server reads the request, sends a page of 2 MiB, and closes";
    the_page_begins_with(head) = "the page begins with {head}";
    the_file_holds(content) = "the file contains {content}";
    THE_FOLDER_DOES_NOT_EXIST = "the file's folder does not exist";
    THE_DISK_IS_FULL = "the body has 4096 bytes, and the disk is full after the first of them";
}
