//! Lesson 11, graded: a server runs a command for a client, and survives whatever the command does.
//!
//! ```text
//! challenge   server: 32 random bytes    client: HMAC-MD5(key, them), 16 bytes
//! command     | length: i32 LE | words, each followed by a zero byte |            ls 00 -l 00
//! reply       | kind: u8 | length: i32 LE | bytes |  pieces o and e, then one of x, s, t, r
//! ```
//!
//! First come the words, the list and the wire, where nothing runs. Then real processes, which your server
//! starts for a client that the test plays. The checks use no clock to find out whether a process is still
//! running: each process holds a named pipe (fifo(7)), and the pipe ends when the last of them has ended.
//! Try it: give a command one more child, and see what ends it.

#![cfg(unix)]

use std::io::ErrorKind::{
    BrokenPipe, ConnectionReset, Interrupted, InvalidData, InvalidInput, PermissionDenied,
    StorageFull, UnexpectedEof, WouldBlock,
};
use std::io::{self, Write};
use std::time::{Duration, Instant};

use netkata::{
    Cause, Census, Describe, Finding, PartialOp, Scene, Wire, builds_on, counted, fails_with,
    further, graded, returns,
};
use remote_command::{read_command, respond, run, write_command};
use rstest::rstest;

#[path = "../lessons/11_remote_command/causes.rs"]
mod causes;
#[path = "../lessons/11_remote_command/harness.rs"]
mod harness;
#[path = "../lessons/11_remote_command/words.rs"]
mod words;

use harness::*;

#[rstest]
#[case::one(&["date"])]
#[case::two(&["ls", "-l"])]
#[case::with_spaces_in_it(&["echo", r"a  b", " "])]
#[case::an_empty_one(&["printf", ""])]
#[case::only_an_empty_one(&[""])]
#[case::in_chinese(&["echo", "神"])]
fn each_word_of_a_command_ends_with_zero(#[case] words: &'static [&'static str]) {
    graded(move || {
        let sent = returns(frame(words)).or(causes::WordsLoseTheirBorders);
        Wire::silent().expect("write_command", sent, |wire| {
            write_command(wire, &owned(words))?;
            Ok(wire.written())
        });
        let same = returns(Some(words_of(words))).or(causes::WordsLoseTheirBorders);
        let mut wire = Wire::delivers([frame(words)]);
        wire.expect("read_command", same, read_words);
    });
}

#[test]
fn a_command_is_sent_in_one_write() {
    graded(|| {
        builds_on(each_word_of_a_command_ends_with_zero);
        let mut stream = Counting::default();
        let one = returns(Finding::of(counted(1, "write"))).or(causes::CommandInTwoWrites);
        Scene::begin().expect("write_command", one, || {
            write_command(&mut stream, &owned(&["ls", "-l"]))?;
            Ok(Finding::of(counted(stream.writes, "write")))
        });
    });
}

#[rstest]
#[case::header_and_words_apart(&[4])]
#[case::header_in_halves(&[2])]
#[case::in_the_middle_of_a_character(&[4, 6])]
#[case::byte_by_byte(&[1; 12])]
fn a_command_survives_any_segmentation(#[case] sizes: &'static [usize]) {
    graded(move || {
        builds_on(each_word_of_a_command_ends_with_zero);
        let words = ["echo", "神"];
        let whole = returns(Some(words_of(&words))).or(Cause::OneReadIsNotOneMessage);
        let mut wire = in_pieces(&frame(&words), sizes);
        wire.expect("read_command", whole, read_words);
    });
}

#[test]
fn stuck_commands_are_read_one_by_one() {
    graded(|| {
        builds_on(a_command_survives_any_segmentation);
        let both = [frame(&["date"]), frame(&["ls", "-l"])].concat();
        let mut wire = Wire::delivers([both]);
        for words in [&["date"][..], &["ls", "-l"]] {
            let next = returns(Some(words_of(words))).or(Cause::ReadTooFar);
            wire.expect("read_command", next.or_when_it_waits(Cause::ReadTooFar), read_words);
        }
    });
}

#[test]
fn end_of_stream_is_not_a_command() {
    graded(|| {
        builds_on(a_command_survives_any_segmentation);
        let mut wire = Wire::delivers([frame(&["date"])]).then_closes();
        wire.expect(
            "read_command",
            returns(Some(words_of(&["date"]))).or(causes::WordsLoseTheirBorders),
            read_words,
        );
        wire.expect("read_command", returns(None).or(causes::EndIsNoCommand), read_words);
        let frame = frame(&["ls", "-l"]);
        for end in 1..frame.len() {
            let mut wire = Wire::delivers([&frame[..end]]).then_closes();
            let ended = fails_with(UnexpectedEof).or(Cause::TruncationLooksComplete);
            wire.expect("read_command", ended, read_words);
        }
    });
}

#[rstest]
#[case::a_negative_length(b"\xff\xff\xff\xff".to_vec(), Cause::NegativeLengthTrusted)]
#[case::a_length_above_the_limit(b"\x01\0\x01\0".to_vec(), causes::NotACommand)]
#[case::a_command_in_text(b"ls -l /tmp".to_vec(), causes::NotACommand)]
#[case::no_zero_at_the_end(frame_of(b"ls\0-l"), causes::NotACommand)]
#[case::no_word(frame_of(b""), causes::NotACommand)]
#[case::no_text(frame_of(b"\xff\0"), causes::NotACommand)]
fn an_invalid_command_is_refused(#[case] bytes: Vec<u8>, #[case] cause: Cause) {
    graded(move || {
        let mut wire = Wire::delivers([bytes]);
        let refused = fails_with(InvalidData).or(cause.clone()).or_when_it_waits(cause);
        wire.expect("read_command", refused, read_words);
    });
}

