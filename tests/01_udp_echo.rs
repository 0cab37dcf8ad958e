//! Lesson 1, graded: datagrams come back whole to their sender, and a lost question is asked again.
//!
//! ```text
//! | info |  ──▶  | info |        one send_to, one datagram, one recv_from; 0 to 65,507 bytes
//! ```
//!
//! UDP keeps the boundaries of what is sent, and promises nothing else: a datagram may be lost, it may
//! come from any sender, and no message says that a peer has gone. The peers here are real sockets on
//! loopback, and they act on what they receive, never on time. For the client, a server that receives a
//! question and does not reply looks the same as a lost datagram. Try it: let the server of
//! `a_lost_question_is_asked_again` answer at once, and see which programs pass again.

use std::io;
use std::io::ErrorKind::{BrokenPipe, TimedOut, WouldBlock};
use std::mem::MaybeUninit;
use std::net::{Shutdown, SocketAddr, UdpSocket};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use netkata::{
    Background, Cause, LARGEST_DATAGRAM, Scene, Settings, UdpPeer, UdpServer, builds_on,
    fails_with, for_any, graded, hear_of_unreachable_ports, heard, in_background, local_udp_socket,
    other_host, returns,
};
use proptest::collection::vec;
use proptest::prelude::any;
use rstest::rstest;
use socket2::SockRef;
use udp_echo::{ask, echo_one, greet_one, serve};

#[path = "../lessons/01_udp_echo/causes.rs"]
mod causes;
#[path = "../lessons/01_udp_echo/words.rs"]
mod words;

/// A timeout longer than any reply here needs: code that waits this long waits for what never comes.
const AN_HOUR: Duration = Duration::from_secs(3600);

/// A timeout that must run out, and that leaves a peer enough time to reply to the next question.
const A_WHILE: Duration = Duration::from_millis(100);

/// More than a server may count before it gives up.
const MANY: usize = 300;

/// A timeout for silences that are measured: many times as long as kernels round it up by.
const A_SILENCE: Duration = Duration::from_millis(40);

/// A timeout that is no whole number of milliseconds.
const NEARLY_A_MILLISECOND: Duration = Duration::from_micros(900);

/// A timeout for a silence in which no peer has anything to do.
const AN_INSTANT: Duration = Duration::from_millis(10);

#[rstest]
#[case::info("info")]
#[case::hello("hello")]
#[case::one_byte("x")]
#[case::a_line("hello\r\n")]
#[case::a_chinese_character("神")]
fn a_datagram_is_sent_back_unchanged(#[case] datagram: &'static str) {
    graded(move || {
        let scene = Scene::begin();
        let socket = local_udp_socket();
        let client = UdpPeer::new(&scene, words::THE_CLIENT, &socket);
        client.sends(datagram);
        scene.expect("echo_one", returns(()), || echo_one(&socket));
        client.hears(heard(datagram));
    });
}

#[rstest]
#[case::of_1025_bytes(1025)]
#[case::of_65_507_bytes(LARGEST_DATAGRAM)]
fn a_long_datagram_is_sent_back_whole(#[case] length: usize) {
    graded(move || {
        builds_on(a_datagram_is_sent_back_unchanged);
        let datagram = text(length);
        let scene = Scene::begin();
        let socket = local_udp_socket();
        let client = UdpPeer::new(&scene, words::THE_CLIENT, &socket);
        client.sends(&datagram);
        scene.expect("echo_one", returns(()).or(Cause::DatagramCut), || echo_one(&socket));
        client.hears(heard(datagram).or(Cause::DatagramCut));
    });
}

#[test]
fn an_empty_datagram_is_sent_back_too() {
    graded(|| {
        builds_on(a_datagram_is_sent_back_unchanged);
        let scene = Scene::begin();
        let socket = local_udp_socket();
        let client = UdpPeer::new(&scene, words::THE_CLIENT, &socket);
        client.sends("");
        scene
            .expect("echo_one", returns(()).or(causes::EmptyDatagramIsNoEnd), || echo_one(&socket));
        client.hears(heard("").or(causes::EmptyDatagramIsNoEnd));
    });
}

