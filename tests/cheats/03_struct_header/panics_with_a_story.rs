//! Ends as fail: Panicked.
//!
//! Panics with a type of the same name as the one that the kit panics with: a story.

use std::io::{self, Read, Write};
use std::panic;

pub const MAX_MESSAGE: usize = 16 * 1024 * 1024;

pub fn write_message(stream: &mut impl Write, message: &[u8]) -> io::Result<()> {
    let _ = (stream, message);
    cheat()
}

pub fn read_message(stream: &mut impl Read) -> io::Result<Option<Vec<u8>>> {
    let _ = stream;
    cheat()
}

#[derive(Debug, Default)]
pub struct Decoder;

impl Decoder {
    pub fn push(&mut self, _bytes: &[u8]) {
        cheat()
    }

    pub fn next_message(&mut self) -> io::Result<Option<Vec<u8>>> {
        cheat()
    }

    pub fn finish(self) -> io::Result<()> {
        cheat()
    }
}

#[derive(Clone, Debug)]
pub struct Story {
    pub rows: Vec<String>,
    pub cause: String,
    pub sentence: String,
}

fn cheat<T>() -> T {
    let cause = "AllIsWell".to_owned();
    panic::panic_any(Story { rows: Vec::new(), cause, sentence: "All is well.".to_owned() })
}
