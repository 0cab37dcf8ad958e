//! Lesson 10, graded: a file arrives unchanged, its MD5 proves it, and the next file may follow.
//!
//! ```text
//! put   server   欢迎登陆FTP系统                    get   client   get a.txt
//!       client   5                                       server   5              or: no such file
//!       server   ok                                      client   ok
//!       client   hello5d41…c592                          server   hello5d41…c592
//!       server   file MD5(after send):5d41…c592
//! ```
//!
//! On this wire the two sides take turns, and only the turns make it work: nothing marks the end of a
//! size, but neither side sends more before the other has answered. So the peer in these checks is a script
//! that waits for its turn, and sends each request, size and acknowledgement in one piece: the wire cannot
//! promise more. Content, MD5, greeting and receipt are different. Their lengths are known, and they may
//! arrive cut or stuck together. Try it: cut a size below in two, and think of a program that could still
//! read it.

use std::cell::{Cell, RefCell};
use std::fs::{self, File};
use std::io::ErrorKind::{
    self, AlreadyExists, BrokenPipe, ConnectionReset, Interrupted, InvalidData, InvalidInput,
    NotFound, UnexpectedEof,
};
use std::io::{self, Read};
#[cfg(unix)]
use std::process::Command;

use ftp::{
    GREETING, NO_SUCH_FILE, Progress, RECEIPT, get, greet, hear_greeting, md5_hex, put, serve_get,
    serve_put,
};
use netkata::{
    Cause, Finding, Folder, MemoryWatch, PartialOp, Scene, Wire, builds_on, fails_with,
    for_any_segmentation, graded, in_background, quoted, returns,
};
use rstest::rstest;

#[path = "../lessons/10_ftp/causes.rs"]
mod causes;
#[path = "../lessons/10_ftp/harness.rs"]
mod harness;
#[path = "../lessons/10_ftp/words.rs"]
mod words;

use harness::*;

/// One byte, no byte, and one or two buffers of every usual size.
const SIZES: [usize; 9] =
    [1, 0, 1024, 2 * 1024, 8 * 1024, 16 * 1024, 64 * 1024, 256 * 1024, 512 * 1024];

#[rstest]
#[case::of_an_empty_text("", "d41d8cd98f00b204e9800998ecf8427e")]
#[case::of_one_letter("a", "0cc175b9c0f1b6a831c399e269772661")]
#[case::of_three_letters("abc", "900150983cd24fb0d6963f7d28e17f72")]
#[case::of_two_words(r"message digest", "f96b697d7cb7938d525a2f31aaf161d0")]
#[case::of_the_alphabet("abcdefghijklmnopqrstuvwxyz", "c3fcd3d76192e4007dfb496cca67e13b")]
#[case::of_letters_and_digits(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
    "d174ab98d277d9f5a5611c2c9f419d9f"
)]
#[case::of_80_digits(
    "12345678901234567890123456789012345678901234567890123456789012345678901234567890",
    "57edf4a22be3c955ac49da2e2107b67a"
)]
#[case::from_the_notes("wangzy", "2ea763badcd027b0087306a3ef3ef95f")]
fn an_md5_is_computed_as_in_rfc_1321(#[case] text: &'static str, #[case] expected: &'static str) {
    graded(move || {
        let call = format!("md5_hex({})", quoted(text.as_bytes()));
        let md5 = returns(Finding::of(expected)).or(causes::NotTheMd5);
        let scene = Scene::begin();
        scene.expect(&call, md5, || {
            let md5 = md5_hex(&mut text.as_bytes())?;
            if md5 != expected && is_of_a_buffer(&md5, text.as_bytes()) {
                scene.notice(causes::DigestOfTheBuffer);
            }
            Ok(Finding::of(md5))
        });
    });
}

#[test]
fn an_md5_does_not_depend_on_segmentation() {
    graded(|| {
        for_any_segmentation(|input| {
            let content = input.messages.concat();
            let mut wire = Wire::cut(&content, &input.cuts).then_closes();
            let md5 = returns(Finding::of(md5_of(&content))).or(causes::DigestOfTheBuffer);
            wire.expect("md5_hex", md5, |wire| md5_hex(wire).map(Finding::of));
        });
    });
}

#[rstest]
#[case::in_one_piece(&[])]
#[case::cut_inside_a_character(&[1])]
#[case::with_the_last_byte_alone(&[20])]
#[case::byte_by_byte(&[1; 21])]
fn the_greeting_is_read_exactly(#[case] sizes: &'static [usize]) {
    graded(|| {
        let mut wire = Wire::cut(&[GREETING.as_bytes(), b"ok"].concat(), &limits(sizes));
        let read = returns(()).or(causes::GreetingHasALength);
        wire.expect("hear_greeting", read, hear_greeting);
        let rest = returns(Finding::of("ok")).or(causes::GreetingHasALength);
        let rest = rest.or_when_it_waits(causes::GreetingHasALength);
        wire.expect(&words::THE_NEXT_READ, rest, |wire| {
            let mut rest = [0; 2];
            wire.read_exact(&mut rest)?;
            Ok(Finding::of(String::from_utf8_lossy(&rest).into_owned()))
        });
    });
}

#[test]
fn a_wrong_greeting_is_refused() {
    graded(|| {
        builds_on(the_greeting_is_read_exactly);
        for other in [GREETING.replace("FTP", "SSH"), r"welcome to the server".to_owned()] {
            let mut wire = Wire::delivers([other]);
            let refused = fails_with(InvalidData).or(causes::GreetingHasALength);
            wire.expect("hear_greeting", refused, hear_greeting);
        }
        for end in 0..GREETING.len() {
            let mut wire = Wire::delivers([&GREETING.as_bytes()[..end]]).then_closes();
            wire.expect("hear_greeting", fails_with(UnexpectedEof), hear_greeting);
        }
    });
}

