//! Lesson 8, graded: people talk at any time, in pairs and in a room, and no member blocks the others.
//!
//! ```text
//! chatbot     server: 欢迎致电babyshen    client: hello    server: hello好    …    client: q
//! converse    each side sends lines at any time, and receives at the same time
//! Room        client: bob\n hello\n       all other members: [bob] hello\n
//! ```
//!
//! The chatbot and the lines are tested on a scripted wire, where one read returns what the script says
//! and a reader that would wait for ever is stopped. The rest runs on real sockets and real threads, but
//! no clock decides: a check that waits for something inspects the answer's threads, and gives up when
//! all of them are idle. Try it: let the member that never reads read a little, and see how much longer
//! a wrong room works.

use std::io::BufReader;
use std::io::ErrorKind::{
    self, BrokenPipe, ConnectionReset, Interrupted, InvalidData, InvalidInput, UnexpectedEof,
};
use std::iter;

use chat::{chatbot, read_line};
use netkata::{
    Cause, PartialOp, Wire, builds_on, fails_with, for_any, further, graded, needs_descriptors,
    returns,
};
use proptest::strategy::Strategy;
use rstest::rstest;

#[path = "../lessons/08_chat/causes.rs"]
mod causes;
#[path = "../lessons/08_chat/harness.rs"]
mod harness;
#[path = "../lessons/08_chat/words.rs"]
mod words;

use harness::*;

/// What the chatbot sends to every client first.
const GREETING: &str = "欢迎致电babyshen";
/// The longest line, in bytes, without its newline.
const MAX_LINE: usize = 1024;
/// This many lines may wait for a member that does not read.
const QUEUE: usize = 64;

#[test]
fn a_client_is_greeted_before_it_sends_anything() {
    graded(|| {
        let mut wire = Wire::silent().then_awaits(GREETING.len()).then_delivers(b"q");
        says(&mut wire, &[], causes::NotTheReply);
    });
}

#[rstest]
#[case::a_word(&["hello"], causes::NotTheReply)]
#[case::a_short_word_after_a_long_one(&[r"good morning", "hi"], Cause::UnfilledBuffer)]
#[case::words_in_chinese(&["你好", "神"], causes::NotTheReply)]
#[case::a_line(&["hello\n"], causes::NotTheReply)]
#[case::as_many_bytes_as_the_notes_buffer(&[A_LOT], Cause::NoRoomForAll)]
fn a_message_comes_back_with_one_word_added(
    #[case] messages: &'static [&'static str],
    #[case] cause: Cause,
) {
    graded(move || {
        builds_on(a_client_is_greeted_before_it_sends_anything);
        let mut wire = Wire::silent();
        let mut due = GREETING.len();
        for message in messages {
            wire = wire.then_awaits(due).then_delivers(message.as_bytes());
            due += message.len() + WORD.len();
        }
        says(&mut wire.then_awaits(due).then_delivers(b"q"), messages, cause);
    });
}

#[test]
fn a_reply_is_sent_in_one_write() {
    graded(|| {
        builds_on(a_message_comes_back_with_one_word_added);
        let wire = Wire::silent().then_awaits(GREETING.len()).then_delivers(b"hello");
        let mut wire = Counting { wire: wire.then_delivers(b"q"), writes: 0 };
        let scene = wire.wire.scene().clone();
        // On this wire one read is one message: a reply in two writes may arrive as two.
        let one = returns(1).or(Cause::SplitBySending);
        scene.expect("chatbot", one, || chatbot(&mut wire).map(|()| wire.writes));
    });
}

#[rstest]
#[case::of_2_bytes("é")]
#[case::of_3_bytes("神")]
#[case::of_4_bytes("🦀")]
fn a_character_split_across_two_reads_is_whole(#[case] character: &'static str) {
    graded(move || {
        builds_on(a_message_comes_back_with_one_word_added);
        for end in 1..character.len() {
            let (first, rest) = character.as_bytes().split_at(end);
            let due = GREETING.len() + character.len() + WORD.len();
            let mut wire = Wire::silent()
                .then_awaits(GREETING.len())
                .then_delivers(first)
                .then_delivers(rest)
                .then_awaits(due)
                .then_delivers(b"q");
            says(&mut wire, &[character], causes::CharacterCut);
        }
        // Only the character waits: what stands before it is complete, and not the message `q`.
        let (first, rest) = character.as_bytes().split_at(1);
        for (word, cause) in [("hello", causes::CharacterCut), ("q", causes::QuitIsAWord)] {
            let mut wire = Wire::silent()
                .then_awaits(GREETING.len())
                .then_delivers(&[word.as_bytes(), first].concat())
                .then_awaits(reply(&[word]).len())
                .then_delivers(rest)
                .then_awaits(reply(&[word, character]).len())
                .then_delivers(b"q");
            says(&mut wire, &[word, character], cause);
        }
    });
}

