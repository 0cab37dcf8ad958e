//! One check of one program: the program, the course's ends of its connections, and the story of a failure.

use std::cell::Cell;
use std::io::{self, ErrorKind};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use netkata::{Cause, Folder, Row, Sockets, Still, joined, quoted};
use rustix::io::Errno;
use socket2::{Domain, SockRef, Socket, Type};

use crate::datagrams::Datagrams;
use crate::events::{Events, lock};
use crate::launch::Launch;
use crate::peer::Peer;
use crate::program::Program;
use crate::words;

/// A program that starts may wait this long for its own files before it connects.
const START: Duration = Duration::from_secs(2);

const MIB: u64 = 1024 * 1024;
/// More memory than any language needs to pass a stream on.
const A_LOT: u64 = 48 * MIB;

/// The folder's own name in paths: `received/a.txt`.
const RECEIVED: &str = "received";

/// What a check works on: a program that runs, and everything that happens around it.
#[derive(Debug)]
pub struct Stage {
    events: Arc<Events>,
    /// Where a client connects, or sends its datagrams: the course is its server.
    served: Option<Arc<Served>>,
    goes_on: bool,
    /// How a client is started once more.
    launch: Launch,
    /// Whether a case has used this stage.
    used: Cell<bool>,
    /// The program of the newest stage of this check.
    newest: Arc<Mutex<Arc<Program>>>,
}

/// The course's socket that serves a client.
#[derive(Debug)]
pub(crate) enum Served {
    Tcp(TcpListener),
    Udp(UdpSocket),
}

impl Stage {
    /// Begin a check of a server that listens, or of a client that the course serves.
    pub(crate) fn of(program: Arc<Program>, served: Option<Served>, launch: &Launch) -> Stage {
        let newest = Arc::new(Mutex::new(Arc::clone(&program)));
        let (served, used) = (served.map(Arc::new), Cell::new(false));
        let (goes_on, launch) = (launch.keep, launch.clone());
        program.folder().clear();
        Stage { events: Events::around(program), served, goes_on, launch, used, newest }
    }

    /// Run a check for each of these cases, with an empty folder and a story of its own: a client is started once
    /// more, a server goes on.
    pub fn each<T>(&self, cases: impl IntoIterator<Item = T>, check: impl Fn(&Stage, T)) {
        for case in cases {
            let again = self.used.replace(true).then(|| self.again());
            let stage = again.as_ref().unwrap_or(self);
            check(stage, case);
            stage.events.end(self.served.is_none());
        }
    }

    fn again(&self) -> Stage {
        let program = match &self.served {
            None => Arc::clone(&self.events.program),
            Some(_) => {
                let program = Program::client(&self.launch, self.address());
                Arc::new(program.expect("it has started before"))
            }
        };
        program.folder().clear();
        *lock(&self.newest) = Arc::clone(&program);
        Stage {
            events: Events::around(program),
            served: self.served.clone(),
            goes_on: self.goes_on,
            launch: self.launch.clone(),
            used: Cell::new(true),
            newest: Arc::clone(&self.newest),
        }
    }

    /// The program of the newest stage of this check.
    pub(crate) fn newest(&self) -> Arc<Mutex<Arc<Program>>> {
        Arc::clone(&self.newest)
    }

    /// From now on nothing more happens only after this time: for a program that acts at a time limit.
    pub fn is_patient(&self, time: Duration) {
        self.events.is_patient(time);
    }

    /// From now on a wait ends after this time: for a program that sends by the clock, and is never quiet.
    pub fn waits_at_most(&self, time: Duration) {
        self.events.waits_at_most(time);
    }

    /// The program.
    pub(crate) fn program(&self) -> &Program {
        &self.events.program
    }

    /// Where the server listens; for a client, where it was told to connect.
    pub fn address(&self) -> SocketAddr {
        self.events.program.address()
    }

    /// The folder that the program was given as `{dir}`.
    pub fn folder(&self) -> &Folder {
        self.events.program.folder()
    }

    /// Fail with a story of this cause unless the folder holds exactly these files, or comes to hold them before the
    /// program is quiet: `received/a.txt` is a file in the folder.
    pub fn holds(&self, files: &[(&str, &[u8])], cause: Cause) {
        let difference = || self.folder().difference(files);
        if self.until(|| difference().is_none().then_some(())).is_err()
            && let Some([found, expected]) = difference()
        {
            let expected = Row::new(netkata::words::EXPECTED, expected);
            self.fails(cause, vec![Row::new(words::IN_THE_FOLDER, found), expected]);
        }
    }

