//! Lesson 0, for programs in any language: a connection is two directions, and each of them has an end.
//!
//! ```text
//! hello    server: hello ─────▶ client           phone    client: Hello World ─────▶
//!                 ◀───── byebye, and the end              ◀───── HELLO WORLD :server
//! ```
//!
//! The server `hello` prints what a caller has sent, whole, on one line, when the caller has closed; the client
//! `hello` does the same with what the server has sent. The client `phone` sends each line that is typed, with its line
//! break or without, and prints the answer, which is as long. How a server serves is its own affair.

use netkata::{Cause, builds_on};
use netkata::words::{THE_CALLER, THE_SERVER};
use netkata_programs::words::{FIRST_CALLER, HASTY_CALLER, NEXT_CALLER, SECOND_CALLER, SILENT_CALLER, THIRD_CALLER};
use netkata_programs::{Peer, Role, Stage, Suite, Transport, causes as shared, checks};

#[path = "../../lessons/00_tcp_hello/causes.rs"]
#[allow(dead_code, reason = "some are about functions")]
mod causes;

pub(crate) const SUITES: &[Suite] = &[
    Suite {
        name: "hello",
        role: Role::Server,
        transport: Transport::Tcp,
        needs_folder: false,
        checks: checks![
            a_caller_is_greeted_before_it_sends_anything,
            a_server_reads_until_the_caller_closes,
            a_server_closes_after_its_caller,
            the_next_caller_waits_in_the_backlog,
            a_caller_may_send_nothing,
            a_caller_may_send_a_lot,
            a_caller_may_send_any_bytes,
            a_reset_ends_one_call_only,
        ],
    },
    Suite {
        name: "phone",
        role: Role::Server,
        transport: Transport::Tcp,
        needs_folder: false,
        checks: checks![
            capitals_come_back_before_the_caller_closes,
            replies_go_on_until_the_caller_closes,
            only_ascii_letters_become_capitals,
            bytes_that_are_not_text_come_back_too,
            a_half_closed_caller_gets_its_whole_answer,
            a_caller_may_send_and_receive_at_once,
            the_next_caller_is_answered,
            a_reset_ends_one_conversation_only,
        ],
    },
    Suite {
        name: "hello",
        role: Role::Client,
        transport: Transport::Tcp,
        needs_folder: false,
        checks: checks![
            a_client_reads_hello_and_sends_byebye,
            nothing_is_sent_before_the_greeting_is_complete,
            a_greeting_in_pieces_is_one_greeting,
            nothing_is_sent_after_a_wrong_greeting,
            an_incomplete_greeting_is_an_error,
            a_half_close_follows_the_goodbye,
            a_client_reads_until_the_server_closes,
            a_server_may_send_any_bytes,
            bytes_right_after_the_greeting_are_kept,
            a_reset_by_the_server_ends_the_client,
        ],
    },
    Suite {
        name: "phone",
        role: Role::Client,
        transport: Transport::Tcp,
        needs_folder: false,
        checks: checks![
            each_line_is_sent_and_its_answer_printed,
            an_answer_in_pieces_is_one_answer,
            a_character_in_pieces_is_one_character,
            a_long_line_has_a_long_answer,
            an_empty_line_has_an_empty_answer,
            the_client_ends_with_its_input,
            a_server_that_closes_ends_the_wait,
        ],
    },
];

/// Segments that end inside characters, and at the borders of what Python calls a line.
const NOT_TEXT: &[&[u8]] = &[b"one\xe7", b"\xa5\x9e\0\xff", b"\xfetwo\xe7\xa5"];

fn a_caller_is_greeted_before_it_sends_anything(stage: &Stage) {
    let caller = greeted(stage, &THE_CALLER);
    caller.is_still_connected(causes::ClosesBeforeItsCaller);
    caller.receives_nothing(Cause::Differs);
    caller.sends(b"byebye");
    caller.closes_its_side();
    caller.receives_the_end(Cause::LineHeldOpen);
    stage.prints(&["byebye"], shared::PrintsTooLate);
}