#[rstest]
#[case::a_byte_that_begins_nothing(b"\xff", b"")]
#[case::between_letters(b"a\xffb", b"")]
#[case::text_in_another_encoding(b"\xc9\xf1!", b"")]
#[case::half_a_character_and_a_letter(b"\xe7\xa5", b"a")]
#[case::two_bytes_that_begin_nothing(b"\xed\xa0", b"")]
#[case::beyond_the_last_character(b"\xf4\x90", b"")]
#[case::before_half_a_character(b"\xff\xe7\xa5", b"\x9e")]
fn bytes_that_are_not_text_come_back_unchanged(
    #[case] message: &'static [u8],
    #[case] rest: &'static [u8],
) {
    graded(move || {
        builds_on(a_message_comes_back_with_one_word_added);
        builds_on(a_character_split_across_two_reads_is_whole);
        let bytes = [message, rest].concat();
        let mut wire = Wire::silent()
            .then_awaits(GREETING.len())
            .then_delivers(message)
            .then_delivers(rest)
            .then_awaits(GREETING.len() + 1 + WORD.len())
            .then_delivers(b"q");
        // In one reply or in two: remove the added words.
        let cause = if rest.is_empty() { Cause::BytesAreNotText } else { causes::KeptBytesChanged };
        let same = returns(bytes).or(cause.clone()).or_when_it_waits(cause);
        wire.expect("chatbot", same, |wire| {
            chatbot(wire)?;
            Ok(without_words(&wire.written().split_off(GREETING.len())))
        });
    });
}

#[rstest]
#[case::alone("q")]
#[case::with_a_newline("q\n")]
#[case::with_a_line_end_of_windows("q\r\n")]
fn q_ends_the_session(#[case] q: &'static str) {
    graded(move || {
        builds_on(a_message_comes_back_with_one_word_added);
        let mut wire = Wire::delivers(["hello", q]);
        says(&mut wire, &["hello"], causes::QuitIsAWord);
    });
}

#[rstest]
#[case::at_the_beginning("quit")]
#[case::at_the_end("faq")]
#[case::twice("qq")]
#[case::as_a_capital("Q")]
#[case::behind_a_space(r" q")]
#[case::before_a_space("q \n")]
#[case::before_two_newlines("q\n\n")]
#[case::before_half_a_line_end("q\r")]
#[case::as_the_last_of_two_lines("hello\nq\n")]
fn a_message_may_contain_a_q(#[case] message: &'static str) {
    graded(move || {
        builds_on(a_message_comes_back_with_one_word_added);
        let mut wire = Wire::delivers([message, "q"]);
        says(&mut wire, &[message], causes::QuitIsAWord);
    });
}

#[rstest]
#[case::before_anything(&[])]
#[case::after_a_message(&["hello"])]
fn the_end_of_the_stream_ends_the_session(#[case] messages: &'static [&'static str]) {
    graded(move || {
        builds_on(a_message_comes_back_with_one_word_added);
        // A program that keeps writing to a peer that has gone gets an error, sooner or later.
        let sooner_or_later = vec![PartialOp::Unlimited; 64];
        let gone = vec![PartialOp::Err(ErrorKind::BrokenPipe); 64];
        let mut wire =
            Wire::delivers(messages).then_closes().accepting(&[sooner_or_later, gone].concat());
        let end = returns(Said::text(&reply(messages))).or(Cause::SpinsAtTheEnd);
        wire.expect("chatbot", end, |wire| {
            let outcome = chatbot(wire);
            if outcome.as_ref().is_err_and(|error| error.kind() == UnexpectedEof) {
                wire.scene().notice(Cause::CleanEndIsNoError);
            }
            outcome.map(|()| said_by(wire))
        });
    });
}

