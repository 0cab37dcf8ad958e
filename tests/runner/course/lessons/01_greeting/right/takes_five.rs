//! Read all five bytes of a greeting, with `take`.

use std::io::{self, Read};

/// Read the greeting.
pub fn read_greeting(stream: &mut impl Read) -> io::Result<String> {
    let mut greeting = String::new();
    stream.take(5).read_to_string(&mut greeting)?;
    Ok(greeting)
}
