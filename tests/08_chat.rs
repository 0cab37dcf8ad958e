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

use std::io::ErrorKind::{
    self, ConnectionReset, Interrupted, InvalidData, InvalidInput, UnexpectedEof,
};
use std::io::{self, BufReader, Read, Write};
use std::iter;
use std::mem;
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use chat::{Room, chatbot, converse, read_line};
use netkata::{
    Background, Cause, Census, Client, Crowd, PartialOp, Scene, Told, Wire, builds_on, connected,
    fails_with, for_any, further, graded, in_background, local_listener, quoted, returns,
};
use proptest::collection::vec;
use proptest::prelude::any;
use proptest::strategy::Strategy;
use rstest::rstest;
use socket2::SockRef;

#[path = "../lessons/08_chat/causes.rs"]
mod causes;
#[path = "../lessons/08_chat/words.rs"]
mod words;

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
    });
}

#[rstest]
#[case::a_byte_that_begins_nothing(b"\xff")]
#[case::between_letters(b"a\xffb")]
#[case::text_in_another_encoding(b"\xc9\xf1!")]
fn bytes_that_are_not_text_come_back_unchanged(#[case] message: &'static [u8]) {
    graded(move || {
        builds_on(a_message_comes_back_with_one_word_added);
        builds_on(a_character_split_across_two_reads_is_whole);
        let reply = [message, WORD.as_bytes()].concat();
        let mut wire = Wire::silent()
            .then_awaits(GREETING.len())
            .then_delivers(message)
            .then_awaits(GREETING.len() + reply.len())
            .then_delivers(b"q");
        let same = returns(reply).or(Cause::BytesAreNotText);
        wire.expect("chatbot", same, |wire| {
            chatbot(wire)?;
            Ok(wire.written().split_off(GREETING.len()))
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
        // Exactly MAX_LINE bytes are not too long, whatever follows: here the end of the stream.
        let cut = Wire::delivers([&longest]).then_closes();
        reads(cut, &[None], causes::LineHasALimit);
        // The limit is in bytes: the second line would pass a limit in characters.
        let too_long = ["x".repeat(MAX_LINE + 1), "神".repeat(MAX_LINE / 3 + 1)];
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
        talk.peer_hears("hello\n", causes::TakesTurns);
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
        for line in ["one\n", "two\n", "three\n"] {
            talk.types(line);
            talk.peer_hears(line, causes::TakesTurns);
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
        talk.peer_hears_the_end(causes::EndOfInputNotTold);
        talk.peer_says(b"wait\n");
        talk.screen_shows("wait\n", causes::EndOfInputIsNotTheEnd);
        talk.peer_stops_speaking();
        talk.is_over(Cause::SpinsAtTheEnd);
    });
}

#[rstest]
#[case::with_a_newline("exit\n")]
#[case::with_a_line_end_of_windows("exit\r\n")]
fn exit_closes_the_connection(#[case] exit: &'static str) {
    graded(move || {
        builds_on(bytes_are_shown_while_the_keyboard_is_idle);
        let mut talk = Talk::begins();
        talk.types("exits are on the left\n");
        talk.peer_hears("exits are on the left\n", causes::ExitIsNotSaid);
        talk.types(exit);
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
        talk.fails_with_a_reset();
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
        party.hears(bob, r"[carol] welcome back", causes::LineNotHeard);
    });
}

#[rstest]
#[case::that_somebody_has("bob")]
#[case::of_no_character("")]
#[case::with_a_space(r"bob too")]
#[case::that_forges_a_line(r"bob] hi [carol")]
#[case::that_moves_the_cursor("\u{1b}[2K")]
#[case::of_33_characters("abcdefghijklmnopqrstuvwxyz0123456")]
fn a_name_is_letters_and_digits_and_unique(#[case] name: &'static str) {
    graded(move || {
        let mut party = Party::begins();
        let [alice, bob] = ["alice", "bob"].map(|name| party.joins(name));
        let caller = party.connects(words::A_CALLER);
        party.says(caller, &format!("{name}\n"));
        party.is_refused(caller);
        party.says(alice, "who was that?\n");
        party.hears(bob, r"[alice] who was that?", causes::NameUnchecked);
        let longest = "abcdefghijklmnopqrstuvwxyz012345";
        party.joins_beside(longest, &[alice, bob]);
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
            let every_line = returns(Said::Finding(words::EVERY_LINE)).or(causes::QueueTooShort);
            scene.expect_of(name, words::LISTENS, every_line, || {
                // If another member was disconnected, the check on that member reports it.
                let is_about_others =
                    |line: &Said| matches!(line, Said::Text(text) if text.starts_with(r"* "));
                let lines = iter::repeat_with(|| party.next_line(member));
                let mut heard = (1..=QUEUE).zip(lines.filter(|line| !is_about_others(line)));
                let other =
                    heard.find(|(number, line)| *line != Said::Text(format!(r"[alice] {number}")));
                Ok(other.map_or(Said::Finding(words::EVERY_LINE), |(_, line)| line))
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
        party.hears(alice, r"* bob has left", causes::LineHasALimit);
    });
}

#[test]
fn a_member_that_never_reads_blocks_no_other() {
    graded(|| {
        builds_on(a_line_goes_to_all_other_members);
        builds_on(a_burst_of_64_lines_disconnects_no_member);
        let mut party = Party::begins();
        let stalled = party.joins("stalled");
        party.stops_reading(stalled);
        let speaker = party.joins_beside("speaker", &[]);
        let members: Vec<Guest> = (3..=50).map(|number| party.joins_unseen(number)).collect();
        party.have_heard(&members, "* 50 has joined\n");
        let every_line = returns(Said::Finding(words::EVERY_LINE)).or(causes::OneHoldsTheRoom);
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
        party.reads_again(stalled);
        let end = returns(Said::Finding(words::THE_END_OF_THE_STREAM)).or(causes::LineLeftOpen);
        scene.expect_of("stalled", words::READS_WHAT_CAME, end, || Ok(party.ends(stalled)));
        party.returns(stalled, causes::MemberStays);
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
        let nameless = party.connects(words::A_CALLER_WITHOUT_A_NAME);
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

/// What the chatbot adds to every message.
const WORD: &str = "好";

/// As many bytes as the buffer of the notes' program holds.
const A_LOT: &str = match str::from_utf8(&[b'z'; 1024]) {
    Ok(text) => text,
    Err(_) => unreachable!(),
};

/// More lines than the two kernels buffer for a member that never reads.
const A_FEW_LINES: usize = 400;

/// More lines than the two kernels and a queue of the room hold for that member.
const MANY_LINES: usize = 2000;

/// What was sent, or what was found, as a story shows it: without a comparison byte by byte.
#[derive(Clone, Debug, PartialEq)]
enum Said {
    Text(String),
    Finding(&'static str),
    /// The call has not returned; it waits in this place.
    Waits(String),
}

impl Said {
    fn text(text: &str) -> Said {
        Said::Text(text.to_owned())
    }

    fn bytes(bytes: &[u8]) -> Said {
        Said::Text(String::from_utf8_lossy(bytes).into_owned())
    }
}

impl Told for Said {
    fn told(&self) -> String {
        match self {
            Said::Text(text) if text.is_empty() => words::NOTHING.to_owned(),
            Said::Text(text) => quoted(text.as_bytes()),
            Said::Finding(found) => (*found).to_owned(),
            Said::Waits(place) => words::nothing_yet(place),
        }
    }
}

/// The greeting, and the replies to these messages.
fn reply(messages: &[&str]) -> String {
    let replies = messages.iter().map(|message| format!("{message}{WORD}"));
    [GREETING.to_owned()].into_iter().chain(replies).collect()
}

/// Run the chatbot on these messages, which the wire delivers, and check its replies.
fn says(wire: &mut Wire, messages: &[&str], cause: Cause) {
    let expected = returns(Said::text(&reply(messages))).or(cause.clone());
    wire.expect("chatbot", expected.or_when_it_waits(cause), |wire| {
        chatbot(wire)?;
        Ok(said_by(wire))
    });
}

/// Everything that was written.
fn said_by(wire: &Wire) -> Said {
    let written = wire.written();
    if written.contains(&0) {
        wire.scene().notice(Cause::UnfilledBuffer);
    }
    Said::bytes(&written)
}

/// Check that `read_line` reads these lines, which the wire delivers, through one buffer.
fn reads(wire: Wire, lines: &[Option<&str>], cause: Cause) {
    let scene = wire.scene().clone();
    let mut input = BufReader::new(wire);
    for line in lines {
        let expected = returns(line.map(Said::text)).or(cause.clone());
        scene.expect("read_line", expected.or_when_it_waits(cause.clone()), || {
            let came = read_line(&mut input)?;
            if came.as_deref() != *line && came.as_deref() == line.map(str::trim) {
                scene.notice(causes::LineEndsAtItsNewline);
            }
            Ok(came.map(Said::Text))
        });
    }
}

/// Text without control characters and without the letters that have a meaning here, and sizes of
/// pieces.
fn texts() -> impl Strategy<Value = (String, Vec<usize>)> {
    let plain = |c: &char| !c.is_control() && !"q好".contains(*c);
    let text = vec(any::<char>(), 1..40);
    let text = text.prop_map(move |chars| chars.into_iter().filter(plain).collect::<String>());
    (text.prop_filter("empty", |text| !text.is_empty()), vec(1..9_usize, 0..40))
}

fn in_pieces(bytes: &[u8], sizes: &[usize]) -> Wire {
    let cuts: Vec<PartialOp> = sizes.iter().copied().map(PartialOp::Limited).collect();
    Wire::cut(bytes, &cuts)
}

/// A wire, and the number of writes since the last read.
struct Counting {
    wire: Wire,
    writes: usize,
}

impl Read for Counting {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.wire.read(buffer)?;
        // The `q` gets no reply: keep the count.
        if buffer[..n] != *b"q" {
            self.writes = 0;
        }
        Ok(n)
    }
}

impl Write for Counting {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.writes += 1;
        self.wire.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.wire.flush()
    }
}

/// A conversation: `converse` with a keyboard at one end, and a peer at the other.
struct Talk {
    scene: Scene,
    census: Census,
    peer: Option<TcpStream>,
    heard: Vec<u8>,
    heard_the_end: bool,
    keyboard: Option<Sender<Vec<u8>>>,
    screen: Screen,
    /// How many of the shown bytes have been checked.
    looked_at: usize,
    call: Option<Background<io::Result<()>>>,
}

impl Talk {
    fn begins() -> Talk {
        let scene = Scene::begin();
        let census = Census::take();
        let (peer, stream) = connected().expect("a connection over loopback");
        peer.set_nonblocking(true).expect("a socket");
        SockRef::from(&stream).set_send_buffer_size(16 * 1024).expect("a smaller buffer");
        let (keyboard, keys) = mpsc::channel();
        let (screen, input) = (Screen::default(), BufReader::new(Keyboard { keys, key: vec![] }));
        let mut output = screen.clone();
        let call = in_background("converse", move || converse(stream, input, &mut output));
        Talk {
            scene,
            census,
            peer: Some(peer),
            heard: Vec::new(),
            heard_the_end: false,
            keyboard: Some(keyboard),
            screen,
            looked_at: 0,
            call: Some(call),
        }
    }

    fn types(&mut self, line: &str) {
        self.scene.happened(words::somebody_types(quoted(line.as_bytes())));
        self.presses(line);
    }

    fn types_a_lot(&mut self) {
        self.scene.happened(words::SOMEBODY_TYPES_A_LOT);
        self.presses(&format!("{}\n", "x".repeat(8 * 1024 * 1024)));
        // The first byte has arrived; the last never will.
        self.census.look_for(|| self.peer.as_ref()?.peek(&mut [0]).ok());
    }

    fn presses(&mut self, keys: &str) {
        // The answer may have stopped reading the keyboard.
        let _ = self.keyboard.as_ref().map(|keyboard| keyboard.send(keys.into()));
    }

    fn stops_typing(&mut self) {
        self.scene.happened(words::THE_INPUT_ENDS);
        self.keyboard = None;
    }

    fn peer_says(&mut self, bytes: &[u8]) {
        self.scene.peer_sent(bytes);
        if let Some(peer) = &mut self.peer {
            // If the connection is closed, a later check finds that these bytes are missing.
            let _ = peer.write_all(bytes);
        }
    }

    fn peer_stops_speaking(&mut self) {
        self.scene.peer_did(words::CLOSES_ITS_SENDING_SIDE);
        let _ = self.peer.as_ref().map(|peer| peer.shutdown(Shutdown::Write));
    }

    fn peer_resets(&mut self) {
        self.scene.peer_did(words::RESETS_THE_CONNECTION);
        let peer = self.peer.take().expect("a peer that is there");
        SockRef::from(&peer).set_linger(Some(Duration::ZERO)).expect("a socket lingers as told");
    }

    /// Wait until the answer has handled everything it received.
    fn settles(&mut self) {
        self.census.settle();
    }

    fn peer_hears(&mut self, text: &str, cause: Cause) {
        let scene = self.scene.clone();
        let expected = returns(Said::text(text)).or(cause);
        scene.expect_of_peer(words::LISTENS, expected, || {
            Ok(Said::bytes(self.peer_listens(|heard| heard == text.as_bytes())))
        });
    }

    fn peer_hears_the_end(&mut self, cause: Cause) {
        let scene = self.scene.clone();
        let expected = returns(Said::Finding(words::THE_END_OF_THE_STREAM)).or(cause);
        scene.expect_of_peer(words::WAITS_FOR_THE_END, expected, || {
            let more = Said::bytes(self.peer_listens(|_| false));
            if matches!(&more, Said::Text(text) if text.starts_with("exit")) {
                scene.notice(causes::ExitIsNotSaid);
            }
            let ended = self.heard_the_end && more == Said::text("");
            Ok(if ended { Said::Finding(words::THE_END_OF_THE_STREAM) } else { more })
        });
    }

    /// Wait until the new bytes that the peer has received are enough, or its stream has ended; return them.
    fn peer_listens(&mut self, enough: impl Fn(&[u8]) -> bool) -> &[u8] {
        let before = self.heard.len();
        self.census.look_for(|| {
            self.heard_the_end |= takes_in(self.peer.as_mut(), &mut self.heard);
            (enough(&self.heard[before..]) || self.heard_the_end).then_some(())
        });
        &self.heard[before..]
    }

    fn screen_shows(&mut self, text: &str, cause: Cause) {
        let scene = self.scene.clone();
        let expected = returns(Said::text(text)).or(cause);
        scene.expect_of(words::THE_SCREEN, words::SHOWS, expected, || {
            // If other bytes arrive, wait for all of them, so that the story shows them all.
            let text = text.as_bytes();
            self.census.look_for(|| {
                (self.screen.shown().get(self.looked_at..) == Some(text)).then_some(())
            });
            let shown = self.screen.shown();
            let new = Said::bytes(&shown[self.looked_at.min(shown.len())..]);
            self.looked_at = shown.len();
            Ok(new)
        });
    }

    fn fails_with_a_reset(&mut self) {
        let scene = self.scene.clone();
        let expected = fails_with(ConnectionReset).or(Cause::ResetLooksComplete);
        scene.expect("converse", expected, || ended(&self.census, self.call.take()));
    }

    fn is_over(&mut self, cause: Cause) {
        let scene = self.scene.clone();
        let expected = returns(Said::Finding(words::SUCCESS)).or(cause);
        scene.expect("converse", expected, || ended(&self.census, self.call.take()));
    }
}

impl Drop for Talk {
    fn drop(&mut self) {
        // After a failed check, close nothing: some answers spin at the end of a stream.
        if thread::panicking() {
            mem::forget((self.peer.take(), self.keyboard.take()));
        }
    }
}

/// Return the result of a call in the background, or where it waits.
fn ended(census: &Census, call: Option<Background<io::Result<()>>>) -> io::Result<Said> {
    let call = call.expect("nobody has waited for it yet");
    if census.look_for(|| call.is_over().then_some(())).is_none() {
        return Ok(Said::Waits(call.place()));
    }
    call.join().map(|()| Said::Finding(words::SUCCESS))
}

/// Read what has arrived, and report whether the stream has ended.
fn takes_in(peer: Option<&mut TcpStream>, heard: &mut Vec<u8>) -> bool {
    let Some(peer) = peer else { return true };
    match peer.read_to_end(heard) {
        Err(error) if error.kind() == ErrorKind::WouldBlock => false,
        // By a close or by an error, it has ended.
        _ => true,
    }
}

/// Keyboard input as `read` sees it: a read waits for the next key.
struct Keyboard {
    keys: Receiver<Vec<u8>>,
    /// Typed bytes that are not read yet.
    key: Vec<u8>,
}

impl Read for Keyboard {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.key.is_empty() {
            self.key = self.keys.recv().unwrap_or_default();
        }
        let n = buffer.len().min(self.key.len());
        buffer[..n].copy_from_slice(&self.key[..n]);
        self.key.drain(..n);
        Ok(n)
    }
}

/// A screen with a buffer, like a terminal's: bytes that are not flushed are not shown.
#[derive(Clone, Default)]
struct Screen(Arc<Mutex<(Vec<u8>, usize)>>);

impl Screen {
    fn shown(&self) -> Vec<u8> {
        let state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.0[..state.1].to_vec()
    }
}

impl Write for Screen {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.1 = state.0.len();
        Ok(())
    }
}

/// A room and its clients over real connections, all driven by one thread.
struct Party {
    scene: Scene,
    census: Census,
    room: Arc<Room>,
    listener: TcpListener,
    crowd: Crowd,
    guests: Vec<Connection>,
}

/// One client of a [`Party`].
#[derive(Clone, Copy, Debug, PartialEq)]
struct Guest(usize);

struct Connection {
    name: String,
    client: Client,
    /// How many of the received bytes have been checked.
    looked_at: usize,
    call: Option<Background<io::Result<()>>>,
}

impl Party {
    fn begins() -> Party {
        let scene = Scene::begin();
        let census = Census::take();
        let listener = local_listener().expect("a free port");
        let address: SocketAddr = listener.local_addr().expect("a bound listener has an address");
        let crowd = Crowd::around(address);
        Party { scene, census, room: Arc::default(), listener, crowd, guests: Vec::new() }
    }

    /// Connect a client that sends nothing yet.
    fn connects(&mut self, name: &str) -> Guest {
        let client = self.crowd.connects(name);
        let (stream, _) = self.listener.accept().expect("a caller in the line");
        if name == "stalled" {
            // A small buffer, so that a few lines fill it.
            SockRef::from(&stream).set_send_buffer_size(4096).expect("a smaller buffer");
        }
        let room = Arc::clone(&self.room);
        let call = Some(in_background("join", move || room.join(stream)));
        self.guests.push(Connection { name: name.to_owned(), client, looked_at: 0, call });
        Guest(self.guests.len() - 1)
    }

    /// Connect a client and send its name; every member receives the news.
    fn joins(&mut self, name: &str) -> Guest {
        let others: Vec<Guest> = (0..self.guests.len()).map(Guest).collect();
        self.joins_beside(name, &others)
    }

    /// As `joins`, but only these others are checked.
    fn joins_beside(&mut self, name: &str, others: &[Guest]) -> Guest {
        let guest = self.connects(name);
        self.scene.happened(words::joins(name));
        self.crowd.says(self.guests[guest.0].client, format!("{name}\n").as_bytes());
        let joined = Said::Text(format!(r"* {name} has joined"));
        for listener in others.iter().copied().chain([guest]) {
            let line = self.next_line(listener);
            if line != joined {
                let expected = returns(joined).or(causes::LineNotHeard);
                let listener = self.guests[listener.0].name.clone();
                self.scene.expect_of(&listener, words::LISTENS, expected, || Ok(line));
                unreachable!("it heard something else");
            }
        }
        guest
    }

    /// As `joins`, but no other member is checked.
    fn joins_unseen(&mut self, number: usize) -> Guest {
        let guest = self.connects(&number.to_string());
        self.crowd.says(self.guests[guest.0].client, format!("{number}\n").as_bytes());
        self.next_line(guest);
        guest
    }

    fn says(&mut self, guest: Guest, text: &str) {
        let Connection { name, client, .. } = &self.guests[guest.0];
        let told = match text.lines().count() {
            lines @ 2.. => words::lines_at_once(lines),
            _ if text.len() > MAX_LINE => words::A_LONG_LINE.to_owned(),
            _ => quoted(text.as_bytes()),
        };
        self.scene.happened(words::says(name, told));
        self.crowd.says(*client, text.as_bytes());
    }

    fn stops_reading(&mut self, guest: Guest) {
        self.scene.happened(words::does_not_read(&self.guests[guest.0].name));
        self.crowd.stops_reading(self.guests[guest.0].client);
    }

    fn reads_again(&mut self, guest: Guest) {
        self.scene.happened(words::reads_again(&self.guests[guest.0].name));
        self.crowd.reads_again(self.guests[guest.0].client);
    }

    fn leaves(&mut self, guest: Guest) {
        self.scene.happened(words::closes_its_connection(&self.guests[guest.0].name));
        self.crowd.leaves(self.guests[guest.0].client);
    }

    fn dies(&mut self, guest: Guest) {
        self.scene.happened(words::resets_its_connection(&self.guests[guest.0].name));
        self.crowd.resets(self.guests[guest.0].client);
    }

    /// Wait until the room has handled everything it received.
    fn settles(&mut self) {
        self.census.settle();
        self.crowd.exchange();
    }

    /// Wait until this line is the last one that these members have received.
    fn have_heard(&mut self, guests: &[Guest], line: &str) {
        let clients: Vec<Client> = guests.iter().map(|it| self.guests[it.0].client).collect();
        self.census.look_for(|| {
            self.crowd.exchange();
            let mut heard = clients.iter().map(|it| self.crowd.heard(*it));
            heard.all(|heard| heard.ends_with(line.as_bytes())).then_some(())
        });
    }

    fn hears(&mut self, guest: Guest, line: &str, cause: Cause) {
        let (scene, name) = (self.scene.clone(), self.guests[guest.0].name.clone());
        let expected = returns(Said::text(line)).or(cause);
        scene.expect_of(&name, words::LISTENS, expected, || Ok(self.next_line(guest)));
    }

    fn everybody_hears(&mut self, line: &str, guests: &[Guest], cause: Cause) {
        for guest in guests {
            self.hears(*guest, line, cause.clone());
        }
    }

    fn is_refused(&mut self, guest: Guest) {
        let scene = self.scene.clone();
        let expected = returns(Said::Finding(words::A_REFUSAL)).or(causes::NameUnchecked);
        scene.expect_of(words::THE_CLIENT, words::LISTENS, expected, || {
            let line = self.next_line(guest);
            let reason = matches!(&line, Said::Text(line) if line.starts_with('!'));
            Ok(if reason { Said::Finding(words::A_REFUSAL) } else { line })
        });
        let end = returns(Said::Finding(words::THE_END_OF_THE_STREAM)).or(causes::NameUnchecked);
        scene.expect_of(words::THE_CLIENT, words::LISTENS, end, || Ok(self.ends(guest)));
        let refused = fails_with(InvalidInput).or(causes::NameUnchecked);
        let call = self.guests[guest.0].call.take();
        scene.expect("join", refused, || ended(&self.census, call));
    }

    fn returns(&mut self, guest: Guest, cause: Cause) {
        let scene = self.scene.clone();
        let call = self.guests[guest.0].call.take();
        let expected = returns(Said::Finding(words::SUCCESS)).or(cause);
        scene.expect("join", expected, || ended(&self.census, call));
    }

    /// Wait until the connection of this guest has ended.
    fn ends(&mut self, guest: Guest) -> Said {
        let client = self.guests[guest.0].client;
        let ended = self.census.look_for(|| {
            self.crowd.exchange();
            self.crowd.ended(client)
        });
        if ended.is_some() { Said::Finding(words::THE_END_OF_THE_STREAM) } else { Said::text("") }
    }

    /// Return the next line that this guest receives, without its newline.
    fn next_line(&mut self, guest: Guest) -> Said {
        let Connection { client, looked_at, .. } = self.guests[guest.0];
        let newline = self.census.look_for(|| {
            self.crowd.exchange();
            let new = &self.crowd.heard(client)[looked_at..];
            let newline = new.iter().position(|byte| *byte == b'\n');
            newline.map(Some).or(self.crowd.ended(client).map(|_| None))
        });
        let new = &self.crowd.heard(client)[looked_at..];
        match newline {
            Some(Some(newline)) => {
                self.guests[guest.0].looked_at += newline + 1;
                Said::bytes(&new[..newline])
            }
            Some(None) if new.is_empty() => Said::Finding(words::THE_END_OF_THE_STREAM),
            _ => Said::bytes(new),
        }
    }

    /// Send a few lines and wait until the listeners have received them, again and again, until they
    /// receive that the member that does not read has left, or until this many lines have been sent.
    fn speaks(&mut self, speaker: Guest, listeners: &[Guest], lines: usize) -> (Said, Dropped) {
        // Far fewer lines at once than the queue holds.
        let at_once = QUEUE / 8;
        let line = format!("{}\n", "x".repeat(1000));
        let heard = format!(r"[speaker] {line}");
        let before: Vec<usize> = listeners.iter().map(|it| self.heard(*it).len()).collect();
        for said in (at_once..=lines).step_by(at_once) {
            self.crowd.says(self.guests[speaker.0].client, line.repeat(at_once).as_bytes());
            let all = said * heard.len();
            let mut come = self.hear_so_much(listeners, &before, all);
            // Search only the new bytes: there are many.
            let looked_at = before[0] + (said - at_once) * heard.len();
            let news = &self.heard(listeners[0])[looked_at.min(self.heard(listeners[0]).len())..];
            let dropped = contains(news, STALLED_HAS_LEFT);
            if dropped {
                come &= self.hear_so_much(listeners, &before, all + STALLED_HAS_LEFT.len());
            }
            if !come {
                if self.crowd.ended(self.guests[speaker.0].client).is_some() {
                    self.scene.notice(causes::FailureReachesTheSpeaker);
                }
                return (Said::Finding(words::SOME_LINES_THEN_NOTHING), dropped);
            }
            if dropped || said + at_once > lines {
                let mut heard_by = listeners.iter().map(|it| self.heard(*it)).zip(&before);
                let whole =
                    heard_by.all(|(it, before)| without_news(&it[*before..]) == heard.repeat(said));
                let told = if whole { words::EVERY_LINE } else { words::OTHER_LINES_TOO };
                return (Said::Finding(told), dropped);
            }
        }
        unreachable!("the last round returns")
    }

    /// Wait until each of these has received this many more bytes; `false` if they never arrive.
    fn hear_so_much(&mut self, listeners: &[Guest], before: &[usize], bytes: usize) -> bool {
        let clients: Vec<Client> = listeners.iter().map(|it| self.guests[it.0].client).collect();
        let heard = self.census.look_for(|| {
            self.crowd.exchange();
            let mut heard = clients.iter().zip(before);
            heard.all(|(it, before)| self.crowd.heard(*it).len() >= before + bytes).then_some(())
        });
        heard.is_some()
    }

    fn heard(&self, guest: Guest) -> &[u8] {
        self.crowd.heard(self.guests[guest.0].client)
    }
}

/// Whether the member that never reads was disconnected.
type Dropped = bool;

const STALLED_HAS_LEFT: &str = "* stalled has left\n";

fn contains(heard: &[u8], line: &str) -> bool {
    heard.windows(line.len()).any(|part| part == line.as_bytes())
}

fn without_news(heard: &[u8]) -> String {
    String::from_utf8_lossy(heard).replacen(STALLED_HAS_LEFT, "", 1)
}
