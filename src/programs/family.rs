//! A program and everything it has started: found and stopped when its run is over.
//!
//! The programs of its process group are known by that group. A program that left it, by starting its own
//! group or session, is known by a variable that each run sets in its environment and that child processes
//! inherit. Linux lists both in `/proc`; on other systems the group is stopped without a list. A program
//! that leaves the group and also clears its environment is not found.

use std::process::Command;
#[cfg(target_os = "linux")]
use std::{
    collections::{BTreeSet, HashSet},
    fs,
    sync::{Mutex, PoisonError},
    thread,
    time::{Duration, Instant},
};

#[cfg(target_os = "linux")]
use netkata::linux::threads;

/// The variable whose value identifies one run.
const VARIABLE: &str = "NETKATA_RUN";

/// The group of what belongs to the kernel.
#[cfg(target_os = "linux")]
const KERNEL: u32 = 0;

/// Everything that one run has started.
#[derive(Debug)]
pub struct Family {
    #[cfg_attr(not(target_os = "linux"), expect(dead_code))]
    mark: String,
    /// The processes that were found to be no members: none becomes one later.
    #[cfg(target_os = "linux")]
    strangers: Mutex<HashSet<i32>>,
}

impl Family {
    /// Mark a command as the root of the family; no other run may have the same `name`.
    pub fn of(command: &mut Command, name: &str) -> Family {
        command.env(VARIABLE, name);
        let mark = format!("{VARIABLE}={name}");
        Family {
            mark,
            #[cfg(target_os = "linux")]
            strangers: Mutex::default(),
        }
    }
}

#[cfg(not(target_os = "linux"))]
impl Family {
    /// The programs that are still running: unknown on this system.
    pub fn left_behind(&self, _first: u32) -> Vec<String> {
        Vec::new()
    }

    /// Stop programs that have left the group: on this system none are known.
    pub fn end(&self, _first: u32) {}

    /// The numbers of the running members: only the first is known on this system.
    pub fn processes(&self, first: u32) -> Vec<u32> {
        vec![first]
    }

    /// The memory of the family's first process: unknown on this system.
    pub fn memory(_first: u32) -> u64 {
        0
    }
}

#[cfg(target_os = "linux")]
impl Family {
    /// The names of the programs that still run after the family's first process, whose number was `first`,
    /// has ended. Waits for programs that are ending.
    pub fn left_behind(&self, first: u32) -> Vec<String> {
        const TIMEOUT: Duration = Duration::from_millis(500);

        let began = Instant::now();
        loop {
            let members = self.members(first);
            if members.is_empty() || began.elapsed() > TIMEOUT {
                let names: BTreeSet<String> = members.into_iter().map(|(_, name)| name).collect();
                return names.into_iter().collect();
            }
            thread::sleep(Duration::from_millis(10));
        }
    }

    /// Stop them all. Repeat, because a program that is being stopped may have just started another.
    pub fn end(&self, first: u32) {
        use rustix::process::{Pid, Signal, kill_process};

        for _ in 0..100 {
            let members = self.members(first);
            if members.is_empty() {
                return;
            }
            for id in members.iter().filter_map(|(id, _)| Pid::from_raw(*id)) {
                let _ = kill_process(id, Signal::KILL);
            }
            thread::sleep(Duration::from_millis(1));
        }
    }

    /// The numbers of the running members.
    pub fn processes(&self, first: u32) -> Vec<u32> {
        self.members(first).into_iter().filter_map(|(id, _)| id.try_into().ok()).collect()
    }

    /// The memory that the family's first process has touched, in bytes.
    pub fn memory(first: u32) -> u64 {
        let pages = fs::read_to_string(format!("/proc/{first}/statm")).unwrap_or_default();
        let resident = pages.split(' ').nth(1).and_then(|pages| pages.parse().ok());
        resident.unwrap_or(0) * rustix::param::page_size() as u64
    }

    /// The number and name of each running member.
    fn members(&self, first: u32) -> Vec<(i32, String)> {
        let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
        let all: HashSet<i32> =
            entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect();
        let mut strangers = self.strangers.lock().unwrap_or_else(PoisonError::into_inner);
        // The system gives the number of one that has ended to another, some time later.
        strangers.retain(|id| all.contains(id));
        let mut members = Vec::new();
        for id in all {
            if strangers.contains(&id) {
                continue;
            }
            let Some((thread, stat)) = threads::living_thread(id.unsigned_abs()) else { continue };
            if stat.group == KERNEL {
                strangers.insert(id);
                continue;
            }
            let environment = fs::read(thread.join("environ"));
            // For a moment it is empty, while a process starts another program.
            let is_known = !environment.as_ref().is_ok_and(Vec::is_empty);
            if stat.group == first || self.is_in(&environment.unwrap_or_default()) {
                members.push((id, stat.name));
            } else if is_known {
                strangers.insert(id);
            }
        }
        members.sort_unstable();
        members
    }

    /// Whether the mark is in this environment.
    fn is_in(&self, environment: &[u8]) -> bool {
        environment.split(|byte| *byte == 0).any(|variable| variable == self.mark.as_bytes())
    }
}
