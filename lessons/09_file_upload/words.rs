//! The words of this lesson's stories.

pub use netkata::words::{
    AN_ERROR, ASKS_WHAT_IS_UNREAD, MORE_THAN_8_MIB_HELD, NOT_CHECKED_HERE, NOTHING, SUCCESS,
    THE_FILE_COMES_FROM_THE_PEER, THE_TEST, another_program_saves, is_there_already,
    now_the_file_has, the_sender_saw,
};

#[path = "zh/words.rs"]
mod zh;

netkata::words! {
    also in zh;

    /// The subject of a sentence that goes on.
    A_RECEIVER = "a receiver";

    /// What the subject does; the subject stands before it.
    READS_WHAT_WAS_SENT = "reads what was sent";
    ASKS_FOR_THE_SIZE = "asks for the file's size";

    /// What arrived, or must arrive: `5 bytes for "a.txt"`, `"a.txt" of 5 bytes, then "hello"`.
    bytes_for(length, name) = "{length} bytes for {name}";
    header_and_content(header, content) = "{header}, then {content}";
    file_of(name, length) = "{name} of {length} bytes";
    a_header_that_says(json) = "a header that says {json}";
    NOT_EVEN_A_HEADER = "not even a complete header";
    /// How a long name begins, and how long it is: `"aaaa…" (300 characters in 300 bytes)`.
    a_long_name(start, characters, bytes) = "\"{start}…\" ({characters} in {bytes})";

    /// Whole sentences.
    the_file_is_called(name) = "the file is called {name}";
    the_header_says(json) = "the header says {json}";
    a_file_comes_as(name) = "a file arrives with the name {name}";
    a_link_is_there(link) = "a link already exists: {link}";
    another_client_sends(file, bytes) = "another client also sends {file}, of {bytes} bytes";
    its_receive_file_returned(came) = "its receive_file returned {came}";
    a_folder_has_the_name(name) = "a folder is called {name}";
    A_LARGE_FILE_IS_TO_BE_SENT = "the file to send has 16 MiB";
    A_LARGE_FILE_COMES = "a header and a file of 16 MiB arrive";
    A_FILE_GOES_OVER_TCP = "a file of 1,048,577 bytes is sent over a TCP connection";
    THE_DISK_IS_FULL = "a file of 4096 bytes arrives, and the disk is full after the first of them";
    THE_HEADER_PROMISES_A_GIB = "the header announces 1 GiB";
}
