//! Lesson 3, graded: a four-byte header keeps messages apart, however the network splits them.
//!
//! ```text
//! | length: i32, little-endian | message: length bytes |      05 00 00 00 68 65 6c 6c 6f
//! ```
//!
//! The peer is a script: it sets where each segment ends, and one read never returns bytes of two
//! segments. A network does the same; a loopback with short messages hides it. Try it: remove a
//! segment boundary below and see which programs pass again.

use std::error::Error;
use std::fmt;
use std::io::ErrorKind::{
    BrokenPipe, ConnectionAborted, ConnectionReset, Interrupted, InvalidData, InvalidInput,
    NotConnected, TimedOut, UnexpectedEof, WouldBlock, WriteZero,
};
use std::io::{self, ErrorKind, Read, Write};

use netkata::{
    Cause, Describe, PartialOp, Scene, Wire, builds_on, bytes_allocated, fails_with,
    for_any_segmentation, graded, returns,
};
use rstest::rstest;
use struct_header::{Decoder, read_message, write_message};

#[path = "../lessons/03_struct_header/causes.rs"]
mod causes;
#[path = "../lessons/03_struct_header/words.rs"]
mod words;

/// The longest message that either side accepts, in bytes.
const MAX_MESSAGE: usize = 16 * 1024 * 1024;

#[rstest]
#[case::of_5_bytes(5)]
#[case::of_1_byte(1)]
#[case::of_255_bytes(255)]
#[case::of_256_bytes(256)]
#[case::of_65_535_bytes(65_535)]
#[case::of_65_536_bytes(65_536)]
#[case::of_0_bytes(0)]
fn the_length_is_written_before_the_message(#[case] length: usize) {
    graded(move || {
        let message = text(length);
        let mut wire = Wire::silent();
        wire.expect_written("write_message", &frame(&message), returns(()), |wire| {
            write_message(wire, &message)
        });
    });
}

#[rstest]
#[case::header_and_body_apart(&["\x05\0\0\0", "hello"])]
#[case::body_in_pieces(&["\x05\0\0\0h", "e", "llo"])]
#[case::header_in_halves(&["\x05\0", "\0\0hello"])]
#[case::byte_by_byte(&["\x05", "\0", "\0", "\0", "h", "e", "l", "l", "o"])]
fn a_message_survives_any_segmentation(#[case] segments: &'static [&'static str]) {
    graded(move || {
        let mut wire = Wire::delivers(segments);
        wire.expect("read_message", returns(Some(b"hello".to_vec())), read_message);
    });
}

#[test]
fn a_length_above_255_survives_a_header_in_pieces() {
    graded(|| {
        builds_on(a_message_survives_any_segmentation);
        // 300 is 0x012c: a reader that stops after one byte of the header reads 44.
        let message = text(300);
        let frame = frame(&message);
        let mut wire = Wire::delivers([&frame[..1], &frame[1..]]);
        wire.expect("read_message", returns(Some(message)), read_message);
    });
}

#[test]
fn stuck_messages_are_read_one_by_one() {
    graded(|| {
        let mut wire = Wire::delivers([b"\x05\0\0\0hello\x03\0\0\0you"]);
        wire.expect("read_message", returns(Some(b"hello".to_vec())), read_message);
        let second = returns(Some(b"you".to_vec())).or(Cause::ReadTooFar);
        wire.expect("read_message", second, read_message);
    });
}

#[test]
fn an_empty_message_is_a_message() {
    graded(|| {
        let mut wire = Wire::delivers([b"\0\0\0\0\x05\0\0\0hello"]);
        let empty = returns(Some(Vec::new())).or(Cause::EmptyMessageIsAMessage);
        wire.expect("read_message", empty, read_message);
        let second = returns(Some(b"hello".to_vec())).or(Cause::EmptyMessageIsAMessage);
        wire.expect("read_message", second, read_message);
    });
}

#[rstest]
#[case::before_anything(&[])]
#[case::after_a_message(&["\x05\0\0\0hello"])]
fn an_end_between_messages_is_not_an_error(#[case] segments: &'static [&'static str]) {
    graded(move || {
        let mut wire = Wire::delivers(segments).then_closes();
        for _ in segments {
            wire.expect("read_message", returns(Some(b"hello".to_vec())), |wire| {
                read_message(wire)
            });
        }
        let end = returns(None).or(Cause::CleanEndIsNoError);
        wire.expect("read_message", end, read_message);
    });
}

