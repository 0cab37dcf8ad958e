//! Lesson 14, graded: one echo server under three I/O models, and one suite for all of them.
//!
//! ```text
//! client:  h e l l o        server:  H E L L O          bytes; no header, no end of message
//! ```
//!
//! What a client may expect does not depend on how its server waits, so each check runs over every model and
//! knows only its name. The servers run on their own threads, on real sockets; the check moves the clients. No
//! check looks at the clock to say what is right: an answer will never come if all that was sent has arrived
//! and every thread of the server waits. Try it: serve with `mio`, read only once per event, and see which
//! checks notice.

use std::io::ErrorKind::{self, Interrupted, WouldBlock};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::LazyLock;
use std::time::{Duration, Instant};
use std::{io, thread};

use netkata::{
    Apart, Cause, Census, Client, Finding, PartialOp, Row, Scene, Serve, Served, Server, Still,
    Wire, builds_on, bytes_held, connected, fail, fails_with, graded, graded_apart, in_background,
    local_listener, returns,
};
use rstest::rstest;

use Model::{Async, Polling, Readiness};
use io_models::{serve_async, serve_by_polling, serve_on_readiness};

#[path = "../lessons/14_io_models/causes.rs"]
mod causes;
#[path = "../lessons/14_io_models/words.rs"]
mod words;

/// More than the kernels keep for a client that does not read.
const MUCH: usize = 500_000;

/// So much memory a server may spend on one client.
const ENOUGH_FOR_ONE: usize = 512 * 1024;

/// The longest time that a server may ask to sleep: while it sleeps, it sees no client.
const LONGEST_SLEEP: Duration = Duration::from_millis(20);

/// A server that could not accept tries again within 20 ms: after this time it has.
const TRIED_AGAIN: Duration = Duration::from_millis(200);

/// A server that waits for a moment in time gets so much of it, to disconnect a client that is silent.
const PATIENCE: Duration = Duration::from_millis(2200);

/// How many clients are connected at once; elsewhere a process may by default hold 256 descriptors.
const CROWD: usize = if cfg!(target_os = "linux") { 100 } else { 50 };

/// How many wait in line at most: one more than a listener of the standard library asks for, which is 128
/// (listen(2)).
const FULL_LINE: usize = if cfg!(target_os = "linux") { 129 } else { 50 };

const WOULD_BLOCK: PartialOp = PartialOp::Err(WouldBlock);
const INTERRUPTED: PartialOp = PartialOp::Err(Interrupted);

#[rstest]
#[case::polling(Polling)]
#[case::readiness(Readiness)]
#[case::in_tasks(Async)]
fn letters_come_back_in_capitals(#[case] model: Model) {
    graded(move || {
        let mut served = model.begins();
        // It waits for its first caller, and then for the first word.
        served.until_still();
        let talker = served.connects("talker");
        served.until_still();
        let every_byte: Vec<u8> = (0..=255).collect();
        let mut answers = Vec::new();
        for said in [b"hello", &b"Hi, 2 < 3\n"[..], b"x", r"naïve 神".as_bytes(), &every_byte] {
            served.crowd().says(talker, said);
            answers.extend(said.to_ascii_uppercase());
            served.until_heard(talker, &answers, Cause::AnswerNeverCame);
        }
    });
}

#[rstest]
#[case::that_take_one_byte(&[PartialOp::Limited(1), PartialOp::Limited(1), PartialOp::Limited(1)])]
#[case::that_would_block(&[PartialOp::Limited(2), WOULD_BLOCK, WOULD_BLOCK, PartialOp::Limited(1), WOULD_BLOCK])]
#[case::that_take_a_part_after_they_would_block(&[PartialOp::Limited(2), WOULD_BLOCK, PartialOp::Limited(1)])]
#[case::that_are_interrupted(&[INTERRUPTED, PartialOp::Limited(3), INTERRUPTED, WOULD_BLOCK])]
#[case::that_are_interrupted_later(&[PartialOp::Limited(2), WOULD_BLOCK, INTERRUPTED, PartialOp::Limited(1), WOULD_BLOCK, INTERRUPTED])]
fn short_writes_neither_lose_nor_reorder_bytes(#[case] writes: &'static [PartialOp]) {
    graded(move || {
        if !has_serve() {
            return;
        }
        let wire =
            Wire::delivers([r"one ", r"two "]).then_fails(WouldBlock).then_delivers(b"three ");
        let wire = wire.then_fails(Interrupted).then_delivers(b"four").then_closes();
        let answer = b"ONE TWO THREE FOUR";
        wire.scene().tell_text();
        wire.accepting(writes).expect_written(&words::SERVE_AGAIN, answer, returns(()), |wire| {
            let mut unsent = Vec::new();
            let outcome = loop {
                match call_serve(wire, &mut unsent) {
                    Ok(0) => break Ok(()),
                    Err(error) if !matches!(error.kind(), WouldBlock | Interrupted) => {
                        break Err(error);
                    }
                    _ => {}
                }
            };
            match &wire.written()[..] {
                b"ONE TWO THREE FOUR" => {}
                b"ONE TWO THREE " => wire.scene().notice(Cause::InterruptedIsNoFailure),
                _ => wire.scene().notice(Cause::UnsentBytesLost),
            }
            outcome
        });
    });
}

