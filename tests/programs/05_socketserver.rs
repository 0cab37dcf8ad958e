//! Lesson 5, for programs in any language: no client waits for another, and none harms another.
//!
//! ```text
//! ticker    server: hello … hello … hello, one every half second, until the client has gone
//! greeter   server: Welcome!   client: Tracy   server: Hello, Tracy!   …   client: exit
//! ```
//!
//! Whether a server has threads, processes or neither is its own affair. On the greeter's wire a message is what one
//! read returns, so the clients here send a name and wait for the answer.

use std::io::Read;
use std::net::TcpStream;
use std::time::{Duration, Instant};

use netkata::{Cause, builds_on};
use netkata::words::{THE_CLIENT, THE_SERVER};
use netkata_programs::words::{EACH_TICK_IS_PRINTED, FORTY_ARE_WELCOMED, THE_FIRST, THE_LAST, THE_NEXT, THE_OTHER, THE_SECOND};
use netkata_programs::{Peer, Role, Stage, Suite, Transport, causes as shared, checks};

#[path = "../../lessons/05_socketserver/causes.rs"]
#[allow(dead_code, reason = "some are about functions")]
mod causes;

pub(crate) const SUITES: &[Suite] = &[
    Suite {
        name: "ticker",
        role: Role::Server,
        transport: Transport::Tcp,
        needs_folder: false,
        checks: checks![
            a_ticker_ticks_once_per_period,
            a_ticker_goes_on_when_its_client_speaks,
            two_clients_are_ticked_at_once,
            a_client_that_leaves_harms_no_other,
            a_ticker_ends_when_its_client_leaves,
        ],
    },
    Suite {
        name: "greeter",
        role: Role::Server,
        transport: Transport::Tcp,
        needs_folder: false,
        checks: checks![
            a_greeter_welcomes_and_greets_by_name,
            a_name_need_not_be_text,
            a_name_that_looks_like_exit_is_greeted,
            exit_or_end_of_stream_ends_a_greeter,
            a_silent_client_does_not_block_others,
            many_clients_are_served_at_once,
            a_reset_ends_only_that_conversation,
            a_client_gone_before_accept_affects_no_other,
            clients_that_disconnect_leave_nothing_behind,
            the_server_survives_running_out_of_descriptors,
        ],
    },
    Suite {
        name: "ticker",
        role: Role::Client,
        transport: Transport::Tcp,
        needs_folder: false,
        checks: checks![ticks_are_printed_as_they_come, the_end_of_the_ticks_ends_the_client,],
    },
    Suite {
        name: "greeter",
        role: Role::Client,
        transport: Transport::Tcp,
        needs_folder: false,
        checks: checks![
            the_welcome_is_printed,
            each_name_is_sent_and_its_answer_printed,
            a_name_is_sent_without_its_line_break,
            the_client_ends_with_its_input,
            the_end_of_the_stream_ends_the_client,
        ],
    },
];

/// The time between two ticks.
const PERIOD: Duration = Duration::from_millis(500);

fn a_ticker_ticks_once_per_period(stage: &Stage) {
    let mut clients = Vec::new();
    // On a slow machine a tick may be late. One that is sent after a pause never comes sooner.
    let is_soon = (0..3).any(|_| {
        let began = Instant::now();
        clients.push(ticked(stage, &THE_CLIENT));
        began.elapsed() < PERIOD
    });
    if !is_soon {
        stage.fails(causes::PeriodNotKept, Vec::new());
    }
    let began = Instant::now();
    let client = ticked(stage, "another");
    let mut times = vec![Instant::now()];
    for ticks in 1..4 {
        client.receives(b"hello", causes::PeriodNotKept);
        times.push(Instant::now());
        // A pause may last longer than it should, never shorter, even on a slow machine.
        if began.elapsed() < PERIOD * ticks {
            stage.fails(causes::PeriodNotKept, Vec::new());
        }
    }
    let shortest = times.windows(2).map(|pair| pair[1] - pair[0]).min();
    if shortest > Some(PERIOD * 3 / 2) {
        stage.fails(causes::PeriodNotKept, Vec::new());
    }
}

