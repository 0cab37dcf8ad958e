//! A full disk for lesson 9: a process of its own in which no file may get a byte.

use std::io::{self, Read};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};

/// Receive one file in a process whose disk is full. The folder's path comes over a connection.
pub fn receives_on_a_full_disk(
    listens: &dyn Fn(SocketAddr),
    receive: impl FnOnce(&Path) -> io::Result<PathBuf>,
) -> io::Result<()> {
    fill_the_disk()?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    listens(listener.local_addr()?);
    let mut folder = String::new();
    listener.accept()?.0.read_to_string(&mut folder)?;
    receive(Path::new(&folder)).map(drop)
}

/// Start this process once more, in a shell that limits the size of files to 0 bytes.
///
/// Only a shell can do so without unsafe code. A write beyond the limit fails with EFBIG if the signal
/// SIGXFSZ is ignored (setrlimit(2)), and an ignored signal stays ignored (execve(2)).
#[cfg(unix)]
fn fill_the_disk() -> io::Result<()> {
    use std::env;
    use std::os::unix::process::CommandExt;
    use std::process::Command;

    const FULL: &str = "NETKATA_DISK_IS_FULL";
    if env::var_os(FULL).is_some() {
        return Ok(());
    }
    let mut shell = Command::new("sh");
    shell.args(["-c", r#"trap "" XFSZ; ulimit -f 0; exec "$0" "$@""#]).arg(env::current_exe()?);
    Err(shell.args(env::args_os().skip(1)).env(FULL, "1").exec())
}

#[cfg(not(unix))]
fn fill_the_disk() -> io::Result<()> {
    Ok(())
}
