//! Right: the threads that read the outputs write to the client themselves, and two watchdogs end the
//! group: one waits for the time limit, the other polls the client. The messages are read by hand.
#![cfg(unix)]

use std::collections::BTreeMap;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::Duration;

pub use given::{challenge, respond};
use rustix::io::Errno;
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
/// The end of a reply: the command reached the time limit and was ended. No bytes follow.
pub const TIMED_OUT: u8 = b't';
/// The end of a reply: nothing ran. The reason, as text in UTF-8.
pub const REFUSED: u8 = b'r';

/// How often to check whether the client has left.
const INTERVAL: Duration = Duration::from_millis(20);

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
pub fn write_command(stream: &mut impl Write, words: &[String]) -> io::Result<()> {
    let mut bytes = vec![0; 4];
    for word in words {
        if word.contains('\0') {
            return Err(io::Error::new(ErrorKind::InvalidInput, "a zero byte in a word"));
        }
        bytes.extend_from_slice(word.as_bytes());
        bytes.push(0);
    }
    let length = bytes.len() - 4;
    if length == 0 || length > MAX_COMMAND {
        return Err(io::Error::new(
            ErrorKind::InvalidInput,
            "no words, or a command that is too long",
        ));
    }
    bytes[..4].copy_from_slice(&(length as i32).to_le_bytes());
    stream.write_all(&bytes)
}

