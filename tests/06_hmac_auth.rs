//! Lesson 6, graded: a client proves that it knows the key, although anyone on the network may listen.
//!
//! ```text
//! server → client    32 random bytes                     the challenge
//! client → server    HMAC-MD5(key, challenge)            the answer, 16 bytes
//! then               hello → HELLO …, or the server closes
//! ```
//!
//! The peer here is an attacker. It sees every byte, records it and sends it again. It answers with
//! too few bytes, too many, or the wrong ones. It sends before it is asked, or never. It knows how hash
//! functions work, but it does not have the key. Try it: play the attacker in one check, and make its
//! answer a better forgery.

use std::io::ErrorKind::{self, BrokenPipe, ConnectionReset, Interrupted, UnexpectedEof};
use std::io::{self, Read, Write};
use std::net::Shutdown;
use std::process::{Command, Stdio};
use std::time::Duration;
use std::{env, iter, thread};

use hmac_auth::{challenge, chat, respond, salted_sha1, sign, verify};
use md5::Md5;
use netkata::{
    Cause, PartialOp, Scene, Wire, builds_on, counted, fails_with, for_any, graded, returns,
    test_name,
};
use proptest::collection::vec;
use proptest::prelude::any;
use rstest::rstest;
use sha2::digest::Digest;

#[path = "../lessons/06_hmac_auth/causes.rs"]
mod causes;
#[path = "../lessons/06_hmac_auth/forge.rs"]
mod forge;
#[path = "../lessons/06_hmac_auth/harness.rs"]
mod harness;
#[path = "../lessons/06_hmac_auth/words.rs"]
mod words;

use harness::*;

/// The key that client and server share.
const KEY: &[u8] = b"henry";

/// The challenge of a server that the test plays.
const CHALLENGE: &[u8; 32] = b"\x93\xee\x01\x07 32 bytes, of any value \xff\x0a\0\xf1";

/// Sixteen bytes that are not the answer to any challenge.
const WRONG_ANSWER: [u8; 16] = [0xff; 16];

/// A timeout that never runs out during a test.
const LONG: Duration = Duration::from_secs(3600);

#[rstest]
#[case::vector_1(&[0x0b; 16], b"Hi There", "9294727a3638bb1c13f48ef8158bfc9d")]
#[case::vector_2(b"Jefe", b"what do ya want for nothing?", "750c783e6ab0b503eaa86e310a5db738")]
#[case::vector_3(&[0xaa; 16], &[0xdd; 50], "56be34521d144c88dbb8c733f0e8b3f6")]
#[case::vector_4(&ONE_TO_25, &[0xcd; 50], "697eaf0aca3a3aea3a75164746ffaa79")]
#[case::vector_5(&[0x0c; 16], b"Test With Truncation", "56461ef2342edc00f9bab995690efd4c")]
#[case::vector_6(
    &[0xaa; 80],
    b"Test Using Larger Than Block-Size Key - Hash Key First",
    "6b1ab7fe4bd7bf8f0b62e6ce61b9d0cd"
)]
#[case::vector_7(
    &[0xaa; 80],
    b"Test Using Larger Than Block-Size Key and Larger Than One Block-Size Data",
    "6f630fad67cda0ee1fb1f562db3aa53e"
)]
fn hmac_md5_matches_the_rfc_2202_vectors(
    #[case] key: &'static [u8],
    #[case] message: &'static [u8],
    #[case] expected: &'static str,
) {
    graded(move || expect_hmac_md5(key, message, expected));
}

/// Vector 5 of the RFC is cut to 128 bits.
#[rstest]
#[case::vector_1(
    &[0x0b; 20],
    b"Hi There",
    "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
)]
#[case::vector_2(
    b"Jefe",
    b"what do ya want for nothing?",
    "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
)]
#[case::vector_3(
    &[0xaa; 20],
    &[0xdd; 50],
    "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"
)]
#[case::vector_4(
    &ONE_TO_25,
    &[0xcd; 50],
    "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"
)]
#[case::vector_5(&[0x0c; 20], b"Test With Truncation", "a3b6167473100ee06e0c796c2955552b")]
#[case::vector_6(
    &[0xaa; 131],
    b"Test Using Larger Than Block-Size Key - Hash Key First",
    "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
)]
#[case::vector_7(
    &[0xaa; 131],
    b"This is a test using a larger than block-size key and a larger than block-size data. \
      The key needs to be hashed before being used by the HMAC algorithm.",
    "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"
)]
fn hmac_sha256_matches_the_rfc_4231_vectors(
    #[case] key: &'static [u8],
    #[case] message: &'static [u8],
    #[case] expected: &'static str,
) {
    graded(move || {
        builds_on(hmac_md5_matches_the_rfc_2202_vectors);
        expect_hmac_sha256(key, message, expected);
    });
}