    /// Fail unless no file has this path yet, `received/a.txt`, and exactly one has another name in the folder.
    pub fn is_under_way(&self, path: &str) {
        let found = self.folder().paths(path);
        let other = netkata::words::another_name_in(RECEIVED);
        if found.iter().filter(|it| it.starts_with(RECEIVED)).eq([&other]) {
            return;
        }
        let is_named = found.iter().any(|it| it == path);
        let cause = if is_named { Cause::NamedTooSoon } else { Cause::TemporaryFileElsewhere };
        let expected = Row::new(netkata::words::EXPECTED, other);
        self.fails(cause, vec![Row::new(words::IN_THE_FOLDER, found.join(", ")), expected]);
    }

    /// Fail unless the folder is empty, or comes to be before the program is quiet: a file with this path that is left
    /// looks whole.
    pub fn has_left_nothing(&self, path: &str) {
        let is_empty = || self.folder().difference(&[]).is_none().then_some(());
        if self.until(is_empty).is_err() {
            let is_named = self.folder().at(path).exists();
            self.holds(&[], if is_named { Cause::HalfAFileLeft } else { Cause::TemporaryFileLeft });
        }
    }

    /// The memory that the program has touched, in bytes; 0 if that is unknown.
    pub fn memory(&self) -> u64 {
        self.events.program.memory()
    }

    /// Fail with a story of this cause if the program has touched 48 MiB more than before.
    pub fn holds_little(&self, before: u64, cause: Cause) {
        let more = self.memory().saturating_sub(before);
        if more > A_LOT {
            let more = words::touched(more / MIB);
            self.fails(cause, vec![Row::new(words::YOUR_PROGRAM, more)]);
        }
    }

    /// Connect one more client to the server. It waits in the backlog until the server accepts it.
    ///
    /// Fails with a story if the connection is refused.
    pub fn client(&self, name: impl Into<String>) -> Peer {
        self.next_client(name, crate::causes::NoLongerListens)
    }

    /// As [`Stage::client`], with a story of this cause: for a server that may be about to end, and then refuses the
    /// connection, or leaves it without an answer; or whose backlog may be full.
    pub fn next_client(&self, name: impl Into<String>, cause: Cause) -> Peer {
        self.connects(name, cause, |_| Ok(()))
    }

    /// As [`Stage::client`], over a connection for which the kernels keep a MiB or two instead of ten: with small buffers
    /// and small segments (TCP_MAXSEG, tcp(7)), for which the server's kernel makes less room.
    pub fn narrow_client(&self, name: impl Into<String>) -> Peer {
        const SEGMENT: u32 = 4 * 1024;

        self.connects(name, crate::causes::NoLongerListens, |socket| {
            socket.set_tcp_mss(SEGMENT)?;
            socket.set_recv_buffer_size(4 * SEGMENT as usize)?;
            socket.set_send_buffer_size(4 * SEGMENT as usize)
        })
    }

    fn connects(
        &self,
        name: impl Into<String>,
        cause: Cause,
        prepare: impl FnOnce(&Socket) -> io::Result<()>,
    ) -> Peer {
        let connected = Socket::new(Domain::for_address(self.address()), Type::STREAM, None)
            .and_then(|socket| {
                prepare(&socket)?;
                let failed = self.connect(&socket)?;
                Ok((socket, failed))
            });
        match connected {
            Ok((socket, failed)) => {
                self.peer(name, socket.into(), netkata::words::CONNECTED).after(failed)
            }
            Err(error) => {
                self.fails(cause, vec![Row::new(name, words::cannot_connect(error.kind()))])
            }
        }
    }

    /// Connect, or fail when the program has had time to make room in its backlog: a client in front of a full one
    /// tries again after a second (tcp_syn_retries, tcp(7)). Return the error of a connection that the server has reset
    /// since: one that it refuses fails with another.
    fn connect(&self, socket: &Socket) -> io::Result<Option<ErrorKind>> {
        socket.set_nonblocking(true)?;
        match socket.connect(&self.address().into()) {
            Err(error) if Errno::from_io_error(&error) == Some(Errno::INPROGRESS) => {}
            connected => return connected.map(|()| None),
        }
        let is_over = || match socket.take_error() {
            Ok(None) => socket.peer_addr().is_ok().then_some(Ok(None)),
            Ok(Some(error)) if error.kind() == ErrorKind::ConnectionReset => {
                Some(Ok(Some(error.kind())))
            }
            Ok(Some(error)) | Err(error) => Some(Err(error)),
        };
        let over = self.events.until_timers(|| Sockets::Any, is_over);
        over.unwrap_or_else(|_| Err(ErrorKind::TimedOut.into()))
    }

