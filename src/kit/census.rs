//! A census: which threads and descriptors a piece of code leaves behind.
//!
//! Linux shows them in `/proc` (proc_pid_task(5), proc_pid_fd(5)). On other systems nothing is counted or
//! found, and the first census prints that.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::sync::Once;

use crate::linux::sockets;
use crate::linux::threads::{self, Thread, Threads};
use crate::quiet::{self, Quiet, Sockets, Still, THRESHOLDS};
use crate::words;

/// The threads and descriptors of this process at one moment, to compare with later ones.
///
/// Threads that wait for their own check to begin do not count.
#[derive(Clone, Debug)]
pub struct Census {
    threads: Threads,
    descriptors: BTreeSet<(PathBuf, PathBuf)>,
}

impl Census {
    /// Count the threads and descriptors of this process.
    pub fn take() -> Census {
        if !threads::are_known() {
            static SAID: Once = Once::new();
            SAID.call_once(|| println!("{}", words::NOBODY_COUNTS));
        }
        // The kit opens its own descriptors first, so that they do not count later.
        sockets::prepare();
        Census { threads: Threads::from_now(), descriptors: descriptors() }
    }

    /// The threads that have started since.
    pub(crate) fn threads(&self) -> &Threads {
        &self.threads
    }

    /// Where each thread waits that has started since and was left behind.
    ///
    /// Waits for threads that are ending; a thread that still waits for something after a tenth of a second
    /// was left behind.
    pub fn threads_left(&self) -> Vec<String> {
        quiet::staying(&self.threads).iter().map(Thread::place).collect()
    }

    /// The target of each descriptor that was opened since: `socket:[4711]`.
    pub fn descriptors_left(&self) -> Vec<String> {
        let left = descriptors();
        left.difference(&self.descriptors).map(|(_, target)| target.display().to_string()).collect()
    }

    /// Wait until every thread that has started since has ended or waits for something.
    pub fn settle(&self) -> Still {
        quiet::settle(&self.threads, || false).0
    }

    /// Poll until something is found. Return `None` when nothing will change any more: every thread that
    /// has started since waits, none was scheduled for a tenth of a second, and everything sent has arrived.
    pub fn look_for<T>(&self, look: impl FnMut() -> Option<T>) -> Option<T> {
        let wait = Quiet::of(&self.threads).however_long_they_compute();
        wait.until(|| Sockets::Any, look).ok()
    }

    /// As [`Census::look_for`], for threads that look only now and then whether they have something to do:
    /// every half second, as in CPython's `socketserver`, is usual. Return `None` after ten times a tenth of
    /// a second without any change, or after the first one if it is `plain` then that nothing will change,
    /// or if each thread waits for another one, with no limit in time.
    pub fn look_longer_for<T>(
        &self,
        mut look: impl FnMut() -> Option<T>,
        plain: impl Fn() -> bool,
    ) -> Option<T> {
        for _ in 0..THRESHOLDS.rests {
            let found = self.look_for(&mut look);
            if found.is_some() || self.threads.are_deadlocked() || plain() {
                return found;
            }
        }
        None
    }
}

/// The memory that this process may write to, in bytes, touched or not; `None` if the system does not
/// report it.
///
/// The stack of an ended thread counts until the thread is joined or detached.
pub fn writable_memory() -> Option<usize> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmData:"))?;
    let kibibytes: usize = line.trim().strip_suffix(r" kB")?.parse().ok()?;
    Some(kibibytes * 1024)
}

fn descriptors() -> BTreeSet<(PathBuf, PathBuf)> {
    let Ok(folder) = fs::read_dir("/proc/self/fd") else { return BTreeSet::new() };
    let targets = folder.flatten().filter_map(|entry| {
        let target = fs::read_link(entry.path()).ok()?;
        // Leave out the descriptor that reads this folder.
        (!target.starts_with("/proc")).then_some((entry.path(), target))
    });
    targets.collect()
}

/// The numbers of this process's descriptors.
pub(crate) fn numbers_of_descriptors() -> BTreeSet<u64> {
    let number = |(path, _): (PathBuf, PathBuf)| path.file_name()?.to_str()?.parse().ok();
    descriptors().into_iter().filter_map(number).collect()
}
