//! Ends as error: takes in another file, lessons/03_struct_header/solution.rs.
//!
//! Has nothing of its own.

#[path = "../../../lessons/03_struct_header/solution.rs"]
mod solution;

pub use solution::*;
