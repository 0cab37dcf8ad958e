//! What the kernel holds of TCP connections: their states, and the bytes that are on their way.
//!
//! Linux tells it in `/proc/net/tcp` (proc_net(5)), of the whole machine at once, and of a single end to
//! whoever asks (sock_diag(7)), which takes it some 10 microseconds instead of milliseconds. Elsewhere nobody
//! knows.

use std::collections::HashMap;
use std::fs;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4, TcpListener, TcpStream};
use std::sync::LazyLock;

/// One end of a connection over IPv4, as the kernel keeps it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TcpEnd {
    /// How far its life has gone.
    pub state: TcpState,
    /// How many bytes it has sent that the other end has not acknowledged; the end of the stream counts
    /// as one.
    pub unacknowledged: u64,
    /// How many bytes it has received that its program has not read; as above.
    pub unread: u64,
}

/// The states of a TCP socket (RFC 9293, section 3.3.2), numbered as Linux numbers them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TcpState {
    /// Both sides may send.
    Established = 1,
    /// It has called, and nobody has answered.
    SynSent,
    /// It was called, and its answer is not acknowledged.
    SynReceived,
    /// It has closed its side, which is not acknowledged.
    FinWait1,
    /// It has closed its side, and the other end may go on sending.
    FinWait2,
    /// Both sides are closed. This one was first, and waits for stragglers.
    TimeWait,
    /// Nothing is left of the connection.
    Closed,
    /// The other end has closed its side, and this one may go on sending.
    CloseWait,
    /// Both sides are closed. This one was second, which is not acknowledged.
    LastAck,
    /// It waits to be called.
    Listen,
    /// Both sides were closed at once.
    Closing,
}

impl TcpState {
    const ALL: [TcpState; 11] = [
        TcpState::Established,
        TcpState::SynSent,
        TcpState::SynReceived,
        TcpState::FinWait1,
        TcpState::FinWait2,
        TcpState::TimeWait,
        TcpState::Closed,
        TcpState::CloseWait,
        TcpState::LastAck,
        TcpState::Listen,
        TcpState::Closing,
    ];

    fn numbered(number: u8) -> Option<TcpState> {
        TcpState::ALL.into_iter().find(|state| *state as u8 == number)
    }

    /// Its name, as the RFC has it.
    pub fn name(self) -> &'static str {
        match self {
            TcpState::Established => "ESTABLISHED",
            TcpState::SynSent => "SYN-SENT",
            TcpState::SynReceived => "SYN-RECEIVED",
            TcpState::FinWait1 => "FIN-WAIT-1",
            TcpState::FinWait2 => "FIN-WAIT-2",
            TcpState::TimeWait => "TIME-WAIT",
            TcpState::Closed => "CLOSED",
            TcpState::CloseWait => "CLOSE-WAIT",
            TcpState::LastAck => "LAST-ACK",
            TcpState::Listen => "LISTEN",
            TcpState::Closing => "CLOSING",
        }
    }
}

impl TcpEnd {
    /// The end at `local` of the connection to `remote`; of a listening socket that is `0.0.0.0:0`.
    ///
    /// `None` when the kernel holds no such end, and where the system does not tell.
    pub fn of(local: SocketAddr, remote: SocketAddr) -> Option<TcpEnd> {
        let (SocketAddr::V4(local), SocketAddr::V4(remote)) = (local, remote) else { return None };
        if *ANSWERS { asked(local, remote) } else { table()?.get(&(local, remote)).copied() }
    }

    /// Whether the system tells of connections at all.
    pub fn can_be_seen() -> bool {
        *ANSWERS || table().is_some()
    }
}

/// Whether anything is on its way between `server` and its clients: sent, and not yet there to read.
///
/// Bytes that wait in front of a full queue are not: whoever does not read that queue holds them up.
/// `None` where the system does not tell.
pub(crate) fn in_flight(server: SocketAddr) -> Option<bool> {
    // Both ends of its connections name its port. The table is the whole machine's, and a busy one has
    // thousands of others.
    let port = format!(":{:04X} ", server.port());
    let ends = table_of(|line| line.contains(&port))?;
    let mut of_server = ends.iter().filter(|((here, _), _)| here.port() == server.port());
    Some(of_server.any(|((server, client), here)| {
        ends.get(&(*client, *server)).is_some_and(|there| is_on_its_way(*here, *there))
    }))
}

/// As [`in_flight`], of the clients at these ports of the server's own machine only; false where the system
/// does not tell.
pub fn in_flight_between(server: SocketAddr, clients: &[u16]) -> bool {
    clients.iter().any(|port| match ends(server, *port) {
        [Some(here), Some(there)] => is_on_its_way(here, there),
        _ => false,
    })
}

