//! Lesson 13, for programs in any language: a connection ends twice, or with a reset.
//!
//! ```text
//! capitals   client: the question, end of stream      server: THE QUESTION, end of stream
//! rude       client: any byte                         server: a reset
//! ```
//!
//! Only the end of the stream ends a question or an answer. The client sends all that is typed, as it was typed, and
//! prints the answer. A server may serve one client at a time.

use netkata::{Cause, builds_on};
use netkata::words::{THE_CLIENT, THE_SERVER};
use netkata_programs::words::{FIFTH_CLIENT, FIRST_CLIENT, FOURTH_CLIENT, LAST_CLIENT, READS_LATE, SECOND_CLIENT, THIRD_CLIENT};
use netkata_programs::{Peer, Role, Stage, Suite, Transport, causes as shared, checks};

#[path = "../../lessons/13_connection_lifecycle/causes.rs"]
#[allow(dead_code, reason = "some are about functions")]
mod causes;

pub(crate) const SUITES: &[Suite] = &[
    Suite {
        name: "capitals",
        role: Role::Server,
        transport: Transport::Tcp,
        needs_folder: false,
        checks: checks![
            a_question_ends_with_its_stream,
            a_question_may_be_any_text,
            an_empty_question_gets_an_empty_answer,
            a_late_reader_gets_the_whole_answer,
            the_next_client_is_served,
            a_server_outlives_every_client,
            a_connection_leaves_no_descriptor,
        ],
    },
    Suite {
        name: "rude",
        role: Role::Server,
        transport: Transport::Tcp,
        needs_folder: false,
        checks: checks![
            a_silent_client_is_not_reset,
            the_first_byte_is_answered_with_a_reset,
            a_reset_does_not_end_the_server,
        ],
    },
    Suite {
        name: "capitals",
        role: Role::Client,
        transport: Transport::Tcp,
        needs_folder: false,
        checks: checks![
            all_that_is_typed_is_one_question,
            an_answer_arrives_after_the_half_close,
            only_the_end_of_the_stream_ends_an_answer,
            a_large_question_reaches_a_late_reader,
            a_reset_during_the_answer_is_an_error,
        ],
    },
];

/// More than the kernels keep for a peer that does not read.
const MUCH: usize = 4_500_000;

fn a_question_ends_with_its_stream(stage: &Stage) {
    let client = stage.client(THE_CLIENT);
    client.sends(b"hello\n");
    client.receives_nothing(causes::OnlyTheCloseEnds);
    client.sends(b"world");
    client.receives_nothing(causes::OnlyTheCloseEnds);
    hears_its_answer(client, b"HELLO\nWORLD", Cause::AnswerNeverCame);
}

fn a_question_may_be_any_text(stage: &Stage) {
    builds_on(a_question_ends_with_its_stream);
    let client = stage.client(THE_CLIENT);
    client.sends_cut("神 \0 is\n\nhere \r\n".as_bytes(), &[2, 3, 1]);
    hears_its_answer(client, "神 \0 IS\n\nHERE \r\n".as_bytes(), causes::OnlyTheCloseEnds);
}

fn an_empty_question_gets_an_empty_answer(stage: &Stage) {
    builds_on(a_question_ends_with_its_stream);
    let client = stage.client(THE_CLIENT);
    hears_its_answer(client, b"", Cause::EmptyMessageIsAMessage);
}

fn a_late_reader_gets_the_whole_answer(stage: &Stage) {
    builds_on(a_question_ends_with_its_stream);
    let late = stage.narrow_client("late");
    let question = b"0123456789abcdef\n".repeat(MUCH / 17);
    late.sends_what_it_takes(&question);
    late.closes_its_side();
    late.did(netkata::words::READS_AGAIN);
    late.ends_after(&question.to_ascii_uppercase(), Cause::PartialWriteIgnored);
}

fn the_next_client_is_served(stage: &Stage) {
    builds_on(a_question_ends_with_its_stream);
    for name in [FIRST_CLIENT, SECOND_CLIENT, THIRD_CLIENT] {
        next_is_served(stage, &name, Cause::ServesOneAndEnds);
    }
}

fn a_server_outlives_every_client(stage: &Stage) {
    builds_on(the_next_client_is_served);
    let first = stage.client(FIRST_CLIENT);
    first.sends(b"hello");
    first.resets();
    next_is_served(stage, &SECOND_CLIENT, Cause::OneClientEndsTheServer);
    stage.while_it_is_stopped(|| {
        // Their answers meet connections that are gone.
        let third = stage.client(THIRD_CLIENT);
        third.sends_and_goes_on(b"hello");
        third.leaves_and_goes_on();
        let fourth = stage.client(FOURTH_CLIENT);
        fourth.sends_and_goes_on(b"hello");
        fourth.resets_and_goes_on();
    });
    next_is_served(stage, &FIFTH_CLIENT, Cause::OneClientEndsTheServer);
    let late = stage.narrow_client("late");
    late.sends_what_it_takes(&vec![b'x'; MUCH]);
    late.closes_its_side();
    late.resets();
    next_is_served(stage, &LAST_CLIENT, Cause::OneClientEndsTheServer);
}