fn a_ticker_goes_on_when_its_client_speaks(stage: &Stage) {
    builds_on(a_ticker_ticks_once_per_period);
    let client = ticked(stage, &THE_CLIENT);
    client.sends_and_goes_on(b"thank you");
    client.receives(b"hellohello", causes::SpeakingIsNotLeaving);
    // It need not read what its client has sent, so nothing more would come of it.
    stage.waits_at_most(PERIOD / 5);
    client.closes_its_side();
    stage.waits_at_most(8 * PERIOD);
    client.receives(b"hellohello", causes::SpeakingIsNotLeaving);
}

fn two_clients_are_ticked_at_once(stage: &Stage) {
    builds_on(a_ticker_ticks_once_per_period);
    let first = ticked(stage, &THE_FIRST);
    let second = stage.client(THE_SECOND);
    second.receives(b"hello", Cause::ClientsWaitInLine);
    first.receives(b"hellohello", Cause::ClientsWaitInLine);
    second.receives(b"hellohello", Cause::ClientsWaitInLine);
}

fn a_client_that_leaves_harms_no_other(stage: &Stage) {
    builds_on(two_clients_are_ticked_at_once);
    let other = ticked(stage, &THE_OTHER);
    ticked(stage, "leaver").leaves_and_goes_on();
    ticked(stage, "crashing").resets_and_goes_on();
    other.receives(&b"hello".repeat(3), causes::OneHarmsOthers);
    let next = stage.next_client(THE_NEXT, causes::OneHarmsOthers);
    next.receives(b"hello", causes::OneHarmsOthers);
}

fn a_ticker_ends_when_its_client_leaves(stage: &Stage) {
    builds_on(a_client_that_leaves_harms_no_other);
    let _stays = ticked(stage, "stays");
    let descriptors = stage.descriptors();
    for _ in 0..2 {
        ticked(stage, "leaver").leaves_and_goes_on();
        ticked(stage, "crashing").resets_and_goes_on();
    }
    stage.holds_at_most(descriptors, causes::GoneInTwoWays);
}

/// A client that has received its first tick. A ticker is never quiet, and a later tick is waited for.
fn ticked(stage: &Stage, name: &str) -> Peer {
    stage.is_patient(4 * PERIOD);
    stage.waits_at_most(8 * PERIOD);
    let client = stage.client(name);
    client.receives(b"hello", causes::PeriodNotKept);
    client
}

fn a_greeter_welcomes_and_greets_by_name(stage: &Stage) {
    let client = welcomed(stage, &THE_CLIENT, Cause::AnswerNeverCame);
    for name in ["Michael", "Bartholomew", "Li", "神", "Tracy", "Tracy"] {
        says(&client, name.as_bytes(), causes::NameHasNoEndMark);
    }
    for name in [" Tracy\r\n", " ", "Tracy\0Li"] {
        says(&client, name.as_bytes(), causes::NameChanged);
    }
    says(&client, &[b'z'; 1024], causes::NameHasNoEndMark);
    client.receives_nothing(causes::NameChanged);
}

fn a_name_need_not_be_text(stage: &Stage) {
    builds_on(a_greeter_welcomes_and_greets_by_name);
    let client = welcomed(stage, &THE_CLIENT, Cause::AnswerNeverCame);
    for name in [&b"\xc9\xf1"[..], b"\xe7\xa5", b"Tracy"] {
        says(&client, name, causes::NamesAreBytes);
    }
}

fn a_name_that_looks_like_exit_is_greeted(stage: &Stage) {
    builds_on(a_greeter_welcomes_and_greets_by_name);
    let client = welcomed(stage, &THE_CLIENT, Cause::AnswerNeverCame);
    for name in ["exits", "Exit", "exit\n", r" exit"] {
        says(&client, name.as_bytes(), causes::ExitIsAWord);
    }
}

fn exit_or_end_of_stream_ends_a_greeter(stage: &Stage) {
    builds_on(a_greeter_welcomes_and_greets_by_name);
    let first = welcomed(stage, &THE_FIRST, Cause::AnswerNeverCame);
    first.sends(b"exit");
    first.receives_the_end(causes::ExitIsAWord);
    let second = welcomed(stage, &THE_SECOND, Cause::AnswerNeverCame);
    says(&second, b"Tracy", Cause::AnswerNeverCame);
    second.closes_its_side();
    stage.rests(Cause::SpinsAtTheEnd);
    second.receives_the_end(Cause::SpinsAtTheEnd);
}

