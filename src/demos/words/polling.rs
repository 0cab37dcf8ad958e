//! The words of `demo polling`.
//!
//! The letters A to E are the five clients, in the order in which they connect.

pub use netkata::words::GOES_ON;

pub use super::{
    A_SILENT_CLIENT, GETS_NOTHING, IS_GONE, NAIVE, REPAIRED, SAYS_NOTHING, SENDS_C3,
    gets_while_a_is_silent, sends,
};

pub use super::COMMA;

#[path = "zh/polling.rs"]
mod zh;

netkata::words! {
    also in zh;

    /// What is shown, and how to read it.
    SUBJECT = "A polling server: five clients on one thread, over real TCP sockets.";
    ONE_LINE_A_CLIENT =
        "One line per client: what it does, and the result. The server must send back what it \
         gets, in capitals. It takes a turn when the demonstration starts one.";

    /// The acts, each with its title, what is tried, and what that shows. Two demonstrations have
    /// the title of the first one.
    A_SPEAKS_LAST =
        "Five connect. A is silent, the others send their names; only then does A send.";
    THE_NAIVE_SERVER_WAITS_FOR_A =
        "The naive server made its listener nonblocking, but not the sockets that it \
         accepted: it waits in the read from A. The fixed one polls A, finds that there \
         is nothing yet, and goes on to B.";

    A_BUSY_DOOR = "A busy listener";
    ONE_MORE_CONNECTS_IN_EACH_TURN =
        "In each of five turns one more client connects and sends its name; in the sixth \
         none does.";
    THE_NAIVE_SERVER_LETS_IN_OR_SERVES =
        "The naive server serves its clients only in a turn without a new client. \
         The fixed one does both in every turn: it accepts, then serves.";

    A_CLIENT_THAT_VANISHES = "A client that vanishes";
    THE_KERNEL_OF_B_RESETS =
        "Five connect. All but B send their names; B's program is killed, and its kernel \
         resets the connection.";
    THE_NAIVE_SERVER_ENDS_FOR_ONE_CLIENT =
        "The naive server takes the error of one client for its own, and ends in the \
         middle of its turn. The fixed one drops that client and goes on.";

    HALF_A_CHARACTER = "Half a character";
    B_SENDS_A_CHARACTER_IN_TWO =
        "All but B send their names. B sends c3, the first byte of a two-byte character, \
         then a9, the second.";
    A_READ_MAY_END_INSIDE_A_CHARACTER =
        "A read may end inside a character. The naive server decodes what one read \
         returned, and half a character ends it; the fixed one works on bytes.";

    /// What a client does, or the server; its name stands before it.
    sends_in_turn(text, turn) = r#"sends "{text}" in turn {turn}"#;
    VANISHES = "vanishes";
    SENDS_BOTH_HALVES = "sends c3, then a9";
    TAKES_A_TURN = "takes a turn";

    /// The result; what the client or the server does stands before it.
    KEEPS_NOBODY_WAITING = "blocks no other client";
    THE_SERVER_WAITS_FOR_A = "the server waits for A";
    gets(text) = r#"gets "{text}""#;
    gets_once_a_has_spoken(text) = r#"waits for A; gets "{text}" once A has sent"#;
    gets_in_turn(text, turn) = r#"gets "{text}" in turn {turn}"#;
    waits_a_turn(text, turn) = r#"waits a turn; gets "{text}" in turn {turn}"#;
    waits_for(others, text, turn) = r#"waits for {others}; gets "{text}" in turn {turn}"#;
    gets_and_is_cut_off(text) = r#"gets "{text}", then is cut off"#;
    IS_CUT_OFF_UNANSWERED = "waits for B; is cut off, unanswered";
    IS_CUT_OFF_BY_THE_END = "is cut off: the server has ended";
    GETS_BOTH_HALVES = "gets c3, and then a9: the character is whole";
    GETS_ONE_HALF = "gets c3 only";
    has_ended(error) = "has ended: {error}";

    /// What did not happen in time.
    A_TURN_OF_THE_SERVER = "the server's turn";
    the_server_to_have(clients) = "the server to have {clients} clients";
}
