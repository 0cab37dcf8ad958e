//! Right: one thread that polls the client, the outputs, the process and the clock in turn, and never blocks.
#![cfg(unix)]

use std::collections::HashMap;
use std::io::{self, ErrorKind, Read, Write};
use std::net::TcpStream;
use std::os::fd::AsFd;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

pub use given::{challenge, respond};
use given::{read_message, write_message};
use rustix::io::ioctl_fionbio;
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

/// How long to sleep when nothing has moved.
const PAUSE: Duration = Duration::from_millis(1);

/// The command has to wait while more unsent bytes than this are pending.
const MAX_PENDING: usize = 256 * 1024;

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
/// `UnexpectedEof` if the stream ends inside the reply, `InvalidData` if a piece of it is invalid.
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

/// Serve one client: challenge it, then run one command after the other.
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
    stream.set_nodelay(true)?;
    stream.set_nonblocking(true)?;
    let mut client =
        Client { stream, asked: Vec::new(), pending: Vec::new(), has_left: false, limit };
    loop {
        let Some(words) = client.next_command()? else { return Ok(()) };
        if ["q", "exit"].contains(&words[0].as_str()) {
            return Ok(());
        }
        match allowed.command(&words) {
            Some(command) => client.attend(command)?,
            None => client.queue(REFUSED, b"this is not allowed"),
        }
        client.flush()?;
    }
}

/// One client, and the bytes that are on their way.
struct Client {
    stream: TcpStream,
    /// Bytes of its next commands.
    asked: Vec<u8>,
    /// Bytes of its replies that have not been sent yet.
    pending: Vec<u8>,
    has_left: bool,
    limit: Duration,
}

impl Client {
    /// Wait for a whole command; `None` if the client has left.
    fn next_command(&mut self) -> io::Result<Option<Vec<String>>> {
        loop {
            let mut bytes = self.asked.as_slice();
            match read_command(&mut bytes) {
                Ok(Some(words)) => {
                    let left = bytes.len();
                    self.asked.drain(..self.asked.len() - left);
                    return Ok(Some(words));
                }
                // Not all of it has arrived.
                Ok(None) => {}
                Err(error) if error.kind() == ErrorKind::UnexpectedEof => {}
                Err(error) => return Err(error),
            }
            if self.has_left {
                return if self.asked.is_empty() {
                    Ok(None)
                } else {
                    Err(ErrorKind::UnexpectedEof.into())
                };
            }
            if !self.take_in()? {
                thread::sleep(PAUSE);
            }
        }
    }

    /// Read what the client has sent, unless much of it is unused; return whether anything moved.
    fn take_in(&mut self) -> io::Result<bool> {
        if self.has_left || self.asked.len() > 2 * MAX_COMMAND {
            return Ok(false);
        }
        let mut buffer = [0; 4096];
        match now(self.stream.read(&mut buffer))? {
            Some(0) => self.has_left = true,
            Some(n) => self.asked.extend_from_slice(&buffer[..n]),
            None => return Ok(false),
        }
        Ok(true)
    }

    fn queue(&mut self, kind: u8, bytes: &[u8]) {
        self.pending.push(kind);
        write_message(&mut self.pending, bytes).expect("a piece is short, and a Vec takes it all");
    }

    /// Send as much as the client accepts now; return whether anything moved.
    fn send(&mut self) -> io::Result<bool> {
        if self.pending.is_empty() {
            return Ok(false);
        }
        let n = now(self.stream.write(&self.pending))?.unwrap_or(0);
        self.pending.drain(..n);
        Ok(n > 0)
    }

    /// Send all pending bytes, as long as the client accepts some of them within each time limit.
    fn flush(&mut self) -> io::Result<()> {
        let mut moved = Instant::now();
        while !self.pending.is_empty() {
            if self.send()? {
                moved = Instant::now();
            } else if moved.elapsed() > self.limit {
                return Err(ErrorKind::WouldBlock.into());
            } else {
                thread::sleep(PAUSE);
            }
        }
        Ok(())
    }

    /// Run a command, and queue all that it writes, then how it ended.
    fn attend(&mut self, mut command: Command) -> io::Result<()> {
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = match command.process_group(0).spawn() {
            Ok(child) => child,
            Err(error) => {
                self.queue(REFUSED, error.to_string().as_bytes());
                return Ok(());
            }
        };
        let in_time = self.relay(&mut child);
        let status = end(&mut child)?;
        match (in_time?, status.code()) {
            (false, _) => self.queue(TIMED_OUT, b""),
            (true, Some(code)) => self.queue(EXITED, &code.to_le_bytes()),
            (true, None) => self.queue(SIGNALED, &status.signal().unwrap_or(0).to_le_bytes()),
        }
        Ok(())
    }

    /// Queue and send the outputs until the command has ended; return whether that was within the limit.
    fn relay(&mut self, child: &mut Child) -> io::Result<bool> {
        let mut output = child.stdout.take();
        let mut errors = child.stderr.take();
        ioctl_fionbio(output.as_ref().expect("a pipe was asked for").as_fd(), true)?;
        ioctl_fionbio(errors.as_ref().expect("a pipe was asked for").as_fd(), true)?;
        let began = Instant::now();
        while output.is_some() || errors.is_some() || !is_over(child)? {
            if began.elapsed() > self.limit {
                kill_group(child);
                return Ok(false);
            }
            self.take_in()?;
            if self.has_left {
                return Err(ErrorKind::ConnectionAborted.into());
            }
            let mut moved = self.send()?;
            if self.pending.len() < MAX_PENDING {
                moved |= self.take_output(&mut output, OUTPUT)?;
                moved |= self.take_output(&mut errors, ERRORS)?;
            }
            if !moved {
                thread::sleep(PAUSE);
            }
        }
        Ok(true)
    }

    fn take_output(&mut self, output: &mut Option<impl Read>, kind: u8) -> io::Result<bool> {
        let Some(pipe) = output else { return Ok(false) };
        let mut buffer = [0; 16 * 1024];
        match now(pipe.read(&mut buffer))? {
            Some(0) => *output = None,
            Some(n) => self.queue(kind, &buffer[..n]),
            None => return Ok(false),
        }
        Ok(true)
    }
}

/// The result of a call that does not block, or `None` if it would have to wait.
fn now<T>(outcome: io::Result<T>) -> io::Result<Option<T>> {
    match outcome {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(None),
        Err(error) if error.kind() == ErrorKind::Interrupted => Ok(None),
        Err(error) => Err(error),
    }
}

/// Whether the process has ended; it stays in the process table.
fn is_over(child: &Child) -> io::Result<bool> {
    let look = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
    Ok(waitid(WaitId::Pid(Pid::from_child(child)), look)?.is_some())
}

fn end(child: &mut Child) -> io::Result<ExitStatus> {
    kill_group(child);
    child.wait()
}

fn kill_group(child: &Child) {
    let _ = kill_process_group(Pid::from_child(child), Signal::KILL);
}