#[test]
fn the_chatbot_survives_short_writes() {
    graded(|| {
        builds_on(a_message_comes_back_with_one_word_added);
        builds_on(a_character_split_across_two_reads_is_whole);
        for at_most in [1, 7] {
            let mut wire = Wire::delivers(["hello", "q"]).accepting_at_most(at_most);
            says(&mut wire, &["hello"], Cause::PartialWriteIgnored);
        }
    });
}

#[test]
fn the_chatbot_survives_interrupted_reads() {
    graded(|| {
        further();
        builds_on(a_message_comes_back_with_one_word_added);
        builds_on(a_character_split_across_two_reads_is_whole);
        let interrupted = Wire::silent().then_fails(Interrupted).then_delivers(b"hello");
        let mut wire = interrupted.then_fails(Interrupted).then_delivers(b"q");
        says(&mut wire, &["hello"], Cause::InterruptedIsNoFailure);
    });
}

#[test]
fn the_chatbot_returns_a_reset_as_an_error() {
    graded(|| {
        builds_on(a_message_comes_back_with_one_word_added);
        let mut wire = Wire::delivers(["hello"]).then_fails(ConnectionReset).then_closes();
        let error = fails_with(ConnectionReset).or(Cause::ResetLooksComplete);
        wire.expect("chatbot", error, chatbot);
    });
}

#[rstest]
#[case::of_the_greeting(0, &[])]
#[case::of_a_reply(1, &["hello"])]
fn the_chatbot_returns_a_failed_write_as_an_error(
    #[case] good_writes: usize,
    #[case] messages: &'static [&'static str],
) {
    graded(move || {
        builds_on(a_reply_is_sent_in_one_write);
        // The failure of one write is enough: later ones succeed.
        let writes = [vec![PartialOp::Unlimited; good_writes], vec![PartialOp::Err(BrokenPipe)]];
        let wire = Wire::delivers(messages).then_closes();
        let mut wire = wire.accepting(&writes.concat());
        wire.expect("chatbot", fails_with(BrokenPipe).or(Cause::ErrorLost), chatbot);
    });
}

#[test]
fn any_text_in_any_pieces_comes_back_whole() {
    graded(|| {
        builds_on(a_message_comes_back_with_one_word_added);
        builds_on(a_character_split_across_two_reads_is_whole);
        let edges = [("é神🦀".to_owned(), vec![1; 9]), ("a神b".to_owned(), vec![2, 1, 2])];
        for_any(edges, texts(), |(text, sizes)| {
            let mut wire = in_pieces(text.as_bytes(), sizes).then_delivers(b"q");
            // Where one reply ends and the next begins depends on the reads: remove the added words.
            let whole = returns(Said::text(text)).or(causes::CharacterCut);
            let waits = whole.or_when_it_waits(causes::CharacterCut);
            wire.expect("chatbot", waits, |wire| {
                chatbot(wire)?;
                let said = String::from_utf8_lossy(&wire.written()).into_owned();
                let replies = said.strip_prefix(GREETING).unwrap_or(&said);
                Ok(Said::Text(replies.replace(WORD, "")))
            });
        });
    });
}

#[rstest]
#[case::in_two("hello\n", &[3], Cause::OneReadIsNotOneMessage)]
#[case::byte_by_byte("hi\n", &[1, 1], Cause::OneReadIsNotOneMessage)]
#[case::its_newline_apart("hello\n", &[5], Cause::OneReadIsNotOneMessage)]
#[case::its_line_end_in_two("hello\r\n", &[6], causes::LineEndsAtItsNewline)]
#[case::in_the_middle_of_a_character("神\n", &[1], causes::CharacterCut)]
fn a_line_in_pieces_is_one_line(
    #[case] line: &'static str,
    #[case] sizes: &'static [usize],
    #[case] cause: Cause,
) {
    graded(move || reads(in_pieces(line.as_bytes(), sizes), &[Some(line.trim_end())], cause));
}

#[test]
fn lines_stuck_together_are_read_one_by_one() {
    graded(|| {
        builds_on(a_line_in_pieces_is_one_line);
        let lines = [Some("one"), Some("two"), Some(""), Some("three")];
        let wire = Wire::delivers(["one\ntwo\r\n\nthr", "ee\n"]);
        reads(wire, &lines, causes::LineEndsAtItsNewline);
    });
}

