//! A server in its own process: for checks that would harm their own process, such as running out of descriptors.
//!
//! The test binary starts itself again for this one check, with [`VARIABLE`] in its environment. In that
//! process the check only serves; no door opens, and nothing goes to a record. The clients, and everything
//! that is expected of the server, stay in the first process.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, BufRead, BufReader};
use std::net::SocketAddr;
use std::panic::Location;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::thread;
use std::time::Duration;

use crate::census;
use crate::check;
use crate::linux::threads::{self, Thread, Threads};
use crate::quiet::{self, Still};
use crate::record;
use crate::words;

/// The environment variable that names the check whose server this process is.
const VARIABLE: &str = "NETKATA_SERVES_APART";
/// The environment variable that limits how many descriptors the process may open.
const DESCRIPTORS: &str = "NETKATA_DESCRIPTORS";
/// The start of the line in which the server prints its address.
const LISTENS: &str = r"netkata: listens on ";
/// The start of the line in which the server prints that it has stopped serving.
const STOPPED: &str = r"netkata: stopped: ";

/// As [`graded`](crate::graded), for a check whose server runs in processes of its own.
///
/// `serve` runs there: it binds, passes its address to the function that it is given, and serves. `body` is
/// the check; it starts as many of these servers as it needs.
///
/// # Panics
///
/// As [`graded`](crate::graded).
#[track_caller]
pub fn graded_apart<B: FnOnce(&Apart) + Send + 'static>(
    serve: impl FnOnce(&dyn Fn(SocketAddr)) -> io::Result<()>,
    body: B,
) {
    let test = check::test_name(&body);
    if std::env::var(VARIABLE).is_ok_and(|name| name == test) {
        serve_here(serve);
    }
    let name = check::function_of::<B>();
    // A process takes longer to start than a thread.
    let file = Location::caller().file();
    check::graded_as(&name, 2 * check::DEADLINE, file, Box::new(move || body(&Apart { test })));
}

/// Starts the servers of one check.
#[derive(Debug)]
pub struct Apart {
    test: String,
}

/// A server that runs in a process of its own, until it is dropped.
#[derive(Debug)]
pub struct Server {
    process: Child,
    output: BufReader<ChildStdout>,
    address: SocketAddr,
}

impl Apart {
    /// Whether this system can limit the descriptors of a process and show what its threads do.
    pub fn is_possible() -> bool {
        cfg!(unix) && threads::are_known()
    }

    /// Start a server in a process that may open at most this many descriptors, and wait until it listens.
    ///
    /// Descriptors inherited from the parent process do not count: editors, shells and builds leave some open.
    pub fn start(&self, descriptors: u64) -> io::Result<Server> {
        let mut process = Command::new(std::env::current_exe()?)
            .args(["--exact", &self.test, "--nocapture", "--test-threads=1"])
            .env(VARIABLE, &self.test)
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
    /// The address on which it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Whether its process, or the call that serves in it, is over.
    pub fn is_over(&mut self) -> bool {
        !matches!(self.process.try_wait(), Ok(None))
    }

    /// Wait until each of its threads waits, one of them spins, or the process is over. The wait also ends
    /// as `Waiting` when `enough` returns true.
    pub fn watch(&self, enough: impl FnMut() -> bool) -> Still {
        quiet::settle(&self.threads(), enough).0
    }

    /// Every thread of its process.
    pub fn threads(&self) -> Threads {
        Threads::of_process(self.process.id())
    }

    /// Its threads that wait in accept(2) now. If none does, the server polls for clients: then all that do not
    /// wait for another thread without a limit in time.
    pub fn accepting(&self) -> BTreeSet<Thread> {
        let (accepting, others): (BTreeSet<_>, BTreeSet<_>) =
            self.threads().now().into_iter().partition(Thread::accepts);
        if accepting.is_empty() {
            return others.into_iter().filter(|thread| !thread.waits_for_a_thread()).collect();
        }
        accepting
    }

    /// The longest time that one of its threads asks to sleep at once, in nanosleep(2) or clock_nanosleep(2),
    /// or one of these, which accept clients, asks to wait for another thread; `None` if none does. Threads
    /// that ask for more and more time are watched until it is more than `most`.
    pub fn longest_sleep(&self, accepting: &BTreeSet<Thread>, most: Duration) -> Option<Duration> {
        quiet::longest_sleep(&self.threads(), accepting, most)
    }

    /// Whether each descriptor that its process may have is open. False if the system does not show it.
    pub fn has_no_free_descriptor(&self) -> bool {
        let folder = Path::new("/proc").join(self.process.id().to_string());
        // `Max open files`, the limit, the limit of that (proc_pid_limits(5)).
        let limits = fs::read_to_string(folder.join("limits")).unwrap_or_default();
        let limit = limits.lines().find_map(|line| line.strip_prefix(r"Max open files"));
        let limit = limit.and_then(|text| text.split_whitespace().next()?.parse::<u64>().ok());
        // The limit is one above the largest number.
        let is_open = |number: u64| folder.join(format!(r"fd/{number}")).is_symlink();
        limit.is_some_and(|limit| (0..limit).all(is_open))
    }

    /// What the server printed when it stopped serving; waits until its process is over.
    pub fn last_words(&mut self) -> String {
        let last = line_with(&mut self.output, STOPPED);
        let _ = self.process.wait();
        last.unwrap_or_else(|_| words::THE_PROCESS_ENDED_WITHOUT_A_WORD.to_owned())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn serve_here(serve: impl FnOnce(&dyn Fn(SocketAddr)) -> io::Result<()>) -> ! {
    // However the check ends, this pipe is closed then, and the server exits.
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

    // The limit is one above the largest number that a descriptor may have (getrlimit(2)), and inherited
    // descriptors use numbers, too. The first three are always open.
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

/// The rest of the first line with this beginning; the answer's own output is in other lines.
fn line_with(output: &mut impl BufRead, beginning: &str) -> io::Result<String> {
    for line in output.lines() {
        if let Some(rest) = line?.strip_prefix(beginning) {
            return Ok(rest.to_owned());
        }
    }
    Err(io::ErrorKind::UnexpectedEof.into())
}