#[test]
fn an_error_of_a_client_is_not_its_end() {
    graded(|| {
        builds_on(short_writes_neither_lose_nor_reorder_bytes);
        if !has_serve() {
            return;
        }
        for kind in [ErrorKind::ConnectionReset, ErrorKind::TimedOut, ErrorKind::UnexpectedEof] {
            let mut wire = Wire::delivers([r"one "]).then_fails(kind).then_closes();
            wire.scene().tell_text();
            let mut unsent = Vec::new();
            let error = fails_with(kind).or(Cause::ErrorLost);
            wire.expect(&words::SERVE_AGAIN, error, |wire| {
                loop {
                    match call_serve(wire, &mut unsent) {
                        Ok(1..) => {}
                        Err(error) if error.kind() == WouldBlock => {}
                        outcome => return outcome,
                    }
                }
            });
        }
    });
}

#[test]
fn an_end_with_unsent_bytes_waits() {
    graded(|| {
        builds_on(short_writes_neither_lose_nor_reorder_bytes);
        if !has_serve() {
            return;
        }
        let scene = Scene::begin();
        scene.happened(words::A_STREAM_ENDS_AFTER_5_BYTES_AND_TAKES_NOTHING);
        let (mut talker, mut unsent) = (Talker { left: 5 }, Vec::new());
        let _ = call_serve(&mut talker, &mut unsent);
        for _ in 0..3 {
            let waits = fails_with(WouldBlock).or(causes::SpinsForASlowClient);
            scene.expect("serve", waits, || call_serve(&mut talker, &mut unsent));
        }
    });
}

#[rstest]
#[case::polling(Polling)]
#[case::readiness(Readiness)]
#[case::in_tasks(Async)]
fn clients_connected_before_the_start_are_served(#[case] model: Model) {
    graded(move || {
        builds_on(letters_come_back_in_capitals);
        for number_of_callers in [3, FULL_LINE] {
            let mut answers = Vec::new();
            let mut served = Served::after(model.name(), model.serve(), |crowd| {
                for number in 1..=number_of_callers {
                    let caller = crowd.connects(words::caller(number));
                    crowd.says(caller, format!(r"i am {number}").as_bytes());
                    answers.push((caller, format!(r"I AM {number}")));
                }
            });
            served.until_all_heard(&answers, model.when_one_of_many_waits());
        }
    });
}

#[rstest]
#[case::polling(Polling)]
#[case::readiness(Readiness)]
#[case::in_tasks(Async)]
fn a_long_message_gets_its_whole_answer(#[case] model: Model) {
    graded(move || {
        builds_on(letters_come_back_in_capitals);
        let mut served = model.begins();
        let talker = served.connects("talker");
        served.crowd().says(talker, lines(MUCH));
        served.until_heard(talker, capitals(MUCH), model.when_it_stops_halfway());
    });
}

#[rstest]
#[case::polling(Polling)]
#[case::readiness(Readiness)]
#[case::in_tasks(Async)]
fn a_message_that_fills_every_read_is_answered(#[case] model: Model) {
    graded(move || {
        builds_on(clients_connected_before_the_start_are_served);
        builds_on(a_long_message_gets_its_whole_answer);
        // All of it has arrived before the server starts. Whatever power of two a buffer holds, one of these
        // messages fills it, and after its last read nothing more comes.
        let mut answers = Vec::new();
        let mut served = Served::after(model.name(), model.serve(), |crowd| {
            for length in (10..=16).map(|power| 1 << power) {
                let talker = crowd.connects("talker");
                crowd.says(talker, lines(length));
                answers.push((talker, capitals(length)));
            }
        });
        served.until_all_heard(&answers, model.when_it_fills_a_read());
    });
}

#[rstest]
#[case::polling(Polling)]
#[case::readiness(Readiness)]
#[case::in_tasks(Async)]
fn many_clients_are_served_at_once(#[case] model: Model) {
    graded(move || {
        builds_on(letters_come_back_in_capitals);
        builds_on(clients_connected_before_the_start_are_served);
        let mut served = model.begins();
        let mut clients = Vec::new();
        while clients.len() < CROWD {
            // Fewer at a time than a line before accept holds (listen(2)).
            let more: Vec<Client> = (clients.len()..clients.len() + 50)
                .map(|number| served.connects(words::client(number)))
                .collect();
            for client in &more {
                served.crowd().says(*client, b"hello ");
            }
            let answers: Vec<_> = more.iter().map(|client| (*client, b"HELLO ")).collect();
            served.until_all_heard(&answers, model.when_one_of_many_waits());
            clients.extend(more);
        }
        let mut answers = Vec::new();
        for (number, client) in clients.into_iter().enumerate() {
            served.crowd().says(client, format!(r"from {number}").as_bytes());
            answers.push((client, format!(r"HELLO FROM {number}")));
        }
        served.until_all_heard(&answers, model.when_one_of_many_waits());
    });
}

