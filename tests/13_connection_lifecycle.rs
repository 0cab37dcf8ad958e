//! Lesson 13, graded: how connections end, what their errors mean, and which errors are temporary.
//!
//! ```text
//! half-close    FIN ─▶                 this side sends no more, and still reads
//! goodbye       FIN ─▶ … ◀─ FIN        the other side has closed, too
//! reset         RST ─▶                 neither side sends or receives any more
//! ```
//!
//! Every connection here is real, over loopback, and so is every error: a port without a listener, a peer
//! that resets, a process without free descriptors. The test is the other end. It acts on events: when a
//! byte or the end of the stream has arrived, when your code waits in a read, when the kernel holds no
//! unread bytes. Try it: `cargo kata demo lifecycle` shows the state of both ends in the kernel after each
//! call.

use std::cell::Cell;
use std::fs::File;
use std::io::ErrorKind::{
    self, AddrInUse, AddrNotAvailable, BrokenPipe, ConnectionAborted, ConnectionRefused,
    ConnectionReset, NotConnected, PermissionDenied, TimedOut, WouldBlock,
};
use std::io::{self, Read, Write};
use std::iter;
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use connection_lifecycle::{
    Diagnosis, diagnose, goodbye, half_close_and_hear, hung_up, reset, try_again,
};
use netkata::{
    Apart, Background, Cause, Census, Describe, Finding, Row, Scene, TcpEnd, builds_on,
    close_with_a_reset, connected, counted, fail, fails_with, graded, graded_apart, in_background,
    returns,
};
use rstest::rstest;
use socket2::{Domain, SockRef, Socket, Type};

#[path = "../lessons/13_connection_lifecycle/causes.rs"]
mod causes;
#[path = "../lessons/13_connection_lifecycle/words.rs"]
mod words;

/// A goodbye stops reading after it has discarded this many bytes.
const DRAIN_AT_MOST: usize = 64 * 1024;

/// Longer than any check takes: a timeout that must not expire.
const LONG: Duration = Duration::from_secs(3600);
/// A timeout that is meant to expire.
const SHORT: Duration = Duration::from_millis(20);
/// Long enough for every clock to advance, even the kernel's own, which may tick every 10 ms.
const A_WHILE: Duration = Duration::from_millis(30);

#[rstest]
#[case::in_one_piece(text(11))]
#[case::longer_than_a_buffer(text(300_000))]
#[case::empty(text(0))]
#[case::of_two_lines(b"hello\nworld\n".to_vec())]
#[case::of_any_bytes(b"\xe7\xa5\0\xff".to_vec())]
fn an_answer_arrives_after_the_half_close(#[case] answer: Vec<u8>) {
    graded(move || {
        let scene = Scene::begin();
        scene.tell_text();
        let (mut ours, mut peer) = pair();
        ours.write_all(b"hello world").expect("a connection takes a few bytes");
        let call = in_background("half_close_and_hear", move || half_close_and_hear(&mut ours));
        // The peer answers after it has read everything, which only the end of the stream shows.
        let question = returns(r"hello world".to_owned()).or(Cause::BothWait);
        scene.expect_of_peer(words::READS_THE_QUESTION, question, || {
            let mut received = String::new();
            peer.read_to_string(&mut received)?;
            Ok(received)
        });
        settles(&call);
        scene.peer_sent(&answer);
        // If your code no longer reads, its return value shows that.
        let _ = peer.write_all(&answer);
        drop(peer);
        scene.peer_did(words::CLOSED_ITS_SIDE);
        let whole = returns(answer.clone()).or(causes::OnlyTheCloseEnds);
        scene.expect("half_close_and_hear", whole, || {
            let received = call.join()?;
            if received.is_empty() && !answer.is_empty() {
                scene.notice(causes::BothSidesClosed);
            } else if received.len() < answer.len() && received.ends_with(b"\n") {
                scene.notice(causes::OnlyTheCloseEnds);
            }
            Ok(received)
        });
    });
}

#[test]
fn a_reset_during_the_answer_is_an_error() {
    graded(|| {
        builds_on(an_answer_arrives_after_the_half_close);
        let scene = Scene::begin();
        scene.tell_text();
        let (mut ours, mut peer) = pair();
        let call = in_background("half_close_and_hear", move || half_close_and_hear(&mut ours));
        let end = returns(end_of_stream()).or(Cause::BothWait);
        scene.expect_of_peer(words::READS, end, || read_one(&mut peer));
        settles(&call);
        scene.peer_sent(b"half an ans");
        let _ = peer.write_all(b"half an ans");
        scene.peer_did(words::RESET_THE_CONNECTION);
        close_with_a_reset(peer);
        let error = fails_with(ConnectionReset).or(causes::ResetIsNoEnd);
        scene.expect("half_close_and_hear", error, || call.join());

        // Whether the half-close fails or the read after it: the reset is an error.
        let scene = Scene::begin();
        let (mut ours, peer) = pair();
        close_with_a_reset(peer);
        scene.happened(words::THE_PEER_RESETS);
        wait_for_the_reset(&ours);
        let error = returns(Finding::of(words::AN_ERROR)).or(causes::ResetIsNoEnd);
        scene.expect("half_close_and_hear", error, || {
            let heard = half_close_and_hear(&mut ours);
            Ok(Finding::of(if heard.is_ok() { words::AN_ANSWER } else { words::AN_ERROR }))
        });
    });
}