/// Whether anything is on its way over this connection within one machine; false where the system does not
/// tell.
pub(crate) fn is_under_way(stream: &TcpStream) -> bool {
    let (Ok(here), Ok(there)) = (stream.local_addr(), stream.peer_addr()) else { return false };
    in_flight_between(here, &[there.port()])
}

/// What the kernel holds between a server and some clients, to be compared with what it holds later.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Queues {
    listener: Option<TcpEnd>,
    connections: Vec<[Option<TcpEnd>; 2]>,
}

/// What the kernel holds for `server`: who waits to be let in, and the bytes between it and the clients at
/// these ports of its own machine.
pub(crate) fn queues(server: SocketAddr, clients: &[u16]) -> Queues {
    let listener = TcpEnd::of(server, SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0)));
    Queues { listener, connections: clients.iter().map(|port| ends(server, *port)).collect() }
}

/// The server's and the client's end of a connection within one machine.
pub(crate) fn ends(server: SocketAddr, client: u16) -> [Option<TcpEnd>; 2] {
    let client = SocketAddr::new(server.ip(), client);
    [TcpEnd::of(server, client), TcpEnd::of(client, server)]
}

/// Whether anything is on its way between a server's end and its client's.
fn is_on_its_way(here: TcpEnd, there: TcpEnd) -> bool {
    here.state == TcpState::SynReceived
        || here.unacknowledged > 0 && there.unread == 0
        || there.unacknowledged > 0 && here.unread == 0
}

/// A connection of the kit's own: what came through it tells what else has arrived.
static PROBE: LazyLock<(TcpStream, TcpStream)> = LazyLock::new(|| {
    let connected = TcpListener::bind(("127.0.0.1", 0)).and_then(|listener| {
        let near = TcpStream::connect(listener.local_addr()?)?;
        near.set_nodelay(true)?;
        Ok((near, listener.accept()?.0))
    });
    connected.unwrap_or_else(|error| panic!("failed to connect the kit's own probe: {error}"))
});

/// Connect the probe, if it is not yet.
pub(crate) fn prepare() {
    LazyLock::force(&PROBE);
}

/// Wait until what was sent has arrived at the other end.
///
/// A byte that is sent after all others, over a connection of the kit's own, has come: the kernel
/// delivers on the loopback in the order of sending.
pub fn let_arrive() {
    let (mut near, mut far) = (&PROBE.0, &PROBE.1);
    let arrived = near.write_all(b".").and_then(|()| far.read_exact(&mut [0]));
    arrived.unwrap_or_else(|error| panic!("failed to send over the kit's own probe: {error}"));
}

/// Every end that the kernel holds, by its own address and the other end's.
fn table() -> Option<HashMap<(SocketAddrV4, SocketAddrV4), TcpEnd>> {
    table_of(|_| true)
}

/// As [`table`], of the lines that are `wanted` only.
fn table_of(
    wanted: impl Fn(&str) -> bool,
) -> Option<HashMap<(SocketAddrV4, SocketAddrV4), TcpEnd>> {
    let table = fs::read_to_string("/proc/self/net/tcp").ok()?;
    Some(table.lines().filter(|line| wanted(line)).filter_map(end).collect())
}

/// `sl: LOCAL:PORT REMOTE:PORT STATE TX:RX …`, all in hexadecimal.
fn end(line: &str) -> Option<((SocketAddrV4, SocketAddrV4), TcpEnd)> {
    let mut words = line.split_whitespace().skip(1);
    let (local, remote) = (address(words.next()?)?, address(words.next()?)?);
    let state = TcpState::numbered(u8::from_str_radix(words.next()?, 16).ok()?)?;
    let (sent, received) = words.next()?.split_once(':')?;
    let count = |hex: &str| u64::from_str_radix(hex, 16).ok();
    let end = TcpEnd { state, unacknowledged: count(sent)?, unread: count(received)? };
    Some(((local, remote), end))
}

/// Whether the kernel answers questions about single ends: it knows one of the probe's.
static ANSWERS: LazyLock<bool> = LazyLock::new(|| {
    let addresses = (PROBE.0.local_addr(), PROBE.0.peer_addr());
    let (Ok(SocketAddr::V4(near)), Ok(SocketAddr::V4(far))) = addresses else { return false };
    asked(near, far).is_some()
});

