//! Lesson 4, for programs in any language: a server answers in capitals, and no client blocks another.
//!
//! ```text
//! client:  h e l l o        server:  H E L L O          bytes; no header, no end of message
//! ```
//!
//! How a server serves many clients is its own affair here: it may poll, start threads, or be told by the kernel. A
//! client sends each line that is typed, with its line break or without, and prints the answer.

use std::time::Duration;

use netkata::{Cause, builds_on, further};
use netkata::words::{READS_AGAIN, THE_CLIENT, THE_SERVER};
use netkata_programs::words::{FIRST_LEAVER, NEXT_CLIENT, SECOND_LEAVER};
use netkata_programs::{Peer, Role, Stage, Suite, Transport, causes as shared, checks};

#[path = "../../lessons/04_nonblocking_polling/causes.rs"]
#[allow(dead_code, reason = "some are about functions")]
mod causes;

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
            a_client_that_has_left_is_removed,
            remaining_clients_are_served_when_others_leave,
            a_reset_ends_only_that_connection,
            unread_answers_do_not_block_other_clients,
            unsent_bytes_per_client_are_bounded,
            a_late_reader_gets_every_byte_in_order,
            a_half_closed_client_gets_its_whole_answer,
            forty_clients_are_served_at_once,
            clients_wait_in_the_backlog_without_free_descriptors,
            an_idle_server_sleeps,
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
            an_answer_is_bytes_until_it_is_whole,
            the_client_ends_with_its_input,
            a_closed_connection_does_not_hold_the_client,
        ],
    },
];

/// The server keeps fewer unsent bytes than this for a client.
const MOST_PER_CLIENT: u64 = 1024 * 1024;

fn letters_come_back_in_capitals(stage: &Stage) {
    let talker = stage.client("talker");
    for text in ["Hello, World! 2 < 3\n", "q", r"a longer sentence", "exit"] {
        asks(&talker, text, Cause::AnswerNeverCame);
    }
    talker.receives_nothing(Cause::Differs);
}

fn a_silent_client_does_not_block_others(stage: &Stage) {
    builds_on(letters_come_back_in_capitals);
    let silent = stage.client("silent");
    let talker = stage.client("talker");
    talker.sends(b"hello");
    talker.is_still_connected(Cause::NothingNowIsNoFailure);
    talker.receives(b"HELLO", Cause::WaitsForOneClient);
    silent.is_still_connected(Cause::NothingNowIsNoFailure);
    let another = stage.client("another");
    another.settles();
    asks(&talker, r" again", Cause::WaitsForOneClient);
    asks(&silent, r"at last", Cause::NothingNowIsNoFailure);
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
    talker.sends(&r"神 is here".as_bytes()[..2]);
    talker.is_still_connected(Cause::HalfACharacter);
    talker.sends(&r"神 is here".as_bytes()[2..]);
    talker.receives(r"神 IS HERE".as_bytes(), Cause::HalfACharacter);
}

fn only_ascii_letters_change(stage: &Stage) {
    builds_on(letters_come_back_in_capitals);
    let talker = stage.client("talker");
    asks(&talker, r"naïve café, straße, 神", Cause::OnlyAsciiLettersChange);
    let every_byte: Vec<u8> = (0..=255).collect();
    talker.sends(&every_byte);
    talker.receives(&every_byte.to_ascii_uppercase(), Cause::OnlyAsciiLettersChange);
}

fn a_client_that_has_left_is_removed(stage: &Stage) {
    builds_on(a_silent_client_does_not_block_others);
    let other = stage.client("other");
    asks(&other, "hello", Cause::AnswerNeverCame);
    let before = stage.descriptors();
    for name in [FIRST_LEAVER, SECOND_LEAVER] {
        let leaver = stage.client(name);
        asks(&leaver, "hello", Cause::AnswerNeverCame);
        leaver.closes_its_side();
        leaver.receives_the_end(Cause::ClosedClientKept);
    }
    stage.holds_at_most(before, Cause::ClosedClientKept);
}

