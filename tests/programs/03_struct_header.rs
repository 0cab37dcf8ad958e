//! Lesson 3, for programs in any language: a length before each message says where it ends.
//!
//! ```text
//! 05 00 00 00  68 65 6c 6c 6f        an i32, little-endian, then as many bytes
//! ```
//!
//! A server prints each message on a line of its own, and answers nothing. A client sends each line that is typed as
//! a message, and ends when the typing does. What a program prints around a message is its own affair.

use netkata::{Cause, builds_on};
use netkata_programs::{Role, Stage, Suite, Transport, checks};

#[path = "../../lessons/03_struct_header/causes.rs"]
#[allow(dead_code, reason = "some are about functions")]
mod causes;

pub(crate) const SUITES: &[Suite] = &[
    Suite {
        name: "messages",
        role: Role::Server,
        transport: Transport::Tcp,
        needs_folder: false,
        checks: checks![
            a_message_is_printed,
            a_message_survives_any_segmentation,
            joined_messages_are_two,
            a_length_above_255_survives_a_header_in_pieces,
            an_empty_message_is_a_message,
            a_large_message_arrives_whole,
            half_a_message_is_not_printed,
            a_negative_length_is_refused,
            a_length_above_the_limit_is_refused,
            the_next_client_is_served,
            a_server_outlives_every_client,
        ],
    },
    Suite {
        name: "messages",
        role: Role::Client,
        transport: Transport::Tcp,
        needs_folder: false,
        checks: checks![
            each_line_is_sent_with_its_length,
            the_length_counts_bytes,
            an_empty_line_is_an_empty_message,
            a_late_reader_gets_every_byte,
            the_client_ends_when_the_typing_does,
        ],
    },
];

/// The header of a message, and the message.
fn framed(message: &[u8]) -> Vec<u8> {
    let length = i32::try_from(message.len()).expect("messages here are short");
    [&length.to_le_bytes(), message].concat()
}

fn a_message_is_printed(stage: &Stage) {
    let client = stage.client("the client");
    client.sends(&framed(b"hello"));
    stage.prints(&["hello"], Cause::OneReadIsNotOneMessage);
}

fn a_message_survives_any_segmentation(stage: &Stage) {
    builds_on(a_message_is_printed);
    let client = stage.client("the client");
    client.sends_cut(&framed(b"hello"), &[2, 3, 2]);
    client.sends_cut(&framed(b"world"), &[4]);
    client.sends_cut(&framed(b"again"), &[1, 4, 1, 1, 1]);
    stage.prints(&["hello", "world", "again"], Cause::OneReadIsNotOneMessage);
}

fn joined_messages_are_two(stage: &Stage) {
    builds_on(a_message_is_printed);
    let client = stage.client("the client");
    client.sends(&[framed(b"hello"), framed(b"world"), framed(b"again")].concat());
    stage.prints(&["hello", "world", "again"], Cause::TwoMessagesInOne);
}

fn a_length_above_255_survives_a_header_in_pieces(stage: &Stage) {
    builds_on(a_message_is_printed);
    let client = stage.client("the client");
    let long = "abc".repeat(100);
    client.sends_cut(&framed(long.as_bytes()), &[1, 3]);
    client.sends(&framed(b"hello"));
    stage.prints(&[&long, "hello"], Cause::HeaderReadOnce("1 byte"));
}

fn an_empty_message_is_a_message(stage: &Stage) {
    builds_on(a_message_is_printed);
    let client = stage.client("the client");
    client.sends(&framed(b""));
    client.is_still_connected(Cause::EmptyMessageIsAMessage);
    client.sends(&framed(b"hello"));
    stage.prints(&["hello"], Cause::EmptyMessageIsAMessage);
}

fn a_large_message_arrives_whole(stage: &Stage) {
    builds_on(a_message_is_printed);
    let client = stage.client("the client");
    let large = "0123456789".repeat(30_000);
    client.sends_and_goes_on(&framed(large.as_bytes()));
    client.sends(&framed(b"hello"));
    stage.prints(&[&large, "hello"], Cause::OneReadIsNotOneMessage);
}

