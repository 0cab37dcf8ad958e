//! Measure the five servers of lesson 14: how many small exchanges per second each one does on one core,
//! and how much memory idle connections need.
//!
//! `just bench models` starts the lesson's real programs, from its solution, in release mode. They take
//! turns with a bare loop of `read` and `write` that has one thread per connection. Nothing is asserted:
//! you judge the figures. It needs Linux, whose kernel reports the processor time and memory of a process.

#[path = "../drive/mod.rs"]
mod drive;
mod memory;
mod model;

use std::io;

use drive::Cores;
use model::Models;

/// How many connections there are, and how many of them are busy.
const CROWDS: [(usize, usize); 3] = [(1, 1), (100, 100), (MANY, 20)];
const MANY: usize = 2000;

fn main() -> io::Result<()> {
    // Cargo adds `--bench`, which has no meaning here.
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["serve", model::BARE, address] => model::serve_bare(address),
        [] => measure(),
        _ => Err(io::Error::other("there is one benchmark: `just bench models`")),
    }
}

fn measure() -> io::Result<()> {
    let models = Models::build().map_err(io::Error::other)?;
    let most = drive::raise_descriptor_limit(MANY + 100).saturating_sub(100);
    if most < MANY {
        println!("this system's limit of descriptors allows {most} connections, not {MANY}");
    }
    let cores = Cores::choose();
    drive::explain(cores);
    let names = models.names();
    for (connections, busy) in CROWDS {
        let start = |at: usize| models.start(names[at], cores);
        let table = drive::compare(&names, connections.min(most), busy, start)?;
        table.print(&[model::BARE]);
    }
    memory::measure(&models, cores, MANY.min(most))
}
