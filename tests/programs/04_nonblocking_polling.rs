//! Lesson 4, for programs in any language: a server answers in capitals, and no client blocks another.
//!
//! ```text
//! client:  h e l l o        server:  H E L L O          bytes; no header, no end of message
//! ```
//!
//! How a server serves many clients is its own affair here: it may poll, start threads, or be told by the kernel. A
//! client sends each line that is typed, with its line break or without, and prints the answer.

use netkata::{Cause, builds_on};
use netkata_programs::{Peer, Role, Stage, Suite, Transport, causes as shared, checks};


pub(crate) const SUITES: &[Suite] = &[
    Suite {
        name: "upper",
        role: Role::Server,
        transport: Transport::Tcp,
        needs_folder: false,
        checks: checks![
            letters_come_back_in_capitals,
            a_silent_client_does_not_block_others,
            each_client_gets_its_own_answer,
            half_a_character_is_not_an_error,
            only_ascii_letters_change,
            a_client_that_leaves_harms_no_other,
            a_reset_ends_only_that_connection,
            a_half_closed_client_gets_its_whole_answer,
            unread_answers_do_not_block_other_clients,
            a_late_reader_gets_every_byte_in_order,
            a_server_without_work_rests,
        ],
    },
    Suite {
        name: "upper",
        role: Role::Client,
        transport: Transport::Tcp,
        needs_folder: false,
        checks: checks![
            each_line_is_sent_and_its_answer_printed,
            an_answer_in_pieces_is_one_answer,
            the_client_ends_with_its_input,
            a_server_that_closes_ends_the_client,
        ],
    },
];

fn letters_come_back_in_capitals(stage: &Stage) {
    let talker = stage.client("talker");
    asks(&talker, "Hello, World! 2 < 3\n", Cause::AnswerNeverCame);
    asks(&talker, "h", Cause::AnswerNeverCame);
    asks(&talker, "a longer sentence", Cause::AnswerNeverCame);
    asks(&talker, "hi", Cause::AnswerNeverCame);
    talker.receives_nothing(Cause::Differs);
}

fn a_silent_client_does_not_block_others(stage: &Stage) {
    builds_on(letters_come_back_in_capitals);
    let silent = stage.client("silent");
    silent.settles();
    let talker = stage.client("talker");
    asks(&talker, "hello", Cause::WaitsForOneClient);
    let another = stage.client("another");
    another.settles();
    asks(&talker, " again", Cause::WaitsForOneClient);
    asks(&silent, "at last", Cause::NothingNowIsNoFailure);
}

fn each_client_gets_its_own_answer(stage: &Stage) {
    builds_on(a_silent_client_does_not_block_others);
    let clients = ["ann", "bob", "cy"].map(|name| (name, stage.client(name)));
    for length in [9, 1, 4] {
        for (name, client) in &clients {
            client.sends_and_goes_on(name.repeat(length).as_bytes());
        }
        for (name, client) in &clients {
            let answer = name.repeat(length).to_ascii_uppercase();
            client.receives(answer.as_bytes(), Cause::AnotherClientsBytes);
        }
    }
}

fn half_a_character_is_not_an_error(stage: &Stage) {
    builds_on(letters_come_back_in_capitals);
    let talker = stage.client("talker");
    talker.sends(&"神 is here".as_bytes()[..2]);
    talker.is_still_connected(Cause::HalfACharacter);
    talker.sends(&"神 is here".as_bytes()[2..]);
    talker.receives("神 IS HERE".as_bytes(), Cause::HalfACharacter);
}

fn only_ascii_letters_change(stage: &Stage) {
    builds_on(letters_come_back_in_capitals);
    let talker = stage.client("talker");
    asks(&talker, "naïve café, straße, 神", Cause::OnlyAsciiLettersChange);
    let every_byte: Vec<u8> = (0..=255).collect();
    talker.sends(&every_byte);
    talker.receives(&every_byte.to_ascii_uppercase(), Cause::OnlyAsciiLettersChange);
}

fn a_client_that_leaves_harms_no_other(stage: &Stage) {
    builds_on(a_silent_client_does_not_block_others);
    let other = stage.client("other");
    for name in ["first leaver", "second leaver"] {
        let leaver = stage.client(name);
        asks(&leaver, "hello", Cause::AnswerNeverCame);
        leaver.leaves();
    }
    asks(&other, "still here", Cause::ClosedClientKept);
    let next = stage.client("next client");
    asks(&next, "hello", Cause::ClosedClientKept);
}