#[test]
fn each_client_gets_its_own_echo() {
    graded(|| {
        let scene = Scene::begin();
        let socket = local_udp_socket();
        let first = UdpPeer::new(&scene, words::THE_FIRST_CLIENT, &socket);
        let second = UdpPeer::new(&scene, words::THE_SECOND_CLIENT, &socket);
        for (client, datagram) in [(&first, "one"), (&second, "two"), (&first, "three")] {
            client.sends(datagram);
            scene.expect("echo_one", returns(()), || echo_one(&socket));
            client.hears(heard(datagram).or(causes::ReplyToAnother));
        }
        first.sends("four");
        second.sends("five");
        for _ in 0..2 {
            scene.expect("echo_one", returns(()), || echo_one(&socket));
        }
        first.hears(heard("four").or(causes::ReplyToAnother));
        second.hears(heard("five").or(causes::ReplyToAnother));
    });
}

#[rstest]
#[case::michael("Michael")]
#[case::tracy("Tracy")]
#[case::sarah("Sarah")]
#[case::a_chinese_name("神")]
#[case::a_name_with_spaces(r" Ada Lovelace ")]
#[case::no_name("")]
fn a_name_is_greeted(#[case] name: &'static str) {
    graded(move || {
        let scene = Scene::begin();
        let socket = local_udp_socket();
        let client = UdpPeer::new(&scene, words::THE_CLIENT, &socket);
        client.sends(name);
        scene.expect("greet_one", returns(()), || greet_one(&socket));
        client.hears(heard(format!(r"Hello, {name}!")));
    });
}

#[test]
fn a_long_name_is_not_cut() {
    graded(|| {
        builds_on(a_name_is_greeted);
        let name = text(5000);
        let scene = Scene::begin();
        let socket = local_udp_socket();
        let client = UdpPeer::new(&scene, words::THE_CLIENT, &socket);
        client.sends(&name);
        scene.expect("greet_one", returns(()).or(Cause::DatagramCut), || greet_one(&socket));
        let greeting = [b"Hello, ", &name[..], b"!"].concat();
        client.hears(heard(greeting).or(Cause::DatagramCut));
    });
}

#[test]
fn a_name_need_not_be_text() {
    graded(|| {
        builds_on(a_name_is_greeted);
        let scene = Scene::begin();
        let socket = local_udp_socket();
        let client = UdpPeer::new(&scene, words::THE_CLIENT, &socket);
        client.sends(b"\xe7\xa5\0x");
        scene.expect("greet_one", returns(()).or(Cause::BytesAreNotText), || greet_one(&socket));
        client.hears(heard(b"Hello, \xe7\xa5\0x!").or(Cause::BytesAreNotText));
    });
}

#[test]
fn errors_of_the_socket_come_back() {
    graded(|| {
        builds_on(a_datagram_is_sent_back_unchanged);
        builds_on(a_name_is_greeted);
        let scene = Scene::begin();
        let socket = local_udp_socket();
        socket.set_nonblocking(true).expect("a socket has a mode");
        scene.happened(words::THE_SOCKET_DOES_NOT_WAIT);
        for (name, call) in [("echo_one", echo_one as Call), ("greet_one", greet_one)] {
            let nothing_there = fails_with(WouldBlock).or(causes::ErrorHidden);
            let nothing_there = nothing_there.or_when_it_waits(causes::ErrorHidden);
            scene.expect(name, nothing_there, || call(&socket));
        }
        // With it the greeting is longer than any datagram.
        let scene = Scene::begin();
        let socket = local_udp_socket();
        let client = UdpPeer::new(&scene, words::THE_CLIENT, &socket);
        client.sends(text(LARGEST_DATAGRAM));
        let too_long = socket.send_to(&text(LARGEST_DATAGRAM + 8), client.address());
        let error = too_long.expect_err("the greeting is too long for a datagram").kind();
        scene.expect("greet_one", fails_with(error).or(causes::ErrorHidden), || greet_one(&socket));

        let scene = Scene::begin();
        let socket = local_udp_socket();
        if sends_nothing_any_more(&socket) {
            scene.happened(words::THE_SOCKET_SENDS_NOTHING);
            UdpPeer::new(&scene, words::THE_CLIENT, &socket).sends("hello");
            let lost = fails_with(BrokenPipe).or(causes::ErrorHidden);
            scene.expect("echo_one", lost, || echo_one(&socket));
        }
    });
}

