//! Lesson 8, for programs in any language: people talk at any time, in pairs and in a room.
//!
//! ```text
//! bot     server: 欢迎致电babyshen    client: hello    server: hello好    …    client: q
//! chat    each side sends lines at any time, and shows what comes
//! room    client: bob\n hello\n       all other members: [bob] hello\n
//! ```
//!
//! The bot's wire has no boundaries, so its clients here send a message and wait for the answer. A line of a chat may
//! come with its newline or without; in the room it needs one.

use netkata::{Cause, builds_on};
use netkata::words::{THE_CLIENT, THE_SERVER};
use netkata_programs::words::{SENDS_MANY_LINES, THE_NEXT};
use netkata_programs::{Peer, Role, Stage, Suite, Transport, causes as shared, checks};

#[path = "../../lessons/08_chat/causes.rs"]
#[allow(dead_code, reason = "some are about functions")]
mod causes;

pub(crate) const SUITES: &[Suite] = &[
    Suite {
        name: "bot",
        role: Role::Server,
        transport: Transport::Tcp,
        needs_folder: false,
        checks: checks![
            a_client_is_greeted_before_it_sends_anything,
            a_message_comes_back_with_one_word_added,
            a_character_split_across_two_reads_is_whole,
            bytes_that_are_not_text_come_back_unchanged,
            q_ends_the_session,
            a_message_may_contain_a_q,
            the_end_of_the_stream_ends_the_session,
            a_late_reader_gets_every_byte,
            the_bot_outlives_every_client,
        ],
    },
    Suite {
        name: "chat",
        role: Role::Server,
        transport: Transport::Tcp,
        needs_folder: false,
        checks: checks![
            a_server_sends_and_shows_at_any_time,
            exit_closes_the_servers_connection,
            end_of_stream_closes_the_servers_connection,
        ],
    },
    Suite {
        name: "room",
        role: Role::Server,
        transport: Transport::Tcp,
        needs_folder: false,
        checks: checks![
            a_line_goes_to_all_other_members,
            a_line_in_pieces_is_one_line,
            lines_stuck_together_are_read_one_by_one,
            control_characters_are_replaced,
            invalid_utf8_in_a_line_is_replaced,
            a_client_receives_nothing_before_it_joins,
            a_member_that_leaves_frees_its_name,
            a_name_is_letters_and_digits_and_unique,
            half_a_line_blocks_nothing_and_is_dropped,
            a_line_has_at_most_1024_bytes,
            a_line_above_the_limit_removes_its_member,
            a_burst_of_64_lines_disconnects_no_member,
            a_reset_removes_only_that_member,
            a_member_that_never_reads_blocks_no_other,
            a_member_with_a_full_queue_is_disconnected,
            members_that_leave_free_their_descriptors,
        ],
    },
    Suite {
        name: "bot",
        role: Role::Client,
        transport: Transport::Tcp,
        needs_folder: false,
        checks: checks![
            the_greeting_is_printed,
            each_message_is_sent_and_its_answer_printed,
            the_end_of_the_input_ends_the_client,
            the_end_of_the_session_ends_the_client,
        ],
    },
    Suite {
        name: "chat",
        role: Role::Client,
        transport: Transport::Tcp,
        needs_folder: false,
        checks: checks![
            input_is_sent_and_received_bytes_are_shown,
            bytes_are_shown_while_the_keyboard_is_idle,
            input_is_sent_while_the_peer_is_silent,
            received_bytes_are_shown_at_once,
            bytes_are_shown_while_a_write_is_blocked,
            end_of_input_closes_only_the_sending_side,
            a_last_line_without_a_newline_is_sent,
            a_line_that_looks_like_exit_is_sent,
            exit_closes_the_connection,
            end_of_stream_ends_the_chat_without_input,
            a_reset_ends_the_chat,
        ],
    },
    Suite {
        name: "room",
        role: Role::Client,
        transport: Transport::Tcp,
        needs_folder: false,
        checks: checks![
            lines_are_sent_with_their_newline,
            lines_of_the_room_are_shown_at_once,
            exit_leaves_the_room,
            the_end_of_the_room_ends_the_client,
        ],
    },
];

/// What the bot sends to every client first, and after each message.
const GREETING: &str = "欢迎致电babyshen";
const WORD: &str = "好";
/// The longest line, in bytes, without its newline.
const MAX_LINE: usize = 1024;
/// This many lines may wait for a member that does not read.
const QUEUE: usize = 64;

