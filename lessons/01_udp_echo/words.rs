//! The words of this lesson's stories.

pub use netkata::words::{THE_CALLER, THE_CLIENT, THE_FIRST_CLIENT, THE_SECOND_CLIENT, THE_SERVER};

#[path = "zh/words.rs"]
mod zh;

netkata::words! {
    also in zh;

    /// Subjects: the rest of the sentence follows them.
    A_STRANGER = "a stranger";
    THE_THIRD_CLIENT = "the third client";

    /// What the caller does.
    LOOKS_AT_THE_SOCKET = "inspects the socket";
    /// What `ask` does not do.
    WAITS_LONGER_THAN_ITS_TIMEOUT = "waits longer than its timeout";
    WAITS_SHORTER_THAN_ITS_TIMEOUT = "waits for less than its timeout";

    /// Whole sentences; `ask` and `send_to` are functions.
    A_SIGNAL_INTERRUPTS_ASK = "a signal interrupts ask";
    A_SIGNAL_INTERRUPTS_SERVE = "a signal interrupts serve";
    ANOTHER_DATAGRAM_FINDS_NOBODY = "another datagram of this socket reaches a closed port";
    ANOTHER_DATAGRAM_FOUND_NOBODY =
        "another datagram of this socket had reached a closed port before";
    ASK_BEGINS = "ask begins";
    HUNDREDS_OF_REPLIES_FIND_NOBODY = "300 datagrams of this socket reach closed ports";
    THE_FIRST_CLIENT_IS_GONE = "the first client has closed its socket";
    THE_TIMEOUT_IS_BELOW_A_MILLISECOND = "the timeout is 0.9 milliseconds";
    THE_SOCKET_DOES_NOT_WAIT = "the socket is nonblocking, and nothing has arrived";
    THE_SOCKET_SENDS_NOTHING = "the sending side of the socket is shut down";
    THE_SERVER_STAYS_SILENT = "the server does not reply";
    send_to_fails(kind) = "send_to fails with {kind}: the question is too long";
}
