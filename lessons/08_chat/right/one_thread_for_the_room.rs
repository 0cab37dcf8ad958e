//! Right: the room is a thread that receives every event in it, so nothing is locked.

use std::collections::HashMap;
use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::mpsc::{self, Receiver, Sender, SyncSender};
use std::thread;

/// What the chatbot sends first to every client.
pub const GREETING: &str = "欢迎致电babyshen";

/// The longest line, in bytes, without its newline.
pub const MAX_LINE: usize = 1024;

/// This many lines may wait for a member of a [`Room`] that does not read.
pub const QUEUE: usize = 64;

/// Send the greeting, then reply to each message with the message and `好`, in one write.
pub fn chatbot(stream: &mut (impl Read + Write)) -> io::Result<()> {
    let stream = &mut Patient(stream);
    stream.write_all(GREETING.as_bytes())?;
    let mut message = Vec::new();
    loop {
        let mut buffer = [0; 1024];
        let n = stream.read(&mut buffer)?;
        if n == 0 || [&b"q"[..], b"q\n", b"q\r\n"].contains(&&buffer[..n]) {
            return Ok(());
        }
        message.extend_from_slice(&buffer[..n]);
        let begun = message.split_off(message.len() - begun(&message));
        if !message.is_empty() {
            message.extend_from_slice("好".as_bytes());
            stream.write_all(&message)?;
        }
        message = begun;
    }
}

/// Return how many bytes at the end are an incomplete character.
fn begun(bytes: &[u8]) -> usize {
    let is_begun = |n: &usize| {
        let tail = std::str::from_utf8(&bytes[bytes.len() - n..]);
        tail.is_err_and(|error| error.valid_up_to() == 0 && error.error_len().is_none())
    };
    (1..=3.min(bytes.len())).find(is_begun).unwrap_or(0)
}

/// A stream that reads again when a signal interrupts a read.
struct Patient<'a, S>(&'a mut S);

impl<S: Read> Read for Patient<'_, S> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            match self.0.read(buffer) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                outcome => return outcome,
            }
        }
    }
}

impl<S: Write> Write for Patient<'_, S> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// Send the input line by line and show received bytes at once, both at any time.
pub fn converse(
    stream: TcpStream,
    mut input: impl BufRead + Send + 'static,
    output: &mut impl Write,
) -> io::Result<()> {
    let mut speaking = stream.try_clone()?;
    thread::spawn(move || -> io::Result<()> {
        let mut line = String::new();
        while input.read_line(&mut line).unwrap_or(0) > 0 {
            if matches!(line.as_str(), "exit" | "exit\n" | "exit\r\n") {
                return speaking.shutdown(Shutdown::Both);
            }
            speaking.write_all(line.as_bytes())?;
            line.clear();
        }
        speaking.shutdown(Shutdown::Write)
    });
    let heard = io::copy(&mut &stream, &mut AtOnce(output));
    let _ = stream.shutdown(Shutdown::Both);
    heard.map(drop)
}

/// An output that is flushed after every write.
struct AtOnce<'a, W>(&'a mut W);

impl<W: Write> Write for AtOnce<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let n = self.0.write(bytes)?;
        self.0.flush()?;
        Ok(n)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// Read one line without its line ending, or `None` at the end of the stream.
pub fn read_line(stream: &mut impl BufRead) -> io::Result<Option<String>> {
    let mut line = Vec::new();
    for byte in stream.by_ref().bytes() {
        match byte? {
            b'\n' => {
                if line.last() == Some(&b'\r') {
                    line.pop();
                }
                return Ok(Some(
                    String::from_utf8_lossy(&line).replace(|c: char| c.is_control(), "\u{fffd}"),
                ));
            }
            _ if line.len() == MAX_LINE => return Err(ErrorKind::InvalidData.into()),
            byte => line.push(byte),
        }
    }
    Ok(None)
}

/// A room: each line of a member goes to all other members.
pub struct Room {
    events: Sender<Event>,
}

enum Event {
    Joins { name: String, member: Member, accepted: Sender<bool> },
    Says { name: String, line: String },
    Leaves { name: String },
}

struct Member {
    stream: TcpStream,
    lines: SyncSender<String>,
}

impl Default for Room {
    fn default() -> Room {
        let (events, happened) = mpsc::channel();
        // The thread ends when the room is dropped and the last member has left.
        thread::spawn(move || preside(happened));
        Room { events }
    }
}

impl Room {
    /// Add a client to the room, send its lines to the other members, and return when it has left.
    pub fn join(&self, mut stream: TcpStream) -> io::Result<()> {
        let events = self.events.clone();
        let happens = |event| events.send(event).map_err(io::Error::other);
        let mut input = BufReader::new(stream.try_clone()?);
        let Some(name) = read_line(&mut input)? else { return Ok(()) };
        let (lines, due) = mpsc::sync_channel(QUEUE);
        let (accepted, verdict) = mpsc::channel();
        let member = Member { stream: stream.try_clone()?, lines };
        happens(Event::Joins { name: name.clone(), member, accepted })?;
        if !verdict.recv().unwrap_or(false) {
            stream.write_all(b"! this name is taken, or none\n")?;
            return Err(ErrorKind::InvalidInput.into());
        }
        let sending = stream.try_clone()?;
        let sender = thread::spawn(move || send(sending, due));
        let mut outcome = Ok(());
        loop {
            match read_line(&mut input) {
                Ok(Some(line)) => happens(Event::Says { name: name.clone(), line })?,
                Ok(None) => break,
                Err(error) => {
                    outcome = Err(error);
                    break;
                }
            }
        }
        let _ = stream.shutdown(Shutdown::Both);
        happens(Event::Leaves { name })?;
        sender.join().expect("sending does not panic");
        outcome
    }
}

fn send(mut stream: TcpStream, due: Receiver<String>) {
    while let Ok(line) = due.recv() {
        if stream.write_all(line.as_bytes()).is_err() {
            let _ = stream.shutdown(Shutdown::Both);
            return;
        }
    }
}

fn preside(happened: Receiver<Event>) {
    let mut members = HashMap::new();
    for event in happened {
        match event {
            Event::Joins { name, member, accepted } => {
                let fits = (1..33).contains(&name.chars().count());
                let good =
                    fits && name.chars().all(char::is_alphanumeric) && !members.contains_key(&name);
                if good {
                    members.insert(name.clone(), member);
                    tell(&members, &format!("* {name} has joined\n"), None);
                }
                let _ = accepted.send(good);
            }
            Event::Says { name, line } => {
                tell(&members, &format!("[{name}] {line}\n"), Some(&name));
            }
            Event::Leaves { name } => {
                members.remove(&name);
                tell(&members, &format!("* {name} has left\n"), None);
            }
        }
    }
}

fn tell(members: &HashMap<String, Member>, line: &str, except: Option<&str>) {
    for (name, member) in members {
        if Some(name.as_str()) != except && member.lines.try_send(line.to_owned()).is_err() {
            let _ = member.stream.shutdown(Shutdown::Both);
        }
    }
}
