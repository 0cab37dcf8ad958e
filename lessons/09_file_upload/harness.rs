//! A full disk for lessons 7 and 9: a process of its own in which a file has room for one block.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::Path;

use netkata::Server;

/// Write a file in a process whose disk is full. The folder's path comes over a connection.
pub fn on_a_full_disk(
    listens: &dyn Fn(SocketAddr),
    write: impl FnOnce(&Path) -> io::Result<()>,
) -> io::Result<()> {
    fill_the_disk()?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    listens(listener.local_addr()?);
    let mut folder = String::new();
    listener.accept()?.0.read_to_string(&mut folder)?;
    write(Path::new(&folder))
}

/// Send that process the folder's path, and return whether its write failed.
pub fn fails_on_a_full_disk(program: &mut Server, folder: &Path) -> io::Result<bool> {
    let mut stream = TcpStream::connect(program.address())?;
    stream.write_all(folder.as_os_str().as_encoded_bytes())?;
    drop(stream);
    Ok(program.last_words().starts_with("Err"))
}

/// Start this process once more, in a shell that limits the size of files to one block.
///
/// A block is 512 or 1024 bytes, so a write of more takes only a part, and the next one fails with EFBIG if
/// the signal SIGXFSZ is ignored (setrlimit(2)); an ignored signal stays ignored (execve(2)). Only a shell
/// can set all this without unsafe code.
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
    shell.args(["-c", r#"trap "" XFSZ; ulimit -f 1; exec "$0" "$@""#]).arg(env::current_exe()?);
    Err(shell.args(env::args_os().skip(1)).env(FULL, "1").exec())
}

#[cfg(not(unix))]
fn fill_the_disk() -> io::Result<()> {
    Ok(())
}
