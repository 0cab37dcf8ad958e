//! Lesson 11, for programs in any language: a server runs a command for a client, and survives what the command does.
//!
//! ```text
//! challenge   server: 32 random bytes    client: HMAC-MD5(key, them), 16 bytes
//! command     | length: i32 LE | words, each followed by a zero byte |            ls 00 -l 00
//! reply       | kind: u8 | length: i32 LE | bytes |  pieces o and e, then one of x, s, t, r
//! ```
//!
//! The key is `henry`. The server's list has `echo` (`/bin/echo`) and `sh` (`/bin/sh`), its time limit is 2 seconds,
//! and it serves several clients at once. A client sends each line that is typed as a command, its words as they are
//! separated by spaces, and prints what the command writes, or why it was refused. `q` and the end of the typing end it.

use std::cell::RefCell;
use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use hmac::{Hmac, KeyInit, Mac};
use md5::Md5;
use rustix::fs::{Mode, OFlags, open};
use netkata::linux::threads::Stat;
use netkata::{Text, Cause, builds_on, counted, quoted};
use netkata::words::{THE_CLIENT, THE_SERVER};
use netkata_programs::words::{CLOSES_OUTPUTS, FIFTH_CLIENT, FIRST_CLIENT, FOURTH_CLIENT, IGNORES_SIGNALS, LEAVES_A_CHILD, NEXT_CLIENT, SECOND_CLIENT, THIRD_CLIENT, WITH_A_CHILD};
use netkata_programs::{Peer, Role, Stage, Suite, Then, Transport, causes as shared, checks};

#[path = "../../lessons/11_remote_command/causes.rs"]
#[allow(dead_code, reason = "some are about functions")]
mod causes;
#[path = "../../lessons/11_remote_command/words.rs"]
#[allow(dead_code, unused_imports, reason = "some are about functions")]
mod words;

pub(crate) const SUITES: &[Suite] = &[
    Suite {
        name: "commands",
        role: Role::Server,
        transport: Transport::Tcp,
        needs_folder: false,
        checks: checks![
            a_client_with_the_key_is_served,
            a_command_survives_any_segmentation,
            a_command_may_arrive_together_with_the_proof,
            nothing_runs_without_a_valid_proof,
            a_silent_client_does_not_block_others,
            output_and_errors_arrive_unchanged,
            exit_status_and_signal_are_reported,
            outputs_that_a_child_holds_open_are_read,
            both_outputs_may_be_larger_than_a_pipe,
            each_reply_belongs_to_its_own_command,
            no_shell_interprets_the_arguments,
            the_input_of_a_command_is_empty,
            only_names_on_the_list_are_allowed,
            a_refusal_does_not_end_the_session,
            the_reason_of_a_refusal_is_text,
            the_longest_command_is_accepted,
            q_exit_or_end_of_stream_disconnects,
            an_invalid_command_ends_the_session,
            a_server_outlives_every_client,
            silence_before_the_proof_times_out,
            a_client_may_be_silent_after_the_proof,
            the_time_limit_ends_the_whole_process_group,
            output_does_not_stop_the_clock,
            background_children_end_with_their_command,
            no_process_or_descriptor_is_left,
            a_client_that_never_reads_ends_its_command,
            a_reset_leaves_nothing_behind,
        ],
    },
    Suite {
        name: "commands",
        role: Role::Client,
        transport: Transport::Tcp,
        needs_folder: false,
        checks: checks![
            a_challenge_is_answered_with_its_hmac,
            each_word_of_a_command_ends_with_zero,
            output_and_errors_are_printed,
            a_reply_survives_any_segmentation,
            the_next_reply_stays_in_the_stream,
            the_reason_of_a_refusal_is_printed,
            half_a_character_is_not_an_error,
            the_client_ends_when_the_typing_does,
            q_ends_the_client,
            an_incomplete_reply_ends_the_client,
        ],
    },
];

/// The key that client and server share.
const KEY: &[u8] = b"henry";

/// As many bytes as a command or a piece may have.
const MOST: usize = 64 * 1024;

/// More bytes than a pipe holds.
const A_LOT: usize = 300 * 1024;

/// Three times the time limit: for this long a check waits for what must happen then.
const PATIENCE: Duration = Duration::from_secs(6);

/// A reply that is still coming after this time has no end.
const ENDLESS: Duration = Duration::from_secs(10);

fn a_client_with_the_key_is_served(stage: &Stage) {
    let client = Caller::proves(stage, &THE_CLIENT);
    client.asks(&["echo", "hello"]);
    client.hears(words::exited(0), b"hello\n", b"", causes::NoReply);
}

