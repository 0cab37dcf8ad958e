//! The measurements as a table: medians, and ratios within a round, in which conditions are the same.

use super::median;

/// One turn of a server; times are processor time in seconds.
#[derive(Clone, Copy)]
pub struct Measured {
    /// Exchanges per second.
    pub rate: f64,
    pub processor_an_exchange: f64,
    /// How many cores it kept busy.
    pub busy: f64,
    /// The part of the clients' polls that came too early.
    pub in_vain: f64,
    /// The processor time of a second in which every client is silent.
    pub processor_idle: f64,
}

/// The turns of each server, by name.
pub struct Table(Vec<(&'static str, Vec<Measured>)>);

impl Table {
    pub fn of(names: &[&'static str]) -> Self {
        Table(names.iter().map(|name| (*name, Vec::new())).collect())
    }

    /// Add a turn of the server with this index in the list of names.
    pub fn add(&mut self, at: usize, turn: Measured) {
        self.0[at].1.push(turn);
    }

    /// Print the results of every server, also as ratios to these others.
    pub fn print(&self, others: &[&str]) {
        let ratios = |show: &dyn Fn(&str) -> String| -> String {
            others.iter().map(|other| format!(" {:>11}", show(other))).collect()
        };
        println!(
            "{:10} {:>12} {:>18}{} {:>13} {:>6} {:>8} {:>12}",
            "server",
            "exchanges/s",
            "lowest to highest",
            ratios(&|other| format!("/ {other}")),
            "CPU/exchange",
            "busy",
            "in vain",
            "idle second"
        );
        for (name, turns) in &self.0 {
            let mut rates: Vec<f64> = turns.iter().map(|it| it.rate).collect();
            rates.sort_by(f64::total_cmp);
            println!(
                "{name:10} {:12.0} {:>18}{} {:>10.1} µs {:>4.0} % {:>6.0} % {:>9.2} ms",
                median(rates.iter().copied()),
                format!("{:.0} to {:.0}", rates[0], rates[rates.len() - 1]),
                ratios(&|other| {
                    self.ratio(name, other).map_or("-".to_owned(), |it| format!("{it:.2}"))
                }),
                median(turns.iter().map(|it| it.processor_an_exchange)) * 1e6,
                median(turns.iter().map(|it| it.busy)) * 1e2,
                median(turns.iter().map(|it| it.in_vain)) * 1e2,
                median(turns.iter().map(|it| it.processor_idle)) * 1e3,
            );
        }
    }

    /// How many times as fast as `other` the server `name` was: the median over the rounds. `None` if one
    /// of them was not measured.
    pub fn ratio(&self, name: &str, other: &str) -> Option<f64> {
        let [turns, others] = [self.turns(name)?, self.turns(other)?];
        Some(median(turns.iter().zip(others).map(|(it, other)| it.rate / other.rate)))
    }

    fn turns(&self, name: &str) -> Option<&[Measured]> {
        self.0.iter().find(|(known, _)| *known == name).map(|(_, turns)| turns.as_slice())
    }
}