#[rstest]
#[case::at_a_line_end(&["hello\n"])]
#[case::inside_a_line(&["hello\nrm -rf /"])]
#[case::inside_a_line_end(&["hello\nbye\r"])]
fn an_unfinished_last_line_is_dropped(#[case] segments: &'static [&'static str]) {
    graded(move || {
        let lines = [Some("hello"), None, None];
        reads(Wire::delivers(segments).then_closes(), &lines, causes::UnfinishedLineSaid);
    });
}

#[test]
fn a_line_has_at_most_1024_bytes() {
    graded(|| {
        let longest = "x".repeat(MAX_LINE);
        let wire = Wire::delivers([format!("{longest}\nhi\n")]);
        reads(wire, &[Some(&longest), Some("hi")], causes::LineHasALimit);
        // The limit is for the bytes that arrive: a replaced one has three.
        let (bells, seen) = ("\u{7}".repeat(MAX_LINE), "\u{fffd}".repeat(MAX_LINE));
        reads(Wire::delivers([format!("{bells}\n")]), &[Some(&seen)], causes::LineHasALimit);
        // Exactly MAX_LINE bytes are not too long, whatever follows: here the end of the stream.
        let cut = Wire::delivers([&longest]).then_closes();
        reads(cut, &[None], causes::LineHasALimit);
        // The limit is in bytes: the second line would pass a limit in characters. In the third, a `\r`
        // is the byte too many.
        let too_long =
            ["x".repeat(MAX_LINE + 1), "神".repeat(MAX_LINE / 3 + 1), format!("{longest}\r")];
        for line in too_long {
            let mut wire = Wire::delivers([line]);
            let refused = fails_with(InvalidData).or(causes::LineHasALimit);
            let refused = refused.or_when_it_waits(causes::LineHasALimit);
            wire.expect("read_line", refused, |wire| {
                read_line(&mut BufReader::new(wire)).map(|line| line.map(Said::Text))
            });
        }
    });
}

#[rstest]
#[case::back_to_the_start_of_the_line("hi\r[bob] I quit", "hi\u{fffd}[bob] I quit")]
#[case::an_escape_sequence("\u{1b}[2Khi", "\u{fffd}[2Khi")]
#[case::an_escape_sequence_of_8_bits("\u{9b}2Khi", "\u{fffd}2Khi")]
#[case::a_bell_and_a_zero("\u{7}hi\0", "\u{fffd}hi\u{fffd}")]
#[case::a_tab("hi\t[bob]", "hi\u{fffd}[bob]")]
#[case::a_delete("hi\u{7f}", "hi\u{fffd}")]
#[case::a_return_before_the_line_end("hi\r\r", "hi\u{fffd}")]
#[case::a_next_line("hi\u{85}[bob] I quit", "hi\u{fffd}[bob] I quit")]
fn control_characters_are_replaced(#[case] line: &'static str, #[case] seen: &'static str) {
    graded(move || {
        reads(Wire::delivers([format!("{line}\n")]), &[Some(seen)], causes::ControlsPass);
    });
}

#[test]
fn invalid_utf8_in_a_line_is_replaced() {
    graded(|| {
        let lines = [Some("a\u{fffd}b"), Some("hello")];
        reads(Wire::delivers([b"a\xffb\nhello\n"]), &lines, causes::NoTextIsNoFailure);
    });
}

#[test]
fn read_line_returns_a_reset_as_an_error() {
    graded(|| {
        let mut wire = Wire::delivers([r"rm -rf /"]).then_fails(ConnectionReset).then_closes();
        let error = fails_with(ConnectionReset).or(Cause::ResetLooksComplete);
        wire.expect("read_line", error, |wire| {
            read_line(&mut BufReader::new(wire)).map(|line| line.map(Said::Text))
        });
    });
}

#[test]
fn any_lines_in_any_pieces_are_read_whole() {
    graded(|| {
        builds_on(a_line_in_pieces_is_one_line);
        builds_on(lines_stuck_together_are_read_one_by_one);
        let edges = [("é\n神\n\n🦀".to_owned(), vec![1; 12])];
        let lines = texts().prop_map(|(text, sizes)| (text.replace('a', "\n"), sizes));
        for_any(edges, lines, |(text, sizes)| {
            let wire = in_pieces(format!("{text}\n").as_bytes(), sizes);
            let lines: Vec<Option<&str>> = text.split('\n').map(Some).collect();
            reads(wire, &lines, causes::CharacterCut);
        });
    });
}

