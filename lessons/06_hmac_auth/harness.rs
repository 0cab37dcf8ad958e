//! What the checks of lesson 6 stand on: peers, servers and values of their own.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::io::ErrorKind::{self};
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::ops::{BitOrAssign, BitXor};
use std::panic::resume_unwind;
use std::time::{Duration, Instant};
use std::{mem, thread};

use hmac::{Hmac, KeyInit, Mac};
use hmac_auth::{challenge, digests_match, hmac_md5, hmac_sha256, serve_client};
use md5::Md5;
use netkata::{
    Background, Cause, Describe, Scene, TcpCall, TcpPeer, Wire, connected, counted, fails_with,
    in_background, returns,
};
use sha2::Sha256;
use sha2::digest::Digest;

use super::{KEY, WRONG_ANSWER, causes, words};

/// The bytes 01 to 19 in hexadecimal, a key of both RFCs.
pub const ONE_TO_25: [u8; 25] =
    [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25];

/// The error of a read that waited for as long as its timeout.
pub const SILENCE: ErrorKind =
    if cfg!(windows) { ErrorKind::TimedOut } else { ErrorKind::WouldBlock };

/// Bytes as a story shows them without a comparison: as text or digits.
#[derive(Clone, Debug, PartialEq)]
pub struct Said(pub String);

impl Said {
    pub fn text(text: &str) -> Said {
        Said(text.to_owned())
    }

    pub fn bytes(bytes: &[u8]) -> Said {
        Said(String::from_utf8_lossy(bytes).into_owned())
    }
}

impl Describe for Said {
    fn describe(&self) -> String {
        if self.0.is_empty() { words::NOTHING.to_owned() } else { self.0.clone() }
    }
}

/// A byte that records when it is read.
#[derive(Clone, Copy, Default)]
pub struct Watched {
    pub value: u8,
    pub place: Option<usize>,
}

thread_local! {
    /// The positions of the bytes that were read.
    static INSPECTED: RefCell<BTreeSet<usize>> = const { RefCell::new(BTreeSet::new()) };
}

impl Watched {
    pub fn inspect(self) -> u8 {
        INSPECTED.with_borrow_mut(|inspected| inspected.extend(self.place));
        self.value
    }
}

impl PartialEq for Watched {
    fn eq(&self, other: &Watched) -> bool {
        // Always read both: this comparison does not stop early.
        let (ours, theirs) = (self.inspect(), other.inspect());
        ours == theirs
    }
}

impl BitXor for Watched {
    type Output = Watched;

    fn bitxor(self, other: Watched) -> Watched {
        Watched { value: self.inspect() ^ other.inspect(), place: None }
    }
}

impl BitOrAssign for Watched {
    fn bitor_assign(&mut self, other: Watched) {
        self.value |= other.inspect();
    }
}

pub fn bytes_inspected(ours: &[u8], theirs: &[u8]) -> usize {
    let watched = |bytes: &[u8]| -> Vec<Watched> {
        let bytes = bytes.iter().enumerate();
        bytes.map(|(place, &value)| Watched { value, place: Some(place) }).collect()
    };
    INSPECTED.take();
    digests_match(&watched(ours), &watched(theirs));
    INSPECTED.take().len()
}

pub fn expect_match(ours: &[u8], theirs: &[u8], expected: bool, cause: Cause) {
    let call = format!(r"digests_match({}, {})", hex_or_nothing(ours), hex_or_nothing(theirs));
    let verdict = returns(expected).or(cause);
    Scene::begin().expect(&call, verdict, || Ok(digests_match(ours, theirs)));
}

pub fn expect_hmac_md5(key: &[u8], message: &[u8], expected: &str) {
    let call = format!(r"hmac_md5({}, {})", shown(key), shown(message));
    expect_hmac::<Md5>(&call, &hmac_md5(key, message), key, message, expected);
}

pub fn expect_hmac_sha256(key: &[u8], message: &[u8], expected: &str) {
    let call = format!(r"hmac_sha256({}, {})", shown(key), shown(message));
    expect_hmac::<Sha256>(&call, &hmac_sha256(key, message), key, message, expected);
}

pub fn expect_hmac<H: Digest>(call: &str, got: &[u8], key: &[u8], message: &[u8], expected: &str) {
    let came = hex(got)[..expected.len()].to_owned();
    let right = returns(Said::text(expected));
    let right = if came == expected { right } else { right.or(mistake::<H>(got, key, message)) };
    Scene::begin().expect(call, right, || Ok(Said(came)));
}

