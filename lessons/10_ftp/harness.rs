//! What the checks of lesson 10 stand on: peers, servers and values of their own.

use std::cell::Cell;
use std::fs;
use std::io::ErrorKind::{self, InvalidData, UnexpectedEof};
use std::io::{self, Read, Write};
use std::net::TcpStream;

use ftp::{RECEIPT, get, put, serve_get, serve_put};
use md5::{Digest, Md5};
use netkata::{
    Cause, Expected, Finding, Folder, PartialOp, Scene, Wire, connected, fails_with, quoted,
    returns,
};

use super::{causes, words};

pub const MIB: usize = 1024 * 1024;

/// The path of the file `a.txt`, which is sent or received.
pub const FILE: &str = "received/a.txt";

/// The side that sends content: a client that puts, or a server that answers a request.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Sender {
    Put,
    ServeGet,
}

pub const SENDERS: [Sender; 2] = [Sender::Put, Sender::ServeGet];

impl Sender {
    /// Make a peer that does its whole part of a transfer, after these earlier bytes were sent to it.
    pub fn takes(self, wire: Wire, before: &[u8], content: &[u8], acknowledgement: &[u8]) -> Wire {
        let wire = if before.is_empty() { wire } else { wire.then_awaits(before.len()) };
        let size = content.len().to_string();
        let wire = self.asked(wire).then_awaits_exactly(&[before, size.as_bytes()].concat());
        self.confirms(wire.then_delivers(acknowledgement), content)
    }

    pub fn asked(self, wire: Wire) -> Wire {
        match self {
            Sender::Put => wire,
            Sender::ServeGet => wire.then_delivers(b"get a.txt"),
        }
    }

    pub fn confirms(self, wire: Wire, content: &[u8]) -> Wire {
        match self {
            // The peer does not wait for the content: the check inspects it afterwards.
            Sender::Put => wire.then_delivers(&receipt(content)),
            Sender::ServeGet => wire,
        }
    }

    pub fn expect(self, wire: &mut Wire, content: &[u8], expected: Expected<Finding>) {
        match self {
            Sender::Put => wire.expect("put", expected, |wire| {
                put(wire, &mut &content[..], content.len() as u64, |_| {})?;
                Ok(Finding::of(words::SENT))
            }),
            Sender::ServeGet => {
                let folder = Folder::awaiting("a.txt");
                folder.put(FILE, content);
                wire.expect("serve_get", expected, |wire| {
                    let served = serve_get(wire, &folder.path())?;
                    Ok(Finding::of(if served { words::SENT } else { words::THE_CLIENT_HAS_GONE }))
                });
            }
        }
    }
}

pub fn sent() -> Expected<Finding> {
    returns(Finding::of(words::SENT))
}

/// The side that receives content: a server that files are put on, or a client that requests one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Receiver {
    ServePut,
    Get,
}

pub const RECEIVERS: [Receiver; 2] = [Receiver::ServePut, Receiver::Get];

