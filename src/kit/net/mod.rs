//! The network that an answer meets: scripted wires, and peers, crowds and servers on real loopback sockets.

pub(crate) mod crowd;
pub(crate) mod far_end;
pub(crate) mod late;
pub(crate) mod peer;
pub(crate) mod served;
pub(crate) mod stepped;
pub(crate) mod subprocess;
pub(crate) mod udp;
pub(crate) mod wire;
