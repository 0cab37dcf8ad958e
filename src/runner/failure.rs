//! What a command says when it cannot do what was asked: one line, and an exit code.

use std::fmt;
use std::io;
use std::path::Path;

use crate::words;

/// Why a command stopped: what was attempted, and what to do.
#[derive(Clone, Debug)]
pub struct Failure {
    /// One line, beginning in lower case.
    pub message: String,
    /// The exit code: 1, or 2 where the command line was at fault, or 130 after Ctrl-C.
    pub code: u8,
}

impl Failure {
    /// The work could not be done: exit 1.
    pub fn new(message: impl Into<String>) -> Failure {
        Failure { message: message.into(), code: 1 }
    }

    /// What was asked for does not exist or makes no sense: exit 2.
    pub fn usage(message: impl Into<String>) -> Failure {
        Failure { message: message.into(), code: 2 }
    }

    /// Somebody pressed Ctrl-C: exit 130, as shells have it.
    pub(crate) fn interrupted() -> Failure {
        Failure { message: words::INTERRUPTED.to_owned(), code: 130 }
    }

    /// The system refused: `doing` is what was attempted with `path`, as in `failed to read …`.
    pub fn of_file<'a>(doing: &'a str, path: &'a Path) -> impl Fn(io::Error) -> Failure + 'a {
        move |error| Failure::new(words::failed(doing, path.display(), error))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for Failure {}
