//! Lesson 4, graded: one thread serves many clients, and none of them blocks another.
//!
//! ```text
//! client:  h e l l o        server:  H E L L O          bytes; no header, no end of message
//! ```
//!
//! The server is stepped: a check lets it take a turn, then inspects what every client has got. One
//! thread steps the server and moves all clients, and nothing sleeps. So a silent, greedy or crashed
//! client always acts in the same turn, and a turn that waits for a client would wait for ever: this
//! is how the checks detect it. Try it: let `turn` read twice from a client, and see which check
//! fails.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
#[cfg(target_os = "linux")]
use std::os::fd::AsRawFd;
#[cfg(unix)]
use std::os::fd::OwnedFd;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use netkata::{
    Apart, Background, Cause, Client, Finding, Row, Scene, Server, Stepped, Still, TcpEnd,
    Workload, builds_on, fail, fails_with, graded, graded_apart, in_background, local_listener,
    needs_descriptors, returns,
};
use nonblocking_polling::PollingServer;
use rstest::rstest;

#[path = "../lessons/04_nonblocking_polling/causes.rs"]
mod causes;
#[path = "../lessons/04_nonblocking_polling/words.rs"]
mod words;

/// The most bytes that one turn reads from one client.
const BUDGET: usize = 64 * 1024;

/// The bytes sent by a client that does not read: more than any kernel keeps for one connection.
const A_LOT: usize = 10_000_000;

/// The most memory that a server may use for one client, in bytes.
const MOST_PER_CLIENT: usize = 1024 * 1024;

#[rstest]
#[case::a_word(&["hello"])]
#[case::a_byte(&["h"])]
#[case::capitals_and_others(&["Hello, World! 2 < 3\n"])]
#[case::a_short_word_after_a_long_one(&[r"a longer sentence", "hi"])]
#[case::many_words(&["one", "two", "three", "four", "five"])]
fn letters_come_back_in_capitals(#[case] words: &'static [&'static str]) {
    graded(move || {
        let mut room = room();
        let talker = room.crowd().connects("talker");
        let mut answers = String::new();
        for word in words {
            room.crowd().says(talker, word.as_bytes());
            answers += &word.to_ascii_uppercase();
            room.turns_until_heard(talker, answers.as_bytes(), Cause::AnswerNeverCame);
        }
    });
}

#[test]
fn the_listener_no_longer_blocks() {
    graded(|| {
        builds_on(letters_come_back_in_capitals);
        let listener = local_listener().expect("a listener");
        // The mode belongs to the socket, and a clone is the same socket (dup(2)).
        let clone = listener.try_clone().expect("a clone of the listener");
        let _server = PollingServer::new(listener).expect("a server");
        match is_nonblocking(&clone) {
            None => println!("{}", words::NOT_CHECKED_HERE),
            Some(true) => {}
            Some(false) => {
                let rows = vec![
                    Row::new("new", words::HAS_RETURNED),
                    Row::new(words::THE_LISTENER, words::IT_STILL_BLOCKS),
                    Row::new(words::EXPECTED, words::IT_NO_LONGER_BLOCKS),
                ];
                fail(causes::ListenerStillBlocks.story(rows));
            }
        }
    });
}

#[test]
fn a_silent_client_does_not_block_others() {
    graded(|| {
        builds_on(letters_come_back_in_capitals);
        let mut room = room();
        room.crowd().connects("silent");
        let talker = room.crowd().connects("talker");
        room.crowd().says(talker, b"hello");
        room.turns_until_heard(talker, b"HELLO", Cause::WaitsForOneClient);
        room.crowd().connects("another");
        room.crowd().says(talker, b" again");
        room.turns_until_heard(talker, b"HELLO AGAIN", Cause::WaitsForOneClient);
    });
}

#[test]
fn a_silent_client_stays_connected() {
    graded(|| {
        builds_on(a_silent_client_does_not_block_others);
        let mut room = room();
        let silent = room.crowd().connects("silent");
        room.turns_until(&words::THE_CLIENT_IS_CONNECTED, Cause::NothingNowIsNoFailure, |server| {
            clients_of(server) == 1
        });
        // With a pause of 20 ms after each turn, this would be a minute.
        for _ in 0..3_000 {
            room.turn();
        }
        room.crowd().says(silent, b"at last");
        room.turns_until_heard(silent, b"AT LAST", Cause::NothingNowIsNoFailure);
        expect_clients(&room, 1, Cause::NothingNowIsNoFailure);
    });
}

#[test]
fn a_turn_reports_whether_anything_moved() {
    graded(|| {
        builds_on(a_silent_client_does_not_block_others);
        builds_on(a_silent_client_stays_connected);
        let mut room = room();
        expect_nothing_moves(&mut room, &words::NOBODY_HAS_CALLED);
        let talker = room.crowd().connects("talker");
        room.turns_until_moved(&words::A_TURN_LETS_A_CLIENT_IN, causes::TurnMisreports);
        expect_nothing_moves(&mut room, &words::NOBODY_HAS_SAID_ANYTHING);
        room.crowd().says(talker, b"hello");
        room.turns_until_moved(&words::A_TURN_MOVES_BYTES, causes::TurnMisreports);
        room.turns_until_heard(talker, b"HELLO", Cause::AnswerNeverCame);
        expect_nothing_moves(&mut room, &words::EVERYTHING_IS_ANSWERED);
        room.crowd().leaves(talker);
        room.turns_until_moved(&words::A_TURN_REMOVES_A_CLIENT, causes::TurnMisreports);
        let crashing = room.crowd().connects("crashing");
        room.turns_until_moved(&words::A_TURN_LETS_A_CLIENT_IN, causes::TurnMisreports);
        room.crowd().resets(crashing);
        room.turns_until_moved(&words::A_TURN_REMOVES_A_CLIENT, causes::TurnMisreports);
    });
}