fn a_client_is_greeted_before_it_sends_anything(stage: &Stage) {
    let client = greeted(stage, &THE_CLIENT);
    client.receives_nothing(causes::NotTheReply);
}

fn a_message_comes_back_with_one_word_added(stage: &Stage) {
    builds_on(a_client_is_greeted_before_it_sends_anything);
    let client = greeted(stage, &THE_CLIENT);
    says(&client, r"good morning", causes::NotTheReply);
    says(&client, "hi", Cause::UnfilledBuffer);
    for message in ["你好", "神", "hello\n"] {
        says(&client, message, causes::NotTheReply);
    }
    says(&client, &"a".repeat(1024), Cause::NoRoomForAll);
    client.receives_nothing(causes::NotTheReply);
}

fn a_character_split_across_two_reads_is_whole(stage: &Stage) {
    builds_on(a_message_comes_back_with_one_word_added);
    let client = greeted(stage, &THE_CLIENT);
    for character in ["é", "神", "🦀"] {
        for end in 1..character.len() {
            let (first, rest) = character.as_bytes().split_at(end);
            client.sends(first);
            client.receives_nothing(causes::CharacterCut);
            client.sends(rest);
            client.receives(reply(character).as_bytes(), causes::CharacterCut);
        }
    }
    // Only the character waits: what stands before it is complete, and not the message `q`.
    for (word, cause) in [("hello", causes::CharacterCut), ("q", causes::QuitIsAWord)] {
        client.sends(&[word.as_bytes(), &"神".as_bytes()[..1]].concat());
        client.receives(reply(word).as_bytes(), cause.clone());
        client.sends(&"神".as_bytes()[1..]);
        client.receives(reply("神").as_bytes(), cause);
    }
}

fn bytes_that_are_not_text_come_back_unchanged(stage: &Stage) {
    builds_on(a_character_split_across_two_reads_is_whole);
    let client = greeted(stage, &THE_CLIENT);
    for message in [&b"\xff"[..], b"a\xffb", b"\xc9\xf1!", b"\xf4\x90"] {
        client.sends(message);
        client.receives(&[message, WORD.as_bytes()].concat(), Cause::BytesAreNotText);
    }
    for (message, rest) in [(&b"\xe7\xa5"[..], &b"a"[..]), (b"\xff\xe7\xa5", b"\x9e")] {
        client.sends_in_segments(&[message, rest]);
        // In one reply or in two.
        let got = client.takes_what_comes();
        if without_words(&got) != [message, rest].concat() {
            stage.fails(causes::KeptBytesChanged, Vec::new());
        }
    }
}

fn q_ends_the_session(stage: &Stage) {
    builds_on(a_message_comes_back_with_one_word_added);
    for q in ["q", "q\n", "q\r\n"] {
        let client = greeted(stage, &THE_CLIENT);
        says(&client, "hello", causes::NotTheReply);
        client.sends(q.as_bytes());
        client.receives_the_end(causes::QuitIsAWord);
        client.leaves();
    }
}

fn a_message_may_contain_a_q(stage: &Stage) {
    builds_on(a_message_comes_back_with_one_word_added);
    let client = greeted(stage, &THE_CLIENT);
    for message in ["quit", "faq", "qq", "Q", r" q", "q \n", "q\n\n", "q\r", "hello\nq\n"] {
        says(&client, message, causes::QuitIsAWord);
    }
}

fn the_end_of_the_stream_ends_the_session(stage: &Stage) {
    builds_on(a_message_comes_back_with_one_word_added);
    let client = greeted(stage, &THE_CLIENT);
    says(&client, "hello", causes::NotTheReply);
    client.closes_its_side();
    stage.rests(Cause::SpinsAtTheEnd);
    client.receives_the_end(Cause::SpinsAtTheEnd);
}

fn a_late_reader_gets_every_byte(stage: &Stage) {
    builds_on(a_message_comes_back_with_one_word_added);
    // More than a kernel keeps for a connection, and no two parts of it the same.
    let a_lot: Vec<u8> =
        (0..600_000).flat_map(|line| format!("{line:06} abc\n").into_bytes()).collect();
    let late = greeted(stage, "late");
    late.does_not_read();
    late.sends_what_it_takes(&a_lot);
    late.did(netkata::words::READS_AGAIN);
    // Where one reply ends depends on the reads of the bot.
    if without_words(&late.takes_what_comes()) != a_lot {
        stage.fails(Cause::PartialWriteIgnored, Vec::new());
    }
}