fn the_next_client_is_served(stage: &Stage) {
    builds_on(a_message_is_printed);
    let first = stage.client("first client");
    first.sends(&framed(b"hello"));
    first.closes_its_side();
    first.receives_the_end(Cause::LineHeldOpen);
    next_is_served(stage, "after a clean end", Cause::CleanEndIsNoError);
}

fn half_a_message_is_not_printed(stage: &Stage) {
    builds_on(a_message_is_printed);
    let client = stage.client("the client");
    client.sends(&framed(b"hello")[..7]);
    client.closes_its_side();
    client.is_disconnected(Cause::SpinsAtTheEnd);
    stage.does_not_print("hel", Cause::TruncationLooksComplete);
}

fn a_negative_length_is_refused(stage: &Stage) {
    builds_on(a_message_is_printed);
    let client = stage.client("the client");
    client.sends(&(-5i32).to_le_bytes());
    client.sends_and_goes_on(&framed(b"hello"));
    client.is_disconnected(Cause::NegativeLengthTrusted);
    stage.does_not_print("hello", causes::GoesOnAfterABadLength);
}

fn a_length_above_the_limit_is_refused(stage: &Stage) {
    builds_on(a_message_is_printed);
    let client = stage.client("the client");
    client.sends(&(16 * 1024 * 1024 + 1i32).to_le_bytes());
    client.is_disconnected(Cause::LengthTrusted);
}

fn a_server_outlives_every_client(stage: &Stage) {
    builds_on(the_next_client_is_served);
    let first = stage.client("first client");
    first.sends(&(-5i32).to_le_bytes());
    next_is_served(stage, "after a bad length", Cause::NegativeLengthTrusted);
    let second = stage.client("second client");
    second.sends(&framed(b"hello")[..7]);
    second.closes_its_side();
    next_is_served(stage, "after half a message", Cause::TruncationLooksComplete);
    let third = stage.client("third client");
    third.sends(&framed(b"hello")[..7]);
    third.resets();
    next_is_served(stage, "after a reset", Cause::OneClientEndsTheServer);
}

/// The next client is served as the first one was.
fn next_is_served(stage: &Stage, message: &str, cause: Cause) {
    let next = stage.client("next client");
    next.sends(&framed(message.as_bytes()));
    stage.prints(&[message], cause);
    next.leaves();
}

fn each_line_is_sent_with_its_length(stage: &Stage) {
    stage.types("hello\nworld\n");
    let server = stage.accepts("the server", Cause::NeverFlushed);
    server.receives(&framed(b"hello"), Cause::HeaderMissing);
    server.receives(&framed(b"world"), Cause::HeaderMissing);
}

fn the_length_counts_bytes(stage: &Stage) {
    stage.types("神\n");
    let server = stage.accepts("the server", Cause::NeverFlushed);
    server.receives(&framed("神".as_bytes()), Cause::WrongSize);
}

fn an_empty_line_is_an_empty_message(stage: &Stage) {
    stage.types("\nhello\n");
    let server = stage.accepts("the server", Cause::NeverFlushed);
    server.receives(&framed(b""), Cause::EmptyMessageIsAMessage);
    server.receives(&framed(b"hello"), Cause::EmptyMessageIsAMessage);
}

fn a_late_reader_gets_every_byte(stage: &Stage) {
    let long = "0123456789".repeat(40_000);
    stage.types(&format!("{long}\nhello\n"));
    let server = stage.accepts("the server", Cause::NeverFlushed);
    server.did("reads late");
    server.settles();
    server.receives(&framed(long.as_bytes()), Cause::PartialWriteIgnored);
    server.receives(&framed(b"hello"), Cause::PartialWriteIgnored);
}

fn the_client_ends_when_the_typing_does(stage: &Stage) {
    stage.types("hello\n");
    stage.ends_typing();
    let server = stage.accepts("the server", Cause::NeverFlushed);
    server.ends_after(&framed(b"hello"), Cause::LineHeldOpen);
    stage.ends(Cause::LineHeldOpen);
}
