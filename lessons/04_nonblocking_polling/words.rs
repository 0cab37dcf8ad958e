//! The words of this lesson's stories.

pub use netkata::words::{
    A_QUESTION, EXPECTED, HAS_RETURNED, NOT_CHECKED_HERE, THE_FIRST_CLIENT, caller, client,
};

netkata::words! {
    /// Who acts: the subject of a sentence that goes on.
    ONE_OF_THE_OTHERS = "one of the others";

    /// What somebody does; who it is stands before it.
    SAYS_HELLO_THREE_TIMES = "says \"hello\" three times";
    /// What `serve` does.
    COMPUTES_TOO_MUCH = "computes for more than 5 % of the time";
    HAS_CLOSED_A_CONNECTION = "has closed the connection of a client";

    /// What came, or has to come.
    THREE_ANSWERS = "three answers";
    ANOTHER_ANSWER = "another answer";
    THE_END_OF_ITS_CONNECTION = "the end of its connection";

    /// What has to come of the server's turns: whole sentences.
    THE_CLIENT_IS_CONNECTED = "the client is connected";
    clients_are_connected(number) = "{number} clients are connected";
    EVERYBODY_IS_LET_IN = "everybody is let in";
    ALL_WHO_WAIT_ARE_LET_IN = "all who wait are let in in the same turn";
    THE_QUESTION_IS_READ = "the question is read";
    A_TURN_READS_WHAT_HAS_COME = "a turn reads what has come";
    A_TURN_LETS_A_CLIENT_IN = "a turn returns true: it let a client in";
    A_TURN_MOVES_BYTES = "a turn returns true: bytes have moved";
    AT_MOST_THE_BUDGET_IS_READ = "in every turn, at most BUDGET bytes are read from one client";
    LESS_THAN_1_MIB_IS_KEPT = "the server keeps less than 1 MiB for it, and lets the rest wait";
    TALKER_IS_ANSWERED_AMONG_CALLERS =
        "talker gets \"HELLO\" while one caller after the other connects";
    ONLY_THE_OTHERS_ARE_LEFT = "only the others are left";
    ONLY_THE_OTHER_CLIENT_IS_LEFT = "only the other client is left";
    NO_CLIENT_IS_LEFT = "no client is left";
    /// The same, of the server that serves by itself.
    IT_RESTS_WHEN_NOTHING_MOVES = "it rests when nothing moves";
    IT_SERVES_AS_LONG_AS_IT_LISTENS = "it serves for as long as its listener does";

    /// The same, of a turn in which nothing can move, and why that is so.
    a_turn_returns_false(why) = "a turn returns false: {why}";
    NOBODY_HAS_CALLED = "nobody has called";
    NOBODY_HAS_SAID_ANYTHING = "nobody has said anything";
    EVERYTHING_IS_ANSWERED = "everything has been answered";
    A_CLIENT_TAKES_NOTHING = "a client takes nothing of what it is owed";

    /// What happened: whole sentences.
    TOO_MANY_CLIENTS_CALL = "20 clients call a server that may hold 16 descriptors";
    THE_FIRST_10_CLIENTS_LEAVE = "the first 10 clients leave";
    THE_LISTENER_HAS_STOPPED = "the listener does not listen any more";
    NOT_CHECKED_LISTENERS_GO_ON =
        "not checked here: on this system a listener listens to its end";

    /// A label, and what stands beside it.
    THE_CLIENTS = "the clients";
    THREE_AND_NONE_SPEAKS = "3 of them, and none says anything";
    THREE_AND_ONE_SPEAKS = "3 of them, and one says \"hello\" now and then";
    THREE_AND_ONE_IS_UNANSWERED = "3 of them; the last one sent \"hello\", and got nothing";
    /// A label; beside it stands how many there are.
    CLIENTS = "clients";
    /// A label; beside it stands where.
    SERVE_HANGS = "serve hangs";
}