fn a_reset_ends_only_that_connection(stage: &Stage) {
    builds_on(a_client_that_leaves_harms_no_other);
    let other = stage.client("other");
    asks(&other, "hello", Cause::OneClientEndsTheServer);
    let silent = stage.client("silent");
    silent.settles();
    silent.resets();
    asks(&other, "still here", Cause::OneClientEndsTheServer);
    let asking = stage.client("asking");
    asking.sends(b"hello");
    asking.resets();
    asks(&other, "and here", Cause::OneClientEndsTheServer);
    let next = stage.client("next client");
    asks(&next, "hello", Cause::OneClientEndsTheServer);
}

fn a_half_closed_client_gets_its_whole_answer(stage: &Stage) {
    builds_on(letters_come_back_in_capitals);
    let client = stage.client("the client");
    client.sends_and_goes_on(b"hello");
    client.closes_its_side();
    client.ends_after(b"HELLO", Cause::HalfCloseLosesTheAnswer);
}

fn unread_answers_do_not_block_other_clients(stage: &Stage) {
    builds_on(a_silent_client_does_not_block_others);
    let late = stage.client("late");
    late.did(netkata::words::DOES_NOT_READ);
    late.sends(&a_lot());
    let other = stage.client("other");
    asks(&other, "hello", Cause::WaitsForOneClient);
}

fn a_late_reader_gets_every_byte_in_order(stage: &Stage) {
    builds_on(letters_come_back_in_capitals);
    let late = stage.client("late");
    late.did(netkata::words::DOES_NOT_READ);
    late.sends(&a_lot());
    late.did(netkata::words::READS_AGAIN);
    late.receives(&a_lot().to_ascii_uppercase(), Cause::UnsentBytesLost);
    asks(&late, "and on", Cause::UnsentBytesLost);
}

fn a_server_without_work_rests(stage: &Stage) {
    builds_on(letters_come_back_in_capitals);
    let client = stage.client("the client");
    asks(&client, "hello", Cause::AnswerNeverCame);
    stage.rests(Cause::NeverRests);
}

/// Send a text in one segment, and receive it in capitals.
fn asks(client: &Peer, text: &str, cause: Cause) {
    client.sends(text.as_bytes());
    client.receives(text.to_ascii_uppercase().as_bytes(), cause);
}

/// More than a kernel keeps for a connection, and no two parts of it the same.
fn a_lot() -> Vec<u8> {
    (0..600_000).flat_map(|line| format!("{line:06} abc\n").into_bytes()).collect()
}

fn each_line_is_sent_and_its_answer_printed(stage: &Stage) {
    stage.types("hello\n");
    let server = stage.accepts("the server", shared::NeverConnects);
    server.receives(b"hello", Cause::NeverFlushed);
    answers(&server, b"HELLO");
    stage.prints(&["HELLO"], Cause::AnswerNeverCame);
    stage.types("world\n");
    server.receives(b"world", Cause::NeverFlushed);
    answers(&server, b"WORLD");
    stage.prints(&["HELLO", "WORLD"], Cause::AnswerNeverCame);
}

fn an_answer_in_pieces_is_one_answer(stage: &Stage) {
    builds_on(each_line_is_sent_and_its_answer_printed);
    stage.types("hello\n");
    let server = stage.accepts("the server", shared::NeverConnects);
    server.receives(b"hello", Cause::NeverFlushed);
    server.sends(b"HE");
    answers(&server, b"LLO");
    stage.prints(&["HELLO"], Cause::OneReadIsNotOneMessage);
}

fn the_client_ends_with_its_input(stage: &Stage) {
    builds_on(each_line_is_sent_and_its_answer_printed);
    stage.ends_typing();
    let server = stage.accepts("the server", shared::NeverConnects);
    server.receives_the_end(Cause::LineHeldOpen);
    stage.ends(shared::KeepsRunning);
}

fn a_server_that_closes_ends_the_client(stage: &Stage) {
    builds_on(each_line_is_sent_and_its_answer_printed);
    stage.types("hello\n");
    let server = stage.accepts("the server", shared::NeverConnects);
    server.receives(b"hello", Cause::NeverFlushed);
    server.closes_its_side();
    stage.rests(Cause::SpinsAtTheEnd);
    stage.ends_typing();
    stage.ends(shared::KeepsRunning);
}

/// Answer a line: with its line break, if the client has sent one.
fn answers(server: &Peer, capitals: &[u8]) {
    let line_break = server.takes_what_comes();
    server.sends(&[capitals, &line_break].concat());
}
