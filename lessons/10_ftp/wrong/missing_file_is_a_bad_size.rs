//! Caught by a_missing_file_is_told_to_the_caller_and_the_next_may_come: MissingFileNotTold.
//!
//! What is no size is an error of the wire: that there is no such file, the caller never learns.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, BufWriter, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use md5::{Digest, Md5};
use tempfile::NamedTempFile;

/// What an upload server says to each client first.
pub const GREETING: &str = "欢迎登陆FTP系统";

/// What a download server says instead of a size.
pub const NO_SUCH_FILE: &str = "no such file";

/// What an upload server says in front of the MD5 of what it has received.
pub const RECEIPT: &str = "file MD5(after send):";

/// The digits of an MD5 in hexadecimal.
const DIGITS: usize = 32;

/// The longest request, size or acknowledgement, in bytes.
const REPLY: usize = 1024;

/// How much of a file is in memory at a time, in bytes.
const BUFFER: usize = 256 * 1024;

/// How far a transfer is, in bytes of content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// How many have passed.
    pub done: u64,
    /// How many there are.
    pub size: u64,
}

/// The MD5 of everything in `content`, in 32 hexadecimal digits.
pub fn md5_hex(content: &mut impl Read) -> io::Result<String> {
    let (_, md5) = copy_and_digest(content, &mut io::sink(), |_| {})?;
    Ok(md5)
}

/// Send the greeting of an upload server.
pub fn greet(stream: &mut impl Write) -> io::Result<()> {
    stream.write_all(GREETING.as_bytes())
}

/// Hear the greeting of an upload server, and not a byte more; `InvalidData` if it is another.
pub fn hear_greeting(stream: &mut impl Read) -> io::Result<()> {
    // Nothing marks its end, and it may come in pieces: but how long it is, we know.
    let mut greeting = [0; GREETING.len()];
    stream.read_exact(&mut greeting)?;
    if greeting != GREETING.as_bytes() {
        return Err(invalid("another greeting"));
    }
    Ok(())
}

/// Put a file of `size` bytes on the server, and make sure that it has arrived as it is.
///
/// `progress` is told after each piece. `UnexpectedEof` if `content` has fewer bytes than `size`, or if
/// the server leaves; `InvalidData` if its receipt is for other bytes.
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

/// Receive one file that a client puts, save it in `folder` as `name`, and send a receipt; `false` if
/// the client has closed its side instead.
///
/// The receipt has the MD5 of what came. If the client's own is another, nothing is saved: `InvalidData`,
/// once the receipt is sent. Without a receipt and with nothing left behind: `UnexpectedEof` if the
/// client leaves early, `AlreadyExists` if the name is taken, and `InvalidData` for a size that is not
/// decimal digits only, which is not acknowledged either.
pub fn serve_put(stream: &mut (impl Read + Write), name: &str, folder: &Path) -> io::Result<bool> {
    let mut size = [0; REPLY];
    let n = read_once(stream, &mut size)?;
    if n == 0 {
        return Ok(false);
    }
    let size = parse_size(&size[..n])?;
    let Received { file, md5, intact } = receive_content(stream, size, folder, |_| {})?;
    // First into its place, then the receipt: whoever has one may throw the original away.
    if intact {
        file.persist_noclobber(folder.join(name))?;
    }
    stream.write_all(format!("{RECEIPT}{md5}").as_bytes())?;
    if intact { Ok(true) } else { Err(invalid("content and MD5 do not agree")) }
}

/// Get the file `name` from the server, save it in `folder` as `<name>.new`, and return its path.
///
/// `progress` is told after each piece. `InvalidInput` for a name that is a path, before anything is
/// sent; `NotFound` if the server has no such file; `InvalidData` if what it says instead of a size is
/// anything else, or if content and MD5 do not agree; `UnexpectedEof` if it leaves early;
/// `AlreadyExists` if `<name>.new` is there already. After an error nothing is left behind.
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
        digits => parse_size(digits)?,
    };
    let Received { file, intact, .. } = receive_content(stream, size, folder, progress)?;
    if !intact {
        return Err(invalid("content and MD5 do not agree"));
    }
    let path = folder.join(format!("{name}.new"));
    file.persist_noclobber(&path)?;
    Ok(path)
}

/// Answer one request of a client: send it a file of `folder`, or say that there is no such file;
/// `false` if the client has closed its side instead.
///
/// Whatever is not `get` and the name of a file in `folder` is answered with [`NO_SUCH_FILE`].
/// `UnexpectedEof` if the client leaves instead of acknowledging, or if the file shrinks meanwhile.
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
        // Silence would leave the client waiting for ever.
        None => stream.write_all(NO_SUCH_FILE.as_bytes())?,
    }
    Ok(true)
}

/// The file that a request asks for, and its size.
fn requested(request: &[u8], folder: &Path) -> Option<(File, u64)> {
    let name = str::from_utf8(request).ok()?.strip_prefix("get ")?;
    if !is_one_name(name) {
        return None;
    }
    let file = File::open(folder.join(name)).ok()?;
    let metadata = file.metadata().ok()?;
    // A folder can be opened as well.
    metadata.is_file().then_some((file, metadata.len()))
}

/// Send the size, then, once it is acknowledged, the content and its MD5; return the MD5.
fn send_content(
    stream: &mut (impl Read + Write),
    content: &mut impl Read,
    size: u64,
    progress: impl FnMut(Progress),
) -> io::Result<String> {
    stream.write_all(size.to_string().as_bytes())?;
    // Whatever it says, and however long it is: nothing on this wire tells where a reply ends.
    if read_once(stream, &mut [0; REPLY])? == 0 {
        return Err(ended("before the acknowledgement"));
    }
    // Through a buffer, so that the last of the content and the MD5 leave in one write: sent apart, a
    // small one may wait until the peer acknowledges what went before (Nagle, RFC 896).
    let mut stream = BufWriter::with_capacity(BUFFER, stream);
    let md5 = copy_exactly(content, &mut stream, size, progress)?;
    stream.write_all(md5.as_bytes())?;
    stream.flush()?;
    Ok(md5)
}

/// Content that has come, in a file without a name of its own, which goes when it is dropped.
struct Received {
    file: NamedTempFile,
    /// The MD5 of what came.
    md5: String,
    /// Whether this is the MD5 that the sender had.
    intact: bool,
}

/// Acknowledge the size, then receive so much content and its MD5.
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

/// Copy `size` bytes, not one more, and return their MD5.
fn copy_exactly(
    from: &mut impl Read,
    to: &mut impl Write,
    size: u64,
    mut progress: impl FnMut(Progress),
) -> io::Result<String> {
    let told = |done| progress(Progress { done, size });
    // `take` ends where the content does: what follows is the MD5.
    let (done, md5) = copy_and_digest(&mut from.take(size), to, told)?;
    if done < size { Err(ended("inside the content")) } else { Ok(md5) }
}

/// Copy everything, digest it on its way, and return how much it was and its MD5.
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

/// One read, made again when a signal interrupted it.
fn read_once(stream: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    loop {
        match stream.read(buffer) {
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            read => return read,
        }
    }
}

fn parse_size(digits: &[u8]) -> io::Result<u64> {
    // `parse` alone would take `+5` for a size.
    let text = str::from_utf8(digits).ok().filter(|text| text.bytes().all(|b| b.is_ascii_digit()));
    text.and_then(|text| text.parse().ok()).ok_or_else(|| invalid("size is no number in digits"))
}

/// Whether `name` names something in a folder, and leads nowhere else.
fn is_one_name(name: &str) -> bool {
    Path::new(name).file_name() == Some(OsStr::new(name))
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