fn the_bot_outlives_every_client(stage: &Stage) {
    builds_on(the_end_of_the_stream_ends_the_session);
    greeted(stage, "leaver").leaves();
    let polite = next_is_greeted(stage);
    polite.sends(b"q");
    polite.leaves();
    next_is_greeted(stage).resets();
    let asking = next_is_greeted(stage);
    asking.sends_and_goes_on(b"hello");
    asking.resets();
    next_is_greeted(stage).leaves();
}

fn next_is_greeted(stage: &Stage) -> Peer {
    let next = stage.next_client(THE_NEXT, Cause::OneClientEndsTheServer);
    next.receives(GREETING.as_bytes(), Cause::OneClientEndsTheServer);
    says(&next, "hello", Cause::OneClientEndsTheServer);
    next
}

/// A client of the bot that has received its greeting.
fn greeted(stage: &Stage, name: &str) -> Peer {
    let client = stage.client(name);
    client.receives(GREETING.as_bytes(), causes::NotTheReply);
    client
}

/// Send a message in one segment, and receive its answer.
fn says(client: &Peer, message: &str, cause: Cause) {
    client.sends(message.as_bytes());
    client.receives(reply(message).as_bytes(), cause);
}

fn reply(message: &str) -> String {
    format!("{message}{WORD}")
}

/// The bytes without the words that the bot has added.
fn without_words(bytes: &[u8]) -> Vec<u8> {
    let (mut rest, mut without) = (bytes, Vec::new());
    while let Some((first, more)) = rest.split_first() {
        match rest.strip_prefix(WORD.as_bytes()) {
            Some(after) => rest = after,
            None => {
                without.push(*first);
                rest = more;
            }
        }
    }
    without
}

fn a_server_sends_and_shows_at_any_time(stage: &Stage) {
    let client = stage.client(THE_CLIENT);
    client.sends(b"hi\n");
    stage.prints(&["hi"], causes::ShownTooLate);
    for line in ["one", "two"] {
        types(stage, &client, line, causes::TakesTurns);
    }
    for words in ["three", "four"] {
        client.sends(format!("{words}\n").as_bytes());
        stage.prints(&[words], causes::TakesTurns);
    }
}

fn exit_closes_the_servers_connection(stage: &Stage) {
    builds_on(a_server_sends_and_shows_at_any_time);
    let client = stage.client(THE_CLIENT);
    types(stage, &client, "exits", causes::ExitIsNotSaid);
    stage.types("exit\n");
    client.receives_the_end(causes::LineLeftOpen);
}

fn end_of_stream_closes_the_servers_connection(stage: &Stage) {
    builds_on(a_server_sends_and_shows_at_any_time);
    let client = stage.client(THE_CLIENT);
    client.sends(b"bye\n");
    client.closes_its_side();
    stage.prints(&["bye"], causes::TakesTurns);
    stage.rests(Cause::SpinsAtTheEnd);
    client.receives_the_end(causes::LineLeftOpen);
}

fn a_line_goes_to_all_other_members(stage: &Stage) {
    let alice = joins(stage, "alice", &[]);
    let bob = joins(stage, "bob", &[&alice]);
    let carol = joins(stage, "神1", &[&alice, &bob]);
    for (from, name, line) in
        [(&alice, "alice", "hello\n"), (&carol, "神1", "你好\r\n"), (&bob, "bob", "\n")]
    {
        from.sends(line.as_bytes());
        let heard = format!("[{name}] {}\n", line.trim_end());
        for member in [&alice, &bob, &carol].into_iter().filter(|it| !std::ptr::eq(*it, from)) {
            member.receives(heard.as_bytes(), causes::LineNotHeard);
        }
        from.receives_nothing(causes::EchoesToTheSpeaker);
    }
    // A name and the first line may arrive in one read.
    let dave = stage.client("dave");
    dave.sends(b"dave\nhi\n");
    for member in [&alice, &bob, &carol] {
        member.receives(b"* dave has joined\n", causes::LineNotHeard);
        member.receives(b"[dave] hi\n", causes::LineBehindTheName);
    }
    dave.receives(b"* dave has joined\n", causes::LineNotHeard);
}

