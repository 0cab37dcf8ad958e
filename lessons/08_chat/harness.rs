//! What the checks of lesson 8 stand on: peers, servers and values of their own.

use std::io::ErrorKind::{self, BrokenPipe, ConnectionReset, InvalidInput};
use std::io::{self, BufReader, Cursor, Read, Write};
use std::mem;
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

use chat::{Room, chatbot, converse, read_line};
use netkata::{
    Background, Cause, Census, Client, Crowd, Describe, PartialOp, Scene, Wire, close_with_a_reset,
    connected, fails_with, in_background, local_listener, quoted, returns,
};
use proptest::collection::vec;
use proptest::prelude::any;
use proptest::strategy::Strategy;
use socket2::SockRef;

use super::{GREETING, MAX_LINE, QUEUE, causes, words};

/// What the chatbot adds to every message.
pub const WORD: &str = "好";

/// As many bytes as the buffer of the notes' program holds.
pub const A_LOT: &str = match str::from_utf8(&[b'z'; 1024]) {
    Ok(text) => text,
    Err(_) => unreachable!(),
};

/// More lines than the two kernels buffer for a member that never reads (100 on Linux), and than wait in its
/// queue: 48 members receive each of them, so there are not many more.
pub const A_FEW_LINES: usize = 256;

/// More lines than the two kernels and a queue of the room hold for that member.
pub const MANY_LINES: usize = 2000;

/// What was sent, or what was found, as a story shows it: without a comparison byte by byte.
#[derive(Clone, Debug, PartialEq)]
pub enum Said {
    Text(String),
    Finding(&'static str),
    /// The call has not returned; it waits in this place.
    Waits(String),
}

impl Said {
    pub fn text(text: &str) -> Said {
        Said::Text(text.to_owned())
    }

    pub fn bytes(bytes: &[u8]) -> Said {
        Said::Text(String::from_utf8_lossy(bytes).into_owned())
    }
}

impl Describe for Said {
    fn describe(&self) -> String {
        match self {
            Said::Text(text) if text.is_empty() => words::NOTHING.to_owned(),
            Said::Text(text) => quoted(text.as_bytes()),
            Said::Finding(found) => (*found).to_owned(),
            Said::Waits(place) => words::nothing_yet(place),
        }
    }
}

/// The greeting, and the replies to these messages.
pub fn reply(messages: &[&str]) -> String {
    let replies = messages.iter().map(|message| format!("{message}{WORD}"));
    [GREETING.to_owned()].into_iter().chain(replies).collect()
}

/// Run the chatbot on these messages, which the wire delivers, and check its replies.
pub fn says(wire: &mut Wire, messages: &[&str], cause: Cause) {
    let expected = returns(Said::text(&reply(messages))).or(cause.clone());
    wire.expect("chatbot", expected.or_when_it_waits(cause), |wire| {
        chatbot(wire)?;
        Ok(said_by(wire))
    });
}

/// Everything that was written.
pub fn said_by(wire: &Wire) -> Said {
    let written = wire.written();
    if written.contains(&0) {
        wire.scene().notice(Cause::UnfilledBuffer);
    }
    Said::bytes(&written)
}

/// The bytes of replies without what the chatbot adds to every message.
pub fn without_words(mut bytes: &[u8]) -> Vec<u8> {
    let mut kept = Vec::new();
    while let [first, rest @ ..] = bytes {
        bytes = bytes.strip_prefix(WORD.as_bytes()).unwrap_or_else(|| {
            kept.push(*first);
            rest
        });
    }
    kept
}

/// Check that `read_line` reads these lines, which the wire delivers, through one buffer.
pub fn reads(wire: Wire, lines: &[Option<&str>], cause: Cause) {
    let scene = wire.scene().clone();
    let mut input = BufReader::new(wire);
    for line in lines {
        let expected = returns(line.map(Said::text)).or(cause.clone());
        scene.expect("read_line", expected.or_when_it_waits(cause.clone()), || {
            let came = read_line(&mut input)?;
            if came.as_deref() != *line && came.as_deref() == line.map(str::trim) {
                scene.notice(causes::LineEndsAtItsNewline);
            }
            Ok(came.map(Said::Text))
        });
    }
}

/// Text without control characters and without the letters that have a meaning here, and sizes of
/// pieces.
pub fn texts() -> impl Strategy<Value = (String, Vec<usize>)> {
    let plain = |c: &char| !c.is_control() && !"q好".contains(*c);
    let text = vec(any::<char>(), 1..40);
    let text = text.prop_map(move |chars| chars.into_iter().filter(plain).collect::<String>());
    (text.prop_filter("empty", |text| !text.is_empty()), vec(1..9_usize, 0..40))
}

pub fn in_pieces(bytes: &[u8], sizes: &[usize]) -> Wire {
    let cuts: Vec<PartialOp> = sizes.iter().copied().map(PartialOp::Limited).collect();
    Wire::cut(bytes, &cuts)
}

/// A wire, and the number of writes since the last read.
pub struct Counting {
    pub wire: Wire,
    pub writes: usize,
}

impl Read for Counting {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.wire.read(buffer)?;
        // The `q` gets no reply: keep the count.
        if buffer[..n] != *b"q" {
            self.writes = 0;
        }
        Ok(n)
    }
}

