//! What a grading needs of the machine, tested before an answer is blamed.

use std::io::{self, ErrorKind};
use std::net::Ipv4Addr;

use crate::failure::Failure;
use crate::words;

/// Something that the machine lacks, and the command that helps.
pub(crate) struct Lack {
    /// What it is, in one line.
    pub what: String,
    /// The command.
    pub command: &'static str,
}

/// Fail if the machine lacks what every grading needs.
pub(crate) fn check() -> Result<(), Failure> {
    let lack = |Lack { what, command }: Lack| Failure::new(words::helped_by(what, command));
    loopback().map_err(lack)
}

/// Whether the machine can send a byte to itself.
pub(crate) fn loopback() -> Result<(), Lack> {
    netkata::machine::send_a_byte(Ipv4Addr::LOCALHOST.into()).map_err(|error| lack(&error))
}

fn lack(error: &io::Error) -> Lack {
    match error.kind() {
        ErrorKind::AddrInUse => {
            Lack { what: words::NO_FREE_PORT.to_owned(), command: r"ss --tcp --all --numeric" }
        }
        _ => Lack { what: words::ipv4_does_not_answer(error), command: r"sudo ip link set lo up" },
    }
}