fn a_line_in_pieces_is_one_line(stage: &Stage) {
    builds_on(a_line_goes_to_all_other_members);
    let (alice, bob) = pair(stage);
    bob.sends_in_segments(&[b"hel", b"lo\n"]);
    alice.receives(b"[bob] hello\n", Cause::OneReadIsNotOneMessage);
    bob.sends_in_segments(&[b"h", b"i", b"\n"]);
    alice.receives(b"[bob] hi\n", Cause::OneReadIsNotOneMessage);
    bob.sends_in_segments(&[b"hello\r", b"\n"]);
    alice.receives(b"[bob] hello\n", causes::LineEndsAtItsNewline);
    bob.sends_cut("神\n".as_bytes(), &[1, 1]);
    alice.receives("[bob] 神\n".as_bytes(), causes::CharacterCut);
    let carol = stage.client("carol");
    carol.sends_in_segments(&[b"ca", b"rol", b"\n"]);
    carol.receives(b"* carol has joined\n", Cause::OneReadIsNotOneMessage);
}

fn lines_stuck_together_are_read_one_by_one(stage: &Stage) {
    builds_on(a_line_goes_to_all_other_members);
    let (alice, bob) = pair(stage);
    bob.sends_in_segments(&[b"one\ntwo\r\n\nthr", b"ee\n"]);
    let lines = b"[bob] one\n[bob] two\n[bob] \n[bob] three\n";
    alice.receives(lines, causes::LineEndsAtItsNewline);
}

fn control_characters_are_replaced(stage: &Stage) {
    builds_on(a_line_goes_to_all_other_members);
    let (alice, bob) = pair(stage);
    for (line, seen) in [
        ("hi\r[bob] I quit", "hi\u{fffd}[bob] I quit"),
        ("\u{1b}[2Khi", "\u{fffd}[2Khi"),
        ("\u{9b}2Khi", "\u{fffd}2Khi"),
        ("\u{7}hi\0", "\u{fffd}hi\u{fffd}"),
        ("hi\t[bob]\u{7f}", "hi\u{fffd}[bob]\u{fffd}"),
        ("hi\u{85}[bob] I quit\r", "hi\u{fffd}[bob] I quit\u{fffd}"),
    ] {
        bob.sends(format!("{line}\r\n").as_bytes());
        alice.receives(format!("[bob] {seen}\n").as_bytes(), causes::ControlsPass);
    }
}

fn invalid_utf8_in_a_line_is_replaced(stage: &Stage) {
    builds_on(a_line_goes_to_all_other_members);
    let (alice, bob) = pair(stage);
    bob.sends(b"a\xffb\nhello\n");
    let lines = "[bob] a\u{fffd}b\n[bob] hello\n";
    alice.receives(lines.as_bytes(), causes::NoTextIsNoFailure);
}

fn a_client_receives_nothing_before_it_joins(stage: &Stage) {
    builds_on(a_line_goes_to_all_other_members);
    let (alice, bob) = pair(stage);
    let silent = stage.client("silent");
    let slow = stage.client("slow");
    slow.sends(b"sl");
    alice.sends(b"psst\n");
    bob.receives(b"[alice] psst\n", causes::OneHoldsTheRoom);
    slow.sends(b"ow\n");
    for member in [&alice, &bob, &slow] {
        member.receives(b"* slow has joined\n", causes::HeardBeforeJoining);
    }
    silent.sends(b"silent\n");
    for member in [&alice, &bob, &slow, &silent] {
        member.receives(b"* silent has joined\n", causes::HeardBeforeJoining);
    }
}

fn a_member_that_leaves_frees_its_name(stage: &Stage) {
    builds_on(a_line_goes_to_all_other_members);
    let (alice, bob) = pair(stage);
    let carol = joins(stage, "carol", &[&alice, &bob]);
    bob.leaves();
    has_left("bob", &[&alice, &carol], causes::MemberStays);
    let bob = stage.client("bob");
    bob.sends(b"bob\n");
    for member in [&bob, &alice, &carol] {
        member.receives(b"* bob has joined\n", causes::MemberStays);
    }
    carol.sends(b"welcome back\n");
    for member in [&alice, &bob] {
        member.receives(b"[carol] welcome back\n", causes::LineNotHeard);
    }
    // It closes its sending side and reads on: the news of its leaving is for the others.
    bob.closes_its_side();
    has_left("bob", &[&alice, &carol], causes::MemberStays);
    stage.rests(Cause::SpinsAtTheEnd);
    bob.receives_the_end(causes::LeaverHearsOfItself);
}

