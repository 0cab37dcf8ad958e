//! A server in its own process, and what the kernel reports about it.

use std::fs;
use std::io::{self, BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use netkata::linux::threads::Threads;

use super::words;

/// A server that runs until it is dropped.
pub struct Server {
    process: Child,
    /// The address on which it listens.
    pub address: SocketAddr,
}

impl Server {
    /// Start the server of this name, as the lessons' programs are started, and wait until it listens.
    pub fn start(programs: &Path, name: &str) -> io::Result<Server> {
        let mut process = Command::new(programs)
            .args(["serve", name, "127.0.0.1:0"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut line = String::new();
        let output = process.stdout.take().expect("a pipe was asked for");
        BufReader::new(output).read_line(&mut line)?;
        let address = line.trim_end().strip_prefix(r"listening on ").map(str::parse);
        match address {
            Some(Ok(address)) => Ok(Server { process, address }),
            _ => {
                let _ = process.kill();
                Err(io::Error::other(words::said_no_address(format_args!("{line:?}"))))
            }
        }
    }

    /// The id of its process.
    pub fn id(&self) -> u32 {
        self.process.id()
    }

    /// How many threads it has; `None` if the system does not show it.
    pub fn threads(&self) -> Option<usize> {
        Some(fs::read_dir(format!("/proc/{}/task", self.id())).ok()?.count())
    }

    /// How long its threads have computed so far; `None` if the system does not show it.
    pub fn computed(&self) -> Option<Duration> {
        Some(Threads::of_process(self.id()).effort()?.computed)
    }

    /// How many bytes of memory it uses now; `None` if the system does not show it.
    pub fn resident(&self) -> Option<usize> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.id())).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
        let kibibytes: usize = line.trim().strip_suffix(r" kB")?.parse().ok()?;
        Some(kibibytes * 1024)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // If the process is traced, its tracer waits for it as well, and this wait may fail.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
