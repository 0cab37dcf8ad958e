//! `demo io-models`: the same clients under five I/O models, and the cost of each model.
//!
//! Every server is a real program in its own process: only the server is measured. The program, in `models/`, is built
//! before the demonstration begins, so that this crate does not depend on what it needs.

#[cfg(target_os = "linux")]
mod calls;
mod closing;
mod cost;

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use self::cost::{CROWD, Cost, MANY, costs};
pub use self::cost::{FEATURES, MODELS, PACKAGE, PROGRAM};
use netkata::Text;

use super::act::{Act, Demonstration, Scene, Shows};
use super::bilingual::Bilingual;
use super::event::Legend;
use super::figures::{Amount, Figures};
use super::words::io_models as words;

/// The demonstration, with the program that serves under every model. Each process measures only once.
pub fn demonstration(program: PathBuf) -> &'static Demonstration {
    cost::SERVERS.get_or_init(|| program);
    &DEMONSTRATION
}

static DEMONSTRATION: Demonstration = Demonstration {
    subject: words::SUBJECT,
    legend: || Legend::of(words::EACH_SERVER_IS_A_PROCESS),
    timed: false,
    acts: &[
        Act {
            title: words::NOBODY_SAYS_ANYTHING,
            tries: words::ALL_32_ARE_SILENT,
            scenes: &[
                Scene::Measure(threads),
                Scene::Measure(idle_time),
                Scene::Measure(idle_calls),
            ],
            shows: Shows::Measured(closing::of_silence),
        },
        Act {
            title: words::EVERYBODY_TALKS,
            tries: words::ALL_32_TALK,
            scenes: &[Scene::Measure(busy_time), Scene::Measure(busy_calls)],
            shows: Shows::Measured(closing::of_talk),
        },
        Act {
            title: words::ONE_TALKS,
            tries: words::ONE_OF_201_TALKS,
            scenes: &[Scene::Measure(lonely_time), Scene::Measure(lonely_calls)],
            shows: Shows::Measured(closing::of_one_talker),
        },
        Act {
            title: words::CALLERS_COME_AND_GO,
            tries: words::ONE_AFTER_THE_OTHER,
            scenes: &[Scene::Measure(calling_calls)],
            shows: Shows::Always(words::WHO_COMES_MUST_BE_LET_IN),
        },
    ],
};

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
    Ok(Figures { says: closing::of_callers(&figures.rows), ..figures })
}

fn figures(title: Text, of: impl Fn(&Cost) -> Amount) -> io::Result<Figures> {
    let rows = costs()?.iter().map(|cost| (Bilingual::same(cost.model), of(cost))).collect();
    Ok(Figures { title: title.into(), rows, says: Bilingual::default() })
}

fn amount<T>(measured: &Result<T, &'static Text>, of: impl Fn(&T) -> Amount) -> Amount {
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
