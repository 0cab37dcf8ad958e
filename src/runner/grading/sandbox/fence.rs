//! A fence around a test program: it can read everything that you can read, but change only its own folder.
//!
//! Without it an answer could overwrite the lesson's checks for its next grading, write into its own
//! memory, where the verdict is made, or stop the runner. Linux builds the fence (landlock(7), complete
//! since version 6.12); where the system cannot, there is none.

use std::path::Path;
use std::process::{Command, Stdio};

/// Start something behind a fence that allows writing only to `folder` and to devices.
///
/// The fence also applies to everything that the started program starts.
#[cfg(target_os = "linux")]
pub(crate) fn behind<T: Send>(folder: &Path, start: impl FnOnce() -> T + Send) -> T {
    use landlock::{
        ABI, AccessFs, Ruleset, RulesetAttr, RulesetCreatedAttr, RulesetError, Scope,
        path_beneath_rules,
    };

    // Changes to a file's content, name or place; device control (ioctl) is not restricted.
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
        // A fence applies to the thread that builds it and to what that thread starts, not to this process.
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

/// Whether this system builds fences that hold: tested with a program that checks whether it could stop
/// this process.
pub fn stands() -> bool {
    let me = std::process::id().to_string();
    let mut kill = Command::new("kill");
    kill.args(["-0", &me]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    behind(Path::new("/dev"), || kill.status()).is_ok_and(|status| !status.success())
}
