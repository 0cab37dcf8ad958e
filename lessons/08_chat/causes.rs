//! The causes of this lesson alone: why an answer to it fails, one name and one sentence each.

netkata::causes! {
    NotTheReply =
        "A reply is the message as it came with 好 behind it, and the greeting comes once, before \
        everything.";
    CharacterCut =
        "A read ended inside a character (神 is three bytes), and its first bytes were taken for \
        all of it. Keep them until the rest has come, or decode when the whole line is there.";
    QuitIsAWord =
        "The message `q` ends the call, alone or with the line end that a terminal puts behind \
        it; a message that only contains the letter is one like any other.";
    LineEndsAtItsNewline =
        "A line ends at its newline, wherever reads end: what follows is the next line, and the \
        newline, with the \\r that Windows puts before it, is part of neither. Everything else \
        is, spaces at the ends too, and a line may be empty.";
    UnfinishedLineSaid =
        "The stream ended inside a line, and what had come was taken for all of it: `rm -rf \
        /tmp/old` may break off behind the first slash. Only a newline ends a line; read_line \
        and lines() do not tell you whether there was one.";
    LineHasALimit =
        "How long a line gets is up to whoever sends it, and read_line keeps all of it: a peer \
        that never sends a newline fills the memory. Stop as soon as more than MAX_LINE bytes \
        have come without one; exactly so many are allowed.";
    ControlsPass =
        "A terminal obeys control characters: \\r goes back to the start of the line, ESC begins \
        orders to move and to erase. With them one member writes over another's words, and \
        forges them. Replace each with U+FFFD (char::is_control knows them, those above 127 \
        too).";
    NoTextIsNoFailure =
        "Somebody's bytes were no UTF-8, and the conversation ended, or the line changed more \
        than it must: show what can be read, with U+FFFD for what cannot.";
    TakesTurns =
        "One side has to wait until the other has spoken, or typed, or read. A connection carries \
        bytes both ways at once: speaking and hearing wait for different things, so each needs a \
        thread of its own.";
    ShownTooLate =
        "The bytes have come and nobody can see them: they wait for a newline, or in the output's \
        buffer. Show what each read brings, and flush.";
    EndOfInputNotTold =
        "There is nothing more to say, and the peer waits for it: close the sending side \
        (shutdown(Write)), and it reads the end of the stream.";
    EndOfInputIsNotTheEnd =
        "There is nothing more to say, but the peer has: the end of the input closes the sending \
        side, and only that one.";
    ExitIsNotSaid =
        "`exit` is a word to the program and not to the peer, who learns of it by the end of the \
        stream. A line that only begins with it is a line like any other.";
    LineLeftOpen =
        "The conversation is over here, and the peer does not see the end of the stream: somebody \
        still holds a descriptor of this connection, a clone or a thread that waits. Dropping \
        one of several closes nothing; shutdown ends the connection itself.";
    WaitsForTheKeyboard =
        "The stream has ended, and your code waits for the thread that waits for the keyboard, \
        which nothing can wake: do not join it.";
    LineNotHeard = "Not everybody else heard what was said, or not in the form `[NAME] LINE`.";
    EchoesToTheSpeaker =
        "What a member says goes to everybody else: it has its own words on its screen already.";
    HeardBeforeJoining =
        "Who has not said a name has not joined: until the first line is whole, nothing of the \
        room goes to this connection.";
    NameUnchecked =
        "A name stands before everything its owner says, so nobody may choose one that somebody \
        has, or one that looks like more than a name: 1 to 32 letters and digits. All others are \
        refused with a line that begins with `!`, and nobody else hears of it.";
    OneHoldsTheRoom =
        "One member does nothing, and everybody waits for it: a write to somebody who does not \
        read blocks as soon as the kernel's buffers are full, and a read from somebody silent \
        blocks at once. Nothing that all need, the lock of the room or the thread of whoever \
        speaks, may be in such a call.";
    NeverHungUpOn =
        "A member who never reads stays in the room: either every line is kept for it, until the \
        memory is full, or lines are lost and it never learns. Hang up on a member for whom more \
        than QUEUE lines wait: end its connection, and everything that serves it learns of it.";
    FailureReachesTheSpeaker =
        "A line did not reach one member, and whoever said it was thrown out, before others had \
        heard it: a member that is dead or does not read is the failure of no other.";
    QueueTooShort =
        "This member reads, and was hung up on because a few lines came at once: as many as QUEUE \
        may wait for somebody.";
    MemberStays =
        "A member has gone, and the room has not noticed, or only in part: everybody is told, the \
        name becomes free, and `join` returns, however the member went. What has to be done at \
        the end must not be skipped by an error.";
    MemberLeavesThreads =
        "The members have gone, and threads that served them have not: one that is blocked in \
        read or write ends when its stream does, so end the stream, both ways.";
}
