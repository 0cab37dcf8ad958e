//! The course's end of a connection with a program under test.
//!
//! What a peer sends in one call leaves in one segment, and the next call waits until the program has read it and
//! looks for more: so the program meets every border between segments, on a real connection.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::{Arc, Mutex};

use netkata::linux::sockets::let_arrive;
use netkata::{Cause, FarEnd, Row, Sockets, TcpEnd, Watch, compared, counted};
use socket2::SockRef;

use crate::events::{Events, Log, lock, shown};
use crate::words;

/// The course's end of one connection.
#[derive(Debug)]
pub struct Peer {
    events: Arc<Events>,
    stream: Arc<TcpStream>,
    far: RefCell<Option<FarEnd>>,
    /// What the kernel has not taken yet.
    unsent: RefCell<VecDeque<u8>>,
    sent: RefCell<u64>,
    /// The error of the connection that its socket no longer reports: it does so once (SO_ERROR, socket(7)).
    failed: Cell<Option<ErrorKind>>,
    log: Arc<Mutex<Log>>,
}

/// What followed the bytes that a peer has received.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Then {
    /// As many bytes as it wanted have arrived.
    Enough,
    /// The program has closed its side.
    End,
    /// The connection has failed.
    Error(ErrorKind),
    /// Nothing more arrives: the program waits as well.
    Nothing,
}

impl Peer {
    pub(crate) fn over(events: Arc<Events>, stream: TcpStream, log: Arc<Mutex<Log>>) -> Peer {
        stream.set_nodelay(true).expect("a stream has options");
        stream.set_nonblocking(true).expect("a stream has a mode");
        let stream = Arc::new(stream);
        lock(&log).stream = Some(Arc::clone(&stream));
        let far = RefCell::new(FarEnd::of(&stream));
        let (unsent, sent, failed) = (RefCell::default(), RefCell::default(), Cell::default());
        Peer { events, stream, far, unsent, sent, failed, log }
    }

    /// The connection has failed with this error before this peer was told so.
    pub(crate) fn after(self, failed: Option<ErrorKind>) -> Peer {
        self.failed.set(failed);
        self
    }

    /// Send these bytes in one segment, and wait until the program has read them and looks for more, or waits
    /// for something else. What the kernel does not take leaves while this peer receives.
    pub fn sends(&self, bytes: &[u8]) {
        self.sends_and_goes_on(bytes);
        self.settles();
    }

    /// As [`Peer::sends`]; the story shows these words for the bytes, which may differ each time.
    pub fn sends_as(&self, what: &str, bytes: &[u8]) {
        self.did(what);
        self.sends_untold(bytes);
        self.settles();
    }

    /// Send each of these in a segment of its own.
    pub fn sends_in_segments(&self, segments: &[&[u8]]) {
        segments.iter().for_each(|segment| self.sends(segment));
    }

    /// Send these bytes in segments of these lengths, and what is left in one more.
    pub fn sends_cut(&self, bytes: &[u8], lengths: &[usize]) {
        let mut rest = bytes;
        for length in lengths {
            let (segment, after) = rest.split_at((*length).min(rest.len()));
            self.sends(segment);
            rest = after;
        }
        if !rest.is_empty() {
            self.sends(rest);
        }
    }

    /// Send these bytes, and go on at once: they may arrive together with what follows.
    pub fn sends_and_goes_on(&self, bytes: &[u8]) {
        lock(&self.log).sent(bytes);
        self.sends_untold(bytes);
    }

    /// As [`Peer::sends_and_goes_on`]; the story does not show the bytes.
    pub fn sends_untold(&self, bytes: &[u8]) {
        self.unsent.borrow_mut().extend(bytes);
        self.send();
    }

    /// Send what the program takes of these bytes, and receive nothing meanwhile. Return how many are left.
    pub fn sends_what_it_takes(&self, bytes: &[u8]) -> usize {
        self.sends_and_goes_on(bytes);
        let all_left = || {
            self.send();
            (self.unsent() == 0).then_some(())
        };
        let _ = self.events.until(|| Sockets::Stream(&self.stream), all_left);
        self.unsent()
    }

