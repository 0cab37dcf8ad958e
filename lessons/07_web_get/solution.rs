//! Fetch a page from a web server: split the answer at the blank line, read the whole body.
//!
//! ```text
//! client → server    GET / HTTP/1.1 ⏎ Host: … ⏎ Connection: close ⏎ ⏎       ⏎ is CR LF
//! server → client    HTTP/1.1 200 OK ⏎ Name: value ⏎ … ⏎ ⏎ body
//!
//! the body ends      with its last chunk     Transfer-Encoding: chunked     5 ⏎ hello ⏎ 0 ⏎ ⏎
//!                    after n bytes           Content-Length: n
//!                    with the stream         neither
//! ```

use std::fs;
use std::io::{self, BufRead, BufReader, Error, ErrorKind, Read, Write};
use std::path::Path;

/// The longest head that is read, with its blank line, in bytes: 64 KiB.
pub const MAX_HEAD: usize = 64 * 1024;

/// The end of the last line of the head, and the blank line.
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
    /// Return the status in the first line of the head: 200 means that this is the requested page.
    ///
    /// `InvalidData` if that line is not a status line of HTTP/1 (RFC 9112, section 4).
    pub fn status(&self) -> io::Result<u16> {
        let head = String::from_utf8_lossy(&self.head);
        let mut words = head.split("\r\n").next().unwrap_or_default().split(' ');
        match (words.next(), words.next()) {
            (Some("HTTP/1.0" | "HTTP/1.1"), Some(status)) if status.len() == 3 => {
                Ok(number(status, 10)? as u16)
            }
            _ => Err(invalid("no status line of HTTP/1")),
        }
    }
}

/// Request a page from the web server at the other end of `stream`, and read all of it.
///
/// A page with an error status is a page. `InvalidInput`, before anything is sent, for a path without
/// a slash in front and for anything but visible ASCII in `host` and `path`. `InvalidData` for an
/// answer that is not HTTP/1, a head longer than [`MAX_HEAD`], and invalid lengths and chunks.
/// `UnexpectedEof` if the stream ends inside the page. `Unsupported` for any coding but `chunked`.
/// Other errors of the stream come back, of the same kind.
pub fn get(stream: &mut (impl Read + Write), host: &str, path: &str) -> io::Result<Page> {
    // A line break in a name would end its line, and a stranger would write the rest of the request.
    let visible = |name: &str| name.bytes().all(|byte| byte.is_ascii_graphic());
    if !path.starts_with('/') || !visible(path) || !visible(host) {
        return Err(Error::new(ErrorKind::InvalidInput, "no host and path for a request"));
    }
    let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes())?;

    // It may read ahead: the connection closes, so no bytes after the page are needed.
    let mut stream = BufReader::new(stream);
    let mut page = Page { head: Vec::new(), body: Vec::new() };
    // Another kind of server may never send a blank line.
    read_up_to(&mut stream, b"\r\n", &mut page.head)?;
    page.status()?;
    read_up_to(&mut stream, BLANK_LINE, &mut page.head)?;
    page.head.truncate(page.head.len() - BLANK_LINE.len());
    page.body = read_body(&mut stream, &String::from_utf8_lossy(&page.head))?;
    Ok(page)
}

/// Save the body of `page`, whatever its status, in the file at `path`, in place of the old contents.
pub fn save(page: &Page, path: &Path) -> io::Result<()> {
    fs::write(path, &page.body)
}

/// Read the body that this head announces (RFC 9112, section 6.3).
fn read_body(stream: &mut impl BufRead, head: &str) -> io::Result<Vec<u8>> {
    let mut body = Vec::new();
    let mut lengths = values(head, "Content-Length");
    lengths.dedup(); // Equal lengths are one length.
    match (&values(head, "Transfer-Encoding")[..], &lengths[..]) {
        // Ignore a length beside the chunks.
        ([coding], _) if coding.eq_ignore_ascii_case("chunked") => read_chunks(stream, &mut body)?,
        ([], [length]) => read_exactly(stream, number(length, 10)?, &mut body)?,
        ([], []) => {
            stream.read_to_end(&mut body)?;
        }
        ([], _) => return Err(invalid("lengths that differ")),
        _ => return Err(Error::new(ErrorKind::Unsupported, "a coding other than chunked")),
    }
    Ok(body)
}

/// Read chunks, each after its size, up to the last one of size 0 (RFC 9112, section 7.1).
fn read_chunks(stream: &mut impl BufRead, body: &mut Vec<u8>) -> io::Result<()> {
    loop {
        let mut line = Vec::new();
        read_up_to(stream, b"\r\n", &mut line)?;
        let line = String::from_utf8_lossy(&line);
        let size = line.split(';').next().unwrap_or_default().trim();
        match number(size, 16)? {
            // Fields may follow the last chunk. They are not needed.
            0 => return Ok(()),
            size => read_exactly(stream, size, body)?,
        }
        read_line_end(stream)?;
    }
}

/// Read `length` bytes into `body`, which grows as they arrive, not as they are promised.
fn read_exactly(stream: &mut impl BufRead, length: u64, body: &mut Vec<u8>) -> io::Result<()> {
    let n = stream.take(length).read_to_end(body)?;
    if (n as u64) < length { Err(ended()) } else { Ok(()) }
}

/// Read the line end after a chunk. One wrong byte is enough to refuse it: no other may follow.
fn read_line_end(stream: &mut impl BufRead) -> io::Result<()> {
    for expected in b"\r\n" {
        let mut byte = [0];
        stream.read_exact(&mut byte)?;
        if byte != [*expected] {
            return Err(invalid("no line end after a chunk"));
        }
    }
    Ok(())
}

/// Read into `bytes` until they end with `end`, which is one line end or two.
///
/// `InvalidData` if there are [`MAX_HEAD`] bytes without `end`.
fn read_up_to(stream: &mut impl BufRead, end: &[u8], bytes: &mut Vec<u8>) -> io::Result<()> {
    let mut stream = stream.take((MAX_HEAD - bytes.len()) as u64);
    while !bytes.ends_with(end) {
        if stream.read_until(b'\n', bytes)? == 0 {
            return Err(if stream.limit() == 0 { invalid("no line end") } else { ended() });
        }
    }
    Ok(())
}

/// Find the values of all fields with this name, in upper or lower case (RFC 9110, section 5.1).
fn values<'a>(head: &'a str, name: &str) -> Vec<&'a str> {
    let fields = head.split("\r\n").filter_map(|line| line.split_once(':'));
    let fields = fields.filter(|(key, _)| key.eq_ignore_ascii_case(name));
    fields.map(|(_, value)| value.trim_matches([' ', '\t'])).collect()
}

/// Convert digits to a number. Rust's own functions would also accept a plus sign.
fn number(digits: &str, radix: u32) -> io::Result<u64> {
    let number = u64::from_str_radix(digits, radix).ok();
    number.filter(|_| !digits.starts_with('+')).ok_or_else(|| invalid("no number"))
}

fn invalid(what: &str) -> Error {
    Error::new(ErrorKind::InvalidData, what)
}

fn ended() -> Error {
    Error::new(ErrorKind::UnexpectedEof, "stream ended inside the page")
}