#[test]
fn clients_are_served_one_after_another() {
    graded(|| {
        let scene = Scene::begin();
        let server = UdpServer::begin(&scene, local_udp_socket(), serve);
        for name in [words::THE_FIRST_CLIENT, words::THE_SECOND_CLIENT, words::THE_THIRD_CLIENT] {
            let client = UdpPeer::new(&scene, name, server.socket());
            client.sends("hello");
            client.awaits(server.call(), heard("hello").or(Cause::ServesOneAndEnds));
        }
    });
}

#[test]
fn an_empty_datagram_does_not_end_the_server() {
    graded(|| {
        builds_on(clients_are_served_one_after_another);
        let scene = Scene::begin();
        let server = UdpServer::begin(&scene, local_udp_socket(), serve);
        let client = UdpPeer::new(&scene, words::THE_CLIENT, server.socket());
        for datagram in ["one", "two"] {
            client.sends(datagram);
            client.awaits(server.call(), heard(datagram).or(Cause::ServesOneAndEnds));
        }
        for datagram in ["", "three"] {
            client.sends(datagram);
            client.awaits(server.call(), heard(datagram).or(causes::EmptyDatagramIsNoEnd));
        }
    });
}

#[test]
fn datagrams_of_any_size_are_served_in_turn() {
    graded(|| {
        builds_on(clients_are_served_one_after_another);
        let scene = Scene::begin();
        let server = UdpServer::begin(&scene, local_udp_socket(), serve);
        let client = UdpPeer::new(&scene, words::THE_CLIENT, server.socket());
        for length in [5, 2, 1025, LARGEST_DATAGRAM, 5] {
            client.sends(text(length));
            client.awaits(server.call(), heard(text(length)).or(Cause::ServesOneAndEnds));
        }
    });
}

#[test]
fn a_closed_client_does_not_stop_the_server() {
    graded(|| {
        builds_on(clients_are_served_one_after_another);
        let scene = Scene::begin();
        let socket = local_udp_socket();
        hear_of_unreachable_ports(&socket);
        let leaving = UdpPeer::new(&scene, words::THE_FIRST_CLIENT, &socket);
        let staying = UdpPeer::new(&scene, words::THE_SECOND_CLIENT, &socket);
        leaving.sends("bye");
        drop(leaving);
        scene.happened(words::THE_FIRST_CLIENT_IS_GONE);
        let server = UdpServer::begin(&scene, socket, serve);
        // A send may report the error too, and then sends nothing: that echo is lost.
        for _ in 0..2 {
            staying.asks_until_heard(server.call(), b"hello", Cause::UnreachableIsNoFailure);
        }
        // However many there are. What the socket itself sends there is reported to it in the same way.
        let gone = a_closed_port();
        for _ in 0..MANY {
            let _ = server.socket().send_to(b"bye", address_of(&gone));
            waits_again(server.call());
        }
        scene.happened(words::HUNDREDS_OF_REPLIES_FIND_NOBODY);
        staying.asks_until_heard(server.call(), b"hello", Cause::UnreachableIsNoFailure);
    });
}

#[test]
fn a_permanent_socket_error_ends_the_server() {
    graded(|| {
        builds_on(clients_are_served_one_after_another);
        let scene = Scene::begin();
        let server = UdpServer::begin(&scene, local_udp_socket(), serve);
        let client = UdpPeer::new(&scene, words::THE_CLIENT, server.socket());
        for datagram in ["one", "two"] {
            client.sends(datagram);
            client.awaits(server.call(), heard(datagram).or(Cause::ServesOneAndEnds));
        }
        server.ends_with_its_socket(Cause::SwallowsEveryError);
    });
}

#[test]
fn a_reply_that_cannot_be_sent_is_lost() {
    graded(|| {
        builds_on(a_permanent_socket_error_ends_the_server);
        let scene = Scene::begin();
        let socket = local_udp_socket();
        if !sends_nothing_any_more(&socket) {
            return;
        }
        scene.happened(words::THE_SOCKET_SENDS_NOTHING);
        let server = UdpServer::begin(&scene, socket, serve);
        let client = UdpPeer::new(&scene, words::THE_CLIENT, server.socket());
        (0..MANY).for_each(|_| client.sends("hello"));
        // It returns the error of the receive, and not that of the reply.
        server.ends_with_its_socket(causes::OneReplyIsNotTheServer);
    });
}

