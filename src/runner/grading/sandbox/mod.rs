//! The sandbox of a test program: it is one process group (`group`), can change only its own folder
//! (`fence`), and every program that it starts is found and stopped (`family`).

pub(crate) mod family;
pub mod fence;
pub(crate) mod group;
