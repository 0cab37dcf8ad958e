//! Peers on real TCP connections. They act step by step while a call of the answer runs in the background.
//!
//! A peer waits for data as long as it can still arrive. It cannot when the call is over, or waits itself
//! while nothing is on its way: the check then fails at once and reports where the call is. If the system
//! does not show that (Linux does), the deadline of the check ends the wait.

use std::cell::Cell;
use std::fmt::Display;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

use socket2::{Domain, Socket, Type};

use crate::background::{Background, in_background};
use crate::cause::Cause;
use crate::census::Census;
use crate::net::late::close_with_a_reset;
use crate::quiet::{Quiet, Sockets, Still};
use crate::scene::{Expected, Scene, fail, returns};
use crate::story::values::{Describe, counted, quoted};
use crate::transcript::Halt;
use crate::transcript::Outcome;
use crate::words;

/// How long one read may wait for bytes.
const READ_TIMEOUT: Duration = Duration::from_millis(1);

/// Stories quote up to this many bytes of what a peer sends.
const QUOTED: usize = 64;

/// A call of the answer that runs in the background, between peers on real connections.
#[derive(Debug)]
pub struct TcpCall<T> {
    scene: Scene,
    census: Census,
    background: Background<io::Result<T>>,
    /// How often the call's thread had been scheduled when a peer last acted.
    turns_before: Cell<u64>,
}

impl<T: Describe + PartialEq + Send + 'static> TcpCall<T> {
    /// Begin a call of the answer. Every thread that starts from now on counts as the call's.
    pub fn begin(
        scene: &Scene,
        name: &str,
        run: impl FnOnce() -> io::Result<T> + Send + 'static,
    ) -> TcpCall<T> {
        let census = Census::take();
        let background = in_background(name, run);
        TcpCall { scene: scene.clone(), census, background, turns_before: Cell::new(0) }
    }

    /// Wait until the call has received what a peer last did, and has done everything it can.
    ///
    /// This only sets the pace of a conversation; no verdict depends on it. If the system does not show
    /// what threads do, it does not wait.
    pub fn settles(&self) {
        let before = self.turns_before.get();
        let is_woken = || self.background.effort().is_none_or(|effort| effort.turns > before);
        if self.wait_until(is_woken).is_ok() {
            self.census.settle();
        }
    }

    /// Interrupt the call in its next wait, which needs a time limit on its stream; see
    /// [`Background::interrupt`].
    pub fn interrupt(&self) -> bool {
        self.scene.happened(words::A_SIGNAL_INTERRUPTS_THE_CALL);
        self.background.interrupt()
    }

    /// Wait until the call is over, and fail with a story unless it had the expected outcome.
    ///
    /// By now the peers have done everything that they will do.
    pub fn ends(self, expected: Expected<T>) {
        let scene = self.scene.clone();
        let name = self.background.name().to_owned();
        scene.expect(&name, expected, || {
            match self.wait_until(|| self.background.is_over()) {
                Ok(()) => {}
                Err(Still::Waiting | Still::Gone) => {
                    let place = self.background.place();
                    fail(self.scene.story(&Outcome::Waits { place, only_computes: false }));
                }
                Err(Still::Spinning) => {
                    self.scene.notice(Cause::SpinsAtTheEnd);
                    fail(self.scene.story(&Outcome::Halt(Halt::Spun)));
                }
            }
            self.background.join()
        });
    }

    /// Wait until the condition holds, or it is certain that it never will.
    fn wait_until(&self, mut condition: impl FnMut() -> bool) -> Result<(), Still> {
        let wait = Quiet::of(self.census.threads());
        wait.until(|| Sockets::Any, || condition().then_some(()))
    }

    /// As [`TcpCall::wait_until`], and also wait while bytes are on their way over this connection.
    fn wait_while_carried(
        &self,
        stream: &TcpStream,
        mut condition: impl FnMut() -> bool,
    ) -> Result<(), Still> {
        let wait = Quiet::of(self.census.threads());
        wait.until(|| Sockets::Stream(stream), || condition().then_some(()))
    }

    /// Let a peer act after the call has done everything it can, so that the call's earlier output has arrived.
    fn after(&self, act: impl FnOnce()) {
        self.settles();
        self.turns_before.set(self.background.effort().map_or(0, |effort| effort.turns));
        act();
    }

    /// Note where the call is, for a peer that did not receive what it should.
    fn note_call(&self) {
        let waited = self.wait_until(|| self.background.is_over());
        let text = match (self.background.end(), waited) {
            (Some(end), _) => {
                if end.error == Some(ErrorKind::AddrInUse) {
                    self.scene.notice(Cause::ListensTwice);
                }
                end.text
            }
            (None, Err(Still::Spinning)) => {
                self.scene.notice(Cause::Spins);
                words::goes_on(self.background.name())
            }
            (None, _) => words::stands(self.background.name(), self.background.place()),
        };
        self.scene.happened(text);
    }
}

