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
use std::net::{Shutdown, UdpSocket};
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
const A_WHILE: Duration = Duration::from_millis(150);

/// A timeout for a silence in which no peer has anything to do.
const AN_INSTANT: Duration = Duration::from_millis(20);

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
        UdpPeer::new(&scene, words::THE_CLIENT, server.socket()).sends("hello");
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
        if interrupts_a_read(server.call()) {
            scene.happened(words::A_SIGNAL_INTERRUPTS_SERVE);
            client.sends("two");
            client.awaits(server.call(), heard("two").or(Cause::InterruptedIsNoFailure));
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
        let scene = Scene::begin();
        let socket = Arc::new(local_udp_socket());
        let server = UdpPeer::new(&scene, words::THE_SERVER, &socket);
        let asking = begin_to_ask(&scene, &socket, &server, question.as_bytes(), timeout);
        server.awaits(&asking, heard(question));
        server.sends(reply);
        scene.expect("ask", returns(reply.into()), || asking.join());
        server.hears_no_more(causes::AsksTooOften);
    });
}

#[rstest]
#[case::of_0_bytes(0, causes::EmptyDatagramIsNoEnd)]
#[case::of_1025_bytes(1025, Cause::DatagramCut)]
#[case::of_65_507_bytes(LARGEST_DATAGRAM, Cause::DatagramCut)]
fn questions_and_replies_may_have_any_size(#[case] length: usize, #[case] cause: Cause) {
    graded(move || {
        builds_on(a_question_is_answered);
        let scene = Scene::begin();
        let socket = Arc::new(local_udp_socket());
        let server = UdpPeer::new(&scene, words::THE_SERVER, &socket);
        let asking = begin_to_ask(&scene, &socket, &server, &text(length), AN_HOUR);
        server.awaits(&asking, heard(text(length)).or(cause.clone()));
        server.sends(text(length));
        scene.expect("ask", returns(text(length)).or(cause), || asking.join());
    });
}

#[rstest]
#[case::at_another_port(false)]
#[case::at_another_host(true)]
fn only_replies_from_the_server_are_accepted(#[case] same_port: bool) {
    graded(move || {
        builds_on(a_question_is_answered);
        let scene = Scene::begin();
        let socket = Arc::new(local_udp_socket());
        let server = UdpPeer::new(&scene, words::THE_SERVER, &socket);
        let stranger = if same_port {
            // Not every system has 127.0.0.2 on its loopback.
            UdpPeer::at(other_host(server.address()), &scene, words::A_STRANGER, &socket)
        } else {
            Some(UdpPeer::new(&scene, words::A_STRANGER, &socket))
        };
        let Some(stranger) = stranger else { return };
        let asking = begin_to_ask(&scene, &socket, &server, b"the time?", AN_HOUR);
        server.awaits(&asking, heard(r"the time?"));
        stranger.sends("midnight");
        server.sends("noon");
        let truth = returns(b"noon".to_vec()).or(causes::StrangerBelieved);
        scene.expect("ask", truth, || asking.join());
    });
}

#[rstest]
#[case::once(1)]
#[case::twice(2)]
fn a_lost_question_is_asked_again(#[case] lost: usize) {
    graded(move || {
        builds_on(a_question_is_answered);
        // On a busy machine the reply may come too late: the second time there is more time for it.
        for timeout in [A_WHILE / 3, A_WHILE * 4] {
            let scene = Scene::begin();
            let socket = Arc::new(local_udp_socket());
            let server = UdpPeer::new(&scene, words::THE_SERVER, &socket);
            let asking = begin_to_ask(&scene, &socket, &server, b"info", timeout);
            server.awaits(&asking, heard("info"));
            for _ in 0..lost {
                scene.happened(words::THE_SERVER_STAYS_SILENT);
                server.awaits(&asking, heard("info").or(Cause::WaitsForEver));
            }
            server.sends("info");
            let reply = asking.join();
            if timeout < A_WHILE && reply.as_ref().is_err_and(|error| error.kind() == TimedOut) {
                continue;
            }
            let whole = returns(b"info".to_vec()).or(Cause::GivesUpTooSoon);
            return scene.expect("ask", whole, || reply);
        }
    });
}

#[test]
fn every_wait_is_as_long_as_the_first() {
    graded(|| {
        builds_on(a_lost_question_is_asked_again);
        let scene = Scene::begin();
        let socket = Arc::new(local_udp_socket());
        let server = UdpPeer::new(&scene, words::THE_SERVER, &socket);
        let asking = begin_to_ask(&scene, &socket, &server, b"info", A_WHILE);
        for _ in 0..3 {
            server.awaits(&asking, heard("info").or(Cause::WaitsForEver));
            waits_again(&asking);
            // Kernels round a limit up, by a few milliseconds at most.
            let limit = socket.read_timeout().expect("a socket has a read timeout, or none");
            let is_longer = asking.waits_to_read() && limit.is_some_and(|it| it > A_WHILE * 3 / 2);
            let no_longer = returns(false).or(causes::WaitsLongerEachTime);
            scene.expect_of("ask", words::WAITS_LONGER_THAN_ITS_TIMEOUT, no_longer, || {
                Ok(is_longer)
            });
            scene.happened(words::THE_SERVER_STAYS_SILENT);
        }
        server.awaits_the_end(&asking, causes::NeverGivesUp);
        scene.expect("ask", fails_with(TimedOut), || asking.join());
    });
}