#[rstest]
#[case::no_word(&[])]
#[case::a_zero_in_a_word(&["echo", "a\0b"])]
#[case::a_zero_after_a_word(&["echo", "a\0"])]
#[case::a_zero_in_the_name(&["\0echo"])]
#[case::more_than_the_limit(&["echo", TOO_LONG])]
fn an_invalid_command_is_not_sent(#[case] words: &'static [&'static str]) {
    graded(move || {
        builds_on(each_word_of_a_command_ends_with_zero);
        let mut wire = Wire::silent();
        let refused = fails_with(InvalidInput).or(causes::NotACommand);
        wire.expect("write_command", refused, |wire| write_command(wire, &owned(words)));
        let nothing = returns(0).or(causes::NotACommand);
        let came = wire.written().len();
        wire.scene().expect_of_peer(words::COUNTS_THE_BYTES, nothing, || Ok(came));
    });
}

#[test]
fn the_longest_command_is_accepted() {
    graded(|| {
        builds_on(a_command_survives_any_segmentation);
        // With the zeros after both words, exactly as many bytes as are allowed.
        let words = ["echo", &TOO_LONG[1..]];
        let longest = frame(&words);
        let sent = returns(bytes_of(longest.len())).or(causes::NotACommand);
        Wire::silent().expect("write_command", sent, |wire| {
            write_command(wire, &owned(&words))?;
            Ok(bytes_of(wire.written().len()))
        });
        let read = returns(bytes_of(words[1].len())).or(causes::NotACommand);
        Wire::delivers([longest]).expect("read_command", read, |wire| {
            let words = read_command(wire)?.unwrap_or_default();
            Ok(bytes_of(words.last().map_or(0, String::len)))
        });
    });
}

#[test]
fn commands_survive_interruptions_and_short_writes() {
    graded(|| {
        builds_on(each_word_of_a_command_ends_with_zero);
        builds_on(a_command_survives_any_segmentation);
        let words = ["ls", "-l"];
        let frame = frame(&words);
        let mut wire = Wire::silent()
            .then_fails(Interrupted)
            .then_delivers(&frame[..3])
            .then_fails(Interrupted)
            .then_delivers(&frame[3..6])
            .then_fails(Interrupted)
            .then_delivers(&frame[6..]);
        wire.expect("read_command", returns(Some(words_of(&words))), read_words);
        for at_most in [1, 5] {
            let mut wire = Wire::silent().accepting_at_most(at_most);
            wire.expect_written("write_command", &frame, returns(()), |wire| {
                write_command(wire, &owned(&words))
            });
        }
    });
}

#[rstest]
#[case::a_name_that_begins_like_one(&["lsof"])]
#[case::a_name_and_another_command(&["ls;id"])]
#[case::a_line(&[r"ls -l"])]
#[case::a_path_that_ends_in_one(&["/tmp/ls"])]
#[case::the_file_that_is_started(&["/bin/ls"])]
#[case::a_path_from_here(&["./ls"])]
#[case::in_capitals(&["LS"])]
#[case::a_name_and_a_space(&[r"ls "])]
#[case::a_line_feed_and_a_name(&["\nls"])]
#[case::an_empty_name(&[""])]
#[case::no_word_at_all(&[])]
fn only_names_on_the_list_are_allowed(#[case] words: &'static [&'static str]) {
    graded(move || {
        let told = format!("command({})", words_of(words).describe());
        let none = returns(None).or(causes::NotOnTheList);
        Scene::begin().expect(&told, none, || Ok(command_of(&files(), words)));
    });
}

#[rstest]
#[case::plain(&["ls", "-l", "/tmp"])]
#[case::what_a_shell_would_obey(
    &["ls", r"; rm -rf /", "$(id)", "`id`", r"| cat", r"> x", "*", "~"]
)]
#[case::with_spaces_and_quotes(&["ls", r"a  b", "'", "\"", "\\", ""])]
#[case::alone(&["date"])]
fn words_become_arguments_of_the_listed_file(#[case] words: &'static [&'static str]) {
    graded(move || {
        let told = format!("command({})", words_of(words).describe());
        let file = if words[0] == "ls" { "/bin/ls" } else { "/usr/local/bin/our-date" };
        let expected = Some(words_of(&[&[file], &words[1..]].concat()));
        let came = command_of(&files(), words);
        let program = came.as_ref().and_then(|came| came.first());
        let cause = match program.map(Vec::as_slice) {
            Some(b"sh" | b"/bin/sh" | b"bash" | b"/bin/bash") => causes::ThroughAShell,
            Some(program) if program != file.as_bytes() => causes::TheListNamesTheFile,
            _ => causes::WordsLoseTheirBorders,
        };
        Scene::begin().expect(&told, returns(expected).or(cause), || Ok(came));
    });
}

#[test]
fn a_client_sends_its_command_before_it_reads() {
    graded(|| {
        let asked = frame(&["date"]);
        let reply = [piece(b'o', b"today\n"), exited(0)].concat();
        let mut wire = Wire::silent().then_awaits(asked.len()).then_delivers(&reply);
        let reply = Reply::new(words::exited(0), b"today\n", b"");
        expect_reply(&mut wire, &["date"], reply, Cause::BothWait);
    });
}

#[rstest]
#[case::a_status(exited(0), words::exited(0))]
#[case::a_status_that_is_a_failure(exited(255), words::exited(255))]
#[case::a_status_of_windows(exited(-1073741510), words::exited(-1073741510))]
#[case::a_signal(piece(b's', &9_i32.to_le_bytes()), words::ended_by_signal(9))]
#[case::the_time_limit(piece(b't', b""), words::TIMED_OUT.to_owned())]
#[case::a_refusal(piece(b'r', "不行".as_bytes()), words::refused_because("不行"))]
#[case::a_refusal_with_spaces(piece(b'r', br" no "), words::refused_because(r" no "))]
fn run_returns_how_the_command_ended(#[case] ending: Vec<u8>, #[case] told: String) {
    graded(move || {
        let cause = if ending[0] == b'r' { causes::ReasonChanged } else { causes::EndingLost };
        let mut wire = Wire::delivers([ending]);
        expect_reply(&mut wire, &["ls"], Reply::new(told, b"", b""), cause);
    });
}