#[rstest]
#[case::polling(Polling)]
#[case::readiness(Readiness)]
#[case::in_tasks(Async)]
fn a_silent_client_does_not_block_others(#[case] model: Model) {
    graded(move || {
        builds_on(letters_come_back_in_capitals);
        builds_on(many_clients_are_served_at_once);
        let mut served = model.begins();
        served.connects("silent");
        served.until_still();
        let talker = served.connects("talker");
        served.crowd().says(talker, b"hello");
        served.until_heard(talker, b"HELLO", model.when_one_holds_up());
        served.connects("another");
        served.until_still();
        served.crowd().says(talker, b" again");
        served.until_heard(talker, b"HELLO AGAIN", model.when_one_holds_up());
    });
}

#[rstest]
#[case::polling(Polling)]
#[case::readiness(Readiness)]
#[case::in_tasks(Async)]
fn unread_answers_do_not_block_other_clients(#[case] model: Model) {
    graded(move || {
        builds_on(a_silent_client_does_not_block_others);
        let mut served = model.begins();
        let late = late(&mut served, MUCH);
        let talker = served.connects("talker");
        served.crowd().says(talker, b"hello");
        served.until_heard(talker, b"HELLO", model.when_one_holds_up());
        assert!(served.crowd().heard(late).is_empty());
    });
}

#[rstest]
#[case::polling(Polling)]
#[case::readiness(Readiness)]
#[case::in_tasks(Async)]
fn a_late_reader_gets_every_byte_in_order(#[case] model: Model) {
    graded(move || {
        builds_on(letters_come_back_in_capitals);
        builds_on(a_long_message_gets_its_whole_answer);
        builds_on(unread_answers_do_not_block_other_clients);
        let mut served = model.begins();
        let late = late(&mut served, MUCH);
        served.crowd().reads_again(late);
        let mut answer = capitals(MUCH).to_vec();
        served.until_heard(late, &answer, model.when_bytes_are_lost());
        served.crowd().says(late, b"and on");
        answer.extend(b"AND ON");
        served.until_heard(late, &answer, Cause::NeverReadAgain);
    });
}

#[rstest]
#[case::polling(Polling)]
#[case::readiness(Readiness)]
#[case::in_tasks(Async)]
fn a_late_reader_is_read_again(#[case] model: Model) {
    graded(move || {
        builds_on(a_late_reader_gets_every_byte_in_order);
        let mut served = model.begins();
        let answers = owed_only_an_end(&mut served);
        served.until_still();
        for (asker, _) in &answers {
            served.crowd().reads_again(*asker);
        }
        served.until_all_heard(&answers, model.when_bytes_are_lost());
        let answers: Vec<(Client, Vec<u8>)> = answers
            .into_iter()
            .map(|(asker, answer)| {
                served.crowd().says(asker, b"and on");
                (asker, [answer, b"AND ON"].concat())
            })
            .collect();
        served.until_all_heard(&answers, Cause::NeverReadAgain);
    });
}

#[rstest]
#[case::polling(Polling)]
#[case::readiness(Readiness)]
#[case::in_tasks(Async)]
fn silent_and_slow_clients_stay_connected(#[case] model: Model) {
    graded(move || {
        builds_on(a_silent_client_does_not_block_others);
        builds_on(a_late_reader_gets_every_byte_in_order);
        let mut served = model.begins();
        let silent = served.connects("silent");
        served.crowd().says(silent, b"hello");
        served.until_heard(silent, b"HELLO", Cause::AnswerNeverCame);
        let late = late(&mut served, MUCH);
        // In silence, only a server that waits for a moment in time can do anything.
        if served.waits_with_a_limit() {
            let since = Instant::now();
            while since.elapsed() < PATIENCE && served.crowd().ended(silent).is_none() {
                served.crowd().exchange();
                thread::sleep(Duration::from_millis(1));
            }
        }
        served.crowd().says(silent, b" again");
        served.until_heard(silent, b"HELLO AGAIN", Cause::HungUp);
        served.crowd().reads_again(late);
        served.until_heard(late, capitals(MUCH), Cause::HungUp);
    });
}

