//! A program under test while it runs: what it prints, what its threads do, and whether it is ready.

use std::collections::VecDeque;
use std::fs;
use std::io::{self, ErrorKind, Write};
use std::net::{Ipv4Addr, SocketAddr};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use netkata::Folder;
use netkata::linux::sockets::{self, Bound};
use netkata::linux::threads::{self, Threads};
use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};
use rustix::process::{Pid, Signal, kill_process_group};

use crate::family::Family;
use crate::launch::{Launch, Start, Target, filled, free_port};
use crate::suite::Transport;
use crate::terminal::{Amount, Terminal};
use crate::words;

/// How long a program may take until it listens: some compile first.
const START: Duration = Duration::from_secs(30);
/// The most processor time of a program, in seconds.
#[cfg(target_os = "linux")]
const PROCESSOR_TIME: u64 = 120;
/// A list of its processes is new for this long: nothing is quiet as soon.
const LATELY: Duration = Duration::from_millis(50);
/// How often to look whether it listens.
const PAUSE: Duration = Duration::from_millis(1);
/// How often a server is started, if another program may have taken its port.
const STARTS: usize = 2;

/// The number of the next family in this process.
static NEXT: AtomicU64 = AtomicU64::new(0);

/// The process groups that run, by the number of their first process.
static RUNNING: Mutex<Vec<u32>> = Mutex::new(Vec::new());

/// A program under test that runs. Dropping it ends it, with everything it has started.
#[derive(Debug)]
pub struct Program {
    /// Where it listens; for a client, where it was told to connect.
    address: SocketAddr,
    started: Option<Started>,
    /// The processes of a server that somebody else has started.
    found: Vec<u32>,
    folder: Folder,
}

#[derive(Debug)]
struct Started {
    child: Mutex<Child>,
    id: u32,
    family: Family,
    terminal: Terminal,
    input: Mutex<Input>,
    /// When its processes were listed last, and which there were.
    listed: Mutex<Option<(Instant, Vec<u32>)>>,
}

/// The standard input of a program: what was typed, and does not fit into the pipe yet.
#[derive(Debug)]
struct Input {
    pipe: Option<ChildStdin>,
    unwritten: VecDeque<u8>,
    /// How many bytes are in the pipe, or were.
    written: usize,
    /// Whether nothing more will be typed.
    ends: bool,
}

impl Input {
    fn of(child: &mut Child) -> io::Result<Input> {
        let pipe = child.stdin.take();
        if let Some(pipe) = &pipe {
            fcntl_setfl(pipe, fcntl_getfl(pipe)? | OFlags::NONBLOCK)?;
        }
        Ok(Input { pipe, unwritten: VecDeque::new(), written: 0, ends: false })
    }

    /// Write what the pipe takes now.
    fn write(&mut self) {
        let Some(pipe) = &mut self.pipe else { return };
        while !self.unwritten.is_empty() {
            match pipe.write(self.unwritten.as_slices().0) {
                Ok(n) => {
                    self.unwritten.drain(..n);
                    self.written += n;
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => return,
                // The program has closed its end, and reads nothing more.
                Err(_) => self.unwritten.clear(),
            }
        }
        if self.ends {
            self.pipe = None;
        }
    }
}

/// How much has gone through the terminal and the standard input of a program so far.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Talk {
    pub(crate) printed: Amount,
    /// In bytes.
    typed: usize,
}

impl Talk {
    pub(crate) fn bytes(self) -> usize {
        self.printed.bytes + self.typed
    }
}

/// Why a server cannot be tested.
#[derive(Clone, Debug)]
pub struct NotReady {
    /// What happened, in words.
    pub why: String,
    /// What the program printed.
    pub printed: Vec<String>,
    /// Whether the machine is to blame, and not the program.
    pub of_the_machine: bool,
}

impl Program {
    /// Start a server, or find one that runs, and wait until it listens.
    pub fn server(launch: &Launch, transport: Transport) -> Result<Program, NotReady> {
        let words = match &launch.target {
            Target::Address(address) => return Program::running(*address, transport),
            Target::Command(words) => words,
        };
        for last in (0..STARTS).rev() {
            let port = free_port(transport).map_err(NotReady::of_machine)?;
            let mut program = Program::start(launch.start, words, port)?;
            let known = launch.has_port().then_some(port);
            match program.until_it_listens(transport, known) {
                Ok(port) => {
                    program.address.set_port(port);
                    return Ok(program);
                }
                Err(_) if last > 0 && program.may_have_lost(known, transport) => {}
                Err(not_ready) => return Err(not_ready),
            }
        }
        unreachable!("the last start returns")
    }

