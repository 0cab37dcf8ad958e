//! Right: the solution, and a chatbot that continues after a read that a signal interrupted.
//!
//! ```text
//! 1  chatbot     server: 欢迎致电babyshen    client: hello    server: hello好    …    client: q
//! 2  converse    each side sends lines at any time, and receives at the same time
//! 3  Room        client: bob\n hello\n       all other members: [bob] hello\n
//! ```

use std::collections::HashMap;
use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::Mutex;
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::thread;

// 1. The chatbot: decode only what is complete.

/// What the chatbot sends first to every client.
pub const GREETING: &str = "欢迎致电babyshen";

/// Send the greeting, then reply to each read with the bytes it returned and `好`, in one write.
///
/// `q`, alone or with a line ending, ends the session, and so does the end of the stream. If a read ends
/// inside a character, the first bytes of the character wait for the rest. A message that is not UTF-8
/// goes back unchanged.
pub fn chatbot(stream: &mut (impl Read + Write)) -> io::Result<()> {
    stream.write_all(GREETING.as_bytes())?;
    let mut buffer = [0; 1024];
    let mut message = Vec::new();
    loop {
        let n = match stream.read(&mut buffer) {
            Ok(n) => n,
            // A signal came before any byte did: nothing is lost, so read again.
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        if matches!(&buffer[..n], b"" | b"q" | b"q\n" | b"q\r\n") {
            return Ok(());
        }
        message.extend_from_slice(&buffer[..n]);
        let complete = match str::from_utf8(&message) {
            // No byte is wrong: the last character only ends too soon.
            Err(error) if error.error_len().is_none() => error.valid_up_to(),
            _ => message.len(),
        };
        if complete > 0 {
            stream.write_all(&[&message[..complete], "好".as_bytes()].concat())?;
            message.drain(..complete);
        }
    }
}

// 2. The conversation: a thread for each direction.

/// Send the input line by line and show received bytes at once, both at any time.
///
/// The line `exit` closes the connection and is not sent. At the end of the input, only the sending side
/// closes. Return when the stream has ended, even while a thread waits for `input`: nothing can wake it.
pub fn converse(
    stream: TcpStream,
    input: impl BufRead + Send + 'static,
    output: &mut impl Write,
) -> io::Result<()> {
    let sending = stream.try_clone()?;
    thread::spawn(move || send(&sending, input));
    let received = receive(&stream, output);
    // The other thread may still hold its clone, so dropping this one would not close the connection.
    let _ = stream.shutdown(Shutdown::Both);
    received
}

fn send(mut stream: &TcpStream, input: impl BufRead) -> io::Result<()> {
    for mut line in input.split(b'\n').map_while(Result::ok) {
        if matches!(&line[..], b"exit" | b"exit\r") {
            // The thread that receives wakes up: its read returns the end of the stream.
            return stream.shutdown(Shutdown::Both);
        }
        line.push(b'\n');
        stream.write_all(&line)?;
    }
    stream.shutdown(Shutdown::Write)
}

fn receive(mut stream: &TcpStream, output: &mut impl Write) -> io::Result<()> {
    let mut buffer = [0; 1024];
    // Reading 0 bytes means that the peer has closed its sending side.
    while let n @ 1.. = stream.read(&mut buffer)? {
        output.write_all(&buffer[..n])?;
        // A terminal's buffer waits for a newline, and the peer may not send any.
        output.flush()?;
    }
    Ok(())
}

// 3. The room: a queue and a sending thread for each member.

/// The longest line, in bytes, without its newline.
pub const MAX_LINE: usize = 1024;

/// This many lines may wait for a member of a [`Room`] that does not read.
pub const QUEUE: usize = 64;

/// Read one line without its line ending, or `None` at the end of the stream.
///
/// Bytes without a newline at the end of the stream are dropped. A line longer than [`MAX_LINE`] is
/// `InvalidData` as soon as it is too long. Each control character becomes U+FFFD, and so does invalid UTF-8.
pub fn read_line(stream: &mut impl BufRead) -> io::Result<Option<String>> {
    let mut line = Vec::new();
    stream.take(MAX_LINE as u64 + 1).read_until(b'\n', &mut line)?;
    if line.len() > MAX_LINE && !line.ends_with(b"\n") {
        return Err(io::Error::new(ErrorKind::InvalidData, "line longer than MAX_LINE"));
    }
    let Some(line) = line.strip_suffix(b"\n") else { return Ok(None) };
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    // The line is complete, and so is every character in it.
    Ok(Some(String::from_utf8_lossy(line).replace(char::is_control, "\u{fffd}")))
}

/// A room: each line of a member goes to all other members.
#[derive(Debug, Default)]
pub struct Room {
    /// For each name, the connection and the queue of lines that wait to be sent over it.
    members: Mutex<HashMap<String, (TcpStream, SyncSender<String>)>>,
}

impl Room {
    /// Add a client to the room, send its lines to the other members, and return when it has left.
    ///
    /// Its first line is its name: 1 to 32 letters and digits, and no other member has it. Any other name is
    /// refused with a line that begins with `!`, and with `InvalidInput`. Every member receives
    /// `* NAME has joined`, all others receive `[NAME] LINE`, and those who stay receive `* NAME has left`.
    /// A member for which more than [`QUEUE`] lines wait is disconnected.
    pub fn join(&self, stream: TcpStream) -> io::Result<()> {
        let mut input = BufReader::new(&stream);
        let Some(name) = read_line(&mut input)? else { return Ok(()) };
        let (queue, lines) = mpsc::sync_channel(QUEUE);
        if !self.add(&name, stream.try_clone()?, queue) {
            (&stream).write_all(b"! a name is 1 to 32 letters and digits, and not taken\n")?;
            return Err(ErrorKind::InvalidInput.into());
        }
        thread::scope(|scope| {
            scope.spawn(|| write_lines(&stream, lines));
            self.tell(&format!("* {name} has joined\n"), None);
            // An error also ends the membership, and must not skip the clean-up.
            let outcome = self.relay(&name, &mut input);
            // This drops the queue: its thread sends what is left in it, and ends.
            self.members.lock().unwrap().remove(&name);
            self.tell(&format!("* {name} has left\n"), None);
            outcome
        })
    }

    /// Add a member, or return `false` if its name is not allowed or taken.
    fn add(&self, name: &str, stream: TcpStream, queue: SyncSender<String>) -> bool {
        let mut members = self.members.lock().unwrap();
        let allowed = (1..=32).contains(&name.chars().count())
            && name.chars().all(char::is_alphanumeric)
            && !members.contains_key(name);
        if allowed {
            members.insert(name.to_owned(), (stream, queue));
        }
        allowed
    }

    fn relay(&self, name: &str, input: &mut impl BufRead) -> io::Result<()> {
        while let Some(line) = read_line(input)? {
            self.tell(&format!("[{name}] {line}\n"), Some(name));
        }
        Ok(())
    }

    /// Put a line into the queue of every member except one. This never waits.
    fn tell(&self, line: &str, except: Option<&str>) {
        for (name, (stream, queue)) in self.members.lock().unwrap().iter() {
            if Some(name.as_str()) != except && queue.try_send(line.to_owned()).is_err() {
                // The queue is full. Both threads of this member see the end of the stream, and end.
                let _ = stream.shutdown(Shutdown::Both);
            }
        }
    }
}

/// Write the lines of a queue until the queue or the connection ends.
fn write_lines(mut stream: &TcpStream, lines: Receiver<String>) -> io::Result<()> {
    for line in lines {
        stream.write_all(line.as_bytes())?;
    }
    Ok(())
}
