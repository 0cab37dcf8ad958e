//! The words of this lesson's stories.

pub use netkata::words::{AN_ERROR, NOTHING, READS_TO_THE_END, THE_CLIENT, THE_END_OF_THE_STREAM};

#[path = "zh/words.rs"]
mod zh;

netkata::words! {
    also in zh;

    /// What the peer does; "the peer" stands before it.
    READS_THE_CHALLENGE = "reads the challenge";
    READS_A_LINE = "reads a line";
    COUNTS_THE_CHALLENGE = "counts the bytes of the challenge";
    COUNTS_THE_ANSWER = "counts the bytes of the answer";
    COUNTS_WHAT_REPEATS = "counts the challenges that repeat";
    LOOKS_FOR_A_PATTERN = "searches them for a pattern";
    ASKS_WHETHER_RUNS_BEGIN_ALIKE = "checks whether two runs begin with the same challenge";
    CLOSES_ITS_SIDE = "closes its side";
    SAYS_NOTHING_AND_WAITS = "sends nothing and waits to be disconnected";
    sends_a_part_and_waits(bytes) = "sends {bytes} of an answer and waits to be disconnected";
    PROVED_ITSELF_AND_IS_SILENT = "proved itself, was answered, and is silent now";
    SPEAKS_AGAIN = "sends a line after the silence";
    PROVED_ITSELF_AND_CHATS = "proved itself, and was answered 100 times";
    PROVES_ITSELF_SLOWLY = "sends its answer slowly, but is never silent for the whole timeout";
    ASKS_WHETHER_THE_CALL_IS_OVER = "checks whether serve_client has returned";

    /// Clients that were challenged: `challenge(a client that fails, again)`.
    ONE_WHO_FAILS = "a client that fails";
    ONE_WHO_SUCCEEDS = "a client that succeeds";
    ONE_WHO_LEAVES = "a client that leaves";
    again(client) = "{client}, again";
    ONE_WHO_FAILS_TWICE = "a client that fails twice";
    THE_SAME_ONE = "the same client, on the same connection";
    ONE_ON_ANOTHER_THREAD = "a client on another thread";
    /// The challenge of such a client: new, or an earlier one.
    NEW = "new";
    that_of(client) = "the challenge of {client}";

    /// A call of `challenge`, and its result.
    CHALLENGE_512_TIMES = "challenge, 512 times";
    EACH_OF_32_BYTES = "32 bytes each";
    THE_FIRST_OF_ONE_RUN = "the first challenge of one run";
    THE_FIRST_OF_THE_NEXT_RUN = "the first challenge of the next run";
    THE_SAME_BYTES = "the same bytes";
    OTHER_BYTES = "other bytes";

    /// Which patterns were found in many challenges.
    FEW_VALUES_IN_SOME_PLACE = "one position takes fewer than 160 of the 256 byte values";
    TWO_PLACES_ALIKE = "two positions always hold the same byte";
    A_VALUE_NEVER_OCCURS = "one of the 256 byte values never occurs, in any position";

    /// What a call shows in place of its arguments: `sign(the key, "hello")`.
    digests_that_differ(byte, length) = "digests that differ in byte {byte} of {length}";
    WITH_A_TIMEOUT_OF_ZERO = "serve_client, with a timeout of zero";
    THE_KEY = "the key";
    THE_SECRET = "the secret";
    WHAT_THE_FORGER_SENT = "what the forger sent";
    THE_FORGERS_SIGNATURE = "the forger's signature";
    /// The same, for many equal bytes: how many, and their value: `16 bytes 0b`.
    all_alike(bytes, byte) = "{bytes} {byte}";

    /// What arrived, or must arrive.
    NO_ERROR = "no error";
    looked_at(bytes) = "{bytes} inspected";
}
