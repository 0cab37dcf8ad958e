//! Ctrl-C while grading is only noted, so that everything that was started can be stopped first.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use crate::failure::Failure;
use crate::grading::sandbox::group;

static HAPPENED: AtomicBool = AtomicBool::new(false);

/// How long a command may take to stop what it has started. Usually that takes milliseconds, but it may wait
/// where it cannot see the request, as for the reader of a full pipe.
const PATIENCE: Duration = Duration::from_secs(2);

/// From now on, only note Ctrl-C and requests to terminate.
///
/// A test program runs in its own process group and would outlive a runner that simply ended.
pub fn watch() {
    watch_and(|| {});
}

/// As [`watch`], and call `notify` as well.
pub(crate) fn watch_and(notify: impl Fn() + Send + 'static) {
    // If it is set already, an earlier command in this process set the same handler.
    let _ = ctrlc::set_handler(move || {
        if HAPPENED.swap(true, Ordering::Relaxed) {
            end();
        }
        notify();
        thread::spawn(|| {
            thread::sleep(PATIENCE);
            end();
        });
    });
}

/// Whether the user asked to stop.
pub fn happened() -> bool {
    HAPPENED.load(Ordering::Relaxed)
}

/// End this program wherever it waits, and what it has started.
fn end() -> ! {
    group::stop_all();
    netkata_programs::stop_all();
    std::process::exit(Failure::interrupted().code.into())
}
