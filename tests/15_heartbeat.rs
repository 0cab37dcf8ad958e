//! Lesson 15, graded: a peer that vanished without a word is told from one that is only silent.
//!
//! ```text
//! client → server    ping\n          server → client    pong\n
//! client → server    any line\n      server → client    any line\n
//! ```
//!
//! A peer whose machine lost its power or its network sends nothing more, not even a FIN, and neither does
//! a peer that is idle. A timeout is an event of the script, `WouldBlock` or `TimedOut`, so no check waits.
//! Try it: replace one by bytes below and see which programs pass again.

use std::cell::RefCell;
use std::io;
use std::io::ErrorKind::{
    self, BrokenPipe, ConnectionReset, Interrupted, TimedOut, UnexpectedEof, WouldBlock,
};

use heartbeat::{listen, serve};
use netkata::{
    Cause, PartialOp, Wire, builds_on, fails_with, for_any_segmentation, graded, returns,
};
use rstest::rstest;

#[path = "../lessons/15_heartbeat/causes.rs"]
mod causes;
#[path = "../lessons/15_heartbeat/words.rs"]
mod words;

#[test]
fn a_ping_is_answered_with_a_pong() {
    graded(|| {
        let mut wire = text(Wire::delivers(["ping\n"]).then_closes());
        let answered = returns(()).or(causes::LineWithoutItsEnd);
        wire.expect_written("serve", b"pong\n", answered, serve);
    });
}

#[rstest]
#[case::hello("hello\n")]
#[case::an_empty_line("\n")]
#[case::more_than_a_ping("pinging\n")]
#[case::a_ping_and_a_space("ping \n")]
#[case::a_ping_and_a_carriage_return("ping\r\n")]
#[case::a_ping_at_the_end("a ping\n")]
#[case::a_ping_after_a_carriage_return("a\rping\n")]
#[case::capitals("PING\n")]
#[case::a_pong("pong\n")]
fn any_other_line_is_answered_with_itself(#[case] line: &'static str) {
    graded(move || {
        let mut wire = text(Wire::delivers([line]).then_closes());
        let echoed = returns(()).or(causes::OnlyAWholeLineIsAPing);
        wire.expect_written("serve", line.as_bytes(), echoed, serve);
    });
}

#[rstest]
#[case::in_halves(&["pi", "ng\n"])]
#[case::without_its_end(&["ping", "\n"])]
#[case::byte_by_byte(&["p", "i", "n", "g", "\n"])]
fn a_ping_survives_any_segmentation(#[case] segments: &'static [&'static str]) {
    graded(move || {
        builds_on(a_ping_is_answered_with_a_pong);
        let mut wire = text(Wire::delivers(segments).then_closes());
        let answered = returns(()).or(Cause::OneReadIsNotOneMessage);
        wire.expect_written("serve", b"pong\n", answered, serve);
    });
}

#[rstest]
#[case::in_halves(&["hel", "lo\n"])]
#[case::without_its_end(&[r"ping ", "\n"])]
#[case::whose_last_read_is_a_ping(&[r"a ", "ping\n"])]
fn a_line_survives_any_segmentation(#[case] segments: &'static [&'static str]) {
    graded(move || {
        builds_on(a_ping_survives_any_segmentation);
        let mut wire = text(Wire::delivers(segments).then_closes());
        let echoed = returns(()).or(Cause::OneReadIsNotOneMessage);
        wire.expect_written("serve", segments.concat().as_bytes(), echoed, serve);
    });
}

#[test]
fn stuck_lines_are_answered_one_by_one() {
    graded(|| {
        builds_on(a_ping_is_answered_with_a_pong);
        let mut wire = text(Wire::delivers(["ping\nhello\npi", "ng\n"]).then_closes());
        let answered = returns(()).or(causes::LinesLeftBehind);
        wire.expect_written("serve", b"pong\nhello\npong\n", answered, serve);
    });
}

#[test]
fn each_line_is_answered_before_the_next_read() {
    graded(|| {
        builds_on(a_ping_is_answered_with_a_pong);
        let wire = Wire::delivers(["ping\n"]).then_awaits(b"pong\n".len());
        // Two lines and a half in one read: both lines are answered before the half is whole.
        let wire = wire.then_delivers(b"hello\nping\npi");
        let wire = wire.then_awaits(b"pong\nhello\npong\n".len());
        let wire = wire.then_delivers(b"ng\n").then_closes();
        text(wire).expect_written("serve", b"pong\nhello\npong\npong\n", returns(()), serve);
    });
}

