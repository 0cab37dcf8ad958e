//! Receive files from strangers: a complete file under a plain name, or nothing.
//!
//! ```text
//! | header length: i32, little-endian | JSON {"name": …, "length": …} | content: length bytes |
//!
//! post|5|a.txt      the text header: its name ends where the header ends
//! ```

use std::io::{self, BufReader, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tempfile::NamedTempFile;

/// The longest JSON header that is accepted, in bytes.
pub const MAX_HEADER: usize = 4096;

/// The longest file name, in bytes: the limit of common file systems.
pub const MAX_NAME: usize = 255;

/// How many bytes of a file are in memory at a time.
const BUFFER: usize = 256 * 1024;

/// Names of devices on Windows, in every folder and whatever follows their first dot.
const DEVICES: &str = "CON PRN AUX NUL CONIN$ CONOUT$ \
    COM1 COM2 COM3 COM4 COM5 COM6 COM7 COM8 COM9 COM¹ COM² COM³ \
    LPT1 LPT2 LPT3 LPT4 LPT5 LPT6 LPT7 LPT8 LPT9 LPT¹ LPT² LPT³";

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
    let stem = name.split('.').next().unwrap_or_default().trim_end().to_uppercase();
    !name.is_empty()
        && name.len() <= MAX_NAME
        && !name.contains(['/', '\\', ':'])
        && !name.contains(char::is_control)
        // This also refuses `.` and `..`.
        && !name.ends_with(['.', ' '])
        && !DEVICES.split(' ').any(|device| device == stem)
}

/// Parse a complete text header, `post|<size>|<file name>`; the name may contain bars, and is not
/// checked.
///
/// `InvalidData` unless it has the word `post`, a size in decimal digits that fits a `u64`, and a name
/// in UTF-8.
pub fn parse_post(header: &[u8]) -> io::Result<Header> {
    let text = str::from_utf8(header).map_err(|_| invalid("header is not UTF-8"))?;
    let Some(("post", size, name)) = two_bars(text) else {
        return Err(invalid("header is not post|<size>|<file name>"));
    };
    // `parse` alone would also accept `+5`.
    let digits = size.bytes().all(|byte| byte.is_ascii_digit());
    match size.parse() {
        Ok(length) if digits => Ok(Header { name: name.to_owned(), length }),
        _ => Err(invalid("size is not a number in decimal digits")),
    }
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
    if !is_plain_name(&header.name) {
        return Err(io::Error::new(ErrorKind::InvalidInput, "name is not a plain file name"));
    }
    let json = json!({ "name": header.name, "length": header.length }).to_string();
    let mut frame = (json.len() as i32).to_le_bytes().to_vec();
    frame.extend_from_slice(json.as_bytes());
    stream.write_all(&frame)?;
    copy_exactly(content, stream, header.length)
}

/// Read the header of the next file, and not a byte more.
///
/// `InvalidData` if its length is negative or above [`MAX_HEADER`], before anything more is read or
/// allocated for it, or if it is not a JSON object with a `name` and a `length`; `UnexpectedEof` if the
/// stream ends before it is complete.
pub fn read_header(stream: &mut impl Read) -> io::Result<Header> {
    let mut length = [0; 4];
    stream.read_exact(&mut length)?;
    let length = match usize::try_from(i32::from_le_bytes(length)) {
        Ok(length) if length <= MAX_HEADER => length,
        _ => return Err(invalid("header length outside 0..=MAX_HEADER")),
    };
    let mut json = vec![0; length];
    stream.read_exact(&mut json)?;
    let json: Value = serde_json::from_slice(&json).map_err(|_| invalid("header is not JSON"))?;
    match (json["name"].as_str(), json["length"].as_u64()) {
        (Some(name), Some(length)) => Ok(Header { name: name.to_owned(), length }),
        _ => Err(invalid("header without a name or a length")),
    }
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
    if_exists: IfExists,
) -> io::Result<PathBuf> {
    if !is_plain_name(&header.name) {
        return Err(invalid("name is not a plain file name"));
    }
    let path = folder.join(&header.name);
    // In the same folder, since a rename works only within one file system. Dropping it removes the
    // file, so every early return is safe.
    let mut file = NamedTempFile::new_in(folder)?;
    copy_exactly(stream, &mut file, header.length)?;
    match if_exists {
        // Check and rename in one step: another program could take the name in between.
        IfExists::Refuse => file.persist_noclobber(&path)?,
        IfExists::Replace => file.persist(&path)?,
    };
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

/// Copy exactly `length` bytes, with at most [`BUFFER`] of them in memory at a time.
fn copy_exactly(from: &mut impl Read, to: &mut impl Write, length: u64) -> io::Result<()> {
    // `take` ends where the file ends: the bytes after it belong to the next header.
    let mut from = BufReader::with_capacity(BUFFER, from.take(length));
    // `io::copy` also succeeds if the stream ends early: only its count shows that.
    if io::copy(&mut from, to)? < length {
        return Err(io::Error::new(ErrorKind::UnexpectedEof, "content ended early"));
    }
    Ok(())
}

fn two_bars(text: &str) -> Option<(&str, &str, &str)> {
    let (first, rest) = text.split_once('|')?;
    let (second, rest) = rest.split_once('|')?;
    Some((first, second, rest))
}

fn invalid(why: &'static str) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, why)
}