#[test]
fn an_interruption_does_not_stop_the_server() {
    graded(|| {
        builds_on(clients_are_served_one_after_another);
        let scene = Scene::begin();
        let socket = local_udp_socket();
        // A wait that has a limit is the one that a signal interrupts (signal(7)).
        socket.set_read_timeout(Some(AN_HOUR)).expect("a socket takes a timeout");
        let server = UdpServer::begin(&scene, socket, serve);
        let client = UdpPeer::new(&scene, words::THE_CLIENT, server.socket());
        client.sends("one");
        client.awaits(server.call(), heard("one").or(Cause::ServesOneAndEnds));
        for datagram in ["two", "three"] {
            if server.call().interrupt() {
                scene.happened(words::A_SIGNAL_INTERRUPTS_SERVE);
            }
            client.sends(datagram);
            client.awaits(server.call(), heard(datagram).or(Cause::InterruptedIsNoFailure));
        }
    });
}

#[rstest]
#[case::an_echo("info", "info", AN_HOUR)]
#[case::a_variant("hello", "received", AN_HOUR)]
#[case::a_greeting("Michael", r"Hello, Michael!", AN_HOUR)]
#[case::with_the_longest_timeout("info", "info", Duration::MAX)]
fn a_question_is_answered(
    #[case] question: &'static str,
    #[case] reply: &'static str,
    #[case] timeout: Duration,
) {
    graded(move || {
        let it = asked(question, timeout);
        it.server.sends(reply);
        it.scene.expect("ask", returns(reply.into()), || it.asking.join());
        it.server.hears_no_more(causes::AsksTooOften);
    });
}

#[rstest]
#[case::of_0_bytes(0, 0, causes::EmptyDatagramIsNoEnd)]
#[case::of_1025_bytes(1025, 1025, Cause::DatagramCut)]
#[case::a_long_question(LARGEST_DATAGRAM, 1, Cause::DatagramCut)]
#[case::a_long_reply(1, LARGEST_DATAGRAM, Cause::DatagramCut)]
fn questions_and_replies_may_have_any_size(
    #[case] question: usize,
    #[case] reply: usize,
    #[case] cause: Cause,
) {
    graded(move || {
        builds_on(a_question_is_answered);
        let it = asks(local_udp_socket(), &text(question), AN_HOUR);
        it.server.awaits(&it.asking, heard(text(question)).or(cause.clone()));
        it.server.sends(text(reply));
        it.scene.expect("ask", returns(text(reply)).or(cause), || it.asking.join());
    });
}

#[rstest]
#[case::at_another_port(false)]
#[case::at_another_host(true)]
fn only_replies_from_the_server_are_accepted(#[case] same_port: bool) {
    graded(move || {
        builds_on(a_question_is_answered);
        let it = asked(r"the time?", AN_HOUR);
        let stranger = if same_port {
            // Not every system has 127.0.0.2 on its loopback.
            UdpPeer::at(other_host(it.server.address()), &it.scene, words::A_STRANGER, &it.socket)
        } else {
            Some(UdpPeer::new(&it.scene, words::A_STRANGER, &it.socket))
        };
        if let Some(stranger) = stranger {
            stranger.sends("midnight");
        }
        it.server.sends("noon");
        let truth = returns(b"noon".to_vec()).or(causes::StrangerBelieved);
        it.scene.expect("ask", truth, || it.asking.join());
    });
}

#[rstest]
#[case::once(1)]
#[case::twice(2)]
fn a_lost_question_is_asked_again(#[case] lost: u32) {
    graded(move || {
        builds_on(a_question_is_answered);
        // On a busy machine a reply may be too late, which proves nothing: the next one gets more time.
        for turn in 0..8 {
            let timeout = AN_INSTANT * 2_u32.pow(turn);
            let it = asked("info", timeout);
            for _ in 0..lost {
                it.scene.happened(words::THE_SERVER_STAYS_SILENT);
                it.server.awaits(&it.asking, heard("info").or(Cause::WaitsForEver));
            }
            it.server.sends("info");
            // A right answer has waited one timeout for each lost question, and now waits another one.
            let is_in_time = it.began.elapsed() < timeout * (lost + 1);
            let reply = it.asking.join();
            if !is_in_time && reply.as_ref().is_err_and(|error| error.kind() == TimedOut) {
                continue;
            }
            let whole = returns(b"info".to_vec()).or(Cause::GivesUpTooSoon);
            return it.scene.expect("ask", whole, || reply);
        }
    });
}