#[test]
fn the_size_is_sent_before_content_and_md5() {
    graded(|| {
        builds_on(an_md5_is_computed_as_in_rfc_1321);
        let longest = [b'k'; 1024];
        let acknowledgements: [&[u8]; 4] = [b"1", b"ok", "收到".as_bytes(), &longest];
        for (size, acknowledgement) in SIZES.into_iter().zip(acknowledgements.iter().cycle()) {
            let content = text(size);
            for sender in SENDERS {
                let mut wire = sender.takes(Wire::silent(), b"", &content, acknowledgement);
                let sent = sent().or(Cause::WrongSize);
                let sent = sent.or_when_it_waits(Cause::AcknowledgementHasNoLength);
                sender.expect(&mut wire, &content, sent);
                expect_written(&wire, &whole(&content), Cause::WrongSize);
            }
        }
    });
}

#[test]
fn no_content_is_sent_without_an_acknowledgement() {
    graded(|| {
        builds_on(the_size_is_sent_before_content_and_md5);
        for sender in SENDERS {
            let mut wire = sender.asked(Wire::silent()).then_awaits_exactly(b"5").then_closes();
            let end = fails_with(UnexpectedEof).or(Cause::EndIsNoAcknowledgement);
            sender.expect(&mut wire, b"hello", end);
            expect_written(&wire, b"5", Cause::DidNotWaitForAcknowledgement);
        }
    });
}

#[rstest]
#[case::words_and_digits_apart(&[21])]
#[case::with_the_last_digit_alone(&[52])]
#[case::byte_by_byte(&[1; 53])]
fn a_receipt_in_pieces_is_read_whole(#[case] sizes: &'static [usize]) {
    graded(|| {
        builds_on(the_size_is_sent_before_content_and_md5);
        let wire = Wire::silent().then_awaits_exactly(b"5").then_delivers(b"ok").then_awaits(38);
        let mut wire = wire.then_cut(&receipt(b"hello"), &limits(sizes));
        Sender::Put.expect(&mut wire, b"hello", sent().or(Cause::OneReadIsNotOneMessage));
    });
}

#[test]
fn a_receipt_for_other_bytes_is_refused() {
    graded(|| {
        builds_on(a_receipt_in_pieces_is_read_whole);
        let other_words = String::from_utf8_lossy(&receipt(b"hello")).replace("file", "text");
        let one_digit = String::from_utf8_lossy(&receipt(b"hello")).replace("c592", "c593");
        let capitals = [RECEIPT, &md5_of(b"hello").to_uppercase()].concat();
        let texts = [&other_words, &one_digit, &capitals].map(|text| text.as_bytes());
        for wrong in [&[&receipt(b"hell")[..]], &texts[..]].concat() {
            let wire =
                Wire::silent().then_awaits_exactly(b"5").then_delivers(b"ok").then_awaits(38);
            let refused = fails_with(InvalidData).or(causes::ReceiptNotCompared);
            Sender::Put.expect(&mut wire.then_delivers(wrong), b"hello", refused);
        }
        let receipt = receipt(b"hello");
        for end in 0..receipt.len() {
            let wire =
                Wire::silent().then_awaits_exactly(b"5").then_delivers(b"ok").then_awaits(38);
            let mut wire = wire.then_delivers(&receipt[..end]).then_closes();
            Sender::Put.expect(&mut wire, b"hello", fails_with(UnexpectedEof));
        }
    });
}

#[test]
fn files_of_any_size_arrive_with_their_md5() {
    graded(|| {
        builds_on(an_md5_is_computed_as_in_rfc_1321);
        for size in SIZES {
            let content = text(size);
            for receiver in RECEIVERS {
                let folder = receiver.folder();
                let wire = receiver.announces(&size.to_string());
                // The connection stays open: a read that asks for more than was sent waits for ever.
                let mut wire = wire.then_delivers(&content_and_md5(&content));
                let waits =
                    if size == 0 { Cause::EmptyFileIsAFile } else { causes::DigestSwallowed };
                let saved = receiver.saved().or(causes::DigestSwallowed).or_when_it_waits(waits);
                receiver.expect(&mut wire, &folder, saved);
                folder.expect(
                    wire.scene(),
                    &[(receiver.file(), &content)],
                    causes::DigestSwallowed,
                );
                receiver.expect_replies(&wire, &content);
            }
        }
    });
}

#[rstest]
#[case::md5_alone(&[5])]
#[case::the_last_byte_of_the_content_with_the_md5(&[4])]
#[case::the_first_digit_of_the_md5_with_the_content(&[6])]
#[case::the_last_digit_of_the_md5_alone(&[36])]
#[case::byte_by_byte(&[1; 37])]
fn content_and_md5_in_pieces_are_kept_apart(#[case] sizes: &'static [usize]) {
    graded(move || {
        builds_on(files_of_any_size_arrive_with_their_md5);
        for receiver in RECEIVERS {
            let folder = receiver.folder();
            let wire = receiver.announces("5");
            let mut wire = wire.then_cut(&content_and_md5(b"hello"), &limits(sizes));
            let saved = receiver.saved().or(Cause::OneReadIsNotOneMessage);
            receiver.expect(&mut wire, &folder, saved);
            folder.expect(wire.scene(), &[(receiver.file(), b"hello")], causes::DigestSwallowed);
        }
    });
}

#[test]
fn any_content_in_any_pieces_is_received_whole() {
    graded(|| {
        builds_on(files_of_any_size_arrive_with_their_md5);
        builds_on(content_and_md5_in_pieces_are_kept_apart);
        for_any_segmentation(|input| {
            for (content, receiver) in input.messages.iter().zip(RECEIVERS) {
                let folder = receiver.folder();
                let wire = receiver.announces(&content.len().to_string());
                let mut wire = wire.then_cut(&content_and_md5(content), &input.cuts);
                let saved = receiver.saved().or(Cause::OneReadIsNotOneMessage);
                receiver.expect(&mut wire, &folder, saved);
                let files: [(&str, &[u8]); 1] = [(receiver.file(), content)];
                folder.expect(wire.scene(), &files, Cause::OneReadIsNotOneMessage);
            }
        });
    });
}