/// Ask the kernel about one end; `None` when it knows none, or does not answer such questions.
#[cfg(target_os = "linux")]
fn asked(local: SocketAddrV4, remote: SocketAddrV4) -> Option<TcpEnd> {
    use socket2::{Domain, Protocol, Socket, Type};

    // The numbers of netlink(7) and sock_diag(7).
    const AF_NETLINK: i32 = 16;
    const NETLINK_SOCK_DIAG: i32 = 4;
    const SOCK_DIAG_BY_FAMILY: u16 = 20;
    const NLM_F_REQUEST: u16 = 1;
    const AF_INET: u8 = 2;
    const IPPROTO_TCP: u8 = 6;
    const ANY: [u8; 4] = [0xff; 4];
    const ASKED: usize = 72;
    /// Where the answer has the end's state, and the bytes of its two queues, read first.
    const STATE: usize = 17;
    const QUEUES: usize = 72;

    let mut question = Vec::with_capacity(ASKED);
    question.extend((ASKED as u32).to_ne_bytes());
    question.extend(SOCK_DIAG_BY_FAMILY.to_ne_bytes());
    question.extend(NLM_F_REQUEST.to_ne_bytes());
    question.extend([0; 8]);
    question.extend([AF_INET, IPPROTO_TCP, 0, 0]);
    question.extend(ANY); // in whatever state
    question.extend(local.port().to_be_bytes());
    question.extend(remote.port().to_be_bytes());
    for host in [local.ip(), remote.ip()] {
        question.extend(host.octets());
        question.extend([0; 12]);
    }
    question.extend([0; 4]); // over whatever interface
    question.extend([ANY, ANY].concat()); // whichever socket it is

    let netlink = Domain::from(AF_NETLINK);
    let kernel = Socket::new(netlink, Type::DGRAM, Some(Protocol::from(NETLINK_SOCK_DIAG))).ok()?;
    // The answer is there when the question is sent, or there is none.
    kernel.set_nonblocking(true).ok()?;
    kernel.send(&question).ok()?;
    let mut buffer = [0; 512];
    let length = (&kernel).read(&mut buffer).ok()?;
    let answer = &buffer[..length];
    let kind = u16::from_ne_bytes(answer.get(4..6)?.try_into().ok()?);
    if kind != SOCK_DIAG_BY_FAMILY {
        return None;
    }
    let number = |at: usize| Some(u32::from_ne_bytes(answer.get(at..at + 4)?.try_into().ok()?));
    let state = TcpState::numbered(*answer.get(STATE)?)?;
    // Who looks for a connection that is gone may find the socket that listens there.
    let listens = state == TcpState::Listen;
    (listens == (remote.port() == 0)).then_some(TcpEnd {
        state,
        // Of a socket that listens it says there how many callers may wait.
        unacknowledged: if listens { 0 } else { number(QUEUES + 4)?.into() },
        unread: number(QUEUES)?.into(),
    })
}

#[cfg(not(target_os = "linux"))]
fn asked(_: SocketAddrV4, _: SocketAddrV4) -> Option<TcpEnd> {
    None
}

/// `0100007F:2328` is 127.0.0.1:9000 on most machines: the address is four bytes of memory, read as a
/// number the way the machine reads one.
fn address(hex: &str) -> Option<SocketAddrV4> {
    let (host, port) = hex.split_once(':')?;
    let host = Ipv4Addr::from(u32::from_str_radix(host, 16).ok()?.to_ne_bytes());
    Some(SocketAddrV4::new(host, u16::from_str_radix(port, 16).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_asked_about_one_end_says_what_stands_in_the_table() {
        if !*ANSWERS {
            return println!("not checked here: this system does not answer");
        }
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let server = v4(listener.local_addr());
        let mut caller = TcpStream::connect(server).unwrap();
        let client = v4(caller.local_addr());
        let nobody = SocketAddrV4::new(Ipv4Addr::UNSPECIFIED, 0);
        let ends = [(server, nobody), (client, server), (server, client)];
        let compare = |what: &str| {
            let table = table().unwrap();
            for (local, remote) in ends {
                let in_table = table.get(&(local, remote)).copied();
                assert_eq!(asked(local, remote), in_table, "{what}: {local} to {remote}");
            }
        };
        caller.write_all(b"hello").unwrap();
        let_arrive();
        assert_eq!(asked(server, client).unwrap().unread, 5);
        compare("five bytes are unread");
        drop(listener);
        let_arrive();
        compare("it was reset with the listener");
    }

    fn v4(address: std::io::Result<SocketAddr>) -> SocketAddrV4 {
        match address.unwrap() {
            SocketAddr::V4(address) => address,
            SocketAddr::V6(address) => panic!("{address} is of IPv6"),
        }
    }
}
