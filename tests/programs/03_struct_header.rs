//! Lesson 3, for programs in any language: a length before each message says where it ends.
//!
//! ```text
//! 05 00 00 00  68 65 6c 6c 6f        an i32, little-endian, then as many bytes
//! ```
//!
//! A server prints each message on a line of its own, answers nothing, and closes the connection of a client whose
//! length it refuses. A client sends each line that is typed as a message, and ends when the typing does. What a
//! program prints around a message is its own affair.

use netkata::{Cause, builds_on, counted};
use netkata::words::{THE_CLIENT, THE_SERVER};
use netkata_programs::words::{FIFTH_CLIENT, FIRST_CLIENT, FOURTH_CLIENT, NEXT_CLIENT, SECOND_CLIENT, THIRD_CLIENT};
use netkata_programs::{Peer, Role, Stage, Suite, Then, Transport, causes as shared, checks};

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
            a_length_above_255_survives_a_header_in_pieces,
            stuck_messages_are_read_one_by_one,
            an_empty_message_is_a_message,
            a_message_is_bytes_not_text,
            a_large_message_arrives_whole,
            half_a_message_is_not_printed,
            a_negative_length_is_refused,
            a_length_above_the_limit_is_refused,
            exactly_the_limit_is_allowed,
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
            a_line_above_the_limit_is_not_sent,
            the_client_ends_when_the_typing_does,
            a_reset_does_not_hold_the_client,
        ],
    },
];

/// The longest message that either side accepts, in bytes.
const MAX_MESSAGE: i32 = 16 * 1024 * 1024;

/// The header of a message, and the message.
fn framed(message: &[u8]) -> Vec<u8> {
    let length = i32::try_from(message.len()).expect("messages here are short");
    [&length.to_le_bytes(), message].concat()
}

fn a_message_is_printed(stage: &Stage) {
    let client = stage.client(THE_CLIENT);
    client.sends(&framed(b"hello"));
    stage.prints(&["hello"], shared::MessageNotPrinted);
    client.receives_nothing(Cause::Differs);
}

fn a_message_survives_any_segmentation(stage: &Stage) {
    builds_on(a_message_is_printed);
    let client = stage.client(THE_CLIENT);
    client.sends_cut(&framed(b"hello"), &[4, 2]);
    stage.prints(&["hello"], Cause::OneReadIsNotOneMessage);
    client.sends_cut(&framed(b"world"), &[2, 3, 2]);
    client.sends_cut(&framed(b"again"), &[1; 8]);
    stage.prints(&["hello", "world", "again"], Cause::HeaderReadOnce(counted(2, netkata::words::BYTE)));
}

fn a_length_above_255_survives_a_header_in_pieces(stage: &Stage) {
    builds_on(a_message_survives_any_segmentation);
    let client = stage.client(THE_CLIENT);
    // 300 is 0x012c: a reader that stops after one byte of the header reads 44.
    let long = "abc".repeat(100);
    client.sends_cut(&framed(long.as_bytes()), &[1, 3]);
    client.sends(&framed(b"hello"));
    stage.prints(&[&long, "hello"], Cause::HeaderReadOnce(counted(1, netkata::words::BYTE)));
}

fn stuck_messages_are_read_one_by_one(stage: &Stage) {
    builds_on(a_message_is_printed);
    let client = stage.client(THE_CLIENT);
    client.sends(&[framed(b"hello"), framed(b"world"), framed(b"again")].concat());
    stage.prints(&["hello", "world", "again"], Cause::ReadTooFar);
    // The first segment ends with the header of the second message.
    let stream = [framed(b"to be"), framed(b"or not"), framed(b"to wait")].concat();
    client.sends_cut(&stream, &[13]);
    stage.prints(&[r"to be", r"or not", r"to wait"], Cause::ReadTooFar);
}

fn an_empty_message_is_a_message(stage: &Stage) {
    builds_on(a_message_is_printed);
    let client = stage.client(THE_CLIENT);
    client.sends(&framed(b""));
    client.is_still_connected(Cause::EmptyMessageIsAMessage);
    client.sends(&framed(b"hello"));
    stage.prints(&["hello"], Cause::EmptyMessageIsAMessage);
}

fn a_message_is_bytes_not_text(stage: &Stage) {
    builds_on(a_message_is_printed);
    let client = stage.client(THE_CLIENT);
    client.sends_cut(&framed(r"神 says hello".as_bytes()), &[5]);
    client.sends(&framed(b"\xff\xfe"));
    client.sends(&framed(b"a zero\0inside"));
    stage.prints(&[r"says hello", "inside"], Cause::BytesAreNotText);
}

fn a_large_message_arrives_whole(stage: &Stage) {
    builds_on(a_message_is_printed);
    let client = stage.client(THE_CLIENT);
    let large = "0123456789".repeat(30_000);
    client.sends_and_goes_on(&framed(large.as_bytes()));
    client.sends(&framed(b"hello"));
    stage.prints(&[&large, "hello"], Cause::OneReadIsNotOneMessage);
}

fn half_a_message_is_not_printed(stage: &Stage) {
    builds_on(a_message_is_printed);
    let client = stage.client(THE_CLIENT);
    client.sends(&framed(b"hello")[..7]);
    client.closes_its_side();
    is_closed(stage, &client);
    stage.does_not_print("hel", Cause::TruncationLooksComplete);
}

fn a_negative_length_is_refused(stage: &Stage) {
    builds_on(a_message_is_printed);
    let client = stage.client(THE_CLIENT);
    client.sends(&(-5i32).to_le_bytes());
    client.sends_and_goes_on(&framed(b"hello"));
    client.is_disconnected(Cause::NegativeLengthTrusted);
    stage.does_not_print("hello", causes::GoesOnAfterABadLength);
}