#[test]
fn a_half_close_keeps_the_read_timeout() {
    graded(|| {
        builds_on(an_answer_arrives_after_the_half_close);
        for timeout in [None, Some(LONG)] {
            let scene = Scene::begin();
            scene.tell_text();
            let (mut ours, mut peer) = pair();
            ours.set_read_timeout(timeout).expect("a socket has a read timeout");
            let as_it_was = settings(&ours);
            let clone = ours.try_clone().expect("a descriptor");
            let census = Census::take();
            let call = in_background("half_close_and_hear", move || half_close_and_hear(&mut ours));
            assert_eq!(peer.read(&mut [0]).ok(), Some(0), "the call closes its side");
            settles(&call);
            // On a busy machine it may still be on its way to the read.
            if census.look_for(|| call.waits_to_read().then_some(())).is_some() {
                scene.happened(words::YOUR_SIDE_WAITS_FOR_THE_ANSWER);
                expect_settings(&scene, &clone, as_it_was.clone(), causes::SilenceIsNoEnd);
            }
            scene.peer_sent(b"answer");
            let _ = peer.write_all(b"answer");
            drop(peer);
            scene.peer_did(words::CLOSED_ITS_SIDE);
            let whole = returns(b"answer".to_vec()).or(causes::SilenceIsNoEnd);
            scene.expect("half_close_and_hear", whole, || call.join());
            expect_settings(&scene, &clone, as_it_was, Cause::SocketLeftChanged);
        }
        let scene = Scene::begin();
        scene.tell_text();
        let (mut ours, mut peer) = pair();
        ours.set_read_timeout(Some(SHORT)).expect("a socket has a read timeout");
        scene.happened(words::THE_STREAM_HAS_A_SHORT_TIMEOUT);
        peer.write_all(b"half an ans").expect("a connection takes a few bytes");
        scene.peer_sent(b"half an ans");
        let error = fails_with(read_timeout().kind()).or(causes::SilenceIsNoEnd);
        let error = error.or_when_it_waits(causes::SilenceIsNoEnd);
        scene.expect("half_close_and_hear", error, || half_close_and_hear(&mut ours));
    });
}

#[test]
fn a_silent_peer_has_not_closed() {
    graded(|| {
        let scene = Scene::begin();
        let (ours, _peer) = pair();
        scene.happened(words::THE_PEER_IS_SILENT);
        let clone = ours.try_clone().expect("a descriptor");
        // Twenty times, so that the test sees even a short wait in one of the calls.
        let call = in_background("hung_up", move || {
            let mut outcomes = iter::repeat_with(|| hung_up(&ours)).take(20);
            outcomes.find(|outcome| !matches!(outcome, Ok(false))).unwrap_or(Ok(false))
        });
        let shortest = shortest_timeout();
        let mut waited = None;
        until(|| {
            waited = waits(&call, &clone, shortest);
            waited.is_some() || call.is_over()
        });
        if let Some(waiting) = waited {
            let rows = [
                Row::new(words::THE_PEER, words::KEEPS_THE_LINE_OPEN),
                Row::new(words::THE_TEST_CALLS, "hung_up"),
                Row::new(words::AND_NOW_WAITS, waiting),
                Row::new(words::EXPECTED, "false"),
            ];
            fail(causes::LookWaits.story(rows.into()));
        }
        scene.expect("hung_up", returns(false).or(causes::LookWaits), || call.join());
    });
}

#[test]
fn a_close_is_detected_without_sending() {
    graded(|| {
        let scene = Scene::begin();
        let (ours, peer) = pair();
        drop(peer);
        wait_for_the_end(&ours);
        scene.happened(words::THE_PEER_CLOSES);
        scene.expect("hung_up", returns(true).or(causes::FirstWriteSucceeds), || hung_up(&ours));
        // Show on this very connection what the cause says.
        let sent = returns(1).or(causes::FirstWriteSucceeds);
        scene.expect_of(words::THE_TEST, words::WRITES_TO_THE_PEER_THAT_CLOSED, sent, || {
            (&ours).write(b"!")
        });
    });
}

#[test]
fn checking_for_a_close_consumes_no_bytes() {
    graded(|| {
        builds_on(a_close_is_detected_without_sending);
        let scene = Scene::begin();
        scene.tell_text();
        let (mut ours, mut peer) = pair();
        peer.write_all(b"bye").expect("a connection takes a few bytes");
        scene.peer_sent(b"bye");
        wait_for(&ours, 3);
        for closed in [false, true] {
            // Whether the peer has closed or not, there are unread bytes first.
            scene.expect("hung_up", returns(false).or(causes::LookTakesBytes), || hung_up(&ours));
            if !closed {
                peer.shutdown(Shutdown::Write).expect("a connection can be half closed");
                scene.peer_did(words::CLOSED_ITS_SIDE);
            }
        }
        let unread = returns("bye".to_owned()).or(causes::LookTakesBytes);
        scene.expect_of(words::THE_TEST, words::READS_WHAT_HAS_COME, unread, || {
            let mut received = String::new();
            ours.read_to_string(&mut received)?;
            Ok(received)
        });
        scene.expect("hung_up", returns(true).or(causes::FirstWriteSucceeds), || hung_up(&ours));
    });
}

#[test]
fn a_reset_is_not_a_close() {
    graded(|| {
        let scene = Scene::begin();
        let (ours, peer) = pair();
        close_with_a_reset(peer);
        scene.happened(words::THE_PEER_RESETS);
        wait_for_the_reset(&ours);
        let error = fails_with(ConnectionReset).or(causes::ResetIsNoEnd);
        scene.expect("hung_up", error, || hung_up(&ours));
    });
}

#[test]
fn checking_for_a_close_keeps_socket_settings() {
    graded(|| {
        builds_on(a_silent_peer_has_not_closed);
        builds_on(a_reset_is_not_a_close);
        for timeout in [None, Some(LONG)] {
            let scene = Scene::begin();
            let (ours, mut peer) = pair();
            ours.set_read_timeout(timeout).expect("a socket has a read timeout");
            let as_it_was = settings(&ours);
            let look = |outcome| {
                scene.expect("hung_up", outcome, || hung_up(&ours));
                expect_settings(&scene, &ours, as_it_was.clone(), Cause::SocketLeftChanged);
            };
            look(returns(false));
            peer.write_all(b"bye").expect("a connection takes a few bytes");
            scene.peer_sent(b"bye");
            wait_for(&ours, 3);
            look(returns(false));
        }
        for resets in [false, true] {
            let scene = Scene::begin();
            let (ours, peer) = pair();
            let as_it_was = settings(&ours);
            let outcome = if resets {
                close_with_a_reset(peer);
                scene.happened(words::THE_PEER_RESETS);
                wait_for_the_reset(&ours);
                fails_with(ConnectionReset)
            } else {
                drop(peer);
                scene.happened(words::THE_PEER_CLOSES);
                wait_for_the_end(&ours);
                returns(true)
            };
            scene.expect("hung_up", outcome, || hung_up(&ours));
            expect_settings(&scene, &ours, as_it_was, Cause::SocketLeftChanged);
        }
    });
}