#[test]
fn interrupted_calls_are_repeated() {
    graded(|| {
        builds_on(the_size_is_sent_before_content_and_md5);
        builds_on(files_of_any_size_arrive_with_their_md5);
        builds_on(content_and_md5_in_pieces_are_kept_apart);
        let signal = [PartialOp::Err(Interrupted), PartialOp::Unlimited];
        let signals: Vec<PartialOp> = signal.iter().cycle().take(8).cloned().collect();
        let cause = || Cause::InterruptedIsNoFailure;
        for sender in SENDERS {
            let wire = sender.asked(Wire::silent().then_fails(Interrupted));
            let wire = wire.then_awaits_exactly(b"5").then_fails(Interrupted).then_delivers(b"ok");
            let wire = sender.confirms(wire.then_fails(Interrupted), b"hello");
            sender.expect(&mut wire.accepting(&signals), b"hello", sent().or(cause()));
        }
        for receiver in RECEIVERS {
            let mut cuts = limits(&[2, 13, 22]);
            (0..3).for_each(|at| cuts.insert(2 * at, PartialOp::Err(Interrupted)));
            let wire = receiver.asked(Wire::silent().then_fails(Interrupted));
            let wire = receiver.acknowledged(wire.then_fails(Interrupted).then_delivers(b"5"));
            let mut wire = wire.then_cut(&content_and_md5(b"hello"), &cuts).accepting(&signals);
            receiver.expect(&mut wire, &receiver.folder(), receiver.saved().or(cause()));
        }
        let mut file =
            Wire::cut(b"hello", &[signals[0].clone(), PartialOp::Limited(2), signals[0].clone()]);
        file.scene().happened(words::THE_FILE_COMES_FROM_THE_PEER);
        file.expect("put", sent().or(cause()), |file| {
            let receipt = receipt(b"hello");
            let mut stream = Delivers(b"ok".chain(&receipt[..]));
            put(&mut stream, file, 5, |_| {})?;
            Ok(Finding::of(words::SENT))
        });
    });
}

#[rstest]
#[case::of_other_bytes(md5_of(b"hellO"))]
#[case::with_another_last_digit(md5_of(b"hello").replace("c592", "c593"))]
#[case::that_is_not_an_md5("x".repeat(32))]
fn a_file_with_a_wrong_md5_is_refused(#[case] md5: String) {
    graded(move || {
        builds_on(files_of_any_size_arrive_with_their_md5);
        for receiver in RECEIVERS {
            let folder = receiver.folder();
            let wire = receiver.announces("5");
            let mut wire = wire.then_delivers(&[b"hello", md5.as_bytes()].concat());
            let refused = fails_with(InvalidData).or(causes::DigestNotCompared);
            let refused = refused.or_when_it_waits(causes::DigestSwallowed);
            receiver.expect(&mut wire, &folder, refused);
            folder.expect(wire.scene(), &[], causes::DigestNotCompared);
            // The receipt shows the client what arrived.
            receiver.expect_replies(&wire, b"hello");
        }
    });
}

#[test]
fn a_file_is_saved_before_sending_its_receipt() {
    graded(|| {
        builds_on(files_of_any_size_arrive_with_their_md5);
        let folder = Folder::awaiting("a.txt");
        let mut wire = Receiver::ServePut.announces("5").then_delivers(&content_and_md5(b"hello"));
        let scene = wire.scene().clone();
        scene.expect("serve_put", Receiver::ServePut.saved(), || {
            let mut stream = ReceiptWatch { wire: &mut wire, content: b"hello", folder: &folder };
            Receiver::ServePut.receive(&mut stream, &folder)
        });
    });
}

#[test]
fn a_name_appears_only_for_a_verified_file() {
    graded(|| {
        builds_on(files_of_any_size_arrive_with_their_md5);
        builds_on(content_and_md5_in_pieces_are_kept_apart);
        for (receiver, size) in RECEIVERS.iter().flat_map(|it| [(it, 5), (it, 512 * 1024)]) {
            let folder = receiver.folder();
            let content = text(size);
            let stream = content_and_md5(&content);
            let size = size.to_string();
            let wire = receiver.announces(&size).then_delivers(&stream[..stream.len() - 1]);
            let mut wire = wire.then_delivers(&stream[stream.len() - 1..]);
            let before = size.len() + stream.len() - 1;
            let scene = wire.scene().clone();
            scene.expect(receiver.call(), receiver.saved(), || {
                let inspect = || folder.expect_under_way(&scene, receiver.call());
                let mut stream = wire.meanwhile(before, inspect);
                receiver.receive(&mut stream, &folder)
            });
        }
    });
}

#[test]
fn an_existing_file_is_not_overwritten() {
    graded(|| {
        builds_on(files_of_any_size_arrive_with_their_md5);
        builds_on(a_file_is_saved_before_sending_its_receipt);
        for receiver in RECEIVERS {
            let folder = receiver.folder();
            folder.put(receiver.file(), b"an older file");
            let mut wire = receiver.announces("5").then_delivers(&content_and_md5(b"hello"));
            wire.scene().happened(words::is_there_already(receiver.file()));
            let refused = fails_with(AlreadyExists).or(Cause::OverwritesUnasked);
            let refused = refused.or_when_it_waits(causes::DigestSwallowed);
            receiver.expect(&mut wire, &folder, refused);
            let older: [(&str, &[u8]); 1] = [(receiver.file(), b"an older file")];
            folder.expect(wire.scene(), &older, Cause::OverwritesUnasked);
            receiver.expect_no_receipt(&wire);
        }
    });
}

#[test]
fn a_file_created_during_transfer_is_not_overwritten() {
    graded(|| {
        builds_on(a_name_appears_only_for_a_verified_file);
        builds_on(an_existing_file_is_not_overwritten);
        for receiver in RECEIVERS {
            let folder = receiver.folder();
            let stream = content_and_md5(b"hello");
            let (first, last) = stream.split_at(stream.len() - 1);
            let mut wire = receiver.announces("5").then_delivers(first).then_delivers(last);
            let scene = wire.scene().clone();
            let taken = fails_with(AlreadyExists).or(Cause::NameTakenMeanwhile);
            scene.expect(receiver.call(), taken, || {
                let mut stream = wire.meanwhile(b"5".len() + first.len(), || {
                    scene.happened(words::another_program_saves(receiver.file()));
                    folder.put(receiver.file(), b"another program's");
                });
                receiver.receive(&mut stream, &folder)
            });
            let other: [(&str, &[u8]); 1] = [(receiver.file(), b"another program's")];
            folder.expect(&scene, &other, Cause::NameTakenMeanwhile);
            receiver.expect_no_receipt(&wire);
        }
    });
}