    /// Send these bytes, receive nothing, and fail with a story of this cause if the program takes all of them.
    pub fn is_made_to_wait(&self, bytes: &[u8], cause: Cause) {
        if self.sends_what_it_takes(bytes) == 0 {
            let expected = Row::new(netkata::words::EXPECTED, words::THE_PEER_WAITS);
            let took = Row::new(words::YOUR_PROGRAM, words::TOOK_ALL);
            self.events.fails(cause, vec![took, expected]);
        }
    }

    /// How many bytes the program keeps: it has read them, and the kernel has none of them as an answer. For a program
    /// that answers every byte with one, and a peer that has received nothing; 0 if the system does not show it.
    pub fn kept(&self) -> u64 {
        let ends = || {
            let (near, far) = (self.stream.local_addr().ok()?, self.stream.peer_addr().ok()?);
            Some([TcpEnd::of(near, far)?, TcpEnd::of(far, near)?])
        };
        let sent = *self.sent.borrow();
        let in_kernels =
            |ends: [TcpEnd; 2]| ends.iter().map(|it| it.unacknowledged + it.unread).sum();
        sent.saturating_sub(ends().map_or(sent, in_kernels))
    }

    /// Fail with a story of this cause unless the program keeps less than this: see [`Peer::kept`].
    pub fn is_owed_less_than(&self, most: u64, cause: Cause) {
        let kept = self.kept();
        if kept >= most {
            let bytes = |number: u64| counted(number as usize, netkata::words::BYTE);
            let keeps = Row::new(words::YOUR_PROGRAM, words::keeps(bytes(kept)));
            let expected = Row::new(netkata::words::EXPECTED, words::fewer_than(bytes(most)));
            self.events.fails(cause, vec![keeps, expected]);
        }
    }

    /// Receive as many bytes, and fail with a story of this cause unless they are these.
    pub fn receives(&self, bytes: &[u8], cause: Cause) {
        let (got, then) = self.reads(bytes.len());
        if got != bytes || !matches!(then, Then::Enough) {
            self.fails(cause, bytes, &got, then);
        }
        lock(&self.log).got(&got);
    }

    /// Receive exactly so many bytes and return them, whatever they are; fail with a story of this cause if
    /// fewer arrive.
    pub fn receives_some(&self, number: usize, cause: Cause) -> Vec<u8> {
        let (got, then) = self.reads(number);
        if !matches!(then, Then::Enough) {
            let expected = counted(number, netkata::words::BYTE);
            self.fails_in_words(cause, expected, &got, then);
        }
        lock(&self.log).got(&got);
        got
    }

    /// Fail with a story of this cause if anything arrives, even the end of the stream, before the program has
    /// waited for more than a second: a pause that it makes by itself is over by then.
    pub fn receives_nothing_in_time(&self, cause: Cause) {
        let comes = || self.peek().is_ok().then_some(());
        let _ = self.events.until_timers(|| Sockets::Stream(&self.stream), comes);
        self.receives_nothing(cause);
    }

    /// Receive a reply of 1 to 1024 bytes without an end mark: what is there when the program waits again. Fail with a
    /// story of this cause if nothing arrives.
    pub fn receives_reply(&self, cause: Cause) -> Vec<u8> {
        let mut reply = self.receives_some(1, cause);
        self.settles();
        let_arrive();
        let (rest, _) = self.look(1023);
        lock(&self.log).got(&rest);
        reply.extend(rest);
        reply
    }

    /// Receive until a line is complete, and return it without its end; fail with a story of this cause if none
    /// arrives.
    pub fn receives_line(&self, cause: Cause) -> Vec<u8> {
        let mut line = self.receives_through(b"\n", words::A_LINE, cause);
        line.pop();
        line
    }

