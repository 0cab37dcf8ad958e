//! The named causes: why an answer fails, one name and one wording each.

use crate::story::{Row, Story};
use crate::told::{counted, grouped, in_large_units};

/// Why an answer failed. A check names the one it is about; the transcript often shows a plainer one.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Cause {
    /// One read was taken for one message.
    OneReadIsNotOneMessage,
    /// The four bytes of a header were read once, and came in pieces.
    HeaderReadOnce { got: usize },
    /// A buffer was returned whole, although the read filled only part of it.
    UnfilledBuffer,
    /// The length was read, or written, with its bytes in the wrong order.
    ByteSwapped { asked: usize, meant: usize },
    /// Text was taken for a length.
    LengthIsText { asked: usize, text: String },
    /// More bytes were asked for than will ever come.
    AsksForMoreThanComes { asked: usize },
    /// Bytes after the message were taken with it, and lost to the next one.
    ReadTooFar,
    /// Two messages were returned as one.
    TwoMessagesInOne,
    /// A second message that came in the same read was lost, or comes too late.
    SecondMessageLost,
    /// The header was returned as part of the message.
    HeaderInMessage,
    /// An end of stream between messages was reported as an error.
    CleanEndIsNoError,
    /// An end of stream inside a message was reported as a clean end, or as a whole message.
    TruncationLooksComplete,
    /// An empty message was taken for the end of the stream, or skipped.
    EmptyMessageIsAMessage,
    /// An interrupted call was taken for a failure.
    InterruptedIsNoFailure,
    /// The end of the stream was taken for a read to be tried again.
    SpinsAtTheEnd,
    /// The same call is made again and again although nothing moves.
    Spins,
    /// A write took part of the bytes and the rest was never sent.
    PartialWriteIgnored,
    /// The bytes stay in a buffer that nobody flushes.
    NeverFlushed,
    /// The length in the header counts the header too.
    LengthCountsTheHeader,
    /// A message was sent without its header.
    HeaderMissing,
    /// A negative length was taken for a large one.
    NegativeLengthTrusted,
    /// A length above the limit was trusted.
    LengthTrusted,
    /// Memory was set aside for bytes that a peer only promised.
    AllocatesOnPromise { bytes: usize, arrived: usize },
    /// The limit is off by one, or counts what it should not.
    LimitOffByOne,
    /// A message was sent that every reader must refuse.
    SendsWhatIsRefused,
    /// Bytes were turned into text and back.
    BytesAreNotText,
    /// The middle of a message was taken for a header.
    LostItsPlace,
    /// A message was read before all of what was sent had arrived.
    ReadBeforeAllArrived,
    /// Two messages were joined by the sender, and left in one write.
    JoinedBeforeSending,
    /// One message was cut by the sender, and left in several writes.
    SplitBySending,
    /// A message that should come out of several reads came out of one.
    NotSplit,
    /// Bytes were looked at and left in the receiver's queue.
    LeftInTheQueue,
    /// Everything had arrived, and the one read had no room for it.
    NoRoomForAll,
    /// The size is not the number of bytes, or not in decimal digits.
    WrongSize,
    /// The size says where to stop, and more is waited for.
    DoesNotStopAtTheSize,
    /// The end of the stream was taken for an acknowledgement.
    EndIsNoAcknowledgement,
    /// Data was sent before the acknowledgement had been read.
    DidNotWaitForAcknowledgement,
    /// Part of an acknowledgement was left in the stream, and taken for the next one.
    AcknowledgementLeftOver,
    /// An acknowledgement was taken to have a certain length.
    AcknowledgementHasNoLength,
    /// A size that is refused was acknowledged.
    AcknowledgesWhatItRefuses,
    /// A size that is no row of decimal digits was taken for one.
    NotDecimalDigits,
    /// The end of the stream was taken for a size.
    EndIsNoSize,
    /// Both sides wait for the other to send.
    BothWait,
    /// A datagram was longer than the buffer it was received into.
    DatagramCut,
    /// An empty datagram was taken for an end.
    EmptyDatagramIsNoEnd,
    /// A UDP socket was connected, and hears one peer only.
    TurnsOthersAway,
    /// A datagram was sent from another socket than the one it should come from.
    SentFromAnotherSocket,
    /// A reply went to somebody else than whoever sent the datagram.
    ReplyToAnother,
    /// A server ended although it should go on.
    ServesOneAndEnds,
    /// ICMP's news of an earlier datagram was taken for a failure of the socket.
    UnreachableIsNoFailure,
    /// An error that will not go away was answered with another try.
    SwallowsEveryError,
    /// A lost datagram was waited for without end.
    WaitsForEver,
    /// A question was not asked as often as it should be.
    GivesUpTooSoon,
    /// A question was asked more often than it should be.
    NeverGivesUp,
    /// A question was asked again although nobody had been silent.
    AsksTooOften,
    /// A read timeout was known by one of its names only.
    TimeoutHasTwoNames,
    /// A read timeout of zero was asked for.
    NoTimeIsNoTimeout,
    /// A datagram of a stranger was taken for the reply.
    StrangerBelieved,
    /// A datagram of a stranger cost a try.
    StrangerCostsATry,
    /// A datagram of a stranger made the wait longer.
    StrangerProlongsTheWait,
    /// The caller's socket is not as it was.
    SocketLeftChanged,
    /// A digest over key and message stands where an HMAC should.
    KeyedDigestIsNotHmac,
    /// The two pads of HMAC are in each other's place.
    PadsSwapped,
    /// The inner digest of an HMAC went into the outer one as text.
    InnerDigestInHex,
    /// The key of an HMAC was not made to fit the block.
    KeyNotFittedToTheBlock,
    /// The HMAC is wrong in a way that its bytes do not show.
    NotTheHmac,
    /// A comparison of digests stopped at the first byte that differed.
    ComparisonStopsEarly { looked: usize, length: usize },
    /// Digests of different lengths were taken for the same.
    LengthsNotCompared,
    /// The answer to a challenge is not the digest's bytes.
    NotTheAnswer,
    /// Somebody who does not know the key was believed.
    ImpostorAccepted,
    /// A challenge was not 32 bytes.
    ChallengeHasAnotherSize,
    /// The same challenge was sent twice.
    ChallengeRepeats,
    /// A challenge can be guessed.
    ChallengeIsPredictable,
    /// An answer that was recorded on the wire was accepted again.
    ReplayAccepted,
    /// Somebody who had proved nothing was served.
    UnprovenIsServed,
    /// Somebody who proves nothing and says nothing holds a connection for ever.
    SilenceHoldsTheServer,
    /// The time limit for a proof cut off somebody who had given it.
    PatienceOutlastsTheProof,
    /// A digest over secret and data is not the one that was asked for.
    NotTheSaltedDigest,
    /// A signature was made for another message, without the key.
    ForgedByExtension,
    /// A genuine signature was refused.
    GenuineRefused,
    /// A client has to wait until another one has gone.
    ClientsWaitInLine,
    /// What one client did ended the conversation of others, or the server.
    OneHarmsOthers,
    /// The handler's stream has a time limit that the handler did not set.
    TimeoutForced,
    /// One handler, or its state, serves several clients.
    HandlerShared,
    /// `finish` was left out, or made twice.
    FinishNotOnce,
    /// `handle` or `finish` was called although `setup` had failed.
    WentOnWithoutSetup,
    /// The line stays open although the handler has finished.
    LineHeldOpen,
    /// Only one of the errors by which a client goes was taken for its end.
    GoneInTwoWays,
    /// A name that is no text, or comes cut, ended the conversation.
    NamesAreBytes,
    /// A name was waited for until a mark that never comes.
    NameHasNoEndMark,
    /// The word that ends the conversation was not heeded, or not only that word.
    ExitIsAWord,
    /// The pause between two messages is not the one that was asked for.
    PeriodNotKept,
    /// Threads are left that nobody will end.
    ThreadsLeftBehind,
    /// Descriptors are left that nobody will close.
    DescriptorsLeftBehind,
    /// Threads that are over are kept, with their stacks.
    HandlesAccumulate,
    /// An error of `accept` ended the server.
    AcceptErrorEndsTheServer,
    /// An error of `accept` is answered by another try, at once, for ever.
    SpinsWithoutDescriptors,
    /// Blocked threads do not learn of the shutdown.
    ShutdownUnseen,
    /// A connection that was accepted during the shutdown is not ended.
    ShutdownMissesNewcomers,
    /// `shutdown` returns before the handlers have finished.
    ShutdownReturnsEarly,
    /// A second `shutdown` does not return, or one of several at once.
    ShutdownWorksOnce,
    /// A shutdown that came before the serving was forgotten.
    ShutdownForgotten,
    /// A handler that shuts its server down waits for itself.
    WaitsForItself,
    /// Callers are still taken on after the shutdown.
    StillListening,
    /// The server waited inside a call for one client, and everybody with it.
    WaitsForOneClient,
    /// The server waited in accept, and served nobody meanwhile.
    WaitsForTheNextCaller,
    /// One turn went on for ever, without waiting in a call.
    TurnNeverEnds,
    /// `WouldBlock` was taken for a failure, or for the end.
    NothingNowIsNoFailure,
    /// Clients were served only in turns in which nobody connected.
    ServedOnlyWhenNobodyCalls,
    /// Only one caller was let in in a turn.
    OneCallerATurn,
    /// `turn` said that something moved when nothing did, or the other way round.
    TurnMisreports,
    /// A client got no answer, and never will.
    AnswerNeverCame,
    /// The server closed the connection of a client that had done no wrong.
    HungUp,
    /// A client that had left was kept.
    ClosedClientKept,
    /// One client got what another had sent.
    AnotherClientsBytes,
    /// A read ended inside a character, and the server took it for a mistake.
    HalfACharacter,
    /// Letters beyond ASCII were changed, or letters of ASCII were not.
    OnlyAsciiLettersChange,
    /// A failure of one client's connection ended the server.
    OneClientEndsTheServer,
    /// A client that closed its sending side lost its answer.
    HalfCloseLosesTheAnswer,
    /// What one write did not take was never sent.
    UnsentBytesLost,
    /// A client that was slow for a while was never read from again.
    NeverReadAgain,
    /// What is owed to a client that does not read grew without bound.
    OwedWithoutBound,
    /// One client was served for longer than its share of a turn.
    ServesOneClientTooLong,
    /// `serve` returned, and with it ended the service.
    ServeEnded,
    /// The server computed all the time although nothing moved.
    NeverRests,
    /// The answer panicked.
    Panicked,
    /// A thread of the answer panicked.
    ThreadPanicked,
    /// The answer put a panic hook of its own in the place of the program's.
    PanicHookReplaced,
    /// The answer never returned.
    NeverReturns,
    /// Two values differ, and nothing plainer is known.
    Differs,
    /// The check was not run, because others before it never ended.
    NotTried,
    /// A request is not byte for byte what a server waits for.
    NotTheRequest,
    /// A host or a path went into the request although it breaks it.
    RequestSplit,
    /// The blank line was looked for in one read at a time.
    BlankLineInPieces,
    /// A blank line inside the body was taken for the border of head and body.
    FirstBlankLineEndsTheHead,
    /// A page without a body was taken for a failure.
    EmptyBodyIsABody,
    /// A field was known in one spelling only.
    FieldNamesHaveNoCase,
    /// Letters that only look like a field were taken for it.
    NotThatField,
    /// Two lengths that differ were not refused.
    LengthsDisagree,
    /// The chunks of a body were taken for the body.
    ChunksNotUndone,
    /// The size of a chunk was not read as hexadecimal digits.
    ChunkSizeIsHexadecimal,
    /// A line end inside a chunk was taken for its end.
    ChunksAreCounted,
    /// A page was read beyond its last chunk.
    LastChunkEndsThePage,
    /// What is no chunk was taken for one.
    NotAChunkSize,
    /// A length was believed although the body comes in chunks.
    ChunksOutrankALength,
    /// A body that is still coded was returned as if it were not.
    CodingNotUndone,
    /// A head, or a line of it, was collected without end.
    HeadWithoutBound,
    /// The limit of a head is off by one, or counts what it should not.
    HeadLimitOffByOne,
    /// A connection that failed was taken for one that ended.
    ResetLooksComplete,
    /// What is no answer of a web server was taken for one.
    NotHttp,
    /// The status is not the one that the head begins with.
    NotTheStatus,
    /// An answer with an error status was not returned as a page.
    ErrorPageIsAPage,
    /// A saved file does not hold the body, and only that.
    FileIsNotTheBody,
    /// A file was not written, and nobody was told.
    SavingFailedUnnoticed,
    /// A port was bound that a listener has already.
    ListensTwice,
    /// A call was made to another address than the one that was given.
    CallsElsewhere,
    /// A call that nobody took was not reported as such.
    RefusalIsAnError,
    /// A caller that said nothing was taken for a failure.
    SilenceIsNoFailure,
    /// More than one call was answered, or not even one to its end.
    OneCallIsAnswered,
    /// Something was said before the greeting was whole.
    SpeaksTooSoon,
    /// A server that greeted in other words was taken for the right one.
    AnotherGreeting,
    /// The end of the stream was never sent.
    EndNeverSent,
    /// The other side was not heard out.
    StopsListening,
    /// A reply of the chatbot is not the message with its word behind it.
    NotTheReply,
    /// A read ended inside a character, and its first bytes were taken for all of it.
    CharacterCut,
    /// `q` did not end the call, or something else did.
    QuitIsAWord,
    /// A line was taken to end where it does not, or its line end to be part of it.
    LineEndsAtItsNewline,
    /// The end of the stream was taken for the end of a line.
    UnfinishedLineSaid,
    /// The length of a line is not limited, or not as it should be.
    LineHasALimit,
    /// Control characters that a peer sent reach another one's screen.
    ControlsPass,
    /// Bytes that are no text ended a conversation, or were dropped.
    NoTextIsNoFailure,
    /// One side has to wait until the other has spoken.
    TakesTurns,
    /// What came was not shown when it came.
    ShownTooLate,
    /// The input has ended, and the peer does not learn of it.
    EndOfInputNotTold,
    /// The input has ended, and the peer is not listened to any more.
    EndOfInputIsNotTheEnd,
    /// The word that leaves was sent to the peer, or taken for another one.
    ExitIsNotSaid,
    /// The conversation is over and its connection still open.
    LineLeftOpen,
    /// The stream has ended, and the keyboard is still waited for.
    WaitsForTheKeyboard,
    /// A line did not reach somebody it was meant for.
    LineNotHeard,
    /// Whoever said a line heard it, too.
    EchoesToTheSpeaker,
    /// Somebody who had not joined heard what was said.
    HeardBeforeJoining,
    /// A name was taken that somebody has, or that can be mistaken for something else.
    NameUnchecked,
    /// Everybody waits for one member.
    OneHoldsTheRoom,
    /// A member who falls further and further behind stays in the room.
    NeverHungUpOn,
    /// A line did not reach one member, and whoever said it was thrown out.
    FailureReachesTheSpeaker,
    /// A member who reads was hung up on because of a few lines at once.
    QueueTooShort,
    /// A member who has gone is still in the room.
    MemberStays,
    /// Members have gone and their threads have not.
    MemberLeavesThreads,
    /// A name from the network was taken for a path.
    NameIsAPath,
    /// A name was accepted that no file can have, or should have.
    NotAFileName,
    /// A name was accepted that means something else on another system.
    NameDiffersBySystem,
    /// A plain file name was refused.
    PlainNameRefused,
    /// A text header was cut at the wrong bars.
    BarInTheName,
    /// Something was taken for a text header that is none.
    NotAPostHeader,
    /// A header was sent that says something else than what was meant.
    HeaderSaysAnotherThing,
    /// More or fewer bytes were sent than the header promised.
    PromiseNotKept,
    /// A name was sent that every receiver must refuse.
    SendsARefusedName,
    /// A good header was refused, or read as something else.
    HeaderNotUnderstood,
    /// Something was taken for a JSON header that is none.
    NotAHeader,
    /// The length of a header was trusted, or a header within the limit refused.
    HeaderLengthTrusted,
    /// A transfer broke off, and half a file stands under the final name.
    HalfAFileLeft,
    /// A transfer broke off, and its temporary file is still there.
    TemporaryFileLeft,
    /// A file had its final name before it was whole.
    NamedTooSoon,
    /// A temporary file is not where it can be renamed.
    TemporaryFileElsewhere,
    /// A name that is as long as names may be was made longer.
    TemporaryNameFromTheName,
    /// A file that was there already was overwritten.
    OverwritesUnasked,
    /// A file was not replaced although that was asked for.
    DoesNotReplaceWhenAsked,
    /// A replacement broke off, and the old file is gone.
    OldFileLost,
    /// Somebody took a name between a look and a rename.
    NameTakenMeanwhile,
    /// Two transfers of one name came into each other's way.
    UploadsMix,
    /// A symbolic link was followed, or overwritten unasked.
    LinkFollowed,
    /// A whole file was held in memory.
    HeldInMemory,
    /// An empty file was waited for, or taken for none.
    EmptyFileIsAFile,
    /// A digest is not the MD5, or is written otherwise.
    NotTheMd5,
    /// A digest was fed more of a buffer than a read had filled.
    DigestOfTheBuffer,
    /// A greeting was not read whole, or more than it, or not looked at.
    GreetingHasALength,
    /// A request is not `get`, a space and the name.
    RequestHasAnotherForm,
    /// A path was asked for, and would be saved under.
    AsksForAPath,
    /// A digest that came with the content was taken for part of it.
    DigestSwallowed,
    /// A file was kept although its digest is another.
    DigestNotCompared,
    /// A receipt for other bytes was accepted.
    ReceiptNotCompared,
    /// A receipt was not sent, or says something else.
    NotTheReceipt,
    /// A receipt was sent before the file was in its place.
    ReceiptTooSoon,
    /// A request that cannot be served was not answered.
    MissingFileUnanswered,
    /// The server has no such file, and the caller was told something else.
    MissingFileNotTold,
    /// A connection could not be used for another transfer.
    OneTransferOnly,
    /// Progress was reported wrongly.
    ProgressMisreports,
    /// An address was refused.
    AddressRefused,
    /// The bytes of an address stand in the wrong order in its number.
    HighestByteFirst,
    /// More or fewer than four numbers were taken for an IPv4 address.
    NotFourNumbers,
    /// A number, or a group, was missing and taken for zero.
    NumberMissing,
    /// A number above 255 was taken for a byte.
    NumberAboveAByte,
    /// A number of an IPv4 address has zeros in front.
    ZeroInFront,
    /// A sign was taken for part of a number.
    SignIsNoDigit,
    /// A text with other characters than those of an address was taken for one.
    StrangeCharacter,
    /// The groups of an IPv6 address are too many or too few.
    NotEightGroups,
    /// A group of more than four digits was taken.
    FourDigitsAGroup,
    /// `::` was taken more than once, or `:::` for it.
    TwoColonsTwice,
    /// `::` was not taken for the groups of zeros that are missing.
    TwoColonsAreZeros,
    /// An IPv4 address in an IPv6 address was not understood, or not only at the end.
    Ipv4OnlyAtTheEnd,
    /// Not the right zeros of an IPv6 address were shortened.
    LongestRunOfZeros,
    /// The groups of an IPv6 address were written with capitals or zeros in front.
    SmallLettersWithoutZeros,
    /// An IPv4-mapped address was not written as one, or another address was.
    MappedShowsIpv4,
    /// A MAC address is not six pairs of hexadecimal digits.
    SixPairsOfDigits,
    /// Frames to a group were not told from frames to one.
    GroupBit,
    /// The length of a prefix was not a number from 0 to 32.
    LengthOfAPrefix,
    /// Not the first bits of an address were compared, and only those.
    PrefixCountsBits,
    /// A number was shifted by as many bits as it has.
    ShiftByAllBits,
    /// The bits of the host were left in a network's address.
    HostBitsStay,
    /// The last address of a network does not have ones in all bits behind its prefix.
    LastHasAllOnes,
    /// A private address was taken for a public one, or the other way round.
    PrivateRanges,
    /// Not every address of 127.0.0.0/8 was taken for this machine, or others were.
    LoopbackIsANetwork,
    /// The layers do not stand in their order.
    LayersInOrder,
    /// Something was put on a layer that it does not work on.
    WorksOnAnotherLayer,
    /// The words of a command were run together, or cut where no border is.
    WordsLoseTheirBorders,
    /// The end of the stream was taken for a command.
    EndIsNoCommand,
    /// Bytes that are no command were taken for one, or sent as one.
    NotACommand,
    /// Bytes that are no reply were taken for one.
    NotAReply,
    /// A name that is not on the list was allowed.
    NotOnTheList,
    /// Something else was started than the file that the list names.
    TheListNamesTheFile,
    /// A shell read what a client sent.
    ThroughAShell,
    /// The two outputs of a command were not kept apart, or one of them was lost.
    OutputsMixed,
    /// Something was sent for output that the command did not write.
    OutputMadeUp,
    /// Part of the output is missing, or came as the next command's.
    OutputCut,
    /// How a command ended was lost.
    EndingLost,
    /// No challenge came.
    NoChallenge,
    /// No reply came, or not to its end.
    NoReply,
    /// A command waits for room in a pipe that nobody reads.
    WaitsBeforeReading,
    /// A command read what was meant for the server.
    ServersInputRead,
    /// A command that did not run, or was ended, ended the conversation.
    RefusalEndsIt,
    /// What leaves was run as a command, or did not leave.
    LeavingIsNoCommand,
    /// A command runs for longer than it may.
    TimeLimitMissing,
    /// The client was not told that the time limit ended its command.
    TimeLimitNotTold,
    /// What a command has started lives on when it is over.
    GroupLivesOn,
    /// A command goes on although its client has gone.
    CommandOutlivesItsClient,
    /// A child process was never waited for.
    ZombiesLeftBehind,
    /// Commands are over and threads that served them are not.
    CommandLeavesThreads,
    /// Both sides of a connection were closed where one should go on listening.
    BothSidesClosed,
    /// A connection that was reset was taken for one that ended.
    ResetIsNoEnd,
    /// That the peer has closed was not noticed, since one can still write.
    FirstWriteSucceeds,
    /// A look whether the peer has closed waits until it does.
    LookWaits,
    /// A look whether the peer has closed took bytes, or overlooked them.
    LookTakesBytes,
    /// A connection was closed although there was something unread.
    UnreadInputResets,
    /// Who said goodbye did not listen until the other side had said it, too.
    GoodbyeStopsListening,
    /// A connection was left to be closed by its last descriptor.
    CloneHoldsTheLine,
    /// A goodbye was left to the peer to end.
    GoodbyeNeverEnds,
    /// The patience of a goodbye began anew with every byte.
    PatienceBeginsAnew,
    /// A goodbye of the peer's was claimed that it never said, or overheard.
    GoodbyeNotHeard,
    /// A goodbye failed because the peer had gone.
    GoneBeforeTheGoodbye,
    /// A connection was closed where it should be reset.
    CloseIsNoReset,
    /// An error was taken for another one.
    NotTheDiagnosis,
    /// An error was known by its number, or by its words.
    KindsNotNumbers,
    /// A connection that was aborted was not taken for one that was reset.
    AbortedIsReset,
    /// That no descriptor was left was not noticed, or not waited out.
    DescriptorsHaveNoKind,
    /// Attempts were made one right after the other.
    TriesWithoutRest,
    /// More attempts were made, or rests, than were asked for.
    TriesNotCounted,
    /// An attempt was made again although nothing could have changed.
    TriesTheHopeless,
    /// An error that may pass was taken for the last word.
    GaveUpOnWhatPasses,
    /// The error that was returned is not the one of the last attempt.
    LastErrorLost,
    /// A server was told to stop, and goes on waiting.
    StopUnseen,
    /// A server was told to stop, and took that for a failure.
    StopIsNoFailure,
    /// A server has returned, and a connection is still open.
    StopLeavesConnections,
    /// A server has returned, and a thread of it goes on.
    StopLeavesThreads,
    /// Readiness is told once, and part of what was ready was left.
    EdgeToldOnce,
    /// A signal was taken for one event.
    SignalsDoNotCount,
    /// A socket was not told whom to send its signals.
    SocketSignalsNobody,
    /// What happened before one asked to be told was not looked for.
    MissedBeforehand,
    /// One asked to be told of room to send while there was nothing to send.
    AlwaysRoomToSend,
    /// There was something to send, and one did not ask to be told of room.
    NoRoomAwaited,
    /// A task keeps the thread, or its place in line, and all other tasks wait.
    OneTaskHoldsTheOthers,
    /// The same write is made again and again for a client that does not read.
    SpinsForASlowClient,
}

