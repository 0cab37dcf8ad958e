//! The sandbox of a test program: it is one process group (`group`), can change only its own folder
//! (`fence`), cannot make the system calls that would forge a verdict (`filter`), and every program that it
//! starts is found and stopped (`netkata_programs::Family`).

use std::path::Path;

pub mod fence;
pub mod filter;
pub(crate) mod group;

/// Start something behind the fence and the filter, as far as this system can build them. It can write only to
/// `folder` and to a few devices; this also holds for everything that it starts.
#[cfg(target_os = "linux")]
pub fn inside<T: Send>(folder: &Path, start: impl FnOnce() -> T + Send) -> T {
    std::thread::scope(|scope| {
        // Both apply to the thread that builds them and to what that thread starts, not to this process.
        let confined = scope.spawn(|| {
            let _ = fence::build(folder);
            let _ = filter::build();
            start()
        });
        confined.join().unwrap_or_else(|payload| std::panic::resume_unwind(payload))
    })
}

/// Start something; this system has neither fences nor filters.
#[cfg(not(target_os = "linux"))]
pub fn inside<T: Send>(_folder: &Path, start: impl FnOnce() -> T + Send) -> T {
    start()
}