#[test]
fn clients_are_served_while_others_connect() {
    graded(|| {
        builds_on(a_silent_client_does_not_block_others);
        builds_on(a_silent_client_stays_connected);
        let mut room = room();
        let talker = room.crowd().connects("talker");
        room.turns_until(&words::THE_CLIENT_IS_CONNECTED, Cause::AnswerNeverCame, |server| {
            clients_of(server) == 1
        });
        room.crowd().says(talker, b"hello");
        for caller in 1..=20 {
            // Whenever the server polls, a client waits in the listener's backlog.
            room.crowd().connects(words::caller(caller));
            room.settle();
            room.turn();
            room.settle();
        }
        if room.crowd().heard(talker).is_empty() {
            let rows = vec![Row::new(words::EXPECTED, words::TALKER_IS_ANSWERED_AMONG_CALLERS)];
            room.fails(causes::ServedOnlyWhenNobodyCalls, Some(talker), rows);
        }
        room.turns_until_heard(talker, b"HELLO", causes::ServedOnlyWhenNobodyCalls);
    });
}

#[test]
fn every_waiting_client_is_accepted() {
    graded(|| {
        needs_descriptors(512);
        builds_on(a_silent_client_does_not_block_others);
        builds_on(a_silent_client_stays_connected);
        let mut room = room();
        // As many as fit into the listener's backlog of 128.
        for number in 1..=100 {
            room.crowd().connects(words::caller(number));
        }
        room.settle();
        room.turn();
        if clients_of(room.server()) < 100 {
            let rows = vec![Row::new(words::EXPECTED, words::ALL_WHO_WAIT_ARE_LET_IN)];
            room.fails(causes::OneCallerATurn, None, rows);
        }
    });
}

#[test]
fn each_client_gets_its_own_answer() {
    graded(|| {
        let mut room = room();
        let names = ["ann", "bob", "cy"];
        let clients = names.map(|name| room.crowd().connects(name));
        let mut answers = [const { String::new() }; 3];
        for length in [9, 1, 4] {
            for (at, name) in names.iter().enumerate() {
                // All lengths differ, so that bytes left over from a longer message would show.
                let words = name.repeat(length + at);
                room.crowd().says(clients[at], words.as_bytes());
                answers[at] += &words.to_ascii_uppercase();
            }
            for (client, answer) in clients.iter().zip(&answers) {
                room.turns_until_heard(*client, answer.as_bytes(), Cause::AnotherClientsBytes);
            }
        }
    });
}

#[rstest]
#[case::of_two_bytes(r"café au lait", &[4])]
#[case::of_three_bytes(r"神 is three bytes", &[1])]
#[case::of_three_bytes_cut_late(r"神 is three bytes", &[2])]
#[case::of_four_bytes_cut_twice(r"an 🍎 a day", &[4, 6])]
fn half_a_character_is_not_an_error(#[case] text: &'static str, #[case] cuts: &'static [usize]) {
    graded(move || {
        builds_on(a_silent_client_does_not_block_others);
        builds_on(a_turn_reports_whether_anything_moved);
        let mut room = room();
        let talker = room.crowd().connects("talker");
        room.turns_until(&words::THE_CLIENT_IS_CONNECTED, Cause::HalfACharacter, |server| {
            clients_of(server) == 1
        });
        let mut from = 0;
        for to in cuts.iter().copied().chain([text.len()]) {
            room.crowd().says(talker, &text.as_bytes()[from..to]);
            room.turns_until_moved(&words::A_TURN_READS_WHAT_HAS_COME, Cause::HalfACharacter);
            expect_clients(&room, 1, Cause::HalfACharacter);
            // These bytes are answered now: whether the rest will come is unknown.
            room.settle();
            if room.crowd().heard(talker).len() < to {
                let row = Row::new(words::EXPECTED, words::ANSWERED_IN_THE_SAME_TURN);
                room.fails(Cause::HalfACharacter, Some(talker), vec![row]);
            }
            let answer = text.as_bytes()[..to].to_ascii_uppercase();
            room.turns_until_heard(talker, &answer, Cause::HalfACharacter);
            from = to;
        }
    });
}

#[rstest]
#[case::letters_beyond_ascii(r"naïve café, straße, ĳ, 神".as_bytes().to_vec())]
#[case::every_byte_value((0..=255).collect())]
fn only_ascii_letters_change(#[case] bytes: Vec<u8>) {
    graded(move || {
        builds_on(a_silent_client_does_not_block_others);
        builds_on(half_a_character_is_not_an_error);
        let mut room = room();
        let talker = room.crowd().connects("talker");
        room.crowd().says(talker, &bytes);
        let changed = bytes.to_ascii_uppercase();
        room.turns_until_heard(talker, &changed, Cause::OnlyAsciiLettersChange);
    });
}

