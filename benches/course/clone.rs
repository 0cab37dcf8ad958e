//! A fresh clone of the course in a temporary folder, as a new student has it.

use std::io;
use std::path::PathBuf;
use std::process::{Command, ExitStatus, Stdio};

use tempfile::TempDir;

/// A clone of what is committed; it is removed when this is dropped.
pub struct Clone {
    folder: TempDir,
}

impl Clone {
    /// Clone the course, without uncommitted changes, and download its dependencies.
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

    /// Its folder.
    pub fn root(&self) -> PathBuf {
        self.folder.path().join("netkata")
    }

    /// A cargo command that runs in the clone and builds into the clone's own `target/`.
    pub fn cargo(&self, arguments: &[&str]) -> Command {
        self.command("cargo", arguments)
    }

    /// A command that runs in the clone as in a shell, with nothing that a cargo around it has set.
    pub fn command(&self, program: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(program);
        command.args(arguments).current_dir(self.root()).env_remove("CARGO_TARGET_DIR");
        command.env_remove("CARGO_PKG_NAME");
        // With it, a panic takes a tenth of a second to find the names of functions.
        command.env_remove("RUST_BACKTRACE");
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command
    }
}

/// Fail with an error that names the command, unless it succeeded.
pub fn expect_success(what: &str, status: ExitStatus) -> io::Result<()> {
    if status.success() {
        Ok(())
    } else {
        Err(io::Error::other(format!("{what} failed: {status}")))
    }
}
