//! Lesson 2, graded: TCP keeps the order of bytes, but not which write they came from.
//!
//! ```text
//! write(hello), write(world)   ──▶   h e l l o w o r l d   ──▶   one read, or many, cut anywhere
//! ```
//!
//! The receiver is a real socket. What is written to it comes over a network that may be late: it
//! delivers a piece, and holds the rest back until your code has read that piece or waits for more.
//! Code that reads before everything has arrived gets one piece, every time, however long it slept
//! before. A bad network does this on its worst day, and your own machine hardly ever does.
//!
//! The acknowledged messages come from a script, because here the order of events matters. The peer
//! reports when it waits; code that writes more before the peer has answered has not waited for it. Try
//! it: give the peer below a longer acknowledgement, or send its data directly after the size, and see
//! which programs notice.

use std::io::ErrorKind::{
    BrokenPipe, ConnectionReset, Interrupted, InvalidData, InvalidInput, TimedOut, UnexpectedEof,
    WouldBlock,
};
use std::io::{Write, sink};
use std::net::TcpStream;

use netkata::{
    Cause, Expected, LateNetwork, PartialOp, Scene, Wire, builds_on, bytes_allocated, connected,
    fails_with, for_any_segmentation, graded, returns,
};
use rstest::rstest;
use sticky_packet::{receive_acknowledged, send_acknowledged, split, stick};

#[path = "../lessons/02_sticky_packet/causes.rs"]
mod causes;
#[path = "../lessons/02_sticky_packet/harness.rs"]
mod harness;
#[path = "../lessons/02_sticky_packet/words.rs"]
mod words;

use harness::BreakingSender;

/// The longest message that either side accepts, in bytes.
const MAX_MESSAGE: usize = 16 * 1024 * 1024;

#[test]
fn two_writes_arrive_in_one_read() {
    graded(|| {
        let network = LateNetwork::carrying(&[b"hello", b"world"]).for_one_read();
        expect_stuck(network, b"hello", b"world");
    });
}

#[rstest]
#[case::one_message_then_the_other(&[5])]
#[case::cut_inside_the_first(&[3])]
#[case::all_but_the_last_byte(&[9])]
#[case::cut_inside_the_second(&[7])]
#[case::in_three_pieces(&[1, 6])]
#[case::in_seven_pieces(&[1; 6])]
fn two_messages_stick_on_a_late_network(#[case] pieces: &'static [usize]) {
    graded(move || {
        builds_on(two_writes_arrive_in_one_read);
        let network = LateNetwork::carrying(&[b"hello", b"world"]).for_one_read();
        expect_stuck(network.in_pieces(pieces), b"hello", b"world");
    });
}

#[test]
fn messages_longer_than_1024_bytes_stick_too() {
    graded(|| {
        builds_on(two_writes_arrive_in_one_read);
        let (first, second) = (text(6000), text(5000));
        let network = LateNetwork::carrying(&[&first, &second]).for_one_read();
        expect_stuck(network, &first, &second);
    });
}

#[test]
fn an_end_instead_of_messages_is_an_error() {
    graded(|| {
        builds_on(two_writes_arrive_in_one_read);
        let network = LateNetwork::carrying(&[b"hello", b"world"]).for_one_read().cut_off_after(0);
        let error = fails_with(UnexpectedEof).or(Cause::TruncationLooksComplete);
        let error = error.or_when_it_waits(Cause::SpinsAtTheEnd);
        network
            .expect("stick", error, |sender, receiver| stick(sender, receiver, b"hello", b"world"));
    });
}

#[rstest]
#[case::of_2_bytes(2)]
#[case::of_5_bytes(5)]
#[case::of_10_bytes(10)]
#[case::of_5_000_bytes(5000)]
fn one_write_arrives_in_several_reads(#[case] length: usize) {
    graded(move || {
        let message = text(length);
        let network = LateNetwork::carrying(&[&message]);
        expect_split(network, &message, returns(message.clone()));
    });
}