#[test]
fn input_is_sent_and_received_bytes_are_shown() {
    graded(|| {
        let mut talk = Talk::begins();
        talk.types("hello\n");
        talk.peer_hears("hello\n", causes::TypedLineNotSent);
        talk.peer_says(b"hi\n");
        talk.screen_shows("hi\n", causes::ShownTooLate);
    });
}

#[test]
fn bytes_are_shown_while_the_keyboard_is_idle() {
    graded(|| {
        builds_on(input_is_sent_and_received_bytes_are_shown);
        let mut talk = Talk::begins();
        for words in ["one\n", "two\n", "three\n"] {
            talk.peer_says(words.as_bytes());
            talk.screen_shows(words, causes::TakesTurns);
        }
    });
}

#[test]
fn input_is_sent_while_the_peer_is_silent() {
    graded(|| {
        builds_on(bytes_are_shown_while_the_keyboard_is_idle);
        let mut talk = Talk::begins();
        // The first line is sent by an answer that takes turns, too.
        for (line, cause) in [
            ("\n", causes::TypedLineNotSent),
            ("two\n", causes::TakesTurns),
            ("three\n", causes::TakesTurns),
        ] {
            talk.types(line);
            talk.peer_hears(line, cause);
        }
    });
}

#[test]
fn received_bytes_are_shown_at_once() {
    graded(|| {
        builds_on(input_is_sent_and_received_bytes_are_shown);
        builds_on(bytes_are_shown_while_the_keyboard_is_idle);
        let mut talk = Talk::begins();
        talk.peer_says(b"no newline");
        talk.screen_shows(r"no newline", causes::ShownTooLate);
        // Half a character may be shown at once, or when its other half has arrived.
        talk.peer_says(b"\xe7\xa5");
        talk.settles();
        talk.peer_says(b"\x9e");
        talk.screen_shows("神", causes::CharacterCut);
    });
}

#[test]
fn bytes_are_shown_while_a_write_is_blocked() {
    graded(|| {
        builds_on(input_is_sent_and_received_bytes_are_shown);
        builds_on(bytes_are_shown_while_the_keyboard_is_idle);
        builds_on(received_bytes_are_shown_at_once);
        let mut talk = Talk::begins();
        // More than both kernels' buffers hold: the write waits for the peer.
        talk.types_a_lot();
        for words in [r"wait, ", "not so fast\n"] {
            talk.peer_says(words.as_bytes());
            talk.screen_shows(words, causes::TakesTurns);
        }
    });
}

#[test]
fn end_of_input_closes_only_the_sending_side() {
    graded(|| {
        builds_on(input_is_sent_and_received_bytes_are_shown);
        builds_on(bytes_are_shown_while_the_keyboard_is_idle);
        let mut talk = Talk::begins();
        talk.types("bye\n");
        talk.stops_typing();
        talk.peer_hears("bye\n", causes::TakesTurns);
        talk.peer_hears_the_end(causes::HalfCloseMissing);
        talk.peer_says(b"wait\n");
        talk.screen_shows("wait\n", causes::EndOfInputIsNotTheEnd);
        talk.peer_stops_speaking();
        talk.is_over(Cause::SpinsAtTheEnd);
    });
}

#[test]
fn a_last_line_without_a_newline_is_sent() {
    graded(|| {
        builds_on(end_of_input_closes_only_the_sending_side);
        let mut talk = Talk::begins();
        talk.types("bye");
        talk.stops_typing();
        talk.peer_hears_at_last("bye", causes::LastLineIsALine);
    });
}

#[rstest]
#[case::with_a_newline("exit\n")]
#[case::with_a_line_end_of_windows("exit\r\n")]
#[case::as_the_last_line_without_a_newline("exit")]
fn exit_closes_the_connection(#[case] exit: &'static str) {
    graded(move || {
        builds_on(bytes_are_shown_while_the_keyboard_is_idle);
        let mut talk = Talk::begins();
        for line in ["exits are on the left\n", " exit\n", "exit \n"] {
            talk.types(line);
            talk.peer_hears(line, causes::ExitIsNotSaid);
        }
        talk.types(exit);
        if !exit.ends_with('\n') {
            talk.stops_typing();
        }
        talk.peer_hears_the_end(causes::LineLeftOpen);
        talk.is_over(causes::LineLeftOpen);
    });
}

