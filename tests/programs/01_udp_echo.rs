//! Lesson 1, for programs in any language: datagrams come back whole, and a lost question is asked again.
//!
//! ```text
//! | info |  ──▶  | info |              echo: the same bytes, 0 to 65,507 of them
//! | Sarah |  ──▶  | Hello, Sarah! |    greeter: the name as it came
//! ```
//!
//! A client sends each line that is typed as one datagram, without its line break, and prints the answer. It waits a
//! second for each answer and asks three times in all. How a server serves, and from which sockets a client asks, is
//! their own affair.

use std::time::{Duration, Instant};

use netkata::{Cause, LARGEST_DATAGRAM, builds_on, other_host};
use netkata::words::{A_CLIENT, THE_CLIENT, THE_SERVER};
use netkata_programs::words::{ANOTHER_HOST, ANOTHER_PORT, AN_ANSWER, A_STRANGER, FIRST_CLIENT, LEAVING_CLIENT, SECOND_CLIENT, SENDS_NOISE, STAYING_CLIENT, THIRD_CLIENT, TWO_SECONDS_OF_SILENCE};
use netkata_programs::{Datagrams, Role, Stage, Suite, Transport, causes as shared, checks};

#[path = "../../lessons/01_udp_echo/causes.rs"]
#[allow(dead_code, reason = "some are about functions")]
mod causes;

pub(crate) const SUITES: &[Suite] = &[
    Suite {
        name: "echo",
        role: Role::Server,
        transport: Transport::Udp,
        needs_folder: false,
        checks: checks![
            a_datagram_is_sent_back_unchanged,
            clients_are_served_one_after_another,
            each_client_gets_its_own_echo,
            a_long_datagram_is_sent_back_whole,
            an_empty_datagram_is_sent_back_too,
            a_datagram_need_not_be_text,
            datagrams_of_any_size_are_served_in_turn,
            a_closed_client_does_not_stop_the_server,
        ],
    },
    Suite {
        name: "greeter",
        role: Role::Server,
        transport: Transport::Udp,
        needs_folder: false,
        checks: checks![
            a_name_is_greeted,
            every_name_is_greeted_in_turn,
            each_client_gets_its_own_greeting,
            a_long_name_is_not_cut,
            no_name_is_greeted_too,
            a_name_need_not_be_text,
            a_greeting_too_long_to_send_is_lost,
        ],
    },
    Suite {
        name: "ask",
        role: Role::Client,
        transport: Transport::Udp,
        needs_folder: false,
        checks: checks![
            a_question_is_answered,
            every_line_is_one_question,
            an_empty_line_is_a_question,
            questions_and_replies_may_have_any_size,
            a_reply_need_not_be_text,
            only_replies_from_the_server_are_accepted,
            a_stranger_does_not_cost_a_try,
            a_lost_question_is_asked_again,
            a_stranger_does_not_extend_the_wait,
            a_server_that_starts_late_is_asked_again,
            silence_ends_a_question_after_three_tries,
            the_client_ends_when_the_typing_does,
        ],
    },
];

/// Longer than a client waits before it asks again, on a busy machine, too.
const LONGER_THAN_A_TIMEOUT: Duration = Duration::from_secs(3);
/// More clients than an error of one could pass unnoticed.
const MANY: usize = 20;

fn a_datagram_is_sent_back_unchanged(stage: &Stage) {
    let client = stage.datagrams(THE_CLIENT);
    client.sends(b"info");
    is_answered(stage, &client, b"info");
}

fn clients_are_served_one_after_another(stage: &Stage) {
    builds_on(a_datagram_is_sent_back_unchanged);
    for name in [FIRST_CLIENT, SECOND_CLIENT, THIRD_CLIENT] {
        echoes(&stage.datagrams(name), b"hello", Cause::ServesOneAndEnds);
    }
}

