//! Peers for UDP: real sockets on loopback, whose every datagram stands in the scene.
//!
//! The check's own thread plays the peers, line by line, while a call of the answer runs before it
//! or in the background. Peers act on what they hear, never on time.

use std::cell::Cell;
use std::io::{self, ErrorKind};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, UdpSocket};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use socket2::SockRef;

use crate::background::{Background, in_background};
use crate::cause::Cause;
use crate::net::wire::CALL_BUDGET;
use crate::scene::{Expected, Scene, fail, fails_with, returns};
use crate::story::Row;
use crate::story::values::{Told, quoted};
use crate::words;

/// The most bytes that one datagram carries over IPv4: 65,535 less 20 for IP's header, 8 for UDP's.
pub const LARGEST_DATAGRAM: usize = 65_507;

/// Room for the largest datagram, the kernel's own accounting included.
const BUFFERS: usize = 256 * 1024;

/// How long a peer looks for a datagram that is there already, or never comes: some systems bring
/// it a moment later. Only an answer that sends nothing makes anybody wait.
const GRACE: Duration = Duration::from_millis(100);

/// How often a waiting peer looks whether the call that it waits for is over.
const A_MOMENT: Duration = Duration::from_millis(10);

/// How long the waker waits for its echo before it sends again.
const AN_INSTANT: Duration = Duration::from_millis(1);

/// For how long strangers make noise at most: it ends what would never end.
const NOISE: Duration = Duration::from_secs(2);

/// A UDP socket on loopback, on a port from the kernel, with room for the largest datagrams.
///
/// # Panics
///
/// When the system refuses one.
pub fn local_udp_socket() -> UdpSocket {
    socket_at(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).expect("loopback has a free port")
}

/// Let the socket hear that a datagram of its own found nobody (ICMP: port unreachable).
///
/// Every UDP socket on Windows hears that, as an error of its next call. On Linux only a connected
/// one does: one that is connected to an address *without a port* hears it of every port there, and
/// still takes datagrams from all of them. On other systems this does nothing.
pub fn hear_of_unreachable_ports(socket: &UdpSocket) {
    if cfg!(target_os = "linux") {
        socket.connect((Ipv4Addr::LOCALHOST, 0)).expect("an address without a port is an address");
    }
}

/// Somebody who speaks UDP with one socket of the answer's.
#[derive(Debug)]
pub struct UdpPeer {
    scene: Scene,
    name: &'static str,
    socket: UdpSocket,
    partner: SocketAddr,
}

/// What a peer hears when it listens.
#[derive(Clone, Debug, PartialEq)]
pub enum Heard {
    /// One datagram, from the socket that it speaks with.
    Datagram(Vec<u8>),
    /// No datagram.
    Nothing,
}

/// The peer must hear this datagram.
pub fn heard(datagram: impl AsRef<[u8]>) -> Expected<Heard> {
    returns(Heard::Datagram(datagram.as_ref().to_vec()))
}

/// Nothing may be heard.
fn nothing() -> Expected<Heard> {
    returns(Heard::Nothing)
}

impl UdpPeer {
    /// A peer on loopback, called `name` in stories, that speaks with `socket`.
    ///
    /// # Panics
    ///
    /// When the system refuses it a socket.
    pub fn new(scene: &Scene, name: &'static str, socket: &UdpSocket) -> UdpPeer {
        UdpPeer::over(local_udp_socket(), scene, name, socket)
    }

    /// As [`UdpPeer::new`], at this address, or `None` where the system has no such address.
    pub fn at(
        address: SocketAddr,
        scene: &Scene,
        name: &'static str,
        socket: &UdpSocket,
    ) -> Option<UdpPeer> {
        socket_at(address).ok().map(|own| UdpPeer::over(own, scene, name, socket))
    }

    fn over(own: UdpSocket, scene: &Scene, name: &'static str, other: &UdpSocket) -> UdpPeer {
        scene.log().datagrams = true;
        hear_of_unreachable_ports(&own);
        let partner = other.local_addr().expect("a bound socket has an address");
        UdpPeer { scene: scene.clone(), name, socket: own, partner }
    }

    /// The peer's address.
    pub fn address(&self) -> SocketAddr {
        self.socket.local_addr().expect("a bound socket has an address")
    }

