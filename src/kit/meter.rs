//! Meters: what a piece of code costs, measured rather than guessed.

use std::alloc::System;
use std::io::{self, Read, Write};
use std::thread;
use std::time::{Duration, Instant};

use cpu_time::ProcessTime;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

use crate::linux::threads::Threads;

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Run `code` and count the bytes that it asked the allocator for, freed again or not.
///
/// Counts every thread of the process: behind the door, those of the one check that runs.
pub fn bytes_allocated<T>(code: impl FnOnce() -> T) -> (T, usize) {
    let region = Region::new(ALLOCATOR);
    let value = code();
    (value, region.change().bytes_allocated)
}

/// How many bytes of memory the process holds now: asked for and not given back.
pub fn bytes_held() -> usize {
    let stats = ALLOCATOR.stats();
    stats.bytes_allocated.wrapping_sub(stats.bytes_deallocated)
}

/// A stream that looks, at each call, how much memory the process holds.
#[derive(Debug)]
pub struct MemoryWatch<S> {
    stream: S,
    before: usize,
    most: usize,
}

impl<S> MemoryWatch<S> {
    /// Watch from now on: what is held now does not count.
    pub fn over(stream: S) -> MemoryWatch<S> {
        MemoryWatch { stream, before: bytes_held(), most: 0 }
    }

    /// How many bytes more than in the beginning the process held at most.
    pub fn most(&self) -> usize {
        self.most
    }

    fn look(&mut self) {
        self.most = self.most.max(bytes_held().saturating_sub(self.before));
    }
}

impl<S: Read> Read for MemoryWatch<S> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.look();
        self.stream.read(buffer)
    }
}

impl<S: Write> Write for MemoryWatch<S> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.look();
        self.stream.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}

/// Run `code` and measure for how long the process computed meanwhile: time on the processor, of all
/// its threads, waiting not included.
pub fn processor_time<T>(code: impl FnOnce() -> T) -> (T, Duration) {
    let began = ProcessTime::now();
    let value = code();
    (value, began.elapsed())
}

/// How busy threads are: those that are started after this was made.
#[derive(Clone, Debug)]
pub struct Workload {
    threads: Threads,
}

impl Workload {
    /// Watch over the threads that are started from now on.
    pub fn of_threads_to_come() -> Workload {
        Workload { threads: Threads::from_now() }
    }

    /// Run `code`, and say for which part of the time the threads computed meanwhile: 0 when they rest,
    /// 1 when one never does.
    ///
    /// Time in which they were ready and other programs had the processors does not count, so that a
    /// busy machine changes little. Where the system does not tell, all time counts.
    pub fn busy_while<T>(&self, code: impl FnOnce() -> T) -> (T, f64) {
        let (before, began) = (self.threads.efforts(), Instant::now());
        let (value, of_process) = processor_time(code);
        self.let_tell_in_full();
        let passed = began.elapsed();
        let (mut computed, mut kept_waiting) = (Duration::ZERO, Duration::ZERO);
        // A thread that has ended meanwhile takes its figures along.
        let now = self.threads.efforts();
        for (thread, now) in &now {
            let before = before.get(thread).copied().unwrap_or_default();
            computed += now.computed.saturating_sub(before.computed);
            // Several threads are kept waiting at the same time: a sum would count it twice.
            let kept = now.kept_waiting.saturating_sub(before.kept_waiting);
            kept_waiting = kept_waiting.max(kept);
        }
        if now.is_empty() {
            computed = of_process;
        }
        let free = passed.saturating_sub(kept_waiting).max(computed);
        (value, computed.as_secs_f64() / free.as_secs_f64())
    }

    /// Wait until the system tells what the threads have done, with nothing left out.
    ///
    /// The system adds up how long a thread was ready only when it runs at last, and how long it ran only
    /// at every tick. So one that is at it is watched until it waits for something, or has run for some ticks.
    fn let_tell_in_full(&self) {
        const TICKS: Duration = Duration::from_millis(20);

        let Some(first) = self.threads.effort() else { return };
        while self.threads.now().iter().any(|thread| thread.is_in_a_call() == Some(false))
            && self.threads.effort().is_some_and(|now| now.computed < first.computed + TICKS)
        {
            thread::yield_now();
        }
    }
}
