//! A census: which threads and descriptors a piece of code leaves behind, and whether threads rest.
//!
//! Linux tells it in `/proc` (proc_pid_task(5), proc_pid_fd(5), proc_pid_stat(5)). Elsewhere nothing is
//! counted, nothing is ever found, and the first census says so.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, Once, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::linux::sockets;
use crate::linux::threads;
use crate::words;

/// A thread that waits is looked at so often in a row before it counts as one that stays: a thread on
/// its way out waits for nothing, and is gone after a look or two.
const LOOKS_IN_A_ROW: usize = 8;
/// And so often in all, for a thread that wakes up now and then.
const LOOKS_IN_ALL: usize = 100;
/// Who computes for so long, and was hardly ever seen to wait, computes without end: nothing in the
/// lessons needs as much. Time alone would not do, since that of a busy host may be charged to anybody.
const TOO_LONG: Duration = Duration::from_millis(100);
/// Threads that wait, and of which none was put to work for so long, have nothing more to do.
const AT_REST: Duration = Duration::from_millis(100);
/// How long one looks for something before one asks what the threads do, and between two such questions.
const LOOKING: Duration = Duration::from_millis(10);
/// How long one looks away between two looks.
const GLANCE: Duration = Duration::from_micros(100);
/// One tick of the times in `/proc/…/stat`, on every Linux (`USER_HZ`, time(7)).
const TICK: Duration = Duration::from_millis(10);

/// The threads and descriptors of this process at one moment, to be compared with those of later.
///
/// Threads that wait at the door for their turn belong to no check and do not count.
#[derive(Clone, Debug)]
pub struct Census {
    threads: BTreeSet<PathBuf>,
    descriptors: BTreeSet<(PathBuf, PathBuf)>,
}

/// What threads came to when they were watched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Watched {
    /// They are gone.
    Gone,
    /// Each of them waits for something.
    Resting,
    /// One of them computes without end.
    Spinning,
    /// What was waited for has come first.
    Interrupted,
}

impl Census {
    /// Count the threads and descriptors of this process.
    pub fn take() -> Census {
        if !counts() {
            static SAID: Once = Once::new();
            SAID.call_once(|| println!("{}", words::NOBODY_COUNTS));
        }
        // The kit's own descriptors come before those that are counted.
        sockets::prepare();
        Census { threads: threads_of("self"), descriptors: descriptors() }
    }

    /// The threads that have come since, once each has gone or waits: where each of them waits.
    ///
    /// A thread on its way out is waited for; one that still waits for something after a tenth of a second
    /// is left behind.
    pub fn threads_left(&self) -> Vec<String> {
        let began = Instant::now();
        loop {
            let (_, left) = watch(|| self.newcomers(), || false);
            // It may wait for somebody who is not counted: the last of a pipe closes when the process that
            // holds it, and was ended, has come to its end.
            if left.is_empty() || began.elapsed() >= AT_REST {
                return left.iter().map(|thread| threads::told_of(thread)).collect();
            }
        }
    }

    /// The descriptors that have come since: what each of them is, `socket:[4711]`.
    pub fn descriptors_left(&self) -> Vec<String> {
        let left = descriptors();
        left.difference(&self.descriptors).map(|(_, target)| target.display().to_string()).collect()
    }

    /// Wait until every thread that has come since has gone, or waits for something.
    pub fn settle(&self) -> Watched {
        watch(|| self.newcomers(), || false).0
    }

    /// Look until something is found, or `None` when it is plain that nothing will change any more.
    ///
    /// It is plain when every thread that has come since waits, none of them has been put to work for a
    /// tenth of a second, and what was sent has arrived. A thread that is ready and finds no processor
    /// does not wait. Where nobody counts threads, only the deadline ends the looking.
    pub fn look_for<T>(&self, mut look: impl FnMut() -> Option<T>) -> Option<T> {
        let mut resting: Option<(Instant, u64)> = None;
        loop {
            let began = Instant::now();
            while began.elapsed() < LOOKING {
                if let Some(found) = look() {
                    return Some(found);
                }
                thread::sleep(GLANCE);
            }
            resting = match (resting, self.turns_at_rest()) {
                (Some((since, before)), Some(now)) if before == now => {
                    if since.elapsed() >= AT_REST {
                        sockets::let_arrive();
                        return look();
                    }
                    resting
                }
                (_, now) => now.map(|turns| (Instant::now(), turns)),
            };
        }
    }

    /// How often the threads that have come since were put to work, or `None` when not all of them wait.
    fn turns_at_rest(&self) -> Option<u64> {
        if !counts() {
            return None;
        }
        let mut turns = 0;
        for thread in self.newcomers() {
            // One that has gone meanwhile is no rest.
            if !Stat::of(&thread)?.waits {
                return None;
            }
            turns += threads::turns_of(&thread)?;
        }
        Some(turns)
    }

    fn newcomers(&self) -> BTreeSet<PathBuf> {
        let mut threads = threads_of("self");
        let at_the_door = lock_door();
        threads.retain(|thread| !self.threads.contains(thread) && !at_the_door.contains(thread));
        threads
    }
}

