//! The kernel's view of TCP connections: their states, and the bytes that are on their way.
//!
//! Linux shows it in `/proc/net/tcp` (proc_net(5)) for the whole machine at once, and answers queries for a
//! single end (sock_diag(7)), which takes it some 10 microseconds instead of milliseconds. On other systems
//! it is unknown.

use std::collections::HashMap;
use std::fs;
use std::io::{Read, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, SocketAddrV4, TcpListener, TcpStream};
use std::sync::LazyLock;
use std::time::Duration;

/// One end of a connection, as the kernel holds it. Over IPv6 it is known only if the kernel answers queries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TcpEnd {
    /// Its state.
    pub state: TcpState,
    /// How many of the bytes that it has sent the other end has not acknowledged; the end of the stream
    /// counts as one byte.
    pub unacknowledged: u64,
    /// How many of the bytes that it has received its program has not read; the end counts as above.
    pub unread: u64,
}

/// The states of a TCP socket (RFC 9293, section 3.3.2), numbered as Linux numbers them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TcpState {
    /// Both sides may send.
    Established = 1,
    /// It has sent a SYN, and no reply has come.
    SynSent,
    /// It has answered a SYN, and its answer is not acknowledged.
    SynReceived,
    /// It has closed its side, and that is not acknowledged.
    FinWait1,
    /// It has closed its side; the other end may still send.
    FinWait2,
    /// Both sides are closed. This end closed first, and waits for late segments.
    TimeWait,
    /// Nothing is left of the connection.
    Closed,
    /// The other end has closed its side; this end may still send.
    CloseWait,
    /// Both sides are closed. This end closed second, and that is not acknowledged.
    LastAck,
    /// It waits for connections.
    Listen,
    /// Both sides closed at the same time.
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

    /// Its name in the RFC.
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
    /// Look up the end at `local` of the connection to `remote`; for a listening socket, `remote` is
    /// `0.0.0.0:0`.
    ///
    /// `None` if the kernel holds no such end, or the system does not show it.
    pub fn of(local: SocketAddr, remote: SocketAddr) -> Option<TcpEnd> {
        if *ANSWERS {
            return Some(query(local, remote)?.end);
        }
        let (SocketAddr::V4(local), SocketAddr::V4(remote)) = (local, remote) else { return None };
        table()?.get(&(local, remote)).copied()
    }

    /// Whether the system shows connections at all.
    pub fn can_be_seen() -> bool {
        *ANSWERS || table().is_some()
    }
}

/// One end, with what only the answer to a query tells.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Answer {
    pub(crate) end: TcpEnd,
    /// The number of its socket, as in `/proc/PID/fd`; 0 if no program has accepted the connection yet.
    pub(crate) inode: u64,
    /// How many bytes it has received in all, read or not; `None` before the handshake and after the end.
    pub(crate) received: Option<u64>,
}

/// Whether anything is on its way between `server` and its clients: sent, but not ready to read yet.
///
/// Bytes that wait in front of a full queue do not count: the program that does not read that queue holds
/// them up. `None` if the system does not show it.
pub(crate) fn in_flight(server: SocketAddr) -> Option<bool> {
    // Both ends of the server's connections contain its port. The table covers the whole machine, and on a
    // busy one it has thousands of other lines.
    let port = format!(":{:04X} ", server.port());
    let ends = table_of(|line| line.contains(&port))?;
    let mut of_server = ends.iter().filter(|((here, _), _)| here.port() == server.port());
    Some(of_server.any(|((server, client), here)| {
        ends.get(&(*client, *server)).is_some_and(|there| is_on_its_way(*here, *there))
    }))
}

/// As `in_flight`, only for the clients at these ports of the server's own machine; false if the system
/// does not show it.
pub fn in_flight_between(server: SocketAddr, clients: &[u16]) -> bool {
    clients.iter().any(|port| match ends(server, *port) {
        [Some(here), Some(there)] => is_on_its_way(here, there),
        _ => false,
    })
}

/// Whether anything is on its way over this connection within one machine; false if the system does not
/// show it.
pub(crate) fn is_under_way(stream: &TcpStream) -> bool {
    let (Ok(here), Ok(there)) = (stream.local_addr(), stream.peer_addr()) else { return false };
    in_flight_between(here, &[there.port()])
}

