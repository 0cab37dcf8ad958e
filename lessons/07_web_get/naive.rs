//! Fetch a page from a web server. The notes' program, unchanged.
//!
//! ```text
//! client → server    GET / HTTP/1.1 ⏎ Host: … ⏎ Connection: close ⏎ ⏎       ⏎ is CR LF
//! server → client    HTTP/1.1 200 OK ⏎ Name: value ⏎ … ⏎ ⏎ body
//!
//! the body ends      with its last chunk     Transfer-Encoding: chunked     5 ⏎ hello ⏎ 0 ⏎ ⏎
//!                    after n bytes           Content-Length: n
//!                    with the stream         neither
//! ```
//!
//! With a good server on a good day this works. Make it notice when it does not.

use std::fs;
use std::io::{self, Read, Write};
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
    /// Return the status in the first line of the head: 200 means that this is the requested page.
    ///
    /// `InvalidData` if that line is not a status line of HTTP/1 (RFC 9112, section 4).
    pub fn status(&self) -> io::Result<u16> {
        // The notes never check it.
        Ok(200)
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
    let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    let _ = stream.write(request.as_bytes())?;
    let mut data = Vec::new();
    let mut buffer = [0; 1024];
    loop {
        let n = stream.read(&mut buffer)?;
        if n == 0 {
            break;
        }
        data.extend_from_slice(&buffer[..n]);
    }
    let end = data.windows(4).position(|bytes| bytes == b"\r\n\r\n").expect("a blank line");
    Ok(Page { head: data[..end].to_vec(), body: data[end + 4..].to_vec() })
}

/// Save the body of `page`, whatever its status, in the file at `path`, in place of the old contents.
pub fn save(page: &Page, path: &Path) -> io::Result<()> {
    fs::write(path, &page.body)
}
