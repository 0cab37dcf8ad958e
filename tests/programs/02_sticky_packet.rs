//! Lesson 2, for programs in any language: TCP keeps the order of bytes, and not which write they came from.
//!
//! ```text
//! sender   5  ─────────▶  receiver       the size, in decimal digits
//!          ◀───────── ok                 any 1 to 1024 bytes
//!          hello  ─────▶                 as many bytes, however they arrive
//! ```
//!
//! The server `acknowledged` prints each message on a line of its own. The client `acknowledged` sends each line that
//! is typed as a message, without its line break, and ends when the typing or the connection does. The server `reads`
//! prints what each read has found, up to 1024 bytes; the client `two-sends` sends `hello` and `world`.

use netkata::{Cause, Row, builds_on};
use netkata::words::{THE_CLIENT, THE_SERVER};
use netkata_programs::words::{FIRST_CLIENT, FIRST_SENDER, NEXT_CLIENT, NEXT_SENDER, SECOND_CLIENT, SECOND_SENDER, THE_RECEIVER, THE_SENDER, THIRD_CLIENT, THIRD_SENDER};
use netkata_programs::{Peer, Role, Stage, Suite, Transport, causes as shared, checks};

#[path = "../../lessons/02_sticky_packet/causes.rs"]
#[allow(dead_code, reason = "some are about functions")]
mod causes;

pub(crate) const SUITES: &[Suite] = &[
    Suite {
        name: "acknowledged",
        role: Role::Server,
        transport: Transport::Tcp,
        needs_folder: false,
        checks: checks![
            the_size_is_acknowledged_before_data_arrives,
            data_in_pieces_is_received_whole,
            a_message_is_acknowledged_once,
            the_next_size_stays_in_the_stream,
            an_empty_message_is_acknowledged_and_complete,
            a_message_need_not_be_text,
            a_large_message_is_received_whole,
            a_size_is_decimal_digits_and_nothing_else,
            a_size_above_the_limit_is_refused,
            a_refused_size_is_not_acknowledged,
            the_longest_message_is_allowed,
            half_a_message_is_not_printed,
            the_next_sender_is_served,
            a_server_outlives_every_sender,
        ],
    },
    Suite {
        name: "reads",
        role: Role::Server,
        transport: Transport::Tcp,
        needs_folder: false,
        checks: checks![
            each_read_is_printed_at_once,
            bytes_that_arrive_together_are_one_read,
            a_read_may_end_inside_a_character,
            the_end_of_the_stream_is_no_read,
            the_next_client_is_read,
            a_reset_ends_only_that_connection,
        ],
    },
    Suite {
        name: "acknowledged",
        role: Role::Client,
        transport: Transport::Tcp,
        needs_folder: false,
        checks: checks![
            data_is_sent_only_after_the_acknowledgement,
            each_size_waits_for_its_own_acknowledgement,
            the_size_counts_bytes,
            a_long_acknowledgement_is_read_whole,
            an_acknowledgement_may_be_any_bytes,
            an_empty_line_is_an_empty_message,
            end_of_stream_is_not_an_acknowledgement,
            a_late_reader_gets_every_byte,
            a_message_above_the_limit_is_not_sent,
            the_longest_line_is_sent,
            the_client_ends_when_the_typing_does,
        ],
    },
    Suite {
        name: "two-sends",
        role: Role::Client,
        transport: Transport::Tcp,
        needs_folder: false,
        checks: checks![both_words_arrive_in_order, no_answer_is_awaited],
    },
];

/// The longest message that either side accepts, in bytes.
const MAX_MESSAGE: usize = 16 * 1024 * 1024;

fn the_size_is_acknowledged_before_data_arrives(stage: &Stage) {
    let sender = stage.client(THE_SENDER);
    delivers(&sender, &[b"hello"], Cause::BothWait);
    stage.prints(&["hello"], shared::PrintsTooLate);
}

fn data_in_pieces_is_received_whole(stage: &Stage) {
    builds_on(the_size_is_acknowledged_before_data_arrives);
    let sender = stage.client(THE_SENDER);
    delivers(&sender, &[b"he", b"l", b"lo"], Cause::BothWait);
    stage.prints(&["hello"], Cause::OneReadIsNotOneMessage);
    delivers(&sender, &[b"0123", b"456789"], Cause::OneReadIsNotOneMessage);
    stage.prints(&["hello", "0123456789"], Cause::OneReadIsNotOneMessage);
}

fn a_message_is_acknowledged_once(stage: &Stage) {
    builds_on(the_size_is_acknowledged_before_data_arrives);
    let sender = stage.client(THE_SENDER);
    delivers(&sender, &[b"hello"], Cause::BothWait);
    sender.receives_nothing(causes::AcknowledgedTwice);
}