#[test]
fn every_wait_is_as_long_as_the_first() {
    graded(|| {
        builds_on(a_lost_question_is_asked_again);
        let it = asked("info", A_SILENCE);
        // A right answer has never waited less, however busy the machine is.
        let mut is_shorter = false;
        for lost in 1..=3 {
            waits_again(&it.asking);
            // Kernels round a limit up, by a few milliseconds at most.
            let limit = it.socket.read_timeout().expect("a socket has a read timeout, or none");
            let is_longer =
                it.asking.waits_to_read() && limit.is_some_and(|limit| limit > A_SILENCE * 3 / 2);
            let no_longer = returns(false).or(causes::WaitsLongerEachTime);
            it.scene.expect_of("ask", words::WAITS_LONGER_THAN_ITS_TIMEOUT, no_longer, || {
                Ok(is_longer)
            });
            it.scene.happened(words::THE_SERVER_STAYS_SILENT);
            if lost < 3 {
                it.server.awaits(&it.asking, heard("info").or(Cause::WaitsForEver));
                is_shorter |= it.began.elapsed() < A_SILENCE * lost;
            }
        }
        it.server.awaits_the_end(&it.asking, causes::NeverGivesUp);
        it.scene.expect("ask", fails_with(TimedOut), || it.asking.join());
        is_shorter |= it.began.elapsed() < A_SILENCE * 3;
        expect_not_shorter(&it.scene, is_shorter, causes::WaitsTooShort);
    });
}

#[test]
fn an_interruption_is_not_a_silence() {
    graded(|| {
        builds_on(a_question_is_answered);
        let it = asked("info", AN_HOUR);
        for _ in 0..2 {
            if it.asking.interrupt() {
                it.scene.happened(words::A_SIGNAL_INTERRUPTS_ASK);
            }
        }
        it.server.sends("info");
        let reply = returns(b"info".to_vec()).or(Cause::InterruptedIsNoFailure);
        it.scene.expect("ask", reply, || it.asking.join());
        it.server.hears_no_more(Cause::InterruptedIsNoFailure);

        let it = asked("info", AN_HOUR);
        a_moment_passes(&it.asking);
        if it.asking.interrupt() {
            it.scene.happened(words::A_SIGNAL_INTERRUPTS_ASK);
            expect_less_than_an_hour(
                &it.scene,
                &it.asking,
                &it.socket,
                causes::InterruptionProlongsTheWait,
            );
        }
        it.server.sends("info");
        it.scene.expect("ask", returns(b"info".to_vec()), || it.asking.join());
    });
}

#[test]
fn silence_is_an_error_after_three_questions() {
    graded(|| {
        builds_on(a_lost_question_is_asked_again);
        let it = asked("info", AN_INSTANT);
        for _ in 0..2 {
            it.scene.happened(words::THE_SERVER_STAYS_SILENT);
            it.server.awaits(&it.asking, heard("info").or(Cause::WaitsForEver));
        }
        it.scene.happened(words::THE_SERVER_STAYS_SILENT);
        it.server.awaits_the_end(&it.asking, causes::NeverGivesUp);
        it.scene.expect("ask", fails_with(TimedOut), || it.asking.join());
    });
}

#[test]
fn a_timeout_below_a_millisecond_is_one_too() {
    graded(|| {
        builds_on(silence_is_an_error_after_three_questions);
        let scene = Scene::begin();
        let socket = local_udp_socket();
        let server = UdpPeer::new(&scene, words::THE_SERVER, &socket);
        scene.happened(words::THE_TIMEOUT_IS_BELOW_A_MILLISECOND);
        let mut waited = Duration::ZERO;
        let silence = fails_with(TimedOut).or(Cause::NoTimeIsNoTimeout);
        scene.expect("ask", silence.or_when_it_waits(Cause::NoTimeIsNoTimeout), || {
            let began = Instant::now();
            let reply = ask(&socket, server.address(), b"info", NEARLY_A_MILLISECOND);
            waited = began.elapsed();
            reply
        });
        expect_not_shorter(&scene, waited < NEARLY_A_MILLISECOND * 3, causes::WaitsTooShort);
        for _ in 0..3 {
            server.hears(heard("info").or(Cause::GivesUpTooSoon));
        }
    });
}

