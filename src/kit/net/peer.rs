//! Peers on real TCP connections, who act line by line while a call of the answer runs in the background.
//!
//! A peer waits for what must come as long as that can come. When the call is over, or itself waits
//! while nothing is on its way, it cannot: the check fails there and then, and says where the call
//! stands. Where the system does not tell (it does on Linux), the deadline of the check ends the wait.

use std::cell::Cell;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

use socket2::{Domain, SockRef, Socket, Type};

use crate::background::{Background, in_background};
use crate::cause::Cause;
use crate::census::Census;
use crate::quiet::{Quiet, Sockets, Still};
use crate::scene::{Expected, Scene, fail, returns};
use crate::story::values::{Told, counted, quoted};
use crate::transcript::Halt;
use crate::transcript::Outcome;
use crate::words;

/// How long one look for bytes that have come may take.
const A_LOOK: Duration = Duration::from_millis(1);

/// Up to this many bytes a story quotes what a peer says.
const QUOTED: usize = 64;

/// A call of the answer that runs in the background, between peers on real connections.
#[derive(Debug)]
pub struct TcpCall<T> {
    scene: Scene,
    census: Census,
    background: Background<io::Result<T>>,
    /// How often the call's thread had been put to work when a peer last did something.
    turns_before: Cell<u64>,
}