fn remaining_clients_are_served_when_others_leave(stage: &Stage) {
    builds_on(a_silent_client_does_not_block_others);
    let clients = ["first", "second", "third", "fourth"].map(|name| stage.client(name));
    for client in &clients {
        asks(client, "hello", Cause::AnswerNeverCame);
    }
    // Two that are neighbours in a list of clients leave at the same moment.
    let [first, second, third, fourth] = clients;
    stage.while_it_is_stopped(|| {
        second.leaves_and_goes_on();
        third.leaves_and_goes_on();
    });
    asks(&first, r"still here", Cause::OneClientEndsTheServer);
    asks(&fourth, r"still here", Cause::OneClientEndsTheServer);
    asks(
        &stage.next_client(NEXT_CLIENT, Cause::OneClientEndsTheServer),
        "hello",
        Cause::OneClientEndsTheServer,
    );
}

fn a_reset_ends_only_that_connection(stage: &Stage) {
    builds_on(remaining_clients_are_served_when_others_leave);
    let other = stage.client("other");
    asks(&other, "hello", Cause::OneClientEndsTheServer);
    let silent = stage.client("silent");
    silent.settles();
    silent.resets();
    asks(&other, r"still here", Cause::OneClientEndsTheServer);
    let asking = stage.client("asking");
    asking.settles();
    stage.while_it_is_stopped(|| {
        asking.sends_and_goes_on(b"hello");
        asking.resets_and_goes_on();
    });
    asks(&other, r"and here", Cause::OneClientEndsTheServer);
    let next = stage.next_client(NEXT_CLIENT, Cause::OneClientEndsTheServer);
    asks(&next, "hello", Cause::OneClientEndsTheServer);
}

fn a_half_closed_client_gets_its_whole_answer(stage: &Stage) {
    builds_on(a_late_reader_gets_every_byte_in_order);
    let client = stage.client(THE_CLIENT);
    client.sends_and_goes_on(b"hello");
    client.closes_its_side();
    client.ends_after(b"HELLO", Cause::HalfCloseLosesTheAnswer);
    // Until the server has a part of an answer that it cannot send.
    const PIECE: usize = 32 * 1024;
    let late = stage.narrow_client("late");
    let (question, answer) = question_and_answer();
    late.does_not_read();
    let mut asked = 0;
    let all_is_sent = || (late.kept() == 0).then_some(());
    // On a busy machine a server may be about to send it, so it is asked twice.
    let is_owed = || stage.until(all_is_sent).is_err() && stage.until(all_is_sent).is_err();
    while !is_owed() && asked + PIECE < question.len() {
        late.sends(&question[asked..asked + PIECE]);
        asked += PIECE;
    }
    late.closes_its_side();
    late.did(READS_AGAIN);
    late.ends_after(&answer[..asked], Cause::HalfCloseLosesTheAnswer);
}

fn unread_answers_do_not_block_other_clients(stage: &Stage) {
    builds_on(a_silent_client_does_not_block_others);
    let late = stage.narrow_client("late");
    late.does_not_read();
    late.sends_what_it_takes(&question_and_answer().0);
    stage.still_runs(Cause::UnsentBytesLost);
    let other = stage.client("other");
    asks(&other, "hello", Cause::WaitsForOneClient);
}

fn unsent_bytes_per_client_are_bounded(stage: &Stage) {
    builds_on(unread_answers_do_not_block_other_clients);
    let late = stage.narrow_client("late");
    late.does_not_read();
    late.sends_what_it_takes(&question_and_answer().0);
    late.is_owed_less_than(MOST_PER_CLIENT, Cause::OwedWithoutBound);
}

fn a_late_reader_gets_every_byte_in_order(stage: &Stage) {
    builds_on(letters_come_back_in_capitals);
    let late = stage.narrow_client("late");
    let (question, answer) = question_and_answer();
    late.does_not_read();
    late.sends_what_it_takes(&question);
    late.did(READS_AGAIN);
    late.receives(&answer, Cause::UnsentBytesLost);
    asks(&late, r"and on", Cause::UnsentBytesLost);
}

