//! The named causes: why an answer fails, one name and one sentence each.
//!
//! Here are those that the kit names itself and those that several lessons share. A cause that one lesson
//! uses is defined in that lesson's `causes.rs`.

use crate::language::Text;
use crate::story::{Row, Story};

/// Why an answer failed. A check names the one it is about; the transcript often shows a plainer one.
#[derive(Clone, Debug)]
pub struct Cause {
    name: &'static str,
    sentence: Sentence,
}

/// What explains a cause.
#[derive(Clone, Debug)]
enum Sentence {
    Same(&'static Text),
    WithValues(String),
}

/// Define causes: `Name = "The sentence that explains it.";`, or `Name(value) = "… {value} …";`.
///
/// The first kind is a constant, the second a function of what its sentence shows. With `also in zh;` at the
/// beginning, the module `zh` has the sentences in Chinese, as [`words!`](crate::words!) of the same names.
///
/// ```
/// mod zh {
///     netkata::words! {
///         HeaderMissing = "消息来了，报头没有。";
///         HeaderTooShort(bytes) = "报头有 {bytes} 字节，而不是四个。";
///     }
/// }
///
/// netkata::causes! {
///     also in zh;
///
///     HeaderMissing = "The message came without its header.";
///     HeaderTooShort(bytes) = "The header has {bytes} bytes instead of four.";
/// }
///
/// assert_eq!(HeaderMissing.name(), "HeaderMissing");
/// assert_eq!(HeaderTooShort(3).sentence(), "The header has 3 bytes instead of four.");
/// ```
#[macro_export]
macro_rules! causes {
    (also in $other:ident; $($name:ident $(($($value:ident),+))? = $sentence:literal;)+) => {
        $($crate::causes!(@one $other, $name $(($($value),+))? = $sentence);)+
    };
    (@one $other:ident, $name:ident = $sentence:literal) => {
        #[doc = $sentence]
        #[allow(non_upper_case_globals, reason = "named like the variants of an enum")]
        pub const $name: $crate::Cause =
            $crate::Cause::new(stringify!($name), &$crate::Text::new($sentence, $other::$name));
    };
    (@one $other:ident, $name:ident($($value:ident),+) = $sentence:literal) => {
        #[doc = $sentence]
        #[allow(non_snake_case, reason = "named like the variants of an enum")]
        pub fn $name($($value: impl ::std::fmt::Display),+) -> $crate::Cause {
            let sentence = match $crate::Language::current() {
                $crate::Language::English => format!($sentence),
                $crate::Language::Chinese => $other::$name($($value),+),
            };
            $crate::Cause::with_values(stringify!($name), sentence)
        }
    };
}

#[path = "zh/cause.rs"]
mod zh;

impl Cause {
    /// A cause of this name, explained by this sentence.
    pub const fn new(name: &'static str, sentence: &'static Text) -> Cause {
        Cause { name, sentence: Sentence::Same(sentence) }
    }

    /// As [`Cause::new`], for a sentence that shows values of the failure.
    pub fn with_values(name: &'static str, sentence: String) -> Cause {
        Cause { name, sentence: Sentence::WithValues(sentence) }
    }

    /// The cause's name: what mistakes and their stories call it.
    pub fn name(&self) -> String {
        self.name.to_owned()
    }

