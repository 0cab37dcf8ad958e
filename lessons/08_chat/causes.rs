//! The causes of this lesson alone: why an answer to it fails, one name and one sentence each.

#[path = "zh/causes.rs"]
mod zh;

netkata::causes! {
    also in zh;

    NotTheReply =
        "A reply is the message unchanged, with 好 after it. The greeting comes first, and only once.";
    CharacterCut =
        "A read ended inside a character (神 is three bytes), and its first bytes were treated as a \
        complete one. Keep them until the rest has arrived, or decode when the line is complete.";
    KeptBytesChanged =
        "Half a character arrived, or a byte that is not text, and the next read did not make text \
        of it. Every byte goes back once and in order, also the bytes that were kept.";
    QuitIsAWord =
        "The message `q` ends the session, alone or with the line ending that a terminal sends \
        after it. A message that only contains the letter is like any other.";
    LineEndsAtItsNewline =
        "A line ends at its newline, wherever reads end, and the bytes after it begin the next \
        line. The newline is not part of the line, and neither is a \\r before it. Keep all other \
        characters, also spaces at both ends; a line may be empty.";
    LongLineEndsTheStay =
        "A member sent more than MAX_LINE bytes without a newline. Such a member leaves at once: the \
        others receive it, its connection ends, and `join` returns the InvalidData of `read_line`.";
    UnfinishedLineSaid =
        "The stream ended inside a line, and the part that had arrived was taken for all of it: \
        `rm -rf /tmp/old` may be cut after the first slash. Only a newline ends a line; read_line \
        and lines() do not show whether there was one.";
    LineHasALimit =
        "The peer decides how long a line gets, and read_line keeps all of it: a peer that never \
        sends a newline fills the memory. Stop as soon as more than MAX_LINE bytes have arrived \
        without one; exactly MAX_LINE are allowed.";
    ControlsPass =
        "A terminal obeys control characters: \\r goes back to the start of the line, and ESC \
        begins commands to move and to erase. With them one member can overwrite another member's \
        lines. Replace each with U+FFFD (char::is_control finds them, those above 127 too).";
    NoTextIsNoFailure =
        "Bytes that are not UTF-8 ended the conversation, or changed more of the line than they \
        must. Keep what is valid, and put U+FFFD where it is not.";
    TakesTurns =
        "One direction waits for the other: for a reply, for typed input, or for a peer that does \
        not read. A connection carries bytes both ways at once, so send on one thread and receive \
        on another.";
    TypedLineNotSent =
        "A typed line did not reach the peer. Send each line as soon as it is complete, an empty \
        one, too. Bytes in a buffer of yours have not been sent.";
    ShownTooLate =
        "The bytes have arrived and are not shown: they wait for a newline, or in the output's \
        buffer. Show the bytes of each read, and flush.";
    HalfCloseMissing =
        "The input has ended, and the peer waits for more: close the sending side \
        (shutdown(Write)), and the peer reads the end of the stream.";
    EndOfInputIsNotTheEnd =
        "The input has ended, but the peer still sends: the end of the input closes the sending \
        side, and nothing else.";
    LastLineIsALine =
        "The input ended without a newline, and its last line was not sent, or not all of it. What \
        the user typed is complete when the input ends.";
    ExitIsNotSaid =
        "`exit` is a command to the program and is not sent: the peer only reads the end of the \
        stream. A line that contains anything else is like any other: `exits`, or a space.";
    OutputErrorIsAnError =
        "The received bytes cannot be shown, and nothing reports it: return the error of the \
        output.";
    OnlyOneSideClosed =
        "The conversation has failed here, and only the sending side is closed: the peer can still \
        send, and nothing will read it. shutdown(Both) closes both directions.";
    LineLeftOpen =
        "The conversation has ended here, and the peer does not see the end of the stream: another \
        descriptor of this connection is open, in a clone or in a thread that waits. Dropping one \
        of several closes nothing; shutdown ends the connection itself.";
    WaitsForTheKeyboard =
        "The stream has ended, and your code waits for the thread that waits for the keyboard. \
        Nothing can wake that thread, so do not join it.";
    LineNotHeard =
        "A line did not reach all other members, or not in the form `[NAME] LINE`; or `* NAME has \
        joined` did not reach all members, the new one among them.";
    LineBehindTheName =
        "The name and the next line arrived in one read. A reader's buffer held the line, and was \
        dropped: read the name and the lines through one BufReader.";
    LeaverHearsOfItself =
        "A member received that it has left. This line is for those who stay: remove the member \
        first, then tell the others.";
    EchoesToTheSpeaker =
        "A line goes to all other members. Its sender has it on the screen already.";
    HeardBeforeJoining =
        "A client without a name has not joined: until its first line is complete, send it nothing \
        from the room.";
    NameUnchecked =
        "A name is shown before each line of its owner, so it must not be a name that another \
        member has, or look like more than a name: it is 1 to 32 letters and digits. Refuse any \
        other name with a line that begins with `!` and ends with a newline, and send the other \
        members nothing.";
    NameRefused =
        "A name was refused that is allowed: 1 to 32 letters and digits of any script, counted in \
        characters (神 is one character and three bytes). `Bob` and `bob` are two names.";
    OneHoldsTheRoom =
        "One member does nothing, and all others wait for it. A write to a member that does not \
        read blocks when the kernel's buffers are full, and a read from a silent client blocks at \
        once. Do neither while you hold the lock of the room, nor on the thread of another member.";
    NeverHungUpOn =
        "A member that never reads stays in the room: either its lines fill the memory, or some \
        are dropped and it never learns of it. When more than QUEUE lines wait for a member, shut \
        down its connection, and all its threads end.";
    FailureReachesTheSpeaker =
        "A line did not reach one member, and its sender was removed, before others received the \
        line. A member that is dead or does not read must not affect the sender.";
    QueueTooShort =
        "This member reads, and was disconnected because a few lines arrived at once: up to QUEUE \
        lines may wait for a member.";
    MemberStays =
        "A member has left, and the room did not clean up all of it: tell the other members, free \
        the name, and return from `join`, however the member left. An error must not skip this.";
    MemberLeavesThreads =
        "The members have left, and threads that served them are still there. A thread that is \
        blocked in a read or a write ends when its stream does, so shut down both directions.";
}