#[test]
fn a_broken_transfer_leaves_no_file() {
    graded(|| {
        builds_on(files_of_any_size_arrive_with_their_md5);
        builds_on(content_and_md5_in_pieces_are_kept_apart);
        let stream = content_and_md5(b"hello");
        let large = content_and_md5(&text(512 * 1024));
        for receiver in RECEIVERS {
            for end in 0..stream.len() {
                receiver.expect_nothing_left("5", &stream[..end]);
            }
            // Long enough that buffered bytes have been written to the file before the end.
            for size in SIZES.into_iter().filter(|size| *size > 0) {
                receiver.expect_nothing_left("524288", &large[..size - 1]);
            }
        }
        let mut wire = Wire::silent().then_awaits(9).then_closes();
        Receiver::Get.expect(&mut wire, &Receiver::Get.folder(), fails_with(UnexpectedEof));
    });
}

#[rstest]
#[case::that_shrank_to_nothing(5, "", Err(UnexpectedEof))]
#[case::that_shrank(5, "hel", Err(UnexpectedEof))]
#[case::that_shrank_from_4_gib(1 << 32, "hello", Err(UnexpectedEof))]
#[case::that_grew(5, r"hello, world", Ok(()))]
#[case::that_was_empty_and_grew(0, "hello", Ok(()))]
fn a_sender_sends_the_announced_size_or_fails(
    #[case] promised: u64,
    #[case] content: &'static str,
    #[case] expected: Result<(), ErrorKind>,
) {
    graded(move || {
        builds_on(the_size_is_sent_before_content_and_md5);
        builds_on(files_of_any_size_arrive_with_their_md5);
        builds_on(a_broken_transfer_leaves_no_file);
        let sent = &content.as_bytes()[..promised.min(content.len() as u64) as usize];
        let wire = Wire::silent().then_awaits(1).then_delivers(b"ok");
        let mut wire = wire.then_delivers(&receipt(sent));
        let scene = wire.scene().clone();
        scene.happened(words::the_sender_saw(promised));
        scene.happened(words::now_the_file_has(content.len()));
        let kept = expected.map_or_else(fails_with, returns).or(Cause::PromiseNotKept);
        let mut rest = content.as_bytes();
        scene.expect("put", kept, || {
            let came = put(&mut wire, &mut rest, promised, |_| {});
            if came.as_ref().err().map(io::Error::kind) != expected.err() {
                scene.notice(Cause::PromiseNotKept);
            }
            came
        });
        if expected.is_ok() {
            return expect_written(&wire, &whole(sent), Cause::PromiseNotKept);
        }
        let all_read = returns(0).or(Cause::PromiseNotKept);
        scene.expect_of(words::THE_TEST, words::ASKS_WHAT_IS_UNREAD, all_read, || Ok(rest.len()));
        let size = promised.to_string();
        let said = wire.written();
        let content = said.strip_prefix(size.as_bytes());
        let right = content.is_some_and(|content| sent.starts_with(content));
        let most = words::THE_SIZE_AND_AT_MOST_THE_CONTENT;
        expect_received(&wire, &most, right, Cause::PromiseNotKept);
    });
}

#[rstest]
#[case::in_latin("a.txt")]
#[case::in_chinese(r"神 1.txt")]
#[case::with_two_dots("a..b.txt")]
#[case::hidden(".profile")]
fn a_request_is_get_and_the_name(#[case] name: &'static str) {
    graded(move || {
        builds_on(files_of_any_size_arrive_with_their_md5);
        let request = format!(r"get {name}");
        let file = format!("{name}.new");
        let folder = Folder::awaiting(&file);
        let wire = Wire::silent().then_awaits(request.len()).then_delivers(b"5");
        let wire = wire.then_awaits(request.len() + 1);
        let mut wire = wire.then_delivers(&content_and_md5(b"hello"));
        let path = format!("received/{file}");
        let saved = returns(path.clone()).or(causes::SavedUnderAnotherName);
        let saved = saved.or_when_it_waits(causes::DigestSwallowed);
        wire.expect("get", saved, |wire| folder.shown(get(wire, name, &folder.path(), |_| {})));
        folder.expect(wire.scene(), &[(&path, b"hello")], causes::SavedUnderAnotherName);
        let said = wire.written();
        let rest = said.strip_prefix(request.as_bytes()).unwrap_or_default();
        let right = (1..=1024).contains(&rest.len()) && !rest.starts_with(b"\n");
        let expected = words::THE_REQUEST_THEN_AN_ACKNOWLEDGEMENT;
        expect_received(&wire, &expected, right, causes::RequestHasAnotherForm);
    });
}

#[rstest]
#[case::with_a_plus("+5")]
#[case::with_a_minus("-1")]
#[case::with_a_space("5 ")]
#[case::with_a_newline("5\n")]
#[case::with_the_content_attached("5hello")]
#[case::in_words("five")]
#[case::after_no_such_file(r"no such file: 5")]
#[case::in_digits_of_another_script("٥")]
#[case::too_large_for_any_disk("18446744073709551616")]
fn a_size_is_only_decimal_digits(#[case] size: &'static str) {
    graded(move || {
        builds_on(a_request_is_get_and_the_name);
        for receiver in RECEIVERS {
            let folder = receiver.folder();
            let wire = receiver.asked(Wire::silent());
            let mut wire = wire.then_delivers(size.as_bytes()).then_closes();
            wire.scene().happened(words::the_size_is(quoted(size.as_bytes())));
            receiver.expect_refused(&mut wire, &folder, Cause::NotDecimalDigits);
            folder.expect(wire.scene(), &[], Cause::NotDecimalDigits);
            let said = wire.written();
            let silent = said == receiver.request();
            let cause = Cause::AcknowledgesWhatItRefuses;
            expect_received(&wire, &words::NO_ACKNOWLEDGEMENT, silent, cause);
        }
    });
}

