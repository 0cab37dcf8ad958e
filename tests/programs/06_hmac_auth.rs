//! Lesson 6, for programs in any language: a client proves that it knows the key, although anyone may listen.
//!
//! ```text
//! chat   server → client    32 random bytes                     the challenge
//!        client → server    HMAC-MD5("henry", challenge)        the answer, 16 bytes
//!        then               hello → HELLO …, or the server closes
//!
//! till   server → client    SIGNATURE ORDER\n                   an honest order; both in hex
//!        client → server    SIGNATURE ORDER\n
//!        server → client    accepted\n or refused\n             HMAC-SHA-256("alex_nb", order)
//! ```
//!
//! The attacker sees every byte, records it and sends it again, but it does not have the key. A server may serve one
//! client after another, so each client here leaves before the next is judged.

use std::collections::BTreeSet;
use std::io::Read;
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use hmac::{Hmac, KeyInit, Mac};
use md5::Md5;
use netkata::{Cause, Row, builds_on};
use netkata::words::{THE_CLIENT, THE_SERVER};
use netkata_programs::words::{A_CHALLENGE, IS_SILENT, THE_FIRST, THE_NEXT};
use netkata_programs::{Peer, Role, Stage, Suite, Transport, causes as shared, checks};
use sha1::Sha1;
use sha2::Sha256;
use sha2::digest::Digest;

#[path = "../../lessons/06_hmac_auth/causes.rs"]
#[allow(dead_code, reason = "some are about functions")]
mod causes;
#[path = "../../lessons/06_hmac_auth/forge.rs"]
mod forge;

pub(crate) const SUITES: &[Suite] = &[
    Suite {
        name: "chat",
        role: Role::Server,
        transport: Transport::Tcp,
        needs_folder: false,
        checks: checks![
            a_challenge_is_32_bytes,
            the_right_answer_is_accepted,
            an_answer_in_pieces_is_read_whole,
            bytes_sent_with_the_answer_reach_the_chat,
            the_end_of_the_stream_ends_the_chat,
            a_wrong_answer_is_refused,
            a_truncated_answer_proves_nothing,
            a_client_without_proof_is_never_answered,
            a_server_outlives_every_client,
            challenges_never_repeat,
            a_recorded_answer_is_refused,
            a_challenge_cannot_be_predicted,
            letters_come_back_in_capitals,
            only_ascii_letters_change,
            a_late_reader_gets_every_byte,
            the_timeout_applies_only_before_the_proof,
            each_byte_of_an_answer_restarts_the_timeout,
        ],
    },
    Suite {
        name: "till",
        role: Role::Server,
        transport: Transport::Tcp,
        needs_folder: false,
        checks: checks![
            an_order_comes_with_its_signature,
            a_genuine_order_is_accepted,
            an_order_in_pieces_is_read_whole,
            a_forged_signature_is_refused,
            only_the_exact_signature_verifies,
            a_till_outlives_every_client,
        ],
    },
    Suite {
        name: "chat",
        role: Role::Client,
        transport: Transport::Tcp,
        needs_folder: false,
        checks: checks![
            the_answer_is_the_16_byte_hmac,
            a_challenge_in_pieces_is_read_whole,
            half_a_challenge_is_not_answered,
            bytes_after_the_challenge_are_not_digested,
            each_line_is_sent_and_its_answer_printed,
            a_chat_answer_in_pieces_is_one_answer,
            the_client_ends_with_its_input,
            a_server_that_closes_ends_the_client,
        ],
    },
];

/// The key of the chat, and the key of the till.
const KEY: &[u8] = b"henry";
const TILL_KEY: &[u8] = b"alex_nb";

/// The challenge of a server that the test plays.
const CHALLENGE: &[u8; 32] = b"\x93\xee\x01\x07 32 bytes, of any value \xff\x0a\0\xf1";

/// The end of a wait for a server that never disconnects a silent client: three times what the page allows.
const NEVER: Duration = Duration::from_secs(6);

fn a_challenge_is_32_bytes(stage: &Stage) {
    let client = stage.client(THE_CLIENT);
    client.receives_some(32, causes::ChallengeHasAnotherSize);
    client.receives_nothing(causes::ChallengeHasAnotherSize);
}

fn the_right_answer_is_accepted(stage: &Stage) {
    builds_on(a_challenge_is_32_bytes);
    let client = stage.client(THE_CLIENT);
    proves(&client, &[]);
    asks(&client, "hello", Cause::NotTheAnswer);
}