fn a_name_is_letters_and_digits_and_unique(stage: &Stage) {
    builds_on(a_line_goes_to_all_other_members);
    let (alice, bob) = pair(stage);
    for name in [
        "bob",
        "",
        r"bob too",
        r" dave ",
        "the_boss",
        r"bob] hi [carol",
        "\u{1b}[2K",
        "abcdefghijklmnopqrstuvwxyz0123456",
    ] {
        let caller = stage.client("caller");
        caller.sends(format!("{name}\n").as_bytes());
        if !caller.receives_line(causes::NameUnchecked).starts_with(b"!") {
            stage.fails(causes::NameUnchecked, Vec::new());
        }
        alice.sends(b"who was that?\n");
        bob.receives(b"[alice] who was that?\n", causes::NameUnchecked);
        caller.leaves();
    }
    // A letter is a letter in every script, and another one in another case.
    for name in ["神".repeat(32), "Bob".to_owned()] {
        let allowed = stage.client("allowed");
        allowed.sends(format!("{name}\n").as_bytes());
        allowed.receives(format!("* {name} has joined\n").as_bytes(), causes::NameRefused);
    }
}

fn half_a_line_blocks_nothing_and_is_dropped(stage: &Stage) {
    builds_on(a_member_that_leaves_frees_its_name);
    let (alice, bob) = pair(stage);
    let carol = joins(stage, "carol", &[&alice, &bob]);
    bob.sends(b"rm -rf /");
    alice.sends(b"hello\n");
    carol.receives(b"[alice] hello\n", causes::OneHoldsTheRoom);
    bob.leaves();
    has_left("bob", &[&alice, &carol], causes::UnfinishedLineSaid);
}

fn a_line_has_at_most_1024_bytes(stage: &Stage) {
    builds_on(a_line_goes_to_all_other_members);
    let (alice, bob) = pair(stage);
    // The limit is for the bytes that arrive: a replaced one has three.
    for (character, seen) in [("x", "x"), ("\u{7}", "\u{fffd}")] {
        bob.sends(format!("{}\n", character.repeat(MAX_LINE)).as_bytes());
        let heard = format!("[bob] {}\n", seen.repeat(MAX_LINE));
        alice.receives(heard.as_bytes(), causes::LineHasALimit);
    }
}

fn a_line_above_the_limit_removes_its_member(stage: &Stage) {
    builds_on(a_line_has_at_most_1024_bytes);
    let alice = joins(stage, "alice", &[]);
    // The limit is in bytes, and a `\r` before the newline is one of them.
    let too_long =
        ["x".repeat(MAX_LINE + 1), "神".repeat(MAX_LINE / 3 + 1), "x".repeat(MAX_LINE) + "\r"];
    for line in too_long {
        let bob = joins(stage, "bob", &[&alice]);
        bob.sends(line.as_bytes());
        has_left("bob", &[&alice], causes::LongLineEndsTheStay);
        bob.is_disconnected_at_last(causes::LongLineEndsTheStay);
    }
    let caller = stage.client("caller");
    caller.sends("x".repeat(MAX_LINE + 1).as_bytes());
    caller.is_disconnected_at_last(causes::LineHasALimit);
    alice.receives_nothing(causes::LineHasALimit);
}

fn a_burst_of_64_lines_disconnects_no_member(stage: &Stage) {
    builds_on(lines_stuck_together_are_read_one_by_one);
    let (alice, bob) = pair(stage);
    let carol = joins(stage, "carol", &[&alice, &bob]);
    let lines: String = (1..=QUEUE).map(|number| format!("{number}\n")).collect();
    let heard: String = (1..=QUEUE).map(|number| format!("[alice] {number}\n")).collect();
    alice.sends(lines.as_bytes());
    for member in [&bob, &carol] {
        member.receives(heard.as_bytes(), causes::QueueTooShort);
    }
}