#[rstest]
#[case::piece_by_piece(&[9, 10, 5, 8, 6], causes::OutputsMixed)]
#[case::inside_the_headers(&[2, 5, 8, 3], Cause::OneReadIsNotOneMessage)]
#[case::byte_by_byte(&[1; 46], Cause::OneReadIsNotOneMessage)]
fn a_reply_survives_any_segmentation(#[case] sizes: &'static [usize], #[case] cause: Cause) {
    graded(move || {
        builds_on(run_returns_how_the_command_ended);
        let pieces = [
            piece(b'o', b"one "),
            piece(b'e', b"oops "),
            piece(b'o', b""),
            piece(b'o', b"two"),
            piece(b'e', b"\xff"),
            exited(3),
        ];
        let mut wire = in_pieces(&pieces.concat(), sizes);
        let reply = Reply::new(words::exited(3), b"one two", b"oops \xff");
        expect_reply(&mut wire, &["ls"], reply, cause);
    });
}

#[rstest]
#[case::output(b'o')]
#[case::errors(b'e')]
fn run_writes_bytes_that_are_not_text(#[case] kind: u8) {
    graded(move || {
        builds_on(a_reply_survives_any_segmentation);
        // A piece may end anywhere, also in the middle of a character.
        let (half, rest) = "神\r\n".as_bytes().split_at(2);
        let bytes = [half, rest, b"\0\xff\xfe"].concat();
        let pieces = [piece(kind, half), piece(kind, rest), piece(kind, b"\0\xff\xfe"), exited(0)];
        let reply = match kind {
            b'o' => Reply::new(words::exited(0), &bytes, b""),
            _ => Reply::new(words::exited(0), b"", &bytes),
        };
        let mut wire = Wire::delivers([pieces.concat()]);
        expect_reply(&mut wire, &["cat"], reply, Cause::BytesAreNotText);
    });
}

#[test]
fn run_reads_on_after_an_interruption() {
    graded(|| {
        builds_on(a_reply_survives_any_segmentation);
        // Before the kind of a piece, before its length and before its bytes.
        let sizes = [1, 4, 2, 1, 4, 4].map(PartialOp::Limited);
        let cuts: Vec<PartialOp> =
            sizes.into_iter().flat_map(|cut| [PartialOp::Err(Interrupted), cut]).collect();
        let mut wire = Wire::cut(&[piece(b'o', b"hi"), exited(0)].concat(), &cuts);
        let reply = Reply::new(words::exited(0), b"hi", b"");
        expect_reply(&mut wire, &["ls"], reply, Cause::InterruptedIsNoFailure);
    });
}

#[test]
fn run_returns_an_error_of_the_stream() {
    graded(|| {
        let asked = frame(&["ls"]);
        let reply = [piece(b'o', b"hi"), exited(0)].concat();
        // The reply is there in any case, so an answer that ignores the error goes on.
        for writes in [vec![], vec![PartialOp::Limited(4)]] {
            let breaks = [writes, vec![PartialOp::Err(BrokenPipe); 64]].concat();
            let mut wire = Wire::delivers([&reply]).accepting(&breaks);
            let error = fails_with(BrokenPipe).or(Cause::ErrorLost);
            wire.expect("run", error, |wire| reply_of(wire, &["ls"]));
        }
        for end in [0, 1, 5, 7, 8] {
            let wire = Wire::silent().then_awaits(asked.len());
            let mut wire = wire.then_delivers(&reply[..end]).then_resets();
            let error = fails_with(ConnectionReset).or(Cause::ErrorLost);
            wire.expect("run", error, |wire| reply_of(wire, &["ls"]));

            // The time limit of a read: the rest comes too late.
            let wire = Wire::silent().then_awaits(asked.len()).then_delivers(&reply[..end]);
            let mut wire = wire.then_fails(WouldBlock).then_delivers(&reply[end..]);
            let error = fails_with(WouldBlock).or(Cause::ErrorLost);
            wire.expect("run", error, |wire| reply_of(wire, &["ls"]));
        }
    });
}

#[rstest]
#[case::piece_by_piece(100, 100, None)]
#[case::stdout_is_full(4, 100, Some(StorageFull))]
#[case::stderr_is_full(100, 3, Some(StorageFull))]
fn output_is_written_whole_or_its_error_returned(
    #[case] room: usize,
    #[case] room_for_errors: usize,
    #[case] fails: Option<io::ErrorKind>,
) {
    graded(move || {
        builds_on(a_reply_survives_any_segmentation);
        let pieces = [piece(b'o', b"hello"), piece(b'e', b"oops"), exited(0)];
        let mut wire = Wire::delivers([pieces.concat()]);
        let whole = returns(Reply::new(words::exited(0), b"hello", b"oops"));
        let expected = match fails {
            None => whole.or(Cause::PartialWriteIgnored),
            Some(kind) => fails_with(kind).or(Cause::ErrorLost),
        };
        wire.expect("run", expected, |wire| {
            let mut stdout = Narrow::with_room_for(room);
            let mut stderr = Narrow::with_room_for(room_for_errors);
            let ending = run(wire, &owned(&["ls"]), &mut stdout, &mut stderr)?;
            Ok(Reply::new(told(ending), &stdout.taken, &stderr.taken))
        });
    });
}

#[test]
fn the_next_reply_stays_in_the_stream() {
    graded(|| {
        builds_on(a_reply_survives_any_segmentation);
        builds_on(run_returns_how_the_command_ended);
        let replies = [piece(b'o', b"1"), exited(0), piece(b'o', b"2"), exited(1)].concat();
        let mut wire = Wire::delivers([replies]);
        for (ending, output) in [(words::exited(0), b"1"), (words::exited(1), b"2")] {
            let reply = Reply::new(ending, output, b"");
            expect_reply(&mut wire, &["date"], reply, Cause::ReadTooFar);
        }
    });
}

#[test]
fn the_longest_piece_is_accepted() {
    graded(|| {
        builds_on(a_reply_survives_any_segmentation);
        let reply = [piece(b'o', LONGEST.as_bytes()), exited(0)].concat();
        let mut wire = Wire::delivers([reply]);
        let whole = returns(bytes_of(LONGEST.len())).or(Cause::LimitOffByOne);
        wire.expect("run", whole, |wire| Ok(bytes_of(reply_of(wire, &["ls"])?.output.len())));
    });
}

