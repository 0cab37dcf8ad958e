//! UDP peers: real sockets on loopback. Every datagram that they send or receive is written to the scene.
//!
//! The check's own thread plays the peers, step by step; a call of the answer runs before that or in the
//! background. Peers react to datagrams, never to time.

use std::cell::Cell;
use std::fmt::Display;
use std::io::{self, ErrorKind};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, UdpSocket};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use socket2::SockRef;

use crate::background::{Background, in_background};
use crate::cause::Cause;
use crate::language::sentence;
use crate::net::wire::CALL_BUDGET;
use crate::scene::{Expected, Scene, fail, fails_with, returns};
use crate::story::Row;
use crate::story::values::{Describe, quoted};
use crate::words;

/// The largest datagram over IPv4, in bytes: 65,535 minus 20 for the IP header and 8 for the UDP header.
pub const LARGEST_DATAGRAM: usize = 65_507;

/// Room for the largest datagram and the kernel's own accounting.
const BUFFERS: usize = 256 * 1024;

/// How long a peer waits for a datagram that should already be there: some systems deliver it a moment
/// later. Only an answer that sends nothing costs this time.
const GRACE: Duration = Duration::from_millis(100);

/// How often a waiting peer checks whether the call that it waits for is over.
const POLL_INTERVAL: Duration = Duration::from_millis(10);

/// How long the waker waits for its echo before it sends again.
const ECHO_TIMEOUT: Duration = Duration::from_millis(1);

/// How long strangers send noise at most, so that the noise always ends.
const NOISE: Duration = Duration::from_secs(2);

/// Bind a UDP socket to a port of the kernel's choice on loopback, with room for the largest datagrams.
///
/// # Panics
///
/// If the system refuses a socket.
pub fn local_udp_socket() -> UdpSocket {
    socket_at(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).expect("loopback has a free port")
}

/// Let the socket report that one of its datagrams reached a closed port (ICMP: port unreachable).
///
/// Every UDP socket on Windows reports this, as an error of its next call. On Linux only a connected socket
/// does: one that is connected to an address *without a port* reports it for every port there, and still
/// receives datagrams from all of them. On other systems this function does nothing.
pub fn hear_of_unreachable_ports(socket: &UdpSocket) {
    if cfg!(target_os = "linux") {
        socket.connect((Ipv4Addr::LOCALHOST, 0)).expect("an address without a port is an address");
    }
}

/// A UDP peer of one of the answer's sockets.
#[derive(Debug)]
pub struct UdpPeer {
    scene: Scene,
    name: String,
    socket: UdpSocket,
    partner: SocketAddr,
}

/// What a peer receives.
#[derive(Clone, Debug, PartialEq)]
pub enum Heard {
    /// One datagram from the peer's partner.
    Datagram(Vec<u8>),
    /// No datagram.
    Nothing,
}

/// Expect the peer to receive this datagram.
pub fn heard(datagram: impl AsRef<[u8]>) -> Expected<Heard> {
    returns(Heard::Datagram(datagram.as_ref().to_vec()))
}

/// Expect the peer to receive nothing.
fn nothing() -> Expected<Heard> {
    returns(Heard::Nothing)
}

impl UdpPeer {
    /// Make a peer on loopback, called `name` in stories, that exchanges datagrams with `socket`.
    ///
    /// # Panics
    ///
    /// If the system refuses a socket.
    pub fn new(scene: &Scene, name: impl Display, socket: &UdpSocket) -> UdpPeer {
        UdpPeer::over(local_udp_socket(), scene, name, socket)
    }

    /// As [`UdpPeer::new`], at this address; `None` if the system has no such address.
    pub fn at(
        address: SocketAddr,
        scene: &Scene,
        name: impl Display,
        socket: &UdpSocket,
    ) -> Option<UdpPeer> {
        socket_at(address).ok().map(|own| UdpPeer::over(own, scene, name, socket))
    }

    fn over(own: UdpSocket, scene: &Scene, name: impl Display, other: &UdpSocket) -> UdpPeer {
        scene.log().datagrams = true;
        hear_of_unreachable_ports(&own);
        let partner = other.local_addr().expect("a bound socket has an address");
        UdpPeer { scene: scene.clone(), name: name.to_string(), socket: own, partner }
    }

