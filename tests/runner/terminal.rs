//! A terminal for the tests: what a command prints on it.

use std::fs;
use std::io::Read;
use std::process::{Command, Stdio};

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};

/// Both ends of a terminal of this size: the controlling end, and the terminal itself.
pub fn terminal(rows: u16, columns: u16) -> (fs::File, fs::File) {
    let control = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a pseudo-terminal");
    grantpt(&control).expect("it is ours");
    unlockpt(&control).expect("it can be opened");
    let name = ptsname(&control, Vec::new()).expect("it has a name");
    let name = name.to_str().expect("a plain path");
    let terminal = fs::File::options().read(true).write(true).open(name).expect("it opens");
    let size = Winsize { ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 };
    tcsetwinsize(&terminal, size).expect("it takes a size");
    (fs::File::from(control), terminal)
}

/// What a command prints on a terminal with this many columns.
pub fn on_terminal(columns: u16, command: &mut Command) -> String {
    let (mut control, terminal) = terminal(24, columns);
    command.stdout(terminal).env("TERM", "xterm");
    let mut child = command.spawn().expect("the runner starts");
    // The last copy on this side: when the child ends, the read fails and does not wait.
    command.stdout(Stdio::null());
    let mut printed = Vec::new();
    let _ = control.read_to_end(&mut printed);
    child.wait().expect("the runner ends");
    String::from_utf8(printed).expect("text").replace("\r\n", "\n")
}