    /// Send one datagram; fail with a story if nobody takes what this peer sends.
    pub fn sends(&self, datagram: impl AsRef<[u8]>) {
        let datagram = datagram.as_ref();
        let what = words::sends(quoted(datagram));
        self.send(datagram);
        if let Ok(Some(error)) = self.socket.take_error()
            && is_unreachable(error.kind())
        {
            self.turned_away(&what);
        }
        self.scene.happened(format!("{} {what}", self.name));
    }

    /// Listen for a datagram that is there already; fail with a story unless it is the right one.
    pub fn hears(&self, expected: Expected<Heard>) {
        self.listens(expected, || self.receive(GRACE));
    }

    /// Look whether anything else is there, and fail with a story of `cause` if so.
    ///
    /// To be asked when whoever might send has returned: nobody waits for what may still come.
    pub fn hears_no_more(&self, cause: Cause) {
        self.listens(nothing().or(cause), || self.look());
    }

    /// Listen until `call` is over, and fail with a story of `cause` if it sends anything more.
    pub fn awaits_the_end<T: Told>(&self, call: &Background<io::Result<T>>, cause: Cause) {
        self.listens(nothing().or(cause), || {
            while !call.is_over() {
                match self.receive(A_MOMENT)? {
                    Heard::Nothing => {}
                    heard => return Ok(heard),
                }
            }
            self.look()
        });
    }

    /// Listen until a datagram comes, or until `call` is over without having sent any.
    ///
    /// Fail with a story unless the right one comes.
    pub fn awaits<T: Told>(&self, call: &Background<io::Result<T>>, expected: Expected<Heard>) {
        self.listens(expected, || self.listen(call, || true));
    }

    /// Send a datagram again and again until its echo comes, as a client does that knows UDP.
    ///
    /// Fail with a story of `cause` if `call` is over without an echo.
    pub fn asks_until_heard<T: Told>(
        &self,
        call: &Background<io::Result<T>>,
        datagram: &[u8],
        cause: Cause,
    ) {
        self.scene.happened(words::sends_until_it_hears(self.name, quoted(datagram)));
        self.listens(heard(datagram).or(cause), || {
            loop {
                self.send(datagram);
                let once = Cell::new(true);
                match self.listen(call, || once.replace(false))? {
                    Heard::Nothing if self.scene.log().ended.is_none() => {}
                    heard => return Ok(heard),
                }
            }
        });
    }

    /// As [`UdpPeer::awaits`], while `stranger` sends noise to the call without a pause.
    ///
    /// The noise ends after two seconds, and this peer has heard nothing then.
    pub fn awaits_amid_noise<T: Told + Send>(
        &self,
        call: &Background<io::Result<T>>,
        stranger: &UdpPeer,
        expected: Expected<Heard>,
    ) {
        self.scene.happened(words::begins_to_send_noise(stranger.name));
        let began = Instant::now();
        let heard = AtomicBool::new(false);
        let goes_on = || !heard.load(Ordering::Relaxed) && began.elapsed() < NOISE;
        let noise = || {
            while goes_on() {
                // Some systems refuse a datagram when their queues are full; noise need not arrive.
                let _ = stranger.socket.send_to(b"noise", stranger.partner);
            }
        };
        self.listens(expected, || {
            thread::scope(|scope| {
                // Several at once: on a busy machine one of them alone would pause now and then.
                (0..4).for_each(|_| drop(scope.spawn(noise)));
                let came = self.listen(call, goes_on);
                heard.store(true, Ordering::Relaxed);
                came
            })
        });
    }

    fn send(&self, datagram: &[u8]) {
        // An error that waits on the socket is told instead of sending (socket(7), SO_ERROR).
        let sent = self.socket.send_to(datagram, self.partner);
        sent.or_else(|_| self.socket.send_to(datagram, self.partner))
            .expect("loopback takes a datagram");
    }

    fn listens(&self, expected: Expected<Heard>, listen: impl FnOnce() -> io::Result<Heard>) {
        self.scene.expect_of(self.name, words::LISTENS, expected, listen);
    }

