//! Read a greeting of five bytes, once.

use std::io::{self, Read};

/// Read the greeting.
pub fn read_greeting(stream: &mut impl Read) -> io::Result<String> {
    let mut greeting = [0; 5];
    let n = stream.read(&mut greeting)?;
    Ok(String::from_utf8_lossy(&greeting[..n]).into_owned())
}
