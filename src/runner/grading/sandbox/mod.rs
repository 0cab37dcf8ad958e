//! Around a test program: it is one process group (`group`), may change nothing but a folder of its own
//! (`fence`), and all that it has started is found and ended (`family`).

pub(crate) mod family;
pub mod fence;
pub(crate) mod group;
