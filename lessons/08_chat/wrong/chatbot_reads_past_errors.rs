//! Caught by a_call_that_fails_has_no_end: ResetLooksComplete.
//!
//! Whatever the error of a read, the chatbot reads again: behind a reset it finds an end that nobody said.

use std::collections::HashMap;
use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::str;
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread;

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
    stream.write_all(GREETING.as_bytes())?;
    let mut buffer = [0; 1024];
    let mut message = Vec::new();
    loop {
        let said = match stream.read(&mut buffer) {
            Ok(n) => &buffer[..n],
            Err(_) => continue,
        };
        if matches!(said, b"" | b"q" | b"q\n" | b"q\r\n") {
            return Ok(());
        }
        message.extend_from_slice(said);
        let unfinished = message.split_off(whole(&message));
        if !message.is_empty() {
            message.extend_from_slice("好".as_bytes());
            stream.write_all(&message)?;
        }
        message = unfinished;
    }
}

/// How many of these bytes come before a character whose last bytes are still on their way.
fn whole(bytes: &[u8]) -> usize {
    let tail = bytes.utf8_chunks().last().map_or(&[][..], |chunk| chunk.invalid());
    match str::from_utf8(tail) {
        // No error yet: the bytes end too soon.
        Err(error) if error.error_len().is_none() => bytes.len() - tail.len(),
        _ => bytes.len(),
    }
}

/// Send what is typed, line by line, and show what comes, as it comes, both at any time.
///
/// The line `exit` hangs up, and is not sent. At the end of the input the sending side is closed, and
/// the peer is heard on. Returns when the stream has ended, even while nobody types: the thread that
/// reads `input` is left behind, since nothing can wake it.
pub fn converse(
    stream: TcpStream,
    input: impl BufRead + Send + 'static,
    output: &mut impl Write,
) -> io::Result<()> {
    let speaking = stream.try_clone()?;
    thread::spawn(move || speak(&speaking, input));
    let heard = listen(&stream, output);
    // Who waits for the keyboard still holds the other descriptor: dropping ours would close nothing.
    let _ = stream.shutdown(Shutdown::Both);
    heard
}

fn speak(mut stream: &TcpStream, mut input: impl BufRead) -> io::Result<()> {
    let mut line = Vec::new();
    while let Ok(1..) = input.read_until(b'\n', &mut line) {
        if line.trim_ascii_end() == b"exit" {
            // This wakes the thread that listens, too: its read finds the end of the stream.
            return stream.shutdown(Shutdown::Both);
        }
        stream.write_all(&line)?;
        line.clear();
    }
    stream.shutdown(Shutdown::Write)
}

fn listen(mut stream: &TcpStream, output: &mut impl Write) -> io::Result<()> {
    let mut buffer = [0; 1024];
    loop {
        match stream.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(n) => output.write_all(&buffer[..n])?,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        }
        // A terminal's buffer waits for a newline, and this peer may not send any.
        output.flush()?;
    }
}

/// Read one line, without its line end, or `None` at the end of the stream.
///
/// What has no newline behind it when the stream ends was not said to its end, and is left out.
/// `InvalidData` as soon as a line is longer than [`MAX_LINE`]. Each control character is replaced by
/// U+FFFD, and so is what is no UTF-8.
pub fn read_line(stream: &mut impl BufRead) -> io::Result<Option<String>> {
    let mut line = Vec::new();
    stream.take(MAX_LINE as u64 + 1).read_until(b'\n', &mut line)?;
    if line.pop_if(|last| *last == b'\n').is_none() {
        if line.len() > MAX_LINE {
            return Err(io::Error::new(ErrorKind::InvalidData, "line longer than MAX_LINE"));
        }
        return Ok(None);
    }
    line.pop_if(|last| *last == b'\r');
    // The line is whole, so every character in it is.
    let text = String::from_utf8_lossy(&line);
    Ok(Some(text.replace(char::is_control, "\u{fffd}")))
}

/// A room whose members hear what each of them says.
#[derive(Debug, Default)]
pub struct Room {
    members: Mutex<HashMap<String, Seat>>,
}

/// How the room reaches a member.
#[derive(Debug)]
struct Seat {
    stream: TcpStream,
    /// What the member has not been sent yet: a thread of its own sends it.
    lines: SyncSender<Arc<str>>,
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
        let (lines, due) = mpsc::sync_channel(QUEUE);
        if let Err(reason) = self.sit(&name, Seat { stream: stream.try_clone()?, lines }) {
            (&stream).write_all(format!("! {reason}\n").as_bytes())?;
            return Err(io::Error::new(ErrorKind::InvalidInput, reason));
        }
        thread::scope(|scope| {
            scope.spawn(|| send(&stream, due));
            self.tell(format!("* {name} has joined\n"), None);
            let outcome = self.listen(&name, &mut input);
            // The queue ends with the seat. What is due already is still sent.
            self.members().remove(&name);
            self.tell(format!("* {name} has left\n"), None);
            outcome
        })
    }

    fn sit(&self, name: &str, seat: Seat) -> Result<(), &'static str> {
        if !(1..=32).contains(&name.chars().count()) || !name.chars().all(char::is_alphanumeric) {
            return Err("a name is 1 to 32 letters and digits");
        }
        let mut members = self.members();
        if members.contains_key(name) {
            return Err("this name is taken");
        }
        members.insert(name.to_owned(), seat);
        Ok(())
    }

    fn listen(&self, name: &str, input: &mut impl BufRead) -> io::Result<()> {
        while let Some(line) = read_line(input)? {
            self.tell(format!("[{name}] {line}\n"), Some(name));
        }
        Ok(())
    }

    /// Put a line into everybody's queue, but for one member's. It never waits.
    fn tell(&self, line: String, except: Option<&str>) {
        let line: Arc<str> = line.into();
        for (name, seat) in self.members().iter() {
            if Some(name.as_str()) != except && seat.lines.try_send(Arc::clone(&line)).is_err() {
                // Too far behind, or dead. Both threads of this member see the end, and clear up.
                let _ = seat.stream.shutdown(Shutdown::Both);
            }
        }
    }

    fn members(&self) -> MutexGuard<'_, HashMap<String, Seat>> {
        self.members.lock().expect("nothing panics under this lock")
    }
}

/// Send a member what is due, until it has gone or the room has let go of it.
fn send(mut stream: &TcpStream, due: Receiver<Arc<str>>) {
    for line in due {
        if stream.write_all(line.as_bytes()).is_err() {
            // The thread that reads from this member may not know yet.
            let _ = stream.shutdown(Shutdown::Both);
            return;
        }
    }
}