#[test]
fn a_timeout_of_zero_does_not_wait() {
    graded(|| {
        builds_on(a_lost_question_is_asked_again);
        builds_on(silence_is_an_error_after_three_questions);
        let it = asks(local_udp_socket(), b"info", Duration::ZERO);
        for _ in 0..3 {
            it.server.awaits(&it.asking, heard("info").or(Cause::WaitsForEver));
        }
        it.server.awaits_the_end(&it.asking, causes::NeverGivesUp);
        it.scene
            .expect("ask", fails_with(TimedOut).or(Cause::NoTimeIsNoTimeout), || it.asking.join());

        // A busy machine delays some calls, but not every one.
        let is_quick = || {
            let began = Instant::now();
            let _ = ask(&it.socket, it.server.address(), b"info", Duration::ZERO);
            began.elapsed() < Duration::from_millis(3)
        };
        let waits = !(0..30).any(|_| is_quick());
        let at_once = returns(false).or(causes::WaitsWithoutTime);
        it.scene.expect_of("ask", words::WAITS_LONGER_THAN_ITS_TIMEOUT, at_once, || Ok(waits));
    });
}

#[test]
fn a_stranger_does_not_cost_a_try() {
    graded(|| {
        builds_on(only_replies_from_the_server_are_accepted);
        builds_on(a_question_is_answered);
        let it = asked("info", AN_HOUR);
        let stranger = UdpPeer::new(&it.scene, words::A_STRANGER, &it.socket);
        for _ in 0..3 {
            stranger.sends("noise");
        }
        it.server.sends(r"noise, and more");
        let reply = returns(b"noise, and more".to_vec()).or(causes::StrangerCostsATry);
        it.scene.expect("ask", reply, || it.asking.join());
        it.server.hears_no_more(causes::StrangerCostsATry);
    });
}

#[test]
fn a_stranger_does_not_extend_the_wait() {
    graded(|| {
        builds_on(only_replies_from_the_server_are_accepted);
        builds_on(a_lost_question_is_asked_again);
        let it = asked("info", A_WHILE);
        let stranger = UdpPeer::new(&it.scene, words::A_STRANGER, &it.socket);
        // It is enough that it asks again: with this many datagrams a reply might be lost.
        let again = heard("info").or(causes::StrangerProlongsTheWait);
        it.server.awaits_amid_noise(&it.asking, &stranger, again);
        let is_shorter = it.began.elapsed() < A_WHILE;
        expect_not_shorter(&it.scene, is_shorter, causes::StrangerCostsATry);

        // A single datagram does not extend it either.
        let it = asked("info", AN_HOUR);
        let stranger = UdpPeer::new(&it.scene, words::A_STRANGER, &it.socket);
        a_moment_passes(&it.asking);
        stranger.sends("noise");
        while !it.asking.is_over() && is_something_unread(&it.socket) {
            thread::yield_now();
        }
        expect_less_than_an_hour(
            &it.scene,
            &it.asking,
            &it.socket,
            causes::StrangerProlongsTheWait,
        );
        it.server.sends("info");
        it.scene.expect("ask", returns(b"info".to_vec()), || it.asking.join());
    });
}

#[test]
fn an_error_about_another_datagram_is_ignored() {
    graded(|| {
        builds_on(a_lost_question_is_asked_again);
        let gone = a_closed_port();
        let socket = local_udp_socket();
        hear_of_unreachable_ports(&socket);
        // If `ask` has not yet seen the last error, this send reports it: then nothing is sent.
        let send_to_a_closed_port = |socket: &UdpSocket| {
            let _ = socket.send_to(b"anybody?", address_of(&gone));
        };
        send_to_a_closed_port(&socket);
        let it = asks(socket, b"info", A_WHILE);
        it.scene.happened(words::ANOTHER_DATAGRAM_FOUND_NOBODY);
        it.server.awaits(&it.asking, heard("info").or(Cause::UnreachableIsNoFailure));
        send_to_a_closed_port(&it.socket);
        it.scene.happened(words::ANOTHER_DATAGRAM_FINDS_NOBODY);
        it.server.sends("info");
        let reply = returns(b"info".to_vec()).or(Cause::UnreachableIsNoFailure);
        it.scene.expect("ask", reply, || it.asking.join());

        let socket = local_udp_socket();
        hear_of_unreachable_ports(&socket);
        let it = asks(socket, b"info", AN_HOUR);
        it.server.awaits(&it.asking, heard("info"));
        for _ in 0..2 {
            waits_again(&it.asking);
            send_to_a_closed_port(&it.socket);
            it.scene.happened(words::ANOTHER_DATAGRAM_FINDS_NOBODY);
        }
        it.server.sends("info");
        let reply = returns(b"info".to_vec()).or(Cause::UnreachableIsNoFailure);
        it.scene.expect("ask", reply, || it.asking.join());
        it.server.hears_no_more(causes::AsksTooOften);
    });
}

