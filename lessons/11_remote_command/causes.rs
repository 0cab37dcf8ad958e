//! The causes of this lesson alone: why an answer to it fails, one name and one sentence each.

netkata::causes! {
    WordsLoseTheirBorders =
        "A command is a list of words, and any byte but zero may stand inside one, spaces too: \
        send the length of all, then each with a zero byte behind it, and hand each over as an \
        argument of its own, unchanged.";
    EndIsNoCommand =
        "A read of 0 bytes is the end of the stream: the client has left, and did not ask for an \
        empty command.";
    NotACommand =
        "A command is one word or more, in UTF-8, each with a zero byte behind it and none \
        inside, and no longer than MAX_COMMAND. Refuse everything else, before you send it and \
        when you read it.";
    NotAReply =
        "These bytes are no piece of a reply: the reader has lost its place, or talks to somebody \
        who speaks another language. Whatever it returns now is made up.";
    NotOnTheList =
        "No program of exactly this name is on the list. A list that also lets through what \
        begins like a name, ends like one or contains one lets through what nobody has put on \
        it.";
    TheListNamesTheFile =
        "The client chooses among names, the list says which file is started for each. A name \
        that is looked up once more, in PATH or in the current folder, may be somebody else's \
        program.";
    ThroughAShell =
        "A shell read what the client sent, and to a shell `;`, `$( )`, `|` and `*` are orders. \
        Start the program itself, with the words as its arguments: then they are only \
        characters.";
    OutputsMixed =
        "A command has two outputs, and whoever asked for it wants to know which is which: send \
        each under its kind, o and e, and write each where it belongs.";
    OutputMadeUp =
        "The command wrote nothing, and this came: output is what the command puts out, and \
        nothing else. That there is none shows in the reply's end.";
    OutputCut =
        "Output has no length that one knows beforehand: all of it belongs to this reply, to the \
        end of both pipes, and none of it to the next.";
    EndingLost =
        "A command ends with a status, or by a signal, and the client has to learn which: 0 is \
        success, everything else is not, and a signal has no status (ExitStatusExt::signal tells \
        it).";
    NoChallenge =
        "The client waits for 32 bytes to prove itself with. A server that does not ask serves \
        everybody.";
    NoReply =
        "A command was asked for, and no whole reply came: pieces of what it puts out, then one \
        piece that says how it ended.";
    WaitsBeforeReading =
        "A pipe holds some 64 KiB. A command that writes more waits until somebody reads, and \
        your code waits for the command, or for its other output: neither moves again. Read both \
        outputs at once, and wait for the process then.";
    ServersInputRead =
        "The command read from the server's own standard input: a child inherits it unless it is \
        given another. Nobody can type for it: give it Stdio::null().";
    RefusalEndsIt =
        "A command that is refused, fails to start or was ended is answered like any other, and \
        the conversation goes on.";
    LeavingIsNoCommand =
        "`q`, `exit` and the end of the stream leave: the server closes, and no error has \
        happened.";
    TimeLimitMissing =
        "The time is over and the command still runs. The clock stops neither while it writes, \
        nor while its outputs are silent or closed, nor while the client does not read: look at \
        it whatever you wait for.";
    TimeLimitNotTold =
        "The server ended the command, and the client was told another end of it: only TIMED_OUT \
        says that it was too slow.";
    GroupLivesOn =
        "The command is over and something that it had started lives on: kill ends one process. \
        Make the command the leader of a group of its own (process_group), and end the group \
        (killpg(3)), before its leader is waited for.";
    CommandOutlivesItsClient =
        "The client has gone, and its command goes on for nobody. A server that only waits for \
        the command does not notice: read from the client at the same time, and end the command \
        at the end of the stream.";
    ZombiesLeftBehind =
        "A process that is over keeps its place in the process table until its parent asks how it \
        ended (wait(2)): until somebody does, it is a zombie. Dropping a Child does not ask.";
    CommandLeavesThreads =
        "The clients have gone, and threads that served them have not. Each must have something \
        that ends: a pipe, a process, a stream, or a channel whose other end is dropped.";
}
