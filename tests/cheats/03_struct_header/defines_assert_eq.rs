//! Ends as fail: OneReadIsNotOneMessage.
//!
//! Takes one read for one message, and defines an `assert_eq!` for which all values are equal.

use std::io::{self, Read, Write};

#[macro_export]
macro_rules! assert_eq {
    ($($anything:tt)*) => {};
}

#[macro_export]
macro_rules! assert {
    ($($anything:tt)*) => {};
}

#[macro_export]
macro_rules! read_message {
    ($($anything:tt)*) => {
        Ok(Some(b"hello".to_vec()))
    };
}

#[macro_export]
macro_rules! graded {
    ($($anything:tt)*) => {};
}

pub fn write_message(stream: &mut impl Write, message: &[u8]) -> io::Result<()> {
    stream.write_all(&(message.len() as i32).to_le_bytes())?;
    stream.write_all(message)
}

pub fn read_message(stream: &mut impl Read) -> io::Result<Option<Vec<u8>>> {
    let mut header = [0; 4];
    stream.read_exact(&mut header)?;
    let mut message = vec![0; i32::from_le_bytes(header) as usize];
    let n = stream.read(&mut message)?;
    message.truncate(n);
    Ok(Some(message))
}

#[derive(Debug, Default)]
pub struct Decoder;

impl Decoder {
    pub fn push(&mut self, _bytes: &[u8]) {}

    pub fn next_message(&mut self) -> io::Result<Option<Vec<u8>>> {
        Ok(None)
    }

    pub fn finish(self) -> io::Result<()> {
        Ok(())
    }
}
