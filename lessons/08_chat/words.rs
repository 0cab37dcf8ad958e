//! The words of this lesson's stories.

pub use netkata::words::{
    AN_ERROR, HEARS, LISTENS, NOTHING, SUCCESS, THE_CLIENT, THE_END_OF_THE_STREAM, THE_LISTENER,
    WAITS_FOR_THE_END, nothing_yet, says,
};

#[path = "zh/words.rs"]
mod zh;

netkata::words! {
    also in zh;

    /// The subject of a sentence that goes on.
    A_CALLER = "a new client";
    A_CALLER_WITHOUT_A_NAME = "a client without a name";
    THE_OTHER_48 = "the other 48";
    THE_SCREEN = "the screen";

    /// What the subject does, before the result; the subject stands before it.
    READS_WHAT_CAME = "reads all its lines, to the end";
    SHOWS = "shows";
    SENDS_MORE = "sends more, again and again";
    /// The same, of several.
    LISTEN = "wait for lines";

    /// What the peer of a conversation does.
    CLOSES_ITS_SENDING_SIDE = "closes its sending side";
    RESETS_THE_CONNECTION = "resets the connection";

    /// Whole sentences, of a conversation.
    SOMEBODY_TYPES_A_LOT = "the user types a line of 8 MiB, which the peer does not read";
    somebody_types(line) = "the user types {line}";
    THE_INPUT_ENDS = "the input ends";
    THE_OUTPUT_FAILS = "from now on, each write to the output fails";
    THE_FLUSH_FAILS = "from now on, each flush of the output fails";

    /// Whole sentences, of a room; `name` is that of a member, or [`A_CALLER`].
    joins(name) = "{name} joins";
    does_not_read(name) = "{name} stops reading";
    reads_again(name) = "{name} reads again";
    closes_its_connection(name) = "{name} closes its connection";
    closes_its_sending_side(name) = "{name} closes its sending side, and reads on";
    resets_its_connection(name) = "{name} resets its connection";
    /// What a member sends, where it is too much to show.
    A_LONG_LINE = "a long line";
    lines_at_once(number) = "{number} lines at once";

    /// What arrived.
    EVERY_LINE = "every line";
    OTHER_LINES_TOO = "other lines, too";
    SOME_LINES_THEN_NOTHING = "some lines, then nothing";
    /// What the sender gets, in the end.
    /// A line that begins with an exclamation mark.
    A_REFUSAL = "! and a reason";
    A_REFUSAL_WITHOUT_A_NEWLINE = "! and a reason, without a newline";
}
