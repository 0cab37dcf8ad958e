//! Where a thread waits, and what it has done: the system call that a hanging answer is in.
//!
//! Linux tells it in `/proc` (proc_pid_syscall(5), schedstat); elsewhere the story has to do without.

use std::collections::{HashMap, HashSet};
use std::ffi::OsString;
use std::fs::{self, DirEntry};
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::words;

/// A thread as the system knows it.
#[derive(Clone, Debug)]
pub(crate) struct Place(PathBuf);

/// The calling thread, and every thread started from now on: those that a call of the answer runs on.
#[derive(Clone, Debug)]
pub(crate) struct Crew {
    /// The threads of the process that have nothing to do with the call.
    strangers: HashSet<OsString>,
}

/// What threads have done so far.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Effort {
    /// How long they have computed.
    pub computed: Duration,
    /// How long they were ready to compute, while the processors were busy with others.
    pub kept_waiting: Duration,
    /// How often they were put to work: each time one came back from waiting, or from its turn's end.
    pub turns: u64,
}

/// How a crew rests: each of them waits for something.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Rest {
    /// How often those were put to work who are asleep, and will wake up by themselves; `None` when nobody
    /// is.
    pub turns_of_sleepers: Option<u64>,
}

impl Crew {
    /// The crew of a call that the calling thread is about to make.
    pub(crate) fn from_here() -> Crew {
        let mut strangers = threads().map(|thread| thread.file_name()).collect::<HashSet<_>>();
        strangers.remove(&own_name());
        Crew { strangers }
    }

    /// Leave the calling thread out: it belongs to the kit.
    pub(crate) fn without_me(mut self) -> Crew {
        self.strangers.insert(own_name());
        self
    }

    /// What each of the crew has done so far; of nobody where the system does not tell.
    pub(crate) fn efforts(&self) -> HashMap<PathBuf, Effort> {
        self.threads().filter_map(|thread| Some((thread.clone(), effort_of(&thread)?))).collect()
    }

    /// What the crew has done so far, or `None` where the system does not tell.
    pub(crate) fn effort(&self) -> Option<Effort> {
        self.efforts().into_values().reduce(|sum, effort| Effort {
            computed: sum.computed + effort.computed,
            kept_waiting: sum.kept_waiting + effort.kept_waiting,
            turns: sum.turns + effort.turns,
        })
    }

    /// How the crew rests, or `None` when one of them runs, or could run.
    pub(crate) fn rest(&self) -> Option<Rest> {
        let mut rest = Rest::default();
        for thread in self.threads() {
            match doing(&thread) {
                Some(Doing::Calls { number, .. }) if sleeps_in(number) => {
                    let turns = turns_of(&thread).unwrap_or(0);
                    *rest.turns_of_sleepers.get_or_insert(0) += turns;
                }
                Some(Doing::Calls { .. }) => {}
                Some(Doing::Computes) => return None,
                // The system does not tell.
                None if thread.exists() => return None,
                // It has gone.
                None => {}
            }
        }
        Some(rest)
    }

    fn threads(&self) -> impl Iterator<Item = PathBuf> {
        let crew = threads().filter(|thread| !self.strangers.contains(&thread.file_name()));
        crew.map(|thread| thread.path())
    }
}

fn threads() -> impl Iterator<Item = DirEntry> {
    fs::read_dir("/proc/self/task").into_iter().flatten().flatten()
}

/// The calling thread as `/proc/self/task` names it; empty where there is none.
fn own_name() -> OsString {
    let link = fs::read_link("/proc/thread-self").unwrap_or_default();
    link.file_name().unwrap_or_default().to_owned()
}

/// Whether the first thread of the process waits, as far as the system tells: it handles the signals that
/// are sent to the process, on behalf of whoever waits for them (signal(7)).
pub(crate) fn first_thread_waits() -> bool {
    let first = Path::new("/proc/self/task").join(std::process::id().to_string());
    doing(&first) != Some(Doing::Computes)
}

/// How often the thread of this folder in `/proc` was put to work; `None` where the system does not tell.
pub(crate) fn turns_of(thread: &Path) -> Option<u64> {
    effort_of(thread).map(|effort| effort.turns)
}

/// What this thread has done so far, or `None` when it has gone, or the system does not tell.
pub(crate) fn effort(place: &Place) -> Option<Effort> {
    effort_of(&place.0)
}

/// The nanoseconds computed, the nanoseconds waited for a core, and the number of turns.
fn effort_of(thread: &Path) -> Option<Effort> {
    let told = fs::read_to_string(thread.join("schedstat")).ok()?;
    let numbers: Vec<u64> = told.split_whitespace().flat_map(str::parse).collect();
    let [computed, kept_waiting, turns] = numbers[..] else { return None };
    let time = Duration::from_nanos;
    Some(Effort { computed: time(computed), kept_waiting: time(kept_waiting), turns })
}

/// The calling thread, or `None` where the system has no name for it.
pub(crate) fn here() -> Option<Place> {
    // The link reads `PID/task/TID`.
    let link = fs::read_link("/proc/thread-self").ok()?;
    Some(Place(PathBuf::from("/proc").join(link)))
}