#[test]
fn a_turn_reads_at_most_budget_per_client() {
    graded(|| {
        builds_on(a_silent_client_does_not_block_others);
        let mut room = room();
        let chatty = room.crowd().connects("chatty");
        let quiet = room.crowd().connects("quiet");
        let said = lines(2_000_000);
        room.crowd().says(chatty, &said);
        room.crowd().says(quiet, b"hello");
        for turns in 1..=20 {
            room.settle();
            room.turn();
            room.settle();
            let served = room.crowd().heard(chatty).len();
            if served > turns * BUDGET {
                let rows = vec![Row::new(words::EXPECTED, words::AT_MOST_THE_BUDGET_IS_READ)];
                room.fails(causes::ServesOneClientTooLong, Some(chatty), rows);
            }
        }
        room.turns_until_heard(quiet, b"HELLO", causes::ServesOneClientTooLong);
        let answer = said.to_ascii_uppercase();
        room.turns_until_heard(chatty, &answer, Cause::UnsentBytesLost);
    });
}

#[test]
fn a_client_that_has_left_is_removed() {
    graded(|| {
        builds_on(a_silent_client_does_not_block_others);
        let mut room = room();
        let leaver = room.crowd().connects("leaver");
        room.crowd().says(leaver, b"hello");
        room.turns_until_heard(leaver, b"HELLO", Cause::AnswerNeverCame);
        room.crowd().leaves(leaver);
        room.settle();
        room.turn();
        let left = clients_of(room.server());
        room.turns_until(&words::NO_CLIENT_IS_LEFT, Cause::ClosedClientKept, |server| {
            clients_of(server) == 0
        });
        if left > 0 {
            let rows = vec![Row::new(words::EXPECTED, words::IT_IS_REMOVED_IN_THE_SAME_TURN)];
            room.fails(causes::RemovedATurnLate, None, rows);
        }
    });
}

#[rstest]
#[case::the_first(&[0])]
#[case::two_neighbours(&[1, 2])]
#[case::the_last_two(&[3, 4])]
#[case::all_but_one(&[0, 1, 3, 4])]
fn remaining_clients_are_served_when_others_leave(#[case] leavers: &'static [usize]) {
    graded(move || {
        builds_on(a_silent_client_does_not_block_others);
        builds_on(a_client_that_has_left_is_removed);
        let mut room = room();
        let clients: Vec<Client> =
            (0..5).map(|at| room.crowd().connects(words::client(at))).collect();
        room.turns_until(&words::clients_are_connected(5), causes::OneCallerATurn, |server| {
            clients_of(server) == 5
        });
        for leaver in leavers {
            room.crowd().leaves(clients[*leaver]);
        }
        for (at, client) in clients.iter().enumerate().filter(|(at, _)| !leavers.contains(at)) {
            room.crowd().says(*client, format!(r"still {at}").as_bytes());
        }
        let left = clients.len() - leavers.len();
        room.turns_until(&words::ONLY_THE_OTHERS_ARE_LEFT, Cause::ClosedClientKept, |server| {
            clients_of(server) == left
        });
        for (at, client) in clients.iter().enumerate().filter(|(at, _)| !leavers.contains(at)) {
            let answer = format!(r"STILL {at}");
            room.turns_until_heard(*client, answer.as_bytes(), Cause::AnswerNeverCame);
        }
    });
}

#[rstest]
#[case::while_silent(Crash::Silent)]
#[case::with_an_unread_answer(Crash::UnreadAnswer)]
#[case::after_its_question(Crash::AfterItsQuestion)]
#[case::before_its_answer(Crash::BeforeItsAnswer)]
#[case::with_many_unsent_bytes(Crash::UnsentBytes)]
#[case::after_it_closed_its_side(Crash::AfterItsEnd)]
fn a_reset_ends_only_that_connection(#[case] crash: Crash) {
    graded(move || {
        builds_on(a_silent_client_does_not_block_others);
        builds_on(remaining_clients_are_served_when_others_leave);
        let mut room = room();
        let crashing = room.crowd().connects("crashing");
        let other = room.crowd().connects("other");
        room.turns_until(&words::clients_are_connected(2), causes::OneCallerATurn, |server| {
            clients_of(server) == 2
        });
        crash.happens(&mut room, crashing);
        room.settle();
        room.turn();
        let left = clients_of(room.server());
        room.turns_until(
            &words::ONLY_THE_OTHER_CLIENT_IS_LEFT,
            Cause::ClosedClientKept,
            |server| clients_of(server) == 1,
        );
        // Each of these connections fails in the turn that reads from it or sends to it. Only a client that
        // has closed in good order may still be there: the reset answers what that turn sends.
        if left > 1 && !matches!(crash, Crash::BeforeItsAnswer) {
            let rows = vec![Row::new(words::EXPECTED, words::IT_IS_REMOVED_AFTER_THE_ERROR)];
            room.fails(causes::RemovedATurnLate, None, rows);
        }
        room.crowd().says(other, b"still here");
        room.turns_until_heard(other, b"STILL HERE", Cause::OneClientEndsTheServer);
    });
}

