//! Real connections over loopback, and a late network between the two ends of one.
//!
//! ```text
//! your code ─ write ─▶ LateSender ─▶ the network's thread ─▶ the receiver's queue ─ read ─▶ your code
//!                      notes it      a piece, a pause, …     of a real socket
//! ```
//!
//! A pause lasts until the receiver's queue shows a read, or until the answer has polled for more often
//! enough: it has computed for a while, or has been scheduled several times. So an answer that reads too
//! early never gets everything, however long it slept before, and one that inspects what the kernel holds
//! never waits long. If the system shows neither (Linux does), a pause lasts a tenth of a second.

use std::collections::VecDeque;
use std::io::{self, ErrorKind, Read, Write};
use std::mem::MaybeUninit;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use partial_io::PartialOp;
use socket2::SockRef;

use crate::cause::Cause;
use crate::linux::threads::{Effort, Threads};
use crate::quiet;
use crate::scene::{Expected, Scene, returns};
use crate::story::values::Describe;
use crate::transcript::{Call, Piece};
use crate::words;

/// How long the network waits between two checks of the receiver's queue.
const QUEUE_POLL: Duration = Duration::from_micros(500);
/// How long bytes may be in flight within this machine before they count as read.
const IN_FLIGHT_LIMIT: Duration = Duration::from_secs(1);
/// How long the network waits for the rest of the messages before it carries what it has, and how long it
/// pauses if the system does not show what the answer does.
const LULL: Duration = Duration::from_millis(100);

/// Connect two sockets over loopback, on a port of the kernel's choice. Return the end that connected, then
/// the end that accepted.
///
/// The kernel completes the connection before accept is called, so one thread can do both.
pub fn connected() -> io::Result<(TcpStream, TcpStream)> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let client = TcpStream::connect(listener.local_addr()?)?;
    loop {
        let (accepted, peer) = listener.accept()?;
        // Another program on this machine may have connected first.
        if peer == client.local_addr()? {
            return Ok((client, accepted));
        }
    }
}

/// Close this end of a connection with a reset: unsent bytes are discarded (SO_LINGER with a time of 0,
/// socket(7)). If the stream has a clone, the reset is sent when that is closed, too.
pub fn close_with_a_reset(stream: TcpStream) {
    // It fails only where there is no connection any more.
    let _ = SockRef::from(&stream).set_linger(Some(Duration::ZERO));
}

/// A network that carries what one call of the answer writes to the receiver's real socket.
///
/// It expects certain messages, one write per message, and notices when a write joins or splits them.
#[derive(Debug)]
pub struct LateNetwork {
    scene: Scene,
    messages: Vec<Vec<u8>>,
    sizes: Vec<usize>,
    followed_by: Vec<u8>,
    cut_off_after: usize,
    one_read: bool,
    accepts: VecDeque<PartialOp>,
}

impl LateNetwork {
    /// A network that will carry these messages in one piece.
    pub fn carrying(messages: &[&[u8]]) -> LateNetwork {
        let scene = Scene::begin();
        scene.log().script_label = Some(words::ARRIVED.as_str());
        LateNetwork {
            scene,
            messages: messages.iter().map(|message| message.to_vec()).collect(),
            sizes: Vec::new(),
            followed_by: Vec::new(),
            cut_off_after: usize::MAX,
            one_read: false,
            accepts: VecDeque::new(),
        }
    }

    /// Carry pieces of these sizes, with a pause after each; the rest is carried in one piece.
    pub fn in_pieces(mut self, sizes: &[usize]) -> LateNetwork {
        self.sizes = sizes.to_vec();
        self
    }

    /// Require one read for everything: an answer that reads before everything has arrived reads too early,
    /// which the scene notices.
    pub fn for_one_read(mut self) -> LateNetwork {
        self.one_read = true;
        self
    }

    /// Carry these bytes right after the messages: the start of a later message.
    pub fn followed_by(mut self, later: &[u8]) -> LateNetwork {
        self.followed_by = later.to_vec();
        self
    }

    /// Carry this many bytes, then close the stream.
    pub fn cut_off_after(mut self, bytes: usize) -> LateNetwork {
        self.cut_off_after = bytes;
        self.scene.log().ending = Some(words::THE_STREAM_ENDED.into());
        self
    }

    /// Writes follow `ops`, one operation per write, then have no limit. A limit of 0 counts as 1.
    pub fn accepting(mut self, ops: &[PartialOp]) -> LateNetwork {
        self.accepts = ops.iter().cloned().collect();
        self
    }

