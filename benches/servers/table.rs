//! What was measured, as a table: medians, and ratios within a round, which share its weather.

use crate::median::median;
use crate::server::Kind;

/// What each solution aims at: so much of the bare loop, and so many times CPython.
const AIMS: [(Kind, f64); 2] = [(Kind::Bare, 0.9), (Kind::CPython, 2.5)];

/// One server's turn; times are processor time in seconds.
#[derive(Clone, Copy)]
pub struct Measured {
    /// Exchanges a second.
    pub rate: f64,
    pub processor_an_exchange: f64,
    /// How many cores it kept busy.
    pub busy: f64,
    /// The part of the clients' looks that came too early.
    pub in_vain: f64,
    /// What a second costs in which nobody says anything.
    pub processor_idle: f64,
}

/// Print the table, and whether the solutions reach their aims.
///
/// `measured[i]` are the turns of `kinds[i]`.
pub fn print(kinds: &[Kind], measured: &[Vec<Measured>]) {
    println!(
        "{:10} {:>12} {:>18} {:>7} {:>10} {:>13} {:>6} {:>8} {:>12}",
        "server",
        "exchanges/s",
        "lowest to highest",
        "/ bare",
        "/ CPython",
        "CPU/exchange",
        "busy",
        "in vain",
        "idle second"
    );
    for (kind, turns) in kinds.iter().zip(measured) {
        let mut rates: Vec<f64> = turns.iter().map(|it| it.rate).collect();
        rates.sort_by(f64::total_cmp);
        let [to_bare, to_cpython] = AIMS.map(|(other, _)| {
            ratio(turns, kinds, measured, other).map_or("-".to_owned(), |it| format!("{it:.2}"))
        });
        println!(
            "{:10} {:12.0} {:>18} {to_bare:>7} {to_cpython:>10} {:>10.1} µs {:>4.0} % {:>6.0} % {:>9.2} ms",
            kind.name(),
            median(rates.iter().copied()),
            format!("{:.0} to {:.0}", rates[0], rates[rates.len() - 1]),
            median(turns.iter().map(|it| it.processor_an_exchange)) * 1e6,
            median(turns.iter().map(|it| it.busy)) * 1e2,
            median(turns.iter().map(|it| it.in_vain)) * 1e2,
            median(turns.iter().map(|it| it.processor_idle)) * 1e3,
        );
    }
    for (kind, turns) in kinds.iter().zip(measured) {
        if matches!(kind, Kind::Polling | Kind::Threading) {
            print_aims(*kind, |other| ratio(turns, kinds, measured, other));
        }
    }
}

fn print_aims(kind: Kind, ratio: impl Fn(Kind) -> Option<f64>) {
    for (other, aim) in AIMS {
        let verdict = match ratio(other) {
            None => "not measured",
            Some(ratio) if ratio >= aim => "reached",
            Some(_) => "missed",
        };
        println!("{}: at least {aim} times {}: {verdict}", kind.name(), other.name());
    }
}

/// The median over the rounds of how many times as fast these turns were as the other server's.
fn ratio(
    turns: &[Measured],
    kinds: &[Kind],
    measured: &[Vec<Measured>],
    other: Kind,
) -> Option<f64> {
    let others = &measured[kinds.iter().position(|kind| *kind == other)?];
    Some(median(turns.iter().zip(others).map(|(it, other)| it.rate / other.rate)))
}
