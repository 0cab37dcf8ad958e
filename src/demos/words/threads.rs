//! The words of `demo threads`.
//!
//! The letters A to E are the five clients, in the order in which they connect.

pub use super::{
    A_SILENT_CLIENT, GETS_NOTHING, IS_GONE, NAIVE, REPAIRED, SAYS_NOTHING, SENDS_C3,
    gets_while_a_is_silent, sends,
};

#[path = "zh/threads.rs"]
mod zh;

netkata::words! {
    also in zh;

    /// What is shown, and how to read it.
    SUBJECT = "A thread for each client: five clients of one server, over real TCP sockets.";
    ONE_LINE_A_CLIENT =
        "One line per client: what it does, and the result. Each has a handler on its own \
         thread. When a handler has ended, the server must call its finish, whatever happened.";

    /// The acts, each with its title, what is tried, and what that shows. Two demonstrations have
    /// the title of the first one.
    A_IS_SILENT = "Five connect and are welcomed. A is silent; the others send their names.";
    NOBODY_WAITS_FOR_A =
        "Only A's own thread waits for A. This is the advantage of one thread per client, \
         and here the naive server does as well as the fixed one.";

    HANDLERS_THAT_FAIL = "Handlers that fail";
    B_PANICS_AND_C_FAILS =
        "B's handler panics on its name. C sends c3, the first byte of a two-byte \
         character. The others send their names.";
    THE_NAIVE_SERVER_SKIPS_FINISH =
        "A thread's panic ends that thread only. But the naive server skips finish when \
         handle has failed or panicked, and what a handler holds is never released.";

    CLIENTS_THAT_LEAVE = "Clients that leave a ticker";
    B_IS_RESET_AND_C_CLOSES =
        "The server sends \"hello\" again and again. B's connection is reset; C closes \
         normally, and then gets more. A stays.";
    LEAVING_IS_TOLD_IN_MORE_THAN_ONE_WAY =
        "More than one error means that a client has left. The naive ticker knows only \
         \"connection reset\", and takes a broken pipe for a failure.";

    SHUTDOWN = "Shutdown";
    SOMEBODY_CALLS_SHUTDOWN =
        "A is silent; B, C and D were greeted. Then shutdown is called, and E connects.";
    WHO_WAITS_SEES_NO_FLAG =
        "Threads that wait in accept and read do not see a flag. The fixed server ends every \
         stream, connects to itself to wake its accept, and returns when all handlers \
         have finished. The naive one ends only with its program.";

    /// What a client does, or the server, whose name stands before it.
    STAYS = "stays";
    VANISHES_WITH_A_RESET = "vanishes, with a reset";
    CLOSES_IN_GOOD_ORDER = "closes normally";
    IS_SILENT_UNTIL_THEN = "is silent until then";
    WAS_GREETED = "was greeted";
    CALLS_AFTER_SHUTDOWN = "connects after shutdown";
    SHUTDOWN_RETURNED = "shutdown returned";

    /// The result; what the client or the server does stands before it.
    ITS_THREAD_WAITS = "its thread waits for it";
    GETS_HELLO_AFTER_HELLO = r#"gets "hello" after "hello""#;
    HEARS_THE_END = "sees the end; finish was called";
    IS_STILL_GREETED = "sends its name, and is still greeted";
    IS_CUT_OFF_WITHOUT_FINISH = "is cut off; finish was not called";
    IS_LET_IN = "is accepted and welcomed";
    IS_REFUSED = "is refused";
    HAS_ENDED = "has ended; all handlers finished";
    GOES_ON_AS_IF_NOT_ASKED = "does not stop";

    /// What happens to a client and to its handler, and whether the server called `finish`.
    handler_ended(client, finish) = "{client}; {finish}";
    handler_panicked(client, finish) = "{client}; its handler panicked; {finish}";
    handler_failed(client, error, finish) = "{client}; its handler failed: {error}; {finish}";
    IS_GREETED = "is greeted";
    IS_CUT_OFF = "is cut off";
    FINISH_WAS_CALLED = "finish was called";
    FINISH_WAS_NEVER_CALLED = "finish was never called";

    /// What did not happen in time.
    A_CLIENT_TO_BE_KNOWN = "a known client";
    A_CLIENT_TO_LEAVE = "a client to leave";
    A_HANDLER_TO_BEGIN = "a handler to begin";
    A_HANDLER_TO_BE_OVER = "a handler to end";
    THE_WELCOME = "the welcome";
    A_GREETING = "a greeting";
}
