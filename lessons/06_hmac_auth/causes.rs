//! The causes that only this lesson uses: why an answer fails, one name and one sentence each.

netkata::causes! {
    KeyedDigestIsNotHmac =
        "This is a plain digest over the key and the message, not an HMAC: an attacker who sees \
        it can continue from its end, and sign a longer message without the key. An HMAC digests \
        twice, each time with the key in front (RFC 2104).";
    PadsSwapped =
        "The pads are swapped: the inner digest begins with the key ^ 36 36 36 …, the outer one \
        with the key ^ 5c 5c 5c …";
    InnerDigestInHex =
        "You fed the inner digest to the outer one as hexadecimal digits: feed its bytes.";
    KeyNotFittedToTheBlock =
        "The key must fill one block of the hash function, 64 bytes for MD5, SHA-1 and SHA-256: a \
        longer key is replaced by its digest, and whatever is shorter is filled with zeros (RFC \
        2104). A key of 64 bytes is used unchanged.";
    NotTheHmac =
        "This is not the HMAC: H(key ^ 5c 5c … ‖ H(key ^ 36 36 … ‖ message)), with a key that has \
        first been made to fill a block (RFC 2104).";
    ComparisonStopsEarly(looked, length) =
        "Your comparison inspected {looked} of {length} and then stopped: its time shows an \
        attacker how many bytes of a guess are right, one after another. Inspect every byte, \
        wherever the digests differ.";
    LengthsNotCompared =
        "You compared only as many bytes as the shorter digest has: an empty digest, which any \
        client can send, then matches every other. Digests of different lengths never match.";
    ImpostorAccepted =
        "This was made without the key, and your code accepted it: only the digest that the key \
        gives for exactly this message proves anything, and all of it must be right.";
    ChallengeHasAnotherSize =
        "A challenge is 32 bytes on the wire, and they are not text: a peer that reads 32 bytes \
        gets less than you sent, or waits for more.";
    ChallengeRepeats =
        "You sent the same challenge twice: an attacker who recorded the answer to the first can \
        send it again and needs no key. Make a new challenge each time, whatever happened with \
        the last one.";
    ChallengeIsPredictable =
        "An attacker who can predict a challenge can send it to an honest client first, and keep \
        the answer for later. Take every byte from the system's random generator (getrandom(2)), \
        not from a clock, a counter or a seed.";
    ReplayAccepted =
        "Your code accepted a recorded answer a second time: an answer proves nothing unless the \
        challenge is new.";
    TimeoutKeptAfterTheProof =
        "Your code disconnected a client that had proved itself, because it was silent: the \
        timeout is for the proof, and ends with it.";
    NotTheSaltedDigest =
        "The salted digest is SHA-1 over the secret and then the data, with nothing between them, \
        as 40 hexadecimal digits.";
    ForgedByExtension =
        "This message was signed without the key, and your code accepted it. A digest is the hash \
        function's state after the last block: an attacker can continue from there and digest \
        more, without the secret in front. The outer digest of an HMAC prevents this.";
    GenuineRefused =
        "This signature is genuine, and your code refused it: it is the HMAC-SHA-256 of the \
        message under the key, in 64 hexadecimal digits.";
}