#[test]
fn a_reply_arrives_despite_unread_input() {
    graded(|| {
        let scene = Scene::begin();
        scene.tell_text();
        let (mut ours, mut peer) = pair();
        peer.write_all(b"a request that is too long").expect("a connection takes a few bytes");
        scene.peer_sent(b"a request that is too long");
        wait_for(&ours, 26);
        ours.write_all(b"too long").expect("a connection takes a few bytes");
        scene.happened(words::YOUR_SIDE_ANSWERS);
        let call = in_background("goodbye", move || goodbye(ours, LONG));
        let answer = returns(r"too long".to_owned()).or(causes::UnreadInputResets);
        scene.expect_of_peer(words::READS_TO_THE_END, answer, || {
            let mut received = String::new();
            peer.read_to_string(&mut received)?;
            Ok(received)
        });
        drop(peer);
        scene.peer_did(words::CLOSED_ITS_SIDE);
        expect_goodbye(&scene, true, causes::GoodbyeNotHeard, || call.join());
    });
}

#[test]
fn goodbye_reads_until_the_peer_closes() {
    graded(|| {
        builds_on(a_reply_arrives_despite_unread_input);
        let scene = Scene::begin();
        let (ours, mut peer) = pair();
        let ends = (address(ours.local_addr()), address(ours.peer_addr()));
        let call = in_background("goodbye", move || goodbye(ours, LONG));
        let end = returns(end_of_stream()).or(causes::CloneHoldsTheLine);
        scene.expect_of_peer(words::READS, end, || read_one(&mut peer));
        settles(&call);
        // The peer had not finished.
        let one_by_one: Vec<Vec<u8>> = vec![text(1); 100];
        let at_once = vec![text(DRAIN_AT_MOST / 4)];
        for (what, pieces) in [
            (words::SENDS_ANOTHER_100_BYTES_ONE_BY_ONE, one_by_one),
            (words::SENDS_ANOTHER_16_KIB, at_once),
        ] {
            let read = Finding::of(words::ALL_OF_IT_IS_READ);
            scene.expect_of_peer(what, returns(read).or(causes::GoodbyeStopsListening), || {
                for piece in &pieces {
                    // If your code no longer reads, the state of the call and of the bytes shows that.
                    let _ = peer.write_all(piece);
                    until(|| call.is_over() || all_is_read(ends));
                }
                let over = call.is_over();
                Ok(Finding::of(if over {
                    words::GOODBYE_IS_OVER
                } else {
                    words::ALL_OF_IT_IS_READ
                }))
            });
        }
        drop(peer);
        scene.peer_did(words::CLOSED_ITS_SIDE);
        expect_goodbye(&scene, true, causes::GoodbyeNotHeard, || call.join());

        let scene = Scene::begin();
        let (ours, mut peer) = pair();
        scene.happened(words::YOUR_SIDE_HAS_THE_LONGEST_TIMEOUT);
        let call = in_background("goodbye", move || goodbye(ours, Duration::MAX));
        let end = returns(end_of_stream()).or(causes::CloneHoldsTheLine);
        scene.expect_of_peer(words::READS, end, || read_one(&mut peer));
        settles(&call);
        drop(peer);
        scene.peer_did(words::CLOSED_ITS_SIDE);
        expect_goodbye(&scene, true, causes::GoodbyeNotHeard, || call.join());
    });
}

#[test]
fn a_clone_does_not_keep_the_connection_open() {
    graded(|| {
        builds_on(a_reply_arrives_despite_unread_input);
        builds_on(goodbye_reads_until_the_peer_closes);
        let scene = Scene::begin();
        let (ours, _peer) = pair();
        let mut clone = ours.try_clone().expect("a descriptor");
        scene.happened(words::SOMEBODY_HAS_A_CLONE);
        scene.happened(words::THE_PEER_IS_SILENT);
        expect_goodbye(&scene, false, causes::GoodbyeNeverEnds, || goodbye(ours, SHORT));
        let closed = fails_with(BrokenPipe).or(causes::CloneHoldsTheLine);
        scene.expect_of(words::THE_OWNER_OF_THE_CLONE, words::WRITES_ONE_BYTE, closed, || {
            clone.write(b"!")
        });
    });
}

#[test]
fn a_silent_peer_does_not_block_goodbye() {
    graded(|| {
        builds_on(goodbye_reads_until_the_peer_closes);
        builds_on(a_clone_does_not_keep_the_connection_open);
        let scene = Scene::begin();
        let (ours, _peer) = pair();
        scene.happened(words::THE_PEER_IS_SILENT);
        expect_goodbye(&scene, false, causes::GoodbyeNeverEnds, || goodbye(ours, SHORT));

        // The peer was only slow, and reads now what its own buffer could not hold.
        let scene = Scene::begin();
        let (ours, mut peer) = pair();
        for end in [&ours, &peer] {
            has_small_buffers(end);
        }
        ours.set_nonblocking(true).expect("a socket has a mode");
        let sent = send_as_much(&ours, usize::MAX);
        ours.set_nonblocking(false).expect("a socket has a mode");
        scene.happened(words::YOUR_SIDE_FILLS_THE_BUFFERS);
        expect_goodbye(&scene, false, causes::GoodbyeNeverEnds, || goodbye(ours, SHORT));
        let all = returns(Finding::of(words::ALL_OF_IT)).or(causes::GoodbyeByReset);
        scene.expect_of_peer(words::READS_TO_THE_END, all, || {
            let received = io::copy(&mut peer, &mut io::sink())?;
            let is_all = received == sent as u64;
            Ok(Finding::of(if is_all { words::ALL_OF_IT } else { words::A_PART_OF_IT }))
        });
    });
}

#[test]
fn a_zero_timeout_is_not_an_error() {
    graded(|| {
        builds_on(goodbye_reads_until_the_peer_closes);
        builds_on(a_silent_peer_does_not_block_goodbye);
        let scene = Scene::begin();
        let (ours, _peer) = pair();
        let mut clone = ours.try_clone().expect("a descriptor");
        scene.happened(words::SOMEBODY_HAS_A_CLONE);
        scene.happened(words::THE_PEER_IS_SILENT);
        scene.happened(words::YOUR_SIDE_HAS_NO_TIME);
        expect_goodbye(&scene, false, Cause::NoTimeIsNoTimeout, || goodbye(ours, Duration::ZERO));
        let closed = fails_with(BrokenPipe).or(causes::CloneHoldsTheLine);
        scene.expect_of(words::THE_OWNER_OF_THE_CLONE, words::WRITES_ONE_BYTE, closed, || {
            clone.write(b"!")
        });
    });
}

