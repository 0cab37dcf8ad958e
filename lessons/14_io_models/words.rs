//! The words of this lesson's stories.

pub use netkata::words::{A_QUESTION, EXPECTED, THE_SERVER, caller, client};

netkata::words! {
    /// Who acts: the subject of a sentence that goes on.
    leaver(number) = "leaver {number}";

    /// What a server, by its function's name, does.
    keeps_more_and_more(server) = "{server} keeps more and more for it";

    /// What has to come of the server: whole sentences.
    IT_RESTS_IN_SILENCE = "it rests while nobody says anything";
    IT_RESTS_UNTIL_THERE_IS_ROOM = "it rests until the client that does not read does so";
    LESS_THAN_512_KIB_IS_KEPT =
        "the server keeps less than 512 KiB for it, and lets the rest wait";

    /// What happened: whole sentences.
    FOUR_CLIENTS_CRASHED = "4 clients crashed";
    TWENTY_CLIENTS_LEFT = "20 clients came and left";
}
