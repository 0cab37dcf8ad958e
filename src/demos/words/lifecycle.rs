//! The words of `demo lifecycle`.

pub use netkata::words::CONNECTED;

#[path = "zh/lifecycle.rs"]
mod zh;

netkata::words! {
    also in zh;

    /// What is shown.
    SUBJECT =
        "The life of a TCP connection: the calls of both programs, and the kernel's view.";
    /// How to read it; the first two values are bytes, as they are shown, the third is the text below.
    legend(question, answer, state) =
        "{question} are bytes that the client wrote, {answer} bytes that the server wrote. After a \
         call: {state} of both ends (/proc/net/tcp), once it is stable, and if it has changed.";
    THE_KERNELS_STATE = "the kernel's state";
    /// The same on a system that does not report the kernel's state.
    legend_of_calls(question, answer) =
        "{question} are bytes that the client wrote, {answer} bytes that the server wrote. This \
         system does not report the kernel's state of both ends: only the calls and their results \
         are shown.";

    /// The acts, each with its title, what is tried, its scenes, and what they show.
    THE_HANDSHAKE = "The handshake";
    ACCEPT_COMES_LAST =
        "The server listens; the client connects and sends a question; only then does \
         the server call accept.";
    THE_KERNELS_SHAKE_HANDS =
        "The kernels shake hands, not the programs. The connection was established, and \
         took bytes, before the server knew of it: accept takes it from the backlog.";

    THE_HALF_CLOSE = "The half-close";
    THE_CLIENT_HAS_ASKED_ALL =
        "The client has sent everything, says so with shutdown(Write), and still reads the \
         answer.";
    EACH_DIRECTION_IS_CLOSED =
        "Each direction is closed by the side that sends in it. Between the two ends \
         of the stream the server may answer for as long as it likes.";

    WHO_CLOSES_FIRST = "Who closes first";
    BOTH_CLOSE =
        "Both close, one after the other. The server that closed first then starts again on \
         the same port.";
    THE_CLIENT_IS_FIRST = "The client closes first";
    THE_SERVER_IS_FIRST = "The server closes first, and starts again";
    WHO_IS_FIRST_IS_LEFT_IN_TIME_WAIT =
        "The side that closes first stays in TIME-WAIT, for a minute on Linux, so that a \
         late segment of this connection is not taken for one of the next. If it is the \
         server, its port is in use, unless it sets SO_REUSEADDR before bind, as Rust's \
         TcpListener does on Unix. On Linux the server before it must have set that, too.";

    LAST_WORDS = "Last words, with bytes unread";
    AN_ANSWER_TO_WHAT_IS_UNREAD =
        "The server answers but does not read the question, and ends with a goodbye.";
    THE_NAIVE_GOODBYE = "The naive goodbye, a close";
    THE_REPAIRED_GOODBYE = "The fixed goodbye";
    A_CLOSE_WITH_BYTES_UNREAD_RESETS =
        "A socket that is closed with bytes unread sends a reset: both ends are gone at \
         once, and the client cannot know how much of the answer it has. The fixed goodbye \
         first sends the end of the stream, then reads the unread bytes, then closes.";

    RESETS = "Resets";
    BY_FORCE_AND_IN_ORDER =
        "The server resets the connection; in the next scene it closes normally, and the \
         client keeps writing.";
    A_RESET_ON_PURPOSE = "A reset on purpose";
    WORDS_FOR_NOBODY = "Bytes after the close";
    A_RESET_IS_TOLD_ONCE =
        "A reset leaves no TIME-WAIT, and its error is reported once: the next read finds an \
         end of the stream that the peer never sent. A write that succeeds only means that \
         your own kernel took the bytes: the first one caused the reset, the second failed.";

    /// A call to start the server again.
    BIND_WITH_REUSEADDR = "bind, with SO_REUSEADDR";
    BIND_WITHOUT_REUSEADDR = "bind, no SO_REUSEADDR";
    /// The result of a call; the call stands before it.
    IT_LISTENS = "it listens";
    A_STREAM = "a stream";

    /// The kernel's state of one end, with what waits there; or that the end is gone.
    unread(state, bytes) = "{state}, {bytes} unread";
    in_line(state, callers) = "{state}, {callers} in the backlog";
    GONE = "(gone)";

    /// What did not happen in time.
    THE_KERNEL_TO_COME_TO_REST = "a stable state in the kernel";
}
