//! Chat with a machine, with one peer, and in a room: the notes' programs, and a room in their style.
//!
//! ```text
//! 1  chatbot     server: 欢迎致电babyshen    client: hello    server: hello好    …    client: q
//! 2  converse    each side sends lines at any time, and receives at the same time
//! 3  Room        client: bob\n hello\n       all other members: [bob] hello\n
//! ```
//!
//! It works for two friends who take turns. Make it work for all clients, at any time.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::sync::Mutex;

// 1. The chatbot.

/// What the chatbot sends first to every client.
pub const GREETING: &str = "欢迎致电babyshen";

/// Send the greeting, then reply to each read with the bytes it returned and `好`, in one write.
///
/// `q`, alone or with a line ending, ends the session, and so does the end of the stream. If a read ends
/// inside a character, only the first bytes of the character wait for the rest. Bytes that are not UTF-8
/// go back unchanged.
pub fn chatbot(stream: &mut (impl Read + Write)) -> io::Result<()> {
    let _ = stream.write(GREETING.as_bytes())?;
    let mut buffer = [0; 1024];
    loop {
        let n = stream.read(&mut buffer)?;
        let message = str::from_utf8(&buffer[..n]).map_err(io::Error::other)?;
        if message == "q" {
            return Ok(());
        }
        let _ = stream.write(format!("{message}好").as_bytes())?;
    }
}

// 2. The conversation.

/// Send the input line by line and show received bytes at once, both at any time.
///
/// The line `exit` closes the connection and is not sent. At the end of the input, only the sending side
/// closes, after a last line without a newline. Return when the stream has ended or `output` has failed,
/// even while a thread waits for `input`: nothing can wake it.
pub fn converse(
    mut stream: TcpStream,
    mut input: impl BufRead + Send + 'static,
    output: &mut impl Write,
) -> io::Result<()> {
    let mut buffer = [0; 1024];
    loop {
        let mut line = String::new();
        input.read_line(&mut line)?;
        if line.trim_end() == "exit" {
            return Ok(());
        }
        stream.write_all(line.as_bytes())?;
        let n = stream.read(&mut buffer)?;
        let reply = str::from_utf8(&buffer[..n]).map_err(io::Error::other)?;
        write!(output, "{reply}")?;
    }
}

// 3. The room.

/// The longest line, in bytes as they arrive, without its newline.
pub const MAX_LINE: usize = 1024;

/// This many lines may wait for a member of a [`Room`] that does not read.
pub const QUEUE: usize = 64;

/// Read one line without its line ending, or `None` at the end of the stream.
///
/// Bytes without a newline at the end of the stream are dropped. A line longer than [`MAX_LINE`] is
/// `InvalidData` as soon as it is too long. Each control character becomes U+FFFD, and so does invalid UTF-8.
pub fn read_line(stream: &mut impl BufRead) -> io::Result<Option<String>> {
    let mut line = String::new();
    if stream.read_line(&mut line)? == 0 {
        return Ok(None);
    }
    Ok(Some(line.trim_end().to_owned()))
}

/// A room: each line of a member goes to all other members.
#[derive(Debug, Default)]
pub struct Room {
    members: Mutex<Vec<(String, TcpStream)>>,
}

impl Room {
    /// Add a client to the room, send its lines to the other members, and return when it has left.
    ///
    /// Its first line is its name: 1 to 32 letters and digits of any script, and no other member has it. Any
    /// other name is refused with a line that begins with `!`, and with `InvalidInput`. Every member receives
    /// `* NAME has joined`, all others receive `[NAME] LINE`, and those who stay receive `* NAME has left`.
    /// A member for which more than [`QUEUE`] lines wait is disconnected.
    pub fn join(&self, stream: TcpStream) -> io::Result<()> {
        let mut input = BufReader::new(&stream);
        let Some(name) = read_line(&mut input)? else { return Ok(()) };
        self.members.lock().unwrap().push((name.clone(), stream.try_clone()?));
        self.tell(&format!("* {name} has joined"))?;
        while let Some(line) = read_line(&mut input)? {
            self.tell(&format!("[{name}] {line}"))?;
        }
        self.members.lock().unwrap().retain(|(member, _)| *member != name);
        self.tell(&format!("* {name} has left"))
    }

    fn tell(&self, line: &str) -> io::Result<()> {
        for (_, member) in self.members.lock().unwrap().iter_mut() {
            writeln!(member, "{line}")?;
        }
        Ok(())
    }
}