fn an_answer_in_pieces_is_read_whole(stage: &Stage) {
    builds_on(the_right_answer_is_accepted);
    for lengths in [&[8][..], &[15], &[1; 15]] {
        let client = stage.client(THE_CLIENT);
        proves(&client, lengths);
        asks(&client, "hello", Cause::OneReadIsNotOneMessage);
        client.leaves();
    }
}

fn bytes_sent_with_the_answer_reach_the_chat(stage: &Stage) {
    builds_on(the_right_answer_is_accepted);
    let client = stage.client(THE_CLIENT);
    let challenge = challenged(&client);
    client.sends(&[&answer(KEY, &challenge), &b"hello"[..]].concat());
    client.receives(b"HELLO", Cause::ReadTooFar);
    asks(&client, "again", Cause::OneReadIsNotOneMessage);
}

fn the_end_of_the_stream_ends_the_chat(stage: &Stage) {
    builds_on(the_right_answer_is_accepted);
    let client = stage.client(THE_CLIENT);
    proves(&client, &[]);
    client.sends_and_goes_on(b"hello");
    client.closes_its_side();
    stage.rests(Cause::SpinsAtTheEnd);
    client.ends_after(b"HELLO", Cause::SpinsAtTheEnd);
}

/// What an impostor answers to a challenge.
type Answer = fn(&[u8]) -> Vec<u8>;

fn a_wrong_answer_is_refused(stage: &Stage) {
    builds_on(the_right_answer_is_accepted);
    let wrong: [Answer; 8] = [
        |challenge| answer(b"thomas", challenge),
        |challenge| answer(b"", challenge),
        |_| answer(KEY, CHALLENGE),
        |challenge| flipped(answer(KEY, challenge), 0),
        |challenge| flipped(answer(KEY, challenge), 15),
        |challenge| hex(&answer(KEY, challenge)).into_bytes(),
        |challenge| Md5::digest([KEY, challenge].concat()).to_vec(),
        |challenge| challenge[..16].to_vec(),
    ];
    for answer in wrong {
        let client = stage.client("impostor");
        let challenge = challenged(&client);
        client.sends(&answer(&challenge));
        client.sends_and_goes_on(b"hello");
        refused(stage, &client, causes::ImpostorAccepted);
    }
}

fn a_truncated_answer_proves_nothing(stage: &Stage) {
    builds_on(an_answer_in_pieces_is_read_whole);
    for length in [15, 8, 1] {
        let client = stage.client("impostor");
        let right = answer(KEY, &challenged(&client));
        client.sends(&right[..length]);
        client.sends(&flipped(right, length)[length..]);
        client.sends_and_goes_on(b"hello");
        refused(stage, &client, causes::LengthsNotCompared);
    }
}

fn a_client_without_proof_is_never_answered(stage: &Stage) {
    builds_on(a_challenge_is_32_bytes);
    let client = stage.client("impostor");
    challenged(&client);
    client.sends(b"hello, hello, hello, hello, hello");
    refused(stage, &client, Cause::UnprovenIsServed);
}

/// The server sends nothing and closes, and does not wait for the client to do so.
fn refused(stage: &Stage, client: &Peer, cause: Cause) {
    if !client.takes_what_comes().is_empty() {
        let end = Row::new(netkata::words::EXPECTED, netkata::words::THE_END_OF_THE_STREAM);
        stage.fails(cause, vec![end]);
    }
    client.is_disconnected(causes::WaitsForTheImpostor);
}

fn a_server_outlives_every_client(stage: &Stage) {
    builds_on(the_end_of_the_stream_ends_the_chat);
    let leaver = stage.client("leaver");
    challenged(&leaver);
    leaver.sends(b"half");
    leaver.leaves();
    session(stage, &THE_NEXT, &Cause::OneClientEndsTheServer);
    let crashing = stage.client("crashing");
    challenged(&crashing);
    crashing.resets();
    session(stage, &THE_NEXT, &Cause::OneClientEndsTheServer);
    let chatting = stage.client("chatting");
    proves(&chatting, &[]);
    chatting.sends_and_goes_on(b"hello");
    chatting.resets();
    session(stage, &THE_NEXT, &Cause::OneClientEndsTheServer);
    let impostor = stage.client("impostor");
    challenged(&impostor);
    impostor.sends(&answer(b"thomas", CHALLENGE));
    session(stage, &THE_NEXT, &Cause::OneClientEndsTheServer);
}

