//! Right, and further: the solution, with a second thread that notices when the client leaves.
#![cfg(unix)]

use std::collections::HashMap;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::os::fd::AsFd;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, SyncSender};
use std::thread;
use std::time::{Duration, Instant};

pub use given::{challenge, respond};
use given::{read_message, write_message};
use rustix::io::{read, retry_on_intr};
use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid};

/// The longest command, in bytes on the wire without its header.
pub const MAX_COMMAND: usize = 64 * 1024;

/// The longest piece of a reply, in bytes.
pub const MAX_PIECE: usize = 64 * 1024;

/// How often to check whether the client has left.
const INTERVAL: Duration = Duration::from_millis(20);

/// A piece of what the command wrote to its standard output.
pub const OUTPUT: u8 = b'o';
/// A piece of what it wrote to its standard error.
pub const ERRORS: u8 = b'e';
/// The end of a reply: the exit status, an `i32`, little-endian.
pub const EXITED: u8 = b'x';
/// The end of a reply: the number of the signal that ended the command, an `i32`, little-endian.
pub const SIGNALED: u8 = b's';
/// The end of a reply: the command reached the time limit and was ended. No bytes follow.
pub const TIMED_OUT: u8 = b't';
/// The end of a reply: nothing ran. The reason, as text in UTF-8.
pub const REFUSED: u8 = b'r';

/// How a command ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// By itself, with this status.
    Exited(i32),
    /// By the signal of this number.
    Signaled(i32),
    /// At the time limit, by the server.
    TimedOut,
    /// It never started; the reason.
    Refused(String),
}

/// Send a command, word by word, in one write.
///
/// `InvalidInput` if there are no words, if a word contains a zero byte, or if the command is longer than
/// [`MAX_COMMAND`].
pub fn write_command(stream: &mut impl Write, words: &[String]) -> io::Result<()> {
    let bytes: String = words.iter().flat_map(|word| [word, "\0"]).collect();
    let zeros = bytes.matches('\0').count();
    if words.is_empty() || zeros > words.len() || bytes.len() > MAX_COMMAND {
        return Err(io::Error::new(ErrorKind::InvalidInput, "these words are not a command"));
    }
    write_message(stream, bytes.as_bytes())
}

/// Read a command, or `None` if the client has closed the stream between commands.
///
/// `InvalidData` if its length is negative or above [`MAX_COMMAND`], or if its bytes are not UTF-8 that
/// ends with a zero byte. `UnexpectedEof` if the stream ends inside a command.
pub fn read_command(stream: &mut impl Read) -> io::Result<Option<Vec<String>>> {
    let Some(bytes) = read_message(stream, MAX_COMMAND)? else { return Ok(None) };
    let text = String::from_utf8(bytes).map_err(|_| invalid("the command is not UTF-8"))?;
    let words = text.strip_suffix('\0').ok_or_else(|| invalid("the command has no last zero"))?;
    Ok(Some(words.split('\0').map(str::to_owned).collect()))
}

fn invalid(why: &str) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, why)
}

/// Ask the server for a command, write its output to `stdout` and its errors to `stderr`, and return how
/// it ended.
///
/// `UnexpectedEof` if the stream ends inside the reply. `InvalidData` if a piece is of no known kind, is
/// longer than [`MAX_PIECE`], or has other bytes than its kind requires. An error of `stream`, `stdout` or
/// `stderr` comes back as it is.
pub fn run(
    stream: &mut (impl Read + Write),
    words: &[String],
    stdout: &mut impl Write,
    stderr: &mut impl Write,
) -> io::Result<Ending> {
    write_command(stream, words)?;
    loop {
        let mut kind = [0];
        stream.read_exact(&mut kind)?;
        let bytes = read_message(stream, MAX_PIECE)?.ok_or(ErrorKind::UnexpectedEof)?;
        let number = bytes.as_slice().try_into().map(i32::from_le_bytes);
        match (kind[0], number) {
            (OUTPUT, _) => stdout.write_all(&bytes)?,
            (ERRORS, _) => stderr.write_all(&bytes)?,
            (EXITED, Ok(status)) => return Ok(Ending::Exited(status)),
            (SIGNALED, Ok(signal)) => return Ok(Ending::Signaled(signal)),
            (TIMED_OUT, _) if bytes.is_empty() => return Ok(Ending::TimedOut),
            (REFUSED, _) => {
                let reason = String::from_utf8(bytes);
                return reason.map(Ending::Refused).map_err(|_| invalid("the reason is not UTF-8"));
            }
            _ => return Err(invalid("not a piece of a reply")),
        }
    }
}

/// The programs that clients may run. A client can choose only the name of one.
#[derive(Clone, Debug, Default)]
pub struct AllowList {
    files: HashMap<String, PathBuf>,
}

impl AllowList {
    /// Allow these programs: a name, and the file that is started for it.
    pub fn of(programs: &[(&str, &str)]) -> AllowList {
        let files = programs.iter().map(|(name, file)| (name.to_string(), file.into()));
        AllowList { files: files.collect() }
    }

    /// Return the command for these words: the file that the first word names, with the other words as
    /// its arguments, unchanged. `None` if the name is not on the list.
    pub fn command(&self, words: &[String]) -> Option<Command> {
        let (name, arguments) = words.split_first()?;
        let mut command = Command::new(self.files.get(name)?);
        command.args(arguments);
        Some(command)
    }
}