fn a_silent_client_does_not_block_others(stage: &Stage) {
    builds_on(a_greeter_welcomes_and_greets_by_name);
    let silent = welcomed(stage, "silent", Cause::ClientsWaitInLine);
    let talker = welcomed(stage, "talker", Cause::ClientsWaitInLine);
    says(&talker, b"Tracy", Cause::ClientsWaitInLine);
    let another = welcomed(stage, "another", Cause::ClientsWaitInLine);
    says(&talker, b"Tracy", Cause::ClientsWaitInLine);
    says(&silent, b"Michael", causes::SilenceIsNotTheEnd);
    says(&another, b"Sarah", causes::HandlerShared);
}

fn many_clients_are_served_at_once(stage: &Stage) {
    builds_on(a_silent_client_does_not_block_others);
    let first = welcomed(stage, &THE_FIRST, Cause::ClientsWaitInLine);
    stage.happened(FORTY_ARE_WELCOMED);
    let crowd: Vec<TcpStream> = (0..40).filter_map(|_| welcomed_untold(stage)).collect();
    let last = welcomed(stage, &THE_LAST, Cause::ClientsWaitInLine);
    says(&last, b"Tracy", Cause::ClientsWaitInLine);
    says(&first, b"Michael", Cause::ClientsWaitInLine);
    drop(crowd);
}

/// A client that was welcomed, and of which no story tells: there are too many. `None` if it was not.
fn welcomed_untold(stage: &Stage) -> Option<TcpStream> {
    let mut stream = TcpStream::connect(stage.address()).ok()?;
    stream.set_nonblocking(true).ok()?;
    stage.until(|| stream.peek(&mut [0; 8]).ok().filter(|n| *n == 8)).ok()?;
    stream.read_exact(&mut [0; 8]).ok()?;
    Some(stream)
}

fn a_reset_ends_only_that_conversation(stage: &Stage) {
    builds_on(a_silent_client_does_not_block_others);
    let other = welcomed(stage, &THE_OTHER, Cause::AnswerNeverCame);
    let silent = welcomed(stage, "silent", Cause::AnswerNeverCame);
    silent.resets();
    says(&other, b"Tracy", causes::OneHarmsOthers);
    let asking = welcomed(stage, "asking", causes::OneHarmsOthers);
    asking.sends_and_goes_on(b"Michael");
    asking.resets();
    says(&other, b"Li", causes::OneHarmsOthers);
    let next = welcomed(stage, &THE_NEXT, causes::OneHarmsOthers);
    says(&next, b"Sarah", causes::OneHarmsOthers);
}

fn a_client_gone_before_accept_affects_no_other(stage: &Stage) {
    builds_on(a_reset_ends_only_that_conversation);
    let other = welcomed(stage, &THE_OTHER, Cause::AnswerNeverCame);
    stage.while_it_is_stopped(|| {
        stage.client("leaver").leaves_and_goes_on();
        stage.client("crashing").resets_and_goes_on();
    });
    says(&other, b"Tracy", causes::OneHarmsOthers);
    let next = welcomed(stage, &THE_NEXT, causes::OneHarmsOthers);
    says(&next, b"Sarah", causes::OneHarmsOthers);
}

fn clients_that_disconnect_leave_nothing_behind(stage: &Stage) {
    builds_on(a_reset_ends_only_that_conversation);
    let stays = welcomed(stage, "stays", Cause::AnswerNeverCame);
    says(&stays, b"Tracy", Cause::AnswerNeverCame);
    let descriptors = stage.descriptors();
    for _ in 0..2 {
        welcomed(stage, "leaver", causes::OneHarmsOthers).leaves();
        welcomed(stage, "crashing", causes::OneHarmsOthers).resets();
        let polite = welcomed(stage, "polite", causes::OneHarmsOthers);
        polite.sends(b"exit");
        polite.receives_the_end(Cause::LineHeldOpen);
        polite.leaves();
    }
    stage.holds_at_most(descriptors, Cause::DescriptorsLeftBehind);
    says(&stays, b"Li", causes::OneHarmsOthers);
}