#[rstest]
#[case::polling(Polling)]
#[case::readiness(Readiness)]
#[case::in_tasks(Async)]
fn unsent_bytes_per_client_are_bounded(#[case] model: Model) {
    graded(move || {
        builds_on(unread_answers_do_not_block_other_clients);
        let scene = Scene::begin();
        scene.happened(words::A_STREAM_FILLS_EVERY_READ_AND_TAKES_NOTHING);
        let less = returns(Finding::of(words::LESS_THAN_512_KIB)).or(Cause::OwedWithoutBound);
        scene.expect(words::SERVE_100_TIMES, less, || {
            let mut unsent = Vec::new();
            for _ in 0..100 {
                let _ = call_serve(&mut Talker { left: usize::MAX }, &mut unsent);
            }
            let is_less = unsent.len() < ENOUGH_FOR_ONE;
            Ok(Finding::of(if is_less { words::LESS_THAN_512_KIB } else { words::AS_MUCH_OR_MORE }))
        });
        let mut served = model.begins();
        served.until_still();
        let before = bytes_held();
        let late = served.connects("late");
        served.crowd().stops_reading(late);
        served.crowd().says(late, b"hello");
        served.until_still();
        if bytes_held().saturating_sub(before) > ENOUGH_FOR_ONE {
            let rows = vec![
                Row::new(words::THE_SERVER, words::allocates_much(model.name())),
                Row::new(words::EXPECTED, words::LESS_THAN_512_KIB_FOR_ONE),
            ];
            served.fails(causes::BufferTooLarge, None, rows);
        }
        // From here on the crowd needs no more memory: what it says, it has already.
        served.crowd().says(late, lines(6 * ENOUGH_FOR_ONE));
        let before = bytes_held();
        served.until_still();
        if bytes_held().saturating_sub(before) > ENOUGH_FOR_ONE {
            let rows = vec![
                Row::new(words::THE_SERVER, words::keeps_more_and_more(model.name())),
                Row::new(words::EXPECTED, words::LESS_THAN_512_KIB_IS_KEPT),
            ];
            served.fails(Cause::OwedWithoutBound, None, rows);
        }
    });
}

#[rstest]
#[case::polling(Polling)]
#[case::readiness(Readiness)]
#[case::in_tasks(Async)]
fn a_half_closed_client_gets_its_whole_answer(#[case] model: Model) {
    graded(move || {
        builds_on(letters_come_back_in_capitals);
        builds_on(a_long_message_gets_its_whole_answer);
        builds_on(a_silent_client_does_not_block_others);
        let mut served = model.begins();
        let answers = owed_only_an_end(&mut served);
        for (asker, _) in &answers {
            served.crowd().closes_its_side(*asker);
        }
        served.until_still();
        for (asker, _) in &answers {
            served.crowd().reads_again(*asker);
        }
        served.until_all_heard(&answers, Cause::HalfCloseLosesTheAnswer);
        for (asker, _) in &answers {
            served.until_ended(*asker, Cause::ClosedClientKept);
        }
    });
}

#[rstest]
#[case::polling(Polling)]
#[case::readiness(Readiness)]
#[case::in_tasks(Async)]
fn a_reset_ends_only_that_connection(#[case] model: Model) {
    graded(move || {
        builds_on(letters_come_back_in_capitals);
        builds_on(clients_connected_before_the_start_are_served);
        // The first one has gone before it is accepted.
        let mut served = Served::after(model.name(), model.serve(), |crowd| {
            let first = crowd.connects("first");
            crowd.resets(first);
        });
        served.until_still();
        let other = served.connects("other");
        served.crowd().says(other, b"hello ");
        let mut answers = b"HELLO ".to_vec();
        served.until_heard(other, &answers, Cause::OneClientEndsTheServer);
        let census = Census::take();
        for crash in [Crash::Silent, Crash::AnswerUnread, Crash::MuchOwed, Crash::BeforeItsAnswer] {
            crash.happens(&mut served);
            served.until_still();
            served.crowd().says(other, b"still here ");
            answers.extend(b"STILL HERE ");
            served.until_heard(other, &answers, Cause::OneClientEndsTheServer);
        }
        // Also those to whom something was owed, and who will never take it.
        served.expect_nothing_new_since(
            &census,
            &words::FOUR_CLIENTS_CRASHED,
            Cause::ThreadsLeftBehind,
        );
    });
}

#[rstest]
#[case::polling(Polling)]
#[case::readiness(Readiness)]
#[case::in_tasks(Async)]
fn a_new_client_replaces_no_other(#[case] model: Model) {
    graded(move || {
        builds_on(letters_come_back_in_capitals);
        builds_on(a_silent_client_does_not_block_others);
        let mut served = model.begins();
        let leaver = late(&mut served, MUCH);
        let stays = served.connects("stays");
        served.crowd().says(stays, b"hello");
        served.until_heard(stays, b"HELLO", model.when_one_of_many_waits());
        served.crowd().resets(leaver);
        served.until_still();
        let newcomer = served.connects("newcomer");
        served.crowd().says(newcomer, b"hello");
        served.until_heard(newcomer, b"HELLO", model.when_one_of_many_waits());
        served.crowd().says(stays, b" again");
        served.until_heard(stays, b"HELLO AGAIN", Cause::HungUp);
    });
}