/// Say what the thread is doing now: `in recvfrom, on a socket`.
pub(crate) fn told(place: Option<&Place>) -> String {
    place.map_or_else(|| words::WITHOUT_EVER_RETURNING.to_owned(), |place| told_of(&place.0))
}

/// Say what the thread of this folder in `/proc` is doing now.
pub(crate) fn told_of(thread: &Path) -> String {
    match doing(thread) {
        None => words::WITHOUT_EVER_RETURNING.to_owned(),
        Some(Doing::Computes) => words::IN_NO_SYSTEM_CALL.to_owned(),
        Some(Doing::Calls { number, descriptor }) => in_call(number, descriptor),
    }
}

/// What a thread is doing now.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Doing {
    /// It is in no system call, so in a loop of its own.
    Computes,
    /// It is in the system call of this number, whose first argument may be a descriptor.
    Calls { number: u32, descriptor: Option<u64> },
}

/// What the thread of this folder in `/proc` is doing now, or `None` where the system does not tell.
fn doing(thread: &Path) -> Option<Doing> {
    let told = fs::read_to_string(thread.join("syscall")).ok()?;
    let mut parts = told.split_whitespace();
    // Instead of a number it says `running`.
    let Some(Ok(number)) = parts.next().map(str::parse) else { return Some(Doing::Computes) };
    let descriptor =
        parts.next().and_then(|hex| u64::from_str_radix(hex.trim_start_matches("0x"), 16).ok());
    Some(Doing::Calls { number, descriptor })
}

/// Whether the thread is at work now: in no system call, or in shutdown(2), which waits for nobody but may
/// still hold the connection when the other side has seen its end.
pub(crate) fn computes(place: &Place) -> bool {
    match doing(&place.0) {
        Some(Doing::Computes) => true,
        Some(Doing::Calls { number, .. }) => number == SHUTDOWN,
        None => false,
    }
}

/// Whether the thread waits in a call that reads.
pub(crate) fn reads(place: &Place) -> bool {
    matches!(call_of(&place.0), Some("read" | "readv" | "recvfrom" | "recvmsg"))
}

/// The network call that the thread waits in now: `recvfrom`. `None` while it computes, or elsewhere.
pub(crate) fn network_call(place: &Place) -> Option<&'static str> {
    call_of(&place.0).filter(|name| takes_a_descriptor(name))
}

/// Whether this call waits for nothing but the time.
fn sleeps_in(number: u32) -> bool {
    matches!(name_of(number), Some("nanosleep" | "clock_nanosleep"))
}

/// Whether the first argument of a call is a descriptor.
fn takes_a_descriptor(call: &str) -> bool {
    !matches!(call, "futex" | "nanosleep" | "clock_nanosleep" | "poll")
}

/// The system call that the thread of this folder in `/proc` is in: `recvfrom`.
fn call_of(thread: &Path) -> Option<&'static str> {
    match doing(thread)? {
        Doing::Computes => None,
        Doing::Calls { number, .. } => name_of(number),
    }
}

fn name_of(number: u32) -> Option<&'static str> {
    CALLS.iter().find(|(known, _)| *known == number).map(|(_, name)| *name)
}

fn in_call(number: u32, descriptor: Option<u64>) -> String {
    let Some(name) = name_of(number) else { return words::in_system_call(number) };
    let target = descriptor.filter(|_| takes_a_descriptor(name));
    let target = target.and_then(|fd| fs::read_link(format!("/proc/self/fd/{fd}")).ok());
    match (name, target) {
        ("futex", _) => words::FOR_ANOTHER_THREAD.to_owned(),
        ("nanosleep" | "clock_nanosleep", _) => format!("{} ({name})", words::ASLEEP),
        (name, Some(target)) if target.to_string_lossy().starts_with("socket:") => match name {
            "accept" | "accept4" => words::nobody_connects(name),
            "write" | "writev" | "sendto" | "sendmsg" => words::nobody_reads(name),
            name => words::nobody_sends(name),
        },
        (name, _) => words::in_call(name),
    }
}

/// The number of shutdown(2).
const SHUTDOWN: u32 = if cfg!(target_arch = "x86_64") { 48 } else { 210 };

/// The calls that a network program waits in; numbers differ by architecture.
#[cfg(target_arch = "x86_64")]
const CALLS: &[(u32, &str)] = &[
    (0, "read"),
    (1, "write"),
    (7, "poll"),
    (19, "readv"),
    (20, "writev"),
    (35, "nanosleep"),
    (42, "connect"),
    (43, "accept"),
    (44, "sendto"),
    (45, "recvfrom"),
    (46, "sendmsg"),
    (47, "recvmsg"),
    (202, "futex"),
    (230, "clock_nanosleep"),
    (232, "epoll_wait"),
    (288, "accept4"),
];

/// The calls that a network program waits in; numbers differ by architecture.
#[cfg(not(target_arch = "x86_64"))]
const CALLS: &[(u32, &str)] = &[
    (63, "read"),
    (64, "write"),
    (65, "readv"),
    (66, "writev"),
    (98, "futex"),
    (101, "nanosleep"),
    (115, "clock_nanosleep"),
    (202, "accept"),
    (203, "connect"),
    (206, "sendto"),
    (207, "recvfrom"),
    (211, "sendmsg"),
    (212, "recvmsg"),
    (242, "accept4"),
];
