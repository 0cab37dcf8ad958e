//! What the figures show: closing words that follow from what was measured, whatever that is.

use std::io;

use super::super::bilingual::{Bilingual, both};
use super::super::figures::Amount;
use super::super::screen::in_words;
use super::super::words::io_models as words;
use super::cost::{POLLING, THREADS};

/// The rows of figures: each model with an amount.
type Rows = [(Bilingual, Amount)];

/// After the act in which no client sends.
pub fn of_silence() -> io::Result<Bilingual> {
    let calls = super::idle_calls()?.rows;
    Ok(extremes(&calls).then(of_waiting(&calls)).then(words::POLLING_CANNOT_WAIT))
}

/// After the act in which all clients send.
pub fn of_talk() -> io::Result<Bilingual> {
    let (together, alone) = (super::busy_time()?.rows, super::lonely_time()?.rows);
    let shared = of_shared_price(&together, &alone);
    Ok(extremes(&together).then(words::A_READ_AND_A_WRITE_ARE_NEEDED).then(shared))
}

/// After the act in which one client of many sends.
pub fn of_one_talker() -> io::Result<Bilingual> {
    Ok(extremes(&super::lonely_calls()?.rows).then(words::SOME_ASK_ALL_201))
}

/// Which models have most and least; nothing if a figure is missing or all are the same.
fn extremes(rows: &Rows) -> Bilingual {
    let by_size =
        |one: &&(_, Amount), other: &&(_, Amount)| one.1.size().total_cmp(&other.1.size());
    let (Some(most), Some(least)) = (rows.iter().max_by(by_size), rows.iter().min_by(by_size))
    else {
        return Bilingual::default();
    };
    if is_incomplete(rows) || alike(most.1, least.1) {
        return Bilingual::default();
    }
    let with = |amount: Amount| {
        let models = rows.iter().filter(|row| alike(row.1, amount)).map(|row| &*row.0);
        models.collect::<Vec<_>>().join(&words::COMMA)
    };
    let say =
        if matches!(most.1, Amount::Time(_)) { words::extreme_times } else { words::extreme_calls };
    both(|| say(with(most.1), in_words(most.1), with(least.1), in_words(least.1)))
}

/// Whether two amounts are so close that the difference means nothing.
fn alike(one: Amount, other: Amount) -> bool {
    (one.size() - other.size()).abs() <= 0.02 * one.size().max(other.size())
}

/// Whether a server that waits in the kernel is idle: nothing if one was not, or a figure is missing.
fn of_waiting(calls: &Rows) -> Bilingual {
    let waiting = |row: &&(Bilingual, Amount)| *row.0 != *POLLING;
    let idle = calls.iter().filter(waiting).all(|row| row.1.size() < 1.0);
    match idle && !is_incomplete(calls) {
        true => words::WAITING_IN_THE_KERNEL_COSTS_NOTHING.into(),
        false => Bilingual::default(),
    }
}

/// Whether polling is cheaper when all clients send than when one does.
fn of_shared_price(together: &Rows, alone: &Rows) -> Bilingual {
    let polling = |rows: &Rows| rows.iter().find(|row| *row.0 == *POLLING).map(|row| row.1.size());
    match polling(together) < polling(alone) && !is_incomplete(together) && !is_incomplete(alone) {
        true => words::ALL_SHARE_THE_PRICE.into(),
        false => Bilingual::default(),
    }
}

/// What a thread per client costs when clients come and go; nothing if a figure is missing.
pub fn of_callers(calls: &Rows) -> Bilingual {
    let most = calls.iter().max_by(|one, other| one.1.size().total_cmp(&other.1.size()));
    match most {
        _ if is_incomplete(calls) => Bilingual::default(),
        Some((most, _)) if **most == *THREADS => words::A_THREAD_FOR_EACH_CALLER_COSTS_MOST.into(),
        Some((most, _)) => both(|| words::costs_more_than_threads(most)),
        None => Bilingual::default(),
    }
}

fn is_incomplete(rows: &Rows) -> bool {
    rows.iter().any(|row| matches!(row.1, Amount::Unknown(_)))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const MISSING: Amount = Amount::Unknown(&words::NOT_SHOWN);

    fn rows(threads: Amount, polling: Amount, readiness: Amount) -> [(Bilingual, Amount); 3] {
        [(THREADS, threads), (POLLING, polling), ("readiness", readiness)]
            .map(|(model, amount)| (Bilingual::same(model), amount))
    }

    fn counts(threads: f64, polling: f64, readiness: f64) -> [(Bilingual, Amount); 3] {
        rows(Amount::Count(threads), Amount::Count(polling), Amount::Count(readiness))
    }

    #[test]
    fn the_models_with_most_and_least_are_named() {
        let said = extremes(&counts(0.0, 4667.0, 0.0));
        assert_eq!(*said, *words::extreme_calls("polling", "4667", "threads, readiness", "0"));
        let said = extremes(&counts(9.5, 3.3, 9.4));
        assert_eq!(*said, *words::extreme_calls("threads, readiness", "9.5", "polling", "3.3"));
        let time = |micros| Amount::Time(Duration::from_micros(micros));
        let said = extremes(&rows(time(9), time(3), time(2)));
        assert_eq!(
            *said,
            *words::extreme_times("threads", "9.0 microseconds", "readiness", "2.0 microseconds")
        );
    }

    #[test]
    fn nothing_is_said_of_missing_or_equal_figures() {
        let count = Amount::Count(2.0);
        assert_eq!(*extremes(&rows(count, MISSING, Amount::Count(3.0))), *"");
        assert_eq!(*extremes(&counts(2.0, 2.03, 2.01)), *"");
        assert_eq!(*of_waiting(&rows(count, MISSING, count)), *"");
        assert_eq!(*of_shared_price(&counts(1.0, 1.0, 1.0), &rows(count, count, MISSING)), *"");
        assert_eq!(*of_callers(&rows(count, MISSING, count)), *"");
    }

    #[test]
    fn a_waiting_server_costs_nothing_only_if_none_did_anything() {
        assert_eq!(
            *of_waiting(&counts(0.0, 4667.0, 0.0)),
            *words::WAITING_IN_THE_KERNEL_COSTS_NOTHING
        );
        assert_eq!(*of_waiting(&counts(0.0, 4667.0, 3.3)), *"");
    }

    #[test]
    fn the_price_is_shared_only_if_polling_shows_it() {
        let (cheap, dear) = (counts(9.0, 3.0, 2.0), counts(9.0, 54.0, 2.0));
        assert_eq!(*of_shared_price(&cheap, &dear), *words::ALL_SHARE_THE_PRICE);
        assert_eq!(*of_shared_price(&dear, &cheap), *"");
    }

    #[test]
    fn what_is_said_of_callers_follows_from_the_figures() {
        assert_eq!(
            *of_callers(&counts(22.5, 10.0, 12.1)),
            *words::A_THREAD_FOR_EACH_CALLER_COSTS_MOST
        );
        assert_eq!(
            *of_callers(&counts(20.5, 22.5, 12.1)),
            *words::costs_more_than_threads("polling")
        );
    }
}