    /// Listen until something comes, the call is over, or there is no reason to go on.
    fn listen<T: Told>(
        &self,
        call: &Background<io::Result<T>>,
        goes_on: impl Fn() -> bool,
    ) -> io::Result<Heard> {
        while goes_on() {
            // Looked at first: what it sent before it ended has been sent by now.
            let end = call.end();
            let patience = if end.is_some() { GRACE } else { A_MOMENT };
            match (self.receive(patience)?, end) {
                (Heard::Nothing, None) => {}
                (Heard::Nothing, Some(end)) => {
                    self.scene.log().ended = Some(end.error);
                    self.scene.happened(end.told);
                    return Ok(Heard::Nothing);
                }
                (heard, _) => return Ok(heard),
            }
        }
        Ok(Heard::Nothing)
    }

    /// Receive what is there already, without waiting.
    fn look(&self) -> io::Result<Heard> {
        self.socket.set_nonblocking(true)?;
        let heard = self.receive(A_MOMENT);
        self.socket.set_nonblocking(false)?;
        heard
    }

    fn receive(&self, patience: Duration) -> io::Result<Heard> {
        self.socket.set_read_timeout(Some(patience))?;
        let mut buffer = vec![0; LARGEST_DATAGRAM];
        match self.socket.recv_from(&mut buffer) {
            Ok((n, from)) if from == self.partner => {
                buffer.truncate(n);
                Ok(Heard::Datagram(buffer))
            }
            Ok((n, _)) => self.hears_another(&buffer[..n]),
            Err(error) if is_unreachable(error.kind()) => self.turned_away(words::LISTENS),
            Err(error) => match error.kind() {
                ErrorKind::WouldBlock | ErrorKind::TimedOut | ErrorKind::Interrupted => {
                    Ok(Heard::Nothing)
                }
                _ => Err(error),
            },
        }
    }

    fn turned_away(&self, step: &str) -> ! {
        let mut rows = self.scene.rows_of_peer(&format!("{} {step}", self.name));
        rows.push(Row::new(words::AND_GOT, words::NOTHING_BUT_PORT_UNREACHABLE));
        fail(Cause::TurnsOthersAway.story(rows))
    }

    fn hears_another(&self, datagram: &[u8]) -> ! {
        let mut rows = self.scene.rows_of_peer(&format!("{} {}", self.name, words::LISTENS));
        rows.push(Row::new(words::AND_GOT, words::from_a_stranger(quoted(datagram))));
        fail(Cause::SentFromAnotherSocket.story(rows))
    }
}

impl Told for Heard {
    fn told(&self) -> String {
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

/// A server of the answer's that serves a socket in the background, until this is dropped.
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

    /// The socket that is served.
    pub fn socket(&self) -> &UdpSocket {
        &self.socket
    }

    /// The call that serves.
    ///
    /// # Panics
    ///
    /// When the server has been told to stop.
    pub fn call(&self) -> &Background<io::Result<()>> {
        self.serving.as_ref().expect("the server has not been told to stop")
    }

    /// Make the socket one that does not wait, and fail with a story unless `serve` returns the
    /// error `WouldBlock` then.
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

    /// Wake the server with datagrams until it has seen that its socket does not wait any more.
    fn stop(&mut self) -> Option<Background<io::Result<()>>> {
        let serving = self.serving.take()?;
        let _ = self.socket.set_nonblocking(true);
        let waker = UdpPeer::new(&self.scene, words::THE_WAKER, &self.socket);
        for _ in 0..CALL_BUDGET {
            if serving.is_over() {
                break;
            }
            let _ = waker.socket.send_to(b"wake up", waker.partner);
            let _ = waker.socket.set_read_timeout(Some(AN_INSTANT));
            let _ = waker.socket.recv_from(&mut [0; 16]);
        }
        // A server that never ends waits at least, and leaves the processor to others.
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
    /// The settings of this socket, as they are now.
    ///
    /// # Panics
    ///
    /// When the system does not tell them.
    pub fn of(socket: &UdpSocket) -> Settings {
        Settings {
            blocking: is_blocking(socket),
            timeout: socket.read_timeout().expect("a socket has a read timeout, or none"),
            connected: socket.peer_addr().is_ok(),
        }
    }
}

impl Told for Settings {
    fn told(&self) -> String {
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

/// Windows does not tell a socket's mode.
#[cfg(not(unix))]
fn is_blocking(_: &UdpSocket) -> bool {
    true
}

/// The same port on another loopback address, for a stranger who differs in the host alone.
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
