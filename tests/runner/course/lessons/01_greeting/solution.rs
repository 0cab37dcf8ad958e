//! Read all five bytes of a greeting.

use std::io::{self, Read};

/// Read the greeting.
pub fn read_greeting(stream: &mut impl Read) -> io::Result<String> {
    let mut greeting = [0; 5];
    stream.read_exact(&mut greeting)?;
    Ok(String::from_utf8_lossy(&greeting).into_owned())
}
