//! Put files on a server and get them back, each followed by its MD5, as the notes' programs do it.
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
//!
//! On one machine, with files that exist, this works. Make it work on a network.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

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

/// Return the MD5 of everything in `content`, in 32 hexadecimal digits.
pub fn md5_hex(content: &mut impl Read) -> io::Result<String> {
    let mut md5 = Md5::new();
    let mut buffer = [0; 1024];
    loop {
        let n = content.read(&mut buffer)?;
        if n == 0 {
            return Ok(hex(&md5.finalize()));
        }
        md5.update(&buffer[..n]);
    }
}

/// Send the greeting of an upload server.
pub fn greet(stream: &mut impl Write) -> io::Result<()> {
    let _ = stream.write(GREETING.as_bytes())?;
    Ok(())
}

/// Read the greeting of an upload server, and not a byte more; `InvalidData` if it is another text.
pub fn hear_greeting(stream: &mut impl Read) -> io::Result<()> {
    let mut greeting = [0; 1024];
    let _ = stream.read(&mut greeting)?;
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
    send_content(stream, content, size, progress)?;
    let mut receipt = [0; 1024];
    // The notes only print it.
    let _ = stream.read(&mut receipt)?;
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
    let mut size = [0; 1024];
    let n = stream.read(&mut size)?;
    if n == 0 {
        return Ok(false);
    }
    let size = number(&size[..n]);
    let mut file = File::create(folder.join(name))?;
    let _ = stream.write(b"ok")?;
    let mut md5 = Md5::new();
    let mut buffer = [0; 1024];
    let mut received = 0;
    loop {
        let n = stream.read(&mut buffer)?;
        md5.update(&buffer[..n]);
        file.write_all(&buffer[..n])?;
        received += n as u64;
        if received == size {
            break;
        }
    }
    let _ = stream.read(&mut buffer)?;
    let _ = stream.write(format!("{RECEIPT}{}", hex(&md5.finalize())).as_bytes())?;
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
    mut progress: impl FnMut(Progress),
) -> io::Result<PathBuf> {
    let _ = stream.write(format!("get {name}").as_bytes())?;
    let mut buffer = [0; 1024];
    let n = stream.read(&mut buffer)?;
    let size = number(&buffer[..n]);
    let _ = stream.write(b"ok")?;
    let path = folder.join(format!("{name}.new"));
    let mut file = File::create(&path)?;
    let mut received = 0;
    while received < size {
        let n = stream.read(&mut buffer)?;
        file.write_all(&buffer[..n])?;
        received += n as u64;
        progress(Progress { done: received, size });
    }
    // The notes only print both digests.
    let _ = stream.read(&mut buffer)?;
    Ok(path)
}

/// Answer one request: send a file of `folder`, or [`NO_SUCH_FILE`]; return `false` if the client has
/// closed its side instead.
///
/// The answer is [`NO_SUCH_FILE`] unless the request is `get` and the name of a file in `folder`.
/// `UnexpectedEof` if the client closes instead of acknowledging, or if the file shrinks meanwhile.
pub fn serve_get(stream: &mut (impl Read + Write), folder: &Path) -> io::Result<bool> {
    let mut request = [0; 1024];
    let n = stream.read(&mut request)?;
    if n == 0 {
        return Ok(false);
    }
    let request = String::from_utf8_lossy(&request[..n]).into_owned();
    let name = request.split(' ').nth(1).expect("a name");
    let path = folder.join(name);
    if path.is_file() {
        let mut file = File::open(&path)?;
        let size = file.metadata()?.len();
        send_content(stream, &mut file, size, |_| {})?;
    }
    Ok(true)
}

/// Send the size, wait for the acknowledgement, send the content and its MD5, and return the MD5.
fn send_content(
    stream: &mut (impl Read + Write),
    content: &mut impl Read,
    size: u64,
    mut progress: impl FnMut(Progress),
) -> io::Result<String> {
    let _ = stream.write(size.to_string().as_bytes())?;
    let mut buffer = [0; 1024];
    let _ = stream.read(&mut buffer)?;
    let mut md5 = Md5::new();
    let mut done = 0;
    loop {
        let n = content.read(&mut buffer)?;
        if n == 0 {
            break;
        }
        md5.update(&buffer[..n]);
        let _ = stream.write(&buffer[..n])?;
        done += n as u64;
        progress(Progress { done, size });
    }
    let md5 = hex(&md5.finalize());
    let _ = stream.write(md5.as_bytes())?;
    Ok(md5)
}

fn number(digits: &[u8]) -> u64 {
    String::from_utf8_lossy(digits).parse().expect("a size")
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
