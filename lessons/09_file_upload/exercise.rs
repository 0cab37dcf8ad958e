//! Receive files from strangers, as the notes' programs do it.
//!
//! ```text
//! | header length: i32, little-endian | JSON {"name": …, "length": …} | content: length bytes |
//!
//! post|5|a.txt      the text header: its name ends where the header ends
//! ```
//!
//! With friendly clients and short files, this works. Make it work on a network, with strangers.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

/// The longest JSON header that is accepted, in bytes.
pub const MAX_HEADER: usize = 4096;

/// The longest file name, in bytes: the limit of common file systems.
pub const MAX_NAME: usize = 255;

/// What is sent before a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// The file's name: a stranger's claim, and not a path.
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
///
/// A plain name has 1 to [`MAX_NAME`] bytes, no separator (`/`, `\`, `:`), no control character, and no
/// dot or space at the end, and it is not a Windows device.
pub fn is_plain_name(name: &str) -> bool {
    !name.is_empty()
}

/// Parse a complete text header, `post|<size>|<file name>`; the name may contain bars, and is not
/// checked.
///
/// `InvalidData` unless it has the word `post`, a size in decimal digits that fits a `u64`, and a name
/// in UTF-8.
pub fn parse_post(header: &[u8]) -> io::Result<Header> {
    let text = String::from_utf8_lossy(header);
    let fields: Vec<&str> = text.split('|').collect();
    let length = fields[1].parse().expect("a size");
    Ok(Header { name: fields[2].to_owned(), length })
}

/// Send `header`, then exactly `header.length` bytes of `content`.
///
/// `InvalidInput` for a name that is not plain, before anything is sent; `UnexpectedEof` if `content`
/// has fewer bytes. If it has more, the rest stays unread. Other errors come back as they are.
pub fn send_file(
    stream: &mut impl Write,
    header: &Header,
    content: &mut impl Read,
) -> io::Result<()> {
    let json = json!({ "name": header.name, "length": header.length }).to_string();
    let _ = stream.write(&(json.len() as i32).to_le_bytes())?;
    let _ = stream.write(json.as_bytes())?;
    let mut buffer = [0; 1024];
    let mut sent = 0;
    while sent < header.length {
        let n = content.read(&mut buffer)?;
        let _ = stream.write(&buffer[..n])?;
        sent += 1024;
    }
    Ok(())
}

/// Read the header of the next file, and not a byte more.
///
/// `InvalidData` if its length is negative or above [`MAX_HEADER`], before anything more is read or
/// allocated for it, or if it is not a JSON object with a `name` and a `length`; `UnexpectedEof` if the
/// stream ends before it is complete.
pub fn read_header(stream: &mut impl Read) -> io::Result<Header> {
    let mut length = [0; 4];
    let _ = stream.read(&mut length)?;
    let mut json = vec![0; i32::from_le_bytes(length) as usize];
    let n = stream.read(&mut json)?;
    let json: Value = serde_json::from_slice(&json[..n])?;
    let name = json["name"].as_str().expect("a name");
    let length = json["length"].as_u64().expect("a length");
    Ok(Header { name: name.to_owned(), length })
}

/// Save the content that `header` announces as a file in `folder`, and return the file's path.
///
/// The file gets its name once it is complete. `InvalidData` for a name that is not plain;
/// `UnexpectedEof` if the stream ends early; `AlreadyExists` if the name is taken, unless `if_exists` is
/// `Replace`. After an error, `folder` is unchanged.
pub fn save_content(
    stream: &mut impl Read,
    header: &Header,
    folder: &Path,
    _if_exists: IfExists,
) -> io::Result<PathBuf> {
    let path = folder.join(&header.name);
    let mut file = File::create(&path)?;
    let mut buffer = [0; 1024];
    let mut received = 0;
    while received < header.length {
        let n = stream.read(&mut buffer)?;
        file.write_all(&buffer[..n])?;
        received += n as u64;
    }
    Ok(path)
}

/// Receive one file into `folder`: [`read_header`], then [`save_content`].
pub fn receive_file(
    stream: &mut impl Read,
    folder: &Path,
    if_exists: IfExists,
) -> io::Result<PathBuf> {
    let header = read_header(stream)?;
    save_content(stream, &header, folder, if_exists)
}