    /// The transcript.
    pub fn scene(&self) -> &Scene {
        &self.scene
    }

    /// Make one call of the answer between the two ends of this network. Fail with a story unless it has
    /// the expected outcome and leaves in the receiver's queue exactly the bytes that follow the messages.
    pub fn expect<T: Describe + PartialEq>(
        self,
        call: &str,
        expected: Expected<T>,
        run: impl FnOnce(&mut LateSender, &mut TcpStream) -> io::Result<T>,
    ) {
        let scene = self.scene.clone();
        let later = self.followed_by.clone();
        let (total, one_read) = (self.total(), self.one_read);
        let mut room = [MaybeUninit::uninit()];
        let (mut sender, mut receiver, carrier) = self.open().expect("a connection over loopback");
        scene.expect(call, expected, || {
            let value = run(&mut sender, &mut receiver);
            if sender.flow.update(State::ends_short_of(total)) {
                scene.notice(Cause::PartialWriteIgnored);
            }
            // If the kit's own thread has panicked, the check fails at the door.
            let _ = carrier.join();
            let found = value.as_ref().ok().and_then(Describe::bytes).map_or(total, <[u8]>::len);
            if one_read && found < total && peek_now(&receiver, &mut room).is_some_and(|n| n > 0) {
                scene.notice(Cause::NoRoomForAll);
            }
            value
        });
        let left = left_in(&mut receiver);
        scene.expect(words::THE_NEXT_READ, returns(later.clone()), || {
            if left != later {
                let less = left.len() < later.len();
                scene.notice(if less { Cause::ReadTooFar } else { Cause::LeftInTheQueue });
            }
            Ok(left)
        });
    }

    fn total(&self) -> usize {
        self.messages.iter().map(Vec::len).sum()
    }

    fn open(self) -> io::Result<(LateSender, TcpStream, thread::JoinHandle<()>)> {
        let (near, receiver) = connected()?;
        near.set_nodelay(true)?;
        let flow = Arc::new(Flow::default());
        let total = self.total();
        let carrier = Carrier {
            scene: self.scene.clone(),
            flow: Arc::clone(&flow),
            near,
            queue: receiver.try_clone()?,
            threads: Threads::from_here(),
            total,
            deliverable: total.min(self.cut_off_after),
            sizes: self.sizes.into(),
            followed_by: self.followed_by,
            one_read: self.one_read,
            carried: 0,
        };
        let (scene, messages, accepts) = (self.scene, self.messages, self.accepts);
        let carrier = thread::spawn(move || carrier.carry());
        Ok((LateSender { scene, flow, messages, accepts, total }, receiver, carrier))
    }
}

/// The sending end of a [`LateNetwork`]: it notes every write.
///
/// The write that completes the messages returns when the first piece has arrived.
#[derive(Debug)]
pub struct LateSender {
    scene: Scene,
    flow: Arc<Flow>,
    messages: Vec<Vec<u8>>,
    accepts: VecDeque<PartialOp>,
    total: usize,
}

impl LateSender {
    /// Notice a write that offers more than the rest of its message, or less.
    fn check_write(&self, written: usize, offered: usize) {
        let mut end = 0;
        for message in &self.messages {
            end += message.len();
            if written < end {
                let rest = end - written;
                if offered > rest && end < self.total {
                    self.scene.notice(Cause::JoinedBeforeSending);
                }
                if offered < rest {
                    self.scene.notice(Cause::SplitBySending);
                }
                return;
            }
        }
    }
}

impl Write for LateSender {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let took = match self.accepts.pop_front() {
            Some(PartialOp::Err(kind)) => Err(kind),
            Some(PartialOp::Limited(n)) => Ok(bytes.len().min(n.max(1))),
            Some(PartialOp::Unlimited) | None => Ok(bytes.len()),
        };
        self.scene.log().calls.push(Call::Write { offered: bytes.to_vec(), took });
        let n = took?;
        let written = self.flow.update(|state| {
            let before = state.written.len();
            state.written.extend_from_slice(&bytes[..n]);
            state.cut_short |= n < bytes.len();
            before
        });
        self.check_write(written, bytes.len());
        if written < self.total && written + n >= self.total {
            self.flow.wait_while(IN_FLIGHT_LIMIT, |state| !state.brought);
        }
        Ok(n)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for LateSender {
    fn drop(&mut self) {
        self.flow.update(|state| state.over = true);
    }
}

/// What the sending end and the network's thread share.
#[derive(Debug, Default)]
struct Flow {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    /// Everything that the answer has written.
    written: Vec<u8>,
    /// The first piece is in the receiver's queue, or no piece will be.
    brought: bool,
    /// A write took less than it was offered.
    cut_short: bool,
    /// The call of the answer has returned.
    over: bool,
}

impl State {
    /// End the call, and return whether a write took less than was offered and the rest was never sent.
    fn ends_short_of(total: usize) -> impl FnOnce(&mut State) -> bool {
        move |state| {
            state.over = true;
            state.cut_short && state.written.len() < total
        }
    }
}

impl Flow {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn update<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let value = change(&mut self.lock());
        self.changed.notify_all();
        value
    }