fn challenges_never_repeat(stage: &Stage) {
    builds_on(a_server_outlives_every_client);
    let mut seen = BTreeSet::new();
    for _ in 0..2 {
        let honest = session(stage, "honest", &Cause::NotTheAnswer);
        let impostor = stage.client("impostor");
        let refused = challenged(&impostor);
        impostor.sends(&answer(b"thomas", &refused));
        let leaver = stage.client("leaver");
        let abandoned = challenged(&leaver);
        leaver.leaves();
        for challenge in [honest, refused, abandoned] {
            if !seen.insert(challenge) {
                stage.fails(causes::ChallengeRepeats, Vec::new());
            }
        }
    }
}

fn a_recorded_answer_is_refused(stage: &Stage) {
    builds_on(challenges_never_repeat);
    let recorded = answer(KEY, &session(stage, "honest", &Cause::NotTheAnswer));
    let impostor = stage.client("impostor");
    challenged(&impostor);
    impostor.sends(&recorded);
    impostor.sends_and_goes_on(b"hello");
    refused(stage, &impostor, causes::ReplayAccepted);
}

/// A client proves itself, chats and leaves. An attacker sees the challenge.
fn session(stage: &Stage, name: &str, cause: &Cause) -> Vec<u8> {
    let honest = stage.next_client(name, cause.clone());
    let challenge = honest.receives_some(32, cause.clone());
    honest.sends(&answer(KEY, &challenge));
    asks(&honest, "hello", cause.clone());
    honest.leaves();
    stage.rests(Cause::SpinsAtTheEnd);
    challenge
}

fn a_challenge_cannot_be_predicted(stage: &Stage) {
    builds_on(challenges_never_repeat);
    let challenges: Vec<Vec<u8>> = (0..64).map(|_| seen_by_a_leaver(stage)).collect();
    if has_a_pattern(&challenges) {
        let last = Row::new(A_CHALLENGE, hex(&challenges[63]));
        stage.fails(causes::ChallengeIsPredictable, vec![last]);
    }
}

/// The challenge to a client that leaves at once, and of which no story tells: there are too many.
fn seen_by_a_leaver(stage: &Stage) -> Vec<u8> {
    let mut challenge = [0; 32];
    if let Ok(mut stream) = TcpStream::connect(stage.address()) {
        let _ = stream.set_nonblocking(true);
        let is_whole = stage.until(|| (stream.peek(&mut challenge).ok()? == 32).then_some(()));
        let _ = is_whole.map(|()| stream.read_exact(&mut challenge));
    }
    challenge.to_vec()
}

/// By chance, none of this happens even once in a billion runs: 64 random bytes take about 57 values, and all 2,048
/// bytes together nearly all.
fn has_a_pattern(challenges: &[Vec<u8>]) -> bool {
    let column = |at: usize| challenges.iter().map(move |challenge| challenge.get(at));
    let values: BTreeSet<&u8> = challenges.iter().flatten().collect();
    (0..32).any(|at| column(at).collect::<BTreeSet<_>>().len() < 32)
        || (0..32).any(|at| (0..at).any(|before| column(before).eq(column(at))))
        || values.len() < 200
}

fn letters_come_back_in_capitals(stage: &Stage) {
    builds_on(the_right_answer_is_accepted);
    let client = stage.client(THE_CLIENT);
    proves(&client, &[]);
    let said = ["he", "l", r"lo, world", "hi\n", "\n", "\r\n", "bye\n", "exit", "quit\n", "q", "\0"];
    for piece in said {
        asks(&client, piece, causes::OnlyTheEndEndsTheChat);
    }
}

fn only_ascii_letters_change(stage: &Stage) {
    builds_on(letters_come_back_in_capitals);
    let client = stage.client(THE_CLIENT);
    proves(&client, &[]);
    let said = r"straße 神";
    for cut in [5, 9] {
        client.sends_cut(said.as_bytes(), &[cut]);
        client.receives(r"STRAßE 神".as_bytes(), Cause::BytesAreNotText);
    }
    client.sends(&[0xff, b'a', 0xfe]);
    client.receives(&[0xff, b'A', 0xfe], Cause::BytesAreNotText);
}

