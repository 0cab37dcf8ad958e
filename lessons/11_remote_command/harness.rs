//! What the checks of lesson 11 stand on: peers, servers and values of their own.

use std::cell::{Cell, RefCell};
use std::fs::{self, File, OpenOptions};
use std::io::ErrorKind;
use std::io::{self, IoSlice, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use hmac::{Hmac, KeyInit, Mac};
use md5::Md5;
use netkata::linux::threads::{Stat, Threads};
use netkata::{
    Background, Cause, Census, Describe, Expected, Finding, PartialOp, Scene, Wire, connected,
    counted, in_background, quoted, returns,
};
use remote_command::{AllowList, Ending, read_command, run, serve_client};
use rustix::fs::OFlags;
use rustix::process::{WaitId, WaitIdOptions, waitid};
use socket2::SockRef;
use tempfile::TempDir;

use super::{causes, words};

/// A script that does not end by itself, and neither does its child.
pub const WAITS_WITH_A_CHILD: &str = r#"cat "$life" >&3 & wait"#;

/// The key that client and server share.
pub const KEY: &[u8] = b"henry";

/// A time limit that no test waits for.
pub const NO_LIMIT: Duration = Duration::from_secs(3600);

/// Time limits that tests wait for: for fast machines, for slower ones, for the slowest.
pub const SOON: Duration = Duration::from_millis(20);
pub const LATER: Duration = Duration::from_millis(200);
/// Longer than the moment that a server may allow for output that is left in the pipes.
pub const A_WHILE: Duration = Duration::from_millis(350);
pub const LATEST: Duration = Duration::from_secs(1);
pub const AT_LAST: Duration = Duration::from_secs(3);

/// A server that only looks now and then whether its client has left has looked after this many turns.
const MANY_TURNS: u64 = 30;

/// How often a server that writes is interrupted.
const INTERRUPTIONS: usize = 6;

/// More bytes than a pipe holds: 64 KiB on Linux, less elsewhere.
pub const A_LOT: usize = 300 * 1024;

/// So many commands that their replies, of five bytes or more, are longer than what a small connection holds.
pub const MANY_COMMANDS: usize = 10_000;

/// As many bytes as a command or a piece may have.
pub const LONGEST: &str = zs(&[b'z'; MOST]);
const MOST: usize = 64 * 1024;

/// A word that makes a command one byte too long, after `echo` and with the zeros after both words.
pub const TOO_LONG: &str = zs(&[b'z'; MOST + 1 - "echo\0\0".len()]);

const fn zs(bytes: &'static [u8]) -> &'static str {
    match str::from_utf8(bytes) {
        Ok(word) => word,
        Err(_) => unreachable!(),
    }
}

/// A list of two programs: their names and their files.
pub fn files() -> AllowList {
    AllowList::of(&[("ls", "/bin/ls"), ("date", "/usr/local/bin/our-date")])
}

/// What a client of the tests may run: anything, because it may run a shell.
pub fn programs() -> AllowList {
    AllowList::of(&[("sh", "/bin/sh"), ("missing", "/no/such/file"), ("folder", "/")])
}

/// The program and the arguments of a command.
pub fn command_of(list: &AllowList, words: &[&str]) -> Option<Words> {
    let command = list.command(&owned(words))?;
    let words = [command.get_program()].into_iter().chain(command.get_args());
    Some(words.map(|word| word.as_encoded_bytes().to_vec()).collect())
}

pub fn bytes_of(length: usize) -> Finding {
    Finding::of(counted(length, "byte"))
}

/// The words of a command, as a story shows them.
pub type Words = Vec<Vec<u8>>;

pub fn words_of<S: AsRef<str>>(words: &[S]) -> Words {
    words.iter().map(|word| word.as_ref().as_bytes().to_vec()).collect()
}

/// The reply to a command.
#[derive(Clone, Debug, PartialEq)]
pub struct Reply {
    pub ending: String,
    pub output: Vec<u8>,
    pub errors: Vec<u8>,
}

impl Reply {
    pub fn new(ending: impl Into<String>, output: &[u8], errors: &[u8]) -> Reply {
        Reply { ending: ending.into(), output: output.to_vec(), errors: errors.to_vec() }
    }

    pub fn is_timed_out(&self) -> bool {
        self.ending == *words::TIMED_OUT
    }
}

impl Describe for Reply {
    fn describe(&self) -> String {
        let told = |name: &str, bytes: &[u8]| match bytes.len() {
            0 => words::none_of(name),
            1..=64 => words::just_these(name, quoted(bytes)),
            n if n % A_LOT == 0 => words::so_much_of(counted(n, "byte"), name),
            // How much came depends on when it was read.
            _ => words::some_bytes_of(name),
        };
        words::reply(
            &self.ending,
            told(&words::OUTPUT, &self.output),
            told(&words::ERRORS, &self.errors),
        )
    }
}

pub fn owned(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| word.to_string()).collect()
}

/// The words that make a shell run a script.
pub fn sh(script: &str) -> Vec<String> {
    owned(&["sh", "-c", script])
}

/// A script that writes [`A_LOT`] to one of the outputs, `o` or `e`.
pub fn a_lot_of(output: &str) -> String {
    let to = if output == "e" { ">&2" } else { "" };
    format!(r"dd if=/dev/zero bs=1024 count={} {to} 2>/dev/null", A_LOT / 1024)
}

/// A script that writes [`A_LOT`] in five long pieces.
pub fn a_lot_in_long_pieces() -> String {
    format!(r"dd if=/dev/zero bs={} count=5 2>/dev/null", A_LOT / 5)
}

/// A command on the wire.
pub fn frame<S: AsRef<str>>(words: &[S]) -> Vec<u8> {
    let words: String = words.iter().flat_map(|word| [word.as_ref(), "\0"]).collect();
    frame_of(words.as_bytes())
}

pub fn frame_of(bytes: &[u8]) -> Vec<u8> {
    [&(bytes.len() as i32).to_le_bytes(), bytes].concat()
}

/// The answer to a challenge: its HMAC-MD5.
pub fn proof(key: &[u8], challenge: &[u8]) -> Vec<u8> {
    let mac = Hmac::<Md5>::new_from_slice(key).expect("a key of any length");
    mac.chain_update(challenge).finalize().into_bytes().to_vec()
}

/// A piece of a reply on the wire.
pub fn piece(kind: u8, bytes: &[u8]) -> Vec<u8> {
    [&[kind], &frame_of(bytes)[..]].concat()
}

pub fn exited(status: i32) -> Vec<u8> {
    piece(b'x', &status.to_le_bytes())
}

pub fn in_pieces(bytes: &[u8], sizes: &[usize]) -> Wire {
    let cuts: Vec<PartialOp> = sizes.iter().copied().map(PartialOp::Limited).collect();
    Wire::cut(bytes, &cuts)
}

pub fn read_words(wire: &mut Wire) -> io::Result<Option<Words>> {
    Ok(read_command(wire)?.map(|words| words_of(&words)))
}

/// Let `run` ask for a command on a wire, and return the reply.
pub fn reply_of(wire: &mut Wire, words: &[&str]) -> io::Result<Reply> {
    let (mut output, mut errors) = (Vec::new(), Vec::new());
    let ending = told(run(wire, &owned(words), &mut output, &mut errors)?);
    Ok(Reply { ending, output, errors })
}

/// How a command ended, as a story shows it.
pub fn told(ending: Ending) -> String {
    match ending {
        Ending::Exited(status) => words::exited(status),
        Ending::Signaled(signal) => words::ended_by_signal(signal),
        Ending::TimedOut => words::TIMED_OUT.to_owned(),
        Ending::Refused(why) => words::refused_because(why),
    }
}

pub fn expect_reply(wire: &mut Wire, words: &[&str], reply: Reply, cause: Cause) {
    let expected = returns(reply).or(cause.clone()).or_when_it_waits(cause);
    wire.expect("run", expected, |wire| reply_of(wire, words));
}

/// A stream that counts how often it is written to.
#[derive(Default)]
pub struct Counting {
    pub writes: usize,
}

impl Write for Counting {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.writes += 1;
        Ok(bytes.len())
    }

    fn write_vectored(&mut self, parts: &[IoSlice]) -> io::Result<usize> {
        self.writes += 1;
        Ok(parts.iter().map(|part| part.len()).sum())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// An output that takes two bytes at a time, interrupts every second write, and fails when it is full.
pub struct Narrow {
    pub taken: Vec<u8>,
    room: usize,
    is_interrupted: bool,
}

impl Narrow {
    pub fn with_room_for(room: usize) -> Narrow {
        Narrow { taken: Vec::new(), room, is_interrupted: true }
    }
}

impl Write for Narrow {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.is_interrupted = !self.is_interrupted;
        if self.is_interrupted {
            return Err(ErrorKind::Interrupted.into());
        }
        let n = bytes.len().min(2).min(self.room - self.taken.len());
        if n == 0 && !bytes.is_empty() {
            return Err(ErrorKind::StorageFull.into());
        }
        self.taken.extend_from_slice(&bytes[..n]);
        Ok(n)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// How a client leaves in the middle of a command.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Goes {
    Closes,
    ClosesItsSide,
    Resets,
}

/// A client of `serve_client`, over a real connection.
pub struct Caller {
    pub scene: Scene,
    pub census: Census,
    /// The server's threads.
    pub threads: Threads,
    /// How long a command may run.
    pub limit: Duration,
    /// `None` after it has left.
    pub stream: Option<TcpStream>,
    /// Bytes that have come and have not been used yet.
    pub heard: Vec<u8>,
    pub ended: bool,
    pub server: Option<Background<io::Result<()>>>,
}

impl Caller {
    pub fn calls(limit: Duration) -> Caller {
        let (client, stream) = connected().expect("a connection over loopback");
        Caller::over(client, stream, limit)
    }

    /// Call over a connection that holds little more than this, though the kernel doubles it (socket(7)).
    pub fn calls_with_room_for(size: usize, limit: Duration) -> Caller {
        let (client, stream) = connected().expect("a connection over loopback");
        SockRef::from(&stream).set_send_buffer_size(4096).expect("a smaller buffer");
        SockRef::from(&client).set_recv_buffer_size(size).expect("a smaller buffer");
        Caller::over(client, stream, limit)
    }

    pub fn over(client: TcpStream, stream: TcpStream, limit: Duration) -> Caller {
        let scene = Scene::begin();
        reap_children();
        let (census, threads) = (Census::take(), Threads::from_now());
        client.set_nonblocking(true).expect("a socket");
        let serve = move || serve_client(stream, KEY, &programs(), limit);
        let server = Some(in_background("serve_client", serve));
        let (stream, heard) = (Some(client), Vec::new());
        Caller { scene, census, threads, limit, stream, heard, ended: false, server }
    }

    /// Return the answer to the server's challenge under this key.
    pub fn answer(&mut self, key: &[u8]) -> Vec<u8> {
        self.wait_for(|it| (it.heard.len() >= 32 || it.ended).then_some(()));
        if self.heard.len() < 32 {
            let challenge = returns(bytes_of(32)).or(causes::NoChallenge);
            let came = if self.ended { words::THE_END_OF_THE_STREAM } else { words::NOTHING };
            let came = Finding::of(came);
            self.scene.expect_of_peer(words::WAITS_FOR_A_CHALLENGE, challenge, || Ok(came));
        }
        let challenge: Vec<u8> = self.heard.drain(..32).collect();
        proof(key, &challenge)
    }

    pub fn proves(&mut self) {
        let answer = self.answer(KEY);
        self.scene.happened(words::THE_CLIENT_PROVES_ITSELF);
        self.sends(&answer);
    }

    pub fn sends(&mut self, bytes: &[u8]) {
        if let Some(stream) = &mut self.stream {
            // If the server has closed, the bytes that the client receives show it.
            let _ = stream.write_all(bytes);
        }
    }

    /// Send these bytes; the story shows this text for them.
    pub fn says(&mut self, bytes: &[u8], told: &str) {
        self.scene.happened(words::the_client_sends(told));
        self.sends(bytes);
    }

    /// Ask for a shell that runs a script.
    pub fn asks(&mut self, script: &str) {
        self.asks_for(&format!(r"sh -c '{script}'"), &sh(script));
    }

    pub fn asks_for(&mut self, told: &str, words: &[String]) {
        self.scene.happened(words::the_client_asks_for(told));
        self.sends(&frame(words));
    }

    /// Wait for the head of a piece of the output without taking it, and return whether the piece is longer
    /// than the buffers between the two sides.
    pub fn looks_for_a_long_piece(&mut self) -> bool {
        let stream = self.stream.as_ref().expect("a client that is there");
        let mut head = [0; 5];
        let look = || stream.peek(&mut head).ok().filter(|n| *n == 5);
        let come = self.census.look_longer_for(look, || false);
        // On a busy machine the time limit may come before any output, or the first piece may be short.
        let length = i32::from_le_bytes([head[1], head[2], head[3], head[4]]);
        come.is_some() && head[0] == b'o' && length > 32 * 1024
    }

    /// Whether a complete reply is there, to be read at once. It is not taken.
    pub fn has_a_reply(&self) -> bool {
        let mut buffer = vec![0; 2 * MOST];
        let come = self.stream.as_ref().and_then(|stream| stream.peek(&mut buffer).ok());
        taken(&buffer[..come.unwrap_or(0)]).is_some()
    }

    /// Interrupt the server in its writes of a long reply, and read a little each time: so it is interrupted in
    /// different places, after some bytes have moved and before any.
    pub fn interrupts_a_write(&mut self) {
        let begins = || self.stream.as_ref()?.peek(&mut [0; 5]).ok().filter(|n| *n == 5);
        self.census.look_longer_for(begins, || false);
        let mut some = vec![0; A_LOT / 5 / INTERRUPTIONS];
        let mut interrupted = false;
        for _ in 0..INTERRUPTIONS {
            self.census.settle();
            // An answer that writes on another thread, or never waits in a write, is not interrupted.
            let writes = |server: &&Background<_>| server.place() == words::nobody_reads(r"sendto");
            interrupted |= self.server.as_ref().filter(writes).is_some_and(Background::interrupt);
            if let Some(Ok(n)) = self.stream.as_mut().map(|stream| stream.read(&mut some)) {
                self.heard.extend_from_slice(&some[..n]);
            }
        }
        if interrupted {
            self.scene.happened(words::SIGNALS_INTERRUPT_THE_SERVER);
        }
    }

    /// The reason why no reply has come at the time limit.
    pub fn why_no_end(&self, witness: &mut Witness) -> Cause {
        let look = || witness.is_silent().then_some(());
        let lives = self.census.look_longer_for(look, || false).is_none();
        match (lives, children() == &*words::A_CHILD_STILL_THERE) {
            (true, false) => causes::GroupLivesOn,
            (true, true) => causes::TimeLimitMissing,
            (false, _) => causes::TimeLimitUnreported,
        }
    }

    /// How often the server's busiest thread was scheduled.
    pub fn turns(&self) -> u64 {
        self.threads.efforts().values().map(|effort| effort.turns).max().unwrap_or(0)
    }

    /// Send nothing for longer than the time limit.
    pub fn is_silent(&mut self) {
        self.scene.happened(words::THE_CLIENT_IS_SILENT);
        self.is_given_up_within(self.limit * 2);
    }

    /// Whether the server's call returns, although the client neither sends nor reads.
    pub fn is_given_up(&self) -> bool {
        self.is_given_up_within(self.limit * 4)
    }

    fn is_given_up_within(&self, time: Duration) -> bool {
        let (began, before) = (Instant::now(), self.turns());
        let is_over = || self.server.as_ref().is_some_and(Background::is_over);
        let long_enough = || began.elapsed() > time;
        // The threads of a server that polls are never still.
        let polls = || long_enough() && self.turns() >= before + MANY_TURNS;
        let look = || (is_over() || polls()).then_some(());
        while self.census.look_for(look).is_none() && !long_enough() {}
        is_over()
    }

    /// Read what the connection holds, after every two fifths of the time limit: a server that always has more
    /// to send waits in a write nearly all the time, but never for as long as the limit. The limit ends halfway
    /// between two reads.
    pub fn reads_slowly(&mut self) {
        let (began, mut some) = (Instant::now(), vec![0; MOST]);
        while began.elapsed() < self.limit * 3 / 2 && !self.ended {
            let turn = Instant::now();
            let is_time = || (turn.elapsed() > self.limit * 2 / 5).then_some(());
            while self.census.look_for(is_time).is_none() {}
            if let Some(Ok(n)) = self.stream.as_mut().map(|stream| stream.read(&mut some)) {
                self.heard.extend_from_slice(&some[..n]);
                self.ended = n == 0;
            }
        }
    }

    pub fn closes_its_side(&mut self) {
        self.scene.happened(words::THE_CLIENT_CLOSES_ITS_SENDING_SIDE);
        let _ = self.stream.as_ref().map(|stream| stream.shutdown(Shutdown::Write));
    }

    pub fn vanishes(&mut self, how: Goes) {
        match how {
            Goes::ClosesItsSide => return self.closes_its_side(),
            Goes::Closes => self.scene.happened(words::THE_CLIENT_CLOSES_ITS_CONNECTION),
            Goes::Resets => {
                self.scene.happened(words::THE_CLIENT_RESETS_ITS_CONNECTION);
                if let Some(stream) = &self.stream {
                    let _ = SockRef::from(stream).set_linger(Some(Duration::ZERO));
                }
            }
        }
        self.stream = None;
    }

    pub fn hears(&mut self, expected: Reply, cause: Cause) {
        self.hears_one(expected, cause.clone(), cause);
    }

    /// As [`Caller::hears`], with one cause for no reply and a second cause for a different reply.
    pub fn hears_one(&mut self, expected: Reply, none: Cause, another: Cause) {
        let scene = self.scene.clone();
        let whole = returns(expected.clone()).or(none);
        scene.expect_of_peer(words::WAITS_FOR_THE_REPLY, whole, || {
            let reply = self.reply();
            if reply.as_ref().is_some_and(|reply| *reply != expected) {
                scene.notice(another);
            }
            Ok(reply.unwrap_or_else(|| self.what_came()))
        });
    }

    pub fn hears_the_end(&mut self, cause: Cause) {
        let scene = self.scene.clone();
        let end = returns(Finding::of(words::THE_END_OF_THE_STREAM)).or(cause);
        scene.expect_of_peer(words::WAITS_FOR_THE_END, end, || {
            self.wait_for(|it| (it.ended || it.heard.len() > 1024).then_some(()));
            Ok(match self.next_reply() {
                Some(reply) => Finding::of(reply.describe()),
                None if self.heard.is_empty() && self.ended => {
                    Finding::of(words::THE_END_OF_THE_STREAM)
                }
                None => Finding::of(self.what_came().describe()),
            })
        });
    }

    /// Wait for the server's call to return, and expect this result.
    pub fn is_over(&mut self, expected: Expected<Finding>) {
        let scene = self.scene.clone();
        scene.expect("serve_client", expected, || self.server_returns());
    }

    /// Wait for the server's call to return, with an error or without.
    pub fn comes_to_an_end(&mut self, cause: Cause) {
        let scene = self.scene.clone();
        let expected = returns(Finding::of(words::IT_HAS_RETURNED)).or(cause);
        scene.expect("serve_client", expected, || match self.server_returns() {
            Ok(waits) if waits != Finding::of(words::SUCCESS) => Ok(waits),
            _ => Ok(Finding::of(words::IT_HAS_RETURNED)),
        });
    }

    pub fn server_returns(&mut self) -> io::Result<Finding> {
        let server = self.server.take().expect("it is waited for once");
        // Do not read meanwhile: some clients do not read.
        let look = || server.is_over().then_some(());
        if self.census.look_longer_for(look, || false).is_none() {
            return Ok(Finding::of(words::nothing_yet(server.place())));
        }
        server.join().map(|()| Finding::of(words::SUCCESS))
    }

    /// Wait for the next reply, or return `None` when it is clear that none will come.
    pub fn reply(&mut self) -> Option<Reply> {
        self.wait_for(|it| it.next_reply().map(Some).or(it.ended.then_some(None))).flatten()
    }

    /// Take a complete reply from the bytes that have come.
    pub fn next_reply(&mut self) -> Option<Reply> {
        let (reply, rest) = taken(&self.heard)?;
        self.heard = rest.to_vec();
        if [&*words::A_PIECE_TOO_LONG, &*words::NOT_AN_ENDING].contains(&&*reply.ending) {
            self.scene.notice(causes::PieceOutOfForm);
        }
        Some(reply)
    }

    /// The bytes that have come, if they are not a complete reply.
    pub fn what_came(&self) -> Reply {
        let ending = if self.ended { words::THE_STREAM_ENDED } else { words::NO_WHOLE_REPLY };
        Reply::new(ending, &self.heard, b"")
    }

    /// Read until `look` finds something, or return `None` when it is clear that it will not.
    pub fn wait_for<T>(&mut self, mut look: impl FnMut(&mut Caller) -> Option<T>) -> Option<T> {
        let census = self.census.clone();
        let mut look = || {
            if let (Some(stream), false) = (&mut self.stream, self.ended) {
                let came = stream.read_to_end(&mut self.heard);
                self.ended = !came.is_err_and(|error| error.kind() == ErrorKind::WouldBlock);
            }
            look(self)
        };
        loop {
            let (works, before) = (Cell::new(false), RefCell::new(Vec::new()));
            // If no command is running, only the server can still change anything.
            let plain = || {
                let now = commands();
                works.set(now.iter().any(Doing::runs) || now != before.replace(now.clone()));
                children() == &*words::NO_CHILD
            };
            let found = census.look_longer_for(&mut look, plain);
            // On a busy machine the command may need longer than the server is watched.
            if found.is_some() || !works.get() || children() == &*words::NO_CHILD {
                return found;
            }
        }
    }
}

/// Take a complete reply from the front of these bytes, and return what is behind it.
pub fn taken(bytes: &[u8]) -> Option<(Reply, &[u8])> {
    let mut reply = Reply::new("", b"", b"");
    let mut rest = bytes;
    while reply.ending.is_empty() {
        let (header, behind) = rest.split_first_chunk::<5>()?;
        let [kind, length @ ..] = *header;
        let length = usize::try_from(i32::from_le_bytes(length)).ok()?;
        let (bytes, behind) = behind.split_at_checked(length)?;
        match (kind, bytes.try_into().map(i32::from_le_bytes), str::from_utf8(bytes)) {
            _ if length > MOST => reply.ending = words::A_PIECE_TOO_LONG.to_owned(),
            (b'o', ..) => reply.output.extend_from_slice(bytes),
            (b'e', ..) => reply.errors.extend_from_slice(bytes),
            (b'x', Ok(status), _) => reply.ending = words::exited(status),
            (b's', Ok(number), _) => reply.ending = words::ended_by_signal(number),
            (b't', _, Ok("")) => reply.ending = words::TIMED_OUT.to_owned(),
            (b'r', _, Ok(_)) => reply.ending = words::REFUSED.to_owned(),
            (b'x' | b's' | b't' | b'r', ..) => reply.ending = words::NOT_AN_ENDING.to_owned(),
            _ => return None,
        }
        rest = behind;
    }
    Some((reply, rest))
}

/// Two named pipes that a command holds. It waits for the end of `life`, which comes at the end of the
/// test. It writes `on` to `pulse` when it starts, and `pulse` ends when no process holds it any more:
/// neither the command nor any process that it has started.
pub struct Witness {
    pub folder: TempDir,
    pub _life: File,
    pub pulse: File,
    pub felt: Vec<u8>,
    /// No process holds the other end any more, or none does yet.
    pub silent: bool,
}

impl Witness {
    pub fn new() -> Witness {
        let folder = tempfile::tempdir().expect("a folder");
        let [life, pulse] = ["life", "pulse"].map(|name| folder.path().join(name));
        let made = Command::new("mkfifo").args([&life, &pulse]).stdin(Stdio::null()).status();
        assert!(made.is_ok_and(|status| status.success()), "mkfifo makes pipes with a name");
        // Open for reading and writing, so that the open does not block, and its reader waits for more.
        let life = OpenOptions::new().read(true).write(true).open(life).expect("a pipe");
        let at_once = OFlags::NONBLOCK.bits() as i32;
        let pulse =
            OpenOptions::new().read(true).custom_flags(at_once).open(pulse).expect("a pipe");
        Witness { folder, _life: life, pulse, felt: Vec::new(), silent: true }
    }

    /// The words that make a shell run a script with the two pipes: `$life` and descriptor 3. The script may
    /// create a file under the name `$flag`.
    pub fn sh(&self, script: &str) -> Vec<String> {
        let place = self.folder.path().display();
        let pipes = format!(r"life='{place}/life'; flag='{place}/flag'; exec 3>'{place}/pulse'");
        sh(&format!(r"{pipes}; echo on >&3; {script}"))
    }

    pub fn feel(&mut self) {
        // Read a little at a time: an end here means only that no process holds the pipe now.
        let mut buffer = [0; 256];
        loop {
            match self.pulse.read(&mut buffer) {
                Ok(n @ 1..) => self.felt.extend_from_slice(&buffer[..n]),
                Ok(0) => return self.silent = true,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(_) => return self.silent = false,
            }
        }
    }

    /// Whether the command has reached the script.
    pub fn has_started(&mut self) -> bool {
        self.feel();
        self.felt.starts_with(b"on\n")
    }

    /// Whether no process holds the other end.
    pub fn is_silent(&mut self) -> bool {
        self.feel();
        self.silent
    }

    pub fn waits_for_the_start(&mut self, caller: &Caller) {
        let look = || self.has_started().then_some(());
        if caller.census.look_longer_for(look, || false).is_none() {
            let started = returns(Finding::of(words::THAT_IT_HAS_STARTED)).or(causes::NoReply);
            caller.scene.expect_of(words::THE_COMMAND, words::SAYS, started, || {
                Ok(Finding::of(words::NOTHING))
            });
        }
    }

    /// Expect that the command and every process that it has started are gone, or soon will be.
    pub fn is_dead(&mut self, caller: &Caller, cause: Cause) {
        let dead = returns(Finding::of(words::NOBODY_IS_LEFT)).or(cause);
        caller.scene.expect_of(words::THE_COMMAND, words::IS_LOOKED_FOR, dead, || {
            // Without a limit only the client's leaving ends the command, and that is long past.
            let plain = || caller.limit == NO_LIMIT && a_child_waits();
            let before = caller.turns();
            let look = || {
                if self.is_silent() {
                    return Some(&*words::NOBODY_IS_LEFT);
                }
                // The threads of a server that polls are never still.
                (plain() && caller.turns() >= before + MANY_TURNS).then_some(&*words::IT_LIVES)
            };
            let found = caller.census.look_longer_for(look, plain);
            let found = found.unwrap_or(&words::IT_LIVES);
            if found == &*words::IT_LIVES && children() != &*words::A_CHILD_STILL_THERE {
                caller.scene.notice(causes::GroupLivesOn);
            }
            Ok(Finding::of(found))
        });
    }
}

/// Expect that nothing is left of clients that have gone and of their commands.
pub fn expect_nothing_left(scene: &Scene, census: &Census) {
    expect_no_child(scene, census, &words::THE_SERVER_WHEN_THEY_HAVE_GONE);
    scene.expect_no_thread_left(census, causes::CommandLeavesThreads);
    scene.expect_no_descriptor_left(census);
}

/// Expect that the server has no child, neither a running one nor a zombie.
pub fn expect_no_child(scene: &Scene, census: &Census, server: &str) {
    let none = returns(Finding::of(words::NO_CHILD)).or(causes::ZombiesLeftBehind);
    scene.expect(server, none, || {
        census.look_for(|| (children() == &*words::NO_CHILD).then_some(()));
        Ok(Finding::of(children()))
    });
}

/// Whether a child of this process waits for something: then no signal has killed it, since that wakes it up.
pub fn a_child_waits() -> bool {
    let folders = children_of(Path::new("/proc/self"));
    folders.iter().filter_map(|it| Stat::of(it)).any(|stat| stat.state == 'S')
}

/// What a process does: its folder in `/proc`, its state, and how often it was scheduled.
#[derive(Clone, PartialEq)]
pub struct Doing(PathBuf, char, String);

impl Doing {
    fn runs(&self) -> bool {
        self.1 != 'S'
    }
}

/// What the commands do, and the processes that they have started.
pub fn commands() -> Vec<Doing> {
    let mut folders = children_of(Path::new("/proc/self"));
    let mut doing = Vec::new();
    while let Some(folder) = folders.pop() {
        folders.extend(children_of(&folder));
        if let Some(stat) = Stat::of(&folder) {
            // The last number counts the time slices (Documentation/scheduler/sched-stats).
            let slices = fs::read_to_string(folder.join("schedstat")).unwrap_or_default();
            doing.push(Doing(folder, stat.state, slices));
        }
    }
    doing
}

/// The folders in `/proc` of this process's children.
fn children_of(process: &Path) -> Vec<PathBuf> {
    let threads = fs::read_dir(process.join("task")).into_iter().flatten().flatten();
    let children = threads.filter_map(|it| fs::read_to_string(it.path().join("children")).ok());
    let children: String = children.collect();
    children.split_whitespace().map(|id| Path::new("/proc").join(id)).collect()
}

/// Wait for the children that earlier checks have left: they say nothing about the next one.
fn reap_children() {
    while let Ok(Some(_)) = waitid(WaitId::All, WaitIdOptions::EXITED | WaitIdOptions::NOHANG) {}
}

/// The children of this process, as their parent sees them.
pub fn children() -> &'static str {
    let look = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
    match waitid(WaitId::All, look) {
        Ok(Some(_)) => &words::A_CHILD_NOT_WAITED_FOR,
        Ok(None) => &words::A_CHILD_STILL_THERE,
        Err(_) => &words::NO_CHILD,
    }
}