#[rstest]
#[case::in_halves(&[5])]
#[case::first_byte_alone(&[1])]
#[case::last_byte_alone(&[9])]
#[case::in_three_pieces(&[1, 7])]
fn split_waits_for_the_whole_message(#[case] pieces: &'static [usize]) {
    graded(move || {
        builds_on(one_write_arrives_in_several_reads);
        let network = LateNetwork::carrying(&[b"helloworld"]).in_pieces(pieces);
        expect_split(network, b"helloworld", returns(b"helloworld".to_vec()));
    });
}

#[rstest]
#[case::of_7_bytes(7)]
#[case::of_10_bytes(10)]
#[case::of_3_000_bytes(3000)]
fn split_leaves_the_next_message_in_the_stream(#[case] length: usize) {
    graded(move || {
        builds_on(one_write_arrives_in_several_reads);
        builds_on(split_waits_for_the_whole_message);
        let message = text(length);
        let network = LateNetwork::carrying(&[&message]).followed_by(b"NEXT");
        expect_split(network, &message, returns(message.clone()).or(Cause::ReadTooFar));
    });
}

#[test]
fn a_split_message_cut_short_is_an_error() {
    graded(|| {
        builds_on(one_write_arrives_in_several_reads);
        builds_on(split_waits_for_the_whole_message);
        for end in [9, 5, 1] {
            let network = LateNetwork::carrying(&[b"helloworld"]).cut_off_after(end);
            expect_split(network, b"helloworld", fails_with(UnexpectedEof));
        }
    });
}

#[rstest]
#[case::one_byte_per_write(&[PartialOp::Limited(1), PartialOp::Limited(1), PartialOp::Limited(1)])]
#[case::in_halves(&[PartialOp::Limited(3), PartialOp::Unlimited, PartialOp::Limited(3)])]
#[case::after_a_signal(&[PartialOp::Err(Interrupted), PartialOp::Unlimited, PartialOp::Err(Interrupted)])]
fn messages_survive_short_writes(#[case] writes: &'static [PartialOp]) {
    graded(move || {
        builds_on(two_writes_arrive_in_one_read);
        builds_on(one_write_arrives_in_several_reads);
        let network = LateNetwork::carrying(&[b"helloworld"]).accepting(writes);
        expect_split(network, b"helloworld", returns(b"helloworld".to_vec()));
        let network = LateNetwork::carrying(&[b"hello", b"world"]).accepting(writes);
        expect_stuck(network.for_one_read(), b"hello", b"world");
    });
}

#[test]
fn a_failed_write_of_two_messages_is_an_error() {
    graded(|| {
        builds_on(two_writes_arrive_in_one_read);
        builds_on(one_write_arrives_in_several_reads);
        for writes in [0, 1] {
            let scene = Scene::begin();
            let (mut sender, mut receiver) = BreakingSender::after(writes, &scene);
            let error = fails_with(BrokenPipe).or(Cause::ErrorLost);
            scene.expect("stick", error, || stick(&mut sender, &mut receiver, b"hello", b"world"));

            let scene = Scene::begin();
            let (sender, mut receiver) = BreakingSender::after(writes, &scene);
            let error = fails_with(TimedOut).or(Cause::ErrorLost);
            let mut sender = sender.once();
            scene.expect("stick", error, || stick(&mut sender, &mut receiver, b"hello", b"world"));
        }
        let scene = Scene::begin();
        let (mut sender, mut receiver) = BreakingSender::after(0, &scene);
        let error = fails_with(BrokenPipe).or(Cause::ErrorLost);
        scene.expect("split", error, || {
            split(&mut sender, &mut receiver, b"helloworld").map(|pieces| pieces.concat())
        });
    });
}

#[test]
fn data_is_sent_only_after_the_acknowledgement() {
    graded(|| {
        let longest = [b'k'; 1024];
        let acknowledgements: [&[u8]; 4] = [b"1", b"ok", "收到".as_bytes(), &longest];
        let messages = [&b"hello"[..], "神".as_bytes(), b"", &text(300)];
        for (message, acknowledgement) in messages.iter().zip(acknowledgements) {
            let size = message.len().to_string();
            let mut wire =
                Wire::silent().then_awaits_exactly(size.as_bytes()).then_delivers(acknowledgement);
            let sent = returns(()).or(Cause::WrongSize);
            let sent = sent.or_when_it_waits(Cause::AcknowledgementHasNoLength);
            let bytes = [size.as_bytes(), message].concat();
            wire.expect_written("send_acknowledged", &bytes, sent, |wire| {
                send_acknowledged(wire, message)
            });
        }
    });
}