#[rstest]
#[case::of_33_bits("4294967296")]
#[case::whose_lower_32_bits_are_5("4294967301")]
#[case::of_64_bits("18446744073709551615")]
fn a_size_has_up_to_64_bits(#[case] size: &'static str) {
    graded(move || {
        builds_on(a_broken_transfer_leaves_no_file);
        for receiver in RECEIVERS {
            let folder = receiver.folder();
            let wire = receiver.announces(size);
            let mut wire = wire.then_delivers(&content_and_md5(b"hello")).then_closes();
            wire.scene().happened(words::the_size_is(size));
            let broken = fails_with(UnexpectedEof).or(causes::SizeNotUnderstood);
            receiver.expect(&mut wire, &folder, broken);
            folder.expect_nothing_left(wire.scene());
        }
    });
}

#[rstest]
#[case::in_the_parent_folder("../outside.txt")]
#[case::in_a_subfolder("sub/a.txt")]
#[case::absolute("/no/such/folder/a.txt")]
#[case::the_folder_itself(".")]
#[case::the_parent_folder("..")]
#[case::empty("")]
#[case::with_a_trailing_slash("a.txt/")]
#[case::with_a_trailing_dot("a.txt/.")]
#[case::with_a_leading_dot("./a.txt")]
#[case::with_a_zero_byte("a.txt\0")]
#[case::with_a_zero_byte_inside("a\0b.txt")]
fn a_path_is_not_requested(#[case] name: &'static str) {
    graded(move || {
        let is_path = !name.contains('\0');
        let cause = if is_path { causes::AsksForAPath } else { causes::NoFileHasThisName };
        let folder = Folder::awaiting("a.txt.new");
        let mut wire = Wire::silent().then_awaits(1).then_delivers(NO_SUCH_FILE.as_bytes());
        wire.scene().happened(words::the_name_is(quoted(name.as_bytes())));
        let refused = fails_with(InvalidInput).or(cause.clone());
        wire.expect_written("get", b"", refused, |wire| {
            folder.shown(get(wire, name, &folder.path(), |_| {}))
        });
        folder.expect(wire.scene(), &[], cause);
    });
}

#[test]
fn get_reports_a_missing_file_and_continues() {
    graded(|| {
        builds_on(files_of_any_size_arrive_with_their_md5);
        builds_on(a_request_is_get_and_the_name);
        let folder = Folder::awaiting("a.txt.new");
        let wire = Wire::silent().then_awaits(9).then_delivers(NO_SUCH_FILE.as_bytes());
        let wire = wire.then_awaits(18).then_delivers(b"5").then_awaits(19);
        let mut wire = wire.then_delivers(&content_and_md5(b"hello"));
        let missing = fails_with(NotFound).or(causes::MissingFileUnreported);
        let missing = missing.or_when_it_waits(causes::MissingFileUnreported);
        wire.expect("get(\"b.txt\")", missing, |wire| {
            folder.shown(get(wire, "b.txt", &folder.path(), |_| {}))
        });
        expect_written(&wire, b"get b.txt", causes::MissingFileUnreported);
        folder.expect(wire.scene(), &[], Cause::TemporaryFileLeft);
        let saved = Receiver::Get.saved().or(causes::OneTransferOnly);
        Receiver::Get.expect(&mut wire, &folder, saved);
    });
}

#[rstest]
#[case::a_missing_file(b"get b.txt", causes::MissingFileUnanswered)]
#[case::a_folder(b"get sub", causes::MissingFileUnanswered)]
#[case::no_name(b"get", causes::MissingFileUnanswered)]
#[case::an_empty_name(b"get ", causes::MissingFileUnanswered)]
#[case::another_word(b"list", causes::MissingFileUnanswered)]
#[case::a_longer_word(b"getting a.txt", causes::MissingFileUnanswered)]
#[case::a_word_in_capitals(b"GET a.txt", causes::NotARequest)]
#[case::no_space(b"geta.txt", causes::NotARequest)]
#[case::a_newline_after_the_name(b"get a.txt\n", causes::NotARequest)]
#[case::a_name_with_a_nul(b"get a.txt\0", causes::MissingFileUnanswered)]
#[case::a_name_of_300_bytes(long_request(), causes::MissingFileUnanswered)]
#[case::not_text(b"get \xff\xfe", causes::MissingFileUnanswered)]
#[case::a_path_into_the_parent_folder(b"get ../outside.txt", Cause::NameIsAPath)]
#[case::a_path_through_a_subfolder(b"get sub/../../outside.txt", Cause::NameIsAPath)]
#[case::a_path_into_a_subfolder(b"get sub/b.txt", Cause::NameIsAPath)]
#[case::an_absolute_path(b"get /no/such/folder/a.txt", Cause::NameIsAPath)]
#[case::an_absolute_path_to_a_file(b"get /proc/version", Cause::NameIsAPath)]
#[case::a_path_with_a_leading_dot(b"get ./a.txt", Cause::NameIsAPath)]
#[case::a_path_with_a_trailing_slash(b"get a.txt/", Cause::NameIsAPath)]
fn serve_get_answers_every_request_and_continues(
    #[case] request: &'static [u8],
    #[case] cause: Cause,
) {
    graded(move || {
        builds_on(the_size_is_sent_before_content_and_md5);
        let folder = Folder::awaiting("a.txt");
        fs::create_dir(folder.at("received/sub")).expect("failed to make a folder");
        folder.put(FILE, b"hello");
        folder.put("received/sub/b.txt", b"in the folder below");
        // What a name that is not text becomes if its bytes are replaced.
        folder.put("received/\u{fffd}\u{fffd}", b"another file");

        let mut wire = Wire::delivers([request]).then_awaits(1).then_delivers(b"ok").then_closes();
        wire.scene().happened(words::the_request_is(quoted(request)));
        let answered = returns(true).or(cause.clone()).or_when_it_waits(cause.clone());
        wire.expect("serve_get", answered, |wire| serve_get(wire, &folder.path()));
        expect_written(&wire, NO_SUCH_FILE.as_bytes(), cause);

        let next = [NO_SUCH_FILE, "5"].concat();
        let wire = Wire::delivers([request]).then_awaits(NO_SUCH_FILE.len());
        let wire = wire.then_delivers(b"get a.txt").then_awaits_exactly(next.as_bytes());
        let mut wire = wire.then_delivers(b"ok");
        for _ in 0..2 {
            let served = returns(true).or(causes::OneTransferOnly);
            wire.expect("serve_get", served, |wire| serve_get(wire, &folder.path()));
        }
        let both = [NO_SUCH_FILE.as_bytes(), &whole(b"hello")].concat();
        expect_written(&wire, &both, causes::OneTransferOnly);
    });
}