impl Cause {
    /// The cause's name: what wrong answers and golden files call it.
    pub fn name(&self) -> String {
        let shown = format!("{self:?}");
        shown.split([' ', '{']).next().unwrap_or_default().to_owned()
    }

    /// The cause in the student's terms.
    pub fn sentence(&self) -> String {
        match self {
            Cause::OneReadIsNotOneMessage => {
                "TCP keeps the order of bytes, not their grouping: one \
                read may return fewer bytes than you ask for. Read until the message is whole."
                    .to_owned()
            }
            Cause::HeaderReadOnce { got } => format!(
                "The header is bytes like any other and may come in pieces: this read returned {} \
                 of it, and the rest was taken for the message.",
                counted(*got, "byte")
            ),
            Cause::UnfilledBuffer => "The buffer was returned whole, but the read filled only the \
                first part of it: what follows was never received. A read says how many bytes it \
                filled."
                .to_owned(),
            Cause::ByteSwapped { asked, meant } => format!(
                "The length is byte-swapped: {} is {} with its four bytes in the opposite order. \
                 The header is little-endian: the lowest byte comes first.",
                grouped(*asked),
                grouped(*meant)
            ),
            Cause::LengthIsText { asked, text } => format!(
                "The length {} is the text \"{text}\" read as a number: the reader has lost its \
                 place in the stream and takes a piece of a message for a header.",
                grouped(*asked)
            ),
            Cause::AsksForMoreThanComes { asked } => format!(
                "Your code asks for {} more, and the peer has sent all it will send: on a real \
                 connection it would wait for ever. The length that it trusts is not the one that \
                 was sent, or bytes were lost on the way.",
                counted(*asked, "byte")
            ),
            Cause::ReadTooFar => {
                "Your code read beyond the end of its message: those bytes belong \
                to the next one and are lost when the buffer that holds them is dropped."
                    .to_owned()
            }
            Cause::TwoMessagesInOne => {
                "Two messages were returned as one: where one ends only its \
                length can say, since one read may bring the end of one and the start of the next."
                    .to_owned()
            }
            Cause::SecondMessageLost => "One read may bring several messages: after the first was \
                taken out, the bytes behind it must still be there, and be looked at before more \
                are waited for."
                .to_owned(),
            Cause::HeaderInMessage => "The header came back as part of the message: it belongs to \
                the wire and ends where the message begins."
                .to_owned(),
            Cause::CleanEndIsNoError => "The peer closed the stream between two messages: this is \
                how a conversation ends, and no error."
                .to_owned(),
            Cause::TruncationLooksComplete => "The stream ended inside a message, and nobody was \
                told: half a message must not look like a whole one, nor like a clean end."
                .to_owned(),
            Cause::EmptyMessageIsAMessage => "A message of 0 bytes is a message: only a read of 0 \
                bytes, where a header should begin, is the end of the stream."
                .to_owned(),
            Cause::InterruptedIsNoFailure => "A signal interrupted the call before anything moved \
                (EINTR, signal(7)): that is no failure, the call must be made again. read_exact, \
                read_to_end and write_all do so; read and write leave it to you."
                .to_owned(),
            Cause::SpinsAtTheEnd => {
                "A read of 0 bytes means that the peer has closed its side: no \
                more will come, however often one asks."
                    .to_owned()
            }
            Cause::Spins => {
                "The same call is made again and again, and nothing moves: the loop has \
                no way out of it."
                    .to_owned()
            }
            Cause::PartialWriteIgnored => "One write may take fewer bytes than it is offered, and \
                says how many: the rest is yours to send. write_all does so."
                .to_owned(),
            Cause::NeverFlushed => "The bytes are still in a buffer on your side: the peer waits \
                for them. Flush it before you let go of it."
                .to_owned(),
            Cause::LengthCountsTheHeader => "The length counts the four bytes of the header as \
                well: it is the length of the message alone."
                .to_owned(),
            Cause::HeaderMissing => {
                "The message came without its header: nothing tells the reader \
                where it ends."
                    .to_owned()
            }
            Cause::NegativeLengthTrusted => "A length from the network may be negative, and a \
                negative number turned into a size is an enormous one. Check it before you use it."
                .to_owned(),
            Cause::LengthTrusted => "A length from the network is only a claim: one above \
                MAX_MESSAGE must be refused before anything is read or set aside for it."
                .to_owned(),
            Cause::AllocatesOnPromise { bytes, arrived } => format!(
                "At least {} of memory were asked for when {} had arrived: a length is a promise, \
                 and a peer that only promises must cost nothing.",
                in_large_units(*bytes),
                counted(*arrived, "byte")
            ),
            Cause::LimitOffByOne => "The limit is off: a message of exactly MAX_MESSAGE bytes is \
                still allowed, one byte more is not, and the header does not count."
                .to_owned(),
            Cause::SendsWhatIsRefused => {
                "A message longer than MAX_MESSAGE was sent: every reader \
                that keeps to the limit refuses it, and the connection with it. Refuse it before \
                anything is on the wire."
                    .to_owned()
            }
            Cause::BytesAreNotText => {
                "A message is bytes, whatever they mean: turned into text and \
                back, those that are no UTF-8 come out as something else."
                    .to_owned()
            }
            Cause::LostItsPlace => "A good message was refused: the reader has lost its place in \
                the stream and takes bytes from the middle of a message for a header. What was \
                taken out must be remembered until the message is whole."
                .to_owned(),
            Cause::ReadBeforeAllArrived => "A read returns what has arrived by then, however much \
                was sent: here it came before the rest. No pause is long enough on every network, \
                and TCP_NODELAY only changes when bytes leave. Look at what the kernel holds \
                (peek takes nothing) until all of it is there, then read once."
                .to_owned(),
            Cause::JoinedBeforeSending => "Your code joined the messages and sent them in one \
                write: that is one message. Send each in a write of its own; it is TCP that must \
                make one row of bytes of them."
                .to_owned(),
            Cause::SplitBySending => "Your code sent the message in pieces: then it is no wonder \
                that pieces come. Offer all of it to one write; it is the reads that find pieces."
                .to_owned(),
            Cause::NotSplit => "One read found the whole message, since its buffer had room for \
                all that had arrived. A read returns at most what it asks for: ask for less than \
                the message, and again for the rest."
                .to_owned(),
            Cause::LeftInTheQueue => "The bytes are still in the receiver's queue, and the next \
                read will find them again: peek shows what a read would find and takes nothing \
                (MSG_PEEK, recv(2))."
                .to_owned(),
            Cause::NoRoomForAll => {
                "All of it had arrived, and the one read had no room for it: a read \
                returns at most what its buffer holds, and the rest stays in the queue."
                    .to_owned()
            }
            Cause::WrongSize => "The size is how many bytes the message has, in decimal digits: a \
                character may be several bytes (神 is 3), and nothing but the digits goes ahead of \
                the data."
                .to_owned(),
            Cause::DoesNotStopAtTheSize => "The message was whole, and your code goes on reading: \
                the peer keeps the line open for the next one, and only the size says where to \
                stop."
                .to_owned(),
            Cause::EndIsNoAcknowledgement => "A read of 0 bytes is the end of the stream and no \
                acknowledgement: the peer has gone, and nobody is there to take the data."
                .to_owned(),
            Cause::DidNotWaitForAcknowledgement => "The data left before the acknowledgement was \
                read. How long the peer takes to read the size nobody can know, so no pause is \
                long enough: to a late reader size and data come stuck together. Only the \
                acknowledgement says that the size has been read."
                .to_owned(),
            Cause::AcknowledgementLeftOver => "Part of an acknowledgement stayed in the stream, \
                and was taken for the next one: data left before it was asked for. Take the whole \
                reply, up to 1024 bytes, with one read."
                .to_owned(),
            Cause::AcknowledgementHasNoLength => "Any reply of 1 to 1024 bytes is an \
                acknowledgement, whatever it says, and nothing tells where it ends: take what one \
                read brings. Who waits for a certain number of bytes may wait for ever."
                .to_owned(),
            Cause::AcknowledgesWhatItRefuses => "The size was refused after it had been \
                acknowledged: by then the peer is sending the data. Check first, acknowledge then."
                .to_owned(),
            Cause::NotDecimalDigits => {
                "A size on this wire is the digits 0 to 9 and nothing else. \
                Functions that parse numbers or text allow more (a sign, spaces, what stands \
                behind the digits): look at the bytes themselves, and refuse the rest with \
                InvalidData."
                    .to_owned()
            }
            Cause::EndIsNoSize => {
                "A read of 0 bytes is the end of the stream: no size came, so there \
                is nothing to parse. UnexpectedEof tells the caller that the peer has gone."
                    .to_owned()
            }
            Cause::BothWait => {
                "The peer waits for bytes from your side before it goes on, and your \
                code waits for the peer: on a real connection neither would ever move."
                    .to_owned()
            }
            Cause::DatagramCut => "A datagram comes at once or not at all: what does not fit the \
                buffer is cut off and lost, and the next receive brings the next datagram (recv(2); \
                Windows says error 10040). Make room for the largest: 65,507 bytes. And what is sent \
                in pieces arrives as several datagrams."
                .to_owned(),
            Cause::EmptyDatagramIsNoEnd => "A receive of 0 bytes is an empty datagram, like any \
                other: UDP has no connection, so it has no end of one."
                .to_owned(),
            Cause::TurnsOthersAway => "The socket turns this sender away: it is connected to \
                another, and a connected UDP socket hears its one peer only. A server stays \
                unconnected and answers with send_to."
                .to_owned(),
            Cause::SentFromAnotherSocket => "A datagram carries the address of the socket that \
                sends it: what comes from another socket than the one that was spoken with comes \
                from a stranger. Use the socket that your function was given."
                .to_owned(),
            Cause::ReplyToAnother => "The reply went elsewhere: recv_from says with each datagram \
                who sent it, and that is where this reply goes, whoever came before."
                .to_owned(),
            Cause::ServesOneAndEnds => "The server has ended, and the next client finds nobody: \
                serving is a loop, and one client done is one turn of it."
                .to_owned(),
            Cause::UnreachableIsNoFailure => "The error is news of an earlier datagram: it found \
                nobody (ICMP: port unreachable). The socket is as good as before: go on. Windows \
                tells this to every UDP socket (error 10054), Linux to connected ones."
                .to_owned(),
            Cause::SwallowsEveryError => "Not every error is a client's: one of the socket itself, \
                such as WouldBlock from a socket that does not wait, comes back each time. A loop \
                that goes on after every error turns for ever and burns a core: return such an \
                error, so that the caller can know."
                .to_owned(),
            Cause::WaitsForEver => "A datagram may be lost, question or reply, and nobody is told: \
                wait no longer than your patience, then ask again. Without a read timeout a receive \
                waits for ever."
                .to_owned(),
            Cause::GivesUpTooSoon => "One silence is no answer: the question may be lost, or the \
                reply. Ask three times in all before you give up."
                .to_owned(),
            Cause::NeverGivesUp => "The server may be gone for good: after three questions without \
                a reply the answer is the error TimedOut."
                .to_owned(),
            Cause::AsksTooOften => "Every question costs the network a datagram and the server a \
                reply: ask again only when the patience has run out."
                .to_owned(),
            Cause::TimeoutHasTwoNames => "A receive that ran out of time is WouldBlock on Unix and \
                TimedOut on Windows (UdpSocket::set_read_timeout): both mean that nothing came in \
                time."
                .to_owned(),
            Cause::NoTimeIsNoTimeout => "A read timeout of zero is refused with InvalidInput, since \
                the system takes 0 for no limit at all. When no time is left, do not receive."
                .to_owned(),
            Cause::StrangerBelieved => "Anybody who knows the port may send to it, and UDP lets them \
                all in: a reply counts only if it comes from the address that was asked, host and \
                port."
                .to_owned(),
            Cause::StrangerCostsATry => "A stranger's datagram says nothing about the question: throw \
                it away and go on waiting, without asking again."
                .to_owned(),
            Cause::StrangerProlongsTheWait => "The patience runs from the question: a wait that \
                begins anew with each datagram never ends while strangers go on sending. Wait for \
                what is left of it."
                .to_owned(),
            Cause::SocketLeftChanged => "The socket is the caller's, who goes on using it: a read \
                timeout, a mode or a connection set for one question must not outlive it. (std \
                cannot undo a connect.)"
                .to_owned(),
            Cause::KeyedDigestIsNotHmac => {
                "This is a plain digest over key and message, not an HMAC: \
                whoever sees such a digest can go on where it ended, and sign a longer message \
                without the key. HMAC digests twice, the key in front each time (RFC 2104)."
                    .to_owned()
            }
            Cause::PadsSwapped => "The pads are in each other's place: the inner digest begins with \
                the key ^ 36 36 36 …, the outer one with the key ^ 5c 5c 5c …"
                .to_owned(),
            Cause::InnerDigestInHex => {
                "The outer digest was fed the inner one as hexadecimal digits: \
                it takes its bytes."
                    .to_owned()
            }
            Cause::KeyNotFittedToTheBlock => "The key must fill one block of the hash function, 64 \
                bytes for MD5, SHA-1 and SHA-256: one that is longer is replaced by its digest, and \
                what is shorter is filled up with zeros (RFC 2104). A key of 64 bytes is used as it \
                is."
                .to_owned(),
            Cause::NotTheHmac => "This is not the HMAC: H(key ^ 5c 5c … ‖ H(key ^ 36 36 … ‖ \
                message)), where the key is first made to fill a block (RFC 2104)."
                .to_owned(),
            Cause::ComparisonStopsEarly { looked, length } => format!(
                "The comparison looked at {} of {length} and then knew enough: how long it takes \
                 tells a patient attacker how many bytes of a guess are right, one after the \
                 other. Look at every byte, wherever they differ.",
                counted(*looked, "byte")
            ),
            Cause::LengthsNotCompared => "Only as many bytes were compared as the shorter one has: \
                an empty digest, which anybody can send, then matches every other. Digests of \
                different lengths never match."
                .to_owned(),
            Cause::NotTheAnswer => "The answer to a challenge is its HMAC-MD5 under the shared key: \
                the 16 bytes themselves, not their 32 hexadecimal digits, and of the whole challenge \
                as it came."
                .to_owned(),
            Cause::ImpostorAccepted => "This was made without the key, and it was believed: only \
                the digest that the key gives for this very message proves anything, and all of it \
                must be right."
                .to_owned(),
            Cause::ChallengeHasAnotherSize => {
                "A challenge is 32 bytes on the wire, and they are not \
                text: a peer that reads 32 bytes hears less than you said, or waits for more."
                    .to_owned()
            }
            Cause::ChallengeRepeats => "The same challenge was sent twice: whoever recorded the \
                answer to the first can send it again and needs no key. Every challenge is made \
                anew, whatever came of the last."
                .to_owned(),
            Cause::ChallengeIsPredictable => "A challenge that can be foreseen can be put to an \
                honest client beforehand, and the answer kept until it is needed: take every byte \
                from the system's random generator (getrandom(2)), not from a clock, a counter or a \
                seed."
                .to_owned(),
            Cause::ReplayAccepted => {
                "An answer that somebody had recorded on the wire was accepted a \
                second time: it proves nothing unless the challenge is fresh."
                    .to_owned()
            }
            Cause::UnprovenIsServed => "The peer proved nothing and was answered all the same: what \
                it says counts only after the verdict, and never if the verdict is no."
                .to_owned(),
            Cause::SilenceHoldsTheServer => "A peer that never answers holds a connection, and \
                whatever serves it, for ever, without knowing any key: before the proof, silence \
                must have an end."
                .to_owned(),
            Cause::PatienceOutlastsTheProof => "A client that had proved itself was cut off for \
                being silent: the time limit is for the proof, and ends with it."
                .to_owned(),
            Cause::NotTheSaltedDigest => "The salted digest is SHA-1 over the secret, then the \
                data, with nothing between, as 40 hexadecimal digits."
                .to_owned(),
            Cause::ForgedByExtension => "Nobody with the key has signed this message. A digest is \
                the hash function's state after the last block: whoever has it goes on from there \
                and digests more, without the secret in front. HMAC closes that door with its outer \
                digest."
                .to_owned(),
            Cause::GenuineRefused => "This signature is genuine, and it was refused: it is the \
                HMAC-SHA-256 of the message under the key, in 64 hexadecimal digits."
                .to_owned(),
            Cause::ClientsWaitInLine => "A client is not served until another one has gone: a \
                handler may wait for its client as long as it likes, so nothing that other clients \
                need may wait for a handler. Each conversation runs on a thread of its own, and \
                holds no lock while it waits."
                .to_owned(),
            Cause::OneHarmsOthers => "What goes wrong in one conversation must end that one and no \
                other: an error, or a panic, of a handler has to stop at the edge of its own thread, \
                and must not reach the accept loop, a lock that others need, or a worker that they \
                wait for."
                .to_owned(),
            Cause::TimeoutForced => "The handler was given a stream with a time limit: a client that \
                thinks for longer than that is cut off. How long to wait is for the handler to \
                say; end its wait through the stream when the server stops."
                .to_owned(),
            Cause::HandlerShared => "Two clients were served by one handler: what one of them said \
                shows in the answer to the other. Make a new handler for each connection."
                .to_owned(),
            Cause::FinishNotOnce => "When setup has succeeded, finish runs exactly once, however \
                handle ends: it returned, it failed, or it panicked. What finish gives back is lost \
                otherwise, or given back twice."
                .to_owned(),
            Cause::WentOnWithoutSetup => "setup failed, so there is nothing to handle and nothing to \
                finish: neither may be called, and the connection closes."
                .to_owned(),
            Cause::LineHeldOpen => "The handler has finished, and the client waits for the end of \
                the stream: a connection closes when its last descriptor does, and a clone made by \
                try_clone is one more of them."
                .to_owned(),
            Cause::GoneInTwoWays => "A client that has gone shows in two ways: ConnectionReset if it \
                left bytes unread, BrokenPipe if it had closed its side before (ECONNRESET and \
                EPIPE, send(2)). Both are the end of the conversation, and no failure."
                .to_owned(),
            Cause::NamesAreBytes => "A name comes as bytes and goes back as those bytes: nobody has \
                promised that they are UTF-8, and decoding them fails, or changes them, for nothing."
                .to_owned(),
            Cause::NameHasNoEndMark => "The name has come, and no greeting went back: on this wire no \
                newline and no zero ends a name, and the client stays connected. What one read \
                brings is the name, however long."
                .to_owned(),
            Cause::ExitIsAWord => "The message `exit` ends the conversation, and is not greeted; a \
                name that only looks like it does not."
                .to_owned(),
            Cause::PeriodNotKept => "The ticks do not come a period apart: the first comes at once, \
                then the handler waits for its period after each of them."
                .to_owned(),
            Cause::ThreadsLeftBehind => "The clients have gone and their threads have not: each \
                keeps its stack and its socket. A handler must end when its client does."
                .to_owned(),
            Cause::DescriptorsLeftBehind => "The connections are over and their descriptors are \
                still open: a process may hold only so many (RLIMIT_NOFILE, getrlimit(2)), and \
                then it can accept nobody. Each clone has to be dropped too."
                .to_owned(),
            Cause::HandlesAccumulate => "The memory of threads that are over is kept: a thread's \
                stack is given back when it is joined, or when its JoinHandle is dropped. A list of \
                handles that only grows ends the server after some ten thousand clients."
                .to_owned(),
            Cause::AcceptErrorEndsTheServer => "An error of accept ended the server: it may concern \
                one connection only (ECONNABORTED), or pass by itself when clients leave (EMFILE, \
                accept(2)). A server that serves for ever lives through both."
                .to_owned(),
            Cause::SpinsWithoutDescriptors => "The process is out of descriptors: accept fails at \
                once, the caller stays in the line, and the next try fails just the same. Wait a \
                little between two tries; descriptors come back when clients leave."
                .to_owned(),
            Cause::ShutdownUnseen => "A thread that is blocked in accept, read or write looks at no \
                flag. A connection to oneself wakes accept; shutdown(Both) on a clone of the stream \
                ends a read and a write."
                .to_owned(),
            Cause::ShutdownMissesNewcomers => "This client was accepted and stood in no table yet when \
                shutdown looked into it, and nobody looked again. Look at the flag when you put a \
                connection into the table, under the same lock."
                .to_owned(),
            Cause::ShutdownReturnsEarly => "shutdown returned while a handler was still at work: \
                whoever called it may end the program now, in the middle of a finish. Wait until \
                every thread is over."
                .to_owned(),
            Cause::ShutdownWorksOnce => "Several threads may shut a server down, at once or one after \
                the other, and none of them knows of the others: each call returns when the server \
                has stopped. That it has stopped is a state to look at, not a message that the \
                first of them takes away."
                .to_owned(),
            Cause::ShutdownForgotten => "The shutdown came first, the serving second: to end a \
                server before it has begun is no mistake of the caller, who cannot know. Remember \
                it."
                .to_owned(),
            Cause::WaitsForItself => "shutdown waits for every handler, and a handler called it: \
                the two wait for each other. Called from a handler's own thread it must not wait."
                .to_owned(),
            Cause::StillListening => "The server has stopped, and callers still get through: the \
                kernel completes handshakes for as long as the listening socket is open, and nobody \
                will ever answer these callers. Close it."
                .to_owned(),
            Cause::WaitsForOneClient => "The server waits inside a call on one client's socket, \
                and everybody else waits with it. On Linux a socket from accept blocks, whatever \
                its listener does (accept(2)): tell each of them not to."
                .to_owned(),
            Cause::WaitsForTheNextCaller => "accept waits for somebody to call, and until then no \
                client is served: a server that polls must not wait in any call, so its listener \
                must not block."
                .to_owned(),
            Cause::TurnNeverEnds => {
                "One turn goes on and on, in a loop that tries again what cannot \
                be done now: meanwhile nobody else is served. Leave it to a later turn."
                    .to_owned()
            }
            Cause::NothingNowIsNoFailure => "WouldBlock says that there is nothing now, not that \
                anything is wrong: leave the client alone and ask it again in the next turn."
                .to_owned(),
            Cause::ServedOnlyWhenNobodyCalls => "Clients were served only in turns in which \
                nobody connected: as long as somebody calls, those who are in get nothing. One \
                turn does both."
                .to_owned(),
            Cause::OneCallerATurn => "Each turn let in one caller, however many waited: who waits \
                in line waits for everybody's service to go round. Accept until accept says \
                WouldBlock."
                .to_owned(),
            Cause::TurnMisreports => "A turn says whether anything moved: somebody was let in, or \
                bytes were read or sent. Whoever rests when nothing moves relies on it, and burns \
                a processor or dawdles if it is wrong."
                .to_owned(),
            Cause::AnswerNeverCame => "The bytes have arrived, the server takes its turns, and \
                the answer does not come: it waits for more than the client will send, or the \
                bytes were taken from the socket and lost."
                .to_owned(),
            Cause::HungUp => "The server hung up on a client that was still there: only a read of \
                0 bytes into a buffer with room, or a failure, is the end of a connection."
                .to_owned(),
            Cause::ClosedClientKept => "A read of 0 bytes means that the client has closed its \
                side and nothing more will come. Kept, its socket is asked for ever and its \
                descriptor never given back."
                .to_owned(),
            Cause::AnotherClientsBytes => "A client got what another one sent: what has been read \
                and what is still owed belong to one connection, and must be kept apart, one a \
                client."
                .to_owned(),
            Cause::HalfACharacter => "A read may end inside a character, whose first bytes alone \
                are no text: no client does wrong by that. Change the ASCII letters among the \
                bytes and pass all others on as they are."
                .to_owned(),
            Cause::OnlyAsciiLettersChange => "Only the ASCII letters change, a byte for a byte; \
                every other byte passes as it came. To change any other letter one would need its \
                whole character, and a read may end inside it."
                .to_owned(),
            Cause::OneClientEndsTheServer => "One client's connection failed, and its error ended \
                the server for all the others. An error on a connection ends that connection, and \
                nothing else."
                .to_owned(),
            Cause::HalfCloseLosesTheAnswer => "The client closed its sending side and still \
                reads: a read of 0 bytes says that no more will come, not that nobody listens. \
                Send what is owed, then close."
                .to_owned(),
            Cause::UnsentBytesLost => "A write takes what fits into the kernel's buffer, or says \
                WouldBlock and takes nothing: what it did not take must be kept, in order, and \
                offered again in a later turn."
                .to_owned(),
            Cause::NeverReadAgain => "The client reads again and its answers do not go on: a \
                pause must end as soon as what was owed has been sent."
                .to_owned(),
            Cause::OwedWithoutBound => "The server goes on reading from a client that does not \
                take its answers, and keeps all of them: one client can fill the memory. Do not \
                read from a client while much is owed to it, and TCP will make it wait."
                .to_owned(),
            Cause::ServesOneClientTooLong => "One turn served more of one client than BUDGET \
                bytes: a client that sends as fast as it can then keeps the turn for itself. Read \
                from each at most so much, then go on to the next."
                .to_owned(),
            Cause::ServeEnded => "serve has returned, although there is nothing wrong with its \
                listener: a turn in which nothing moved is no reason to stop, and neither is what \
                happened to one client."
                .to_owned(),
            Cause::NeverRests => "Nobody said anything, and the server kept asking as fast as it \
                could. After a turn in which nothing moved it must rest, if only for a \
                millisecond."
                .to_owned(),
            Cause::Panicked => "Your code panicked: whatever a peer sends, the answer is an error \
                value, since a panic takes the whole program with it."
                .to_owned(),
            Cause::ThreadPanicked => "A thread that your code started panicked: nobody waited for \
                it, so nobody was told."
                .to_owned(),
            Cause::PanicHookReplaced => "Your code set a panic hook (std::panic::set_hook), and \
                panics are not reported any more. The hook is one for the whole program: it is \
                the program's to choose, not a function's."
                .to_owned(),
            Cause::NeverReturns => "Your code did not return before the deadline: what it waits \
                for never comes."
                .to_owned(),
            Cause::Differs => "What came back is not what was sent.".to_owned(),
            Cause::NotTried => "Not tried: two checks before this one never ended. Mend those \
                first."
                .to_owned(),
            Cause::NotTheRequest => "A request is three lines, GET, Host and Connection, each \
                ended by CR LF, and an empty line behind them: until that has come, a server \
                waits for more."
                .to_owned(),
            Cause::RequestSplit => "A request is made of spaces and line ends: one inside a host \
                or a path ends what it stands in, and whoever chose the name writes the rest of \
                the request. Refuse all but visible ASCII, with InvalidInput, before anything is \
                sent."
                .to_owned(),
            Cause::BlankLineInPieces => "The blank line is four bytes, and a read may end \
                between any two of them: look for it in all that has come so far, not in what \
                one read has brought."
                .to_owned(),
            Cause::FirstBlankLineEndsTheHead => "The first blank line ends the head. Every later \
                one belongs to the body, which may hold any bytes."
                .to_owned(),
            Cause::EmptyBodyIsABody => "A body may be empty: nothing is missing, and the page is \
                whole."
                .to_owned(),
            Cause::FieldNamesHaveNoCase => "Content-Length, content-length and CONTENT-LENGTH \
                are the same field (RFC 9110, section 5.1), and so are the codings that a field \
                names; spaces around a value are no part of it, and there need be none."
                .to_owned(),
            Cause::NotThatField => "A field is a line of the head whose whole name, from the \
                start of the line to the colon, is the one you look for: the same letters inside \
                another name, in a value or in the body say nothing."
                .to_owned(),
            Cause::LengthsDisagree => "Two lengths that differ cannot both be right, and whoever \
                takes one of them may cut the page elsewhere than others do: such a head is \
                InvalidData (RFC 9112, section 6.3)."
                .to_owned(),
            Cause::ChunksNotUndone => "The head says Transfer-Encoding: chunked. Then the body \
                comes in chunks, each behind a line with its size, and those lines are no part \
                of the page. Whoever says HTTP/1.1 has to undo this (RFC 9112, section 7.1)."
                .to_owned(),
            Cause::ChunkSizeIsHexadecimal => "The size of a chunk is in hexadecimal digits, \
                large or small; what stands behind a semicolon is no part of it."
                .to_owned(),
            Cause::ChunksAreCounted => "A chunk ends after as many bytes as its size says, \
                whatever bytes they are: line ends and digits inside it are data."
                .to_owned(),
            Cause::LastChunkEndsThePage => "The chunk of size 0 is the last: the page is whole, \
                and nothing more has to come, not even the end of the stream."
                .to_owned(),
            Cause::NotAChunkSize => "A line in front of a chunk begins with hexadecimal digits \
                and nothing else, and CR LF stands behind the chunk. If not, the reader has lost \
                its place in the stream: InvalidData."
                .to_owned(),
            Cause::ChunksOutrankALength => "Where a body comes in chunks, only they say where it \
                ends: a Content-Length beside them counts for nothing (RFC 9112, section 6.3)."
                .to_owned(),
            Cause::CodingNotUndone => "The body was coded in a way that this program cannot \
                undo: returned all the same, it is not the page. Say so, with the error \
                Unsupported."
                .to_owned(),
            Cause::HeadWithoutBound => "The line end that your code waits for never comes, and \
                all that does come is kept: who sends without end fills the memory. A head is at \
                most MAX_HEAD bytes long, and so is a line; beyond that it is InvalidData."
                .to_owned(),
            Cause::HeadLimitOffByOne => "The limit is off: a head of exactly MAX_HEAD bytes, its \
                blank line counted and the body not, is still allowed, one byte more is not."
                .to_owned(),
            Cause::ResetLooksComplete => "The connection failed, and nobody was told: an error is \
                not the end of the stream, and what had come by then may not be all. Only a read of \
                0 bytes is the end."
                .to_owned(),
            Cause::NotHttp => "What came does not begin with a status line such as `HTTP/1.1 200 \
                OK`, three digits for the status: it is no answer of a web server, and nothing \
                in it can be believed. That is InvalidData."
                .to_owned(),
            Cause::NotTheStatus => "The status is the number in the first line of the head, \
                behind the version: 200 says that this is the page that was asked for."
                .to_owned(),
            Cause::ErrorPageIsAPage => "The server answered, with a status that says no: the \
                caller wants to see it, so it comes back like any other page. What a status \
                means is the caller's business."
                .to_owned(),
            Cause::FileIsNotTheBody => "The file has to hold the body, byte for byte, and \
                nothing else: no head, and nothing of an older file that was longer."
                .to_owned(),
            Cause::SavingFailedUnnoticed => "The file could not be written, and the caller \
                believes that it was: pass the error on."
                .to_owned(),
            Cause::ListensTwice => "A port belongs to one listener at a time, and this one is \
                taken: by the listener that your function was given. Accept from that one."
                .to_owned(),
            Cause::CallsElsewhere => "The call went elsewhere, or nowhere: the address that your \
                function was given is all of it, host and port. `localhost` is a name, which may \
                mean ::1 or 127.0.0.1, and the server may listen at neither."
                .to_owned(),
            Cause::RefusalIsAnError => "Nobody listens at that port, and the connection was \
                refused: whoever asked for the call wants to know. Pass the error on."
                .to_owned(),
            Cause::SilenceIsNoFailure => "The caller hung up without a word. That is no failure: \
                it said nothing, and nothing is what was heard."
                .to_owned(),
            Cause::OneCallIsAnswered => "The caller has hung up, and your function goes on with \
                the next call: it answers one. Whoever calls meanwhile waits in the listener's \
                line, and is still there when your function is called again."
                .to_owned(),
            Cause::SpeaksTooSoon => "Your code spoke before it had heard the whole greeting. On \
                this wire the server speaks first, and the client answers what it has heard."
                .to_owned(),
            Cause::AnotherGreeting => "This server did not say `hello`, so it is not the one \
                that was meant: somebody else has the port. That is InvalidData, and nothing is \
                said to it."
                .to_owned(),
            Cause::EndNeverSent => "The other side listens until your side of the stream ends, \
                and it does not end: shutdown(Write) says that no more will come. To drop a \
                handle says so only if it is the last one of its connection, and try_clone makes \
                one more."
                .to_owned(),
            Cause::StopsListening => "The other side had not hung up, and your code did not \
                listen any more. A connection has two directions, which end one by one: \
                shutdown(Write) ends yours, and only a read of 0 bytes tells that the other one \
                has ended."
                .to_owned(),
            Cause::NotTheReply => "A reply is the message as it came with 好 behind it, and the \
                greeting comes once, before everything."
                .to_owned(),
            Cause::CharacterCut => "A read ended inside a character (神 is three bytes), and its \
                first bytes were taken for all of it. Keep them until the rest has come, or decode \
                when the whole line is there."
                .to_owned(),
            Cause::QuitIsAWord => "The message `q` ends the call, alone or with the line end that a \
                terminal puts behind it; a message that only contains the letter is one like any \
                other."
                .to_owned(),
            Cause::LineEndsAtItsNewline => "A line ends at its newline, wherever reads end: what \
                follows is the next line, and the newline, with the \\r that Windows puts before \
                it, is part of neither. Everything else is, spaces at the ends too, and a line may \
                be empty."
                .to_owned(),
            Cause::UnfinishedLineSaid => "The stream ended inside a line, and what had come was \
                taken for all of it: `rm -rf /tmp/old` may break off behind the first slash. Only a \
                newline ends a line; read_line and lines() do not tell you whether there was one."
                .to_owned(),
            Cause::LineHasALimit => "How long a line gets is up to whoever sends it, and read_line \
                keeps all of it: a peer that never sends a newline fills the memory. Stop as soon as \
                more than MAX_LINE bytes have come without one; exactly so many are allowed."
                .to_owned(),
            Cause::ControlsPass => "A terminal obeys control characters: \\r goes back to the start \
                of the line, ESC begins orders to move and to erase. With them one member writes \
                over another's words, and forges them. Replace each with U+FFFD (char::is_control \
                knows them, those above 127 too)."
                .to_owned(),
            Cause::NoTextIsNoFailure => "Somebody's bytes were no UTF-8, and the conversation ended, \
                or the line changed more than it must: show what can be read, with U+FFFD for what \
                cannot."
                .to_owned(),
            Cause::TakesTurns => "One side has to wait until the other has spoken, or typed, or \
                read. A connection carries bytes both ways at once: speaking and hearing wait for \
                different things, so each needs a thread of its own."
                .to_owned(),
            Cause::ShownTooLate => "The bytes have come and nobody can see them: they wait for a \
                newline, or in the output's buffer. Show what each read brings, and flush."
                .to_owned(),
            Cause::EndOfInputNotTold => "There is nothing more to say, and the peer waits for it: \
                close the sending side (shutdown(Write)), and it reads the end of the stream."
                .to_owned(),
            Cause::EndOfInputIsNotTheEnd => "There is nothing more to say, but the peer has: the end \
                of the input closes the sending side, and only that one."
                .to_owned(),
            Cause::ExitIsNotSaid => "`exit` is a word to the program and not to the peer, who learns \
                of it by the end of the stream. A line that only begins with it is a line like any \
                other."
                .to_owned(),
            Cause::LineLeftOpen => "The conversation is over here, and the peer does not see the end \
                of the stream: somebody still holds a descriptor of this connection, a clone or a \
                thread that waits. Dropping one of several closes nothing; shutdown ends the \
                connection itself."
                .to_owned(),
            Cause::WaitsForTheKeyboard => "The stream has ended, and your code waits for the thread \
                that waits for the keyboard, which nothing can wake: do not join it."
                .to_owned(),
            Cause::LineNotHeard => "Not everybody else heard what was said, or not in the form \
                `[NAME] LINE`."
                .to_owned(),
            Cause::EchoesToTheSpeaker => "What a member says goes to everybody else: it has its own \
                words on its screen already."
                .to_owned(),
            Cause::HeardBeforeJoining => "Who has not said a name has not joined: until the first \
                line is whole, nothing of the room goes to this connection."
                .to_owned(),
            Cause::NameUnchecked => "A name stands before everything its owner says, so nobody may \
                choose one that somebody has, or one that looks like more than a name: 1 to 32 \
                letters and digits. All others are refused with a line that begins with `!`, and \
                nobody else hears of it."
                .to_owned(),
            Cause::OneHoldsTheRoom => "One member does nothing, and everybody waits for it: a write \
                to somebody who does not read blocks as soon as the kernel's buffers are full, and a \
                read from somebody silent blocks at once. Nothing that all need, the lock of the room \
                or the thread of whoever speaks, may be in such a call."
                .to_owned(),
            Cause::NeverHungUpOn => "A member who never reads stays in the room: either every line is \
                kept for it, until the memory is full, or lines are lost and it never learns. Hang \
                up on a member for whom more than QUEUE lines wait: end its connection, and everything \
                that serves it learns of it."
                .to_owned(),
            Cause::FailureReachesTheSpeaker => "A line did not reach one member, and whoever said it \
                was thrown out, before others had heard it: a member that is dead or does not read \
                is the failure of no other."
                .to_owned(),
            Cause::QueueTooShort => "This member reads, and was hung up on because a few lines came at \
                once: as many as QUEUE may wait for somebody."
                .to_owned(),
            Cause::MemberStays => "A member has gone, and the room has not noticed, or only in part: \
                everybody is told, the name becomes free, and `join` returns, however the member \
                went. What has to be done at the end must not be skipped by an error."
                .to_owned(),
            Cause::MemberLeavesThreads => "The members have gone, and threads that served them have \
                not: one that is blocked in read or write ends when its stream does, so end the \
                stream, both ways."
                .to_owned(),
            Cause::NameIsAPath => "A name from the network is never a path: joined to a folder, \
                `../x` leads out of it, and `/x` takes its place altogether. One plain file name, \
                or nothing."
                .to_owned(),
            Cause::NotAFileName => "No file is called that: the name is empty, or longer than 255 \
                bytes (bytes, not characters), or has control characters in it. A NUL ends a name \
                for the system, and the others play tricks on whoever lists the folder."
                .to_owned(),
            Cause::NameDiffersBySystem => "On another system this name means something else. \
                Windows takes `\\` for a separator and `:` for a drive or a hidden stream; NUL, \
                COM1 and their like are devices there, in small letters and with any extension \
                too; and a dot or a space at the end falls away. Refuse it everywhere, so that a \
                name that one machine takes, all of them take."
                .to_owned(),
            Cause::PlainNameRefused => "This is a plain file name on every system, and it was \
                refused. What is refused must be a path, a device, or no name at all."
                .to_owned(),
            Cause::BarInTheName => "Only the first two bars separate: what follows the second is \
                the name, whatever is in it."
                .to_owned(),
            Cause::NotAPostHeader => "This is no text header: it is the word `post`, the size and \
                the name, in UTF-8, with a bar between each. Refuse anything else with \
                InvalidData, and look before you index."
                .to_owned(),
            Cause::HeaderSaysAnotherThing => "What went ahead of the content is not the header \
                that was meant: four bytes with the length of the JSON (in bytes, little-endian), \
                then JSON, in which a parser finds the name and the length as they are."
                .to_owned(),
            Cause::PromiseNotKept => "A file may shrink or grow after its size was read, and the \
                header is on the wire by then: bytes beyond the promise are taken for the next \
                header, and a missing one for a peer that is slow. Send exactly as many as were \
                promised, or fail."
                .to_owned(),
            Cause::SendsARefusedName => "Every receiver refuses this name, and the connection with \
                it: say so before anything is on the wire."
                .to_owned(),
            Cause::HeaderNotUnderstood => "This is a good header: JSON has many ways to write the \
                same, and a program in another language takes another one. Let a JSON parser read \
                it, and leave alone what you do not know."
                .to_owned(),
            Cause::NotAHeader => "This is no header: it must be one JSON object, with a name that \
                is text and a length that is a whole number from 0 on. Refuse anything else with \
                InvalidData: the peer has not left, and it must not be guessed what it meant."
                .to_owned(),
            Cause::HeaderLengthTrusted => "The length of a header is only a claim: a header of up \
                to MAX_HEADER bytes is read, and a negative length or a longer one is refused \
                before anything is read or set aside for it."
                .to_owned(),
            Cause::HalfAFileLeft => "The transfer broke off, and half a file stands under its \
                final name, where nobody can tell it from a whole one. Write under another name \
                first, and rename when all of it is there."
                .to_owned(),
            Cause::TemporaryFileLeft => "The transfer broke off, and its temporary file stayed \
                behind. It must go however the function is left, by any `?` too: a value that \
                removes its file when it is dropped sees to that."
                .to_owned(),
            Cause::NamedTooSoon => "Bytes are still missing, and the file has its final name \
                already: whoever looks now reads half of it, and should the machine stop now, \
                half of it stays. Write under another name in the same folder, and rename when \
                all of it is there."
                .to_owned(),
            Cause::TemporaryFileElsewhere => "Bytes have come, and they are in no file of this \
                folder. A rename works within one file system only (EXDEV, rename(2)), and the \
                system's folder for temporary files is often on another: make the temporary file \
                where the whole one will be."
                .to_owned(),
            Cause::TemporaryNameFromTheName => "A name may have 255 bytes, and this one has: a \
                temporary name that is made from it by adding something is too long for the file \
                system. Give temporary files names of their own."
                .to_owned(),
            Cause::OverwritesUnasked => "A file of that name was there, and nobody asked to \
                replace it: what is lost now, nobody can bring back. Make it AlreadyExists, and \
                leave the file as it was."
                .to_owned(),
            Cause::DoesNotReplaceWhenAsked => "The caller asked to replace the file that is there: \
                the new one takes its place, and with it ends the old one."
                .to_owned(),
            Cause::OldFileLost => "The transfer broke off, and the old file is not as it was: now \
                there is neither the old one nor the new. Touch the old file only by the rename \
                that puts the whole new one in its place."
                .to_owned(),
            Cause::NameTakenMeanwhile => "When your code looked, the name was free; when it saved \
                the file, another program had taken it. To look first and act then is too late: \
                the system must do both in one step (RENAME_NOREPLACE, renameat2(2); link(2) \
                refuses as well)."
                .to_owned(),
            Cause::UploadsMix => "Two clients sent files of one name at a time, and they met in \
                one temporary file, or both were told that theirs is saved. Each transfer needs a \
                temporary file of its own, and the name is for whoever is whole first."
                .to_owned(),
            Cause::LinkFollowed => "A symbolic link has this name. Whoever opens it writes to \
                where it points, outside the folder; a link to nothing looks as if no file was \
                there. Only a rename never follows: it meets the link itself."
                .to_owned(),
            Cause::HeldInMemory => "The file was held in memory, or as much memory as was \
                promised: how large a file is, its sender decides. Pass it on piece by piece, in \
                one buffer."
                .to_owned(),
            Cause::EmptyFileIsAFile => "A file of 0 bytes is a file: there is nothing to wait for, \
                and a file to save."
                .to_owned(),
            Cause::NotTheMd5 => "This is not the MD5 of these bytes in hexadecimal: 32 digits, two \
                for each byte, in small letters. A byte below 16 begins with a zero."
                .to_owned(),
            Cause::DigestOfTheBuffer => "The digest was fed something else than the bytes that \
                came: a read fills the first part of a buffer and says how much of it; what lies \
                behind that is left from before."
                .to_owned(),
            Cause::GreetingHasALength => "The greeting is 21 bytes, the same every time, and no \
                mark stands behind it: read exactly so many, however they come, and compare them. \
                What is behind belongs to the next reply."
                .to_owned(),
            Cause::RequestHasAnotherForm => "A request is the word get, a space and the name, and \
                nothing else: on this wire no mark ends it, so the server takes all of it for the \
                name, a line's end too."
                .to_owned(),
            Cause::AsksForAPath => "The name that is asked for is the name to save under as well: \
                a path would put the file somewhere else. Refuse it with InvalidInput before \
                anything is sent, since whoever called you can mend it."
                .to_owned(),
            Cause::DigestSwallowed => "The MD5 came together with the last of the content, and was \
                taken for content. Only the size tells them apart: never ask for more than is \
                missing, then read the 32 digits of the MD5, no more and no fewer."
                .to_owned(),
            Cause::DigestNotCompared => "The MD5 that came is not that of the content that came, \
                and the file was taken for good. One of the two was damaged on the way: compare \
                them, keep nothing, and say so with InvalidData."
                .to_owned(),
            Cause::ReceiptNotCompared => "The receipt is not for the bytes that were sent, and \
                nobody looked at it. It is all that a client ever learns of its file: compare it, \
                with its words and its digits, or do without MD5."
                .to_owned(),
            Cause::NotTheReceipt => "An upload that has come to its end is answered with the words \
                of the receipt and the MD5 of what came, also if the client's own MD5 is another: \
                from this the client learns it. Before that only the acknowledgement is sent."
                .to_owned(),
            Cause::ReceiptTooSoon => "The client was told that its file is there before it was: \
                whoever has a receipt may throw the original away, and a rename can still fail. \
                Put the file in its place first, then confirm it."
                .to_owned(),
            Cause::MissingFileUnanswered => "There is no file to send for this request, and the \
                client waits to be told. Silence makes it wait for ever, an error ends its \
                connection, and a panic the server: send the words for it, and go on to the next \
                request."
                .to_owned(),
            Cause::MissingFileNotTold => "The server said that it has no such file. That is no \
                size, and no failure of the connection: tell the caller NotFound, acknowledge \
                nothing, and the next request may follow."
                .to_owned(),
            Cause::OneTransferOnly => "The connection is as good as before, and the next transfer \
                over it went wrong: each must take from the stream what belongs to it, all of \
                that, and nothing else."
                .to_owned(),
            Cause::ProgressMisreports => "Progress is how many bytes of the content have passed, \
                of how many: told after each piece, at the latest after each MiB, never more than \
                have passed, and at the end all of them."
                .to_owned(),
            Cause::AddressRefused => "This is an address, and it was refused: there is nothing \
                wrong with it."
                .to_owned(),
            Cause::HighestByteFirst => "The numbers of an address stand in it in the order in \
                which they are written, the highest first: this is the order of the network as \
                well (RFC 791, appendix B; RFC 4291, section 2.2)."
                .to_owned(),
            Cause::NotFourNumbers => "An IPv4 address is four numbers with a dot between each \
                two, not one more and not one less. What programs of another age make of three \
                (inet_aton(3)) is not meant here."
                .to_owned(),
            Cause::NumberMissing => "There is nothing where a number should be: a dot or a \
                colon stands between two of them, and nothing is not zero."
                .to_owned(),
            Cause::NumberAboveAByte => "Each of the four numbers is a byte, 0 to 255. A larger \
                one is no mistake to be cut off: the whole text is no address."
                .to_owned(),
            Cause::ZeroInFront => "A zero in front makes a number octal to some programs and \
                not to others: 010.0.0.1 is 8.0.0.1 here and 10.0.0.1 there. What one program \
                has checked, another then takes for something else. It is no address, and \
                nobody should write it."
                .to_owned(),
            Cause::SignIsNoDigit => "Rust's parse and from_str_radix take a plus sign in front \
                of a number, and the text of an address may hold none: it has digits only."
                .to_owned(),
            Cause::StrangeCharacter => "There is a character in this text that no address has: \
                a space, a letter, a line end. Whoever cuts it off guesses what was meant."
                .to_owned(),
            Cause::NotEightGroups => "An IPv6 address has eight groups. Only `::` makes it \
                fewer, and then there are seven at most, since it stands for one group of zeros \
                at least."
                .to_owned(),
            Cause::FourDigitsAGroup => "A group is 16 bits, one to four hexadecimal digits: a \
                fifth is wrong even when it is a zero."
                .to_owned(),
            Cause::TwoColonsTwice => "`::` may stand once in an address: where it stood twice \
                nobody could tell how many zeros each of them means."
                .to_owned(),
            Cause::TwoColonsAreZeros => "`::` stands for as many groups of zeros as are missing \
                to eight, and they stand in its place: the groups in front of it come first, \
                those behind it last. On either side there may be none."
                .to_owned(),
            Cause::Ipv4OnlyAtTheEnd => "The last 32 bits of an IPv6 address may be written as \
                an IPv4 address, good in itself, in place of two groups; and only the last (RFC \
                4291, section 2.2)."
                .to_owned(),
            Cause::LongestRunOfZeros => "`::` stands for the longest run of groups that are \
                zero, for the first of several such runs, and never for a single group (RFC \
                5952, section 4.2): everybody has to write the same text for the same address."
                .to_owned(),
            Cause::SmallLettersWithoutZeros => "A group is written in small letters and without \
                zeros in front (RFC 5952, sections 4.1 and 4.3): who searches a log for an \
                address must find it."
                .to_owned(),
            Cause::MappedShowsIpv4 => "An address of ::ffff:0:0/96, and no other, carries an \
                IPv4 address in its last 32 bits and shows it: ::ffff:192.0.2.1 (RFC 5952, \
                section 5)."
                .to_owned(),
            Cause::SixPairsOfDigits => "A MAC address is six bytes, each in two hexadecimal \
                digits, with colons or with hyphens between them all, not both. It is written \
                here in small letters, with colons."
                .to_owned(),
            Cause::GroupBit => "The lowest bit of the first byte says that a frame goes to a \
                group; all 48 bits as ones are the group of everybody. No other bit counts."
                .to_owned(),
            Cause::LengthOfAPrefix => "Behind the slash stands how many bits are the network's: \
                0 to 32, in decimal digits and nothing else."
                .to_owned(),
            Cause::PrefixCountsBits => "The length of a prefix counts bits, and a network may \
                end inside a byte: of each address the first so many bits count, and no other."
                .to_owned(),
            Cause::ShiftByAllBits => "A number of 32 bits was shifted by 32, which no processor \
                promises to do: Rust panics, and without its checks the number stays as it was. \
                A prefix of length 0 needs a way of its own; checked_shl finds it."
                .to_owned(),
            Cause::HostBitsStay => "The network's own address has zeros in every bit behind the \
                prefix: 10.1.2.3/8 is in the network 10.0.0.0."
                .to_owned(),
            Cause::LastHasAllOnes => "The last address of a network has ones in all bits behind \
                the prefix. Only where the prefix is of 24 bits are they the last byte."
                .to_owned(),
            Cause::PrivateRanges => "Three ranges are private: 10.0.0.0/8, 172.16.0.0/12, which \
                ends with 172.31.255.255, and 192.168.0.0/16 (RFC 1918). What lies beside them \
                belongs to somebody."
                .to_owned(),
            Cause::LoopbackIsANetwork => "The whole network 127.0.0.0/8 is this machine, not \
                127.0.0.1 alone (RFC 1122, section 3.2.1.3): who refuses that one address only, \
                lets 127.0.0.2 in."
                .to_owned(),
            Cause::LayersInOrder => "The layers stand on each other, the cable's at the bottom: \
                physical, data link, network, transport, session, presentation, application. \
                The simplified model and TCP/IP leave the work of the upper three to the \
                application; TCP/IP (RFC 1122) calls the lowest two the link, and the network \
                the internet layer."
                .to_owned(),
            Cause::WorksOnAnotherLayer => "What it looks at says on which layer it works: a \
                cable carries bits (1), a switch looks at MAC addresses (2), a router at IP \
                addresses (3), TCP and UDP at ports (4), and programs at what they say to each \
                other (7)."
                .to_owned(),
            Cause::WordsLoseTheirBorders => "A command is a list of words, and any byte but zero may \
                stand inside one, spaces too: send the length of all, then each with a zero byte \
                behind it, and hand each over as an argument of its own, unchanged."
                .to_owned(),
            Cause::EndIsNoCommand => "A read of 0 bytes is the end of the stream: the client has \
                left, and did not ask for an empty command."
                .to_owned(),
            Cause::NotACommand => "A command is one word or more, in UTF-8, each with a zero byte \
                behind it and none inside, and no longer than MAX_COMMAND. Refuse everything else, \
                before you send it and when you read it."
                .to_owned(),
            Cause::NotAReply => "These bytes are no piece of a reply: the reader has lost its place, \
                or talks to somebody who speaks another language. Whatever it returns now is made up."
                .to_owned(),
            Cause::NotOnTheList => "No program of exactly this name is on the list. A list that also \
                lets through what begins like a name, ends like one or contains one lets through \
                what nobody has put on it."
                .to_owned(),
            Cause::TheListNamesTheFile => "The client chooses among names, the list says which file \
                is started for each. A name that is looked up once more, in PATH or in the current \
                folder, may be somebody else's program."
                .to_owned(),
            Cause::ThroughAShell => "A shell read what the client sent, and to a shell `;`, `$( )`, \
                `|` and `*` are orders. Start the program itself, with the words as its arguments: \
                then they are only characters."
                .to_owned(),
            Cause::OutputsMixed => "A command has two outputs, and whoever asked for it wants to \
                know which is which: send each under its kind, o and e, and write each where it \
                belongs."
                .to_owned(),
            Cause::OutputMadeUp => "The command wrote nothing, and this came: output is what the \
                command puts out, and nothing else. That there is none shows in the reply's end."
                .to_owned(),
            Cause::OutputCut => "Output has no length that one knows beforehand: all of it belongs to \
                this reply, to the end of both pipes, and none of it to the next."
                .to_owned(),
            Cause::EndingLost => "A command ends with a status, or by a signal, and the client has to \
                learn which: 0 is success, everything else is not, and a signal has no status \
                (ExitStatusExt::signal tells it)."
                .to_owned(),
            Cause::NoChallenge => "The client waits for 32 bytes to prove itself with. A server that \
                does not ask serves everybody."
                .to_owned(),
            Cause::NoReply => "A command was asked for, and no whole reply came: pieces of what it puts \
                out, then one piece that says how it ended."
                .to_owned(),
            Cause::WaitsBeforeReading => "A pipe holds some 64 KiB. A command that writes more waits \
                until somebody reads, and your code waits for the command, or for its other output: \
                neither moves again. Read both outputs at once, and wait for the process then."
                .to_owned(),
            Cause::ServersInputRead => "The command read from the server's own standard input: a \
                child inherits it unless it is given another. Nobody can type for it: give it \
                Stdio::null()."
                .to_owned(),
            Cause::RefusalEndsIt => "A command that is refused, fails to start or was ended is \
                answered like any other, and the conversation goes on."
                .to_owned(),
            Cause::LeavingIsNoCommand => "`q`, `exit` and the end of the stream leave: the server \
                closes, and no error has happened."
                .to_owned(),
            Cause::TimeLimitMissing => "The time is over and the command still runs. The clock stops \
                neither while it writes, nor while its outputs are silent or closed, nor while the \
                client does not read: look at it whatever you wait for."
                .to_owned(),
            Cause::TimeLimitNotTold => "The server ended the command, and the client was told another \
                end of it: only TIMED_OUT says that it was too slow."
                .to_owned(),
            Cause::GroupLivesOn => "The command is over and something that it had started lives on: \
                kill ends one process. Make the command the leader of a group of its own \
                (process_group), and end the group (killpg(3)), before its leader is waited for."
                .to_owned(),
            Cause::CommandOutlivesItsClient => "The client has gone, and its command goes on for \
                nobody. A server that only waits for the command does not notice: read from the \
                client at the same time, and end the command at the end of the stream."
                .to_owned(),
            Cause::ZombiesLeftBehind => "A process that is over keeps its place in the process table \
                until its parent asks how it ended (wait(2)): until somebody does, it is a zombie. \
                Dropping a Child does not ask."
                .to_owned(),
            Cause::CommandLeavesThreads => "The clients have gone, and threads that served them have \
                not. Each must have something that ends: a pipe, a process, a stream, or a channel \
                whose other end is dropped."
                .to_owned(),
            Cause::BothSidesClosed => "shutdown(Both) closes the ear along with the mouth: what \
                the peer has yet to say finds nobody. A half-close, shutdown(Write), says that \
                you have said all, and hears the rest."
                .to_owned(),
            Cause::ResetIsNoEnd => "The peer has reset the connection, and nobody was told: a \
                reset is an error and no end of a stream, since what was on its way is lost. \
                Only a read of 0 bytes is the end."
                .to_owned(),
            Cause::FirstWriteSucceeds => "A write says Ok when the kernel has taken the bytes, \
                and not when anybody has read them. The first one to a peer that has closed \
                succeeds; the peer's system answers it with a reset, and only the next one \
                fails. Sending nothing sends nothing. What tells at once is a read of 0 bytes, \
                or a peek."
                .to_owned(),
            Cause::LookWaits => "The peer is there and says nothing, and your code waits until \
                that changes: a look is to return at once. A socket that does not block says \
                WouldBlock when there is nothing yet."
                .to_owned(),
            Cause::LookTakesBytes => "There are bytes that nobody has read: they come before \
                the end of the stream, and a look must leave them where they are. A read takes \
                them; a peek does not (MSG_PEEK, recv(2))."
                .to_owned(),
            Cause::UnreadInputResets => "The socket was closed while the peer's bytes lay in it \
                unread: its system then says reset, not goodbye (RFC 1122, 4.2.2.13), and your \
                last words may be lost on the way. Close your side first, read what still \
                comes, then let go."
                .to_owned(),
            Cause::GoodbyeStopsListening => "The peer had not finished, and nobody listens any \
                more: what it sends now is answered with a reset. Read, and throw away, until \
                it has closed its side as well."
                .to_owned(),
            Cause::CloneHoldsTheLine => "A connection is closed when its last descriptor is, \
                and somebody has a clone: the peer waits for the end of a stream that nobody \
                will use again. shutdown closes the connection, whoever else holds it."
                .to_owned(),
            Cause::GoodbyeNeverEnds => "The peer decides how long this goodbye takes: one that \
                is silent, or never stops sending, holds it for ever. Listening needs a bound, \
                in bytes and in time."
                .to_owned(),
            Cause::PatienceBeginsAnew => "The peer sends a byte now and then, and each time the \
                patience begins anew: a timeout limits one read. Compute when the time is over, \
                once, and wait only for what is left."
                .to_owned(),
            Cause::GoodbyeNotHeard => "Whether the peer has closed its side, too, only a read \
                of 0 bytes tells: silence does not, nor does an error, nor that your own side \
                is closed."
                .to_owned(),
            Cause::GoneBeforeTheGoodbye => "The peer had reset the connection, so there was \
                nobody to say goodbye to, and your code takes that for a failure. Shutting a \
                connection down that is no more says NotConnected; whoever only wants to get \
                rid of it is there."
                .to_owned(),
            Cause::CloseIsNoReset => "The peer was told that the stream ended, as if all were \
                well. A reset is what closing sends when a socket is told not to linger for \
                what is unsent: SO_LINGER with a time of zero (socket(7)); and no half of the \
                connection may be closed before that. Then neither end is left to wait."
                .to_owned(),
            Cause::NotTheDiagnosis => "The error says something else: its kind tells what \
                happened to the connection, and each of them calls for something else."
                .to_owned(),
            Cause::KindsNotNumbers => "An error is known by its kind. A number means something \
                on one system only: connection reset is 104 on Linux, 54 on macOS and 10054 on \
                Windows. And the words are for people."
                .to_owned(),
            Cause::AbortedIsReset => "ConnectionAborted is ConnectionReset under another name: \
                the connection was ended by force. Windows says so where its own side gave up \
                (10053); Unix says so of a caller that was gone before it was accepted."
                .to_owned(),
            Cause::DescriptorsHaveNoKind => "Out of descriptors is an error without a kind: \
                raw_os_error tells, EMFILE for the process and ENFILE for the system (24 and 23 \
                on Unix, 10024 on Windows). It passes when a descriptor comes back, and only a \
                rest between two attempts gives it the time."
                .to_owned(),
            Cause::TriesWithoutRest => "Between two attempts nothing happened: what failed a \
                moment ago fails again, as often as a processor can ask. Rest before the next \
                attempt."
                .to_owned(),
            Cause::TriesNotCounted => "There are as many attempts as there are tries, the first \
                one included, and a rest stands between two of them: none after the last, and \
                nothing at all after a success."
                .to_owned(),
            Cause::TriesTheHopeless => "This error does not pass: the connection is over, or \
                the request itself is wrong, and the same call will fail for ever. Whoever \
                waits for that is told too late."
                .to_owned(),
            Cause::GaveUpOnWhatPasses => "This error passes: a server that is just starting \
                refuses, and a port in use is given back. There were tries left."
                .to_owned(),
            Cause::LastErrorLost => "The caller has to know why the last attempt failed: return \
                its error, not another one."
                .to_owned(),
            Cause::StopUnseen => "The server was told to stop, and it goes on: whoever waits in a call \
                looks at no flag. What ends the wait must be among what is waited for: let `stop` be \
                one more socket that the server looks at, or let a thread wait for it that ends the \
                streams of all others and wakes accept with a call of its own."
                .to_owned(),
            Cause::StopIsNoFailure => "The end of `stop` is what the caller asked for, and no \
                failure: the server returns Ok(())."
                .to_owned(),
            Cause::StopLeavesConnections => "The server has returned, and this client is still \
                connected: a thread or a task that nobody has ended holds its stream. End every \
                connection, and wait for those who serve them, before you return."
                .to_owned(),
            Cause::StopLeavesThreads => "The server has returned, and a thread that it started goes \
                on: nobody tells it to end, and nobody waits for it. Whatever is started for the \
                server ends with it."
                .to_owned(),
            Cause::EdgeToldOnce => "An edge is told once: when something comes, not as long as it is \
                there (epoll(7), EPOLLET). What one event leaves in the kernel, callers or bytes, \
                nobody reports again. Go on until WouldBlock, or register anew to be told anew."
                .to_owned(),
            Cause::SignalsDoNotCount => "A signal is not one event: while it waits to be delivered, \
                all others of its kind melt into it (signal(7)). It says that something has happened \
                somewhere, so go on until nothing is left to be done, and wait for the next one then."
                .to_owned(),
            Cause::SocketSignalsNobody => "Something came on this socket, and no signal told of it: \
                O_ASYNC and the owner are properties of each socket, and an accepted one does not \
                take after its listener (accept(2)). Set both before you first look at it."
                .to_owned(),
            Cause::MissedBeforehand => "These clients had called before the server asked to be told \
                of callers, and nobody tells of what has been: ask first, then look once, and only \
                then wait."
                .to_owned(),
            Cause::AlwaysRoomToSend => "There is nearly always room to send: whoever asks to be told \
                of that is told at once, again and again. Ask for it only while something is owed, \
                and for bytes to read when nothing is."
                .to_owned(),
            Cause::NoRoomAwaited => "Part of the answer could not be sent, and the server waits for \
                more to read: nobody tells it that there is room again unless it asks for that. While \
                something is owed, wait for room to send."
                .to_owned(),
            Cause::OneTaskHoldsTheOthers => "Tasks share one thread, and change places in an `.await` \
                only. A call of std::net blocks that thread and every task on it; and where a loop \
                awaits one conversation, no other begins. Use the runtime's own calls, and spawn a \
                task for each client."
                .to_owned(),
            Cause::SpinsForASlowClient => "This client does not read, and the server computes all the \
                time: what the kernel does not take now it will not take a microsecond later. Wait \
                until it says that there is room."
                .to_owned(),
        }
    }

    /// A story of this cause, with these rows as its evidence.
    pub fn story(&self, rows: Vec<Row>) -> Story {
        Story { rows, cause: self.name(), sentence: self.sentence() }
    }
}
