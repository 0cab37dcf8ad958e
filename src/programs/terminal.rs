//! The terminal that a program prints to: its own, so that it prints line by line, as most languages do on a
//! terminal and not into a pipe.

use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::os::fd::OwnedFd;
use std::sync::{Mutex, PoisonError};

use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{OptionalActions, tcgetattr, tcsetattr};

/// The controlling end of a terminal, and everything that was printed to it.
#[derive(Debug)]
pub(crate) struct Terminal {
    control: File,
    printed: Mutex<Vec<u8>>,
}

impl Terminal {
    /// Open a terminal that changes no byte; the second value is the end that a program prints to.
    pub(crate) fn open() -> io::Result<(Terminal, OwnedFd)> {
        let control = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC)?;
        grantpt(&control)?;
        unlockpt(&control)?;
        let name = ptsname(&control, Vec::new())?;
        let name = name.to_str().map_err(io::Error::other)?;
        let end = OwnedFd::from(File::options().read(true).write(true).open(name)?);
        let mut modes = tcgetattr(&end)?;
        modes.make_raw();
        tcsetattr(&end, OptionalActions::Now, &modes)?;
        fcntl_setfl(&control, fcntl_getfl(&control)? | OFlags::NONBLOCK)?;
        Ok((Terminal { control: File::from(control), printed: Mutex::default() }, end))
    }

    /// Take in what was printed since the last call, so that the program can print more; return everything.
    pub(crate) fn printed(&self) -> Vec<u8> {
        let mut printed = self.printed.lock().unwrap_or_else(PoisonError::into_inner);
        let mut buffer = [0; 4096];
        loop {
            match (&self.control).read(&mut buffer) {
                Ok(n @ 1..) => printed.extend_from_slice(&buffer[..n]),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                // Nothing was printed, or the last program with the terminal has ended (EIO).
                Ok(_) | Err(_) => return printed.clone(),
            }
        }
    }
}