#[test]
fn goodbye_discards_a_bounded_number_of_bytes() {
    graded(|| {
        builds_on(goodbye_reads_until_the_peer_closes);
        // Far more than the kernel buffers at both ends for a goodbye that has stopped reading.
        const FLOOD: usize = 8 * 1024 * 1024;
        let scene = Scene::begin();
        let (ours, peer) = pair();
        for end in [&ours, &peer] {
            has_small_buffers(end);
        }
        scene.happened(words::THE_PEER_SENDS_UP_TO_8_MIB);
        let flood = thread::spawn(move || send_as_much(&peer, FLOOD));
        expect_goodbye(&scene, false, causes::GoodbyeNeverEnds, || {
            let said = goodbye(ours, LONG);
            if flood.join().expect("the peer does not panic") == FLOOD {
                scene.happened(words::ALL_8_MIB_WERE_TAKEN);
                scene.notice(causes::GoodbyeNeverEnds);
            }
            said
        });
    });
}

#[test]
fn the_timeout_covers_the_whole_goodbye() {
    graded(|| {
        builds_on(goodbye_reads_until_the_peer_closes);
        builds_on(a_silent_peer_does_not_block_goodbye);
        let scene = Scene::begin();
        let (ours, mut peer) = pair();
        let clone = ours.try_clone().expect("a descriptor");
        let ends = (address(ours.local_addr()), address(ours.peer_addr()));
        let call = in_background("goodbye", move || goodbye(ours, LONG));
        scene.happened(words::A_GOODBYE_HAS_AN_HOUR);
        let began = Instant::now();
        until(|| began.elapsed() > A_WHILE);
        peer.write_all(b"x").expect("a connection takes a byte");
        scene.happened(words::A_BYTE_COMES_AFTER_A_WHILE);
        until(|| call.is_over() || all_is_read(ends) && is_idle(&call));
        expect_the_rest_of_the_hour(&scene, &clone);
        drop(peer);
        scene.peer_did(words::CLOSED_ITS_SIDE);
        expect_goodbye(&scene, true, causes::GoodbyeNotHeard, || call.join());

        let scene = Scene::begin();
        let (ours, mut peer) = pair();
        let clone = ours.try_clone().expect("a descriptor");
        let call = in_background("goodbye", move || goodbye(ours, LONG));
        scene.happened(words::A_GOODBYE_HAS_AN_HOUR);
        let began = Instant::now();
        until(|| began.elapsed() > A_WHILE);
        interrupt(&call, &mut peer, &scene);
        settles(&call);
        expect_the_rest_of_the_hour(&scene, &clone);
        drop(peer);
        scene.peer_did(words::CLOSED_ITS_SIDE);
        expect_goodbye(&scene, true, Cause::InterruptedIsNoFailure, || call.join());
    });
}

#[test]
fn goodbye_after_a_reset_is_not_an_error() {
    graded(|| {
        let scene = Scene::begin();
        let (ours, peer) = pair();
        close_with_a_reset(peer);
        scene.happened(words::THE_PEER_RESETS);
        wait_for_the_reset(&ours);
        expect_goodbye(&scene, false, causes::GoneBeforeTheGoodbye, || goodbye(ours, LONG));
    });
}

#[test]
fn a_reset_during_goodbye_is_not_a_close() {
    graded(|| {
        let scene = Scene::begin();
        let (ours, mut peer) = pair();
        let call = in_background("goodbye", move || goodbye(ours, LONG));
        let end = returns(end_of_stream()).or(causes::CloneHoldsTheLine);
        scene.expect_of_peer(words::READS, end, || read_one(&mut peer));
        settles(&call);
        close_with_a_reset(peer);
        scene.peer_did(words::RESET_THE_CONNECTION);
        expect_goodbye(&scene, false, causes::GoodbyeNotHeard, || call.join());
    });
}

#[test]
fn an_interruption_ends_neither_answer_nor_goodbye() {
    graded(|| {
        builds_on(an_answer_arrives_after_the_half_close);
        builds_on(goodbye_reads_until_the_peer_closes);
        let scene = Scene::begin();
        scene.tell_text();
        let (mut ours, mut peer) = pair();
        // A wait that has a limit is the one that a signal interrupts (signal(7)).
        ours.set_read_timeout(Some(LONG)).expect("a socket has a read timeout");
        let call = in_background("half_close_and_hear", move || half_close_and_hear(&mut ours));
        interrupt(&call, &mut peer, &scene);
        scene.peer_sent(b"answer");
        let _ = peer.write_all(b"answer");
        drop(peer);
        scene.peer_did(words::CLOSED_ITS_SIDE);
        let whole = returns(b"answer".to_vec()).or(Cause::InterruptedIsNoFailure);
        scene.expect("half_close_and_hear", whole, || call.join());

        let scene = Scene::begin();
        let (ours, mut peer) = pair();
        let call = in_background("goodbye", move || goodbye(ours, LONG));
        interrupt(&call, &mut peer, &scene);
        drop(peer);
        scene.peer_did(words::CLOSED_ITS_SIDE);
        expect_goodbye(&scene, true, Cause::InterruptedIsNoFailure, || call.join());
    });
}

#[rstest]
#[case::with_nothing_unread("")]
#[case::with_something_unread("hello")]
fn reset_reaches_the_peer_as_a_reset(#[case] unread: &'static str) {
    graded(move || {
        let scene = Scene::begin();
        let (ours, mut peer) = pair();
        if !unread.is_empty() {
            peer.write_all(unread.as_bytes()).expect("a connection takes a few bytes");
            scene.peer_sent(unread.as_bytes());
            wait_for(&ours, unread.len());
        }
        let ends = (address(ours.local_addr()), address(ours.peer_addr()));
        scene.expect("reset", returns(()), || reset(ours));
        let error = fails_with(ConnectionReset).or(causes::CloseIsNoReset);
        scene.expect_of_peer(words::READS, error, || read_one(&mut peer));
        let nothing = returns(Finding::of(words::NOTHING)).or(causes::CloseIsNoReset);
        scene.expect_of(words::THE_KERNEL, words::KEEPS_OF_THE_CONNECTION, nothing, || {
            let end = TcpEnd::of(ends.0, ends.1).or(TcpEnd::of(ends.1, ends.0));
            Ok(Finding::of(end.map_or(&*words::NOTHING, |end| end.state.name())))
        });
    });
}