impl Write for Counting {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.writes += 1;
        self.wire.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.wire.flush()
    }
}

/// A conversation: `converse` with a keyboard at one end, and a peer at the other.
pub struct Talk {
    pub scene: Scene,
    pub census: Census,
    pub peer: Option<TcpStream>,
    pub heard: Vec<u8>,
    pub heard_the_end: bool,
    pub keyboard: Option<Sender<Vec<u8>>>,
    pub screen: Screen,
    /// How many of the shown bytes have been checked.
    pub looked_at: usize,
    pub call: Option<Background<io::Result<()>>>,
}

impl Talk {
    pub fn begins() -> Talk {
        let scene = Scene::begin();
        let census = Census::take();
        let (peer, stream) = connected().expect("a connection over loopback");
        peer.set_nonblocking(true).expect("a socket");
        SockRef::from(&stream).set_send_buffer_size(16 * 1024).expect("a smaller buffer");
        let (keyboard, keys) = mpsc::channel();
        let (screen, typed) = (Screen::default(), Cursor::default());
        let input = BufReader::new(Keyboard { keys, typed });
        let mut output = screen.clone();
        let call = in_background("converse", move || converse(stream, input, &mut output));
        Talk {
            scene,
            census,
            peer: Some(peer),
            heard: Vec::new(),
            heard_the_end: false,
            keyboard: Some(keyboard),
            screen,
            looked_at: 0,
            call: Some(call),
        }
    }

    pub fn types(&mut self, line: &str) {
        self.scene.happened(words::somebody_types(quoted(line.as_bytes())));
        self.presses(line);
    }

    pub fn types_a_lot(&mut self) {
        self.scene.happened(words::SOMEBODY_TYPES_A_LOT);
        self.presses(&format!("{}\n", "x".repeat(8 * 1024 * 1024)));
        // The first byte has arrived; the last never will.
        self.census.look_for(|| self.peer.as_ref()?.peek(&mut [0]).ok());
    }

    pub fn presses(&mut self, keys: &str) {
        // The answer may have stopped reading the keyboard.
        let _ = self.keyboard.as_ref().map(|keyboard| keyboard.send(keys.into()));
    }

    pub fn stops_typing(&mut self) {
        self.scene.happened(words::THE_INPUT_ENDS);
        self.keyboard = None;
    }

    pub fn peer_says(&mut self, bytes: &[u8]) {
        self.scene.peer_sent(bytes);
        if let Some(peer) = &mut self.peer {
            // If the connection is closed, a later check finds that these bytes are missing.
            let _ = peer.write_all(bytes);
        }
    }

    pub fn peer_stops_speaking(&mut self) {
        self.scene.peer_did(words::CLOSES_ITS_SENDING_SIDE);
        let _ = self.peer.as_ref().map(|peer| peer.shutdown(Shutdown::Write));
    }

