//! A fence around a test program: it can read what you can read, and change nothing but its own folder.
//!
//! Without it an answer could write over the lesson's checks for the next time it is graded, write into
//! its own memory, where the verdict is made, or stop the runner. Linux builds it (landlock(7), whole
//! since version 6.12); where it cannot, there is none.

use std::path::Path;
use std::process::{Command, Stdio};

/// Start something from behind a fence that leaves only `folder`, and devices, to be written to.
///
/// It holds for the program that is started, and for all that this starts in turn.
#[cfg(target_os = "linux")]
pub(crate) fn behind<T: Send>(folder: &Path, start: impl FnOnce() -> T + Send) -> T {
    use landlock::{
        ABI, AccessFs, Ruleset, RulesetAttr, RulesetCreatedAttr, RulesetError, Scope,
        path_beneath_rules,
    };

    // What a file is made of, its name and its place; not whether it may be asked about (ioctl).
    let changes = AccessFs::from_write(ABI::V3);
    let build = || -> Result<(), RulesetError> {
        Ruleset::default()
            .handle_access(changes)?
            .scope(Scope::Signal)?
            .create()?
            .add_rules(path_beneath_rules([folder, Path::new("/dev")], changes))?
            .restrict_self()?;
        Ok(())
    };
    std::thread::scope(|scope| {
        // A fence stands around the thread that built it and what that thread starts: not around us.
        let fenced = scope.spawn(|| {
            let _ = build();
            start()
        });
        fenced.join().unwrap_or_else(|payload| std::panic::resume_unwind(payload))
    })
}

/// Start something; this system has no fences.
#[cfg(not(target_os = "linux"))]
pub(crate) fn behind<T: Send>(_folder: &Path, start: impl FnOnce() -> T + Send) -> T {
    start()
}

/// Whether this system builds fences that keep everything in: tried with a program that looks whether
/// it could stop this one.
pub fn stands() -> bool {
    let me = std::process::id().to_string();
    let mut kill = Command::new("kill");
    kill.args(["-0", &me]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    behind(Path::new("/dev"), || kill.status()).is_ok_and(|status| !status.success())
}