#[rstest]
#[case(&words::CALLING_WHERE_NOBODY_LISTENS, refused, Diagnosis::Refused)]
#[case(&words::READING_AFTER_A_RESET, read_after_a_reset, Diagnosis::Reset)]
#[case(&words::WRITING_TWICE_AFTER_THE_END, second_write, Diagnosis::Closed)]
#[case(&words::WRITING_AFTER_ONES_OWN_END, write_after_half_close, Diagnosis::Closed)]
#[case(&words::READING_WITHOUT_A_CONNECTION, read_without_a_connection, Diagnosis::NotConnected)]
#[case(&words::BINDING_A_PORT_IN_USE, address_in_use, Diagnosis::AddressInUse)]
#[case(&words::BINDING_AN_ADDRESS_NOT_HERE, address_not_here, Diagnosis::AddressNotHere)]
fn every_connection_error_has_a_diagnosis(
    #[case] what: &'static str,
    #[case] error: fn() -> io::Error,
    #[case] diagnosis: Diagnosis,
) {
    graded(move || expect_diagnosis(what, &error(), diagnosis, causes::NotTheDiagnosis));
}

#[test]
fn errors_are_diagnosed_by_kind_not_number() {
    graded(|| {
        builds_on(every_connection_error_has_a_diagnosis);
        for (kind, diagnosis) in [
            (ConnectionRefused, Diagnosis::Refused),
            (ConnectionReset, Diagnosis::Reset),
            (BrokenPipe, Diagnosis::Closed),
            (NotConnected, Diagnosis::NotConnected),
            (AddrInUse, Diagnosis::AddressInUse),
            (AddrNotAvailable, Diagnosis::AddressNotHere),
        ] {
            let without_number = io::Error::from(kind);
            let what = words::ERROR_WITHOUT_A_NUMBER;
            expect_diagnosis(&what, &without_number, diagnosis, causes::KindsNotNumbers);
            let reworded = io::Error::new(kind, &*words::FAILED_TO_GREET);
            let what = words::ERROR_IN_OTHER_WORDS;
            expect_diagnosis(&what, &reworded, diagnosis, causes::KindsNotNumbers);
        }
        let (here, elsewhere) = out_of_descriptors();
        for (what, error) in [
            (
                words::ERROR_WITH_THE_TEXT_OF_ANOTHER,
                io::Error::other(numbered(here[0]).to_string()),
            ),
            (words::ERROR_WITH_A_FOREIGN_NUMBER, numbered(elsewhere[0])),
        ] {
            expect_diagnosis(&what, &error, Diagnosis::Other, causes::KindsNotNumbers);
        }
    });
}

#[test]
fn a_timeout_has_two_error_kinds() {
    graded(|| {
        builds_on(errors_are_diagnosed_by_kind_not_number);
        for (what, error) in [
            (words::A_READ_OUT_OF_TIME, read_timeout()),
            (words::A_CALL_OUT_OF_TIME, connect_timeout()),
            (words::A_READ_OUT_OF_TIME_ON_UNIX, WouldBlock.into()),
            (words::A_READ_OUT_OF_TIME_ON_WINDOWS, TimedOut.into()),
        ] {
            expect_diagnosis(&what, &error, Diagnosis::TimedOut, Cause::TimeoutHasTwoNames);
        }
    });
}

#[test]
fn an_aborted_connection_counts_as_reset() {
    graded(|| {
        builds_on(errors_are_diagnosed_by_kind_not_number);
        let what = words::WHAT_WINDOWS_CALLS_A_RESET;
        let error = ConnectionAborted.into();
        expect_diagnosis(&what, &error, Diagnosis::Reset, causes::AbortedIsReset);
    });
}

#[rstest]
#[case(&words::BINDING_A_FORBIDDEN_PORT, || PermissionDenied.into())]
#[case(&words::READING_MORE_THAN_WAS_SENT, || ErrorKind::UnexpectedEof.into())]
#[case(&words::SETTING_A_TIMEOUT_OF_ZERO, || ErrorKind::InvalidInput.into())]
#[case(&words::AN_INTERRUPTED_READ, || ErrorKind::Interrupted.into())]
#[case(&words::OPENING_NO_FILE, no_such_file)]
fn unrelated_errors_are_diagnosed_as_other(
    #[case] what: &'static str,
    #[case] error: fn() -> io::Error,
) {
    graded(move || expect_diagnosis(what, &error(), Diagnosis::Other, causes::NotTheDiagnosis));
}

#[test]
fn a_refused_connection_is_retried() {
    graded(|| {
        builds_on(every_connection_error_has_a_diagnosis);
        let (socket, address) = bound_socket();
        let counts = Counts::begin();
        let expected = Outcome { attempts: 3, rests: 2, error: None };
        counts.expect(5, expected, causes::TriesNotCounted, || {
            let rest = || {
                counts.rest();
                if counts.rests.get() == 2 {
                    socket.listen(8).expect("a bound socket can listen");
                    counts.scene.happened(words::NOW_SOMEBODY_LISTENS);
                }
            };
            try_again(5, rest, || counts.attempt(|| TcpStream::connect(address)))
        });
    });
}

#[test]
fn binding_a_port_in_use_is_retried() {
    graded(|| {
        builds_on(a_refused_connection_is_retried);
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let address = address(listener.local_addr());
        let mut owner = Some(listener);
        let counts = Counts::begin();
        let expected = Outcome { attempts: 4, rests: 3, error: None };
        counts.expect(5, expected, causes::TriesNotCounted, || {
            let rest = || {
                counts.rest();
                if counts.rests.get() == 3 {
                    owner = None;
                    counts.scene.happened(words::NOW_THE_PORT_IS_FREE);
                }
            };
            try_again(5, rest, || counts.attempt(|| TcpListener::bind(address)))
        });
    });
}

#[test]
fn a_call_that_timed_out_is_retried() {
    graded(|| {
        builds_on(a_refused_connection_is_retried);
        builds_on(a_timeout_has_two_error_kinds);
        let (mut ours, mut peer) = pair();
        ours.set_read_timeout(Some(SHORT)).expect("a socket has a read timeout");
        let counts = Counts::begin();
        let expected = Outcome { attempts: 2, rests: 1, error: None };
        counts.expect(5, expected, causes::TriesNotCounted, || {
            let rest = || {
                counts.rest();
                peer.write_all(b"x").expect("a connection takes a byte");
                counts.scene.happened(words::NOW_A_BYTE_COMES);
            };
            try_again(5, rest, || counts.attempt(|| ours.read(&mut [0])))
        });
    });
}

