//! Ctrl-C while grading is only noted, so that everything that was started can be stopped first.

use std::sync::atomic::{AtomicBool, Ordering};

static HAPPENED: AtomicBool = AtomicBool::new(false);

/// From now on, only note Ctrl-C and requests to terminate.
///
/// A test program runs in its own process group and would outlive a runner that simply ended.
pub(crate) fn watch() {
    watch_and(|| {});
}

/// As [`watch`], and call `notify` as well.
pub(crate) fn watch_and(notify: impl Fn() + Send + 'static) {
    // If it is set already, an earlier command in this process set the same handler.
    let _ = ctrlc::set_handler(move || {
        HAPPENED.store(true, Ordering::Relaxed);
        notify();
    });
}

/// Whether the user asked to stop.
pub(crate) fn happened() -> bool {
    HAPPENED.load(Ordering::Relaxed)
}
