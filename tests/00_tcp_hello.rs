//! Lesson 0, graded: a connection carries bytes in both directions, and each direction has an end.
//!
//! ```text
//! answer   hello ─────────▶ call          the server sends first
//! answer ◀───────── byebye  call          then the client, until it closes
//!
//! shout_back ◀── Hello World
//! shout_back     HELLO WORLD ──▶          before more is sent
//! ```
//!
//! All connections here use real sockets. The peer sends one word and waits until your code has read it
//! and wants more; it closes its direction and keeps reading; it resets the connection; it never marks
//! where a word ends, because nothing on this wire does. When both sides wait for each other, the check
//! reports at once that they do and where your code waits: it asks the system. Try it: let a peer below
//! close one line earlier, and first predict what will happen.

use std::io::ErrorKind::{
    BrokenPipe, ConnectionAborted, ConnectionRefused, ConnectionReset, InvalidData, NotConnected,
    UnexpectedEof,
};
use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use netkata::{
    Cause, DeafPort, Describe, Expected, Scene, TcpCall, TcpPeer, builds_on, fails_with, graded,
    local_listener, quoted, returns,
};
use rstest::rstest;
use socket2::SockRef;
use tcp_hello::{answer, call, shout_back};

#[path = "../lessons/00_tcp_hello/causes.rs"]
mod causes;
#[path = "../lessons/00_tcp_hello/words.rs"]
mod words;

#[test]
fn a_caller_is_greeted_before_it_sends_anything() {
    graded(|| {
        let (caller, answering) = begin_answer();
        caller.hears(b"hello", &answering, Cause::BothWait);
        caller.says(b"byebye", &answering);
        caller.hangs_up(&answering);
        caller.hears_the_end_after(b"", &answering, Cause::LineHeldOpen);
        answering.ends(returns_after_one_call(b"byebye").or(Cause::OneReadIsNotOneMessage));
    });
}

#[rstest]
#[case::in_two_pieces(&["bye", "bye"])]
#[case::byte_by_byte(&["b", "y", "e", "b", "y", "e"])]
#[case::in_three_languages(&["byebye", r", 再见", r", tschüs"])]
#[case::with_an_empty_line(&["bye", "\n", "\0", "bye"])]
fn a_server_reads_until_the_caller_closes(#[case] pieces: &'static [&'static str]) {
    graded(move || {
        builds_on(a_caller_is_greeted_before_it_sends_anything);
        let (caller, answering) = begin_answer();
        caller.hears(b"hello", &answering, Cause::BothWait);
        for piece in pieces {
            caller.says(piece.as_bytes(), &answering);
        }
        caller.hangs_up(&answering);
        answering.ends(
            returns_after_one_call(pieces.concat().as_bytes()).or(Cause::OneReadIsNotOneMessage),
        );
    });
}

#[test]
fn a_server_closes_after_its_caller() {
    graded(|| {
        builds_on(a_caller_is_greeted_before_it_sends_anything);
        let (scene, listener, address) = listening();
        let caller = TcpPeer::calls(&scene, words::THE_CALLER, address);
        let run = move || answer(&listener).map(SentBytes);
        let answering = TcpCall::begin(&scene, "answer", run);
        caller.hears(b"hello", &answering, Cause::BothWait);
        caller.says(b"bye", &answering);
        let open = returns(Arrived(&words::NOTHING)).or(causes::ClosesBeforeItsCaller);
        scene.expect_of(words::THE_CALLER, words::HAS_HEARD_NOTHING_YET, open, || {
            answering.settles();
            let mut stream = caller.stream();
            stream.set_nonblocking(true)?;
            let ended = stream.read(&mut [0]).is_ok_and(|n| n == 0);
            stream.set_nonblocking(false)?;
            Ok(Arrived(if ended { &words::THE_END_OF_THE_STREAM } else { &words::NOTHING }))
        });
    });
}