#[test]
fn hmac_matches_the_hmac_crate_for_any_input() {
    graded(|| {
        builds_on(hmac_md5_matches_the_rfc_2202_vectors);
        builds_on(hmac_sha256_matches_the_rfc_4231_vectors);
        // A block is 64 bytes: keys are shorter, equal and longer. A message of up to 55 bytes fits one
        // block with its padding.
        let lengths = [0, 1, 55, 56, 63, 64, 65, 128, 129];
        let pairs = lengths.iter().flat_map(|&key| lengths.map(|message| (key, message)));
        let edges = pairs.map(|(key, message)| (text(key), text(message)));
        let inputs = (vec(any::<u8>(), 0..200), vec(any::<u8>(), 0..300));
        for_any(edges, inputs, |(key, message)| {
            expect_hmac_md5(key, message, &hex(&oracle_md5(key, message)));
            expect_hmac_sha256(key, message, &hex(&oracle_sha256(key, message)));
        });
    });
}

#[rstest]
#[case::of_no_bytes(0)]
#[case::of_1_byte(1)]
#[case::of_13_bytes(13)]
#[case::of_16_bytes(16)]
#[case::of_20_bytes(20)]
#[case::of_31_bytes(31)]
#[case::of_32_bytes(32)]
fn digests_match_only_if_all_bits_are_equal(#[case] length: usize) {
    graded(move || {
        let ours = &oracle_sha256(KEY, CHALLENGE)[..length];
        expect_match(ours, ours, true, causes::SameDigestsRefused);
        for bit in 0..8 * length {
            let mut theirs = ours.to_vec();
            theirs[bit / 8] ^= 1 << (bit % 8);
            expect_match(ours, &theirs, false, causes::ImpostorAccepted);
        }
    });
}

#[test]
fn digests_of_different_lengths_never_match() {
    graded(|| {
        let ours = oracle_md5(KEY, CHALLENGE);
        for length in (0..16).rev() {
            expect_match(&ours, &ours[..length], false, causes::LengthsNotCompared);
            expect_match(&ours[..length], &ours, false, causes::LengthsNotCompared);
        }
        let longer = [&ours[..], &[0]].concat();
        expect_match(&ours, &longer, false, causes::LengthsNotCompared);
        expect_match(&longer, &ours, false, causes::LengthsNotCompared);
    });
}

#[rstest]
#[case::of_16_bytes(16)]
#[case::of_32_bytes(32)]
fn every_byte_of_a_digest_is_compared(#[case] length: usize) {
    graded(move || {
        let ours = &oracle_sha256(KEY, CHALLENGE)[..length];
        for differs in 0..length {
            let mut theirs = ours.to_vec();
            theirs[differs] ^= 0x10;
            let inspected = bytes_inspected(ours, &theirs);
            let call =
                format!("digests_match({})", words::digests_that_differ(differs + 1, length));
            let told = |inspected| Said(words::looked_at(counted(inspected, "byte")));
            let every = returns(told(length))
                .or(causes::ComparisonStopsEarly(counted(inspected, "byte"), length));
            Scene::begin().expect(&call, every, || Ok(told(inspected)));
        }
    });
}

#[test]
fn a_challenge_is_32_bytes() {
    graded(|| {
        let mut wire = Wire::delivers([WRONG_ANSWER]).then_closes();
        wire.scene().tell_sizes();
        wire.expect("challenge", returns(false).or(causes::ImpostorAccepted), |wire| {
            let proved = challenge(wire, KEY);
            // Sixteen bytes have arrived, and `challenge` waits for something else.
            if proved.is_err() {
                wire.scene().notice(Cause::NotTheAnswer);
            }
            proved
        });
        let came = wire.written().len();
        let size = returns(32).or(causes::ChallengeHasAnotherSize);
        wire.scene().expect_of_peer(words::COUNTS_THE_CHALLENGE, size, || Ok(came));
    });
}

#[test]
fn the_right_answer_is_accepted() {
    graded(|| {
        builds_on(hmac_md5_matches_the_rfc_2202_vectors);
        builds_on(a_challenge_is_32_bytes);
        let mut client = Client::that(|wire, challenge| {
            wire.then_delivers(&oracle_md5(KEY, challenge)).then_closes()
        });
        client.expect(returns(true).or(Cause::NotTheAnswer), KEY);
    });
}

#[rstest]
#[case::in_halves(&[8, 8])]
#[case::all_but_the_last_byte_first(&[15, 1])]
#[case::byte_by_byte(&[1; 16])]
fn an_answer_in_pieces_is_read_whole(#[case] sizes: &'static [usize]) {
    graded(|| {
        builds_on(the_right_answer_is_accepted);
        let mut client =
            Client::that(|wire, challenge| in_pieces(wire, &oracle_md5(KEY, challenge), sizes));
        client.expect(returns(true).or(Cause::OneReadIsNotOneMessage), KEY);
    });
}

