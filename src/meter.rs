//! Meters: what a piece of code costs, measured rather than guessed.

use std::alloc::System;

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
