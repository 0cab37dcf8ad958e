//! The words of this lesson's stories.

pub use netkata::words::{THE_CALLER, THE_CLIENT, THE_FIRST_CLIENT, THE_SECOND_CLIENT, THE_SERVER};

netkata::words! {
    /// Who acts: the subject of a sentence that goes on.
    A_STRANGER = "a stranger";
    ANOTHER_SERVER = "another server";
    THE_THIRD_CLIENT = "the third client";

    /// What the caller does.
    LOOKS_AT_THE_SOCKET = "looks at the socket";

    /// Whole sentences; `ask` and `send_to` are functions.
    ANOTHER_DATAGRAM_FINDS_NOBODY = "another datagram of this socket finds nobody";
    ASK_BEGINS = "ask begins";
    THE_FIRST_CLIENT_IS_GONE = "the first client is gone";
    THE_SERVER_STAYS_SILENT = "the server stays silent";
    send_to_fails(kind) = "send_to fails with {kind} for so long a question";
}
