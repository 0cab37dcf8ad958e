//! What the kernel holds of a server's connections: bytes that are on their way.
//!
//! Linux tells it in `/proc/net/tcp` and `tcp6` (proc_net(5)); elsewhere nobody knows.

use std::collections::HashMap;
use std::fs;
use std::net::SocketAddr;

/// A connection whose handshake is not over (SYN_RECV).
const SHAKING_HANDS: u8 = 3;
/// A connection that has another end (ESTABLISHED, FIN_WAIT1, FIN_WAIT2, CLOSE_WAIT).
const CONNECTED: [u8; 4] = [1, 4, 5, 8];

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
/// Bytes that were read and not yet acknowledged count as if they were. `None` where the system does
/// not tell.
pub(crate) fn in_flight(server: SocketAddr) -> Option<bool> {
    let table = if server.is_ipv4() { "/proc/self/net/tcp" } else { "/proc/self/net/tcp6" };
    let table = fs::read_to_string(table).ok()?;
    let ends: HashMap<(u16, u16), End> = table.lines().filter_map(end).collect();
    let server = server.port();
    let between = ends.iter().filter(|((local, remote), _)| [*local, *remote].contains(&server));
    Some(between.into_iter().any(|((local, remote), here)| match ends.get(&(*remote, *local)) {
        Some(there) => here.state == SHAKING_HANDS || there.unacknowledged > 0 && here.unread == 0,
        // An end whose other end has gone is about to hear of it, by a reset.
        None => CONNECTED.contains(&here.state),
    }))
}

/// `sl: LOCAL:PORT REMOTE:PORT STATE TX:RX …`, all in hexadecimal.
fn end(line: &str) -> Option<((u16, u16), End)> {
    let mut words = line.split_whitespace().skip(1);
    let (local, remote) = (words.next()?, words.next()?);
    let port = |address: &str| u16::from_str_radix(address.rsplit_once(':')?.1, 16).ok();
    let state = u8::from_str_radix(words.next()?, 16).ok()?;
    let (sent, received) = words.next()?.split_once(':')?;
    let count = |hex: &str| u64::from_str_radix(hex, 16).ok();
    let end = End { state, unacknowledged: count(sent)?, unread: count(received)? };
    Some(((port(local)?, port(remote)?), end))
}
