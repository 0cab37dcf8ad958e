//! The named causes: why an answer fails, one name and one sentence each.
//!
//! Here are those that the kit names itself and those that several lessons share. A cause that one lesson
//! uses is defined in that lesson's `causes.rs`.

use std::borrow::Cow;

use crate::story::{Row, Story};

/// Why an answer failed. A check names the one it is about; the transcript often shows a plainer one.
#[derive(Clone, Debug)]
pub struct Cause {
    name: &'static str,
    sentence: Cow<'static, str>,
}

/// Define causes: `Name = "The sentence that explains it.";`, or `Name(value) = "… {value} …";`.
///
/// The first kind is a constant, the second a function of what its sentence shows. A name that is misspelt
/// does not compile.
///
/// ```
/// netkata::causes! {
///     HeaderMissing = "The message came without its header.";
///     HeaderTooShort(bytes) = "The header has {bytes} bytes instead of four.";
/// }
///
/// assert_eq!(HeaderMissing.name(), "HeaderMissing");
/// assert_eq!(HeaderTooShort(3).sentence(), "The header has 3 bytes instead of four.");
/// ```
#[macro_export]
macro_rules! causes {
    ($($name:ident $(($($value:ident),+))? = $sentence:literal;)+) => {
        $($crate::causes!(@one $name $(($($value),+))? = $sentence);)+
    };
    (@one $name:ident = $sentence:literal) => {
        #[doc = $sentence]
        #[allow(non_upper_case_globals, reason = "named like the variants of an enum")]
        pub const $name: $crate::Cause = $crate::Cause::new(stringify!($name), $sentence);
    };
    (@one $name:ident($($value:ident),+) = $sentence:literal) => {
        #[doc = $sentence]
        #[allow(non_snake_case, reason = "named like the variants of an enum")]
        pub fn $name($($value: impl ::std::fmt::Display),+) -> $crate::Cause {
            $crate::Cause::with_values(stringify!($name), format!($sentence))
        }
    };
}

impl Cause {
    /// A cause of this name, explained by this sentence.
    pub const fn new(name: &'static str, sentence: &'static str) -> Cause {
        Cause { name, sentence: Cow::Borrowed(sentence) }
    }

    /// As [`Cause::new`], for a sentence that shows values of the failure.
    pub fn with_values(name: &'static str, sentence: String) -> Cause {
        Cause { name, sentence: Cow::Owned(sentence) }
    }

    /// The cause's name: what mistakes and their stories call it.
    pub fn name(&self) -> String {
        self.name.to_owned()
    }

    /// The cause in the student's terms.
    pub fn sentence(&self) -> String {
        self.sentence.clone().into_owned()
    }

    /// A story of this cause, with these rows as its evidence.
    pub fn story(&self, rows: Vec<Row>) -> Story {
        Story { rows, cause: self.name(), sentence: self.sentence() }
    }
}

/// Two causes are the same if they have one name, whatever values their sentences show.
impl PartialEq for Cause {
    fn eq(&self, other: &Cause) -> bool {
        self.name == other.name
    }
}

