//! Right: all received bytes go into one buffer, which is parsed again after each read.

use std::fs::File;
use std::io::{self, Error, ErrorKind, Read, Write};
use std::path::Path;

/// The longest head that is read, with its blank line, in bytes: 64 KiB.
pub const MAX_HEAD: usize = 64 * 1024;

const BLANK_LINE: &[u8] = b"\r\n\r\n";

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
        match self.head.as_slice() {
            // Nine characters, three digits, and then the end of the word.
            [b'H', b'T', b'T', b'P', b'/', b'1', b'.', b'0' | b'1', b' ', a, b, c, rest @ ..]
                if [a, b, c].iter().all(|digit| digit.is_ascii_digit())
                    && (matches!(rest, [] | [b' ', ..]) || rest.starts_with(b"\r\n")) =>
            {
                Ok([a, b, c].iter().fold(0, |status, digit| 10 * status + u16::from(*digit - b'0')))
            }
            _ => Err(ErrorKind::InvalidData.into()),
        }
    }
}

/// Request a page from the web server at the other end of `stream`, and read all of it.
pub fn get(stream: &mut (impl Read + Write), host: &str, path: &str) -> io::Result<Page> {
    if !path.starts_with('/') || !path.chars().chain(host.chars()).all(|c| ('!'..='~').contains(&c))
    {
        return Err(ErrorKind::InvalidInput.into());
    }
    let lines = [&format!("GET {path} HTTP/1.1"), &format!("Host: {host}"), "Connection: close"];
    stream.write_all((lines.join("\r\n") + "\r\n\r\n").as_bytes())?;
    stream.flush()?;

    let mut data = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let n = match stream.read(&mut buffer) {
            Ok(n) => n,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        data.extend_from_slice(&buffer[..n]);
        match page_in(&data, n == 0)? {
            Some(page) => return Ok(page),
            None if n == 0 => return Err(ErrorKind::UnexpectedEof.into()),
            None => {}
        }
    }
}

/// Save the body of `page` in the file at `path`, in place of the old contents.
pub fn save(page: &Page, path: &Path) -> io::Result<()> {
    File::create(path)?.write_all(&page.body)
}

/// Parse the page in these bytes, or `None` while part of it is missing; if `ended`, no more follow.
fn page_in(data: &[u8], ended: bool) -> io::Result<Option<Page>> {
    if let Some(end) = find(data, b"\r\n") {
        Page { head: data[..end].to_vec(), body: Vec::new() }.status()?;
    }
    let Some(end) = find(data, BLANK_LINE) else {
        return if data.len() > MAX_HEAD { Err(invalid("endless head")) } else { Ok(None) };
    };
    if end + BLANK_LINE.len() > MAX_HEAD {
        return Err(invalid("long head"));
    }
    let mut page = Page { head: data[..end].to_vec(), body: Vec::new() };
    let rest = &data[end + BLANK_LINE.len()..];
    let codings = values(&page.head, "transfer-encoding");
    let mut lengths = values(&page.head, "content-length");
    lengths.dedup();
    let body = match (codings.as_slice(), lengths.as_slice()) {
        ([], []) => ended.then(|| rest.to_vec()),
        ([], [length]) if length.bytes().all(|byte| byte.is_ascii_digit()) => {
            let length = length.parse().map_err(|_| invalid("length"))?;
            rest.get(..length).map(<[u8]>::to_vec)
        }
        ([], _) => return Err(invalid("lengths")),
        ([coding], _) if coding == "chunked" => joined(rest)?,
        _ => return Err(ErrorKind::Unsupported.into()),
    };
    Ok(body.map(|body| {
        page.body = body;
        page
    }))
}

/// Join the chunks in these bytes, or `None` while the last one is missing.
fn joined(mut data: &[u8]) -> io::Result<Option<Vec<u8>>> {
    let mut body = Vec::new();
    loop {
        let Some(end) = find(data, b"\r\n") else {
            return if data.len() > MAX_HEAD { Err(invalid("endless line")) } else { Ok(None) };
        };
        if end + 2 > MAX_HEAD {
            return Err(invalid("long line"));
        }
        let size = data[..end].split(|byte| *byte == b';').next().unwrap_or_default();
        let size = std::str::from_utf8(size).map_err(|_| invalid("size"))?;
        if !size.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(invalid("size"));
        }
        let size = usize::from_str_radix(size, 16).map_err(|_| invalid("size"))?;
        if size == 0 {
            return Ok(Some(body));
        }
        let Some((chunk, rest)) = data[end + 2..].split_at_checked(size) else { return Ok(None) };
        let Some(rest) = rest.strip_prefix(b"\r\n") else {
            let may_come = b"\r\n".starts_with(rest);
            return if may_come { Ok(None) } else { Err(invalid("chunk")) };
        };
        body.extend_from_slice(chunk);
        data = rest;
    }
}

/// Find the values of all fields with this name, in lower case.
fn values(head: &[u8], name: &str) -> Vec<String> {
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    let fields = head.split("\r\n").skip(1).filter_map(|line| line.split_once(':'));
    fields
        .filter(|(key, _)| *key == name)
        .map(|(_, value)| value.trim_matches([' ', '\t']).to_owned())
        .collect()
}

fn find(data: &[u8], wanted: &[u8]) -> Option<usize> {
    data.windows(wanted.len()).position(|bytes| bytes == wanted)
}

fn invalid(what: &str) -> Error {
    Error::new(ErrorKind::InvalidData, format!("not to be understood: {what}"))
}