fn a_server_reads_until_the_caller_closes(stage: &Stage) {
    builds_on(a_caller_is_greeted_before_it_sends_anything);
    let caller = greeted(stage, &THE_CALLER);
    caller.sends_in_segments(&[b"b", b"ye", b"bye, ", b"so long"]);
    caller.closes_its_side();
    caller.is_disconnected(Cause::LineHeldOpen);
    stage.prints(&[r"byebye, so long"], Cause::OneReadIsNotOneMessage);
}

fn a_server_closes_after_its_caller(stage: &Stage) {
    builds_on(a_caller_is_greeted_before_it_sends_anything);
    let caller = greeted(stage, &THE_CALLER);
    caller.receives_nothing(causes::ClosesBeforeItsCaller);
    caller.sends(b"bye");
    caller.receives_nothing(causes::ClosesBeforeItsCaller);
}

fn the_next_caller_waits_in_the_backlog(stage: &Stage) {
    builds_on(a_caller_is_greeted_before_it_sends_anything);
    let first = greeted(stage, &FIRST_CALLER);
    let second = stage.client(SECOND_CALLER);
    first.sends(b"byebye");
    first.leaves();
    second.receives(b"hello", Cause::ServesOneAndEnds);
    second.sends(b"so long");
    second.leaves();
    stage.prints(&["byebye", r"so long"], Cause::ServesOneAndEnds);
    greeted(stage, &THIRD_CALLER);
}

fn a_caller_may_send_nothing(stage: &Stage) {
    builds_on(the_next_caller_waits_in_the_backlog);
    let silent = stage.client(SILENT_CALLER);
    silent.closes_its_side();
    silent.ends_after(b"hello", causes::SilenceIsNoFailure);
    next_is_served(stage, causes::SilenceIsNoFailure);
}

fn a_caller_may_send_a_lot(stage: &Stage) {
    builds_on(a_server_reads_until_the_caller_closes);
    let caller = greeted(stage, &THE_CALLER);
    let words = "0123456789".repeat(30_000);
    caller.sends(words.as_bytes());
    caller.closes_its_side();
    stage.prints(&[&words], causes::StopsListening);
}

fn a_caller_may_send_any_bytes(stage: &Stage) {
    builds_on(the_next_caller_waits_in_the_backlog);
    let caller = greeted(stage, &THE_CALLER);
    caller.sends_in_segments(NOT_TEXT);
    caller.closes_its_side();
    next_is_served(stage, Cause::BytesAreNotText);
    stage.expects(r"one, two", Cause::BytesAreNotText, || {
        let printed = stage.printed().concat();
        printed.contains("one") && printed.contains("two")
    });
}

fn a_reset_ends_one_call_only(stage: &Stage) {
    builds_on(the_next_caller_waits_in_the_backlog);
    let caller = greeted(stage, &FIRST_CALLER);
    caller.sends(b"bye");
    caller.resets();
    next_is_served(stage, Cause::OneClientEndsTheServer);
    // It has gone before the server can greet it.
    stage.client(HASTY_CALLER).resets();
    next_is_served(stage, Cause::OneClientEndsTheServer);
}

/// One more caller, which has received its greeting.
fn greeted(stage: &Stage, name: &str) -> Peer {
    let caller = stage.client(name);
    caller.receives(b"hello", Cause::BothWait);
    caller
}

/// The next caller is served as the first one was.
fn next_is_served(stage: &Stage, cause: Cause) {
    stage.still_runs(cause.clone());
    let next = stage.client(NEXT_CALLER);
    next.receives(b"hello", cause.clone());
    next.sends(b"still there");
    next.leaves();
    stage.prints(&[r"still there"], cause);
}

fn capitals_come_back_before_the_caller_closes(stage: &Stage) {
    let caller = stage.client(THE_CALLER);
    asks(&caller, r"Hello World", Cause::BothWait);
}