#[test]
fn an_incomplete_reply_is_an_error() {
    graded(|| {
        let reply = [piece(b'o', b"hello"), exited(0)].concat();
        for end in 0..reply.len() {
            let mut wire = Wire::delivers([&reply[..end]]).then_closes();
            let ended = fails_with(UnexpectedEof).or(Cause::TruncationLooksComplete);
            wire.expect("run", ended, |wire| reply_of(wire, &["ls"]));
        }
    });
}

#[rstest]
#[case::an_unknown_kind(piece(b'?', b""))]
#[case::text(b"total 0\n".to_vec())]
#[case::a_negative_length(b"o\xff\xff\xff\xff".to_vec())]
#[case::a_length_above_the_limit(b"o\x01\0\x01\0".to_vec())]
#[case::a_status_of_three_bytes(piece(b'x', b"\0\0\0"))]
#[case::a_status_of_five_bytes(piece(b'x', b"\0\0\0\0\0"))]
#[case::a_signal_of_no_bytes(piece(b's', b""))]
#[case::a_timeout_with_bytes(piece(b't', b"late"))]
#[case::a_reason_that_is_no_text(piece(b'r', b"\xff"))]
fn an_invalid_reply_is_refused(#[case] bytes: Vec<u8>) {
    graded(move || {
        let mut wire = Wire::delivers([bytes]);
        let refused = fails_with(InvalidData).or(causes::NotAReply);
        let refused = refused.or_when_it_waits(causes::NotAReply);
        wire.expect("run", refused, |wire| reply_of(wire, &["ls"]));
    });
}

#[test]
fn a_challenge_is_answered_with_its_hmac() {
    graded(|| {
        const CHALLENGE: &[u8] = b"thirty-two bytes that are random";
        let mut wire = Wire::delivers([CHALLENGE]).then_closes();
        let answer = returns(()).or(Cause::NotTheAnswer);
        wire.expect_written("respond", &proof(KEY, CHALLENGE), answer, |wire| respond(wire, KEY));
    });
}

#[test]
fn a_client_with_the_key_is_served() {
    graded(|| {
        builds_on(each_word_of_a_command_ends_with_zero);
        builds_on(words_become_arguments_of_the_listed_file);
        let mut caller = Caller::calls(NO_LIMIT);
        caller.proves();
        caller.asks(r"echo hello");
        caller.hears(Reply::new(words::exited(0), b"hello\n", b""), causes::NoReply);
    });
}

#[test]
fn a_command_may_arrive_together_with_the_proof() {
    graded(|| {
        let mut caller = Caller::calls(NO_LIMIT);
        let (answer, script) = (caller.answer(KEY), r"echo hello");
        caller.says(&[answer, frame(&sh(script))].concat(), &words::its_answer_and(script));
        caller.hears(Reply::new(words::exited(0), b"hello\n", b""), Cause::ReadTooFar);
    });
}

#[rstest]
#[case::with_another_key(Some(b"thomas"))]
#[case::that_only_asks(None)]
fn nothing_runs_without_a_valid_proof(#[case] key: Option<&'static [u8; 6]>) {
    graded(move || {
        let folder = tempfile::tempdir().expect("a folder");
        let trace = folder.path().join("trace");
        let script = format!(r"echo ran > '{}'", trace.display());
        let mut caller = Caller::calls(NO_LIMIT);
        let mut answer = caller.answer(key.unwrap_or(b"thomas"));
        let mut told = words::A_WRONG_ANSWER_AND_A_COMMAND;
        if key.is_none() {
            (answer, told) = (Vec::new(), words::A_COMMAND);
        }
        caller.says(&[answer, frame(&sh(&script))].concat(), &told);
        caller.hears_the_end(Cause::UnprovenIsServed);
        caller.is_over(fails_with(PermissionDenied).or(causes::FailedProofUnreported));
        let trace = trace.exists();
        let nothing = returns(false).or(Cause::UnprovenIsServed);
        caller.scene.expect_of_peer(words::LOOKS_WHETHER_IT_HAS_RUN, nothing, || Ok(trace));
    });
}

#[test]
fn silence_before_the_proof_times_out() {
    graded(|| {
        for sent in [0, 15] {
            let mut caller = Caller::calls(Duration::from_millis(20));
            let answer = caller.answer(KEY);
            caller.says(&answer[..sent], &words::part_of_its_answer(sent));
            caller.hears_the_end(Cause::SilenceHoldsTheServer);
        }
    });
}

#[rstest]
#[case::output(r"echo hello", Reply::new(words::exited(0), b"hello\n", b""), causes::OutputsMixed)]
#[case::errors(
    r"echo oops >&2",
    Reply::new(words::exited(0), b"", b"oops\n"),
    causes::OutputsMixed
)]
#[case::both(
    r"echo a; echo b >&2",
    Reply::new(words::exited(0), b"a\n", b"b\n"),
    causes::OutputsMixed
)]
#[case::nothing(":", Reply::new(words::exited(0), b"", b""), causes::OutputMadeUp)]
#[case::no_text(
    r"printf '\377\0\376'",
    Reply::new(words::exited(0), b"\xff\0\xfe", b""),
    Cause::BytesAreNotText
)]
#[case::no_text_as_errors(
    r"printf '\377\0\376' >&2",
    Reply::new(words::exited(0), b"", b"\xff\0\xfe"),
    Cause::BytesAreNotText
)]
fn output_and_errors_arrive_unchanged(
    #[case] script: &'static str,
    #[case] reply: Reply,
    #[case] cause: Cause,
) {
    graded(move || {
        builds_on(a_client_with_the_key_is_served);
        let mut caller = Caller::calls(NO_LIMIT);
        caller.proves();
        caller.asks(script);
        caller.hears(reply, cause);
    });
}

