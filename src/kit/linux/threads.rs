//! What threads do: which ones wait, in which system call, how long they asked to sleep and have computed.
//!
//! Linux shows it in `/proc` (proc_pid_stat(5), proc_pid_syscall(5), proc_pid_mem(5), schedstat). On other
//! systems it is unknown, and stories do without it.

use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::words;

/// A thread, by its folder in `/proc`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Thread(PathBuf);

/// What threads have done so far.
#[derive(Clone, Copy, Debug, Default)]
pub struct Effort {
    /// How long they have computed.
    pub computed: Duration,
    /// How long they were ready while the processors ran other threads.
    pub kept_waiting: Duration,
    /// How often they were scheduled: after each wait, and again after each full time slice.
    pub turns: u64,
}

/// What a thread is doing now.
#[derive(Clone, Debug, PartialEq)]
enum Doing {
    /// It is in no system call, so it computes.
    Computes,
    /// It is in the system call of this number, with these arguments; the first may be a descriptor.
    Calls { number: i64, arguments: Vec<u64> },
}

/// The state of a thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// It runs, is ready to run, or is ending.
    Runs,
    /// It waits for a time to pass and for nothing else.
    Sleeps,
    /// It waits for something else.
    Waits,
}

/// Threads of one process or several: all of them, or those that started after a certain moment.
#[derive(Clone, Debug)]
pub struct Threads {
    processes: Vec<String>,
    before: BTreeSet<Thread>,
}

impl Threads {
    /// The threads that this process starts from now on: those on which a call of the answer runs.
    pub fn from_now() -> Threads {
        Threads { processes: vec!["self".to_owned()], before: listed("self").collect() }
    }

    /// As [`Threads::from_now`], plus the calling thread.
    pub fn from_here() -> Threads {
        let mut threads = Threads::from_now();
        if let Some(me) = Thread::current() {
            threads.before.remove(&me);
        }
        threads
    }

    /// Every thread of a process.
    pub fn of_process(id: u32) -> Threads {
        Threads::of_processes([id])
    }

    /// Every thread of these processes.
    pub fn of_processes(ids: impl IntoIterator<Item = u32>) -> Threads {
        // A thread of this process always has the same name.
        let me = std::process::id();
        let name = |id: u32| if id == me { "self".to_owned() } else { id.to_string() };
        Threads { processes: ids.into_iter().map(name).collect(), before: BTreeSet::new() }
    }

    /// Leave out the calling thread, which belongs to the kit.
    pub fn without_me(mut self) -> Threads {
        self.before.extend(Thread::current());
        self
    }

    /// The threads that exist now. A thread that waits for its own check to begin is never included.
    pub fn now(&self) -> BTreeSet<Thread> {
        let mut threads: BTreeSet<Thread> =
            self.processes.iter().flat_map(|process| listed(process)).collect();
        let queued = queued();
        threads.retain(|thread| !self.before.contains(thread) && !queued.contains(thread));
        threads
    }

    /// What each of them has done so far; empty if the system does not show it.
    pub fn efforts(&self) -> HashMap<Thread, Effort> {
        let threads = self.now().into_iter();
        threads.filter_map(|thread| Some((thread.clone(), thread.effort()?))).collect()
    }

    /// Whether there are any, and each waits for another one, with no limit in time.
    pub(crate) fn are_deadlocked(&self) -> bool {
        let now = self.now();
        !now.is_empty() && now.iter().all(Thread::waits_for_a_thread)
    }

    /// The sum of what they have done so far; `None` if the system does not show it.
    pub fn effort(&self) -> Option<Effort> {
        self.efforts().into_values().reduce(|sum, effort| Effort {
            computed: sum.computed + effort.computed,
            kept_waiting: sum.kept_waiting + effort.kept_waiting,
            turns: sum.turns + effort.turns,
        })
    }
}

/// Whether this system shows what threads do.
pub fn are_known() -> bool {
    Path::new("/proc/self/task").exists()
}

/// Whether the first thread of the process waits, as far as the system shows: it handles the signals that
/// are sent to the process (signal(7)).
pub(crate) fn first_waits() -> bool {
    let first = Path::new("/proc/self/task").join(std::process::id().to_string());
    Thread(first).doing() != Some(Doing::Computes)
}