fn a_command_survives_any_segmentation(stage: &Stage) {
    builds_on(a_client_with_the_key_is_served);
    let client = Caller::proves(stage, &THE_CLIENT);
    for cuts in [&[4][..], &[2], &[4, 6, 1], &[1; 13]] {
        client.0.sends_cut(&frame(&["echo", "神"]), cuts);
        client.hears(words::exited(0), "神\n".as_bytes(), b"", Cause::OneReadIsNotOneMessage);
    }
}

fn a_command_may_arrive_together_with_the_proof(stage: &Stage) {
    builds_on(a_client_with_the_key_is_served);
    let (client, challenge) = Caller::is_challenged(stage, &THE_CLIENT);
    let both = [proof(KEY, &challenge), frame(&["echo", "hello"])].concat();
    client.0.sends_as(&words::its_answer_and(r"echo hello"), &both);
    client.hears(words::exited(0), b"hello\n", b"", Cause::ReadTooFar);
}

fn nothing_runs_without_a_valid_proof(stage: &Stage) {
    builds_on(a_client_with_the_key_is_served);
    let trace = stage.folder().path().join("trace");
    let command = frame(&["sh", "-c", &format!(r"echo ran > '{}'", trace.display())]);
    let (client, challenge) = Caller::is_challenged(stage, &THE_CLIENT);
    let both = [proof(b"thomas", &challenge), command.clone()].concat();
    client.0.sends_as(&words::A_WRONG_ANSWER_AND_A_COMMAND, &both);
    client.0.is_disconnected(Cause::UnprovenIsServed);
    // Its first 16 bytes are no proof either.
    let (another, _) = Caller::is_challenged(stage, "another");
    another.0.sends_as(&words::A_COMMAND, &command);
    another.0.is_disconnected(Cause::UnprovenIsServed);
    stage.expects(words::NOTHING, Cause::UnprovenIsServed, || !trace.exists());
}

fn a_silent_client_does_not_block_others(stage: &Stage) {
    builds_on(a_client_with_the_key_is_served);
    let connects = |name| Caller::is_challenged_or(stage, name, Cause::ClientsWaitInLine);
    let (_stranger, _) = connects("stranger");
    let [silent, busy, client] = ["silent", "busy", &THE_CLIENT].map(|name| {
        let (client, challenge) = connects(name);
        client.proves_with(&challenge)
    });
    busy.asks(&["sh", "-c", r"sleep 1000"]);
    for client in [client, silent] {
        client.asks(&["echo", "hello"]);
        client.hears(words::exited(0), b"hello\n", b"", Cause::ClientsWaitInLine);
    }
}

fn output_and_errors_arrive_unchanged(stage: &Stage) {
    builds_on(a_client_with_the_key_is_served);
    let client = Caller::proves(stage, &THE_CLIENT);
    for (script, output, errors, cause) in [
        (":", &b""[..], &b""[..], causes::OutputMadeUp),
        (r"echo oops >&2", b"", b"oops\n", causes::OutputsMixed),
        (r"echo a; echo b >&2", b"a\n", b"b\n", causes::OutputsMixed),
        (r"printf 'a\r\n\n '", b"a\r\n\n ", b"", Cause::BytesAreNotText),
        (r"printf '\377\0\376'", b"\xff\0\xfe", b"", Cause::BytesAreNotText),
        (r"printf '\377\0\376' >&2", b"", b"\xff\0\xfe", Cause::BytesAreNotText),
    ] {
        client.runs(script);
        client.hears(words::exited(0), output, errors, cause);
    }
}

fn exit_status_and_signal_are_reported(stage: &Stage) {
    builds_on(a_client_with_the_key_is_served);
    let client = Caller::proves(stage, &THE_CLIENT);
    for (script, ending) in [
        (r"exit 1", words::exited(1)),
        (r"exit 255", words::exited(255)),
        (r"kill -9 $$", words::ended_by_signal(9)),
        (r"kill -15 $$", words::ended_by_signal(15)),
    ] {
        client.runs(script);
        client.hears(ending, b"", b"", causes::EndingLost);
    }
}

fn outputs_that_a_child_holds_open_are_read(stage: &Stage) {
    builds_on(exit_status_and_signal_are_reported);
    let client = Caller::proves(stage, &THE_CLIENT);
    // The child holds the outputs open until something is written into its named pipe.
    let pipe = stage.folder().path().join("pipe");
    let child = format!(r"mkfifo '{0}'; (read line <'{0}'; echo late) &", pipe.display());
    let told = words::the_client_asks_for(words::A_COMMAND_THAT_LEAVES_A_CHILD);
    client.0.sends_as(&told, &frame(&["sh", "-c", &format!(r"{child} echo soon; exit 3")]));
    let _ = stage.until(|| None::<()>);
    // If nobody reads it, the child has been ended.
    if let Ok(pipe) = open(&pipe, OFlags::WRONLY | OFlags::NONBLOCK, Mode::empty()) {
        let _ = fs::File::from(pipe).write_all(b"\n");
    }
    client.hears(words::exited(3), b"soon\nlate\n", b"", causes::OverTooSoon);
}