    /// Receive up to the end of these bytes, and return everything; fail with a story of this cause if they do not
    /// arrive. `expected` says in words what ends with them.
    pub fn receives_through(
        &self,
        end: &[u8],
        expected: impl Into<String>,
        cause: Cause,
    ) -> Vec<u8> {
        let (got, then) = self.reads_while(|got| usize::from(!got.ends_with(end)));
        if then != Then::Enough {
            self.fails_in_words(cause, expected, &got, then);
        }
        lock(&self.log).got(&got);
        got
    }

    /// Return everything that has arrived when the program waits or has closed its side.
    pub fn takes_what_comes(&self) -> Vec<u8> {
        let (got, _) = self.reads(usize::MAX);
        lock(&self.log).got(&got);
        got
    }

    /// Fail with a story of this cause if anything has arrived, even the end of the stream, when the program
    /// waits for something.
    pub fn receives_nothing(&self, cause: Cause) {
        self.settles();
        let_arrive();
        let (got, then) = self.look(1024);
        if !got.is_empty() || !matches!(then, Then::Nothing | Then::Enough) {
            self.fails_in_words(cause, netkata::words::NOTHING, &got, then);
        }
    }

    /// Fail with a story of this cause unless the stream ends now, with nothing before its end. A program that is about to
    /// end may take its time for it: see [`Stage::ends`](crate::Stage::ends).
    pub fn receives_the_end(&self, cause: Cause) {
        self.events.patiently(|| self.ends_after(b"", cause));
    }

    /// Fail with a story of this cause unless these bytes arrive, and then the end of the stream.
    pub fn ends_after(&self, bytes: &[u8], cause: Cause) {
        // One more byte is wrong already: a program that never stops sending would send for ever.
        let (got, then) = self.reads(bytes.len() + 1);
        if got != bytes || then != Then::End {
            if got != bytes {
                self.fails(cause, bytes, &got, then);
            }
            self.fails_in_words(cause, netkata::words::THE_END_OF_THE_STREAM, &got, then);
        }
        lock(&self.log).got(&got);
        lock(&self.log).got_the_end();
    }

    /// Fail with a story of this cause unless the program closes the connection, in order or with a reset, and
    /// sends nothing before.
    pub fn is_disconnected(&self, cause: Cause) {
        let (got, then) = self.reads(1);
        if !got.is_empty() || then == Then::Nothing {
            self.fails_in_words(cause, words::THE_END_OF_THE_CONNECTION, &got, then);
        }
        lock(&self.log).did(words::WAS_DISCONNECTED);
    }

    /// As [`Peer::is_disconnected`], but the program may send something before.
    pub fn is_disconnected_at_last(&self, cause: Cause) {
        self.takes_what_comes();
        self.is_disconnected(cause);
    }

    /// Fail with a story of this cause unless the program ends the connection with a reset, and sends nothing before.
    pub fn receives_a_reset(&self, cause: Cause) {
        let (got, then) = self.reads(usize::MAX);
        if !got.is_empty() || then != Then::Error(ErrorKind::ConnectionReset) {
            self.fails_in_words(cause, words::A_RESET, &got, then);
        }
        lock(&self.log).did(words::WAS_RESET);
    }

    /// Fail with a story of this cause if the program has closed the connection.
    pub fn is_still_connected(&self, cause: Cause) {
        self.settles();
        let_arrive();
        let then = match self.peek() {
            Ok(0) => Then::End,
            Err(ErrorKind::WouldBlock) | Ok(_) => return,
            Err(kind) => Then::Error(kind),
        };
        self.fails_in_words(cause, words::STILL_CONNECTED, b"", then);
    }

    /// Close the sending side: the program reads the end of the stream, and may still send.
    pub fn closes_its_side(&self) {
        lock(&self.log).did(netkata::words::CLOSED_ITS_SENDING_SIDE);
        let _ = self.stream.shutdown(Shutdown::Write);
        self.settles();
    }

    /// Close the connection in order, both halves.
    pub fn leaves(self) {
        lock(&self.log).did(netkata::words::LEFT);
        // What was not read would make the kernel send a reset.
        let _ = self.look(usize::MAX);
        let _ = self.stream.shutdown(Shutdown::Both);
        self.settles();
    }

