//! Right: no buffer around the stream: it takes no byte after the last one that the page needs.

use std::fs::File;
use std::io::{self, Error, ErrorKind, Read, Write};
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
        let mut words = lines(&self.head).next().unwrap_or_default().split(|byte| *byte == b' ');
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

    let mut page = Page { head: Vec::new(), body: Vec::new() };
    read_up_to(stream, b"\r\n", &mut page.head)?;
    page.status()?;
    read_up_to(stream, b"\r\n\r\n", &mut page.head)?;
    page.head.truncate(page.head.len() - 4);
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
        let mut line = Vec::new();
        read_up_to(stream, b"\r\n", &mut line)?;
        line.truncate(line.len() - 2);
        let size = line.split(|byte| *byte == b';').next().unwrap_or_default();
        match number(size.trim_ascii(), 16)? {
            0 => return Ok(body),
            size => exactly(stream, size, &mut body)?,
        }
        for expected in b"\r\n" {
            if read_byte(stream)? != *expected {
                return Err(invalid("no line end after a chunk"));
            }
        }
    }
}

/// Read up to `end`, byte by byte.
fn read_up_to(stream: &mut impl Read, end: &[u8], bytes: &mut Vec<u8>) -> io::Result<()> {
    while !bytes.ends_with(end) {
        if bytes.len() == MAX_HEAD {
            return Err(invalid("longer than MAX_HEAD"));
        }
        bytes.push(read_byte(stream)?);
    }
    Ok(())
}

fn read_byte(stream: &mut impl Read) -> io::Result<u8> {
    let mut byte = [0];
    stream.read_exact(&mut byte)?;
    Ok(byte[0])
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
    let fields = lines(head).skip(1).filter_map(|line| {
        let colon = line.iter().position(|byte| *byte == b':')?;
        Some((&line[..colon], &line[colon + 1..]))
    });
    let fields = fields.filter(|(key, _)| key.eq_ignore_ascii_case(name));
    fields.map(|(_, value)| without_blanks(value)).collect()
}

/// Remove spaces and tabs at both ends.
fn without_blanks(mut value: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] | [rest @ .., b' ' | b'\t'] = value {
        value = rest;
    }
    value
}

/// Split a head at its line ends.
fn lines(head: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = Some(head);
    std::iter::from_fn(move || {
        let bytes = rest?;
        let end = bytes.windows(2).position(|pair| pair == b"\r\n");
        rest = end.map(|end| &bytes[end + 2..]);
        Some(&bytes[..end.unwrap_or(bytes.len())])
    })
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