#[rstest]
#[case::that_never_sent(&[], b"", WouldBlock)]
#[case::that_never_sent_on_windows(&[], b"", TimedOut)]
#[case::after_a_ping(&["ping\n"], b"pong\n", WouldBlock)]
#[case::inside_a_line(&["hello\npi"], b"hello\n", WouldBlock)]
fn a_silent_client_is_disconnected(
    #[case] segments: &'static [&'static str],
    #[case] answers: &'static [u8],
    #[case] timeout: ErrorKind,
) {
    graded(move || {
        let mut wire = text(Wire::delivers(segments).then_fails(timeout));
        let gone = fails_with(TimedOut)
            .or(causes::SilenceIsTimedOut)
            .or_when_it_waits(causes::SilentClientKept);
        wire.expect_written("serve", answers, gone, serve);
    });
}

#[test]
fn pongs_are_not_passed_on() {
    graded(|| {
        let mut wire = text(Wire::delivers(["hello\n", "pong\n", "world\n"]).then_closes());
        let passed_on = returns(lines(&["hello\n", "world\n"])).or(causes::PongPassedOn);
        wire.expect("listen", passed_on, listened);
    });
}

#[rstest]
#[case::an_empty_line("\n")]
#[case::more_than_a_pong("ponged\n")]
#[case::a_pong_and_a_space("pong \n")]
#[case::a_pong_and_a_carriage_return("pong\r\n")]
#[case::a_pong_at_the_end("a pong\n")]
#[case::a_pong_after_a_carriage_return("a\rpong\n")]
#[case::capitals("PONG\n")]
#[case::a_ping("ping\n")]
fn any_line_but_a_pong_is_passed_on(#[case] line: &'static str) {
    graded(move || {
        builds_on(pongs_are_not_passed_on);
        let mut wire = text(Wire::delivers([line]).then_closes());
        let passed_on = returns(lines(&[line])).or(causes::OnlyAWholeLineIsAPong);
        wire.expect("listen", passed_on, listened);
    });
}

#[test]
fn a_server_that_talks_gets_no_ping() {
    graded(|| {
        builds_on(pongs_are_not_passed_on);
        let mut wire = text(Wire::delivers(["hello\n", "pong\n", "world\n"]).then_closes());
        let unasked = returns(lines(&["hello\n", "world\n"])).or(causes::PingsWithoutASilence);
        wire.expect_written("listen", b"", unasked, listened);
    });
}

#[rstest]
#[case::one_line(&["hel", "lo\n"], &["hello\n"])]
#[case::a_pong(&["po", "ng\n"], &[])]
#[case::whose_last_read_is_a_pong(&[r"a ", "pong\n"], &["a pong\n"])]
#[case::stuck(&["hello\npong\nwor", "ld\n"], &["hello\n", "world\n"])]
fn lines_are_passed_on_whole(
    #[case] segments: &'static [&'static str],
    #[case] whole: &'static [&'static str],
) {
    graded(move || {
        builds_on(pongs_are_not_passed_on);
        let mut wire = text(Wire::delivers(segments).then_closes());
        let whole = returns(lines(whole)).or(Cause::OneReadIsNotOneMessage);
        wire.expect("listen", whole, listened);
    });
}

#[rstest]
#[case::on_unix(WouldBlock, causes::SilenceIsNoFailure)]
#[case::on_windows(TimedOut, Cause::TimeoutHasTwoNames)]
fn a_silent_server_gets_a_ping(#[case] timeout: ErrorKind, #[case] cause: Cause) {
    graded(move || {
        let wire = Wire::silent().then_fails(timeout).then_awaits(PING.len());
        let mut wire = text(wire.then_delivers(b"pong\n").then_closes());
        wire.expect_written("listen", PING, returns(lines(&[])).or(cause), listened);
    });
}

#[rstest]
#[case::to_a_server_that_never_sent(&[])]
#[case::after_a_line(&["hello\n"])]
#[case::inside_a_line(&["hello\nwor"])]
fn an_unanswered_ping_is_a_timeout(#[case] segments: &'static [&'static str]) {
    graded(move || {
        builds_on(a_silent_server_gets_a_ping);
        let wire = Wire::delivers(segments).then_fails(WouldBlock).then_fails(WouldBlock);
        let gone = fails_with(TimedOut)
            .or(causes::SilenceIsTimedOut)
            .or_when_it_waits(causes::PingsForEver);
        text(wire).expect_written("listen", PING, gone, listened);
    });
}