    pub fn peer_resets(&mut self) {
        self.scene.peer_did(words::RESETS_THE_CONNECTION);
        let peer = self.peer.take().expect("a peer that is there");
        close_with_a_reset(peer);
    }

    /// Wait until the answer has handled everything it received.
    pub fn settles(&mut self) {
        self.census.settle();
    }

    pub fn peer_hears(&mut self, text: &str, cause: Cause) {
        let scene = self.scene.clone();
        let expected = returns(Said::text(text)).or(cause);
        scene.expect_of_peer(words::LISTENS, expected, || {
            Ok(Said::bytes(self.peer_listens(|heard| heard == text.as_bytes())))
        });
    }

    pub fn peer_hears_the_end(&mut self, cause: Cause) {
        let scene = self.scene.clone();
        let expected = returns(Said::Finding(&words::THE_END_OF_THE_STREAM)).or(cause);
        scene.expect_of_peer(words::WAITS_FOR_THE_END, expected, || {
            let more = Said::bytes(self.peer_listens(|_| false));
            if matches!(&more, Said::Text(text) if text.starts_with("exit")) {
                scene.notice(causes::ExitIsNotSaid);
            }
            let ended = self.heard_the_end && more == Said::text("");
            Ok(if ended { Said::Finding(&words::THE_END_OF_THE_STREAM) } else { more })
        });
    }

    /// Wait until the new bytes that the peer has received are enough, or its stream has ended; return them.
    pub fn peer_listens(&mut self, enough: impl Fn(&[u8]) -> bool) -> &[u8] {
        let before = self.heard.len();
        self.census.look_for(|| {
            self.heard_the_end |= takes_in(self.peer.as_mut(), &mut self.heard);
            (enough(&self.heard[before..]) || self.heard_the_end).then_some(())
        });
        &self.heard[before..]
    }

    /// The peer receives these last bytes, with a newline or without one, and then the end of the stream.
    pub fn peer_hears_at_last(&mut self, text: &str, cause: Cause) {
        let scene = self.scene.clone();
        let expected = returns(Said::text(text)).or(cause);
        scene.expect_of_peer(words::LISTENS, expected, || {
            let heard = self.peer_listens(|_| false);
            Ok(Said::bytes(heard.strip_suffix(b"\n").unwrap_or(heard)))
        });
        self.peer_hears_the_end(causes::HalfCloseMissing);
    }

    /// The connection is closed in both directions: what the peer sends is refused with a reset, so a later
    /// write fails.
    pub fn peer_cannot_send(&mut self) {
        let scene = self.scene.clone();
        let refused = returns(Said::Finding(&words::AN_ERROR)).or(causes::OnlyOneSideClosed);
        scene.expect_of_peer(words::SENDS_MORE, refused, || {
            let mut peer = self.peer.as_ref().expect("a peer that is there");
            let gone = |error: &io::Error| matches!(error.kind(), BrokenPipe | ConnectionReset);
            let refused = self.census.look_for(|| peer.write(b"x").err().filter(gone));
            Ok(Said::Finding(if refused.is_some() { &words::AN_ERROR } else { &words::SUCCESS }))
        });
    }

    /// From now on, each write to the screen fails, or each flush.
    pub fn screen_breaks(&mut self, what: &str, broken: Broken) {
        self.scene.happened(what);
        self.screen.state().broken = Some(broken);
    }

    pub fn screen_shows(&mut self, text: &str, cause: Cause) {
        let scene = self.scene.clone();
        let expected = returns(Said::text(text)).or(cause);
        scene.expect_of(words::THE_SCREEN, words::SHOWS, expected, || {
            // If other bytes arrive, wait for all of them, so that the story shows them all.
            let text = text.as_bytes();
            self.census.look_for(|| {
                (self.screen.shown().get(self.looked_at..) == Some(text)).then_some(())
            });
            let shown = self.screen.shown();
            if self.screen.state().not_taken > 0 {
                scene.notice(Cause::PartialWriteIgnored);
            }
            let new = Said::bytes(&shown[self.looked_at.min(shown.len())..]);
            self.looked_at = shown.len();
            Ok(new)
        });
    }

