//! The words of the relay.

#[path = "zh/words.rs"]
mod zh;

netkata::words! {
    also in zh;

    /// A part of `--cut` that is not a size.
    no_size(part) = "`{part}` is not a size: use numbers from 1, and ∞ or rest, as in 1,3,∞";

    /// One line per event. A connection is a number, an arrow points to the server or to the client.
    listening(address, to) = "listening on {address}, relaying to {to}; Ctrl-C ends it";
    open(connection, client) = "{connection}: {client} has connected";
    refused(connection, error) = "{connection}: failed to connect to the server: {error}; the client is reset";
    segment(connection, arrow, bytes, why) = "{connection} {arrow} {bytes}, {why}";
    end(connection, arrow, bytes, by) = "{connection} {arrow} end of the stream after {bytes}, by the {by}";
    reset(connection, by) = "{connection}: reset by the {by}";
    close(connection, to, from) = "{connection}: closed; {to} to the server, {from} from it";
    dropped(bytes) = ", {bytes} dropped";

    /// Why a segment ends.
    CUT = "cut";
    REST = "all there is";
    SENDER_WAITS = "the sender waits";
    FULL = "the buffer is full";
    ENDING = "the last";
    /// What a segment was held back for, if it was not the read of the one before.
    ACKNOWLEDGED = " (the one before is acknowledged; whether it was read is unknown)";
    UNKNOWN = " (this system does not show whether the one before was read)";

    /// What ended a stream or a connection.
    CLIENT = "client";
    SERVER = "server";
    RELAY = "relay";
}