#[test]
fn a_question_too_long_for_a_datagram_fails() {
    graded(|| {
        builds_on(a_lost_question_is_asked_again);
        let scene = Scene::begin();
        let socket = local_udp_socket();
        let server = UdpPeer::new(&scene, words::THE_SERVER, &socket).address();
        let question = text(LARGEST_DATAGRAM + 1);
        let error =
            socket.send_to(&question, server).expect_err("the question is too long for a datagram");
        scene.happened(words::send_to_fails(format_args!("{:?}", error.kind())));
        // It fails the same way each time: asking again is useless, and no server was silent.
        let the_same = fails_with(error.kind()).or(Cause::SwallowsEveryError);
        scene.expect("ask", the_same, || ask(&socket, server, &question, AN_INSTANT));
    });
}

#[rstest]
#[case::with_no_timeout(None)]
#[case::with_a_timeout_of_its_own(Some(Duration::from_secs(7200)))]
fn the_socket_is_left_unchanged(#[case] timeout: Option<Duration>) {
    graded(move || {
        builds_on(a_question_is_answered);
        builds_on(only_replies_from_the_server_are_accepted);
        builds_on(a_lost_question_is_asked_again);
        builds_on(silence_is_an_error_after_three_questions);
        builds_on(a_question_too_long_for_a_datagram_fails);
        let socket = local_udp_socket();
        socket.set_read_timeout(timeout).expect("a socket takes a timeout");
        let as_before = returns(Settings::of(&socket)).or(Cause::SocketLeftChanged);
        let is_as_before = |scene: &Scene, socket: &UdpSocket| {
            scene.expect_of(
                words::THE_CALLER,
                words::LOOKS_AT_THE_SOCKET,
                as_before.clone(),
                || Ok(Settings::of(socket)),
            );
        };
        let it = asks(socket, b"info", AN_HOUR);
        it.server.awaits(&it.asking, heard("info"));
        it.server.sends("info");
        it.scene.expect("ask", returns(b"info".to_vec()), || it.asking.join());
        is_as_before(&it.scene, &it.socket);

        let server = it.server.address();
        for timeout in [AN_INSTANT, Duration::ZERO] {
            it.scene
                .expect("ask", fails_with(TimedOut), || ask(&it.socket, server, b"info", timeout));
            is_as_before(&it.scene, &it.socket);
        }

        let too_long = text(LARGEST_DATAGRAM + 1);
        let error =
            it.socket.send_to(&too_long, server).expect_err("it is too long for a datagram");
        it.scene.happened(words::send_to_fails(format_args!("{:?}", error.kind())));
        let the_same = fails_with(error.kind()).or(Cause::SwallowsEveryError);
        it.scene.expect("ask", the_same, || ask(&it.socket, server, &too_long, AN_HOUR));
        is_as_before(&it.scene, &it.socket);
    });
}

#[test]
fn every_datagram_goes_back_to_its_sender() {
    graded(|| {
        builds_on(a_datagram_is_sent_back_unchanged);
        builds_on(a_long_datagram_is_sent_back_whole);
        builds_on(an_empty_datagram_is_sent_back_too);
        let datagrams = vec((0..3_usize, vec(any::<u8>(), 0..100)), 1..6);
        for_any([], datagrams, |datagrams| {
            let scene = Scene::begin();
            let socket = local_udp_socket();
            let names =
                [words::THE_FIRST_CLIENT, words::THE_SECOND_CLIENT, words::THE_THIRD_CLIENT];
            let clients = names.map(|name| UdpPeer::new(&scene, name, &socket));
            for (client, datagram) in datagrams {
                clients[*client].sends(datagram);
            }
            for _ in datagrams {
                scene.expect("echo_one", returns(()), || echo_one(&socket));
            }
            for (client, datagram) in datagrams {
                clients[*client].hears(heard(datagram).or(causes::ReplyToAnother));
            }
        });
    });
}

