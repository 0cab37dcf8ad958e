//! A fresh clone of the course in a temporary folder, as somebody has it who comes new.

use std::io;
use std::path::PathBuf;
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// What is committed, cloned; it is removed with this value.
pub struct Clone {
    folder: TempDir,
}

impl Clone {
    /// Clone the course; what is not committed is not in it. Its dependencies are downloaded already.
    pub fn fresh() -> io::Result<Clone> {
        let folder = tempfile::tempdir()?;
        let clone = Clone { folder };
        let from = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
        let status =
            Command::new("git").args(["clone", "--quiet", from]).arg(clone.root()).status()?;
        expect_success("git clone", status)?;
        let status = clone.cargo(&["fetch", "--quiet", "--locked"]).status()?;
        expect_success("cargo fetch", status)?;
        Ok(clone)
    }

    /// Where it is.
    pub fn root(&self) -> PathBuf {
        self.folder.path().join("netkata")
    }

    /// Cargo, about to be called in the clone, building into its own `target/`.
    pub fn cargo(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("cargo");
        command.args(arguments).current_dir(self.root()).env_remove("CARGO_TARGET_DIR");
        // With it, a panic takes a tenth of a second to look for the names of functions.
        command.env_remove("RUST_BACKTRACE");
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command
    }
}

/// Run a command to its end, and say how long it took and how it ended.
pub fn timed(command: &mut Command) -> io::Result<(Duration, ExitStatus)> {
    let began = Instant::now();
    let status = command.status()?;
    Ok((began.elapsed(), status))
}

/// An error that names what has failed, if it has.
pub fn expect_success(what: &str, status: ExitStatus) -> io::Result<()> {
    if status.success() {
        Ok(())
    } else {
        Err(io::Error::other(format!("{what} failed: {status}")))
    }
}
