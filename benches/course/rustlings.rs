//! rustlings, installed into a temporary folder, with our exercise in place of one of its own.

use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use tempfile::TempDir;

use super::clone::expect_success;

/// The measured version.
const VERSION: &str = "rustlings@6.5.0";
/// The exercise that ours replaces: one that rustlings tests.
const EXERCISE: &str = "quiz1";
/// What rustlings expects in an exercise's file: a `main`, and the tests.
const TESTS: &str = r#"
fn main() {}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    #[test]
    fn a_message_survives_any_segmentation() {
        let mut stream = (&[5u8, 0][..]).chain(&b"\0\0he"[..]).chain(&b"llo"[..]);
        let message = read_message(&mut stream).unwrap().unwrap();
        assert_eq!(message, b"hello");
    }
}
"#;

/// rustlings and its exercises; they are removed when this is dropped.
pub struct Rustlings {
    folder: TempDir,
}

impl Rustlings {
    /// Install it from crates.io, and let it write its exercises. This takes about a minute.
    pub fn install() -> io::Result<Rustlings> {
        let rustlings = Rustlings { folder: tempfile::tempdir()? };
        let folder = rustlings.folder.path();
        let mut install = Command::new("cargo");
        install.args(["install", "--quiet", "--locked", VERSION, "--root"]).arg(folder);
        install.current_dir(folder).env_remove("CARGO_TARGET_DIR");
        expect_success("cargo install rustlings", install.status()?)?;
        let mut init = rustlings.command(&["init"]);
        init.current_dir(folder).stdin(Stdio::piped());
        let mut init = init.stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
        init.stdin.take().expect("stdin is piped").write_all(b"\n")?;
        expect_success("rustlings init", init.wait()?)?;
        Ok(rustlings)
    }

    /// The exercise's file.
    pub fn exercise(&self) -> PathBuf {
        self.root().join("exercises/quizzes").join(format!("{EXERCISE}.rs"))
    }

    /// Make one of our answers an exercise of rustlings.
    pub fn with_tests(answer: &str) -> String {
        format!("{answer}{TESTS}")
    }

    /// Grade the exercise; from then on rustlings watches this one.
    pub fn run(&self) -> Command {
        let mut command = self.command(&["run", EXERCISE]);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command
    }

    /// Watch the exercise that was graded last; it must be red for that.
    pub fn watch(&self) -> io::Result<Command> {
        fs::write(self.exercise(), "fn main() { red }")?;
        self.run().status()?;
        Ok(self.command(&[]))
    }

    fn root(&self) -> PathBuf {
        self.folder.path().join("rustlings")
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(self.folder.path().join("bin/rustlings"));
        command.args(arguments).current_dir(self.root());
        command.env_remove("CARGO_TARGET_DIR").env_remove("RUST_BACKTRACE");
        command
    }
}