fn each_client_gets_its_own_echo(stage: &Stage) {
    builds_on(clients_are_served_one_after_another);
    let clients = [FIRST_CLIENT, SECOND_CLIENT].map(|name| stage.datagrams(name));
    for words in [[&b"one"[..], b"two"], [b"three", b"four"]] {
        clients.iter().zip(words).for_each(|(client, word)| client.sends_and_goes_on(word));
        clients.iter().zip(words).for_each(|(it, word)| it.receives(word, causes::ReplyToAnother));
    }
}

fn a_long_datagram_is_sent_back_whole(stage: &Stage) {
    builds_on(a_datagram_is_sent_back_unchanged);
    let client = stage.datagrams(THE_CLIENT);
    for length in [1025, LARGEST_DATAGRAM] {
        echoes(&client, &text(length), Cause::DatagramCut);
    }
}

fn an_empty_datagram_is_sent_back_too(stage: &Stage) {
    builds_on(clients_are_served_one_after_another);
    let client = stage.datagrams(THE_CLIENT);
    echoes(&client, b"", causes::EmptyDatagramIsNoEnd);
    echoes(&client, b"hello", causes::EmptyDatagramIsNoEnd);
}

fn a_datagram_need_not_be_text(stage: &Stage) {
    builds_on(clients_are_served_one_after_another);
    let every_byte: Vec<u8> = (0..=255).collect();
    let client = stage.datagrams(THE_CLIENT);
    echoes(&client, &every_byte, Cause::BytesAreNotText);
    echoes(&client, b" hello \r\n\0", Cause::BytesAreNotText);
}

fn datagrams_of_any_size_are_served_in_turn(stage: &Stage) {
    builds_on(clients_are_served_one_after_another);
    builds_on(a_long_datagram_is_sent_back_whole);
    let client = stage.datagrams(THE_CLIENT);
    for length in [5, 2, 1025, LARGEST_DATAGRAM, 5] {
        echoes(&client, &text(length), Cause::Differs);
    }
}

fn a_closed_client_does_not_stop_the_server(stage: &Stage) {
    builds_on(clients_are_served_one_after_another);
    for _ in 0..MANY {
        // Its socket is closed before the answer can reach it.
        stage.datagrams(LEAVING_CLIENT).sends_and_goes_on(b"bye");
    }
    let staying = stage.datagrams(STAYING_CLIENT);
    staying.settles();
    echoes(&staying, b"hello", Cause::UnreachableIsNoFailure);
}

fn a_name_is_greeted(stage: &Stage) {
    let client = stage.datagrams(THE_CLIENT);
    client.sends(b"Michael");
    is_answered(stage, &client, b"Hello, Michael!");
}

fn every_name_is_greeted_in_turn(stage: &Stage) {
    builds_on(a_name_is_greeted);
    for name in ["Michael", "Tracy", "Sarah", r" Ada Lovelace ", "神"] {
        greets(&stage.datagrams(A_CLIENT), name.as_bytes(), Cause::ServesOneAndEnds);
    }
}

fn each_client_gets_its_own_greeting(stage: &Stage) {
    builds_on(every_name_is_greeted_in_turn);
    let clients = ["Tracy", "Sarah"].map(|name| (name, stage.datagrams(name)));
    clients.iter().for_each(|(name, client)| client.sends_and_goes_on(name.as_bytes()));
    for (name, client) in &clients {
        client.receives(&greeting(name.as_bytes()), causes::ReplyToAnother);
    }
}

fn a_long_name_is_not_cut(stage: &Stage) {
    builds_on(a_name_is_greeted);
    greets(&stage.datagrams(THE_CLIENT), &text(5000), Cause::DatagramCut);
}

fn no_name_is_greeted_too(stage: &Stage) {
    builds_on(every_name_is_greeted_in_turn);
    let client = stage.datagrams(THE_CLIENT);
    greets(&client, b"", causes::EmptyDatagramIsNoEnd);
    greets(&client, b"Sarah", causes::EmptyDatagramIsNoEnd);
}

