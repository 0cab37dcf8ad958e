//! A crowd: many clients of one server at once, on real loopback sockets, moved by one thread.
//!
//! No client ever waits. What its kernel does not take now stays with the client and is sent on
//! later; what has come is taken in between. [`Crowd::exchange`] does both, for everybody once.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

use socket2::{Domain, SockRef, Socket, Type};

use crate::story::Row;
use crate::story::values::{counted, quoted};
use crate::words;

/// The largest segment between a client and the server, in bytes (TCP_MAXSEG, tcp(7)). Of this machine's own,
/// which are of 64 KiB, the kernel would not acknowledge part of one before 40 milliseconds have passed.
const SEGMENT: u32 = 4 * 1024;

/// Up to this many bytes a story quotes what a client sent or got.
const QUOTED: usize = 32;
/// Of a larger crowd a story tells these many clients.
const TOLD: usize = 4;

/// One of the crowd.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Client(usize);

/// Clients of one server, and what each has sent and got.
#[derive(Debug)]
pub struct Crowd {
    server: SocketAddr,
    members: Vec<Member>,
    buffer: Vec<u8>,
}

#[derive(Debug)]
struct Member {
    name: String,
    /// `None` once it has left.
    stream: Option<TcpStream>,
    said: Vec<u8>,
    /// How many of the bytes that it said its kernel has taken.
    sent: usize,
    heard: Vec<u8>,
    /// How many bytes it reads at most, whenever the crowd moves.
    reads: usize,
    side: Side,
    /// How the connection ended, as this client saw it.
    ended: Option<Result<(), ErrorKind>>,
    did: Vec<String>,
}

/// The sending half of a connection.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Side {
    Open,
    /// To be closed as soon as everything has been sent.
    Closing,
    Closed,
}

impl Crowd {
    /// Begin a crowd around `server`, with nobody in it.
    pub fn around(server: SocketAddr) -> Crowd {
        Crowd { server, members: Vec::new(), buffer: vec![0; 64 * 1024] }
    }

    /// Connect one more client. It waits in the listener's line until the server lets it in.
    ///
    /// # Panics
    ///
    /// When the connection is refused, or the process has no descriptor left.
    pub fn connects(&mut self, name: impl Into<String>) -> Client {
        self.tries_to_connect(name)
            .unwrap_or_else(|error| panic!("failed to connect to the server: {error}"))
    }

    /// As [`Crowd::connects`], where nobody may listen any more.
    pub(crate) fn tries_to_connect(&mut self, name: impl Into<String>) -> io::Result<Client> {
        let socket = Socket::new(Domain::for_address(self.server), Type::STREAM, None)?;
        #[cfg(unix)]
        socket.set_tcp_mss(SEGMENT)?;
        socket.connect(&self.server.into())?;
        let stream = TcpStream::from(socket);
        stream.set_nonblocking(true)?;
        stream.set_nodelay(true)?;
        self.members.push(Member {
            name: name.into(),
            stream: Some(stream),
            said: Vec::new(),
            sent: 0,
            heard: Vec::new(),
            reads: usize::MAX,
            side: Side::Open,
            ended: None,
            did: vec![words::CONNECTED.to_owned()],
        });
        Ok(Client(self.members.len() - 1))
    }

    /// Send these bytes: what the kernel takes at once, the rest as it goes.
    pub fn says(&mut self, client: Client, bytes: &[u8]) {
        self.says_as(client, bytes, &shown(bytes));
    }

    /// As [`Crowd::says`], told in these words: for bytes of which one machine needs more than another.
    pub fn says_as(&mut self, client: Client, bytes: &[u8], told: &str) {
        let member = &mut self.members[client.0];
        member.did.push(words::sent(told));
        member.said.extend_from_slice(bytes);
        member.send();
    }

    /// Leave what comes in the kernel, until its buffers are full and the server cannot send.
    pub fn stops_reading(&mut self, client: Client) {
        let member = &mut self.members[client.0];
        member.reads = 0;
        member.did.push(words::DOES_NOT_READ.to_owned());
    }

    /// Read again, whatever has come.
    pub fn reads_again(&mut self, client: Client) {
        let member = &mut self.members[client.0];
        member.reads = usize::MAX;
        member.did.push(words::READS_AGAIN.to_owned());
    }