#[rstest]
#[case::polling(Polling)]
#[case::readiness(Readiness)]
#[case::in_tasks(Async)]
fn clients_that_disconnect_leave_nothing_behind(#[case] model: Model) {
    graded(move || {
        builds_on(letters_come_back_in_capitals);
        builds_on(a_silent_client_does_not_block_others);
        builds_on(a_half_closed_client_gets_its_whole_answer);
        let mut served = model.begins();
        let stays = served.connects("stays");
        served.crowd().says(stays, b"hello");
        served.until_heard(stays, b"HELLO", Cause::AnswerNeverCame);
        let census = Census::take();
        // One at a time: a server that forgets one of two that come together fails another check.
        let connect = |number| {
            let leaver = served.connects(words::leaver(number));
            served.until_still();
            leaver
        };
        let leavers: Vec<Client> = (0..20).map(connect).collect();
        for (number, leaver) in leavers.iter().enumerate() {
            if number % 2 == 0 {
                served.crowd().says(*leaver, b"hello");
                served.until_heard(*leaver, b"HELLO", model.when_one_of_many_waits());
            }
            served.crowd().leaves(*leaver);
        }
        let happened = words::TWENTY_CLIENTS_LEFT;
        served.expect_nothing_new_since(&census, &happened, Cause::ThreadsLeftBehind);
        served.crowd().says(stays, b" again");
        served.until_heard(stays, b"HELLO AGAIN", Cause::OneClientEndsTheServer);
    });
}

#[rstest]
#[case::polling(Polling)]
#[case::readiness(Readiness)]
#[case::in_tasks(Async)]
fn an_idle_server_sleeps(#[case] model: Model) {
    graded(move || {
        builds_on(letters_come_back_in_capitals);
        builds_on(clients_connected_before_the_start_are_served);
        builds_on(a_silent_client_does_not_block_others);
        let mut served = model.begins();
        for number in 1..=10 {
            let client = served.connects(words::client(number));
            served.crowd().says(client, b"hello");
            served.until_heard(client, b"HELLO", model.when_one_of_many_waits());
        }
        served.expect_rest(model.when_idle(), &words::IT_RESTS_IN_SILENCE);
        served.expect_short_sleeps(LONGEST_SLEEP, causes::SleepsTooLong);
    });
}

#[rstest]
#[case::polling(Polling)]
#[case::readiness(Readiness)]
#[case::in_tasks(Async)]
fn a_server_with_full_send_buffers_sleeps(#[case] model: Model) {
    graded(move || {
        builds_on(unread_answers_do_not_block_other_clients);
        builds_on(an_idle_server_sleeps);
        let mut served = model.begins();
        late(&mut served, MUCH);
        served.expect_rest(causes::SpinsForASlowClient, &words::IT_RESTS_UNTIL_THERE_IS_ROOM);
        served.expect_short_sleeps(LONGEST_SLEEP, causes::SleepsTooLong);
    });
}

#[rstest]
#[case::polling(Polling)]
#[case::readiness(Readiness)]
#[case::in_tasks(Async)]
fn stop_ends_every_connection(#[case] model: Model) {
    graded(move || {
        builds_on(a_silent_client_does_not_block_others);
        for clients in [&[][..], &[Ends::Idle], &[Ends::Idle, Ends::MuchOwed, Ends::JustCame]] {
            let mut served = model.begins();
            clients.iter().for_each(|ends| ends.prepare(&mut served));
            served.stops();
        }
    });
}

#[rstest]
#[case::polling(Polling)]
#[case::readiness(Readiness)]
#[case::in_tasks(Async)]
fn a_stopped_server_leaves_nothing_behind(#[case] model: Model) {
    graded(move || {
        builds_on(a_silent_client_does_not_block_others);
        builds_on(stop_ends_every_connection);
        let mut served = model.begins();
        [Ends::Idle, Ends::MuchOwed].iter().for_each(|ends| ends.prepare(&mut served));
        served.stops();
        served.has_left_nothing(causes::StopLeavesThreads);
    });
}

#[rstest]
#[case::polling(Polling)]
#[case::readiness(Readiness)]
#[case::in_tasks(Async)]
fn a_byte_on_stop_ends_the_server(#[case] model: Model) {
    graded(move || {
        builds_on(letters_come_back_in_capitals);
        let scene = Scene::begin();
        let listener = local_listener().expect("the kernel chooses a port");
        let (mut stop, stopped) = connected().expect("a connection within this machine");
        let census = Census::take();
        let serving = in_background(model.name(), move || model.serve()(listener, stopped));
        stop.write_all(b"!").expect("a connection takes a byte");
        scene.happened(words::A_BYTE_ARRIVES_ON_STOP);
        let ends = returns(Finding::of(words::HAS_RETURNED)).or(Cause::StopUnseen);
        scene.expect(model.name(), ends, || {
            let look = || serving.is_over().then_some(words::HAS_RETURNED);
            let found = census.look_longer_for(look, || false);
            Ok(Finding::of(found.unwrap_or(words::GOES_ON)))
        });
        let succeeds = returns(()).or(Cause::StopIsNoFailure);
        scene.expect(model.name(), succeeds, || serving.join());
    });
}