    fn wait_while(&self, timeout: Duration, not_yet: impl Fn(&State) -> bool) {
        // A panic that poisoned the lock is reported at the door.
        let _ = self.changed.wait_timeout_while(self.lock(), timeout, |state| not_yet(state));
    }
}

/// The network's own thread: it puts the written bytes into the receiver's queue, piece by piece.
struct Carrier {
    scene: Scene,
    flow: Arc<Flow>,
    /// The socket whose peer is the receiver.
    near: TcpStream,
    /// The receiver, used to inspect its queue.
    queue: TcpStream,
    /// The threads on which the answer runs.
    threads: Threads,
    total: usize,
    deliverable: usize,
    sizes: VecDeque<usize>,
    followed_by: Vec<u8>,
    one_read: bool,
    /// How many bytes of the messages are, or were, in the receiver's queue.
    carried: usize,
}

/// What the network does next.
enum Next {
    Piece(Vec<u8>),
    /// Everything has been carried, or the call is over and no more will be written.
    Done,
    /// The answer has lost the rest and will never write it.
    Lost,
}

/// How a pause ended.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Pause {
    /// The answer read.
    Read,
    /// The answer polled for more, or the timeout was over.
    Polled,
    /// The call of the answer has returned without reading.
    Over,
}

impl Carrier {
    fn carry(mut self) {
        self.threads = self.threads.without_me();
        loop {
            match self.next() {
                Next::Piece(piece) if self.bring(&piece).is_ok() => {}
                Next::Lost => return self.reset(),
                Next::Piece(_) | Next::Done => break,
            }
            if self.carried < self.deliverable && self.pause() == Pause::Read && self.one_read {
                self.was_read_too_early();
            }
        }
        self.flow.update(|state| state.brought = true);
        if self.deliverable == self.total {
            // The connection stays open: a read for more waits, as on a real connection.
            self.flow.wait_while(Duration::MAX, |state| !state.over);
        }
    }

    /// Wait for the rest of the messages, and take the next piece.
    fn next(&mut self) -> Next {
        let (total, carried) = (self.total, self.carried);
        if carried >= self.deliverable {
            return Next::Done;
        }
        self.flow.wait_while(LULL, |state| !state.over && state.written.len() < total);
        if self.flow.lock().written.len() == carried && self.nothing_more_comes() {
            return Next::Lost;
        }
        // This applies after the call has returned, too: bytes that it did not wait for still arrive.
        let state = self.flow.lock();
        let size = self.sizes.pop_front().unwrap_or(usize::MAX).max(1);
        let end = carried.saturating_add(size).min(state.written.len()).min(self.deliverable);
        if end == carried {
            return Next::Done;
        }
        Next::Piece(state.written[carried..end].to_vec())
    }

    /// Put a piece into the receiver's queue; after the last piece, the bytes that follow the messages.
    fn bring(&mut self, piece: &[u8]) -> io::Result<()> {
        let before = self.queued();
        self.carried += piece.len();
        let mut bytes = piece.to_vec();
        if self.carried == self.total {
            bytes.extend_from_slice(&self.followed_by);
        }
        self.scene.peer_sent(&bytes);
        self.near.write_all(&bytes)?;
        // The answer must not read yet: it is in its last write when the first piece arrives, and with one
        // read it must wait for the last piece.
        if self.one_read || !self.flow.lock().brought {
            self.wait_for_arrival(before.unwrap_or(0), bytes.len());
        }
        self.flow.update(|state| state.brought = true);
        Ok(())
    }

    /// Wait until the receiver's queue holds all the new bytes, or fewer than before because of a read.
    fn wait_for_arrival(&self, before: usize, more: usize) {
        let began = Instant::now();
        let timeout = if self.one_read { IN_FLIGHT_LIMIT } else { LULL };
        let under_way = |n: usize| (before..before + more).contains(&n);
        while self.queued().is_some_and(under_way) && began.elapsed() < timeout {
            thread::yield_now();
        }
    }

