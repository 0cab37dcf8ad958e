//! A program and everything it has started: found and stopped when its run is over.
//!
//! The programs of its process group are known by that group. A program that left it, by starting its own
//! group or session, is known by a variable that each run sets in its environment and that child processes
//! inherit. Linux lists both in `/proc`; on other systems the group is stopped without a list. A program
//! that leaves the group and also clears its environment is not found.

use std::process::Command;
#[cfg(target_os = "linux")]
use std::{collections::BTreeSet, fs, path::Path, thread, time::Duration, time::Instant};

#[cfg(target_os = "linux")]
use netkata::linux::threads;

/// The variable whose value identifies one run.
const VARIABLE: &str = "NETKATA_RUN";

/// Everything that one run has started.
#[derive(Debug)]
pub struct Family {
    #[cfg_attr(not(target_os = "linux"), expect(dead_code))]
    mark: String,
}

impl Family {
    /// Mark a command as the root of the family; no other run may have the same `name`.
    pub fn of(command: &mut Command, name: &str) -> Family {
        command.env(VARIABLE, name);
        Family { mark: format!("{VARIABLE}={name}") }
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
        let processes = entries.filter_map(|entry| {
            let id = entry.file_name().to_str()?.parse().ok()?;
            let (thread, stat) = threads::living_thread(id)?;
            let is_ours = stat.group == first || self.is_marked(&thread);
            is_ours.then_some((id.try_into().ok()?, stat.name))
        });
        processes.collect()
    }

    fn is_marked(&self, thread: &Path) -> bool {
        let environment = fs::read(thread.join("environ")).unwrap_or_default();
        environment.split(|byte| *byte == 0).any(|variable| variable == self.mark.as_bytes())
    }
}
