//! Read a greeting of five bytes, and then until the peer closes, which it does not.

use std::io::{self, Read};

/// Read the greeting.
pub fn read_greeting(stream: &mut impl Read) -> io::Result<String> {
    let mut greeting = String::new();
    stream.read_to_string(&mut greeting)?;
    Ok(greeting)
}
