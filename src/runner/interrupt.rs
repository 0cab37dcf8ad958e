//! Ctrl-C while grading: noticed, so that what was started can be stopped first.

use std::sync::atomic::{AtomicBool, Ordering};

static HAPPENED: AtomicBool = AtomicBool::new(false);

/// From now on Ctrl-C, and being told to terminate, is only noted down.
///
/// A test program runs in a process group of its own and would outlive a runner that simply ended.
pub(crate) fn watch() {
    watch_and(|| {});
}

/// As [`watch`]; somebody who waits for something else is told, too.
pub(crate) fn watch_and(tell: impl Fn() + Send + 'static) {
    // Set already: a second command in one process watches with the same handler.
    let _ = ctrlc::set_handler(move || {
        HAPPENED.store(true, Ordering::Relaxed);
        tell();
    });
}

/// Whether somebody asked to stop.
pub(crate) fn happened() -> bool {
    HAPPENED.load(Ordering::Relaxed)
}
