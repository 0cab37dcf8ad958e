//! Grades a program in any language by what it does on the wire.
//!
//! A lesson's checks of its function calls need an answer in Rust. The checks here need a process: `launch` starts
//! it, `program` knows what it does and prints, and `peer` and `datagrams` are the course's ends of its
//! connections. A `Stage` holds all of them for one check. The checks themselves are in `tests/programs/`, a file
//! per lesson; `suite` lists and runs them.
//!
//! As in the kit, no wait ends because of time: it ends when what was waited for has come, or when the kernel shows
//! that the program waits as well, and nothing is on its way to it.

extern crate self as netkata_programs;

pub mod catalogue;
pub mod causes;
mod datagrams;
mod events;
mod family;
mod language;
mod launch;
mod peer;
mod pressure;
mod program;
mod stage;
pub mod suite;
mod terminal;
pub mod words;

pub use datagrams::Datagrams;
pub use family::Family;
pub use language::{LANGUAGES, Language};
pub use launch::{Launch, Start, Target};
pub use peer::{Peer, Then};
pub use program::{NotReady, Program, stop_all};
pub use stage::Stage;
pub use suite::{Check, Graded, Role, Suite, Transport};

/// The suites of each lesson, from the files in `tests/programs/`.
mod lessons {
    include!(concat!(env!("OUT_DIR"), "/lessons.rs"));
}