#[rstest]
#[case::when_another_leaves(Event::Leaves)]
#[case::when_another_crashes(Event::Crashes)]
#[case::when_another_never_stops_sending(Event::SendsALot)]
#[case::when_another_connects(Event::Connects)]
fn each_turn_serves_every_client(#[case] event: Event) {
    graded(move || {
        builds_on(clients_are_served_while_others_connect);
        builds_on(a_turn_reads_at_most_budget_per_client);
        builds_on(a_reset_ends_only_that_connection);
        // A server may keep its clients in any order.
        for at in 0..3 {
            let mut room = room();
            let mut clients: Vec<Client> =
                ["ann", "bob", "cy"].map(|name| room.crowd().connects(name)).to_vec();
            room.turns_until(&words::clients_are_connected(3), causes::OneCallerATurn, |server| {
                clients_of(server) == 3
            });
            match event {
                Event::Leaves => room.crowd().leaves(clients.remove(at)),
                Event::Crashes => room.crowd().resets(clients.remove(at)),
                Event::SendsALot => room.crowd().says(clients.remove(at), &lines(2_000_000)),
                Event::Connects => clients.push(room.crowd().connects("dee")),
            }
            for turns in 1..=10 {
                for client in &clients {
                    room.crowd().says(*client, b"hi");
                }
                room.settle();
                room.turn();
                room.settle();
                for client in &clients {
                    if room.crowd().heard(*client).len() < 2 * turns {
                        let row = Row::new(words::EXPECTED, words::ANSWERED_IN_THE_SAME_TURN);
                        room.fails(causes::LeftOutOfATurn, Some(*client), vec![row]);
                    }
                }
            }
        }
    });
}

#[test]
fn unread_answers_do_not_block_other_clients() {
    graded(|| {
        builds_on(a_silent_client_does_not_block_others);
        let mut room = room();
        let (_, other) = with_a_client_that_does_not_read(&mut room);
        room.crowd().says(other, b"hello");
        room.turns_until_heard(other, b"HELLO", Cause::WaitsForOneClient);
    });
}

#[test]
fn unsent_bytes_per_client_are_bounded() {
    graded(|| {
        builds_on(a_silent_client_does_not_block_others);
        builds_on(unread_answers_do_not_block_other_clients);
        let mut room = room();
        with_a_client_that_does_not_read(&mut room);
        if room.most_held() > MOST_PER_CLIENT {
            let rows = vec![Row::new(words::EXPECTED, words::LESS_THAN_1_MIB_IS_KEPT)];
            room.fails(Cause::OwedWithoutBound, None, rows);
        }
    });
}

#[rstest]
#[case::of_a_client_that_sends(false)]
#[case::of_a_client_that_closed_its_side(true)]
fn unsent_bytes_do_not_count_as_moved(#[case] closed: bool) {
    graded(move || {
        builds_on(a_turn_reports_whether_anything_moved);
        builds_on(unread_answers_do_not_block_other_clients);
        let mut room = room();
        if closed {
            // With one of these, the server has read the end and has unsent bytes.
            for length in lengths() {
                asks_and_does_not_read(&mut room, length);
            }
            room.turns_until_still(10);
        } else {
            with_a_client_that_does_not_read(&mut room);
        }
        expect_nothing_moves(&mut room, &words::A_CLIENT_TAKES_NOTHING);
    });
}

#[rstest]
#[case::a_little_at_a_time(30_000)]
#[case::as_fast_as_it_can(usize::MAX)]
fn a_late_reader_gets_every_byte_in_order(#[case] at_a_time: usize) {
    graded(move || {
        builds_on(a_silent_client_does_not_block_others);
        builds_on(unread_answers_do_not_block_other_clients);
        let mut room = room();
        let (late, _) = with_a_client_that_does_not_read(&mut room);
        let answer = room.crowd().said(late).to_ascii_uppercase();
        if at_a_time == usize::MAX {
            room.crowd().reads_again(late);
        } else {
            room.crowd().reads_slowly(late, at_a_time);
        }
        room.turns_until_heard(late, &answer, Cause::UnsentBytesLost);
        room.crowd().says(late, b"and on");
        room.turns_until_heard(late, &[&answer[..], b"AND ON"].concat(), Cause::UnsentBytesLost);
    });
}

#[test]
fn unsent_bytes_are_sent_without_new_ones() {
    graded(|| {
        builds_on(a_late_reader_gets_every_byte_in_order);
        for length in lengths() {
            let mut room = room();
            let late = room.crowd().connects("late");
            room.crowd().stops_reading(late);
            room.crowd().says_as(late, &lines(length), &words::A_QUESTION);
            room.turns_until_still(10);
            room.crowd().reads_again(late);
            let answer = room.crowd().said(late).to_ascii_uppercase();
            room.turns_until_heard(late, &answer, causes::UnsentUntilMoreComes);
        }
    });
}

