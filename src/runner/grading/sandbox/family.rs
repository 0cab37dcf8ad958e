//! A test program and all that it has started: found, and ended, when the run is over.
//!
//! The programs of its process group are told by that group. One that left it, by starting a group or a
//! session of its own, is told by a variable that a run puts in its environment and that programs hand
//! down. Linux lists both in `/proc`; elsewhere the group is ended unseen. Who leaves the group and
//! clears the environment too is not found.

use std::process::Command;
#[cfg(target_os = "linux")]
use std::{collections::BTreeSet, fs, path::Path, thread, time::Duration, time::Instant};

#[cfg(target_os = "linux")]
use netkata::linux::threads::Stat;

/// The variable whose value tells one run from all others.
const VARIABLE: &str = "NETKATA_RUN";

/// All that one run has started.
#[derive(Debug)]
pub(crate) struct Family {
    #[cfg_attr(not(target_os = "linux"), expect(dead_code))]
    mark: String,
}

impl Family {
    /// Mark a command as the one that the family descends from; `name` is that of no other run.
    pub(crate) fn of(command: &mut Command, name: &str) -> Family {
        command.env(VARIABLE, name);
        Family { mark: format!("{VARIABLE}={name}") }
    }
}

#[cfg(not(target_os = "linux"))]
impl Family {
    /// The programs that are still running: unknown on this system.
    pub(crate) fn left_behind(&self, _first: u32) -> Vec<String> {
        Vec::new()
    }

    /// End what has left the group: nothing that is known on this system.
    pub(crate) fn end(&self, _first: u32) {}

    /// How much memory the first of the family holds: unknown on this system.
    pub(crate) fn memory(_first: u32) -> u64 {
        0
    }
}

#[cfg(target_os = "linux")]
impl Family {
    /// The names of the programs that are running although the first of the family, whose number was
    /// `first`, is over. Those on their way out are waited for.
    pub(crate) fn left_behind(&self, first: u32) -> Vec<String> {
        const PATIENCE: Duration = Duration::from_millis(500);

        let began = Instant::now();
        loop {
            let members = self.members(first);
            if members.is_empty() || began.elapsed() > PATIENCE {
                let names: BTreeSet<String> = members.into_iter().map(|(_, name)| name).collect();
                return names.into_iter().collect();
            }
            thread::sleep(Duration::from_millis(10));
        }
    }

    /// End them all: again, while one that is being ended has just started another.
    pub(crate) fn end(&self, first: u32) {
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

    /// How much memory the first of the family holds, in bytes: what it has touched of it.
    pub(crate) fn memory(first: u32) -> u64 {
        let pages = fs::read_to_string(format!("/proc/{first}/statm")).unwrap_or_default();
        let resident = pages.split(' ').nth(1).and_then(|pages| pages.parse().ok());
        resident.unwrap_or(0) * rustix::param::page_size() as u64
    }

    /// The number and the name of each that is running.
    fn members(&self, first: u32) -> Vec<(i32, String)> {
        let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
        let processes = entries.filter_map(|entry| {
            let id = entry.file_name().to_str()?.parse().ok()?;
            let stat = Stat::of(&entry.path())?;
            let is_ours = stat.group == first || self.has_marked(&entry.path());
            is_ours.then_some((id, stat.name))
        });
        processes.collect()
    }

    fn has_marked(&self, process: &Path) -> bool {
        let environment = fs::read(process.join("environ")).unwrap_or_default();
        environment.split(|byte| *byte == 0).any(|variable| variable == self.mark.as_bytes())
    }
}
