//! The words of this lesson's stories.

pub use netkata::words::{NOTHING, READS_TO_THE_END, THE_END_OF_THE_STREAM};

netkata::words! {
    /// What the peer does; "the peer" stands before it.
    READS_THE_CHALLENGE = "reads the challenge";
    READS_A_LINE = "reads a line";
    COUNTS_THE_CHALLENGE = "counts the bytes of the challenge";
    COUNTS_THE_ANSWER = "counts the bytes of the answer";
    COUNTS_WHAT_REPEATS = "counts the challenges that repeat";
    LOOKS_FOR_A_PATTERN = "looks for a pattern in them";
    ASKS_WHETHER_RUNS_BEGIN_ALIKE = "asks whether two runs begin alike";
    CLOSES_ITS_SIDE = "closes its side";
    SAYS_NOTHING_AND_WAITS = "says nothing and waits to be cut off";
    sends_a_part_and_waits(bytes) = "sends {bytes} of an answer and waits to be cut off";
    PROVED_ITSELF_AND_IS_SILENT = "proved itself, was answered, and says nothing now";
    SPEAKS_AGAIN = "speaks again";

    /// Clients that were challenged: `challenge(one who fails, again)`.
    ONE_WHO_FAILS = "one who fails";
    ONE_WHO_SUCCEEDS = "one who succeeds";
    ONE_WHO_LEAVES = "one who leaves";
    again(client) = "{client}, again";
    ONE_WHO_FAILS_TWICE = "one who fails twice";
    THE_SAME_ONE = "the same one, on the same connection";
    ONE_ON_ANOTHER_THREAD = "one on another thread";
    /// What the challenge of such a client is.
    NEW = "new";
    that_of(client) = "that of {client}";

    /// A call of `challenge`, and what came of it.
    CHALLENGE_64_TIMES = "challenge, 64 times";
    EACH_OF_32_BYTES = "32 bytes each";
    THE_FIRST_OF_ONE_RUN = "the first challenge of one run";
    THE_FIRST_OF_THE_NEXT_RUN = "the first challenge of the next run";
    THE_SAME_BYTES = "the same bytes";
    OTHER_BYTES = "other bytes";

    /// Which patterns were found in many challenges.
    FEW_VALUES_IN_SOME_PLACE = "in some place, fewer than 24 of the 256 values of a byte";
    TWO_PLACES_ALIKE = "two places that always hold the same byte";
    FEW_VALUES_OVER_ALL = "over all, fewer than 200 of the 256 values of a byte";

    /// What stands in a call in place of its arguments: `sign(the key, "hello")`.
    digests_that_differ(byte, length) = "digests that differ in byte {byte} of {length}";
    THE_KEY = "the key";
    THE_SECRET = "the secret";
    WHAT_THE_FORGER_SENT = "what the forger sent";
    THE_FORGERS_SIGNATURE = "the forger's signature";
    /// The same, of many equal bytes: how many, and which: `16 bytes 0b`.
    all_alike(bytes, byte) = "{bytes} {byte}";

    /// What came, or has to come.
    looked_at(bytes) = "looked at {bytes}";
}