    /// Read at most so many bytes whenever the crowd moves.
    pub fn reads_slowly(&mut self, client: Client, bytes: usize) {
        let member = &mut self.members[client.0];
        member.reads = bytes;
        member.did.push(words::READS_SLOWLY.to_owned());
    }

    /// Close the sending half once everything has been sent: the server sees the end of the stream,
    /// and this client goes on reading.
    pub fn closes_its_side(&mut self, client: Client) {
        let member = &mut self.members[client.0];
        member.side = Side::Closing;
        member.did.push(words::CLOSED_ITS_SENDING_SIDE.to_owned());
        member.send();
    }

    /// Close the connection, both halves.
    pub fn leaves(&mut self, client: Client) {
        let member = &mut self.members[client.0];
        member.did.push(words::LEFT.to_owned());
        member.stream = None;
    }

    /// End the connection with a reset (RST), as a program that crashes may.
    pub fn resets(&mut self, client: Client) {
        let member = &mut self.members[client.0];
        member.did.push(words::RESET_THE_CONNECTION.to_owned());
        if let Some(stream) = member.stream.take() {
            // A close that does not linger throws away what is under way and says so (socket(7)).
            let _ = SockRef::from(&stream).set_linger(Some(Duration::ZERO));
        }
    }

    /// Let everybody send what fits and take what has come; say whether any byte moved, or an end came.
    pub fn exchange(&mut self) -> bool {
        let mut moved = false;
        for member in &mut self.members {
            moved |= member.send();
            moved |= member.take_in(&mut self.buffer);
        }
        moved
    }

    /// Everything that this client has got so far.
    pub fn heard(&self, client: Client) -> &[u8] {
        &self.members[client.0].heard
    }

    /// Everything that this client has said so far, sent already or not.
    pub fn said(&self, client: Client) -> &[u8] {
        &self.members[client.0].said
    }

    /// Whether this client has seen the end of its connection, and whether a clean one.
    pub fn ended(&self, client: Client) -> Option<Result<(), ErrorKind>> {
        self.members[client.0].ended
    }

    /// Whether this client has said all that it will say.
    pub(crate) fn closed_its_side(&self, client: Client) -> bool {
        self.members[client.0].side != Side::Open
    }

    /// Let everybody read again, whatever has come.
    pub(crate) fn everybody_reads(&mut self) {
        self.members.iter_mut().for_each(|member| member.reads = usize::MAX);
    }

    /// A client that has not left, and has not seen the end of its connection either.
    pub(crate) fn somebody_connected(&self) -> Option<Client> {
        let connected = |member: &Member| member.stream.is_some() && member.ended.is_none();
        self.members.iter().position(connected).map(Client)
    }

    /// Whether this client has seen the end of its connection without having closed its own side.
    pub(crate) fn was_hung_up_on(&self, client: Client) -> bool {
        self.ended(client).is_some() && !self.closed_its_side(client)
    }

    /// Let the kernel keep no more than so many bytes that have come and this client has not read.
    pub(crate) fn keeps_at_most(&mut self, client: Client, bytes: usize) -> io::Result<()> {
        match &self.members[client.0].stream {
            Some(stream) => SockRef::from(stream).set_recv_buffer_size(bytes),
            None => Ok(()),
        }
    }

    /// The ports of those who are connected and have got less than they said.
    pub(crate) fn ports_that_lack_something(&self) -> Vec<u16> {
        let lacking = self.members.iter().filter(|member| member.heard.len() < member.said.len());
        lacking.filter_map(Member::port).collect()
    }

    /// The port that this client calls from, while it is connected.
    pub(crate) fn port(&self, client: Client) -> Option<u16> {
        self.members[client.0].port()
    }

    /// Whether part of what this client has said has not even reached its kernel.
    pub(crate) fn has_unsent(&self, client: Client) -> bool {
        let member = &self.members[client.0];
        member.sent < member.said.len()
    }

    /// The name of a client, as a story tells it.
    pub(crate) fn name(&self, client: Client) -> &str {
        &self.members[client.0].name
    }

    /// Whose bytes these could be, of all but this client: the capitals of what somebody else said.
    pub(crate) fn others_said(&self, client: Client, bytes: &[u8]) -> bool {
        let others = self.members.iter().enumerate().filter(|(at, _)| *at != client.0);
        let mut said = others.map(|(_, member)| member.said.to_ascii_uppercase());
        !bytes.is_empty() && said.any(|said| said.windows(bytes.len()).any(|part| part == bytes))
    }

