//! A program on a terminal of its own, as a user of `watch` has it.

use std::fs::File;
use std::io::{self, Write};
use std::process::{Child, Command};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

/// Longer than anything takes.
const TIMEOUT: Duration = Duration::from_secs(120);

/// The program and its output. It is killed when this is dropped.
pub struct OnTerminal {
    child: Child,
    keys: File,
    pieces: Receiver<Vec<u8>>,
}

impl OnTerminal {
    /// Start it on a terminal with 24 lines of 80 columns.
    pub fn start(mut command: Command) -> io::Result<OnTerminal> {
        let (control, terminal) = terminal()?;
        command.stdin(terminal.try_clone()?).stdout(terminal.try_clone()?).stderr(terminal);
        let child = command.env("TERM", "xterm").spawn()?;
        let keys = control.try_clone()?;
        let (sender, pieces) = mpsc::channel();
        thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(n @ 1..) = io::Read::read(&mut &control, &mut buffer) {
                if sender.send(buffer[..n].to_vec()).is_err() {
                    return;
                }
            }
        });
        Ok(OnTerminal { child, keys, pieces })
    }

    /// Press these keys.
    pub fn types(&self, keys: &str) -> io::Result<()> {
        (&self.keys).write_all(keys.as_bytes())
    }

    /// Wait until it has printed `end`, and return all output since the last call.
    pub fn wait_for(&self, end: &str) -> io::Result<String> {
        let (mut received, until) = (Vec::new(), Instant::now() + TIMEOUT);
        loop {
            let left = until.saturating_duration_since(Instant::now());
            let Ok(piece) = self.pieces.recv_timeout(left) else {
                let received = String::from_utf8_lossy(&received);
                return Err(io::Error::other(format!("no {end:?} came, but {received}")));
            };
            received.extend(piece);
            let text = String::from_utf8_lossy(&received);
            if text.contains(end) {
                return Ok(text.into_owned());
            }
        }
    }
}

impl Drop for OnTerminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The controlling end of a terminal, and the terminal.
#[cfg(unix)]
fn terminal() -> io::Result<(File, File)> {
    use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
    use rustix::termios::{Winsize, tcsetwinsize};

    let control = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY)?;
    grantpt(&control)?;
    unlockpt(&control)?;
    let name = ptsname(&control, Vec::new())?;
    let name = name.to_str().map_err(io::Error::other)?;
    let terminal = File::options().read(true).write(true).open(name)?;
    tcsetwinsize(&terminal, Winsize { ws_row: 24, ws_col: 80, ws_xpixel: 0, ws_ypixel: 0 })?;
    Ok((control.into(), terminal))
}

#[cfg(not(unix))]
fn terminal() -> io::Result<(File, File)> {
    Err(io::Error::from(io::ErrorKind::Unsupported))
}
