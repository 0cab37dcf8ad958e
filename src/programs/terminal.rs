//! The terminal that a program prints to: its own, so that it prints line by line, as most languages do on a
//! terminal and not into a pipe.

use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::os::fd::OwnedFd;
use std::sync::Mutex;

use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{OptionalActions, tcgetattr, tcsetattr};

use crate::events::lock;

/// The controlling end of a terminal, and everything that was printed to it.
#[derive(Debug)]
pub(crate) struct Terminal {
    control: File,
    printed: Mutex<Printed>,
}

#[derive(Debug, Default)]
struct Printed {
    bytes: Vec<u8>,
    lines: usize,
}

/// How much a program has printed so far.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Amount {
    pub(crate) bytes: usize,
    pub(crate) lines: usize,
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

    /// Take in what was printed since the last call, so that the program can print more.
    pub(crate) fn take_in(&self) -> Amount {
        let mut printed = lock(&self.printed);
        let mut buffer = [0; 4096];
        loop {
            match (&self.control).read(&mut buffer) {
                Ok(n @ 1..) => printed.take(&buffer[..n]),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                // Nothing was printed, or the last program with the terminal has ended (EIO).
                Ok(_) | Err(_) => return printed.amount(),
            }
        }
    }

    /// Everything that was printed so far.
    pub(crate) fn printed(&self) -> Vec<u8> {
        self.take_in();
        lock(&self.printed).bytes.clone()
    }
}

impl Printed {
    fn amount(&self) -> Amount {
        Amount { bytes: self.bytes.len(), lines: self.lines }
    }

    fn take(&mut self, bytes: &[u8]) {
        self.lines += bytes.iter().filter(|byte| **byte == b'\n').count();
        self.bytes.extend_from_slice(bytes);
    }
}
