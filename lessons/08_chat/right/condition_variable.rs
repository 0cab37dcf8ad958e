//! Right: incomplete characters found by their first byte, lines taken from the reader's own buffer, and a
//! queue with a condition variable for each member.

use std::collections::{BTreeMap, VecDeque};
use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::{Arc, Condvar, Mutex, RwLock, mpsc};
use std::thread;

/// What the chatbot sends first to every client.
pub const GREETING: &str = "欢迎致电babyshen";

/// The longest line, in bytes, without its newline.
pub const MAX_LINE: usize = 1024;

/// This many lines may wait for a member of a [`Room`] that does not read.
pub const QUEUE: usize = 64;

/// Send the greeting, then reply to each read with the bytes it returned and `好`, in one write.
pub fn chatbot(stream: &mut (impl Read + Write)) -> io::Result<()> {
    stream.write_all(GREETING.as_bytes())?;
    let mut buffer = [0; 4096];
    let mut kept = 0;
    loop {
        let n = match stream.read(&mut buffer[kept..]) {
            Ok(0) => return Ok(()),
            Ok(n) => n,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        let said = &buffer[kept..kept + n];
        if matches!(said, b"q" | b"q\n" | b"q\r\n") {
            return Ok(());
        }
        let come = kept + n;
        kept = begun(&buffer[..come]);
        let whole = come - kept;
        if whole > 0 {
            stream.write_all(&[&buffer[..whole], "好".as_bytes()].concat())?;
        }
        buffer.copy_within(whole..come, 0);
    }
}

/// Return how many bytes at the end begin a character, by its first byte (RFC 3629).
fn begun(bytes: &[u8]) -> usize {
    let last = bytes.len().saturating_sub(3);
    for (at, byte) in bytes.iter().enumerate().skip(last).rev() {
        let length = match byte {
            0x80..=0xbf => continue,
            0xc2..=0xdf => 2,
            0xe0..=0xef => 3,
            0xf0..=0xf4 => 4,
            _ => 1,
        };
        let there = bytes.len() - at;
        // The second byte may show that no character begins so: U+D800 and the like are not characters.
        let fits = match bytes[at..] {
            [0xe0, second, ..] => second >= 0xa0,
            [0xed, second, ..] => second < 0xa0,
            [0xf0, second, ..] => second >= 0x90,
            [0xf4, second, ..] => second < 0x90,
            _ => true,
        };
        return if there < length && fits { there } else { 0 };
    }
    0
}

/// Send the input line by line and show received bytes at once, both at any time.
pub fn converse(
    stream: TcpStream,
    input: impl BufRead + Send + 'static,
    output: &mut impl Write,
) -> io::Result<()> {
    let stream = Arc::new(stream);
    let (said, heard) = mpsc::channel();
    // One thread waits for the keyboard, another for the network, and this one for both.
    let (speaker, listener) = (Arc::clone(&stream), Arc::clone(&stream));
    let hangs_up = said.clone();
    thread::spawn(move || {
        if type_lines(&speaker, input) == Typed::Exit {
            let _ = hangs_up.send(Ok(Vec::new()));
        }
    });
    thread::spawn(move || {
        let mut buffer = [0; 512];
        loop {
            let piece = (&*listener).read(&mut buffer).map(|n| buffer[..n].to_vec());
            match piece {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                piece => {
                    let over = !matches!(&piece, Ok(piece) if !piece.is_empty());
                    if said.send(piece).is_err() || over {
                        return;
                    }
                }
            }
        }
    });
    let outcome = loop {
        match heard.recv().unwrap_or_else(|_| Ok(Vec::new())) {
            Ok(piece) if piece.is_empty() => break Ok(()),
            Ok(piece) => {
                if let Err(error) = output.write_all(&piece).and_then(|()| output.flush()) {
                    break Err(error);
                }
            }
            Err(error) => break Err(error),
        }
    };
    let _ = stream.shutdown(Shutdown::Both);
    outcome
}

#[derive(PartialEq)]
enum Typed {
    Exit,
    End,
}

fn type_lines(mut stream: &TcpStream, input: impl BufRead) -> Typed {
    for line in input.lines() {
        match line {
            Ok(line) if line == "exit" => return Typed::Exit,
            Ok(line) if stream.write_all(format!("{line}\n").as_bytes()).is_ok() => {}
            _ => break,
        }
    }
    let _ = stream.shutdown(Shutdown::Write);
    Typed::End
}

/// Read one line without its line ending, or `None` at the end of the stream.
pub fn read_line(stream: &mut impl BufRead) -> io::Result<Option<String>> {
    let mut line = Vec::new();
    loop {
        let buffer = match stream.fill_buf() {
            Ok([]) => return Ok(None),
            Ok(buffer) => buffer,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        let end = buffer.iter().position(|byte| *byte == b'\n');
        let piece = &buffer[..end.unwrap_or(buffer.len())];
        if line.len() + piece.len() > MAX_LINE {
            return Err(ErrorKind::InvalidData.into());
        }
        line.extend_from_slice(piece);
        let used = piece.len() + usize::from(end.is_some());
        stream.consume(used);
        if end.is_some() {
            break;
        }
    }
    let line = line.strip_suffix(b"\r").unwrap_or(&line);
    let plain = |c: char| if c.is_control() { '\u{fffd}' } else { c };
    Ok(Some(String::from_utf8_lossy(line).chars().map(plain).collect()))
}

/// A room: each line of a member goes to all other members.
#[derive(Default)]
pub struct Room {
    members: RwLock<BTreeMap<String, Arc<Member>>>,
}

struct Member {
    stream: TcpStream,
    due: Mutex<Due>,
    changed: Condvar,
}

#[derive(Default)]
struct Due {
    lines: VecDeque<String>,
    gone: bool,
}

impl Room {
    /// Add a client to the room, send its lines to the other members, and return when it has left.
    pub fn join(&self, stream: TcpStream) -> io::Result<()> {
        let mut input = BufReader::new(stream.try_clone()?);
        let Some(name) = read_line(&mut input)? else { return Ok(()) };
        let member = Arc::new(Member { stream, due: Mutex::default(), changed: Condvar::new() });
        if !is_a_name(&name) || !self.takes_a_seat(&name, &member) {
            (&member.stream).write_all(b"! choose another name: letters and digits\n")?;
            return Err(ErrorKind::InvalidInput.into());
        }
        let sender = Arc::clone(&member);
        let sender = thread::spawn(move || sender.send());
        self.tell(&format!("* {name} has joined\n"), "");
        let outcome = loop {
            match read_line(&mut input) {
                Ok(Some(line)) => self.tell(&format!("[{name}] {line}\n"), &name),
                Ok(None) => break Ok(()),
                Err(error) => break Err(error),
            }
        };
        self.members.write().unwrap().remove(&name);
        member.hang_up();
        sender.join().expect("sending does not panic");
        self.tell(&format!("* {name} has left\n"), "");
        outcome
    }

    fn takes_a_seat(&self, name: &str, member: &Arc<Member>) -> bool {
        let mut members = self.members.write().unwrap();
        let free = !members.contains_key(name);
        if free {
            members.insert(name.to_owned(), Arc::clone(member));
        }
        free
    }

    fn tell(&self, line: &str, except: &str) {
        let members = self.members.read().unwrap();
        for (_, member) in members.iter().filter(|(name, _)| *name != except) {
            let mut due = member.due.lock().unwrap();
            if due.lines.len() < QUEUE {
                due.lines.push_back(line.to_owned());
                member.changed.notify_one();
            } else {
                drop(due);
                member.hang_up();
            }
        }
    }
}

impl Member {
    fn hang_up(&self) {
        self.due.lock().unwrap().gone = true;
        self.changed.notify_one();
        let _ = self.stream.shutdown(Shutdown::Both);
    }

    fn send(&self) {
        loop {
            let due = self.due.lock().unwrap();
            let mut due =
                self.changed.wait_while(due, |due| due.lines.is_empty() && !due.gone).unwrap();
            if due.gone {
                return;
            }
            let lines = due.lines.pop_front().unwrap_or_default();
            drop(due);
            if (&self.stream).write_all(lines.as_bytes()).is_err() {
                return self.hang_up();
            }
        }
    }
}

fn is_a_name(name: &str) -> bool {
    let length = name.chars().count();
    length > 0 && length <= 32 && name.chars().all(|c| c.is_alphabetic() || c.is_numeric())
}
