//! Put files on a server and get them back, each followed by its MD5, many over one connection.
//!
//! ```text
//! put   server   欢迎登陆FTP系统                    once per connection
//!       client   5                                 size, in decimal digits
//!       server   ok                                acknowledgement, 1 to 1024 bytes
//!       client   hello5d41402abc4b2a76…c592        content, then its MD5 in 32 digits
//!       server   file MD5(after send):5d41…c592    receipt
//!
//! get   client   get a.txt
//!       server   5                                 or: no such file
//!       client   ok
//!       server   hello5d41402abc4b2a76…c592
//! ```

use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, BufWriter, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use md5::{Digest, Md5};
use tempfile::NamedTempFile;

/// The greeting that an upload server sends to each client.
pub const GREETING: &str = "欢迎登陆FTP系统";

/// What a download server sends instead of a size if it does not have the file.
pub const NO_SUCH_FILE: &str = "no such file";

/// What an upload server sends before the MD5 of the content that it has received.
pub const RECEIPT: &str = "file MD5(after send):";

/// The number of digits of an MD5 in hexadecimal.
const DIGITS: usize = 32;

/// The longest request, size or acknowledgement, in bytes.
const REPLY: usize = 1024;

/// How many bytes of a file are in memory at once.
const BUFFER: usize = 256 * 1024;

/// The progress of a transfer, in bytes of content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// How many have been transferred.
    pub done: u64,
    /// How many there are in all.
    pub size: u64,
}

/// Return the MD5 of everything in `content`, in 32 hexadecimal digits.
pub fn md5_hex(content: &mut impl Read) -> io::Result<String> {
    let (_, md5) = copy_and_digest(content, &mut io::sink(), |_| {})?;
    Ok(md5)
}

/// Send the greeting of an upload server.
pub fn greet(stream: &mut impl Write) -> io::Result<()> {
    stream.write_all(GREETING.as_bytes())
}

/// Read the greeting of an upload server, and not a byte more; `InvalidData` if it is another text.
pub fn hear_greeting(stream: &mut impl Read) -> io::Result<()> {
    // It has no end mark and may arrive in pieces, but its length is known.
    let mut greeting = [0; GREETING.len()];
    stream.read_exact(&mut greeting)?;
    if greeting != GREETING.as_bytes() {
        return Err(invalid("not the greeting of an upload server"));
    }
    Ok(())
}

/// Put a file of `size` bytes on the server, and make sure that it has arrived unchanged.
///
/// Calls `progress` after each piece. `UnexpectedEof` if `content` has fewer bytes than `size`, or if
/// the server closes early; `InvalidData` if its receipt is for other bytes.
pub fn put(
    stream: &mut (impl Read + Write),
    content: &mut impl Read,
    size: u64,
    progress: impl FnMut(Progress),
) -> io::Result<()> {
    let md5 = send_content(stream, content, size, progress)?;
    let mut receipt = [0; RECEIPT.len() + DIGITS];
    stream.read_exact(&mut receipt)?;
    if receipt != format!("{RECEIPT}{md5}").as_bytes() {
        return Err(invalid("the receipt is for other bytes"));
    }
    Ok(())
}

/// Receive one file, save it in `folder` as `name`, and send a receipt; return `false` if the client has
/// closed its side instead.
///
/// The receipt has the MD5 of the content that arrived. If the client's MD5 is different, nothing is
/// saved, and the error after the receipt is `InvalidData`. All other errors send no receipt and leave
/// no file: `UnexpectedEof` if the client closes early, `AlreadyExists` if the name is taken, and
/// `InvalidData` for a size that is not only decimal digits, which is not acknowledged either. If the
/// receipt cannot be sent, the file may stay.
pub fn serve_put(stream: &mut (impl Read + Write), name: &str, folder: &Path) -> io::Result<bool> {
    let mut size = [0; REPLY];
    let n = read_once(stream, &mut size)?;
    if n == 0 {
        return Ok(false);
    }
    let size = parse_size(&size[..n])?;
    let Received { file, md5, intact } = receive_content(stream, size, folder, |_| {})?;
    // Save first, then send the receipt: a client that has one may delete the original.
    if intact {
        file.persist_noclobber(folder.join(name))?;
    }
    stream.write_all(format!("{RECEIPT}{md5}").as_bytes())?;
    if intact { Ok(true) } else { Err(invalid("content and MD5 do not match")) }
}

/// Get the file `name` from the server, save it in `folder` as `<name>.new`, and return its path.
///
/// Calls `progress` after each piece. `InvalidInput` for a name that is a path or contains a zero byte,
/// before anything is sent; `NotFound` if the server has no such file; `InvalidData` if it sends anything
/// else instead of a size, or if content and MD5 do not match; `UnexpectedEof` if it closes early;
/// `AlreadyExists` if `<name>.new` exists. An error leaves no file.
pub fn get(
    stream: &mut (impl Read + Write),
    name: &str,
    folder: &Path,
    progress: impl FnMut(Progress),
) -> io::Result<PathBuf> {
    if !is_one_name(name) {
        return Err(io::Error::new(ErrorKind::InvalidInput, "name is a path"));
    }
    stream.write_all(format!("get {name}").as_bytes())?;
    let mut reply = [0; REPLY];
    let n = read_once(stream, &mut reply)?;
    let size = match &reply[..n] {
        [] => return Err(ended("before the size")),
        reply if reply == NO_SUCH_FILE.as_bytes() => {
            return Err(io::Error::new(ErrorKind::NotFound, "the server has no such file"));
        }
        digits => parse_size(digits)?,
    };
    let Received { file, intact, .. } = receive_content(stream, size, folder, progress)?;
    if !intact {
        return Err(invalid("content and MD5 do not match"));
    }
    let path = folder.join(format!("{name}.new"));
    file.persist_noclobber(&path)?;
    Ok(path)
}