    /// A row a client, what it did and what it got; of a large crowd the first few, and this one.
    pub(crate) fn rows(&self, client: Option<Client>) -> Vec<Row> {
        let shown = |at: usize| at < TOLD || Some(Client(at)) == client;
        let members = self.members.iter().enumerate().filter(|(at, _)| shown(*at));
        let mut rows: Vec<Row> =
            members.map(|(_, member)| Row::new(&member.name, member.told())).collect();
        if self.members.len() > rows.len() {
            let others = counted(self.members.len() - rows.len(), words::OTHER_CLIENT);
            rows.push(Row::new(words::AND, others));
        }
        rows
    }
}

impl Member {
    fn port(&self) -> Option<u16> {
        Some(self.stream.as_ref()?.local_addr().ok()?.port())
    }

    fn send(&mut self) -> bool {
        let Some(stream) = &mut self.stream else { return false };
        let before = self.sent;
        while self.sent < self.said.len() {
            match stream.write(&self.said[self.sent..]) {
                Ok(n) => self.sent += n,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                // Whoever cannot send any more learns why when it reads.
                Err(_) => break,
            }
        }
        if self.side == Side::Closing && self.sent == self.said.len() {
            self.side = Side::Closed;
            let _ = stream.shutdown(Shutdown::Write);
        }
        self.sent > before
    }

    fn take_in(&mut self, buffer: &mut [u8]) -> bool {
        let Some(stream) = &mut self.stream else { return false };
        let before = (self.heard.len(), self.ended);
        let mut share = self.reads;
        if share == 0 {
            // Who looks lets the kernel acknowledge what has come, all but part of a segment. It would do so
            // some 40 milliseconds later, and the server, which seemed to be stuck, would find room again.
            let _ = stream.peek(&mut buffer[..1]);
        }
        while share > 0 && self.ended.is_none() {
            let room = share.min(buffer.len());
            match stream.read(&mut buffer[..room]).map_err(|error| error.kind()) {
                Ok(0) => self.ended = Some(Ok(())),
                Ok(n) => {
                    share -= n;
                    self.heard.extend_from_slice(&buffer[..n]);
                }
                Err(ErrorKind::Interrupted) => {}
                Err(ErrorKind::WouldBlock) => break,
                Err(kind) => self.ended = Some(Err(kind)),
            }
        }
        before != (self.heard.len(), self.ended)
    }

    fn told(&self) -> String {
        let mut told = self.did.clone();
        let heard = self.heard.len();
        told.push(match self.heard.as_slice() {
            [] => words::GOT_NOTHING.to_owned(),
            heard if heard.len() <= QUOTED => words::got(quoted(heard)),
            // How much had come by then depends on the kernel's buffers, and tells nothing.
            _ if heard < self.said.len() => words::GOT_PART_OF_IT.to_owned(),
            _ if heard == self.said.len() => words::GOT_AS_MANY_BYTES.to_owned(),
            _ => words::GOT_MORE_THAN_THAT.to_owned(),
        });
        told.extend(self.ended.map(|end| match end {
            Ok(()) => words::then(words::THE_END_OF_THE_STREAM),
            Err(kind) => words::then(format_args!("{kind:?}")),
        }));
        told.join(", ")
    }
}

fn shown(bytes: &[u8]) -> String {
    if bytes.len() <= QUOTED { quoted(bytes) } else { counted(bytes.len(), words::BYTE) }
}

/// A listener on a port of the kernel's choice.
///
/// What it accepts sends through a buffer of 256 KiB, so that a client that does not read stalls the
/// server soon, however large this machine's own buffers are; and sends at once (TCP_NODELAY), so that
/// no check waits for an acknowledgement that the peer delays. Accepted sockets inherit both.
///
/// # Errors
///
/// Those of socket(2), bind(2), listen(2) and setsockopt(2).
pub fn local_listener() -> io::Result<TcpListener> {
    let listener = TcpListener::bind(("127.0.0.1", 0))?;
    let socket = SockRef::from(&listener);
    socket.set_send_buffer_size(256 * 1024)?;
    socket.set_tcp_nodelay(true)?;
    Ok(listener)
}
