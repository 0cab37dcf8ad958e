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
    log: Arc<Mutex<Log>>,
}

impl Datagrams {
    pub(crate) fn of(
        events: Arc<Events>,
        socket: UdpSocket,
        to: Option<SocketAddr>,
        log: Arc<Mutex<Log>>,
    ) -> Datagrams {
        socket.set_nonblocking(true).expect("a socket has a mode");
        Datagrams { events, socket, to: Mutex::new(to), log }
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
        let to = lock(&self.to).expect("there is somebody to send to");
        // What arrives shows whether the program has closed its port.
        let _ = self.socket.send_to(bytes, to);
    }

    /// Receive one datagram, and fail with a story of this cause unless it is this one.
    pub fn receives(&self, bytes: &[u8], cause: Cause) {
        match self.next() {
            Some(got) if got == bytes => {}
            Some(got) => {
                let (got, expected, mark) = compared(&got, bytes);
                let label = netkata::words::EXPECTED.to_owned();
                let expected = Row { label, text: expected, mark: Some(mark) };
                self.events.fails(cause, vec![self.now_got(got), expected]);
            }
            None => {
                let expected = shown(lock(&self.log).readable(bytes), bytes);
                let expected = Row::new(netkata::words::EXPECTED, expected);
                self.events.fails(cause, vec![self.now_got(self.nothing()), expected]);
            }
        }
    }

    /// Receive one datagram, whatever it is; fail with a story of this cause if none arrives.
    pub fn receives_one(&self, cause: Cause) -> Vec<u8> {
        self.next().unwrap_or_else(|| {
            let expected = Row::new(netkata::words::EXPECTED, words::A_DATAGRAM);
            self.events.fails(cause, vec![self.now_got(self.nothing()), expected])
        })
    }

    /// Fail with a story of this cause if a datagram has arrived when the program waits.
    pub fn receives_nothing(&self, cause: Cause) {
        self.settles();
        if let Some(got) = self.look() {
            let got = shown(lock(&self.log).readable(&got), &got);
            let expected = Row::new(netkata::words::EXPECTED, netkata::words::NOTHING);
            self.events.fails(cause, vec![self.now_got(got), expected]);
        }
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
    fn next(&self) -> Option<Vec<u8>> {
        let got = self.events.until(|| Sockets::Any, || self.look()).ok()?;
        lock(&self.log).got_one(&got);
        Some(got)
    }

    fn look(&self) -> Option<Vec<u8>> {
        let mut buffer = vec![0; LARGEST_DATAGRAM + 1];
        loop {
            match self.socket.recv_from(&mut buffer) {
                Ok((n, from)) => {
                    lock(&self.to).get_or_insert(from);
                    buffer.truncate(n);
                    return Some(buffer);
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                // Nothing is there, or the program has closed its port (ICMP).
                Err(_) => return None,
            }
        }
    }

    fn now_got(&self, what: String) -> Row {
        Row::new(words::now_got(&lock(&self.log).name), what)
    }

    fn nothing(&self) -> String {
        netkata::words::NOTHING_MORE.to_owned()
    }
}