#[rstest]
#[case::of_another_key(|challenge: &[u8]| oracle_md5(b"thomas", challenge))]
#[case::without_a_key(|challenge: &[u8]| oracle_md5(b"", challenge))]
#[case::to_another_challenge(|_: &[u8]| oracle_md5(KEY, CHALLENGE))]
#[case::wrong_in_its_first_byte(|challenge: &[u8]| flipped(oracle_md5(KEY, challenge), 0))]
#[case::wrong_in_its_last_byte(|challenge: &[u8]| flipped(oracle_md5(KEY, challenge), 15))]
#[case::written_in_hex(|challenge: &[u8]| hex(&oracle_md5(KEY, challenge)).into_bytes())]
#[case::of_another_hash_function(|challenge: &[u8]| oracle_sha256(KEY, challenge))]
#[case::a_digest_without_a_key(|challenge: &[u8]| Md5::digest(challenge).to_vec())]
#[case::a_digest_of_key_and_challenge(|challenge: &[u8]| Md5::digest([KEY, challenge].concat()).to_vec())]
#[case::the_challenge_itself(|challenge: &[u8]| challenge[..16].to_vec())]
#[case::zeros(|_: &[u8]| vec![0; 16])]
fn a_wrong_answer_is_refused(#[case] answer: fn(&[u8]) -> Vec<u8>) {
    graded(move || {
        builds_on(the_right_answer_is_accepted);
        let mut client = Client::that(move |wire, challenge| {
            wire.then_delivers(&answer(challenge)).then_closes()
        });
        client.expect(returns(false).or(causes::ImpostorAccepted), KEY);
    });
}

#[test]
fn an_empty_or_truncated_answer_proves_nothing() {
    graded(|| {
        builds_on(an_answer_in_pieces_is_read_whole);
        let truncated = |length: usize| {
            Client::that(move |wire, challenge| {
                wire.then_delivers(&oracle_md5(KEY, challenge)[..length]).then_closes()
            })
        };
        for length in 0..16 {
            let mut client = truncated(length);
            let scene = client.wire().scene().clone();
            let not_proved = returns(false).or(causes::LengthsNotCompared);
            // With or without an error, `challenge` must not return true.
            scene.expect("challenge", not_proved, || match challenge(&mut client, KEY) {
                Ok(true) => Ok(true),
                Ok(false) | Err(_) => Ok(false),
            });
            let ended = fails_with(UnexpectedEof).or(Cause::TruncationLooksComplete);
            truncated(length).expect(ended, KEY);
        }
    });
}

#[test]
fn the_server_repeats_interrupted_reads() {
    graded(|| {
        builds_on(an_answer_in_pieces_is_read_whole);
        let mut client = Client::that(|wire, challenge| {
            let answer = oracle_md5(KEY, challenge);
            wire.then_fails(Interrupted)
                .then_delivers(&answer[..5])
                .then_fails(Interrupted)
                .then_delivers(&answer[5..])
        });
        client.expect(returns(true).or(Cause::InterruptedIsNoFailure), KEY);
    });
}

#[rstest]
#[case::one_byte_per_write(1)]
#[case::twenty_bytes_per_write(20)]
fn a_challenge_survives_short_writes(#[case] at_most: usize) {
    graded(move || {
        builds_on(a_challenge_is_32_bytes);
        // After the first write a signal interrupts.
        let mut wire = Wire::delivers([WRONG_ANSWER])
            .accepting(&[PartialOp::Limited(at_most), PartialOp::Err(Interrupted)])
            .accepting_at_most(at_most);
        wire.scene().tell_sizes();
        wire.expect("challenge", returns(false), |wire| challenge(wire, KEY));
        let came = wire.written().len();
        let whole = returns(32).or(Cause::PartialWriteIgnored);
        wire.scene().expect_of_peer(words::COUNTS_THE_CHALLENGE, whole, || Ok(came));
    });
}

#[test]
fn bytes_after_the_answer_stay_in_the_stream() {
    graded(|| {
        builds_on(the_right_answer_is_accepted);
        let mut client = Client::that(|wire, challenge| {
            wire.then_delivers(&[&oracle_md5(KEY, challenge)[..], b"hello"].concat()).then_closes()
        });
        client.expect(returns(true).or(Cause::ReadTooFar), KEY);
        let before = client.wire().written().len();
        let scene = client.wire().scene().clone();
        scene.expect("chat", returns(Said::text("HELLO")).or(Cause::ReadTooFar), || {
            chat(&mut client)?;
            Ok(Said::bytes(&client.wire().written()[before..]))
        });
    });
}

