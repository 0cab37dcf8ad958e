//! Right: one thread that waits in no call, and looks at client, outputs, process and clock by turns.
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

use hmac::{Hmac, KeyInit, Mac};
use md5::Md5;
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
/// The end of a reply: the command ran for too long and was ended. Nothing behind it.
pub const TIMED_OUT: u8 = b't';
/// The end of a reply: nothing ran. Why not, as text.
pub const REFUSED: u8 = b'r';

/// How long to rest when nothing has moved.
const REST: Duration = Duration::from_millis(1);

/// So much may be owed to the client before its command has to wait.
const OWED: usize = 256 * 1024;

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
            (TIMED_OUT, _) if bytes.is_empty() => return Ok(Ending::TimedOut),
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
    let mut client = Client { stream, asked: Vec::new(), owed: Vec::new(), gone: false, limit };
    loop {
        let Some(words) = client.next_command()? else { return Ok(()) };
        if ["q", "exit"].contains(&words[0].as_str()) {
            return Ok(());
        }
        match allowed.command(&words) {
            Some(command) => client.attend(command)?,
            None => client.owe(REFUSED, b"this is not allowed"),
        }
        client.flush()?;
    }
}

/// One client, and what is on its way from it and to it.
struct Client {
    stream: TcpStream,
    asked: Vec<u8>,
    owed: Vec<u8>,
    gone: bool,
    limit: Duration,
}

impl Client {
    /// Wait for a whole command; `None` when the client has gone.
    fn next_command(&mut self) -> io::Result<Option<Vec<String>>> {
        loop {
            let mut bytes = self.asked.as_slice();
            match read_command(&mut bytes) {
                Ok(Some(words)) => {
                    let left = bytes.len();
                    self.asked.drain(..self.asked.len() - left);
                    return Ok(Some(words));
                }
                // Not all of it is there.
                Ok(None) => {}
                Err(error) if error.kind() == ErrorKind::UnexpectedEof => {}
                Err(error) => return Err(error),
            }
            if self.gone {
                return if self.asked.is_empty() {
                    Ok(None)
                } else {
                    Err(ErrorKind::UnexpectedEof.into())
                };
            }
            if !self.take_in()? {
                thread::sleep(REST);
            }
        }
    }

    /// Take in what the client has sent, as long as it is not much; say whether anything moved.
    fn take_in(&mut self) -> io::Result<bool> {
        if self.gone || self.asked.len() > 2 * MAX_COMMAND {
            return Ok(false);
        }
        let mut buffer = [0; 4096];
        match now(self.stream.read(&mut buffer))? {
            Some(0) => self.gone = true,
            Some(n) => self.asked.extend_from_slice(&buffer[..n]),
            None => return Ok(false),
        }
        Ok(true)
    }

    fn owe(&mut self, kind: u8, bytes: &[u8]) {
        self.owed.push(kind);
        self.owed.extend_from_slice(&(bytes.len() as i32).to_le_bytes());
        self.owed.extend_from_slice(bytes);
    }

    /// Send what the client takes now; say whether anything moved.
    fn send(&mut self) -> io::Result<bool> {
        if self.owed.is_empty() {
            return Ok(false);
        }
        let n = now(self.stream.write(&self.owed))?.unwrap_or(0);
        self.owed.drain(..n);
        Ok(n > 0)
    }

    /// Send everything that is owed, to a client that takes some of it now and then.
    fn flush(&mut self) -> io::Result<()> {
        let mut moved = Instant::now();
        while !self.owed.is_empty() {
            if self.send()? {
                moved = Instant::now();
            } else if moved.elapsed() > self.limit {
                return Err(ErrorKind::TimedOut.into());
            } else {
                thread::sleep(REST);
            }
        }
        Ok(())
    }

    /// Run a command, and owe the client all that it puts out and how it ended.
    fn attend(&mut self, mut command: Command) -> io::Result<()> {
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = match command.process_group(0).spawn() {
            Ok(child) => child,
            Err(error) => {
                self.owe(REFUSED, error.to_string().as_bytes());
                return Ok(());
            }
        };
        let in_time = self.relay(&mut child);
        let status = end(&mut child)?;
        match (in_time?, status.code()) {
            (false, _) => self.owe(TIMED_OUT, b""),
            (true, Some(code)) => self.owe(EXITED, &code.to_le_bytes()),
            (true, None) => self.owe(SIGNALED, &status.signal().unwrap_or(0).to_le_bytes()),
        }
        Ok(())
    }

    /// Whether the command came to its end within the limit.
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
            if self.gone {
                return Err(ErrorKind::ConnectionAborted.into());
            }
            let mut moved = self.send()?;
            if self.owed.len() < OWED {
                moved |= self.take_output(&mut output, OUTPUT)?;
                moved |= self.take_output(&mut errors, ERRORS)?;
            }
            if !moved {
                thread::sleep(REST);
            }
        }
        Ok(true)
    }

    fn take_output(&mut self, output: &mut Option<impl Read>, kind: u8) -> io::Result<bool> {
        let Some(pipe) = output else { return Ok(false) };
        let mut buffer = [0; 16 * 1024];
        match now(pipe.read(&mut buffer))? {
            Some(0) => *output = None,
            Some(n) => self.owe(kind, &buffer[..n]),
            None => return Ok(false),
        }
        Ok(true)
    }
}

/// What a call that does not wait came to, or `None` when there is nothing now.
fn now<T>(outcome: io::Result<T>) -> io::Result<Option<T>> {
    match outcome {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(None),
        Err(error) if error.kind() == ErrorKind::Interrupted => Ok(None),
        Err(error) => Err(error),
    }
}

/// Whether the process is over; it stays in the process table.
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
