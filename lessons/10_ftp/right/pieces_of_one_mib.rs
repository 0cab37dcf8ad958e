//! Right: pieces of 1 MiB, each of them filled before it is written. An empty file is one piece of 0 bytes,
//! and a file whose receipt cannot be sent is removed.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Component, Path, PathBuf};

use md5::{Digest, Md5};
use tempfile::NamedTempFile;

/// The greeting that an upload server sends to each client.
pub const GREETING: &str = "欢迎登陆FTP系统";

/// What a download server sends instead of a size if it does not have the file.
pub const NO_SUCH_FILE: &str = "no such file";

/// What an upload server sends before the MD5 of the content that it has received.
pub const RECEIPT: &str = "file MD5(after send):";

/// The longest piece that is read at once.
const PIECE: usize = 1024 * 1024;

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
    let mut md5 = Md5::new();
    let mut buffer = vec![0; PIECE];
    loop {
        let n = read_some(content, &mut buffer)?;
        if n == 0 {
            return Ok(hex(&md5.finalize()));
        }
        md5.update(&buffer[..n]);
    }
}

/// Send the greeting of an upload server.
pub fn greet(stream: &mut impl Write) -> io::Result<()> {
    send(stream, GREETING.as_bytes())
}

/// Read the greeting of an upload server, and not a byte more; `InvalidData` if it is another text.
pub fn hear_greeting(stream: &mut impl Read) -> io::Result<()> {
    let mut greeting = [0; GREETING.len()];
    stream.read_exact(&mut greeting)?;
    if greeting != GREETING.as_bytes() {
        return Err(ErrorKind::InvalidData.into());
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
    let digest = send_content(stream, content, size, progress)?;
    let expected = format!("{RECEIPT}{digest}");
    let mut receipt = vec![0; expected.len()];
    stream.read_exact(&mut receipt)?;
    if receipt != expected.as_bytes() {
        return Err(ErrorKind::InvalidData.into());
    }
    Ok(())
}

/// Receive one file, save it in `folder` as `name`, and send a receipt; return `false` if the client has
/// closed its side instead.
///
/// The receipt has the MD5 of the content that arrived. If the client's MD5 is different, nothing is
/// saved, and the error after the receipt is `InvalidData`. All other errors send no receipt and leave
/// no file: `UnexpectedEof` if the client closes early, `AlreadyExists` if the name is taken, and
/// `InvalidData` for a size that is not only decimal digits, which is not acknowledged either.
pub fn serve_put(stream: &mut (impl Read + Write), name: &str, folder: &Path) -> io::Result<bool> {
    let mut message = [0; 1024];
    let n = read_some(stream, &mut message)?;
    if n == 0 {
        return Ok(false);
    }
    let size = number(&message[..n])?;
    let mut file = NamedTempFile::new_in(folder)?;
    send(stream, b"ok")?;
    let digest = pass(stream, &mut file, size, |_| {})?;
    let mut claimed = [0; 32];
    stream.read_exact(&mut claimed)?;
    let receipt = format!("{RECEIPT}{digest}");
    if claimed != digest.as_bytes() {
        drop(file);
        send(stream, receipt.as_bytes())?;
        return Err(ErrorKind::InvalidData.into());
    }
    let path = folder.join(name);
    file.persist_noclobber(&path).map_err(|error| error.error)?;
    if let Err(error) = send(stream, receipt.as_bytes()) {
        // An error leaves no file.
        fs::remove_file(&path)?;
        return Err(error);
    }
    Ok(true)
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
    if !is_name(OsStr::new(name)) {
        return Err(ErrorKind::InvalidInput.into());
    }
    send(stream, format!("get {name}").as_bytes())?;
    let mut message = [0; 1024];
    let n = read_some(stream, &mut message)?;
    let answer = &message[..n];
    if answer.is_empty() {
        return Err(ErrorKind::UnexpectedEof.into());
    }
    if answer == NO_SUCH_FILE.as_bytes() {
        return Err(ErrorKind::NotFound.into());
    }
    let size = number(answer)?;
    let mut temporary = NamedTempFile::new_in(folder)?;
    send(stream, b"ok")?;
    let digest = pass(stream, &mut temporary, size, progress)?;
    let mut announced = [0; 32];
    stream.read_exact(&mut announced)?;
    if announced != digest.as_bytes() {
        return Err(ErrorKind::InvalidData.into());
    }
    let path = folder.join(format!("{name}.new"));
    temporary.persist_noclobber(&path).map_err(|error| error.error)?;
    Ok(path)
}

/// Answer one request: send a file of `folder`, or [`NO_SUCH_FILE`]; return `false` if the client has
/// closed its side instead.
///
/// The answer is [`NO_SUCH_FILE`] unless the request is `get` and the name of a file in `folder`.
/// `UnexpectedEof` if the client closes instead of acknowledging, or if the file shrinks meanwhile.
pub fn serve_get(stream: &mut (impl Read + Write), folder: &Path) -> io::Result<bool> {
    let mut message = vec![0; PIECE];
    let n = read_some(stream, &mut message)?;
    if n == 0 {
        return Ok(false);
    }
    match open_requested(&message[..n], folder) {
        Some((mut file, size)) => {
            send_content(stream, &mut file, size, |_| {})?;
        }
        None => send(stream, NO_SUCH_FILE.as_bytes())?,
    }
    Ok(true)
}

/// Open the file that a request is for, if it is one, and find out its size.
fn open_requested(request: &[u8], folder: &Path) -> Option<(File, u64)> {
    let name = os_name(request.strip_prefix(b"get ")?)?;
    if !is_name(name) {
        return None;
    }
    let path = folder.join(name);
    // Before it is opened: opening a pipe would wait.
    if !fs::metadata(&path).ok()?.is_file() {
        return None;
    }
    let file = File::open(&path).ok()?;
    let size = file.metadata().ok()?.len();
    Some((file, size))
}

/// The bytes of a name, as the system's files have it.
#[cfg(unix)]
fn os_name(bytes: &[u8]) -> Option<&OsStr> {
    Some(std::os::unix::ffi::OsStrExt::from_bytes(bytes))
}

/// The bytes of a name, as the system's files have it.
#[cfg(not(unix))]
fn os_name(bytes: &[u8]) -> Option<&OsStr> {
    str::from_utf8(bytes).ok().map(OsStr::new)
}

/// Whether it is one name, and not a path, nor something that no file is called.
fn is_name(name: &OsStr) -> bool {
    let mut parts = Path::new(name).components();
    let one = matches!(parts.next(), Some(Component::Normal(part)) if part == name);
    one && parts.next().is_none() && !name.as_encoded_bytes().contains(&0)
}

/// Send the size, wait for the acknowledgement, send the content and its MD5, and return the MD5.
fn send_content(
    stream: &mut (impl Read + Write),
    content: &mut impl Read,
    size: u64,
    progress: impl FnMut(Progress),
) -> io::Result<String> {
    send(stream, size.to_string().as_bytes())?;
    let mut acknowledgement = [0; 1024];
    if read_some(stream, &mut acknowledgement)? == 0 {
        return Err(ErrorKind::UnexpectedEof.into());
    }
    let digest = pass(content, stream, size, progress)?;
    send(stream, digest.as_bytes())?;
    Ok(digest)
}

/// Copy `size` bytes, and return their MD5.
fn pass(
    from: &mut impl Read,
    to: &mut impl Write,
    size: u64,
    mut progress: impl FnMut(Progress),
) -> io::Result<String> {
    let mut md5 = Md5::new();
    let mut buffer = vec![0; PIECE];
    let mut done = 0;
    loop {
        let n = usize::try_from(size - done).unwrap_or(PIECE).min(PIECE);
        let piece = &mut buffer[..n];
        // UnexpectedEof if it ends early, and repeated if interrupted.
        from.read_exact(piece)?;
        to.write_all(piece)?;
        md5.update(piece);
        done += n as u64;
        progress(Progress { done, size });
        if done == size {
            return Ok(hex(&md5.finalize()));
        }
    }
}

/// Send a whole message.
fn send(stream: &mut impl Write, message: &[u8]) -> io::Result<()> {
    stream.write_all(message)?;
    stream.flush()
}

/// Read what is there, at most a buffer full; 0 bytes are the end.
fn read_some(reader: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    loop {
        match reader.read(buffer) {
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            result => return result,
        }
    }
}

/// The number that the digits mean; `InvalidData` if there is anything else, or too many of them.
fn number(digits: &[u8]) -> io::Result<u64> {
    let value = digits.iter().try_fold(0_u64, |value, digit| {
        let digit = char::from(*digit).to_digit(10)?;
        value.checked_mul(10)?.checked_add(u64::from(digit))
    });
    value.filter(|_| !digits.is_empty()).ok_or_else(|| ErrorKind::InvalidData.into())
}

fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let halves = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    halves.map(|half| char::from(DIGITS[usize::from(half)])).collect()
}