/// What the kernel holds between a server and some clients, to compare with a later state.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Queues {
    listener: Option<TcpEnd>,
    connections: Vec<[Option<TcpEnd>; 2]>,
}

/// What the kernel holds for `server`: its backlog, and the bytes between it and the clients at these ports
/// of its own machine.
pub(crate) fn queues(server: SocketAddr, clients: &[u16]) -> Queues {
    let listener = TcpEnd::of(server, SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0)));
    Queues { listener, connections: clients.iter().map(|port| ends(server, *port)).collect() }
}

/// The server's end and the client's end of a connection within one machine.
pub(crate) fn ends(server: SocketAddr, client: u16) -> [Option<TcpEnd>; 2] {
    let client = SocketAddr::new(server.ip(), client);
    [TcpEnd::of(server, client), TcpEnd::of(client, server)]
}

/// Whether anything is on its way between the server's end and the client's end.
fn is_on_its_way(here: TcpEnd, there: TcpEnd) -> bool {
    here.state == TcpState::SynReceived
        || here.unacknowledged > 0 && there.unread == 0
        || there.unacknowledged > 0 && here.unread == 0
}

/// A socket that waits for a first connection or datagram.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bound {
    /// Its port.
    pub port: u16,
    /// Its number, as in `/proc/PID/fd`.
    pub inode: u64,
}

/// Every TCP socket of this machine that listens; none if the system does not show them.
pub fn tcp_listeners() -> Vec<Bound> {
    const LISTEN: &str = "0A";

    bound_in(["/proc/self/net/tcp", "/proc/self/net/tcp6"], LISTEN)
}

/// The TCP socket that listens at this port of the loopback; `None` if none does, or the system does not show it.
///
/// This is a question about one socket: on a machine with thousands of connections their table takes long to read.
pub fn tcp_listener(port: u16) -> Option<Bound> {
    if !*ANSWERS {
        return tcp_listeners().into_iter().find(|bound| bound.port == port);
    }
    let here = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let answer = query(here, SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0)))?;
    Some(Bound { port, inode: answer.inode })
}

/// Every UDP socket of this machine that is bound and not connected; none if the system does not show them.
pub fn udp_sockets() -> Vec<Bound> {
    const CLOSE: &str = "07";

    bound_in(["/proc/self/net/udp", "/proc/self/net/udp6"], CLOSE)
}

fn bound_in(tables: [&str; 2], state: &str) -> Vec<Bound> {
    let mut bound = Vec::new();
    for table in tables {
        for line in fs::read_to_string(table).unwrap_or_default().lines() {
            let words: Vec<&str> = line.split_whitespace().collect();
            let ([_, local, _, found, ..], Some(inode)) = (&words[..], words.get(9)) else {
                continue;
            };
            let port =
                local.rsplit_once(':').and_then(|(_, port)| u16::from_str_radix(port, 16).ok());
            if let (true, Some(port), Ok(inode)) = (*found == state, port, inode.parse()) {
                bound.push(Bound { port, inode });
            }
        }
    }
    bound
}

/// How many bytes wait to be read in the UDP sockets at this port; `None` if the system does not show it.
pub fn udp_unread(port: u16) -> Option<u64> {
    let mut unread = None;
    for table in ["/proc/self/net/udp", "/proc/self/net/udp6"] {
        for line in fs::read_to_string(table).ok()?.lines() {
            let words: Vec<&str> = line.split_whitespace().collect();
            if words.get(1).is_some_and(|local| local.ends_with(&format!(":{port:04X}"))) {
                let queue = words.get(4)?.split_once(':')?.1;
                unread = Some(unread.unwrap_or(0) + u64::from_str_radix(queue, 16).ok()?);
            }
        }
    }
    unread
}

