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
    /// The names that the user can choose instead; the likeliest first.
    pub(crate) choices: Vec<String>,
    /// The exit code: 1; 2 if the command line was wrong; 3 if the machine is to blame, or the course on it;
    /// 130 after Ctrl-C.
    pub code: u8,
}

impl Failure {
    /// The exit code if the machine lacks something, or the course is broken, and no answer is to blame.
    pub const OF_THE_MACHINE: u8 = 3;

    /// The command could not do its work: exit 1.
    pub fn new(message: impl Into<String>) -> Failure {
        Failure::with_code(1, message)
    }

    /// The machine could not do what every answer needs: exit 3.
    pub fn of_machine(message: impl Into<String>) -> Failure {
        Failure::with_code(Failure::OF_THE_MACHINE, message)
    }

    /// Whether the machine is to blame.
    pub(crate) fn is_of_machine(&self) -> bool {
        self.code == Failure::OF_THE_MACHINE
    }

    /// The request names something that does not exist or makes no sense: exit 2.
    pub fn usage(message: impl Into<String>) -> Failure {
        Failure::with_code(2, message)
    }

    /// The request names something that does not exist, unlike these `names`: exit 2. A name may have two parts,
    /// as in `3 struct_header`; one that is like `typed` is proposed.
    pub fn unknown(what: String, typed: &str, names: Vec<String>) -> Failure {
        let likeness =
            |name: &String| name.split(' ').map(|it| likeness(typed, it)).fold(0.0, f64::max);
        let (mut choices, others): (Vec<_>, Vec<_>) =
            names.into_iter().partition(|name| likeness(name) > ALIKE);
        choices.sort_by(|a, b| likeness(b).total_cmp(&likeness(a)));
        let nearest = choices.first().and_then(|name| name.split(' ').next_back());
        let message = nearest.map(|name| words::did_you_mean(&what, name));
        choices.extend(others);
        Failure { choices, ..Failure::usage(message.unwrap_or(what)) }
    }

    /// The user pressed Ctrl-C: exit 130, as in shells.
    pub fn interrupted() -> Failure {
        Failure::with_code(130, words::INTERRUPTED)
    }

    fn with_code(code: u8, message: impl Into<String>) -> Failure {
        Failure { message: message.into(), choices: Vec::new(), code }
    }

    /// The system refused an operation: `doing` is what was attempted with `path`, as in `failed to read …`.
    pub fn of_file(doing: impl fmt::Display, path: &Path) -> impl Fn(io::Error) -> Failure {
        move |error| Failure::of_machine(words::failed(&doing, path.display(), error))
    }
}

/// How alike two names must be so that one is proposed for the other.
const ALIKE: f64 = 0.8;

/// From 0 to 1, which means that a name is, or contains, what was typed.
fn likeness(typed: &str, name: &str) -> f64 {
    // One or two letters are in many names.
    if typed.len() > 2 && name.contains(typed) {
        1.0
    } else if name.bytes().all(|byte| byte.is_ascii_digit()) {
        // Another number is not a misspelt one.
        0.0
    } else {
        strsim::jaro_winkler(typed, name)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for Failure {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_like_the_typed_one_come_first() {
        let names =
            ["1 greeting", "2 counting", "13 connection_lifecycle"].map(str::to_owned).to_vec();
        let failure = |typed| Failure::unknown("no".to_owned(), typed, names.clone());
        let near = failure("conting");
        assert_eq!(near.message, words::did_you_mean("no", "counting"));
        assert_eq!(near.choices[..2], ["2 counting", "1 greeting"]);
        let part = failure("lifecycle");
        assert_eq!(part.message, words::did_you_mean("no", "connection_lifecycle"));
        assert_eq!(part.choices[1..], names[..2], "the others stay in their order");
        let none = failure("22");
        assert_eq!((none.message.as_str(), none.choices), ("no", names));
    }
}