#[test]
fn each_silence_gets_its_own_ping() {
    graded(|| {
        builds_on(a_silent_server_gets_a_ping);
        let mut wire = Wire::silent();
        for number in 1..=3 {
            wire = wire.then_fails(WouldBlock).then_awaits(number * PING.len());
            wire = wire.then_delivers(b"pong\n");
        }
        let alive = returns(lines(&[])).or(causes::OldSilenceCounted);
        text(wire.then_closes()).expect_written("listen", &PING.repeat(3), alive, listened);
    });
}

#[test]
fn a_silence_keeps_half_a_line() {
    graded(|| {
        builds_on(a_silent_server_gets_a_ping);
        builds_on(lines_are_passed_on_whole);
        let wire = Wire::delivers(["hel"]).then_fails(WouldBlock).then_awaits(PING.len());
        let wire = wire.then_delivers(b"lo\n").then_closes();
        let whole = returns(lines(&["hello\n"])).or(causes::HalfALineLost);
        text(wire).expect_written("listen", PING, whole, listened);
    });
}

#[rstest]
#[case::a_line_but_no_pong("hello\n", "pong\n", &["hello\n"])]
#[case::half_a_line("hel", "lo\npong\n", &["hello\n"])]
#[case::half_a_pong("po", "ng\n", &[])]
fn any_byte_shows_that_the_server_lives(
    #[case] first: &'static str,
    #[case] second: &'static str,
    #[case] passed_on: &'static [&'static str],
) {
    graded(move || {
        builds_on(a_silence_keeps_half_a_line);
        builds_on(each_silence_gets_its_own_ping);
        let wire = Wire::silent().then_fails(WouldBlock).then_awaits(PING.len());
        let wire = wire.then_delivers(first.as_bytes()).then_fails(WouldBlock);
        let wire = wire.then_awaits(2 * PING.len()).then_delivers(second.as_bytes()).then_closes();
        let alive = returns(lines(passed_on)).or(causes::AnyByteShowsLife);
        text(wire).expect_written("listen", &PING.repeat(2), alive, listened);
    });
}

#[test]
fn a_line_before_the_silence_is_passed_on() {
    graded(|| {
        builds_on(an_unanswered_ping_is_a_timeout);
        let wire = Wire::delivers(["hello\nwor"]).then_fails(WouldBlock).then_fails(WouldBlock);
        let (mut wire, mut in_time) = (text(wire), Vec::new());
        let passed_on = RefCell::new(Vec::new());
        wire.expect("listen", fails_with::<()>(TimedOut), |wire| {
            // The next read may be a silence.
            let look = || in_time = passed_on.borrow().clone();
            listen(&mut wire.meanwhile(b"hello\n".len(), look), |line| {
                passed_on.borrow_mut().push(line.to_vec());
            })
        });
        let whole = returns(lines(&["hello\n"])).or(causes::PassedOnTooLate);
        wire.scene().expect_of(words::THE_CALLER, words::HAD_BEFORE, whole, || Ok(in_time));
    });
}

#[test]
fn an_end_between_lines_is_not_an_error() {
    graded(|| {
        for segments in [&[][..], &["hello\n"]] {
            let end = returns(()).or(Cause::CleanEndIsNoError);
            text(Wire::delivers(segments).then_closes()).expect("serve", end, serve);
            let end = returns(lines(segments)).or(Cause::CleanEndIsNoError);
            text(Wire::delivers(segments).then_closes()).expect("listen", end, listened);
        }
    });
}

#[rstest]
#[case::of_text("hel")]
#[case::without_its_last_byte("ping")]
#[case::after_a_whole_one("hello\npon")]
fn an_end_inside_a_line_is_an_error(#[case] segment: &'static str) {
    graded(move || {
        let half = fails_with(UnexpectedEof).or(Cause::TruncationLooksComplete);
        text(Wire::delivers([segment]).then_closes()).expect("serve", half, serve);
        let half = fails_with(UnexpectedEof).or(Cause::TruncationLooksComplete);
        text(Wire::delivers([segment]).then_closes()).expect("listen", half, listened);
    });
}