fn both_outputs_may_be_larger_than_a_pipe(stage: &Stage) {
    builds_on(output_and_errors_arrive_unchanged);
    let client = Caller::proves(stage, &THE_CLIENT);
    let much = |to| format!(r"dd if=/dev/zero bs=1024 count={} {to} 2>/dev/null", A_LOT / 1024);
    let zeros = vec![0; A_LOT];
    for [first, second] in [["", ">&2"], [">&2", ""]] {
        client.runs(&format!("{}; {}", much(first), much(second)));
        let reply = client.reply(causes::WaitsBeforeReading);
        client.compare(&reply, words::exited(0), &zeros, &zeros, causes::OutputCut);
    }
}

fn each_reply_belongs_to_its_own_command(stage: &Stage) {
    builds_on(both_outputs_may_be_larger_than_a_pipe);
    let client = Caller::proves(stage, &THE_CLIENT);
    let both = [frame(&["echo", "one"]), frame(&["sh", "-c", r"echo two; exit 2"])].concat();
    client.0.sends_as(&words::the_client_sends(words::TWO_COMMANDS_AT_ONCE), &both);
    client.hears(words::exited(0), b"one\n", b"", causes::OutputCut);
    client.hears(words::exited(2), b"two\n", b"", causes::OutputCut);
}

fn no_shell_interprets_the_arguments(stage: &Stage) {
    builds_on(a_client_with_the_key_is_served);
    let client = Caller::proves(stage, &THE_CLIENT);
    client.asks(&["echo", r"; echo pwned", r"$(echo pwned)", r"a  b", "*", "", "'"]);
    let output = b"; echo pwned $(echo pwned) a  b *  '\n";
    client.hears(words::exited(0), output, b"", causes::ThroughAShell);
}

fn the_input_of_a_command_is_empty(stage: &Stage) {
    builds_on(a_client_with_the_key_is_served);
    stage.types("what only the server should read\n");
    let client = Caller::proves(stage, &THE_CLIENT);
    client.runs(r"cat; echo done");
    let reply = client.reply(causes::InputNeverEnds);
    client.compare(&reply, words::exited(0), b"done\n", b"", causes::ServersInputRead);
}

fn only_names_on_the_list_are_allowed(stage: &Stage) {
    builds_on(a_client_with_the_key_is_served);
    let client = Caller::proves(stage, &THE_CLIENT);
    for name in ["id", "ech", "echoes", "ECHO", "echo;id", r"echo ", "/bin/echo", "./echo", ""] {
        client.asks(&[name]);
        let reply = client.reply(causes::RefusalEndsIt);
        client.compare(&reply, words::REFUSED, b"", b"", causes::NotOnTheList);
    }
}

fn a_refusal_does_not_end_the_session(stage: &Stage) {
    builds_on(only_names_on_the_list_are_allowed);
    let client = Caller::proves(stage, &THE_CLIENT);
    client.asks(&["id"]);
    client.hears(words::REFUSED, b"", b"", causes::RefusalEndsIt);
    client.asks(&["echo", "hello"]);
    client.hears(words::exited(0), b"hello\n", b"", causes::RefusalEndsIt);
}

fn the_reason_of_a_refusal_is_text(stage: &Stage) {
    builds_on(a_refusal_does_not_end_the_session);
    let client = Caller::proves(stage, &THE_CLIENT);
    // A reason may repeat the name, but not all of it. Wherever it is cut by bytes, one cut is inside a character.
    for start in ["", "a", "ab"] {
        let name = format!("{start}{}", "神".repeat(MOST / 3 - 1));
        client.0.sends_as(&words::the_client_asks_for(words::A_LONG_NAME), &frame(&[&name]));
        client.hears(words::REFUSED, b"", b"", causes::RefusalEndsIt);
    }
}

fn the_longest_command_is_accepted(stage: &Stage) {
    builds_on(a_command_survives_any_segmentation);
    let client = Caller::proves(stage, &THE_CLIENT);
    let word = "z".repeat(MOST - "echo\0\0".len());
    client.asks(&["echo", &word]);
    let output = format!("{word}\n");
    client.hears(words::exited(0), output.as_bytes(), b"", Cause::LimitOffByOne);
}

fn q_exit_or_end_of_stream_disconnects(stage: &Stage) {
    builds_on(a_client_with_the_key_is_served);
    for word in [Some("q"), Some("exit"), None] {
        let client = Caller::proves(stage, &THE_CLIENT);
        client.asks(&["echo", "hello"]);
        client.hears(words::exited(0), b"hello\n", b"", causes::NoReply);
        match word {
            Some(word) => client.asks(&[word]),
            None => client.0.closes_its_side(),
        }
        client.0.receives_the_end(causes::LeavingIsNoCommand);
    }
}