#[test]
fn running_out_of_descriptors_is_temporary() {
    graded_apart(
        |listens| {
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
            listens(listener.local_addr()?);
            let mut held = Vec::new();
            let error = loop {
                match listener.try_clone() {
                    Ok(clone) => held.push(clone),
                    Err(error) => break error,
                }
            };
            let (mut attempts, mut rests) = (0, 0);
            let accepted = try_again(
                1000,
                || {
                    rests += 1;
                    if rests == 2 {
                        held.pop();
                    }
                },
                || {
                    attempts += 1;
                    listener.accept()
                },
            );
            let end = if accepted.is_ok() { words::LET_IN } else { words::NOT_LET_IN };
            Err(io::Error::other(after_attempts(diagnose(&error), attempts, &end)))
        },
        |apart| {
            builds_on(a_refused_connection_is_retried);
            for number in out_of_descriptors().0 {
                let what = words::RUNNING_OUT_OF_DESCRIPTORS;
                let cause = causes::DescriptorsHaveNoKind;
                expect_diagnosis(&what, &numbered(*number), Diagnosis::OutOfDescriptors, cause);
            }
            if !Apart::is_possible() {
                return println!("{}", words::NOT_CHECKED_HERE);
            }
            let scene = Scene::begin();
            let mut server = apart.start(16).expect("a server in a process of its own");
            // If the process gives up at once, its last words show that.
            let _client = TcpStream::connect(server.address());
            scene.happened(words::ALL_DESCRIPTORS_ARE_TAKEN);
            scene.happened(words::ONE_DESCRIPTOR_COMES_BACK);
            let accepted =
                Finding::of(after_attempts(Diagnosis::OutOfDescriptors, 3, &words::LET_IN));
            let accepted = returns(accepted).or(causes::DescriptorsHaveNoKind);
            scene.expect(words::DIAGNOSE_AND_TRY_AGAIN, accepted, || {
                let last = server.last_words();
                Ok(Finding::of(last.split('"').nth(1).unwrap_or(&last)))
            });
        },
    );
}

#[rstest]
#[case::three_tries(3)]
#[case::two_tries(2)]
#[case::one_try(1)]
#[case::no_tries(0)]
#[case::fifty_tries(50)]
fn retries_stop_after_the_last_attempt(#[case] tries: u32) {
    graded(move || {
        builds_on(a_refused_connection_is_retried);
        let (_socket, address) = bound_socket();
        let counts = Counts::begin();
        let attempts = tries.max(1);
        let expected = Outcome { attempts, rests: attempts - 1, error: Some(ConnectionRefused) };
        let mut text = String::new();
        counts.expect(tries, expected, causes::TriesNotCounted, || {
            try_again(tries, || counts.rest(), || counts.attempt(|| TcpStream::connect(address)))
                .inspect_err(|error| text = error.to_string())
        });
        let same = returns(Finding::of(refused().to_string())).or(causes::LastErrorLost);
        counts
            .scene
            .expect_of(words::THE_TEST, words::READS_THE_ERROR, same, || Ok(Finding::of(text)));
    });
}

#[rstest]
#[case::an_address_of_another_machine(address_not_here)]
#[case::a_connection_that_was_reset(read_after_a_reset)]
#[case::a_connection_that_was_closed(second_write)]
#[case::no_connection(read_without_a_connection)]
#[case::something_else(|| PermissionDenied.into())]
fn permanent_errors_are_not_retried(#[case] error: fn() -> io::Error) {
    graded(move || {
        let counts = Counts::begin();
        let expected = Outcome { attempts: 1, rests: 0, error: Some(error().kind()) };
        counts.expect(5, expected, causes::TriesTheHopeless, || {
            try_again(5, || counts.rest(), || counts.attempt(|| Err::<(), _>(error())))
        });
    });
}

#[rstest]
#[case::with_tries_left(5, 3, PermissionDenied)]
#[case::up_to_the_last_one(2, 2, AddrInUse)]
fn each_error_is_judged_by_itself(
    #[case] tries: u32,
    #[case] attempts: u32,
    #[case] last: ErrorKind,
) {
    graded(move || {
        builds_on(a_refused_connection_is_retried);
        builds_on(binding_a_port_in_use_is_retried);
        builds_on(permanent_errors_are_not_retried);
        let counts = Counts::begin();
        let expected = Outcome { attempts, rests: attempts - 1, error: Some(last) };
        counts.expect(tries, expected, causes::TriesTheHopeless, || {
            let mut kinds = [ConnectionRefused, AddrInUse].into_iter();
            let mut attempt = || Err::<(), _>(kinds.next().unwrap_or(PermissionDenied).into());
            try_again(tries, || counts.rest(), || counts.attempt(&mut attempt))
        });
    });
}

#[test]
fn a_success_is_not_repeated() {
    graded(|| {
        let counts = Counts::begin();
        let expected = Outcome { attempts: 1, rests: 0, error: None };
        counts.expect(5, expected, causes::TriesNotCounted, || {
            try_again(5, || counts.rest(), || counts.attempt(|| Ok(())))
        });
    });
}

/// The result of `try_again`, and its calls.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Outcome {
    attempts: u32,
    rests: u32,
    error: Option<ErrorKind>,
}

impl Describe for Outcome {
    fn describe(&self) -> String {
        let attempts = counted(self.attempts as usize, words::ATTEMPT);
        let rests = counted(self.rests as usize, words::REST);
        let end = self.error.map_or(words::SUCCESS.to_owned(), |kind| format!("{kind:?}"));
        words::outcome(attempts, rests, end)
    }
}

/// Counts the attempts and the rests of one call of `try_again`.
struct Counts {
    scene: Scene,
    attempts: Cell<u32>,
    rests: Cell<u32>,
}

impl Counts {
    /// No right answer makes more attempts.
    const ENOUGH: u32 = 100;

    fn begin() -> Counts {
        Counts { scene: Scene::begin(), attempts: Cell::new(0), rests: Cell::new(0) }
    }

