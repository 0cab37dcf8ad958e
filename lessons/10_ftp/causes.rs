//! The causes of this lesson alone: why an answer to it fails, one name and one sentence each.

#[path = "zh/causes.rs"]
mod zh;

netkata::causes! {
    also in zh;

    NotTheMd5 =
        "This is not the MD5 of these bytes in hexadecimal: 32 digits in lower case, two for each \
        byte. A byte below 16 begins with a zero.";
    DigestOfTheBuffer =
        "The digest is not that of the bytes that arrived. A read fills the first part of a buffer \
        and returns how many bytes that is; the rest is left over from before. Digest only the \
        first part.";
    GreetingHasALength =
        "The greeting always has 21 bytes, and no end mark. Read exactly 21 bytes, in as many \
        pieces as they arrive, and compare them; the bytes after them belong to the next reply.";
    RequestHasAnotherForm =
        "A request is the word get, a space and the name, and nothing else. This wire has no end \
        mark, so the server takes everything after the space as the name, even a newline.";
    SavedUnderAnotherName =
        "A file is saved under the requested name, followed by `.new`. Nothing of the name is \
        replaced or left out: `a.txt` and `a.md` are two files.";
    AsksForAPath =
        "The file is also saved under the requested name, so a path would put it somewhere else. \
        Refuse a path with InvalidInput before you send anything: your caller can fix it.";
    NoFileHasThisName =
        "No file can have a name with a zero byte, which ends a name in every call of the system. \
        Refuse it with InvalidInput before you send anything, not after the content has come.";
    DigestSwallowed =
        "The MD5 arrived together with the end of the content, and was taken for content. Only the \
        size separates them: never ask for more bytes than are missing, then read exactly the 32 \
        digits of the MD5.";
    DigestNotCompared =
        "The MD5 that arrived is not that of the content that arrived, and your code accepted the \
        file. One of the two was damaged on the way: compare them, keep nothing, and return \
        InvalidData.";
    EndTakenForDamage =
        "The stream ended before all of it had arrived, so there is nothing to compare yet. Return \
        UnexpectedEof and send no receipt. Only a complete MD5 can be wrong.";
    SizeNotUnderstood =
        "A size is any number that fits a u64: a file of 4 GiB needs more than 32 bits. This one \
        announces more than will come, so the transfer ends early (UnexpectedEof).";
    ReceiptNotCompared =
        "The receipt is not for the bytes that were sent, and your code did not notice. The \
        receipt is all that a client learns about its file: compare both its words and its digits, \
        or MD5 is useless here.";
    NotTheReceipt =
        "A complete upload is answered with the words of the receipt and the MD5 of the content \
        that arrived, even if the client's MD5 is different: this is how the client learns of it. \
        Before that, send only the acknowledgement.";
    ReceiptTooSoon =
        "The client got its receipt before the file was saved. A client with a receipt may delete \
        the original, and a rename can still fail: put the file in its place first, then send the \
        receipt.";
    MissingFileUnanswered =
        "There is no file to send for this request, and the client waits for an answer. Silence \
        makes it wait for ever, an error ends its connection, and a panic ends the server: send \
        NO_SUCH_FILE, and go on to the next request.";
    NotARequest =
        "A request is the word get in lower case, a space, and the name, to its last byte. This one \
        is something else, and your code sent a file that was not requested: answer with \
        NO_SUCH_FILE.";
    WaitsForThePipe =
        "A named pipe is not a file, and opening it waits until another program opens its other end. \
        No program does, so one request stops the server. Check that the name is a file before you \
        open it.";
    NameNotFound =
        "The folder has a file of this name, and the client asked for exactly that. The name is \
        everything after `get `: it may begin with a dot, hold spaces and dots, and have 255 bytes.";
    MissingFileUnreported =
        "The server answered that it has no such file. This is neither a size nor a failure of the \
        connection: return NotFound and acknowledge nothing, so that the next request may follow.";
    OneTransferOnly =
        "The connection still works, but the next transfer over it went wrong. Each transfer must \
        read all the bytes that belong to it, and no others.";
    ProgressMisreports =
        "Progress is how many bytes of the content have passed, and how many there are. Report it \
        after each piece, at least once per MiB: never more than have passed, and at the end all \
        of them.";
}
