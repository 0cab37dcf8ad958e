//! What a check needs of the machine: descriptors, and ports of the loopback. If they are missing, the check is not
//! tried, and no answer is to blame.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

use crate::cause::Cause;
use crate::scene;
use crate::story::Story;

/// How many files and sockets the largest check has open at once: lesson 4 has 500 clients.
pub const DESCRIPTORS: u64 = 1024;

/// How long to wait for the loopback, which answers in microseconds or not at all.
const TIMEOUT: Duration = Duration::from_secs(2);

/// Declare, at the start of a check's body, that it has up to this many files and sockets open at once, both
/// ends of its connections included. If the machine's limit is lower, the check is not tried.
pub fn needs_descriptors(needed: u64) {
    if let Some(most) = most_descriptors().filter(|most| *most < needed) {
        scene::fail(Cause::TooFewDescriptors(needed, most).story(Vec::new()));
    }
}

/// How many descriptors a process may have at most, the hard limit (getrlimit(2)); `None` if there is none.
#[cfg(unix)]
pub fn most_descriptors() -> Option<u64> {
    rustix::process::getrlimit(rustix::process::Resource::Nofile).maximum
}

/// Other systems have no such limit.
#[cfg(not(unix))]
pub fn most_descriptors() -> Option<u64> {
    None
}

/// Raise this process's own limit, the soft one, to what the checks need: a shell on macOS gives 256.
pub(crate) fn raise_the_limit_of_descriptors() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

        let limit = getrlimit(Resource::Nofile);
        let wanted = most_descriptors().map_or(DESCRIPTORS, |most| most.min(DESCRIPTORS));
        if limit.current.is_some_and(|soft| soft < wanted) {
            // If this is refused, a check that needs more reports what it misses.
            let _ = setrlimit(Resource::Nofile, Rlimit { current: Some(wanted), ..limit });
        }
    }
}

/// Send a byte from this machine to itself, over a connection to this address. Without a free port the error
/// is `AddrInUse`.
pub fn send_a_byte(address: IpAddr) -> io::Result<()> {
    let listener = TcpListener::bind(SocketAddr::from((address, 0)))?;
    let mut client = TcpStream::connect_timeout(&listener.local_addr()?, TIMEOUT)
        .map_err(|error| if has_no_port(&error) { ErrorKind::AddrInUse.into() } else { error })?;
    // Its connection has been made, so it waits to be accepted.
    let (mut accepted, _) = listener.accept()?;
    accepted.set_read_timeout(Some(TIMEOUT))?;
    client.write_all(&[1])?;
    accepted.read_exact(&mut [0])
}

/// Whether connect found no free port for its own end (connect(2)).
pub(crate) fn has_no_port(error: &io::Error) -> bool {
    error.kind() == ErrorKind::AddrNotAvailable
}

/// The story of a check that failed because of the machine: this one, or another one if no port is free now.
/// `None` if the machine is not to blame.
pub(crate) fn is_to_blame_for(failed: &Story) -> Option<Story> {
    let causes = [Cause::NoFreePort, Cause::TooFewDescriptors(0, 0)];
    if causes.iter().any(|cause| cause.name() == failed.cause) {
        return Some(failed.clone());
    }
    let error = send_a_byte(Ipv4Addr::LOCALHOST.into()).err()?;
    (error.kind() == ErrorKind::AddrInUse).then(|| Cause::NoFreePort.story(Vec::new()))
}
