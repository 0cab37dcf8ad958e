//! Right: a thread enforces the timeout, and each read starts it again; the challenge and the chat share
//! one buffered reader, so that the bytes it reads ahead are not lost.

use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::ops::{BitOrAssign, BitXor};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread;
use std::time::Duration;

use md5::Md5;
use sha1::Sha1;
use sha2::Sha256;
use sha2::digest::{Digest, FixedOutput, HashMarker, Output, Update};

/// The error of a read that waited for as long as its timeout.
const SILENCE: ErrorKind = if cfg!(windows) { ErrorKind::TimedOut } else { ErrorKind::WouldBlock };

/// Compute the HMAC with MD5 (RFC 2104).
pub fn hmac_md5(key: &[u8], message: &[u8]) -> [u8; 16] {
    Keyed::<Md5>::new(key).of(message).into()
}

/// Compute the HMAC with SHA-256 (RFC 4231).
pub fn hmac_sha256(key: &[u8], message: &[u8]) -> [u8; 32] {
    Keyed::<Sha256>::new(key).of(message).into()
}

/// Return whether two digests are the same, and inspect every byte, wherever they differ.
pub fn digests_match<B>(ours: &[B], theirs: &[B]) -> bool
where
    B: Copy + Default + PartialEq + BitXor<Output = B> + BitOrAssign,
{
    let same = ours.iter().zip(theirs).filter(|(a, b)| a == b).count();
    (same == ours.len()) & (same == theirs.len())
}

/// Challenge the peer to prove that it knows `key`, and return whether it did.
pub fn challenge(stream: &mut (impl Read + Write), key: &[u8]) -> io::Result<bool> {
    let mut nonce = [0; 32];
    getrandom::fill(&mut nonce)?;
    stream.write_all(&nonce)?;
    stream.flush()?;
    let mut answer = Vec::with_capacity(16);
    if stream.take(16).read_to_end(&mut answer)? < 16 {
        return Err(io::Error::new(ErrorKind::UnexpectedEof, "the peer left before its answer"));
    }
    Ok(digests_match(&hmac_md5(key, &nonce), &answer))
}

/// Answer the peer's challenge.
pub fn respond(stream: &mut (impl Read + Write), key: &[u8]) -> io::Result<()> {
    let mut nonce = Vec::with_capacity(32);
    match stream.take(32).read_to_end(&mut nonce)? {
        32 => stream.write_all(&hmac_md5(key, &nonce)),
        _ => Err(io::Error::new(ErrorKind::UnexpectedEof, "the peer left before its challenge")),
    }
}

/// Send back in capitals (ASCII) what the peer sends, until it closes its side.
pub fn chat(stream: &mut (impl Read + Write)) -> io::Result<()> {
    chat_buffered(&mut BufReader::new(stream))
}

/// Serve one client: challenge it, chat if it knows `key`, and close. Return whether it knew the key.
pub fn serve_client(stream: TcpStream, key: &[u8], timeout: Duration) -> io::Result<bool> {
    let watched = stream.try_clone()?;
    let (heard, hears) = mpsc::channel();
    let watchdog = thread::spawn(move || {
        loop {
            match hears.recv_timeout(timeout) {
                Ok(()) => {}
                Err(RecvTimeoutError::Disconnected) => return false,
                Err(RecvTimeoutError::Timeout) => {
                    let _ = watched.shutdown(Shutdown::Both);
                    return true;
                }
            }
        }
    });
    let mut stream = Buffered { reader: BufReader::new(stream), heard };
    let proved = challenge(&mut stream, key);
    // Without a sender the watchdog ends.
    let Buffered { mut reader, heard } = stream;
    drop(heard);
    // Its clone of the socket is dropped too: the peer sees the end when this stream is dropped.
    let was_silent = watchdog.join().unwrap_or(false);
    if was_silent {
        return Err(SILENCE.into());
    }
    if proved? { chat_buffered(&mut reader).map(|()| true) } else { Ok(false) }
}

/// Compute SHA-1 of `secret` and then `data`, in hex.
pub fn salted_sha1(secret: &[u8], data: &[u8]) -> String {
    format!("{:x}", Shown(&Sha1::digest([secret, data].concat())))
}

/// Sign `message`: its HMAC-SHA-256 under `key`, in hex.
pub fn sign(key: &[u8], message: &[u8]) -> String {
    format!("{:x}", Shown(&hmac_sha256(key, message)))
}

/// Return whether `signature` is what [`sign`] returns for `message` under `key`.
pub fn verify(key: &[u8], message: &[u8], signature: &str) -> bool {
    digests_match(sign(key, message).as_bytes(), signature.as_bytes())
}

/// Both digests of an HMAC, begun with the key: made once, used for many messages.
struct Keyed<H> {
    inner: H,
    outer: H,
}

impl<H: Default + Clone + Update + FixedOutput + HashMarker> Keyed<H> {
    fn new(key: &[u8]) -> Keyed<H> {
        let short = if key.len() > 64 { H::digest(key).to_vec() } else { key.to_vec() };
        let padded = |pad: u8| {
            let filled = short.iter().copied().chain(std::iter::repeat(0)).take(64);
            <H as Digest>::new_with_prefix(filled.map(|byte| byte ^ pad).collect::<Vec<u8>>())
        };
        Keyed { inner: padded(0x36), outer: padded(0x5c) }
    }

    fn of(&self, message: &[u8]) -> Output<H> {
        let inner = Digest::finalize(Digest::chain_update(self.inner.clone(), message));
        Digest::finalize(Digest::chain_update(self.outer.clone(), inner))
    }
}

/// A connection that is read through a buffer and written to directly; it reports each read.
struct Buffered {
    reader: BufReader<TcpStream>,
    heard: Sender<()>,
}

impl Read for Buffered {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.reader.read(buffer)?;
        // If the watchdog has ended, the socket is shut down, and the next read shows it.
        let _ = self.heard.send(());
        Ok(n)
    }
}

impl Write for Buffered {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.reader.get_mut().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.reader.get_mut().flush()
    }
}

struct Shown<'a>(&'a [u8]);

impl std::fmt::LowerHex for Shown<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|byte| write!(formatter, "{byte:02x}"))
    }
}

fn chat_buffered(stream: &mut BufReader<impl Read + Write>) -> io::Result<()> {
    loop {
        let capitals = match stream.fill_buf() {
            Ok([]) => return Ok(()),
            Ok(received) => received.to_ascii_uppercase(),
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        stream.consume(capitals.len());
        stream.get_mut().write_all(&capitals)?;
    }
}
