//! The demonstrations: the subjects of the lessons, live, on real sockets.

mod act;
mod bilingual;
mod ends;
mod event;
mod figures;
pub mod hmac;
pub mod io_models;
mod json;
pub mod lifecycle;
mod live;
mod page;
mod picture;
pub mod polling;
mod room;
mod screen;
pub mod server;
mod stage;
pub mod sticky;
mod text;
pub mod threads;
mod words;

pub use act::Demonstration;
pub use event::{Draw, Event};
pub use json::Lines;
pub use live::Live;
pub use page::Replay;
pub use picture::picture;
pub use screen::Screen;