fn a_name_need_not_be_text(stage: &Stage) {
    builds_on(every_name_is_greeted_in_turn);
    let client = stage.datagrams(THE_CLIENT);
    greets(&client, b"\xe7\xa5\0x", Cause::BytesAreNotText);
    greets(&client, b"Sarah\n", Cause::BytesAreNotText);
}

fn a_greeting_too_long_to_send_is_lost(stage: &Stage) {
    builds_on(every_name_is_greeted_in_turn);
    builds_on(a_long_name_is_not_cut);
    let client = stage.datagrams(THE_CLIENT);
    client.sends(&text(LARGEST_DATAGRAM));
    client.receives_nothing(Cause::Differs);
    greets(&client, b"Sarah", causes::OneReplyIsNotTheServer);
}

/// An answer comes, and it is this one and no more.
fn is_answered(stage: &Stage, client: &Datagrams, answer: &[u8]) {
    stage.expects(AN_ANSWER, Cause::AnswerNeverCame, || client.has_one());
    client.receives(answer, Cause::Differs);
    client.receives_nothing(Cause::Differs);
}

/// Send a datagram to the server, and receive the same one.
fn echoes(client: &Datagrams, bytes: &[u8], cause: Cause) {
    client.sends(bytes);
    client.receives(bytes, cause);
}

/// Send a name to the server, and receive its greeting.
fn greets(client: &Datagrams, name: &[u8], cause: Cause) {
    client.sends(name);
    client.receives(&greeting(name), cause);
}

fn greeting(name: &[u8]) -> Vec<u8> {
    [b"Hello, ", name, b"!"].concat()
}

fn text(length: usize) -> Vec<u8> {
    (b'a'..=b'z').cycle().take(length).collect()
}

fn a_question_is_answered(stage: &Stage) {
    let server = is_asked(stage, "Michael");
    server.sends(b"Hello, Michael!");
    stage.prints(&[r"Hello, Michael!"], Cause::AnswerNeverCame);
    server.receives_nothing(causes::AsksTooOften);
}

fn every_line_is_one_question(stage: &Stage) {
    builds_on(a_question_is_answered);
    let server = stage.serves_datagrams(THE_SERVER);
    stage.types("info\n神\nhello\n");
    for (question, reply) in [("info", "one"), ("神", "two"), ("hello", "three")] {
        server.receives(question.as_bytes(), Cause::Differs);
        server.sends(reply.as_bytes());
    }
    stage.prints(&["one", "two", "three"], Cause::AnswerNeverCame);
}

fn an_empty_line_is_a_question(stage: &Stage) {
    builds_on(a_question_is_answered);
    let server = stage.serves_datagrams(THE_SERVER);
    stage.types("\nhello\n");
    server.receives(b"", causes::EmptyDatagramIsNoEnd);
    server.sends(b"");
    server.receives(b"hello", causes::EmptyDatagramIsNoEnd);
}

fn questions_and_replies_may_have_any_size(stage: &Stage) {
    builds_on(a_question_is_answered);
    let server = stage.serves_datagrams(THE_SERVER);
    let long = String::from_utf8(text(LARGEST_DATAGRAM)).expect("letters are text");
    stage.types(&format!("{long}\ninfo\n"));
    server.receives(long.as_bytes(), Cause::DatagramCut);
    server.sends(b"short");
    server.receives(b"info", Cause::DatagramCut);
    server.sends(long.as_bytes());
    stage.prints(&["short", &long], Cause::DatagramCut);
}

fn a_reply_need_not_be_text(stage: &Stage) {
    builds_on(a_question_is_answered);
    let server = is_asked(stage, "info");
    server.sends(b"\xff\xfe \0\xe7\xa5");
    stage.types("hello\n");
    server.receives(b"hello", Cause::BytesAreNotText);
}

fn only_replies_from_the_server_are_accepted(stage: &Stage) {
    builds_on(a_question_is_answered);
    let server = is_asked(stage, r"the time?");
    let strangers = [
        Some(stage.datagrams(ANOTHER_PORT)),
        stage.datagrams_from(ANOTHER_HOST, other_host(stage.address())),
    ];
    for stranger in strangers.iter().flatten() {
        stranger.turns_to(server.partner().expect("it has asked"));
        stranger.sends(b"midnight");
    }
    server.sends(b"noon");
    stage.prints(&["noon"], causes::StrangerBelieved);
    stage.does_not_print("midnight", causes::StrangerBelieved);
}