    fn attempt<T>(&self, run: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
        self.attempts.set(self.attempts.get() + 1);
        if self.attempts.get() > Counts::ENOUGH {
            let rests = counted(self.rests.get() as usize, words::REST);
            let made = words::attempts_without_end(Counts::ENOUGH, rests);
            fail(causes::TriesNotCounted.story(vec![Row::new(words::YOUR_CODE_MADE, made)]));
        }
        let outcome = run();
        let came = outcome.as_ref().err().map(|error| format!("{:?}", error.kind()));
        self.scene.called("attempt", came.unwrap_or(words::SUCCESS.to_owned()));
        outcome
    }

    fn rest(&self) {
        self.rests.set(self.rests.get() + 1);
        self.scene.called("rest", words::DONE);
    }

    /// Expect this outcome of a call; `too_often` is the cause if it makes more attempts.
    fn expect<T>(
        &self,
        tries: u32,
        expected: Outcome,
        too_often: Cause,
        run: impl FnOnce() -> io::Result<T>,
    ) {
        self.scene.expect(format!(r"try_again({tries}, …)"), returns(expected), || {
            let error = run().err().map(|error| error.kind());
            let came = Outcome { attempts: self.attempts.get(), rests: self.rests.get(), error };
            let between = came.attempts.saturating_sub(1);
            if came != expected {
                self.scene.notice(match () {
                    () if came.rests < between => causes::TriesWithoutRest,
                    () if came.attempts > expected.attempts => too_often,
                    () if came.rests > between => causes::TriesNotCounted,
                    () if came.attempts < expected.attempts => causes::GaveUpOnWhatPasses,
                    () => causes::LastErrorLost,
                });
            }
            Ok(came)
        });
    }
}

/// Expect this result of a goodbye: whether the peer closed its side, too.
fn expect_goodbye(scene: &Scene, both: bool, cause: Cause, run: impl FnOnce() -> io::Result<bool>) {
    scene.expect("goodbye", returns(both).or(cause), || {
        let said = run();
        match &said {
            Ok(true) if !both => scene.notice(causes::GoodbyeNotHeard),
            Err(error) if matches!(error.kind(), WouldBlock | TimedOut) => {
                scene.notice(Cause::TimeoutHasTwoNames);
            }
            _ => {}
        }
        said
    });
}

/// Expect a goodbye that has been running for a while to wait for less than the whole hour in its next read.
fn expect_the_rest_of_the_hour(scene: &Scene, clone: &TcpStream) {
    let less = returns(Finding::of(words::THE_REST_OF_THE_HOUR)).or(causes::TimeoutStartsAgain);
    scene.expect_of(words::THE_TEST, words::ASKS_HOW_LONG_A_READ_MAY_TAKE, less, || {
        // An answer that limits itself in another way sets no timeout, and is also right.
        let limit = clone.read_timeout()?;
        let whole = limit.is_some_and(|limit| limit >= LONG);
        Ok(Finding::of(if whole { words::AN_HOUR } else { words::THE_REST_OF_THE_HOUR }))
    });
}

fn expect_diagnosis(what: &str, error: &io::Error, diagnosis: Diagnosis, cause: Cause) {
    let scene = Scene::begin();
    scene.happened(words::failed(what, format_args!("{:?}", error.kind()), error));
    let said = |diagnosis: Diagnosis| Finding::of(format!("{diagnosis:?}"));
    scene.expect("diagnose", returns(said(diagnosis)).or(cause), || Ok(said(diagnose(error))));
}

/// In words: the diagnosis of a process without free descriptors, and how its attempts ended.
fn after_attempts(diagnosis: Diagnosis, attempts: usize, end: &str) -> String {
    let attempts = counted(attempts, words::ATTEMPT);
    words::after_attempts(format_args!("{diagnosis:?}"), attempts, end)
}

/// Connect to a port whose socket does not listen.
fn refused() -> io::Error {
    let (_socket, address) = bound_socket();
    TcpStream::connect(address).expect_err("no program listens")
}

fn read_after_a_reset() -> io::Error {
    let (mut ours, peer) = pair();
    close_with_a_reset(peer);
    ours.read(&mut [0]).expect_err("the connection was reset")
}

fn second_write() -> io::Error {
    let (mut ours, peer) = pair();
    drop(peer);
    wait_for_the_end(&ours);
    assert_eq!(ours.write(b"1").ok(), Some(1), "the first write succeeds");
    // The peer's system has no socket for this byte, and answers with a reset.
    wait_for_the_reset(&ours);
    ours.write(b"2").expect_err("the connection is closed")
}

fn write_after_half_close() -> io::Error {
    let (mut ours, _peer) = pair();
    ours.shutdown(Shutdown::Write).expect("a connection can be half closed");
    ours.write(b"!").expect_err("this side is closed")
}

fn read_without_a_connection() -> io::Error {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None).expect("a socket");
    TcpStream::from(socket).read(&mut [0]).expect_err("there is no connection")
}

fn address_in_use() -> io::Error {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    TcpListener::bind(address(listener.local_addr())).expect_err("the port is in use")
}

/// Bind an address of 192.0.2.0/24, which is for documentation: no machine has one.
fn address_not_here() -> io::Error {
    TcpListener::bind((Ipv4Addr::new(192, 0, 2, 1), 0)).expect_err("not this machine's address")
}

fn read_timeout() -> io::Error {
    let (mut ours, _peer) = pair();
    ours.set_read_timeout(Some(Duration::from_millis(1))).expect("a socket has a read timeout");
    ours.read(&mut [0]).expect_err("nothing comes")
}

/// Connect to a server whose backlog is full. Only on Linux does such a client wait.
fn connect_timeout() -> io::Error {
    if !cfg!(target_os = "linux") {
        return TimedOut.into();
    }
    let (socket, address) = bound_socket();
    socket.listen(0).expect("a bound socket can listen");
    let mut backlog = Vec::new();
    loop {
        match TcpStream::connect_timeout(&address, Duration::from_millis(1)) {
            Ok(client) => backlog.push(client),
            Err(error) => return error,
        }
    }
}

/// The numbers of the errors of a process without free descriptors: of this system, and of another one.
fn out_of_descriptors() -> (&'static [i32], &'static [i32]) {
    const UNIX: &[i32] = &[24, 23];
    const WINDOWS: &[i32] = &[10024];
    if cfg!(windows) { (WINDOWS, UNIX) } else { (UNIX, WINDOWS) }
}

