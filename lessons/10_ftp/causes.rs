//! The causes of this lesson alone: why an answer to it fails, one name and one sentence each.

netkata::causes! {
    NotTheMd5 =
        "This is not the MD5 of these bytes in hexadecimal: 32 digits, two for each byte, in \
        small letters. A byte below 16 begins with a zero.";
    DigestOfTheBuffer =
        "The digest was fed something else than the bytes that came: a read fills the first part \
        of a buffer and says how much of it; what lies behind that is left from before.";
    GreetingHasALength =
        "The greeting is 21 bytes, the same every time, and no mark stands behind it: read \
        exactly so many, however they come, and compare them. What is behind belongs to the next \
        reply.";
    RequestHasAnotherForm =
        "A request is the word get, a space and the name, and nothing else: on this wire no mark \
        ends it, so the server takes all of it for the name, a line's end too.";
    AsksForAPath =
        "The name that is asked for is the name to save under as well: a path would put the file \
        somewhere else. Refuse it with InvalidInput before anything is sent, since whoever \
        called you can mend it.";
    DigestSwallowed =
        "The MD5 came together with the last of the content, and was taken for content. Only the \
        size tells them apart: never ask for more than is missing, then read the 32 digits of \
        the MD5, no more and no fewer.";
    DigestNotCompared =
        "The MD5 that came is not that of the content that came, and the file was taken for good. \
        One of the two was damaged on the way: compare them, keep nothing, and say so with \
        InvalidData.";
    ReceiptNotCompared =
        "The receipt is not for the bytes that were sent, and nobody looked at it. It is all that \
        a client ever learns of its file: compare it, with its words and its digits, or do \
        without MD5.";
    NotTheReceipt =
        "An upload that has come to its end is answered with the words of the receipt and the MD5 \
        of what came, also if the client's own MD5 is another: from this the client learns it. \
        Before that only the acknowledgement is sent.";
    ReceiptTooSoon =
        "The client was told that its file is there before it was: whoever has a receipt may \
        throw the original away, and a rename can still fail. Put the file in its place first, \
        then confirm it.";
    MissingFileUnanswered =
        "There is no file to send for this request, and the client waits to be told. Silence \
        makes it wait for ever, an error ends its connection, and a panic the server: send the \
        words for it, and go on to the next request.";
    MissingFileNotTold =
        "The server said that it has no such file. That is no size, and no failure of the \
        connection: tell the caller NotFound, acknowledge nothing, and the next request may \
        follow.";
    OneTransferOnly =
        "The connection is as good as before, and the next transfer over it went wrong: each must \
        take from the stream what belongs to it, all of that, and nothing else.";
    ProgressMisreports =
        "Progress is how many bytes of the content have passed, of how many: told after each \
        piece, at the latest after each MiB, never more than have passed, and at the end all of \
        them.";
}
