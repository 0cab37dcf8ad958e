//! The named causes: why an answer fails, one name and one wording each.

use crate::story::{Row, Story};
use crate::told::{counted, grouped};

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
    /// The answer panicked.
    Panicked,
    /// A thread of the answer panicked.
    ThreadPanicked,
    /// The answer never returned.
    NeverReturns,
    /// Two values differ, and nothing plainer is known.
    Differs,
    /// The check was not run, because others before it never ended.
    NotTried,
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
                "{} of memory were asked for when {} had arrived: a header is a promise, and a \
                 peer that only promises must cost nothing.",
                counted(*bytes, "byte"),
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
            Cause::Panicked => "Your code panicked: whatever a peer sends, the answer is an error \
                value, since a panic takes the whole program with it."
                .to_owned(),
            Cause::ThreadPanicked => "A thread that your code started panicked: nobody waited for \
                it, so nobody was told."
                .to_owned(),
            Cause::NeverReturns => "Your code did not return before the deadline: what it waits \
                for never comes."
                .to_owned(),
            Cause::Differs => "What came back is not what was sent.".to_owned(),
            Cause::NotTried => "Not tried: two checks before this one never ended. Mend those \
                first."
                .to_owned(),
        }
    }

    /// A story of this cause, with these rows as its evidence.
    pub fn story(&self, rows: Vec<Row>) -> Story {
        Story { rows, cause: self.name(), sentence: self.sentence() }
    }
}
