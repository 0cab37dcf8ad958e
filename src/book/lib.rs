//! The course as a book in each language, made from the files of the course.
//!
//! `book` collects the pages, and `stories` what the naive programs fail with. `mdbook` builds the book from both.
//! `handout` makes a lesson a page to print.

pub mod book;
pub mod command;
pub mod handout;
pub mod hints;
pub mod links;
mod mdbook;
pub mod stories;
pub mod words;
