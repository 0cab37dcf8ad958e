//! The same transfers by Python programs like those in the notes, with two processes each.

use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use crate::Place;

/// The protocol of a Python program.
#[derive(Clone, Copy)]
pub enum Program {
    /// Struct and JSON header, then the content.
    Upload,
    /// Size, acknowledgement, content, MD5.
    Ftp,
}

impl Program {
    pub fn name(self) -> &'static str {
        match self {
            Program::Upload => "Python's upload",
            Program::Ftp => "Python's ftp",
        }
    }

    fn word(self) -> &'static str {
        match self {
            Program::Upload => "upload",
            Program::Ftp => "ftp",
        }
    }
}

/// Time one transfer; `None` if there is no Python.
pub fn transfer(program: Program, place: &Place) -> io::Result<Option<Duration>> {
    let mut receiver = match start(&["receive", program.word()], &place.copy(), None) {
        Ok(receiver) => receiver,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let mut output = BufReader::new(receiver.stdout.take().expect("stdout is piped"));
    let port = line(&mut output)?;
    let mut sender = start(&["send", program.word()], &place.original(), Some(&port))?;
    let began = Instant::now();
    writeln!(sender.stdin.take().expect("stdin is piped"), "go")?;
    let done = line(&mut output)?;
    let time = began.elapsed();
    if done != "done" || !sender.wait()?.success() || !receiver.wait()?.success() {
        return Err(io::Error::other("Python's transfer failed"));
    }
    Ok(Some(time))
}

fn start(words: &[&str], file: &Path, port: Option<&str>) -> io::Result<Child> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../../benches/transfer/notes.py");
    let mut command = Command::new("python3");
    command.arg(script).args(words).arg(file).args(port);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()
}

fn line(output: &mut BufReader<ChildStdout>) -> io::Result<String> {
    let mut line = String::new();
    output.read_line(&mut line)?;
    Ok(line.trim_end().to_owned())
}