#[rstest]
#[case::in_chinese(r"神 1.txt")]
#[case::hidden(".profile")]
#[case::with_two_dots("a..b.txt")]
#[case::that_looks_like_a_request(r"get a.txt")]
#[case::of_255_bytes("a".repeat(255))]
fn serve_get_sends_a_file_of_any_name(#[case] name: String) {
    graded(move || {
        builds_on(the_size_is_sent_before_content_and_md5);
        let folder = Folder::awaiting(&name);
        folder.put(&format!("received/{name}"), b"hello");
        let mut wire = Wire::delivers([format!(r"get {name}")]).then_awaits(1).then_delivers(b"ok");
        let served = returns(true).or(causes::NameNotFound);
        wire.expect("serve_get", served, |wire| serve_get(wire, &folder.path()));
        expect_written(&wire, &whole(b"hello"), causes::NameNotFound);
    });
}

#[cfg(unix)]
#[test]
fn serve_get_does_not_wait_for_a_pipe() {
    graded(|| {
        builds_on(serve_get_answers_every_request_and_continues);
        let folder = Folder::awaiting("a.txt");
        let made = Command::new("mkfifo").arg(folder.at("received/pipe")).status();
        if !made.is_ok_and(|status| status.success()) {
            return println!("{}", words::NOT_CHECKED_HERE);
        }
        let mut wire = Wire::delivers([r"get pipe"]);
        wire.scene().happened(words::A_PIPE_HAS_THE_NAME);
        let answered = returns(true).or(causes::WaitsForThePipe);
        let answered = answered.or_when_it_waits(causes::WaitsForThePipe);
        wire.expect("serve_get", answered, |wire| serve_get(wire, &folder.path()));
        expect_written(&wire, NO_SUCH_FILE.as_bytes(), causes::WaitsForThePipe);
    });
}

#[rstest]
#[case::one_byte_per_write(1)]
#[case::seven_bytes_per_write(7)]
fn everything_is_sent_despite_short_writes(#[case] at_most: usize) {
    graded(move || {
        builds_on(the_size_is_sent_before_content_and_md5);
        builds_on(files_of_any_size_arrive_with_their_md5);
        builds_on(a_request_is_get_and_the_name);
        builds_on(serve_get_answers_every_request_and_continues);
        let cause = || Cause::PartialWriteIgnored;
        let mut wire = Wire::silent().accepting_at_most(at_most);
        wire.expect_written("greet", GREETING.as_bytes(), returns(()).or(cause()), |wire| {
            greet(wire)
        });
        for sender in SENDERS {
            let wire = sender.takes(Wire::silent(), b"", b"hello, world", b"ok");
            let mut wire = wire.accepting_at_most(at_most);
            sender.expect(&mut wire, b"hello, world", sent().or_when_it_waits(cause()));
            expect_written(&wire, &whole(b"hello, world"), cause());
        }
        for receiver in RECEIVERS {
            let wire = receiver.announces("5").then_delivers(&content_and_md5(b"hello"));
            let mut wire = wire.accepting_at_most(at_most);
            let saved = receiver.saved().or(cause()).or_when_it_waits(cause());
            receiver.expect(&mut wire, &receiver.folder(), saved);
            receiver.expect_replies(&wire, b"hello");
        }
        // More than fits any buffer: it is emptied in the middle of the content.
        let large = text(700 * 1024);
        for sender in SENDERS {
            let wire = sender.takes(Wire::silent(), b"", &large, b"ok");
            let mut wire = wire.accepting_at_most(100_000 * at_most);
            sender.expect(&mut wire, &large, sent().or(cause()).or_when_it_waits(cause()));
            expect_written(&wire, &whole(&large), cause());
        }
        let mut wire = Wire::delivers([r"get b.txt"]).accepting_at_most(at_most);
        let (answer, folder) = (NO_SUCH_FILE.as_bytes(), Folder::awaiting("a.txt"));
        wire.expect_written("serve_get", answer, returns(true).or(cause()), |wire| {
            serve_get(wire, &folder.path())
        });
    });
}

