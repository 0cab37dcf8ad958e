//! Right: small buffers, counts kept by hand, and a temporary file removed by hand.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicUsize, Ordering};

use md5::{Digest, Md5};

/// The greeting that an upload server sends to each client.
pub const GREETING: &str = "欢迎登陆FTP系统";

/// What a download server sends instead of a size if it does not have the file.
pub const NO_SUCH_FILE: &str = "no such file";

/// What an upload server sends before the MD5 of the content that it has received.
pub const RECEIPT: &str = "file MD5(after send):";

/// The progress of a transfer, in bytes of content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// How many have been transferred.
    pub done: u64,
    /// How many there are in all.
    pub size: u64,
}

const PIECE: usize = 8 * 1024;

/// Return the MD5 of everything in `content`, in 32 hexadecimal digits.
pub fn md5_hex(content: &mut impl Read) -> io::Result<String> {
    let mut md5 = Md5::new();
    let mut buffer = [0; PIECE];
    loop {
        match read_some(content, &mut buffer)? {
            0 => return Ok(hex(md5)),
            n => md5.update(&buffer[..n]),
        }
    }
}

/// Send the greeting of an upload server.
pub fn greet(stream: &mut impl Write) -> io::Result<()> {
    stream.write_all(GREETING.as_bytes())
}

/// Read the greeting of an upload server, and not a byte more; `InvalidData` if it is another text.
pub fn hear_greeting(stream: &mut impl Read) -> io::Result<()> {
    let mut greeting = [0; GREETING.len()];
    fill(stream, &mut greeting)?;
    if greeting == GREETING.as_bytes() { Ok(()) } else { Err(ErrorKind::InvalidData.into()) }
}

/// Put a file of `size` bytes on the server, and make sure that it has arrived unchanged.
pub fn put(
    stream: &mut (impl Read + Write),
    content: &mut impl Read,
    size: u64,
    progress: impl FnMut(Progress),
) -> io::Result<()> {
    let md5 = send(stream, content, size, progress)?;
    let mut receipt = [0; RECEIPT.len() + 32];
    fill(stream, &mut receipt)?;
    let (words, digits) = receipt.split_at(RECEIPT.len());
    match words == RECEIPT.as_bytes() && digits == md5.as_bytes() {
        true => Ok(()),
        false => Err(ErrorKind::InvalidData.into()),
    }
}

/// Receive one file, save it in `folder` as `name`, and send a receipt.
pub fn serve_put(stream: &mut (impl Read + Write), name: &str, folder: &Path) -> io::Result<bool> {
    let mut reply = [0; 1024];
    let n = read_some(stream, &mut reply)?;
    if n == 0 {
        return Ok(false);
    }
    let size = number(&reply[..n]).ok_or(ErrorKind::InvalidData)?;
    let part = Part::in_folder(folder)?;
    let (ours, theirs) = receive(stream, &part, size, |_| {})?;
    let good = ours == theirs;
    if good {
        part.becomes(&folder.join(name))?;
    }
    stream.write_all(RECEIPT.as_bytes())?;
    stream.write_all(&ours)?;
    if good { Ok(true) } else { Err(ErrorKind::InvalidData.into()) }
}

/// Get the file `name` from the server, save it in `folder` as `<name>.new`, and return its path.
pub fn get(
    stream: &mut (impl Read + Write),
    name: &str,
    folder: &Path,
    progress: impl FnMut(Progress),
) -> io::Result<PathBuf> {
    if !is_name(name) {
        return Err(ErrorKind::InvalidInput.into());
    }
    stream.write_all(format!("get {name}").as_bytes())?;
    let mut reply = [0; 1024];
    let n = read_some(stream, &mut reply)?;
    let reply = &reply[..n];
    if reply.is_empty() {
        return Err(ErrorKind::UnexpectedEof.into());
    }
    if reply == NO_SUCH_FILE.as_bytes() {
        return Err(ErrorKind::NotFound.into());
    }
    let size = number(reply).ok_or(ErrorKind::InvalidData)?;
    let part = Part::in_folder(folder)?;
    let (ours, theirs) = receive(stream, &part, size, progress)?;
    if ours != theirs {
        return Err(ErrorKind::InvalidData.into());
    }
    let path = folder.join(format!("{name}.new"));
    part.becomes(&path)?;
    Ok(path)
}