#[test]
fn an_end_inside_a_message_is_an_error() {
    graded(|| {
        builds_on(a_message_survives_any_segmentation);
        let frame = frame(b"hello");
        for end in 1..frame.len() {
            let mut wire = Wire::delivers([&frame[..end]]).then_closes();
            let error = fails_with(UnexpectedEof).or(Cause::TruncationLooksComplete);
            wire.expect("read_message", error, read_message);
        }
    });
}

#[test]
fn an_interrupted_read_is_repeated() {
    graded(|| {
        builds_on(a_message_survives_any_segmentation);
        let mut wire = Wire::silent()
            .then_fails(Interrupted)
            .then_delivers(b"\x05\0")
            .then_fails(Interrupted)
            .then_delivers(b"\0\0he")
            .then_fails(Interrupted)
            .then_delivers(b"llo");
        wire.expect("read_message", returns(Some(b"hello".to_vec())), read_message);
    });
}

#[rstest]
#[case::one_byte_per_write(1)]
#[case::three_bytes_per_write(3)]
#[case::six_bytes_per_write(6)]
fn a_message_survives_short_writes(#[case] at_most: usize) {
    graded(move || {
        builds_on(the_length_is_written_before_the_message);
        let mut wire = Wire::silent().accepting_at_most(at_most);
        wire.expect_written("write_message", &frame(b"hello"), returns(()), |wire| {
            write_message(wire, b"hello")
        });
    });
}

#[test]
fn an_interrupted_write_is_repeated() {
    graded(|| {
        builds_on(a_message_survives_short_writes);
        let signal = PartialOp::Err(Interrupted);
        let ops =
            [signal.clone(), PartialOp::Limited(2), signal.clone(), PartialOp::Limited(4), signal];
        let mut wire = Wire::silent().accepting(&ops);
        wire.expect_written("write_message", &frame(b"hello"), returns(()), |wire| {
            write_message(wire, b"hello")
        });
    });
}

#[rstest]
#[case::before_the_header(&[])]
#[case::inside_the_header(&["\x05\0"])]
#[case::inside_the_message(&["\x05\0\0\0he"])]
fn a_reset_comes_back_as_an_error(#[case] segments: &'static [&'static str]) {
    graded(move || {
        builds_on(an_end_inside_a_message_is_an_error);
        let mut wire = Wire::delivers(segments).then_resets();
        let error = fails_with(ConnectionReset).or(Cause::ErrorLost);
        let error = error.or_when_it_waits(Cause::NeverReturns);
        wire.expect("read_message", error, read_message);
    });
}

#[rstest]
#[case::before_the_header("")]
#[case::inside_the_header("\x05\0")]
#[case::inside_the_message("\x05\0\0\0he")]
fn every_error_of_a_read_comes_back(#[case] before: &'static str) {
    graded(move || {
        builds_on(a_reset_comes_back_as_an_error);
        // What a read with a time limit returns on Unix (SO_RCVTIMEO, socket(7)); it comes again and again.
        let mut wire = Wire::silent();
        if !before.is_empty() {
            wire = wire.then_delivers(before.as_bytes());
        }
        for _ in 0..FAILURES {
            wire = wire.then_fails(WouldBlock);
        }
        let mut wire = wire.then_closes();
        let error = fails_with(WouldBlock).or(Cause::ErrorLost);
        wire.expect("read_message", error, read_message);
        for kind in KINDS {
            let mut stream = Failing::after(before.len(), kind);
            if !before.is_empty() {
                stream.scene.peer_sent(before.as_bytes());
            }
            stream.expect_its_error("read_message", read_message);
        }
    });
}

#[rstest]
#[case::of_the_first_byte(0)]
#[case::of_the_message(4)]
#[case::of_the_last_byte(8)]
fn a_failed_write_comes_back_as_an_error(#[case] taken: usize) {
    graded(move || {
        builds_on(a_message_survives_short_writes);
        let mut ops = vec![PartialOp::Limited(4); taken / 4];
        ops.push(PartialOp::Err(BrokenPipe));
        let mut wire = Wire::silent().accepting(&ops);
        let error = fails_with(BrokenPipe).or(Cause::ErrorLost);
        let error = error.or_when_it_waits(Cause::NeverReturns);
        wire.expect("write_message", error, |wire| write_message(wire, b"hello"));
        for kind in KINDS {
            let mut stream = Failing::after(taken, kind);
            stream.expect_its_error("write_message", |stream| write_message(stream, b"hello"));
        }
    });
}