fn an_invalid_command_ends_the_session(stage: &Stage) {
    builds_on(a_command_survives_any_segmentation);
    for (bytes, cause) in [
        (b"\xff\xff\xff\xff".to_vec(), Cause::NegativeLengthTrusted),
        (b"\x01\0\x01\0".to_vec(), causes::NotACommand),
        (b"echo hello\n".to_vec(), causes::NotACommand),
        (frame_of(b"echo\0hello"), causes::NotACommand),
        (frame_of(b""), causes::NotACommand),
        (frame_of(b"echo\0\xff\0"), causes::NotACommand),
    ] {
        let client = Caller::proves(stage, &THE_CLIENT);
        client.0.sends(&bytes);
        client.0.is_disconnected_at_last(cause);
    }
}

fn a_server_outlives_every_client(stage: &Stage) {
    builds_on(a_client_with_the_key_is_served);
    let (first, _) = Caller::is_challenged(stage, &FIRST_CLIENT);
    first.0.resets();
    next_is_served(stage, Cause::OneClientEndsTheServer);
    let (second, _) = Caller::is_challenged(stage, &SECOND_CLIENT);
    second.0.sends(b"not the answer");
    second.0.closes_its_side();
    next_is_served(stage, Cause::OneClientEndsTheServer);
    let third = Caller::proves(stage, &THIRD_CLIENT);
    third.0.sends(&frame(&["echo", "hello"])[..6]);
    third.0.closes_its_side();
    third.0.is_disconnected_at_last(Cause::TruncationLooksComplete);
    next_is_served(stage, Cause::OneClientEndsTheServer);
    let fourth = Caller::proves(stage, &FOURTH_CLIENT);
    fourth.0.sends(b"\xff\xff\xff\xff");
    next_is_served(stage, Cause::OneClientEndsTheServer);
    let fifth = Caller::proves(stage, &FIFTH_CLIENT);
    fifth.asks(&["sh", "-c", r"sleep 1000"]);
    fifth.0.resets();
    next_is_served(stage, Cause::OneClientEndsTheServer);
}

/// The next client is served as the first one was.
fn next_is_served(stage: &Stage, cause: Cause) {
    stage.still_runs(cause.clone());
    let next = Caller::proves(stage, &NEXT_CLIENT);
    next.asks(&["echo", "hello"]);
    next.hears(words::exited(0), b"hello\n", b"", cause);
    next.0.leaves();
}

fn silence_before_the_proof_times_out(stage: &Stage) {
    builds_on(a_client_with_the_key_is_served);
    let (silent, _) = Caller::is_challenged(stage, "silent");
    let (slow, challenge) = Caller::is_challenged(stage, "slow");
    slow.0.sends_as(&words::part_of_its_answer(15), &proof(KEY, &challenge)[..15]);
    stage.is_patient(PATIENCE);
    silent.0.is_disconnected(Cause::SilenceHoldsTheServer);
    slow.0.is_disconnected(Cause::SilenceHoldsTheServer);
}

fn a_client_may_be_silent_after_the_proof(stage: &Stage) {
    builds_on(a_silent_client_does_not_block_others);
    builds_on(silence_before_the_proof_times_out);
    let silent = Caller::proves(stage, "silent");
    let served = Caller::proves(stage, "served");
    served.asks(&["echo", "hello"]);
    served.hears(words::exited(0), b"hello\n", b"", causes::NoReply);
    let halfway = Caller::proves(stage, "halfway");
    halfway.0.sends(&frame(&["echo", "next"])[..6]);
    // Whatever still counts the time of the others has counted longer than that of this one.
    let (stranger, _) = Caller::is_challenged(stage, "stranger");
    stage.is_patient(PATIENCE);
    stranger.0.is_disconnected(Cause::SilenceHoldsTheServer);
    halfway.0.sends(&frame(&["echo", "next"])[6..]);
    halfway.hears(words::exited(0), b"next\n", b"", causes::SilenceEndsTheSession);
    for client in [silent, served] {
        client.asks(&["echo", "next"]);
        client.hears(words::exited(0), b"next\n", b"", causes::SilenceEndsTheSession);
    }
}