#[test]
fn challenges_never_repeat() {
    graded(|| {
        builds_on(a_challenge_is_32_bytes);
        builds_on(the_right_answer_is_accepted);
        builds_on(an_empty_or_truncated_answer_proves_nothing);
        let mut seen: Vec<(String, Vec<u8>)> = Vec::new();
        let mut note = |client: &str, challenge: Vec<u8>| {
            seen.push((client.to_owned(), challenge));
        };
        for again in [false, true] {
            let one = |client: &str| if again { words::again(client) } else { client.to_owned() };
            note(&one(&words::ONE_WHO_FAILS), failing_challenge());
            note(&one(&words::ONE_WHO_SUCCEEDS), session(KEY).0);
            note(&one(&words::ONE_WHO_LEAVES), abandoned_challenge());
        }
        let mut wire = Wire::delivers([WRONG_ANSWER, WRONG_ANSWER]);
        for _ in 0..2 {
            let _ = challenge(&mut wire, KEY);
        }
        let both = wire.written();
        note(&words::ONE_WHO_FAILS_TWICE, both[..both.len() / 2].to_vec());
        note(&words::THE_SAME_ONE, both[both.len() / 2..].to_vec());
        let elsewhere = thread::spawn(failing_challenge).join().unwrap_or_default();
        note(&words::ONE_ON_ANOTHER_THREAD, elsewhere);

        let scene = Scene::begin();
        let mut repeated = 0;
        for (at, (client, challenge)) in seen.iter().enumerate() {
            let before = seen[..at].iter().find(|(_, earlier)| earlier == challenge);
            repeated += usize::from(before.is_some());
            let came = before.map_or(words::NEW.to_owned(), |(client, _)| words::that_of(client));
            scene.called(format!("challenge({client})"), came);
        }
        let none = returns(0).or(causes::ChallengeRepeats);
        scene.expect_of_peer(words::COUNTS_WHAT_REPEATS, none, || Ok(repeated));
    });
}

#[test]
fn a_recorded_answer_is_refused() {
    graded(|| {
        builds_on(the_right_answer_is_accepted);
        builds_on(challenges_never_repeat);
        for _ in 0..2 {
            let (_, recorded) = session(KEY);
            let mut client =
                Client::that(move |wire, _| wire.then_delivers(&recorded).then_closes());
            client.expect(returns(false).or(causes::ReplayAccepted), KEY);
        }
    });
}

#[test]
fn a_challenge_cannot_be_predicted() {
    graded(|| {
        builds_on(the_right_answer_is_accepted);
        builds_on(challenges_never_repeat);
        let scene = Scene::begin();
        let challenges: Vec<Vec<u8>> = (0..512).map(|_| failing_challenge()).collect();
        scene.called(words::CHALLENGE_512_TIMES, words::EACH_OF_32_BYTES);
        let chance = returns(Said::text("")).or(causes::ChallengeIsPredictable);
        let found = Said::text(pattern(&challenges).unwrap_or_default());
        scene.expect_of_peer(words::LOOKS_FOR_A_PATTERN, chance, || Ok(found));
    });
}

#[test]
fn challenges_differ_between_runs_of_the_program() {
    const ANOTHER_RUN: &str = "NETKATA_ANOTHER_RUN";
    if env::var_os(ANOTHER_RUN).is_some() {
        println!(r"challenge {}", hex(&failing_challenge()));
        return;
    }
    graded(|| {
        builds_on(the_right_answer_is_accepted);
        builds_on(challenges_never_repeat);
        let scene = Scene::begin();
        let run = || -> io::Result<String> {
            let mut program = Command::new(env::current_exe()?);
            let test = test_name(&challenges_differ_between_runs_of_the_program);
            program.args([&*test, "--exact"]);
            program.arg("--nocapture").env(ANOTHER_RUN, "1").env_remove("NETKATA_RECORD");
            let output = program.stdin(Stdio::null()).stderr(Stdio::null()).output()?;
            let text = String::from_utf8_lossy(&output.stdout).into_owned();
            let told = text.split_once(r"challenge ").and_then(|(_, rest)| rest.split('\n').next());
            told.map(str::to_owned).ok_or_else(|| ErrorKind::UnexpectedEof.into())
        };
        let same = || {
            let (first, second) = (run()?, run()?);
            scene.called(words::THE_FIRST_OF_ONE_RUN, counted(first.len() / 2, "byte"));
            let came = if first == second { words::THE_SAME_BYTES } else { words::OTHER_BYTES };
            scene.called(words::THE_FIRST_OF_THE_NEXT_RUN, came);
            Ok(first == second)
        };
        let different = returns(false).or(causes::ChallengeIsPredictable);
        scene.expect_of_peer(words::ASKS_WHETHER_RUNS_BEGIN_ALIKE, different, same);
    });
}

#[test]
fn the_answer_is_the_16_byte_hmac() {
    graded(|| {
        builds_on(hmac_md5_matches_the_rfc_2202_vectors);
        for key in [KEY, b"", &[0xaa; 64]] {
            let mut wire = Wire::delivers([CHALLENGE]).then_closes();
            let answer = returns(()).or(Cause::NotTheAnswer);
            wire.expect_written("respond", &oracle_md5(key, CHALLENGE), answer, |wire| {
                respond(wire, key)
            });
        }
    });
}

#[rstest]
#[case::in_halves(&[16, 16])]
#[case::all_but_the_last_byte_first(&[31, 1])]
#[case::byte_by_byte(&[1; 32])]
fn a_challenge_in_pieces_is_read_whole(#[case] sizes: &'static [usize]) {
    graded(|| {
        builds_on(the_answer_is_the_16_byte_hmac);
        let mut wire = in_pieces(Wire::silent(), CHALLENGE, sizes);
        let answer = returns(()).or(Cause::OneReadIsNotOneMessage);
        wire.expect_written("respond", &oracle_md5(KEY, CHALLENGE), answer, |wire| {
            respond(wire, KEY)
        });
    });
}