    /// The peer's address.
    pub fn address(&self) -> SocketAddr {
        self.socket.local_addr().expect("a bound socket has an address")
    }

    /// Send one datagram; fail with a story if an earlier one reached a closed port.
    pub fn sends(&self, datagram: impl AsRef<[u8]>) {
        let datagram = datagram.as_ref();
        let what = words::sends(quoted(datagram));
        self.send(datagram);
        if let Ok(Some(error)) = self.socket.take_error()
            && is_unreachable(error.kind())
        {
            self.fails_as_unreachable(&what);
        }
        self.scene.happened(sentence(&self.name, what));
    }

    /// Receive a datagram that is already there; fail with a story unless it is the expected one.
    pub fn hears(&self, expected: Expected<Heard>) {
        self.expect_received(expected, || self.receive(GRACE));
    }

    /// Fail with a story of `cause` if any other datagram is there.
    ///
    /// Call this only when everything that might send has returned: it does not wait.
    pub fn hears_no_more(&self, cause: Cause) {
        self.expect_received(nothing().or(cause), || self.receive_now());
    }

    /// Receive until `call` is over, and fail with a story of `cause` if it sends another datagram.
    pub fn awaits_the_end<T: Describe>(&self, call: &Background<io::Result<T>>, cause: Cause) {
        self.expect_received(nothing().or(cause), || {
            while !call.is_over() {
                match self.receive(POLL_INTERVAL)? {
                    Heard::Nothing => {}
                    heard => return Ok(heard),
                }
            }
            self.receive_now()
        });
    }

    /// Wait until a datagram arrives, or until `call` is over without having sent one.
    ///
    /// Fail with a story unless the datagram is the expected one.
    pub fn awaits<T: Describe>(&self, call: &Background<io::Result<T>>, expected: Expected<Heard>) {
        self.expect_received(expected, || self.wait_for_one(call, || true));
    }

    /// Send a datagram again and again until its echo arrives, as a client that knows UDP does.
    ///
    /// Fail with a story of `cause` if `call` ends before an echo arrives.
    pub fn asks_until_heard<T: Describe>(
        &self,
        call: &Background<io::Result<T>>,
        datagram: &[u8],
        cause: Cause,
    ) {
        self.scene.happened(words::sends_until_it_hears(&self.name, quoted(datagram)));
        self.expect_received(heard(datagram).or(cause), || {
            loop {
                self.send(datagram);
                let once = Cell::new(true);
                match self.wait_for_one(call, || once.replace(false))? {
                    Heard::Nothing if self.scene.log().ended.is_none() => {}
                    heard => return Ok(heard),
                }
            }
        });
    }

    /// As [`UdpPeer::awaits`], while `stranger` sends noise to the call without a pause.
    ///
    /// The noise ends after two seconds; this peer counts as having received nothing then.
    pub fn awaits_amid_noise<T: Describe + Send>(
        &self,
        call: &Background<io::Result<T>>,
        stranger: &UdpPeer,
        expected: Expected<Heard>,
    ) {
        self.scene.happened(words::begins_to_send_noise(&stranger.name));
        let began = Instant::now();
        let heard = AtomicBool::new(false);
        let continues = || !heard.load(Ordering::Relaxed) && began.elapsed() < NOISE;
        let noise = || {
            while continues() {
                // Some systems refuse a datagram when their queues are full; noise may be lost.
                let _ = stranger.socket.send_to(b"noise", stranger.partner);
            }
        };
        self.expect_received(expected, || {
            thread::scope(|scope| {
                // Several threads: on a busy machine a single one would pause now and then.
                (0..4).for_each(|_| drop(scope.spawn(noise)));
                let received = self.wait_for_one(call, continues);
                heard.store(true, Ordering::Relaxed);
                received
            })
        });
    }

    fn send(&self, datagram: &[u8]) {
        // A pending error on the socket is reported instead of sending (socket(7), SO_ERROR).
        let sent = self.socket.send_to(datagram, self.partner);
        sent.or_else(|_| self.socket.send_to(datagram, self.partner))
            .expect("loopback takes a datagram");
    }