fn a_length_above_the_limit_is_refused(stage: &Stage) {
    builds_on(a_message_is_printed);
    for length in [MAX_MESSAGE + 1, i32::from_le_bytes(*b"hell"), i32::MAX] {
        let client = stage.client(THE_CLIENT);
        client.sends(&length.to_le_bytes());
        client.is_disconnected(Cause::LengthTrusted);
        client.leaves();
    }
}

fn exactly_the_limit_is_allowed(stage: &Stage) {
    builds_on(a_message_is_printed);
    let client = stage.client(THE_CLIENT);
    client.sends(&MAX_MESSAGE.to_le_bytes());
    client.sends(b"and so on");
    client.is_still_connected(Cause::LimitOffByOne);
}

fn the_next_client_is_served(stage: &Stage) {
    builds_on(a_message_is_printed);
    let first = stage.client(FIRST_CLIENT);
    first.sends(&framed(b"hello"));
    first.closes_its_side();
    is_closed(stage, &first);
    next_is_served(stage, r"after a clean end", Cause::ServesOneAndEnds);
}

fn a_server_outlives_every_client(stage: &Stage) {
    builds_on(the_next_client_is_served);
    for (name, length) in [(FIRST_CLIENT, -5i32), (SECOND_CLIENT, i32::MAX)] {
        let client = stage.client(name);
        client.sends(&length.to_le_bytes());
        // The server closes the connection, and may wait for its client to do the same.
        client.leaves();
        next_is_served(stage, &format!(r"after {length}"), Cause::OneClientEndsTheServer);
    }
    for (name, arrived) in [(THIRD_CLIENT, 2), (FOURTH_CLIENT, 7)] {
        let client = stage.client(name);
        client.sends(&framed(b"hello")[..arrived]);
        client.closes_its_side();
        next_is_served(stage, &format!(r"after {arrived} bytes"), Cause::OneClientEndsTheServer);
    }
    let fifth = stage.client(FIFTH_CLIENT);
    fifth.sends(&framed(b"hello")[..7]);
    fifth.resets();
    next_is_served(stage, r"after a reset", Cause::OneClientEndsTheServer);
}

/// The server has read the end of this client's stream, and closes the connection.
fn is_closed(stage: &Stage, client: &Peer) {
    if client.reads(1).1 == Then::Nothing {
        stage.rests(Cause::SpinsAtTheEnd);
    }
    client.is_disconnected(Cause::LineHeldOpen);
}

/// The next client is served as the first one was.
fn next_is_served(stage: &Stage, message: &str, cause: Cause) {
    let next = stage.next_client(NEXT_CLIENT, cause.clone());
    next.sends(&framed(message.as_bytes()));
    stage.prints(&[message], cause);
    next.leaves();
}

fn each_line_is_sent_with_its_length(stage: &Stage) {
    stage.types("hello\n");
    let server = connected(stage);
    server.receives(&framed(b"hello"), shared::NotFramed);
    stage.types("world\n");
    server.receives(&framed(b"world"), Cause::BothWait);
    stage.types("  between blanks \n");
    server.receives(&framed(b"  between blanks "), Cause::Differs);
}

fn the_length_counts_bytes(stage: &Stage) {
    builds_on(each_line_is_sent_with_its_length);
    stage.types("神\n");
    connected(stage).receives(&framed("神".as_bytes()), shared::LengthCountsCharacters);
}

fn an_empty_line_is_an_empty_message(stage: &Stage) {
    builds_on(each_line_is_sent_with_its_length);
    stage.types("\nhello\n");
    let server = connected(stage);
    server.receives(&framed(b""), Cause::EmptyMessageIsAMessage);
    server.receives(&framed(b"hello"), Cause::EmptyMessageIsAMessage);
}

fn a_late_reader_gets_every_byte(stage: &Stage) {
    builds_on(each_line_is_sent_with_its_length);
    let long = "0123456789".repeat(600_000);
    stage.types(&format!("{long}\nhello\n"));
    let server = connected(stage);
    server.does_not_read();
    let _ = stage.until(|| None::<()>);
    server.receives(&framed(long.as_bytes()), Cause::PartialWriteIgnored);
    server.receives(&framed(b"hello"), Cause::PartialWriteIgnored);
}

fn a_line_above_the_limit_is_not_sent(stage: &Stage) {
    builds_on(each_line_is_sent_with_its_length);
    stage.types(&format!("{}\n", "x".repeat(MAX_MESSAGE as usize + 1)));
    stage.ends_typing();
    connected(stage).receives_the_end(Cause::SendsWhatIsRefused);
}

fn the_client_ends_when_the_typing_does(stage: &Stage) {
    builds_on(each_line_is_sent_with_its_length);
    stage.types("hello\n");
    stage.ends_typing();
    let server = connected(stage);
    server.ends_after(&framed(b"hello"), shared::KeepsRunning);
    server.leaves();
    stage.ends(shared::KeepsRunning);
}

fn a_reset_does_not_hold_the_client(stage: &Stage) {
    builds_on(the_client_ends_when_the_typing_does);
    stage.types("hello\n");
    let server = connected(stage);
    server.receives(&framed(b"hello"), shared::NotFramed);
    server.resets();
    stage.types("one\ntwo\n");
    stage.ends_typing();
    stage.ends(shared::KeepsRunning);
}

fn connected(stage: &Stage) -> Peer {
    stage.accepts(THE_SERVER, shared::NeverConnects)
}
