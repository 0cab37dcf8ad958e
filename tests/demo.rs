//! The demonstrations show the same every time: the same bytes in the same reads, in the same words.

use std::io;
use std::thread;

use netkata::runner::demo::sticky::{self, Options, Reading};
use snapbox::str;

#[test]
fn runs_at_the_same_time_show_the_same_bytes_in_the_same_reads() {
    let runs: Vec<_> = (0..8).map(|_| thread::spawn(sticky::reads)).collect();
    let mut runs = runs.into_iter().map(|run| run.join().unwrap().unwrap());
    let first = runs.next().unwrap();
    assert!(runs.all(|run| run == first));
}

/// The measure: `cargo test -p netkata --test demo -- --ignored --nocapture`, some 50 s.
#[test]
#[ignore = "a measure: the fix that sleeps makes a run last a second"]
fn fifty_runs_in_a_row_show_the_same_bytes_in_the_same_reads() {
    let first = sticky::reads().unwrap();
    for run in 2..=50 {
        assert_eq!(first, sticky::reads().unwrap(), "run {run} differs from the first");
    }
    println!("50 runs of {} reads each: all the same", first.len());
}

#[test]
fn each_fix_gets_the_reads_that_its_act_claims() {
    let readings = sticky::reads().unwrap();
    let server_got = |act, scene| server_reads(&readings, act, scene);
    assert_eq!(server_got(1, ""), ["helloworld"]);
    assert_eq!(server_got(2, ""), ["san", "dwi", "ch"]);
    assert_eq!(server_got(3, "A prompt reader"), ["hello", "world"]);
    assert_eq!(server_got(3, "A late reader"), ["helloworld"]);
    assert_eq!(server_got(4, "With Nagle"), server_got(4, "Without Nagle"));
    assert_eq!(server_got(5, "Even a late reader"), ["hello", "world"]);
    assert_eq!(server_got(6, "Split"), [r"\x05\x00", r"\x00\x00", "he", "llo"]);
}

fn server_reads(readings: &[Reading], act: usize, scene: &str) -> Vec<String> {
    let of_server =
        |reading: &&Reading| (reading.act, reading.scene, reading.reader) == (act, scene, "server");
    let text = |reading: &Reading| reading.bytes.escape_ascii().to_string();
    readings.iter().filter(of_server).map(text).collect()
}

