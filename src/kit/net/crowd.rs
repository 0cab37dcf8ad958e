//! A crowd: many clients of one server at the same time, on real loopback sockets, moved by one thread.
//!
//! No client ever waits. Bytes that the kernel does not take now stay with the client and are sent later;
//! bytes that have arrived are read in between. [`Crowd::exchange`] does both once for every client.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};

use socket2::{Domain, SockRef, Socket, Type};

use crate::cause::Cause;
use crate::machine;
use crate::net::late::close_with_a_reset;
use crate::scene;
use crate::story::Row;
use crate::story::values::{counted, quoted};
use crate::words;

/// The largest segment between a client and the server, in bytes (TCP_MAXSEG, tcp(7)). On loopback,
/// segments are 64 KiB by default, and the kernel waits 40 milliseconds before it acknowledges a part of one.
const SEGMENT: u32 = 4 * 1024;

/// Stories quote up to this many bytes of what a client sent or received.
const QUOTED: usize = 32;
/// Stories of a larger crowd show this many clients.
const SHOWN: usize = 4;

/// A client of the crowd.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Client(usize);

/// Clients of one server, with everything that each has sent and received.
#[derive(Debug)]
pub struct Crowd {
    server: SocketAddr,
    members: Vec<Member>,
    buffer: Vec<u8>,
}

#[derive(Debug)]
struct Member {
    name: String,
    /// `None` after it has left.
    stream: Option<TcpStream>,
    said: Vec<u8>,
    /// How many bytes of `said` its kernel has taken.
    sent: usize,
    heard: Vec<u8>,
    /// How many bytes it reads at most each time the crowd moves.
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
    /// To be closed when everything has been sent.
    Closing,
    Closed,
}

impl Crowd {
    /// Begin a crowd around `server`, without clients.
    pub fn around(server: SocketAddr) -> Crowd {
        Crowd { server, members: Vec::new(), buffer: vec![0; 64 * 1024] }
    }

    /// Connect one more client. It waits in the listener's backlog until the server accepts it.
    ///
    /// # Panics
    ///
    /// If the connection is refused, or the process has no free descriptor.
    pub fn connects(&mut self, name: impl Into<String>) -> Client {
        self.try_connect(name).unwrap_or_else(|error| {
            if machine::has_no_port(&error) {
                scene::fail(Cause::NoFreePort.story(Vec::new()));
            }
            panic!("failed to connect to the server: {error}")
        })
    }

