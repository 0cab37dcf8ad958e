//! What a grading needs of the machine, tested before an answer is blamed.

use std::io::{ErrorKind, Write};
use std::net::Ipv4Addr;

use cargo_metadata::diagnostic::{Diagnostic, DiagnosticLevel};

use crate::failure::Failure;
use crate::words;

/// How much room the disk for temporary files must have, in bytes.
const ROOM: usize = 1024 * 1024;
/// What a system says when it refuses something: as Rust adds to each of its errors, and as the linker says it,
/// for a full disk (a bus error, too), a read-only one, a broken one, and for too little memory.
const REFUSALS: [&str; 7] = [
    r"(os error ",
    r"No space left on device",
    r"Disk quota exceeded",
    r"Bus error",
    r"Read-only file system",
    r"Input/output error",
    r"Cannot allocate memory",
];

/// Something that the machine lacks, and the command that helps.
pub(crate) struct Lack {
    /// What it is, in one line.
    pub what: String,
    /// The command.
    pub command: String,
}

/// Fail if the machine lacks what every grading needs.
pub(crate) fn check() -> Result<(), Failure> {
    let lack = |Lack { what, command }: Lack| Failure::of_machine(words::helped_by(what, command));
    loopback().and_then(|()| disk()).map_err(lack)
}

/// Whether the machine can send a byte to itself.
pub(crate) fn loopback() -> Result<(), Lack> {
    let answers = netkata::machine::send_a_byte(Ipv4Addr::LOCALHOST.into());
    answers.map_err(|error| match error.kind() {
        ErrorKind::AddrInUse => {
            Lack { what: words::NO_FREE_PORT.to_owned(), command: r"ss -tan".to_owned() }
        }
        _ => Lack {
            what: words::ipv4_does_not_answer(error),
            command: r"sudo ip link set lo up".to_owned(),
        },
    })
}

/// Whether there is room for what the checks write: an answer that fails there is not to blame.
pub(crate) fn disk() -> Result<(), Lack> {
    let folder = std::env::temp_dir();
    let written = tempfile::tempfile().and_then(|mut file| file.write_all(&[0; ROOM]));
    written.map_err(|error| Lack {
        what: words::temporary_files_are_refused(folder.display(), error),
        command: format!(r"df -h {}", folder.display()),
    })
}

/// What was refused to rustc or to the linker; `None` if a message of rustc's is about the code.
pub(crate) fn refused_to_rustc(message: &Diagnostic) -> Option<String> {
    let is_about_code = message.code.is_some() || !message.spans.is_empty();
    let is_error = matches!(message.level, DiagnosticLevel::Error | DiagnosticLevel::Ice);
    let texts =
        std::iter::once(&message.message).chain(message.children.iter().map(|it| &it.message));
    (is_error && !is_about_code)
        .then(|| texts.map(|text| refused(text)).find_map(|it| it))
        .flatten()
}

/// The line of a program's output that says what the system refused.
pub(crate) fn refused(text: &str) -> Option<String> {
    let is_refusal = |line: &&str| REFUSALS.iter().any(|refusal| line.contains(refusal));
    text.lines().find(is_refusal).map(|line| line.trim().to_owned())
}
