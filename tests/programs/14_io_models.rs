//! Lesson 14, for programs in any language: whatever model a server uses, its clients see the same.
//!
//! ```text
//! client:  h e l l o        server:  H E L L O          bytes; no header, no end of message
//! ```
//!
//! How a server waits is its own affair: it may start threads, poll, or be told by the kernel. It runs until it is
//! ended.

use std::sync::LazyLock;
use std::time::Duration;

use netkata::{Cause, builds_on};
use netkata::words::{THE_CLIENT};
use netkata_programs::words::{NEXT_CLIENT};
use netkata_programs::{Peer, Role, Stage, Suite, Transport, checks};

#[path = "../../lessons/14_io_models/causes.rs"]
#[allow(dead_code, reason = "some are about functions")]
mod causes;

pub(crate) const SUITES: &[Suite] = &[Suite {
    name: "upper",
    role: Role::Server,
    transport: Transport::Tcp,
    needs_folder: false,
    checks: checks![
        letters_come_back_in_capitals,
        a_silent_client_does_not_block_others,
        clients_that_connect_together_are_served,
        a_long_message_gets_its_whole_answer,
        a_message_that_fills_every_read_is_answered,
        many_clients_are_served_at_once,
        unread_answers_do_not_block_other_clients,
        a_late_reader_gets_every_byte_in_order,
        unsent_bytes_per_client_are_bounded,
        a_half_closed_client_gets_its_whole_answer,
        a_reset_ends_only_that_connection,
        a_new_client_replaces_no_other,
        clients_that_disconnect_leave_nothing_behind,
        an_idle_server_sleeps,
        a_server_with_full_send_buffers_sleeps,
        a_server_goes_on_without_free_descriptors,
    ],
}];

/// More than the kernels keep for a client that does not read, over a narrow connection.
const MUCH: usize = 6_000_000;

/// So much memory a server may spend on one client.
const ENOUGH_FOR_ONE: u64 = 512 * 1024;

/// How many clients are connected at once.
const CROWD: usize = 40;

/// The longest time that a server may sleep: meanwhile it sees no client.
const LONGEST_SLEEP: Duration = Duration::from_millis(20);

/// A server that could not accept has tried again after this time, even one of a library that waits for a second.
const TRIED_AGAIN: Duration = Duration::from_secs(3);

fn letters_come_back_in_capitals(stage: &Stage) {
    let talker = stage.client("talker");
    let every_byte: Vec<u8> = (0..=255).collect();
    for said in [b"hello", &b"Hi, 2 < 3\n"[..], b"x"] {
        asks(&talker, said, Cause::AnswerNeverCame);
    }
    asks(&talker, r"naïve 神".as_bytes(), Cause::OnlyAsciiLettersChange);
    asks(&talker, &every_byte, Cause::OnlyAsciiLettersChange);
    talker.sends(&r"神 is here".as_bytes()[..2]);
    talker.is_still_connected(Cause::HalfACharacter);
    talker.sends(&r"神 is here".as_bytes()[2..]);
    talker.receives(r"神 IS HERE".as_bytes(), Cause::HalfACharacter);
}

fn a_silent_client_does_not_block_others(stage: &Stage) {
    builds_on(letters_come_back_in_capitals);
    let silent = stage.client("silent");
    silent.settles();
    let talker = stage.client("talker");
    asks(&talker, b"hello", Cause::WaitsForOneClient);
    let another = stage.client("another");
    another.settles();
    asks(&talker, b" again", Cause::WaitsForOneClient);
    asks(&silent, b"at last", Cause::NothingNowIsNoFailure);
}

fn clients_that_connect_together_are_served(stage: &Stage) {
    builds_on(a_silent_client_does_not_block_others);
    let callers = stage.while_it_is_stopped(|| {
        ["ann", "bob", "cy"].map(|name| {
            let caller = stage.client(name);
            caller.sends_and_goes_on(name.as_bytes());
            (caller, name.to_ascii_uppercase())
        })
    });
    for (caller, answer) in callers {
        caller.receives(answer.as_bytes(), causes::EdgeToldOnce);
    }
}

fn a_long_message_gets_its_whole_answer(stage: &Stage) {
    builds_on(letters_come_back_in_capitals);
    let talker = stage.client("talker");
    talker.sends_and_goes_on(lines(MUCH));
    talker.receives(capitals(MUCH), Cause::UnsentBytesLost);
}