    /// As [`Crowd::connects`], where the listener may be closed.
    pub(crate) fn try_connect(&mut self, name: impl Into<String>) -> io::Result<Client> {
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

    /// Send these bytes: as many as the kernel takes at once, the rest later.
    pub fn says(&mut self, client: Client, bytes: &[u8]) {
        self.says_as(client, bytes, &shown(bytes));
    }

    /// As [`Crowd::says`], described by `text` in stories: for bytes whose number differs between machines.
    pub fn says_as(&mut self, client: Client, bytes: &[u8], text: &str) {
        let member = &mut self.members[client.0];
        member.did.push(words::sent(text));
        member.said.extend_from_slice(bytes);
        member.send();
    }

    /// Stop reading: arriving bytes stay in the kernel until its buffers are full and the server cannot send.
    pub fn stops_reading(&mut self, client: Client) {
        let member = &mut self.members[client.0];
        member.reads = 0;
        member.did.push(words::DOES_NOT_READ.to_owned());
    }

    /// Read again without a limit.
    pub fn reads_again(&mut self, client: Client) {
        let member = &mut self.members[client.0];
        member.reads = usize::MAX;
        member.did.push(words::READS_AGAIN.to_owned());
    }

    /// Read at most this many bytes each time the crowd moves.
    pub fn reads_slowly(&mut self, client: Client, bytes: usize) {
        let member = &mut self.members[client.0];
        member.reads = bytes;
        member.did.push(words::READS_SLOWLY.to_owned());
    }

    /// Close the sending half when everything has been sent: the server sees the end of the stream, and
    /// this client continues to read.
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

    /// End the connection with a reset (RST), as a crashing program may.
    pub fn resets(&mut self, client: Client) {
        let member = &mut self.members[client.0];
        member.did.push(words::RESET_THE_CONNECTION.to_owned());
        if let Some(stream) = member.stream.take() {
            close_with_a_reset(stream);
        }
    }

    /// Let every client send what fits and read what has arrived; return whether a byte moved or a
    /// connection ended.
    pub fn exchange(&mut self) -> bool {
        let mut moved = false;
        for member in &mut self.members {
            moved |= member.send();
            moved |= member.take_in(&mut self.buffer);
        }
        moved
    }

    /// Everything that this client has received so far.
    pub fn heard(&self, client: Client) -> &[u8] {
        &self.members[client.0].heard
    }

    /// Everything that this client was given to send so far, sent already or not.
    pub fn said(&self, client: Client) -> &[u8] {
        &self.members[client.0].said
    }

    /// How the connection ended, as this client saw it: cleanly or with an error. `None` while it is open.
    pub fn ended(&self, client: Client) -> Option<Result<(), ErrorKind>> {
        self.members[client.0].ended
    }

    /// Whether this client will send no more bytes.
    pub(crate) fn closed_its_side(&self, client: Client) -> bool {
        self.members[client.0].side != Side::Open
    }

    /// Let every client read again without a limit.
    pub(crate) fn all_read_again(&mut self) {
        self.members.iter_mut().for_each(|member| member.reads = usize::MAX);
    }

    /// A client that has not left and has not seen the end of its connection.
    pub(crate) fn first_connected(&self) -> Option<Client> {
        let connected = |member: &Member| member.stream.is_some() && member.ended.is_none();
        self.members.iter().position(connected).map(Client)
    }

    /// Whether this client has seen the end of its connection without having closed its own side.
    pub(crate) fn was_disconnected(&self, client: Client) -> bool {
        self.ended(client).is_some() && !self.closed_its_side(client)
    }

    /// Limit the bytes that the kernel buffers for this client before it reads them.
    pub(crate) fn limit_receive_buffer(&mut self, client: Client, bytes: usize) -> io::Result<()> {
        match &self.members[client.0].stream {
            Some(stream) => SockRef::from(stream).set_recv_buffer_size(bytes),
            None => Ok(()),
        }
    }

    /// The ports of clients that are connected and have received fewer bytes than they send.
    pub(crate) fn ports_awaiting_data(&self) -> Vec<u16> {
        let waiting = self.members.iter().filter(|member| member.heard.len() < member.said.len());
        waiting.filter_map(Member::port).collect()
    }

    /// This client's own port, while it is connected.
    pub(crate) fn port(&self, client: Client) -> Option<u16> {
        self.members[client.0].port()
    }

    /// Whether some of this client's bytes have not reached its own kernel yet.
    pub(crate) fn has_unsent(&self, client: Client) -> bool {
        let member = &self.members[client.0];
        member.sent < member.said.len()
    }

    /// The client's name in stories.
    pub(crate) fn name(&self, client: Client) -> &str {
        &self.members[client.0].name
    }

    /// Whether these bytes could be another client's: they are part of what another client said, in capitals.
    pub(crate) fn others_said(&self, client: Client, bytes: &[u8]) -> bool {
        let others = self.members.iter().enumerate().filter(|(at, _)| *at != client.0);
        let mut said = others.map(|(_, member)| member.said.to_ascii_uppercase());
        !bytes.is_empty() && said.any(|said| said.windows(bytes.len()).any(|part| part == bytes))
    }

    /// One row per client: what it did and what it received. Of a large crowd, the first few and `client`.
    pub(crate) fn rows(&self, client: Option<Client>) -> Vec<Row> {
        let shown = |at: usize| at < SHOWN || Some(Client(at)) == client;
        let members = self.members.iter().enumerate().filter(|(at, _)| shown(*at));
        let mut rows: Vec<Row> =
            members.map(|(_, member)| Row::new(&member.name, member.summary())).collect();
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
                // A client that cannot send any more finds out why when it reads.
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
            // A peek makes the kernel acknowledge the bytes that have arrived, all but part of a segment.
            // Otherwise it would do so about 40 milliseconds later, and a server that seemed stuck would
            // have room again.
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

    fn summary(&self) -> String {
        let mut parts = self.did.clone();
        let heard = self.heard.len();
        parts.push(match self.heard.as_slice() {
            [] => words::GOT_NOTHING.to_owned(),
            heard if heard.len() <= QUOTED => words::got(quoted(heard)),
            // How many bytes have arrived by now depends on the kernel's buffers, so the number says nothing.
            _ if heard < self.said.len() => words::GOT_PART_OF_IT.to_owned(),
            _ if heard == self.said.len() => words::GOT_AS_MANY_BYTES.to_owned(),
            _ => words::GOT_MORE_THAN_THAT.to_owned(),
        });
        parts.extend(self.ended.map(|end| match end {
            Ok(()) => words::then(words::THE_END_OF_THE_STREAM),
            Err(kind) => words::then(format_args!("{kind:?}")),
        }));
        parts.into_iter().reduce(words::both).unwrap_or_default()
    }
}

fn shown(bytes: &[u8]) -> String {
    if bytes.len() <= QUOTED { quoted(bytes) } else { counted(bytes.len(), words::BYTE) }
}

/// Listen on a port of the kernel's choice.
///
/// Accepted sockets have a send buffer of 256 KiB, so that a client that does not read soon stalls the
/// server, however large this machine's own buffers are. They send at once (TCP_NODELAY), so that no check
/// waits for a delayed acknowledgement. Accepted sockets inherit both from the listener.
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
