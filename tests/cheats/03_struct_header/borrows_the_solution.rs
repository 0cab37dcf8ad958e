//! Ends as error: includes another file, lessons/03_struct_header/solution.rs.
//!
//! Contains no code of its own.

#[path = "../../../lessons/03_struct_header/solution.rs"]
mod solution;

pub use solution::*;
