//! The command `kata class`: grades what a whole class hands in.
//!
//! `submissions` finds the files, `grading` has each graded by a worker of its own, in a sandbox, and keeps
//! the verdicts. `score` gives points, and `results` is what comes out. docs/CLASS.md is for its users.

pub mod class;
pub mod command;
pub mod emit;
pub mod formats;
pub mod grading;
pub mod likeness;
mod merge;
mod reports;
pub mod results;
pub mod score;
mod shard;
pub mod slurm;
pub mod submissions;
mod words;