#[rstest]
#[case::a_failure(r"exit 1", words::exited(1))]
#[case::the_largest_status(r"exit 255", words::exited(255))]
#[case::a_kill(r"kill -9 $$", words::ended_by_signal(9))]
#[case::a_polite_kill(r"kill -15 $$", words::ended_by_signal(15))]
fn exit_status_and_signal_are_reported(#[case] script: &'static str, #[case] ending: String) {
    graded(move || {
        builds_on(a_client_with_the_key_is_served);
        let mut caller = Caller::calls(NO_LIMIT);
        caller.proves();
        caller.asks(script);
        caller.hears(Reply::new(ending, b"", b""), causes::EndingLost);
    });
}

#[rstest]
#[case::errors_first(&["e", "o"])]
#[case::output_first(&["o", "e"])]
#[case::by_turns(&["o", "e", "o", "e"])]
fn both_outputs_may_be_larger_than_a_pipe(#[case] order: &'static [&'static str]) {
    graded(move || {
        builds_on(a_client_with_the_key_is_served);
        builds_on(output_and_errors_arrive_unchanged);
        let script: String = order.iter().map(|output| format!("{}; ", a_lot_of(output))).collect();
        let bytes = A_LOT * order.len() / 2;
        let mut caller = Caller::calls(NO_LIMIT);
        caller.proves();
        let told = order
            .iter()
            .map(|output| if *output == "e" { &*words::ERRORS } else { &words::OUTPUT });
        let told = told.collect::<Vec<_>>().join(&words::THEN_AS_MANY_OF);
        caller.asks_for(&words::so_much_of(counted(A_LOT, "byte"), told), &sh(&script));
        let zeros = vec![0; bytes];
        let whole = Reply::new(words::exited(0), &zeros, &zeros);
        caller.hears_one(whole, causes::WaitsBeforeReading, causes::OutputCut);
    });
}

#[test]
fn an_interrupted_write_is_continued() {
    graded(|| {
        builds_on(a_client_with_the_key_is_served);
        builds_on(both_outputs_may_be_larger_than_a_pipe);
        // The client reads nothing yet, and the reply is longer than what the connection holds.
        let mut caller = Caller::calls_with_room_for(16 * 1024, NO_LIMIT);
        caller.proves();
        caller.asks_for(&words::A_LOT_OF_OUTPUT, &sh(&a_lot_in_long_pieces()));
        caller.interrupts_a_write();
        let whole = Reply::new(words::exited(0), &vec![0; A_LOT], b"");
        let whole = returns(whole).or(Cause::PartialWriteIgnored);
        let scene = caller.scene.clone();
        scene.expect_of_peer(words::WAITS_FOR_THE_REPLY, whole, || {
            let reply = caller.reply();
            Ok(reply.unwrap_or_else(|| Reply::new(words::NO_WHOLE_REPLY, &caller.heard, b"")))
        });
    });
}

#[test]
fn each_reply_belongs_to_its_own_command() {
    graded(|| {
        builds_on(stuck_commands_are_read_one_by_one);
        builds_on(a_client_with_the_key_is_served);
        builds_on(both_outputs_may_be_larger_than_a_pipe);
        let mut caller = Caller::calls(NO_LIMIT);
        caller.proves();
        caller.asks_for(&words::A_LOT_OF_OUTPUT, &sh(&a_lot_of("o")));
        caller.hears(Reply::new(words::exited(0), &vec![0; A_LOT], b""), causes::OutputCut);
        caller.asks(r"echo next; exit 2");
        caller.hears(Reply::new(words::exited(2), b"next\n", b""), causes::OutputCut);
        let both = [frame(&sh(r"echo one")), frame(&sh(r"echo two"))].concat();
        caller.says(&both, &words::TWO_COMMANDS_AT_ONCE);
        for reply in [b"one\n", b"two\n"] {
            caller.hears(Reply::new(words::exited(0), reply, b""), causes::OutputCut);
        }
    });
}

#[test]
fn the_input_of_a_command_is_empty() {
    graded(|| {
        builds_on(a_client_with_the_key_is_served);
        let mut own = tempfile::tempfile().expect("a file");
        own.write_all(b"what only the server should read\n").expect("room on the disk");
        io::Seek::rewind(&mut own).expect("a file");
        // From here on this is the standard input of the server's own process.
        rustix::stdio::dup2_stdin(&own).expect("a descriptor");
        let mut caller = Caller::calls(NO_LIMIT);
        caller.proves();
        caller.asks(r"cat; echo done");
        let reply = Reply::new(words::exited(0), b"done\n", b"");
        caller.hears_one(reply, causes::InputNeverEnds, causes::ServersInputRead);
    });
}