/// Answer one request: send a file of `folder`, or [`NO_SUCH_FILE`]; return `false` if the client has
/// closed its side instead.
///
/// The answer is [`NO_SUCH_FILE`] unless the request is `get` and the name of a file in `folder`.
/// `UnexpectedEof` if the client closes instead of acknowledging, or if the file shrinks meanwhile.
pub fn serve_get(stream: &mut (impl Read + Write), folder: &Path) -> io::Result<bool> {
    let mut request = [0; REPLY];
    let n = read_once(stream, &mut request)?;
    if n == 0 {
        return Ok(false);
    }
    match requested(&request[..n], folder) {
        Some((mut file, size)) => {
            send_content(stream, &mut file, size, |_| {})?;
        }
        // Without an answer, the client would wait for ever.
        None => stream.write_all(NO_SUCH_FILE.as_bytes())?,
    }
    Ok(true)
}

/// Open the requested file, and return it with its size.
fn requested(request: &[u8], folder: &Path) -> Option<(File, u64)> {
    let name = str::from_utf8(request).ok()?.strip_prefix("get ")?;
    if !is_one_name(name) {
        return None;
    }
    let path = folder.join(name);
    // Before it is opened: a folder can be opened, too, and to open a pipe is to wait for its writer.
    if !path.is_file() {
        return None;
    }
    let file = File::open(path).ok()?;
    let size = file.metadata().ok()?.len();
    Some((file, size))
}

/// Send the size, wait for the acknowledgement, send the content and its MD5, and return the MD5.
fn send_content(
    stream: &mut (impl Read + Write),
    content: &mut impl Read,
    size: u64,
    progress: impl FnMut(Progress),
) -> io::Result<String> {
    stream.write_all(size.to_string().as_bytes())?;
    // Accept any reply, of any length: nothing on this wire marks where it ends.
    if read_once(stream, &mut [0; REPLY])? == 0 {
        return Err(ended("before the acknowledgement"));
    }
    // Use a buffer, so that the end of the content and the MD5 leave in one write: a small write of its
    // own may wait until the peer acknowledges the bytes before it (Nagle, RFC 896).
    let mut stream = BufWriter::with_capacity(BUFFER, stream);
    let md5 = copy_exactly(content, &mut stream, size, progress)?;
    stream.write_all(md5.as_bytes())?;
    stream.flush()?;
    Ok(md5)
}

/// Received content, in a temporary file that is removed when it is dropped.
struct Received {
    file: NamedTempFile,
    /// The MD5 of the received content.
    md5: String,
    /// Whether the sender's MD5 is the same.
    intact: bool,
}

/// Acknowledge the size, then receive this many bytes of content and their MD5.
fn receive_content(
    stream: &mut (impl Read + Write),
    size: u64,
    folder: &Path,
    progress: impl FnMut(Progress),
) -> io::Result<Received> {
    let mut file = NamedTempFile::new_in(folder)?;
    stream.write_all(b"ok")?;
    let md5 = copy_exactly(stream, &mut file, size, progress)?;
    let mut theirs = [0; DIGITS];
    stream.read_exact(&mut theirs)?;
    let intact = theirs == md5.as_bytes();
    Ok(Received { file, md5, intact })
}

/// Copy exactly `size` bytes, and return their MD5.
fn copy_exactly(
    from: &mut impl Read,
    to: &mut impl Write,
    size: u64,
    mut progress: impl FnMut(Progress),
) -> io::Result<String> {
    let report = |done| progress(Progress { done, size });
    // `take` ends where the content ends: the MD5 follows.
    let (done, md5) = copy_and_digest(&mut from.take(size), to, report)?;
    if done < size { Err(ended("inside the content")) } else { Ok(md5) }
}

/// Copy everything, and return the number of bytes and their MD5, computed on the way.
fn copy_and_digest(
    from: &mut impl Read,
    to: &mut impl Write,
    mut progress: impl FnMut(u64),
) -> io::Result<(u64, String)> {
    let mut md5 = Md5::new();
    let mut buffer = vec![0; BUFFER];
    let mut done = 0;
    loop {
        let n = read_once(from, &mut buffer)?;
        if n == 0 {
            return Ok((done, hex(&md5.finalize())));
        }
        md5.update(&buffer[..n]);
        to.write_all(&buffer[..n])?;
        done += n as u64;
        progress(done);
    }
}

/// Read once, and again if a signal interrupted the read.
fn read_once(stream: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    loop {
        match stream.read(buffer) {
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            read => return read,
        }
    }
}

fn parse_size(digits: &[u8]) -> io::Result<u64> {
    // `parse` alone would also accept `+5`.
    let text = str::from_utf8(digits).ok().filter(|text| text.bytes().all(|b| b.is_ascii_digit()));
    text.and_then(|text| text.parse().ok()).ok_or_else(|| invalid("size is not a decimal number"))
}

/// Return whether `name` is one name in a folder, and not a path.
fn is_one_name(name: &str) -> bool {
    Path::new(name).file_name() == Some(OsStr::new(name)) && !name.contains('\0')
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn ended(place: &str) -> io::Error {
    io::Error::new(ErrorKind::UnexpectedEof, format!("stream ended {place}"))
}

fn invalid(why: &'static str) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, why)
}
