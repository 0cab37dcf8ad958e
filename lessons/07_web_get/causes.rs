//! The causes of this lesson alone: why an answer to it fails, one name and one sentence each.

netkata::causes! {
    NotTheRequest =
        "A request is three lines, GET, Host and Connection, each ended by CR LF, and an empty \
        line behind them: until that has come, a server waits for more.";
    RequestSplit =
        "A request is made of spaces and line ends: one inside a host or a path ends what it \
        stands in, and whoever chose the name writes the rest of the request. Refuse all but \
        visible ASCII, with InvalidInput, before anything is sent.";
    BlankLineInPieces =
        "The blank line is four bytes, and a read may end between any two of them: look for it in \
        all that has come so far, not in what one read has brought.";
    FirstBlankLineEndsTheHead =
        "The first blank line ends the head. Every later one belongs to the body, which may hold \
        any bytes.";
    EmptyBodyIsABody = "A body may be empty: nothing is missing, and the page is whole.";
    FieldNamesHaveNoCase =
        "Content-Length, content-length and CONTENT-LENGTH are the same field (RFC 9110, section \
        5.1), and so are the codings that a field names; spaces around a value are no part of \
        it, and there need be none.";
    NotThatField =
        "A field is a line of the head whose whole name, from the start of the line to the colon, \
        is the one you look for: the same letters inside another name, in a value or in the body \
        say nothing.";
    LengthsDisagree =
        "Two lengths that differ cannot both be right, and whoever takes one of them may cut the \
        page elsewhere than others do: such a head is InvalidData (RFC 9112, section 6.3).";
    ChunksNotUndone =
        "The head says Transfer-Encoding: chunked. Then the body comes in chunks, each behind a \
        line with its size, and those lines are no part of the page. Whoever says HTTP/1.1 has \
        to undo this (RFC 9112, section 7.1).";
    ChunkSizeIsHexadecimal =
        "The size of a chunk is in hexadecimal digits, large or small; what stands behind a \
        semicolon is no part of it.";
    ChunksAreCounted =
        "A chunk ends after as many bytes as its size says, whatever bytes they are: line ends \
        and digits inside it are data.";
    LastChunkEndsThePage =
        "The chunk of size 0 is the last: the page is whole, and nothing more has to come, not \
        even the end of the stream.";
    NotAChunkSize =
        "A line in front of a chunk begins with hexadecimal digits and nothing else, and CR LF \
        stands behind the chunk. If not, the reader has lost its place in the stream: \
        InvalidData.";
    ChunksOutrankALength =
        "Where a body comes in chunks, only they say where it ends: a Content-Length beside them \
        counts for nothing (RFC 9112, section 6.3).";
    CodingNotUndone =
        "The body was coded in a way that this program cannot undo: returned all the same, it is \
        not the page. Say so, with the error Unsupported.";
    HeadWithoutBound =
        "The line end that your code waits for never comes, and all that does come is kept: who \
        sends without end fills the memory. A head is at most MAX_HEAD bytes long, and so is a \
        line; beyond that it is InvalidData.";
    HeadLimitOffByOne =
        "The limit is off: a head of exactly MAX_HEAD bytes, its blank line counted and the body \
        not, is still allowed, one byte more is not.";
    NotHttp =
        "What came does not begin with a status line such as `HTTP/1.1 200 OK`, three digits for \
        the status: it is no answer of a web server, and nothing in it can be believed. That is \
        InvalidData.";
    NotTheStatus =
        "The status is the number in the first line of the head, behind the version: 200 says \
        that this is the page that was asked for.";
    ErrorPageIsAPage =
        "The server answered, with a status that says no: the caller wants to see it, so it comes \
        back like any other page. What a status means is the caller's business.";
    FileIsNotTheBody =
        "The file has to hold the body, byte for byte, and nothing else: no head, and nothing of \
        an older file that was longer.";
    SavingFailedUnnoticed =
        "The file could not be written, and the caller believes that it was: pass the error on.";
}