#[test]
fn a_long_acknowledgement_is_read_whole() {
    graded(|| {
        builds_on(data_is_sent_only_after_the_acknowledgement);
        let longest = [b'k'; 1024];
        let mut wire = Wire::silent()
            .then_awaits_exactly(b"5")
            .then_delivers(&longest)
            .then_awaits_exactly(b"5hello3")
            .then_delivers(b"ok");
        for message in ["hello", "you"] {
            let sent = returns(()).or_when_it_waits(Cause::AcknowledgementHasNoLength);
            wire.expect("send_acknowledged", sent, |wire| {
                send_acknowledged(wire, message.as_bytes())
            });
        }
    });
}

#[rstest]
#[case::every_high_byte(&[0xff, 0xfe, 0x80])]
#[case::zeros(&[0; 4])]
#[case::white_space(b" \r\n")]
fn an_acknowledgement_may_be_any_bytes(#[case] acknowledgement: &'static [u8]) {
    graded(move || {
        builds_on(data_is_sent_only_after_the_acknowledgement);
        let mut wire = Wire::silent().then_awaits_exactly(b"5").then_delivers(acknowledgement);
        let sent = returns(()).or(Cause::AcknowledgementHasNoLength);
        let sent = sent.or_when_it_waits(Cause::AcknowledgementHasNoLength);
        wire.expect_written("send_acknowledged", b"5hello", sent, |wire| {
            send_acknowledged(wire, b"hello")
        });
    });
}

#[rstest]
#[case::after_a_size("hello", Cause::EndIsNoAcknowledgement)]
#[case::after_the_size_0("", causes::EmptyMessageIsAcknowledged)]
fn end_of_stream_is_not_an_acknowledgement(#[case] message: &'static str, #[case] cause: Cause) {
    graded(move || {
        builds_on(data_is_sent_only_after_the_acknowledgement);
        let size = message.len().to_string();
        let mut wire = Wire::silent().then_awaits_exactly(size.as_bytes()).then_closes();
        let error = fails_with(UnexpectedEof).or(cause.clone());
        let scene = wire.scene().clone();
        wire.expect_written("send_acknowledged", size.as_bytes(), error, |wire| {
            send_acknowledged(wire, message.as_bytes()).inspect(|()| scene.notice(cause))
        });
    });
}

#[rstest]
#[case::of_the_size(0, "")]
#[case::of_the_data(1, "5")]
fn a_failed_write_of_the_sender_is_an_error(#[case] writes: usize, #[case] written: &'static str) {
    graded(move || {
        builds_on(data_is_sent_only_after_the_acknowledgement);
        // The acknowledgement is there in any case, so an answer that ignores the error goes on.
        for failing in [breaking_after(writes), timing_out_after(writes)] {
            let Some(PartialOp::Err(kind)) = failing.get(writes).cloned() else { unreachable!() };
            let mut wire = Wire::delivers(["ok"]).accepting(&failing);
            let error = fails_with(kind).or(Cause::ErrorLost);
            wire.expect_written("send_acknowledged", written.as_bytes(), error, |wire| {
                send_acknowledged(wire, b"hello")
            });
        }
    });
}

#[test]
fn the_size_is_sent_in_one_write() {
    graded(|| {
        builds_on(a_failed_write_of_the_sender_is_an_error);
        // What the first write took is all that a reader of this connection can ever find.
        let mut wire = Wire::delivers(["ok"]).accepting(&breaking_after(1));
        let error = fails_with(BrokenPipe).or(Cause::ErrorLost);
        wire.expect("send_acknowledged", error, |wire| send_acknowledged(wire, &text(1234)));
        let found = wire.written();
        let whole = returns(b"1234".to_vec()).or(causes::SizeInPieces);
        let scene = wire.scene().clone();
        scene.expect_of_peer(words::READS_THE_FIRST_WRITE, whole, || {
            if found != b"1234" {
                scene.notice(causes::SizeInPieces);
            }
            Ok(found)
        });
    });
}

