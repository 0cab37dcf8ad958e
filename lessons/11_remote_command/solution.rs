//! Run the commands that a list allows, for a client that has proved itself, and tell all of what they do.
//!
//! ```text
//! challenge   server: 32 random bytes    client: HMAC-MD5(key, them), 16 bytes
//! command     | length: i32 LE | words, each with a zero byte behind it |         ls 00 -l 00
//! reply       | kind: u8 | length: i32 LE | bytes |  pieces o and e, then one of x, s, t, r
//! ```
#![cfg(unix)]

use std::collections::HashMap;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::thread;
use std::time::{Duration, Instant};

use hmac::{Hmac, KeyInit, Mac};
use md5::Md5;
use rustix::io::retry_on_intr;
use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid};

/// The longest command, in bytes on the wire without its header.
pub const MAX_COMMAND: usize = 64 * 1024;

/// The longest piece of a reply, in bytes.
pub const MAX_PIECE: usize = 64 * 1024;

/// A piece of what the command wrote to its standard output.
pub const OUTPUT: u8 = b'o';
/// A piece of what it wrote to its standard error.
pub const ERRORS: u8 = b'e';
/// The end of a reply: the exit status, an `i32`, little-endian.
pub const EXITED: u8 = b'x';
/// The end of a reply: the number of the signal that ended the command, an `i32`, little-endian.
pub const SIGNALED: u8 = b's';
/// The end of a reply: the command ran for too long and was ended. Nothing behind it.
pub const TIMED_OUT: u8 = b't';
/// The end of a reply: nothing ran. Why not, as text.
pub const REFUSED: u8 = b'r';

/// How long the outputs of a command that was ended may stay open.
const GRACE: Duration = Duration::from_millis(500);

/// How a command ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// By itself, with this status.
    Exited(i32),
    /// By a signal, of this number.
    Signaled(i32),
    /// At the time limit, by the server.
    TimedOut,
    /// It never began; why not.
    Refused(String),
}

/// Challenge the peer to prove that it knows `key`, and say whether it did: lesson 6's.
pub fn challenge(stream: &mut (impl Read + Write), key: &[u8]) -> io::Result<bool> {
    let mut nonce = [0; 32];
    getrandom::fill(&mut nonce)?;
    stream.write_all(&nonce)?;
    let mut answer = [0; 16];
    stream.read_exact(&mut answer)?;
    Ok(hmac(key, &nonce).verify_slice(&answer).is_ok())
}

/// Answer the peer's challenge: lesson 6's.
pub fn respond(stream: &mut (impl Read + Write), key: &[u8]) -> io::Result<()> {
    let mut nonce = [0; 32];
    stream.read_exact(&mut nonce)?;
    stream.write_all(&hmac(key, &nonce).finalize().into_bytes())
}

fn hmac(key: &[u8], message: &[u8]) -> Hmac<Md5> {
    Hmac::<Md5>::new_from_slice(key).expect("a key may have any length").chain_update(message)
}

/// Send a command, word by word, in one write.
///
/// `InvalidInput` if there is no word, if one contains a zero byte, which no argument can, or if they are
/// longer than [`MAX_COMMAND`].
pub fn write_command(stream: &mut impl Write, words: &[String]) -> io::Result<()> {
    let bytes: String = words.iter().flat_map(|word| [word, "\0"]).collect();
    let borders = bytes.bytes().filter(|byte| *byte == 0).count();
    if words.is_empty() || borders > words.len() || bytes.len() > MAX_COMMAND {
        return Err(io::Error::new(ErrorKind::InvalidInput, "these words are no command"));
    }
    stream.write_all(&[&(bytes.len() as i32).to_le_bytes(), bytes.as_bytes()].concat())
}

/// Read a command, or `None` if the client has closed the stream between commands.
///
/// `InvalidData` for a length below 0 or above [`MAX_COMMAND`], and for what is not one word or more, in
/// UTF-8, each with a zero byte behind it. `UnexpectedEof` if the stream ends inside a command.
pub fn read_command(stream: &mut impl Read) -> io::Result<Option<Vec<String>>> {
    let mut header = Vec::new();
    let bytes = match stream.by_ref().take(4).read_to_end(&mut header)? {
        0 => return Ok(None),
        4 => read_body(stream, header.try_into().expect("four bytes"), MAX_COMMAND)?,
        _ => return Err(ErrorKind::UnexpectedEof.into()),
    };
    let no_command = || io::Error::new(ErrorKind::InvalidData, "these bytes are no command");
    let text = String::from_utf8(bytes).map_err(|_| no_command())?;
    let words = text.strip_suffix('\0').ok_or_else(no_command)?;
    Ok(Some(words.split('\0').map(str::to_owned).collect()))
}

