//! The words of `demo lifecycle`.

pub use netkata::words::CONNECTED;

netkata::words! {
    /// What is shown.
    SUBJECT =
        "The life of a TCP connection: the calls of both programs, and the kernel's view.";
    /// How to read it: a sentence with some bytes before its first part and before its second.
    BYTES_OF_THE_CLIENT = "are bytes that the client wrote,";
    BYTES_OF_THE_SERVER = "bytes that the server wrote.";
    /// A sentence in three parts, of which the second has the colour of what it speaks of.
    AFTER_A_CALL = "After a call:";
    WHAT_THE_KERNEL_HOLDS = "what the kernel holds";
    OF_BOTH_ENDS =
        "of both ends (/proc/net/tcp), once it has come to rest, and where it is not as before.";
    /// In place of that sentence.
    ONLY_THE_CALLS =
        "What the kernel holds of both ends this system does not tell: only the calls are shown, \
         and what came of them.";

    /// The acts, each with its title, what is tried, its scenes, and what they show.
    THE_HANDSHAKE = "The handshake";
    ACCEPT_COMES_LAST =
        "The server listens; the client connects and sends a question; only then does \
         the server call accept.";
    THE_KERNELS_SHAKE_HANDS =
        "The kernels shake hands, not the programs. The connection was established, and \
         took bytes, before the server knew of it: accept hands out what stands in line.";

    THE_HALF_CLOSE = "The half-close";
    THE_CLIENT_HAS_ASKED_ALL =
        "The client has asked all, says so with shutdown(Write), and still hears the \
         answer.";
    EACH_DIRECTION_IS_CLOSED =
        "Each direction is closed by the side that sends in it. Between the two ends \
         of the stream the server may answer for as long as it likes.";

    WHO_CLOSES_FIRST = "Who closes first";
    BOTH_CLOSE =
        "Both close, one after the other. A server that was first then starts again, on \
         the same port.";
    THE_CLIENT_IS_FIRST = "The client is first";
    THE_SERVER_IS_FIRST = "The server is first, and starts again";
    WHO_IS_FIRST_IS_LEFT_IN_TIME_WAIT =
        "Who closes first is left in TIME-WAIT, for a minute on Linux, so that no \
         straggler of this connection is taken for one of the next. If that is the \
         server, its port is in use, unless it sets SO_REUSEADDR before bind, as Rust's \
         TcpListener does on Unix.";

    LAST_WORDS = "Last words, with bytes unread";
    AN_ANSWER_TO_WHAT_IS_UNREAD =
        "The server answers without having read the question, and ends with the lesson's \
         goodbye.";
    THE_NAIVE_GOODBYE = "The naive goodbye, a close";
    THE_REPAIRED_GOODBYE = "The repaired goodbye";
    A_CLOSE_WITH_BYTES_UNREAD_RESETS =
        "A socket that is closed with bytes unread sends a reset: both ends are gone at \
         once, and the client cannot know how much of the answer it has. The repaired \
         goodbye first sends the end of the stream, and reads what is unread before it \
         closes.";

    RESETS = "Resets";
    BY_FORCE_AND_IN_ORDER =
        "The server ends the connection by force; then it closes in order, and the client \
         goes on writing.";
    A_RESET_ON_PURPOSE = "A reset on purpose";
    WORDS_FOR_NOBODY = "Words for nobody";
    A_RESET_IS_TOLD_ONCE =
        "A reset leaves no TIME-WAIT, and one error, told once: who reads on finds an end \
         of the stream that nobody sent. And a write that succeeds says that one's own \
         kernel took the bytes: the first one drew the reset, the second one heard of it.";

    /// A call to start the server again.
    BIND_WITH_REUSEADDR = "bind, with SO_REUSEADDR";
    BIND_WITHOUT_REUSEADDR = "bind, no SO_REUSEADDR";
    /// What came of a call; the call stands before it.
    IT_LISTENS = "it listens";
    A_STREAM = "a stream";

    /// What the kernel holds of one end: a state, with what waits there; or that it is gone.
    unread(state, bytes) = "{state}, {bytes} unread";
    in_line(state, callers) = "{state}, {callers} in line";
    GONE = "(gone)";

    /// What was waited for in vain.
    THE_KERNEL_TO_COME_TO_REST = "the kernel to come to rest";
}