impl Receiver {
    pub fn call(self) -> &'static str {
        match self {
            Receiver::ServePut => "serve_put",
            Receiver::Get => "get",
        }
    }

    /// What is sent before the size.
    pub fn request(self) -> &'static [u8] {
        match self {
            Receiver::ServePut => b"",
            Receiver::Get => b"get a.txt",
        }
    }

    /// What confirms the content.
    pub fn receipt(self, content: &[u8]) -> Vec<u8> {
        match self {
            Receiver::ServePut => receipt(content),
            Receiver::Get => Vec::new(),
        }
    }

    /// The path under which the file is saved.
    pub fn file(self) -> &'static str {
        match self {
            Receiver::ServePut => FILE,
            Receiver::Get => "received/a.txt.new",
        }
    }

    pub fn folder(self) -> Folder {
        Folder::awaiting(self.file().trim_start_matches("received/"))
    }

    pub fn asked(self, wire: Wire) -> Wire {
        match self.request() {
            [] => wire,
            request => wire.then_awaits(request.len()),
        }
    }

    pub fn acknowledged(self, wire: Wire) -> Wire {
        wire.then_awaits(self.request().len() + 1)
    }

    /// Make a peer that announces this much content.
    pub fn announces(self, size: &str) -> Wire {
        self.acknowledged(self.asked(Wire::silent()).then_delivers(size.as_bytes()))
    }

    /// Receive one file, and return its path.
    pub fn receive(self, stream: &mut (impl Read + Write), folder: &Folder) -> io::Result<String> {
        match self {
            Receiver::ServePut => {
                let served = serve_put(stream, "a.txt", &folder.path())?;
                Ok(if served { FILE } else { &words::NOWHERE_THE_CLIENT_HAS_GONE }.to_owned())
            }
            Receiver::Get => folder.shown(get(stream, "a.txt", &folder.path(), |_| {})),
        }
    }

    pub fn saved(self) -> Expected<String> {
        returns(self.file().to_owned()).or_when_it_waits(causes::DigestSwallowed)
    }

    pub fn expect(self, wire: &mut Wire, folder: &Folder, expected: Expected<String>) {
        wire.expect(self.call(), expected, |wire| self.receive(wire, folder));
    }

    /// Expect `InvalidData`; report this cause for any other result.
    pub fn expect_refused(self, wire: &mut Wire, folder: &Folder, cause: Cause) {
        let scene = wire.scene().clone();
        scene.expect(self.call(), fails_with(InvalidData).or(cause.clone()), || {
            let came = self.receive(wire, folder);
            if came.as_ref().err().map(io::Error::kind) != Some(InvalidData) {
                scene.notice(cause);
            }
            came
        });
    }

    /// Expect the request, an acknowledgement of any form, and the receipt for this content.
    pub fn expect_replies(self, wire: &Wire, content: &[u8]) {
        let receipt = self.receipt(content);
        let said = wire.written();
        let between =
            said.strip_prefix(self.request()).and_then(|it| it.strip_suffix(&receipt[..]));
        let expected = match self {
            Receiver::ServePut => words::AN_ACKNOWLEDGEMENT_THEN_THE_RECEIPT,
            Receiver::Get => words::THE_REQUEST_THEN_AN_ACKNOWLEDGEMENT,
        };
        let cause = match self {
            Receiver::ServePut => causes::NotTheReceipt,
            Receiver::Get => causes::RequestHasAnotherForm,
        };
        let right = between.is_some_and(|it| (1..=1024).contains(&it.len()));
        expect_received(wire, &expected, right, cause);
    }

    pub fn expect_no_receipt(self, wire: &Wire) {
        let receipts = wire.written().windows(4).any(|it| it == &RECEIPT.as_bytes()[..4]);
        expect_received(wire, &words::NO_RECEIPT, !receipts, causes::ReceiptTooSoon);
    }

    /// End the stream inside content and MD5, by a close and by a reset, and expect that no file is left.
    pub fn expect_nothing_left(self, size: &str, part: &[u8]) {
        let folder = self.folder();
        let mut wire = self.announces(size).then_delivers(part).then_closes();
        let broken = fails_with(UnexpectedEof).or(causes::EndTakenForDamage);
        self.expect(&mut wire, &folder, broken);
        folder.expect_nothing_left(wire.scene());
        self.expect_no_receipt(&wire);

        let folder = self.folder();
        let mut wire = self.announces(size).then_delivers(part).then_resets();
        let error = words::AN_ERROR.to_owned();
        let broken = returns(error.clone()).or(Cause::TruncationLooksComplete);
        wire.expect(self.call(), broken, |wire| Ok(self.receive(wire, &folder).unwrap_or(error)));
        folder.expect_nothing_left(wire.scene());
    }
}

/// A connection that watches for a receipt: the whole file must be in its place before it.
pub struct ReceiptWatch<'a> {
    pub wire: &'a mut Wire,
    pub content: &'a [u8],
    pub folder: &'a Folder,
}

impl Read for ReceiptWatch<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.wire.read(buffer)
    }
}

impl Write for ReceiptWatch<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let said = [&self.wire.written(), bytes].concat();
        let receipt = said.windows(4).any(|part| part == &RECEIPT.as_bytes()[..4]);
        let is_saved = fs::read(self.folder.at(FILE)).is_ok_and(|saved| saved == self.content);
        if receipt && !is_saved {
            self.wire.scene().happened(words::THE_RECEIPT_IS_SENT_TOO_SOON);
            self.wire.scene().notice(causes::ReceiptTooSoon);
        }
        self.wire.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.wire.flush()
    }
}

/// A stream that counts what is read from it.
pub struct Counted<'a, S> {
    pub stream: S,
    pub read: &'a Cell<usize>,
}

impl<S: Read> Read for Counted<'_, S> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.stream.read(buffer)?;
        self.read.set(self.read.get() + n);
        Ok(n)
    }
}