#[test]
fn a_stream_that_takes_nothing_is_an_error() {
    graded(|| {
        builds_on(a_message_survives_short_writes);
        let scene = Scene::begin();
        scene.happened(words::THE_STREAM_TAKES_4_BYTES);
        // A slice takes what it has room for. Which error it is does not matter.
        let (mut room, error) = ([0; 4], fails_with(WriteZero).or(Cause::PartialWriteIgnored));
        scene.expect("write_message", error, || {
            write_message(&mut &mut room[..], b"hello").map_err(|_| WriteZero.into())
        });
    });
}

#[rstest]
#[case::minus_one(-1)]
#[case::the_most_negative(i32::MIN)]
fn a_negative_length_is_refused(#[case] length: i32) {
    graded(move || {
        let header = length.to_le_bytes();
        // The peer keeps the connection open: your code must not wait for the bytes that it refuses.
        let mut wire = Wire::delivers([&header[..], b"hello"]);
        let refused = fails_with(InvalidData).or(Cause::NegativeLengthTrusted);
        let refused = refused.or_when_it_waits(Cause::NegativeLengthTrusted);
        wire.expect("read_message", refused, read_message);
    });
}

#[rstest]
#[case::one_byte_more(MAX_MESSAGE as i32 + 1)]
#[case::text_for_a_header(i32::from_le_bytes(*b"hell"))]
#[case::the_largest(i32::MAX)]
fn a_length_above_the_limit_is_refused(#[case] length: i32) {
    graded(move || {
        let header = length.to_le_bytes();
        // The peer keeps the connection open: your code must not wait for the bytes that it refuses.
        let mut wire = Wire::delivers([&header[..], b"hello"]);
        let refused = fails_with(InvalidData).or(Cause::LengthTrusted);
        let refused = refused.or_when_it_waits(Cause::LengthTrusted);
        wire.expect("read_message", refused, read_message);
    });
}

#[rstest]
#[case::one_byte_more(MAX_MESSAGE as i32 + 1)]
#[case::the_largest(i32::MAX)]
fn a_refused_length_allocates_no_memory(#[case] length: i32) {
    graded(move || {
        builds_on(a_length_above_the_limit_is_refused);
        let mut wire = Wire::delivers([length.to_le_bytes()]).then_closes();
        let refused = fails_with(InvalidData).or(Cause::LengthTrusted);
        let ((), bytes) = bytes_allocated(|| wire.expect("read_message", refused, read_message));
        wire.scene().at_most_allocated("read_message", bytes, 4);
    });
}

#[test]
fn exactly_the_limit_is_allowed_and_no_more() {
    graded(|| {
        builds_on(a_length_above_the_limit_is_refused);
        // Do not use a wire here: its transcript would copy all these bytes again and again.
        let mut message = vec![b'x'; MAX_MESSAGE];
        let scene = Scene::begin();
        let allowed = returns(()).or(Cause::LimitOffByOne);
        scene.expect("write_message", allowed, || write_message(&mut io::sink(), &message));
        let frame = frame(&message);
        scene.peer_sent(&frame);
        let whole = returns(Some(message.clone())).or(Cause::LimitOffByOne);
        scene.expect("read_message", whole, || read_message(&mut &frame[..]));

        let scene = Scene::begin();
        let mut decoder = Decoder::default();
        push(&scene, &mut decoder, &frame[..4]);
        let not_yet = returns(None).or(Cause::LimitOffByOne);
        scene.expect("next_message", not_yet, || decoder.next_message());
        // The bytes of many reads may arrive before a message is asked for.
        push(&scene, &mut decoder, &frame[4..]);
        push(&scene, &mut decoder, b"\x05\0\0\0hello");
        let whole = returns(Some(message.clone())).or(Cause::LimitOffByOne);
        scene.expect("next_message", whole, || decoder.next_message());
        let whole = returns(Some(b"hello".to_vec())).or(causes::SecondMessageLost);
        scene.expect("next_message", whole, || decoder.next_message());

        message.push(b'x');
        let mut wire = Wire::silent();
        let refused = fails_with(InvalidInput).or(Cause::SendsWhatIsRefused);
        wire.expect_written("write_message", b"", refused, |wire| write_message(wire, &message));
    });
}

