//! Meters: what a piece of code costs, measured rather than guessed.

use std::alloc::System;
use std::time::Duration;

use cpu_time::ProcessTime;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

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

/// Run `code` and measure for how long the process computed meanwhile: time on the processor, of all
/// its threads, waiting not included.
pub fn processor_time<T>(code: impl FnOnce() -> T) -> (T, Duration) {
    let began = ProcessTime::now();
    let value = code();
    (value, began.elapsed())
}