fn replies_go_on_until_the_caller_closes(stage: &Stage) {
    builds_on(capitals_come_back_before_the_caller_closes);
    let caller = stage.client(THE_CALLER);
    let long = ["a".repeat(1024), "b".repeat(4096), "c".repeat(8192)];
    for words in [r"what do you say?", "yo", "\n", "q", &long[0], &long[1], &long[2], "exit"] {
        caller.sends(words.as_bytes());
        caller.is_still_connected(causes::ClosesBeforeItsCaller);
        caller.receives(words.to_ascii_uppercase().as_bytes(), Cause::BothWait);
    }
    caller.receives_nothing(Cause::Differs);
    caller.closes_its_side();
    caller.receives_the_end(Cause::SpinsAtTheEnd);
}

fn only_ascii_letters_become_capitals(stage: &Stage) {
    builds_on(replies_go_on_until_the_caller_closes);
    let caller = stage.client(THE_CALLER);
    asks(&caller, r"神 is three bytes, straße, éé", Cause::OnlyAsciiLettersChange);
    let ascii: String = (0..=127).map(char::from).collect();
    asks(&caller, &ascii, causes::LettersFromAToZ);
}

fn bytes_that_are_not_text_come_back_too(stage: &Stage) {
    builds_on(replies_go_on_until_the_caller_closes);
    let caller = stage.client(THE_CALLER);
    for piece in NOT_TEXT {
        caller.sends(piece);
        caller.receives(&piece.to_ascii_uppercase(), Cause::HalfACharacter);
    }
}

fn a_half_closed_caller_gets_its_whole_answer(stage: &Stage) {
    builds_on(replies_go_on_until_the_caller_closes);
    let caller = stage.client(THE_CALLER);
    let words = b"the quick brown fox, ".repeat(5_000);
    caller.sends_and_goes_on(&words);
    caller.closes_its_side();
    caller.ends_after(&words.to_ascii_uppercase(), Cause::HalfCloseLosesTheAnswer);
}

fn a_caller_may_send_and_receive_at_once(stage: &Stage) {
    builds_on(replies_go_on_until_the_caller_closes);
    let caller = stage.client(THE_CALLER);
    let words = b"the quick brown fox, ".repeat(500_000);
    caller.sends_and_goes_on(&words);
    caller.receives(&words.to_ascii_uppercase(), Cause::UnsentBytesLost);
}

fn the_next_caller_is_answered(stage: &Stage) {
    builds_on(capitals_come_back_before_the_caller_closes);
    let first = stage.client(FIRST_CALLER);
    asks(&first, "hello", Cause::BothWait);
    let second = stage.client(SECOND_CALLER);
    first.leaves();
    asks(&second, r"hello again", Cause::ServesOneAndEnds);
    second.leaves();
    asks(&stage.client(THIRD_CALLER), r"and again", Cause::ServesOneAndEnds);
}

fn a_reset_ends_one_conversation_only(stage: &Stage) {
    builds_on(the_next_caller_is_answered);
    let silent = stage.client(FIRST_CALLER);
    asks(&silent, "hello", Cause::BothWait);
    silent.resets();
    stage.still_runs(Cause::OneClientEndsTheServer);
    let hasty = stage.client(HASTY_CALLER);
    hasty.sends_and_goes_on(b"hello");
    hasty.resets();
    stage.still_runs(Cause::OneClientEndsTheServer);
    asks(&stage.client(NEXT_CALLER), r"still there", Cause::OneClientEndsTheServer);
}

/// Send a text in one segment, and receive it in capitals.
fn asks(caller: &Peer, text: &str, cause: Cause) {
    caller.sends(text.as_bytes());
    caller.receives(text.to_ascii_uppercase().as_bytes(), cause);
}