#[test]
fn a_caller_may_send_nothing() {
    graded(|| {
        builds_on(a_caller_is_greeted_before_it_sends_anything);
        let (caller, answering) = begin_answer();
        caller.hangs_up(&answering);
        caller.hears(b"hello", &answering, Cause::BothWait);
        answering.ends(returns_after_one_call(b"").or(causes::SilenceIsNoFailure));
    });
}

#[test]
fn a_caller_may_send_a_lot() {
    graded(|| {
        builds_on(a_server_reads_until_the_caller_closes);
        let (caller, answering) = begin_answer();
        caller.hears(b"hello", &answering, Cause::BothWait);
        let words = b"0123456789".repeat(120_000);
        says_in_parts(&caller, &words, &answering);
        caller.hangs_up(&answering);
        answering.ends(returns_after_one_call(&words).or(causes::StopsListening));
    });
}

#[rstest]
#[case::every_value_of_a_byte(&ALL_BYTES, Cause::BytesAreNotText)]
#[case::half_a_character(b"\xe7\xa5", Cause::BytesAreNotText)]
#[case::zeros(&[0; 9], Cause::BytesAreNotText)]
#[case::white_space_around_words(b" \tbyebye \r\n", causes::WhiteSpaceWasSent)]
fn a_caller_may_send_any_bytes(#[case] words: &'static [u8], #[case] cause: Cause) {
    graded(move || {
        builds_on(a_server_reads_until_the_caller_closes);
        let (caller, answering) = begin_answer();
        caller.hears(b"hello", &answering, Cause::BothWait);
        caller.says(words, &answering);
        caller.hangs_up(&answering);
        answering.ends(returns_after_one_call(words).or(cause));
    });
}

#[test]
fn a_reset_is_not_a_goodbye() {
    graded(|| {
        builds_on(a_server_reads_until_the_caller_closes);
        let (caller, answering) = begin_answer();
        caller.hears(b"hello", &answering, Cause::BothWait);
        caller.says(b"bye", &answering);
        caller.resets(&answering);
        answering.ends(fails_with(ConnectionReset).or(Cause::ResetLooksComplete));
    });
}

#[test]
fn the_next_caller_waits_in_the_backlog() {
    graded(|| {
        let (scene, listener, address) = listening();
        let listener = Arc::new(listener);
        let first = TcpPeer::calls(&scene, words::THE_FIRST_CALLER, address);
        let second = TcpPeer::calls(&scene, words::THE_SECOND_CALLER, address);
        for (caller, words) in [(&first, &b"byebye"[..]), (&second, b"so long")] {
            let listener = Arc::clone(&listener);
            let run = move || answer(&listener).map(SentBytes);
            let answering = TcpCall::begin(&scene, "answer", run);
            caller.hears(b"hello", &answering, Cause::BothWait);
            caller.says(words, &answering);
            caller.hangs_up(&answering);
            answering.ends(returns_after_one_call(words).or(causes::OneCallIsAnswered));
        }
    });
}

#[test]
fn a_client_reads_hello_and_sends_byebye() {
    graded(|| {
        let (server, calling) = begin_served_call();
        server.says(b"hello", &calling);
        server.hears(b"byebye", &calling, Cause::BothWait);
        server.hangs_up(&calling);
        calling.ends(returns_bytes(b"hello").or(Cause::OneReadIsNotOneMessage));
    });
}

#[rstest]
#[case::in_two_pieces(&["hel", "lo"])]
#[case::byte_by_byte(&["h", "e", "l", "l", "o"])]
fn a_greeting_in_pieces_is_one_greeting(#[case] pieces: &'static [&'static str]) {
    graded(move || {
        builds_on(a_client_reads_hello_and_sends_byebye);
        let (server, calling) = begin_served_call();
        for piece in pieces {
            server.says(piece.as_bytes(), &calling);
        }
        server.hears(b"byebye", &calling, Cause::OneReadIsNotOneMessage);
        server.hangs_up(&calling);
        calling.ends(returns_bytes(b"hello").or(Cause::OneReadIsNotOneMessage));
    });
}

