//! What Linux says of threads and sockets, in `/proc`. Elsewhere nothing is known, and the callers do without.

pub mod sockets;
pub mod threads;