fn a_client_reads_hello_and_sends_byebye(stage: &Stage) {
    let server = said_goodbye(stage, Cause::BothWait);
    server.closes_its_side();
    stage.prints(&["hello"], Cause::OneReadIsNotOneMessage);
    stage.ends(shared::KeepsRunning);
}

fn nothing_is_sent_before_the_greeting_is_complete(stage: &Stage) {
    let server = stage.accepts(THE_SERVER, shared::NeverConnects);
    server.receives_nothing(causes::SpeaksTooSoon);
    server.sends(b"hell");
    server.receives_nothing(causes::SpeaksTooSoon);
}

fn a_greeting_in_pieces_is_one_greeting(stage: &Stage) {
    builds_on(a_client_reads_hello_and_sends_byebye);
    let server = stage.accepts(THE_SERVER, shared::NeverConnects);
    server.sends_in_segments(&[b"h", b"el", b"l", b"o"]);
    server.receives(b"byebye", Cause::OneReadIsNotOneMessage);
    server.closes_its_side();
    stage.prints(&["hello"], Cause::OneReadIsNotOneMessage);
}

fn nothing_is_sent_after_a_wrong_greeting(stage: &Stage) {
    builds_on(nothing_is_sent_before_the_greeting_is_complete);
    let server = stage.accepts(THE_SERVER, shared::NeverConnects);
    server.sends(b"help!");
    server.is_disconnected(causes::AnotherGreeting);
    stage.ends(causes::AnotherGreeting);
}

fn an_incomplete_greeting_is_an_error(stage: &Stage) {
    builds_on(nothing_is_sent_before_the_greeting_is_complete);
    let server = stage.accepts(THE_SERVER, shared::NeverConnects);
    server.sends(b"hell");
    server.closes_its_side();
    server.is_disconnected(Cause::TruncationLooksComplete);
    stage.ends(shared::KeepsRunning);
}

fn a_half_close_follows_the_goodbye(stage: &Stage) {
    builds_on(a_client_reads_hello_and_sends_byebye);
    let server = stage.accepts(THE_SERVER, shared::NeverConnects);
    server.sends(b"hello");
    server.ends_after(b"byebye", causes::EndNeverSent);
}

fn a_client_reads_until_the_server_closes(stage: &Stage) {
    builds_on(a_client_reads_hello_and_sends_byebye);
    let server = said_goodbye(stage, Cause::BothWait);
    stage.still_runs(causes::StopsListening);
    server.sends_in_segments(&[b", and", b" ", b"goodbye"]);
    server.closes_its_side();
    stage.prints(&[r"hello, and goodbye"], Cause::OneReadIsNotOneMessage);
    stage.ends(shared::KeepsRunning);
}

fn a_server_may_send_any_bytes(stage: &Stage) {
    builds_on(a_client_reads_until_the_server_closes);
    let server = said_goodbye(stage, Cause::BothWait);
    let long = "0123456789".repeat(30_000);
    server.sends(long.as_bytes());
    server.sends_in_segments(NOT_TEXT);
    server.closes_its_side();
    stage.expects(r"hello, all digits, one, two", Cause::BytesAreNotText, || {
        let printed = stage.printed().concat();
        ["hello", &long, "one", "two"].iter().all(|words| printed.contains(words))
    });
    stage.ends(shared::KeepsRunning);
}

fn bytes_right_after_the_greeting_are_kept(stage: &Stage) {
    builds_on(a_client_reads_until_the_server_closes);
    let server = stage.accepts(THE_SERVER, shared::NeverConnects);
    server.sends(b"hello, and ");
    server.receives(b"byebye", causes::AnotherGreeting);
    server.sends(b"goodbye");
    server.closes_its_side();
    stage.prints(&[r"hello, and goodbye"], causes::LostWithABuffer);
}

fn a_reset_by_the_server_ends_the_client(stage: &Stage) {
    builds_on(a_client_reads_until_the_server_closes);
    said_goodbye(stage, Cause::BothWait).resets();
    stage.ends(shared::KeepsRunning);
}

