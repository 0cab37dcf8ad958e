//! Right: reads one byte after another, through a buffer, with the received bytes as the only state.

use std::fs::OpenOptions;
use std::io::{self, BufReader, Bytes, Error, ErrorKind, Read, Write};
use std::path::Path;

/// The longest head that is read, with its blank line, in bytes: 64 KiB.
pub const MAX_HEAD: usize = 64 * 1024;

/// A server's answer.
#[derive(Clone, Debug)]
pub struct Page {
    /// The status line and the fields, unchanged, without the last line end and the blank line.
    pub head: Vec<u8>,
    /// The bytes after the blank line, without the sizes of chunks.
    pub body: Vec<u8>,
}

impl Page {
    /// Return the status in the first line of the head, or `InvalidData` if there is none.
    pub fn status(&self) -> io::Result<u16> {
        status_of(&self.head)
    }
}

/// Request a page from the web server at the other end of `stream`, and read all of it.
pub fn get(stream: &mut (impl Read + Write), host: &str, path: &str) -> io::Result<Page> {
    let harmful = |c: char| c.is_whitespace() || c.is_control() || !c.is_ascii();
    if path.contains(harmful) || host.contains(harmful) || !path.starts_with('/') {
        return Err(Error::new(ErrorKind::InvalidInput, "this would be another request"));
    }
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")?;

    let mut bytes = BufReader::new(stream).bytes();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        if head.len() == MAX_HEAD {
            return Err(Error::new(ErrorKind::InvalidData, "a head without end"));
        }
        head.push(next(&mut bytes)?);
        if head.ends_with(b"\r\n") {
            status_of(&head)?;
        }
    }
    head.truncate(head.len() - 4);
    let mut page = Page { head, body: Vec::new() };

    match announced(&String::from_utf8_lossy(&page.head))? {
        Body::Chunks => loop {
            let size = chunk_size(&mut bytes)?;
            if size == 0 {
                break;
            }
            for _ in 0..size {
                page.body.push(next(&mut bytes)?);
            }
            // One after the other: a second byte may never come.
            if next(&mut bytes)? != b'\r' || next(&mut bytes)? != b'\n' {
                return Err(Error::new(ErrorKind::InvalidData, "a chunk that does not end"));
            }
        },
        Body::Length(length) => {
            for _ in 0..length {
                page.body.push(next(&mut bytes)?);
            }
        }
        Body::UntilTheEnd => {
            for byte in bytes {
                page.body.push(byte?);
            }
        }
    }
    Ok(page)
}

/// Save the body of `page` in the file at `path`, in place of the old contents.
pub fn save(page: &Page, path: &Path) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).open(path)?;
    file.write_all(&page.body)?;
    file.flush()
}

fn status_of(head: &[u8]) -> io::Result<u16> {
    let text = String::from_utf8_lossy(head);
    let line = text.split("\r\n").next().unwrap_or_default();
    let rest = line.strip_prefix("HTTP/1.1 ").or_else(|| line.strip_prefix("HTTP/1.0 "));
    let status = rest.unwrap_or_default().split(' ').next().unwrap_or_default();
    if status.len() != 3 || !status.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Error::new(ErrorKind::InvalidData, format!("no status: {line}")));
    }
    status.parse().map_err(|_| ErrorKind::InvalidData.into())
}

enum Body {
    Chunks,
    Length(u64),
    UntilTheEnd,
}

fn announced(head: &str) -> io::Result<Body> {
    let mut chunked = false;
    let mut lengths = Vec::new();
    for line in head.split("\r\n").skip(1) {
        let Some((name, value)) = line.split_once(':') else { continue };
        let value = value.trim_matches([' ', '\t']);
        match name.to_ascii_lowercase().as_str() {
            "transfer-encoding" if !chunked && value.eq_ignore_ascii_case("chunked") => {
                chunked = true;
            }
            "transfer-encoding" => return Err(ErrorKind::Unsupported.into()),
            "content-length" => lengths.push(value),
            _ => {}
        }
    }
    if chunked {
        return Ok(Body::Chunks);
    }
    let lengths: Vec<u64> = lengths.into_iter().map(decimal).collect::<io::Result<_>>()?;
    match lengths.first() {
        None => Ok(Body::UntilTheEnd),
        Some(length) if lengths.iter().all(|other| other == length) => Ok(Body::Length(*length)),
        Some(_) => Err(Error::new(ErrorKind::InvalidData, "two lengths")),
    }
}

fn chunk_size(bytes: &mut Bytes<impl Read>) -> io::Result<u64> {
    let mut line = Vec::new();
    while !line.ends_with(b"\r\n") {
        if line.len() == MAX_HEAD {
            return Err(Error::new(ErrorKind::InvalidData, "a line without end"));
        }
        line.push(next(bytes)?);
    }
    let digits = line.iter().take_while(|byte| byte.is_ascii_hexdigit()).count();
    let zeros = line.iter().take_while(|byte| **byte == b'0').count();
    // No digit, more digits than the fold can take, or a wrong byte after them.
    if digits == 0 || digits - zeros > 16 || !(line[digits] == b';' || line[digits..] == *b"\r\n") {
        return Err(Error::new(ErrorKind::InvalidData, "no size of a chunk"));
    }
    let digits = line[..digits].iter().filter_map(|byte| char::from(*byte).to_digit(16));
    Ok(digits.fold(0, |size, digit| size << 4 | u64::from(digit)))
}

fn decimal(digits: &str) -> io::Result<u64> {
    let number = digits.parse().ok().filter(|_| digits.bytes().all(|byte| byte.is_ascii_digit()));
    number.ok_or_else(|| Error::new(ErrorKind::InvalidData, "no length"))
}

fn next(bytes: &mut Bytes<impl Read>) -> io::Result<u8> {
    bytes.next().unwrap_or_else(|| Err(ErrorKind::UnexpectedEof.into()))
}