#[test]
fn the_client_repeats_interrupted_reads() {
    graded(|| {
        builds_on(the_answer_is_the_16_byte_hmac);
        builds_on(a_challenge_in_pieces_is_read_whole);
        let mut wire = Wire::silent()
            .then_fails(Interrupted)
            .then_delivers(&CHALLENGE[..20])
            .then_fails(Interrupted)
            .then_delivers(&CHALLENGE[20..]);
        wire.expect_written("respond", &oracle_md5(KEY, CHALLENGE), returns(()), |wire| {
            respond(wire, KEY)
        });
    });
}

#[rstest]
#[case::one_byte_per_write(1)]
#[case::ten_bytes_per_write(10)]
fn an_answer_survives_short_writes(#[case] at_most: usize) {
    graded(move || {
        builds_on(the_answer_is_the_16_byte_hmac);
        // After the first write a signal interrupts.
        let mut wire = Wire::delivers([CHALLENGE])
            .accepting(&[PartialOp::Limited(at_most), PartialOp::Err(Interrupted)])
            .accepting_at_most(at_most);
        wire.expect_written("respond", &oracle_md5(KEY, CHALLENGE), returns(()), |wire| {
            respond(wire, KEY)
        });
    });
}

#[test]
fn half_a_challenge_is_not_answered() {
    graded(|| {
        builds_on(a_challenge_in_pieces_is_read_whole);
        for length in 0..32 {
            let mut wire = Wire::delivers([&CHALLENGE[..length]]).then_closes();
            let ended = fails_with(UnexpectedEof).or(Cause::TruncationLooksComplete);
            wire.expect("respond", ended, |wire| respond(wire, KEY));
            let came = wire.written().len();
            let nothing = returns(0).or(Cause::TruncationLooksComplete);
            wire.scene().expect_of_peer(words::COUNTS_THE_ANSWER, nothing, || Ok(came));
        }
    });
}

#[test]
fn bytes_after_the_challenge_stay_in_the_stream() {
    graded(|| {
        let stuck = [&CHALLENGE[..], b"welcome"].concat();
        for end in [32, 39] {
            let mut wire = Wire::delivers([&stuck[..end], &stuck[end..]]).then_closes();
            wire.expect("respond", returns(()), |wire| respond(wire, KEY));
            let rest = returns(Said::text("welcome")).or(Cause::ReadTooFar);
            wire.expect("read_to_end", rest, |wire| {
                let mut rest = Vec::new();
                wire.read_to_end(&mut rest)?;
                Ok(Said::bytes(&rest))
            });
        }
    });
}

#[rstest]
#[case::one_word(&["hello"], "HELLO")]
#[case::piece_by_piece(&["he", "l", r"lo, world"], r"HELLO, WORLD")]
#[case::nothing(&[], "")]
#[case::empty_lines_and_farewells(
    &["hi\n", "\n", "\r\n", "bye\n", "exit", "quit\n", "q", "\0", "\u{4}"],
    "HI\n\n\r\nBYE\nEXITQUIT\nQ\0\u{4}"
)]
fn letters_come_back_in_capitals(
    #[case] segments: &'static [&'static str],
    #[case] capitals: &'static str,
) {
    graded(move || {
        let mut wire = Wire::delivers(segments).then_closes();
        let all = returns(()).or(causes::OnlyTheEndEndsTheChat);
        wire.expect_written("chat", capitals.as_bytes(), all, chat);
    });
}

#[test]
fn chat_answers_without_waiting_for_more() {
    graded(|| {
        builds_on(letters_come_back_in_capitals);
        let mut wire = Wire::delivers(["hello"])
            .then_awaits(5)
            .then_delivers(b"again")
            .then_awaits(10)
            .then_closes();
        let answered = returns(()).or(Cause::BothWait);
        wire.expect_written("chat", b"HELLOAGAIN", answered, chat);
    });
}

#[test]
fn only_ascii_letters_change_in_any_segmentation() {
    graded(|| {
        builds_on(letters_come_back_in_capitals);
        let said = "straße 神 \u{1}".as_bytes();
        for end in 0..said.len() {
            let mut wire = Wire::delivers([&said[..end], &said[end..]]).then_closes();
            let same = returns(()).or(Cause::BytesAreNotText);
            wire.expect_written("chat", "STRAßE 神 \u{1}".as_bytes(), same, chat);
        }
        let mut wire = Wire::delivers([[0xff, b'a', 0xfe]]).then_closes();
        let same = returns(()).or(Cause::BytesAreNotText);
        wire.expect_written("chat", &[0xff, b'A', 0xfe], same, chat);
    });
}

