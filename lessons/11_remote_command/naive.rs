//! Run commands for a client on another machine. The notes' program, as the notes have it.
//!
//! ```text
//! client: ls -l          server: what a shell makes of it, or `no output!`         client: q
//! ```
//!
//! For a friendly client and short commands, this works. The wire to move to:
//!
//! ```text
//! challenge   server: 32 random bytes    client: HMAC-MD5(key, them), 16 bytes
//! command     | length: i32 LE | words, each followed by a zero byte |            ls 00 -l 00
//! reply       | kind: u8 | length: i32 LE | bytes |  pieces o and e, then one of x, s, t, r
//! ```

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

/// Given, as you wrote them in lesson 6. The crate [`given`] also has lesson 3's `read_message` and
/// `write_message`.
pub use given::{challenge, respond};

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
    let _ = stream.write(words.join(" ").as_bytes())?;
    Ok(())
}

/// Read a command, or `None` if the client has closed the stream between commands.
///
/// `InvalidData` if its length is negative or above [`MAX_COMMAND`], or if its bytes are not UTF-8 that
/// ends with a zero byte. `UnexpectedEof` if the stream ends inside a command.
pub fn read_command(stream: &mut impl Read) -> io::Result<Option<Vec<String>>> {
    let mut buffer = [0; 1024];
    let n = stream.read(&mut buffer)?;
    let command = String::from_utf8(buffer[..n].to_vec()).map_err(io::Error::other)?;
    Ok(Some(command.split_whitespace().map(str::to_owned).collect()))
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
    _stderr: &mut impl Write,
) -> io::Result<Ending> {
    write_command(stream, words)?;
    let mut buffer = [0; 1024];
    let n = stream.read(&mut buffer)?;
    stdout.write_all(&buffer[..n])?;
    Ok(Ending::Exited(0))
}

/// The programs that clients may run. A client can choose only the name of one.
#[derive(Clone, Debug, Default)]
pub struct AllowList {
    /// The list, which no code here checks: any client may run anything.
    pub programs: Vec<(String, PathBuf)>,
}

impl AllowList {
    /// Allow these programs: a name, and the file that is started for it.
    pub fn of(programs: &[(&str, &str)]) -> AllowList {
        let programs = programs.iter().map(|(name, file)| (name.to_string(), file.into()));
        AllowList { programs: programs.collect() }
    }

    /// Return the command for these words: the file that the first word names, with the other words as
    /// its arguments, unchanged. `None` if the name is not on the list.
    pub fn command(&self, words: &[String]) -> Option<Command> {
        let mut shell = Command::new("sh");
        shell.arg("-c").arg(words.join(" "));
        Some(shell)
    }
}

/// Serve one client: challenge it, then run one command after the other, until `q`, `exit` or the end of
/// its stream.
///
/// `PermissionDenied` if the client cannot prove that it knows `key`; then nothing runs. Before the proof
/// it may be silent for at most `limit`, after it for any time. An invalid command ends the session, with
/// the error of [`read_command`]. A command that runs for `limit` is ended, with its whole process group.
/// A client that reads nothing for `limit` ends its session, and its command; the error is `WouldBlock`.
/// A client that reads slowly still receives whole pieces, and is informed of the time limit.
pub fn serve_client(
    mut stream: TcpStream,
    _key: &[u8],
    allowed: &AllowList,
    _limit: Duration,
) -> io::Result<()> {
    loop {
        let words = read_command(&mut stream)?.unwrap_or_default();
        if words == ["q"] || words == ["exit"] {
            return Ok(());
        }
        let Some(mut command) = allowed.command(&words) else { continue };
        let output = command.output()?.stdout;
        let reply = if output.is_empty() { b"no output!".to_vec() } else { output };
        let _ = stream.write(&reply)?;
    }
}