fn listed(process: &str) -> impl Iterator<Item = Thread> {
    let folder = fs::read_dir(format!("/proc/{process}/task"));
    folder.into_iter().flatten().flatten().map(|entry| Thread(entry.path()))
}

impl Thread {
    /// The calling thread; `None` if the system does not show threads.
    pub fn current() -> Option<Thread> {
        // The link is `PID/task/TID`.
        let link = fs::read_link("/proc/thread-self").ok()?;
        Some(Thread(Path::new("/proc/self/task").join(link.file_name()?)))
    }

    /// Its number, as text.
    pub(crate) fn id(&self) -> Option<String> {
        Some(self.0.file_name()?.to_str()?.to_owned())
    }

    /// Whether it has not ended.
    pub fn exists(&self) -> bool {
        self.0.exists()
    }

    /// What it has done so far; `None` if it has ended or the system does not show it.
    pub fn effort(&self) -> Option<Effort> {
        // Nanoseconds on a processor, nanoseconds ready and waiting for one, number of time slices.
        let shown = fs::read_to_string(self.0.join("schedstat")).ok()?;
        let numbers: Vec<u64> = shown.split_whitespace().flat_map(str::parse).collect();
        let [computed, kept_waiting, turns] = numbers[..] else { return None };
        let time = Duration::from_nanos;
        Some(Effort { computed: time(computed), kept_waiting: time(kept_waiting), turns })
    }

    /// Whether it waits for something: false if it runs, is ready or is ending. `None` if it has ended.
    pub fn waits(&self) -> Option<bool> {
        Some(Stat::of(&self.0)?.state == 'S')
    }

    /// Describe what it is doing now: `in recvfrom, on a socket`.
    pub fn place(&self) -> String {
        match self.doing() {
            None => words::WITHOUT_EVER_RETURNING.to_owned(),
            Some(Doing::Computes) => words::IN_NO_SYSTEM_CALL.to_owned(),
            Some(Doing::Calls { number, arguments }) => {
                let descriptor = arguments.first().copied();
                in_call(number, descriptor.and_then(|number| self.descriptor(number)))
            }
        }
    }

    /// What a descriptor of its process is: `socket:[4711]`.
    fn descriptor(&self, number: u64) -> Option<PathBuf> {
        fs::read_link(self.0.join(format!("fd/{number}"))).ok()
    }

    /// Whether it is in a system call now; `None` if the system does not show it.
    pub(crate) fn is_in_a_call(&self) -> Option<bool> {
        Some(matches!(self.doing()?, Doing::Calls { .. }))
    }

    /// Whether it computes now: it is in no system call, or in shutdown(2), which waits for nothing but may
    /// still hold the connection when the other side has already seen its end.
    pub(crate) fn computes(&self) -> bool {
        match self.doing() {
            Some(Doing::Computes) => true,
            Some(Doing::Calls { number, .. }) => name_of(number) == Some("shutdown"),
            None => false,
        }
    }

    /// Whether it has computed for some time, and the system has done next to nothing for it.
    pub(crate) fn only_computes(&self) -> bool {
        /// In clock ticks, of which there are a hundred a second on the machines of today (proc_pid_stat(5)).
        const SOME_TIME: u64 = 5;

        let spent = Stat::of(&self.0).map(|stat| (stat.user, stat.system));
        self.computes()
            && spent.is_some_and(|(user, system)| user >= SOME_TIME && 20 * system <= user)
    }

    /// Whether it waits in a call that reads.
    pub(crate) fn reads(&self) -> bool {
        matches!(self.call(), Some("read" | "readv" | "recvfrom" | "recvmsg"))
    }

    /// Whether it waits in a call that accepts a connection.
    pub(crate) fn accepts(&self) -> bool {
        matches!(self.call(), Some("accept" | "accept4"))
    }

