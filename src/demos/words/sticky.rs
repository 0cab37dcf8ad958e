//! The words of `demo sticky`.
//!
//! The letters A, B, C and K stand before the bytes that they name.

#[path = "zh/sticky.rs"]
mod zh;

netkata::words! {
    also in zh;

    /// What is shown.
    SUBJECT =
        "Sticky packets: a client and a server on one machine, over real TCP sockets.";
    /// How to read it; the values are bytes, as they are shown.
    legend(messages, with_header) =
        "Bytes are shown after the letter of their message, {messages}, and a header in \
         hexadecimal, {with_header}.";

    /// The acts, each with its title, what is tried, its scenes, and what they show.
    TWO_SENDS_ONE_READ = "Two sends, one read";
    A_THEN_B = "The client sends A, then B; the server reads when both have arrived.";
    ONE_READ_RETURNED_BOTH =
        "One read returned both messages: TCP is a stream of bytes, which keeps their order \
         but no boundary between one send and the next.";

    ONE_SEND_THREE_READS = "One send, three reads";
    ROOM_FOR_3_BYTES =
        "The client sends one message of 8 bytes; the server reads 3 bytes at a time.";
    ONE_SEND_CAME_IN_PIECES =
        "One send became three reads: a read returns at most what it asks for and at \
         most what has arrived, and on a real network that may be any piece.";

    THE_FIX_THAT_SLEEPS = "The fix that sleeps";
    HALF_A_SECOND_BETWEEN_THE_SENDS =
        "The client sleeps half a second between the sends, for a prompt reader, which reads \
         before the sleep is over, and for a late one, which reads after both sends.";
    A_PROMPT_READER = "A prompt reader";
    A_LATE_READER = "A late reader";
    THE_SLEEP_IS_A_BET =
        "Half a second apart, and still stuck together: the sleep is a bet on how soon the \
         reader reads, which the sender cannot know, and it costs half a second per message.";

    THE_FIX_THAT_SETS_NODELAY = "The fix that sets TCP_NODELAY";
    WITH_NAGLE_AND_WITHOUT =
        "The late reader again, without a sleep: first with Nagle's algorithm, then with it \
         turned off.";
    WITH_NAGLE = "With Nagle";
    WITHOUT_NAGLE = "Without Nagle";
    PACKETS_ARE_NOT_READS =
        "The same bytes in the same read: with Nagle, sends more often share a packet, but \
         a read does not return packets; the receiver's queue is one row of bytes.";

    THE_FIX_THAT_WAITS = "The fix that waits for an acknowledgement";
    NO_B_BEFORE_A_IS_ACKNOWLEDGED =
        "The client does not send B before the server has acknowledged A; then we measure \
         what that costs.";
    EVEN_A_LATE_READER = "Even a late reader";
    BUT_K_STICKS_TO_C = "But the acknowledgement K sticks to the answer C";
    THE_ACKNOWLEDGEMENT_CAN_STICK =
        "While the client waits nothing can stick to A, though A may still arrive in \
         pieces; every message costs a round trip, and the acknowledgement itself can stick.";

    THE_CURE = "The cure: a header that carries the length";
    EACH_MESSAGE_FOLLOWS_ITS_LENGTH =
        "Each message follows its length, 4 bytes, little-endian, as in lesson 3.";
    STUCK = "Stuck";
    SPLIT = "Split";
    LATE = "Late, when the client has finished";
    THE_BOUNDARY_IS_IN_THE_STREAM =
        "Every read_message returned exactly one message, however the bytes arrived: the \
         boundary is in the stream itself, and the reader reads until a message is whole.";

    /// The cost of acknowledgements: what is measured; what is compared, in at most 26 letters; and
    /// what the figures show.
    THE_ROUND_TRIPS = "The round trips: 1000 messages of 5 bytes, time per message";
    AN_ACKNOWLEDGEMENT_EACH = "an acknowledgement each";
    ONE_FOR_ALL = "one for all of them";
    EACH_IS_A_ROUND_TRIP =
        "Each acknowledgement is a round trip in which nothing else is sent: microseconds \
         within one machine, a tenth of a second between continents.";

    THE_STALL = "The stall: write a header, write a body, read the reply; median of 15 exchanges";
    TWO_WRITES = "two writes";
    TWO_WRITES_NODELAY = "two writes, TCP_NODELAY";
    ONE_WRITE = "one write";
    NAGLE_HOLDS_THE_BODY_BACK =
        "Nagle holds the body back until the peer's kernel has acknowledged the header, and \
         that kernel waits, to send the acknowledgement together with a reply. \
         TCP_NODELAY ends the stall; with one write for both it never begins.";
    THE_STALL_DID_NOT_SHOW =
        "The stall did not appear here. It does where the peer's kernel delays its \
         acknowledgement of the header: Nagle then holds the body back for as long.";
}