fn a_stranger_does_not_cost_a_try(stage: &Stage) {
    builds_on(only_replies_from_the_server_are_accepted);
    let server = is_asked(stage, "info");
    let stranger = a_stranger_to(&server, stage);
    (0..4).for_each(|_| stranger.sends(b"noise"));
    server.receives_nothing(causes::StrangerCostsATry);
    server.sends(b"at last");
    stage.prints(&[r"at last"], causes::StrangerCostsATry);
}

fn a_lost_question_is_asked_again(stage: &Stage) {
    builds_on(a_question_is_answered);
    let server = is_asked(stage, "info");
    let began = Instant::now();
    server.receives_nothing(causes::AsksTooOften);
    server.receives_in_time(b"info", Cause::WaitsForEver);
    server.receives_in_time(b"info", Cause::GivesUpTooSoon);
    // Two seconds have passed: the test has not seen the first question a second late.
    stage.expects(TWO_SECONDS_OF_SILENCE, causes::WaitsTooShort, || {
        began.elapsed() > Duration::from_secs(1)
    });
    server.sends(b"at last");
    stage.prints(&[r"at last"], Cause::GivesUpTooSoon);
}

fn a_stranger_does_not_extend_the_wait(stage: &Stage) {
    builds_on(a_lost_question_is_asked_again);
    builds_on(only_replies_from_the_server_are_accepted);
    let server = is_asked(stage, "info");
    let stranger = a_stranger_to(&server, stage);
    stranger.did(SENDS_NOISE);
    let began = Instant::now();
    while !server.has_one() && began.elapsed() < LONGER_THAN_A_TIMEOUT {
        stranger.sends_unnoted(b"noise");
        stranger.settles();
    }
    server.receives(b"info", causes::StrangerProlongsTheWait);
}

fn a_server_that_starts_late_is_asked_again(stage: &Stage) {
    builds_on(a_lost_question_is_asked_again);
    let server = stage.serves_datagrams_after(THE_SERVER, || {
        stage.types("info\n");
        // The question has been sent, and its error has come back.
        stage.rests(Cause::Spins);
    });
    server.receives_in_time(b"info", Cause::UnreachableIsNoFailure);
    server.sends(b"at last");
    stage.prints(&[r"at last"], Cause::UnreachableIsNoFailure);
}

fn silence_ends_a_question_after_three_tries(stage: &Stage) {
    builds_on(a_lost_question_is_asked_again);
    let server = is_asked(stage, "info");
    server.receives_in_time(b"info", Cause::WaitsForEver);
    server.receives_in_time(b"info", Cause::GivesUpTooSoon);
    server.receives_nothing_in_time(causes::NeverGivesUp);
    stage.types("hello\n");
    server.receives(b"hello", shared::GivesUpAltogether);
}

fn the_client_ends_when_the_typing_does(stage: &Stage) {
    builds_on(a_question_is_answered);
    let server = is_asked(stage, "info");
    stage.ends_typing();
    server.sends(b"info");
    stage.prints(&["info"], Cause::AnswerNeverCame);
    stage.ends(shared::KeepsRunning);
}

/// Type a line, and receive it as a question.
fn is_asked(stage: &Stage, question: &str) -> Datagrams {
    let server = stage.serves_datagrams(THE_SERVER);
    stage.types(&format!("{question}\n"));
    server.receives(question.as_bytes(), Cause::Differs);
    server
}

/// A socket that the client has never heard of, and that knows its address.
fn a_stranger_to(server: &Datagrams, stage: &Stage) -> Datagrams {
    let stranger = stage.datagrams(A_STRANGER);
    stranger.turns_to(server.partner().expect("it has asked"));
    stranger
}