type Call = fn(&UdpSocket) -> io::Result<()>;

/// Let each send on this socket fail with `BrokenPipe`, while it still receives; false where that is not
/// possible.
fn sends_nothing_any_more(socket: &UdpSocket) -> bool {
    if !cfg!(target_os = "linux") {
        return false;
    }
    // Only a connected socket can be shut down; without a port it receives from all clients.
    hear_of_unreachable_ports(socket);
    SockRef::from(socket).shutdown(Shutdown::Write).is_ok()
}

/// A call of `ask` in the background, and the server that it asks.
struct Conversation {
    scene: Scene,
    socket: Arc<UdpSocket>,
    server: UdpPeer,
    /// A moment before the call.
    began: Instant,
    asking: Background<io::Result<Vec<u8>>>,
}

/// Let `ask` begin, until the server has received its first question.
fn asked(question: impl AsRef<[u8]>, timeout: Duration) -> Conversation {
    let conversation = asks(local_udp_socket(), question.as_ref(), timeout);
    conversation.server.awaits(&conversation.asking, heard(question));
    conversation
}

/// Let `ask` begin on this socket.
fn asks(socket: UdpSocket, question: &[u8], timeout: Duration) -> Conversation {
    let scene = Scene::begin();
    let socket = Arc::new(socket);
    let server = UdpPeer::new(&scene, words::THE_SERVER, &socket);
    scene.happened(words::ASK_BEGINS);
    let began = Instant::now();
    let (own, address, question) = (Arc::clone(&socket), server.address(), question.to_vec());
    let asking = in_background("ask", move || ask(&own, address, &question, timeout));
    Conversation { scene, socket, server, began, asking }
}

/// Let `ask` wait so long that every clock has advanced, even the kernel's own, which may tick every 10 ms.
fn a_moment_passes(asking: &Background<io::Result<Vec<u8>>>) {
    waits_again(asking);
    let began = Instant::now();
    while began.elapsed() < AN_INSTANT {
        thread::yield_now();
    }
}

/// A port that no other socket can get, and at which nobody hears: its socket is connected to itself.
fn a_closed_port() -> UdpSocket {
    let socket = local_udp_socket();
    socket.connect(address_of(&socket)).expect("its own address is an address");
    socket
}

fn address_of(socket: &UdpSocket) -> SocketAddr {
    socket.local_addr().expect("a bound socket has an address")
}

/// Wait until a call waits; code that never waits has no limit to look at.
fn waits_again<T>(call: &Background<T>) {
    for _ in 0..10_000 {
        if call.is_over() || !call.computes() {
            break;
        }
        thread::yield_now();
    }
}

/// Fail with a story of `cause` if `ask` has waited for less than its timeout.
fn expect_not_shorter(scene: &Scene, is_shorter: bool, cause: Cause) {
    if is_shorter {
        let shorter = words::WAITS_SHORTER_THAN_ITS_TIMEOUT;
        scene.expect_of("ask", shorter, returns(false).or(cause), || Ok(true));
    }
}

/// Expect `ask`, which began a moment ago with an hour, to wait for no more than the rest of it.
fn expect_less_than_an_hour(
    scene: &Scene,
    asking: &Background<io::Result<Vec<u8>>>,
    socket: &UdpSocket,
    cause: Cause,
) {
    waits_again(asking);
    // An answer that limits its wait in another way sets no timeout, and is also right.
    let waits = asking.waits_to_read();
    let limit = socket.read_timeout().expect("a socket has a read timeout, or none");
    let is_longer = waits && limit.is_some_and(|it| it >= AN_HOUR);
    scene.expect_of("ask", words::WAITS_LONGER_THAN_ITS_TIMEOUT, returns(false).or(cause), || {
        Ok(is_longer)
    });
}

/// Whether a datagram lies unread in this socket; false where that cannot be seen without a wait.
fn is_something_unread(socket: &UdpSocket) -> bool {
    const PEEK_WITHOUT_WAITING: i32 = 0x42; // MSG_PEEK | MSG_DONTWAIT
    cfg!(target_os = "linux")
        && SockRef::from(socket)
            .recv_with_flags(&mut [MaybeUninit::uninit()], PEEK_WITHOUT_WAITING)
            .is_ok()
}

fn text(length: usize) -> Vec<u8> {
    (b'a'..=b'z').cycle().take(length).collect()
}