#[rstest]
#[case::polling(Polling)]
#[case::readiness(Readiness)]
#[case::in_tasks(Async)]
fn a_reset_of_stop_ends_the_server(#[case] model: Model) {
    graded(move || {
        builds_on(letters_come_back_in_capitals);
        builds_on(a_byte_on_stop_ends_the_server);
        let scene = Scene::begin();
        let listener = local_listener().expect("the kernel chooses a port");
        let (stop, mut stopped) = connected().expect("a connection within this machine");
        // A socket that is closed with bytes unread sends a reset (RFC 1122, 4.2.2.13).
        stopped.write_all(b"!").expect("a connection takes a byte");
        assert_eq!(stop.peek(&mut [0]).ok(), Some(1), "the byte arrives");
        let serving = in_background(model.name(), move || model.serve()(listener, stopped));
        drop(stop);
        scene.happened(words::STOP_IS_RESET);
        let succeeds = returns(()).or(Cause::StopIsNoFailure).or_when_it_waits(Cause::StopUnseen);
        scene.expect(model.name(), succeeds, || serving.join());
    });
}

#[rstest]
#[case::polling(Polling)]
#[case::readiness(Readiness)]
#[case::in_tasks(Async)]
fn an_interruption_ends_no_server(#[case] model: Model) {
    graded(move || {
        builds_on(letters_come_back_in_capitals);
        let scene = Scene::begin();
        let listener = local_listener().expect("the kernel chooses a port");
        let address = listener.local_addr().expect("a bound listener has an address");
        let (_stop, stopped) = connected().expect("a connection within this machine");
        let census = Census::take();
        let serving = in_background(model.name(), move || model.serve()(listener, stopped));
        let mut client = TcpStream::connect(address).expect("the listener has a backlog");
        if serving.interrupt() {
            scene.happened(words::A_SIGNAL_INTERRUPTS_THE_WAIT);
        }
        let answered = returns(Finding::of(words::ITS_ANSWER)).or(Cause::InterruptedIsNoFailure);
        scene.expect_of(words::A_CLIENT, words::SAYS_HELLO_AND_WAITS, answered, || {
            let _ = client.write_all(b"hello");
            client.set_nonblocking(true)?;
            let look = || match client.peek(&mut [0; 5]) {
                Ok(5) => Some(words::ITS_ANSWER),
                _ if serving.is_over() => Some(words::ITS_CONNECTION_ENDS),
                _ => None,
            };
            let found = census.look_longer_for(look, || false);
            Ok(Finding::of(found.unwrap_or(words::NO_ANSWER_ALTHOUGH_IT_WAITS)))
        });
    });
}

#[test]
fn readiness_goes_on_without_free_descriptors() {
    graded_apart(
        |listens| serve_apart(listens, serve_on_readiness),
        |apart| {
            builds_on(letters_come_back_in_capitals);
            builds_on(many_clients_are_served_at_once);
            goes_on_without_free_descriptors(Readiness.name(), apart);
        },
    );
}

#[test]
fn async_goes_on_without_free_descriptors() {
    graded_apart(
        |listens| serve_apart(listens, serve_async),
        |apart| {
            builds_on(letters_come_back_in_capitals);
            builds_on(many_clients_are_served_at_once);
            goes_on_without_free_descriptors(Async.name(), apart);
        },
    );
}

/// The three models, and what is usually the cause of a failure under each.
#[derive(Clone, Copy, Debug)]
enum Model {
    Polling,
    Readiness,
    Async,
}

impl Model {
    fn name(self) -> &'static str {
        match self {
            Polling => "serve_by_polling",
            Readiness => "serve_on_readiness",
            Async => "serve_async",
        }
    }

    fn serve(self) -> Serve {
        match self {
            Polling => serve_by_polling,
            Readiness => serve_on_readiness,
            Async => serve_async,
        }
    }

    fn begins(self) -> Served {
        Served::begin(self.name(), self.serve())
    }

    fn when_one_of_many_waits(self) -> Cause {
        match self {
            Readiness => causes::EdgeToldOnce,
            _ => self.when_one_holds_up(),
        }
    }

    fn when_it_stops_halfway(self) -> Cause {
        match self {
            Readiness => causes::EdgeToldOnce,
            _ => self.when_bytes_are_lost(),
        }
    }

    fn when_it_fills_a_read(self) -> Cause {
        match self {
            Readiness => causes::EdgeToldOnce,
            _ => Cause::NeverFlushed,
        }
    }

    fn when_bytes_are_lost(self) -> Cause {
        match self {
            Readiness => causes::NoRoomAwaited,
            _ => Cause::UnsentBytesLost,
        }
    }

    fn when_one_holds_up(self) -> Cause {
        match self {
            Async => causes::OneTaskHoldsTheOthers,
            _ => Cause::WaitsForOneClient,
        }
    }

    fn when_idle(self) -> Cause {
        match self {
            Polling => Cause::NeverRests,
            Readiness => causes::AlwaysRoomToSend,
            _ => Cause::Spins,
        }
    }
}