    pub fn fails_with(&mut self, error: ErrorKind, cause: Cause) {
        let scene = self.scene.clone();
        let expected = fails_with(error).or(cause);
        scene.expect("converse", expected, || ended(&self.census, self.call.take()));
    }

    pub fn is_over(&mut self, cause: Cause) {
        let scene = self.scene.clone();
        let expected = returns(Said::Finding(&words::SUCCESS)).or(cause);
        scene.expect("converse", expected, || ended(&self.census, self.call.take()));
    }
}

impl Drop for Talk {
    fn drop(&mut self) {
        // After a failed check, close nothing: some answers spin at the end of a stream.
        if thread::panicking() {
            mem::forget((self.peer.take(), self.keyboard.take()));
        }
    }
}

/// Return the result of a call in the background, or where it waits.
pub fn ended(census: &Census, call: Option<Background<io::Result<()>>>) -> io::Result<Said> {
    let call = call.expect("it is waited for once");
    if census.look_for(|| call.is_over().then_some(())).is_none() {
        return Ok(Said::Waits(call.place()));
    }
    call.join().map(|()| Said::Finding(&words::SUCCESS))
}

/// Read what has arrived, and report whether the stream has ended.
pub fn takes_in(peer: Option<&mut TcpStream>, heard: &mut Vec<u8>) -> bool {
    let Some(peer) = peer else { return true };
    match peer.read_to_end(heard) {
        Err(error) if error.kind() == ErrorKind::WouldBlock => false,
        // By a close or by an error, it has ended.
        _ => true,
    }
}

/// Keyboard input as `read` sees it: a read waits for the next key.
pub struct Keyboard {
    pub keys: Receiver<Vec<u8>>,
    /// Typed bytes, and how many of them are read.
    pub typed: Cursor<Vec<u8>>,
}

impl Read for Keyboard {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.typed.read(buffer)? {
            0 => {
                self.typed = Cursor::new(self.keys.recv().unwrap_or_default());
                self.typed.read(buffer)
            }
            n => Ok(n),
        }
    }
}

/// A screen with a buffer, like a terminal's: bytes that are not flushed are not shown.
#[derive(Clone, Default)]
pub struct Screen(pub Arc<Mutex<Output>>);

#[derive(Default)]
pub struct Output {
    pub written: Vec<u8>,
    pub flushed: usize,
    /// How many bytes of the last write were not taken.
    pub not_taken: usize,
    pub broken: Option<Broken>,
}

/// What fails on a broken screen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Broken {
    Write,
    Flush,
}

impl Screen {
    pub fn state(&self) -> MutexGuard<'_, Output> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn shown(&self) -> Vec<u8> {
        let state = self.state();
        state.written[..state.flushed].to_vec()
    }
}

impl Write for Screen {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut state = self.state();
        if state.broken == Some(Broken::Write) {
            return Err(BrokenPipe.into());
        }
        // As a pipe that is nearly full, it takes a part.
        let n = bytes.len().min(2);
        state.written.extend_from_slice(&bytes[..n]);
        state.not_taken = bytes.len() - n;
        Ok(n)
    }

    fn flush(&mut self) -> io::Result<()> {
        let mut state = self.state();
        if state.broken == Some(Broken::Flush) {
            return Err(BrokenPipe.into());
        }
        state.flushed = state.written.len();
        Ok(())
    }
}

/// A room and its clients over real connections, all driven by one thread.
pub struct Party {
    pub scene: Scene,
    pub census: Census,
    pub room: Arc<Room>,
    pub listener: TcpListener,
    pub crowd: Crowd,
    pub guests: Vec<Connection>,
}

/// One client of a [`Party`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Guest(pub usize);

pub struct Connection {
    pub name: String,
    pub client: Client,
    /// How many of the received bytes have been checked.
    pub looked_at: usize,
    pub call: Option<Background<io::Result<()>>>,
}

impl Party {
    pub fn begins() -> Party {
        let scene = Scene::begin();
        let census = Census::take();
        let listener = local_listener().expect("a free port");
        let address: SocketAddr = listener.local_addr().expect("a bound listener has an address");
        let crowd = Crowd::around(address);
        Party { scene, census, room: Arc::default(), listener, crowd, guests: Vec::new() }
    }