fn a_reset_removes_only_that_member(stage: &Stage) {
    builds_on(a_member_that_leaves_frees_its_name);
    let alice = joins(stage, "alice", &[]);
    let carol = joins(stage, "carol", &[&alice]);
    for name in ["bob", "dave"] {
        joins(stage, name, &[&alice, &carol]).resets();
        has_left(name, &[&alice, &carol], causes::MemberStays);
    }
    // It is reset with a line that was not read yet, and one that was not sent yet.
    let erin = joins(stage, "erin", &[&alice, &carol]);
    erin.sends_and_goes_on(b"bye\n");
    erin.resets();
    alice.sends(b"hello\n");
    let _ = carol.receives_through(b"[alice] hello\n", r"[alice] hello", causes::LineNotHeard);
}

/// A line of about a KiB, and how many of them a speaker sends before it waits for its listener.
const LINE: usize = 1000;
const AT_A_TIME: usize = 16;

fn a_member_that_never_reads_blocks_no_other(stage: &Stage) {
    builds_on(a_burst_of_64_lines_disconnects_no_member);
    let (_stalled, speaker, listener) = with_a_stalled_member(stage);
    // More than the kernels keep for the member that does not read.
    for _ in 0..4 * 1024 / AT_A_TIME {
        speaks(&speaker, &listener);
    }
}

fn a_member_with_a_full_queue_is_disconnected(stage: &Stage) {
    builds_on(a_member_that_never_reads_blocks_no_other);
    let (stalled, speaker, listener) = with_a_stalled_member(stage);
    let mut lines = (0..8 * 1024 / AT_A_TIME).map(|_| speaks(&speaker, &listener));
    if !lines.any(|has_left| has_left) {
        stage.fails(causes::NeverHungUpOn, Vec::new());
    }
    stalled.did(netkata::words::READS_AGAIN);
    stalled.is_disconnected_at_last(causes::LineLeftOpen);
}

/// A member that does not read, one that speaks, and one that listens.
fn with_a_stalled_member(stage: &Stage) -> (Peer, Peer, Peer) {
    let stalled = stage.narrow_client("stalled");
    stalled.sends(b"stalled\n");
    stalled.receives(b"* stalled has joined\n", causes::LineNotHeard);
    stalled.does_not_read();
    let speaker = joins(stage, "speaker", &[]);
    let listener = joins(stage, "listener", &[&speaker]);
    speaker.did(SENDS_MANY_LINES);
    (stalled, speaker, listener)
}

/// Send some lines and wait until the listener has received all of them. Return whether it was told meanwhile that
/// the stalled member has left.
fn speaks(speaker: &Peer, listener: &Peer) -> bool {
    let line = "x".repeat(LINE);
    speaker.sends_untold(format!("{line}\n").repeat(AT_A_TIME).as_bytes());
    let (heard, gone) = (format!("[speaker] {line}\n"), "* stalled has left\n");
    let mut came = String::new();
    let all = listener.reads_until(|bytes| {
        came += &String::from_utf8_lossy(&bytes);
        (came.matches(&heard).count() == AT_A_TIME && came.ends_with('\n')).then_some(())
    });
    if let Err(then) = all {
        let got = came.lines().last().map_or(String::new(), |line| format!("{line:.20}"));
        listener.got_another(
            &format!("{got} {}", then.told()),
            "[speaker]",
            causes::OneHoldsTheRoom,
        );
    }
    came.contains(gone)
}

fn members_that_leave_free_their_descriptors(stage: &Stage) {
    builds_on(a_reset_removes_only_that_member);
    let alice = joins(stage, "alice", &[]);
    let descriptors = stage.descriptors();
    for _ in 0..2 {
        joins(stage, "bob", &[&alice]).leaves();
        has_left("bob", &[&alice], causes::MemberStays);
        joins(stage, "carol", &[&alice]).resets();
        has_left("carol", &[&alice], causes::MemberStays);
        stage.client("nameless").leaves();
    }
    stage.holds_at_most(descriptors, Cause::DescriptorsLeftBehind);
}

/// Two members of a room.
fn pair(stage: &Stage) -> (Peer, Peer) {
    let alice = joins(stage, "alice", &[]);
    let bob = joins(stage, "bob", &[&alice]);
    (alice, bob)
}

/// A client that has joined, and all members have heard of it.
fn joins(stage: &Stage, name: &str, others: &[&Peer]) -> Peer {
    let member = stage.client(name);
    member.sends(format!("{name}\n").as_bytes());
    for member in [&[&member], others].concat() {
        member.receives(format!("* {name} has joined\n").as_bytes(), causes::LineNotHeard);
    }
    member
}

