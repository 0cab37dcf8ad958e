//! Peers on real TCP connections, who act line by line while a call of the answer runs in the background.
//!
//! A peer waits for what must come as long as that can come. When the call is over, or itself waits
//! while nothing is on its way to anybody, it cannot: the check fails there and then, and says where
//! the call stands. What threads do and what the kernel holds Linux tells; elsewhere the deadline of
//! the check ends such a wait.

use std::cell::Cell;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use socket2::{Domain, SockRef, Socket, Type};

use crate::cause::Cause;
use crate::census::{self, Census, Watched};
use crate::diagnosis::Got;
use crate::door::{Background, in_background};
use crate::kernel;
use crate::scene::{Expected, Halt, Scene, fail, returns};
use crate::told::{Told, counted, quoted};

/// How long a peer listens before it looks whether anything can still come.
const A_MOMENT: Duration = Duration::from_millis(10);

/// Up to this many bytes surely travel in one segment, and wake a reader once.
const A_WORD: usize = 512;

/// Up to this many bytes a story quotes what a peer says.
const QUOTED: usize = 64;

/// A call of the answer that runs in the background, between peers on real connections.
#[derive(Debug)]
pub struct TcpCall<T> {
    scene: Scene,
    server: SocketAddr,
    census: Census,
    background: Background<io::Result<T>>,
    /// How often the call's thread had been put to work when a peer last did something; `None` when
    /// that was long enough to come in pieces.
    turns_before: Cell<Option<u64>>,
}

/// Why a call will not move any more unless a peer does.
enum Standstill {
    Over,
    Waits,
    Spins,
}

impl<T: Told + PartialEq + Send + 'static> TcpCall<T> {
    /// Begin a call of the answer, as the server at this address or as its client.
    pub fn begin(
        scene: &Scene,
        name: &str,
        server: SocketAddr,
        run: impl FnOnce() -> io::Result<T> + Send + 'static,
    ) -> TcpCall<T> {
        let census = Census::take();
        let background = in_background(name, run);
        let turns_before = Cell::new(Some(0));
        TcpCall { scene: scene.clone(), server, census, background, turns_before }
    }

    /// Wait until the call has got what a peer last did, and has done all that it can.
    ///
    /// This is for the pace of a conversation: no verdict hangs on it. Where the system does not tell,
    /// it does not wait.
    pub fn settles(&self) {
        while census::counts() && !self.background.is_over() {
            let woken = self.is_woken();
            if self.census.settle() == Watched::Spinning || woken || self.standstill().is_some() {
                return;
            }
        }
    }

    /// Wait until the call is over, and fail with a story unless it came to what is expected.
    ///
    /// The peers have done all that they will do.
    pub fn ends(self, expected: Expected<T>) {
        let scene = self.scene.clone();
        let name = self.background.name().to_owned();
        scene.expect(&name, expected, || {
            match self.wait_until(|| self.background.is_over()) {
                Some(Standstill::Waits) => {
                    let place = self.background.place();
                    fail(self.scene.story(&Got::Waits { place }));
                }
                Some(Standstill::Spins) => {
                    self.scene.notice(Cause::SpinsAtTheEnd);
                    fail(self.scene.story(&Got::Halt(Halt::Spun)));
                }
                Some(Standstill::Over) | None => {}
            }
            self.background.join()
        });
    }

    /// Wait until something is so, or it is plain that it will not be: the call does not move any more.
    fn wait_until(&self, mut is_so: impl FnMut() -> bool) -> Option<Standstill> {
        let mut last_look = false;
        while !in_a_moment(&mut is_so) {
            match self.standstill() {
                // What had come by the look before has been looked for since.
                Some(standstill) if last_look => return Some(standstill),
                standstill => last_look = standstill.is_some(),
            }
        }
        None
    }

    /// Whether the call will not move any more unless a peer does, and why; `None` while it may.
    fn standstill(&self) -> Option<Standstill> {
        if !census::counts() {
            return None;
        }
        // Twice: what was on its way at the first look may have woken a thread that rested before it.
        for _ in 0..2 {
            if self.census.settle() == Watched::Spinning {
                return Some(Standstill::Spins);
            }
            // Who sleeps goes on without anybody's help.
            if self.census.sleeps() || kernel::in_flight(self.server) != Some(false) {
                return None;
            }
        }
        Some(if self.background.is_over() { Standstill::Over } else { Standstill::Waits })
    }

    /// Whether the call's thread has been put to work since a peer last did something.
    ///
    /// Nothing else wakes a thread that rested, and it is soon awake.
    fn is_woken(&self) -> bool {
        let Some(before) = self.turns_before.get() else { return false };
        (0..100).any(|_| {
            thread::yield_now();
            self.background.is_over() || self.background.turns().is_some_and(|now| now > before)
        })
    }

    /// Let a peer do something when the call has done all that it can: what it did before is there then.
    fn after(&self, size: usize, act: impl FnOnce()) {
        self.settles();
        self.turns_before.set(self.background.turns().filter(|_| size <= A_WORD));
        act();
    }

    /// Tell where the call stands, for a peer that did not hear what it should.
    fn tell(&self) {
        let standstill = self.wait_until(|| self.background.is_over());
        let told = match (self.background.end(), standstill) {
            (Some(end), _) => {
                if end.error == Some(ErrorKind::AddrInUse) {
                    self.scene.notice(Cause::ListensTwice);
                }
                end.told
            }
            (None, Some(Standstill::Spins)) => {
                self.scene.notice(Cause::Spins);
                format!("{} goes on without any progress", self.background.name())
            }
            (None, _) => format!("{} is {}", self.background.name(), self.background.place()),
        };
        self.scene.happened(told);
    }
}