    /// Connect a client that sends nothing yet.
    pub fn connects(&mut self, name: &str) -> Guest {
        let client = self.crowd.connects(name);
        let (stream, _) = self.listener.accept().expect("a caller in the line");
        if name == "stalled" {
            // A small buffer, so that a few lines fill it.
            SockRef::from(&stream).set_send_buffer_size(4096).expect("a smaller buffer");
        }
        let room = Arc::clone(&self.room);
        let call = Some(in_background("join", move || room.join(stream)));
        self.guests.push(Connection { name: name.to_owned(), client, looked_at: 0, call });
        Guest(self.guests.len() - 1)
    }

    /// Connect a client and send its name; every member receives the news.
    pub fn joins(&mut self, name: &str) -> Guest {
        let others: Vec<Guest> = (0..self.guests.len()).map(Guest).collect();
        self.joins_beside(name, &others)
    }

    /// As `joins`, but only these others are checked.
    pub fn joins_beside(&mut self, name: &str, others: &[Guest]) -> Guest {
        let guest = self.connects(name);
        self.scene.happened(words::joins(name));
        self.crowd.says(self.guests[guest.0].client, format!("{name}\n").as_bytes());
        let joined = Said::Text(format!(r"* {name} has joined"));
        for listener in others.iter().copied().chain([guest]) {
            let line = self.next_line(listener);
            if line != joined {
                if self.heard(guest).starts_with(b"!") {
                    self.scene.notice(causes::NameRefused);
                }
                let expected = returns(joined).or(causes::LineNotHeard);
                let listener = self.guests[listener.0].name.clone();
                self.scene.expect_of(&listener, words::LISTENS, expected, || Ok(line));
                unreachable!("it heard something else");
            }
        }
        guest
    }

    /// As `joins`, but no other member is checked.
    pub fn joins_unseen(&mut self, number: usize) -> Guest {
        let guest = self.connects(&number.to_string());
        self.crowd.says(self.guests[guest.0].client, format!("{number}\n").as_bytes());
        self.next_line(guest);
        guest
    }

    pub fn says(&mut self, guest: Guest, text: &str) {
        let Connection { name, client, .. } = &self.guests[guest.0];
        let told = match text.lines().count() {
            lines @ 2.. => words::lines_at_once(lines),
            _ if text.len() > MAX_LINE => words::A_LONG_LINE.to_owned(),
            _ => quoted(text.as_bytes()),
        };
        self.scene.happened(words::says(name, told));
        self.crowd.says(*client, text.as_bytes());
    }

    pub fn stops_reading(&mut self, guest: Guest) {
        self.scene.happened(words::does_not_read(&self.guests[guest.0].name));
        self.crowd.stops_reading(self.guests[guest.0].client);
    }

    pub fn reads_again(&mut self, guest: Guest) {
        self.scene.happened(words::reads_again(&self.guests[guest.0].name));
        self.crowd.reads_again(self.guests[guest.0].client);
    }

    pub fn leaves(&mut self, guest: Guest) {
        self.scene.happened(words::closes_its_connection(&self.guests[guest.0].name));
        self.crowd.leaves(self.guests[guest.0].client);
    }

    pub fn closes_its_side(&mut self, guest: Guest) {
        self.scene.happened(words::closes_its_sending_side(&self.guests[guest.0].name));
        self.crowd.closes_its_side(self.guests[guest.0].client);
    }

    pub fn dies(&mut self, guest: Guest) {
        self.scene.happened(words::resets_its_connection(&self.guests[guest.0].name));
        self.crowd.resets(self.guests[guest.0].client);
    }

    /// Wait until the room has handled everything it received.
    pub fn settles(&mut self) {
        self.census.settle();
        self.crowd.exchange();
    }

    /// Wait until this line is the last one that these members have received.
    pub fn have_heard(&mut self, guests: &[Guest], line: &str) {
        let clients: Vec<Client> = guests.iter().map(|it| self.guests[it.0].client).collect();
        self.census.look_for(|| {
            self.crowd.exchange();
            let mut heard = clients.iter().map(|it| self.crowd.heard(*it));
            heard.all(|heard| heard.ends_with(line.as_bytes())).then_some(())
        });
    }