fn numbered(number: i32) -> io::Error {
    io::Error::from_raw_os_error(number)
}

/// Return an error with a number of this system, as a process without free descriptors gets one.
fn no_such_file() -> io::Error {
    File::open("no-such-file").expect_err("there is no such file")
}

/// Return our end of a new connection, and the peer's.
fn pair() -> (TcpStream, TcpStream) {
    connected().expect("failed to connect two ends on loopback")
}

/// Return a socket that has a port and does not listen, and its address.
fn bound_socket() -> (Socket, SocketAddr) {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None).expect("a socket");
    socket.bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into()).expect("a free port");
    let address = socket.local_addr().map(|address| address.as_socket());
    (socket, address.expect("an address").expect("of IPv4"))
}

fn address(address: io::Result<SocketAddr>) -> SocketAddr {
    address.expect("a socket has an address")
}

/// Wait until a condition holds; the check's deadline ends a wait that never ends.
fn until(mut condition: impl FnMut() -> bool) {
    while !condition() {
        thread::yield_now();
    }
}

/// Wait until this many bytes have arrived, and leave them unread.
fn wait_for(stream: &TcpStream, bytes: usize) {
    let mut room = vec![0; bytes];
    until(|| stream.peek(&mut room).expect("the peer sends") == bytes);
}

/// Wait until the peer's end of the stream has arrived.
fn wait_for_the_end(stream: &TcpStream) {
    assert_eq!(stream.peek(&mut [0]).ok(), Some(0), "the peer closes and sends nothing");
}

/// Wait until the peer's reset has arrived: then the socket has no peer any more. A read would consume the
/// error.
fn wait_for_the_reset(stream: &TcpStream) {
    until(|| cfg!(windows) || stream.peer_addr().is_err());
}

/// Read one byte, and say in words what the read returned.
fn read_one(stream: &mut TcpStream) -> io::Result<Finding> {
    let n = stream.read(&mut [0])?;
    Ok(if n == 0 { end_of_stream() } else { Finding::of(words::A_BYTE) })
}

fn end_of_stream() -> Finding {
    Finding::of(words::THE_END_OF_THE_STREAM)
}

/// Whether our end, the first of these, has read all that the peer sent; true where this cannot be seen.
fn all_is_read((ours, peers): (SocketAddr, SocketAddr)) -> bool {
    let (here, there) = (TcpEnd::of(ours, peers), TcpEnd::of(peers, ours));
    let read = here.is_some_and(|end| end.unread == 0);
    let arrived = there.is_some_and(|end| end.unacknowledged == 0);
    read && arrived || !TcpEnd::can_be_seen()
}

/// Wait until a call has done all that it can while the peer does nothing: the peer may see the end of the
/// stream while the call that sent it is still running.
fn settles<T>(call: &Background<T>) {
    until(|| call.is_over() || is_idle(call));
}

/// Interrupt a call that has closed its side, if it waits in a read then and not elsewhere.
fn interrupt<T>(call: &Background<T>, peer: &mut TcpStream, scene: &Scene) {
    assert_eq!(peer.read(&mut [0]).ok(), Some(0), "the call closes its side");
    settles(call);
    if call.waits_to_read() && call.interrupt() {
        scene.happened(words::A_SIGNAL_INTERRUPTS_THE_CALL);
    }
}

/// Whether a call waits for something, a byte or a moment in time.
fn is_idle<T>(call: &Background<T>) -> bool {
    !call.computes()
}

/// Say where a call waits: in a sleep, or in a read of this silent stream that takes longer than the shortest
/// timeout.
fn waits<T>(call: &Background<T>, stream: &TcpStream, shortest: Duration) -> Option<&'static str> {
    let is_longer = |timeout: Duration| timeout > shortest;
    let waits_to_read = || {
        let timeout = stream.read_timeout().ok();
        call.waits_to_read() && timeout.is_some_and(|timeout| timeout.is_none_or(is_longer))
    };
    // Three times: it may set a timeout, wait, and remove the timeout between two looks.
    if (0..3).all(|_| waits_to_read()) {
        return Some(&words::FOR_BYTES_THAT_NEVER_COME);
    }
    call.place().contains(r"nanosleep").then_some(&words::IN_A_SLEEP)
}

/// The shortest read timeout that a socket of this system has: a kernel that counts ticks rounds it up.
fn shortest_timeout() -> Duration {
    let (socket, _address) = bound_socket();
    socket.set_read_timeout(Some(Duration::from_micros(1))).expect("a socket has a read timeout");
    socket.read_timeout().ok().flatten().unwrap_or_default()
}

/// Expect a call to have left these settings of a socket as they were.
fn expect_settings(scene: &Scene, stream: &TcpStream, as_they_were: Finding, cause: Cause) {
    let same = returns(as_they_were).or(cause);
    scene.expect_of(words::THE_TEST, words::ASKS_HOW_THE_SOCKET_IS_SET, same, || {
        Ok(settings(stream))
    });
}

/// The settings of a socket, in words.
fn settings(stream: &TcpStream) -> Finding {
    let mode = if is_nonblocking(stream) { words::NONBLOCKING } else { words::BLOCKING };
    Finding::of(match stream.read_timeout().ok().flatten() {
        None => words::without_timeout(mode),
        Some(timeout) => words::with_timeout(mode, format_args!("{timeout:?}")),
    })
}

#[cfg(unix)]
fn is_nonblocking(stream: &TcpStream) -> bool {
    SockRef::from(stream).nonblocking().expect("a socket knows its mode")
}

/// On other systems, the mode of a socket cannot be read.
#[cfg(not(unix))]
fn is_nonblocking(_stream: &TcpStream) -> bool {
    false
}

fn has_small_buffers(stream: &TcpStream) {
    let socket = SockRef::from(stream);
    socket.set_recv_buffer_size(64 * 1024).expect("a buffer of that size");
    socket.set_send_buffer_size(64 * 1024).expect("a buffer of that size");
}

/// Send until the connection takes no more, and return how many bytes it took.
fn send_as_much(mut stream: &TcpStream, most: usize) -> usize {
    let piece = [b'x'; 64 * 1024];
    let mut sent = 0;
    while sent < most {
        match stream.write(&piece) {
            Ok(n) => sent += n,
            Err(_) => break,
        }
    }
    sent
}

fn text(length: usize) -> Vec<u8> {
    (b'a'..=b'z').cycle().take(length).collect()
}