#[test]
fn every_message_is_read_whole_over_any_segmentation() {
    graded(|| {
        builds_on(a_message_survives_any_segmentation);
        builds_on(stuck_messages_are_read_one_by_one);
        builds_on(an_empty_message_is_a_message);
        for_any_segmentation(|input| {
            let stream: Vec<u8> =
                input.messages.iter().flat_map(|message| frame(message)).collect();
            let mut wire = Wire::cut(&stream, &input.cuts).then_closes();
            for message in &input.messages {
                let whole = returns(Some(message.clone()));
                wire.expect("read_message", whole, read_message);
            }
            let end = returns(None).or(Cause::CleanEndIsNoError);
            wire.expect("read_message", end, read_message);
        });
    });
}

#[test]
fn every_message_is_written_whole() {
    graded(|| {
        builds_on(a_message_survives_short_writes);
        for_any_segmentation(|input| {
            let mut wire = Wire::silent().accepting(&input.cuts);
            for message in &input.messages {
                wire.expect_written("write_message", &frame(message), returns(()), |wire| {
                    write_message(wire, message)
                });
            }
        });
    });
}

#[rstest]
#[case::body_in_pieces(&["\x05\0\0\0h", "e", "llo"])]
#[case::header_in_halves(&["\x05\0", "\0\0hello"])]
#[case::byte_by_byte(&["\x05", "\0", "\0", "\0", "h", "e", "l", "l", "o"])]
fn the_decoder_waits_for_the_whole_message(#[case] pieces: &'static [&'static str]) {
    graded(move || {
        let scene = Scene::begin();
        let mut decoder = Decoder::default();
        let (last, before) = pieces.split_last().expect("a case has pieces");
        for piece in before {
            push(&scene, &mut decoder, piece.as_bytes());
            let not_yet = returns(None).or(Cause::OneReadIsNotOneMessage);
            scene.expect("next_message", not_yet, || decoder.next_message());
        }
        push(&scene, &mut decoder, last.as_bytes());
        let whole = returns(Some(b"hello".to_vec()));
        scene.expect("next_message", whole, || decoder.next_message());
        scene.expect("next_message", returns(None), || decoder.next_message());
    });
}

#[test]
fn the_decoder_keeps_the_bytes_after_a_message() {
    graded(|| {
        builds_on(the_decoder_waits_for_the_whole_message);
        let scene = Scene::begin();
        let mut decoder = Decoder::default();
        push(&scene, &mut decoder, b"\x05\0\0\0hello\0\0\0\0\x03\0\0\0yo");
        for message in ["hello", ""] {
            let whole = returns(Some(message.into())).or(causes::SecondMessageLost);
            scene.expect("next_message", whole, || decoder.next_message());
        }
        let not_yet = returns(None).or(causes::SecondMessageLost);
        scene.expect("next_message", not_yet, || decoder.next_message());
        push(&scene, &mut decoder, b"u");
        let whole = returns(Some(b"you".to_vec())).or(causes::SecondMessageLost);
        scene.expect("next_message", whole, || decoder.next_message());
        push(&scene, &mut decoder, b"\0\0\0\0");
        let empty = returns(Some(Vec::new())).or(Cause::EmptyMessageIsAMessage);
        scene.expect("next_message", empty, || decoder.next_message());
        scene.expect("finish", returns(()).or(Cause::CleanEndIsNoError), || decoder.finish());

        // A long conversation, in which a part of the next message always waits.
        let scene = Scene::begin();
        let (mut decoder, messages) = (Decoder::default(), vec![text(1000); 300]);
        let stream: Vec<u8> = messages.iter().flat_map(|message| frame(message)).collect();
        let mut taken = Vec::new();
        scene.happened(words::THE_PEER_SENDS_300_MESSAGES);
        let all = returns(words::messages(messages.len())).or(causes::SecondMessageLost);
        scene.expect(words::PUSH_AND_NEXT_MESSAGE, all, || {
            for piece in stream.chunks(1500) {
                decoder.push(piece);
                while taken.len() < messages.len()
                    && let Some(message) = decoder.next_message()?
                {
                    taken.push(message);
                }
            }
            let right = taken.iter().zip(&messages).filter(|(came, sent)| came == sent).count();
            Ok(words::messages(right))
        });
    });
}