    pub fn hears(&mut self, guest: Guest, line: &str, cause: Cause) {
        let (scene, name) = (self.scene.clone(), self.guests[guest.0].name.clone());
        let expected = returns(Said::text(line)).or(cause);
        scene.expect_of(&name, words::LISTENS, expected, || Ok(self.next_line(guest)));
    }

    pub fn everybody_hears(&mut self, line: &str, guests: &[Guest], cause: Cause) {
        for guest in guests {
            self.hears(*guest, line, cause.clone());
        }
    }

    pub fn is_refused(&mut self, guest: Guest) {
        let scene = self.scene.clone();
        let expected = returns(Said::Finding(&words::A_REFUSAL)).or(causes::NameUnchecked);
        scene.expect_of(words::THE_CLIENT, words::LISTENS, expected, || {
            let line = self.next_line(guest);
            let reason = matches!(&line, Said::Text(line) if line.starts_with('!'));
            Ok(match (reason, self.heard(guest).ends_with(b"\n")) {
                (true, true) => Said::Finding(&words::A_REFUSAL),
                (true, false) => Said::Finding(&words::A_REFUSAL_WITHOUT_A_NEWLINE),
                (false, _) => line,
            })
        });
        let end = returns(Said::Finding(&words::THE_END_OF_THE_STREAM)).or(causes::NameUnchecked);
        scene.expect_of(words::THE_CLIENT, words::LISTENS, end, || Ok(self.ends(guest)));
        let refused = fails_with(InvalidInput).or(causes::NameUnchecked);
        let call = self.guests[guest.0].call.take();
        scene.expect("join", refused, || ended(&self.census, call));
    }

    /// Its line was too long: its connection ends, and its `join` fails with one of these errors.
    pub fn is_thrown_out(&mut self, guest: Guest, errors: &[ErrorKind]) {
        let (scene, name) = (self.scene.clone(), self.guests[guest.0].name.clone());
        let call = self.guests[guest.0].call.take();
        let outcome = ended(&self.census, call);
        let kind = outcome.as_ref().map_err(io::Error::kind).err();
        let kind = kind.filter(|kind| errors.contains(kind)).unwrap_or(errors[0]);
        scene.expect("join", fails_with(kind).or(causes::LongLineEndsTheStay), || outcome);
        let end = returns(Said::Finding(&words::THE_END_OF_THE_STREAM)).or(causes::LineLeftOpen);
        scene.expect_of(&name, words::LISTENS, end, || Ok(self.ends(guest)));
    }

    /// Nothing more arrives before the end of the stream.
    pub fn hears_no_more(&mut self, guest: Guest) {
        let (scene, name) = (self.scene.clone(), self.guests[guest.0].name.clone());
        let end = returns(Said::Finding(&words::THE_END_OF_THE_STREAM));
        let end = end.or(causes::LeaverHearsOfItself);
        scene.expect_of(&name, words::LISTENS, end, || Ok(self.next_line(guest)));
    }

    pub fn returns(&mut self, guest: Guest, cause: Cause) {
        let scene = self.scene.clone();
        let call = self.guests[guest.0].call.take();
        let expected = returns(Said::Finding(&words::SUCCESS)).or(cause);
        scene.expect("join", expected, || ended(&self.census, call));
    }

    /// As `returns`, with success or an error.
    pub fn returns_somehow(&mut self, guest: Guest, cause: Cause) {
        let scene = self.scene.clone();
        let call = self.guests[guest.0].call.take();
        let expected = returns(Said::Finding(&words::SUCCESS)).or(cause);
        scene.expect("join", expected, || {
            Ok(ended(&self.census, call).unwrap_or(Said::Finding(&words::SUCCESS)))
        });
    }

    /// Wait until the connection of this guest has ended.
    pub fn ends(&mut self, guest: Guest) -> Said {
        let client = self.guests[guest.0].client;
        let ended = self.census.look_for(|| {
            self.crowd.exchange();
            self.crowd.ended(client)
        });
        if ended.is_some() { Said::Finding(&words::THE_END_OF_THE_STREAM) } else { Said::text("") }
    }

