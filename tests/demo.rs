//! Test that the demonstrations show the same every time: the same bytes in the same reads and the same text.

use std::io::{self, BufRead, BufReader, Write};
use std::net::{Shutdown, TcpStream};
use std::path::Path;
use std::sync::LazyLock;
use std::thread;
use std::time::Duration;

use netkata_demos::sticky::{self, Reading};
use netkata_demos::{
    Demonstration, Lines, Live, Replay, Screen, hmac, io_models, lifecycle, polling, threads,
};
use netkata_runner::course::Course;
use netkata_runner::programs;
use snapbox::str;

#[test]
fn concurrent_runs_show_the_same_bytes_in_the_same_reads() {
    let runs: Vec<_> = (0..8).map(|_| thread::spawn(sticky::reads)).collect();
    let mut runs = runs.into_iter().map(|run| run.join().unwrap().unwrap());
    let first = runs.next().unwrap();
    assert!(runs.all(|run| run == first));
}

/// Measure with `cargo test -p netkata-runner --test demo -- --ignored --nocapture`, about 50 s.
#[test]
#[ignore = "a measurement: the fix that sleeps makes a run last a second"]
fn fifty_runs_show_the_same_bytes_in_the_same_reads() {
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
fn plain_lines_show_everything_without_colour_or_drawing() {
    let shown = plain(&sticky::DEMONSTRATION);
    snapbox::assert_data_eq!(
        without_times(&shown),
        str![[r#"
Sticky packets: a client and a server on one machine, over real TCP sockets.
Bytes are shown after the letter of their message, [A:hello][B:world], and a
header in hexadecimal, [A:05 00 00 00|hello].

Act 1 of 6: Two sends, one read
The client sends A, then B; the server reads when both have arrived.

  client: write of 5 bytes: [A:hello]
  client: write of 5 bytes: [B:world]
  server: 10 bytes wait in its queue
  server: read of up to 1024 bytes returned 10: [A:hello][B:world]

What it shows: One read returned both messages: TCP is a stream of bytes, which
keeps their order but no boundary between one send and the next.

Act 2 of 6: One send, three reads
The client sends one message of 8 bytes; the server reads 3 bytes at a time.

  client: write of 8 bytes: [A:sandwich]
  server: 8 bytes wait in its queue
  server: read of up to 3 bytes returned 3: [A:san]
  server: read of up to 3 bytes returned 3: [A:dwi]
  server: read of up to 3 bytes returned 2: [A:ch]

What it shows: One send became three reads: a read returns at most what it asks
for and at most what has arrived, and on a real network that may be any piece.

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

What it shows: Half a second apart, and still stuck together: the sleep is a bet
on how soon the reader reads, which the sender cannot know, and it costs half a
second per message.

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

What it shows: The same bytes in the same read: with Nagle, sends more often
share a packet, but a read does not return packets; the receiver's queue is one
row of bytes.

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
arrive in pieces; every message costs a round trip, and the acknowledgement
itself can stick.

Act 6 of 6: The cure: a header that carries the length
Each message follows its length, 4 bytes, little-endian, as in lesson 3.

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
bytes arrived: the boundary is in the stream itself, and the reader reads until
a message is whole.

"#]]
    );
}

#[test]
fn the_polling_demonstration_is_shown_in_plain_lines() {
    snapbox::assert_data_eq!(
        plain(&polling::DEMONSTRATION),
        str![[r#"
A polling server: five clients on one thread, over real TCP sockets.
One line per client: what it does, and the result. The server must send back
what it gets, in capitals. It takes a turn when the demonstration starts one.

Act 1 of 4: A silent client
Five connect. A is silent, the others send their names; only then does A send.

The naive server:
  A Ada: sends nothing; the server waits for A
  B Ben: sends "ben"; waits for A; gets "BEN" once A has sent
  C Cleo: sends "cleo"; waits for A; gets "CLEO" once A has sent
  D Dora: sends "dora"; waits for A; gets "DORA" once A has sent
  E Emil: sends "emil"; waits for A; gets "EMIL" once A has sent

The fixed server:
  A Ada: sends nothing; blocks no other client
  B Ben: sends "ben"; gets "BEN" while A is silent
  C Cleo: sends "cleo"; gets "CLEO" while A is silent
  D Dora: sends "dora"; gets "DORA" while A is silent
  E Emil: sends "emil"; gets "EMIL" while A is silent

What it shows: The naive server made its listener nonblocking, but not the
sockets that it accepted: it waits in the read from A. The fixed one polls A,
finds that there is nothing yet, and goes on to B.

Act 2 of 4: A busy listener
In each of five turns one more client connects and sends its name; in the sixth
none does.

The naive server:
  A Ada: sends "ada" in turn 1; waits for B, C, D, E; gets "ADA" in turn 6
  B Ben: sends "ben" in turn 2; waits for C, D, E; gets "BEN" in turn 6
  C Cleo: sends "cleo" in turn 3; waits for D, E; gets "CLEO" in turn 6
  D Dora: sends "dora" in turn 4; waits for E; gets "DORA" in turn 6
  E Emil: sends "emil" in turn 5; waits a turn; gets "EMIL" in turn 6

The fixed server:
  A Ada: sends "ada" in turn 1; gets "ADA" in turn 1
  B Ben: sends "ben" in turn 2; gets "BEN" in turn 2
  C Cleo: sends "cleo" in turn 3; gets "CLEO" in turn 3
  D Dora: sends "dora" in turn 4; gets "DORA" in turn 4
  E Emil: sends "emil" in turn 5; gets "EMIL" in turn 5

What it shows: The naive server serves its clients only in a turn without a new
client. The fixed one does both in every turn: it accepts, then serves.

Act 3 of 4: A client that vanishes
Five connect. All but B send their names; B's program is killed, and its kernel
resets the connection.

The naive server:
  A Ada: sends "ada"; gets "ADA", then is cut off
  B Ben: vanishes; is gone
  C Cleo: sends "cleo"; waits for B; is cut off, unanswered
  D Dora: sends "dora"; waits for B; is cut off, unanswered
  E Emil: sends "emil"; waits for B; is cut off, unanswered
  server: takes a turn; has ended: connection reset

The fixed server:
  A Ada: sends "ada"; gets "ADA"
  B Ben: vanishes; is gone
  C Cleo: sends "cleo"; gets "CLEO"
  D Dora: sends "dora"; gets "DORA"
  E Emil: sends "emil"; gets "EMIL"
  server: takes a turn; goes on

What it shows: The naive server takes the error of one client for its own, and
ends in the middle of its turn. The fixed one drops that client and goes on.

Act 4 of 4: Half a character
All but B send their names. B sends c3, the first byte of a two-byte character,
then a9, the second.

The naive server:
  A Ada: sends "ada"; gets "ADA", then is cut off
  B Ben: sends c3; is cut off: the server has ended
  C Cleo: sends "cleo"; waits for B; is cut off, unanswered
  D Dora: sends "dora"; waits for B; is cut off, unanswered
  E Emil: sends "emil"; waits for B; is cut off, unanswered
  server: takes a turn; has ended: invalid data

The fixed server:
  A Ada: sends "ada"; gets "ADA"
  B Ben: sends c3, then a9; gets c3, and then a9: the character is whole
  C Cleo: sends "cleo"; gets "CLEO"
  D Dora: sends "dora"; gets "DORA"
  E Emil: sends "emil"; gets "EMIL"
  server: takes a turn; goes on

What it shows: A read may end inside a character. The naive server decodes what
one read returned, and half a character ends it; the fixed one works on bytes.

"#]]
    );
}

#[test]
fn the_threads_demonstration_is_shown_in_plain_lines() {
    snapbox::assert_data_eq!(
        plain(&threads::DEMONSTRATION),
        str![[r#"
A thread for each client: five clients of one server, over real TCP sockets.
One line per client: what it does, and the result. Each has a handler on its own
thread. When a handler has ended, the server must call its finish, whatever
happened.

Act 1 of 4: A silent client
Five connect and are welcomed. A is silent; the others send their names.

The naive server:
  A Ada: sends nothing; its thread waits for it
  B Ben: sends "Ben"; gets "Hello, Ben!" while A is silent
  C Cleo: sends "Cleo"; gets "Hello, Cleo!" while A is silent
  D Dora: sends "Dora"; gets "Hello, Dora!" while A is silent
  E Emil: sends "Emil"; gets "Hello, Emil!" while A is silent

The fixed server:
  A Ada: sends nothing; its thread waits for it
  B Ben: sends "Ben"; gets "Hello, Ben!" while A is silent
  C Cleo: sends "Cleo"; gets "Hello, Cleo!" while A is silent
  D Dora: sends "Dora"; gets "Hello, Dora!" while A is silent
  E Emil: sends "Emil"; gets "Hello, Emil!" while A is silent

What it shows: Only A's own thread waits for A. This is the advantage of one
thread per client, and here the naive server does as well as the fixed one.

Act 2 of 4: Handlers that fail
B's handler panics on its name. C sends c3, the first byte of a two-byte
character. The others send their names.

The naive server:
  A Ada: sends "Ada"; is greeted; finish was called
  B Ben: sends "Ben"; is cut off; its handler panicked; finish was never
    called
  C Cleo: sends c3; is cut off; its handler failed: incomplete utf-8 byte
    sequence from index 0; finish was never called
  D Dora: sends "Dora"; is greeted; finish was called
  E Emil: sends "Emil"; is greeted; finish was called

The fixed server:
  A Ada: sends "Ada"; is greeted; finish was called
  B Ben: sends "Ben"; is cut off; its handler panicked; finish was called
  C Cleo: sends c3; is greeted; finish was called
  D Dora: sends "Dora"; is greeted; finish was called
  E Emil: sends "Emil"; is greeted; finish was called

What it shows: A thread's panic ends that thread only. But the naive server
skips finish when handle has failed or panicked, and what a handler holds is
never released.

Act 3 of 4: Clients that leave a ticker
The server sends "hello" again and again. B's connection is reset; C closes
normally, and then gets more. A stays.

The naive server:
  A Ada: stays; gets "hello" after "hello"
  B Ben: vanishes, with a reset; is gone; finish was called
  C Cleo: closes normally; is gone; its handler failed: broken pipe; finish
    was never called

The fixed server:
  A Ada: stays; gets "hello" after "hello"
  B Ben: vanishes, with a reset; is gone; finish was called
  C Cleo: closes normally; is gone; finish was called

What it shows: More than one error means that a client has left. The naive
ticker knows only "connection reset", and takes a broken pipe for a failure.

Act 4 of 4: Shutdown
A is silent; B, C and D were greeted. Then shutdown is called, and E connects.

The naive server:
  A Ada: is silent until then; sends its name, and is still greeted
  B Ben: was greeted; sends its name, and is still greeted
  C Cleo: was greeted; sends its name, and is still greeted
  D Dora: was greeted; sends its name, and is still greeted
  E Emil: connects after shutdown; is accepted and welcomed
  server: shutdown returned; does not stop

The fixed server:
  A Ada: is silent until then; sees the end; finish was called
  B Ben: was greeted; sees the end; finish was called
  C Cleo: was greeted; sees the end; finish was called
  D Dora: was greeted; sees the end; finish was called
  E Emil: connects after shutdown; is refused
  server: shutdown returned; has ended; all handlers finished

What it shows: Threads that wait in accept and read do not see a flag. The fixed
server ends every stream, connects to itself to wake its accept, and returns
when all handlers have finished. The naive one ends only with its program.

"#]]
    );
}

#[test]
fn the_hmac_demonstration_is_shown_in_plain_lines() {
    snapbox::assert_data_eq!(
        plain(&hmac::DEMONSTRATION),
        str![[r#"
HMAC: proving on a real TCP connection that you know a key, without sending it.
Bytes are shown after a letter, [W:hello]; but if they differ in every run, only
their number, [R:16 bytes of HMAC-MD5].

Act 1 of 4: A client that knows the key
The server sends a challenge C, 32 random bytes; the client answers with R,
their HMAC-MD5 under the key.

The key:
  server: write of 32 bytes: [C:32 random bytes]
  client: read of up to 32 bytes returned 32: [C:32 random bytes]
  client: write of 16 bytes: [R:16 bytes of HMAC-MD5]
  server: read of up to 16 bytes returned 16: [R:16 bytes of HMAC-MD5]
  server: accepted: it knows the key
  client: write of 5 bytes: [W:hello]
  server: read of up to 1024 bytes returned 5: [W:hello]
  server: write of 5 bytes: [W:HELLO]
  client: read of up to 1024 bytes returned 5: [W:HELLO]

Another key:
  server: write of 32 bytes: [C:32 random bytes]
  client: read of up to 32 bytes returned 32: [C:32 random bytes]
  client: write of 16 bytes: [R:16 bytes of HMAC-MD5]
  server: read of up to 16 bytes returned 16: [R:16 bytes of HMAC-MD5]
  server: refused

What it shows: An eavesdropper sees a challenge and an answer, but neither
contains the key. Without the key the answer is wrong.

Act 2 of 4: Replay
A thief has recorded the answer R of an honest client. Without the key, the
thief sends R again.

A server that sends the same challenge every time:
  server: write of 32 bytes: [C:32 bytes, always the same]
  client: read of up to 32 bytes returned 32: [C:32 bytes, always the same]
  client: write of 16 bytes: [R:16 bytes of HMAC-MD5]
  server: read of up to 16 bytes returned 16: [R:16 bytes of HMAC-MD5]
  server: accepted: a thief

The naive server, whose challenges are fresh:
  server: write of 32 bytes: [C:32 random bytes]
  client: read of up to 32 bytes returned 32: [C:32 random bytes]
  client: write of 16 bytes: [R:16 bytes of HMAC-MD5]
  server: read of up to 32 bytes returned 16: [R:16 bytes of HMAC-MD5]
  server: refused

The fixed server, whose challenges are fresh:
  server: write of 32 bytes: [C:32 random bytes]
  client: read of up to 32 bytes returned 32: [C:32 random bytes]
  client: write of 16 bytes: [R:16 bytes of HMAC-MD5]
  server: read of up to 16 bytes returned 16: [R:16 bytes of HMAC-MD5]
  server: refused

What it shows: An answer is valid for its own challenge only. If a server never
sends the same challenge twice, every recording is worthless.

Act 3 of 4: An answer followed by a word
A client that knows the key sends its answer R and the word W in one write.

The naive server, with recv(32):
  server: write of 32 bytes: [C:32 random bytes]
  client: read of up to 32 bytes returned 32: [C:32 random bytes]
  client: write of 21 bytes: [R:16 bytes of HMAC-MD5][W:hello]
  server: read of up to 32 bytes returned 21: [R:16 bytes of HMAC-MD5]
    [W:hello]
  server: refused

The fixed server, with read_exact:
  server: write of 32 bytes: [C:32 random bytes]
  client: read of up to 32 bytes returned 32: [C:32 random bytes]
  client: write of 21 bytes: [R:16 bytes of HMAC-MD5][W:hello]
  server: read of up to 16 bytes returned 16: [R:16 bytes of HMAC-MD5]
  server: accepted: it knows the key
  server: read of up to 1024 bytes returned 5: [W:hello]

What it shows: The naive server compares whatever one read returns, and refuses
a client that knows the key. The fixed one reads the answer and not one byte
more: what follows the answer stays in the stream.

Act 4 of 4: Forgery: a signature extended
The server shows an order O and its signature S. The thief adds X after the
order's padding P, and computes a signature from S, without the key.

S is SHA-1(key + order), as naive programs sign:
  server: write of 56 bytes: [S:59cfe0d83c3bc460780d9e92a8f15b05f8c460f3]
    [O:to=tom&amount=10]
  client: read of up to 1024 bytes returned 56:
    [S:59cfe0d83c3bc460780d9e92a8f15b05f8c460f3][O:to=tom&amount=10]
  client: extends it, for a key of 7 bytes
  client: write of 112 bytes: [S:49f63004ddcf0ffa56c82670b0fdfe064cceceab]
    [O:to=tom&amount=10][P:41 bytes of padding][X:&amount=1000000]
  server: read of up to 1024 bytes returned 112:
    [S:49f63004ddcf0ffa56c82670b0fdfe064cceceab][O:to=tom&amount=10]
    [P:41 bytes of padding][X:&amount=1000000]
  server: verify: true; accepted: a forged order

S is HMAC-SHA-256, as the fixed program signs:
  server: write of 80 bytes:
    [S:06f127eef9ace386f4eb49eb1c87ad4bf4231ffea1600279cd0e6c4eb8adb24b]
    [O:to=tom&amount=10]
  client: read of up to 1024 bytes returned 80:
    [S:06f127eef9ace386f4eb49eb1c87ad4bf4231ffea1600279cd0e6c4eb8adb24b]
    [O:to=tom&amount=10]
  client: extends it, for a key of 7 bytes
  client: write of 136 bytes:
    [S:b153833d762923d93ea7b4c2d29bb2351d14921ca2c063924bfec44b3c4462cb]
    [O:to=tom&amount=10][P:41 bytes of padding][X:&amount=1000000]
  server: read of up to 1024 bytes returned 136:
    [S:b153833d762923d93ea7b4c2d29bb2351d14921ca2c063924bfec44b3c4462cb]
    [O:to=tom&amount=10][P:41 bytes of padding][X:&amount=1000000]
  server: verify: false; refused

What it shows: A digest is the state in which the hash function stopped, so
anyone who has it can continue from there. HMAC hashes twice, each time with the
key in front, and never shows the inner state.

"#]]
    );
}

/// On other systems the kernel's part is missing.
#[cfg(target_os = "linux")]
#[test]
fn the_lifecycle_demonstration_is_shown_in_plain_lines() {
    snapbox::assert_data_eq!(
        plain(&lifecycle::DEMONSTRATION),
        str![[r#"
The life of a TCP connection: the calls of both programs, and the kernel's view.
[Q:hello] are bytes that the client wrote, [A:HELLO] bytes that the server
wrote. After a call: the kernel's state of both ends (/proc/net/tcp), once it is
stable, and if it has changed.

Act 1 of 5: The handshake
The server listens; the client connects and sends a question; only then does the
server call accept.

  server: bind, listen: it listens
  kernel: server LISTEN
  client: connect: connected
  kernel: server LISTEN, 1 in the backlog; client ESTABLISHED; server
    ESTABLISHED
  client: write of 5 bytes: [Q:hello]
  kernel: server LISTEN, 1 in the backlog; client ESTABLISHED; server
    ESTABLISHED, 5 unread
  server: accept: a stream
  kernel: server LISTEN; client ESTABLISHED; server ESTABLISHED, 5 unread
  server: read of up to 1024 bytes returned 5: [Q:hello]
  kernel: server LISTEN; client ESTABLISHED; server ESTABLISHED

What it shows: The kernels shake hands, not the programs. The connection was
established, and took bytes, before the server knew of it: accept takes it from
the backlog.

Act 2 of 5: The half-close
The client has sent everything, says so with shutdown(Write), and still reads
the answer.

  kernel: client ESTABLISHED; server ESTABLISHED
  client: write of 5 bytes: [Q:hello]
  kernel: client ESTABLISHED; server ESTABLISHED, 5 unread
  client: shutdown(Write)
  kernel: client FIN-WAIT-2; server CLOSE-WAIT, 5 unread
  server: read of up to 1024 bytes returned 5: [Q:hello]
  kernel: client FIN-WAIT-2; server CLOSE-WAIT
  server: read found the end of the stream
  server: write of 5 bytes: [A:HELLO]
  kernel: client FIN-WAIT-2, 5 unread; server CLOSE-WAIT
  server: close
  kernel: client TIME-WAIT; server (gone)
  client: read of up to 1024 bytes returned 5: [A:HELLO]
  client: read found the end of the stream

What it shows: Each direction is closed by the side that sends in it. Between
the two ends of the stream the server may answer for as long as it likes.

Act 3 of 5: Who closes first
Both close, one after the other. The server that closed first then starts again
on the same port.

The client closes first:
  kernel: client ESTABLISHED; server ESTABLISHED
  client: close
  kernel: client FIN-WAIT-2; server CLOSE-WAIT
  server: read found the end of the stream
  server: close
  kernel: client TIME-WAIT; server (gone)

The server closes first, and starts again:
  kernel: client ESTABLISHED; server ESTABLISHED
  server: close
  kernel: client CLOSE-WAIT; server FIN-WAIT-2
  client: read found the end of the stream
  client: close
  kernel: client (gone); server TIME-WAIT
  server: bind, no SO_REUSEADDR: address in use
  server: bind, with SO_REUSEADDR: it listens
  kernel: server LISTEN; client (gone); server TIME-WAIT

What it shows: The side that closes first stays in TIME-WAIT, for a minute on
Linux, so that a late segment of this connection is not taken for one of the
next. If it is the server, its port is in use, unless it sets SO_REUSEADDR
before bind, as Rust's TcpListener does on Unix. On Linux the server before it
must have set that, too.

Act 4 of 5: Last words, with bytes unread
The server answers but does not read the question, and ends with a goodbye.

The naive goodbye, a close:
  kernel: client ESTABLISHED; server ESTABLISHED
  client: write of 5 bytes: [Q:hello]
  kernel: client ESTABLISHED; server ESTABLISHED, 5 unread
  client: shutdown(Write)
  kernel: client FIN-WAIT-2; server CLOSE-WAIT, 5 unread
  server: write of 8 bytes: [A:too long]
  kernel: client FIN-WAIT-2, 8 unread; server CLOSE-WAIT, 5 unread
  server: goodbye: Ok(true)
  kernel: client (gone); server (gone)
  client: read_to_end: connection reset

The fixed goodbye:
  kernel: client ESTABLISHED; server ESTABLISHED
  client: write of 5 bytes: [Q:hello]
  kernel: client ESTABLISHED; server ESTABLISHED, 5 unread
  client: shutdown(Write)
  kernel: client FIN-WAIT-2; server CLOSE-WAIT, 5 unread
  server: write of 8 bytes: [A:too long]
  kernel: client FIN-WAIT-2, 8 unread; server CLOSE-WAIT, 5 unread
  server: goodbye: Ok(true)
  kernel: client TIME-WAIT; server (gone)
  client: read_to_end: "too long"

What it shows: A socket that is closed with bytes unread sends a reset: both
ends are gone at once, and the client cannot know how much of the answer it has.
The fixed goodbye first sends the end of the stream, then reads the unread
bytes, then closes.

Act 5 of 5: Resets
The server resets the connection; in the next scene it closes normally, and the
client keeps writing.

A reset on purpose:
  kernel: client ESTABLISHED; server ESTABLISHED
  server: reset: Ok(())
  kernel: client (gone); server (gone)
  client: read(1024): connection reset
  client: read found the end of the stream
  client: write(5): broken pipe

Bytes after the close:
  kernel: client ESTABLISHED; server ESTABLISHED
  server: close
  kernel: client CLOSE-WAIT; server FIN-WAIT-2
  client: write of 5 bytes: [Q:hello]
  kernel: client (gone); server (gone)
  client: write(5): broken pipe

What it shows: A reset leaves no TIME-WAIT, and its error is reported once: the
next read finds an end of the stream that the peer never sent. A write that
succeeds only means that your own kernel took the bytes: the first one caused
the reset, the second failed.

"#]]
    );
}

/// On other systems one model and some measurements are missing.
#[cfg(target_os = "linux")]
#[test]
fn the_io_models_demonstration_is_shown_in_plain_lines() {
    snapbox::assert_data_eq!(
        without_conclusions(&without_figures(&plain(io_models()))),
        str![[r#"
Five I/O models: one echo server, five ways to wait, over real TCP sockets.
Each server is a small program in its own process, compiled like an exercise,
without optimization. The threads and the processor time are those that the
kernel reports of that process in /proc. System calls are counted as strace
counts them, by tracing a second process (ptrace), which is not timed, because
tracing slows it down. All of this is measured now, within a few seconds.

Act 1 of 4: No client sends anything
32 clients connect to each server, and are silent.

Threads, with 32 clients:
  threads: [FIGURE]
  polling: [FIGURE]
  readiness: [FIGURE]
  signals: [FIGURE]
  async: [FIGURE]

Processor time, in an idle second:
  threads: [FIGURE]
  polling: [FIGURE]
  readiness: [FIGURE]
  signals: [FIGURE]
  async: [FIGURE]

System calls, in an idle second:
  threads: [FIGURE]
  polling: [FIGURE]
  readiness: [FIGURE]
  signals: [FIGURE]
  async: [FIGURE]

What it shows: One thread per client costs a stack per client. The polling
server cannot wait: it sleeps, wakes up, polls every client, and finds nothing.

Act 2 of 4: All clients talk
The 32 clients send "hello" at the same time, wait for their "HELLO", and start
again.

Processor time, for each exchange:
  threads: [FIGURE]
  polling: [FIGURE]
  readiness: [FIGURE]
  signals: [FIGURE]
  async: [FIGURE]

System calls, for each exchange:
  threads: [FIGURE]
  polling: [FIGURE]
  readiness: [FIGURE]
  signals: [FIGURE]
  async: [FIGURE]

What it shows: Every model needs one read and one write. The rest is the price
of learning that there is something to read: one answer of the kernel for many
sockets, a signal with its handler and its pipe, or a round of polling.

Act 3 of 4: One talks, 200 are silent
Each server has 200 clients that are connected and silent; one more sends
"hello" and waits for its "HELLO", again and again.

Processor time, for each exchange:
  threads: [FIGURE]
  polling: [FIGURE]
  readiness: [FIGURE]
  signals: [FIGURE]
  async: [FIGURE]

System calls, for each exchange:
  threads: [FIGURE]
  polling: [FIGURE]
  readiness: [FIGURE]
  signals: [FIGURE]
  async: [FIGURE]

What it shows: Polling and signals poll all 201 clients to find one, so each
silent client adds to every exchange. Threads, readiness and async learn which
client it was. This is why servers for many clients are built like this.

Act 4 of 4: Clients come and go
One after another they connect, send "hello", receive "HELLO", and disconnect.

System calls, for each client:
  threads: [FIGURE]
  polling: [FIGURE]
  readiness: [FIGURE]
  signals: [FIGURE]
  async: [FIGURE]

What it shows: Under every model a new client must be accepted, and its
departure noticed. The rest of the cost depends on what the model keeps for a
client: a thread and its stack, settings for signals, a registration, a task, or
only an entry in a list.

"#]]
    );
}

#[test]
fn every_other_demonstration_is_the_same_every_time() {
    for demonstration in all().into_iter().skip(1) {
        let runs: Vec<_> = (0..6).map(|_| thread::spawn(move || plain(demonstration))).collect();
        let mut runs = runs.into_iter().map(|run| run.join().unwrap());
        let first = runs.next().unwrap();
        assert!(runs.all(|run| run == first));
    }
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    let widths = [(20, 20), (40, 40), (64, 64), (80, 80), (0, 80), (200, 100)];
    let runs = all().into_iter().flat_map(|demonstration| {
        widths.map(|(width, limit)| {
            thread::spawn(move || {
                let shown = shown(demonstration, width, false);
                let shown = anstream::adapter::strip_str(&shown).to_string();
                let widest = shown.lines().map(|line| line.chars().count()).max().unwrap();
                assert!(widest <= limit, "{widest} columns of {width}:\n{shown}");
            })
        })
    });
    runs.collect::<Vec<_>>().into_iter().for_each(|run| run.join().unwrap());
}

#[test]
fn stepping_waits_for_enter_before_each_later_act() {
    for (demonstration, later_acts) in all().into_iter().zip([5, 3, 3, 3, 4, 3]) {
        let (mut input, mut out) = (&b"\n\nnot read"[..], Vec::new());
        demonstration.run(&mut Screen::new(&mut out, 80, true).stepped_by(&mut input)).unwrap();
        let shown = String::from_utf8(out).unwrap();
        assert_eq!(shown.matches("Press Enter").count(), later_acts);
        assert!(input.is_empty());
    }
}

#[test]
fn the_picture_in_the_readme_is_of_this_demonstration() {
    let picture = netkata_demos::picture(&sticky::DEMONSTRATION, 1).unwrap();
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/demo.svg");
    snapbox::assert_data_eq!(picture, snapbox::Data::read_from(&file, None).raw());
}

/// At 1280×720, 3.5 % of the height are 25.2 pixels. The picture's type is of 14 units.
#[test]
fn the_type_of_the_picture_is_large_on_a_projector() {
    let picture = netkata_demos::picture(&sticky::DEMONSTRATION, 1).unwrap();
    assert!(picture.contains("font: 14px"));
    let (_, size) = picture.split_once("viewBox=\"0 0 ").unwrap();
    let (size, _) = size.split_once('"').unwrap();
    let size: Vec<f64> = size.split(' ').map(|it| it.parse().unwrap()).collect();
    let scale = (1280.0 / size[0]).min(720.0 / size[1]);
    assert!(14.0 * scale >= 25.2, "{size:?}");
}

/// Those without times or figures, which differ in every run.
#[test]
fn lines_of_json_say_what_a_terminal_shows() {
    for demonstration in
        [&polling::DEMONSTRATION, &threads::DEMONSTRATION, &lifecycle::DEMONSTRATION]
    {
        let mut out = Vec::new();
        demonstration.run(&mut Lines::new(&mut out)).unwrap();
        let lines = String::from_utf8(out).unwrap();
        let texts: Vec<String> = lines.lines().map(text_of).collect();
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(words(&texts.join("\n")), words(&plain(demonstration)));
    }
}

/// The plain text of a line of JSON.
fn text_of(line: &str) -> String {
    let event: serde_json::Value = serde_json::from_str(line).unwrap();
    event["text"]["en"].as_str().unwrap().to_owned()
}

/// Everything but Rust's own names of errors is in both languages, with the same calls and the same bytes.
#[test]
fn each_event_is_in_both_languages() {
    for demonstration in all() {
        let mut out = Vec::new();
        demonstration.run(&mut Lines::new(&mut out)).unwrap();
        for line in String::from_utf8(out).unwrap().lines() {
            let event: serde_json::Value = serde_json::from_str(line).unwrap();
            let [en, zh] = ["en", "zh"].map(|code| event["text"][code].as_str().unwrap());
            assert_eq!(en.is_empty(), zh.is_empty(), "{line}");
            assert!(!en.chars().any(is_chinese), "{en}");
            assert!(zh.is_empty() || zh.chars().any(is_chinese), "{zh}");
            assert_eq!(en.lines().count(), zh.lines().count(), "{line}");
        }
    }
}

fn is_chinese(letter: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&letter)
}

#[test]
fn a_page_is_one_small_file() {
    for demonstration in all() {
        let mut replay = Replay::default();
        demonstration.run(&mut replay).unwrap();
        let page = replay.page();
        assert!(page.len() < 100_000, "{} bytes", page.len());
        for outside in ["http:", "https:", "src=", "href=", "@import", "url("] {
            assert!(!page.contains(outside), "{outside}");
        }
        assert_eq!(page.matches("<!--").count(), 0);
    }
}

#[test]
fn a_live_act_begins_when_its_page_asks_for_it() {
    let mut live = Live::open().unwrap();
    let address = live.url().strip_prefix("http://").unwrap().trim_end_matches('/').to_owned();
    let request = |line: &str| {
        let mut browser = TcpStream::connect(&address).unwrap();
        // It fails the test if what is expected never comes.
        browser.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        write!(browser, "{line} HTTP/1.1\r\nHost: {address}\r\n\r\n").unwrap();
        BufReader::new(browser).lines().map(Result::unwrap)
    };
    let status = |line: &str| request(line).next().unwrap();
    let mut events = request("GET /events");
    let played = thread::spawn(move || {
        polling::DEMONSTRATION.run(&mut live).unwrap();
        live.end();
    });
    for act in 1..=4 {
        assert!(events.any(|line| line == "event: ready"));
        assert_eq!(events.next().unwrap(), format!("data: {act}"));
        assert_eq!(status("POST /play/9"), "HTTP/1.1 404 Not Found");
        assert_eq!(status(&format!("POST /play/{act}")), "HTTP/1.1 204 No Content");
        assert_eq!(status(&format!("POST /play/{act}")), "HTTP/1.1 404 Not Found");
    }
    assert!(events.any(|line| line == "event: ended"));
    played.join().unwrap();
    // A page that is opened later gets all of it.
    assert_eq!(request("GET /events").filter(|line| line == "event: ready").take(4).count(), 4);
}

#[test]
fn a_live_page_serves_only_itself() {
    let live = Live::open().unwrap();
    let address = live.url().strip_prefix("http://").unwrap().trim_end_matches('/').to_owned();
    let status = |request: &str| {
        let mut browser = TcpStream::connect(&address).unwrap();
        browser.write_all(request.as_bytes()).unwrap();
        // It may have answered and gone already.
        let _ = browser.shutdown(Shutdown::Write);
        BufReader::new(browser).lines().next().unwrap().unwrap()
    };
    let port = address.rsplit_once(':').unwrap().1;
    for host in [&address, &format!("localhost:{port}")] {
        assert_eq!(
            status(&format!("GET /?lang=zh HTTP/1.1\r\nHost: {host}\r\n\r\n")),
            "HTTP/1.1 200 OK"
        );
        let own = format!("POST /play/1 HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\n\r\n");
        assert_eq!(status(&own), "HTTP/1.1 404 Not Found", "no act waits");
        let foreign = own.replace("Origin: http://", "Origin: http://evil.");
        assert_eq!(status(&foreign), "HTTP/1.1 403 Forbidden");
    }
    for host in ["evil.example", "127.0.0.1", ""] {
        assert_eq!(
            status(&format!("GET / HTTP/1.1\r\nHost: {host}\r\n\r\n")),
            "HTTP/1.1 403 Forbidden"
        );
    }
    assert_eq!(status("GET / HTTP/1.1\r\n\r\n"), "HTTP/1.1 403 Forbidden");
    assert_eq!(status("hello\r\n\r\n"), "HTTP/1.1 400 Bad Request");
    assert_eq!(status("GET / HTTP/1.1\r\nHost"), "HTTP/1.1 400 Bad Request");
    assert_eq!(
        status(&format!("GET /{} HTTP/1.1\r\n", "a".repeat(20_000))),
        "HTTP/1.1 400 Bad Request"
    );
}

#[test]
fn a_closed_pipe_ends_a_demonstration_with_an_error() {
    struct Closed;
    impl io::Write for Closed {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::BrokenPipe.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    for demonstration in all() {
        let error = demonstration.run(&mut Screen::new(&mut Closed, 80, false));
        assert_eq!(error.unwrap_err().kind(), io::ErrorKind::BrokenPipe);
    }
}

fn all() -> [&'static Demonstration; 6] {
    let [sticky, polling] = [&sticky::DEMONSTRATION, &polling::DEMONSTRATION];
    let [threads, hmac] = [&threads::DEMONSTRATION, &hmac::DEMONSTRATION];
    [sticky, polling, threads, hmac, &lifecycle::DEMONSTRATION, io_models()]
}

fn io_models() -> &'static Demonstration {
    static BUILT: LazyLock<&Demonstration> = LazyLock::new(|| {
        let course = Course::find(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap();
        io_models::demonstration(programs::of_io_models(&course).unwrap())
    });
    *BUILT
}

/// The plain lines of a demonstration, which are ASCII.
fn plain(demonstration: &Demonstration) -> String {
    let shown = shown(demonstration, 0, true);
    let allowed = |letter: char| letter.is_ascii_graphic() || letter == ' ' || letter == '\n';
    assert_eq!(shown.chars().find(|&letter| !allowed(letter)), None);
    shown
}

fn shown(demonstration: &Demonstration, width: usize, plain: bool) -> String {
    let mut out = Vec::new();
    demonstration.run(&mut Screen::new(&mut out, width, plain)).unwrap();
    String::from_utf8(out).unwrap()
}

/// Put `[TIME]` in place of each measured time, and leave out the conclusion from the times.
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

/// Put `[FIGURE]` in place of each measured figure, and leave out the conclusion from the figures.
#[cfg(target_os = "linux")]
fn without_figures(shown: &str) -> String {
    let mut kept = String::new();
    let mut after_figures = false;
    for line in shown.lines() {
        let row = line.strip_prefix("  ").and_then(|line| line.split_once(": "));
        let row =
            row.filter(|(_, figure)| figure.starts_with(|first: char| first.is_ascii_digit()));
        after_figures = row.is_some() || after_figures && !line.is_empty();
        match row {
            Some((model, _)) => kept += &format!("  {model}: [FIGURE]\n"),
            None if after_figures => {}
            None => kept += &format!("{line}\n"),
        }
    }
    kept
}

/// Leave out the sentences that follow from the figures, and wrap the others again.
#[cfg(target_os = "linux")]
fn without_conclusions(shown: &str) -> String {
    let measured = |sentence: &&str| {
        ["Most ", "A server that waits in the kernel costs", "When all clients are ready at once"]
            .iter()
            .any(|begin| sentence.starts_with(begin))
    };
    let conclusion = |paragraph: &str| {
        let text = paragraph.split_whitespace().collect::<Vec<_>>().join(" ");
        let text = text.trim_start_matches("What it shows: ").replace(". ", ".\n");
        let kept: Vec<&str> = text.lines().filter(|sentence| !measured(sentence)).collect();
        textwrap::fill(&format!("What it shows: {}", kept.join(" ")), 80)
    };
    let paragraphs = shown.split("\n\n").map(|paragraph| {
        if paragraph.starts_with("What") { conclusion(paragraph) } else { paragraph.to_owned() }
    });
    paragraphs.collect::<Vec<_>>().join("\n\n") + "\n"
}