#[test]
fn nothing_is_sent_before_the_greeting_is_complete() {
    graded(|| {
        builds_on(a_greeting_in_pieces_is_one_greeting);
        let (server, calling) = begin_served_call();
        server.has_heard_nothing(&calling, causes::SpeaksTooSoon);
        server.says(b"hell", &calling);
        server.has_heard_nothing(&calling, causes::SpeaksTooSoon);
        server.says(b"o", &calling);
        server.hears(b"byebye", &calling, Cause::BothWait);
    });
}

#[rstest]
#[case::of_the_same_length(b"howdy")]
#[case::in_capitals(b"HELLO")]
#[case::of_an_ssh_server(b"SSH-2.0-OpenSSH_9.6\r\n")]
#[case::with_another_first_byte(b"jello")]
#[case::with_another_second_byte(b"hallo")]
#[case::with_another_third_byte(b"heylo")]
#[case::with_another_fourth_byte(b"helio")]
#[case::with_another_last_byte(b"hells")]
fn nothing_is_sent_after_a_wrong_greeting(#[case] greeting: &'static [u8]) {
    graded(move || {
        builds_on(nothing_is_sent_before_the_greeting_is_complete);
        let (server, calling) = begin_served_call();
        server.says(greeting, &calling);
        server.has_heard_nothing(&calling, causes::AnotherGreeting);
        calling.ends(fails_with(InvalidData).or(causes::AnotherGreeting));
    });
}

#[rstest]
#[case::before_it(b"")]
#[case::inside_it(b"hell")]
fn an_incomplete_greeting_is_an_error(#[case] greeting: &'static [u8]) {
    graded(move || {
        builds_on(a_greeting_in_pieces_is_one_greeting);
        builds_on(nothing_is_sent_before_the_greeting_is_complete);
        let (server, calling) = begin_served_call();
        server.says(greeting, &calling);
        server.hangs_up(&calling);
        server.has_heard_nothing(&calling, Cause::TruncationLooksComplete);
        calling.ends(fails_with(UnexpectedEof).or(Cause::TruncationLooksComplete));
    });
}

#[test]
fn a_half_close_follows_the_goodbye() {
    graded(|| {
        builds_on(a_client_reads_hello_and_sends_byebye);
        let (server, calling) = begin_served_call();
        server.says(b"hello", &calling);
        server.hears_the_end_after(b"byebye", &calling, causes::EndNeverSent);
        server.hangs_up(&calling);
        calling.ends(returns_bytes(b"hello").or(Cause::OneReadIsNotOneMessage));
    });
}

#[test]
fn a_client_reads_until_the_server_closes() {
    graded(|| {
        builds_on(a_half_close_follows_the_goodbye);
        let (server, calling) = begin_served_call();
        server.says(b"hello", &calling);
        server.hears_the_end_after(b"byebye", &calling, causes::EndNeverSent);
        server.says(b", and ", &calling);
        server.says(b"goodbye", &calling);
        server.hangs_up(&calling);
        calling.ends(returns_bytes(b"hello, and goodbye").or(causes::StopsListening));
    });
}

#[rstest]
#[case::a_lot(&b"0123456789".repeat(120_000), causes::StopsListening)]
#[case::every_value_of_a_byte(&ALL_BYTES, Cause::BytesAreNotText)]
#[case::white_space_around_words(b" \t, and goodbye \r\n", causes::WhiteSpaceWasSent)]
fn a_server_may_send_any_bytes(#[case] words: &[u8], #[case] cause: Cause) {
    let words = words.to_vec();
    graded(move || {
        builds_on(a_client_reads_until_the_server_closes);
        let (server, calling) = begin_served_call();
        server.says(b"hello", &calling);
        server.hears_the_end_after(b"byebye", &calling, causes::EndNeverSent);
        says_in_parts(&server, &words, &calling);
        server.hangs_up(&calling);
        calling.ends(returns_bytes(&[b"hello", &words[..]].concat()).or(cause));
    });
}

