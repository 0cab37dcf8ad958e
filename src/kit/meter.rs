//! Meters: the measured cost of a piece of code.

use std::alloc::System;
use std::io::{self, Read, Write};
use std::thread;
use std::time::{Duration, Instant};

use cpu_time::ProcessTime;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

use crate::linux::threads::Threads;

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Run `code` and count the bytes that it requests from the allocator, including those that it frees.
///
/// Counts every thread of the process; behind the door, those belong to the one running check.
pub fn bytes_allocated<T>(code: impl FnOnce() -> T) -> (T, usize) {
    let region = Region::new(ALLOCATOR);
    let value = code();
    (value, region.change().bytes_allocated)
}

/// How many bytes of memory the process holds now: allocated and not freed.
pub fn bytes_held() -> usize {
    let stats = ALLOCATOR.stats();
    stats.bytes_allocated.wrapping_sub(stats.bytes_deallocated)
}

/// A stream that measures, at each call, how much memory the process holds.
#[derive(Debug)]
pub struct MemoryWatch<S> {
    stream: S,
    before: usize,
    most: usize,
}

impl<S> MemoryWatch<S> {
    /// Watch from now on: memory held before does not count.
    pub fn over(stream: S) -> MemoryWatch<S> {
        MemoryWatch { stream, before: bytes_held(), most: 0 }
    }

    /// The most memory that the process has held beyond what it held at the start, in bytes.
    pub fn most(&self) -> usize {
        self.most
    }

    fn measure(&mut self) {
        self.most = self.most.max(bytes_held().saturating_sub(self.before));
    }
}

impl<S: Read> Read for MemoryWatch<S> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.measure();
        self.stream.read(buffer)
    }
}

impl<S: Write> Write for MemoryWatch<S> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.measure();
        self.stream.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}

/// Run `code` and measure how long the process computes meanwhile: processor time of all its threads,
/// without waits.
pub fn processor_time<T>(code: impl FnOnce() -> T) -> (T, Duration) {
    let began = ProcessTime::now();
    let value = code();
    (value, began.elapsed())
}

/// How busy threads are that start after this was made.
#[derive(Clone, Debug)]
pub struct Workload {
    threads: Threads,
}

impl Workload {
    /// Watch the threads that start from now on.
    pub fn of_threads_to_come() -> Workload {
        Workload { threads: Threads::from_now() }
    }

    /// Run `code` and return the part of the time in which the threads compute: 0 if they are idle, 1 if
    /// one never is.
    ///
    /// Time in which they are ready but other programs have the processors does not count, so a busy
    /// machine changes little. If the system does not show what threads do, all time counts.
    pub fn busy_while<T>(&self, code: impl FnOnce() -> T) -> (T, f64) {
        let (before, began) = (self.threads.efforts(), Instant::now());
        let (value, of_process) = processor_time(code);
        self.complete_figures();
        let passed = began.elapsed();
        let (mut computed, mut kept_waiting) = (Duration::ZERO, Duration::ZERO);
        // A thread that has ended in between is missing here.
        let now = self.threads.efforts();
        for (thread, now) in &now {
            let before = before.get(thread).copied().unwrap_or_default();
            computed += now.computed.saturating_sub(before.computed);
            // Several threads are kept waiting at the same time: a sum would count that time twice.
            let kept = now.kept_waiting.saturating_sub(before.kept_waiting);
            kept_waiting = kept_waiting.max(kept);
        }
        if now.is_empty() {
            computed = of_process;
        }
        let free = passed.saturating_sub(kept_waiting).max(computed);
        (value, computed.as_secs_f64() / free.as_secs_f64())
    }

    /// Wait until the system's figures for the threads are complete.
    ///
    /// The system adds the time for which a thread was ready only when it is scheduled, and the time for
    /// which it ran only at every tick. So this watches a running thread until it waits or has run for some ticks.
    fn complete_figures(&self) {
        const TICKS: Duration = Duration::from_millis(20);

        let Some(first) = self.threads.effort() else { return };
        while self.threads.now().iter().any(|thread| thread.is_in_a_call() == Some(false))
            && self.threads.effort().is_some_and(|now| now.computed < first.computed + TICKS)
        {
            thread::yield_now();
        }
    }
}
