//! The words of this lesson's stories.

pub use netkata::words::{
    A_CLIENT, A_QUESTION, EXPECTED, HAS_RETURNED, NOT_CHECKED_HERE, THE_FIRST_CLIENT, THE_LISTENER,
    caller, client,
};

#[path = "zh/words.rs"]
mod zh;

netkata::words! {
    also in zh;

    /// The subject of a sentence that goes on.
    ONE_OF_THE_OTHERS = "one of the other clients";

    /// What a client does; its name stands before it.
    SAYS_HELLO_THREE_TIMES = "sends \"hello\" three times";
    /// What `serve` does.
    COMPUTES_TOO_MUCH = "uses more than 5 % of a processor";
    SPINS_WITHOUT_DESCRIPTORS = "takes turns without a pause";
    /// What `turn` does.
    WAITS_MOST_OF_THE_TIME = "waits most of the time";
    RETURNED_FALSE_EACH_TIME = "returned false each time";
    HAS_CLOSED_A_CONNECTION = "has closed a client's connection";

    /// What arrived, or must arrive.
    THREE_ANSWERS = "three answers";
    ANOTHER_ANSWER = "another answer";
    THE_END_OF_ITS_CONNECTION = "the end of its connection";

    /// What the server's turns must lead to: whole sentences.
    THE_CLIENT_IS_CONNECTED = "the client is connected";
    clients_are_connected(number) = "{number} clients are connected";
    EVERYBODY_IS_LET_IN = "every client is accepted";
    ALL_WHO_WAIT_ARE_LET_IN = "all waiting clients are accepted in the same turn";
    THE_QUESTION_IS_READ = "the question is read";
    A_TURN_READS_WHAT_HAS_COME = "a turn reads what has arrived";
    A_TURN_LETS_A_CLIENT_IN = "a turn returns true: it accepted a client";
    A_TURN_SENDS_THE_REST = "a turn that sends some of these bytes returns true";
    ANSWERED_IN_THE_SAME_TURN =
        "in every turn each client gets the answer to what it sent before";
    IT_IS_REMOVED_IN_THE_SAME_TURN = "the turn that reads the end removes the client";
    IT_IS_REMOVED_AFTER_THE_ERROR = "the turn in which its connection fails removes the client";
    IT_COUNTS_AS_CONNECTED = "clients() counts it until it has been sent everything";
    IT_RETURNS_AT_ONCE = "turn returns at once";
    A_TURN_MOVES_BYTES = "a turn returns true: bytes have moved";
    A_TURN_REMOVES_A_CLIENT = "a turn returns true: it removed a client";
    AT_MOST_THE_BUDGET_IS_READ = "every turn reads at most BUDGET bytes from one client";
    LESS_THAN_1_MIB_IS_KEPT = "the server keeps less than 1 MiB for it and leaves the rest unread";
    TALKER_IS_ANSWERED_AMONG_CALLERS =
        "talker gets \"HELLO\" while new clients keep connecting";
    ONLY_THE_OTHERS_ARE_LEFT = "only the other clients are left";
    ONLY_THE_OTHER_CLIENT_IS_LEFT = "only the other client is left";
    NO_CLIENT_IS_LEFT = "no client is left";
    /// The same, for `serve`.
    IT_RESTS_WHEN_NOTHING_MOVES = "it sleeps while nothing moves";
    IT_SERVES_AS_LONG_AS_IT_LISTENS = "it serves until its listener fails";

    /// The same, for a turn in which nothing can move, and the reason.
    a_turn_returns_false(why) = "a turn returns false: {why}";
    NOBODY_HAS_CALLED = "no client has connected";
    NOBODY_HAS_SAID_ANYTHING = "no client has sent anything";
    EVERYTHING_IS_ANSWERED = "everything has been answered";
    A_CLIENT_TAKES_NOTHING = "a client reads none of its answers";

    /// What happened: whole sentences.
    TOO_MANY_CLIENTS_CALL = "20 clients connect to a server that may hold 16 descriptors";
    THE_FIRST_10_CLIENTS_LEAVE = "the first 10 clients leave";
    THE_LISTENER_HAS_STOPPED = "the listener has stopped listening";
    NOT_CHECKED_LISTENERS_GO_ON =
        "not checked here: on this system shutdown does not stop a listener";

    /// A label, and the texts beside it.
    THE_CLIENTS = "the clients";
    TEN_AND_NONE_SPEAKS = "10 of them, and none sends anything";
    TEN_AND_ONE_SPEAKS = "10 of them, and one sends \"hello\" now and then";
    TEN_HAVE_LEFT = "10 of them have left, and another one connects and sends \"hello\"";
    AN_ANSWER_TO_THE_LAST = "\"HELLO\" for the client that sent \"hello\" last";
    TWENTY_AND_NONE_SPEAKS = "20 of them for 16 descriptors, and none sends anything";
    IT_STILL_BLOCKS = "still blocks";
    IT_NO_LONGER_BLOCKS = "it no longer blocks when new has returned";
    SENDS_NOTHING = "is connected and sends nothing";
    READS_WHAT_COULD_NOT_BE_SENT = "reads nothing for a while, then its whole answer";
    /// A label; their number stands beside it.
    CLIENTS = "clients";
    /// A label; the place stands beside it.
    SERVE_HANGS = "serve hangs";
}