fn the_next_size_stays_in_the_stream(stage: &Stage) {
    builds_on(data_in_pieces_is_received_whole);
    let sender = stage.client(THE_SENDER);
    offers(&sender, b"5", Cause::BothWait);
    sender.sends(b"hel");
    offers(&sender, b"lo3", Cause::ReadTooFar);
    sender.sends(b"you");
    stage.prints(&["hello", "you"], Cause::ReadTooFar);
}

fn an_empty_message_is_acknowledged_and_complete(stage: &Stage) {
    builds_on(the_size_is_acknowledged_before_data_arrives);
    let sender = stage.client(THE_SENDER);
    offers(&sender, b"0", Cause::EmptyMessageIsAMessage);
    offers(&sender, b"3", Cause::EmptyMessageIsAMessage);
    sender.sends(b"you");
    stage.prints(&["you"], Cause::EmptyMessageIsAMessage);
}

fn a_message_need_not_be_text(stage: &Stage) {
    builds_on(the_size_is_acknowledged_before_data_arrives);
    let sender = stage.client(THE_SENDER);
    delivers(&sender, &[b"\0\xff\xe7\xa5"], Cause::BothWait);
    delivers(&sender, &[r"神 is three bytes".as_bytes()], Cause::BytesAreNotText);
    stage.prints(&[r"is three bytes"], Cause::BytesAreNotText);
}

fn a_large_message_is_received_whole(stage: &Stage) {
    builds_on(the_size_is_acknowledged_before_data_arrives);
    let sender = stage.client(THE_SENDER);
    let large = "0123456789".repeat(30_000);
    delivers(&sender, &[large.as_bytes()], Cause::BothWait);
    delivers(&sender, &[b"hello"], Cause::OneReadIsNotOneMessage);
    stage.prints(&[&large, "hello"], Cause::OneReadIsNotOneMessage);
}

fn a_size_is_decimal_digits_and_nothing_else(stage: &Stage) {
    builds_on(the_size_is_acknowledged_before_data_arrives);
    for size in ["+5", " 5", "5\n", "1_0", "-1", "0x5", "5hello", "٥"] {
        let sender = stage.client(THE_SENDER);
        sender.sends(size.as_bytes());
        sender.is_disconnected(Cause::NotDecimalDigits);
    }
}

fn a_size_above_the_limit_is_refused(stage: &Stage) {
    builds_on(the_size_is_acknowledged_before_data_arrives);
    for size in ["16777217", "4294967301", &"9".repeat(1000)] {
        let sender = stage.client(THE_SENDER);
        sender.sends(size.as_bytes());
        sender.is_disconnected(Cause::LengthTrusted);
    }
}

fn a_refused_size_is_not_acknowledged(stage: &Stage) {
    builds_on(the_size_is_acknowledged_before_data_arrives);
    let sender = stage.client(THE_SENDER);
    sender.sends(b"five");
    sender.is_disconnected(Cause::AcknowledgesWhatItRefuses);
}

fn the_longest_message_is_allowed(stage: &Stage) {
    builds_on(the_size_is_acknowledged_before_data_arrives);
    offers(&stage.client(THE_SENDER), MAX_MESSAGE.to_string().as_bytes(), Cause::LimitOffByOne);
}

fn half_a_message_is_not_printed(stage: &Stage) {
    builds_on(the_size_is_acknowledged_before_data_arrives);
    let sender = stage.client(THE_SENDER);
    offers(&sender, b"5", Cause::BothWait);
    sender.sends(b"hel");
    sender.closes_its_side();
    sender.is_disconnected(Cause::SpinsAtTheEnd);
    stage.does_not_print("hel", Cause::TruncationLooksComplete);
}

fn the_next_sender_is_served(stage: &Stage) {
    builds_on(the_size_is_acknowledged_before_data_arrives);
    let first = stage.client(FIRST_SENDER);
    delivers(&first, &[b"hello"], Cause::BothWait);
    first.closes_its_side();
    first.is_disconnected(causes::EndIsNoSize);
    next_is_served(stage, r"after a clean end", Cause::CleanEndIsNoError);
}

fn a_server_outlives_every_sender(stage: &Stage) {
    builds_on(the_next_sender_is_served);
    let bad = stage.client(FIRST_SENDER);
    bad.sends(b"five");
    next_is_served(stage, r"after a bad size", Cause::NotDecimalDigits);
    let brief = stage.client(SECOND_SENDER);
    offers(&brief, b"5", Cause::BothWait);
    brief.sends(b"hel");
    brief.leaves();
    next_is_served(stage, r"after half a message", Cause::TruncationLooksComplete);
    let broken = stage.client(THIRD_SENDER);
    offers(&broken, b"5", Cause::BothWait);
    broken.resets();
    next_is_served(stage, r"after a reset", Cause::OneClientEndsTheServer);
}