#[test]
fn a_chat_survives_interruptions_and_short_writes() {
    graded(|| {
        builds_on(letters_come_back_in_capitals);
        let said = text(3000);
        let mut wire = Wire::silent()
            .then_fails(Interrupted)
            .then_delivers(&said[..2000])
            .then_fails(Interrupted)
            .then_delivers(&said[2000..])
            .then_closes()
            .accepting(&[PartialOp::Limited(7), PartialOp::Err(Interrupted)])
            .accepting_at_most(7);
        let capitals = said.to_ascii_uppercase();
        wire.expect_written("chat", &capitals, returns(()), chat);
    });
}

#[test]
fn chat_returns_a_reset_as_an_error() {
    graded(|| {
        builds_on(chat_answers_without_waiting_for_more);
        let mut wire = Wire::delivers(["hello"]).then_resets();
        wire.expect_written("chat", b"HELLO", fails_with(ConnectionReset), chat);
    });
}

#[rstest]
#[case::of_a_challenge("challenge", |wire: &mut Wire| challenge(wire, KEY).map(|_| ()))]
#[case::of_an_answer("respond", |wire: &mut Wire| respond(wire, KEY))]
#[case::of_capitals("chat", |wire: &mut Wire| chat(wire))]
fn a_failed_write_is_returned_as_an_error(
    #[case] call: &'static str,
    #[case] run: fn(&mut Wire) -> io::Result<()>,
) {
    graded(move || {
        let broken = vec![PartialOp::Err(BrokenPipe); 64];
        let mut wire = Wire::delivers([CHALLENGE]).then_closes().accepting(&broken);
        wire.expect(call, fails_with(BrokenPipe).or(causes::WriteErrorIgnored), run);
    });
}

#[rstest]
#[case::the_example_of_the_notes(b"alex_sb", b"hello", "8dc488c10017c28194366acad511d28f94b6708b")]
#[case::no_data(b"alex_sb", b"", "63074ec5a7e75d45a05ac3c74220205ea265c4c8")]
#[case::no_secret(b"", b"alex_sb", "63074ec5a7e75d45a05ac3c74220205ea265c4c8")]
fn salted_sha1_digests_secret_then_data(
    #[case] secret: &'static [u8],
    #[case] data: &'static [u8],
    #[case] expected: &'static str,
) {
    graded(move || {
        let call = format!(r"salted_sha1({}, {})", shown(secret), shown(data));
        let digest = returns(Said::text(expected)).or(causes::NotTheSaltedDigest);
        Scene::begin().expect(&call, digest, || Ok(Said(salted_sha1(secret, data))));
    });
}

/// This is not a mistake of yours: it shows that the notes' salted SHA-1 proves nothing.
#[test]
fn a_salted_sha1_is_extended_without_the_secret() {
    graded(|| {
        builds_on(salted_sha1_digests_secret_then_data);
        let (secret, data) = (b"alex_sb", b"to=tom&amount=10");
        let seen = salted_sha1(secret, data);
        let Some(forged) = forge::extend(data, &seen, secret.len(), b"&amount=1000000") else {
            netkata::fail(causes::NotTheSaltedDigest.story(Vec::new()))
        };
        let scene = Scene::begin();
        let call = |of: &str| format!(r"salted_sha1({}, {of})", words::THE_SECRET);
        scene.called(call(&shown(data)), shown(seen.as_bytes()));
        scene.peer_sent(&forged.data);
        let same = returns(Said(forged.signature)).or(causes::NotTheSaltedDigest);
        scene.expect(call(&words::WHAT_THE_FORGER_SENT), same, || {
            Ok(Said(salted_sha1(secret, &forged.data)))
        });
    });
}

#[test]
fn a_forged_signature_is_refused() {
    graded(|| {
        let message = b"to=tom&amount=10";
        for key in [KEY, b"", b"alex_nb", &[0xaa; 64]] {
            let seen = sign(key, message);
            // The forger does not know the length of the key, so it tries each one.
            for guess in 0..=64 {
                let Some(forged) = forge::extend(message, &seen, guess, b"&amount=1000000") else {
                    continue;
                };
                let scene = Scene::begin();
                let call = format!(r"sign({}, {})", words::THE_KEY, shown(message));
                scene.called(call, shown(seen.as_bytes()));
                scene.peer_sent(&forged.data);
                let call = format!(
                    r"verify({}, {}, {})",
                    words::THE_KEY,
                    words::WHAT_THE_FORGER_SENT,
                    words::THE_FORGERS_SIGNATURE
                );
                let refused = returns(false).or(causes::ForgedByExtension);
                scene.expect(&call, refused, || Ok(verify(key, &forged.data, &forged.signature)));
            }
        }
    });
}

