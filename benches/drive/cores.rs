//! A core for the server and another for its clients, so that only the server is measured.
//!
//! If all threads may run on all cores, the scheduler decides how much of the machine the clients take from
//! the server, and that differs from server to server.

/// The server's core and the clients' core; none if the system cannot assign cores.
#[derive(Clone, Copy, Debug)]
pub struct Cores(Option<[usize; 2]>);

impl Cores {
    /// Choose two of the cores that this process may use.
    pub fn choose() -> Self {
        let mut allowed = allowed().into_iter();
        Cores(allowed.next_back().zip(allowed.next()).map(|(server, clients)| [server, clients]))
    }

    /// Whether the server has a core of its own.
    pub fn are_apart(self) -> bool {
        self.0.is_some()
    }

    /// Start a process on the server's core, where all its threads stay.
    ///
    /// The calling thread continues on the clients' core.
    pub fn start<T>(self, start: impl FnOnce() -> T) -> T {
        let Some([server, clients]) = self.0 else { return start() };
        // A process inherits the core of the thread that starts it (sched_setaffinity(2)).
        stay_on(server);
        let started = start();
        stay_on(clients);
        started
    }
}

#[cfg(target_os = "linux")]
fn allowed() -> Vec<usize> {
    use rustix::thread::{CpuSet, sched_getaffinity};

    let Ok(allowed) = sched_getaffinity(None) else { return Vec::new() };
    (0..CpuSet::MAX_CPU).filter(|core| allowed.is_set(*core)).collect()
}

#[cfg(target_os = "linux")]
fn stay_on(core: usize) {
    use rustix::thread::{CpuSet, sched_setaffinity};

    let mut only = CpuSet::new();
    only.set(core);
    sched_setaffinity(None, &only).expect("one of the cores that were allowed");
}

#[cfg(not(target_os = "linux"))]
fn allowed() -> Vec<usize> {
    Vec::new()
}

#[cfg(not(target_os = "linux"))]
fn stay_on(_core: usize) {}