#[test]
fn the_decoder_reports_an_end_inside_a_message() {
    graded(|| {
        builds_on(the_decoder_waits_for_the_whole_message);
        let frame = frame(b"hello");
        for end in 1..frame.len() {
            let scene = Scene::begin();
            let mut decoder = Decoder::default();
            push(&scene, &mut decoder, &frame[..end]);
            scene.peer_did(words::CLOSED_ITS_SIDE);
            scene.expect("next_message", returns(None), || decoder.next_message());
            let error = fails_with(UnexpectedEof).or(Cause::TruncationLooksComplete);
            scene.expect("finish", error, || decoder.finish());
        }
        let scene = Scene::begin();
        let mut decoder = Decoder::default();
        push(&scene, &mut decoder, &[&frame[..], &frame[..6]].concat());
        scene.peer_did(words::CLOSED_ITS_SIDE);
        let error = fails_with(UnexpectedEof).or(Cause::TruncationLooksComplete);
        scene.expect("finish", error, || decoder.finish());

        let scene = Scene::begin();
        scene.peer_did(words::CLOSED_ITS_SIDE);
        let end = returns(()).or(Cause::CleanEndIsNoError);
        scene.expect("finish", end, || Decoder::default().finish());
    });
}

#[rstest]
#[case::minus_one(-1, Cause::NegativeLengthTrusted)]
#[case::one_byte_more(MAX_MESSAGE as i32 + 1, Cause::LengthTrusted)]
#[case::the_largest(i32::MAX, Cause::LengthTrusted)]
fn the_decoder_refuses_a_bad_length_at_once(#[case] length: i32, #[case] cause: Cause) {
    graded(move || {
        let scene = Scene::begin();
        let mut decoder = Decoder::default();
        push(&scene, &mut decoder, &length.to_le_bytes());
        let refused = fails_with(InvalidData).or(cause);
        let ((), bytes) = bytes_allocated(|| {
            scene.expect("next_message", refused, || decoder.next_message());
        });
        scene.at_most_allocated("next_message", bytes, 4);
        push(&scene, &mut decoder, b"\x05\0\0\0hello");
        let still = fails_with(InvalidData).or(causes::GoesOnAfterABadLength);
        scene.expect("next_message", still, || decoder.next_message());

        let scene = Scene::begin();
        let mut decoder = Decoder::default();
        let bad = length.to_le_bytes();
        push(&scene, &mut decoder, &[b"\x05\0\0\0hello\0\0\0\0", &bad[..], b"you"].concat());
        for message in ["hello", ""] {
            let whole = returns(Some(message.into())).or(causes::WholeMessageRefused);
            scene.expect("next_message", whole, || decoder.next_message());
        }
        for _ in 0..2 {
            let refused = fails_with(InvalidData).or(causes::GoesOnAfterABadLength);
            scene.expect("next_message", refused, || decoder.next_message());
        }
    });
}

#[test]
fn every_message_is_decoded_from_any_pieces() {
    graded(|| {
        builds_on(the_decoder_waits_for_the_whole_message);
        builds_on(the_decoder_keeps_the_bytes_after_a_message);
        for_any_segmentation(|input| {
            let stream: Vec<u8> =
                input.messages.iter().flat_map(|message| frame(message)).collect();
            let scene = Scene::begin();
            let mut decoder = Decoder::default();
            let mut expected = input.messages.iter();
            let mut ends = frame_ends(&input.messages);
            let mut arrived = 0;
            for piece in pieces(&stream, &input.cuts) {
                push(&scene, &mut decoder, piece);
                arrived += piece.len();
                while ends.next_if(|end| *end <= arrived).is_some() {
                    let message = expected.next().expect("one message per end").clone();
                    let whole = returns(Some(message)).or(causes::SecondMessageLost);
                    scene.expect("next_message", whole, || decoder.next_message());
                }
                scene.expect("next_message", returns(None), || decoder.next_message());
            }
            scene.expect("finish", returns(()), || decoder.finish());
        });
    });
}