impl<S: Write> Write for Counted<'_, S> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.stream.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}

/// Compare reports with what had passed when each was made: bytes done, the size, and bytes passed.
pub fn when(reports: &[(u64, u64, usize)], size: usize) -> Finding {
    let mut last = 0;
    for &(done, of, passed) in reports {
        let report = words::reported(done, of, passed);
        if of != size as u64 || done > passed as u64 || done < last {
            return Finding::of(report);
        }
        if done - last > MIB as u64 {
            return Finding::of(words::and_before(report, last));
        }
        last = done;
    }
    let end = if last == size as u64 { words::AS_THEY_PASS } else { words::NEVER_THE_LAST };
    Finding::of(end)
}

/// A connection that delivers these bytes and then ends; what is written to it is discarded.
pub struct Delivers<R>(pub R);

impl<R: Read> Read for Delivers<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }
}

impl<R> Write for Delivers<R> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Make a peer that sends one thing, then another, and closes its side.
pub fn closes_after<'a, R: Read>(
    first: &'a [u8],
    then: R,
) -> (Scene, impl Read + Write + use<'a, R>) {
    // A wire at the end: it stops a reader that never stops reading.
    let wire = Wire::silent().then_closes();
    let scene = wire.scene().clone();
    scene.peer_sent(first);
    (scene, Delivers(first.chain(then).chain(wire)))
}

/// Make a connection that sends what it has at once, without waiting for more (TCP_NODELAY, tcp(7)).
pub fn prompt_connection() -> (TcpStream, TcpStream) {
    let (client, server) = connected().expect("failed to connect over loopback");
    for end in [&client, &server] {
        end.set_nodelay(true).expect("failed to set TCP_NODELAY");
    }
    (client, server)
}

pub fn notice_memory(scene: &Scene, most: usize) {
    if most > 8 * MIB {
        scene.happened(words::MORE_THAN_8_MIB_HELD);
        scene.notice(Cause::HeldInMemory);
    }
}

/// Expect that exactly this was written; report this cause for anything else.
pub fn expect_written(wire: &Wire, expected: &[u8], cause: Cause) {
    let written = wire.written();
    wire.scene().expect_of_peer(words::HEARS, returns(expected.to_vec()), || {
        if written != expected {
            wire.scene().notice(cause);
        }
        Ok(written)
    });
}

/// Expect that the peer receives this; the check has already decided whether it is right.
pub fn expect_received(wire: &Wire, expected: &str, right: bool, cause: Cause) {
    let came = if right { expected.to_owned() } else { quoted(&wire.written()) };
    wire.scene().expect_of_peer(words::HEARS, returns(Finding::of(expected)), || {
        if !right {
            wire.scene().notice(cause);
        }
        Ok(Finding::of(came))
    });
}

/// Expect that an error of the stream is returned as it is.
pub fn comes_back<T>(kind: ErrorKind) -> Expected<T> {
    fails_with(kind).or(Cause::ErrorLost)
}

pub fn limits(sizes: &[usize]) -> Vec<PartialOp> {
    sizes.iter().copied().map(PartialOp::Limited).collect()
}

/// Everything that a sender of this content sends.
pub fn whole(content: &[u8]) -> Vec<u8> {
    [content.len().to_string().as_bytes(), &content_and_md5(content)].concat()
}

pub fn content_and_md5(content: &[u8]) -> Vec<u8> {
    [content, md5_of(content).as_bytes()].concat()
}

pub fn receipt(content: &[u8]) -> Vec<u8> {
    [RECEIPT.as_bytes(), md5_of(content).as_bytes()].concat()
}

pub fn md5_of(content: &[u8]) -> String {
    Md5::digest(content).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Whether this is the MD5 of a whole buffer: this content, then zeros up to a usual size.
pub fn is_of_a_buffer(md5: &str, content: &[u8]) -> bool {
    let sizes = (4..=20).map(|power| 1 << power).filter(|size| *size > content.len());
    let buffers = sizes.map(|size| [content, &vec![0; size - content.len()]].concat());
    buffers.into_iter().any(|buffer| md5_of(&buffer) == md5)
}

pub fn text(length: usize) -> Vec<u8> {
    (b'a'..=b'z').cycle().take(length).collect()
}

/// A request for a name that is too long for any file.
pub fn long_request() -> &'static [u8] {
    [r"get ", &"a".repeat(300)].concat().leak().as_bytes()
}