/// Send a size, or bytes that end with one, and receive its acknowledgement.
fn offers(sender: &Peer, size: &[u8], cause: Cause) {
    sender.sends(size);
    sender.receives_some(1, cause);
    sender.takes_what_comes();
}

/// Send a message in these segments, once its size is acknowledged.
fn delivers(sender: &Peer, segments: &[&[u8]], cause: Cause) {
    offers(sender, segments.concat().len().to_string().as_bytes(), cause);
    sender.sends_in_segments(segments);
}

/// The next sender is served as the first one was.
fn next_is_served(stage: &Stage, message: &str, cause: Cause) {
    stage.still_runs(cause.clone());
    let next = stage.client(NEXT_SENDER);
    offers(&next, message.len().to_string().as_bytes(), cause.clone());
    next.sends(message.as_bytes());
    stage.prints(&[message], cause);
    next.leaves();
}

fn each_read_is_printed_at_once(stage: &Stage) {
    let client = stage.client(THE_CLIENT);
    client.sends(b"hello");
    stage.prints(&["hello"], shared::PrintsTooLate);
    client.sends(b"world");
    stage.prints(&["hello", "world"], shared::PrintsTooLate);
    client.receives_nothing(Cause::Differs);
}

fn bytes_that_arrive_together_are_one_read(stage: &Stage) {
    builds_on(each_read_is_printed_at_once);
    let client = stage.client(THE_CLIENT);
    client.sends(b"helloworld");
    let longest = "0123456789abcdef".repeat(64);
    client.sends(longest.as_bytes());
    stage.prints(&["helloworld", &longest], Cause::NoRoomForAll);
}

fn a_read_may_end_inside_a_character(stage: &Stage) {
    builds_on(each_read_is_printed_at_once);
    let client = stage.client(THE_CLIENT);
    client.sends_in_segments(&[b"hello\xe7", b"\xa5\x9eworld", b"\xff\0", b"again"]);
    stage.prints(&["hello", "world", "again"], shared::PieceIsNotText);
}

fn the_end_of_the_stream_is_no_read(stage: &Stage) {
    builds_on(each_read_is_printed_at_once);
    let client = stage.client(THE_CLIENT);
    client.sends(b"hello");
    client.closes_its_side();
    client.receives_the_end(Cause::SpinsAtTheEnd);
}

fn the_next_client_is_read(stage: &Stage) {
    builds_on(the_end_of_the_stream_is_no_read);
    for name in [FIRST_CLIENT, SECOND_CLIENT, THIRD_CLIENT] {
        is_read(stage, &name, Cause::ServesOneAndEnds);
    }
}

fn a_reset_ends_only_that_connection(stage: &Stage) {
    builds_on(the_next_client_is_read);
    let broken = stage.client(FIRST_CLIENT);
    broken.sends(b"hello");
    broken.resets();
    is_read(stage, &NEXT_CLIENT, Cause::OneClientEndsTheServer);
}

/// One more client whose bytes are printed, and that leaves.
fn is_read(stage: &Stage, name: &str, cause: Cause) {
    stage.still_runs(cause.clone());
    let client = stage.client(name);
    client.sends(name.as_bytes());
    stage.prints(&[name], cause);
    client.leaves();
}

fn data_is_sent_only_after_the_acknowledgement(stage: &Stage) {
    let receiver = is_offered(stage, "hello", "5", Cause::WrongSize);
    receiver.receives_nothing_in_time(Cause::DidNotWaitForAcknowledgement);
    receiver.sends(b"1");
    receiver.receives(b"hello", Cause::AcknowledgementHasNoLength);
    receiver.receives_nothing(Cause::WrongSize);
}

fn each_size_waits_for_its_own_acknowledgement(stage: &Stage) {
    builds_on(data_is_sent_only_after_the_acknowledgement);
    let receiver = is_offered(stage, "hello\n0123456789", "5", Cause::WrongSize);
    receiver.sends("收到".as_bytes());
    receiver.receives(b"hello10", Cause::AcknowledgementHasNoLength);
    receiver.receives_nothing(Cause::DidNotWaitForAcknowledgement);
    receiver.sends(b"ok");
    receiver.receives(b"0123456789", Cause::AcknowledgementHasNoLength);
}

fn the_size_counts_bytes(stage: &Stage) {
    builds_on(data_is_sent_only_after_the_acknowledgement);
    let receiver = is_offered(stage, "神", "3", Cause::WrongSize);
    receiver.sends(b"ok");
    receiver.receives("神".as_bytes(), Cause::WrongSize);
}

