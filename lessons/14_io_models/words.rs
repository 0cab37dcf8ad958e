//! The words of this lesson's stories.

pub use netkata::words::{
    A_CLIENT, A_QUESTION, EXPECTED, GOES_ON, HAS_RETURNED, NOT_CHECKED_HERE, THE_FIRST_CLIENT,
    THE_SERVER, caller, client, it_sleeps_at_most, sleeps_longer,
};

#[path = "zh/words.rs"]
mod zh;

netkata::words! {
    also in zh;

    /// The subject of a sentence that goes on.
    leaver(number) = "leaver {number}";

    /// What a server does; `server` is its function's name.
    allocates_much(server) = "{server} has allocated more than 512 KiB for it";
    computes_without_descriptors(server) = "{server} tries again and again without a pause";
    keeps_more_and_more(server) = "{server} keeps more and more memory for it";

    /// A call that is made again and again.
    SERVE_100_TIMES = "serve, 100 times, whose unsent bytes then are";
    SERVE_AGAIN = "serve, until it returns 0";

    /// What is expected of the server: whole sentences.
    IT_RESTS_UNTIL_ONE_IS_FREE = "it sleeps between two tries";
    LESS_THAN_512_KIB_FOR_ONE = "the server needs less than 512 KiB for it";
    IT_RESTS_IN_SILENCE = "it sleeps while no client sends anything";
    IT_RESTS_UNTIL_THERE_IS_ROOM = "it sleeps until the client reads its answers";
    LESS_THAN_512_KIB_IS_KEPT =
        "the server keeps less than 512 KiB for it and leaves the rest unread";

    /// The subject of a sentence that goes on, and what it does.
    EACH_OF_THEM = "each of them";
    ONE_OF_THE_LAST_TEN = "one of the last ten clients";
    CONNECTS = "connects";
    SAYS_HELLO_AND_WAITS = "sends \"hello\" and waits";

    /// What was found, or is expected.
    AS_MUCH_OR_MORE = "as much, or more";
    LESS_THAN_512_KIB = "less than 512 KiB";
    ANOTHER_ONE = "gets something else";
    IS_CONNECTED = "is connected";
    IS_REFUSED = "is refused, since nothing listens";
    ITS_ANSWER = "gets \"HELLO\"";
    ITS_CONNECTION_ENDS = "sees its connection end";
    NO_ANSWER_ALTHOUGH_IT_WAITS = "gets no answer, and the server waits";

    /// A label, and the text beside it.
    CLIENTS_CONNECTED = "connected";
    TWENTY_FOUR_AND_SILENT = "24 clients for 24 descriptors, and none sends anything";

    /// What happened: whole sentences.
    A_STREAM_ENDS_AFTER_5_BYTES_AND_TAKES_NOTHING =
        "a stream ends after 5 bytes and takes no byte; serve was called once";
    A_STREAM_FILLS_EVERY_READ_AND_TAKES_NOTHING = "a stream fills every read and takes no byte";
    A_SIGNAL_INTERRUPTS_THE_WAIT = "a signal interrupts the server's wait";
    STOP_IS_RESET = "stop is reset";
    A_BYTE_ARRIVES_ON_STOP = "a byte arrives on stop, which stays open";
    MORE_CLIENTS_THAN_DESCRIPTORS =
        "there are 24 clients for a server that may hold 24 descriptors in all";
    THE_FIRST_14_CLIENTS_LEAVE = "the first 14 clients leave";
    FOUR_CLIENTS_CRASHED = "4 clients crashed";
    TWENTY_CLIENTS_LEFT = "20 clients connected and left";
}