#[test]
fn an_end_after_a_ping_is_not_an_error() {
    graded(|| {
        builds_on(a_silent_server_gets_a_ping);
        builds_on(an_end_between_lines_is_not_an_error);
        let wire = Wire::silent().then_fails(WouldBlock).then_closes();
        let end = returns(lines(&[])).or(Cause::CleanEndIsNoError);
        text(wire).expect_written("listen", PING, end, listened);
    });
}

#[rstest]
#[case::of_text("hel".to_owned())]
#[case::without_its_last_byte("ping".to_owned())]
#[case::longer_than_one_read("x".repeat(9000))]
fn half_a_line_is_dropped_at_the_end(#[case] half: String) {
    graded(move || {
        builds_on(an_end_inside_a_line_is_an_error);
        builds_on(a_silent_server_gets_a_ping);
        let wire = || text(Wire::delivers(["hello\n", &half]).then_closes());
        let dropped = fails_with(UnexpectedEof).or(causes::HalfALineIsNoLine);
        wire().expect_written("serve", b"hello\n", dropped, serve);
        let (mut wire, mut passed_on) = (wire(), Vec::new());
        wire.expect("listen", fails_with::<()>(UnexpectedEof), |wire| {
            listen(wire, |line| passed_on.push(line.to_vec()))
        });
        let whole = returns(lines(&["hello\n"])).or(causes::HalfALineIsNoLine);
        wire.scene().expect_of(words::THE_CALLER, words::HEARS, whole, || Ok(passed_on));
        let wire = Wire::delivers([&half]).then_fails(WouldBlock).then_closes();
        let dropped = fails_with(UnexpectedEof).or(Cause::TruncationLooksComplete);
        text(wire).expect_written("listen", PING, dropped, listened);
    });
}

#[test]
fn a_reset_is_not_a_silence() {
    graded(|| {
        let reset = fails_with(ConnectionReset).or(causes::FailureIsNoSilence);
        text(Wire::delivers(["ping\n"]).then_resets()).expect("serve", reset, serve);
        let reset = fails_with(ConnectionReset).or(causes::FailureIsNoSilence);
        text(Wire::delivers(["hello\n"]).then_resets()).expect("listen", reset, listened);
    });
}

#[test]
fn an_interrupted_read_is_not_a_silence() {
    graded(|| {
        let interrupted = || Wire::delivers(["he"]).then_fails(Interrupted).then_fails(Interrupted);
        let whole = || text(interrupted().then_delivers(b"llo\n").then_closes());
        let echoed = returns(()).or(Cause::InterruptedIsNoFailure);
        whole().expect_written("serve", b"hello\n", echoed, serve);
        let passed_on = returns(lines(&["hello\n"])).or(Cause::InterruptedIsNoFailure);
        whole().expect_written("listen", b"", passed_on, listened);
    });
}

#[test]
fn an_interrupted_read_does_not_answer_a_ping() {
    graded(|| {
        builds_on(an_unanswered_ping_is_a_timeout);
        builds_on(an_interrupted_read_is_not_a_silence);
        let wire = Wire::silent().then_fails(WouldBlock).then_fails(Interrupted);
        let wire = wire.then_fails(WouldBlock);
        let gone = fails_with(TimedOut)
            .or(causes::InterruptedIsNoByte)
            .or_when_it_waits(causes::InterruptedIsNoByte);
        text(wire).expect_written("listen", PING, gone, listened);
    });
}

#[rstest]
#[case::to_a_closed_peer(BrokenPipe, Cause::ErrorLost)]
#[case::that_would_block(WouldBlock, causes::WriteIsNoSilence)]
fn a_failed_write_is_an_error(#[case] kind: ErrorKind, #[case] cause: Cause) {
    graded(move || {
        builds_on(a_ping_is_answered_with_a_pong);
        builds_on(a_silent_server_gets_a_ping);
        let broken = [PartialOp::Err(kind)];
        for line in ["ping\n", "hello\n"] {
            let wire = Wire::delivers([line]).then_closes().accepting(&broken);
            text(wire).expect("serve", fails_with(kind).or(cause.clone()), serve);
        }
        let wire = Wire::silent().then_fails(WouldBlock).then_closes().accepting(&broken);
        text(wire).expect("listen", fails_with(kind).or(cause), listened);
    });
}

