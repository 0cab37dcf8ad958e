//! Measure how many small exchanges a second the servers of lessons 4 and 5 manage.
//!
//! `just bench servers` lets them take turns with CPython's `socketserver` and with a bare loop of
//! `read` and `write` on a thread per connection, which is the limit. Nothing is asserted: whoever runs this judges.

mod clients;
mod server;
mod table;

use std::io;
use std::thread;
use std::time::Duration;

use clients::Room;
use cpu_time::ProcessTime;
use server::{Kind, Server};
use table::Measured;

/// How often every server has its turn.
const ROUNDS: usize = 7;
/// For how long it is driven each time, and left alone before its idle second.
const DRIVEN: Duration = Duration::from_millis(500);
const SETTLED: Duration = Duration::from_millis(200);
const IDLE: Duration = Duration::from_secs(1);

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
    compare(&kinds, 100.min(most), 100.min(most))?;
    compare(&kinds, 2000.min(most), 20.min(most))
}

/// Let the servers take turns, and print how they did.
fn compare(kinds: &[Kind], connections: usize, busy: usize) -> io::Result<()> {
    println!("\n{connections} connections, {busy} of them busy; {ROUNDS} rounds");
    let mut measured = vec![Vec::new(); kinds.len()];
    for round in 0..ROUNDS {
        for turn in 0..kinds.len() {
            // Another one begins each round, so that nobody is always served warm or cold.
            let index = (round + turn) % kinds.len();
            measured[index].push(take_turn(kinds[index], connections, busy)?);
        }
    }
    table::print(kinds, &measured);
    Ok(())
}

/// Drive one server, in a fresh process, and then let it idle with its connections open.
fn take_turn(kind: Kind, connections: usize, busy: usize) -> io::Result<Measured> {
    let mut server = Server::start(kind)?;
    let mut room = Room::enter(server.address(), connections)?;
    let entered = server.processor_time()?;
    let clients = ProcessTime::now();
    let (exchanges, lasted) = room.talk(busy, DRIVEN)?;
    let clients = clients.elapsed();
    let driven = server.processor_time()? - entered;
    thread::sleep(SETTLED);
    let settled = server.processor_time()?;
    thread::sleep(IDLE);
    Ok(Measured {
        rate: exchanges as f64 / lasted.as_secs_f64(),
        processor_an_exchange: driven.as_secs_f64() / exchanges as f64,
        clients_an_exchange: clients.as_secs_f64() / exchanges as f64,
        processor_idle: (server.processor_time()? - settled).as_secs_f64(),
    })
}