#[test]
fn size_and_data_survive_short_writes() {
    graded(|| {
        builds_on(data_is_sent_only_after_the_acknowledgement);
        let mut wire =
            Wire::silent().accepting_at_most(1).then_awaits_exactly(b"10").then_delivers(b"ok");
        wire.expect_written("send_acknowledged", b"10helloworld", returns(()), |wire| {
            send_acknowledged(wire, b"helloworld")
        });
    });
}

#[test]
fn the_sender_repeats_interrupted_calls() {
    graded(|| {
        builds_on(data_is_sent_only_after_the_acknowledgement);
        let signal = PartialOp::Err(Interrupted);
        let mut wire = Wire::silent()
            .accepting(&[signal.clone(), PartialOp::Unlimited, signal])
            .then_fails(Interrupted)
            .then_awaits_exactly(b"5")
            .then_delivers(b"ok");
        wire.expect_written("send_acknowledged", b"5hello", returns(()), |wire| {
            send_acknowledged(wire, b"hello")
        });

        for other in [WouldBlock, TimedOut] {
            let mut wire = Wire::silent().then_fails(other).then_delivers(b"ok");
            let error = fails_with(other).or(Cause::ErrorLost);
            wire.expect_written("send_acknowledged", b"5", error, |wire| {
                send_acknowledged(wire, b"hello")
            });
        }
    });
}

#[test]
fn a_message_above_the_limit_is_not_sent() {
    graded(|| {
        let too_long = vec![b'x'; MAX_MESSAGE + 1];
        let mut wire = Wire::silent().then_awaits(8).then_delivers(b"ok");
        let refused = fails_with(InvalidInput).or(Cause::SendsWhatIsRefused);
        wire.expect_written("send_acknowledged", b"", refused, |wire| {
            send_acknowledged(wire, &too_long)
        });
    });
}

#[rstest]
#[case::of_5_bytes(5)]
#[case::of_1_byte(1)]
#[case::of_3_000_bytes(3000)]
fn the_size_is_acknowledged_before_data_arrives(#[case] length: usize) {
    graded(move || {
        let message = text(length);
        let mut wire = sends(&message);
        let whole = returns(message).or_when_it_waits(Cause::DoesNotStopAtTheSize);
        wire.expect("receive_acknowledged", whole, receive_acknowledged);
        let size = wire.written().len();
        let fits = returns(true).or(Cause::AcknowledgementHasNoLength);
        wire.scene().expect_of_peer(words::READS_AN_ACKNOWLEDGEMENT, fits, || {
            Ok((1..=1024).contains(&size))
        });
    });
}

#[rstest]
#[case::of_no_bytes("0")]
#[case::of_5_bytes("5")]
fn a_failed_acknowledgement_is_an_error(#[case] size: &'static str) {
    graded(move || {
        builds_on(the_size_is_acknowledged_before_data_arrives);
        let mut wire = Wire::delivers([size]).accepting(&breaking_after(0)).then_closes();
        let error = fails_with(BrokenPipe).or(Cause::ErrorLost);
        wire.expect("receive_acknowledged", error, receive_acknowledged);
    });
}

#[rstest]
#[case::in_halves(&["he", "llo"])]
#[case::last_byte_alone(&["hell", "o"])]
#[case::byte_by_byte(&["h", "e", "l", "l", "o"])]
fn data_in_pieces_is_received_whole(#[case] segments: &'static [&'static str]) {
    graded(move || {
        builds_on(the_size_is_acknowledged_before_data_arrives);
        let mut wire = Wire::delivers(["5"]).then_awaits(1);
        for segment in segments {
            wire = wire.then_delivers(segment.as_bytes());
        }
        wire.expect("receive_acknowledged", returns(b"hello".to_vec()), receive_acknowledged);
    });
}