#[test]
fn bytes_sent_later_count_as_moved() {
    graded(|| {
        builds_on(a_turn_reports_whether_anything_moved);
        builds_on(unsent_bytes_are_sent_without_new_ones);
        if !TcpEnd::can_be_seen() {
            return println!("{}", words::NOT_CHECKED_HERE);
        }
        Scene::begin();
        let listener = local_listener().expect("a listener");
        let mut server = PollingServer::new(listener.try_clone().expect("a clone"));
        let server = server.as_mut().expect("a server");
        for length in lengths() {
            let mut late = Late::connect(&listener);
            late.sends(server, &lines(length));
            if late.is_owed_bytes(length) && !late.reads(server, length) {
                let rows = vec![
                    Row::new(words::A_CLIENT, words::READS_WHAT_COULD_NOT_BE_SENT),
                    Row::new("turn", words::RETURNED_FALSE_EACH_TIME),
                    Row::new(words::EXPECTED, words::A_TURN_SENDS_THE_REST),
                ];
                fail(causes::TurnMisreports.story(rows));
            }
        }
    });
}

#[test]
fn a_half_closed_client_gets_its_whole_answer() {
    graded(|| {
        builds_on(a_client_that_has_left_is_removed);
        builds_on(a_late_reader_gets_every_byte_in_order);
        // For one of these lengths, the server has read the end of the question while the end of the
        // answer is still unsent: the rest fits into the kernels' buffers.
        for length in [5].into_iter().chain(lengths()) {
            let mut room = room();
            let asker = asks_and_does_not_read(&mut room, length);
            room.turns_until_still(10);
            let none = clients_of(room.server()) == 0;
            room.crowd().reads_again(asker);
            for _ in 0..3 {
                room.settle();
                // For a client that is not there, nothing can move.
                if room.turn() && none {
                    let rows = vec![Row::new(words::EXPECTED, words::IT_COUNTS_AS_CONNECTED)];
                    room.fails(causes::HalfClosedClientNotCounted, Some(asker), rows);
                }
            }
            let answer = room.crowd().said(asker).to_ascii_uppercase();
            room.turns_until_heard(asker, &answer, Cause::HalfCloseLosesTheAnswer);
            room.turns_until_ended(asker, Cause::ClosedClientKept);
            room.turns_until(&words::NO_CLIENT_IS_LEFT, Cause::ClosedClientKept, |server| {
                clients_of(server) == 0
            });
        }
    });
}

#[test]
fn five_hundred_clients_are_served_at_once() {
    graded(|| {
        needs_descriptors(1024);
        builds_on(a_silent_client_does_not_block_others);
        builds_on(a_client_that_has_left_is_removed);
        let mut room = room();
        let mut clients = Vec::new();
        // A listener keeps 128 clients in its backlog. 500 clients are 1,000 sockets in this process,
        // and many systems allow 1,024 descriptors.
        for number in 1..=500 {
            clients.push(room.crowd().connects(words::client(number)));
            if number % 100 == 0 {
                room.turns_until(&words::EVERYBODY_IS_LET_IN, causes::OneCallerATurn, |server| {
                    clients_of(server) == number
                });
            }
        }
        for (number, client) in (1..).zip(&clients) {
            room.crowd().says(*client, format!(r"i am {number}").as_bytes());
        }
        for (number, client) in (1..).zip(&clients) {
            let answer = format!(r"I AM {number}");
            room.turns_until_heard(*client, answer.as_bytes(), Cause::AnswerNeverCame);
        }
        for client in clients {
            room.crowd().leaves(client);
        }
        room.turns_until(&words::NO_CLIENT_IS_LEFT, Cause::ClosedClientKept, |server| {
            clients_of(server) == 0
        });
    });
}

#[test]
fn clients_wait_in_the_backlog_without_free_descriptors() {
    graded_apart(
        |listens| {
            let listener = local_listener()?;
            listens(listener.local_addr()?);
            PollingServer::new(listener)?.serve()
        },
        |apart| {
            builds_on(a_silent_client_does_not_block_others);
            if !Apart::is_possible() {
                return println!("{}", words::NOT_CHECKED_HERE);
            }
            let scene = Scene::begin();
            let mut server = apart.start(16).expect("a server in a process of its own");
            let address = server.address();
            scene.happened(words::TOO_MANY_CLIENTS_CALL);
            let mut clients: Vec<TcpStream> =
                (0..20).filter_map(|_| TcpStream::connect(address).ok()).collect();
            let mut last = clients.split_off(10);
            // A client asks again after each answer: the server has polled its backlog in between.
            expect_answers(&mut server, &scene, &words::THE_FIRST_CLIENT, &mut clients[0]);
            // The clients in the backlog stay there, and the others send nothing.
            if server.watch(|| false) == Still::Spinning {
                let rows = vec![
                    Row::new(words::THE_CLIENTS, words::TWENTY_AND_NONE_SPEAKS),
                    Row::new("serve", words::SPINS_WITHOUT_DESCRIPTORS),
                    Row::new(words::EXPECTED, words::IT_RESTS_WHEN_NOTHING_MOVES),
                ];
                fail(causes::SpinsWithoutDescriptors.story(rows));
            }
            drop(clients);
            scene.happened(words::THE_FIRST_10_CLIENTS_LEAVE);
            for client in &mut last {
                expect_answers(&mut server, &scene, &words::ONE_OF_THE_OTHERS, client);
            }
        },
    );
}

