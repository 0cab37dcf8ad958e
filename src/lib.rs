//! The kit that grades the lessons: a network under control, and failures told as stories.

pub mod record;
#[cfg(feature = "runner")]
pub mod runner;
mod story;

pub use story::{Mark, Row, Story};
