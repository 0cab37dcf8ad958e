//! The words of this lesson's stories.

pub use netkata::words::{A_QUESTION, EXPECTED, THE_SERVER, caller, client};

netkata::words! {
    /// The subject of a sentence that goes on.
    leaver(number) = "leaver {number}";

    /// What a server does; `server` is its function's name.
    keeps_more_and_more(server) = "{server} keeps more and more memory for it";

    /// What is expected of the server: whole sentences.
    IT_RESTS_IN_SILENCE = "it sleeps while no client sends anything";
    IT_RESTS_UNTIL_THERE_IS_ROOM = "it sleeps until the client reads its answers";
    LESS_THAN_512_KIB_IS_KEPT =
        "the server keeps less than 512 KiB for it and leaves the rest unread";

    /// What happened: whole sentences.
    FOUR_CLIENTS_CRASHED = "4 clients crashed";
    TWENTY_CLIENTS_LEFT = "20 clients connected and left";
}
