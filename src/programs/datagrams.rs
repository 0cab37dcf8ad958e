//! The course's socket for datagrams to and from a program under test.

use std::io::ErrorKind;
use std::net::{SocketAddr, UdpSocket};
use std::sync::{Arc, Mutex};

use netkata::linux::sockets::{let_arrive, udp_unread};
use netkata::{Cause, LARGEST_DATAGRAM, Row, Sockets, compared};

use crate::events::{Events, Log, lock, shown};
use crate::words;

/// A socket of the course, with the address that it sends to: the server's, or that of the client it has heard.
#[derive(Debug)]
pub struct Datagrams {
    events: Arc<Events>,
    socket: UdpSocket,
    to: Mutex<Option<SocketAddr>>,
    /// Whether it sends to whatever it has received from last.
    serves: bool,
    log: Arc<Mutex<Log>>,
}

/// A datagram, and whether it came from the address that this socket sends to.
struct Arrived {
    bytes: Vec<u8>,
    from_partner: bool,
}

impl Datagrams {
    pub(crate) fn of(
        events: Arc<Events>,
        socket: UdpSocket,
        to: Option<SocketAddr>,
        log: Arc<Mutex<Log>>,
    ) -> Datagrams {
        socket.set_nonblocking(true).expect("a socket has a mode");
        Datagrams { events, socket, serves: to.is_none(), to: Mutex::new(to), log }
    }

    /// Send one datagram, and wait until the program has read it and waits.
    ///
    /// # Panics
    ///
    /// If nothing has been received yet, so that the client's address is unknown.
    pub fn sends(&self, bytes: &[u8]) {
        self.sends_and_goes_on(bytes);
        self.settles();
    }

    /// Send one datagram, and go on at once.
    ///
    /// # Panics
    ///
    /// As [`Datagrams::sends`].
    pub fn sends_and_goes_on(&self, bytes: &[u8]) {
        lock(&self.log).sent(bytes);
        self.sends_unnoted(bytes);
    }

    /// As [`Datagrams::sends_and_goes_on`], for one of many, which stories do not show.
    ///
    /// # Panics
    ///
    /// As [`Datagrams::sends`].
    pub fn sends_unnoted(&self, bytes: &[u8]) {
        let to = lock(&self.to).expect("there is somebody to send to");
        // What arrives shows whether the program has closed its port.
        let _ = self.socket.send_to(bytes, to);
    }

    /// Receive one datagram, and fail with a story of this cause unless it is this one.
    pub fn receives(&self, bytes: &[u8], cause: Cause) {
        self.is_it(self.next(), bytes, cause);
    }

    /// As [`Datagrams::receives`], but wait for a program that goes on by itself after at most a second.
    pub fn receives_in_time(&self, bytes: &[u8], cause: Cause) {
        let next = self.events.until_timers(|| Sockets::Any, || self.look()).ok();
        self.is_it(next, bytes, cause);
    }

    /// Receive one datagram, whatever it is; fail with a story of this cause if none arrives.
    pub fn receives_one(&self, cause: Cause) -> Vec<u8> {
        let Some(arrived) = self.next() else {
            self.fails(cause, netkata::words::NOTHING_MORE, words::A_DATAGRAM)
        };
        lock(&self.log).got_one(&arrived.bytes);
        arrived.bytes
    }

    /// Fail with a story of this cause if a datagram has arrived when the program waits.
    pub fn receives_nothing(&self, cause: Cause) {
        self.settles();
        self.is_nothing(self.look(), cause);
    }

    /// As [`Datagrams::receives_nothing`], but wait for a program that goes on by itself after at most a second.
    pub fn receives_nothing_in_time(&self, cause: Cause) {
        let next = self.events.until_timers(|| Sockets::Any, || self.look()).ok();
        self.is_nothing(next, cause);
    }

    /// Whether a datagram has arrived; it is left to be received.
    pub fn has_one(&self) -> bool {
        self.socket.peek(&mut [0]).is_ok()
    }