fn the_server_survives_running_out_of_descriptors(stage: &Stage) {
    builds_on(a_reset_ends_only_that_conversation);
    let stays = welcomed(stage, "stays", Cause::AnswerNeverCame);
    stage.leaves_free_descriptors(2);
    let more = ["second", "third", "fourth", "fifth"]
        .map(|name| stage.next_client(name, Cause::AcceptErrorEndsTheServer));
    says(&stays, b"Tracy", causes::MakesRoom);
    stage.rests(causes::SpinsWithoutDescriptors);
    more.into_iter().for_each(Peer::leaves);
    // A server may sleep before it tries again.
    stage.is_patient(Duration::from_secs(3));
    let next = welcomed(stage, &THE_NEXT, Cause::AcceptErrorEndsTheServer);
    says(&next, b"Sarah", Cause::AcceptErrorEndsTheServer);
}

/// A client that has received its welcome; a story of this cause if it does not.
fn welcomed(stage: &Stage, name: &str, cause: Cause) -> Peer {
    let client = stage.next_client(name, cause.clone());
    client.receives(b"Welcome!", cause);
    client
}

/// Send a name in one segment, and receive its greeting.
fn says(client: &Peer, name: &[u8], cause: Cause) {
    client.sends(name);
    client.receives(&[b"Hello, ", name, b"!"].concat(), cause);
}

fn ticks_are_printed_as_they_come(stage: &Stage) {
    let server = stage.accepts(THE_SERVER, shared::NeverConnects);
    for ticks in 1..4 {
        server.sends(b"hello");
        let printed = || stage.printed().concat().matches("hello").count() >= ticks;
        stage.expects(EACH_TICK_IS_PRINTED, Cause::AnswerNeverCame, printed);
    }
}

fn the_end_of_the_ticks_ends_the_client(stage: &Stage) {
    builds_on(ticks_are_printed_as_they_come);
    let server = stage.accepts(THE_SERVER, shared::NeverConnects);
    server.sends(b"hello");
    server.closes_its_side();
    stage.rests(Cause::SpinsAtTheEnd);
    stage.ends(shared::KeepsRunning);
}

fn the_welcome_is_printed(stage: &Stage) {
    let server = welcomes(stage);
    server.is_still_connected(shared::NeverConnects);
}

fn each_name_is_sent_and_its_answer_printed(stage: &Stage) {
    builds_on(the_welcome_is_printed);
    let server = welcomes(stage);
    for name in ["Michael", "Li", "神"] {
        stage.types(&format!("{name}\n"));
        server.receives(name.as_bytes(), Cause::NeverFlushed);
        server.takes_what_comes();
        let answer = format!(r"Hello, {name}!");
        server.sends(answer.as_bytes());
        stage.prints(&[&answer], Cause::AnswerNeverCame);
    }
}

fn a_name_is_sent_without_its_line_break(stage: &Stage) {
    builds_on(each_name_is_sent_and_its_answer_printed);
    let server = welcomes(stage);
    stage.types("Tracy\n");
    server.receives(b"Tracy", Cause::NeverFlushed);
    server.receives_nothing(shared::LineBreakIsSent);
}

fn the_client_ends_with_its_input(stage: &Stage) {
    builds_on(the_welcome_is_printed);
    let server = welcomes(stage);
    stage.ends_typing();
    server.takes_what_comes();
    server.receives_the_end(Cause::LineHeldOpen);
    server.leaves();
    stage.ends(shared::KeepsRunning);
}

fn the_end_of_the_stream_ends_the_client(stage: &Stage) {
    builds_on(each_name_is_sent_and_its_answer_printed);
    let server = welcomes(stage);
    stage.types("exit\n");
    server.receives(b"exit", Cause::NeverFlushed);
    server.takes_what_comes();
    server.closes_its_side();
    stage.rests(Cause::SpinsAtTheEnd);
    stage.ends(shared::KeepsRunning);
}

/// A server whose welcome the client has printed.
fn welcomes(stage: &Stage) -> Peer {
    let server = stage.accepts(THE_SERVER, shared::NeverConnects);
    server.sends(b"Welcome!");
    stage.prints(&["Welcome!"], Cause::AnswerNeverCame);
    server
}
