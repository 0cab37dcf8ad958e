//! A server in a process of its own: for what would harm the checks' own process, such as running out
//! of descriptors.
//!
//! The test binary starts itself again, for this one check, with [`VARIABLE`] in its environment. There
//! the check only serves, and no door opens: it writes to no record. The clients, and everything that
//! is expected of the server, stay in the first process.

use std::io::{self, BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::thread;

use crate::census;
use crate::check;
use crate::linux::threads::{self, Threads};
use crate::quiet::{self, Still};
use crate::record;
use crate::words;

/// The environment variable that names the check to serve for.
const VARIABLE: &str = "NETKATA_SERVES_APART";
/// The environment variable that says how many descriptors the process may hold.
const DESCRIPTORS: &str = "NETKATA_DESCRIPTORS";
/// Begins the line by which the server tells where it listens.
const LISTENS: &str = r"netkata: listens on ";
/// Begins the line by which the server tells that it has stopped serving.
const STOPPED: &str = r"netkata: stopped: ";

/// As [`graded`](crate::graded), for a check whose server runs in processes of its own.
///
/// `serve` runs there: it binds, tells its address to the function that it is given, and serves. `body`
/// is the check; it starts as many such servers as it needs.
///
/// # Panics
///
/// As [`graded`](crate::graded).
pub fn graded_apart<B: FnOnce(&Apart) + Send + 'static>(
    serve: impl FnOnce(&dyn Fn(SocketAddr)) -> io::Result<()>,
    body: B,
) {
    let check = check::function_of::<B>();
    if std::env::var(VARIABLE).is_ok_and(|name| name == check) {
        serve_here(serve);
    }
    // A process takes longer to start than a thread.
    let name = check.clone();
    check::graded_as(&name, 2 * check::DEADLINE, Box::new(move || body(&Apart { check })));
}

/// Starts the servers of one check.
#[derive(Debug)]
pub struct Apart {
    check: String,
}

/// A server that runs in a process of its own, until it is dropped.
#[derive(Debug)]
pub struct Server {
    process: Child,
    output: BufReader<ChildStdout>,
    address: SocketAddr,
}

impl Apart {
    /// Whether a process can be held to a number of descriptors, and watched, on this system.
    pub fn is_possible() -> bool {
        cfg!(unix) && threads::are_known()
    }

    /// Start a server in a process that may hold at most so many descriptors, and wait until it listens.
    ///
    /// Those that the process has been left by whoever started this one do not count: editors, shells and
    /// builds leave some.
    pub fn start(&self, descriptors: u64) -> io::Result<Server> {
        let mut process = Command::new(std::env::current_exe()?)
            .args(["--exact", &self.check, "--nocapture", "--test-threads=1"])
            .env(VARIABLE, &self.check)
            .env(DESCRIPTORS, descriptors.to_string())
            .env_remove(record::VARIABLE)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let mut output = BufReader::new(process.stdout.take().expect("a pipe was asked for"));
        let address = line_with(&mut output, LISTENS)?.parse().map_err(io::Error::other)?;
        Ok(Server { process, output, address })
    }
}

impl Server {
    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Whether its process, or the call that serves in it, is over.
    pub fn is_over(&mut self) -> bool {
        !matches!(self.process.try_wait(), Ok(None))
    }

    /// Wait until its threads wait, or one of them spins, or it is over, or `enough` says that what was
    /// waited for has come, which counts as waiting.
    pub fn watch(&self, enough: impl FnMut() -> bool) -> Still {
        quiet::settle(&Threads::of_process(self.process.id()), enough).0
    }

    /// What it told when it stopped serving, in words; waits until its process is over.
    pub fn last_words(&mut self) -> String {
        let told = line_with(&mut self.output, STOPPED);
        let _ = self.process.wait();
        told.unwrap_or_else(|_| words::THE_PROCESS_ENDED_WITHOUT_A_WORD.to_owned())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn serve_here(serve: impl FnOnce(&dyn Fn(SocketAddr)) -> io::Result<()>) -> ! {
    // Nobody's child: when the check is over, by whatever way, the pipe closes and so does the server.
    thread::spawn(|| {
        let _ = io::copy(&mut io::stdin().lock(), &mut io::sink());
        std::process::exit(0);
    });
    if let Some(descriptors) = std::env::var(DESCRIPTORS).ok().and_then(|text| text.parse().ok()) {
        limit_descriptors(descriptors);
    }
    let outcome = serve(&|address| println!("\n{LISTENS}{address}"));
    println!("\n{STOPPED}{outcome:?}");
    std::process::exit(0);
}

#[cfg(unix)]
fn limit_descriptors(descriptors: u64) {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    // The limit is one above the largest number that a descriptor may have (getrlimit(2)), and what is left
    // has numbers, too. The first three are always there.
    const STANDARD: u64 = 3;
    let taken = census::numbers_of_descriptors();
    let free = (STANDARD..).filter(|number| !taken.contains(number));
    let last = free.take(descriptors.saturating_sub(STANDARD) as usize).last();
    let most = last.map_or(STANDARD, |number| number + 1);
    let limit = Rlimit { current: Some(most), ..getrlimit(Resource::Nofile) };
    setrlimit(Resource::Nofile, limit).expect("a lower limit is always granted");
}

#[cfg(not(unix))]
fn limit_descriptors(_descriptors: u64) {}

/// The rest of the first line that begins so; what an answer prints stands in other lines.
fn line_with(output: &mut impl BufRead, beginning: &str) -> io::Result<String> {
    for line in output.lines() {
        if let Some(rest) = line?.strip_prefix(beginning) {
            return Ok(rest.to_owned());
        }
    }
    Err(io::ErrorKind::UnexpectedEof.into())
}