#[test]
fn no_shell_interprets_the_arguments() {
    graded(|| {
        builds_on(each_word_of_a_command_ends_with_zero);
        builds_on(words_become_arguments_of_the_listed_file);
        builds_on(a_client_with_the_key_is_served);
        let words = [r"; echo pwned", r"$(echo pwned)", r"a  b", "*", ""];
        let mut caller = Caller::calls(NO_LIMIT);
        caller.proves();
        let told = words::a_printer_of(words_of(&words).describe());
        let printer = ["sh", "-c", r#"printf '%s|' "$@""#, "sh"];
        caller.asks_for(&told, &owned(&[&printer[..], &words].concat()));
        let output = b"; echo pwned|$(echo pwned)|a  b|*||";
        caller.hears(Reply::new(words::exited(0), output, b""), causes::ThroughAShell);
    });
}

#[rstest]
#[case::a_program_not_on_the_list("id")]
#[case::a_program_that_is_not_there("missing")]
#[case::a_file_that_is_no_program("folder")]
fn a_refusal_does_not_end_the_session(#[case] name: &'static str) {
    graded(move || {
        builds_on(a_client_with_the_key_is_served);
        let mut caller = Caller::calls(NO_LIMIT);
        caller.proves();
        caller.asks_for(&format!("`{name}`"), &[name.to_owned()]);
        caller.hears(Reply::new(words::REFUSED, b"", b""), causes::RefusalEndsIt);
        caller.asks(r"echo hello");
        caller.hears(Reply::new(words::exited(0), b"hello\n", b""), causes::RefusalEndsIt);
    });
}

#[rstest]
#[case::before_its_first_command(&[], 0)]
#[case::after_a_refusal(&["id"], 0)]
#[case::after_a_command(&["sh", "-c", r"exit 3"], 0)]
#[case::inside_a_command(&["id"], 6)]
fn a_client_may_be_silent_after_the_proof(
    #[case] first: &'static [&'static str],
    #[case] early: usize,
) {
    graded(move || {
        builds_on(a_refusal_does_not_end_the_session);
        for limit in [SOON, LATEST] {
            let mut caller = Caller::calls(limit);
            caller.proves();
            if !first.is_empty() {
                caller.asks_for(&format!("`{}`", first.join(" ")), &owned(first));
                // Once this reply has come, the limit does not count any more.
                if caller.reply().is_none() && limit < LATEST {
                    // Too short even for the proof.
                    continue;
                }
            }
            if early > 0 {
                let next = frame(&sh(r"echo next"));
                caller.says(&next[..early], &words::A_PART_OF_A_COMMAND);
                caller.is_silent();
                caller.says(&next[early..], &words::THE_REST_OF_IT);
            } else {
                caller.is_silent();
                caller.asks(r"echo next");
            }
            let (reply, scene) = (caller.reply(), caller.scene.clone());
            // Too short for this command, or for the proof if no reply has shown that it came in time.
            let is_late = reply.as_ref().map_or(first.is_empty(), Reply::is_timed_out);
            if is_late && limit < LATEST {
                continue;
            }
            let whole = returns(Reply::new(words::exited(0), b"next\n", b""))
                .or(causes::SilenceEndsTheSession);
            return scene.expect_of_peer(words::WAITS_FOR_THE_REPLY, whole, || {
                Ok(reply.unwrap_or_else(|| caller.what_came()))
            });
        }
    });
}

#[test]
fn the_reason_of_a_refusal_is_text() {
    graded(|| {
        builds_on(a_refusal_does_not_end_the_session);
        let mut caller = Caller::calls(NO_LIMIT);
        caller.proves();
        // A reason may repeat the name, but not all of it. Wherever it is cut by bytes alone, one of these
        // cuts is inside a character.
        for start in ["", "a", "ab"] {
            let name = format!("{start}{}", "神".repeat(LONGEST.len() / 3 - 1));
            caller.asks_for(&words::A_LONG_NAME, &[name]);
            caller.hears(Reply::new(words::REFUSED, b"", b""), causes::RefusalEndsIt);
        }
    });
}

#[rstest]
#[case::q(Some("q"))]
#[case::exit(Some("exit"))]
#[case::the_end_of_the_stream(None)]
fn q_exit_or_end_of_stream_disconnects(#[case] word: Option<&'static str>) {
    graded(move || {
        builds_on(a_client_with_the_key_is_served);
        let mut caller = Caller::calls(NO_LIMIT);
        caller.proves();
        caller.asks(r"echo hello");
        caller.hears(Reply::new(words::exited(0), b"hello\n", b""), causes::NoReply);
        match word {
            Some(word) => caller.asks_for(&format!("`{word}`"), &[word.to_owned()]),
            None => caller.closes_its_side(),
        }
        caller.hears_the_end(causes::LeavingIsNoCommand);
        caller.is_over(returns(Finding::of(words::SUCCESS)).or(causes::LeavingIsNoCommand));
    });
}

#[rstest]
#[case::that_is_too_long(b"\x01\0\x01\0", InvalidData)]
#[case::that_is_cut(b"\x03\0\0\0id", UnexpectedEof)]
fn an_invalid_command_ends_the_session(#[case] bytes: &'static [u8], #[case] kind: io::ErrorKind) {
    graded(move || {
        builds_on(an_invalid_command_is_refused);
        builds_on(q_exit_or_end_of_stream_disconnects);
        let mut caller = Caller::calls(NO_LIMIT);
        caller.proves();
        caller.says(bytes, &words::AN_INVALID_COMMAND);
        if kind == UnexpectedEof {
            caller.closes_its_side();
        }
        caller.is_over(fails_with(kind).or(Cause::ErrorLost));
    });
}

#[rstest]
#[case::that_waits(r#"cat "$life" >&3"#, SOON, causes::TimeLimitUnreported)]
#[case::whose_child_waits(r#"cat "$life" >&3 & wait"#, SOON, causes::TimeLimitUnreported)]
#[case::that_has_left_a_child_behind(r#"cat "$life" >&3 &"#, A_WHILE, causes::OverTooSoon)]
#[case::that_has_closed_its_outputs(r#"exec >&- 2>&-; cat "$life" >&3"#, SOON, causes::OverTooSoon)]
#[case::that_ignores_signals(
    r#"trap '' HUP INT QUIT TERM; cat "$life" >&3"#,
    SOON,
    causes::TimeLimitUnreported
)]
#[case::that_never_stops_writing(
    r#"cat "$life" >&3 & while :; do echo y; done"#,
    LATER,
    causes::TimeLimitUnreported
)]
fn the_time_limit_ends_the_whole_process_group(
    #[case] script: &'static str,
    #[case] limit: Duration,
    #[case] another_ending: Cause,
) {
    graded(move || {
        builds_on(a_client_with_the_key_is_served);
        builds_on(a_client_may_be_silent_after_the_proof);
        builds_on(output_and_errors_arrive_unchanged);
        builds_on(both_outputs_may_be_larger_than_a_pipe);
        // The length of the limit decides only how long the check takes. A limit that a slow machine
        // already needs for the start is too short to show anything.
        for limit in [limit, LATEST, AT_LAST] {
            let mut witness = Witness::new();
            let mut caller = Caller::calls(limit);
            caller.proves();
            // The limit is for each command, not only for the first.
            caller.asks(r"exit 3");
            if caller.reply().is_none() && limit < AT_LAST {
                // Too short even for the proof.
                continue;
            }
            caller.asks_for(&words::A_COMMAND_THAT_GOES_ON, &witness.sh(script));
            let (scene, asked) = (caller.scene.clone(), Instant::now());
            let timed_out = returns(Finding::of(words::TIMED_OUT)).or(causes::TimeLimitMissing);
            let mut output = Vec::new();
            scene.expect_of_peer(words::WAITS_FOR_THE_REPLY, timed_out, || {
                let Some(reply) = caller.reply() else {
                    let cause = caller.why_no_end(&mut witness);
                    let is_asked = cause == causes::TimeLimitMissing && script.starts_with("trap");
                    scene.notice(if is_asked { causes::SignalIgnored } else { cause });
                    return Ok(Finding::of(caller.what_came().ending));
                };
                if !reply.is_timed_out() {
                    scene.notice(another_ending.clone());
                }
                output = reply.output;
                Ok(Finding::of(reply.ending))
            });
            if !witness.has_started() && limit < AT_LAST {
                continue;
            }
            if script.contains(r"echo y") {
                // Too short even for the first output, or as long as a pause of a slow machine, which looks like
                // silence.
                let is_late = (limit * 2..LATEST * 2).contains(&asked.elapsed());
                if output.is_empty() && limit < AT_LAST || is_late && limit < LATEST {
                    continue;
                }
                let some = returns(true).or(causes::OutputCut);
                scene.expect_of_peer(words::LOOKS_FOR_WHAT_CAME_BEFORE, some, || {
                    Ok(output.starts_with(b"y\ny\n"))
                });
            }
            witness.is_dead(&caller, causes::GroupLivesOn);
            caller.asks(r"echo next");
            let reply = caller.reply();
            let is_cut = reply.as_ref().is_some_and(Reply::is_timed_out);
            if is_cut && limit < AT_LAST {
                continue;
            }
            let next =
                returns(Reply::new(words::exited(0), b"next\n", b"")).or(causes::RefusalEndsIt);
            return scene.expect_of_peer(words::WAITS_FOR_THE_REPLY, next, || {
                Ok(reply.unwrap_or_else(|| caller.what_came()))
            });
        }
    });
}

