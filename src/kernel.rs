//! What the kernel holds of a server's connections: bytes that are on their way.
//!
//! Linux tells it in `/proc/net/tcp` (proc_net(5)); elsewhere nobody knows.

use std::collections::HashMap;
use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::LazyLock;

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

/// A connection whose handshake is not over (SYN_RECV).
const SHAKING_HANDS: u8 = 3;

/// One end of a connection: what it has sent and the other end not acknowledged, what it has received
/// and its program not read.
struct End {
    state: u8,
    unacknowledged: u64,
    unread: u64,
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
    let table = fs::read_to_string("/proc/self/net/tcp").ok()?;
    let ends: HashMap<(u16, u16), End> = table.lines().filter_map(end).collect();
    let server = server.port();
    let mut of_server = ends.iter().filter(|((here, there), _)| *here == server && counts(*there));
    Some(of_server.any(|((_, client), here)| {
        let Some(there) = ends.get(&(*client, server)) else { return false };
        here.state == SHAKING_HANDS
            || here.unacknowledged > 0 && there.unread == 0
            || there.unacknowledged > 0 && here.unread == 0
    }))
}

/// `sl: LOCAL:PORT REMOTE:PORT STATE TX:RX …`, all in hexadecimal.
fn end(line: &str) -> Option<((u16, u16), End)> {
    let mut words = line.split_whitespace().skip(1);
    let (local, remote) = (words.next()?, words.next()?);
    let port = |address: &str| u16::from_str_radix(address.split_once(':')?.1, 16).ok();
    let state = u8::from_str_radix(words.next()?, 16).ok()?;
    let (sent, received) = words.next()?.split_once(':')?;
    let count = |hex: &str| u64::from_str_radix(hex, 16).ok();
    let end = End { state, unacknowledged: count(sent)?, unread: count(received)? };
    Some(((port(local)?, port(remote)?), end))
}
