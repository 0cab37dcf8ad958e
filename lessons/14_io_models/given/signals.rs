//! Signals: the kernel interrupts this process when something happens on one of its sockets. Linux only.

use std::io;
use std::net::{TcpListener, TcpStream};
use std::os::fd::AsRawFd;

use rustpython_host_env::fcntl::{F_GETFL, F_SETFL, F_SETOWN, FASYNC, fcntl_int};
use signal_hook::consts::SIGIO;
use signal_hook::iterator::Signals;

use super::{Round, ServeClient, Sockets};

/// Ask every socket in turn after each signal, until none of them has anything.
///
/// Ends as [`serve_with_threads`](super::serve_with_threads) does.
pub fn serve_on_signals(
    listener: TcpListener,
    stop: TcpStream,
    serve: ServeClient,
) -> io::Result<()> {
    // Handle SIGIO before a socket can send one: otherwise the signal ends the process (signal(7)).
    let mut signals = Signals::new([SIGIO])?;
    announce(&listener)?;
    announce(&stop)?;
    let mut sockets = Sockets::new(listener, stop, announce)?;
    loop {
        match sockets.poll_each(serve) {
            Round::Stopped => return Ok(()),
            // One signal may stand for many events: no other signal reports what is left.
            Round::Progress => {}
            // A signal that came during the round is remembered, and ends the wait at once.
            Round::Nothing => signals.wait().for_each(drop),
        }
    }
}

/// Make the kernel send this process a SIGIO whenever something happens on the socket (fcntl(2)).
fn announce<S: AsRawFd>(socket: &S) -> io::Result<()> {
    let socket = socket.as_raw_fd();
    fcntl_int(socket, F_SETOWN, std::process::id() as i32)?;
    fcntl_int(socket, F_SETFL, fcntl_int(socket, F_GETFL, 0)? | FASYNC)?;
    Ok(())
}