#[test]
fn a_turn_fails_if_the_listener_does() {
    graded(|| {
        let scene = Scene::begin();
        let listener = local_listener().expect("a listener");
        let clone = listener.try_clone().expect("a clone of the listener");
        let mut server = PollingServer::new(listener).expect("a server");
        scene.expect("turn", returns(false), || server.turn());
        if !stops_listening(clone) {
            return println!("{}", words::NOT_CHECKED_LISTENERS_GO_ON);
        }
        scene.happened(words::THE_LISTENER_HAS_STOPPED);
        // accept(2) fails with EINVAL on such a socket.
        let error = fails_with(ErrorKind::InvalidInput).or(causes::TurnMisreports);
        scene.expect("turn", error, || server.turn());
    });
}

#[test]
fn serve_fails_if_the_listener_does() {
    graded(|| {
        builds_on(a_turn_fails_if_the_listener_does);
        let scene = Scene::begin();
        let listener = local_listener().expect("a listener");
        let clone = listener.try_clone().expect("a clone of the listener");
        let mut server = PollingServer::new(listener).expect("a server");
        if !stops_listening(clone) {
            return println!("{}", words::NOT_CHECKED_LISTENERS_GO_ON);
        }
        scene.happened(words::THE_LISTENER_HAS_STOPPED);
        let error = fails_with(ErrorKind::InvalidInput)
            .or(causes::ServeHidesTheError)
            .or_when_it_waits(causes::ServeHidesTheError);
        scene.expect("serve", error, || server.serve());
    });
}

#[test]
fn a_turn_never_sleeps() {
    graded(|| {
        builds_on(a_silent_client_does_not_block_others);
        builds_on(a_turn_reports_whether_anything_moved);
        // A thread that calls turn again and again always computes. Other programs take the processor,
        // but do not make it wait: one stretch in which it computed is enough.
        const STRETCHES: usize = 5;
        const STRETCH: Duration = Duration::from_millis(20);

        Scene::begin();
        let listener = local_listener().expect("a listener");
        let address = listener.local_addr().expect("its address");
        let mut silent = TcpStream::connect(address).expect("a client");
        silent.set_read_timeout(Some(STRETCH)).expect("a timeout");
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);

        let workload = Workload::of_threads_to_come();
        let mut server = PollingServer::new(listener).expect("a server");
        let turning = in_background("turn", move || {
            while !stopped.load(Ordering::Relaxed) {
                server.turn()?;
            }
            io::Result::Ok(())
        });
        let computes = (0..STRETCHES).any(|_| {
            let (_, busy) = workload.busy_while(|| silent.read(&mut [0; 8]));
            busy > 0.5
        });
        stop.store(true, Ordering::Relaxed);
        turning.join().expect("turns without an error");
        if !computes {
            let rows = vec![
                Row::new(words::A_CLIENT, words::SENDS_NOTHING),
                Row::new("turn", words::WAITS_MOST_OF_THE_TIME),
                Row::new(words::EXPECTED, words::IT_RETURNS_AT_ONCE),
            ];
            fail(causes::TurnSleeps.story(rows));
        }
    });
}

#[test]
fn an_idle_server_sleeps() {
    graded(|| {
        builds_on(a_silent_client_does_not_block_others);
        builds_on(a_turn_reports_whether_anything_moved);
        // Measure processor time, not elapsed time. A disturbance can only add to it, so one quiet
        // stretch is enough to show that the server sleeps.
        const STRETCHES: usize = 5;
        const STRETCH: Duration = Duration::from_millis(100);
        const A_TWENTIETH: f64 = 0.05;

        Scene::begin();
        let listener = local_listener().expect("a listener");
        let address = listener.local_addr().expect("its address");
        let mut clients: Vec<TcpStream> =
            (0..10).map(|_| TcpStream::connect(address).expect("a client")).collect();
        let talker = clients.last_mut().expect("ten clients");

        let workload = Workload::of_threads_to_come();
        let mut server = PollingServer::new(listener).expect("a server");
        let serving = in_background("serve", move || server.serve());
        expect_answer(talker, &serving, &words::TEN_AND_ONE_SPEAKS);

        talker.set_read_timeout(Some(STRETCH)).expect("a timeout");
        let sleeps = (0..STRETCHES).any(|_| {
            let (came, busy) = workload.busy_while(|| talker.read(&mut [0; 8]));
            if !came.is_err_and(|error| nothing_came(&error)) {
                lost_connection(&serving, &words::TEN_AND_ONE_SPEAKS);
            }
            busy <= A_TWENTIETH
        });
        if !sleeps {
            let rows = vec![
                Row::new(words::THE_CLIENTS, words::TEN_AND_NONE_SPEAKS),
                Row::new("serve", words::COMPUTES_TOO_MUCH),
                Row::new(words::EXPECTED, words::IT_RESTS_WHEN_NOTHING_MOVES),
            ];
            fail(Cause::NeverRests.story(rows));
        }
        expect_answer(talker, &serving, &words::TEN_AND_ONE_SPEAKS);
        for client in &clients {
            let _ = client.shutdown(Shutdown::Write);
        }
        for client in &mut clients {
            // The end of the stream: the server has removed this client.
            client.set_read_timeout(Some(Duration::from_secs(1))).expect("a timeout");
            if client.read(&mut [0; 8]).is_err() {
                break;
            }
        }
        match TcpStream::connect(address) {
            Ok(mut next) => expect_answer(&mut next, &serving, &words::TEN_HAVE_LEFT),
            Err(_) => lost_connection(&serving, &words::TEN_HAVE_LEFT),
        }
    });
}