fn read_body(stream: &mut impl Read, length: [u8; 4], limit: usize) -> io::Result<Vec<u8>> {
    let length = usize::try_from(i32::from_le_bytes(length)).ok().filter(|it| *it <= limit);
    let length = length.ok_or(ErrorKind::InvalidData)?;
    let mut body = Vec::new();
    if stream.take(length as u64).read_to_end(&mut body)? < length {
        return Err(ErrorKind::UnexpectedEof.into());
    }
    Ok(body)
}

/// Ask the server for a command, write what it puts out to `stdout` and `stderr`, and say how it ended.
///
/// `UnexpectedEof` if the stream ends inside the reply, `InvalidData` if it is no reply.
pub fn run(
    stream: &mut (impl Read + Write),
    words: &[String],
    stdout: &mut impl Write,
    stderr: &mut impl Write,
) -> io::Result<Ending> {
    write_command(stream, words)?;
    loop {
        let mut header = [0; 5];
        stream.read_exact(&mut header)?;
        let [kind, length @ ..] = header;
        let bytes = read_body(stream, length, MAX_PIECE)?;
        let number = bytes.as_slice().try_into().map(i32::from_le_bytes);
        match (kind, number) {
            (OUTPUT, _) => stdout.write_all(&bytes)?,
            (ERRORS, _) => stderr.write_all(&bytes)?,
            (EXITED, Ok(status)) => return Ok(Ending::Exited(status)),
            (SIGNALED, Ok(signal)) => return Ok(Ending::Signaled(signal)),
            (TIMED_OUT, _) => return Ok(Ending::TimedOut),
            (REFUSED, _) => {
                return Ok(Ending::Refused(String::from_utf8_lossy(&bytes).into_owned()));
            }
            _ => return Err(io::Error::new(ErrorKind::InvalidData, "no piece of a reply")),
        }
    }
}

/// The programs that clients may run: each under a name, which is all that a client can choose.
#[derive(Clone, Debug, Default)]
pub struct AllowList {
    programs: HashMap<String, PathBuf>,
}

impl AllowList {
    /// Allow these programs: a name, and the file that is started for it.
    pub fn of(programs: &[(&str, &str)]) -> AllowList {
        let programs = programs.iter().map(|(name, file)| (name.to_string(), file.into()));
        AllowList { programs: programs.collect() }
    }

    /// The command that these words stand for: the program of the first word's name, with the other words
    /// as its arguments, as they are. `None` if no program has that name.
    pub fn command(&self, words: &[String]) -> Option<Command> {
        let (name, arguments) = words.split_first()?;
        let mut command = Command::new(self.programs.get(name)?);
        command.args(arguments);
        Some(command)
    }
}

/// What the session waits for while a command runs.
enum Event {
    /// The command put out these bytes, to one of its two outputs.
    Wrote(u8, Vec<u8>),
    /// Nothing more comes: from one of the outputs, or the process itself is over.
    Ended,
    /// The client has gone.
    Gone,
}

/// Serve one client: challenge it, then run one command after the other, until `q`, `exit` or the end of
/// its stream.
///
/// `PermissionDenied` for a client that cannot prove that it knows `key`, and nothing runs. Before the
/// proof it may be silent for `limit` at most, after it for as long as it likes. A command may run for
/// `limit`; then it is ended, with its whole process group. So it is when the client goes, or takes
/// nothing for `limit`: `ConnectionAborted` and `WouldBlock` then.
pub fn serve_client(
    mut stream: TcpStream,
    key: &[u8],
    allowed: &AllowList,
    limit: Duration,
) -> io::Result<()> {
    stream.set_read_timeout(Some(limit))?;
    if !challenge(&mut stream, key)? {
        return Err(ErrorKind::PermissionDenied.into());
    }
    stream.set_read_timeout(None)?;
    stream.set_write_timeout(Some(limit))?;
    // A reply is several writes: none of them waits for the client to acknowledge the one before (Nagle).
    stream.set_nodelay(true)?;
    let (asks, asked) = mpsc::sync_channel(1);
    let (happens, happened) = mpsc::sync_channel(1);
    thread::scope(|scope| {
        let listener = scope.spawn(|| listen(&stream, asks, happens.clone()));
        let mut outcome = Ok(());
        for words in &asked {
            if matches!(words[0].as_str(), "q" | "exit") {
                break;
            }
            outcome = reply(&stream, allowed.command(&words), limit, &happens, &happened);
            if outcome.is_err() {
                break;
            }
        }
        // The listener may be in a read or in a send: end both.
        let _ = stream.shutdown(Shutdown::Both);
        drop((asked, happened));
        outcome.and(listener.join().expect("listening does not panic"))
    })
}