    /// Accept the program's next connection, as a server called `name` in stories.
    ///
    /// Fails with a story of this cause if the program does not connect.
    pub fn accepts(&self, name: impl Into<String>, cause: Cause) -> Peer {
        let Some(Served::Tcp(listener)) = self.served.as_deref() else {
            unreachable!("a check of a client over TCP accepts")
        };
        listener.set_nonblocking(true).expect("a listener has a mode");
        let patience = self.events.is_patient(START);
        let accepted = self.until(|| listener.accept().ok());
        self.events.is_patient(patience);
        match accepted {
            Ok((stream, _)) => self.peer(name, stream, words::ACCEPTED),
            Err(_) => self.fails(cause, vec![Row::new(name, words::NO_CONNECTION_COMES)]),
        }
    }

    /// A socket of the course that sends datagrams to the server.
    pub fn datagrams(&self, name: impl Into<String>) -> Datagrams {
        let any = (Ipv4Addr::LOCALHOST, 0).into();
        self.datagrams_from(name, any).expect("loopback has a free port")
    }

    /// The socket of the course that the client sends its datagrams to.
    pub fn serves_datagrams(&self, name: impl Into<String>) -> Datagrams {
        let Some(Served::Udp(socket)) = self.served.as_deref() else {
            unreachable!("a check of a client over UDP serves datagrams")
        };
        let socket = socket.try_clone().expect("a socket can be cloned");
        Datagrams::of(Arc::clone(&self.events), socket, None, self.events.log(name))
    }

    /// As [`Stage::serves_datagrams`], but the port is closed, and its kernel says so (ICMP), until `meanwhile` is over.
    pub fn serves_datagrams_after(
        &self,
        name: impl Into<String>,
        meanwhile: impl FnOnce(),
    ) -> Datagrams {
        let Some(Served::Udp(closed)) = self.served.as_deref() else {
            unreachable!("a check of a client over UDP serves datagrams")
        };
        let log = self.events.log(name);
        lock(&log).did(words::ITS_PORT_IS_CLOSED);
        // A socket that is connected to itself hears nothing else, and keeps the port.
        closed.connect(self.address()).expect("its own address is an address");
        meanwhile();
        lock(&log).did(words::NOW_ITS_PORT_IS_OPEN);
        let open = sharing_the_port_of(closed).expect("a port can be shared");
        Datagrams::of(Arc::clone(&self.events), open, None, log)
    }

    /// A socket of the course at this address, whose datagrams go to the server; `None` if the system lacks the
    /// address.
    pub fn datagrams_from(
        &self,
        name: impl Into<String>,
        address: SocketAddr,
    ) -> Option<Datagrams> {
        let socket = UdpSocket::bind(address).ok()?;
        let log = self.events.log(name);
        Some(Datagrams::of(Arc::clone(&self.events), socket, Some(self.address()), log))
    }

    fn peer(&self, name: impl Into<String>, stream: TcpStream, how: impl Into<String>) -> Peer {
        let log = self.events.log(name);
        lock(&log).did(how);
        Peer::over(Arc::clone(&self.events), stream, log)
    }

    /// Type a text into the program's standard input.
    pub fn types(&self, text: &str) {
        self.events.happened(words::types(quoted(text.as_bytes())));
        self.events.program.types(text);
    }

    /// End the program's standard input.
    pub fn ends_typing(&self) {
        self.events.happened(words::ENDS_THE_INPUT);
        self.events.program.ends_typing();
    }

    /// Note an event that concerns no connection: `fills the disk`.
    pub fn happened(&self, what: impl Into<String>) {
        self.events.happened(what);
    }

    /// Fail with a story of this cause unless the program prints, for each of these texts and in this order, a line
    /// that contains it and none of the others.
    pub fn prints(&self, texts: &[&str], cause: Cause) {
        if self.until(|| each_has_a_line(texts, &self.printed()).then_some(())).is_err() {
            let texts = texts.iter().map(|text| quoted(text.as_bytes())).collect();
            self.fails_unless(words::on_a_line_each(joined(texts, ", ")), cause);
        }
    }