fn the_time_limit_ends_the_whole_process_group(stage: &Stage) {
    builds_on(a_silent_client_does_not_block_others);
    builds_on(output_and_errors_arrive_unchanged);
    stage.is_patient(PATIENCE);
    let ask = |(name, script, cause): (Text, _, _)| {
        let client = Caller::proves(stage, &name);
        client.runs(script);
        (client, cause)
    };
    let clients = [
        (THE_CLIENT, r"echo $$; exec sleep 1000", causes::TimeLimitUnreported),
        (WITH_A_CHILD, r"sleep 1000 & echo $! $$; wait", causes::TimeLimitUnreported),
        (LEAVES_A_CHILD, r"sleep 1000 & echo $!", causes::OverTooSoon),
        (CLOSES_OUTPUTS, r"echo $$; exec sleep 1000 >&- 2>&-", causes::OverTooSoon),
        (IGNORES_SIGNALS, r"trap '' HUP INT QUIT TERM; echo $$; exec sleep 1000", causes::SignalIgnored),
    ]
    .map(ask);
    for (client, cause) in clients {
        let reply = client.reply(causes::TimeLimitMissing);
        if *reply.ending != *words::TIMED_OUT {
            client.0.got_another(&reply.described(), &words::TIMED_OUT, cause);
        }
        is_dead(stage, &reply, causes::GroupLivesOn);
        client.asks(&["echo", "next"]);
        client.hears(words::exited(0), b"next\n", b"", causes::RefusalEndsIt);
    }
}

fn output_does_not_stop_the_clock(stage: &Stage) {
    builds_on(the_time_limit_ends_the_whole_process_group);
    stage.is_patient(PATIENCE);
    let client = Caller::proves(stage, &THE_CLIENT);
    client.runs(r"echo $$; while :; do echo y; done");
    let reply = client.reply(causes::TimeLimitMissing);
    if *reply.ending != *words::TIMED_OUT || reply.output.len() < 100 {
        client.0.got_another(&reply.described(), &words::TIMED_OUT, causes::TimeLimitUnreported);
    }
    is_dead(stage, &reply, causes::GroupLivesOn);
}

fn background_children_end_with_their_command(stage: &Stage) {
    builds_on(the_time_limit_ends_the_whole_process_group);
    let client = Caller::proves(stage, &THE_CLIENT);
    // The child holds none of the outputs, so the server does not wait for it.
    for end in [r"exit 3", r"kill -9 $$"] {
        client.runs(&format!(r"sleep 1000 >/dev/null 2>&1 & echo $!; {end}"));
        let reply = client.reply(causes::NoReply);
        is_dead(stage, &reply, causes::GroupLivesOn);
    }
}

fn no_process_or_descriptor_is_left(stage: &Stage) {
    builds_on(q_exit_or_end_of_stream_disconnects);
    let before = descriptors_at_rest(stage);
    for last in ["q", "id"] {
        let client = Caller::proves(stage, &THE_CLIENT);
        client.runs(r"echo $$; exit 3");
        let process = client.reply(causes::NoReply).processes();
        // A process that nobody has waited for is still listed, as a zombie.
        let is_gone = || !process.is_empty() && process.iter().all(|it| !it.exists());
        stage.expects(words::NOBODY_IS_LEFT, causes::ZombiesLeftBehind, is_gone);
        client.asks(&[last]);
        client.0.closes_its_side();
        client.0.is_disconnected_at_last(causes::LeavingIsNoCommand);
    }
    stage.holds_at_most(before, Cause::DescriptorsLeftBehind);
}

fn a_client_that_never_reads_ends_its_command(stage: &Stage) {
    builds_on(the_time_limit_ends_the_whole_process_group);
    let before = descriptors_at_rest(stage);
    let note = stage.folder().path().join("process");
    let client = Caller::proves(stage, &THE_CLIENT);
    let output = r"dd if=/dev/zero bs=65536 count=300 2>/dev/null; sleep 1000";
    let script = format!(r"echo $$ > '{}'; {output}", note.display());
    let told = words::and_reads_no_reply(words::the_client_asks_for(words::A_LOT_OF_OUTPUT));
    client.0.sends_as(&told, &frame(&["sh", "-c", &script]));
    stage.expects(words::THAT_IT_HAS_STARTED, causes::NoReply, || !noted(&note).is_empty());
    stage.is_patient(PATIENCE);
    let reply = Reply { output: noted(&note), ..Reply::default() };
    is_dead(stage, &reply, causes::TimeLimitMissing);
    stage.holds_at_most(before, causes::UnreadReplyHoldsTheServer);
    client.0.is_disconnected_at_last(causes::UnreadReplyHoldsTheServer);
}