/// How long the kernel keeps this port for connections that have ended, in TIME-WAIT. `None` if a program has
/// it, or the system does not show it.
pub fn time_wait_of(port: u16) -> Option<Duration> {
    let mut longest = None;
    for table in ["/proc/self/net/tcp", "/proc/self/net/tcp6"] {
        for line in fs::read_to_string(table).unwrap_or_default().lines() {
            let words: Vec<&str> = line.split_whitespace().collect();
            if words.get(1).is_some_and(|local| local.ends_with(&format!(":{port:04X}"))) {
                longest = longest.max(Some(time_wait(words.get(5)?)?));
            }
        }
    }
    longest
}

/// `TIMER:WHEN` in hexadecimal: timer 3 is that of TIME-WAIT, which ends in so many hundredths of a second.
fn time_wait(timer: &str) -> Option<Duration> {
    let hundredths = u64::from_str_radix(timer.strip_prefix("03:")?, 16).ok()?;
    Some(Duration::from_millis(hundredths * 10))
}

/// A connection of the kit's own: when a byte has arrived over it, everything sent before has arrived, too.
static PROBE: LazyLock<(TcpStream, TcpStream)> = LazyLock::new(|| {
    let connected = TcpListener::bind(("127.0.0.1", 0)).and_then(|listener| {
        let near = TcpStream::connect(listener.local_addr()?)?;
        near.set_nodelay(true)?;
        Ok((near, listener.accept()?.0))
    });
    connected.unwrap_or_else(|error| panic!("failed to connect the kit's own probe: {error}"))
});

/// Connect the probe, unless it is connected already.
pub(crate) fn prepare() {
    LazyLock::force(&PROBE);
}

/// Wait until everything sent has arrived at the other end.
///
/// One byte is sent after everything else, over a connection of the kit's own. When it arrives, so has the
/// rest: the kernel delivers on loopback in the order of sending.
pub fn let_arrive() {
    let (mut near, mut far) = (&PROBE.0, &PROBE.1);
    let arrived = near.write_all(b".").and_then(|()| far.read_exact(&mut [0]));
    arrived.unwrap_or_else(|error| panic!("failed to send over the kit's own probe: {error}"));
}

/// Every end that the kernel holds, by its own address and the other end's.
fn table() -> Option<HashMap<(SocketAddrV4, SocketAddrV4), TcpEnd>> {
    table_of(|_| true)
}

/// As [`table`], only for the lines that `wanted` accepts.
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

/// Whether the kernel answers queries for single ends: tested with an end of the probe.
static ANSWERS: LazyLock<bool> = LazyLock::new(|| {
    let (Ok(near), Ok(far)) = (PROBE.0.local_addr(), PROBE.0.peer_addr()) else { return false };
    query(near, far).is_some()
});