#[test]
fn bytes_right_after_the_greeting_are_kept() {
    graded(|| {
        builds_on(a_client_reads_until_the_server_closes);
        let (server, calling) = begin_served_call();
        server.says(b"hello, and ", &calling);
        server.hears_the_end_after(b"byebye", &calling, causes::LostWithABuffer);
        server.says(b"goodbye", &calling);
        server.hangs_up(&calling);
        calling.ends(returns_bytes(b"hello, and goodbye").or(causes::LostWithABuffer));
    });
}

#[test]
fn a_reset_by_the_server_is_an_error() {
    graded(|| {
        builds_on(a_client_reads_until_the_server_closes);
        builds_on(a_half_close_follows_the_goodbye);
        let (server, calling) = begin_served_call();
        server.says(b"hello", &calling);
        server.hears_the_end_after(b"byebye", &calling, causes::EndNeverSent);
        server.resets(&calling);
        calling.ends(fails_with(ConnectionReset).or(Cause::ResetLooksComplete));

        let (server, calling) = begin_served_call();
        server.says(b"hel", &calling);
        server.resets(&calling);
        calling.ends(fails_with(ConnectionReset).or(Cause::ResetLooksComplete));
    });
}

#[rstest]
#[case::of_another_loopback_host("127.0.0.2")]
#[case::of_ipv6("::1")]
fn a_call_goes_to_the_given_address(#[case] host: &'static str) {
    graded(move || {
        builds_on(a_client_reads_hello_and_sends_byebye);
        // Not every system has this address: without it there is no server to call.
        let Ok(listener) = TcpListener::bind((host, 0)) else { return };
        let address = address_of(&listener);
        let calling = begin_call(&Scene::begin(), address);
        let server =
            TcpPeer::is_called(words::THE_SERVER, &listener, &calling, causes::CallsElsewhere);
        server.says(b"hello", &calling);
        server.hears(b"byebye", &calling, Cause::BothWait);
        server.hangs_up(&calling);
        calling.ends(returns_bytes(b"hello").or(Cause::OneReadIsNotOneMessage));
    });
}

#[test]
fn a_refused_connection_is_an_error() {
    graded(|| {
        let port = DeafPort::taken();
        let scene = Scene::begin();
        scene.happened(words::NOBODY_LISTENS);
        let refused = fails_with(ConnectionRefused).or(causes::RefusalIsAnError);
        scene.expect("call", refused, || call(port.address()).map(SentBytes));
    });
}

#[test]
fn answer_and_call_work_together() {
    graded(|| {
        builds_on(a_caller_is_greeted_before_it_sends_anything);
        builds_on(a_client_reads_hello_and_sends_byebye);
        builds_on(a_half_close_follows_the_goodbye);
        let (scene, listener, address) = listening();
        let run = move || answer(&listener).map(SentBytes);
        let answering = TcpCall::begin(&scene, "answer", run);
        let calling = begin_call(&scene, address);
        answering.ends(returns_bytes(b"byebye").or(causes::EndNeverSent));
        calling.ends(returns_bytes(b"hello").or(causes::EndNeverSent));
    });
}

#[test]
fn capitals_come_back_before_the_caller_closes() {
    graded(|| {
        let (caller, shouting) = begin_shout_back();
        caller.says(b"Hello World", &shouting);
        caller.hears(b"HELLO WORLD", &shouting, Cause::BothWait);
        caller.hangs_up(&shouting);
        shouting.ends(returns(()).or(Cause::SpinsAtTheEnd));
    });
}

#[test]
fn replies_go_on_until_the_caller_closes() {
    graded(|| {
        builds_on(capitals_come_back_before_the_caller_closes);
        let (caller, shouting) = begin_shout_back();
        let long = ["a".repeat(1024), "b".repeat(4096), "c".repeat(8192)];
        for words in [r"what do you say?", "yo", "\n", "\0", &long[0], &long[1], &long[2], "what?"]
        {
            caller.says(words.as_bytes(), &shouting);
            caller.hears(words.to_uppercase().as_bytes(), &shouting, Cause::BothWait);
        }
        caller.hangs_up(&shouting);
        caller.hears_the_end_after(b"", &shouting, Cause::LineHeldOpen);
        shouting.ends(returns(()).or(Cause::SpinsAtTheEnd));
    });
}

