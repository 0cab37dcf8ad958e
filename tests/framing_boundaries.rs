//! Test framing with properties: any messages over any segmentation arrive unchanged, or as the named error,
//! and need no more memory than the bytes that arrived.
//!
//! The suite tests lesson 3's reference answer on wires that cut the stream anywhere, interrupt, refuse and
//! end at any byte. Fixed edge cases come first, then seeded random ones; `NETKATA_SEED` chooses others.
//! `tokio-util`'s `LengthDelimitedCodec` decodes the same bytes for comparison.

use std::any::Any;
use std::io::ErrorKind::{Interrupted, InvalidData, InvalidInput, UnexpectedEof, WouldBlock};
use std::io::{ErrorKind, Read};
use std::panic::{self, AssertUnwindSafe};

use netkata::{
    Cause, PartialOp, Segmented, Story, Wire, bytes_allocated, fails_with, for_any,
    for_any_segmentation, graded, returns,
};
use partial_io::PartialRead;
use partial_io::proptest_types::{
    interrupted_strategy, interrupted_would_block_strategy, partial_op_strategy,
};
use proptest::collection::vec;
use proptest::prelude::{any, prop_oneof};
use proptest::sample::Index;
use proptest::strategy::{Just, Strategy};
use rstest::rstest;
use tokio_util::bytes::BytesMut;
use tokio_util::codec::{Decoder as _, LengthDelimitedCodec};

#[path = "../lessons/03_struct_header/solution.rs"]
mod struct_header;

use struct_header::{Decoder, MAX_MESSAGE, read_message, write_message};

/// The memory that a reader may reserve before it knows how much will arrive, in bytes.
const FIXED_BOUND: usize = 64 * 1024;

#[rstest]
#[case::empty(0)]
#[case::one_byte(1)]
#[case::the_last_of_one_byte(255)]
#[case::the_first_of_two_bytes(256)]
#[case::the_last_of_two_bytes(65_535)]
#[case::the_first_of_three_bytes(65_536)]
#[case::the_longest(MAX_MESSAGE)]
fn a_message_of_any_size_comes_back_whole(#[case] size: usize) {
    graded(move || {
        let message = pattern(size);
        let mut frame = Vec::new();
        write_message(&mut frame, &message).expect("a vector takes everything");
        assert_eq!(frame.len(), 4 + size);

        // In three segments, with the header cut in two.
        let mut wire = Wire::cut(&frame, &limits(&[3, 2])).then_closes();
        wire.expect("read_message", returns(Some(message.clone())), read_message);
        wire.expect("read_message", returns(None), read_message);

        let decoded = decoded(frame.chunks(4096 + 1));
        assert!(decoded == (vec![message], Ok(())), "decoded in pieces of 4097 bytes");
    });
}

#[test]
fn both_sides_refuse_one_byte_above_the_limit() {
    graded(|| {
        let mut wire = Wire::silent();
        let message = vec![0; MAX_MESSAGE + 1];
        wire.expect_written("write_message", b"", fails_with(InvalidInput), |wire| {
            write_message(wire, &message)
        });
        let header = (MAX_MESSAGE as i32 + 1).to_le_bytes();
        let mut wire = Wire::delivers([header]);
        wire.expect("read_message", fails_with(InvalidData), read_message);
        assert_eq!(decoded([&header[..]]), (vec![], Err(InvalidData)));
    });
}

#[test]
fn written_messages_are_read_over_any_segmentation() {
    graded(|| {
        for_any_segmentation(|Segmented { messages, cuts }| {
            let mut sender = Wire::silent().accepting(cuts);
            for message in messages {
                sender.expect_written("write_message", &frame(message), returns(()), |wire| {
                    write_message(wire, message)
                });
            }
            let mut receiver = Wire::cut(&sender.written(), cuts).then_closes();
            for message in messages {
                receiver.expect("read_message", returns(Some(message.clone())), read_message);
            }
            receiver.expect("read_message", returns(None), read_message);
        });
    });
}

#[test]
fn a_stream_may_end_at_every_byte() {
    graded(|| {
        for_any_segmentation(|Segmented { messages, cuts }| {
            let stream = stream(messages);
            // Every end of a short stream; of a long one, every end in regular steps.
            let step = (stream.len() / 64).max(1);
            for end in (0..=stream.len()).step_by(step) {
                let (whole, ends_well) = whole_messages(messages, end);
                let mut wire = Wire::cut(&stream[..end], cuts).then_closes();
                for message in whole {
                    wire.expect("read_message", returns(Some(message.clone())), read_message);
                }
                let at_the_end = if ends_well { returns(None) } else { fails_with(UnexpectedEof) };
                wire.expect("read_message", at_the_end, read_message);

                let result = if ends_well { Ok(()) } else { Err(UnexpectedEof) };
                assert_eq!(decoded([&stream[..end]]), (whole.to_vec(), result), "end at {end}");
            }
        });
    });
}