#[test]
fn the_next_size_stays_in_the_stream() {
    graded(|| {
        builds_on(the_size_is_acknowledged_before_data_arrives);
        builds_on(data_in_pieces_is_received_whole);
        let mut wire = Wire::delivers(["5"])
            .then_awaits(1)
            .then_delivers(b"hel")
            .then_delivers(b"lo3")
            .then_awaits(2)
            .then_delivers(b"you");
        for message in ["hello", "you"] {
            let whole = returns(message.as_bytes().to_vec()).or(Cause::ReadTooFar);
            let whole = whole.or_when_it_waits(Cause::ReadTooFar);
            wire.expect("receive_acknowledged", whole, receive_acknowledged);
        }
    });
}

#[test]
fn an_empty_message_is_acknowledged_and_complete() {
    graded(|| {
        builds_on(the_size_is_acknowledged_before_data_arrives);
        let empty = || {
            let empty = returns(Vec::new()).or(Cause::EmptyMessageIsAMessage);
            empty.or_when_it_waits(Cause::EmptyMessageIsAMessage)
        };
        let mut wire = Wire::delivers(["0"]).then_awaits(1);
        wire.expect("receive_acknowledged", empty(), receive_acknowledged);

        let mut wire = Wire::delivers(["0"]).then_awaits(1).then_delivers(b"3").then_awaits(2);
        wire = wire.then_delivers(b"you");
        wire.expect("receive_acknowledged", empty(), receive_acknowledged);
        let next = returns(b"you".to_vec()).or(Cause::EmptyMessageIsAMessage);
        wire.expect("receive_acknowledged", next, receive_acknowledged);
    });
}

#[rstest]
#[case::with_a_plus("+5")]
#[case::with_a_minus("-1")]
#[case::with_a_space(" 5")]
#[case::with_a_line_end("5\n")]
#[case::with_the_data_stuck_to_it("5hello")]
#[case::in_words("five")]
#[case::in_digits_of_another_script("٥")]
#[case::with_a_control_character("5\u{7f}")]
fn a_size_is_decimal_digits_and_nothing_else(#[case] size: &'static str) {
    graded(move || {
        builds_on(the_size_is_acknowledged_before_data_arrives);
        let mut wire = Wire::delivers([size, "hello"]).then_closes();
        let refused = fails_with(InvalidData).or(Cause::NotDecimalDigits);
        wire.expect("receive_acknowledged", refused, receive_acknowledged);
    });
}

#[rstest]
#[case::one_byte_more("16777217")]
#[case::one_digit_more("167772160")]
#[case::more_than_any_memory("99999999999999999999999999")]
#[case::two_to_the_32nd_and_5("4294967301")]
#[case::two_to_the_64th_and_5("18446744073709551621")]
fn a_size_above_the_limit_is_refused(#[case] size: &'static str) {
    graded(move || {
        let mut wire = Wire::delivers([size, "hello"]).then_closes();
        let refused = fails_with(InvalidData).or(Cause::LengthTrusted);
        wire.expect("receive_acknowledged", refused, receive_acknowledged);
    });
}

#[rstest]
#[case::not_a_number("five", Cause::NotDecimalDigits)]
#[case::one_byte_more("16777217", Cause::LengthTrusted)]
fn a_refused_size_is_not_acknowledged(#[case] size: &'static str, #[case] cause: Cause) {
    graded(move || {
        builds_on(the_size_is_acknowledged_before_data_arrives);
        builds_on(a_size_above_the_limit_is_refused);
        let mut wire = Wire::delivers([size]).then_closes();
        wire.expect("receive_acknowledged", fails_with(InvalidData).or(cause), |wire| {
            receive_acknowledged(wire)
        });
        let written = wire.written();
        let nothing = returns(Vec::new()).or(Cause::AcknowledgesWhatItRefuses);
        wire.scene().expect_of_peer(words::READS_WHAT_WAS_SENT, nothing, || Ok(written));
    });
}

