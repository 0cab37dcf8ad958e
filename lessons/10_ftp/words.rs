//! The words of this lesson's stories.

pub use netkata::words::{
    AN_ERROR, HEARS, MORE_THAN_8_MIB_HELD, THE_NEXT_READ, THE_TEST, is_there_already,
    now_the_file_has, the_sender_saw,
};

netkata::words! {
    /// What the peer does; "the peer" stands before it.
    /// What the test does; "the test" stands before it.
    ASKS_WHEN_REPORTED = "asks when the bytes were reported";

    /// What the peer heard, or has to hear.
    THE_REQUEST_THEN_AN_ACKNOWLEDGEMENT = "the request, then an acknowledgement";
    AN_ACKNOWLEDGEMENT_THEN_THE_RECEIPT = "an acknowledgement, then the receipt";
    NO_ACKNOWLEDGEMENT = "no acknowledgement";
    NO_RECEIPT = "no receipt";

    /// What came of a call.
    SENT = "sent";
    THE_CLIENT_HAS_GONE = "the client has gone";
    /// The same, where a file was expected.
    NOWHERE_THE_CLIENT_HAS_GONE = "nowhere, the client has gone";

    /// When progress was reported: `5 of 9 when 4 had passed, and 2 before`.
    AS_THEY_PASS = "as they pass";
    NEVER_THE_LAST = "never the last of them";
    reported(bytes, size, passed) = "{bytes} of {size} when {passed} had passed";
    and_before(report, bytes) = "{report}, and {bytes} before";

    /// Whole sentences.
    the_size_is(size) = "the size is {size}";
    the_name_is(name) = "the name is {name}";
    the_request_is(request) = "the request is {request}";
    A_LARGE_FILE_IS_TO_BE_SENT = "a file of 9 MiB is to be sent";
    A_LARGE_FILE_IS_ASKED_FOR = "a file of 9 MiB is asked for";
    A_LARGE_FILE_COMES = "9 MiB of content come behind their size";
    A_GIB_IS_ANNOUNCED = "1 GiB is announced, and nothing comes";
    THE_RECEIPT_IS_SENT_TOO_SOON = "the receipt is sent, and there is no file yet";
}
