//! Right: a loop of plain reads, a temporary file made by hand, and a hard link that fails if the name
//! is taken.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::{Map, Value};

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
    let separates = |c: char| matches!(c, '/' | '\\' | ':' | '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}');
    match name.as_bytes() {
        [] | [.., b'.' | b' '] => false,
        bytes if bytes.len() > MAX_NAME => false,
        _ => !name.chars().any(separates) && !is_device(name),
    }
}

/// Parse the text header `post|<size>|<file name>`.
pub fn parse_post(header: &[u8]) -> io::Result<Header> {
    let mut fields = header.splitn(3, |byte| *byte == b'|');
    match (fields.next(), fields.next(), fields.next()) {
        (Some(b"post"), Some(size), Some(name)) => {
            let name = String::from_utf8(name.to_vec()).map_err(|_| ErrorKind::InvalidData)?;
            Ok(Header { name, length: number(size).ok_or(ErrorKind::InvalidData)? })
        }
        _ => Err(ErrorKind::InvalidData.into()),
    }
}

/// Send `header`, then exactly `header.length` bytes of `content`.
pub fn send_file(
    stream: &mut impl Write,
    header: &Header,
    content: &mut impl Read,
) -> io::Result<()> {
    if !is_plain_name(&header.name) {
        return Err(ErrorKind::InvalidInput.into());
    }
    let mut object = Map::new();
    object.insert("name".to_owned(), Value::from(header.name.as_str()));
    object.insert("length".to_owned(), Value::from(header.length));
    let json = serde_json::to_vec(&object)?;
    let length = i32::try_from(json.len()).map_err(|_| ErrorKind::InvalidInput)?;
    stream.write_all(&length.to_le_bytes())?;
    stream.write_all(&json)?;
    pass_on(content, stream, header.length)
}

/// Read the header of the next file, and not a byte more.
pub fn read_header(stream: &mut impl Read) -> io::Result<Header> {
    let mut length = [0; 4];
    stream.read_exact(&mut length)?;
    let length = i32::from_le_bytes(length);
    if length < 0 || length as usize > MAX_HEADER {
        return Err(ErrorKind::InvalidData.into());
    }
    let mut room = [0; MAX_HEADER];
    let json = &mut room[..length as usize];
    stream.read_exact(json)?;
    let Ok(Value::Object(object)) = serde_json::from_slice(json) else {
        return Err(ErrorKind::InvalidData.into());
    };
    let name = object.get("name").and_then(Value::as_str);
    let length = object.get("length").and_then(Value::as_u64);
    name.zip(length)
        .map(|(name, length)| Header { name: name.to_owned(), length })
        .ok_or_else(|| ErrorKind::InvalidData.into())
}

/// Save the content that `header` announces as a file in `folder`, and return the file's path.
pub fn save_content(
    stream: &mut impl Read,
    header: &Header,
    folder: &Path,
    if_exists: IfExists,
) -> io::Result<PathBuf> {
    if !is_plain_name(&header.name) {
        return Err(ErrorKind::InvalidData.into());
    }
    let path = folder.join(&header.name);
    // Refusing a taken name now saves the transfer. Only the link can tell whether it is free later.
    if if_exists == IfExists::Refuse && path.symlink_metadata().is_ok() {
        return Err(ErrorKind::AlreadyExists.into());
    }
    let temporary = Temporary::in_folder(folder)?;
    pass_on(stream, &mut &temporary.file, header.length)?;
    match if_exists {
        IfExists::Refuse => fs::hard_link(&temporary.path, &path)?,
        IfExists::Replace => fs::rename(&temporary.path, &path)?,
    }
    Ok(path)
}

/// Receive one file into `folder`.
pub fn receive_file(
    stream: &mut impl Read,
    folder: &Path,
    if_exists: IfExists,
) -> io::Result<PathBuf> {
    let header = read_header(stream)?;
    save_content(stream, &header, folder, if_exists)
}

/// A temporary file, removed when this value is dropped unless it has been renamed.
struct Temporary {
    file: File,
    path: PathBuf,
}

impl Temporary {
    fn in_folder(folder: &Path) -> io::Result<Temporary> {
        static MADE: AtomicU64 = AtomicU64::new(0);
        loop {
            let number = MADE.fetch_add(1, Ordering::Relaxed);
            let path = folder.join(format!(".upload-{}-{number}", process::id()));
            match File::create_new(&path) {
                Ok(file) => return Ok(Temporary { file, path }),
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}

fn pass_on(from: &mut impl Read, to: &mut impl Write, length: u64) -> io::Result<()> {
    let mut buffer = vec![0; 64 * 1024];
    let mut left = length;
    while left > 0 {
        let most = left.min(buffer.len() as u64) as usize;
        match from.read(&mut buffer[..most]) {
            Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
            Ok(n) => {
                to.write_all(&buffer[..n])?;
                left -= n as u64;
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

fn is_device(name: &str) -> bool {
    let stem = name.split_once('.').map_or(name, |(stem, _)| stem).trim_end_matches(' ');
    let port = |stem: &str| {
        let mut rest = stem.chars().skip(3);
        rest.next().is_some_and(|c| "123456789¹²³".contains(c)) && rest.next().is_none()
    };
    match stem.to_ascii_lowercase().as_str() {
        "con" | "prn" | "aux" | "nul" | "conin$" | "conout$" => true,
        stem => (stem.starts_with("com") || stem.starts_with("lpt")) && port(stem),
    }
}

fn number(digits: &[u8]) -> Option<u64> {
    if digits.is_empty() {
        return None;
    }
    digits.iter().try_fold(0_u64, |number, byte| match byte {
        b'0'..=b'9' => number.checked_mul(10)?.checked_add(u64::from(byte - b'0')),
        _ => None,
    })
}
