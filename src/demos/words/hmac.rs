//! The words of `demo hmac`.
//!
//! The letters C, R, W, S, O, P and X stand before the bytes that they name.

pub use netkata::words::REFUSED;

#[path = "zh/hmac.rs"]
mod zh;

netkata::words! {
    also in zh;

    /// What is shown.
    SUBJECT =
        "HMAC: proving on a real TCP connection that you know a key, without sending it.";
    /// How to read it; the values are bytes, as they are shown.
    legend(word, answer) =
        "Bytes are shown after a letter, {word}; but if they differ in every run, only their \
         number, {answer}.";

    /// The acts, each with its title, what is tried, its scenes, and what they show.
    A_CLIENT_THAT_KNOWS_THE_KEY = "A client that knows the key";
    A_CHALLENGE_IS_ANSWERED =
        "The server sends a challenge C, 32 random bytes; the client answers with R, \
         their HMAC-MD5 under the key.";
    THE_KEY = "The key";
    ANOTHER_KEY = "Another key";
    THE_KEY_IS_IN_NEITHER =
        "An eavesdropper sees a challenge and an answer, but neither \
         contains the key. Without the key the answer is wrong.";

    REPLAY = "Replay";
    A_THIEF_SENDS_R_AGAIN =
        "A thief has recorded the answer R of an honest client. Without the key, the \
         thief sends R again.";
    THE_SAME_CHALLENGE_EVERY_TIME = "A server that sends the same challenge every time";
    THE_NAIVE_SERVER_IS_FRESH = "The naive server, whose challenges are fresh";
    THE_REPAIRED_SERVER_IS_FRESH = "The fixed server, whose challenges are fresh";
    AN_ANSWER_FOR_ITS_OWN_CHALLENGE =
        "An answer is valid for its own challenge only. If a server never sends the same \
         challenge twice, every recording is worthless.";

    AN_ANSWER_WITH_A_WORD_BEHIND_IT = "An answer followed by a word";
    BOTH_IN_ONE_WRITE =
        "A client that knows the key sends its answer R and the word W in one write.";
    THE_NAIVE_SERVER_WITH_RECV = "The naive server, with recv(32)";
    THE_REPAIRED_SERVER_WITH_READ_EXACT = "The fixed server, with read_exact";
    NOT_ONE_BYTE_MORE =
        "The naive server compares whatever one read returns, and refuses a client that \
         knows the key. The fixed one reads the answer and not one byte more: what follows \
         the answer stays in the stream.";

    A_SIGNATURE_EXTENDED = "Forgery: a signature extended";
    A_THIEF_ADDS_X =
        "The server shows an order O and its signature S. The thief adds X after the \
         order's padding P, and computes a signature from S, without the key.";
    S_IS_SHA_1 = "S is SHA-1(key + order), as naive programs sign";
    S_IS_HMAC = "S is HMAC-SHA-256, as the fixed program signs";
    A_DIGEST_IS_A_STATE =
        "A digest is the state in which the hash function stopped, so anyone who \
         has it can continue from there. HMAC hashes twice, each time with the key in front, \
         and never shows the inner state.";

    /// Bytes that are not shown; their number stands before it.
    RANDOM_BYTES = "random bytes";
    BYTES_ALWAYS_THE_SAME = "bytes, always the same";
    BYTES_OF_HMAC_MD5 = "bytes of HMAC-MD5";
    BYTES_OF_PADDING = "bytes of padding";

    /// Notes of the server, or of the thief, which is the client.
    ACCEPTED = "accepted: it knows the key";
    ACCEPTED_A_THIEF = "accepted: a thief";
    VERIFIED = "verify: true; accepted: a forged order";
    NOT_VERIFIED = "verify: false; refused";
    EXTENDS_IT = "extends it, for a key of 7 bytes";

    /// Errors of a demonstration that cannot continue.
    AN_HONEST_CLIENT_WAS_REFUSED = "an honest client was refused";
    NO_DIGEST_IN_HEX = "the signature is not a digest in hex";
}
