//! Measure how many small exchanges a second the servers of lessons 4 and 5 manage on one core.
//!
//! `just bench servers` lets them take turns with CPython's `socketserver` and with a bare loop of
//! `read` and `write` on a thread per connection, which no server of threads can beat. Nothing is
//! asserted: whoever runs this judges.

mod clients;
mod cores;
#[path = "../median.rs"]
mod median;
mod server;
mod table;

use std::io;
use std::thread;
use std::time::Duration;

use clients::{Room, Talk};
use cores::Cores;
use server::{Kind, Server};
use table::Measured;

/// How often every server has its turn.
const ROUNDS: usize = 5;
/// For how long it is driven each time, left alone, and then watched while it has nothing to do.
const DRIVEN: Duration = Duration::from_millis(500);
const SETTLED: Duration = Duration::from_millis(100);
const IDLE: Duration = Duration::from_millis(500);

const APART: &str = "\
Each server has one core to itself, its clients another. A client asks again as soon as it has been
answered. So the figures say what an exchange costs a server, not on how many cores it can spread.

  CPU/exchange  the server's processor time, most of it the kernel's, for a read and a write
  busy          the part of its core that the server used: at 100 %, the core was the limit
  in vain       how often a client looked for its answer too early: near 0 %, the clients were slower
  idle second   the processor time of a second in which nobody says anything";
const TOGETHER: &str = "\
There is one core, or nobody can be told where to run: the servers share all there is with their
clients, and the scheduler is measured, too.";

fn main() -> io::Result<()> {
    // Cargo adds `--bench`, which says nothing here.
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["serve", name] => server::serve(Kind::named(name)?),
        [] | ["servers"] => measure(),
        _ => Err(io::Error::other("there is one benchmark: `just bench servers`")),
    }
}

fn measure() -> io::Result<()> {
    let mut kinds = vec![Kind::Polling, Kind::Threading, Kind::CPython, Kind::Bare];
    if let Err(error) = server::python_answers() {
        println!("CPython's socketserver.ThreadingTCPServer is left out: no python3 ({error})");
        kinds.retain(|kind| *kind != Kind::CPython);
    }
    // The threading server holds two descriptors a connection.
    let most = clients::raise_descriptor_limit(2 * 2000 + 100).saturating_sub(100) / 2;
    if most < 2000 {
        println!("this system's limit of descriptors allows {most} connections, not 2000");
    }
    let cores = Cores::choose();
    println!("{}", if cores.are_apart() { APART } else { TOGETHER });
    compare(&kinds, cores, 100.min(most), 100.min(most))?;
    compare(&kinds, cores, 2000.min(most), 20.min(most))
}

/// Let the servers take turns, and print how they did.
fn compare(kinds: &[Kind], cores: Cores, connections: usize, busy: usize) -> io::Result<()> {
    println!("\n{connections} connections, {busy} of them busy; {ROUNDS} rounds");
    let mut measured = vec![Vec::new(); kinds.len()];
    for round in 0..ROUNDS {
        for turn in 0..kinds.len() {
            // Another one begins each round, so that nobody is always served warm or cold.
            let index = (round + turn) % kinds.len();
            measured[index].push(take_turn(kinds[index], cores, connections, busy)?);
        }
    }
    table::print(kinds, &measured);
    Ok(())
}

/// Drive one server, in a fresh process, and then let it idle with its connections open.
fn take_turn(kind: Kind, cores: Cores, connections: usize, busy: usize) -> io::Result<Measured> {
    let mut server = Server::start(kind, cores)?;
    let mut room = Room::enter(server.address(), connections)?;
    let entered = server.processor_time()?;
    let Talk { exchanges, looks, lasted } = room.talk(busy, DRIVEN)?;
    let driven = server.processor_time()? - entered;
    thread::sleep(SETTLED);
    let settled = server.processor_time()?;
    thread::sleep(IDLE);
    Ok(Measured {
        rate: exchanges as f64 / lasted.as_secs_f64(),
        processor_an_exchange: driven.as_secs_f64() / exchanges as f64,
        busy: driven.as_secs_f64() / lasted.as_secs_f64(),
        in_vain: 1.0 - exchanges as f64 / looks as f64,
        processor_idle: (server.processor_time()? - settled).as_secs_f64() / IDLE.as_secs_f64(),
    })
}
