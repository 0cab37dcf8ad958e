//! Right: the header is read into a growing buffer, and the content goes through a `BufWriter`, which is
//! flushed so that no error is lost. The checks are the same, in another order.

use std::io::{self, BufWriter, Error, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use serde_json::Value;
use tempfile::Builder;

/// The longest JSON header that is accepted, in bytes.
pub const MAX_HEADER: usize = 4096;

/// The longest file name, in bytes.
pub const MAX_NAME: usize = 255;

/// What is sent before a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// The file's name, as the sender claims it.
    pub name: String,
    /// The file's length in bytes.
    pub length: u64,
}

/// What to do if a file of that name exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IfExists {
    /// Keep the old file, and fail with `AlreadyExists`.
    Refuse,
    /// Replace the old file once the new one is complete.
    Replace,
}

/// Return whether `name` is one plain file name, and nothing else, on every system.
pub fn is_plain_name(name: &str) -> bool {
    const DEVICES: [&str; 6] = ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"];
    const PORTS: [&str; 2] = ["COM", "LPT"];
    const NUMBERS: [&str; 12] = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "¹", "²", "³"];
    let upper = name.to_ascii_uppercase();
    let stem = upper.split('.').next().unwrap_or("").trim_end();
    let is_port =
        PORTS.iter().any(|port| NUMBERS.iter().any(|n| stem.strip_prefix(port) == Some(n)));
    let fits = (1..=MAX_NAME).contains(&name.len());
    let is_one = name.chars().all(|c| !c.is_control() && !r"/\:".contains(c));
    let stays = name.trim_end_matches([' ', '.']) == name;
    fits && is_one && stays && !is_port && !DEVICES.contains(&stem)
}

/// Parse the text header `post|<size>|<file name>`.
pub fn parse_post(header: &[u8]) -> io::Result<Header> {
    let parse = || {
        let rest = str::from_utf8(header).ok()?.strip_prefix("post|")?;
        let (size, name) = rest.split_once('|')?;
        let digits = !size.contains(|c: char| !c.is_ascii_digit());
        let length = digits.then(|| size.parse().ok()).flatten()?;
        Some(Header { name: name.to_owned(), length })
    };
    parse().ok_or_else(|| Error::new(ErrorKind::InvalidData, "not a post header"))
}

/// Send `header`, then exactly `header.length` bytes of `content`.
pub fn send_file(
    stream: &mut impl Write,
    header: &Header,
    content: &mut impl Read,
) -> io::Result<()> {
    if !is_plain_name(&header.name) {
        return Err(Error::new(ErrorKind::InvalidInput, "no receiver accepts this name"));
    }
    let name = Value::from(header.name.as_str());
    let json = format!("{{\"name\": {name}, \"length\": {}}}", header.length);
    // The header and the beginning of the content leave in one write.
    let mut stream = BufWriter::with_capacity(128 * 1024, stream);
    stream.write_all(&(json.len() as i32).to_le_bytes())?;
    stream.write_all(json.as_bytes())?;
    let sent = io::copy(&mut content.take(header.length), &mut stream)?;
    // A drop would flush as well, but ignore the error.
    stream.flush()?;
    if sent == header.length { Ok(()) } else { Err(ErrorKind::UnexpectedEof.into()) }
}

/// Read the header of the next file, and not a byte more.
pub fn read_header(stream: &mut impl Read) -> io::Result<Header> {
    let length = read_exactly(stream, 4)?;
    let length = i32::from_le_bytes(length.try_into().expect("four bytes"));
    if !(0..=MAX_HEADER as i32).contains(&length) {
        return Err(Error::new(ErrorKind::InvalidData, "header too long"));
    }
    let json = read_exactly(stream, length as u64)?;
    let json: Value = serde_json::from_slice(&json)
        .map_err(|error| Error::new(ErrorKind::InvalidData, error.to_string()))?;
    let missing = |what: &str| Error::new(ErrorKind::InvalidData, format!("header has no {what}"));
    Ok(Header {
        name: json.get("name").and_then(Value::as_str).ok_or_else(|| missing("name"))?.to_owned(),
        length: json.get("length").and_then(Value::as_u64).ok_or_else(|| missing("length"))?,
    })
}

/// Save the content that `header` announces as a file in `folder`, and return the file's path.
pub fn save_content(
    stream: &mut impl Read,
    header: &Header,
    folder: &Path,
    if_exists: IfExists,
) -> io::Result<PathBuf> {
    if !is_plain_name(&header.name) {
        return Err(Error::new(ErrorKind::InvalidData, "not a plain file name"));
    }
    let temporary = Builder::new().prefix(".incoming-").tempfile_in(folder)?;
    let mut file = BufWriter::new(temporary.as_file());
    let saved = io::copy(&mut stream.take(header.length), &mut file)?;
    file.into_inner().map_err(|error| error.into_error())?;
    if saved < header.length {
        return Err(ErrorKind::UnexpectedEof.into());
    }
    let path = folder.join(&header.name);
    let persisted = match if_exists {
        IfExists::Refuse => temporary.persist_noclobber(&path),
        IfExists::Replace => temporary.persist(&path),
    };
    persisted.map_err(|error| error.error)?;
    Ok(path)
}

/// Receive one file into `folder`.
pub fn receive_file(
    stream: &mut impl Read,
    folder: &Path,
    if_exists: IfExists,
) -> io::Result<PathBuf> {
    read_header(stream).and_then(|header| save_content(stream, &header, folder, if_exists))
}

fn read_exactly(stream: &mut impl Read, length: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    if (stream.take(length).read_to_end(&mut bytes)? as u64) < length {
        return Err(Error::new(ErrorKind::UnexpectedEof, "stream ended inside a header"));
    }
    Ok(bytes)
}