fn a_late_reader_gets_every_byte(stage: &Stage) {
    builds_on(letters_come_back_in_capitals);
    // More than a kernel keeps for a connection, and no two parts of it the same.
    let a_lot: Vec<u8> =
        (0..600_000).flat_map(|line| format!("{line:06} abc\n").into_bytes()).collect();
    let late = stage.client("late");
    proves(&late, &[]);
    late.does_not_read();
    late.sends_what_it_takes(&a_lot);
    late.did(netkata::words::READS_AGAIN);
    late.receives(&a_lot.to_ascii_uppercase(), Cause::PartialWriteIgnored);
}

fn the_timeout_applies_only_before_the_proof(stage: &Stage) {
    builds_on(bytes_sent_with_the_answer_reach_the_chat);
    let timeout = timeout_of(stage);
    let honest = stage.client("honest");
    let right = answer(KEY, &challenged(&honest));
    honest.sends_and_goes_on(&[&right, &b"hello"[..]].concat());
    honest.receives(b"HELLO", Cause::ReadTooFar);
    honest.did(IS_SILENT);
    thread::sleep(timeout + timeout / 4);
    asks(&honest, "again", causes::TimeoutKeptAfterTheProof);
}

fn each_byte_of_an_answer_restarts_the_timeout(stage: &Stage) {
    builds_on(the_timeout_applies_only_before_the_proof);
    let timeout = timeout_of(stage);
    // On a slow machine a pause may become a silence. Such a try does not count.
    let in_time = |_: &u32| {
        let slow = stage.client("slow");
        let is_in_time = proves_slowly(&slow, timeout);
        if is_in_time {
            asks(&slow, "hello", causes::SlowClientCutOff);
        }
        slow.leaves();
        is_in_time
    };
    let _ = (0..2).find(in_time);
}

/// How long the server waits for a client that is silent before its proof.
fn timeout_of(stage: &Stage) -> Duration {
    let silent = stage.client("silent");
    challenged(&silent);
    let began = Instant::now();
    stage.is_patient(NEVER);
    silent.is_disconnected(Cause::SilenceHoldsTheServer);
    stage.is_patient(Duration::ZERO);
    began.elapsed()
}

/// Send the answer so slowly that it takes longer than the timeout. Return whether each pause was much shorter.
fn proves_slowly(client: &Peer, timeout: Duration) -> bool {
    let right = answer(KEY, &challenged(client));
    let (slow, rest) = right.split_at(12);
    let mut longest = Duration::ZERO;
    for byte in slow {
        let began = Instant::now();
        client.sends(&[*byte]);
        thread::sleep(timeout / 8);
        longest = longest.max(began.elapsed());
    }
    client.sends(rest);
    longest < timeout / 2
}

/// Receive the challenge.
fn challenged(client: &Peer) -> Vec<u8> {
    client.receives_some(32, causes::ChallengeHasAnotherSize)
}

/// Receive the challenge and send the right answer, in segments of these lengths. Return the challenge.
fn proves(client: &Peer, lengths: &[usize]) -> Vec<u8> {
    let challenge = challenged(client);
    client.sends_cut(&answer(KEY, &challenge), lengths);
    challenge
}

/// Send a text in one segment, and receive it in capitals.
fn asks(client: &Peer, text: &str, cause: Cause) {
    client.sends(text.as_bytes());
    client.receives(text.to_ascii_uppercase().as_bytes(), cause);
}

/// The answer to a challenge under this key.
fn answer(key: &[u8], challenge: &[u8]) -> Vec<u8> {
    let mac = Hmac::<Md5>::new_from_slice(key).expect("a key may have any length");
    mac.chain_update(challenge).finalize().into_bytes().to_vec()
}