/// Somebody at the other end of a connection with a call of the answer.
#[derive(Debug)]
pub struct TcpPeer {
    scene: Scene,
    name: &'static str,
    stream: TcpStream,
}

impl TcpPeer {
    /// Somebody called `name` in stories, who calls the server at this address.
    ///
    /// The kernel completes the connection before anybody accepts it: nobody need listen for calls yet.
    ///
    /// # Panics
    ///
    /// When the call is refused.
    pub fn calls(scene: &Scene, name: &'static str, server: SocketAddr) -> TcpPeer {
        let stream = TcpStream::connect(server).expect("a listener on loopback can be called");
        scene.happened(format!("{name} calls"));
        TcpPeer::over(stream, scene, name)
    }

    /// A server called `name` in stories, who takes the call that `call` makes at its listener.
    ///
    /// Fails with a story of `cause` if no such call comes.
    pub fn is_called<T: Told + PartialEq + Send + 'static>(
        name: &'static str,
        listener: &TcpListener,
        call: &TcpCall<T>,
        cause: Cause,
    ) -> TcpPeer {
        let scene = &call.scene;
        let mut taken = None;
        listener.set_nonblocking(true).expect("a listener has a mode");
        scene.expect_of(name, "waits for a call", returns(Calls("one")).or(cause), || {
            let nobody = call.wait_until(|| {
                taken = listener.accept().ok().map(|(stream, _)| stream);
                taken.is_some()
            });
            if nobody.is_some() {
                call.tell();
                return Ok(Calls("none, and none will come"));
            }
            Ok(Calls("one"))
        });
        let stream = taken.expect("a call was taken");
        stream.set_nonblocking(false).expect("a stream has a mode");
        TcpPeer::over(stream, scene, name)
    }

    fn over(stream: TcpStream, scene: &Scene, name: &'static str) -> TcpPeer {
        stream.set_nodelay(true).expect("a stream has options");
        stream.set_read_timeout(Some(A_MOMENT)).expect("a stream has options");
        TcpPeer { scene: scene.clone(), name, stream }
    }

    /// Send these bytes in one piece, when the call has done all that it can do before. No bytes are
    /// nothing to say.
    pub fn says<T: Told + PartialEq + Send + 'static>(&self, bytes: &[u8], call: &TcpCall<T>) {
        if bytes.is_empty() {
            return;
        }
        let told = if bytes.len() <= QUOTED { quoted(bytes) } else { counted(bytes.len(), "byte") };
        call.after(bytes.len(), || {
            self.scene.happened(format!("{} says {told}", self.name));
            // A call that has closed already is found out by what this peer hears.
            let _ = (&self.stream).write_all(bytes);
        });
    }

    /// Listen until so many bytes have come, and fail with a story unless they are these.
    pub fn hears<T: Told + PartialEq + Send + 'static>(
        &self,
        bytes: &[u8],
        call: &TcpCall<T>,
        cause: Cause,
    ) {
        let what = format!("listens for {}", counted(bytes.len(), "byte"));
        let expected = Heard { bytes: bytes.to_vec(), then: Then::Silence };
        self.listens(&what, expected, bytes.len(), call, cause);
    }

    /// Fail with a story of `cause` if anything has been said to this peer when the call has done all that
    /// it can. Whether it has hung up does not matter.
    pub fn has_heard_nothing<T: Told + PartialEq + Send + 'static>(
        &self,
        call: &TcpCall<T>,
        cause: Cause,
    ) {
        let expected = Heard { bytes: Vec::new(), then: Then::Silence };
        self.scene.expect_of(
            self.name,
            "has heard nothing yet",
            returns(expected).or(cause),
            || {
                call.settles();
                self.stream.set_nonblocking(true)?;
                let mut bytes = vec![0; 1024];
                let n = (&self.stream).read(&mut bytes).unwrap_or(0);
                self.acknowledges();
                self.stream.set_nonblocking(false)?;
                bytes.truncate(n);
                Ok(Heard { bytes, then: Then::Silence })
            },
        );
    }

    /// Listen until the other side hangs up, and fail with a story unless it said these bytes before.
    pub fn hears_the_end_after<T: Told + PartialEq + Send + 'static>(
        &self,
        bytes: &[u8],
        call: &TcpCall<T>,
        cause: Cause,
    ) {
        let expected = Heard { bytes: bytes.to_vec(), then: Then::End };
        let what = "listens until the other side hangs up";
        self.listens(what, expected, usize::MAX, call, cause);
    }

    /// Close the sending side, when the call has done all that it can do before: the other side reads the
    /// end of the stream, and may go on talking.
    pub fn hangs_up<T: Told + PartialEq + Send + 'static>(&self, call: &TcpCall<T>) {
        call.after(0, || {
            self.scene.happened(format!("{} hangs up: it closes its sending side", self.name));
            // A call that has reset the connection is found out by what this peer hears.
            let _ = self.stream.shutdown(Shutdown::Write);
        });
    }

    /// End the connection with a reset (RST), as a program that crashes may, when the call has done all
    /// that it can do before.
    pub fn resets<T: Told + PartialEq + Send + 'static>(self, call: &TcpCall<T>) {
        call.after(0, || {
            self.scene.happened(format!("{} resets the connection", self.name));
            // A close that does not linger throws away what is under way and says so (socket(7)).
            let _ = SockRef::from(&self.stream).set_linger(Some(Duration::ZERO));
            drop(self.stream);
        });
    }

    /// The stream itself, for a check that needs more of it.
    pub fn stream(&self) -> &TcpStream {
        &self.stream
    }

    fn listens<T: Told + PartialEq + Send + 'static>(
        &self,
        what: &str,
        expected: Heard,
        at_most: usize,
        call: &TcpCall<T>,
        cause: Cause,
    ) {
        self.scene.expect_of(self.name, what, returns(expected.clone()).or(cause), || {
            let heard = self.listen(at_most, call);
            if heard.then != expected.then {
                call.tell();
            }
            Ok(heard)
        });
    }

    /// Listen until so many bytes have come, the other side has hung up, or nothing more can come.
    fn listen<T: Told + PartialEq + Send + 'static>(
        &self,
        at_most: usize,
        call: &TcpCall<T>,
    ) -> Heard {
        let (mut buffer, mut bytes) = (vec![0; 64 * 1024], Vec::new());
        let mut last_look = false;
        while bytes.len() < at_most {
            let room = buffer.len().min(at_most - bytes.len());
            let then = match (&self.stream).read(&mut buffer[..room]).map_err(|it| it.kind()) {
                Ok(0) => Then::End,
                Ok(n) => {
                    bytes.extend_from_slice(&buffer[..n]);
                    self.acknowledges();
                    continue;
                }
                Err(ErrorKind::WouldBlock | ErrorKind::TimedOut | ErrorKind::Interrupted) => {
                    let stands = call.standstill().is_some();
                    if !(stands && last_look) {
                        last_look = stands;
                        continue;
                    }
                    Then::NothingMore
                }
                Err(kind) => Then::Error(kind),
            };
            return Heard { bytes, then };
        }
        Heard { bytes, then: Then::Silence }
    }

    /// Acknowledge what was read at once: until then it seems to be on its way.
    #[cfg(target_os = "linux")]
    fn acknowledges(&self) {
        // It only makes the check wait for less.
        let _ = SockRef::from(&self.stream).set_tcp_quickack(true);
    }

    #[cfg(not(target_os = "linux"))]
    fn acknowledges(&self) {}
}