#[rstest]
#[case::chinese(r"神 is three bytes", r"神 IS THREE BYTES", Cause::OnlyAsciiLettersChange)]
#[case::letters_beyond_ascii(r"straße, éé", r"STRAßE, éé", Cause::OnlyAsciiLettersChange)]
#[case::all_letters_and_their_neighbours(
    r"`abcdefghijklmnopqrstuvwxyz{|}~ @AMZ[\]^_",
    r"`ABCDEFGHIJKLMNOPQRSTUVWXYZ{|}~ @AMZ[\]^_",
    causes::LettersFromAToZ
)]
#[case::digits_and_signs(
    " !\"#$%&'()*+,-./0123456789:;<=>?\t\r\n\x7f",
    " !\"#$%&'()*+,-./0123456789:;<=>?\t\r\n\x7f",
    causes::LettersFromAToZ
)]
fn only_ascii_letters_become_capitals(
    #[case] words: &'static str,
    #[case] capitals: &'static str,
    #[case] cause: Cause,
) {
    graded(move || {
        builds_on(capitals_come_back_before_the_caller_closes);
        let (caller, shouting) = begin_shout_back();
        caller.says(words.as_bytes(), &shouting);
        caller.hears(capitals.as_bytes(), &shouting, cause);
    });
}

#[rstest]
#[case::a_character_in_two_halves(vec![&b"a\xe7"[..], b"\xa5\x9eb"])]
#[case::bytes_that_are_not_text(vec![&b"a\xff\xfe\0b"[..]])]
fn bytes_that_are_not_text_come_back_too(#[case] pieces: Vec<&'static [u8]>) {
    graded(move || {
        builds_on(replies_go_on_until_the_caller_closes);
        builds_on(only_ascii_letters_become_capitals);
        let (caller, shouting) = begin_shout_back();
        for piece in pieces {
            caller.says(piece, &shouting);
            caller.hears(&piece.to_ascii_uppercase(), &shouting, Cause::HalfACharacter);
        }
    });
}

#[test]
fn a_half_closed_caller_gets_its_whole_answer() {
    graded(|| {
        builds_on(replies_go_on_until_the_caller_closes);
        let (caller, shouting) = begin_shout_back();
        let words = b"the quick brown fox, ".repeat(5_000);
        caller.says(&words, &shouting);
        caller.hangs_up(&shouting);
        let capitals = words.to_ascii_uppercase();
        caller.hears_the_end_after(&capitals, &shouting, Cause::HalfCloseLosesTheAnswer);
        shouting.ends(returns(()).or(Cause::SpinsAtTheEnd));
    });
}

#[test]
fn a_caller_may_send_and_receive_at_once() {
    graded(|| {
        builds_on(replies_go_on_until_the_caller_closes);
        // Many pieces in both directions at once; few enough for code that answers byte by byte.
        let words = b"the quick brown fox, ".repeat(512 * 1024 / 21);
        let capitals = words.to_ascii_uppercase();
        let (caller, shouting) = begin_shout_back();
        let mut stream = caller.stream().try_clone().expect("a stream can be cloned");
        let talking = thread::spawn(move || {
            // If the answer closes early, the bytes that the caller reads show it.
            let _ = stream.write_all(&words).and_then(|()| stream.shutdown(Shutdown::Write));
        });
        caller.hears_the_end_after(&capitals, &shouting, Cause::HalfCloseLosesTheAnswer);
        talking.join().expect("the thread only writes");
        shouting.ends(returns(()).or(Cause::SpinsAtTheEnd));
    });
}

#[test]
fn a_reset_by_the_caller_is_an_error() {
    graded(|| {
        builds_on(capitals_come_back_before_the_caller_closes);
        builds_on(replies_go_on_until_the_caller_closes);
        let (caller, shouting) = begin_shout_back();
        caller.says(b"hello", &shouting);
        caller.hears(b"HELLO", &shouting, Cause::BothWait);
        shouting.settles();
        caller.resets(&shouting);
        shouting.ends(fails_with(ConnectionReset).or(Cause::ResetLooksComplete));
    });
}

