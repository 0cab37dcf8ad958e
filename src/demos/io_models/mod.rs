//! `demo io-models`: the same clients under five I/O models, and the cost of each model.
//!
//! Every server is a real program in its own process: only the server is measured. The programs, in `models/`, are
//! built when the demonstration begins, so that this crate does not depend on what they need.

#[cfg(target_os = "linux")]
mod calls;
mod cost;

use std::io::{self, BufRead, Write};
use std::time::Duration;

pub use self::cost::{BuildPrograms, FEATURES, MODELS, PACKAGE, PROGRAM};
use self::cost::{CROWD, Cost, MANY, THREADS, costs};
pub use super::Options;
use super::act::{Act, Demonstration, Preparation, Scene};
use super::figures::{Amount, Figures};
use super::screen::NORMAL;
use super::text::{Word, styled};
use super::words::io_models as words;

/// Play all acts on `out`, in lines of at most `width` columns; a width of 0 means 80.
///
/// See [`sticky::run`](super::sticky::run). Each process measures only once, with the programs that `build` builds.
pub fn run(
    build: BuildPrograms,
    options: Options,
    width: usize,
    input: &mut dyn BufRead,
    out: &mut dyn Write,
) -> io::Result<()> {
    cost::BUILD.get_or_init(|| build);
    IO_MODELS.run(options, width, input, out)
}

const IO_MODELS: Demonstration = Demonstration {
    subject: words::SUBJECT,
    legend,
    timed: false,
    preparation: Some(Preparation {
        says: words::BUILDING_THE_SERVERS,
        run: || cost::programs().map(drop),
    }),
    acts: &[
        Act {
            title: words::NOBODY_SAYS_ANYTHING,
            tries: words::ALL_32_ARE_SILENT,
            scenes: &[
                Scene::Measure(threads),
                Scene::Measure(idle_time),
                Scene::Measure(idle_calls),
            ],
            shows: words::WAITING_IN_THE_KERNEL_COSTS_NOTHING,
        },
        Act {
            title: words::EVERYBODY_TALKS,
            tries: words::ALL_32_TALK,
            scenes: &[Scene::Measure(busy_time), Scene::Measure(busy_calls)],
            shows: words::A_READ_AND_A_WRITE_ARE_NEEDED,
        },
        Act {
            title: words::ONE_TALKS,
            tries: words::ONE_OF_201_TALKS,
            scenes: &[Scene::Measure(lonely_time), Scene::Measure(lonely_calls)],
            shows: words::SOME_ASK_ALL_201,
        },
        Act {
            title: words::CALLERS_COME_AND_GO,
            tries: words::ONE_AFTER_THE_OTHER,
            scenes: &[Scene::Measure(calling_calls)],
            shows: words::WHO_COMES_MUST_BE_LET_IN,
        },
    ],
};

fn legend() -> Vec<Word> {
    styled(words::EACH_SERVER_IS_A_PROCESS, NORMAL)
}

fn threads() -> io::Result<Figures> {
    figures(words::THREADS_WITH_32_CLIENTS, |cost| amount(&cost.threads, |it| count(*it as f64)))
}

fn idle_time() -> io::Result<Figures> {
    figures(words::TIME_IN_AN_IDLE_SECOND, |cost| amount(&cost.time, |parts| time(parts.idle)))
}

fn idle_calls() -> io::Result<Figures> {
    figures(words::CALLS_IN_AN_IDLE_SECOND, |cost| amount(&cost.calls, |parts| count(parts.idle)))
}

fn busy_time() -> io::Result<Figures> {
    figures(words::TIME_FOR_EACH_EXCHANGE, |cost| amount(&cost.time, |parts| time(parts.busy)))
}

fn busy_calls() -> io::Result<Figures> {
    figures(words::CALLS_FOR_EACH_EXCHANGE, |cost| amount(&cost.calls, |parts| count(parts.busy)))
}

fn lonely_time() -> io::Result<Figures> {
    figures(words::TIME_FOR_EACH_EXCHANGE, |cost| amount(&cost.time, |parts| time(parts.lonely)))
}

fn lonely_calls() -> io::Result<Figures> {
    figures(words::CALLS_FOR_EACH_EXCHANGE, |cost| amount(&cost.calls, |parts| count(parts.lonely)))
}

fn calling_calls() -> io::Result<Figures> {
    let calls = |cost: &Cost| amount(&cost.calls, |parts| count(parts.calling));
    let figures = figures(words::CALLS_FOR_EACH_CALLER, calls)?;
    Ok(Figures { says: what_callers_cost(&figures.rows), ..figures })
}

/// What the figures say about the cost of a thread per client; nothing if a figure is missing.
fn what_callers_cost(rows: &[(&'static str, Amount)]) -> String {
    if rows.iter().any(|(_, calls)| !matches!(calls, Amount::Count(_))) {
        return String::new();
    }
    let most = rows.iter().max_by(|a, b| a.1.size().total_cmp(&b.1.size()));
    match most {
        Some((THREADS, _)) => words::A_THREAD_FOR_EACH_CALLER_COSTS_MOST.to_owned(),
        Some((most, _)) => words::costs_more_than_threads(most),
        None => String::new(),
    }
}

fn figures(title: &'static str, of: impl Fn(&Cost) -> Amount) -> io::Result<Figures> {
    let rows = costs()?.iter().map(|cost| (cost.model, of(cost))).collect();
    Ok(Figures { title, rows, says: String::new() })
}

fn amount<T>(measured: &Result<T, &'static str>, of: impl Fn(&T) -> Amount) -> Amount {
    measured.as_ref().map_or_else(|why| Amount::Unknown(why), of)
}

fn time(seconds: f64) -> Amount {
    Amount::Time(Duration::from_secs_f64(seconds.max(0.0)))
}

fn count(number: f64) -> Amount {
    Amount::Count(number)
}

// The acts name these numbers.
const _: () = assert!(CROWD == 32 && MANY == 200);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_of_callers_follows_from_the_figures() {
        let rows = |threads, signals| {
            [(THREADS, threads), ("readiness", Amount::Count(12.1)), ("signals", signals)]
        };
        let (few, many) = (Amount::Count(20.5), Amount::Count(22.5));
        let most = words::A_THREAD_FOR_EACH_CALLER_COSTS_MOST;
        assert_eq!(what_callers_cost(&rows(many, few)), most);
        let signals = words::costs_more_than_threads("signals");
        assert_eq!(what_callers_cost(&rows(few, many)), signals);
        assert_eq!(what_callers_cost(&rows(many, Amount::Unknown("not counted"))), "");
    }
}