fn a_reset_leaves_nothing_behind(stage: &Stage) {
    builds_on(the_time_limit_ends_the_whole_process_group);
    builds_on(no_process_or_descriptor_is_left);
    let before = descriptors_at_rest(stage);
    let note = stage.folder().path().join("process");
    let client = Caller::proves(stage, &THE_CLIENT);
    let script = format!(r"sleep 1000 & echo $! $$ > '{}'; wait", note.display());
    let told = words::the_client_asks_for(words::A_COMMAND_THAT_GOES_ON);
    client.0.sends_as(&told, &frame(&["sh", "-c", &script]));
    stage.expects(words::THAT_IT_HAS_STARTED, causes::NoReply, || !noted(&note).is_empty());
    client.0.resets();
    // A server may notice it when a write fails, or at the latest at the limit.
    stage.is_patient(PATIENCE);
    is_dead(stage, &Reply { output: noted(&note), ..Reply::default() }, causes::TimeLimitMissing);
    stage.holds_at_most(before, Cause::DescriptorsLeftBehind);
}

/// The descriptors of the server when a client has come and gone: a runtime may open one for itself when it first closes
/// a connection.
fn descriptors_at_rest(stage: &Stage) -> usize {
    Caller::proves(stage, &FIRST_CLIENT).0.leaves();
    let _ = stage.until(|| None::<()>);
    stage.descriptors()
}

/// A client of the server, with the bytes that have come and are not used yet.
struct Caller(Peer, RefCell<Vec<u8>>);

/// The reply to a command.
#[derive(Default)]
struct Reply {
    ending: String,
    output: Vec<u8>,
    errors: Vec<u8>,
}

impl Caller {
    /// Connect, and receive the challenge.
    fn is_challenged(stage: &Stage, name: &str) -> (Caller, Vec<u8>) {
        Caller::is_challenged_or(stage, name, causes::NoChallenge)
    }

    fn is_challenged_or(stage: &Stage, name: &str, cause: Cause) -> (Caller, Vec<u8>) {
        let client = stage.client(name);
        let mut challenge = Vec::new();
        let whole = client.reads_until(|more| {
            challenge.extend(more);
            (challenge.len() >= 32).then_some(())
        });
        if whole.is_err() || challenge.len() != 32 {
            let got = counted(challenge.len(), netkata::words::BYTE);
            client.got_another(&got, &counted(32, netkata::words::BYTE), cause);
        }
        (Caller(client, RefCell::default()), challenge)
    }

    /// Connect, and prove to know the key.
    fn proves(stage: &Stage, name: &str) -> Caller {
        let (client, challenge) = Caller::is_challenged(stage, name);
        client.proves_with(&challenge)
    }

    fn proves_with(self, challenge: &[u8]) -> Caller {
        self.0.sends_as(&words::THE_CLIENT_PROVES_ITSELF, &proof(KEY, challenge));
        self
    }

    fn asks(&self, command: &[&str]) {
        let told = quoted(command.join(" ").chars().take(60).collect::<String>().as_bytes());
        self.0.sends_as(&words::the_client_asks_for(told), &frame(command));
    }

    /// Ask for a shell that runs this script.
    fn runs(&self, script: &str) {
        self.asks(&["sh", "-c", script]);
    }

    /// Receive this reply, and fail with a story of this cause if another one or none comes.
    fn hears(&self, ending: impl Into<String>, output: &[u8], errors: &[u8], cause: Cause) {
        let reply = self.reply(cause.clone());
        self.compare(&reply, ending, output, errors, cause);
    }

    fn compare(
        &self,
        reply: &Reply,
        ending: impl Into<String>,
        output: &[u8],
        errors: &[u8],
        cause: Cause,
    ) {
        let (output, errors) = (output.to_vec(), errors.to_vec());
        let expected = Reply { ending: ending.into(), output, errors }.described();
        if reply.described() != expected {
            self.0.got_another(&reply.described(), &expected, cause);
        }
    }

    /// Receive a reply; fail with a story of this cause if none comes.
    fn reply(&self, cause: Cause) -> Reply {
        let mut reply = Reply::default();
        let mut heard = self.1.borrow_mut();
        let began = Instant::now();
        let whole = self.0.reads_until(|more| {
            heard.extend(more);
            let used = reply.takes_pieces(&heard);
            heard.drain(..used);
            (!reply.ending.is_empty() || began.elapsed() > ENDLESS).then_some(())
        });
        if reply.is_invalid() {
            self.0.got_another(&reply.ending, &words::A_WHOLE_REPLY, causes::PieceOutOfForm);
        }
        if reply.ending.is_empty() {
            let then = whole.err().map_or_else(|| words::NO_WHOLE_REPLY.to_string(), Then::told);
            let rest = quoted(&heard[..heard.len().min(60)]);
            let came = if heard.is_empty() { then } else { format!("{rest}, {then}") };
            self.0.got_another(&came, &words::A_WHOLE_REPLY, cause);
        }
        self.0.did(netkata::words::got(&reply.ending));
        reply
    }
}