    /// Start a client, which connects to this address.
    pub fn client(launch: &Launch, server: SocketAddr) -> Result<Program, NotReady> {
        match &launch.target {
            Target::Command(words) => Program::start(launch.start, words, server.port()),
            Target::Address(_) => unreachable!("a client is started"),
        }
    }

    fn running(address: SocketAddr, transport: Transport) -> Result<Program, NotReady> {
        let bound = listening(transport).into_iter().find(|it| it.port == address.port());
        if bound.is_none() && threads::are_known() && address.ip().is_loopback() {
            return Err(NotReady::of_program(words::nothing_listens(address), Vec::new()));
        }
        let found = bound.map(|bound| holders(&bound)).unwrap_or_default();
        Ok(Program { address, started: None, found, folder: Folder::awaiting("") })
    }

    fn start(start: Start, words: &[String], port: u16) -> Result<Program, NotReady> {
        let folder = Folder::awaiting("");
        let words = filled(words, port, &folder.path());
        let (terminal, end) = Terminal::open().map_err(NotReady::of_machine)?;
        let mut command = Command::new(&words[0]);
        command.args(&words[1..]).stdin(Stdio::piped()).process_group(0);
        let errors = end.try_clone().map_err(NotReady::of_machine)?;
        command.stdout(end).stderr(errors);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let family = Family::of(&mut command, &format!("program-{}-{number}", std::process::id()));
        let child = start(&mut command, &folder.path());
        // The end that the program prints to is its alone, so that reading ends with it.
        drop(command);
        let mut child = child.map_err(|error| {
            NotReady::of_program(words::failed_to_start(&words[0], error), Vec::new())
        })?;
        let id = child.id();
        limit(id);
        let input = Mutex::new(Input::of(&mut child).map_err(NotReady::of_machine)?);
        lock(&RUNNING).push(id);
        let started = Started {
            child: Mutex::new(child),
            id,
            family,
            terminal,
            input,
            listed: Mutex::default(),
        };
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        Ok(Program { address, started: Some(started), found: Vec::new(), folder })
    }

    /// Wait until one of its processes listens, and return the port. The kernel knows: nothing is connected to it.
    fn until_it_listens(&self, transport: Transport, known: Option<u16>) -> Result<u16, NotReady> {
        let began = Instant::now();
        loop {
            if let Some(port) = self.listens(transport, known) {
                return Ok(port);
            }
            if let Some(status) = self.ended() {
                return Err(NotReady::of_program(
                    words::ended_before_it_listened(how(status)),
                    self.printed(),
                ));
            }
            if began.elapsed() > START {
                let why = words::never_listened(START.as_secs(), known.unwrap_or(0));
                return Err(NotReady::of_program(why, self.printed()));
            }
            thread::sleep(PAUSE);
        }
    }

    /// Whether another program may have taken this port since the kernel chose it, be it for a connection of its own.
    fn may_have_lost(&self, port: Option<u16>, transport: Transport) -> bool {
        let is_taken = |port| listening(transport).iter().any(|bound| bound.port == port);
        port.is_some_and(|port| self.ended().is_some() || is_taken(port))
    }

    /// The port that one of its processes listens on: this one, if it is known.
    fn listens(&self, transport: Transport, known: Option<u16>) -> Option<u16> {
        if !threads::are_known() {
            // Its first client waits until it can connect.
            return known;
        }
        let bound = match (known, transport) {
            (Some(port), Transport::Tcp) => sockets::tcp_listener(port).into_iter().collect(),
            (known, transport) => {
                let mut bound = listening(transport);
                bound.retain(|it| known.is_none_or(|known| it.port == known));
                bound
            }
        };
        if bound.is_empty() {
            return None;
        }
        let processes = self.processes();
        let is_its = |bound: &Bound| processes.iter().any(|id| holds(*id, bound));
        bound.into_iter().find(is_its).map(|it| it.port)
    }

    /// Where it listens, or where it was told to connect.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The folder that stands for `{dir}` in its command: empty when it starts.
    pub fn folder(&self) -> &Folder {
        &self.folder
    }

    /// The memory that its first process has touched, in bytes; 0 if that is unknown.
    pub fn memory(&self) -> u64 {
        self.started.as_ref().map_or(0, |started| Family::memory(started.id))
    }

    /// The processes that belong to it now.
    pub fn processes(&self) -> Vec<u32> {
        let Some(started) = &self.started else { return self.found.clone() };
        let processes = started.family.processes(started.id);
        *lock(&started.listed) = Some((Instant::now(), processes.clone()));
        processes
    }

