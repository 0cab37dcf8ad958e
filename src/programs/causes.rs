//! The causes that only the checks of programs use, in several lessons.

#[path = "zh/causes.rs"]
mod zh;

netkata::causes! {
    also in zh;

    NoLongerListens =
        "Your program no longer listens: the next client is refused. A server closes the connection of a client \
        that has left, and keeps its listener open for the next one.";
    NeverConnects =
        "Your program did not connect to the server. Its command line says where: {host} and {port}, or {port} alone.";
    KeepsRunning =
        "The conversation is over, and your program still runs. After the end of the stream no more bytes will \
        arrive: close the connection and end.";
    MessageNotPrinted =
        "A whole message has arrived in one segment, and your program did not print it. It took the length for another \
        number (four bytes, the lowest first: \"<i\" in Python's struct), or waits for more bytes than the length says.";
    NotFramed =
        "Before each message goes its length, and nothing else: the number of its bytes, without the header and the \
        line break, in four bytes, the lowest first (\"<i\" in Python's struct).";
    LengthCountsCharacters =
        "The length is a number of bytes, and 神 is one character of three bytes. Encode the text first, then count.";
    GivesUpAltogether =
        "One question has no answer, and your program stopped asking. Say so, and go on with the next line: the \
        next datagram may arrive.";
    PieceIsNotText =
        "One read may end inside a character, and its bytes alone are not text. Print them in any form, or decode \
        when the text is complete, but never let them end the program.";
    PrintsTooLate =
        "The bytes have arrived, and your program prints nothing: it waits for more. A read of a socket returns \
        what has arrived; a file object's read waits until it has as many bytes as you ask for.";
    EndsBeforeItsInput =
        "More names were typed, and your program has ended or has closed the connection. Each line is one more file: \
        only the end of the input ends a client.";
    LineBreakIsSent =
        "Your program sent the line break that ends a line at the keyboard. On this wire it is part of the message: \
        send the line without it.";
    InputNotSentWhole =
        "Everything has been typed, and the peer waits for the rest, or for the end. Send the input as it is, line breaks \
        too. Then close your sending side (shutdown with SHUT_WR), and go on reading.";
}