/// A server that has greeted the client and has received its goodbye.
fn said_goodbye(stage: &Stage, cause: Cause) -> Peer {
    let server = stage.accepts(THE_SERVER, shared::NeverConnects);
    server.sends(b"hello");
    server.receives(b"byebye", cause);
    server
}

fn each_line_is_sent_and_its_answer_printed(stage: &Stage) {
    // The answers show that a client prints what has come, and not what it expects.
    let server = is_called(stage, "hello");
    answers(&server, b"OLLEH");
    stage.prints(&["OLLEH"], shared::PrintsTooLate);
    stage.types("world\n");
    server.receives(b"world", Cause::NeverFlushed);
    answers(&server, b"DLROW");
    stage.prints(&["DLROW"], shared::PrintsTooLate);
}

fn an_answer_in_pieces_is_one_answer(stage: &Stage) {
    builds_on(each_line_is_sent_and_its_answer_printed);
    let server = is_called(stage, r"hello world");
    let line_break = server.takes_what_comes();
    server.sends_in_segments(&[b"H", b"ELLO ", b"WOR"]);
    server.sends(&[b"LD", &line_break[..]].concat());
    stage.prints(&[r"HELLO WORLD"], Cause::OneReadIsNotOneMessage);
}

fn a_character_in_pieces_is_one_character(stage: &Stage) {
    builds_on(each_line_is_sent_and_its_answer_printed);
    let server = is_called(stage, r"神 is three bytes");
    let line_break = server.takes_what_comes();
    let answer = [b"\xe7\xa5\x9e IS THREE BYTES", &line_break[..]].concat();
    server.sends_cut(&answer, &[1, 1]);
    stage.prints(&[r"神 IS THREE BYTES"], shared::PieceIsNotText);
}

fn a_long_line_has_a_long_answer(stage: &Stage) {
    builds_on(each_line_is_sent_and_its_answer_printed);
    let long = r"the quick brown fox, ".repeat(15_000);
    let server = is_called(stage, &long);
    answers(&server, long.to_ascii_uppercase().as_bytes());
    stage.prints(&[&long.to_ascii_uppercase()], Cause::OneReadIsNotOneMessage);
}

fn an_empty_line_has_an_empty_answer(stage: &Stage) {
    builds_on(each_line_is_sent_and_its_answer_printed);
    stage.types("\n");
    let server = stage.accepts(THE_SERVER, shared::NeverConnects);
    let line_break = server.takes_what_comes();
    if !line_break.is_empty() {
        server.sends(&line_break);
    }
    stage.types("hello\n");
    server.receives(b"hello", Cause::BothWait);
}

fn the_client_ends_with_its_input(stage: &Stage) {
    builds_on(each_line_is_sent_and_its_answer_printed);
    stage.ends_typing();
    let server = stage.accepts(THE_SERVER, shared::NeverConnects);
    server.receives_the_end(Cause::LineHeldOpen);
    server.leaves();
    stage.ends(shared::KeepsRunning);
}

fn a_server_that_closes_ends_the_wait(stage: &Stage) {
    builds_on(each_line_is_sent_and_its_answer_printed);
    let server = is_called(stage, "hello");
    server.takes_what_comes();
    server.sends(b"HEL");
    server.closes_its_side();
    stage.rests(Cause::SpinsAtTheEnd);
    stage.ends_typing();
    stage.ends(shared::KeepsRunning);
}

/// Type a line, and accept the call in which it comes.
fn is_called(stage: &Stage, line: &str) -> Peer {
    stage.types(&format!("{line}\n"));
    let server = stage.accepts(THE_SERVER, shared::NeverConnects);
    server.receives(line.as_bytes(), Cause::NeverFlushed);
    server
}

/// Answer a line: with its line break, if the client has sent one.
fn answers(server: &Peer, capitals: &[u8]) {
    let line_break = server.takes_what_comes();
    server.sends(&[capitals, &line_break].concat());
}
