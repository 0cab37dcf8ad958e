//! A fence around a test program: it can read everything that you can read, but change only its own folder.
//!
//! Without it an answer could overwrite the lesson's checks for its next grading, write into its own
//! memory, where the verdict is made, or stop the runner. Linux builds the fence (landlock(7), complete
//! since version 6.12); where the system cannot, there is none.

use std::path::Path;
use std::process::{Command, Stdio};

use super::inside;

/// What programs write to in `/dev`, and the folder in memory that checks use. For an administrator, the rest has the
/// disks, the memory and the tunnels of the network.
#[cfg(target_os = "linux")]
const DEVICES: [&str; 4] = ["/dev/null", "/dev/zero", "/dev/full", "/dev/shm"];

/// Build the fence around this thread: from now on it can write only to `folder` and to [`DEVICES`].
#[cfg(target_os = "linux")]
pub(super) fn build(folder: &Path) -> Result<(), landlock::RulesetError> {
    use landlock::{
        ABI, AccessFs, Ruleset, RulesetAttr, RulesetCreatedAttr, Scope, path_beneath_rules,
    };

    // Changes to a file's content, name or place; device control (ioctl) is not restricted.
    let changes = AccessFs::from_write(ABI::V3);
    let places = DEVICES.map(Path::new).into_iter().chain([folder]);
    Ruleset::default()
        .handle_access(changes)?
        .scope(Scope::Signal)?
        .create()?
        .add_rules(path_beneath_rules(places, changes))?
        .restrict_self()?;
    Ok(())
}

/// Whether this system builds fences that hold: tested with a program that checks whether it could stop
/// this process.
pub fn stands() -> bool {
    let me = std::process::id().to_string();
    let mut kill = Command::new("kill");
    kill.args(["-0", &me]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    inside(Path::new("/dev/null"), || kill.status()).is_ok_and(|status| !status.success())
}