#[test]
fn a_failed_write_is_an_error() {
    graded(|| {
        builds_on(a_reset_is_not_a_goodbye);
        builds_on(a_reset_by_the_caller_is_an_error);
        builds_on(a_reset_by_the_server_is_an_error);
        builds_on(a_caller_may_send_and_receive_at_once);
        // The greeting cannot be sent: the caller has gone before its call is accepted.
        let (scene, listener, address) = listening();
        let caller = TcpPeer::calls(&scene, words::THE_CALLER, address);
        let (begin, begins) = mpsc::channel();
        let answering = TcpCall::begin(&scene, "answer", move || {
            let _ = begins.recv();
            answer(&listener).map(SentBytes).map_err(one_name_of_a_reset)
        });
        caller.resets(&answering);
        let _ = begin.send(());
        answering.ends(fails_with(ConnectionReset).or(Cause::ResetLooksComplete));

        // The capitals cannot be sent: the caller takes none, and goes.
        let (scene, listener, address) = listening();
        let caller = TcpPeer::calls(&scene, words::THE_CALLER, address);
        let run = move || shout_back(&listener).map_err(one_name_of_a_reset);
        let shouting = TcpCall::begin(&scene, "shout_back", run);
        says_all_that_fits(&caller, &shouting);
        scene.happened(words::TAKES_NO_CAPITALS);
        caller.resets(&shouting);
        shouting.ends(fails_with(ConnectionReset).or(Cause::ResetLooksComplete));

        // The goodbye cannot be sent: the server greets, and goes.
        let (scene, listener, address) = listening();
        let run = move || call(address).map(SentBytes).map_err(one_name_of_a_reset);
        let calling = TcpCall::begin(&scene, "call", run);
        let server =
            TcpPeer::is_called(words::THE_SERVER, &listener, &calling, causes::CallsElsewhere);
        calling.settles();
        if greets_and_resets_at_once(server) {
            scene.happened(words::THE_SERVER_GREETS_AND_RESETS);
            calling.ends(fails_with(ConnectionReset).or(Cause::ResetLooksComplete));
        }
    });
}

#[test]
fn an_interrupted_call_is_made_again() {
    graded(|| {
        builds_on(a_server_reads_until_the_caller_closes);
        builds_on(replies_go_on_until_the_caller_closes);
        // Only a wait that has a limit is interrupted (signal(7)).
        let (scene, listener, address) = listening_with_a_limit();
        let caller = TcpPeer::calls(&scene, words::THE_CALLER, address);
        let answering = TcpCall::begin(&scene, "answer", move || answer(&listener).map(SentBytes));
        caller.hears(b"hello", &answering, Cause::BothWait);
        caller.says(b"bye", &answering);
        answering.interrupt();
        caller.says(b"bye", &answering);
        caller.hangs_up(&answering);
        answering.ends(returns_bytes(b"byebye").or(Cause::InterruptedIsNoFailure));

        let (scene, listener, address) = listening_with_a_limit();
        let caller = TcpPeer::calls(&scene, words::THE_CALLER, address);
        let shouting = TcpCall::begin(&scene, "shout_back", move || shout_back(&listener));
        caller.says(b"hello", &shouting);
        caller.hears(b"HELLO", &shouting, Cause::BothWait);
        shouting.interrupt();
        caller.says(b"again", &shouting);
        caller.hears(b"AGAIN", &shouting, Cause::InterruptedIsNoFailure);

        // Now it waits in a write: the caller takes no capitals, and their buffers are small. With odd numbers
        // of bytes they are full in the middle of a piece, so the first interruption cuts a write short. The
        // second one comes before the next write has sent anything.
        for _ in 0..ODD_PIECES {
            caller.says(&[b'a'; ODD], &shouting);
        }
        let mut stream = caller.stream().try_clone().expect("a stream can be cloned");
        let talking = thread::spawn(move || {
            // If the answer closes early, what the caller receives shows it.
            let _ = stream.write_all(&[b'a'; LONG]).and_then(|()| stream.shutdown(Shutdown::Write));
        });
        scene.happened(words::TAKES_NO_CAPITALS_YET);
        for _ in 0..2 {
            shouting.settles();
            shouting.interrupt();
        }
        let all = returns(Arrived(&words::ALL_OF_THEM)).or(Cause::InterruptedIsNoFailure);
        scene.expect_of(words::THE_CALLER, words::TAKES_ITS_CAPITALS, all, || {
            let mut heard = Vec::new();
            let came = patient(caller.stream()).read_to_end(&mut heard);
            let is_whole = heard == [b'A'; ODD_PIECES * ODD + LONG];
            if came.is_ok() && !is_whole {
                // It went on to the end, without the rest of a piece.
                scene.notice(Cause::PartialWriteIgnored);
            }
            let is_whole = came.is_ok() && is_whole;
            Ok(Arrived(if is_whole { &words::ALL_OF_THEM } else { &words::ONLY_A_PART }))
        });
        talking.join().expect("the thread only writes");
        shouting.ends(returns(()).or(Cause::InterruptedIsNoFailure));
    });
}