#[test]
fn plain_lines_tell_it_all_without_colour_or_drawing() {
    let shown = shown(Options { step: false, plain: true }, 0);
    let allowed = |letter: char| letter.is_ascii_graphic() || letter == ' ' || letter == '\n';
    assert_eq!(shown.chars().find(|&letter| !allowed(letter)), None);
    snapbox::assert_data_eq!(
        without_times(&shown),
        str![[r#"
Sticky packets: a client and a server on one machine, over real TCP sockets.
Bytes are shown behind the letter of their message, [A:hello][B:world], and a
header in hexadecimal, [A:05 00 00 00|hello].

Act 1 of 6: Two sends, one read
The client sends A, then B; the server reads when both have arrived.

  client: write of 5 bytes: [A:hello]
  client: write of 5 bytes: [B:world]
  server: 10 bytes wait in its queue
  server: read of up to 1024 bytes returned 10: [A:hello][B:world]

What it shows: One read returned both messages: TCP is a stream of bytes, which
keeps their order and knows no boundary between one send and the next.

Act 2 of 6: One send, three reads
The client sends one message of 8 bytes; the server has room for 3 bytes a read.

  client: write of 8 bytes: [A:sandwich]
  server: 8 bytes wait in its queue
  server: read of up to 3 bytes returned 3: [A:san]
  server: read of up to 3 bytes returned 3: [A:dwi]
  server: read of up to 3 bytes returned 2: [A:ch]

What it shows: One send came out of three reads: a read returns at most what it
asks for and at most what has arrived, and on a real network that may be any
piece.

Act 3 of 6: The fix that sleeps
The client sleeps half a second between the sends, for a prompt reader, which
reads before the sleep is over, and for a late one, which reads after both
sends.

A prompt reader:
  client: write of 5 bytes: [A:hello]
  client: sleep(0.5 s)
  server: read of up to 1024 bytes returned 5: [A:hello]
  client: write of 5 bytes: [B:world]
  server: read of up to 1024 bytes returned 5: [B:world]

A late reader:
  client: write of 5 bytes: [A:hello]
  client: sleep(0.5 s)
  client: write of 5 bytes: [B:world]
  server: 10 bytes wait in its queue
  server: read of up to 1024 bytes returned 10: [A:hello][B:world]

What it shows: Half a second apart, and stuck all the same: the sleep is a bet
on how soon the reader reads, which the sender cannot know, and it costs half a
second a message.

Act 4 of 6: The fix that sets TCP_NODELAY
The late reader again, without a sleep: first with Nagle's algorithm, then with
it turned off.

With Nagle:
  client: TCP_NODELAY is off
  client: write of 5 bytes: [A:hello]
  client: write of 5 bytes: [B:world]
  server: 10 bytes wait in its queue
  server: read of up to 1024 bytes returned 10: [A:hello][B:world]

Without Nagle:
  client: TCP_NODELAY is on
  client: write of 5 bytes: [A:hello]
  client: write of 5 bytes: [B:world]
  server: 10 bytes wait in its queue
  server: read of up to 1024 bytes returned 10: [A:hello][B:world]

What it shows: The same bytes in the same read: Nagle makes sends likelier to
share a packet, but packets are not what a read returns; the receiver's queue is
one row of bytes.

Act 5 of 6: The fix that waits for an acknowledgement
The client does not send B before the server has acknowledged A; then we measure
what that costs.

Even a late reader:
  client: write of 5 bytes: [A:hello]
  server: 5 bytes wait in its queue
  server: read of up to 1024 bytes returned 5: [A:hello]
  server: write of 2 bytes: [K:ok]
  client: read of up to 1024 bytes returned 2: [K:ok]
  client: write of 5 bytes: [B:world]
  server: read of up to 1024 bytes returned 5: [B:world]
  server: write of 2 bytes: [K:ok]
  client: read of up to 1024 bytes returned 2: [K:ok]

But the acknowledgement K sticks to the answer C:
  client: write of 5 bytes: [A:hello]
  server: read of up to 1024 bytes returned 5: [A:hello]
  server: write of 2 bytes: [K:ok]
  server: write of 3 bytes: [C:bye]
  client: 5 bytes wait in its queue
  client: read of up to 1024 bytes returned 5: [K:ok][C:bye]

The round trips: 1000 messages of 5 bytes, time per message:
  an acknowledgement each: [TIME]
  one for all of them: [TIME]

The stall: write a header, write a body, read the reply; median of 15 exchanges:
  two writes: [TIME]
  two writes, TCP_NODELAY: [TIME]
  one write: [TIME]

What it shows: While the client waits nothing can stick to A, though A may still
come in pieces; every message pays a round trip, and the acknowledgement itself
can stick.

Act 6 of 6: The cure: a header that carries the length
Each message follows its length, 4 bytes, little-endian, written and read by the
reference answer of lesson 3.

Stuck:
  client: write of 9 bytes: [A:05 00 00 00|hello]
  client: write of 9 bytes: [B:05 00 00 00|world]
  server: 18 bytes wait in its queue
  server: read of up to 4 bytes returned 4: [A:05 00 00 00]
  server: read of up to 5 bytes returned 5: [A:hello]
  server: read_message returned [A:hello]
  server: read of up to 4 bytes returned 4: [B:05 00 00 00]
  server: read of up to 5 bytes returned 5: [B:world]
  server: read_message returned [B:world]

Split:
  client: write of 2 bytes: [A:05 00]
  server: read of up to 4 bytes returned 2: [A:05 00]
  client: write of 4 bytes: [A:00 00|he]
  server: read of up to 2 bytes returned 2: [A:00 00]
  server: read of up to 5 bytes returned 2: [A:he]
  client: write of 3 bytes: [A:llo]
  server: read of up to 3 bytes returned 3: [A:llo]
  server: read_message returned [A:hello]

Late, when the client has finished:
  client: write of 9 bytes: [A:05 00 00 00|hello]
  client: write of 9 bytes: [B:05 00 00 00|world]
  client: shutdown(Write)
  server: 18 bytes wait in its queue
  server: read of up to 4 bytes returned 4: [A:05 00 00 00]
  server: read of up to 5 bytes returned 5: [A:hello]
  server: read_message returned [A:hello]
  server: read of up to 4 bytes returned 4: [B:05 00 00 00]
  server: read of up to 5 bytes returned 5: [B:world]
  server: read_message returned [B:world]
  server: read found the end of the stream
  server: read_message returned None

What it shows: Every read_message returned exactly one message, however the
bytes came: the boundary is in the stream itself, and the reader reads until a
message is whole.

"#]]
    );
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    let widths = [(20, 20), (40, 40), (64, 64), (80, 80), (0, 80), (200, 100)];
    let runs = widths.map(|(width, limit)| {
        thread::spawn(move || {
            let shown = anstream::adapter::strip_str(&shown(Options::default(), width)).to_string();
            let widest = shown.lines().map(|line| line.chars().count()).max().unwrap();
            assert!(widest <= limit, "{widest} columns of {width}:\n{shown}");
        })
    });
    runs.into_iter().for_each(|run| run.join().unwrap());
}

#[test]
fn stepping_waits_for_a_line_before_each_later_act_and_goes_on_at_the_end_of_input() {
    let (mut input, mut out) = (&b"\n\nnot read"[..], Vec::new());
    let options = Options { step: true, plain: true };
    sticky::run(options, 80, &mut input, &mut out).unwrap();
    let shown = String::from_utf8(out).unwrap();
    assert_eq!(shown.matches("Press Enter").count(), 5);
    assert!(input.is_empty());
}

#[test]
fn the_picture_holds_the_acts_asked_for_and_no_others() {
    let picture = sticky::svg(&[1, 6], 80).unwrap();
    assert!(picture.starts_with("<svg") && picture.contains("Act 1") && picture.contains("Act 6"));
    assert!(!picture.contains("Act 2"));
    let error = sticky::svg(&[7], 80).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::InvalidInput);
    assert_eq!(error.to_string(), "there is no act 7: the acts are 1 to 6");
}

#[test]
fn a_closed_pipe_ends_it_with_an_error() {
    struct Closed;
    impl io::Write for Closed {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::BrokenPipe.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let error = sticky::run(Options::default(), 80, &mut io::empty(), &mut Closed).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::BrokenPipe);
}

fn shown(options: Options, width: usize) -> String {
    let mut out = Vec::new();
    sticky::run(options, width, &mut io::empty(), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// Put `[TIME]` where a time was measured, and leave out what the times were found to say.
fn without_times(shown: &str) -> String {
    let mut kept = String::new();
    for paragraph in shown.split_inclusive("\n\n") {
        let measured = |line: &str| line.starts_with("  ") && line.ends_with("seconds");
        let lines: Vec<&str> = paragraph.lines().collect();
        let Some(last) = lines.iter().rposition(|line| measured(line)) else {
            kept += paragraph;
            continue;
        };
        for line in &lines[..=last] {
            let label = line.split_once(": ").filter(|_| measured(line)).map(|(label, _)| label);
            kept += &label.map_or(format!("{line}\n"), |label| format!("{label}: [TIME]\n"));
        }
        kept += "\n";
    }
    kept
}