/// A client that says so many bytes, then closes its sending side, and does not read.
struct Talker {
    left: usize,
}

impl Read for Talker {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = buffer.len().min(self.left);
        buffer[..n].fill(b'x');
        self.left -= n;
        Ok(n)
    }
}

impl Write for Talker {
    fn write(&mut self, _bytes: &[u8]) -> io::Result<usize> {
        Err(WouldBlock.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// How a client's connection breaks.
#[derive(Clone, Copy, Debug)]
enum Crash {
    Silent,
    AnswerUnread,
    MuchOwed,
    BeforeItsAnswer,
}

impl Crash {
    fn happens(self, served: &mut Served) {
        match self {
            Crash::Silent => {
                let crashing = served.connects("crashing");
                served.until_still();
                served.crowd().resets(crashing);
            }
            Crash::AnswerUnread => {
                let crashing = late(served, 5);
                served.crowd().resets(crashing);
            }
            Crash::MuchOwed => {
                let crashing = late(served, MUCH);
                served.crowd().resets(crashing);
            }
            // It closes at once. The answer meets a closed connection, and a reset comes back.
            Crash::BeforeItsAnswer => {
                let crashing = served.connects("crashing");
                served.crowd().says(crashing, b"hello");
                served.crowd().leaves(crashing);
            }
        }
    }
}

/// What a client is about when its server is told to stop.
#[derive(Clone, Copy, Debug)]
enum Ends {
    Idle,
    MuchOwed,
    JustCame,
}

impl Ends {
    fn prepare(self, served: &mut Served) {
        match self {
            Ends::Idle => {
                served.connects("idle");
                served.until_still();
            }
            Ends::MuchOwed => {
                late(served, MUCH);
            }
            // It may be in, or still in line.
            Ends::JustCame => {
                served.connects("newcomer");
            }
        }
    }
}

/// Whether the answer has a `serve` of its own.
fn has_serve() -> bool {
    let nothing = call_serve(&mut io::Cursor::new(Vec::<u8>::new()), &mut Vec::new());
    !nothing.is_err_and(|error| error.kind() == ErrorKind::Unsupported)
}

/// Call the answer's `serve`. If it serves in its own way and has none, this calls the one below.
fn call_serve(stream: &mut (impl Read + Write), unsent: &mut Vec<u8>) -> io::Result<usize> {
    // Names of an inner block come before those outside of it.
    #[allow(unused_imports, reason = "an answer may have no `serve`")]
    use io_models::*;
    serve(stream, unsent)
}

#[allow(dead_code, reason = "an answer usually has its own")]
fn serve(_stream: &mut (impl Read + Write), _unsent: &mut Vec<u8>) -> io::Result<usize> {
    Err(ErrorKind::Unsupported.into())
}

/// One client says so many bytes and reads nothing, until the server can do no more for it.
fn late(served: &mut Served, length: usize) -> Client {
    let late = served.connects("late");
    served.crowd().stops_reading(late);
    served.crowd().says(late, lines(length));
    served.until_still();
    late
}

/// Clients that read nothing, and say a little more than the kernels hold: then the server has read the end
/// of the question, and owes only the end of the answer. And the answers.
fn owed_only_an_end(served: &mut Served) -> Vec<(Client, &'static [u8])> {
    let late = late(served, MUCH);
    let lengths: Vec<usize> = match served.held_for(late) {
        Some(held) => {
            let nearly = held.saturating_sub(4000) + 1;
            (0..4).map(|step| (nearly + step * 4000).min(MUCH)).chain([15_000]).collect()
        }
        None => (1..=18).map(|step| step * 15_000).collect(),
    };
    let ask = |length| {
        let asker = served.connects("asker");
        served.crowd().stops_reading(asker);
        served.crowd().says_as(asker, lines(length), &words::A_QUESTION);
        (asker, capitals(length))
    };
    lengths.into_iter().map(ask).collect()
}

/// Serve in a process of its own, which has few descriptors.
fn serve_apart(listens: &dyn Fn(SocketAddr), serve: Serve) -> io::Result<()> {
    let listener = local_listener()?;
    let (_stop, stopped) = connected()?;
    listens(listener.local_addr()?);
    serve(listener, stopped)
}

/// 24 clients connect to a server with 24 descriptors, and the first 14 leave. In between it must sleep, and
/// in the end it must have served all of them.
fn goes_on_without_free_descriptors(name: &str, apart: &Apart) {
    if !Apart::is_possible() {
        return println!("{}", words::NOT_CHECKED_HERE);
    }
    let scene = Scene::begin();
    let mut server = apart.start(24).expect("a server in a process of its own");
    let accepting = server.accepting();
    scene.happened(words::MORE_CLIENTS_THAN_DESCRIPTORS);
    let mut clients = Vec::new();
    let connected = returns(Finding::of(words::IS_CONNECTED)).or(Cause::AcceptErrorEndsTheServer);
    scene.expect_of(words::EACH_OF_THEM, words::CONNECTS, connected, || {
        while clients.len() < 24 {
            // The last of them one by one: accept fails as soon as the last descriptor is in use, before the
            // next client comes, and a server that ends then refuses that client.
            if clients.len() >= 14 {
                server.watch(|| false);
            }
            match TcpStream::connect(server.address()) {
                Err(error) if error.kind() == ErrorKind::ConnectionRefused => {
                    if server.is_over() {
                        scene.called(name, server.last_words());
                    }
                    return Ok(Finding::of(words::IS_REFUSED));
                }
                client => clients.push(client?),
            }
        }
        Ok(Finding::of(words::IS_CONNECTED))
    });
    let mut last = clients.split_off(14);
    if server.watch(|| false) == Still::Waiting
        && server.longest_sleep(&accepting, LONGEST_SLEEP) > Some(LONGEST_SLEEP)
    {
        let rows = vec![
            Row::new(words::CLIENTS_CONNECTED, words::TWENTY_FOUR_AND_SILENT),
            Row::new(words::THE_SERVER, words::sleeps_longer(name, LONGEST_SLEEP.as_millis())),
            Row::new(words::EXPECTED, words::it_sleeps_at_most(LONGEST_SLEEP.as_millis())),
        ];
        fail(causes::SleepsTooLong.story(rows));
    }
    expect_an_answer(name, &scene, &mut server, &words::THE_FIRST_CLIENT, &mut clients[0]);
    if server.watch(|| false) == Still::Spinning {
        let rows = vec![
            Row::new(words::CLIENTS_CONNECTED, words::TWENTY_FOUR_AND_SILENT),
            Row::new(words::THE_SERVER, words::computes_without_descriptors(name)),
            Row::new(words::EXPECTED, words::IT_RESTS_UNTIL_ONE_IS_FREE),
        ];
        fail(causes::SpinsWithoutDescriptors.story(rows));
    }
    drop(clients);
    scene.happened(words::THE_FIRST_14_CLIENTS_LEAVE);
    for client in &mut last {
        expect_an_answer(name, &scene, &mut server, &words::ONE_OF_THE_LAST_TEN, client);
    }
}

/// This client says hello, and must get its answer within the time in which a server tries again.
fn expect_an_answer(
    name: &str,
    scene: &Scene,
    server: &mut Server,
    subject: &str,
    client: &mut TcpStream,
) {
    let answered = returns(Finding::of(words::ITS_ANSWER)).or(causes::NotAcceptedAgain);
    scene.expect_of(subject, words::SAYS_HELLO_AND_WAITS, answered, || {
        let _ = client.write_all(b"hello");
        client.set_nonblocking(true)?;
        let waits = |client: &TcpStream| {
            matches!(client.peek(&mut [0]), Err(error) if error.kind() == ErrorKind::WouldBlock)
        };
        let since = Instant::now();
        // A server that computes, or that has threads to run, gets more time.
        while waits(client) && server.watch(|| !waits(client)) == Still::Waiting {
            if since.elapsed() > TRIED_AGAIN && waits(client) {
                return Ok(Finding::of(words::NO_ANSWER_ALTHOUGH_IT_WAITS));
            }
        }
        if waits(client) && !server.is_over() {
            scene.notice(causes::SpinsWithoutDescriptors);
            return Ok(Finding::of(words::computes_without_descriptors(name)));
        }
        client.set_nonblocking(false)?;
        let mut answer = [0; 5];
        if client.read_exact(&mut answer).is_err() {
            scene.notice(Cause::AcceptErrorEndsTheServer);
            // A client sees the end before the server's process is over.
            if server.watch(|| false) == Still::Gone {
                scene.called(name, server.last_words());
            }
            return Ok(Finding::of(words::ITS_CONNECTION_ENDS));
        }
        Ok(Finding::of(if &answer == b"HELLO" { words::ITS_ANSWER } else { words::ANOTHER_ONE }))
    });
}

/// Long numbered lines, so that a byte that is lost, doubled or out of its place shows.
fn lines(length: usize) -> &'static [u8] {
    static LINES: LazyLock<String> = LazyLock::new(|| {
        let filling = r"bottles of beer on the wall, ".repeat(32);
        (0..4000).map(|number| format!("{number:06} {filling}\n")).collect()
    });
    &LINES.as_bytes()[..length]
}

/// What comes back for so many bytes of [`lines`], at most [`MUCH`]: made once, since it takes a while
/// without optimization.
fn capitals(length: usize) -> &'static [u8] {
    static CAPITALS: LazyLock<Vec<u8>> = LazyLock::new(|| lines(MUCH).to_ascii_uppercase());
    &CAPITALS[..length]
}
