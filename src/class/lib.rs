//! Grades what a whole class hands in.

pub mod results;
