//! How much memory idle connections need: all resident memory of the server's process.

use std::io;

use netkata::counted;

use crate::drive::{Cores, ROUNDS, Room, median};
use crate::model::{Models, reported};

const MIB: f64 = 1024.0 * 1024.0;

/// The aim of the servers for many clients: this much for all connections, in bytes.
const AIM: f64 = 64.0 * MIB;
const FOR_MANY: [&str; 2] = ["readiness", "async"];

/// Let each server hold this many connections, and print how much memory it uses.
pub fn measure(models: &Models, cores: Cores, connections: usize) -> io::Result<()> {
    let crowd = counted(connections, "idle connection");
    println!("\n{crowd}, each answered once; {ROUNDS} rounds");
    println!("{:10} {:>12} {:>12} {:>14}", "server", "resident", "without", "a connection");
    let mut verdicts = Vec::new();
    for name in models.names() {
        let mut held = Vec::new();
        let mut empty = Vec::new();
        for _ in 0..ROUNDS {
            let server = models.start(name, cores)?;
            empty.push(reported(server.resident())? as f64);
            let _room = Room::enter(server.address, connections)?;
            held.push(reported(server.resident())? as f64);
        }
        let [held, empty] = [held, empty].map(|rounds| median(rounds.into_iter()));
        println!(
            "{name:10} {:8.1} MiB {:8.1} MiB {:10.1} KiB",
            held / MIB,
            empty / MIB,
            (held - empty) / 1024.0 / connections as f64
        );
        if FOR_MANY.contains(&name) {
            let verdict = if held <= AIM { "reached" } else { "missed" };
            verdicts.push(format!("{name}: at most {} MiB: {verdict}", AIM / MIB));
        }
    }
    println!("{}", verdicts.join("\n"));
    Ok(())
}