fn has_left(name: &str, others: &[&Peer], cause: Cause) {
    for member in others {
        member.receives(format!("* {name} has left\n").as_bytes(), cause.clone());
    }
}

fn the_greeting_is_printed(stage: &Stage) {
    greets(stage);
}

fn each_message_is_sent_and_its_answer_printed(stage: &Stage) {
    builds_on(the_greeting_is_printed);
    let server = greets(stage);
    for message in ["hello", "神"] {
        types(stage, &server, message, causes::TypedLineNotSent);
        server.sends(reply(message).as_bytes());
        stage.prints(&[&reply(message)], causes::ShownTooLate);
    }
}

fn the_end_of_the_input_ends_the_client(stage: &Stage) {
    builds_on(the_greeting_is_printed);
    let server = greets(stage);
    stage.ends_typing();
    server.takes_what_comes();
    server.receives_the_end(Cause::LineHeldOpen);
    server.leaves();
    stage.ends(shared::KeepsRunning);
}

fn the_end_of_the_session_ends_the_client(stage: &Stage) {
    builds_on(each_message_is_sent_and_its_answer_printed);
    let server = greets(stage);
    types(stage, &server, "q", causes::TypedLineNotSent);
    server.closes_its_side();
    stage.rests(Cause::SpinsAtTheEnd);
    stage.ends(shared::KeepsRunning);
}

/// A server whose greeting the client has printed.
fn greets(stage: &Stage) -> Peer {
    let server = stage.accepts(THE_SERVER, shared::NeverConnects);
    server.sends(GREETING.as_bytes());
    stage.prints(&[GREETING], causes::ShownTooLate);
    server
}

fn input_is_sent_and_received_bytes_are_shown(stage: &Stage) {
    let server = stage.accepts(THE_SERVER, shared::NeverConnects);
    types(stage, &server, "hello", causes::TypedLineNotSent);
    server.sends(b"hi\n");
    stage.prints(&["hi"], causes::ShownTooLate);
}

fn bytes_are_shown_while_the_keyboard_is_idle(stage: &Stage) {
    builds_on(input_is_sent_and_received_bytes_are_shown);
    let server = stage.accepts(THE_SERVER, shared::NeverConnects);
    for words in ["one", "two", "three"] {
        server.sends(format!("{words}\n").as_bytes());
        stage.prints(&[words], causes::TakesTurns);
    }
}

fn input_is_sent_while_the_peer_is_silent(stage: &Stage) {
    builds_on(bytes_are_shown_while_the_keyboard_is_idle);
    let server = stage.accepts(THE_SERVER, shared::NeverConnects);
    for line in ["one", "two", "three"] {
        types(stage, &server, line, causes::TakesTurns);
    }
}

fn received_bytes_are_shown_at_once(stage: &Stage) {
    builds_on(bytes_are_shown_while_the_keyboard_is_idle);
    let server = stage.accepts(THE_SERVER, shared::NeverConnects);
    server.sends(b"no newline");
    stage.prints(&[r"no newline"], causes::ShownTooLate);
    // Half a character may be shown at once, or when its other half has arrived.
    server.sends_cut("神".as_bytes(), &[2]);
    stage.prints(&["神"], causes::CharacterCut);
}

fn bytes_are_shown_while_a_write_is_blocked(stage: &Stage) {
    builds_on(received_bytes_are_shown_at_once);
    let server = stage.accepts(THE_SERVER, shared::NeverConnects);
    // More than both kernels' buffers hold: the write waits for the peer.
    server.does_not_read();
    stage.types(&"0123456789 abcdefghijklmnopqrstuvwxyz\n".repeat(400_000));
    let _ = stage.until(|| None::<()>);
    for words in [r"wait, ", r"not so fast"] {
        server.sends(words.as_bytes());
        stage.prints(&[words], causes::TakesTurns);
    }
}

fn end_of_input_closes_only_the_sending_side(stage: &Stage) {
    builds_on(bytes_are_shown_while_the_keyboard_is_idle);
    let server = stage.accepts(THE_SERVER, shared::NeverConnects);
    types(stage, &server, "bye", causes::TakesTurns);
    stage.ends_typing();
    server.receives_the_end(causes::HalfCloseMissing);
    server.sends(b"wait\n");
    stage.prints(&["wait"], causes::EndOfInputIsNotTheEnd);
    server.closes_its_side();
    stage.rests(Cause::SpinsAtTheEnd);
    stage.ends(shared::KeepsRunning);
}