fn a_long_acknowledgement_is_read_whole(stage: &Stage) {
    builds_on(each_size_waits_for_its_own_acknowledgement);
    let receiver = is_offered(stage, "hello\nyou", "5", Cause::WrongSize);
    receiver.sends(&[b'k'; 1024]);
    receiver.receives(b"hello3", Cause::AcknowledgementHasNoLength);
    receiver.receives_nothing(Cause::AcknowledgementLeftOver);
}

fn an_acknowledgement_may_be_any_bytes(stage: &Stage) {
    builds_on(each_size_waits_for_its_own_acknowledgement);
    let receiver = is_offered(stage, "hello\nyou", "5", Cause::WrongSize);
    receiver.sends(&[0xff, 0xfe, 0x80]);
    receiver.receives(b"hello3", Cause::AcknowledgementHasNoLength);
    receiver.sends(b" \r\n\0");
    receiver.receives(b"you", Cause::AcknowledgementHasNoLength);
}

fn an_empty_line_is_an_empty_message(stage: &Stage) {
    builds_on(each_size_waits_for_its_own_acknowledgement);
    let receiver = is_offered(stage, "\nhello", "0", Cause::EmptyMessageIsAMessage);
    receiver.receives_nothing(causes::EmptyMessageIsAcknowledged);
    receiver.sends(b"ok");
    receiver.receives(b"5", Cause::EmptyMessageIsAMessage);
}

fn end_of_stream_is_not_an_acknowledgement(stage: &Stage) {
    builds_on(data_is_sent_only_after_the_acknowledgement);
    let receiver = is_offered(stage, "hello", "5", Cause::WrongSize);
    receiver.closes_its_side();
    receiver.is_disconnected(Cause::EndIsNoAcknowledgement);
    stage.ends(shared::KeepsRunning);
}

fn a_late_reader_gets_every_byte(stage: &Stage) {
    builds_on(each_size_waits_for_its_own_acknowledgement);
    let long = "0123456789".repeat(800_000);
    let receiver = is_offered(stage, &format!("{long}\nhello"), "8000000", Cause::WrongSize);
    receiver.does_not_read();
    receiver.sends(b"ok");
    let _ = stage.until(|| None::<()>);
    receiver.did(netkata::words::READS_AGAIN);
    receiver.receives(long.as_bytes(), Cause::PartialWriteIgnored);
    receiver.receives(b"5", Cause::PartialWriteIgnored);
}

fn a_message_above_the_limit_is_not_sent(stage: &Stage) {
    builds_on(data_is_sent_only_after_the_acknowledgement);
    let receiver = is_offered(stage, "hello", "5", Cause::WrongSize);
    receiver.sends(b"ok");
    receiver.receives(b"hello", Cause::AcknowledgementHasNoLength);
    stage.types(&format!("{}\n", "x".repeat(MAX_MESSAGE + 1)));
    let sent = receiver.takes_what_comes();
    if !sent.is_empty() {
        let expected = Row::new(netkata::words::EXPECTED, netkata::words::NOTHING_MORE);
        stage.fails(Cause::SendsWhatIsRefused, vec![expected]);
    }
}

fn the_longest_line_is_sent(stage: &Stage) {
    builds_on(data_is_sent_only_after_the_acknowledgement);
    let (line, size) = ("x".repeat(MAX_MESSAGE), MAX_MESSAGE.to_string());
    is_offered(stage, &line, &size, Cause::LimitOffByOne);
}

fn the_client_ends_when_the_typing_does(stage: &Stage) {
    builds_on(data_is_sent_only_after_the_acknowledgement);
    let receiver = is_offered(stage, "hello", "5", Cause::WrongSize);
    stage.ends_typing();
    receiver.sends(b"ok");
    receiver.ends_after(b"hello", Cause::LineHeldOpen);
    receiver.leaves();
    stage.ends(shared::KeepsRunning);
}

/// Type these lines, and receive the size of the first.
fn is_offered(stage: &Stage, lines: &str, size: &str, cause: Cause) -> Peer {
    stage.types(&format!("{lines}\n"));
    let receiver = stage.accepts(THE_RECEIVER, shared::NeverConnects);
    receiver.receives(size.as_bytes(), cause);
    receiver
}

fn both_words_arrive_in_order(stage: &Stage) {
    let server = stage.accepts(THE_SERVER, shared::NeverConnects);
    server.receives(b"helloworld", Cause::NeverFlushed);
}

fn no_answer_is_awaited(stage: &Stage) {
    builds_on(both_words_arrive_in_order);
    let server = stage.accepts(THE_SERVER, shared::NeverConnects);
    server.ends_after(b"helloworld", Cause::LineHeldOpen);
    server.leaves();
    stage.ends(shared::KeepsRunning);
}