    /// Its state at this moment; `None` if it has ended.
    pub(crate) fn standing(&self) -> Option<Standing> {
        // The call first: a thread that wakes up in between counts as running.
        let doing = self.doing();
        if !self.waits()? {
            return Some(Standing::Runs);
        }
        match doing? {
            Doing::Computes => Some(Standing::Runs),
            Doing::Calls { number, .. } => match name_of(number) {
                Some("nanosleep" | "clock_nanosleep") => Some(Standing::Sleeps),
                _ => Some(Standing::Waits),
            },
        }
    }

    /// The network call that it waits in now: `recvfrom`. `None` while it computes or waits elsewhere.
    pub(crate) fn network_call(&self) -> Option<&'static str> {
        self.call().filter(|name| takes_a_descriptor(name))
    }

    /// Whether it waits until another thread wakes it, with no limit in time: for a lock, a condition
    /// variable, a channel or the end of a thread (futex(2), whose fourth argument is the limit).
    pub fn waits_for_a_thread(&self) -> bool {
        match self.doing() {
            Some(Doing::Calls { number, arguments }) => {
                name_of(number) == Some("futex") && arguments.get(3) == Some(&0)
            }
            _ => false,
        }
    }

    /// How long it has asked to sleep, if it sleeps now, in nanosleep(2) or clock_nanosleep(2): the whole
    /// time, although a part of it has passed. If it sleeps until a moment, the time until then. `None` if it
    /// does anything else, or the system does not show it.
    pub fn asked_to_sleep(&self) -> Option<Duration> {
        self.asked(|call| call != "futex")
    }

    /// As [`Thread::asked_to_sleep`], but a wait for another thread with a limit in time counts, too: that of
    /// a condition variable, of a channel, of `park_timeout` (futex(2)).
    pub fn asked_to_pause(&self) -> Option<Duration> {
        self.asked(|_| true)
    }

    fn asked(&self, counts: impl FnOnce(&str) -> bool) -> Option<Duration> {
        let turns = self.effort()?.turns;
        let Doing::Calls { number, arguments } = self.doing()? else { return None };
        let call = name_of(number).filter(|call| counts(call))?;
        let memory = fs::File::open(self.0.join("mem")).ok()?;
        let asked = asked_to_pause(call, &arguments, &memory)?;
        // A thread that has run meanwhile may have changed what was read.
        (self.effort()?.turns == turns).then_some(asked)
    }

    /// Whether it waits for events with a limit in time: the fourth argument of epoll_wait(2) and
    /// epoll_pwait(2). False if the system does not show it.
    pub(crate) fn waits_with_a_limit(&self) -> bool {
        match self.doing() {
            Some(Doing::Calls { number, arguments }) => {
                matches!(name_of(number), Some("epoll_wait" | "epoll_pwait"))
                    // The limit is an int, and -1 is none.
                    && arguments.get(3).is_some_and(|limit| *limit as i32 >= 0)
            }
            _ => false,
        }
    }

    /// The system call that it is in: `recvfrom`.
    fn call(&self) -> Option<&'static str> {
        match self.doing()? {
            Doing::Computes => None,
            Doing::Calls { number, .. } => name_of(number),
        }
    }

    fn doing(&self) -> Option<Doing> {
        let shown = fs::read_to_string(self.0.join("syscall")).ok()?;
        let mut parts = shown.split_whitespace();
        // If it is in no call, the file says `running` instead of a number.
        let Some(Ok(number)) = parts.next().map(str::parse) else { return Some(Doing::Computes) };
        let hex = |text: &str| u64::from_str_radix(text.trim_start_matches("0x"), 16).ok();
        Some(Doing::Calls { number, arguments: parts.map_while(hex).collect() })
    }
}

/// What `/proc/…/stat` shows of a process or a thread (proc_pid_stat(5)).
#[derive(Clone, Debug)]
pub struct Stat {
    /// The program's name.
    pub name: String,
    /// `R` if it runs or is ready, `S` while it waits, `D` while it waits for a device or a lock.
    pub state: char,
    /// Its process group.
    pub group: u32,
    /// How long it has computed, in clock ticks.
    user: u64,
    /// How long the system has worked for it, in clock ticks.
    system: u64,
}

