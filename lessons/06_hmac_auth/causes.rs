//! The causes of this lesson alone: why an answer to it fails, one name and one sentence each.

netkata::causes! {
    KeyedDigestIsNotHmac =
        "This is a plain digest over key and message, not an HMAC: whoever sees such a digest can \
        go on where it ended, and sign a longer message without the key. HMAC digests twice, the \
        key in front each time (RFC 2104).";
    PadsSwapped =
        "The pads are in each other's place: the inner digest begins with the key ^ 36 36 36 …, \
        the outer one with the key ^ 5c 5c 5c …";
    InnerDigestInHex =
        "The outer digest was fed the inner one as hexadecimal digits: it takes its bytes.";
    KeyNotFittedToTheBlock =
        "The key must fill one block of the hash function, 64 bytes for MD5, SHA-1 and SHA-256: \
        one that is longer is replaced by its digest, and what is shorter is filled up with \
        zeros (RFC 2104). A key of 64 bytes is used as it is.";
    NotTheHmac =
        "This is not the HMAC: H(key ^ 5c 5c … ‖ H(key ^ 36 36 … ‖ message)), where the key is \
        first made to fill a block (RFC 2104).";
    ComparisonStopsEarly(looked, length) =
        "The comparison looked at {looked} of {length} and then knew enough: how long it takes \
        tells a patient attacker how many bytes of a guess are right, one after the other. Look \
        at every byte, wherever they differ.";
    LengthsNotCompared =
        "Only as many bytes were compared as the shorter one has: an empty digest, which anybody \
        can send, then matches every other. Digests of different lengths never match.";
    ImpostorAccepted =
        "This was made without the key, and it was believed: only the digest that the key gives \
        for this very message proves anything, and all of it must be right.";
    ChallengeHasAnotherSize =
        "A challenge is 32 bytes on the wire, and they are not text: a peer that reads 32 bytes \
        hears less than you said, or waits for more.";
    ChallengeRepeats =
        "The same challenge was sent twice: whoever recorded the answer to the first can send it \
        again and needs no key. Every challenge is made anew, whatever came of the last.";
    ChallengeIsPredictable =
        "A challenge that can be foreseen can be put to an honest client beforehand, and the \
        answer kept until it is needed: take every byte from the system's random generator \
        (getrandom(2)), not from a clock, a counter or a seed.";
    ReplayAccepted =
        "An answer that somebody had recorded on the wire was accepted a second time: it proves \
        nothing unless the challenge is fresh.";
    PatienceOutlastsTheProof =
        "A client that had proved itself was cut off for being silent: the time limit is for the \
        proof, and ends with it.";
    NotTheSaltedDigest =
        "The salted digest is SHA-1 over the secret, then the data, with nothing between, as 40 \
        hexadecimal digits.";
    ForgedByExtension =
        "Nobody with the key has signed this message. A digest is the hash function's state after \
        the last block: whoever has it goes on from there and digests more, without the secret \
        in front. HMAC closes that door with its outer digest.";
    GenuineRefused =
        "This signature is genuine, and it was refused: it is the HMAC-SHA-256 of the message \
        under the key, in 64 hexadecimal digits.";
}
