//! What Linux shows of threads and sockets in `/proc`, and does to them. On other systems it is unknown, and the kit works
//! without it.

pub(crate) mod signals;
pub mod sockets;
pub mod threads;