/// Query the kernel for one end; `None` if it holds no such end, or does not answer such queries.
#[cfg(target_os = "linux")]
pub(crate) fn query(local: SocketAddr, remote: SocketAddr) -> Option<Answer> {
    use socket2::{Domain, Protocol, Socket, Type};

    // Constants from netlink(7) and sock_diag(7).
    const AF_NETLINK: i32 = 16;
    const NETLINK_SOCK_DIAG: i32 = 4;
    const SOCK_DIAG_BY_FAMILY: u16 = 20;
    const NLM_F_REQUEST: u16 = 1;
    const AF_INET: u8 = 2;
    const AF_INET6: u8 = 10;
    const IPPROTO_TCP: u8 = 6;
    const INET_DIAG_INFO: u16 = 2;
    const ANY: [u8; 4] = [0xff; 4];
    const QUERY_SIZE: usize = 72;
    /// Where the reply has the end's state, the bytes of its two queues, the receive queue first, and the number
    /// of its socket. Attributes follow.
    const STATE: usize = 17;
    const QUEUES: usize = 72;
    const INODE: usize = 84;
    const ATTRIBUTES: usize = 88;
    /// Where the attribute INET_DIAG_INFO, a `struct tcp_info`, has `tcpi_bytes_received`.
    const BYTES_RECEIVED: usize = 128;

    let mut query = Vec::with_capacity(QUERY_SIZE);
    query.extend((QUERY_SIZE as u32).to_ne_bytes());
    query.extend(SOCK_DIAG_BY_FAMILY.to_ne_bytes());
    query.extend(NLM_F_REQUEST.to_ne_bytes());
    query.extend([0; 8]);
    let family = if local.is_ipv4() { AF_INET } else { AF_INET6 };
    query.extend([family, IPPROTO_TCP, 1 << (INET_DIAG_INFO - 1), 0]);
    query.extend(ANY); // in any state
    query.extend(local.port().to_be_bytes());
    query.extend(remote.port().to_be_bytes());
    for host in [local.ip(), remote.ip()] {
        match host {
            IpAddr::V4(host) => query.extend([&host.octets()[..], &[0; 12]].concat()),
            IpAddr::V6(host) => query.extend(host.octets()),
        }
    }
    query.extend([0; 4]); // over any interface
    query.extend([ANY, ANY].concat()); // with any cookie

    let netlink = Domain::from(AF_NETLINK);
    let kernel = Socket::new(netlink, Type::DGRAM, Some(Protocol::from(NETLINK_SOCK_DIAG))).ok()?;
    // The reply is ready as soon as the query is sent, or there is none.
    kernel.set_nonblocking(true).ok()?;
    kernel.send(&query).ok()?;
    let mut buffer = [0; 1024];
    let length = (&kernel).read(&mut buffer).ok()?;
    let reply = &buffer[..length];
    let short = |at: usize| Some(u16::from_ne_bytes(reply.get(at..at + 2)?.try_into().ok()?));
    let number = |at: usize| Some(u32::from_ne_bytes(reply.get(at..at + 4)?.try_into().ok()?));
    let long = |at: usize| Some(u64::from_ne_bytes(reply.get(at..at + 8)?.try_into().ok()?));
    if short(4)? != SOCK_DIAG_BY_FAMILY {
        return None;
    }
    let state = TcpState::numbered(*reply.get(STATE)?)?;
    // A query for a closed connection may find the socket that listens there.
    let listens = state == TcpState::Listen;
    // An attribute is its length, its kind and its content, and begins at a multiple of 4.
    let next = |at: &usize| Some(at + usize::from(short(*at)?).max(4).next_multiple_of(4));
    let info = std::iter::successors(Some(ATTRIBUTES), next)
        .take_while(|at| short(*at).is_some())
        .find(|at| short(at + 2) == Some(INET_DIAG_INFO));
    (listens == (remote.port() == 0)).then_some(Answer {
        end: TcpEnd {
            state,
            // For a listening socket this field is the limit of its backlog.
            unacknowledged: if listens { 0 } else { number(QUEUES + 4)?.into() },
            unread: number(QUEUES)?.into(),
        },
        inode: number(INODE)?.into(),
        received: info.and_then(|at| long(at + 4 + BYTES_RECEIVED)),
    })
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn query(_: SocketAddr, _: SocketAddr) -> Option<Answer> {
    None
}

/// `0100007F:2328` is 127.0.0.1:9000 on most machines: the address is four bytes of memory, printed as a
/// number in the machine's byte order.
fn address(hex: &str) -> Option<SocketAddrV4> {
    let (host, port) = hex.split_once(':')?;
    let host = Ipv4Addr::from(u32::from_str_radix(host, 16).ok()?.to_ne_bytes());
    Some(SocketAddrV4::new(host, u16::from_str_radix(port, 16).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_for_one_end_agrees_with_the_table() {
        if !*ANSWERS {
            return println!("not checked here: this system does not answer");
        }
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let server = v4(listener.local_addr());
        let mut client_end = TcpStream::connect(server).unwrap();
        let client = v4(client_end.local_addr());
        let unspecified = SocketAddrV4::new(Ipv4Addr::UNSPECIFIED, 0);
        let ends = [(server, unspecified), (client, server), (server, client)];
        let compare = |what: &str| {
            let table = table().unwrap();
            for (local, remote) in ends {
                let in_table = table.get(&(local, remote)).copied();
                let answer = query(local.into(), remote.into()).map(|answer| answer.end);
                assert_eq!(answer, in_table, "{what}: {local} to {remote}");
            }
        };
        client_end.write_all(b"hello").unwrap();
        let_arrive();
        let answer = query(server.into(), client.into()).unwrap();
        assert_eq!((answer.end.unread, answer.received, answer.inode), (5, Some(5), 0));
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
