//! Caught by a_path_is_no_name: NameIsAPath.
//!
//! Our own client sends plain names only. Other people's clients send what they like.

use std::io::{self, BufReader, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tempfile::NamedTempFile;

/// The longest JSON header that is read, in bytes.
pub const MAX_HEADER: usize = 4096;

/// The longest file name, in bytes: what common file systems have room for.
pub const MAX_NAME: usize = 255;

/// How much of a file is in memory at a time, in bytes.
const BUFFER: usize = 256 * 1024;

/// Names that Windows takes for devices in every folder, whatever follows their first dot.
const DEVICES: &str = "CON PRN AUX NUL CONIN$ CONOUT$ \
    COM1 COM2 COM3 COM4 COM5 COM6 COM7 COM8 COM9 COM¹ COM² COM³ \
    LPT1 LPT2 LPT3 LPT4 LPT5 LPT6 LPT7 LPT8 LPT9 LPT¹ LPT² LPT³";

/// What goes ahead of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// The file's name, as the sender says: a claim of a stranger, and no path.
    pub name: String,
    /// The file's length in bytes.
    pub length: u64,
}

/// What to do with a file that has the name already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IfExists {
    /// Leave it as it is, and fail with `AlreadyExists`.
    Refuse,
    /// Put the new file in its place, once the new one is whole.
    Replace,
}

/// Whether `name` means one file in a folder and nothing else, on every system alike.
///
/// At most [`MAX_NAME`] bytes, no separator (`/`, `\`, `:`), no control character, no dot or space at
/// the end, and no device of Windows.
pub fn is_plain_name(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end().to_uppercase();
    !name.is_empty()
        && name.len() <= MAX_NAME
        && !name.contains(['/', '\\', ':'])
        && !name.contains(char::is_control)
        // The names `.` and `..` end with a dot as well.
        && !name.ends_with(['.', ' '])
        && !DEVICES.split(' ').any(|device| device == stem)
}

/// Read the text header `post|<size>|<file name>`, given whole; the name may contain bars.
///
/// `InvalidData` unless it is that: the word, decimal digits that fit a `u64`, and a name in UTF-8.
pub fn parse_post(header: &[u8]) -> io::Result<Header> {
    let text = str::from_utf8(header).map_err(|_| invalid("header is no UTF-8"))?;
    let Some(("post", size, name)) = two_bars(text) else {
        return Err(invalid("header is not post|<size>|<file name>"));
    };
    // `parse` alone would take `+5` for a size.
    let digits = size.bytes().all(|byte| byte.is_ascii_digit());
    match size.parse() {
        Ok(length) if digits => Ok(Header { name: name.to_owned(), length }),
        _ => Err(invalid("size is no number in decimal digits")),
    }
}

/// Send `header`, then exactly `header.length` bytes of `content`.
///
/// `InvalidInput` for a name that is not plain, before anything is sent; `UnexpectedEof` if `content`
/// has fewer bytes. What it has beyond them stays in it.
pub fn send_file(
    stream: &mut impl Write,
    header: &Header,
    content: &mut impl Read,
) -> io::Result<()> {
    if !is_plain_name(&header.name) {
        return Err(io::Error::new(ErrorKind::InvalidInput, "name is no plain file name"));
    }
    let json = json!({ "name": header.name, "length": header.length }).to_string();
    let mut frame = (json.len() as i32).to_le_bytes().to_vec();
    frame.extend_from_slice(json.as_bytes());
    stream.write_all(&frame)?;
    copy_exactly(content, stream, header.length)
}

/// Read the header of the next file, and not a byte of what follows it.
///
/// `InvalidData` if its length is negative or above [`MAX_HEADER`], before anything is allocated for
/// it, or if it is no JSON object with a `name` and a `length`; `UnexpectedEof` if the stream ends
/// before it is whole.
pub fn read_header(stream: &mut impl Read) -> io::Result<Header> {
    let mut length = [0; 4];
    stream.read_exact(&mut length)?;
    let length = match usize::try_from(i32::from_le_bytes(length)) {
        Ok(length) if length <= MAX_HEADER => length,
        _ => return Err(invalid("header length outside 0..=MAX_HEADER")),
    };
    let mut json = vec![0; length];
    stream.read_exact(&mut json)?;
    let json: Value = serde_json::from_slice(&json).map_err(|_| invalid("header is no JSON"))?;
    match (json["name"].as_str(), json["length"].as_u64()) {
        (Some(name), Some(length)) => Ok(Header { name: name.to_owned(), length }),
        _ => Err(invalid("header without a name or a length")),
    }
}

/// Save the content that `header` announces as a file in `folder`, and return the file's path.
///
/// The file has its name only once it is whole. `InvalidData` for a name that is not plain;
/// `UnexpectedEof` if the stream ends early; `AlreadyExists` if the name is taken, unless `if_exists`
/// allows to replace. After an error everything in `folder` is as it was before.
pub fn save_content(
    stream: &mut impl Read,
    header: &Header,
    folder: &Path,
    if_exists: IfExists,
) -> io::Result<PathBuf> {
    let path = folder.join(&header.name);
    // In the same folder, since a rename works within one file system only. It is removed when it is
    // dropped, however this function is left.
    let mut file = NamedTempFile::new_in(folder)?;
    copy_exactly(stream, &mut file, header.length)?;
    match if_exists {
        // Look and rename in one step: somebody else may take the name in between.
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

/// Copy exactly `length` bytes, of which no more than [`BUFFER`] are in memory at a time.
fn copy_exactly(from: &mut impl Read, to: &mut impl Write, length: u64) -> io::Result<()> {
    // `take` ends where the file does: what follows on the wire belongs to the next one.
    let mut from = BufReader::with_capacity(BUFFER, from.take(length));
    // A copy that ends early ends well: only its count tells.
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