fn a_last_line_without_a_newline_is_sent(stage: &Stage) {
    builds_on(end_of_input_closes_only_the_sending_side);
    stage.types("bye");
    stage.ends_typing();
    let server = stage.accepts(THE_SERVER, shared::NeverConnects);
    server.receives(b"bye", causes::LastLineIsALine);
}

fn a_line_that_looks_like_exit_is_sent(stage: &Stage) {
    builds_on(input_is_sent_while_the_peer_is_silent);
    let server = stage.accepts(THE_SERVER, shared::NeverConnects);
    for line in [r"exits are on the left", r" exit", r"exit ", "Exit"] {
        types(stage, &server, line, causes::ExitIsNotSaid);
    }
}

fn exit_closes_the_connection(stage: &Stage) {
    builds_on(bytes_are_shown_while_the_keyboard_is_idle);
    stage.each(["exit\n", "exit\r\n", "exit"], |stage, exit| {
        let server = stage.accepts(THE_SERVER, shared::NeverConnects);
        types(stage, &server, "hello", causes::TypedLineNotSent);
        stage.types(exit);
        if !exit.ends_with('\n') {
            stage.ends_typing();
        }
        server.ends_after(b"", causes::ExitIsNotSaid);
        stage.ends(causes::LineLeftOpen);
    });
}

fn end_of_stream_ends_the_chat_without_input(stage: &Stage) {
    builds_on(bytes_are_shown_while_the_keyboard_is_idle);
    let server = stage.accepts(THE_SERVER, shared::NeverConnects);
    server.sends(b"bye\n");
    server.closes_its_side();
    stage.prints(&["bye"], causes::TakesTurns);
    stage.rests(Cause::SpinsAtTheEnd);
    stage.ends(causes::WaitsForTheKeyboard);
}

fn a_reset_ends_the_chat(stage: &Stage) {
    builds_on(end_of_stream_ends_the_chat_without_input);
    let server = stage.accepts(THE_SERVER, shared::NeverConnects);
    server.sends(b"by\n");
    stage.prints(&["by"], causes::ShownTooLate);
    server.resets();
    stage.ends(causes::WaitsForTheKeyboard);
}

/// Type a line, and receive it: with its line break, if the program sends one.
fn types(stage: &Stage, peer: &Peer, line: &str, cause: Cause) {
    stage.types(&format!("{line}\n"));
    peer.receives(line.as_bytes(), cause);
    peer.takes_what_comes();
}

fn lines_are_sent_with_their_newline(stage: &Stage) {
    let server = stage.accepts(THE_SERVER, shared::NeverConnects);
    for line in ["bob", "hello", "", "神"] {
        stage.types(&format!("{line}\n"));
        server.receives(line.as_bytes(), causes::TypedLineNotSent);
        server.receives(b"\n", causes::LineEndsAtItsNewline);
    }
}

fn lines_of_the_room_are_shown_at_once(stage: &Stage) {
    let server = stage.accepts(THE_SERVER, shared::NeverConnects);
    for line in [r"* bob has joined", r"[alice] hello", r"[alice] 神"] {
        server.sends(format!("{line}\n").as_bytes());
        stage.prints(&[line], causes::TakesTurns);
    }
}

fn exit_leaves_the_room(stage: &Stage) {
    builds_on(lines_are_sent_with_their_newline);
    let server = stage.accepts(THE_SERVER, shared::NeverConnects);
    stage.types("bob\nexit\n");
    server.ends_after(b"bob\n", causes::ExitIsNotSaid);
    stage.ends(causes::LineLeftOpen);
}

fn the_end_of_the_room_ends_the_client(stage: &Stage) {
    builds_on(lines_of_the_room_are_shown_at_once);
    let server = stage.accepts(THE_SERVER, shared::NeverConnects);
    server.sends(b"! bob is here already\n");
    server.closes_its_side();
    stage.prints(&[r"! bob"], causes::TakesTurns);
    stage.rests(Cause::SpinsAtTheEnd);
    stage.ends(causes::WaitsForTheKeyboard);
}