#[test]
fn every_other_error_comes_back() {
    graded(|| {
        builds_on(the_greeting_is_read_exactly);
        builds_on(a_receipt_in_pieces_is_read_whole);
        builds_on(files_of_any_size_arrive_with_their_md5);
        builds_on(serve_get_answers_every_request_and_continues);
        let folder = Folder::awaiting("a.txt");
        let mut wire = Wire::delivers([b"hello"]).then_resets();
        wire.expect("md5_hex", comes_back(ConnectionReset), md5_hex);
        let mut wire = Wire::silent().then_resets();
        wire.expect("serve_put", comes_back(ConnectionReset), |wire| {
            serve_put(wire, "a.txt", &folder.path())
        });
        let mut wire = Wire::silent().then_resets();
        wire.expect("serve_get", comes_back(ConnectionReset), |wire| {
            serve_get(wire, &folder.path())
        });

        // A reset is not an early end, wherever it comes.
        for end in [0, 1, GREETING.len() - 1] {
            let mut wire = Wire::delivers([&GREETING.as_bytes()[..end]]).then_resets();
            wire.expect("hear_greeting", comes_back(ConnectionReset), hear_greeting);
        }
        for sender in SENDERS {
            let mut wire = sender.asked(Wire::silent()).then_awaits(1).then_resets();
            sender.expect(&mut wire, b"hello", comes_back(ConnectionReset));
        }
        let receipt = receipt(b"hello");
        for end in [0, 1, receipt.len() - 1] {
            let wire = Wire::silent().then_awaits(1).then_delivers(b"ok").then_awaits(38);
            let mut wire = wire.then_delivers(&receipt[..end]).then_resets();
            Sender::Put.expect(&mut wire, b"hello", comes_back(ConnectionReset));
        }
        let mut wire = Receiver::Get.asked(Wire::silent()).then_resets();
        Receiver::Get.expect(&mut wire, &Receiver::Get.folder(), comes_back(ConnectionReset));
        let content = content_and_md5(b"hello");
        for receiver in RECEIVERS {
            for end in [0, 4, 5, content.len() - 1] {
                let wire = receiver.announces("5").then_delivers(&content[..end]);
                let folder = receiver.folder();
                receiver.expect(&mut wire.then_resets(), &folder, comes_back(ConnectionReset));
            }
        }

        let broken = vec![PartialOp::Err(BrokenPipe); 8];
        let mut wire = Wire::silent().accepting(&broken);
        wire.expect("greet", comes_back(BrokenPipe), greet);
        let mut wire = Wire::delivers([r"get b.txt"]).accepting(&broken);
        wire.expect("serve_get", comes_back(BrokenPipe), |wire| serve_get(wire, &folder.path()));
        let but_for_the_first = [vec![PartialOp::Unlimited], broken].concat();
        let wire = Receiver::ServePut.announces("5").then_delivers(&content_and_md5(b"hello"));
        let mut wire = wire.accepting(&but_for_the_first);
        wire.expect("serve_put", comes_back(BrokenPipe), |wire| {
            serve_put(wire, "a.txt", &folder.path())
        });
    });
}

#[test]
fn an_error_of_any_write_comes_back() {
    graded(|| {
        builds_on(every_other_error_comes_back);
        builds_on(everything_is_sent_despite_short_writes);
        // Everything that the peer sends is there in any case, and only one write fails: an answer that ignores
        // its error goes on.
        let breaks = |taken: &[PartialOp]| [taken, &[PartialOp::Err(BrokenPipe)]].concat();
        let after = |bytes: usize| breaks(&vec![PartialOp::Limited(1); bytes]);
        for sender in SENDERS {
            let peer = || {
                let wire = sender.asked(Wire::silent()).then_delivers(b"ok");
                sender.confirms(wire, b"hello")
            };
            for bytes in 0..whole(b"hello").len() {
                let mut wire = peer().accepting(&after(bytes));
                sender.expect(&mut wire, b"hello", comes_back(BrokenPipe));
            }
            let large = text(700 * 1024);
            for writes in 1..4 {
                let wire = sender.asked(Wire::silent()).then_delivers(b"ok");
                let some = vec![PartialOp::Limited(100_000); writes];
                let mut wire = sender.confirms(wire, &large).accepting(&breaks(&some));
                sender.expect(&mut wire, &large, comes_back(BrokenPipe));
            }
        }
        for receiver in RECEIVERS {
            for bytes in 0..=receiver.request().len() {
                let folder = receiver.folder();
                let wire = Wire::delivers([b"5"]).then_delivers(&content_and_md5(b"hello"));
                let mut wire = wire.accepting(&after(bytes));
                receiver.expect(&mut wire, &folder, comes_back(BrokenPipe));
                folder.expect_nothing_left(wire.scene());
            }
        }
    });
}

#[test]
fn an_end_between_transfers_is_not_an_error() {
    graded(|| {
        let folder = Folder::awaiting("a.txt");
        let closed = || returns(false).or(Cause::CleanEndIsNoError);
        let mut wire = Wire::silent().then_closes();
        wire.expect("serve_put", closed(), |wire| serve_put(wire, "a.txt", &folder.path()));
        folder.expect(wire.scene(), &[], Cause::CleanEndIsNoError);
        let mut wire = Wire::silent().then_closes();
        wire.expect("serve_get", closed(), |wire| serve_get(wire, &folder.path()));
    });
}

#[test]
fn many_files_go_over_one_connection() {
    graded(|| {
        builds_on(files_of_any_size_arrive_with_their_md5);
        builds_on(serve_get_answers_every_request_and_continues);
        builds_on(an_end_between_transfers_is_not_an_error);
        let contents: [&[u8]; 3] = [b"hello", b"", b"once more"];
        let again = || causes::OneTransferOnly;
        for sender in SENDERS {
            let (mut wire, mut before) = (Wire::silent(), Vec::new());
            for content in contents {
                wire = sender.takes(wire, &before, content, b"ok");
                before.extend(whole(content));
            }
            for content in contents {
                let sent = sent().or(again()).or_when_it_waits(again());
                sender.expect(&mut wire, content, sent);
            }
            expect_written(&wire, &before, again());
        }
        for receiver in RECEIVERS {
            let mut wire = Wire::silent();
            for (number, content) in contents.iter().enumerate() {
                // The peer knows only that an acknowledgement has at least one byte.
                let before = number * (receiver.request().len() + 1 + receiver.receipt(b"").len());
                let asked = before + receiver.request().len();
                wire = wire.then_awaits(asked).then_delivers(content.len().to_string().as_bytes());
                wire = wire.then_awaits(asked + 1).then_delivers(&content_and_md5(content));
            }
            for content in contents {
                let folder = receiver.folder();
                let saved = receiver.saved().or(again()).or_when_it_waits(again());
                receiver.expect(&mut wire, &folder, saved);
                folder.expect(wire.scene(), &[(receiver.file(), content)], again());
            }
        }
    });
}