    fn expect_received(
        &self,
        expected: Expected<Heard>,
        receive: impl FnOnce() -> io::Result<Heard>,
    ) {
        self.scene.expect_of(&self.name, words::LISTENS, expected, receive);
    }

    /// Receive until a datagram arrives, the call is over, or `continues` is false.
    fn wait_for_one<T: Describe>(
        &self,
        call: &Background<io::Result<T>>,
        continues: impl Fn() -> bool,
    ) -> io::Result<Heard> {
        while continues() {
            // Checked before receiving: whatever the call sent before its end has been sent by now. How it
            // ended is asked afterwards: what it sent before it panicked was sent, too.
            let is_over = call.is_over();
            let heard = self.receive(if is_over { GRACE } else { POLL_INTERVAL })?;
            if heard != Heard::Nothing {
                return Ok(heard);
            }
            if is_over && let Some(end) = call.end() {
                self.scene.log().ended = Some(end.error);
                self.scene.happened(end.text);
                return Ok(Heard::Nothing);
            }
        }
        Ok(Heard::Nothing)
    }

    /// Receive what is already there, without waiting.
    fn receive_now(&self) -> io::Result<Heard> {
        self.socket.set_nonblocking(true)?;
        let heard = self.receive(POLL_INTERVAL);
        self.socket.set_nonblocking(false)?;
        heard
    }

    fn receive(&self, timeout: Duration) -> io::Result<Heard> {
        self.socket.set_read_timeout(Some(timeout))?;
        let mut buffer = vec![0; LARGEST_DATAGRAM];
        match self.socket.recv_from(&mut buffer) {
            Ok((n, from)) if from == self.partner => {
                buffer.truncate(n);
                Ok(Heard::Datagram(buffer))
            }
            Ok((n, _)) => self.receives_from_a_stranger(&buffer[..n]),
            Err(error) if is_unreachable(error.kind()) => {
                self.fails_as_unreachable(&words::LISTENS)
            }
            Err(error) => match error.kind() {
                ErrorKind::WouldBlock | ErrorKind::TimedOut | ErrorKind::Interrupted => {
                    Ok(Heard::Nothing)
                }
                _ => Err(error),
            },
        }
    }

    fn fails_as_unreachable(&self, step: &str) -> ! {
        let mut rows = self.scene.rows_of_peer(&sentence(&self.name, step));
        rows.push(Row::new(words::AND_GOT, words::NOTHING_BUT_PORT_UNREACHABLE));
        fail(Cause::TurnsOthersAway.story(rows))
    }

    fn receives_from_a_stranger(&self, datagram: &[u8]) -> ! {
        let mut rows = self.scene.rows_of_peer(&sentence(&self.name, words::LISTENS));
        rows.push(Row::new(words::AND_GOT, words::from_a_stranger(quoted(datagram))));
        fail(Cause::SentFromAnotherSocket.story(rows))
    }
}

impl Describe for Heard {
    fn describe(&self) -> String {
        match self {
            Heard::Datagram(bytes) => quoted(bytes),
            Heard::Nothing => words::NOTHING.to_owned(),
        }
    }

    fn bytes(&self) -> Option<&[u8]> {
        match self {
            Heard::Datagram(bytes) => Some(bytes),
            Heard::Nothing => None,
        }
    }
}

/// A server of the answer that serves a socket in the background until this is dropped.
#[derive(Debug)]
pub struct UdpServer {
    scene: Scene,
    socket: Arc<UdpSocket>,
    serving: Option<Background<io::Result<()>>>,
}

impl UdpServer {
    /// Let the answer's `serve` serve this socket.
    pub fn begin(
        scene: &Scene,
        socket: UdpSocket,
        serve: impl FnOnce(&UdpSocket) -> io::Result<()> + Send + 'static,
    ) -> UdpServer {
        scene.happened(words::SERVE_BEGINS);
        let socket = Arc::new(socket);
        let shared = Arc::clone(&socket);
        let serving = in_background("serve", move || serve(&shared));
        UdpServer { scene: scene.clone(), socket, serving: Some(serving) }
    }