/// Whether this system tells about threads and descriptors.
pub(crate) fn counts() -> bool {
    Path::new("/proc/self/task").exists()
}

/// Watch the threads of another process until they rest, one of them has computed too long, or
/// `enough` says so.
pub(crate) fn watch_process(id: u32, enough: impl FnMut() -> bool) -> Watched {
    let id = id.to_string();
    watch(|| threads_of(&id), enough).0
}

/// The memory that this process may write to, in bytes, touched or not; `None` where nobody tells.
///
/// The stack of a thread that is over belongs to it until the thread is joined or let go of.
pub fn writable_memory() -> Option<usize> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmData:"))?;
    let kibibytes: usize = line.trim().strip_suffix(r" kB")?.parse().ok()?;
    Some(kibibytes * 1024)
}

/// The calling thread waits at the door for its turn, until this is dropped.
pub(crate) struct AtTheDoor(PathBuf);

static AT_THE_DOOR: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

impl AtTheDoor {
    pub(crate) fn comes() -> AtTheDoor {
        // The link reads `PID/task/TID`.
        let link = fs::read_link("/proc/thread-self").unwrap_or_default();
        let thread = Path::new("/proc/self/task").join(link.file_name().unwrap_or_default());
        lock_door().insert(thread.clone());
        AtTheDoor(thread)
    }
}

impl Drop for AtTheDoor {
    fn drop(&mut self) {
        lock_door().remove(&self.0);
    }
}

fn lock_door() -> std::sync::MutexGuard<'static, BTreeSet<PathBuf>> {
    AT_THE_DOOR.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Look at these threads until they rest; those that were there in each of the last looks are told.
fn watch(
    threads: impl Fn() -> BTreeSet<PathBuf>,
    mut enough: impl FnMut() -> bool,
) -> (Watched, BTreeSet<PathBuf>) {
    let (mut in_a_row, mut in_all) = (0, 0);
    let mut staying = BTreeSet::new();
    let mut computed_before = None;
    for looks in 1.. {
        if enough() {
            return (Watched::Interrupted, staying);
        }
        let mut now = threads();
        let mut stats = Vec::new();
        now.retain(|thread| Stat::of(thread).map(|stat| stats.push(stat)).is_some());
        if now.is_empty() {
            return (Watched::Gone, now);
        }
        if stats.iter().all(|stat| stat.waits) {
            staying = if in_a_row == 0 { now } else { &staying & &now };
            (in_a_row, in_all) = (in_a_row + 1, in_all + 1);
        } else {
            (in_a_row, staying) = (0, now);
        }
        if in_a_row == LOOKS_IN_A_ROW || in_all == LOOKS_IN_ALL {
            return (Watched::Resting, staying);
        }
        let computed: Duration = stats.iter().map(|stat| stat.computed).sum();
        let since = computed.saturating_sub(*computed_before.get_or_insert(computed));
        if since > TOO_LONG && looks > 2 * LOOKS_IN_A_ROW && in_all < looks / 4 {
            return (Watched::Spinning, staying);
        }
        thread::yield_now();
    }
    unreachable!("one looks for ever")
}

fn threads_of(process: &str) -> BTreeSet<PathBuf> {
    let Ok(folder) = fs::read_dir(format!("/proc/{process}/task")) else { return BTreeSet::new() };
    folder.flatten().map(|entry| entry.path()).collect()
}

fn descriptors() -> BTreeSet<(PathBuf, PathBuf)> {
    let Ok(folder) = fs::read_dir("/proc/self/fd") else { return BTreeSet::new() };
    let targets = folder.flatten().filter_map(|entry| {
        let target = fs::read_link(entry.path()).ok()?;
        // The descriptor that this very reading holds.
        (!target.starts_with("/proc")).then_some((entry.path(), target))
    });
    targets.collect()
}

/// The numbers of this process's descriptors.
pub(crate) fn numbers_of_descriptors() -> BTreeSet<u64> {
    let number = |(path, _): (PathBuf, PathBuf)| path.file_name()?.to_str()?.parse().ok();
    descriptors().into_iter().filter_map(number).collect()
}

/// What the system says about a thread.
struct Stat {
    /// It waits for something; a thread that could run, runs or ends does not.
    waits: bool,
    /// How long it has computed, in steps of [`TICK`].
    computed: Duration,
}

impl Stat {
    /// `None` when the thread has gone.
    fn of(thread: &Path) -> Option<Stat> {
        let stat = fs::read_to_string(thread.join("stat")).ok()?;
        // The name, in brackets, may hold anything: what follows its last bracket counts.
        let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
        // A thread, or a whole process, that is over and has not been waited for.
        if matches!(fields.first(), Some(&("Z" | "X"))) {
            return None;
        }
        let ticks = |at: usize| fields.get(at)?.parse::<u32>().ok();
        // Fields 3, 14 and 15 of the manual page: state, utime, stime.
        Some(Stat {
            waits: fields.first() == Some(&"S"),
            computed: TICK * (ticks(11)? + ticks(12)?),
        })
    }
}