    /// Fail with a story of this cause if the program has printed this text, when it has done everything it can.
    pub fn does_not_print(&self, text: &str, cause: Cause) {
        let has_it = || self.printed().iter().any(|line| line.contains(text)).then_some(());
        if self.until(has_it).is_ok() {
            self.fails_unless(words::not_printed(quoted(text.as_bytes())), cause);
        }
    }

    /// Fail with a story of this cause unless the program ends by itself. It may take its time for it, as a virtual machine
    /// does, some of whose threads still wait.
    pub fn ends(&self, cause: Cause) {
        let ended = || self.events.program.ended();
        if self.events.until_timers(|| Sockets::Any, ended).is_err() {
            self.fails_unless(words::IT_ENDS, cause);
        }
    }

    /// Fail with a story of this cause unless the program ends by itself and reports a failure.
    pub fn ends_with_an_error(&self, cause: Cause) {
        let has_failed = || self.events.program.ended().map(|status| !status.success());
        if self.until(has_failed) != Ok(true) {
            self.fails_unless(words::IT_ENDS_WITH_AN_ERROR, cause);
        }
    }

    /// Fail with a story of this cause if the program has ended, or is about to.
    pub fn still_runs(&self, cause: Cause) {
        if self.until(|| self.events.program.ended()).is_ok() {
            self.fails_unless(words::IT_STILL_RUNS, cause);
        }
    }

    /// Fail with a story of this cause unless the condition holds, or comes true before the program is quiet.
    /// `expected` says in words what it is.
    pub fn expects(
        &self,
        expected: impl Into<String>,
        cause: Cause,
        mut holds: impl FnMut() -> bool,
    ) {
        if self.until(|| holds().then_some(())).is_err() {
            self.fails_unless(expected, cause);
        }
    }

    /// Fail with a story of this cause if the program computes although nothing happens, and does not wait.
    pub fn rests(&self, cause: Cause) {
        if self.events.spins() {
            self.fails_unless(words::IT_WAITS, cause);
        }
    }

    fn fails_unless(&self, expected: impl Into<String>, cause: Cause) -> ! {
        self.fails(cause, vec![Row::new(netkata::words::EXPECTED, expected)])
    }

    /// Wait until something is found, or the program is quiet.
    ///
    /// # Errors
    ///
    /// Why nothing more will happen.
    pub fn until<T>(&self, look: impl FnMut() -> Option<T>) -> Result<T, Still> {
        self.events.until(|| Sockets::Any, look)
    }

    /// The lines that the program has printed during this check.
    pub fn printed(&self) -> Vec<String> {
        self.events.printed()
    }

    /// Fail the check: everything that happened, where the program is, these rows, and the cause.
    pub fn fails(&self, cause: Cause, rows: Vec<Row>) -> ! {
        self.events.fails(cause, rows)
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        self.events.end(self.goes_on);
    }
}

/// A second socket at the address of this one.
fn sharing_the_port_of(socket: &UdpSocket) -> io::Result<UdpSocket> {
    SockRef::from(socket).set_reuse_address(true)?;
    let second = Socket::new(Domain::IPV4, Type::DGRAM, None)?;
    second.set_reuse_address(true)?;
    second.bind(&socket.local_addr()?.into())?;
    Ok(second.into())
}

/// Whether for each text, in this order, there is a line that contains it and none of the others.
fn each_has_a_line(texts: &[&str], lines: &[String]) -> bool {
    let mut lines = lines.iter();
    texts.iter().all(|text| {
        let others: Vec<&&str> = texts.iter().filter(|other| !text.contains(**other)).collect();
        lines.any(|line| line.contains(text) && !others.iter().any(|other| line.contains(**other)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_message_needs_a_line_of_its_own() {
        let is_right = |lines: &[&str]| {
            let lines: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
            each_has_a_line(&["hello", "world"], &lines)
        };
        assert!(is_right(&["listening", "5 bytes: hello", "b'world'"]));
        assert!(!is_right(&["hello world"]), "two messages are one");
        assert!(!is_right(&["hel", "lo", "world"]), "one message is two");
        assert!(!is_right(&["world", "hello"]), "the order is another");
        assert!(!is_right(&["hello"]), "one is missing");
    }
}