fn a_message_that_fills_every_read_is_answered(stage: &Stage) {
    builds_on(clients_that_connect_together_are_served);
    builds_on(a_long_message_gets_its_whole_answer);
    // Whatever power of two a buffer holds, one of these messages fills it, and after its last read nothing more comes.
    for length in (10..=16).map(|power| 1 << power) {
        let talker = stage.client("talker");
        talker.settles();
        stage.while_it_is_stopped(|| talker.sends_and_goes_on(lines(length)));
        talker.receives(capitals(length), causes::EdgeToldOnce);
        talker.leaves();
    }
}

fn many_clients_are_served_at_once(stage: &Stage) {
    builds_on(a_silent_client_does_not_block_others);
    let clients: Vec<Peer> = (0..CROWD)
        .map(|_| {
            let client = stage.client("client");
            client.sends_and_goes_on(b"hello");
            client.receives(b"HELLO", Cause::WaitsForOneClient);
            client
        })
        .collect();
    for (number, client) in clients.iter().enumerate() {
        client.sends_and_goes_on(format!(r"from {number}").as_bytes());
    }
    for (number, client) in clients.iter().enumerate() {
        client.receives(format!(r"FROM {number}").as_bytes(), Cause::AnotherClientsBytes);
    }
}

fn unread_answers_do_not_block_other_clients(stage: &Stage) {
    builds_on(a_silent_client_does_not_block_others);
    let _late = late(stage, MUCH);
    let talker = stage.client("talker");
    asks(&talker, b"hello", Cause::WaitsForOneClient);
}

fn a_late_reader_gets_every_byte_in_order(stage: &Stage) {
    builds_on(a_long_message_gets_its_whole_answer);
    builds_on(unread_answers_do_not_block_other_clients);
    let late = late(stage, MUCH);
    late.did(netkata::words::READS_AGAIN);
    late.receives(capitals(MUCH), Cause::UnsentBytesLost);
    asks(&late, b"and on", Cause::NeverReadAgain);
}

fn unsent_bytes_per_client_are_bounded(stage: &Stage) {
    builds_on(a_late_reader_gets_every_byte_in_order);
    let late = late(stage, MUCH);
    late.is_owed_less_than(ENOUGH_FOR_ONE, Cause::OwedWithoutBound);
}

fn a_half_closed_client_gets_its_whole_answer(stage: &Stage) {
    builds_on(a_long_message_gets_its_whole_answer);
    let short = stage.client(THE_CLIENT);
    short.sends_and_goes_on(b"hello");
    short.closes_its_side();
    short.ends_after(b"HELLO", Cause::HalfCloseLosesTheAnswer);
    let (late, asked) = owed_only_an_end(stage);
    late.closes_its_side();
    late.did(netkata::words::READS_AGAIN);
    late.ends_after(capitals(asked), Cause::HalfCloseLosesTheAnswer);
}

fn a_reset_ends_only_that_connection(stage: &Stage) {
    builds_on(a_silent_client_does_not_block_others);
    let other = stage.client("other");
    asks(&other, b"hello", Cause::AnswerNeverCame);
    let silent = stage.client("silent");
    silent.settles();
    silent.resets();
    asks(&other, b"still here", Cause::OneClientEndsTheServer);
    for owed in [5, MUCH] {
        late(stage, owed).resets();
        asks(&other, b"still here", Cause::OneClientEndsTheServer);
    }
    stage.while_it_is_stopped(|| {
        // It has gone before it is accepted.
        stage.client("hasty").resets_and_goes_on();
        let asking = stage.client("asking");
        asking.sends_and_goes_on(b"hello");
        asking.resets_and_goes_on();
    });
    asks(&other, b"still here", Cause::OneClientEndsTheServer);
    let next = stage.client(NEXT_CLIENT);
    asks(&next, b"hello", Cause::OneClientEndsTheServer);
}

fn a_new_client_replaces_no_other(stage: &Stage) {
    builds_on(a_reset_ends_only_that_connection);
    let leaver = late(stage, MUCH);
    let stays = stage.client("stays");
    asks(&stays, b"hello", Cause::WaitsForOneClient);
    leaver.resets();
    // Its socket usually gets the number of the one that was closed.
    let newcomer = stage.client("newcomer");
    asks(&newcomer, b"hello", Cause::AnotherClientsBytes);
    asks(&stays, b" again", Cause::HungUp);
}

