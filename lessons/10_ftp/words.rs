//! The words of this lesson's stories.

pub use netkata::words::{
    AN_ERROR, ASKS_WHAT_IS_UNREAD, HEARS, MORE_THAN_8_MIB_HELD, NOT_CHECKED_HERE,
    THE_FILE_COMES_FROM_THE_PEER, THE_NEXT_READ, THE_TEST, another_program_saves, is_there_already,
    now_the_file_has, the_sender_saw,
};

#[path = "zh/words.rs"]
mod zh;

netkata::words! {
    also in zh;

    /// What the test does; "the test" stands before it.
    ASKS_WHEN_REPORTED = "checks when the bytes were reported";

    /// What the peer received, or must receive.
    THE_REQUEST_THEN_AN_ACKNOWLEDGEMENT = "the request, then an acknowledgement";
    AN_ACKNOWLEDGEMENT_THEN_THE_RECEIPT = "an acknowledgement, then the receipt";
    NO_ACKNOWLEDGEMENT = "no acknowledgement";
    NO_RECEIPT = "no receipt";
    THE_SIZE_AND_AT_MOST_THE_CONTENT = "the size, and at most the content that there is";

    /// The result of a call.
    SENT = "sent";
    THE_CLIENT_HAS_GONE = "the client has left";
    /// The same, if a file was expected.
    NOWHERE_THE_CLIENT_HAS_GONE = "nowhere: the client has left";

    /// When progress was reported: `5 of 9 when 4 had passed, after a report of 2`.
    AS_THEY_PASS = "as they pass";
    NEVER_THE_LAST = "the last of them was never reported";
    reported(bytes, size, passed) = "{bytes} of {size} when {passed} had passed";
    and_before(report, bytes) = "{report}, after a report of {bytes}";

    /// Whole sentences.
    A_PIPE_HAS_THE_NAME = "pipe is a named pipe (mkfifo), and no program writes to it";
    the_size_is(size) = "the size is {size}";
    the_name_is(name) = "the name is {name}";
    the_request_is(request) = "the request is {request}";
    A_LARGE_FILE_IS_TO_BE_SENT = "the file to send has 9 MiB";
    A_LARGE_FILE_IS_ASKED_FOR = "the client requests a file of 9 MiB";
    A_LARGE_FILE_COMES = "a size and 9 MiB of content arrive";
    A_GIB_IS_ANNOUNCED = "a size of 1 GiB arrives, but no content";
    THE_RECEIPT_IS_SENT_TOO_SOON = "the receipt is sent before the whole file is in its place";
}
