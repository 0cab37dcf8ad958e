//! Talk to somebody over a connection. The notes' programs, as the notes have them, and a room in their
//! style.
//!
//! ```text
//! chatbot     server: 欢迎致电babyshen    client: hello    server: hello好    …    client: q
//! converse    each side sends lines whenever it likes, and hears the other meanwhile
//! Room        client: bob\n hello\n       everybody else: [bob] hello\n
//! ```
//!
//! With two friends who take turns, this works. Make it work with people.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::str;
use std::sync::Mutex;

/// What the chatbot says to whoever calls.
pub const GREETING: &str = "欢迎致电babyshen";

/// The longest line, in bytes, without its newline.
pub const MAX_LINE: usize = 1024;

/// So many lines may wait for a member of a [`Room`] who does not read.
pub const QUEUE: usize = 64;

/// Greet the caller, then send back what each read brings with `好` behind it, in one write.
///
/// `q`, alone or with a line end behind it, ends the call, and so does the end of the stream. Of a
/// character that is not yet whole the first bytes wait for the rest; bytes that are no UTF-8 go back as
/// they came.
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

/// Send what is typed, line by line, and show what comes, as it comes, both at any time.
///
/// The line `exit` hangs up, and is not sent. At the end of the input the sending side is closed, and
/// the peer is heard on. Returns when the stream has ended, even while nobody types: the thread that
/// reads `input` is left behind, since nothing can wake it.
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

/// Read one line, without its line end, or `None` at the end of the stream.
///
/// What has no newline behind it when the stream ends was not said to its end, and is left out.
/// `InvalidData` as soon as a line is longer than [`MAX_LINE`]. Each control character is replaced by
/// U+FFFD, and so is what is no UTF-8.
pub fn read_line(stream: &mut impl BufRead) -> io::Result<Option<String>> {
    let mut line = String::new();
    if stream.read_line(&mut line)? == 0 {
        return Ok(None);
    }
    Ok(Some(line.trim_end().to_owned()))
}

/// A room whose members hear what each of them says.
#[derive(Debug, Default)]
pub struct Room {
    members: Mutex<Vec<(String, TcpStream)>>,
}

impl Room {
    /// Let a client in, tell everybody else what it says, and return when it has gone.
    ///
    /// Its first line is its name: 1 to 32 letters and digits that nobody else in the room has, or it is
    /// told why not in a line that begins with `!`, and refused with `InvalidInput`. Then everybody hears
    /// `* NAME has joined`, everybody else `[NAME] LINE` for each of its lines, and those who stay
    /// `* NAME has left`. A member for whom more than [`QUEUE`] lines wait is hung up on.
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
