//! The commands of `cargo kata`, behind the feature `runner`.
//!
//! From the outside in: `command` reads the command line and is what a student meets; `grade` says
//! what an answer is worth; `build` asks cargo for a test program, of a throw-away package
//! (`package`) unless the answer is the exercise; `run` runs it under watch and keeps its record.

pub mod answer;
mod asker;
pub mod audit;
mod build;
mod command;
pub mod course;
pub mod demo;
mod digest;
pub mod failure;
mod family;
pub mod fence;
pub mod grade;
mod group;
pub mod hints;
mod interrupt;
mod keys;
pub mod mistake;
pub mod package;
mod page;
mod printed;
pub mod programs;
mod progress;
pub mod readme;
mod report;
mod run;
mod saves;
pub mod server;
mod words;

pub use command::main;
