//! Right: a stream that digests every byte read from it, and `io::copy` for the rest.

use std::fs::File;
use std::io::{self, BufReader, Error, ErrorKind, Read, Write};
use std::path::{Component, Path, PathBuf};

use md5::{Digest, Md5};
use tempfile::{Builder, NamedTempFile};

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
    let mut content = Digesting::new(content, |_| {});
    io::copy(&mut content, &mut io::sink())?;
    Ok(content.md5())
}

/// Send the greeting of an upload server.
pub fn greet(stream: &mut impl Write) -> io::Result<()> {
    stream.write_all(GREETING.as_bytes())
}

/// Read the greeting of an upload server, and not a byte more; `InvalidData` if it is another text.
pub fn hear_greeting(stream: &mut impl Read) -> io::Result<()> {
    expect(stream, GREETING)
}

/// Put a file of `size` bytes on the server, and make sure that it has arrived unchanged.
pub fn put(
    stream: &mut (impl Read + Write),
    content: &mut impl Read,
    size: u64,
    progress: impl FnMut(Progress),
) -> io::Result<()> {
    let md5 = send(stream, content, size, progress)?;
    expect(stream, &[RECEIPT, &md5].concat())
}

/// Receive one file, save it in `folder` as `name`, and send a receipt.
pub fn serve_put(stream: &mut (impl Read + Write), name: &str, folder: &Path) -> io::Result<bool> {
    let Some(size) = read_reply(stream)? else { return Ok(false) };
    let size = number(&size)?;
    let (saved, md5) = match receive(stream, size, folder, |_| {})? {
        (md5, Some(file)) => {
            file.persist_noclobber(folder.join(name)).map_err(|error| error.error)?;
            (Ok(true), md5)
        }
        (md5, None) => (Err(ErrorKind::InvalidData.into()), md5),
    };
    write!(stream, "{RECEIPT}{md5}")?;
    saved
}

/// Get the file `name` from the server, save it in `folder` as `<name>.new`, and return its path.
pub fn get(
    stream: &mut (impl Read + Write),
    name: &str,
    folder: &Path,
    progress: impl FnMut(Progress),
) -> io::Result<PathBuf> {
    if !is_plain(name) {
        return Err(Error::new(ErrorKind::InvalidInput, format!("{name} is a path")));
    }
    let request = format!("get {name}");
    stream.write_all(request.as_bytes())?;
    let reply = read_reply(stream)?.ok_or(ErrorKind::UnexpectedEof)?;
    if reply == NO_SUCH_FILE.as_bytes() {
        return Err(Error::new(ErrorKind::NotFound, format!("the server has no {name}")));
    }
    let (_, file) = receive(stream, number(&reply)?, folder, progress)?;
    let path = folder.join([name, ".new"].concat());
    match file {
        Some(file) => file.persist_noclobber(&path).map(|_| path).map_err(|error| error.error),
        None => Err(Error::new(ErrorKind::InvalidData, "damaged on the way")),
    }
}

/// Answer one request; return `false` if the client has closed its side instead.
pub fn serve_get(stream: &mut (impl Read + Write), folder: &Path) -> io::Result<bool> {
    let Some(request) = read_reply(stream)? else { return Ok(false) };
    let name = str::from_utf8(&request).ok().and_then(|request| request.strip_prefix("get "));
    let path = name.filter(|name| is_plain(name)).map(|name| folder.join(name));
    match path.filter(|path| path.is_file()).and_then(|path| File::open(path).ok()) {
        Some(mut file) => {
            let size = file.metadata()?.len();
            send(stream, &mut file, size, |_| {}).map(|_| true)
        }
        None => stream.write_all(NO_SUCH_FILE.as_bytes()).map(|()| true),
    }
}

fn send(
    stream: &mut (impl Read + Write),
    content: &mut impl Read,
    size: u64,
    mut progress: impl FnMut(Progress),
) -> io::Result<String> {
    write!(stream, "{size}")?;
    read_reply(stream)?.ok_or(ErrorKind::UnexpectedEof)?;
    let content = Digesting::new(content.take(size), |done| progress(Progress { done, size }));
    let mut content = BufReader::with_capacity(64 * 1024, content);
    if io::copy(&mut content, stream)? < size {
        return Err(Error::new(ErrorKind::UnexpectedEof, "the file has shrunk"));
    }
    let md5 = content.into_inner().md5();
    stream.write_all(md5.as_bytes())?;
    Ok(md5)
}

/// Receive the content, and return its MD5, and the file if the sender's MD5 is the same.
fn receive(
    stream: &mut (impl Read + Write),
    size: u64,
    folder: &Path,
    mut progress: impl FnMut(Progress),
) -> io::Result<(String, Option<NamedTempFile>)> {
    let mut file = Builder::new().prefix(".incoming-").tempfile_in(folder)?;
    stream.write_all(b"1")?;
    let content =
        Digesting::new(Read::by_ref(stream).take(size), |done| progress(Progress { done, size }));
    let mut content = BufReader::with_capacity(64 * 1024, content);
    let done = io::copy(&mut content, &mut file)?;
    let md5 = content.into_inner().md5();
    let mut theirs = String::new();
    // Bytes that are not text are not an MD5 either; the end of the stream is reported below.
    let digits = stream.take(32).read_to_string(&mut theirs);
    match digits {
        Err(error) if error.kind() != ErrorKind::InvalidData => Err(error),
        Ok(n) if n < 32 || done < size => Err(ErrorKind::UnexpectedEof.into()),
        _ => Ok((md5.clone(), (theirs == md5).then_some(file))),
    }
}

/// A stream that digests every byte read from it, and reports how many there were.
struct Digesting<R, P> {
    stream: R,
    digest: Md5,
    done: u64,
    progress: P,
}

impl<R, P> Digesting<R, P> {
    fn new(stream: R, progress: P) -> Digesting<R, P> {
        Digesting { stream, digest: Md5::new(), done: 0, progress }
    }

    fn md5(self) -> String {
        self.digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

impl<R: Read, P: FnMut(u64)> Read for Digesting<R, P> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.stream.read(buffer)?;
        self.digest.update(&buffer[..n]);
        self.done += n as u64;
        if n > 0 {
            (self.progress)(self.done);
        }
        Ok(n)
    }
}

/// Return the bytes of one read, or `None` at the end of the stream.
fn read_reply(stream: &mut impl Read) -> io::Result<Option<Vec<u8>>> {
    let mut reply = vec![0; 1024];
    loop {
        match stream.read(&mut reply) {
            Ok(0) => return Ok(None),
            Ok(n) => {
                reply.truncate(n);
                return Ok(Some(reply));
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

fn expect(stream: &mut impl Read, words: &str) -> io::Result<()> {
    let mut received = vec![0; words.len()];
    stream.read_exact(&mut received)?;
    match received == words.as_bytes() {
        true => Ok(()),
        false => Err(Error::new(ErrorKind::InvalidData, format!("not {words}"))),
    }
}

fn number(digits: &[u8]) -> io::Result<u64> {
    let text = str::from_utf8(digits).unwrap_or_default();
    match text.parse() {
        Ok(number) if digits.iter().all(u8::is_ascii_digit) => Ok(number),
        _ => Err(Error::new(ErrorKind::InvalidData, "not a size")),
    }
}

fn is_plain(name: &str) -> bool {
    let mut components = Path::new(name).components();
    let first = components.next();
    // `a.txt/` and `a.txt/.` have one component, too.
    components.next().is_none()
        && matches!(first, Some(Component::Normal(it)) if it == name)
        && !name.contains('\0')
}