/// Wait until something is so, or for a moment; say whether it is so.
fn in_a_moment(mut is_so: impl FnMut() -> bool) -> bool {
    let began = Instant::now();
    while !is_so() {
        if began.elapsed() > A_MOMENT {
            return false;
        }
        thread::yield_now();
    }
    true
}

/// What a peer heard.
#[derive(Clone, Debug, PartialEq)]
struct Heard {
    bytes: Vec<u8>,
    then: Then,
}

/// What came behind it.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Then {
    /// Nobody listened on.
    Silence,
    End,
    Error(ErrorKind),
    /// More was listened for, and will never come.
    NothingMore,
}

impl Told for Heard {
    fn told(&self) -> String {
        let then = match self.then {
            Then::Silence if self.bytes.is_empty() => "nothing".to_owned(),
            Then::Silence => return quoted(&self.bytes),
            Then::NothingMore if self.bytes.is_empty() => {
                "nothing, and nothing will come".to_owned()
            }
            Then::NothingMore => "nothing more".to_owned(),
            Then::End => "the end of the stream".to_owned(),
            Then::Error(kind) => format!("{kind:?}"),
        };
        if self.bytes.is_empty() { then } else { format!("{}, then {then}", quoted(&self.bytes)) }
    }

    fn bytes(&self) -> Option<&[u8]> {
        (self.then == Then::Silence && !self.bytes.is_empty()).then_some(&self.bytes)
    }
}

/// How many calls came, in words.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Calls(&'static str);

impl Told for Calls {
    fn told(&self) -> String {
        self.0.to_owned()
    }
}

/// A port on loopback at which nobody listens, and nobody else can as long as this is kept.
#[derive(Debug)]
pub struct DeafPort(Socket);

impl DeafPort {
    /// Take a port, and do not listen at it.
    ///
    /// # Panics
    ///
    /// When the system has none.
    pub fn taken() -> DeafPort {
        let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let bound = Socket::new(Domain::IPV4, Type::STREAM, None)
            .and_then(|socket| socket.bind(&any.into()).map(|()| socket));
        DeafPort(bound.expect("loopback has a free port"))
    }

    /// Its address.
    pub fn address(&self) -> SocketAddr {
        let address = self.0.local_addr().ok().and_then(|address| address.as_socket());
        address.expect("a bound socket has an address")
    }
}