    /// The address of this socket, for a datagram that another socket sends to it.
    pub fn address(&self) -> SocketAddr {
        self.socket.local_addr().expect("a bound socket has an address")
    }

    /// Send to this address from now on: that of a client that another socket has heard.
    pub fn turns_to(&self, client: SocketAddr) {
        *lock(&self.to) = Some(client);
    }

    /// The address that it sends to: the newest one that it has received from.
    pub fn partner(&self) -> Option<SocketAddr> {
        *lock(&self.to)
    }

    /// Note an event that this socket saw: `its reply is lost`.
    pub fn did(&self, what: impl Into<String>) {
        lock(&self.log).did(what);
    }

    /// Wait until the program has read every datagram and waits.
    pub fn settles(&self) {
        let port = lock(&self.to).map_or(0, |to| to.port());
        let mut polls_waiting = 0;
        let _ = self.events.until(
            || Sockets::Any,
            || {
                let threads = self.events.program.threads().now();
                let waits = threads.iter().all(|thread| thread.waits() != Some(false));
                let is_read = udp_unread(port).is_none_or(|unread| unread == 0);
                polls_waiting = if waits && is_read { polls_waiting + 1 } else { 0 };
                (polls_waiting > 3).then_some(())
            },
        );
        let_arrive();
    }

    /// The next datagram; `None` if none will arrive.
    fn next(&self) -> Option<Arrived> {
        self.events.until(|| Sockets::Any, || self.look()).ok()
    }

    fn look(&self) -> Option<Arrived> {
        let mut buffer = vec![0; LARGEST_DATAGRAM + 1];
        loop {
            match self.socket.recv_from(&mut buffer) {
                Ok((n, from)) => {
                    let mut to = lock(&self.to);
                    if self.serves {
                        *to = Some(from);
                    }
                    buffer.truncate(n);
                    return Some(Arrived { bytes: buffer, from_partner: *to == Some(from) });
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                // Nothing is there, or the program has closed its port (ICMP).
                Err(_) => return None,
            }
        }
    }

    /// Note this datagram, if it is the expected one.
    fn is_it(&self, arrived: Option<Arrived>, bytes: &[u8], cause: Cause) {
        let readable = |bytes| shown(lock(&self.log).readable(bytes), bytes);
        match arrived {
            None => self.fails(cause, netkata::words::NOTHING_MORE, readable(bytes)),
            Some(it) if !it.from_partner => {
                let got = words::from_another_address(readable(&it.bytes));
                self.fails(Cause::SentFromAnotherSocket, got, words::FROM_ITS_PARTNER)
            }
            Some(it) if it.bytes.is_empty() || bytes.is_empty() => {
                if it.bytes != bytes {
                    self.fails(cause, readable(&it.bytes), readable(bytes));
                }
            }
            Some(it) if it.bytes != bytes => {
                let (got, expected, mark) = compared(&it.bytes, bytes);
                let label = netkata::words::EXPECTED.to_owned();
                let expected = Row { label, text: expected, mark: Some(mark) };
                self.events.fails(cause, vec![self.now_got(got), expected])
            }
            Some(_) => {}
        }
        lock(&self.log).got_one(bytes);
    }

    fn is_nothing(&self, arrived: Option<Arrived>, cause: Cause) {
        if let Some(Arrived { bytes, .. }) = arrived {
            let got = shown(lock(&self.log).readable(&bytes), &bytes);
            self.fails(cause, got, netkata::words::NOTHING);
        }
    }

    fn fails(&self, cause: Cause, got: impl Into<String>, expected: impl Into<String>) -> ! {
        let expected = Row::new(netkata::words::EXPECTED, expected);
        self.events.fails(cause, vec![self.now_got(got), expected])
    }

    fn now_got(&self, what: impl Into<String>) -> Row {
        Row::new(words::now_got(&lock(&self.log).name), what)
    }
}