impl Reply {
    /// Take the pieces in front of these bytes, and return how long they are.
    fn takes_pieces(&mut self, bytes: &[u8]) -> usize {
        let mut used = 0;
        while self.ending.is_empty() {
            let Some((header, behind)) = bytes[used..].split_first_chunk::<5>() else { break };
            let [kind, length @ ..] = *header;
            let length = usize::try_from(i32::from_le_bytes(length)).unwrap_or(usize::MAX);
            if length > MOST {
                self.ending = words::A_PIECE_TOO_LONG.to_owned();
                break;
            }
            let Some(piece) = behind.get(..length) else { break };
            self.takes(kind, piece);
            used += 5 + length;
        }
        used
    }

    fn takes(&mut self, kind: u8, bytes: &[u8]) {
        let number = bytes.try_into().map(i32::from_le_bytes);
        self.ending = match (kind, number) {
            (b'o', _) => return self.output.extend(bytes),
            (b'e', _) => return self.errors.extend(bytes),
            (b'x', Ok(status)) => words::exited(status),
            (b's', Ok(number)) => words::ended_by_signal(number),
            (b't', _) if bytes.is_empty() => words::TIMED_OUT.to_owned(),
            (b'r', _) if str::from_utf8(bytes).is_ok() => words::REFUSED.to_owned(),
            _ => words::NOT_AN_ENDING.to_owned(),
        };
    }

    /// Whether a piece is not as its kind requires.
    fn is_invalid(&self) -> bool {
        let ending = &*self.ending;
        [&*words::A_PIECE_TOO_LONG, &*words::NOT_AN_ENDING].contains(&ending)
    }

    fn described(&self) -> String {
        let told = |name: &str, bytes: &[u8]| match bytes.len() {
            0 => words::none_of(name),
            1..=64 => words::just_these(name, quoted(bytes)),
            many => words::so_much_of(counted(many, netkata::words::BYTE), name),
        };
        let (output, errors) = (&self.output, &self.errors);
        words::reply(&self.ending, told(&words::OUTPUT, output), told(&words::ERRORS, errors))
    }

    /// The processes whose numbers are in the first line of the output.
    fn processes(&self) -> Vec<PathBuf> {
        let output = String::from_utf8_lossy(&self.output).into_owned();
        let numbers = output.lines().next().unwrap_or_default().split_whitespace();
        numbers.map(|number| PathBuf::from("/proc").join(number)).collect()
    }
}

/// Expect that none of the processes of a command runs any more.
fn is_dead(stage: &Stage, reply: &Reply, cause: Cause) {
    let processes = reply.processes();
    let is_dead =
        || !processes.is_empty() && processes.iter().all(|process| Stat::of(process).is_none());
    stage.expects(words::NOBODY_IS_LEFT, cause, is_dead);
}

/// What a command has noted in a file: a whole line, or nothing yet.
fn noted(file: &PathBuf) -> Vec<u8> {
    let noted = fs::read(file).unwrap_or_default();
    if noted.ends_with(b"\n") { noted } else { Vec::new() }
}

/// A command on the wire.
fn frame(words: &[&str]) -> Vec<u8> {
    let words: String = words.iter().flat_map(|word| [word, "\0"]).collect();
    frame_of(words.as_bytes())
}

fn frame_of(bytes: &[u8]) -> Vec<u8> {
    let length = i32::try_from(bytes.len()).expect("commands here are short");
    [&length.to_le_bytes(), bytes].concat()
}

/// The answer to a challenge: its HMAC-MD5.
fn proof(key: &[u8], challenge: &[u8]) -> Vec<u8> {
    let mac = Hmac::<Md5>::new_from_slice(key).expect("a key of any length");
    mac.chain_update(challenge).finalize().into_bytes().to_vec()
}

/// A piece of a reply on the wire.
fn piece(kind: u8, bytes: &[u8]) -> Vec<u8> {
    [&[kind], &frame_of(bytes)[..]].concat()
}

fn exited(status: i32) -> Vec<u8> {
    piece(b'x', &status.to_le_bytes())
}

const CHALLENGE: &[u8] = b"thirty-two bytes that are random";

/// The course's end of a connection on which the program has proved itself.
fn accepts(stage: &Stage) -> Peer {
    let server = stage.accepts(THE_SERVER, shared::NeverConnects);
    server.sends(CHALLENGE);
    server.receives(&proof(KEY, CHALLENGE), Cause::NotTheAnswer);
    server
}

fn a_challenge_is_answered_with_its_hmac(stage: &Stage) {
    let server = stage.accepts(THE_SERVER, shared::NeverConnects);
    server.sends_cut(CHALLENGE, &[1, 30]);
    server.receives(&proof(KEY, CHALLENGE), Cause::NotTheAnswer);
}

fn each_word_of_a_command_ends_with_zero(stage: &Stage) {
    builds_on(a_challenge_is_answered_with_its_hmac);
    let server = accepts(stage);
    stage.types("ls -l /tmp\n");
    server.receives(&frame(&["ls", "-l", "/tmp"]), causes::WordsLoseTheirBorders);
    server.sends(&exited(0));
    stage.types("echo 神\n");
    server.receives(&frame(&["echo", "神"]), causes::WordsLoseTheirBorders);
}

