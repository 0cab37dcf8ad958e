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
