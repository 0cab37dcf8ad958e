//! The words of this lesson's stories.

pub use netkata::words::{
    A_SIGNAL_INTERRUPTS_THE_CALL, AN_ERROR, AND_NOW_WAITS, CLOSED_ITS_SIDE, EXPECTED,
    NOT_CHECKED_HERE, NOTHING, READS_TO_THE_END, RESET_THE_CONNECTION, SUCCESS,
    THE_END_OF_THE_STREAM, THE_PEER, THE_PEER_IS_SILENT, THE_TEST, THE_TEST_CALLS,
};

#[path = "zh/words.rs"]
mod zh;

netkata::words! {
    also in zh;

    /// The subject of a sentence that goes on.
    THE_KERNEL = "the kernel";
    THE_OWNER_OF_THE_CLONE = "the owner of the clone";

    /// What the subject does or did; the subject stands before it.
    ASKS_HOW_LONG_A_READ_MAY_TAKE = "checks how long the next read may take";
    ASKS_HOW_THE_SOCKET_IS_SET = "checks the socket's settings";
    KEEPS_OF_THE_CONNECTION = "keeps for the connection";
    READS = "reads";
    READS_THE_ERROR = "reads the error";
    READS_THE_QUESTION = "reads the question to its end";
    READS_WHAT_HAS_COME = "reads what has arrived, to the end";
    SENDS_ANOTHER_100_BYTES_ONE_BY_ONE = "sends another 100 bytes, one by one";
    SENDS_ANOTHER_16_KIB = "sends another 16 KiB";
    WRITES_ONE_BYTE = "writes one byte";
    WRITES_TO_THE_PEER_THAT_CLOSED = "writes one byte to the peer that closed";

    /// What was found, or is expected.
    A_BYTE = "a byte";
    A_PART_OF_IT = "a part of it";
    ALL_OF_IT = "all of it";
    ALL_OF_IT_IS_READ = "all of it is read";
    AN_ANSWER = "an answer";
    AN_HOUR = "an hour";
    GOODBYE_IS_OVER = "goodbye has already returned";
    THE_REST_OF_THE_HOUR = "what is left of the hour";
    /// The settings of a socket: its mode, then its timeout.
    BLOCKING = "blocking";
    NONBLOCKING = "nonblocking";
    without_timeout(mode) = "{mode}, with no read timeout";
    with_timeout(mode, timeout) = "{mode}, with a read timeout of {timeout}";

    /// Whole sentences.
    A_BYTE_COMES_AFTER_A_WHILE = "after a while the peer sends a byte";
    A_GOODBYE_HAS_AN_HOUR = "goodbye is called with a timeout of one hour";
    ALL_8_MIB_WERE_TAKEN = "all 8 MiB were accepted";
    ALL_DESCRIPTORS_ARE_TAKEN =
        "a process uses all its descriptors, and a client connects to it";
    NOW_A_BYTE_COMES = "now a byte arrives";
    NOW_SOMEBODY_LISTENS = "now a server listens";
    NOW_THE_PORT_IS_FREE = "now the port is free";
    ONE_DESCRIPTOR_COMES_BACK = "it closes one of them after the second rest";
    SOMEBODY_HAS_A_CLONE = "another part of the program has a clone of the stream";
    THE_PEER_CLOSES = "the peer closes the connection";
    THE_PEER_RESETS = "the peer resets the connection";
    THE_PEER_SENDS_UP_TO_8_MIB = "the peer sends as much as it can, up to 8 MiB";
    THE_STREAM_HAS_A_SHORT_TIMEOUT = "the stream has a read timeout of 20 ms";
    YOUR_SIDE_FILLS_THE_BUFFERS = "your side sends as much as the buffers of both sides hold";
    YOUR_SIDE_WAITS_FOR_THE_ANSWER = "your side waits for the answer";
    YOUR_SIDE_HAS_THE_LONGEST_TIMEOUT = "your side has the longest timeout that a `Duration` can be";
    YOUR_SIDE_HAS_NO_TIME = "your side has a timeout of zero";
    /// The quoted text goes over the wire, and stays.
    YOUR_SIDE_ANSWERS = r#"your side sends "too long", with the request unread"#;

    /// The rows of a check that waits: what the peer does, and where the call waits.
    KEEPS_THE_LINE_OPEN = "sends nothing, and keeps the connection open";
    IN_A_SLEEP = "in a sleep, before it looks again or returns";
    FOR_BYTES_THAT_NEVER_COME = "in a read, for bytes that never arrive";

    /// An error: the call it comes from, its kind, and its text.
    failed(what, kind, error) = r#"{what}: {kind}, "{error}""#;
    CALLING_WHERE_NOBODY_LISTENS = "connecting to a port without a listener";
    READING_AFTER_A_RESET = "a read after the peer reset the connection";
    WRITING_TWICE_AFTER_THE_END = "the second write after the peer closed";
    WRITING_AFTER_ONES_OWN_END = "a write after half-closing the stream";
    READING_WITHOUT_A_CONNECTION = "a read without a connection";
    BINDING_A_PORT_IN_USE = "binding a port in use";
    BINDING_AN_ADDRESS_NOT_HERE = "binding an address of another machine";
    ERROR_WITHOUT_A_NUMBER = "an error without an error number";
    ERROR_IN_OTHER_WORDS = "an error with another text";
    ERROR_WITH_THE_TEXT_OF_ANOTHER = "an error with the text of another error";
    ERROR_WITH_A_FOREIGN_NUMBER = "an error with a number of another system";
    RUNNING_OUT_OF_DESCRIPTORS = "running out of descriptors";
    A_READ_OUT_OF_TIME = "a read that timed out";
    A_CALL_OUT_OF_TIME = "a connect that timed out";
    A_READ_OUT_OF_TIME_ON_UNIX = "a read that timed out, on Unix";
    A_READ_OUT_OF_TIME_ON_WINDOWS = "a read that timed out, on Windows";
    WHAT_WINDOWS_CALLS_A_RESET = r#"what Windows reports where Unix reports "reset" (WSAECONNABORTED)"#;
    BINDING_A_FORBIDDEN_PORT = "binding a port without permission";
    READING_MORE_THAN_WAS_SENT = "reading more than was sent";
    SETTING_A_TIMEOUT_OF_ZERO = "setting a timeout of zero";
    AN_INTERRUPTED_READ = "a read that a signal interrupted";
    OPENING_NO_FILE = "opening a file that does not exist";
    /// The other text of that error.
    FAILED_TO_GREET = "failed to greet 127.0.0.1:9000";

    /// The result of the attempts; they and the rests between them are counted.
    ATTEMPT = "attempt";
    REST = "rest";
    outcome(attempts, rests, end) = "{attempts}, {rests}, then {end}";
    attempts_without_end(attempts, rests) = "{attempts} attempts and {rests}, and goes on";
    after_attempts(diagnosis, attempts, end) = "{diagnosis}, {attempts}: {end}";
    LET_IN = "accepted";
    NOT_LET_IN = "not accepted";
    /// The result of a rest.
    DONE = "done";
    /// The label of endless attempts.
    YOUR_CODE_MADE = "your code made";
    /// Two functions that are called together.
    DIAGNOSE_AND_TRY_AGAIN = "diagnose, and try_again with accept";
}
