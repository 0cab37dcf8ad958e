//! The commands of `cargo kata`.
//!
//! From the outside in: `commands` reads the command line and is what a student meets; `grading` says
//! what an answer is worth, with `grading::build`, which asks cargo for a test program, of a throw-away
//! package (`grading::package`) unless the answer is the exercise, and `grading::run`, which runs it and
//! keeps its record; `pages` lays out what is shown.

pub mod answer;
pub mod audit;
mod commands;
mod control;
pub mod course;
pub mod failure;
pub mod grading;
mod interrupt;
pub mod mistake;
pub mod pages;
pub mod programs;
mod progress;
mod watch;
mod words;

pub use commands::main;