impl Cause {
    causes! {
        OneReadIsNotOneMessage =
            "TCP keeps the order of bytes, not their grouping: one read may return fewer bytes \
            than you ask for. Read until the message is whole.";
        HeaderReadOnce(got) =
            "The header is bytes like any other and may come in pieces: this read returned {got} \
            of it, and the rest was taken for the message.";
        UnfilledBuffer =
            "The buffer was returned whole, but the read filled only the first part of it: what \
            follows was never received. A read says how many bytes it filled.";
        ByteSwapped(asked, meant) =
            "The length is byte-swapped: {asked} is {meant} with its four bytes in the opposite \
            order. The header is little-endian: the lowest byte comes first.";
        LengthIsText(text, asked) =
            "The length {asked} is the text \"{text}\" read as a number: the reader has lost its \
            place in the stream and takes a piece of a message for a header.";
        AsksForMoreThanComes(asked) =
            "Your code asks for {asked} more, and the peer has sent all it will send: on a real \
            connection it would wait for ever. The length that it trusts is not the one that was \
            sent, or bytes were lost on the way.";
        ReadTooFar =
            "Your code read beyond the end of its message: those bytes belong to the next one and \
            are lost when the buffer that holds them is dropped.";
        TwoMessagesInOne =
            "Two messages were returned as one: where one ends only its length can say, since one \
            read may bring the end of one and the start of the next.";
        HeaderInMessage =
            "The header came back as part of the message: it belongs to the wire and ends where \
            the message begins.";
        CleanEndIsNoError =
            "The peer closed the stream between two messages: this is how a conversation ends, \
            and no error.";
        TruncationLooksComplete =
            "The stream ended inside a message, and nobody was told: half a message must not look \
            like a whole one, nor like a clean end.";
        EmptyMessageIsAMessage =
            "A message of 0 bytes is a message: only a read of 0 bytes, where a header should \
            begin, is the end of the stream.";
        InterruptedIsNoFailure =
            "A signal interrupted the call before anything moved (EINTR, signal(7)): that is no \
            failure, the call must be made again. read_exact, read_to_end and write_all do so; \
            read and write leave it to you.";
        SpinsAtTheEnd =
            "A read of 0 bytes means that the peer has closed its side: no more will come, \
            however often one asks.";
        Spins =
            "The same call is made again and again, and nothing moves: the loop has no way out of \
            it.";
        PartialWriteIgnored =
            "One write may take fewer bytes than it is offered, and says how many: the rest is \
            yours to send. write_all does so.";
        NeverFlushed =
            "The bytes are still in a buffer on your side: the peer waits for them. Flush it \
            before you let go of it.";
        LengthCountsTheHeader =
            "The length counts the four bytes of the header as well: it is the length of the \
            message alone.";
        HeaderMissing =
            "The message came without its header: nothing tells the reader where it ends.";
        NegativeLengthTrusted =
            "A length from the network may be negative, and a negative number turned into a size \
            is an enormous one. Check it before you use it.";
        LengthTrusted =
            "A length from the network is only a claim: one above MAX_MESSAGE must be refused \
            before anything is read or set aside for it.";
        AllocatesOnPromise(bytes, arrived) =
            "At least {bytes} of memory were asked for when {arrived} had arrived: a length is a \
            promise, and a peer that only promises must cost nothing.";
        LimitOffByOne =
            "The limit is off: a message of exactly MAX_MESSAGE bytes is still allowed, one byte \
            more is not, and the header does not count.";
        SendsWhatIsRefused =
            "A message longer than MAX_MESSAGE was sent: every reader that keeps to the limit \
            refuses it, and the connection with it. Refuse it before anything is on the wire.";
        BytesAreNotText =
            "A message is bytes, whatever they mean: turned into text and back, those that are no \
            UTF-8 come out as something else.";
        LostItsPlace =
            "A good message was refused: the reader has lost its place in the stream and takes \
            bytes from the middle of a message for a header. What was taken out must be \
            remembered until the message is whole.";
        ReadBeforeAllArrived =
            "A read returns what has arrived by then, however much was sent: here it came before \
            the rest. No pause is long enough on every network, and TCP_NODELAY only changes \
            when bytes leave. Look at what the kernel holds (peek takes nothing) until all of it \
            is there, then read once.";
        JoinedBeforeSending =
            "Your code joined the messages and sent them in one write: that is one message. Send \
            each in a write of its own; it is TCP that must make one row of bytes of them.";
        SplitBySending =
            "Your code sent the message in pieces: then it is no wonder that pieces come. Offer \
            all of it to one write; it is the reads that find pieces.";
        LeftInTheQueue =
            "The bytes are still in the receiver's queue, and the next read will find them again: \
            peek shows what a read would find and takes nothing (MSG_PEEK, recv(2)).";
        NoRoomForAll =
            "All of it had arrived, and the one read had no room for it: a read returns at most \
            what its buffer holds, and the rest stays in the queue.";
        WrongSize =
            "The size is how many bytes the message has, in decimal digits: a character may be \
            several bytes (神 is 3), and nothing but the digits goes ahead of the data.";
        DoesNotStopAtTheSize =
            "The message was whole, and your code goes on reading: the peer keeps the line open \
            for the next one, and only the size says where to stop.";
        EndIsNoAcknowledgement =
            "A read of 0 bytes is the end of the stream and no acknowledgement: the peer has \
            gone, and nobody is there to take the data.";
        DidNotWaitForAcknowledgement =
            "The data left before the acknowledgement was read. How long the peer takes to read \
            the size nobody can know, so no pause is long enough: to a late reader size and data \
            come stuck together. Only the acknowledgement says that the size has been read.";
        AcknowledgementLeftOver =
            "Part of an acknowledgement stayed in the stream, and was taken for the next one: \
            data left before it was asked for. Take the whole reply, up to 1024 bytes, with one \
            read.";
        AcknowledgementHasNoLength =
            "Any reply of 1 to 1024 bytes is an acknowledgement, whatever it says, and nothing \
            tells where it ends: take what one read brings. Who waits for a certain number of \
            bytes may wait for ever.";
        AcknowledgesWhatItRefuses =
            "The size was refused after it had been acknowledged: by then the peer is sending the \
            data. Check first, acknowledge then.";
        NotDecimalDigits =
            "A size on this wire is the digits 0 to 9 and nothing else. Functions that parse \
            numbers or text allow more (a sign, spaces, what stands behind the digits): look at \
            the bytes themselves, and refuse the rest with InvalidData.";
        BothWait =
            "The peer waits for bytes from your side before it goes on, and your code waits for \
            the peer: on a real connection neither would ever move.";
        DatagramCut =
            "A datagram comes at once or not at all: what does not fit the buffer is cut off and \
            lost, and the next receive brings the next datagram (recv(2); Windows says error \
            10040). Make room for the largest: 65,507 bytes. And what is sent in pieces arrives \
            as several datagrams.";
        TurnsOthersAway =
            "The socket turns this sender away: it is connected to another, and a connected UDP \
            socket hears its one peer only. A server stays unconnected and answers with send_to.";
        SentFromAnotherSocket =
            "A datagram carries the address of the socket that sends it: what comes from another \
            socket than the one that was spoken with comes from a stranger. Use the socket that \
            your function was given.";
        ServesOneAndEnds =
            "The server has ended, and the next client finds nobody: serving is a loop, and one \
            client done is one turn of it.";
        UnreachableIsNoFailure =
            "The error is news of an earlier datagram: it found nobody (ICMP: port unreachable). \
            The socket is as good as before: go on. Windows tells this to every UDP socket \
            (error 10054), Linux to connected ones.";
        SwallowsEveryError =
            "Not every error is a client's: one of the socket itself, such as WouldBlock from a \
            socket that does not wait, comes back each time. A loop that goes on after every \
            error turns for ever and burns a core: return such an error, so that the caller can \
            know.";
        WaitsForEver =
            "A datagram may be lost, question or reply, and nobody is told: wait no longer than \
            your patience, then ask again. Without a read timeout a receive waits for ever.";
        GivesUpTooSoon =
            "One silence is no answer: the question may be lost, or the reply. Ask three times in \
            all before you give up.";
        TimeoutHasTwoNames =
            "A receive that ran out of time is WouldBlock on Unix and TimedOut on Windows \
            (UdpSocket::set_read_timeout): both mean that nothing came in time.";
        NoTimeIsNoTimeout =
            "A read timeout of zero is refused with InvalidInput, since the system takes 0 for no \
            limit at all. When no time is left, do not receive.";
        SocketLeftChanged =
            "The socket is the caller's, who goes on using it: a read timeout, a mode or a \
            connection set for one question must not outlive it. (std cannot undo a connect.)";
        NotTheAnswer =
            "The answer to a challenge is its HMAC-MD5 under the shared key: the 16 bytes \
            themselves, not their 32 hexadecimal digits, and of the whole challenge as it came.";
        UnprovenIsServed =
            "The peer proved nothing and was answered all the same: what it says counts only \
            after the verdict, and never if the verdict is no.";
        SilenceHoldsTheServer =
            "A peer that never answers holds a connection, and whatever serves it, for ever, \
            without knowing any key: before the proof, silence must have an end.";
        ClientsWaitInLine =
            "A client is not served until another one has gone: a handler may wait for its client \
            as long as it likes, so nothing that other clients need may wait for a handler. Each \
            conversation runs on a thread of its own, and holds no lock while it waits.";
        LineHeldOpen =
            "The handler has finished, and the client waits for the end of the stream: a \
            connection closes when its last descriptor does, and a clone made by try_clone is \
            one more of them.";
        ThreadsLeftBehind =
            "The clients have gone and their threads have not: each keeps its stack and its \
            socket. A handler must end when its client does.";
        DescriptorsLeftBehind =
            "The connections are over and their descriptors are still open: a process may hold \
            only so many (RLIMIT_NOFILE, getrlimit(2)), and then it can accept nobody. Each \
            clone has to be dropped too.";
        AcceptErrorEndsTheServer =
            "An error of accept ended the server: it may concern one connection only \
            (ECONNABORTED), or pass by itself when clients leave (EMFILE, accept(2)). A server \
            that serves for ever lives through both.";
        StillListening =
            "The server has stopped, and callers still get through: the kernel completes \
            handshakes for as long as the listening socket is open, and nobody will ever answer \
            these callers. Close it.";
        WaitsForOneClient =
            "The server waits inside a call on one client's socket, and everybody else waits with \
            it. On Linux a socket from accept blocks, whatever its listener does (accept(2)): \
            tell each of them not to.";
        WaitsForTheNextCaller =
            "accept waits for somebody to call, and until then no client is served: a server that \
            polls must not wait in any call, so its listener must not block.";
        TurnNeverEnds =
            "One turn goes on and on, in a loop that tries again what cannot be done now: \
            meanwhile nobody else is served. Leave it to a later turn.";
        NothingNowIsNoFailure =
            "WouldBlock says that there is nothing now, not that anything is wrong: leave the \
            client alone and ask it again in the next turn.";
        AnswerNeverCame =
            "The bytes have arrived, the server takes its turns, and the answer does not come: it \
            waits for more than the client will send, or the bytes were taken from the socket \
            and lost.";
        HungUp =
            "The server hung up on a client that was still there: only a read of 0 bytes into a \
            buffer with room, or a failure, is the end of a connection.";
        ClosedClientKept =
            "A read of 0 bytes means that the client has closed its side and nothing more will \
            come. Kept, its socket is asked for ever and its descriptor never given back.";
        AnotherClientsBytes =
            "A client got what another one sent: what has been read and what is still owed belong \
            to one connection, and must be kept apart, one a client.";
        HalfACharacter =
            "A read may end inside a character, whose first bytes alone are no text: no client \
            does wrong by that. Change the ASCII letters among the bytes and pass all others on \
            as they are.";
        OnlyAsciiLettersChange =
            "Only the ASCII letters change, a byte for a byte; every other byte passes as it \
            came. To change any other letter one would need its whole character, and a read may \
            end inside it.";
        OneClientEndsTheServer =
            "One client's connection failed, and its error ended the server for all the others. \
            An error on a connection ends that connection, and nothing else.";
        HalfCloseLosesTheAnswer =
            "The client closed its sending side and still reads: a read of 0 bytes says that no \
            more will come, not that nobody listens. Send what is owed, then close.";
        UnsentBytesLost =
            "A write takes what fits into the kernel's buffer, or says WouldBlock and takes \
            nothing: what it did not take must be kept, in order, and offered again in a later \
            turn.";
        NeverReadAgain =
            "The client reads again and its answers do not go on: a pause must end as soon as \
            what was owed has been sent.";
        OwedWithoutBound =
            "The server goes on reading from a client that does not take its answers, and keeps \
            all of them: one client can fill the memory. Do not read from a client while much is \
            owed to it, and TCP will make it wait.";
        ServeEnded =
            "serve has returned, although there is nothing wrong with its listener: a turn in \
            which nothing moved is no reason to stop, and neither is what happened to one \
            client.";
        NeverRests =
            "Nobody said anything, and the server kept asking as fast as it could. After a turn \
            in which nothing moved it must rest, if only for a millisecond.";
        Panicked =
            "Your code panicked: whatever a peer sends, the answer is an error value, since a \
            panic takes the whole program with it.";
        ThreadPanicked =
            "A thread that your code started panicked: nobody waited for it, so nobody was told.";
        PanicHookReplaced =
            "Your code set a panic hook (std::panic::set_hook), and panics are not reported any \
            more. The hook is one for the whole program: it is the program's to choose, not a \
            function's.";
        NeverReturns =
            "Your code did not return before the deadline: what it waits for never comes.";
        Differs = "What came back is not what was sent.";
        NotTried = "Not tried: two checks before this one never ended. Mend those first.";
        ResetLooksComplete =
            "The connection failed, and nobody was told: an error is not the end of the stream, \
            and what had come by then may not be all. Only a read of 0 bytes is the end.";
        ListensTwice =
            "A port belongs to one listener at a time, and this one is taken: by the listener \
            that your function was given. Accept from that one.";
        NameIsAPath =
            "A name from the network is never a path: joined to a folder, `../x` leads out of it, \
            and `/x` takes its place altogether. One plain file name, or nothing.";
        PromiseNotKept =
            "A file may shrink or grow after its size was read, and the header is on the wire by \
            then: bytes beyond the promise are taken for the next header, and a missing one for \
            a peer that is slow. Send exactly as many as were promised, or fail.";
        HalfAFileLeft =
            "The transfer broke off, and half a file stands under its final name, where nobody \
            can tell it from a whole one. Write under another name first, and rename when all of \
            it is there.";
        TemporaryFileLeft =
            "The transfer broke off, and its temporary file stayed behind. It must go however the \
            function is left, by any `?` too: a value that removes its file when it is dropped \
            sees to that.";
        NamedTooSoon =
            "Bytes are still missing, and the file has its final name already: whoever looks now \
            reads half of it, and should the machine stop now, half of it stays. Write under \
            another name in the same folder, and rename when all of it is there.";
        TemporaryFileElsewhere =
            "Bytes have come, and they are in no file of this folder. A rename works within one \
            file system only (EXDEV, rename(2)), and the system's folder for temporary files is \
            often on another: make the temporary file where the whole one will be.";
        OverwritesUnasked =
            "A file of that name was there, and nobody asked to replace it: what is lost now, \
            nobody can bring back. Make it AlreadyExists, and leave the file as it was.";
        HeldInMemory =
            "The file was held in memory, or as much memory as was promised: how large a file is, \
            its sender decides. Pass it on piece by piece, in one buffer.";
        EmptyFileIsAFile =
            "A file of 0 bytes is a file: there is nothing to wait for, and a file to save.";
        ShiftByAllBits =
            "A number of 32 bits was shifted by 32, which no processor promises to do: Rust \
            panics, and without its checks the number stays as it was. A prefix of length 0 \
            needs a way of its own; checked_shl finds it.";
        StopUnseen =
            "The server was told to stop, and it goes on: whoever waits in a call looks at no \
            flag. What ends the wait must be among what is waited for: let `stop` be one more \
            socket that the server looks at, or let a thread wait for it that ends the streams \
            of all others and wakes accept with a call of its own.";
        StopIsNoFailure =
            "The end of `stop` is what the caller asked for, and no failure: the server returns \
            Ok(()).";
        StopLeavesConnections =
            "The server has returned, and this client is still connected: a thread or a task that \
            nobody has ended holds its stream. End every connection, and wait for those who \
            serve them, before you return.";
    }
}
