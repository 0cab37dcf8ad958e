//! Counts the system calls of a process as strace does: by tracing (ptrace(2)).
//!
//! A traced thread stops when it enters a system call and when it leaves it. The tracer counts each stop
//! and lets the thread continue.

use std::fs;
use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::thread::{self, JoinHandle};

use nix::errno::Errno;
use nix::sys::ptrace::{self, Options};
use nix::sys::signal::Signal;
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::Pid;

/// Counts the calls of one process and all its threads, until the process ends.
pub struct Counter {
    stops: Arc<AtomicUsize>,
    tracer: JoinHandle<()>,
}

impl Counter {
    /// Begin to trace a child of this process.
    ///
    /// Fails where tracing is forbidden, as in some containers.
    pub fn of(process: u32) -> io::Result<Counter> {
        let stops = Arc::new(AtomicUsize::new(0));
        let (ready, begun) = mpsc::channel();
        let counted = Arc::clone(&stops);
        // Only the thread that attached may continue the trace: one thread does everything.
        let tracer = thread::spawn(move || {
            let seized = seize(process);
            let may_trace = seized.is_ok();
            if ready.send(seized).is_ok() && may_trace {
                follow(&counted);
            }
        });
        begun.recv().map_err(io::Error::other)??;
        Ok(Counter { stops, tracer })
    }

    /// How many calls it has made since then; a call in progress counts as half.
    pub fn calls(&self) -> f64 {
        self.stops.load(Ordering::Relaxed) as f64 / 2.0
    }

    /// Wait until the process has ended.
    pub fn join(self) {
        // The tracer does not panic, and if it did, there would be nothing to add.
        let _ = self.tracer.join();
    }
}

/// Attach to every thread; future threads are attached automatically.
fn seize(process: u32) -> io::Result<()> {
    let options =
        Options::PTRACE_O_TRACESYSGOOD | Options::PTRACE_O_TRACECLONE | Options::PTRACE_O_EXITKILL;
    for thread in fs::read_dir(format!("/proc/{process}/task"))? {
        let name = thread?.file_name();
        let number = name.to_string_lossy().parse().map_err(io::Error::other)?;
        let thread = Pid::from_raw(number);
        ptrace::seize(thread, options)?;
        ptrace::interrupt(thread)?;
    }
    Ok(())
}

/// Count each stop and continue the thread, until no thread is left.
fn follow(stops: &AtomicUsize) {
    loop {
        // Wait only for threads that this thread traces, not for other children of the process.
        match waitpid(None, Some(WaitPidFlag::__WALL | WaitPidFlag::__WNOTHREAD)) {
            Ok(WaitStatus::PtraceSyscall(thread)) => {
                stops.fetch_add(1, Ordering::Relaxed);
                resume(thread, None);
            }
            // Pass on a signal, which would otherwise be lost.
            Ok(WaitStatus::Stopped(thread, signal)) => resume(thread, Some(signal)),
            Ok(WaitStatus::PtraceEvent(thread, ..)) => resume(thread, None),
            Ok(_) | Err(Errno::EINTR) => {}
            Err(_) => return,
        }
    }
}

fn resume(thread: Pid, signal: Option<Signal>) {
    // A thread that was killed meanwhile is gone; the next wait reports it.
    let _ = ptrace::syscall(thread, signal);
}