/// Serve one client: challenge it, then run one command after the other, until `q`, `exit` or the end of
/// its stream.
///
/// `PermissionDenied` if the client cannot prove that it knows `key`; then nothing runs. Before the proof
/// it may be silent for at most `limit`, after it for any time. An invalid command ends the session, with
/// the error of [`read_command`]. A command that runs for `limit` is ended, with its whole process group.
/// A client that leaves, or that reads nothing for `limit`, ends its session, and its command; the errors
/// are `ConnectionAborted` and `WouldBlock`. A client that reads slowly still receives whole pieces, and
/// is informed of the time limit.
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
    // A reply is several writes: none of them waits until the client acknowledges the one before (Nagle).
    stream.set_nodelay(true)?;
    let (sender, commands) = mpsc::sync_channel(1);
    thread::scope(|scope| {
        let listener = scope.spawn(|| listen(&stream, sender));
        let has_left = || listener.is_finished();
        let mut outcome = Ok(());
        for words in &commands {
            if ["q", "exit"].contains(&words[0].as_str()) {
                break;
            }
            outcome = reply(&stream, allowed.command(&words), limit, has_left);
            if outcome.is_err() {
                break;
            }
        }
        // The listener may be in a read or in a send: end both.
        let _ = stream.shutdown(Shutdown::Both);
        drop(commands);
        outcome.and(listener.join().expect("listening does not panic"))
    })
}

/// Read commands, also while one of them runs, until the client leaves or the session has ended.
fn listen(mut stream: &TcpStream, sender: SyncSender<Vec<String>>) -> io::Result<()> {
    while let Some(words) = read_command(&mut stream)? {
        if sender.send(words).is_err() {
            break;
        }
    }
    Ok(())
}

/// Run one command, and send the client all that it writes, then how it ended.
fn reply(
    stream: &TcpStream,
    command: Option<Command>,
    limit: Duration,
    has_left: impl Fn() -> bool,
) -> io::Result<()> {
    let Some(command) = command else {
        return write_piece(stream, REFUSED, b"no program of this name is allowed");
    };
    let (mut child, pieces) = match start(command) {
        Ok(started) => started,
        Err(error) => return write_piece(stream, REFUSED, error.to_string().as_bytes()),
    };
    let in_time = relay(stream, &pieces, limit, has_left);
    // Before any question mark: end what is left of the group, then wait for its leader. Until `wait`, no
    // other process can get its number.
    let _ = kill_process_group(Pid::from_child(&child), Signal::KILL);
    let status = child.wait()?;
    if !in_time? {
        return write_piece(stream, TIMED_OUT, b"");
    }
    match (status.code(), status.signal()) {
        (Some(code), _) => write_piece(stream, EXITED, &code.to_le_bytes()),
        (None, signal) => write_piece(stream, SIGNALED, &signal.unwrap_or(0).to_le_bytes()),
    }
}

/// A piece of one of the two outputs: its kind and its bytes.
type Piece = (u8, Vec<u8>);

/// Start a command as the leader of a process group of its own, to which all that it starts belongs.
///
/// The pieces of its outputs come from a channel, which ends when both outputs and the process have ended.
fn start(mut command: Command) -> io::Result<(Child, Receiver<Piece>)> {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.process_group(0).spawn()?;
    // It holds one piece: if the client reads slowly, the command has to wait.
    let (sender, pieces) = mpsc::sync_channel(1);
    pump(child.stdout.take(), OUTPUT, sender.clone());
    pump(child.stderr.take(), ERRORS, sender.clone());
    let leader = Pid::from_child(&child);
    thread::spawn(move || {
        // NOWAIT leaves the process in the process table, for `reply`.
        let ended = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
        let _ = retry_on_intr(|| waitid(WaitId::Pid(leader), ended));
        drop(sender);
    });
    Ok((child, pieces))
}

/// Send on all pieces of one output, on a thread of its own: the command may fill both pipes at once.
fn pump(output: Option<impl AsFd + Send + 'static>, kind: u8, sender: SyncSender<Piece>) {
    let output = output.expect("the output is a pipe");
    // Not joined: a process that has left the group may hold the pipe open for any time.
    thread::spawn(move || {
        let mut buffer = vec![0; MAX_PIECE];
        while let Ok(n @ 1..) = retry_on_intr(|| read(&output, &mut buffer[..])) {
            if sender.send((kind, buffer[..n].to_vec())).is_err() {
                break;
            }
        }
    });
}

/// Send the client all pieces, and return whether they ended within the time limit.
fn relay(
    stream: &TcpStream,
    pieces: &Receiver<Piece>,
    limit: Duration,
    has_left: impl Fn() -> bool,
) -> io::Result<bool> {
    let deadline = Instant::now() + limit;
    // The clock is checked in every turn: if the command writes without end, there is always a piece.
    while let Some(left) = deadline.checked_duration_since(Instant::now()) {
        if has_left() {
            return Err(ErrorKind::ConnectionAborted.into());
        }
        match pieces.recv_timeout(left.min(INTERVAL)) {
            Ok((kind, bytes)) => write_piece(stream, kind, &bytes)?,
            Err(RecvTimeoutError::Disconnected) => return Ok(true),
            Err(RecvTimeoutError::Timeout) => {}
        }
    }
    Ok(false)
}

fn write_piece(mut stream: &TcpStream, kind: u8, bytes: &[u8]) -> io::Result<()> {
    let mut piece = vec![kind];
    write_message(&mut piece, bytes)?;
    stream.write_all(&piece)
}