#[rstest]
#[case::the_key_of_the_notes(b"alex_nb", b"hello")]
#[case::a_long_key(&[0xaa; 100], b"to=tom&amount=10")]
#[case::an_empty_key_and_message(b"", b"")]
fn a_signature_is_the_hmac_sha256_in_hex(
    #[case] key: &'static [u8],
    #[case] message: &'static [u8],
) {
    graded(move || {
        builds_on(hmac_sha256_matches_the_rfc_4231_vectors);
        builds_on(a_forged_signature_is_refused);
        let call = format!(r"sign({}, {})", shown(key), shown(message));
        let expected = hex(&oracle_sha256(key, message));
        let signature = returns(Said(expected)).or(causes::NotTheHmac);
        Scene::begin().expect(&call, signature, || Ok(Said(sign(key, message))));
    });
}

#[test]
fn only_the_exact_signature_verifies() {
    graded(|| {
        builds_on(digests_of_different_lengths_never_match);
        builds_on(a_signature_is_the_hmac_sha256_in_hex);
        // The signature of this message has a byte below 16: a decoder may accept `+5` for `05`.
        let message = b"to=tom&amount=10&id=4";
        let genuine = hex(&oracle_sha256(KEY, message));
        let expect = |key: &[u8], message: &[u8], signature: &str, expected: bool, cause: Cause| {
            let call = format!(r#"verify({}, {}, "{signature}")"#, shown(key), shown(message));
            let verdict = returns(expected).or(cause);
            Scene::begin().expect(&call, verdict, || Ok(verify(key, message, signature)));
        };
        expect(KEY, message, &genuine, true, causes::GenuineRefused);
        // A character of several bytes lies across the end of a signature.
        let cut = format!("{}神", &genuine[..63]);
        expect(KEY, message, &cut, false, causes::ImpostorAccepted);
        expect(KEY, b"to=tom&amount=1000", &genuine, false, causes::ImpostorAccepted);
        expect(b"thomas", message, &genuine, false, causes::ImpostorAccepted);
        for digit in 0..genuine.len() {
            let (before, after) = (&genuine[..digit], &genuine[digit + 1..]);
            let another = if genuine[digit..].starts_with('0') { "1" } else { "0" };
            // A number may begin with a plus sign, a signature may not.
            let wrongs =
                [(another, causes::ImpostorAccepted), ("+", causes::AnotherSpellingAccepted)];
            for (wrong, cause) in wrongs {
                expect(KEY, message, &[before, wrong, after].concat(), false, cause);
            }
            expect(KEY, message, &genuine[..digit], false, causes::LengthsNotCompared);
        }
        let capitals = genuine.to_uppercase();
        expect(KEY, message, &capitals, false, causes::AnotherSpellingAccepted);
        // Characters of two bytes, across two digits or a digit of each of two bytes.
        for digit in 0..genuine.len() - 1 {
            let signature = [&genuine[..digit], r"é", &genuine[digit + 2..]].concat();
            expect(KEY, message, &signature, false, causes::ImpostorAccepted);
        }
        for more in ["00", "\n"] {
            let signature = [&genuine, more].concat();
            expect(KEY, message, &signature, false, causes::LengthsNotCompared);
        }
    });
}

#[test]
fn bytes_sent_with_the_answer_reach_the_chat() {
    graded(|| {
        builds_on(the_right_answer_is_accepted);
        builds_on(bytes_after_the_answer_stay_in_the_stream);
        let (mut client, _server) = served(LONG);
        let scene = Scene::begin();
        prove(&scene, &mut client, KEY, b"hello\n");
        receive_line(&scene, &mut client, "HELLO", Cause::ReadTooFar);
        send(&scene, &mut client, b"again\n");
        receive_line(&scene, &mut client, "AGAIN", Cause::OneReadIsNotOneMessage);
    });
}

#[rstest]
#[case::with_another_key(Some(b"thomas"))]
#[case::that_sends_no_answer(None)]
fn a_client_without_proof_is_never_answered(#[case] key: Option<&'static [u8; 6]>) {
    graded(move || {
        builds_on(a_challenge_is_32_bytes);
        let (mut client, server) = served(LONG);
        let scene = Scene::begin();
        match key {
            Some(key) => prove(&scene, &mut client, key, b"hello"),
            None => {
                read_challenge(&scene, &mut client);
                send(&scene, &mut client, b"hello, hello, hello, hello, hello");
            }
        }
        // A server that serves it sees the end of the stream; a server that has closed ignores it.
        scene.peer_did(words::CLOSES_ITS_SIDE);
        let _ = client.shutdown(Shutdown::Write);
        let nothing = returns(Said::text("")).or(Cause::UnprovenIsServed);
        scene.expect_of_peer(words::READS_TO_THE_END, nothing, || read_to_end(&mut client));
        let verdict = returns(false).or(Cause::UnprovenIsServed);
        scene.expect("serve_client", verdict, || server.join());

        // The same client does not close its side: the server must not wait for it.
        let Some(key) = key else { return };
        let (mut client, server) = served(LONG);
        let scene = Scene::begin();
        prove(&scene, &mut client, key, b"");
        let nothing = returns(Said::text("")).or_when_it_waits(causes::WaitsForTheImpostor);
        scene.expect_of_peer(words::READS_TO_THE_END, nothing, || read_to_end(&mut client));
        let verdict = returns(false).or_when_it_waits(causes::WaitsForTheImpostor);
        scene.expect("serve_client", verdict, || server.join());
    });
}

#[test]
fn a_client_leaving_early_is_an_error() {
    graded(|| {
        builds_on(an_empty_or_truncated_answer_proves_nothing);
        for sent in [0, 7] {
            let (mut client, server) = served(LONG);
            let scene = Scene::begin();
            read_challenge(&scene, &mut client);
            send(&scene, &mut client, &CHALLENGE[..sent]);
            scene.expect_of_peer(words::CLOSES_ITS_SIDE, returns(()), || {
                client.shutdown(Shutdown::Write)
            });
            let ended = fails_with(UnexpectedEof).or(Cause::TruncationLooksComplete);
            scene.expect("serve_client", ended, || server.join());
        }
    });
}

#[test]
fn serve_client_returns_when_the_chat_is_over() {
    graded(|| {
        builds_on(bytes_sent_with_the_answer_reach_the_chat);
        let (mut client, server) = served(LONG);
        let scene = Scene::begin();
        prove(&scene, &mut client, KEY, b"hello\n");
        receive_line(&scene, &mut client, "HELLO", Cause::ReadTooFar);
        // During so many round trips a call that does not wait for the chat has returned.
        scene.peer_did(words::PROVED_ITSELF_AND_CHATS);
        for _ in 0..100 {
            let _ = client.write_all(b"a").and_then(|()| client.read_exact(&mut [0]));
        }
        let over = server.is_over();
        let not_yet = returns(false).or(causes::ReturnedDuringTheChat);
        scene.expect_of_peer(words::ASKS_WHETHER_THE_CALL_IS_OVER, not_yet, || Ok(over));
        scene.peer_did(words::CLOSES_ITS_SIDE);
        let _ = client.shutdown(Shutdown::Write);
        scene.expect("serve_client", returns(true).or(Cause::SpinsAtTheEnd), || server.join());

        let scene = Scene::begin();
        let (client, call) = chatting(&scene).expect("a client on loopback is answered");
        client.resets(&call);
        call.ends(fails_with(ConnectionReset).or(Cause::ResetLooksComplete));
    });
}

#[test]
fn the_timeout_applies_only_before_the_proof() {
    graded(|| {
        builds_on(the_right_answer_is_accepted);
        builds_on(bytes_after_the_answer_stay_in_the_stream);
        builds_on(letters_come_back_in_capitals);
        builds_on(a_client_leaving_early_is_an_error);
        // Every wait here is for an event, the end of a connection. The timeout decides only how long
        // the check takes.
        let scene = Scene::begin();
        for answer in [&[][..], &WRONG_ANSWER[..15]] {
            wait_to_be_disconnected(&scene, answer, Duration::from_millis(20));
        }
        let (timeout, mut client, server) = proved();
        let scene = Scene::begin();
        scene.peer_did(words::PROVED_ITSELF_AND_IS_SILENT);
        for answer in [&[][..], &WRONG_ANSWER[..15]] {
            wait_to_be_disconnected(&scene, answer, timeout);
        }
        // Later clients have been disconnected: the first client has been silent for longer.
        scene.peer_did(words::SPEAKS_AGAIN);
        let _ = client.write_all(b"hello\n");
        receive_line(&scene, &mut client, "HELLO", causes::TimeoutKeptAfterTheProof);
        scene.expect_of_peer(words::CLOSES_ITS_SIDE, returns(()), || {
            client.shutdown(Shutdown::Write)
        });
        scene.expect("serve_client", returns(true).or(Cause::SpinsAtTheEnd), || server.join());
    });
}

#[test]
fn each_byte_of_an_answer_restarts_the_timeout() {
    graded(|| {
        builds_on(the_timeout_applies_only_before_the_proof);
        let scene = Scene::begin();
        let slowly = returns(Said::text("HELLO")).or(causes::SlowClientCutOff);
        // On a slow machine a pause may become a silence. Such a try does not count, and the next one has
        // more time.
        let mut timeouts = iter::successors(Some(Duration::from_millis(40)), |it| Some(2 * *it));
        let answered = timeouts.find_map(prove_slowly);
        scene.expect_of_peer(words::PROVES_ITSELF_SLOWLY, slowly, || {
            answered.expect("there is always a longer timeout")
        });
    });
}

#[test]
fn a_timeout_of_zero_is_an_error() {
    graded(|| {
        builds_on(the_timeout_applies_only_before_the_proof);
        let (_client, server) = served(Duration::ZERO);
        let fails = returns(Said::text(&words::AN_ERROR)).or(Cause::NoTimeIsNoTimeout);
        let fails = fails.or_when_it_waits(Cause::NoTimeIsNoTimeout);
        Scene::begin().expect(words::WITH_A_TIMEOUT_OF_ZERO, fails, || {
            Ok(Said::text(server.join().map_or(&words::AN_ERROR, |_| &words::NO_ERROR)))
        });
    });
}
