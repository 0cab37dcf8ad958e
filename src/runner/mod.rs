//! The commands of `cargo kata`, behind the feature `runner`.

pub mod demo;
