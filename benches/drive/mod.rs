//! Drive servers that answer in capitals, each on its own core, and measure them: shared by `just bench
//! servers` and `just bench models`.

pub mod bare;
mod clients;
mod cores;
#[path = "../median.rs"]
mod median;
mod table;

use std::io;
use std::net::SocketAddr;
use std::thread;
use std::time::Duration;

pub use clients::{Room, raise_descriptor_limit};
pub use cores::Cores;
pub use median::median;
pub use table::Table;

use clients::Talk;
use netkata::counted;
use table::Measured;

/// How many turns every server gets.
pub const ROUNDS: usize = 5;
/// How long a server is driven in each turn, then left alone, then measured while idle.
const DRIVEN: Duration = Duration::from_millis(500);
const SETTLED: Duration = Duration::from_millis(100);
const IDLE: Duration = Duration::from_millis(500);

const APART: &str = "\
Each server has one core to itself, its clients another. A client asks again as soon as it has been
answered. So the figures say what an exchange costs a server, not on how many cores it can spread.

  CPU/exchange  the server's processor time, most of it the kernel's, for a read and a write
  busy          the part of its core that the server used: at 100 %, the core was the limit
  in vain       how often a client looked for its answer too early: near 0 %, the clients were slower
  idle second   the processor time of a second in which no client sends anything";
const TOGETHER: &str = "\
There is one core, or processes cannot be bound to cores: the servers share all of them with their
clients, and the scheduler is measured, too.";

/// A server in its own process, which ends when this is dropped.
pub trait Driven {
    fn address(&self) -> SocketAddr;

    /// The processor time of all its threads so far.
    fn processor_time(&mut self) -> io::Result<Duration>;
}

/// Print what is measured on these cores, and what the columns mean.
pub fn explain(cores: Cores) {
    println!("{}", if cores.are_apart() { APART } else { TOGETHER });
}

/// Let the servers with these names take turns; `start` starts one by its index in the list.
pub fn compare<S: Driven>(
    names: &[&'static str],
    connections: usize,
    busy: usize,
    start: impl Fn(usize) -> io::Result<S>,
) -> io::Result<Table> {
    let crowd = counted(connections, "connection");
    println!("\n{crowd}, {busy} of them busy; {ROUNDS} rounds");
    let mut table = Table::of(names);
    for round in 0..ROUNDS {
        for turn in 0..names.len() {
            // Another server begins each round, so that no server is always first or last.
            let at = (round + turn) % names.len();
            table.add(at, take_turn(start(at)?, connections, busy)?);
        }
    }
    Ok(table)
}

/// Drive a server, then let it idle with its connections open.
fn take_turn(mut server: impl Driven, connections: usize, busy: usize) -> io::Result<Measured> {
    let mut room = Room::enter(server.address(), connections)?;
    let entered = server.processor_time()?;
    let Talk { exchanges, polls, lasted } = room.talk(busy, DRIVEN)?;
    let driven = server.processor_time()? - entered;
    thread::sleep(SETTLED);
    let settled = server.processor_time()?;
    thread::sleep(IDLE);
    Ok(Measured {
        rate: exchanges as f64 / lasted.as_secs_f64(),
        processor_an_exchange: driven.as_secs_f64() / exchanges as f64,
        busy: driven.as_secs_f64() / lasted.as_secs_f64(),
        in_vain: 1.0 - exchanges as f64 / polls as f64,
        processor_idle: (server.processor_time()? - settled).as_secs_f64() / IDLE.as_secs_f64(),
    })
}
