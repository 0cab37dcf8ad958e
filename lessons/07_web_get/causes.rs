//! The causes that only this lesson uses: why an answer fails, one name and one sentence each.

#[path = "zh/causes.rs"]
mod zh;

netkata::causes! {
    also in zh;

    NotTheRequest =
        "A request is three lines, GET, Host and Connection, each with CR LF at its end, and then \
        an empty line: a server waits until the empty line has arrived.";
    RequestSplit =
        "Spaces and line ends separate the parts of a request: one inside a host or a path ends \
        that part, and the person who chose the name writes the rest of the request. Refuse \
        anything but visible ASCII, with InvalidInput, before you send anything.";
    NoSlashInFront =
        "The path goes into the first line as it is, and without a slash in front it is not a path \
        on this server. Return InvalidInput before you send anything.";
    BlankLineInPieces =
        "The blank line is four bytes, and a read may end between any two of them: search all the \
        bytes that have arrived so far, not those of one read.";
    ReadAheadIsLost =
        "The read that returned the end of the head also returned the start of the body. A reader \
        with a buffer keeps those bytes for its next call, and they are lost if you drop it: read \
        head and body through the same reader.";
    FirstBlankLineEndsTheHead =
        "The first blank line ends the head. Every later one belongs to the body, which may \
        contain any bytes.";
    HeadIsNotYours =
        "The head is what the server has sent: its spaces, its tabs, its capitals. Only the last \
        line end and the blank line are cut off, and nothing else changes.";
    OnlyCrLfEndsALine =
        "A line ends with CR LF, two bytes in this order. A CR or an LF alone is a byte of the \
        line like any other: a program that takes it for an end finds fields, or the end of the \
        head, where other programs do not.";
    BodyHasNoLimit =
        "A large page arrives in many reads, and its body has no limit: only a head and a line \
        before a chunk have one.";
    EmptyBodyIsABody = "A body may be empty: nothing is missing, and the page is complete.";
    FieldNamesHaveNoCase =
        "Content-Length, content-length and CONTENT-LENGTH are the same field (RFC 9110, section \
        5.1), and the codings that a field names may be in upper or lower case too. Spaces \
        around a value do not belong to it, and may be missing.";
    NotThatField =
        "A field is a line of the head, and its whole name, from the start of the line to the \
        colon, must be the one you look for: the same letters inside another name, in a value or \
        in the body mean nothing.";
    LengthsDisagree =
        "Two different lengths cannot both be right, and if you choose one, you may cut the page \
        at another place than other programs do: such a head is InvalidData (RFC 9112, section \
        6.3).";
    LengthsAgree =
        "The lengths are equal: they do not contradict each other, and the page ends after that \
        many bytes.";
    NotAField =
        "A line of the head without a colon is not a field. Skip it, and go on to the next line: \
        the fields after it count.";
    TimeoutIsNotTheEnd =
        "No byte arrived in time: a stream with a read timeout returns an error then (WouldBlock \
        on Unix). The page is not complete, and the server has not closed. Return this error.";
    ChunksNotUndone =
        "The head says Transfer-Encoding: chunked. Then the body comes in chunks, each after a \
        line with its size, and these lines do not belong to the page. A program that sends \
        HTTP/1.1 must decode them (RFC 9112, section 7.1).";
    ChunkSizeIsHexadecimal =
        "The size of a chunk is in hexadecimal digits, in upper or lower case; what follows a \
        semicolon does not belong to it.";
    ChunksAreCounted =
        "A chunk ends after as many bytes as its size says, whatever these bytes are: line ends \
        and digits inside it are data.";
    LastChunkEndsThePage =
        "The chunk of size 0 is the last: the page is complete. Nothing more has to come, neither \
        an empty line nor the end of the stream.";
    NotAChunkSize =
        "The line before a chunk begins with hexadecimal digits and nothing else, and CR LF \
        follows the chunk. If not, the reader has lost its place in the stream: return \
        InvalidData, without waiting for more bytes.";
    ChunksOutrankALength =
        "If a body comes in chunks, only they say where it ends: ignore a Content-Length beside \
        them (RFC 9112, section 6.3).";
    CodingNotUndone =
        "The body has a coding that this program cannot decode, so the bytes that you returned \
        are not the page. Return the error Unsupported.";
    HeadWithoutBound =
        "Your code waits for a line end that never comes, and keeps everything that arrives: a \
        server that sends without end fills the memory. A head is at most MAX_HEAD bytes long, \
        and so is a line; beyond that, return InvalidData.";
    HeadLimitOffByOne =
        "The limit is off: a head of exactly MAX_HEAD bytes is still allowed, one byte more is \
        not. Count the blank line, but not the body.";
    LineLimitOff =
        "The limit of a line before a chunk is off: each may have MAX_HEAD bytes, its line end \
        included, and one byte more is InvalidData.";
    NotHttp =
        "The answer does not begin with a status line: HTTP/1.0 or HTTP/1.1, a space, and three \
        digits for the status. It does not come from a web server that you know, and you cannot \
        trust anything in it. Return InvalidData as soon as the line has arrived.";
    NotTheStatus =
        "The status is the number in the first line of the head, after the version: 200 means \
        that this is the requested page.";
    ErrorPageIsAPage =
        "The server answered, with an error status: the caller wants to see this page, so return \
        it like any other. What a status means is for the caller to decide.";
    FileIsNotTheBody =
        "The file must contain the body, byte for byte, and nothing else: no head, and no bytes \
        of a longer, older file.";
    SavingFailedUnnoticed =
        "The file could not be written, or not all of it, but the caller believes that it was: \
        pass the error on. A write may take only a part, and a BufWriter holds bytes until it is \
        flushed; dropping it ignores the error.";
}