    /// Close the connection, both halves, and go on at once.
    pub fn leaves_and_goes_on(self) {
        lock(&self.log).did(netkata::words::LEFT);
        lock(&self.log).stream = None;
    }

    /// End the connection with a reset, as a program that crashes may.
    pub fn resets(self) {
        let events = Arc::clone(&self.events);
        self.resets_and_goes_on();
        let_arrive();
        let _ = events.until(|| Sockets::Any, || events.program.ended());
    }

    /// End the connection with a reset, and go on at once.
    pub fn resets_and_goes_on(self) {
        let mut log = lock(&self.log);
        log.did(netkata::words::RESET_THE_CONNECTION);
        log.reset_what_is_open();
        // Closed by its last owner, the caller: the kernel sends the reset.
    }

    /// Read nothing from now on, until this peer receives again. What arrives meanwhile has no more room than now: else
    /// the kernel would make more, on some systems up to 32 MiB (tcp_rmem, tcp(7)).
    pub fn does_not_read(&self) {
        self.did(netkata::words::DOES_NOT_READ);
        let socket = SockRef::from(&*self.stream);
        // A room that was asked for does not grow; the kernel doubles what is asked for (SO_RCVBUF, socket(7)).
        let _ = socket.recv_buffer_size().and_then(|room| socket.set_recv_buffer_size(room / 2));
    }

    /// Note an event that this peer saw: `reads again`.
    pub fn did(&self, what: impl Into<String>) {
        lock(&self.log).did(what);
    }

    /// How many bytes have not left yet, because the program does not read.
    pub fn unsent(&self) -> usize {
        self.unsent.borrow().len()
    }

    /// Receive up to so many bytes: until they have arrived, the stream has ended, or the program waits, too.
    pub fn reads(&self, number: usize) -> (Vec<u8>, Then) {
        self.reads_while(|got| number - got.len())
    }

    /// As [`Peer::reads`], for a number that depends on what has arrived: `missing` says how many more.
    fn reads_while(&self, missing: impl Fn(&[u8]) -> usize) -> (Vec<u8>, Then) {
        let mut got = Vec::new();
        let waited = self.events.until(
            || Sockets::Stream(&self.stream),
            || {
                self.send();
                loop {
                    let number = missing(&got);
                    let (more, then) = self.look(number);
                    got.extend(&more);
                    match then {
                        Then::Enough if number > 0 => {}
                        Then::Nothing => return None,
                        then => return Some(then),
                    }
                }
            },
        );
        (got, waited.unwrap_or(Then::Nothing))
    }

    /// Receive until `look`, which gets the bytes as they arrive, has found something; otherwise say what came then.
    /// The story does not show the bytes.
    ///
    /// # Errors
    ///
    /// The end of the stream or its error, or nothing more if the program waits.
    pub fn reads_until<T>(&self, mut look: impl FnMut(Vec<u8>) -> Option<T>) -> Result<T, Then> {
        let mut then = Then::Nothing;
        let found = self.events.until(
            || Sockets::Stream(&self.stream),
            || {
                let (more, now) = self.look(usize::MAX);
                then = now;
                let found = look(more).map(Ok);
                found.or(matches!(now, Then::End | Then::Error(_)).then_some(Err(now)))
            },
        );
        found.unwrap_or(Err(then))
    }

    /// Fail with a story of this cause: this came, in words, and something else was expected.
    pub fn got_another(&self, got: &str, expected: &str, cause: Cause) -> ! {
        let got = Row::new(words::now_got(&lock(&self.log).name), got);
        self.events.fails(cause, vec![got, Row::new(netkata::words::EXPECTED, expected)])
    }

    /// How many bytes have arrived: 0 at the end of the stream, else 1.
    fn peek(&self) -> Result<usize, ErrorKind> {
        self.failed.get().map_or(Ok(()), Err)?;
        self.stream.peek(&mut [0]).map_err(|error| error.kind())
    }