#[test]
fn end_of_stream_ends_converse_without_more_input() {
    graded(|| {
        builds_on(input_is_sent_and_received_bytes_are_shown);
        builds_on(bytes_are_shown_while_the_keyboard_is_idle);
        let mut talk = Talk::begins();
        talk.peer_says(b"bye\n");
        talk.peer_stops_speaking();
        talk.screen_shows("bye\n", causes::TakesTurns);
        talk.is_over(causes::WaitsForTheKeyboard);
        talk.peer_hears_the_end(causes::LineLeftOpen);
    });
}

#[test]
fn converse_returns_a_reset_as_an_error() {
    graded(|| {
        builds_on(bytes_are_shown_while_the_keyboard_is_idle);
        builds_on(received_bytes_are_shown_at_once);
        let mut talk = Talk::begins();
        talk.peer_says(b"by");
        talk.screen_shows("by", causes::ShownTooLate);
        talk.peer_resets();
        talk.fails_with(ConnectionReset, Cause::ResetLooksComplete);
    });
}

#[rstest]
#[case::at_a_write(&words::THE_OUTPUT_FAILS, Broken::Write)]
#[case::at_a_flush(&words::THE_FLUSH_FAILS, Broken::Flush)]
fn an_output_that_fails_closes_the_connection(#[case] what: &'static str, #[case] broken: Broken) {
    graded(move || {
        builds_on(bytes_are_shown_while_the_keyboard_is_idle);
        builds_on(end_of_stream_ends_converse_without_more_input);
        let mut talk = Talk::begins();
        talk.screen_breaks(what, broken);
        talk.peer_says(b"hi\n");
        talk.fails_with(BrokenPipe, causes::OutputErrorIsAnError);
        talk.peer_hears_the_end(causes::LineLeftOpen);
        talk.peer_cannot_send();
    });
}

#[test]
fn a_line_goes_to_all_other_members() {
    graded(|| {
        builds_on(lines_stuck_together_are_read_one_by_one);
        let mut party = Party::begins();
        let [alice, bob, carol] = ["alice", "bob", "神1"].map(|name| party.joins(name));
        for (from, line, heard) in [
            (alice, "hello\n", r"[alice] hello"),
            (carol, "你好\r\n", r"[神1] 你好"),
            (bob, "\n", r"[bob] "),
        ] {
            party.says(from, line);
            for member in [alice, bob, carol] {
                // The next line that the sender receives shows that it did not receive this one.
                if member != from {
                    party.hears(member, heard, causes::EchoesToTheSpeaker);
                }
            }
        }
        party.says(alice, "bye\n");
        party.hears(bob, r"[alice] bye", causes::EchoesToTheSpeaker);
        party.hears(carol, r"[alice] bye", causes::LineNotHeard);
        // A name and the first line may arrive in one read.
        let dave = party.connects("dave");
        party.says(dave, "dave\nhi\n");
        let all = [alice, bob, carol, dave];
        party.everybody_hears(r"* dave has joined", &all, causes::LineNotHeard);
        party.everybody_hears(r"[dave] hi", &[alice, bob, carol], causes::LineBehindTheName);
    });
}

#[test]
fn a_client_receives_nothing_before_it_joins() {
    graded(|| {
        builds_on(a_line_goes_to_all_other_members);
        let mut party = Party::begins();
        let [alice, bob] = ["alice", "bob"].map(|name| party.joins(name));
        let silent = party.connects("silent");
        let slow = party.connects("slow");
        party.says(slow, "sl");
        party.settles();
        party.says(alice, "psst\n");
        party.hears(bob, r"[alice] psst", causes::OneHoldsTheRoom);
        party.says(slow, "ow\n");
        party.everybody_hears(
            r"* slow has joined",
            &[alice, bob, slow],
            causes::HeardBeforeJoining,
        );
        party.says(silent, "silent\n");
        let all = [alice, bob, slow, silent];
        party.everybody_hears(r"* silent has joined", &all, causes::HeardBeforeJoining);
    });
}