/// The other end of a connection with a call of the answer.
#[derive(Debug)]
pub struct TcpPeer {
    scene: Scene,
    name: String,
    stream: TcpStream,
    /// Whether it connected to a server: only then can the server have closed too early.
    is_client: bool,
}

impl TcpPeer {
    /// Connect to the server at this address, as a peer called `name` in stories.
    ///
    /// The kernel completes the connection before accept is called, so the server need not wait for it yet.
    ///
    /// # Panics
    ///
    /// If the connection is refused.
    pub fn calls(scene: &Scene, name: impl Display, server: SocketAddr) -> TcpPeer {
        let stream = TcpStream::connect(server).expect("a listener on loopback can be called");
        scene.happened(words::calls(&name));
        TcpPeer { is_client: true, ..TcpPeer::over(stream, scene, name) }
    }

    /// Accept the connection that `call` makes to the listener, as a server called `name` in stories.
    ///
    /// Fails with a story of `cause` if no connection arrives.
    pub fn is_called<T: Describe + PartialEq + Send + 'static>(
        name: impl Display,
        listener: &TcpListener,
        call: &TcpCall<T>,
        cause: Cause,
    ) -> TcpPeer {
        let scene = &call.scene;
        let mut taken = None;
        listener.set_nonblocking(true).expect("a listener has a mode");
        let one = returns(Calls(words::ONE.as_str())).or(cause);
        scene.expect_of(&name, words::WAITS_FOR_A_CALL, one, || {
            let accepted = call.wait_until(|| {
                taken = listener.accept().ok().map(|(stream, _)| stream);
                taken.is_some()
            });
            if accepted.is_err() {
                call.note_call();
                return Ok(Calls(words::NONE_WILL_COME.as_str()));
            }
            Ok(Calls(words::ONE.as_str()))
        });
        let stream = taken.expect("a call was taken");
        stream.set_nonblocking(false).expect("a stream has a mode");
        TcpPeer::over(stream, scene, name)
    }

    fn over(stream: TcpStream, scene: &Scene, name: impl Display) -> TcpPeer {
        stream.set_nodelay(true).expect("a stream has options");
        stream.set_read_timeout(Some(READ_TIMEOUT)).expect("a stream has options");
        TcpPeer { scene: scene.clone(), name: name.to_string(), stream, is_client: false }
    }

    /// Send these bytes in one piece, after the call has done everything it can. Without bytes, do nothing.
    pub fn says<T: Describe + PartialEq + Send + 'static>(&self, bytes: &[u8], call: &TcpCall<T>) {
        if bytes.is_empty() {
            return;
        }
        let shown =
            if bytes.len() <= QUOTED { quoted(bytes) } else { counted(bytes.len(), words::BYTE) };
        call.after(|| {
            self.scene.happened(words::says(&self.name, shown));
            // If the call has already closed, what this peer receives shows it.
            let _ = (&self.stream).write_all(bytes);
        });
    }

    /// Receive this many bytes, and fail with a story unless they are these.
    pub fn hears<T: Describe + PartialEq + Send + 'static>(
        &self,
        bytes: &[u8],
        call: &TcpCall<T>,
        cause: Cause,
    ) {
        let what = words::listens_for(counted(bytes.len(), words::BYTE));
        let expected = Heard { bytes: bytes.to_vec(), then: Then::Silence };
        self.expect(&what, expected, bytes.len(), call, cause);
    }

    /// Fail with a story of `cause` if this peer has received anything when the call has done everything it
    /// can. It does not matter whether the call has closed the connection.
    pub fn has_heard_nothing<T: Describe + PartialEq + Send + 'static>(
        &self,
        call: &TcpCall<T>,
        cause: Cause,
    ) {
        let expected = Heard { bytes: Vec::new(), then: Then::Silence };
        self.scene.expect_of(
            &self.name,
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

    /// Receive until the other side closes, and fail with a story unless it sent exactly these bytes before.
    pub fn hears_the_end_after<T: Describe + PartialEq + Send + 'static>(
        &self,
        bytes: &[u8],
        call: &TcpCall<T>,
        cause: Cause,
    ) {
        let expected = Heard { bytes: bytes.to_vec(), then: Then::End };
        self.expect(&words::LISTENS_UNTIL_THE_OTHER_HANGS_UP, expected, usize::MAX, call, cause);
    }

    /// Close the sending side, after the call has done everything it can: the other side reads the end of
    /// the stream, and may still send.
    pub fn hangs_up<T: Describe + PartialEq + Send + 'static>(&self, call: &TcpCall<T>) {
        call.after(|| {
            self.scene.happened(words::hangs_up(&self.name));
            // If the call has reset the connection, what this peer receives shows it.
            let _ = self.stream.shutdown(Shutdown::Write);
        });
    }

    /// End the connection with a reset (RST), as a crashing program may, after the call has done everything
    /// it can.
    pub fn resets<T: Describe + PartialEq + Send + 'static>(self, call: &TcpCall<T>) {
        call.after(|| {
            self.scene.happened(words::resets_the_connection(&self.name));
            close_with_a_reset(self.stream);
        });
    }

    /// The stream itself, for a check that needs more control.
    pub fn stream(&self) -> &TcpStream {
        &self.stream
    }

    fn expect<T: Describe + PartialEq + Send + 'static>(
        &self,
        what: &str,
        expected: Heard,
        at_most: usize,
        call: &TcpCall<T>,
        cause: Cause,
    ) {
        self.scene.expect_of(&self.name, what, returns(expected.clone()).or(cause), || {
            let heard = self.receive(at_most, call);
            if heard.then != expected.then {
                call.note_call();
                let right_so_far = expected.bytes.starts_with(&heard.bytes);
                let goes_on = expected.then == Then::Silence && heard.then != Then::NothingMore;
                let succeeded = call.background.end().is_some_and(|end| end.error.is_none());
                if self.is_client && succeeded && goes_on && right_so_far {
                    self.scene.notice(Cause::HungUp);
                }
            }
            Ok(heard)
        });
    }

    /// Receive until this many bytes have arrived, the other side has closed, or nothing more can arrive.
    fn receive<T: Describe + PartialEq + Send + 'static>(
        &self,
        at_most: usize,
        call: &TcpCall<T>,
    ) -> Heard {
        let (mut buffer, mut bytes) = (vec![0; 64 * 1024], Vec::new());
        let mut then = Then::Silence;
        let receives = || {
            while bytes.len() < at_most && then == Then::Silence {
                let room = buffer.len().min(at_most - bytes.len());
                match (&self.stream).read(&mut buffer[..room]).map_err(|error| error.kind()) {
                    Ok(0) => then = Then::End,
                    Ok(n) => bytes.extend_from_slice(&buffer[..n]),
                    // Nothing more has arrived yet.
                    Err(ErrorKind::WouldBlock | ErrorKind::TimedOut) => return false,
                    Err(ErrorKind::Interrupted) => {}
                    Err(kind) => then = Then::Error(kind),
                }
            }
            true
        };
        if call.wait_while_carried(&self.stream, receives).is_err() {
            then = Then::NothingMore;
        }
        Heard { bytes, then }
    }
}