fn forty_clients_are_served_at_once(stage: &Stage) {
    builds_on(each_client_gets_its_own_answer);
    let client = |number| stage.next_client(netkata::words::client(number), Cause::ClientsWaitInLine);
    let clients: Vec<Peer> = (1..=40).map(client).collect();
    for (number, client) in clients.iter().enumerate() {
        client.sends_and_goes_on(format!(r"number {number}").as_bytes());
    }
    for (number, client) in clients.iter().enumerate() {
        client.receives(format!(r"NUMBER {number}").as_bytes(), Cause::ClientsWaitInLine);
    }
}

fn clients_wait_in_the_backlog_without_free_descriptors(stage: &Stage) {
    // Node.js cannot: at its limit libuv accepts clients and closes their connections.
    further();
    builds_on(a_client_that_has_left_is_removed);
    stage.leaves_free_descriptors(2);
    let [first, second] = ["first", "second"].map(|name| stage.client(name));
    asks(&first, "hello", Cause::AcceptErrorEndsTheServer);
    asks(&second, "hello", Cause::AcceptErrorEndsTheServer);
    let waiting = stage.next_client("waiting", Cause::AcceptErrorEndsTheServer);
    stage.rests(causes::SpinsWithoutDescriptors);
    asks(&first, r"still here", Cause::AcceptErrorEndsTheServer);
    second.leaves();
    // The server may look for it again after a pause.
    stage.is_patient(Duration::from_secs(2));
    asks(&waiting, r"at last", Cause::AcceptErrorEndsTheServer);
}

fn an_idle_server_sleeps(stage: &Stage) {
    builds_on(letters_come_back_in_capitals);
    let client = stage.client(THE_CLIENT);
    asks(&client, "hello", Cause::AnswerNeverCame);
    client.leaves();
    stage.rests(Cause::NeverRests);
    let silent: Vec<Peer> =
        (1..=10).map(|number| stage.client(netkata_programs::words::silent(number))).collect();
    asks(&silent[0], "hello", Cause::AnswerNeverCame);
    stage.rests(Cause::NeverRests);
}

/// Send a text in one segment, and receive it in capitals.
fn asks(client: &Peer, text: &str, cause: Cause) {
    client.sends(text.as_bytes());
    client.receives(text.to_ascii_uppercase().as_bytes(), cause);
}

/// A question of more bytes than the kernels keep for a connection, and its answer. No two parts are the same.
fn question_and_answer() -> (Vec<u8>, Vec<u8>) {
    let filling = r"bottles of beer on the wall, ".repeat(34);
    let lines = (0..4_000).map(|number| format!("{number:06} {filling}\n"));
    let question = lines.collect::<String>().into_bytes();
    let answer = question.to_ascii_uppercase();
    (question, answer)
}

fn each_line_is_sent_and_its_answer_printed(stage: &Stage) {
    stage.types("hello\n");
    let server = stage.accepts(THE_SERVER, shared::NeverConnects);
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
    let server = stage.accepts(THE_SERVER, shared::NeverConnects);
    server.receives(b"hello", Cause::NeverFlushed);
    server.sends(b"HE");
    answers(&server, b"LLO");
    stage.prints(&["HELLO"], Cause::OneReadIsNotOneMessage);
}

fn the_client_ends_with_its_input(stage: &Stage) {
    builds_on(each_line_is_sent_and_its_answer_printed);
    stage.ends_typing();
    let server = stage.accepts(THE_SERVER, shared::NeverConnects);
    server.receives_the_end(shared::KeepsRunning);
    server.leaves();
    stage.ends(shared::KeepsRunning);
}

fn an_answer_is_bytes_until_it_is_whole(stage: &Stage) {
    builds_on(an_answer_in_pieces_is_one_answer);
    stage.types("神 is here\n");
    let server = stage.accepts(THE_SERVER, shared::NeverConnects);
    let question = r"神 is here".as_bytes();
    server.receives(question, Cause::NeverFlushed);
    let answer = question.to_ascii_uppercase();
    server.sends(&answer[..2]);
    answers(&server, &answer[2..]);
    stage.prints(&[r"IS HERE"], Cause::HalfACharacter);
}

fn a_closed_connection_does_not_hold_the_client(stage: &Stage) {
    builds_on(each_line_is_sent_and_its_answer_printed);
    stage.types("hello\n");
    let server = stage.accepts(THE_SERVER, shared::NeverConnects);
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