fn a_connection_leaves_no_descriptor(stage: &Stage) {
    builds_on(the_next_client_is_served);
    next_is_served(stage, &FIRST_CLIENT, Cause::AnswerNeverCame);
    let before = stage.descriptors();
    for name in [SECOND_CLIENT, THIRD_CLIENT, FOURTH_CLIENT] {
        next_is_served(stage, &name, Cause::AnswerNeverCame);
    }
    stage.holds_at_most(before, Cause::DescriptorsLeftBehind);
}

/// A new client asks, and is served as the first one was.
fn next_is_served(stage: &Stage, name: &str, cause: Cause) {
    stage.still_runs(cause.clone());
    let next = stage.client(name);
    next.sends(b"hello");
    hears_its_answer(next, b"HELLO", cause);
}

/// Close the sending side, and receive this answer and the end of the stream.
fn hears_its_answer(client: Peer, answer: &[u8], cause: Cause) {
    client.closes_its_side();
    client.ends_after(answer, cause);
    client.leaves();
}

fn a_silent_client_is_not_reset(stage: &Stage) {
    let client = stage.client(THE_CLIENT);
    // Until the server has accepted it, and waits.
    let _ = stage.until(|| None::<()>);
    client.receives_nothing(Cause::HungUp);
}

fn the_first_byte_is_answered_with_a_reset(stage: &Stage) {
    builds_on(a_silent_client_is_not_reset);
    for (name, said) in [(FIRST_CLIENT, &b"h"[..]), (SECOND_CLIENT, b"hello\n")] {
        is_reset(stage, &name, said, causes::CloseIsNoReset);
    }
}

fn a_reset_does_not_end_the_server(stage: &Stage) {
    builds_on(the_first_byte_is_answered_with_a_reset);
    let first = stage.client(FIRST_CLIENT);
    first.settles();
    first.leaves();
    is_reset(stage, &SECOND_CLIENT, b"h", Cause::OneClientEndsTheServer);
    let third = stage.client(THIRD_CLIENT);
    third.settles();
    third.resets();
    let before = stage.descriptors();
    is_reset(stage, &FOURTH_CLIENT, b"h", Cause::OneClientEndsTheServer);
    stage.holds_at_most(before, Cause::DescriptorsLeftBehind);
}

/// A new client sends this, and is answered with a reset and nothing before it.
fn is_reset(stage: &Stage, name: &str, said: &[u8], cause: Cause) {
    stage.still_runs(cause.clone());
    let client = stage.client(name);
    client.sends(said);
    client.receives_a_reset(cause);
}

fn all_that_is_typed_is_one_question(stage: &Stage) {
    stage.types("hello\nworld\n\n神\n");
    stage.ends_typing();
    let server = stage.accepts(THE_SERVER, shared::NeverConnects);
    server.ends_after("hello\nworld\n\n神\n".as_bytes(), shared::InputNotSentWhole);
}

fn an_answer_arrives_after_the_half_close(stage: &Stage) {
    builds_on(all_that_is_typed_is_one_question);
    let server = asks(stage, "hello\n");
    server.sends(b"HELLO\n");
    server.closes_its_side();
    stage.prints(&["HELLO"], causes::BothSidesClosed);
    stage.ends(shared::KeepsRunning);
}

fn only_the_end_of_the_stream_ends_an_answer(stage: &Stage) {
    builds_on(an_answer_arrives_after_the_half_close);
    let server = asks(stage, "hello\n");
    server.sends_cut("ONE\n\nTWO 神\0 THREE\n".as_bytes(), &[2, 2, 1, 5, 2, 2]);
    let long = "0123456789".repeat(30_000);
    server.sends(format!("{long}\nEND").as_bytes());
    server.closes_its_side();
    stage.prints(&["ONE", "TWO 神\0 THREE", &long, "END"], causes::OnlyTheCloseEnds);
    stage.ends(shared::KeepsRunning);
}

fn a_large_question_reaches_a_late_reader(stage: &Stage) {
    builds_on(all_that_is_typed_is_one_question);
    let question = "0123456789abcdef\n".repeat(MUCH / 17);
    stage.types(&question);
    stage.ends_typing();
    let server = stage.accepts(THE_SERVER, shared::NeverConnects);
    server.did(READS_LATE);
    server.settles();
    server.ends_after(question.as_bytes(), Cause::PartialWriteIgnored);
}

fn a_reset_during_the_answer_is_an_error(stage: &Stage) {
    builds_on(an_answer_arrives_after_the_half_close);
    let server = asks(stage, "hello\n");
    server.sends(b"HEL");
    server.resets();
    stage.ends_with_an_error(causes::ResetIsNoEnd);
}

/// The course's end of a connection on which the program has asked this.
fn asks(stage: &Stage, question: &str) -> Peer {
    stage.types(question);
    stage.ends_typing();
    let server = stage.accepts(THE_SERVER, shared::NeverConnects);
    server.ends_after(question.as_bytes(), shared::InputNotSentWhole);
    server
}