/// Send these bytes in parts: code that reads byte by byte needs some time for each.
fn says_in_parts(peer: &TcpPeer, words: &[u8], call: &TcpCall<SentBytes>) {
    words.chunks(100_000).for_each(|part| peer.says(part, call));
}

/// Send `hello` and then a reset while this process stands still: when it goes on, both have arrived, and what
/// it then sends fails. Return whether that was done.
#[cfg(target_os = "linux")]
fn greets_and_resets_at_once(server: TcpPeer) -> bool {
    use std::os::fd::OwnedFd;
    use std::process::{Command, Stdio};

    // Another process does it; its standard output is the connection.
    const STOPPED: &str = r#"
trap "" PIPE
trap "kill -CONT $PPID" EXIT
read go
kill -STOP $PPID
for task in /proc/$PPID/task/*; do
    state=
    until [ "$state" = T ] || [ ! -e "$task" ]; do
        while read -r key state rest && [ "$key" != State: ]; do :; done < "$task/status"
    done
done
printf hello
exec >&-
"#;
    let stream = server.stream().try_clone().expect("a stream can be cloned");
    drop(server);
    // With a linger time of 0, the last close of the connection sends a reset (socket(7)).
    SockRef::from(&stream).set_linger(Some(Duration::ZERO)).expect("a stream has options");
    let mut shell = Command::new("sh");
    shell.args(["-c", STOPPED]).stdin(Stdio::piped()).stdout(OwnedFd::from(stream));
    let Ok(mut child) = shell.stderr(Stdio::null()).spawn() else { return false };
    // It holds this process's own copy of the connection.
    drop(shell);
    // The end of its input tells the child to begin.
    drop(child.stdin.take());
    child.wait().is_ok_and(|status| status.success())
}

#[cfg(not(target_os = "linux"))]
fn greets_and_resets_at_once(_server: TcpPeer) -> bool {
    false
}

/// Send without reading, until the buffers in both directions are full.
fn says_all_that_fits(caller: &TcpPeer, shouting: &TcpCall<()>) {
    let mut stream = caller.stream();
    stream.set_nonblocking(true).expect("a stream has a mode");
    let piece = vec![b'a'; 1024 * 1024];
    // More than any buffers hold. An answer that keeps everything in its own memory takes all of it.
    let mut left = 32 * piece.len();
    while left > 0 {
        shouting.settles();
        match stream.write(&piece) {
            Ok(n) => left = left.saturating_sub(n),
            // The call has done everything it can, and there is still no room.
            Err(_) => break,
        }
    }
}

/// Several times as much as small buffers in both directions hold.
const LONG: usize = 512 * 1024;

/// As much as they hold, in pieces that no buffer of an answer divides evenly.
const ODD_PIECES: usize = 6;
const ODD: usize = 16 * 1024 + 501;

/// A peer's stream has a short time limit; this one waits.
fn patient(stream: &TcpStream) -> impl Read {
    let stream = stream.try_clone().expect("a stream can be cloned");
    stream.set_read_timeout(None).expect("a stream has options");
    stream
}

fn with_small_buffers(socket: SockRef) {
    let size = 16 * 1024;
    let set = socket.set_recv_buffer_size(size).and_then(|()| socket.set_send_buffer_size(size));
    set.expect("a socket has buffers");
}

/// A reset is one event with several names: which one a call returns depends on the system, and on what
/// the call was doing.
fn one_name_of_a_reset(error: io::Error) -> io::Error {
    match error.kind() {
        BrokenPipe | ConnectionAborted | NotConnected => ConnectionReset.into(),
        _ => error,
    }
}

const ALL_BYTES: [u8; 256] = {
    let mut bytes = [0; 256];
    let mut at = 0;
    while at < bytes.len() {
        bytes[at] = at as u8;
        at += 1;
    }
    bytes
};

/// The bytes that were sent, as a story shows them.
#[derive(Debug, PartialEq)]
struct SentBytes(Vec<u8>);

impl Describe for SentBytes {
    fn describe(&self) -> String {
        if self.0.is_empty() { words::NOTHING.to_owned() } else { quoted(&self.0) }
    }
}

/// What has arrived by now, in words.
#[derive(Debug, PartialEq)]
struct Arrived(&'static str);

impl Describe for Arrived {
    fn describe(&self) -> String {
        self.0.to_owned()
    }
}

/// Expect the call to return these bytes of the other side.
fn returns_bytes(words: &[u8]) -> Expected<SentBytes> {
    returns(SentBytes(words.to_vec()))
}

/// As [`returns_bytes`], for `answer`: after its caller has closed, it can only wait for another call.
fn returns_after_one_call(words: &[u8]) -> Expected<SentBytes> {
    returns_bytes(words).or_when_it_waits(causes::OneCallIsAnswered)
}

/// Begin a caller, and `answer`, which is about to accept the call.
fn begin_answer() -> (TcpPeer, TcpCall<SentBytes>) {
    let (scene, listener, address) = listening();
    let caller = TcpPeer::calls(&scene, words::THE_CALLER, address);
    let run = move || answer(&listener).map(SentBytes);
    (caller, TcpCall::begin(&scene, "answer", run))
}

/// Begin a caller, and `shout_back`, which is about to accept the call.
fn begin_shout_back() -> (TcpPeer, TcpCall<()>) {
    let (scene, listener, address) = listening();
    let caller = TcpPeer::calls(&scene, words::THE_CALLER, address);
    (caller, TcpCall::begin(&scene, "shout_back", move || shout_back(&listener)))
}

/// Begin `call`, and a server that has accepted its call.
fn begin_served_call() -> (TcpPeer, TcpCall<SentBytes>) {
    let (scene, listener, address) = listening();
    let calling = begin_call(&scene, address);
    let server = TcpPeer::is_called(words::THE_SERVER, &listener, &calling, causes::CallsElsewhere);
    (server, calling)
}

fn begin_call(scene: &Scene, address: SocketAddr) -> TcpCall<SentBytes> {
    TcpCall::begin(scene, "call", move || call(address).map(SentBytes))
}

fn listening() -> (Scene, TcpListener, SocketAddr) {
    let listener = local_listener().expect("loopback has a free port");
    let address = address_of(&listener);
    (Scene::begin(), listener, address)
}

/// As [`listening`], with a limit in time for each wait on the accepted stream, which it takes over from its
/// listener, and small buffers.
fn listening_with_a_limit() -> (Scene, TcpListener, SocketAddr) {
    let (scene, listener, address) = listening();
    let socket = SockRef::from(&listener);
    let limit = Some(Duration::from_secs(3600));
    let set = socket.set_read_timeout(limit).and_then(|()| socket.set_write_timeout(limit));
    set.expect("a socket takes a time limit");
    with_small_buffers(socket);
    (scene, listener, address)
}

fn address_of(listener: &TcpListener) -> SocketAddr {
    listener.local_addr().expect("a bound listener has an address")
}