/// The folder in `/proc` of a thread of this process that has not ended, and what it shows: mostly that of the first.
/// Without a first thread the process goes on, but `/proc/PID` shows as little as of one that has ended.
pub fn living_thread(process: u32) -> Option<(PathBuf, Stat)> {
    let process = Path::new("/proc").join(process.to_string());
    if let Some(stat) = Stat::of(&process) {
        return Some((process, stat));
    }
    let threads = fs::read_dir(process.join("task")).into_iter().flatten().flatten();
    threads.map(|entry| entry.path()).find_map(|thread| Some((thread.clone(), Stat::of(&thread)?)))
}

/// What the descriptors of a process are, by their numbers: `socket:[4711]`. Empty if this user may not see it.
pub fn descriptors(process: u32) -> impl Iterator<Item = (u64, PathBuf)> {
    let folder = living_thread(process).map(|(thread, _)| thread.join("fd"));
    let open = folder.and_then(|it| fs::read_dir(it).ok()).into_iter().flatten().flatten();
    open.filter_map(|entry| {
        let number = entry.file_name().to_str()?.parse().ok()?;
        Some((number, fs::read_link(entry.path()).ok()?))
    })
}

impl Stat {
    /// Read it from this folder in `/proc`; `None` if the process or thread has ended, even if its parent
    /// has not waited for it yet.
    pub fn of(folder: &Path) -> Option<Stat> {
        let stat = fs::read_to_string(folder.join("stat")).ok()?;
        // The name in brackets may contain anything, so the fields begin after the last bracket.
        let (before, after) = stat.rsplit_once(')')?;
        let (_, name) = before.split_once('(')?;
        let mut fields = after.split_whitespace();
        let state = fields.next()?.chars().next()?;
        let group = fields.nth(1)?.parse().ok()?;
        let (user, system) = (fields.nth(8)?.parse().ok()?, fields.next()?.parse().ok()?);
        let name = name.to_owned();
        (!matches!(state, 'Z' | 'X')).then_some(Stat { name, state, group, user, system })
    }
}

/// Threads that wait for their own check to begin.
static QUEUED: Mutex<BTreeSet<Thread>> = Mutex::new(BTreeSet::new());

/// Marks the calling thread as waiting for its check to begin, or running it, until this is dropped.
pub(crate) struct Queued(Option<Thread>);

impl Queued {
    pub(crate) fn here() -> Queued {
        let thread = Thread::current();
        queued().extend(thread.clone());
        Queued(thread)
    }
}

impl Drop for Queued {
    fn drop(&mut self) {
        if let Some(thread) = &self.0 {
            queued().remove(thread);
        }
    }
}

fn queued() -> MutexGuard<'static, BTreeSet<Thread>> {
    QUEUED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Whether the first argument of a call is a descriptor.
fn takes_a_descriptor(call: &str) -> bool {
    let others = ["futex", "nanosleep", "clock_nanosleep", "poll", "ppoll", "select", "pselect6"];
    !others.contains(&call) && !matches!(call, "shutdown" | "wait4")
}

fn name_of(number: i64) -> Option<&'static str> {
    CALLS.iter().find(|(known, _)| *known == number).map(|(_, name)| *name)
}

fn in_call(number: i64, descriptor: Option<PathBuf>) -> String {
    let Some(name) = name_of(number) else { return words::in_system_call(number) };
    let target = descriptor.filter(|_| takes_a_descriptor(name));
    match (name, target) {
        ("futex", _) => words::FOR_ANOTHER_THREAD.to_owned(),
        ("nanosleep" | "clock_nanosleep", _) => words::noted(words::ASLEEP, name),
        (name, Some(target)) if target.to_string_lossy().starts_with("socket:") => match name {
            "accept" | "accept4" => words::nobody_connects(name),
            "write" | "writev" | "sendto" | "sendmsg" => words::nobody_reads(name),
            name => words::nobody_sends(name),
        },
        (name, _) => words::in_call(name),
    }
}

