//! The demonstrations: what the lessons are about, live, on real sockets.

mod act;
pub mod hmac;
pub mod io_models;
pub mod polling;
mod room;
mod screen;
mod stage;
pub mod sticky;
mod text;
pub mod threads;

pub use act::Options;
