//! The commands of `cargo kata`.
//!
//! From the outside in: `commands` reads the command line and runs what the student asked for. `grading`
//! finds the verdict on an answer: `grading::pattern` lets cargo build a lesson once, `grading::rustc` compiles
//! the answer in the same way, `grading::kept` keeps the program, and `grading::run` runs it and keeps its
//! record. `pages` lays out the output.

pub mod answer;
pub mod audit;
mod commands;
mod control;
pub mod course;
pub mod failure;
mod files;
pub mod grading;
pub mod interrupt;
mod language;
pub mod mistake;
pub mod pages;
pub mod programs;
mod progress;
mod start;
pub mod version;
mod watch;
mod words;

pub use commands::{is_for_students, main};
pub use grading::rustc::stand_in;
