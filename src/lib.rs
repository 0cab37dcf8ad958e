//! The kit that grades the lessons: a network under control, and failures told as stories.
//!
//! A graded test reads like this: its body goes through the one door ([`graded`]), puts an answer on
//! a scripted [`Wire`], and says what must come back.
//!
//! ```no_run
//! # use netkata::{Wire, graded, returns};
//! # fn read_message(_: &mut impl std::io::Read) -> std::io::Result<Option<Vec<u8>>> { Ok(None) }
//! graded(|| {
//!     let mut wire = Wire::delivers([&b"\x05\0\0\0h"[..], b"e", b"llo"]);
//!     wire.expect("read_message", returns(Some(b"hello".to_vec())), |wire| read_message(wire));
//! });
//! ```

mod cause;
mod census;
mod crowd;
mod diagnosis;
mod door;
mod folder;
mod kernel;
mod meter;
mod peer;
mod place;
pub mod programs;
mod property;
pub mod record;
#[cfg(feature = "runner")]
pub mod runner;
mod scene;
mod served;
mod stepped;
mod story;
mod subprocess;
mod tcp;
mod told;
mod udp;
mod wire;
pub mod words;

pub use cause::Cause;
pub use census::{Census, Watched, writable_memory};
pub use crowd::{Client, Crowd, local_listener};
pub use door::{
    Background, DEADLINE, builds_on, forgive_panics, further, graded, graded_within, in_background,
};
pub use folder::Folder;
pub use kernel::{TcpEnd, TcpState};
pub use meter::{MemoryWatch, Workload, bytes_allocated, bytes_held, processor_time};
pub use partial_io::PartialOp;
pub use peer::{DeafPort, TcpCall, TcpPeer};
pub use property::{CASES, SEED_VARIABLE, Segmented, for_any, for_any_segmentation};
pub use scene::{Expected, Scene, fail, fails_with, returns};
pub use served::{Serve, Served};
pub use stepped::Stepped;
pub use story::{Mark, Row, Story};
pub use subprocess::{Apart, Server, graded_apart};
pub use tcp::{LateNetwork, LateSender, connected};
pub use told::{Told, counted, grouped, quoted};
pub use udp::{
    Heard, LARGEST_DATAGRAM, Settings, UdpPeer, UdpServer, hear_of_unreachable_ports, heard,
    local_udp_socket, other_host,
};
pub use wire::{CALL_BUDGET, Meanwhile, Wire};