    /// Hold back the next piece until the answer has read this one, or has polled for the next.
    fn pause(&self) -> Pause {
        let began = Instant::now();
        let before = self.threads.effort();
        let timeout = if before.is_some() { Duration::MAX } else { LULL };
        loop {
            let over = self.flow.lock().over;
            // If one read must find everything, no carried byte may be missing from the queue.
            let untouched = if self.one_read { self.carried } else { 1 };
            if self.queued().map_or(over, |n| n < untouched) {
                return Pause::Read;
            }
            if over {
                return Pause::Over;
            }
            if self.has_polled_since(before) || began.elapsed() > timeout {
                return Pause::Polled;
            }
            self.flow.wait_while(QUEUE_POLL, |state| !state.over);
        }
    }

    /// Whether the answer, on any thread, keeps polling for more than it has.
    fn has_polled_since(&self, before: Option<Effort>) -> bool {
        let (Some(before), Some(now)) = (before, self.threads.effort()) else { return false };
        quiet::has_looked_for_more(before, now)
    }

    /// The rest is too late: carry all of it at once.
    fn was_read_too_early(&mut self) {
        self.scene.notice(Cause::ReadBeforeAllArrived);
        self.scene.log().script.push(Piece::Event(words::YOUR_CODE_READS.to_owned()));
        // The early read has been noticed: from now on reads are allowed.
        self.one_read = false;
        let rest = self.flow.lock().written[self.carried..].to_vec();
        if !rest.is_empty() {
            let _ = self.bring(&rest);
        }
    }

    /// Wait for more to be written; return true if no more will be, because the answer lost it.
    fn nothing_more_comes(&self) -> bool {
        let (before, began) = (self.threads.effort(), Instant::now());
        loop {
            let state = self.flow.lock();
            if state.over || state.written.len() > self.carried {
                return false;
            }
            let effort = self.threads.effort().unwrap_or_default();
            let gave_up = quiet::has_given_up(before.unwrap_or_default(), effort);
            if state.cut_short && (gave_up || began.elapsed() > IN_FLIGHT_LIMIT) {
                return true;
            }
            drop(state);
            self.flow
                .wait_while(LULL / 10, |state| !state.over && state.written.len() == self.carried);
        }
    }

    /// End the connection for a call that would wait for ever: its next peek or read fails.
    fn reset(self) {
        while take_now(&self.queue).is_some_and(|n| n > 0) {}
        let _ = SockRef::from(&self.near).set_linger(Some(Duration::ZERO));
        self.flow.update(|state| state.brought = true);
    }

    /// How many bytes the receiver's queue holds; `None` if the system does not report it.
    fn queued(&self) -> Option<usize> {
        let mut room = vec![MaybeUninit::uninit(); self.total + self.followed_by.len() + 1];
        peek_now(&self.queue, &mut room)
    }
}

/// What is left in a socket's queue after the call of the answer.
fn left_in(receiver: &mut TcpStream) -> Vec<u8> {
    let mut left = Vec::new();
    // The network has closed its side by now, so this read ends; a reset connection holds nothing.
    let _ = receiver.set_nonblocking(true);
    let _ = receiver.read_to_end(&mut left);
    left
}

/// Peek into a socket's queue without waiting, whatever the socket's own mode is.
///
/// The mode belongs to the connection, not to the clone: a change would affect the answer's socket, too.
#[cfg(unix)]
fn peek_now(socket: &TcpStream, room: &mut [MaybeUninit<u8>]) -> Option<usize> {
    at_once(socket, room, libc::MSG_PEEK)
}

/// Take bytes out of a socket's queue without waiting.
#[cfg(unix)]
fn take_now(socket: &TcpStream) -> Option<usize> {
    at_once(socket, &mut [MaybeUninit::uninit(); 1024], 0)
}

#[cfg(unix)]
fn at_once(socket: &TcpStream, room: &mut [MaybeUninit<u8>], flags: i32) -> Option<usize> {
    match SockRef::from(socket).recv_with_flags(room, flags | libc::MSG_DONTWAIT) {
        Ok(n) => Some(n),
        Err(error) if error.kind() == ErrorKind::WouldBlock => Some(0),
        Err(_) => None,
    }
}

/// Without a flag that makes a single call nonblocking, the queue cannot be inspected: pauses last their
/// full time.
#[cfg(not(unix))]
fn peek_now(_socket: &TcpStream, _room: &mut [MaybeUninit<u8>]) -> Option<usize> {
    None
}

#[cfg(not(unix))]
fn take_now(_socket: &TcpStream) -> Option<usize> {
    None
}
