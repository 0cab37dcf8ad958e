//! The sandbox around a worker, and with it around rustc, the tests and the submission.
//!
//! With bubblewrap a worker sees the system's programs, the toolchain and the course without its answers,
//! and can write only to folders in memory that vanish with it. It has a loopback of its own and no other
//! network. It receives the submission on its standard input, so it needs to see no folder of submissions.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use netkata_runner::course::Course;
use netkata_runner::failure::Failure;
use netkata_runner::grading::sandbox::fence;

use crate::results::Sandbox;
use crate::words;

/// The system's own files.
const SYSTEM: [&str; 8] = ["/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/nix", "/etc"];
/// The size of each folder in memory, in bytes: 1 GiB.
const ROOM: &str = "1073741824";

/// Find the strongest sandbox that works here. Without any, it is a failure unless `unsandboxed`.
pub fn strongest(course: &Course, unsandboxed: bool) -> Result<Sandbox, Failure> {
    if unsandboxed {
        Ok(Sandbox::None)
    } else if works(course) {
        Ok(Sandbox::Bubblewrap)
    } else if cfg!(target_os = "linux") && fence::stands() {
        Ok(Sandbox::Landlock)
    } else {
        Err(Failure::of_machine(words::NO_SANDBOX))
    }
}

/// The command that starts a program of the course in this sandbox.
pub fn command(sandbox: Sandbox, course: &Course, program: &Path) -> Command {
    match sandbox {
        Sandbox::Bubblewrap => bubblewrap(course, program),
        // The runner builds the fence around the tests.
        Sandbox::Landlock | Sandbox::None => Command::new(program),
    }
}

/// Whether bubblewrap works: it may be missing, or the system may not allow a user to make namespaces.
fn works(course: &Course) -> bool {
    let mut command = bubblewrap(course, Path::new("true"));
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

fn bubblewrap(course: &Course, program: &Path) -> Command {
    let mut command = Command::new("bwrap");
    command.args(["--unshare-all", "--die-with-parent", "--new-session"]);
    command.args(["--proc", "/proc", "--dev", "/dev"]);
    command.args(["--size", ROOM, "--tmpfs", "/tmp"]);
    for place in SYSTEM.map(Path::new).iter().filter(|place| place.exists()) {
        match fs::read_link(place) {
            Ok(target) => {
                command.arg("--symlink").arg(target).arg(place);
            }
            Err(_) => visible(&mut command, place),
        }
    }
    for place in toolchain() {
        visible(&mut command, &place);
    }
    visible(&mut command, course.root());
    let target = course.target();
    visible(&mut command, &target);
    hidden(&mut command, &target.join("kata"));
    visible(&mut command, &target.join("kata/patterns"));
    for place in [".git", "tests/cheats", "benches"].map(|name| course.root().join(name)) {
        hidden(&mut command, &place);
    }
    for lesson in course.lessons() {
        for name in ["right", "wrong"] {
            hidden(&mut command, &lesson.file(name));
        }
        let solution = lesson.file("solution.rs");
        if solution.exists() {
            command.arg("--ro-bind").arg("/dev/null").arg(solution);
        }
    }
    command.arg("--chdir").arg(course.root()).arg("--").arg(program);
    command
}

/// Let the worker read a place.
fn visible(command: &mut Command, place: &Path) {
    command.arg("--ro-bind-try").arg(place).arg(place);
}

/// Let the worker see an empty folder in its place.
fn hidden(command: &mut Command, place: &Path) {
    if place.is_dir() {
        command.args(["--size", ROOM, "--tmpfs"]).arg(place);
    }
}

/// Where rustup and cargo keep the toolchain; not cargo's credentials.
fn toolchain() -> Vec<PathBuf> {
    let home = |variable, name| {
        let set = std::env::var_os(variable).map(PathBuf::from);
        set.or_else(|| Some(std::env::home_dir()?.join(name)))
    };
    let mut places: Vec<PathBuf> = home("RUSTUP_HOME", ".rustup").into_iter().collect();
    if let Some(cargo) = home("CARGO_HOME", ".cargo") {
        places.extend(["bin", "config.toml", "config"].map(|name| cargo.join(name)));
    }
    places
}
