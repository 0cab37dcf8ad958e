//! The words of the demonstrations: one file each, and here those that several share.

pub mod hmac;
pub mod io_models;
pub mod lifecycle;
pub mod page;
pub mod polling;
pub mod sticky;
pub mod threads;

#[path = "zh/mod.rs"]
mod zh;

netkata::words! {
    also in zh;

    said_no_address(line) = "the server printed {line} instead of its address";
    /// The actors: the head of a column, and the subject before what an actor does. A row of a room
    /// has 7 columns for it.
    CLIENT = "client";
    SERVER = "server";
    /// The kernel's state of a connection follows; it has 7 columns, too.
    KERNEL = "kernel";

    /// The frame of the acts.
    AT_THE_LEFT = "At the left: milliseconds since they connected.";
    press_enter_for_act(number) = "Press Enter for act {number}.";
    act(number, last, title) = "Act {number} of {last}: {title}";
    /// One or a few sentences follow.
    WHAT_IT_SHOWS = "What it shows:";
    /// A heading, or a label before its text; and the sign between texts of one line.
    heading(title) = "{title}:";
    SEMICOLON = "; ";
    /// Between the names of clients or models.
    COMMA = ", ";

    /// What an actor did. The bytes follow after the colon, and after `READ_MESSAGE_RETURNED`.
    wrote(bytes) = "write of {bytes} bytes:";
    read_returned(room, bytes) = "read of up to {room} bytes returned {bytes}:";
    READ_FOUND_THE_END = "read found the end of the stream";
    READ_MESSAGE_RETURNED = "read_message returned";
    READ_MESSAGE_RETURNED_NONE = "read_message returned None";
    /// Notes of an actor.
    NODELAY_IS_ON = "TCP_NODELAY is on";
    NODELAY_IS_OFF = "TCP_NODELAY is off";
    bytes_wait(number) = "{number} bytes wait in its queue";

    /// A time: beside a bar, where it has 9 columns, and in a line.
    us(number) = "{number} µs";
    ms(number) = "{number} ms";
    microseconds(number) = "{number} microseconds";
    milliseconds(number) = "{number} milliseconds";

    /// The error of a demonstration that cannot go on.
    waited(seconds, what) = "waited {seconds} s for {what}";
    /// The same for one of the two actors; what it waited for is one of the texts below.
    actor_waited(who, seconds, what) = "{who} waited {seconds} s for {what}";
    BYTES = "bytes";
    bytes_of_which_came(count, came) = "{count} bytes, of which {came} arrived";
    ITS_CUE = "its cue";
    ITS_PEER_TO_READ = "its peer to read";

    /// A room of clients: the titles of an act and of its scenes.
    A_SILENT_CLIENT = "A silent client";
    NAIVE = "The naive server";
    REPAIRED = "The fixed server";
    /// What a client does; its name stands before it. The quoted text goes over the wire.
    SAYS_NOTHING = "sends nothing";
    sends(text) = r#"sends "{text}""#;
    SENDS_C3 = "sends c3";
    /// The result; what the client does stands before it. A is a client.
    GETS_NOTHING = "gets nothing";
    gets_while_a_is_silent(text) = r#"gets "{text}" while A is silent"#;
    IS_GONE = "is gone";
}
