//! The words of this lesson's stories.

pub use netkata::words::{
    AN_ERROR, MORE_THAN_8_MIB_HELD, NOTHING, THE_TEST, is_there_already, now_the_file_has,
    the_sender_saw,
};

netkata::words! {
    /// Who acts: the subject of a sentence that goes on.
    A_RECEIVER = "a receiver";

    /// What somebody does; who it is stands before it.
    READS_WHAT_WAS_SENT = "reads what was sent";
    ASKS_FOR_THE_SIZE = "asks for the file's size";
    /// What the test calls.
    RECEIVE_FILE_TWICE = "receive_file, twice, and counts what was saved";

    /// What came, or has to come: `5 bytes for "a.txt"`, `"a.txt" of 5 bytes, then "hello"`.
    bytes_for(length, name) = "{length} bytes for {name}";
    header_and_content(header, content) = "{header}, then {content}";
    file_of(name, length) = "{name} of {length} bytes";
    a_header_that_says(json) = "a header that says {json}";
    NOT_EVEN_A_HEADER = "not even a whole header";
    /// How a long name begins, and how long it is: `"aaaa…" (300 characters in 300 bytes)`.
    a_long_name(start, characters, bytes) = "\"{start}…\" ({characters} in {bytes})";

    /// Whole sentences.
    the_file_is_called(name) = "the file is called {name}";
    the_header_says(json) = "the header says {json}";
    a_file_comes_as(name) = "a file comes as {name}";
    a_link_is_there(link) = "a link is there: {link}";
    another_program_saves(file) = "another program saves a file as {file}";
    another_client_sends(file, bytes) = "another client sends another {file}, of {bytes} bytes";
    A_LARGE_FILE_IS_TO_BE_SENT = "a file of 16 MiB is to be sent";
    A_LARGE_FILE_COMES = "a file of 16 MiB comes behind its header";
    A_FILE_GOES_OVER_TCP = "a file of 1,048,577 bytes goes over a TCP connection";
    THE_HEADER_PROMISES_A_GIB = "the header promises 1 GiB";
}