#[test]
fn a_nonblocking_reader_with_a_decoder_loses_nothing() {
    graded(|| {
        let errors = || partial_op_strategy(interrupted_would_block_strategy(), 64);
        let messages = vec(vec(any::<u8>(), 0..300), 1..4);
        let strategy = (messages, vec(errors(), 0..64));
        let refused_at_once = (vec![b"hello".to_vec()], vec![PartialOp::Err(WouldBlock)]);
        for_any([refused_at_once], strategy, |(messages, ops)| {
            let stream = stream(messages);
            let mut wire = Wire::cut(&stream, ops).then_closes();
            let mut decoder = Decoder::default();
            let mut came = Vec::new();
            let mut buffer = [0; 100];
            loop {
                match wire.read(&mut buffer) {
                    Ok(0) => break,
                    Ok(n) => decoder.push(&buffer[..n]),
                    Err(error) => assert!(matches!(error.kind(), WouldBlock | Interrupted)),
                }
                while let Some(message) = decoder.next_message().expect("every header is good") {
                    came.push(message);
                }
            }
            assert_eq!(&came, messages);
            decoder.finish().expect("the stream ended between messages");
        });
    });
}

#[test]
fn read_message_returns_an_error_unchanged() {
    graded(|| {
        let mut wire = Wire::delivers(["\x05\0"]).then_fails(WouldBlock);
        wire.expect("read_message", fails_with(WouldBlock), read_message);
        let mut wire = Wire::delivers(["\x05\0\0\0he"]).then_resets();
        wire.expect("read_message", fails_with(ErrorKind::ConnectionReset), read_message);
    });
}

#[test]
fn any_bytes_decode_as_the_oracle_does() {
    graded(|| {
        // Random bytes are nearly always a refused header, so good headers are mixed in.
        let header = prop_oneof![
            (0..300_i32).prop_map(|length| length.to_le_bytes().to_vec()),
            any::<[u8; 4]>().prop_map(|bytes| bytes.to_vec()),
            Just((MAX_MESSAGE as i32).to_le_bytes().to_vec()),
            Just((MAX_MESSAGE as i32 + 1).to_le_bytes().to_vec()),
            Just((-1_i32).to_le_bytes().to_vec()),
        ];
        let part =
            (header, vec(any::<u8>(), 0..300)).prop_map(|(header, body)| [header, body].concat());
        let frames = vec(vec(any::<u8>(), 0..300), 0..4).prop_map(|messages| stream(&messages));
        let bytes = (frames, part).prop_map(|(frames, part)| [frames, part].concat());
        let strategy = (bytes, vec(any::<Index>(), 0..8));
        let edges = [Vec::new(), vec![0; 4], vec![0; 7], vec![0xff; 4], b"hello".to_vec()];
        for_any(edges.map(|bytes| (bytes, Vec::new())), strategy, |(bytes, cuts)| {
            let (expected, result) = oracle(bytes);
            let (came, ours) = decoded(cut_at(bytes, cuts));
            assert_eq!(came, expected, "messages");
            assert_eq!(ours, result, "how it ended");

            let mut reader = bytes.as_slice();
            for message in &expected {
                assert_eq!(read_message(&mut reader).ok().flatten().as_ref(), Some(message));
            }
            let ended = read_message(&mut reader).map_err(|error| error.kind());
            assert_eq!(ended, result.map(|()| None), "how read_message ended");
        });
    });
}

#[test]
fn memory_depends_on_arrived_bytes_not_on_the_promise() {
    graded(|| {
        let promises = prop_oneof![Just(MAX_MESSAGE as i32), 0..MAX_MESSAGE as i32, any::<i32>()];
        let ops = vec(partial_op_strategy(interrupted_strategy(), 4096), 0..32);
        let strategy = (promises, 0..200_000_usize, ops);
        let edges = [MAX_MESSAGE as i32, MAX_MESSAGE as i32 + 1, i32::MAX, i32::MIN, -1];
        for_any(edges.map(|length| (length, 5, vec![])), strategy, |(length, arrived, ops)| {
            let bytes = [&length.to_le_bytes()[..], &pattern(*arrived)].concat();
            // partial-io, not a wire: the transcript of a wire would be counted as well.
            let mut reader = PartialRead::new(bytes.as_slice(), ops.clone());
            let (result, allocated) = bytes_allocated(|| read_message(&mut reader));
            drop(result);
            let bound = FIXED_BOUND + 2 * bytes.len();
            assert!(allocated <= bound, "read_message: {allocated} bytes, {arrived} arrived");

            let mut decoder = Decoder::default();
            let ((), allocated) = bytes_allocated(|| {
                for piece in bytes.chunks(1000) {
                    decoder.push(piece);
                    let _ = decoder.next_message();
                }
            });
            // The doubled buffer, and the message taken out of it.
            let bound = FIXED_BOUND + 4 * bytes.len();
            assert!(allocated <= bound, "Decoder: {allocated} bytes, {arrived} arrived");
        });
    });
}