#[test]
fn progress_is_reported_during_the_transfer() {
    graded(|| {
        builds_on(the_size_is_sent_before_content_and_md5);
        builds_on(files_of_any_size_arrive_with_their_md5);
        // The last byte comes alone, and crosses no power of two.
        let content = text(2 * MIB + 2);
        let size = content.len() as u64;
        let digits = size.to_string();
        let as_they_pass =
            || returns(Finding::of(words::AS_THEY_PASS)).or(causes::ProgressMisreports);
        let (moved, reports) = (Cell::new(0), RefCell::new(Vec::new()));
        let note = |Progress { done, size }: Progress, before: usize| {
            reports.borrow_mut().push((done, size, moved.get() - before));
        };

        let mut wire = Sender::Put.takes(Wire::silent(), b"", &content, b"ok");
        let scene = wire.scene().clone();
        scene.expect("put", sent(), || {
            let (first, last) = content.split_at(content.len() - 1);
            let mut file = Counted { stream: first.chain(last), read: &moved };
            put(&mut wire, &mut file, size, |progress| note(progress, 0))?;
            Ok(Finding::of(words::SENT))
        });
        scene.expect_of(words::THE_TEST, words::ASKS_WHEN_REPORTED, as_they_pass(), || {
            Ok(when(&reports.take(), content.len()))
        });

        moved.set(0);
        let folder = Receiver::Get.folder();
        let cuts = limits(&[&[100_000; 20][..], &[content.len() - 1 - 2_000_000, 1]].concat());
        let wire = Receiver::Get.announces(&digits);
        let mut wire = wire.then_cut(&content_and_md5(&content), &cuts);
        let scene = wire.scene().clone();
        scene.expect("get", Receiver::Get.saved(), || {
            let mut stream = Counted { stream: &mut wire, read: &moved };
            let note = |progress| note(progress, digits.len());
            folder.shown(get(&mut stream, "a.txt", &folder.path(), note))
        });
        scene.expect_of(words::THE_TEST, words::ASKS_WHEN_REPORTED, as_they_pass(), || {
            Ok(when(&reports.take(), content.len()))
        });
    });
}

#[test]
fn a_transfer_uses_constant_memory() {
    const SIZE: u64 = 9 * MIB as u64;
    graded(|| {
        builds_on(files_of_any_size_arrive_with_their_md5);
        builds_on(a_broken_transfer_leaves_no_file);
        let folder = Folder::awaiting("a.txt");
        let content = || io::repeat(b'x').take(SIZE);
        let digits = SIZE.to_string();

        let (scene, stream) = closes_after(b"ok".as_slice(), io::empty());
        scene.happened(words::A_LARGE_FILE_IS_TO_BE_SENT);
        let (mut stream, mut file) = (MemoryWatch::over(stream), MemoryWatch::over(content()));
        scene.expect("put", fails_with(UnexpectedEof), || {
            let came = put(&mut stream, &mut file, SIZE, |_| {});
            notice_memory(&scene, stream.most().max(file.most()));
            came
        });

        let (scene, stream) = closes_after(b"get large".as_slice(), b"ok".as_slice());
        scene.happened(words::A_LARGE_FILE_IS_ASKED_FOR);
        let large = File::create(folder.at("received/large"));
        large.and_then(|file| file.set_len(SIZE)).expect("failed to make a large file");
        let mut stream = MemoryWatch::over(stream);
        scene.expect("serve_get", returns(true), || {
            let came = serve_get(&mut stream, &folder.path());
            notice_memory(&scene, stream.most());
            came
        });

        for receiver in RECEIVERS {
            let (scene, stream) = closes_after(digits.as_bytes(), content());
            scene.happened(words::A_LARGE_FILE_COMES);
            let mut stream = MemoryWatch::over(stream);
            scene.expect(receiver.call(), fails_with(UnexpectedEof), || {
                let came = receiver.receive(&mut stream, &folder);
                notice_memory(&scene, stream.most());
                came
            });

            let (scene, stream) = closes_after(b"1073741824".as_slice(), io::empty());
            scene.happened(words::A_GIB_IS_ANNOUNCED);
            let mut stream = MemoryWatch::over(stream);
            scene.expect(receiver.call(), fails_with(UnexpectedEof), || {
                let came = receiver.receive(&mut stream, &folder);
                notice_memory(&scene, stream.most());
                came
            });
        }
    });
}

#[test]
fn files_go_both_ways_over_a_real_connection() {
    graded(|| {
        builds_on(a_request_is_get_and_the_name);
        builds_on(an_end_between_transfers_is_not_an_error);
        builds_on(many_files_go_over_one_connection);
        let folder = Folder::awaiting("a.txt");
        let contents = [text(300_000), Vec::new(), text(1)];
        let names = ["a.txt", "b.txt", "c.txt"];

        let (mut client, mut server) = prompt_connection();
        let uploads = folder.path();
        let serving = in_background("serve_put", move || {
            greet(&mut server)?;
            for name in names {
                serve_put(&mut server, name, &uploads)?;
            }
            serve_put(&mut server, "d.txt", &uploads)
        });
        let scene = Scene::begin();
        scene.expect("hear_greeting", returns(()), || hear_greeting(&mut client));
        for content in &contents {
            let size = content.len() as u64;
            scene.expect("put", returns(()), || {
                put(&mut client, &mut content.as_slice(), size, |_| {})
            });
        }
        drop(client);
        scene.expect("serve_put", returns(false).or(Cause::CleanEndIsNoError), || serving.join());

        let (mut client, mut server) = prompt_connection();
        let downloads = folder.path();
        let serving = in_background("serve_get", move || {
            while serve_get(&mut server, &downloads)? {}
            Ok(false)
        });
        for name in names {
            let path = returns(format!("received/{name}.new"));
            scene.expect(format!("get(\"{name}\")"), path, || {
                folder.shown(get(&mut client, name, &folder.path(), |_| {}))
            });
        }
        drop(client);
        scene.expect("serve_get", returns(false).or(Cause::CleanEndIsNoError), || serving.join());

        let paths: Vec<(String, &Vec<u8>)> = names
            .into_iter()
            .zip(&contents)
            .flat_map(|(name, content)| {
                let path = format!("received/{name}");
                [(path.clone(), content), (format!("{path}.new"), content)]
            })
            .collect();
        let files: Vec<(&str, &[u8])> =
            paths.iter().map(|(path, content)| (path.as_str(), content.as_slice())).collect();
        folder.expect(&scene, &files, Cause::OneReadIsNotOneMessage);
    });
}
