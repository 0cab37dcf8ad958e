//! Measure how many small exchanges per second the servers of lessons 4 and 5 do on one core.
//!
//! `just bench servers` lets them take turns with CPython's `socketserver` and with a bare loop of `read`
//! and `write` that has one thread per connection, which no threaded server can beat. Nothing is asserted:
//! you judge the figures.

#[path = "../drive/mod.rs"]
mod drive;
mod server;

use std::io;

use drive::{Cores, Table};
use server::{Kind, Server};

/// The aims of each solution: this part of the bare loop, and this many times CPython.
const AIMS: [(Kind, f64); 2] = [(Kind::Bare, 0.9), (Kind::CPython, 2.5)];

fn main() -> io::Result<()> {
    // Cargo adds `--bench`, which has no meaning here.
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
    // The threading server holds two descriptors per connection.
    let most = drive::raise_descriptor_limit(2 * 2000 + 100).saturating_sub(100) / 2;
    if most < 2000 {
        println!("this system's limit of descriptors allows {most} connections, not 2000");
    }
    let cores = Cores::choose();
    drive::explain(cores);
    compare(&kinds, cores, 100.min(most), 100.min(most))?;
    compare(&kinds, cores, 2000.min(most), 20.min(most))
}

/// Let the servers take turns, and print the results.
fn compare(kinds: &[Kind], cores: Cores, connections: usize, busy: usize) -> io::Result<()> {
    let names: Vec<&str> = kinds.iter().map(|kind| kind.name()).collect();
    let start = |at: usize| Server::start(kinds[at], cores);
    let table = drive::compare(&names, connections, busy, start)?;
    table.print(&AIMS.map(|(other, _)| other.name()));
    print_aims(&table, Kind::Polling);
    print_aims(&table, Kind::Threading);
    Ok(())
}

fn print_aims(table: &Table, kind: Kind) {
    for (other, aim) in AIMS {
        let verdict = match table.ratio(kind.name(), other.name()) {
            None => "not measured",
            Some(ratio) if ratio >= aim => "reached",
            Some(_) => "missed",
        };
        println!("{}: at least {aim} times {}: {verdict}", kind.name(), other.name());
    }
}
