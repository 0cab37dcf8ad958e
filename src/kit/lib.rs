//! The kit that grades the lessons: a network under control, and failures reported as stories.
//!
//! A graded test reads like this: its body runs inside the one door ([`graded`]), puts an answer on a
//! scripted [`Wire`], and states what must come back.
//!
//! ```no_run
//! # use netkata::{Wire, graded, returns};
//! # fn read_message(_: &mut impl std::io::Read) -> std::io::Result<Option<Vec<u8>>> { Ok(None) }
//! graded(|| {
//!     let mut wire = Wire::delivers([&b"\x05\0\0\0h"[..], b"e", b"llo"]);
//!     wire.expect("read_message", returns(Some(b"hello".to_vec())), |wire| read_message(wire)); });
//! ```

mod background;
mod cause;
mod census;
mod check;
pub mod columns;
mod current;
mod diagnosis;
mod folder;
mod language;
pub mod linux;
pub mod machine;
mod meter;
mod net;
pub mod programs;
mod property;
mod quiet;
pub mod record;
mod scene;
mod story;
mod transcript;
pub mod words;

pub use background::{Background, in_background};
pub use cause::Cause;
pub use census::{Census, writable_memory};
pub use check::{
    DEADLINE, builds_on, forgive_panics, further, grade, graded, graded_within, test_name,
};
pub use folder::Folder;
pub use language::{Language, Text, sentence};
pub use linux::sockets::{TcpEnd, TcpState};
pub use machine::needs_descriptors;
pub use meter::{MemoryWatch, Workload, bytes_allocated, bytes_held, processor_time};
pub use net::crowd::{Client, Crowd, local_listener};
pub use net::far_end::{FarEnd, Watch};
pub use net::late::{LateNetwork, LateSender, close_with_a_reset, connected};
pub use net::peer::{DeafPort, TcpCall, TcpPeer};
pub use net::served::{Serve, Served};
pub use net::stepped::Stepped;
pub use net::subprocess::{Apart, Server, graded_apart};
pub use net::udp::{
    Heard, LARGEST_DATAGRAM, Settings, UdpPeer, UdpServer, hear_of_unreachable_ports, heard,
    local_udp_socket, other_host,
};
pub use net::wire::{CALL_BUDGET, Meanwhile, Wire};
pub use partial_io::PartialOp;
pub use property::{CASES, SEED_VARIABLE, Segmented, for_any, for_any_segmentation};
pub use quiet::{Quiet, Sockets, Still};
pub use scene::{Expected, Scene, fail, fails_with, returns};
pub use story::values::{Describe, Finding, compared, counted, grouped, lines, quoted};
pub use story::{Mark, Row, Story};
pub use transcript::{hex, joined};