#[test]
fn an_interruption_is_not_a_silence() {
    graded(|| {
        builds_on(a_question_is_answered);
        let scene = Scene::begin();
        let socket = Arc::new(local_udp_socket());
        let server = UdpPeer::new(&scene, words::THE_SERVER, &socket);
        let asking = begin_to_ask(&scene, &socket, &server, b"info", AN_HOUR);
        server.awaits(&asking, heard("info"));
        if interrupts_a_read(&asking) {
            scene.happened(words::A_SIGNAL_INTERRUPTS_ASK);
        }
        server.sends("info");
        let reply = returns(b"info".to_vec()).or(Cause::InterruptedIsNoFailure);
        scene.expect("ask", reply, || asking.join());
        server.hears_no_more(Cause::InterruptedIsNoFailure);

        let scene = Scene::begin();
        let asking = begin_to_ask(&scene, &socket, &server, b"info", AN_HOUR);
        server.awaits(&asking, heard("info"));
        a_moment_passes(&asking);
        if interrupts_a_read(&asking) {
            scene.happened(words::A_SIGNAL_INTERRUPTS_ASK);
            expect_less_than_an_hour(&scene, &asking, &socket, causes::InterruptionProlongsTheWait);
        }
        server.sends("info");
        scene.expect("ask", returns(b"info".to_vec()), || asking.join());
    });
}

#[test]
fn silence_is_an_error_after_three_questions() {
    graded(|| {
        builds_on(a_lost_question_is_asked_again);
        let scene = Scene::begin();
        let socket = Arc::new(local_udp_socket());
        let server = UdpPeer::new(&scene, words::THE_SERVER, &socket);
        let asking = begin_to_ask(&scene, &socket, &server, b"info", AN_INSTANT);
        for _ in 0..3 {
            server.awaits(&asking, heard("info").or(Cause::WaitsForEver));
            scene.happened(words::THE_SERVER_STAYS_SILENT);
        }
        server.awaits_the_end(&asking, causes::NeverGivesUp);
        scene.expect("ask", fails_with(TimedOut), || asking.join());
    });
}

#[test]
fn a_timeout_of_zero_does_not_wait() {
    graded(|| {
        builds_on(a_lost_question_is_asked_again);
        builds_on(silence_is_an_error_after_three_questions);
        let scene = Scene::begin();
        let socket = Arc::new(local_udp_socket());
        let server = UdpPeer::new(&scene, words::THE_SERVER, &socket);
        let asking = begin_to_ask(&scene, &socket, &server, b"info", Duration::ZERO);
        for _ in 0..3 {
            server.awaits(&asking, heard("info").or(Cause::WaitsForEver));
        }
        server.awaits_the_end(&asking, causes::NeverGivesUp);
        scene.expect("ask", fails_with(TimedOut).or(Cause::NoTimeIsNoTimeout), || asking.join());
    });
}

#[test]
fn a_stranger_does_not_cost_a_try() {
    graded(|| {
        builds_on(only_replies_from_the_server_are_accepted);
        builds_on(a_question_is_answered);
        let scene = Scene::begin();
        let socket = Arc::new(local_udp_socket());
        let server = UdpPeer::new(&scene, words::THE_SERVER, &socket);
        let stranger = UdpPeer::new(&scene, words::A_STRANGER, &socket);
        let asking = begin_to_ask(&scene, &socket, &server, b"info", AN_HOUR);
        server.awaits(&asking, heard("info"));
        for _ in 0..3 {
            stranger.sends("noise");
        }
        server.sends(r"noise, and more");
        let reply = returns(b"noise, and more".to_vec()).or(causes::StrangerCostsATry);
        scene.expect("ask", reply, || asking.join());
        server.hears_no_more(causes::StrangerCostsATry);
    });
}

