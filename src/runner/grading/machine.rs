//! What a grading needs of the machine, tested before an answer is blamed.

use std::io::{self, Read, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

use crate::failure::Failure;
use crate::words;

/// The command that brings the loopback up.
pub(crate) const BRING_LOOPBACK_UP: &str = r"sudo ip link set lo up";

/// How long to wait for the loopback, which answers in microseconds or not at all.
const TIMEOUT: Duration = Duration::from_secs(2);

/// Fail if the machine lacks what every grading needs.
pub(crate) fn check() -> Result<(), Failure> {
    send_a_byte(Ipv4Addr::LOCALHOST.into()).map_err(|error| {
        let what = words::ipv4_does_not_answer(error);
        Failure::new(words::fixed_by(what, BRING_LOOPBACK_UP))
    })
}

/// Send a byte from this machine to itself, over a connection to this address.
pub(crate) fn send_a_byte(address: IpAddr) -> io::Result<()> {
    let listener = TcpListener::bind(SocketAddr::from((address, 0)))?;
    let mut client = TcpStream::connect_timeout(&listener.local_addr()?, TIMEOUT)?;
    // Its connection has been made, so it waits to be accepted.
    let (mut accepted, _) = listener.accept()?;
    accepted.set_read_timeout(Some(TIMEOUT))?;
    client.write_all(&[1])?;
    accepted.read_exact(&mut [0])
}