/// Take commands from the client, and notice at any time that it has gone.
fn listen(
    mut stream: &TcpStream,
    asks: SyncSender<Vec<String>>,
    happens: SyncSender<Event>,
) -> io::Result<()> {
    let outcome = loop {
        match read_command(&mut stream) {
            Ok(Some(words)) => {
                if asks.send(words).is_err() {
                    break Ok(());
                }
            }
            Ok(None) => break Ok(()),
            Err(error) => break Err(error),
        }
    };
    // Nobody listens any more if it is the session that has ended.
    let _ = happens.send(Event::Gone);
    outcome
}

/// Run one command and send the client all of what it puts out, then how it ended.
fn reply(
    stream: &TcpStream,
    command: Option<Command>,
    limit: Duration,
    happens: &SyncSender<Event>,
    happened: &Receiver<Event>,
) -> io::Result<()> {
    let Some(command) = command else {
        return write_piece(stream, REFUSED, b"no program of this name is allowed");
    };
    let mut child = match start(command, happens) {
        Ok(child) => child,
        Err(error) => return write_piece(stream, REFUSED, error.to_string().as_bytes()),
    };
    let relayed = relay(stream, &child, limit, happened);
    let status = end(&mut child)?;
    let Relayed::Everything = relayed? else {
        return write_piece(stream, TIMED_OUT, b"");
    };
    match (status.code(), status.signal()) {
        (Some(code), _) => write_piece(stream, EXITED, &code.to_le_bytes()),
        (None, signal) => write_piece(stream, SIGNALED, &signal.unwrap_or(0).to_le_bytes()),
    }
}

/// Start a command as the leader of a process group of its own, which everything that it starts belongs
/// to, and have three threads tell of it: one for each output, one for its end.
fn start(mut command: Command, happens: &SyncSender<Event>) -> io::Result<Child> {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).process_group(0);
    let mut child = command.spawn()?;
    let id = Pid::from_child(&child);
    let (output, errors) = (child.stdout.take(), child.stderr.take());
    let [of_output, of_errors, of_end] = [happens.clone(), happens.clone(), happens.clone()];
    // Not joined: a process that has left the group may hold a pipe open for as long as it likes.
    thread::spawn(move || pump(output.expect("a pipe was asked for"), OUTPUT, &of_output));
    thread::spawn(move || pump(errors.expect("a pipe was asked for"), ERRORS, &of_errors));
    thread::spawn(move || {
        // It is over, and stays in the process table: until `end`, its number is nobody else's.
        let over = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
        let _ = retry_on_intr(|| waitid(WaitId::Pid(id), over));
        let _ = of_end.send(Event::Ended);
    });
    Ok(child)
}

fn pump(mut output: impl Read, kind: u8, happens: &SyncSender<Event>) {
    let mut buffer = vec![0; MAX_PIECE];
    loop {
        match output.read(&mut buffer) {
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Ok(n @ 1..) => {
                if happens.send(Event::Wrote(kind, buffer[..n].to_vec())).is_err() {
                    return;
                }
            }
            Ok(0) | Err(_) => break,
        }
    }
    let _ = happens.send(Event::Ended);
}

/// What the client was sent of a command.
enum Relayed {
    /// Everything, to the end.
    Everything,
    /// What it put out within the time limit.
    UpToTheLimit,
}

/// Send the client what the command puts out, until it is over: its two outputs, and the process.
fn relay(
    stream: &TcpStream,
    child: &Child,
    limit: Duration,
    happened: &Receiver<Event>,
) -> io::Result<Relayed> {
    let mut deadline = Instant::now() + limit;
    let mut relayed = Relayed::Everything;
    let mut open = 3;
    while open > 0 {
        // In every turn: a command that never stops writing is never waited for.
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            if let Relayed::UpToTheLimit = relayed {
                // Somebody outside the group holds an output open.
                return Err(ErrorKind::TimedOut.into());
            }
            kill_group(child);
            (relayed, deadline) = (Relayed::UpToTheLimit, Instant::now() + GRACE);
            continue;
        }
        match happened.recv_timeout(left) {
            Ok(Event::Wrote(kind, bytes)) => write_piece(stream, kind, &bytes)?,
            Ok(Event::Ended) => open -= 1,
            Ok(Event::Gone) => return Err(ErrorKind::ConnectionAborted.into()),
            Err(_) => {}
        }
    }
    Ok(relayed)
}

/// End what is left of the command's group, and take the command itself from the process table.
fn end(child: &mut Child) -> io::Result<ExitStatus> {
    kill_group(child);
    child.wait()
}

fn kill_group(child: &Child) {
    // It fails only if nobody is left.
    let _ = kill_process_group(Pid::from_child(child), Signal::KILL);
}

fn write_piece(mut stream: &TcpStream, kind: u8, bytes: &[u8]) -> io::Result<()> {
    let length = (bytes.len() as i32).to_le_bytes();
    stream.write_all(&[&[kind], &length[..], bytes].concat())
}