#[test]
fn a_member_that_leaves_frees_its_name() {
    graded(|| {
        builds_on(a_line_goes_to_all_other_members);
        let mut party = Party::begins();
        let [alice, bob, carol] = ["alice", "bob", "carol"].map(|name| party.joins(name));
        party.leaves(bob);
        party.everybody_hears(r"* bob has left", &[alice, carol], causes::MemberStays);
        party.returns(bob, causes::MemberStays);
        let bob = party.connects("bob");
        party.says(bob, "bob\n");
        party.everybody_hears(r"* bob has joined", &[alice, carol, bob], causes::MemberStays);
        party.says(carol, "welcome back\n");
        party.everybody_hears(r"[carol] welcome back", &[alice, bob], causes::LineNotHeard);
        // It closes its sending side and reads on: the news of its leaving is for the others.
        party.closes_its_side(bob);
        party.everybody_hears(r"* bob has left", &[alice, carol], causes::MemberStays);
        party.hears_no_more(bob);
    });
}

#[rstest]
#[case::that_somebody_has("bob")]
#[case::of_no_character("")]
#[case::with_a_space(r"bob too")]
#[case::between_spaces(r" dave ")]
#[case::with_an_underscore("the_boss")]
#[case::that_forges_a_line(r"bob] hi [carol")]
#[case::that_moves_the_cursor("\u{1b}[2K")]
#[case::of_33_characters("abcdefghijklmnopqrstuvwxyz0123456")]
fn a_name_is_letters_and_digits_and_unique(#[case] name: &'static str) {
    graded(move || {
        let mut party = Party::begins();
        let [alice, bob] = ["alice", "bob"].map(|name| party.joins(name));
        let caller = party.connects(&words::A_CALLER);
        party.says(caller, &format!("{name}\n"));
        party.is_refused(caller);
        party.says(alice, "who was that?\n");
        party.hears(bob, r"[alice] who was that?", causes::NameUnchecked);
        // A letter is a letter in every script, and another one in another case.
        for allowed in ["神".repeat(32), "Bob".to_owned()] {
            party.joins_beside(&allowed, &[alice, bob]);
        }
    });
}

#[test]
fn half_a_line_blocks_nothing_and_is_dropped() {
    graded(|| {
        builds_on(an_unfinished_last_line_is_dropped);
        builds_on(a_line_goes_to_all_other_members);
        let mut party = Party::begins();
        let [alice, bob, carol] = ["alice", "bob", "carol"].map(|name| party.joins(name));
        party.says(bob, r"rm -rf /");
        party.settles();
        party.says(alice, "hello\n");
        party.hears(carol, r"[alice] hello", causes::OneHoldsTheRoom);
        party.leaves(bob);
        party.everybody_hears(r"* bob has left", &[alice, carol], causes::UnfinishedLineSaid);
    });
}

#[test]
fn a_burst_of_64_lines_disconnects_no_member() {
    graded(|| {
        let mut party = Party::begins();
        let [alice, bob, carol] = ["alice", "bob", "carol"].map(|name| party.joins(name));
        let lines: String = (1..=QUEUE).map(|number| format!("{number}\n")).collect();
        party.says(alice, &lines);
        let scene = party.scene.clone();
        for (member, name) in [(bob, "bob"), (carol, "carol")] {
            let every_line = returns(Said::Finding(&words::EVERY_LINE)).or(causes::QueueTooShort);
            scene.expect_of(name, words::LISTENS, every_line, || {
                // If another member was disconnected, the check on that member reports it.
                let is_about_others =
                    |line: &Said| matches!(line, Said::Text(text) if text.starts_with(r"* "));
                let lines = iter::repeat_with(|| party.next_line(member));
                let mut heard = (1..=QUEUE).zip(lines.filter(|line| !is_about_others(line)));
                let other =
                    heard.find(|(number, line)| *line != Said::Text(format!(r"[alice] {number}")));
                Ok(other.map_or(Said::Finding(&words::EVERY_LINE), |(_, line)| line))
            });
        }
    });
}

#[test]
fn a_reset_removes_only_that_member() {
    graded(|| {
        builds_on(a_line_goes_to_all_other_members);
        let mut party = Party::begins();
        let [alice, carol] = ["alice", "carol"].map(|name| party.joins(name));
        for name in ["bob", "dave", "erin"] {
            let member = party.joins_beside(name, &[alice, carol]);
            party.dies(member);
            let gone = format!(r"* {name} has left");
            party.everybody_hears(&gone, &[alice, carol], causes::MemberStays);
        }
        for (from, to, name) in [(alice, carol, "alice"), (carol, alice, "carol")] {
            party.says(from, "hello\n");
            party.hears(to, &format!(r"[{name}] hello"), causes::LineNotHeard);
        }
    });
}