/// What another client does while the rest are served.
#[derive(Clone, Copy, Debug)]
enum Event {
    Leaves,
    Crashes,
    SendsALot,
    Connects,
}

/// How a client's connection breaks between two turns of the server.
#[derive(Clone, Copy, Debug)]
enum Crash {
    Silent,
    UnreadAnswer,
    AfterItsQuestion,
    BeforeItsAnswer,
    UnsentBytes,
    AfterItsEnd,
}

impl Crash {
    fn happens(self, room: &mut Stepped<PollingServer>, client: Client) {
        match self {
            Crash::Silent => room.crowd().resets(client),
            Crash::UnreadAnswer => {
                room.crowd().stops_reading(client);
                room.crowd().says(client, b"hello");
                room.turns_until_moved(&words::THE_QUESTION_IS_READ, Cause::AnswerNeverCame);
                room.crowd().resets(client);
            }
            // The server reads the question, and cannot send the answer.
            Crash::AfterItsQuestion => {
                room.crowd().says(client, b"hello");
                room.settle();
                room.crowd().resets(client);
            }
            // It closes at once. The answer arrives at a closed connection, and a reset comes back.
            Crash::BeforeItsAnswer => {
                room.crowd().says(client, b"hello");
                room.crowd().leaves(client);
            }
            Crash::UnsentBytes => {
                leave_bytes_unsent(room, client);
                room.crowd().resets(client);
            }
            // If the server has received the end of the question and part of the answer is unsent, the
            // reset shows as a broken pipe (EPIPE). One of these lengths leads to this state.
            Crash::AfterItsEnd => {
                room.crowd().leaves(client);
                for length in lengths() {
                    let asker = asks_and_does_not_read(room, length);
                    room.turns_until_still(10);
                    room.crowd().resets(asker);
                }
            }
        }
    }
}

/// A client of a server that the check steps itself: it knows both ends of its connection.
struct Late {
    stream: TcpStream,
    sent: usize,
}

impl Late {
    fn connect(listener: &TcpListener) -> Late {
        let address = listener.local_addr().expect("the listener's address");
        let stream = TcpStream::connect(address).expect("a client");
        stream.set_nonblocking(true).expect("a nonblocking client");
        Late { stream, sent: 0 }
    }

    /// Send as much as the server and the kernel take, and read nothing.
    fn sends(&mut self, server: &mut PollingServer, bytes: &[u8]) {
        let mut quiet = 0;
        while quiet < 10 {
            let n = self.stream.write(&bytes[self.sent..]).unwrap_or(0);
            self.sent += n;
            let moved = server.turn().expect("a turn without an error");
            quiet = if n > 0 || moved { 0 } else { quiet + 1 };
        }
    }

    /// Whether the server has read this many bytes and still has some of the answer: more than the kernel
    /// has at both ends. Bytes on their way are at both, so they count twice.
    fn is_owed_bytes(&self, length: usize) -> bool {
        let here = self.stream.local_addr().expect("the client's address");
        let there = self.stream.peer_addr().expect("the server's address");
        match (TcpEnd::of(there, here), TcpEnd::of(here, there)) {
            (Some(server), Some(client)) => {
                self.sent == length
                    && client.unacknowledged == 0
                    && server.unread == 0
                    && server.unacknowledged + client.unread < length as u64
            }
            _ => false,
        }
    }

    /// Read this many bytes while the server takes turns; return whether a turn said that something moved.
    fn reads(&mut self, server: &mut PollingServer, length: usize) -> bool {
        let mut buffer = [0; BUDGET];
        let (mut heard, mut moved) = (0, false);
        while heard < length {
            heard += self.stream.read(&mut buffer).unwrap_or(0);
            moved |= server.turn().expect("a turn without an error");
        }
        moved
    }
}

/// Start a server without clients, on a port that the kernel chooses.
fn room() -> Stepped<PollingServer> {
    let listener = local_listener().expect("a listener on a free port");
    Stepped::serving(listener, PollingServer::new, PollingServer::turn)
}

/// Connect two clients; the first sends a lot and reads nothing, until the server can send it no more.
fn with_a_client_that_does_not_read(room: &mut Stepped<PollingServer>) -> (Client, Client) {
    let late = room.crowd().connects("late");
    let other = room.crowd().connects("other");
    leave_bytes_unsent(room, late);
    (late, other)
}

/// Let a client send a lot and read nothing, until nothing moves any more.
fn leave_bytes_unsent(room: &mut Stepped<PollingServer>, client: Client) {
    room.crowd().stops_reading(client);
    room.crowd().says(client, &lines(A_LOT));
    room.turns_until_still(50);
}

/// Lengths of questions. For one of them, the end of the answer does not fit into the kernels' buffers, and
/// the server has read the whole question.
fn lengths() -> impl Iterator<Item = usize> {
    (1..25).map(|step| step * 40_000)
}

/// Connect a client that asks, closes its side and does not read the answer.
fn asks_and_does_not_read(room: &mut Stepped<PollingServer>, length: usize) -> Client {
    let asker = room.crowd().connects("asker");
    room.crowd().stops_reading(asker);
    room.crowd().says_as(asker, &lines(length), &words::A_QUESTION);
    room.crowd().closes_its_side(asker);
    asker
}

