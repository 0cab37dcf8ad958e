//! The demonstrations: what the lessons are about, live, on real sockets.

pub mod sticky;