fn flipped(mut bytes: Vec<u8>, at: usize) -> Vec<u8> {
    bytes[at] ^= 1;
    bytes
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn an_order_comes_with_its_signature(stage: &Stage) {
    let (order, signature) = shown(&stage.client("customer"));
    if signature != signed(TILL_KEY, &order) {
        let plain = [
            hex(&Sha1::digest([TILL_KEY, &order].concat())),
            hex(&Sha256::digest([TILL_KEY, &order].concat())),
        ];
        let is_plain = plain.contains(&signature);
        let cause = if is_plain { causes::KeyedDigestIsNotHmac } else { causes::NotTheHmac };
        let expected = Row::new(netkata::words::EXPECTED, signed(TILL_KEY, &order));
        stage.fails(cause, vec![expected]);
    }
}

fn a_genuine_order_is_accepted(stage: &Stage) {
    let customer = stage.client("customer");
    shown(&customer);
    for order in [&b"to=tom&amount=10&id=4"[..], b"to=\xff\0", b"x"] {
        orders(&customer, &signed(TILL_KEY, order), order, true, causes::GenuineRefused);
    }
}

fn an_order_in_pieces_is_read_whole(stage: &Stage) {
    builds_on(a_genuine_order_is_accepted);
    let customer = stage.client("customer");
    shown(&customer);
    let line = line(&signed(TILL_KEY, b"to=tom"), b"to=tom");
    for lengths in [&[10][..], &[64], &[65], &[line.len() - 1]] {
        customer.sends_cut(&line, lengths);
        customer.receives(b"accepted\n", Cause::OneReadIsNotOneMessage);
    }
    customer.sends(&[&line[..], &line].concat());
    customer.receives(b"accepted\naccepted\n", Cause::TwoMessagesInOne);
}

fn a_forged_signature_is_refused(stage: &Stage) {
    let forger = stage.client("forger");
    let (order, signature) = shown(&forger);
    // The forger does not know the length of the key, so it tries each one.
    for length in 0..=64 {
        let Some(forged) = forge::extend(&order, &signature, length, b"&amount=1000000") else {
            stage.fails(causes::NotTheHmac, Vec::new());
        };
        forger.sends_and_goes_on(&line(&forged.signature, &forged.data));
        forger.receives(b"refused\n", causes::ForgedByExtension);
    }
}

fn only_the_exact_signature_verifies(stage: &Stage) {
    builds_on(a_genuine_order_is_accepted);
    // The signature of this order has a byte below 16: a decoder may accept `+5` for `05`.
    let order = b"to=tom&amount=10&id=4";
    let genuine = signed(TILL_KEY, order);
    let customer = stage.client("customer");
    shown(&customer);
    let refused = |signature: &str, cause: Cause| orders(&customer, signature, order, false, cause);
    refused(&signed(TILL_KEY, b"to=tom&amount=1000"), causes::ImpostorAccepted);
    refused(&signed(b"thomas", order), causes::ImpostorAccepted);
    for digit in [0, 63] {
        let another = if genuine[digit..].starts_with('0') { "1" } else { "0" };
        let wrong = [&genuine[..digit], another, &genuine[digit + 1..]].concat();
        refused(&wrong, causes::ImpostorAccepted);
    }
    for length in [63, 32, 1] {
        refused(&genuine[..length], causes::LengthsNotCompared);
    }
    refused(&format!("{genuine}00"), causes::LengthsNotCompared);
    refused(&genuine.to_uppercase(), causes::AnotherSpellingAccepted);
    refused(&format!("0x{genuine}"), causes::AnotherSpellingAccepted);
    refused(&format!("{}_{}", &genuine[..32], &genuine[32..]), causes::AnotherSpellingAccepted);
    orders(&customer, &genuine, order, true, causes::GenuineRefused);
}

/// How a client leaves.
type Leaves = fn(Peer);

fn a_till_outlives_every_client(stage: &Stage) {
    builds_on(a_genuine_order_is_accepted);
    let goes: [(&[u8], Leaves); 3] =
        [(b"half a line", Peer::leaves), (b"zz zz\n", Peer::leaves), (b"zz zz\n", Peer::resets)];
    for (sent, goes) in goes {
        let first = stage.client(THE_FIRST);
        shown(&first);
        first.sends(sent);
        goes(first);
        let next = stage.client(THE_NEXT);
        next.receives_line(Cause::OneClientEndsTheServer);
        orders(&next, &signed(TILL_KEY, b"x"), b"x", true, Cause::OneClientEndsTheServer);
        next.leaves();
    }
}

/// Receive the line that the till shows each client: an order, and its signature.
fn shown(client: &Peer) -> (Vec<u8>, String) {
    let line = String::from_utf8_lossy(&client.receives_line(Cause::AnswerNeverCame)).into_owned();
    let (signature, order) = line.split_once(' ').unwrap_or((&line, ""));
    let (pairs, _) = order.as_bytes().as_chunks::<2>();
    let byte = |pair: &[u8; 2]| u8::from_str_radix(str::from_utf8(pair).ok()?, 16).ok();
    (pairs.iter().filter_map(byte).collect(), signature.to_owned())
}

/// Send an order, and receive the verdict.
fn orders(client: &Peer, signature: &str, order: &[u8], is_accepted: bool, cause: Cause) {
    client.sends(&line(signature, order));
    client.receives(if is_accepted { b"accepted\n" } else { b"refused\n" }, cause);
}

fn line(signature: &str, order: &[u8]) -> Vec<u8> {
    format!("{signature} {}\n", hex(order)).into_bytes()
}

fn signed(key: &[u8], order: &[u8]) -> String {
    let mac = Hmac::<Sha256>::new_from_slice(key).expect("a key may have any length");
    hex(&mac.chain_update(order).finalize().into_bytes())
}

fn the_answer_is_the_16_byte_hmac(stage: &Stage) {
    let server = stage.accepts(THE_SERVER, shared::NeverConnects);
    server.sends(CHALLENGE);
    server.receives(&answer(KEY, CHALLENGE), Cause::NotTheAnswer);
    server.receives_nothing(Cause::NotTheAnswer);
}

fn a_challenge_in_pieces_is_read_whole(stage: &Stage) {
    builds_on(the_answer_is_the_16_byte_hmac);
    let server = stage.accepts(THE_SERVER, shared::NeverConnects);
    server.sends_cut(CHALLENGE, &[1, 15, 15]);
    server.receives(&answer(KEY, CHALLENGE), Cause::OneReadIsNotOneMessage);
}

fn half_a_challenge_is_not_answered(stage: &Stage) {
    builds_on(a_challenge_in_pieces_is_read_whole);
    let server = stage.accepts(THE_SERVER, shared::NeverConnects);
    server.sends(&CHALLENGE[..31]);
    server.closes_its_side();
    server.is_disconnected(Cause::TruncationLooksComplete);
    stage.ends_typing();
    stage.ends(shared::KeepsRunning);
}

fn bytes_after_the_challenge_are_not_digested(stage: &Stage) {
    builds_on(the_answer_is_the_16_byte_hmac);
    let server = stage.accepts(THE_SERVER, shared::NeverConnects);
    server.sends(&[CHALLENGE, &b"welcome"[..]].concat());
    server.receives(&answer(KEY, CHALLENGE), Cause::ReadTooFar);
}

fn each_line_is_sent_and_its_answer_printed(stage: &Stage) {
    builds_on(the_answer_is_the_16_byte_hmac);
    let server = proved(stage);
    for (line, capitals) in [("hello", "HELLO"), (r"神 is here", r"神 IS HERE")] {
        stage.types(&format!("{line}\n"));
        server.receives(line.as_bytes(), Cause::NeverFlushed);
        answers(&server, capitals);
        stage.prints(&[capitals], Cause::AnswerNeverCame);
    }
}

fn a_chat_answer_in_pieces_is_one_answer(stage: &Stage) {
    builds_on(each_line_is_sent_and_its_answer_printed);
    let server = proved(stage);
    stage.types("hello\n");
    server.receives(b"hello", Cause::NeverFlushed);
    let line_break = server.takes_what_comes();
    server.sends(b"HE");
    server.sends(&[b"LLO", &line_break[..]].concat());
    stage.prints(&["HELLO"], Cause::OneReadIsNotOneMessage);
}

fn the_client_ends_with_its_input(stage: &Stage) {
    builds_on(the_answer_is_the_16_byte_hmac);
    let server = proved(stage);
    stage.ends_typing();
    server.receives_the_end(Cause::LineHeldOpen);
    server.leaves();
    stage.ends(shared::KeepsRunning);
}

fn a_server_that_closes_ends_the_client(stage: &Stage) {
    builds_on(the_answer_is_the_16_byte_hmac);
    let server = proved(stage);
    server.closes_its_side();
    stage.rests(Cause::SpinsAtTheEnd);
    stage.types("hello\n");
    stage.ends_typing();
    stage.ends(shared::KeepsRunning);
}

/// A server that the client has given the right answer.
fn proved(stage: &Stage) -> Peer {
    let server = stage.accepts(THE_SERVER, shared::NeverConnects);
    server.sends(CHALLENGE);
    server.receives(&answer(KEY, CHALLENGE), Cause::NotTheAnswer);
    server
}

/// Answer a line: with its line break, if the client has sent one.
fn answers(server: &Peer, capitals: &str) {
    let line_break = server.takes_what_comes();
    server.sends(&[capitals.as_bytes(), &line_break].concat());
}