#[test]
fn a_line_above_the_limit_removes_its_member() {
    graded(|| {
        builds_on(a_line_has_at_most_1024_bytes);
        builds_on(a_reset_removes_only_that_member);
        let mut party = Party::begins();
        let [alice, bob] = ["alice", "bob"].map(|name| party.joins(name));
        party.says(bob, &"x".repeat(MAX_LINE + 1));
        party.hears(alice, r"* bob has left", causes::LongLineEndsTheStay);
        party.is_thrown_out(bob, &[InvalidData]);
        let caller = party.connects(&words::A_CALLER);
        party.says(caller, &"x".repeat(MAX_LINE + 1));
        // As a line it is too long, and as a name.
        party.is_thrown_out(caller, &[InvalidData, InvalidInput]);
    });
}

#[test]
fn a_member_that_never_reads_blocks_no_other() {
    graded(|| {
        needs_descriptors(512);
        builds_on(a_line_goes_to_all_other_members);
        builds_on(a_burst_of_64_lines_disconnects_no_member);
        let mut party = Party::begins();
        let stalled = party.joins("stalled");
        party.stops_reading(stalled);
        let speaker = party.joins_beside("speaker", &[]);
        let members: Vec<Guest> = (3..=50).map(|number| party.joins_unseen(number)).collect();
        party.have_heard(&members, "* 50 has joined\n");
        let every_line = returns(Said::Finding(&words::EVERY_LINE)).or(causes::OneHoldsTheRoom);
        let scene = party.scene.clone();
        scene.expect_of(words::THE_OTHER_48, words::LISTEN, every_line, || {
            Ok(party.speaks(speaker, &members, A_FEW_LINES).0)
        });
    });
}

#[test]
fn a_member_with_a_full_queue_is_disconnected() {
    graded(|| {
        builds_on(a_burst_of_64_lines_disconnects_no_member);
        builds_on(a_member_that_never_reads_blocks_no_other);
        let mut party = Party::begins();
        let stalled = party.joins("stalled");
        party.stops_reading(stalled);
        let [speaker, listener] = ["speaker", "listener"].map(|name| party.joins_beside(name, &[]));
        party.have_heard(&[listener], "* listener has joined\n");
        let dropped = returns(Said::text(r"* stalled has left")).or(causes::NeverHungUpOn);
        let scene = party.scene.clone();
        scene.expect_of(words::THE_LISTENER, words::HEARS, dropped, || {
            let (heard, dropped) = party.speaks(speaker, &[listener], MANY_LINES);
            Ok(if dropped { Said::text(r"* stalled has left") } else { heard })
        });
        // It still does not read: nothing but the end of its stream can end its write.
        party.returns_somehow(stalled, causes::MemberStays);
        party.reads_again(stalled);
        let end = returns(Said::Finding(&words::THE_END_OF_THE_STREAM)).or(causes::LineLeftOpen);
        scene.expect_of("stalled", words::READS_WHAT_CAME, end, || Ok(party.ends(stalled)));
    });
}

#[test]
fn members_that_leave_free_threads_and_descriptors() {
    graded(|| {
        builds_on(a_member_that_leaves_frees_its_name);
        let mut party = Party::begins();
        let stalled = party.joins("stalled");
        party.stops_reading(stalled);
        let [speaker, listener] = ["speaker", "listener"].map(|name| party.joins_beside(name, &[]));
        let closes = party.joins_beside("closes", &[]);
        let dies = party.joins_beside("dies", &[]);
        let nameless = party.connects(&words::A_CALLER_WITHOUT_A_NAME);
        party.have_heard(&[listener, closes, dies], "* dies has joined\n");
        party.speaks(speaker, &[listener, closes, dies], MANY_LINES);
        // One after the other: each member that receives `has left` is still there.
        party.dies(dies);
        party.have_heard(&[listener, closes, speaker], "* dies has left\n");
        party.leaves(closes);
        party.have_heard(&[listener, speaker], "* closes has left\n");
        party.leaves(speaker);
        party.have_heard(&[listener], "* speaker has left\n");
        for guest in [nameless, stalled, listener] {
            party.leaves(guest);
        }
        let (scene, census) = (party.scene.clone(), party.census.clone());
        drop(party);
        scene.expect_no_thread_left(&census, causes::MemberLeavesThreads);
        scene.expect_no_descriptor_left(&census);
    });
}
