//! The output of the commands: pages of text, laid out for the terminal, and the lesson's own pages.

pub mod checks;
pub(crate) mod differences;
pub mod hints;
pub(crate) mod page;
pub mod readme;
pub mod report;
