//! Right: no buffer around the stream: it takes no byte after the last one that the page needs.

use std::fs::File;
use std::io::{self, Error, ErrorKind, Read, Write};
use std::path::Path;

/// The longest head that is read, with its blank line, in bytes: 64 KiB.
pub const MAX_HEAD: usize = 64 * 1024;

/// A server's answer.
#[derive(Clone, Debug)]
pub struct Page {
    /// The status line and the fields, unchanged, without the blank line after them.
    pub head: Vec<u8>,
    /// The bytes after the blank line, without the sizes of chunks.
    pub body: Vec<u8>,
}

impl Page {
    /// Return the status in the first line of the head, or `InvalidData` if there is none.
    pub fn status(&self) -> io::Result<u16> {
        let line = self.head.split(|byte| *byte == b'\r').next().unwrap_or_default();
        let mut words = line.split(|byte| *byte == b' ');
        match (words.next(), words.next()) {
            (Some(b"HTTP/1.0" | b"HTTP/1.1"), Some(status)) if status.len() == 3 => {
                Ok(number(status, 10)? as u16)
            }
            _ => Err(invalid("no status line")),
        }
    }
}

/// Request a page from the web server at the other end of `stream`, and read all of it.
pub fn get(stream: &mut (impl Read + Write), host: &str, path: &str) -> io::Result<Page> {
    let is_visible = |text: &str| text.chars().all(|c| ('!'..='~').contains(&c));
    if path.as_bytes().first() != Some(&b'/') || !is_visible(path) || !is_visible(host) {
        return Err(ErrorKind::InvalidInput.into());
    }
    let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes())?;

    let head = line(stream, b"\r\n\r\n")?;
    let mut page = Page { head, body: Vec::new() };
    page.status()?;
    let codings = values(&page.head, b"transfer-encoding");
    if codings.iter().any(|coding| !coding.eq_ignore_ascii_case(b"chunked")) {
        return Err(ErrorKind::Unsupported.into());
    }
    if !codings.is_empty() {
        page.body = chunks(stream)?;
        return Ok(page);
    }
    let lengths = values(&page.head, b"content-length");
    let lengths = lengths.into_iter().map(|length| number(length, 10));
    let lengths = lengths.collect::<io::Result<Vec<u64>>>()?;
    match lengths[..] {
        [] => {
            stream.read_to_end(&mut page.body)?;
        }
        [length, ..] if lengths.iter().any(|other| *other != length) => {
            return Err(invalid("two lengths"));
        }
        [length, ..] => exactly(stream, length, &mut page.body)?,
    }
    Ok(page)
}

/// Save the body of `page` in the file at `path`, in place of the old contents.
pub fn save(page: &Page, path: &Path) -> io::Result<()> {
    File::create(path)?.write_all(&page.body)
}

/// Read all chunks up to the line of the last one, but not the empty line after it.
fn chunks(stream: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let line = line(stream, b"\r\n")?;
        let size = line.split(|byte| *byte == b';').next().unwrap_or_default();
        match number(size.trim_ascii(), 16)? {
            0 => return Ok(body),
            size => exactly(stream, size, &mut body)?,
        }
        let mut end = [0; 2];
        stream.read_exact(&mut end)?;
        if end != *b"\r\n" {
            return Err(invalid("no line end after a chunk"));
        }
    }
}

/// Read up to `end`, byte by byte, and return what comes before it.
fn line(stream: &mut impl Read, end: &[u8]) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    while !bytes.ends_with(end) {
        if bytes.len() == MAX_HEAD {
            return Err(invalid("longer than MAX_HEAD"));
        }
        let mut byte = [0];
        stream.read_exact(&mut byte)?;
        bytes.extend(byte);
    }
    bytes.truncate(bytes.len() - end.len());
    Ok(bytes)
}

/// Read this many bytes, a piece at a time.
fn exactly(stream: &mut impl Read, mut left: u64, body: &mut Vec<u8>) -> io::Result<()> {
    let mut buffer = [0; 8192];
    while left > 0 {
        let piece = left.min(buffer.len() as u64) as usize;
        stream.read_exact(&mut buffer[..piece])?;
        body.extend_from_slice(&buffer[..piece]);
        left -= piece as u64;
    }
    Ok(())
}

/// Find the values of all fields with this name, in lower case.
fn values<'a>(head: &'a [u8], name: &[u8]) -> Vec<&'a [u8]> {
    let lines = head.split(|byte| *byte == b'\n').skip(1);
    let fields = lines.filter_map(|line| {
        let colon = line.iter().position(|byte| *byte == b':')?;
        Some((&line[..colon], &line[colon + 1..]))
    });
    let fields = fields.filter(|(key, _)| key.eq_ignore_ascii_case(name));
    fields.map(|(_, value)| value.trim_ascii()).collect()
}

/// Convert digits, and nothing else, to a number.
fn number(digits: &[u8], radix: u32) -> io::Result<u64> {
    let digits = str::from_utf8(digits).map_err(|_| invalid("no digits"))?;
    if !digits.chars().all(|c| c.is_digit(radix)) {
        return Err(invalid("no number"));
    }
    u64::from_str_radix(digits, radix).map_err(|_| invalid("no number"))
}

fn invalid(what: &str) -> Error {
    Error::new(ErrorKind::InvalidData, what)
}