fn clients_that_disconnect_leave_nothing_behind(stage: &Stage) {
    builds_on(a_half_closed_client_gets_its_whole_answer);
    builds_on(a_reset_ends_only_that_connection);
    let stays = stage.client("stays");
    asks(&stays, b"hello", Cause::AnswerNeverCame);
    let before = stage.descriptors();
    let leavers: Vec<Peer> = (0..20).map(|_| stage.client("leaver")).collect();
    for leaver in &leavers {
        asks(leaver, b"hello", Cause::WaitsForOneClient);
    }
    for (number, leaver) in leavers.into_iter().enumerate() {
        if number % 4 == 0 { leaver.resets() } else { leaver.leaves() }
    }
    stage.holds_at_most(before, Cause::DescriptorsLeftBehind);
    asks(&stays, b" again", Cause::OneClientEndsTheServer);
}

fn an_idle_server_sleeps(stage: &Stage) {
    builds_on(a_silent_client_does_not_block_others);
    let clients = ["ann", "bob", "cy"].map(|name| stage.client(name));
    for client in &clients {
        asks(client, b"hello", Cause::WaitsForOneClient);
    }
    stage.rests(Cause::NeverRests);
    stage.sleeps_at_most(LONGEST_SLEEP, causes::SleepsTooLong);
}

fn a_server_with_full_send_buffers_sleeps(stage: &Stage) {
    builds_on(unread_answers_do_not_block_other_clients);
    builds_on(an_idle_server_sleeps);
    let _late = late(stage, MUCH);
    stage.rests(causes::SpinsForASlowClient);
}

fn a_server_goes_on_without_free_descriptors(stage: &Stage) {
    builds_on(clients_that_disconnect_leave_nothing_behind);
    let first = stage.client("first");
    asks(&first, b"hello", Cause::AnswerNeverCame);
    stage.leaves_free_descriptors(2);
    let more = ["second", "third", "fourth", "fifth"].map(|name| {
        let client = stage.next_client(name, Cause::AcceptErrorEndsTheServer);
        stage.rests(causes::SpinsWithoutDescriptors);
        stage.still_runs(Cause::AcceptErrorEndsTheServer);
        client
    });
    asks(&first, b"hello again", Cause::AcceptErrorEndsTheServer);
    let [second, third, fourth, fifth] = more;
    second.leaves();
    third.leaves();
    stage.is_patient(TRIED_AGAIN);
    for waiting in [fourth, fifth] {
        waiting.sends_and_goes_on(b"at last");
        waiting.receives(b"AT LAST", causes::NotAcceptedAgain);
    }
}

/// Send a text in one segment, and receive it in capitals.
fn asks(client: &Peer, said: &[u8], cause: Cause) {
    client.sends(said);
    client.receives(&said.to_ascii_uppercase(), cause);
}

/// A client that sends this many bytes and reads nothing, until the server can do no more for it.
fn late(stage: &Stage, length: usize) -> Peer {
    let late = stage.narrow_client("late");
    late.does_not_read();
    late.sends_what_it_takes(lines(length));
    late.settles();
    late
}

/// A client that reads nothing, and has sent just so much that the server has read all of it and cannot send the end
/// of the answer; and how much that is.
fn owed_only_an_end(stage: &Stage) -> (Peer, usize) {
    const PIECE: usize = 32 * 1024;

    let late = late(stage, 0);
    let mut asked = 0;
    while asked + PIECE <= MUCH && stage.until(|| (late.kept() == 0).then_some(())).is_ok() {
        late.sends(&lines(MUCH)[asked..asked + PIECE]);
        asked += PIECE;
    }
    (late, asked)
}

/// Numbered lines, so that a byte that is lost, doubled or out of its place shows.
fn lines(length: usize) -> &'static [u8] {
    static LINES: LazyLock<String> =
        LazyLock::new(|| (0..600_000).map(|number| format!("{number:06} abc\n")).collect());
    &LINES.as_bytes()[..length]
}

/// What comes back for this many bytes of [`lines`].
fn capitals(length: usize) -> &'static [u8] {
    static CAPITALS: LazyLock<Vec<u8>> = LazyLock::new(|| lines(MUCH).to_ascii_uppercase());
    &CAPITALS[..length]
}