    /// The processes that belonged to it a moment ago: to list them, every process of the machine is looked at.
    pub(crate) fn processes_lately(&self) -> Vec<u32> {
        let listed = self.started.as_ref().and_then(|started| lock(&started.listed).clone());
        match listed {
            Some((when, processes)) if when.elapsed() < LATELY => processes,
            _ => self.processes(),
        }
    }

    /// The threads of all its processes.
    pub fn threads(&self) -> Threads {
        Threads::of_processes(self.processes_lately())
    }

    /// How its first process has ended; `None` while it runs, or if somebody else has started it.
    pub fn ended(&self) -> Option<ExitStatus> {
        let started = self.started.as_ref()?;
        lock(&started.child).try_wait().ok().flatten()
    }

    /// Type a text into its standard input: what does not fit into the pipe now is written while it runs.
    pub fn types(&self, text: &str) {
        if let Some(started) = &self.started {
            lock(&started.input).unwritten.extend(text.as_bytes());
        }
        self.take_in();
    }

    /// End its standard input, once everything that was typed is in the pipe.
    pub fn ends_typing(&self) {
        if let Some(started) = &self.started {
            lock(&started.input).ends = true;
        }
        self.take_in();
    }

    /// Every line that it has printed so far, the last one even without its end.
    pub fn printed(&self) -> Vec<String> {
        let printed = self.started.as_ref().map(|it| it.terminal.printed()).unwrap_or_default();
        String::from_utf8_lossy(&printed).lines().map(str::to_owned).collect()
    }

    /// Take in what it prints, so that it never waits for a reader, and hand over what was typed. Return how much it has
    /// printed and was given so far.
    pub(crate) fn take_in(&self) -> Talk {
        let Some(started) = &self.started else { return Talk::default() };
        let mut input = lock(&started.input);
        input.write();
        Talk { printed: started.terminal.take_in(), typed: input.written }
    }

    /// Say what it does now: how it has ended, or where each of its threads is.
    pub(crate) fn doing(&self) -> String {
        if let Some(status) = self.ended() {
            return words::has_ended(how(status));
        }
        let mut places: Vec<String> = self.threads().now().iter().map(|it| it.place()).collect();
        places.sort();
        places.dedup();
        match places.as_slice() {
            [] => words::RUNS.to_owned(),
            [place] => words::is_at(place),
            _ => words::has_threads(places.join("; ")),
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let Some(started) = &self.started else { return };
        kill(started.id);
        started.family.end(started.id);
        let _ = lock(&started.child).wait();
        lock(&RUNNING).retain(|id| *id != started.id);
    }
}

impl NotReady {
    fn of_program(why: String, printed: Vec<String>) -> NotReady {
        NotReady { why, printed, of_the_machine: false }
    }

    pub(crate) fn of_machine(error: io::Error) -> NotReady {
        NotReady { why: words::machine_lacks(error), printed: Vec::new(), of_the_machine: true }
    }
}

/// Stop every program that runs, and do not wait: this process ends.
pub fn stop_all() {
    lock(&RUNNING).iter().copied().for_each(kill);
}

/// Limit the processor time of a process: one that spins ends, even if this process is killed and cannot end it.
fn limit(id: u32) {
    #[cfg(target_os = "linux")]
    if let Some(process) = i32::try_from(id).ok().and_then(Pid::from_raw) {
        use rustix::process::{Resource, Rlimit, prlimit};

        let limit = Rlimit { current: Some(PROCESSOR_TIME), maximum: Some(PROCESSOR_TIME) };
        let _ = prlimit(Some(process), Resource::Cpu, limit);
    }
}

fn kill(id: u32) {
    let group = i32::try_from(id).ok().and_then(Pid::from_raw);
    // It fails if the group has ended.
    let _ = group.map(|group| kill_process_group(group, Signal::KILL));
}

/// What listens on this machine, for the first connection or datagram.
fn listening(transport: Transport) -> Vec<Bound> {
    match transport {
        Transport::Tcp => sockets::tcp_listeners(),
        Transport::Udp => sockets::udp_sockets(),
    }
}

/// The processes that hold this socket, as far as this user may see.
fn holders(bound: &Bound) -> Vec<u32> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    let ids = entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    ids.filter(|id| holds(*id, bound)).collect()
}

fn holds(process: u32, bound: &Bound) -> bool {
    let name = format!("socket:[{}]", bound.inode);
    threads::descriptors(process).any(|(_, it)| it.as_os_str() == name.as_str())
}

/// How a process has ended, in words.
fn how(status: ExitStatus) -> String {
    match (status.code(), status.signal()) {
        (Some(code), _) => words::exit_status(code),
        (None, Some(signal)) => words::signal(signal),
        (None, None) => status.to_string(),
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