    /// The served socket.
    pub fn socket(&self) -> &UdpSocket {
        &self.socket
    }

    /// The call that serves.
    ///
    /// # Panics
    ///
    /// If the server has been stopped.
    pub fn call(&self) -> &Background<io::Result<()>> {
        self.serving.as_ref().expect("the server has not been stopped")
    }

    /// Make the socket nonblocking, and fail with a story unless `serve` then returns the error
    /// `WouldBlock`.
    pub fn ends_with_its_socket(mut self, cause: Cause) {
        self.scene.happened(words::THE_SOCKET_NO_LONGER_WAITS);
        let serving = self.stop().expect("the server is stopped once");
        if serving.is_over() {
            let refused = fails_with(ErrorKind::WouldBlock).or(cause);
            return self.scene.expect("serve", refused, || serving.join());
        }
        let mut rows = self.scene.rows("serve");
        rows.push(Row::new(words::AND_GOES_ON, words::RECEIVING_WHATEVER_ERROR));
        fail(cause.story(rows));
    }

    /// Wake the server with datagrams until it has noticed that its socket is nonblocking.
    fn stop(&mut self) -> Option<Background<io::Result<()>>> {
        let serving = self.serving.take()?;
        let _ = self.socket.set_nonblocking(true);
        let waker = UdpPeer::new(&self.scene, words::THE_WAKER, &self.socket);
        for _ in 0..CALL_BUDGET {
            if serving.is_over() {
                break;
            }
            let _ = waker.socket.send_to(b"wake up", waker.partner);
            let _ = waker.socket.set_read_timeout(Some(ECHO_TIMEOUT));
            let _ = waker.socket.recv_from(&mut [0; 16]);
        }
        // A server that never ends at least waits, and leaves the processor to other threads.
        let _ = self.socket.set_nonblocking(false);
        Some(serving)
    }
}

impl Drop for UdpServer {
    fn drop(&mut self) {
        if !thread::panicking() {
            self.stop();
        }
    }
}

/// The settings of a socket that a call may change.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    blocking: bool,
    timeout: Option<Duration>,
    connected: bool,
}

impl Settings {
    /// Read the current settings of this socket.
    ///
    /// # Panics
    ///
    /// If the system does not report them.
    pub fn of(socket: &UdpSocket) -> Settings {
        Settings {
            blocking: is_blocking(socket),
            timeout: socket.read_timeout().expect("a socket has a read timeout, or none"),
            connected: socket.peer_addr().is_ok(),
        }
    }
}

impl Describe for Settings {
    fn describe(&self) -> String {
        let waits = match self.timeout {
            _ if !self.blocking => words::A_SOCKET_THAT_DOES_NOT_WAIT.to_owned(),
            None => words::A_SOCKET_THAT_WAITS_FOR_EVER.to_owned(),
            Some(timeout) => {
                words::a_socket_that_waits(format_args!("{:.0}", timeout.as_secs_f64()))
            }
        };
        words::connected_to(waits, if self.connected { words::ONE_PEER } else { words::NOBODY })
    }
}

#[cfg(unix)]
fn is_blocking(socket: &UdpSocket) -> bool {
    !SockRef::from(socket).nonblocking().expect("a socket has a mode")
}

/// Windows does not report the mode of a socket.
#[cfg(not(unix))]
fn is_blocking(_: &UdpSocket) -> bool {
    true
}

/// The same port on another loopback address: a stranger that differs only in its host.
pub fn other_host(address: SocketAddr) -> SocketAddr {
    SocketAddr::new(IpAddr::V4(Ipv4Addr::new(127, 0, 0, 2)), address.port())
}

fn socket_at(address: SocketAddr) -> io::Result<UdpSocket> {
    let socket = UdpSocket::bind(address)?;
    let options = SockRef::from(&socket);
    options.set_send_buffer_size(BUFFERS)?;
    options.set_recv_buffer_size(BUFFERS)?;
    Ok(socket)
}

fn is_unreachable(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::ConnectionRefused | ErrorKind::ConnectionReset)
}
