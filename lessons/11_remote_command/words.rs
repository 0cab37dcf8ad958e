//! The words of this lesson's stories.

pub use netkata::words::{
    NOTHING, REFUSED, SUCCESS, THE_END_OF_THE_STREAM, THE_SERVER_WHEN_THEY_HAVE_GONE,
    THE_STREAM_ENDED, WAITS_FOR_THE_END, nobody_reads, nothing_yet,
};

#[path = "zh/words.rs"]
mod zh;

netkata::words! {
    also in zh;

    /// How a command ended, as a reply shows it.
    exited(status) = "exited {status}";
    ended_by_signal(number) = "ended by signal {number}";
    TIMED_OUT = "timed out";
    refused_because(reason) = "refused: {reason}";
    /// Shown instead of an ending.
    NOT_AN_ENDING = "an invalid end of a reply";
    A_PIECE_TOO_LONG = "a piece longer than MAX_PIECE";
    A_WHOLE_REPLY = "a complete reply";
    NO_WHOLE_REPLY = "no complete reply";

    /// A reply: how the command ended, and its output and errors.
    reply(ending, output, errors) = "{ending}, {output}, {errors}";
    OUTPUT = "output";
    ERRORS = "errors";
    /// How much of the output or the errors came; `bytes` are `"hello\n"`, or `5 bytes`.
    none_of(name) = "no {name}";
    just_these(name, bytes) = "{name} {bytes}";
    so_much_of(bytes, name) = "{bytes} of {name}";
    some_bytes_of(name) = "some bytes of {name}";
    /// Between the names of outputs; [`so_much_of`] puts the number before the first of them.
    THEN_AS_MANY_OF = ", then the same amount of ";

    /// What the client does.
    THE_CLIENT_PROVES_ITSELF = "the client proves itself";
    THE_CLIENT_CLOSES_ITS_SENDING_SIDE = "the client closes its sending side";
    THE_CLIENT_CLOSES_ITS_CONNECTION = "the client closes its connection";
    THE_CLIENT_RESETS_ITS_CONNECTION = "the client resets its connection";
    SIGNALS_INTERRUPT_THE_SERVER = "signals interrupt the server while it writes";
    THE_CLIENT_IS_SILENT = "the client is silent for longer than the limit";
    THREE_CLIENTS_LEAVE =
        "three clients ask for commands and leave: with q, after a refusal, after a timeout";
    the_client_sends(what) = "the client sends {what}";
    the_client_asks_for(what) = "the client asks for {what}";

    /// What the client sends.
    A_WRONG_ANSWER_AND_A_COMMAND = "a wrong answer, and a command";
    TWO_COMMANDS_AT_ONCE = "two commands at once";
    its_answer_and(command) = "its answer, and `{command}`";
    part_of_its_answer(bytes) = "{bytes} of the 16 bytes of its answer";
    /// What it sends or asks for.
    A_COMMAND = "a command";
    A_PART_OF_A_COMMAND = "a part of a command";
    THE_REST_OF_IT = "the rest of it";
    AN_INVALID_COMMAND = "an invalid command";
    and_reads_no_reply(commands) = "{commands}, and reads no reply";
    /// What it asks for.
    A_COMMAND_THAT_GOES_ON = "a command that does not end";
    A_COMMAND_THAT_LEAVES_A_CHILD = "a command that leaves a child behind";
    A_LONG_NAME = "a program with a very long name";
    A_LOT_OF_OUTPUT = "a lot of output";
    OUTPUT_THAT_IT_READS_SLOWLY = "endless output, and reads it slowly";
    OUTPUT_THAT_IT_DOES_NOT_READ = "endless output, and does not read it";
    a_printer_of(arguments) = "a program that prints its arguments: {arguments}";

    /// What the peer does; `the peer` stands before it.
    WAITS_FOR_A_CHALLENGE = "waits for a challenge";
    WAITS_FOR_THE_REPLY = "waits for the reply";
    COUNTS_THE_BYTES = "counts the bytes that were sent";
    LOOKS_FOR_WHAT_CAME_BEFORE = "checks whether output came before the limit";
    LOOKS_WHETHER_IT_HAS_RUN = "checks whether the command has run";

    /// Who is checked while the session goes on.
    THE_SERVER_AFTER_A_REPLY = "the server after a reply";

    /// The command itself, and what is checked about it.
    THE_COMMAND = "the command";
    IS_LOOKED_FOR = "is checked";
    SAYS = "reports";

    /// The result of a check.
    IT_HAS_RETURNED = "it has returned";
    THAT_IT_HAS_STARTED = "that it has started";
    IT_LIVES = "it is still running";
    NOBODY_IS_LEFT = "none of its processes is left";
    NO_CHILD = "no child process";
    A_CHILD_STILL_THERE = "a child that is still running";
    A_CHILD_NOT_WAITED_FOR = "a child that is over and has not been waited for";
}