/// How often the same error comes again, to a call that is repeated.
const FAILURES: usize = 8;

/// Errors that are not repeated. A stream of its own kind may report the last two, too: TLS, when a
/// connection ends without its goodbye (RFC 8446, section 6.1), or when a byte has changed on the way.
const KINDS: [ErrorKind; 9] = [
    WouldBlock,
    TimedOut,
    ConnectionReset,
    ConnectionAborted,
    NotConnected,
    BrokenPipe,
    WriteZero,
    UnexpectedEof,
    InvalidData,
];

/// A stream that moves the first bytes of a message, and then fails with errors of its own.
struct Failing {
    scene: Scene,
    left: Vec<u8>,
    kind: ErrorKind,
    failures: usize,
}

impl Failing {
    fn after(bytes: usize, kind: ErrorKind) -> Failing {
        let left = frame(b"hello")[..bytes].to_vec();
        Failing { scene: Scene::begin(), left, kind, failures: FAILURES }
    }

    /// Expect this call to return the stream's own error, and not another one of the same kind.
    fn expect_its_error<T: Describe + PartialEq>(
        &mut self,
        call: &str,
        run: impl FnOnce(&mut Self) -> io::Result<T>,
    ) {
        let (scene, kind) = (self.scene.clone(), self.kind);
        scene.expect(call, fails_with(kind), || {
            let came = run(self);
            match &came {
                Err(error) if error.kind() == kind => {
                    if !error.get_ref().is_some_and(|inner| inner.is::<Own>()) {
                        scene.notice(causes::ErrorReplaced);
                    }
                }
                _ => scene.notice(Cause::ErrorLost),
            }
            came
        });
    }

    fn moves(&mut self, call: &str, asked: usize) -> io::Result<Vec<u8>> {
        let moved: Vec<u8> = self.left.drain(..asked.min(self.left.len())).collect();
        let fails = asked > 0 && moved.is_empty() && self.failures > 0;
        let came = if fails { format!("{:?}", self.kind) } else { moved.len().to_string() };
        self.scene.called(format!("{call}({asked})"), came);
        if !fails {
            return Ok(moved);
        }
        self.failures -= 1;
        Err(io::Error::new(self.kind, Own))
    }
}

impl Read for Failing {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let moved = self.moves("read", buffer.len())?;
        buffer[..moved.len()].copy_from_slice(&moved);
        Ok(moved.len())
    }
}

impl Write for Failing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Ok(self.moves("write", bytes.len())?.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What an error of the stream itself carries.
#[derive(Debug)]
struct Own;

impl fmt::Display for Own {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&words::THE_STREAMS_OWN_ERROR)
    }
}

impl Error for Own {}

/// Return `message` as it is on the wire: with its header.
fn frame(message: &[u8]) -> Vec<u8> {
    [&(message.len() as i32).to_le_bytes(), message].concat()
}

fn text(length: usize) -> Vec<u8> {
    (b'a'..=b'z').cycle().take(length).collect()
}

fn push(scene: &Scene, decoder: &mut Decoder, bytes: &[u8]) {
    scene.peer_sent(bytes);
    scene.expect("push", returns(()), || {
        decoder.push(bytes);
        Ok(())
    });
}

/// Return, for each message, how many bytes of the stream have arrived when it is complete.
fn frame_ends(messages: &[Vec<u8>]) -> std::iter::Peekable<impl Iterator<Item = usize>> {
    let ends = messages.iter().scan(0, |end, message| {
        *end += frame(message).len();
        Some(*end)
    });
    ends.peekable()
}

/// Split the stream at the cuts; the last piece is all that remains.
fn pieces<'a>(stream: &'a [u8], cuts: &[PartialOp]) -> Vec<&'a [u8]> {
    let mut rest = stream;
    let mut pieces = Vec::new();
    for cut in cuts {
        let size = if let PartialOp::Limited(size) = cut {
            (*size).clamp(1, rest.len().max(1))
        } else {
            0
        };
        let (piece, later) = rest.split_at(size.min(rest.len()));
        pieces.push(piece);
        rest = later;
    }
    pieces.push(rest);
    pieces.retain(|piece| !piece.is_empty());
    pieces
}