impl<T: Told + PartialEq + Send + 'static> TcpCall<T> {
    /// Begin a call of the answer. Everybody who has a part in the conversation begins after it, or was
    /// there before.
    pub fn begin(
        scene: &Scene,
        name: &str,
        run: impl FnOnce() -> io::Result<T> + Send + 'static,
    ) -> TcpCall<T> {
        let census = Census::take();
        let background = in_background(name, run);
        TcpCall { scene: scene.clone(), census, background, turns_before: Cell::new(0) }
    }

    /// Wait until the call has got what a peer last did, and has done all that it can.
    ///
    /// This is for the pace of a conversation: no verdict hangs on it. Where the system does not tell,
    /// it does not wait.
    pub fn settles(&self) {
        let before = self.turns_before.get();
        let is_woken = || self.background.effort().is_none_or(|effort| effort.turns > before);
        if self.wait_until(is_woken).is_ok() {
            self.census.settle();
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
                Ok(()) => {}
                Err(Still::Waiting | Still::Gone) => {
                    let place = self.background.place();
                    fail(self.scene.story(&Outcome::Waits { place }));
                }
                Err(Still::Spinning) => {
                    self.scene.notice(Cause::SpinsAtTheEnd);
                    fail(self.scene.story(&Outcome::Halt(Halt::Spun)));
                }
            }
            self.background.join()
        });
    }

    /// Wait until something is so, or it is plain that it will never be.
    fn wait_until(&self, mut is_so: impl FnMut() -> bool) -> Result<(), Still> {
        let wait = Quiet::of(self.census.threads());
        wait.until(|| Sockets::Any, || is_so().then_some(()))
    }

    /// As [`TcpCall::wait_until`], as long as bytes are on their way over a connection, too.
    fn wait_while_carried(
        &self,
        stream: &TcpStream,
        mut is_so: impl FnMut() -> bool,
    ) -> Result<(), Still> {
        let wait = Quiet::of(self.census.threads());
        wait.until(|| Sockets::Stream(stream), || is_so().then_some(()))
    }

    /// Let a peer do something when the call has done all that it can: what it did before is there then.
    fn after(&self, act: impl FnOnce()) {
        self.settles();
        self.turns_before.set(self.background.effort().map_or(0, |effort| effort.turns));
        act();
    }

    /// Tell where the call stands, for a peer that did not hear what it should.
    fn tell(&self) {
        let waited = self.wait_until(|| self.background.is_over());
        let told = match (self.background.end(), waited) {
            (Some(end), _) => {
                if end.error == Some(ErrorKind::AddrInUse) {
                    self.scene.notice(Cause::ListensTwice);
                }
                end.told
            }
            (None, Err(Still::Spinning)) => {
                self.scene.notice(Cause::Spins);
                words::goes_on(self.background.name())
            }
            (None, _) => words::stands(self.background.name(), self.background.place()),
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
    /// Whether it calls a server, which it may then say has hung up.
    calls: bool,
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
        scene.happened(words::calls(name));
        TcpPeer { calls: true, ..TcpPeer::over(stream, scene, name) }
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
        let one = returns(Calls(words::ONE)).or(cause);
        scene.expect_of(name, words::WAITS_FOR_A_CALL, one, || {
            let somebody = call.wait_until(|| {
                taken = listener.accept().ok().map(|(stream, _)| stream);
                taken.is_some()
            });
            if somebody.is_err() {
                call.tell();
                return Ok(Calls(words::NONE_WILL_COME));
            }
            Ok(Calls(words::ONE))
        });
        let stream = taken.expect("a call was taken");
        stream.set_nonblocking(false).expect("a stream has a mode");
        TcpPeer::over(stream, scene, name)
    }

    fn over(stream: TcpStream, scene: &Scene, name: &'static str) -> TcpPeer {
        stream.set_nodelay(true).expect("a stream has options");
        stream.set_read_timeout(Some(A_LOOK)).expect("a stream has options");
        TcpPeer { scene: scene.clone(), name, stream, calls: false }
    }

    /// Send these bytes in one piece, when the call has done all that it can do before. No bytes are
    /// nothing to say.
    pub fn says<T: Told + PartialEq + Send + 'static>(&self, bytes: &[u8], call: &TcpCall<T>) {
        if bytes.is_empty() {
            return;
        }
        let told =
            if bytes.len() <= QUOTED { quoted(bytes) } else { counted(bytes.len(), words::BYTE) };
        call.after(|| {
            self.scene.happened(words::says(self.name, told));
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
        let what = words::listens_for(counted(bytes.len(), words::BYTE));
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
            words::HAS_HEARD_NOTHING_YET,
            returns(expected).or(cause),
            || {
                call.settles();
                self.stream.set_nonblocking(true)?;
                let mut bytes = vec![0; 1024];
                let n = (&self.stream).read(&mut bytes).unwrap_or(0);
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
        self.listens(words::LISTENS_UNTIL_THE_OTHER_HANGS_UP, expected, usize::MAX, call, cause);
    }

    /// Close the sending side, when the call has done all that it can do before: the other side reads the
    /// end of the stream, and may go on talking.
    pub fn hangs_up<T: Told + PartialEq + Send + 'static>(&self, call: &TcpCall<T>) {
        call.after(|| {
            self.scene.happened(words::hangs_up(self.name));
            // A call that has reset the connection is found out by what this peer hears.
            let _ = self.stream.shutdown(Shutdown::Write);
        });
    }

    /// End the connection with a reset (RST), as a program that crashes may, when the call has done all
    /// that it can do before.
    pub fn resets<T: Told + PartialEq + Send + 'static>(self, call: &TcpCall<T>) {
        call.after(|| {
            self.scene.happened(words::resets_the_connection(self.name));
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
                let right_so_far = expected.bytes.starts_with(&heard.bytes);
                let goes_on = expected.then == Then::Silence && heard.then != Then::NothingMore;
                let content = call.background.end().is_some_and(|end| end.error.is_none());
                if self.calls && content && goes_on && right_so_far {
                    self.scene.notice(Cause::HungUp);
                }
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
        let mut then = Then::Silence;
        let listens = || {
            while bytes.len() < at_most && then == Then::Silence {
                let room = buffer.len().min(at_most - bytes.len());
                match (&self.stream).read(&mut buffer[..room]).map_err(|error| error.kind()) {
                    Ok(0) => then = Then::End,
                    Ok(n) => bytes.extend_from_slice(&buffer[..n]),
                    // Nothing more has come yet.
                    Err(ErrorKind::WouldBlock | ErrorKind::TimedOut) => return false,
                    Err(ErrorKind::Interrupted) => {}
                    Err(kind) => then = Then::Error(kind),
                }
            }
            true
        };
        if call.wait_while_carried(&self.stream, listens).is_err() {
            then = Then::NothingMore;
        }
        Heard { bytes, then }
    }
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
            Then::Silence if self.bytes.is_empty() => words::NOTHING.to_owned(),
            Then::Silence => return quoted(&self.bytes),
            Then::NothingMore if self.bytes.is_empty() => words::NOTHING_WILL_COME.to_owned(),
            Then::NothingMore => words::NOTHING_MORE.to_owned(),
            Then::End => words::THE_END_OF_THE_STREAM.to_owned(),
            Then::Error(kind) => format!("{kind:?}"),
        };
        if self.bytes.is_empty() { then } else { words::and_then(quoted(&self.bytes), then) }
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