/// Find the mistake that makes these bytes from this key and this message: the bytes show it.
pub fn mistake<H: Digest>(got: &[u8], key: &[u8], message: &[u8]) -> Cause {
    let digest = |parts: &[&[u8]]| {
        parts.iter().fold(H::new(), |digest, part| digest.chain_update(part)).finalize().to_vec()
    };
    let padded = |key: &[u8], pad: u8| key.iter().map(|byte| byte ^ pad).collect::<Vec<u8>>();
    let nested = |key: &[u8], first: u8, second: u8| {
        digest(&[&padded(key, second), &digest(&[&padded(key, first), message])])
    };
    let filled = |key: &[u8], length: usize| {
        let mut block = key.to_vec();
        block.resize(length, 0);
        block
    };
    let short = if key.len() > 64 { digest(&[key]) } else { key.to_vec() };
    let block = filled(&short, 64);
    let in_hex = hex(&digest(&[&padded(&block, 0x36), message]));

    let keyed = [digest(&[key, message]), digest(&[message, key]), digest(&[key, message, key])];
    let unfitted = [
        filled(key, 64),
        filled(key, key.len().max(64)),
        filled(&digest(&[key]), 64),
        key.to_vec(),
        short,
        filled(key, <H as Digest>::output_size()),
        filled(key, 128),
    ];
    if keyed.iter().any(|wrong| got == wrong) || got == digest(&[key, &digest(&[key, message])]) {
        causes::KeyedDigestIsNotHmac
    } else if got == nested(&block, 0x5c, 0x36) {
        causes::PadsSwapped
    } else if got == digest(&[&padded(&block, 0x5c), in_hex.as_bytes()]) {
        causes::InnerDigestInHex
    } else if unfitted.iter().any(|key| got == nested(key, 0x36, 0x5c)) {
        causes::KeyNotFittedToTheBlock
    } else {
        causes::NotTheHmac
    }
}

pub fn oracle_md5(key: &[u8], message: &[u8]) -> Vec<u8> {
    let mac = Hmac::<Md5>::new_from_slice(key).expect("a key of any length");
    mac.chain_update(message).finalize().into_bytes().to_vec()
}

pub fn oracle_sha256(key: &[u8], message: &[u8]) -> Vec<u8> {
    let mac = Hmac::<Sha256>::new_from_slice(key).expect("a key of any length");
    mac.chain_update(message).finalize().into_bytes().to_vec()
}

pub type Answer = Box<dyn FnOnce(Wire, &[u8]) -> Wire>;

/// A client at the end of a wire: it waits for the challenge, then plays its role.
pub struct Client {
    pub wire: Option<Wire>,
    pub answer: Option<Answer>,
}

impl Client {
    /// Make a client that, after a challenge, continues the wire's script in this way.
    pub fn that(answer: impl FnOnce(Wire, &[u8]) -> Wire + 'static) -> Client {
        let wire = Wire::silent();
        wire.scene().tell_sizes();
        Client { wire: Some(wire), answer: Some(Box::new(answer)) }
    }

    pub fn expect(&mut self, expected: netkata::Expected<bool>, key: &[u8]) {
        let scene = self.wire().scene().clone();
        scene.expect("challenge", expected, || challenge(self, key));
    }

    pub fn wire(&mut self) -> &mut Wire {
        self.wire.as_mut().expect("a client has a wire")
    }
}

impl Read for Client {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let received = self.wire().written();
        if let Some(challenge) = received.first_chunk::<32>()
            && let Some(answer) = self.answer.take()
        {
            self.wire = self.wire.take().map(|wire| answer(wire, challenge));
        }
        self.wire().read(buffer)
    }
}

impl Write for Client {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.wire().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.wire().flush()
    }
}

/// What an attacker records from one successful session: the challenge and the answer.
pub fn session(key: &'static [u8]) -> (Vec<u8>, Vec<u8>) {
    let mut client = Client::that(move |wire, challenge| {
        wire.then_delivers(&oracle_md5(key, challenge)).then_closes()
    });
    let _ = challenge(&mut client, key);
    let challenge = client.wire().written();
    let answer = oracle_md5(key, &challenge);
    (challenge, answer)
}

/// The challenge to a client that gives a wrong answer.
pub fn failing_challenge() -> Vec<u8> {
    let mut wire = Wire::delivers([WRONG_ANSWER]);
    let _ = challenge(&mut wire, KEY);
    wire.written()
}