#[rstest]
#[case::one_byte_more("16777217")]
#[case::two_gigabytes("2147483648")]
fn a_refused_size_allocates_no_memory(#[case] size: &'static str) {
    graded(move || {
        builds_on(the_size_is_acknowledged_before_data_arrives);
        builds_on(a_size_above_the_limit_is_refused);
        let mut wire = Wire::delivers([size]).then_closes();
        let refused = fails_with(InvalidData).or(Cause::LengthTrusted);
        let ((), bytes) = bytes_allocated(|| {
            wire.expect("receive_acknowledged", refused, receive_acknowledged);
        });
        wire.scene().at_most_allocated("receive_acknowledged", bytes, size.len());
    });
}

#[test]
fn the_longest_message_is_allowed() {
    graded(|| {
        builds_on(data_is_sent_only_after_the_acknowledgement);
        builds_on(the_size_is_acknowledged_before_data_arrives);
        let longest = vec![b'x'; MAX_MESSAGE];
        let mut wire = sends(&longest);
        let whole = returns(longest.clone()).or(Cause::LimitOffByOne);
        wire.expect("receive_acknowledged", whole, receive_acknowledged);

        let size = MAX_MESSAGE.to_string();
        let mut wire = Wire::silent().then_awaits_exactly(size.as_bytes()).then_delivers(b"ok");
        let allowed = returns(()).or(Cause::LimitOffByOne);
        wire.expect("send_acknowledged", allowed, |wire| send_acknowledged(wire, &longest));
    });
}

#[test]
fn a_reset_is_returned_as_an_error() {
    graded(|| {
        builds_on(data_in_pieces_is_received_whole);
        let mut wire = Wire::silent().then_resets();
        let error = fails_with(ConnectionReset);
        wire.expect("send_acknowledged", error, |wire| send_acknowledged(wire, b"hello"));
        let mut wire = Wire::silent().then_resets();
        wire.expect("receive_acknowledged", fails_with(ConnectionReset), receive_acknowledged);
        let mut wire = Wire::delivers(["5"]).then_awaits(1).then_delivers(b"hel").then_resets();
        wire.expect("receive_acknowledged", fails_with(ConnectionReset), receive_acknowledged);

        let (scene, mut receiver) = reset_receiver();
        let error = fails_with(ConnectionReset).or(Cause::ResetLooksComplete);
        scene.expect("stick", error, || stick(&mut sink(), &mut receiver, b"hello", b"world"));
        let (scene, mut receiver) = reset_receiver();
        let error = fails_with(ConnectionReset).or(Cause::ResetLooksComplete);
        scene.expect("split", error, || {
            split(&mut sink(), &mut receiver, b"helloworld").map(|pieces| pieces.concat())
        });
    });
}

#[test]
fn an_early_end_of_stream_is_an_error() {
    graded(|| {
        builds_on(data_in_pieces_is_received_whole);
        for end in 0..5 {
            let mut wire =
                Wire::delivers(["5"]).then_awaits(1).then_delivers(&b"hello"[..end]).then_closes();
            wire.expect("receive_acknowledged", fails_with(UnexpectedEof), receive_acknowledged);
        }
        let mut wire = Wire::silent().then_closes();
        let error = fails_with(UnexpectedEof).or(causes::EndIsNoSize);
        wire.expect("receive_acknowledged", error, receive_acknowledged);
    });
}

#[test]
fn a_message_is_acknowledged_once() {
    graded(|| {
        builds_on(the_size_is_acknowledged_before_data_arrives);
        builds_on(an_early_end_of_stream_is_an_error);
        // If no data comes, all that the answer has sent is its acknowledgement of the size.
        let mut wire = Wire::delivers(["5"]).then_closes();
        wire.expect("receive_acknowledged", fails_with(UnexpectedEof), receive_acknowledged);
        let acknowledgement = wire.written();

        let mut wire = sends(b"hello");
        wire.expect("receive_acknowledged", returns(b"hello".to_vec()), receive_acknowledged);
        let written = wire.written();
        let once = returns(acknowledgement).or(causes::AcknowledgedTwice);
        wire.scene().expect_of_peer(words::READS_WHAT_WAS_SENT, once, || Ok(written));
    });
}

