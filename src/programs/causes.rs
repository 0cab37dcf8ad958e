//! The causes that only the checks of programs use, in several lessons.

netkata::causes! {
    NoLongerListens =
        "Your program no longer listens: the next client is refused. A server closes the connection of a client \
        that has left, and keeps its listener open for the next one.";
    NeverConnects =
        "Your program did not connect to the server. Its command line says where: {host} and {port}, or {port} alone.";
    KeepsRunning =
        "The conversation is over, and your program still runs. After the end of the stream no more bytes will \
        arrive: close the connection and end.";
}