#[rstest]
#[case::that_exits(r"echo done", words::exited(0))]
#[case::that_a_signal_ends(r"echo done; kill -9 $$", words::ended_by_signal(9))]
fn background_children_end_with_their_command(#[case] last: &'static str, #[case] ending: String) {
    graded(move || {
        builds_on(a_client_with_the_key_is_served);
        builds_on(the_time_limit_ends_the_whole_process_group);
        let mut witness = Witness::new();
        let mut caller = Caller::calls(NO_LIMIT);
        caller.proves();
        // The child holds none of the outputs, so the server does not wait for it.
        let child = r#"{ : > "$flag"; cat "$life" >&3; } >/dev/null 2>&1 &"#;
        let script = format!(r#"{child} until [ -e "$flag" ]; do :; done; {last}"#);
        caller.asks_for(&words::A_COMMAND_THAT_LEAVES_A_CHILD, &witness.sh(&script));
        caller.hears(Reply::new(ending, b"done\n", b""), causes::GroupLivesOn);
        witness.is_dead(&caller, causes::GroupLivesOn);
    });
}

#[test]
fn no_process_thread_or_descriptor_is_left() {
    graded(|| {
        builds_on(a_client_with_the_key_is_served);
        builds_on(q_exit_or_end_of_stream_disconnects);
        builds_on(the_time_limit_ends_the_whole_process_group);
        let census = Census::take();
        let scene = Scene::begin();
        for name in ["q", "id"] {
            let mut caller = Caller::calls(NO_LIMIT);
            caller.proves();
            caller.asks(r"echo hello; exit 3");
            caller.hears(Reply::new(words::exited(3), b"hello\n", b""), causes::EndingLost);
            expect_no_child(&caller.scene, &caller.census, &words::THE_SERVER_AFTER_A_REPLY);
            caller.asks_for(&format!("`{name}`"), &[name.to_owned()]);
            if name == "id" {
                caller.closes_its_side();
            }
            caller.comes_to_an_end(causes::LeavingIsNoCommand);
        }
        for limit in [SOON, LATER, LATEST, AT_LAST] {
            let mut witness = Witness::new();
            let mut caller = Caller::calls(limit);
            caller.proves();
            caller.asks_for(&words::A_COMMAND, &witness.sh(WAITS_WITH_A_CHILD));
            let has_run = caller.reply().is_some();
            if has_run {
                expect_no_child(&caller.scene, &caller.census, &words::THE_SERVER_AFTER_A_REPLY);
            }
            caller.closes_its_side();
            witness.is_dead(&caller, causes::GroupLivesOn);
            caller.comes_to_an_end(causes::LeavingIsNoCommand);
            if has_run {
                break;
            }
        }
        scene.happened(words::THREE_CLIENTS_LEAVE);
        expect_nothing_left(&scene, &census);
    });
}

#[test]
fn a_client_that_never_reads_ends_its_command() {
    graded(|| {
        builds_on(the_time_limit_ends_the_whole_process_group);
        builds_on(no_process_thread_or_descriptor_is_left);
        for limit in [SOON, LATER, LATEST, AT_LAST] {
            let mut witness = Witness::new();
            let census = Census::take();
            // The connection holds less than the longest piece of a reply.
            let mut caller = Caller::calls_with_room_for(4096, limit);
            caller.proves();
            caller.asks(r"exit 3");
            let is_proved = caller.reply().is_some();
            // The writer ends when its reader ends, so it does not stay if an answer fails to end it.
            let script = r#"cat "$life" >&3 &
                while dd if=/dev/zero bs=65536 count=64 2>/dev/null; do :; done"#;
            caller.asks_for(&words::OUTPUT_THAT_IT_DOES_NOT_READ, &witness.sh(script));
            // After the head of a long piece, the server is in a write that is too long to finish.
            let is_given_up = !caller.looks_for_a_long_piece() && caller.is_given_up();
            // On a slow machine the limit may end the command before it has written much, or even the proof.
            let is_short = caller.has_a_reply() || is_given_up && !witness.has_started();
            if (is_short || !is_proved) && limit < AT_LAST {
                continue;
            }
            witness.is_dead(&caller, causes::TimeLimitMissing);
            caller.is_over(fails_with(WouldBlock).or(causes::UnreadReplyHoldsTheServer));
            caller.vanishes(Goes::Closes);
            return expect_nothing_left(&caller.scene, &census);
        }
    });
}

#[test]
fn a_client_that_never_reads_ends_its_session() {
    graded(|| {
        builds_on(a_client_that_never_reads_ends_its_command);
        for limit in [SOON, LATER, LATEST, AT_LAST] {
            let mut caller = Caller::calls_with_room_for(4096, limit);
            caller.proves();
            caller.asks_for("`id`", &owned(&["id"]));
            if caller.reply().is_none() && limit < AT_LAST {
                // Too short even for the proof.
                continue;
            }
            let many = frame(&["id"]).repeat(MANY_COMMANDS);
            caller.says(&many, &words::and_reads_no_reply(counted(MANY_COMMANDS, "command")));
            caller.is_given_up();
            return caller.is_over(fails_with(WouldBlock).or(causes::UnreadReplyHoldsTheServer));
        }
    });
}

#[test]
fn a_slow_reader_is_informed_of_the_timeout() {
    graded(|| {
        builds_on(the_time_limit_ends_the_whole_process_group);
        builds_on(a_client_that_never_reads_ends_its_command);
        for limit in [A_WHILE, LATEST * 3 / 2] {
            let mut witness = Witness::new();
            let mut caller = Caller::calls_with_room_for(16 * 1024, limit);
            caller.proves();
            let script = r#"cat "$life" >&3 &
                while dd if=/dev/zero bs=65536 count=64 2>/dev/null; do :; done"#;
            caller.asks_for(&words::OUTPUT_THAT_IT_READS_SLOWLY, &witness.sh(script));
            caller.reads_slowly();
            let (reply, scene) = (caller.reply(), caller.scene.clone());
            // A pause of a busy machine looks like a client that reads nothing.
            let is_informed = reply.as_ref().is_some_and(Reply::is_timed_out);
            if !(is_informed && witness.has_started()) && limit < LATEST {
                continue;
            }
            let timed_out = returns(Finding::of(words::TIMED_OUT)).or(causes::SlowReaderGivenUp);
            scene.expect_of_peer(words::WAITS_FOR_THE_REPLY, timed_out, || {
                Ok(Finding::of(reply.unwrap_or_else(|| caller.what_came()).ending))
            });
            witness.is_dead(&caller, causes::GroupLivesOn);
            caller.asks_for("`id`", &owned(&["id"]));
            let refused = Reply::new(words::REFUSED, b"", b"");
            return caller.hears(refused, causes::SlowReaderGivenUp);
        }
    });
}

#[rstest]
#[case::while_output_comes(r#"cat "$life" >&3 & while echo y; do :; done; wait"#, LATEST)]
#[case::before_the_time_limit(r#"cat "$life" >&3 & wait"#, A_WHILE)]
fn an_error_of_the_stream_leaves_nothing_behind(
    #[case] script: &'static str,
    #[case] limit: Duration,
) {
    graded(move || {
        builds_on(the_time_limit_ends_the_whole_process_group);
        builds_on(background_children_end_with_their_command);
        builds_on(no_process_thread_or_descriptor_is_left);
        // A server may notice that the client has left when a write fails, or at the latest at the limit.
        for limit in [limit, LATEST, AT_LAST] {
            let mut witness = Witness::new();
            let census = Census::take();
            let mut caller = Caller::calls(limit);
            caller.proves();
            caller.asks_for(&words::A_COMMAND_THAT_GOES_ON, &witness.sh(script));
            let look = || witness.has_started().then_some(());
            if caller.census.look_longer_for(look, || false).is_none() && limit < AT_LAST {
                // Too short for the start.
                continue;
            }
            caller.vanishes(Goes::Resets);
            caller.is_given_up();
            caller.comes_to_an_end(causes::TimeLimitMissing);
            witness.is_dead(&caller, causes::GroupLivesOn);
            return expect_nothing_left(&caller.scene, &census);
        }
    });
}

#[rstest]
#[case::by_a_close(Goes::Closes, r#"cat "$life" >&3"#)]
#[case::by_a_reset(Goes::Resets, r#"cat "$life" >&3"#)]
#[case::by_the_end_of_its_stream(Goes::ClosesItsSide, r#"cat "$life" >&3"#)]
#[case::while_a_child_waits(Goes::Closes, r#"cat "$life" >&3 & wait"#)]
#[case::while_output_comes(Goes::Closes, r#"cat "$life" >&3 & while :; do echo y; done"#)]
fn a_client_that_leaves_ends_its_command(#[case] how: Goes, #[case] script: &'static str) {
    graded(move || {
        further();
        builds_on(end_of_stream_is_not_a_command);
        builds_on(a_client_with_the_key_is_served);
        builds_on(the_time_limit_ends_the_whole_process_group);
        let mut witness = Witness::new();
        let mut caller = Caller::calls(NO_LIMIT);
        caller.proves();
        caller.asks_for(&words::A_COMMAND_THAT_GOES_ON, &witness.sh(script));
        witness.waits_for_the_start(&caller);
        caller.vanishes(how);
        witness.is_dead(&caller, causes::CommandOutlivesItsClient);
        caller.comes_to_an_end(causes::CommandOutlivesItsClient);
    });
}

#[test]
fn nothing_is_left_after_a_client_leaves() {
    graded(|| {
        further();
        builds_on(no_process_thread_or_descriptor_is_left);
        builds_on(a_client_that_leaves_ends_its_command);
        let mut witness = Witness::new();
        let census = Census::take();
        let mut caller = Caller::calls(NO_LIMIT);
        caller.proves();
        caller.asks_for(&words::A_COMMAND, &witness.sh(WAITS_WITH_A_CHILD));
        witness.waits_for_the_start(&caller);
        caller.vanishes(Goes::Resets);
        witness.is_dead(&caller, causes::CommandOutlivesItsClient);
        caller.comes_to_an_end(causes::CommandOutlivesItsClient);
        expect_nothing_left(&caller.scene, &census);
    });
}
