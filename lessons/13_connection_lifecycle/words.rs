//! The words of this lesson's stories.

pub use netkata::words::{
    AND_NOW_WAITS, CLOSED_ITS_SIDE, EXPECTED, NOT_CHECKED_HERE, NOTHING, READS_TO_THE_END,
    RESET_THE_CONNECTION, SUCCESS, THE_END_OF_THE_STREAM, THE_PEER, THE_PEER_IS_SILENT, THE_TEST,
    THE_TEST_CALLS,
};

netkata::words! {
    /// Who acts: the subject of a sentence that goes on.
    THE_KERNEL = "the kernel";
    THE_OWNER_OF_THE_CLONE = "the owner of the clone";

    /// What somebody does or did; who it was stands before it.
    ASKS_HOW_LONG_A_READ_MAY_TAKE = "asks how long the next read may take";
    ASKS_HOW_THE_SOCKET_IS_SET = "asks how the socket is set now";
    KEEPS_OF_THE_CONNECTION = "keeps of the connection";
    READS = "reads";
    READS_THE_QUESTION = "reads the question to its end";
    READS_WHAT_HAS_COME = "reads what has come, to the end";
    SENDS_ANOTHER_16_KIB = "sends another 16 KiB";
    WRITES_ONE_BYTE = "writes one byte";
    WRITES_TO_THE_PEER_THAT_CLOSED = "writes one byte to the peer that closed";

    /// What was found, or has to be.
    A_BYTE = "a byte";
    ALL_OF_IT_IS_READ = "all of it is read";
    AN_HOUR = "an hour";
    GOODBYE_IS_OVER = "goodbye is over by then";
    THE_REST_OF_THE_HOUR = "what is left of the hour";
    /// How a socket is set: its mode, then its timeout.
    BLOCKING = "blocking";
    NONBLOCKING = "nonblocking";
    without_timeout(mode) = "{mode}, with no read timeout";
    with_timeout(mode, timeout) = "{mode}, with {timeout} as read timeout";

    /// Whole sentences.
    A_BYTE_COMES_AFTER_A_WHILE = "after a while the peer sends a byte";
    A_GOODBYE_HAS_AN_HOUR = "a goodbye has an hour";
    ALL_8_MIB_WERE_TAKEN = "all 8 MiB were taken";
    ALL_DESCRIPTORS_ARE_TAKEN =
        "a process takes every descriptor that it may have, and a client calls it";
    NOW_SOMEBODY_LISTENS = "now somebody listens";
    NOW_THE_PORT_IS_FREE = "now the port is free";
    ONE_DESCRIPTOR_COMES_BACK = "it gives one back after the second rest";
    SOMEBODY_HAS_A_CLONE = "somebody has a clone of the stream";
    THE_PEER_CLOSES = "the peer closes the connection";
    THE_PEER_RESETS = "the peer resets the connection";
    THE_PEER_SENDS_UP_TO_8_MIB = "the peer sends as much as it can, up to 8 MiB";
    YOUR_SIDE_HAS_NO_TIME = "your side has no time at all";
    /// What is quoted goes over the wire, and stays.
    YOUR_SIDE_ANSWERS = r#"your side answers "too long", with the request unread"#;

    /// A look that waits, told in rows: what the peer does, and where the call waits.
    KEEPS_THE_LINE_OPEN = "says nothing, and keeps the line open";
    FOR_BYTES_THAT_NEVER_COME = "in a read, for bytes that never come";

    /// What failed; the kind of its error and what the error says follow.
    failed(what, kind, error) = r#"{what} failed: {kind}, "{error}""#;
    CALLING_WHERE_NOBODY_LISTENS = "a call to a port that nobody listens on";
    READING_AFTER_A_RESET = "a read when the peer has reset the connection";
    WRITING_TWICE_AFTER_THE_END = "the second write after the peer closed";
    WRITING_AFTER_ONES_OWN_END = "a write after one's own half-close";
    READING_WITHOUT_A_CONNECTION = "a read without a connection";
    BINDING_A_PORT_IN_USE = "binding a port that somebody listens on";
    BINDING_AN_ADDRESS_NOT_HERE = "binding an address of another machine";
    ERROR_WITHOUT_A_NUMBER = "an error without a number of this system";
    ERROR_IN_OTHER_WORDS = "an error in other words";
    A_READ_OUT_OF_TIME = "a read that ran out of time";
    A_CALL_OUT_OF_TIME = "a call that ran out of time";
    A_READ_OUT_OF_TIME_ON_UNIX = "a read that ran out of time, on Unix";
    A_READ_OUT_OF_TIME_ON_WINDOWS = "a read that ran out of time, on Windows";
    WHAT_WINDOWS_CALLS_A_RESET = r#"what Windows says where Unix says "reset" (WSAECONNABORTED)"#;
    BINDING_A_FORBIDDEN_PORT = "binding a port that one may not have";
    READING_MORE_THAN_WAS_SENT = "reading more than was sent";
    SETTING_A_TIMEOUT_OF_ZERO = "setting a timeout of zero";
    AN_INTERRUPTED_READ = "a read that a signal interrupted";
    OPENING_NO_FILE = "opening a file that does not exist";
    /// What the error in other words says.
    FAILED_TO_GREET = "failed to greet 127.0.0.1:9000";

    /// What came of attempts, which are counted, as are the rests between them.
    ATTEMPT = "attempt";
    REST = "rest";
    outcome(attempts, rests, end) = "{attempts}, {rests}, then {end}";
    attempts_without_end(attempts, rests) = "{attempts} attempts with {rests}, and goes on";
    after_attempts(diagnosis, attempts, end) = "{diagnosis}, {attempts}: {end}";
    LET_IN = "let in";
    NOT_LET_IN = "not let in";
    /// What a rest comes to.
    DONE = "done";
    /// The label of attempts without end.
    YOUR_CODE_MADE = "your code made";
    /// Two functions that are called together.
    DIAGNOSE_AND_TRY_AGAIN = "diagnose, and try_again with accept";
}
