//! What a check does to a program through the kernel, and what the kernel shows of it.

use std::path::Path;
use std::time::Duration;

use netkata::linux::threads::{Thread, descriptors};
use netkata::{Cause, Row};
use rustix::process::{Pid, Resource, Rlimit, Signal, getrlimit, kill_process, prlimit};

use crate::stage::Stage;
use crate::words;

impl Stage {
    /// Stop the program while this happens, so that it finds all of it at once, as on a busy machine.
    ///
    /// What it does must not wait for the program.
    pub fn while_it_is_stopped<T>(&self, happens: impl FnOnce() -> T) -> T {
        self.happened(words::STOPS_IT);
        self.signals(Signal::STOP);
        let happened = happens();
        self.happened(words::CONTINUES_IT);
        self.signals(Signal::CONT);
        happened
    }

    fn signals(&self, signal: Signal) {
        for process in self.pids() {
            let _ = kill_process(process, signal);
        }
    }

    /// How many sockets, pipes and files the program has open. What a runtime opens for itself when it first needs it does
    /// not count: devices, such as its terminal, and what has no name (`anon_inode:`), such as an epoll.
    pub fn descriptors(&self) -> usize {
        const ITS_OWN: [&str; 2] = ["/dev/", "anon_inode:"];

        let counts = |it: &Path| !ITS_OWN.iter().any(|own| it.to_string_lossy().starts_with(own));
        let open = |id: u32| descriptors(id).filter(|(_, it)| counts(it)).count();
        self.program().processes().into_iter().map(open).sum()
    }

    /// Fail with a story of this cause unless the program has no more descriptors open than it had.
    pub fn holds_at_most(&self, descriptors: usize, cause: Cause) {
        let expected = words::at_most_descriptors(descriptors);
        let holds = || self.descriptors() <= descriptors;
        if self.until(|| holds().then_some(())).is_err() {
            let has = Row::new(words::YOUR_PROGRAM, words::has_descriptors(self.descriptors()));
            self.fails(cause, vec![has, Row::new(netkata::words::EXPECTED, expected)]);
        }
    }

    /// Limit each process of the program to this many more descriptors than it has now.
    pub fn leaves_free_descriptors(&self, number: usize) {
        self.happened(words::leaves_descriptors(number));
        for (id, process) in self.program().processes().into_iter().zip(self.pids()) {
            let used: Vec<u64> = descriptors(id).map(|(number, _)| number).collect();
            // The limit is for their numbers, and there may be gaps between those in use.
            let last_free = (0..).filter(|it| !used.contains(it)).nth(number).unwrap_or(0);
            let maximum = getrlimit(Resource::Nofile).maximum;
            let limit = Rlimit { current: Some(last_free), maximum };
            let _ = prlimit(Some(process), Resource::Nofile, limit);
        }
    }

    /// Fail with a story of this cause if all threads of the program do nothing but sleep, and one longer than this.
    pub fn sleeps_at_most(&self, limit: Duration, cause: Cause) {
        const LOOKS: usize = 20;

        for _ in 0..LOOKS {
            let threads = self.program().threads().now();
            let asked: Option<Vec<Duration>> = threads.iter().map(Thread::asked_to_sleep).collect();
            let longest = asked.into_iter().flatten().max();
            if longest > Some(limit) {
                let expected = words::sleeps_at_most(limit.as_millis());
                self.fails(cause, vec![Row::new(netkata::words::EXPECTED, expected)]);
            }
            std::thread::sleep(limit / 10);
        }
    }

    fn pids(&self) -> Vec<Pid> {
        let ids = self.program().processes().into_iter();
        ids.filter_map(|id| Pid::from_raw(id.try_into().ok()?)).collect()
    }
}
