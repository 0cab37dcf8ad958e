//! Starting without cargo: `just` and the shell's `kata` start the built program itself, which is sooner than
//! `cargo run`. The program then checks what cargo would have checked, and lets cargo build and start it
//! again if it is older than a file that it was built from.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::SystemTime;

use crate::course::Course;
use crate::failure::Failure;
use crate::words;

/// Do the same through cargo, unless cargo has started this program or would start just this one. When in
/// doubt, cargo decides.
pub(crate) fn through_cargo() -> Option<Result<ExitCode, Failure>> {
    let by_cargo =
        std::env::var_os("CARGO_PKG_NAME").is_some_and(|it| it == env!("CARGO_PKG_NAME"));
    if by_cargo || is_up_to_date().unwrap_or(false) {
        return None;
    }
    let mut cargo = Command::new("cargo");
    cargo.arg("kata").args(std::env::args_os().skip(1));
    Some(become_it(cargo).map_err(|error| Failure::of_machine(words::failed_to_start_cargo(error))))
}

/// Whether this program was built from the course here, as that is now; `None` if that cannot be known.
fn is_up_to_date() -> Option<bool> {
    let built_from = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().ok()?;
    let here = Course::find(&std::env::current_dir().ok()?).ok()?;
    if here.root().canonicalize().ok()? != built_from {
        return Some(false);
    }
    let program = std::env::current_exe().ok()?;
    let built = changed(&program)?;
    let listed = fs::read_to_string(program.with_extension("d")).ok()?;
    let mut files = sources(&listed)?;
    files.extend(SETTINGS.iter().map(|file| built_from.join(file)));
    Some(files.iter().all(|file| changed(file).is_some_and(|changed| changed < built)))
}

/// What cargo reads besides the sources: which packages there are, their versions, and how to compile them.
const SETTINGS: [&str; 6] = [
    "Cargo.toml",
    "Cargo.lock",
    ".cargo/config.toml",
    "src/demos/Cargo.toml",
    "src/kit/Cargo.toml",
    "src/runner/Cargo.toml",
];

fn changed(file: &Path) -> Option<SystemTime> {
    fs::metadata(file).ok()?.modified().ok()
}

/// The files after the colon in `program: file file`, as cargo lists them: `\ ` is a space within a name.
fn sources(listed: &str) -> Option<Vec<PathBuf>> {
    let (_, files) = listed.trim_end().split_once(": ")?;
    let files = files.replace("\\ ", "\0");
    Some(files.split(' ').map(|file| PathBuf::from(file.replace('\0', " "))).collect())
}

/// Replace this program by another, which then has the terminal for itself.
#[cfg(unix)]
pub(crate) fn become_it(mut command: Command) -> std::io::Result<ExitCode> {
    use std::os::unix::process::CommandExt;
    Err(command.exec())
}

#[cfg(not(unix))]
pub(crate) fn become_it(mut command: Command) -> std::io::Result<ExitCode> {
    let code = command.status()?.code().and_then(|code| u8::try_from(code).ok());
    Ok(ExitCode::from(code.unwrap_or(1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_listed_file_may_have_spaces_in_its_name() {
        let listed =
            "/a course/target/debug/kata: /a\\ course/src/main.rs /a\\ course/src/lib.rs\n";
        let expected = ["/a course/src/main.rs", "/a course/src/lib.rs"].map(PathBuf::from);
        assert_eq!(sources(listed), Some(expected.to_vec()));
    }
}