/// Answer one request; return `false` if the client has closed its side instead.
pub fn serve_get(stream: &mut (impl Read + Write), folder: &Path) -> io::Result<bool> {
    let mut request = [0; 1024];
    let n = read_some(stream, &mut request)?;
    if n == 0 {
        return Ok(false);
    }
    let name = request[..n].strip_prefix(b"get ").and_then(|name| str::from_utf8(name).ok());
    let path = name.filter(|name| is_name(name)).map(|name| folder.join(name));
    let is_file = |path: &PathBuf| fs::metadata(path).is_ok_and(|metadata| metadata.is_file());
    let Some(path) = path.filter(is_file) else {
        stream.write_all(NO_SUCH_FILE.as_bytes())?;
        return Ok(true);
    };
    let mut file = File::open(path)?;
    let size = file.metadata()?.len();
    send(stream, &mut file, size, |_| {})?;
    Ok(true)
}

fn send(
    stream: &mut (impl Read + Write),
    content: &mut impl Read,
    size: u64,
    mut progress: impl FnMut(Progress),
) -> io::Result<String> {
    stream.write_all(size.to_string().as_bytes())?;
    if read_some(stream, &mut [0; 1024])? == 0 {
        return Err(ErrorKind::UnexpectedEof.into());
    }
    let mut md5 = Md5::new();
    let mut buffer = [0; PIECE];
    let mut done = 0;
    while done < size {
        let wanted = PIECE.min((size - done).try_into().unwrap_or(PIECE));
        let n = read_some(content, &mut buffer[..wanted])?;
        if n == 0 {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        md5.update(&buffer[..n]);
        stream.write_all(&buffer[..n])?;
        done += n as u64;
        progress(Progress { done, size });
    }
    let md5 = hex(md5);
    stream.write_all(md5.as_bytes())?;
    Ok(md5)
}

/// Receive the content, and return its digest and the sender's.
fn receive(
    stream: &mut (impl Read + Write),
    part: &Part,
    size: u64,
    mut progress: impl FnMut(Progress),
) -> io::Result<([u8; 32], [u8; 32])> {
    stream.write_all("收到".as_bytes())?;
    let mut md5 = Md5::new();
    let mut buffer = [0; PIECE];
    let mut left = size;
    while left > 0 {
        let wanted = PIECE.min(left.try_into().unwrap_or(PIECE));
        let n = read_some(stream, &mut buffer[..wanted])?;
        if n == 0 {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        md5.update(&buffer[..n]);
        (&part.file).write_all(&buffer[..n])?;
        left -= n as u64;
        progress(Progress { done: size - left, size });
    }
    let mut theirs = [0; 32];
    fill(stream, &mut theirs)?;
    let mut ours = [0; 32];
    ours.copy_from_slice(hex(md5).as_bytes());
    Ok((ours, theirs))
}

/// A file without its final name, removed when this is dropped.
struct Part {
    file: File,
    path: PathBuf,
}

impl Part {
    fn in_folder(folder: &Path) -> io::Result<Part> {
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let path = folder.join(format!(".part-{}-{number}", process::id()));
        Ok(Part { file: File::create_new(&path)?, path })
    }

    /// Give the file its name, unless the name is taken: a hard link checks and names in one step.
    fn becomes(self, path: &Path) -> io::Result<()> {
        fs::hard_link(&self.path, path)
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}

fn read_some(stream: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    loop {
        match stream.read(buffer) {
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            result => return result,
        }
    }
}

fn fill(stream: &mut impl Read, mut buffer: &mut [u8]) -> io::Result<()> {
    while !buffer.is_empty() {
        let n = read_some(stream, buffer)?;
        if n == 0 {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        buffer = &mut buffer[n..];
    }
    Ok(())
}

fn number(digits: &[u8]) -> Option<u64> {
    let mut number = 0_u64;
    for digit in digits {
        let digit = digit.is_ascii_digit().then(|| u64::from(digit - b'0'))?;
        number = number.checked_mul(10)?.checked_add(digit)?;
    }
    Some(number)
}

fn is_name(name: &str) -> bool {
    !matches!(name, "" | "." | "..") && !name.contains(['/', '\\', ':', '\0'])
}

fn hex(md5: Md5) -> String {
    md5.finalize().iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"))
}