    /// The cause in the student's terms.
    pub fn sentence(&self) -> String {
        match &self.sentence {
            Sentence::Same(text) => text.to_string(),
            Sentence::WithValues(text) => text.clone(),
        }
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
        also in zh;

        OneReadIsNotOneMessage =
            "TCP keeps the order of bytes, not their grouping: one read may return fewer bytes \
            than you ask for. Read until the message is whole.";
        HeaderReadOnce(got) =
            "The header is bytes like any others and may arrive in pieces. This read returned \
            {got} of it, and your code took the rest for the message.";
        UnfilledBuffer =
            "Your code returned the whole buffer, but the read filled only the first part of it: \
            the rest was never received. A read returns the number of bytes that it filled.";
        ByteSwapped(asked, meant) =
            "The length is byte-swapped: {asked} is {meant} with its four bytes in the opposite \
            order. The header is little-endian: the lowest byte comes first.";
        LengthIsText(text, asked) =
            "The length {asked} is the text \"{text}\" read as a number: your code has lost its \
            position in the stream and takes part of a message for a header.";
        AsksForMoreThanComes(asked) =
            "Your code asks for {asked} more, but the peer has sent all it will send: on a real \
            connection this read would wait for ever. Your code trusts a length that was not sent, \
            or it lost bytes on the way.";
        ReadTooFar =
            "Your code read beyond the end of its message. Those bytes belong to the next message \
            and are lost when the buffer that holds them is dropped.";
        TwoMessagesInOne =
            "Two messages were returned as one. One read may return the end of one message and the \
            start of the next; only its length says where a message ends.";
        HeaderInMessage =
            "The header was returned as part of the message. It belongs to the wire and ends where \
            the message begins.";
        CleanEndIsNoError =
            "The peer closed the stream between two messages. This is how a conversation ends; it \
            is not an error.";
        TruncationLooksComplete =
            "The stream ended inside a message, and your code did not report it. Half a message \
            must look neither like a whole one nor like a clean end.";
        EmptyMessageIsAMessage =
            "A message of 0 bytes is a message. Only a read of 0 bytes where a header should begin \
            is the end of the stream.";
        InterruptedIsNoFailure =
            "A signal interrupted the call before any byte moved (EINTR, signal(7)). This is not a \
            failure: make the call again. read_exact, read_to_end and write_all do so; read and \
            write leave it to you.";
        ErrorLost =
            "The stream reported an error, and your caller does not learn of it: it takes bytes for \
            sent that are not, or a broken stream for one that has ended. Return the error.";
        SpinsAtTheEnd =
            "A read of 0 bytes means that the peer has closed its side. No more bytes will arrive, \
            however often you read.";
        Spins =
            "Your code makes the same call again and again, and nothing moves: the loop has no way \
            out.";
        PartialWriteIgnored =
            "One write may take fewer bytes than you offer, and returns how many it took. You must \
            send the rest; write_all does so on a stream that blocks.";
        NeverFlushed =
            "The bytes are still in a buffer on your side, and the peer waits for them. Flush the \
            buffer before you drop it.";
        LengthCountsTheHeader =
            "The length includes the four bytes of the header. It must be the length of the \
            message alone.";
        HeaderMissing =
            "The message was sent without its header, so the reader cannot know where it ends.";
        NegativeLengthTrusted =
            "A length from the network may be negative, and a negative number converted to a size \
            is enormous. Check it before you use it.";
        LengthTrusted =
            "A length from the network is only a claim. Refuse one above MAX_MESSAGE before you \
            read anything or reserve memory for it.";
        AllocatesOnPromise(bytes, arrived) =
            "Your code asked for at least {bytes} of memory when {arrived} had arrived. A length \
            is a promise, and a peer that only promises must cost nothing.";
        LimitOffByOne =
            "The limit is off: a message of exactly MAX_MESSAGE bytes is allowed, one byte more is \
            not, and the header does not count.";
        SendsWhatIsRefused =
            "Your code sent a message longer than MAX_MESSAGE. Every reader that keeps the limit \
            refuses it, and the connection with it. Refuse it before you send anything.";
        BytesAreNotText =
            "A message is bytes, whatever they mean: a zero among them ends nothing, and those that \
            are not UTF-8 come out changed if you convert them to text and back.";
        LostItsPlace =
            "Your code refused a good message: it has lost its position in the stream and takes \
            bytes from the middle of a message for a header. Keep the bytes that you took out \
            until the message is whole.";
        ReadBeforeAllArrived =
            "A read returns the bytes that have arrived by then, however many were sent. Here it \
            ran before the rest arrived. No pause is long enough on every network, and TCP_NODELAY \
            only changes when bytes leave. Check what the kernel holds (peek takes nothing) until \
            all of it is there, then read once.";
        JoinedBeforeSending =
            "Your code joined the messages and sent them in one write: that is one message. Send \
            each in its own write; TCP must be what joins them into one row of bytes.";
        SplitBySending =
            "Your code sent the message in pieces, so it is no surprise that pieces arrive. Offer \
            the whole message to one write; the reads must be what finds pieces.";
        LeftInTheQueue =
            "The bytes are still in the receiver's queue, and the next read will find them again. \
            peek shows what a read would find and takes nothing (MSG_PEEK, recv(2)).";
        NoRoomForAll =
            "All of it had arrived, but the one read had no room for it. A read returns at most \
            what its buffer holds, and the rest stays in the queue.";
        WrongSize =
            "The size is the number of bytes of the message, in decimal digits. A character may be \
            several bytes (神 is 3), and only the digits go before the data.";
        DoesNotStopAtTheSize =
            "The message was whole, but your code keeps reading. The peer keeps the connection \
            open for the next message, and only the size says where to stop.";
        EndIsNoAcknowledgement =
            "A read of 0 bytes is the end of the stream, not an acknowledgement: the peer has left \
            and cannot take the data.";
        DidNotWaitForAcknowledgement =
            "Your code sent the data before it read the acknowledgement. You cannot know how long \
            the peer takes to read the size, so no pause is long enough: a late reader gets size \
            and data stuck together. Only the acknowledgement says that the size has been read.";
        AcknowledgementLeftOver =
            "Part of an acknowledgement stayed in the stream and was taken for the next one, so \
            your code sent data before the peer asked for it. Take the whole reply, up to 1024 \
            bytes, with one read.";
        AcknowledgementHasNoLength =
            "Any reply of 1 to 1024 bytes is an acknowledgement, whatever it says, and nothing \
            marks its end: take what one read returns. If you wait for a certain number of bytes, \
            you may wait for ever.";
        AcknowledgesWhatItRefuses =
            "Your code acknowledged the size before it refused it: by then the peer is sending the \
            data. Check first, then acknowledge.";
        NotDecimalDigits =
            "A size on this wire is the digits 0 to 9 and nothing else. Functions that parse \
            numbers or text accept more (a sign, spaces, anything after the digits): check the \
            bytes themselves, and refuse all others with InvalidData.";
        BothWait =
            "The peer waits for bytes from your side before it continues, and your code waits for \
            the peer. On a real connection both would wait for ever.";
        DatagramCut =
            "A datagram arrives whole or not at all. The part that does not fit the buffer is cut \
            off and lost, and the next receive returns the next datagram (recv(2); Windows reports \
            error 10040). Make room for the largest: 65,507 bytes. Data that is sent in pieces \
            arrives as several datagrams.";
        TurnsOthersAway =
            "The socket rejects this sender: it is connected to another peer, and a connected UDP \
            socket receives only from that peer. A server stays unconnected and answers with \
            send_to.";
        SentFromAnotherSocket =
            "A datagram carries the address of the socket that sends it. If you answer from \
            another socket than the one that received the question, the answer comes from a \
            stranger. Use the socket that your function was given.";
        ServesOneAndEnds =
            "The server has ended, and the next client gets no answer. Serving is a loop, and one \
            client is one turn of it.";
        UnreachableIsNoFailure =
            "The error reports an earlier datagram: it reached a closed port (ICMP: port \
            unreachable). The socket still works, so go on. Windows reports this to every UDP \
            socket (error 10054), Linux to connected ones.";
        SwallowsEveryError =
            "Not every error comes from a client. An error of the socket itself, such as \
            WouldBlock from a nonblocking socket, comes back each time, and a loop that continues \
            after every error spins and uses a full core. Return such an error, so that the caller \
            sees it.";
        WaitsForEver =
            "A question or a reply may be lost, and no error reports it. Wait no longer than your \
            timeout, then ask again. Without a read timeout a receive waits for ever.";
        GivesUpTooSoon =
            "One silence is not an answer: the question may be lost, or the reply. Ask three times \
            in all before you give up.";
        TimeoutHasTwoNames =
            "A receive that timed out returns WouldBlock on Unix and TimedOut on Windows \
            (UdpSocket::set_read_timeout). Both mean that nothing arrived in time.";
        NoTimeIsNoTimeout =
            "A read timeout of zero is refused with InvalidInput, because the system takes 0 for \
            no limit at all. When no time is left, do not receive.";
        SocketLeftChanged =
            "The socket belongs to the caller, which goes on using it. A read timeout, a mode or a \
            connection that you set for one question must not stay. (std cannot undo a connect.)";
        NotTheAnswer =
            "The answer to a challenge is its HMAC-MD5 under the shared key: the 16 bytes \
            themselves, not their 32 hexadecimal digits, computed from the whole challenge as it \
            arrived.";
        UnprovenIsServed =
            "The peer proved nothing and was answered all the same. What it sends counts only \
            after the verdict, and never if the verdict is no.";
        SilenceHoldsTheServer =
            "A peer that never answers holds a connection, and everything that serves it, for \
            ever, without knowing any key. Before the proof, silence needs a timeout.";
        ClientsWaitInLine =
            "A client is not served until another one has left. A handler may wait for its client \
            as long as it likes, so nothing that other clients need may wait for a handler. Run \
            each conversation on its own thread, and hold no lock while it waits.";
        LineHeldOpen =
            "The handler has finished, but the client still waits for the end of the stream. A \
            connection closes when its last descriptor closes, and a clone made by try_clone is \
            one more descriptor.";
        ThreadsLeftBehind =
            "The clients have left, but their threads have not ended: each keeps its stack and its \
            socket. A handler must end when its client leaves.";
        DescriptorsLeftBehind =
            "The connections are over, but their descriptors are still open. A process may hold \
            only a limited number (RLIMIT_NOFILE, getrlimit(2)); at the limit it cannot accept a \
            client. Drop each clone too.";
        AcceptErrorEndsTheServer =
            "An error of accept ended the server. It may concern one connection only \
            (ECONNABORTED), or pass by itself when clients leave (EMFILE, accept(2)). A server \
            that serves for ever survives both.";
        StillListening =
            "The server has stopped, but clients can still connect: the kernel completes \
            handshakes as long as the listening socket is open, and these clients will never get \
            an answer. Close it.";
        WaitsForOneClient =
            "The server waits inside a call on one client's socket, and all other clients wait \
            with it. On Linux a socket from accept blocks, whatever its listener does (accept(2)): \
            make each of them nonblocking.";
        WaitsForTheNextCaller =
            "accept waits for the next client, and until then no client is served. A server that \
            polls must not wait in any call, so its listener must be nonblocking.";
        TurnNeverEnds =
            "One turn does not end: its loop retries what cannot be done now, and no other client \
            is served meanwhile. Leave it to a later turn.";
        NothingNowIsNoFailure =
            "WouldBlock means that there is nothing now, not that anything is wrong. Leave the \
            client alone and try again in the next turn.";
        AnswerNeverCame =
            "The bytes have arrived and the server takes its turns, but the answer does not come. \
            The server waits for more than the client will send, or it took the bytes from the \
            socket and lost them.";
        HungUp =
            "The server disconnected a client that was still there. Only a read of 0 bytes into a \
            buffer with room, or a failure, is the end of a connection.";
        ClosedClientKept =
            "A read of 0 bytes means that the client has closed its side and nothing more will \
            arrive. If you keep the client, its socket is polled for ever and its descriptor is \
            never given back.";
        AnotherClientsBytes =
            "A client got bytes that another one sent. Bytes that were read and bytes that are not \
            sent yet belong to one connection: keep them per connection.";
        HalfACharacter =
            "A read may end inside a character, and its first bytes alone are not text; the client \
            has done nothing wrong. Change the ASCII letters among the bytes and pass all others \
            on as they are.";
        OnlyAsciiLettersChange =
            "Only the ASCII letters change, byte for byte; every other byte passes as it arrived. \
            To change any other letter you would need its whole character, and a read may end \
            inside it.";
        OneClientEndsTheServer =
            "One client's connection failed, and its error ended the server for all the others. An \
            error on a connection ends that connection, and nothing else.";
        HalfCloseLosesTheAnswer =
            "The client closed its sending side and still reads. A read of 0 bytes means that no \
            more will arrive, not that the client has stopped reading. Send the pending output, \
            then close.";
        UnsentBytesLost =
            "A write takes what fits into the kernel's buffer, or returns WouldBlock and takes \
            nothing. Keep the bytes that it did not take, in order, and offer them again in a \
            later turn.";
        NeverReadAgain =
            "The client reads again, but its answers do not continue. A pause must end as soon as \
            the pending output has been sent.";
        OwedWithoutBound =
            "The server goes on reading from a client that does not take its answers, and keeps \
            all of them: one client can fill the memory. Do not read from a client with much \
            pending output, and TCP will make it wait.";
        ServeEnded =
            "serve has returned, although its listener works. A turn in which nothing moved is not \
            a reason to stop, and neither is what happened to one client.";
        NeverRests =
            "No client sent anything, and the server kept polling as fast as it could. After a \
            turn in which nothing moved it must sleep, if only for a millisecond.";
        Panicked =
            "Your code panicked, and a panic takes the whole program with it. Return an error \
            value instead.";
        CheckPanicked =
            "The check itself panicked, in a line of the course and not of yours: your code did \
            what the check does not foresee, or the machine refused it something. Please report \
            it with your program; the rows above show how far it came.";
        ThreadPanicked =
            "A thread that your code started panicked. Your code did not wait for it, so the panic \
            went unnoticed.";
        PanicHookReplaced =
            "Your code set a panic hook (std::panic::set_hook), and panics are not reported any \
            more. There is one hook for the whole program: the program chooses it, not a \
            function.";
        LoopsForEver =
            "Your code did not return before the deadline. It computed all the time and called \
            neither the network nor the system: a loop in it never ends.";
        NeverReturns =
            "Your code did not return before the deadline: what it waits for never happens.";
        AnotherError =
            "An error came back, but not the one that the page promises. A caller can tell errors \
            apart only by their kind.";
        Differs = "What came back is not what was sent.";
        TooFewDescriptors(needed, most) =
            "Not tried: this check has up to {needed} files and sockets open at once, and this machine allows a \
            process {most} (the hard limit of descriptors, getrlimit(2)). Your code is not to blame.";
        NoFreePort =
            "Not tried: this machine has no free port for a new connection (ip_local_port_range, ip(7)). Your \
            code is not to blame. Connections that were closed may keep their ports for a minute.";
        NotTried = "Not tried: two checks before this one never ended. Fix those first.";
        ResetLooksComplete =
            "The connection failed, and your code did not report it. An error is not the end of \
            the stream, and the bytes that arrived may not be all. Only a read of 0 bytes is the \
            end.";
        ListensTwice =
            "A port belongs to one listener at a time, and this port is taken by the listener that \
            your function was given. Accept from that one.";
        NameTakenMeanwhile =
            "The name was free when your code checked it, but another program took it before your code \
            saved the file. Check and save in one step, which only the system can do \
            (RENAME_NOREPLACE, renameat2(2); link(2) also refuses a taken name).";
        NameIsAPath =
            "A name from the network is never a path: joined to a folder, `../x` leads out of it, \
            and `/x` replaces it. Accept one plain file name, or nothing.";
        PromiseNotKept =
            "A file may shrink or grow after its size was read, when the header is already on the \
            wire. Bytes beyond the promised size are taken for the next header, and missing bytes \
            for a slow peer. Send exactly as many as were promised, or fail.";
        HalfAFileLeft =
            "The transfer broke off, and half a file is left under its final name, where it looks \
            like a whole one. Write under another name first, and rename when all of it is \
            there.";
        TemporaryFileLeft =
            "The transfer broke off, and its temporary file stayed behind. Remove it however the \
            function ends, by any `?` too: a value that removes its file when it is dropped does \
            this.";
        NamedTooSoon =
            "Bytes are still missing, but the file already has its final name: a program that \
            opens it now reads half of it, and if the machine stops now, half of it stays. Write \
            under another name in the same folder, and rename when all of it is there.";
        TemporaryFileElsewhere =
            "Bytes have arrived, but they are in no file of this folder. A rename works only \
            within one file system (EXDEV, rename(2)), and the system's folder for temporary files \
            is often on another. Make the temporary file where the whole one will be.";
        OverwritesUnasked =
            "A file of that name existed, and your code replaced it without being asked: its \
            content is lost for ever. Return AlreadyExists, and leave the file as it was.";
        HeldInMemory =
            "Your code held the file in memory, or as much memory as was promised. The sender \
            decides how large a file is: pass it on piece by piece, in one buffer.";
        EmptyFileIsAFile =
            "A file of 0 bytes is a file: there is nothing to wait for, but there is a file to \
            save.";
        ShiftByAllBits =
            "A 32-bit number was shifted by 32, which no processor promises to do: Rust panics, \
            and without its checks the number stays as it was. A prefix of length 0 needs its own \
            case; checked_shl finds it.";
        StopUnseen =
            "The server was asked to stop, but it goes on: code that waits in a call checks no \
            flag. The wait itself must end when `stop` does. Poll `stop` as one more socket, or \
            let a thread wait for it that ends all client streams and wakes accept with its own \
            connection.";
        StopIsNoFailure =
            "The end of `stop` is what the caller asked for, not a failure: the server returns \
            Ok(()).";
        StopLeavesConnections =
            "The server has returned, but this client is still connected: a thread or a task that \
            is still running holds its stream. End every connection, and wait for the threads or \
            tasks that serve them, before you return.";
    }
}