/// Make long numbered lines, so that a lost, doubled or misplaced byte shows.
fn lines(length: usize) -> Vec<u8> {
    let filling = r"bottles of beer on the wall, ".repeat(32);
    let lines = (0..).map(|number| format!("{number:06} {filling}\n").into_bytes());
    let mut text = lines.take(1 + length / filling.len()).collect::<Vec<_>>().concat();
    text.truncate(length);
    text
}

/// Expect that a turn soon reports that nothing moved, when nothing can move.
fn expect_nothing_moves(room: &mut Stepped<PollingServer>, why: &str) {
    if !(0..100).any(|_| !room.turn()) {
        let rows = vec![Row::new(words::EXPECTED, words::a_turn_returns_false(why))];
        room.fails(causes::TurnMisreports, None, rows);
    }
}

/// Return the server's number of clients as a `usize`: a type that equals every number does not compile.
fn clients_of(server: &PollingServer) -> usize {
    server.clients()
}

fn expect_clients(room: &Stepped<PollingServer>, count: usize, cause: Cause) {
    let clients = clients_of(room.server());
    if clients != count {
        let rows = vec![
            Row::new(words::CLIENTS, clients.to_string()),
            Row::new(words::EXPECTED, count.to_string()),
        ];
        room.fails(cause, None, rows);
    }
}

/// Send one question and expect its answer, while the server runs on its own thread.
fn expect_answer<T>(client: &mut TcpStream, serving: &Background<T>, clients: &str) {
    client.set_read_timeout(Some(Duration::from_secs(1))).expect("a timeout");
    let mut answer = [0; 5];
    let came = client.write_all(b"hello").and_then(|()| client.read_exact(&mut answer));
    match came {
        Ok(()) if &answer == b"HELLO" => {}
        Err(error) if nothing_came(&error) => {
            let rows = vec![
                Row::new(words::THE_CLIENTS, clients),
                Row::new(words::SERVE_HANGS, serving.place()),
                Row::new(words::EXPECTED, words::AN_ANSWER_TO_THE_LAST),
            ];
            fail(Cause::WaitsForOneClient.story(rows));
        }
        _ => lost_connection(serving, clients),
    }
}

/// Send three questions to a server in another process, each after the answer to the one before.
fn expect_answers(server: &mut Server, scene: &Scene, name: &str, client: &mut TcpStream) {
    let answered = returns(Finding::of(words::THREE_ANSWERS)).or(Cause::AcceptErrorEndsTheServer);
    scene.expect_of(name, words::SAYS_HELLO_THREE_TIMES, answered, || {
        for _ in 0..3 {
            let mut answer = [0; 5];
            let came = client.write_all(b"hello").and_then(|()| client.read_exact(&mut answer));
            if came.is_err() {
                // How the client learns of the end (end of stream or reset) depends on timing.
                scene.called("serve", server.last_words());
                return Ok(Finding::of(words::THE_END_OF_ITS_CONNECTION));
            }
            if &answer != b"HELLO" {
                return Ok(Finding::of(words::ANOTHER_ANSWER));
            }
        }
        Ok(Finding::of(words::THREE_ANSWERS))
    });
}

/// Whether calls on this listener never wait; `None` if the system does not show it.
#[cfg(target_os = "linux")]
fn is_nonblocking(listener: &TcpListener) -> Option<bool> {
    // O_NONBLOCK as Linux prints it in proc_pid_fdinfo(5), in octal.
    const NONBLOCKING: u32 = 0o4000;
    let path = format!("/proc/self/fdinfo/{}", listener.as_raw_fd());
    let info = std::fs::read_to_string(path).ok()?;
    let flags = info.lines().find_map(|line| line.strip_prefix("flags:"))?;
    Some(u32::from_str_radix(flags.trim(), 8).ok()? & NONBLOCKING != 0)
}

#[cfg(not(target_os = "linux"))]
fn is_nonblocking(_listener: &TcpListener) -> Option<bool> {
    None
}

/// Make the kernel stop a listener that the server still holds; return whether it did.
#[cfg(unix)]
fn stops_listening(listener: TcpListener) -> bool {
    let socket = TcpStream::from(OwnedFd::from(listener));
    socket.shutdown(Shutdown::Both).is_ok()
}

#[cfg(not(unix))]
fn stops_listening(_listener: TcpListener) -> bool {
    false
}

/// Fail because a client has lost its connection, and report whether the whole server has ended.
fn lost_connection<T>(serving: &Background<T>, clients: &str) -> ! {
    // The client sees the closed connection before the server's call has returned.
    let seen = Instant::now();
    while !serving.is_over() && seen.elapsed() < Duration::from_secs(1) {
        thread::yield_now();
    }
    let (cause, serve) = if serving.is_over() {
        (Cause::ServeEnded, words::HAS_RETURNED)
    } else {
        (Cause::HungUp, words::HAS_CLOSED_A_CONNECTION)
    };
    let rows = vec![
        Row::new(words::THE_CLIENTS, clients),
        Row::new("serve", serve),
        Row::new(words::EXPECTED, words::IT_SERVES_AS_LONG_AS_IT_LISTENS),
    ];
    fail(cause.story(rows));
}

/// A read timeout has two names: WouldBlock on Unix, TimedOut on Windows.
fn nothing_came(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut)
}