fn output_and_errors_are_printed(stage: &Stage) {
    builds_on(each_word_of_a_command_ends_with_zero);
    let server = accepts(stage);
    answers(stage, &server, &[piece(b'o', b"hello\n"), exited(0)].concat(), &[]);
    stage.prints(&["hello"], causes::NoReply);
    answers(stage, &server, &[piece(b'e', b"oops\n"), exited(3)].concat(), &[]);
    stage.prints(&["hello", "oops"], causes::OutputsMixed);
}

fn a_reply_survives_any_segmentation(stage: &Stage) {
    builds_on(output_and_errors_are_printed);
    let server = accepts(stage);
    let reply = [piece(b'o', b"one "), piece(b'o', b""), piece(b'o', b"two\n"), exited(0)].concat();
    for (sizes, number) in [(&[9, 5, 9][..], 1), (&[2, 5, 8, 3], 2), (&[1; 32], 3)] {
        answers(stage, &server, &reply, sizes);
        stage.prints(&vec![r"one two"; number], Cause::OneReadIsNotOneMessage);
    }
}

fn the_next_reply_stays_in_the_stream(stage: &Stage) {
    builds_on(a_reply_survives_any_segmentation);
    let server = accepts(stage);
    let long = "0123456789".repeat(6_000);
    let pieces = vec![piece(b'o', long.as_bytes()); 5].concat();
    answers(stage, &server, &[pieces, piece(b'o', b"\nthe end\n"), exited(0)].concat(), &[]);
    stage.prints(&[&long.repeat(5), r"the end"], causes::OutputCut);
    answers(stage, &server, &[piece(b'o', b"next\n"), exited(0)].concat(), &[]);
    stage.prints(&[r"the end", "next"], Cause::ReadTooFar);
}

fn the_reason_of_a_refusal_is_printed(stage: &Stage) {
    builds_on(output_and_errors_are_printed);
    let server = accepts(stage);
    answers(stage, &server, &piece(b'r', "不行".as_bytes()), &[]);
    stage.prints(&["不行"], causes::ReasonChanged);
    answers(stage, &server, &[piece(b'o', b"hello\n"), exited(0)].concat(), &[]);
    stage.prints(&["不行", "hello"], causes::RefusalEndsIt);
}

fn half_a_character_is_not_an_error(stage: &Stage) {
    builds_on(a_reply_survives_any_segmentation);
    let server = accepts(stage);
    let (half, rest) = "神\n".as_bytes().split_at(2);
    let pieces = [piece(b'o', half), piece(b'o', rest), piece(b'o', b"\xff\n"), exited(0)];
    answers(stage, &server, &pieces.concat(), &[]);
    stage.prints(&["神"], Cause::BytesAreNotText);
    answers(stage, &server, &[piece(b'o', b"next\n"), exited(0)].concat(), &[]);
    stage.prints(&["神", "next"], Cause::BytesAreNotText);
}

fn the_client_ends_when_the_typing_does(stage: &Stage) {
    builds_on(output_and_errors_are_printed);
    let server = accepts(stage);
    answers(stage, &server, &[piece(b'o', b"hello\n"), exited(0)].concat(), &[]);
    stage.ends_typing();
    server.receives_the_end(shared::KeepsRunning);
    server.leaves();
    stage.ends(shared::KeepsRunning);
}

fn q_ends_the_client(stage: &Stage) {
    builds_on(output_and_errors_are_printed);
    let server = accepts(stage);
    stage.types("q\n");
    // It may say it to the server, too.
    let said = server.takes_what_comes();
    if !said.is_empty() && said != frame(&["q"]) {
        server.got_another(&quoted(&said), &netkata::words::NOTHING, causes::LeavingIsNoCommand);
    }
    server.receives_the_end(causes::LeavingIsNoCommand);
    server.leaves();
    stage.ends(shared::KeepsRunning);
}

fn an_incomplete_reply_ends_the_client(stage: &Stage) {
    builds_on(a_reply_survives_any_segmentation);
    let server = accepts(stage);
    answers(stage, &server, &piece(b'o', b"hello\n")[..8], &[]);
    server.closes_its_side();
    stage.ends_with_an_error(Cause::TruncationLooksComplete);
}

/// Let the program ask for something, and answer in pieces of these sizes.
fn answers(stage: &Stage, server: &Peer, reply: &[u8], sizes: &[usize]) {
    stage.types("date\n");
    server.receives(&frame(&["date"]), causes::WordsLoseTheirBorders);
    server.sends_cut(reply, sizes);
}