#[rstest]
#[case::one_byte_per_write(1)]
#[case::three_bytes_per_write(3)]
fn pings_and_answers_survive_short_writes(#[case] at_most: usize) {
    graded(move || {
        builds_on(a_ping_is_answered_with_a_pong);
        let short = |wire: Wire| text(wire.accepting_at_most(at_most));
        let interrupted = |wire: Wire| short(wire.accepting(&[PartialOp::Err(Interrupted)]));
        let lines = || Wire::delivers(["ping\n", "hello\n"]).then_closes();
        short(lines()).expect_written("serve", b"pong\nhello\n", returns(()), serve);
        interrupted(lines()).expect_written("serve", b"pong\nhello\n", returns(()), serve);
        let silence = || Wire::silent().then_fails(WouldBlock).then_fails(WouldBlock);
        short(silence()).expect_written("listen", PING, fails_with(TimedOut), listened);
        interrupted(silence()).expect_written("listen", PING, fails_with(TimedOut), listened);
    });
}

#[test]
fn a_line_may_be_longer_than_one_read() {
    graded(|| {
        builds_on(lines_are_passed_on_whole);
        for (length, cause) in
            [(9000, Cause::OneReadIsNotOneMessage), (70_000, causes::LineHasNoLimit)]
        {
            let line = [&b"x".repeat(length)[..], b"\n"].concat();
            let long = || text(Wire::delivers([&line]).then_closes());
            long().expect_written("serve", &line, returns(()).or(cause.clone()), serve);
            long().expect("listen", returns(vec![line.clone()]).or(cause), listened);
        }
        // As long as a usual buffer: the newline is the first byte of the second read.
        for length in [1024, 4096, 8192] {
            let both = ["x", "y"].map(|text| format!("{}\n", text.repeat(length)).into_bytes());
            let full = || text(Wire::delivers([&both.concat()]).then_closes());
            let whole = returns(()).or(causes::LinesLeftBehind);
            full().expect_written("serve", &both.concat(), whole, serve);
            let whole = returns(both.to_vec()).or(causes::LinesLeftBehind);
            full().expect("listen", whole, listened);
        }
    });
}

#[test]
fn a_line_is_any_bytes() {
    graded(|| {
        // 0xff is in no UTF-8 text.
        let line = b"\xff\0 \r\n";
        let bytes = || text(Wire::delivers([line]).then_closes());
        let echoed = returns(()).or(Cause::BytesAreNotText);
        bytes().expect_written("serve", line, echoed, serve);
        let passed_on = returns(vec![line.to_vec()]).or(Cause::BytesAreNotText);
        bytes().expect("listen", passed_on, listened);
    });
}

#[test]
fn every_line_is_answered_over_any_segmentation() {
    graded(|| {
        builds_on(a_ping_survives_any_segmentation);
        builds_on(stuck_lines_are_answered_one_by_one);
        builds_on(a_line_is_any_bytes);
        for_any_segmentation(|input| {
            let stream = as_lines(&input.messages).concat();
            let mut wire = Wire::cut(&stream, &input.cuts).then_closes();
            wire.expect_written("serve", &stream, returns(()), serve);
        });
    });
}

#[test]
fn every_line_is_passed_on_over_any_segmentation() {
    graded(|| {
        builds_on(lines_are_passed_on_whole);
        builds_on(a_line_is_any_bytes);
        for_any_segmentation(|input| {
            let whole = as_lines(&input.messages);
            let mut wire = Wire::cut(&whole.concat(), &input.cuts).then_closes();
            wire.expect("listen", returns(whole), listened);
        });
    });
}

const PING: &[u8] = b"ping\n";

/// Show the wire as readable lines.
fn text(wire: Wire) -> Wire {
    wire.scene().tell_text();
    wire
}

/// Listen, and return the lines that were passed on.
fn listened(wire: &mut Wire) -> io::Result<Vec<Vec<u8>>> {
    let mut lines = Vec::new();
    listen(wire, |line| lines.push(line.to_vec()))?;
    Ok(lines)
}

fn lines(lines: &[&str]) -> Vec<Vec<u8>> {
    lines.iter().map(|line| line.as_bytes().to_vec()).collect()
}

/// Make lines of messages: the only byte that a line cannot contain is replaced.
fn as_lines(messages: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let line = |message: &Vec<u8>| {
        let bytes = message.iter().map(|byte| if *byte == b'\n' { b' ' } else { *byte });
        bytes.chain([b'\n']).collect()
    };
    messages.iter().map(line).collect()
}
