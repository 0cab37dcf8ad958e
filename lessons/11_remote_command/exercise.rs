//! Run commands for somebody on another machine. The notes' program, as the notes have it.
//!
//! ```text
//! client: ls -l          server: what a shell makes of it, or `no output!`         client: q
//! ```
//!
//! Among friends, with short commands, this works. The wire to move to:
//!
//! ```text
//! challenge   server: 32 random bytes    client: HMAC-MD5(key, them), 16 bytes
//! command     | length: i32 LE | words, each with a zero byte behind it |         ls 00 -l 00
//! reply       | kind: u8 | length: i32 LE | bytes |  pieces o and e, then one of x, s, t, r
//! ```

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use md5::Md5;

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
    let _ = stream.write(words.join(" ").as_bytes())?;
    Ok(())
}

/// Read a command, or `None` if the client has closed the stream between commands.
///
/// `InvalidData` for a length below 0 or above [`MAX_COMMAND`], and for what is not one word or more, in
/// UTF-8, each with a zero byte behind it. `UnexpectedEof` if the stream ends inside a command.
pub fn read_command(stream: &mut impl Read) -> io::Result<Option<Vec<String>>> {
    let mut buffer = [0; 1024];
    let n = stream.read(&mut buffer)?;
    let command = String::from_utf8(buffer[..n].to_vec()).map_err(io::Error::other)?;
    Ok(Some(command.split_whitespace().map(str::to_owned).collect()))
}

/// Ask the server for a command, write what it puts out to `stdout` and `stderr`, and say how it ended.
///
/// `UnexpectedEof` if the stream ends inside the reply, `InvalidData` if it is no reply.
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

/// The programs that clients may run: each under a name, which is all that a client can choose.
#[derive(Clone, Debug, Default)]
pub struct AllowList {
    /// Nobody looks at it: whoever gets through may run anything.
    pub programs: Vec<(String, PathBuf)>,
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
        let mut shell = Command::new("sh");
        shell.arg("-c").arg(words.join(" "));
        Some(shell)
    }
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