/// The challenge to a client that leaves at once.
pub fn abandoned_challenge() -> Vec<u8> {
    let mut wire = Wire::silent().then_closes();
    let _ = challenge(&mut wire, KEY);
    wire.written()
}

/// What an attacker who watches many challenges knows about the next one, if anything.
///
/// By chance, none of this happens even once in a billion runs: 512 random bytes take about 221 values,
/// and all 16,384 bytes together take all of them.
pub fn pattern(challenges: &[Vec<u8>]) -> Option<&'static str> {
    let column = |at: usize| challenges.iter().map(move |challenge| challenge.get(at));
    let few = |at: usize| column(at).collect::<BTreeSet<_>>().len() < 160;
    let copied = |at: usize| (0..at).any(|before| column(before).eq(column(at)));
    if (0..32).any(few) {
        Some(&words::FEW_VALUES_IN_SOME_PLACE)
    } else if (0..32).any(copied) {
        Some(&words::TWO_PLACES_ALIKE)
    } else if challenges.iter().flatten().collect::<BTreeSet<_>>().len() < 256 {
        Some(&words::A_VALUE_NEVER_OCCURS)
    } else {
        None
    }
}

pub fn in_pieces(mut wire: Wire, bytes: &[u8], sizes: &[usize]) -> Wire {
    let mut rest = bytes;
    for &size in sizes {
        let (piece, later) = rest.split_at(size);
        wire = wire.then_delivers(piece);
        rest = later;
    }
    wire
}

/// Connect a client to `serve_client`: the client's end, and the server's call in the background.
pub fn served(timeout: Duration) -> (TcpStream, Background<io::Result<bool>>) {
    let (client, stream) = connected().expect("failed to connect two ends on loopback");
    let server = in_background("serve_client", move || serve_client(stream, KEY, timeout));
    (client, server)
}

pub fn read_challenge(scene: &Scene, client: &mut TcpStream) -> [u8; 32] {
    let mut challenge = [0; 32];
    let whole = returns(()).or(causes::ChallengeHasAnotherSize);
    scene.expect_of_peer(words::READS_THE_CHALLENGE, whole, || client.read_exact(&mut challenge));
    challenge
}

/// Answer the challenge under `key`, and send more in the same write.
pub fn prove(scene: &Scene, client: &mut TcpStream, key: &[u8], and: &[u8]) {
    scene.tell_sizes();
    let challenge = read_challenge(scene, client);
    send(scene, client, &[&oracle_md5(key, &challenge)[..], and].concat());
}

pub fn send(scene: &Scene, client: &mut TcpStream, bytes: &[u8]) {
    scene.peer_sent(bytes);
    // If the server has closed already, what the client reads will show it.
    let _ = client.write_all(bytes);
}

/// Read a line, or as much of it as arrives.
pub fn receive_line(scene: &Scene, client: &mut TcpStream, expected: &str, cause: Cause) {
    scene.expect_of_peer(words::READS_A_LINE, returns(Said::text(expected)).or(cause), || {
        let mut received = Vec::new();
        match client.take(expected.len() as u64 + 1).read_to_end(&mut received) {
            Err(error) if error.kind() != ErrorKind::ConnectionReset => Err(error),
            _ => Ok(Said(String::from_utf8_lossy(&received).trim_end().to_owned())),
        }
    });
}

/// Read until the connection ends, by a close or by a reset: if the server closes before it has read
/// everything, the kernel resets the connection.
pub fn read_to_end(client: &mut TcpStream) -> io::Result<Said> {
    let mut received = Vec::new();
    match client.read_to_end(&mut received) {
        Err(error) if error.kind() != ErrorKind::ConnectionReset => Err(error),
        _ => Ok(Said::bytes(&received)),
    }
}

/// Connect to a server, send this part of an answer and nothing more, and wait for the end.
pub fn wait_to_be_disconnected(scene: &Scene, answer: &[u8], timeout: Duration) {
    let (mut client, stream) = connected().expect("failed to connect two ends on loopback");
    // On a plain thread, which no story shows: a server that retries again and again waits in no one place.
    let server = thread::spawn(move || serve_client(stream, KEY, timeout));
    let what = match answer.len() {
        0 => words::SAYS_NOTHING_AND_WAITS.to_owned(),
        n => words::sends_a_part_and_waits(counted(n, "byte")),
    };
    let end = |said: Said| {
        if said.0.is_empty() { Said::text(&words::THE_END_OF_THE_STREAM) } else { said }
    };
    let cut_off = returns(end(Said::text(""))).or(Cause::SilenceHoldsTheServer);
    scene.expect_of_peer(&what, cut_off, || {
        client.read_exact(&mut [0; 32])?;
        client.write_all(answer)?;
        read_to_end(&mut client).map(end)
    });
    scene.expect("serve_client", fails_with(SILENCE).or(causes::SilenceIsAnError), || {
        server.join().unwrap_or_else(|panic| resume_unwind(panic))
    });
}