#[test]
fn a_reader_that_spins_is_stopped() {
    let story = story_of(|| {
        let mut wire = Wire::delivers(["\x05\0\0\0he"]).then_closes();
        wire.expect("read_message", fails_with(UnexpectedEof), |wire| {
            let mut frame = [0; 4 + 5];
            let mut filled = 0;
            while filled < frame.len() {
                // A read of 0 bytes is the end, not progress.
                filled += wire.read(&mut frame[filled..])?;
            }
            Ok(Some(frame[4..].to_vec()))
        });
    });
    assert_eq!(story.cause, Cause::SpinsAtTheEnd.name());
}

#[test]
fn a_reader_that_asks_for_more_than_comes_is_stopped() {
    let story = story_of(|| {
        let mut wire = Wire::delivers(["\x05\0\0\0he"]);
        wire.expect("read_message", returns(Some(b"hello".to_vec())), read_message);
    });
    assert_eq!(story.cause, Cause::AsksForMoreThanComes("3 bytes").name());
}

/// Run a check that must fail, and return its story.
fn story_of(body: impl FnOnce() + Send + 'static) -> Story {
    let payload: Box<dyn Any + Send> =
        panic::catch_unwind(AssertUnwindSafe(|| graded(body))).expect_err("the check must fail");
    *payload.downcast().expect("a check fails with a story")
}

/// Push the pieces into a decoder; return the messages that came out, and the result at the end.
fn decoded<'a>(
    pieces: impl IntoIterator<Item = &'a [u8]>,
) -> (Vec<Vec<u8>>, Result<(), ErrorKind>) {
    let mut decoder = Decoder::default();
    let mut messages = Vec::new();
    for piece in pieces {
        decoder.push(piece);
        loop {
            match decoder.next_message() {
                Ok(Some(message)) => messages.push(message),
                Ok(None) => break,
                Err(error) => return (messages, Err(error.kind())),
            }
        }
    }
    (messages, decoder.finish().map_err(|error| error.kind()))
}

/// Decode the same with tokio-util's codec, an implementation that shares nothing with ours.
fn oracle(bytes: &[u8]) -> (Vec<Vec<u8>>, Result<(), ErrorKind>) {
    let mut codec = LengthDelimitedCodec::builder()
        .little_endian()
        .length_field_length(4)
        .max_frame_length(MAX_MESSAGE)
        .new_codec();
    let mut buffer = BytesMut::from(bytes);
    let mut messages = Vec::new();
    loop {
        match codec.decode(&mut buffer) {
            Ok(Some(message)) => messages.push(message.to_vec()),
            // decode_eof looks only at the bytes left in the buffer, but the codec has already taken a
            // whole header out of it. So compare the length of the stream with that of the messages.
            Ok(None) => {
                let taken = stream(&messages).len();
                let result = if taken == bytes.len() { Ok(()) } else { Err(UnexpectedEof) };
                return (messages, result);
            }
            Err(error) => return (messages, Err(error.kind())),
        }
    }
}

/// The whole messages of a stream that ends after `end` bytes, and whether it ends between messages.
fn whole_messages(messages: &[Vec<u8>], end: usize) -> (&[Vec<u8>], bool) {
    let mut length = 0;
    for (at, message) in messages.iter().enumerate() {
        if length == end {
            return (&messages[..at], true);
        }
        length += frame(message).len();
        if length > end {
            return (&messages[..at], false);
        }
    }
    (messages, true)
}

fn stream(messages: &[Vec<u8>]) -> Vec<u8> {
    messages.iter().flat_map(|message| frame(message)).collect()
}

fn frame(message: &[u8]) -> Vec<u8> {
    [&(message.len() as i32).to_le_bytes(), message].concat()
}

fn pattern(size: usize) -> Vec<u8> {
    (0..=u8::MAX).cycle().take(size).collect()
}

fn limits(sizes: &[usize]) -> Vec<PartialOp> {
    sizes.iter().copied().map(PartialOp::Limited).collect()
}

fn cut_at<'a>(bytes: &'a [u8], cuts: &[Index]) -> Vec<&'a [u8]> {
    let mut ends: Vec<usize> = cuts.iter().map(|cut| cut.index(bytes.len() + 1)).collect();
    ends.push(bytes.len());
    ends.sort_unstable();
    let mut start = 0;
    ends.into_iter().map(|end| &bytes[std::mem::replace(&mut start, end)..end]).collect()
}