#[test]
fn a_stranger_does_not_extend_the_wait() {
    graded(|| {
        builds_on(only_replies_from_the_server_are_accepted);
        builds_on(a_lost_question_is_asked_again);
        let scene = Scene::begin();
        let socket = Arc::new(local_udp_socket());
        let server = UdpPeer::new(&scene, words::THE_SERVER, &socket);
        let stranger = UdpPeer::new(&scene, words::A_STRANGER, &socket);
        let asking = begin_to_ask(&scene, &socket, &server, b"info", A_WHILE);
        server.awaits(&asking, heard("info"));
        // It is enough that it asks again: with this many datagrams a reply might be lost.
        let again = heard("info").or(causes::StrangerProlongsTheWait);
        server.awaits_amid_noise(&asking, &stranger, again);

        // A single datagram does not extend it either.
        let scene = Scene::begin();
        let socket = Arc::new(local_udp_socket());
        let server = UdpPeer::new(&scene, words::THE_SERVER, &socket);
        let stranger = UdpPeer::new(&scene, words::A_STRANGER, &socket);
        let asking = begin_to_ask(&scene, &socket, &server, b"info", AN_HOUR);
        server.awaits(&asking, heard("info"));
        a_moment_passes(&asking);
        stranger.sends("noise");
        while !asking.is_over() && is_something_unread(&socket) {
            thread::yield_now();
        }
        expect_less_than_an_hour(&scene, &asking, &socket, causes::StrangerProlongsTheWait);
        server.sends("info");
        scene.expect("ask", returns(b"info".to_vec()), || asking.join());
    });
}

#[test]
fn an_error_about_another_datagram_is_ignored() {
    graded(|| {
        builds_on(a_lost_question_is_asked_again);
        let scene = Scene::begin();
        let socket = Arc::new(local_udp_socket());
        hear_of_unreachable_ports(&socket);
        let server = UdpPeer::new(&scene, words::THE_SERVER, &socket);
        let gone = UdpPeer::new(&scene, words::ANOTHER_SERVER, &socket).address();
        let send_to_a_closed_port = || {
            socket.send_to(b"anybody?", gone).expect("a send to a closed port succeeds");
            scene.happened(words::ANOTHER_DATAGRAM_FINDS_NOBODY);
        };
        send_to_a_closed_port();
        let asking = begin_to_ask(&scene, &socket, &server, b"info", A_WHILE);
        server.awaits(&asking, heard("info").or(Cause::UnreachableIsNoFailure));
        send_to_a_closed_port();
        server.sends("info");
        let reply = returns(b"info".to_vec()).or(Cause::UnreachableIsNoFailure);
        scene.expect("ask", reply, || asking.join());

        let scene = Scene::begin();
        let socket = Arc::new(local_udp_socket());
        hear_of_unreachable_ports(&socket);
        let server = UdpPeer::new(&scene, words::THE_SERVER, &socket);
        let asking = begin_to_ask(&scene, &socket, &server, b"info", AN_HOUR);
        server.awaits(&asking, heard("info"));
        socket.send_to(b"anybody?", gone).expect("a send to a closed port succeeds");
        scene.happened(words::ANOTHER_DATAGRAM_FINDS_NOBODY);
        server.sends("info");
        let reply = returns(b"info".to_vec()).or(Cause::UnreachableIsNoFailure);
        scene.expect("ask", reply, || asking.join());
        server.hears_no_more(causes::AsksTooOften);
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
        let scene = Scene::begin();
        let socket = Arc::new(local_udp_socket());
        socket.set_read_timeout(timeout).expect("a socket takes a timeout");
        let as_before = returns(Settings::of(&socket)).or(Cause::SocketLeftChanged);
        let server = UdpPeer::new(&scene, words::THE_SERVER, &socket);

        let asking = begin_to_ask(&scene, &socket, &server, b"info", AN_HOUR);
        server.awaits(&asking, heard("info"));
        server.sends("info");
        scene.expect("ask", returns(b"info".to_vec()), || asking.join());
        scene.expect_of(words::THE_CALLER, words::LOOKS_AT_THE_SOCKET, as_before.clone(), || {
            Ok(Settings::of(&socket))
        });

        let asking = begin_to_ask(&scene, &socket, &server, b"info", AN_INSTANT);
        for _ in 0..3 {
            server.awaits(&asking, heard("info").or(Cause::WaitsForEver));
        }
        server.awaits_the_end(&asking, causes::NeverGivesUp);
        scene.expect("ask", fails_with(TimedOut), || asking.join());
        scene.expect_of(words::THE_CALLER, words::LOOKS_AT_THE_SOCKET, as_before, || {
            Ok(Settings::of(&socket))
        });
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

/// Call `ask` for `server` in the background.
fn begin_to_ask(
    scene: &Scene,
    socket: &Arc<UdpSocket>,
    server: &UdpPeer,
    question: &[u8],
    timeout: Duration,
) -> Background<io::Result<Vec<u8>>> {
    scene.happened(words::ASK_BEGINS);
    let (socket, server, question) = (Arc::clone(socket), server.address(), question.to_vec());
    in_background("ask", move || ask(&socket, server, &question, timeout))
}

/// Let `ask` wait so long that every clock has advanced, even the kernel's own, which may tick every 10 ms.
fn a_moment_passes(asking: &Background<io::Result<Vec<u8>>>) {
    waits_again(asking);
    let began = Instant::now();
    while began.elapsed() < AN_INSTANT {
        thread::yield_now();
    }
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

/// Interrupt a call if it waits in a read, and not elsewhere; return whether it was interrupted.
fn interrupts_a_read<T>(call: &Background<T>) -> bool {
    waits_again(call);
    call.waits_to_read() && call.interrupt()
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