#[test]
fn the_receiver_repeats_interrupted_calls() {
    graded(|| {
        builds_on(the_size_is_acknowledged_before_data_arrives);
        builds_on(data_in_pieces_is_received_whole);
        let signal = PartialOp::Err(Interrupted);
        let mut wire = Wire::silent()
            .accepting(&[signal])
            .then_fails(Interrupted)
            .then_delivers(b"5")
            .then_awaits(1)
            .then_fails(Interrupted)
            .then_delivers(b"he")
            .then_fails(Interrupted)
            .then_delivers(b"llo");
        wire.expect("receive_acknowledged", returns(b"hello".to_vec()), receive_acknowledged);

        for other in [WouldBlock, TimedOut] {
            let error = || fails_with(other).or(Cause::ErrorLost);
            let mut wire = Wire::silent().then_fails(other).then_delivers(b"0");
            wire.expect("receive_acknowledged", error(), receive_acknowledged);
            let mut wire = Wire::delivers(["5"]).then_awaits(1).then_delivers(b"he");
            wire = wire.then_fails(other).then_delivers(b"llo");
            wire.expect("receive_acknowledged", error(), receive_acknowledged);
        }
    });
}

#[test]
fn any_message_in_any_pieces_is_received_whole() {
    graded(|| {
        builds_on(the_size_is_acknowledged_before_data_arrives);
        builds_on(data_in_pieces_is_received_whole);
        builds_on(the_next_size_stays_in_the_stream);
        builds_on(an_empty_message_is_acknowledged_and_complete);
        for_any_segmentation(|input| {
            for message in &input.messages {
                let size = message.len().to_string();
                let mut wire = Wire::delivers([size]).then_awaits(1).then_cut(message, &input.cuts);
                let whole = returns(message.clone());
                wire.expect("receive_acknowledged", whole, receive_acknowledged);
            }
        });
    });
}

/// Stick both messages together, and expect them in one read.
fn expect_stuck(network: LateNetwork, first: &[u8], second: &[u8]) {
    let both = returns([first, second].concat()).or(Cause::ReadBeforeAllArrived);
    network.expect("stick", both, |sender, receiver| stick(sender, receiver, first, second));
}

/// Split `message`, and expect its joined pieces to be this.
fn expect_split(network: LateNetwork, message: &[u8], expected: Expected<Vec<u8>>) {
    let scene = network.scene().clone();
    network.expect("split", expected, |sender, receiver| {
        let pieces = split(sender, receiver, message)?;
        if pieces.len() < 2 && pieces.concat() == message {
            scene.notice(causes::NotSplit);
        }
        Ok(pieces.concat())
    });
}

/// Writes to a connection that breaks after this many: a program may try again, and it fails again.
fn breaking_after(writes: usize) -> Vec<PartialOp> {
    [vec![PartialOp::Unlimited; writes], vec![PartialOp::Err(BrokenPipe); 64]].concat()
}

/// Writes to a connection on which only the one after this many fails.
fn timing_out_after(writes: usize) -> Vec<PartialOp> {
    [vec![PartialOp::Unlimited; writes], vec![PartialOp::Err(TimedOut)]].concat()
}

/// Make a peer that sends this message by the protocol: the size, then the data once acknowledged.
fn sends(message: &[u8]) -> Wire {
    Wire::delivers([message.len().to_string()]).then_awaits(1).then_delivers(message)
}

/// Make a receiver whose connection has been reset.
fn reset_receiver() -> (Scene, TcpStream) {
    let scene = Scene::begin();
    let (peer, mut receiver) = connected().expect("a connection within this machine");
    receiver.write_all(b"unread").expect("a peer that listens");
    peer.peek(&mut [0]).expect("a byte that was sent");
    scene.peer_did(words::CLOSES_WITH_A_RESET);
    drop(peer);
    (scene, receiver)
}

fn text(length: usize) -> Vec<u8> {
    (b'a'..=b'z').cycle().take(length).collect()
}
