//! The measurements as a table: medians, and ratios within a round, in which conditions are the same.

use std::time::Duration;

use crate::median::median;

/// The aims of each solution: another transfer, and the part of its speed to reach.
const AIMS: [(&str, &str, f64); 3] =
    [("file_upload", "bare loop", 0.9), ("ftp", "MD5 alone", 0.8), ("ftp", "Python's ftp", 2.5)];

/// The times of all turns, by name, in the order of the first turns.
#[derive(Default)]
pub struct Table(Vec<(&'static str, Vec<Duration>)>);

impl Table {
    pub fn add(&mut self, name: &'static str, time: Duration) {
        match self.0.iter_mut().find(|(known, _)| *known == name) {
            Some((_, times)) => times.push(time),
            None => self.0.push((name, vec![time])),
        }
    }

    /// Print how fast this many bytes were transferred, and which aims are reached.
    pub fn print(&self, bytes: u64) {
        let print = |name: &str, seconds: f64| {
            println!("{name:16} {:8.0} MiB/s", bytes as f64 / 1024.0 / 1024.0 / seconds);
        };
        for (name, times) in &self.0 {
            print(name, median(times.iter().map(Duration::as_secs_f64)));
        }
        // If each side has one core, that core both copies and digests.
        if let (Some(copies), Some(digests)) = (self.times("bare loop"), self.times("MD5 alone")) {
            let both = copies.iter().zip(digests).map(|(copy, digest)| *copy + *digest);
            print("MD5, then copy", median(both.map(|time| time.as_secs_f64())));
        }
        for (name, other, aim) in AIMS {
            let (Some(own), Some(others)) = (self.times(name), self.times(other)) else { continue };
            let ratios = own.iter().zip(others).map(|(own, other)| other.div_duration_f64(*own));
            let ratio = median(ratios);
            let word = if ratio >= aim { "reached" } else { "missed" };
            println!("{name} to {other}: {ratio:.2} (aim {aim:.2}: {word})");
        }
    }

    fn times(&self, name: &str) -> Option<&[Duration]> {
        self.0.iter().find(|(known, _)| *known == name).map(|(_, times)| times.as_slice())
    }
}