    /// Return the next line that this guest receives, without its newline.
    pub fn next_line(&mut self, guest: Guest) -> Said {
        let Connection { client, looked_at, .. } = self.guests[guest.0];
        let newline = self.census.look_for(|| {
            self.crowd.exchange();
            let new = &self.crowd.heard(client)[looked_at..];
            let newline = new.iter().position(|byte| *byte == b'\n');
            newline.map(Some).or(self.crowd.ended(client).map(|_| None))
        });
        let new = &self.crowd.heard(client)[looked_at..];
        match newline {
            Some(Some(newline)) => {
                self.guests[guest.0].looked_at += newline + 1;
                Said::bytes(&new[..newline])
            }
            Some(None) if new.is_empty() => Said::Finding(&words::THE_END_OF_THE_STREAM),
            _ => Said::bytes(new),
        }
    }

    /// Send a few lines and wait until the listeners have received them, again and again, until they
    /// receive that the member that does not read has left, or until this many lines have been sent.
    pub fn speaks(&mut self, speaker: Guest, listeners: &[Guest], lines: usize) -> (Said, Dropped) {
        // Far fewer lines at once than the queue holds.
        let at_once = QUEUE / 8;
        let line = format!("{}\n", "x".repeat(1000));
        let heard = format!(r"[speaker] {line}");
        let before: Vec<usize> = listeners.iter().map(|it| self.heard(*it).len()).collect();
        for said in (at_once..=lines).step_by(at_once) {
            self.crowd.says(self.guests[speaker.0].client, line.repeat(at_once).as_bytes());
            let all = said * heard.len();
            let mut come = self.hear_so_much(listeners, &before, all);
            // Search only the new bytes: there are many.
            let looked_at = before[0] + (said - at_once) * heard.len();
            let news = &self.heard(listeners[0])[looked_at.min(self.heard(listeners[0]).len())..];
            let dropped = contains(news, STALLED_HAS_LEFT);
            if dropped {
                come &= self.hear_so_much(listeners, &before, all + STALLED_HAS_LEFT.len());
            }
            if !come {
                if self.crowd.ended(self.guests[speaker.0].client).is_some() {
                    self.scene.notice(causes::FailureReachesTheSpeaker);
                }
                return (Said::Finding(&words::SOME_LINES_THEN_NOTHING), dropped);
            }
            if dropped || said + at_once > lines {
                let mut heard_by = listeners.iter().map(|it| self.heard(*it)).zip(&before);
                let whole =
                    heard_by.all(|(it, before)| without_news(&it[*before..]) == heard.repeat(said));
                let told: &str = if whole { &words::EVERY_LINE } else { &words::OTHER_LINES_TOO };
                return (Said::Finding(told), dropped);
            }
        }
        unreachable!("the last round returns")
    }

    /// Wait until each of these has received this many more bytes; `false` if they never arrive.
    pub fn hear_so_much(&mut self, listeners: &[Guest], before: &[usize], bytes: usize) -> bool {
        let clients: Vec<Client> = listeners.iter().map(|it| self.guests[it.0].client).collect();
        let heard = self.census.look_for(|| {
            self.crowd.exchange();
            let mut heard = clients.iter().zip(before);
            heard.all(|(it, before)| self.crowd.heard(*it).len() >= before + bytes).then_some(())
        });
        heard.is_some()
    }

    pub fn heard(&self, guest: Guest) -> &[u8] {
        self.crowd.heard(self.guests[guest.0].client)
    }
}

/// Whether the member that never reads was disconnected.
pub type Dropped = bool;

pub const STALLED_HAS_LEFT: &str = "* stalled has left\n";

pub fn contains(heard: &[u8], line: &str) -> bool {
    heard.windows(line.len()).any(|part| part == line.as_bytes())
}

pub fn without_news(heard: &[u8]) -> String {
    String::from_utf8_lossy(heard).replacen(STALLED_HAS_LEFT, "", 1)
}
