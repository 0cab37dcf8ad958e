//! What the kernel holds of TCP connections: their states, and the bytes that are on their way.
//!
//! Linux tells it in `/proc/net/tcp` (proc_net(5)); elsewhere nobody knows.

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
        table()?.get(&(local, remote)).copied()
    }

    /// Whether the system tells of connections at all.
    pub fn can_be_seen() -> bool {
        table().is_some()
    }
}

/// Whether anything is on its way between `server` and its clients: sent, and not yet there to read.
///
/// Bytes that wait in front of a full queue are not: whoever does not read that queue holds them up.
/// `None` where the system does not tell.
pub(crate) fn in_flight(server: SocketAddr) -> Option<bool> {
    in_flight_to(server, |_| true)
}

/// As [`in_flight`], of the clients at these ports only.
pub(crate) fn in_flight_between(server: SocketAddr, clients: &[u16]) -> Option<bool> {
    in_flight_to(server, |client| clients.contains(&client))
}

fn in_flight_to(server: SocketAddr, counts: impl Fn(u16) -> bool) -> Option<bool> {
    // Both ends of its connections name its port. The table is the whole machine's, and a busy one has
    // thousands of others.
    let port = format!(":{:04X} ", server.port());
    let ends = table_of(|line| line.contains(&port))?;
    let mut of_server = ends
        .iter()
        .filter(|((here, there), _)| here.port() == server.port() && counts(there.port()));
    Some(of_server.any(|((server, client), here)| {
        let Some(there) = ends.get(&(*client, *server)) else { return false };
        here.state == TcpState::SynReceived
            || here.unacknowledged > 0 && there.unread == 0
            || there.unacknowledged > 0 && here.unread == 0
    }))
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
pub(crate) fn let_arrive() {
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
    let number = u8::from_str_radix(words.next()?, 16).ok()?;
    let state = TcpState::ALL.into_iter().find(|state| *state as u8 == number)?;
    let (sent, received) = words.next()?.split_once(':')?;
    let count = |hex: &str| u64::from_str_radix(hex, 16).ok();
    let end = TcpEnd { state, unacknowledged: count(sent)?, unread: count(received)? };
    Some(((local, remote), end))
}

/// `0100007F:2328` is 127.0.0.1:9000 on most machines: the address is four bytes of memory, read as a
/// number the way the machine reads one.
fn address(hex: &str) -> Option<SocketAddrV4> {
    let (host, port) = hex.split_once(':')?;
    let host = Ipv4Addr::from(u32::from_str_radix(host, 16).ok()?.to_ne_bytes());
    Some(SocketAddrV4::new(host, u16::from_str_radix(port, 16).ok()?))
}
