//! The causes that only this lesson uses: why an answer fails, one name and one sentence each.

#[path = "zh/causes.rs"]
mod zh;

netkata::causes! {
    also in zh;

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
    SameDigestsRefused =
        "These two have the same bytes and the same length, and your code said that they differ: \
        they match, even if both are empty.";
    OnlyTheEndEndsTheChat =
        "Your code stopped before the peer had closed its side. In this chat no message means \
        goodbye: an empty line, or any word, is sent back like everything else.";
    WriteErrorIgnored =
        "The write failed: the peer did not get these bytes and never will. Return the error, so \
        that the caller does not take this for a conversation.";
    SilenceIsAnError =
        "A client that was silent gave no answer, neither right nor wrong. Return the error of the \
        read that waited as it is: WouldBlock on Unix, TimedOut on Windows.";
    SlowClientCutOff =
        "This client was never silent for as long as the timeout, and your code disconnected it \
        before its proof: the timeout limits each silence, so each byte starts it again.";
    WaitsForTheImpostor =
        "The client has proved nothing, and your code still waits for it. A client that does not \
        close holds the connection, and the thread that serves it, for ever: close both sides.";
    ReturnedDuringTheChat =
        "Your call returned while its client was still chatting. The caller takes the client for \
        gone: return when the connection is over, with its result.";
    AnotherSpellingAccepted =
        "This is not the text that `sign` returns, and your code accepted it: `A` is not `a`, and \
        `+5` is not `05`. Compare the texts as they are; a decoder accepts more than one spelling.";
    GenuineRefused =
        "This signature is genuine, and your code refused it: it is the HMAC-SHA-256 of the \
        message under the key, in 64 hexadecimal digits.";
}