/// The time that a call with these arguments asks to wait, for nothing or for another thread; the request
/// itself is in the caller's memory. `None` if it has no limit.
#[cfg(target_os = "linux")]
fn asked_to_pause(call: &str, arguments: &[u64], memory: &fs::File) -> Option<Duration> {
    // A request is a length of time, or a moment on a clock.
    let (request, clock) = match (call, arguments) {
        ("nanosleep", [request, ..]) => (*request, None),
        ("clock_nanosleep", [clock, flags, request, ..]) => {
            let is_a_moment = flags & libc::TIMER_ABSTIME as u64 != 0;
            (*request, is_a_moment.then_some(*clock as i32))
        }
        ("futex", [_, operation, _, request, ..]) if *request != 0 => {
            let operation = *operation as i32;
            let of_the_day = operation & libc::FUTEX_CLOCK_REALTIME != 0;
            let clock = if of_the_day { libc::CLOCK_REALTIME } else { libc::CLOCK_MONOTONIC };
            match operation & libc::FUTEX_CMD_MASK {
                libc::FUTEX_WAIT => (*request, None),
                libc::FUTEX_WAIT_BITSET => (*request, Some(clock)),
                _ => return None,
            }
        }
        _ => return None,
    };
    let time = time_at(request, memory)?;
    clock.map_or(Some(time), |clock| Some(time.saturating_sub(time_now(clock)?)))
}

#[cfg(not(target_os = "linux"))]
fn asked_to_pause(_call: &str, _arguments: &[u64], _memory: &fs::File) -> Option<Duration> {
    None
}

/// The time at this address: seconds and nanoseconds, each as long as an address (timespec(3type)).
#[cfg(target_os = "linux")]
fn time_at(address: u64, memory: &fs::File) -> Option<Duration> {
    use std::os::unix::fs::FileExt;

    const LENGTH: usize = size_of::<usize>();
    let mut bytes = [0; 2 * LENGTH];
    memory.read_exact_at(&mut bytes, address).ok()?;
    let number = |bytes: &[u8]| Some(usize::from_ne_bytes(bytes.try_into().ok()?) as u64);
    let (seconds, nanoseconds) = bytes.split_at(LENGTH);
    Duration::from_secs(number(seconds)?).checked_add(Duration::from_nanos(number(nanoseconds)?))
}

/// The time that this clock shows; `None` for a clock that stands still while its process or thread sleeps.
#[cfg(target_os = "linux")]
fn time_now(clock: i32) -> Option<Duration> {
    use rustix::time::{ClockId, clock_gettime};

    let clock = [ClockId::Realtime, ClockId::Monotonic, ClockId::Boottime]
        .into_iter()
        .find(|known| *known as i32 == clock)?;
    clock_gettime(clock).try_into().ok()
}

/// The calls that a network program waits in. Their numbers differ by architecture, and newer architectures
/// have fewer calls: only `ppoll` and `epoll_pwait`.
#[cfg(target_os = "linux")]
const CALLS: &[(i64, &str)] = &[
    (libc::SYS_accept, "accept"),
    (libc::SYS_accept4, "accept4"),
    (libc::SYS_clock_nanosleep, "clock_nanosleep"),
    (libc::SYS_connect, "connect"),
    (libc::SYS_epoll_pwait, "epoll_pwait"),
    #[cfg(target_arch = "x86_64")]
    (libc::SYS_epoll_wait, "epoll_wait"),
    (libc::SYS_futex, "futex"),
    (libc::SYS_nanosleep, "nanosleep"),
    #[cfg(target_arch = "x86_64")]
    (libc::SYS_poll, "poll"),
    (libc::SYS_ppoll, "ppoll"),
    (libc::SYS_pselect6, "pselect6"),
    (libc::SYS_read, "read"),
    (libc::SYS_readv, "readv"),
    (libc::SYS_recvfrom, "recvfrom"),
    (libc::SYS_recvmsg, "recvmsg"),
    #[cfg(target_arch = "x86_64")]
    (libc::SYS_select, "select"),
    (libc::SYS_sendmsg, "sendmsg"),
    (libc::SYS_sendto, "sendto"),
    (libc::SYS_shutdown, "shutdown"),
    (libc::SYS_wait4, "wait4"),
    (libc::SYS_write, "write"),
    (libc::SYS_writev, "writev"),
];