/// Read a command, or `None` if the client has closed the stream between commands.
pub fn read_command(stream: &mut impl Read) -> io::Result<Option<Vec<String>>> {
    let mut header = [0; 4];
    loop {
        match stream.read(&mut header[..1]) {
            Ok(0) => return Ok(None),
            Ok(_) => break,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    stream.read_exact(&mut header[1..])?;
    let mut bytes = vec![0; length(header, MAX_COMMAND)?];
    stream.read_exact(&mut bytes)?;
    if bytes.pop() != Some(0) {
        return Err(io::Error::new(ErrorKind::InvalidData, "the command has no last zero"));
    }
    let words = bytes.split(|byte| *byte == 0).map(|word| String::from_utf8(word.to_vec()));
    let words = words.collect::<Result<Vec<String>, _>>();
    words.map(Some).map_err(|error| io::Error::new(ErrorKind::InvalidData, error))
}

fn length(header: [u8; 4], limit: usize) -> io::Result<usize> {
    match i32::from_le_bytes(header) {
        length @ 0.. if length as usize <= limit => Ok(length as usize),
        _ => Err(io::Error::new(ErrorKind::InvalidData, "length outside its limits")),
    }
}

/// Ask the server for a command, write its output and its errors, and return how it ended.
pub fn run(
    stream: &mut (impl Read + Write),
    words: &[String],
    stdout: &mut impl Write,
    stderr: &mut impl Write,
) -> io::Result<Ending> {
    write_command(stream, words)?;
    let invalid = || io::Error::new(ErrorKind::InvalidData, "not a piece of a reply");
    loop {
        let (mut kind, mut header) = ([0], [0; 4]);
        stream.read_exact(&mut kind)?;
        stream.read_exact(&mut header)?;
        let mut bytes = vec![0; length(header, MAX_PIECE)?];
        stream.read_exact(&mut bytes)?;
        let number = || -> io::Result<i32> {
            Ok(i32::from_le_bytes(bytes.as_slice().try_into().map_err(|_| invalid())?))
        };
        return match kind[0] {
            OUTPUT => {
                stdout.write_all(&bytes)?;
                continue;
            }
            ERRORS => {
                stderr.write_all(&bytes)?;
                continue;
            }
            EXITED => number().map(Ending::Exited),
            SIGNALED => number().map(Ending::Signaled),
            TIMED_OUT if bytes.is_empty() => Ok(Ending::TimedOut),
            REFUSED => String::from_utf8(bytes).map(Ending::Refused).map_err(|_| invalid()),
            _ => Err(invalid()),
        };
    }
}

/// The programs that clients may run. A client can choose only the name of one.
#[derive(Clone, Debug, Default)]
pub struct AllowList(BTreeMap<String, PathBuf>);

impl AllowList {
    /// Allow these programs: a name, and the file that is started for it.
    pub fn of(programs: &[(&str, &str)]) -> AllowList {
        AllowList(programs.iter().map(|(name, file)| (name.to_string(), file.into())).collect())
    }

    /// Return the command for these words, or `None` if the name is not on the list.
    pub fn command(&self, words: &[String]) -> Option<Command> {
        let file = self.0.get(words.first()?)?;
        let mut command = Command::new(file);
        command.args(&words[1..]);
        Some(command)
    }
}

/// Serve one client: challenge it, then run one command after the other.
pub fn serve_client(
    mut stream: TcpStream,
    key: &[u8],
    allowed: &AllowList,
    limit: Duration,
) -> io::Result<()> {
    stream.set_read_timeout(Some(limit))?;
    if !challenge(&mut stream, key)? {
        return Err(io::Error::new(ErrorKind::PermissionDenied, "the proof was wrong"));
    }
    stream.set_write_timeout(Some(limit))?;
    stream.set_nodelay(true)?;
    loop {
        stream.set_read_timeout(None)?;
        let Some(words) = read_command(&mut stream)? else { return Ok(()) };
        if words == ["q"] || words == ["exit"] {
            return stream.shutdown(Shutdown::Both);
        }
        let ending = match allowed.command(&words) {
            Some(command) => attend(command, &stream, limit)?,
            None => Ending::Refused("no program of this name is allowed".to_owned()),
        };
        let (kind, bytes) = match ending {
            Ending::Exited(status) => (EXITED, status.to_le_bytes().to_vec()),
            Ending::Signaled(signal) => (SIGNALED, signal.to_le_bytes().to_vec()),
            Ending::TimedOut => (TIMED_OUT, Vec::new()),
            Ending::Refused(why) => (REFUSED, why.into_bytes()),
        };
        write_piece(&mut stream, kind, &bytes)?;
    }
}

/// Run a command until it has ended, beside the threads that may end it.
fn attend(mut command: Command, stream: &TcpStream, limit: Duration) -> io::Result<Ending> {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).process_group(0);
    let mut child = match command.spawn() {
        Ok(child) => child,
        Err(error) => return Ok(Ending::Refused(format!("failed to start: {error}"))),
    };
    let output = child.stdout.take().expect("a pipe was asked for");
    let errors = child.stderr.take().expect("a pipe was asked for");
    stream.set_read_timeout(Some(INTERVAL))?;
    let writing = Mutex::new(stream);
    let (lost, late) = (Mutex::new(None), AtomicBool::new(false));
    thread::scope(|scope| {
        let (child, writing, lost, late) = (&child, &writing, &lost, &late);
        let (over, is_over) = mpsc::channel::<()>();
        let (stopped, is_stopped) = mpsc::channel::<()>();
        let give_up = move |error: io::Error| {
            lost.lock().unwrap().get_or_insert(error);
            kill(child);
        };
        let output = scope.spawn(move || pump(output, OUTPUT, writing).unwrap_or_else(give_up));
        let errors = scope.spawn(move || pump(errors, ERRORS, writing).unwrap_or_else(give_up));
        scope.spawn(move || {
            if is_over.recv_timeout(limit) == Err(RecvTimeoutError::Timeout) {
                late.store(true, Ordering::Release);
                kill(child);
            }
        });
        scope.spawn(move || watch(stream, is_stopped).unwrap_or_else(give_up));
        // NOWAIT leaves it in the process table: until the last kill no other process can get its number.
        let look = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
        let id = WaitId::Pid(Pid::from_child(child));
        while waitid(id.clone(), look).is_err_and(|error| error == Errno::INTR) {}
        for pump in [output, errors] {
            pump.join().expect("reading and writing do not panic");
        }
        drop((over, stopped));
    });
    kill(&child);
    let status = child.wait()?;
    if let Some(error) = lost.into_inner().unwrap() {
        return Err(error);
    }
    Ok(match (late.into_inner(), status.code()) {
        (true, _) => Ending::TimedOut,
        (false, Some(code)) => Ending::Exited(code),
        (false, None) => Ending::Signaled(status.signal().unwrap_or_default()),
    })
}

/// Poll the client until the command has ended; an error if the client has left.
fn watch(stream: &TcpStream, stopped: Receiver<()>) -> io::Result<()> {
    while stopped.try_recv() == Err(mpsc::TryRecvError::Empty) {
        match stream.peek(&mut [0]) {
            Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
            // It has sent its next command, which can wait.
            Ok(_) => thread::sleep(INTERVAL),
            Err(error) if [ErrorKind::WouldBlock, ErrorKind::TimedOut].contains(&error.kind()) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

fn pump(mut output: impl Read, kind: u8, writing: &Mutex<&TcpStream>) -> io::Result<()> {
    let mut buffer = [0; 8192];
    loop {
        let n = output.read(&mut buffer)?;
        if n == 0 {
            return Ok(());
        }
        let mut stream = *writing.lock().unwrap();
        write_piece(&mut stream, kind, &buffer[..n])?;
    }
}

fn kill(child: &Child) {
    let _ = kill_process_group(Pid::from_child(child), Signal::KILL);
}

fn write_piece(stream: &mut impl Write, kind: u8, bytes: &[u8]) -> io::Result<()> {
    let mut piece = vec![kind];
    piece.extend_from_slice(&(bytes.len() as i32).to_le_bytes());
    piece.extend_from_slice(bytes);
    stream.write_all(&piece)
}
