//! The causes of this lesson alone: why an answer to it fails, one name and one sentence each.

#[path = "zh/causes.rs"]
mod zh;

netkata::causes! {
    also in zh;

    WordsLoseTheirBorders =
        "A command is a list of words, and a word may contain any byte but zero, spaces too. Send \
        the length, then each word followed by a zero byte. Pass each on as one argument, \
        unchanged.";
    EndIsNoCommand =
        "A read of 0 bytes is the end of the stream: the client has left. It did not send an empty \
        command: return None.";
    NotACommand =
        "A command is one word or more, in UTF-8, each followed by a zero byte and with none \
        inside, and is not longer than MAX_COMMAND. Refuse anything else, both before you send it \
        and when you read it.";
    NotAReply =
        "These bytes are not a piece of a reply: the reader has lost its place, or the peer uses \
        another protocol. Return InvalidData: any other result is made up.";
    NotOnTheList =
        "No program of exactly this name is on the list. Compare whole names: a list that allows \
        what begins like a name, ends like one or contains one allows programs that are not on \
        it.";
    TheListNamesTheFile =
        "The client chooses a name, and the list says which file is started for it. If you search \
        for the name again, in PATH or in the current folder, you may find another program.";
    ThroughAShell =
        "A shell read what the client sent, and a shell interprets `;`, `$( )`, `|` and `*`. Start \
        the program itself, with the words as its arguments: to a program they are only \
        characters.";
    CommandInTwoWrites =
        "The command left in more than one write: the header may travel alone, and what follows \
        may wait until it is acknowledged (Nagle's algorithm). Put header and words together, and \
        write them at once.";
    PieceOutOfForm =
        "A client refuses this piece. No piece is longer than MAX_PIECE; `x` and `s` carry four \
        bytes, `t` none, and `r` a text in UTF-8: if you shorten it, cut between two characters.";
    OutputsMixed =
        "A command has two outputs, and the client has to know which is which: send each under its \
        kind, o or e, and write each to its place.";
    OutputMadeUp =
        "The command wrote nothing, but this came: send only what the command writes. The end of \
        the reply shows that there was no output.";
    OutputCut =
        "The length of the output is not known beforehand: all of it, to the end of both pipes, \
        belongs to this reply, and none of it to the next.";
    EndingLost =
        "A command ends with a status or by a signal, and the client needs to know which: 0 is \
        success, any other status is a failure, and a signal has no status \
        (ExitStatusExt::signal returns it).";
    ReasonChanged =
        "The reason of a refusal is text for the user of the client: return it as it came.";
    NoChallenge =
        "The client waits for the 32 bytes of the challenge. A server that does not send them \
        serves any client.";
    FailedProofUnreported =
        "The client has failed the challenge, and your caller has to learn of it: it may count or \
        log such clients. Return PermissionDenied.";
    NoReply =
        "The client sent a command, and no complete reply came: pieces of what the command \
        writes, then one piece that says how it ended.";
    WaitsBeforeReading =
        "A pipe holds about 64 KiB. A command that writes more waits until its output is read, \
        and your code waits for the command, or for its other output: neither continues. Read \
        both outputs at once, and only then wait for the process.";
    ServersInputRead =
        "The command read from the server's own standard input: a child inherits it unless you \
        give it another. Give it Stdio::null(), which is empty.";
    InputNeverEnds =
        "The command waits for input, or for its end: neither comes while you hold the other end \
        of its input open. Give it Stdio::null(), which ends at once.";
    RefusalEndsIt =
        "Answer a command that is refused, fails to start or was ended like any other, and \
        continue the session.";
    SilenceEndsTheSession =
        "Only the proof has to come in time: a client that has proved itself may take any time \
        before its next command. A read timeout stays on the socket until you remove it: do so \
        after the proof.";
    UnreadReplyHoldsTheServer =
        "The client reads nothing, and a write to it waits. Limit this with a write timeout, and \
        return its error, WouldBlock: the reply is cut in the middle of a piece, so the session \
        cannot continue.";
    SlowReaderGivenUp =
        "The client reads slowly, and it may: give it up only if it reads nothing for the whole \
        limit. At the time limit end the command, finish the piece that you are sending, and only \
        then send TIMED_OUT.";
    LeavingIsNoCommand =
        "`q`, `exit` and the end of the stream end the session: close the connection, and return \
        no error.";
    TimeLimitMissing =
        "The time limit is over and the command still runs. The clock does not stop while the \
        command writes, while its outputs are silent or closed, or while the client does not \
        read: check it whatever you wait for.";
    OverTooSoon =
        "A command is over when its process and both of its outputs have ended. A child may hold \
        the outputs open after the process has ended, and a process may go on after it has closed \
        them: wait for all three.";
    SignalIgnored =
        "The command ignores the signals that ask it to end. It cannot ignore SIGKILL: send this \
        one to the whole group.";
    TimeLimitUnreported =
        "The server ended the command, but the client was told another reason: only TIMED_OUT \
        says that the command reached the time limit.";
    GroupLivesOn =
        "The command has ended, but a process that it started still runs: kill ends only one \
        process. Make the command the leader of a process group (process_group), and end the \
        group (killpg(3)) before you wait for its leader.";
    CommandOutlivesItsClient =
        "The client has left, but its command still runs. A server that only waits for the \
        command does not notice: read from the client at the same time, and end the command at \
        the end of the stream.";
    ZombiesLeftBehind =
        "A process that has ended stays in the process table, as a zombie, until its parent asks \
        how it ended (wait(2)). Dropping a Child does not ask: call wait on every way out.";
    CommandLeavesThreads =
        "The clients have left, but threads that served them are still there. Each thread must \
        wait for something that ends: a pipe, a process, a stream, or a channel whose other end \
        is dropped.";
}
