//! What a command prints when it cannot do what was asked: one line and an exit code.

use std::fmt;
use std::io;
use std::path::Path;

use crate::words;

/// Why a command stopped: what was attempted, and what to do.
#[derive(Clone, Debug)]
pub struct Failure {
    /// One line, starting in lower case.
    pub message: String,
    /// The exit code: 1; 2 if the command line was wrong; 3 if the machine is to blame, or the course on it;
    /// 130 after Ctrl-C.
    pub code: u8,
}

impl Failure {
    /// The exit code if the machine lacks something, or the course is broken, and no answer is to blame.
    pub const OF_THE_MACHINE: u8 = 3;

    /// The command could not do its work: exit 1.
    pub fn new(message: impl Into<String>) -> Failure {
        Failure { message: message.into(), code: 1 }
    }

    /// The machine could not do what every answer needs: exit 3.
    pub fn of_machine(message: impl Into<String>) -> Failure {
        Failure { message: message.into(), code: Failure::OF_THE_MACHINE }
    }

    /// Whether the machine is to blame.
    pub(crate) fn is_of_machine(&self) -> bool {
        self.code == Failure::OF_THE_MACHINE
    }

    /// The request names something that does not exist or makes no sense: exit 2.
    pub fn usage(message: impl Into<String>) -> Failure {
        Failure { message: message.into(), code: 2 }
    }

    /// The user pressed Ctrl-C: exit 130, as in shells.
    pub(crate) fn interrupted() -> Failure {
        Failure { message: words::INTERRUPTED.to_owned(), code: 130 }
    }

    /// The system refused an operation: `doing` is what was attempted with `path`, as in `failed to read …`.
    pub fn of_file<'a>(doing: &'a str, path: &'a Path) -> impl Fn(io::Error) -> Failure + 'a {
        move |error| Failure::of_machine(words::failed(doing, path.display(), error))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for Failure {}