/// What a peer received.
#[derive(Clone, Debug, PartialEq)]
struct Heard {
    bytes: Vec<u8>,
    then: Then,
}

/// What followed the bytes.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Then {
    /// The peer stopped receiving.
    Silence,
    End,
    Error(ErrorKind),
    /// The peer waited for more, and no more will arrive.
    NothingMore,
}

impl Describe for Heard {
    fn describe(&self) -> String {
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

/// How many connections arrived, in words.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Calls(&'static str);

impl Describe for Calls {
    fn describe(&self) -> String {
        self.0.to_owned()
    }
}

/// A port on loopback without a listener; no other program can listen on it while this exists.
#[derive(Debug)]
pub struct DeafPort(Socket);

impl DeafPort {
    /// Bind to a port, and do not listen on it.
    ///
    /// # Panics
    ///
    /// If the system has no free port.
    pub fn taken() -> DeafPort {
        let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let bound = Socket::new(Domain::IPV4, Type::STREAM, None)
            .and_then(|socket| socket.bind(&any.into()).map(|()| socket));
        DeafPort(bound.expect("loopback has a free port"))
    }

    /// The port's address.
    pub fn address(&self) -> SocketAddr {
        let address = self.0.local_addr().ok().and_then(|address| address.as_socket());
        address.expect("a bound socket has an address")
    }
}