#[cfg(not(target_os = "linux"))]
const CALLS: &[(i64, &str)] = &[];

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::num::NonZeroU32;
    use std::process::Command;
    use std::sync::atomic::AtomicU32;
    use std::sync::{Condvar, mpsc};
    use std::thread;

    use rustix::thread::{clock_nanosleep_absolute, futex};
    use rustix::time::{ClockId, Timespec, clock_gettime};

    use super::*;

    const HOUR: Duration = Duration::from_secs(3600);

    #[test]
    fn a_sleeping_thread_shows_how_long_it_asked_to_sleep() {
        let sleeper = started(|| thread::sleep(HOUR));
        let asked = until_some(|| sleeper.asked_to_sleep());
        assert_eq!(asked, HOUR);
        assert_eq!(sleeper.asked_to_pause(), Some(HOUR));
    }

    #[test]
    fn a_thread_that_sleeps_until_a_moment_shows_the_time_left() {
        for clock in [ClockId::Monotonic, ClockId::Realtime] {
            let sleeper = started(move || {
                let now = clock_gettime(clock);
                let until = Timespec { tv_sec: now.tv_sec + 3600, ..now };
                let _ = clock_nanosleep_absolute(clock, &until);
            });
            let left = until_some(|| sleeper.asked_to_sleep());
            assert!(left <= HOUR && left > HOUR - Duration::from_secs(60), "{clock:?}: {left:?}");
        }
    }

    #[test]
    fn the_sleep_of_a_child_process_is_shown() {
        let mut child = Command::new("sleep").arg("3600").spawn().unwrap();
        let threads = Threads::of_process(child.id());
        let asked = until_some(|| threads.now().iter().find_map(Thread::asked_to_sleep));
        child.kill().unwrap();
        child.wait().unwrap();
        assert_eq!(asked, HOUR);
    }

    #[test]
    fn a_wait_for_another_thread_with_a_limit_is_a_pause_and_no_sleep() {
        let in_a_channel: fn() = || {
            let (_sender, receiver) = mpsc::channel::<()>();
            let _ = receiver.recv_timeout(HOUR);
        };
        let for_a_change: fn() = || {
            let (mutex, condvar) = (Mutex::new(()), Condvar::new());
            let _ = condvar.wait_timeout(mutex.lock().unwrap(), HOUR);
        };
        let parked: fn() = || thread::park_timeout(HOUR);
        let for_some_time: fn() = || {
            let hour = Timespec { tv_sec: 3600, tv_nsec: 0 };
            let _ = futex::wait(&AtomicU32::new(0), futex::Flags::PRIVATE, 0, Some(&hour));
        };
        let until_a_time_of_the_day: fn() = || {
            let now = clock_gettime(ClockId::Realtime);
            let until = Timespec { tv_sec: now.tv_sec + 3600, ..now };
            let (flags, any) = (futex::Flags::CLOCK_REALTIME, NonZeroU32::MAX);
            let _ = futex::wait_bitset(&AtomicU32::new(0), flags, 0, Some(&until), any);
        };
        let waits = [in_a_channel, for_a_change, parked, for_some_time, until_a_time_of_the_day];
        for wait in waits {
            let waiting = started(wait);
            let left = until_some(|| waiting.asked_to_pause());
            assert!(left <= HOUR && left > HOUR - Duration::from_secs(60), "{left:?}");
            assert_eq!(waiting.asked_to_sleep(), None);
        }
    }

    #[test]
    fn a_thread_that_parks_for_ever_or_computes_does_not_pause() {
        let parked = started(thread::park);
        until_some(|| parked.waits_for_a_thread().then_some(()));
        assert_eq!(parked.asked_to_pause(), None);
        assert_eq!(Thread::current().unwrap().asked_to_pause(), None);
    }

    /// Run this in another thread, and return that thread.
    fn started(run: impl FnOnce() + Send + 'static) -> Thread {
        let (sender, receiver) = mpsc::channel();
        thread::spawn(move || {
            sender.send(Thread::current()).unwrap();
            run();
        });
        receiver.recv().unwrap().expect("Linux shows threads")
    }

    fn until_some<T>(mut look: impl FnMut() -> Option<T>) -> T {
        loop {
            match look() {
                Some(found) => return found,
                None => thread::yield_now(),
            }
        }
    }
}
