//! What Linux shows of threads and sockets in `/proc`. On other systems it is unknown, and the kit works
//! without it.

pub mod sockets;
pub mod threads;