/// Send an answer so slowly that it takes twice the timeout, but never pause for as long as the timeout.
/// Return what the chat answered: nothing if the server has left, and `None` if a pause took too long after
/// all, so that the server may have left.
pub fn prove_slowly(timeout: Duration) -> Option<io::Result<Said>> {
    // From before a write to after the next one: no pause between them is longer.
    let mut before = Instant::now();
    let (mut client, server) = served(timeout);
    let said = (|| {
        let mut challenge = [0; 32];
        client.read_exact(&mut challenge)?;
        let answer = [&oracle_md5(KEY, &challenge)[..], b"hello\n"].concat();
        let (slow, rest) = answer.split_at(8);
        client.set_read_timeout(Some(timeout / 4))?;
        for piece in slow.chunks(1).chain([rest]) {
            let last = mem::replace(&mut before, Instant::now());
            let _ = client.write_all(piece);
            if last.elapsed() >= timeout {
                return Ok(None);
            }
            // The pause: nothing arrives. If the server has left, the end does.
            let waited = client.peek(&mut [0]).map_err(|error| error.kind());
            if piece.len() == 1 && waited != Err(SILENCE) {
                return Ok((before.elapsed() < timeout).then(|| Said::text("")));
            }
        }
        client.set_read_timeout(None)?;
        let _ = client.shutdown(Shutdown::Write);
        read_to_end(&mut client).map(|said| Some(Said::text(said.0.trim_end())))
    })();
    server.let_go();
    said.transpose()
}

/// Connect a client that proves itself and is answered to a call that the kit watches.
pub fn chatting(scene: &Scene) -> io::Result<(TcpPeer, TcpCall<bool>)> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let client = TcpPeer::calls(scene, words::THE_CLIENT, listener.local_addr()?);
    let (stream, _) = listener.accept()?;
    let call = TcpCall::begin(scene, "serve_client", || serve_client(stream, KEY, super::LONG));
    let mut connection = client.stream();
    connection.set_read_timeout(None)?;
    let (mut challenge, mut received) = ([0; 32], [0; 6]);
    connection.read_exact(&mut challenge)?;
    connection.write_all(&[&oracle_md5(KEY, &challenge)[..], b"hello\n"].concat())?;
    connection.read_exact(&mut received)?;
    Ok((client, call))
}

/// A client that has proved itself and was answered, with the timeout that was long enough: on a slow
/// machine the next longer one is tried.
pub fn proved() -> (Duration, TcpStream, Background<io::Result<bool>>) {
    let mut tries = [20, 100, 500, 2000].into_iter().map(Duration::from_millis);
    let proved = tries.find_map(|timeout| {
        let (mut client, server) = served(timeout);
        is_answered(&mut client).is_ok_and(|yes| yes).then_some((timeout, client, server))
    });
    proved.unwrap_or_else(|| netkata::fail(causes::GenuineRefused.story(Vec::new())))
}

pub fn is_answered(client: &mut TcpStream) -> io::Result<bool> {
    let (mut challenge, mut received) = ([0; 32], [0; 3]);
    client.read_exact(&mut challenge)?;
    client.write_all(&[&oracle_md5(KEY, &challenge)[..], b"hi\n"].concat())?;
    client.read_exact(&mut received)?;
    Ok(&received == b"HI\n")
}

pub fn flipped(mut bytes: Vec<u8>, at: usize) -> Vec<u8> {
    bytes[at] ^= 1;
    bytes
}

pub fn text(length: usize) -> Vec<u8> {
    (b'a'..=b'z').cycle().take(length).collect()
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub fn hex_or_nothing(bytes: &[u8]) -> String {
    if bytes.is_empty() { words::NOTHING.to_owned() } else { hex(bytes) }
}

/// A key or a message as a story shows it: as text or digits, or as a count of equal bytes.
pub fn shown(bytes: &[u8]) -> String {
    match bytes {
        [first, rest @ ..] if rest.len() > 1 && rest.iter().all(|byte| byte == first) => {
            words::all_alike(counted(bytes.len(), "byte"), format_args!("{first:02x}"))
        }
        _ => netkata::quoted(bytes),
    }
}