    /// Read what has arrived, up to so many bytes.
    fn look(&self, number: usize) -> (Vec<u8>, Then) {
        let (mut got, mut buffer) = (Vec::new(), [0; 16 * 1024]);
        if let Some(kind) = self.failed.get() {
            return (got, Then::Error(kind));
        }
        while got.len() < number {
            let room = buffer.len().min(number - got.len());
            match (&*self.stream).read(&mut buffer[..room]).map_err(|error| error.kind()) {
                Ok(0) => return (got, Then::End),
                Ok(n) => {
                    self.events.moved(n);
                    got.extend_from_slice(&buffer[..n]);
                }
                Err(ErrorKind::Interrupted) => {}
                Err(ErrorKind::WouldBlock) => return (got, Then::Nothing),
                Err(kind) => return (got, Then::Error(kind)),
            }
        }
        (got, Then::Enough)
    }

    /// Send what the kernel takes now.
    fn send(&self) {
        let mut unsent = self.unsent.borrow_mut();
        while !unsent.is_empty() {
            match (&*self.stream).write(unsent.as_slices().0) {
                Ok(n) => {
                    self.events.moved(n);
                    unsent.drain(..n);
                    *self.sent.borrow_mut() += n as u64;
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => return,
                // What the peer receives shows why.
                Err(_) => unsent.clear(),
            }
        }
    }

    /// Wait until the program has read everything and looks for more, or waits for something else.
    pub fn settles(&self) {
        let mut watch: Option<Watch> = None;
        let _ = self.events.until(
            || Sockets::Stream(&self.stream),
            || {
                let mut far = self.far.borrow_mut();
                if far.is_none() {
                    *far = FarEnd::of(&self.stream);
                }
                // Nothing is known of a program on another machine.
                let Some(far) = far.as_mut() else { return Some(()) };
                if watch.is_none()
                    && (!self.unsent.borrow().is_empty() || far.has_read(*self.sent.borrow()))
                {
                    watch = Some(far.until_it_looks_for_more());
                }
                watch.as_mut().is_some_and(Watch::is_over).then_some(())
            },
        );
    }

    fn fails(&self, cause: Cause, expected: &[u8], got: &[u8], then: Then) -> ! {
        if got.is_empty() || expected.is_empty() {
            let expected = shown(lock(&self.log).readable(expected), expected);
            self.fails_in_words(cause, expected, got, then);
        }
        let (got, expected, mark) = compared(got, expected);
        let got = match then.in_words() {
            None => got,
            Some(then) => netkata::words::and_then(got, then),
        };
        let name = lock(&self.log).name.clone();
        let mark = Some(mark);
        let expected = Row { label: netkata::words::EXPECTED.to_owned(), text: expected, mark };
        self.events.fails(cause, vec![Row::new(words::now_got(name), got), expected]);
    }

    fn fails_in_words(
        &self,
        cause: Cause,
        expected: impl Into<String>,
        got: &[u8],
        then: Then,
    ) -> ! {
        let shown = shown(lock(&self.log).readable(got), got);
        let got = match (got, then.in_words()) {
            ([], None) => netkata::words::NOTHING.to_owned(),
            ([], Some(then)) => then,
            (_, None) => shown,
            (_, Some(then)) => netkata::words::and_then(shown, then),
        };
        let name = lock(&self.log).name.clone();
        let expected = Row::new(netkata::words::EXPECTED, expected);
        self.events.fails(cause, vec![Row::new(words::now_got(name), got), expected]);
    }
}

impl Then {
    /// What followed, in words, after no bytes at all.
    pub fn told(self) -> String {
        self.in_words().unwrap_or_else(|| netkata::words::NOTHING.to_owned())
    }

    fn in_words(self) -> Option<String> {
        match self {
            Then::Enough => None,
            Then::Nothing => Some(netkata::words::NOTHING_MORE.to_owned()),
            Then::End => Some(netkata::words::THE_END_OF_THE_STREAM.to_owned()),
            Then::Error(kind) => Some(format!("{kind:?}")),
        }
    }
}
