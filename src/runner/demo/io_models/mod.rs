//! `demo io-models`: the same clients under five I/O models, and what each of them costs.
//!
//! Every server is a real program of lesson 14, the solution's, in a process of its own: what is
//! measured is the server and nothing else. The programs are built when the demonstration begins, so
//! that nothing here needs what they are built from.

#[cfg(target_os = "linux")]
mod calls;
mod cost;

use std::io::{self, BufRead, Write};
use std::time::Duration;

pub use self::cost::MODELS;
use self::cost::{CROWD, Cost, MANY, costs};
pub use super::Options;
use super::act::{Act, Amount, Demonstration, Figures, Scene};
use super::screen::NORMAL;
use super::text::{Word, words};

/// Play all acts on `out`, in lines of at most `width` columns; a width of 0 means 80.
///
/// As for [`sticky::run`](super::sticky::run). What is measured is measured once in a process.
pub fn run(
    options: Options,
    width: usize,
    input: &mut dyn BufRead,
    out: &mut dyn Write,
) -> io::Result<()> {
    IO_MODELS.run(options, width, input, out)
}

const IO_MODELS: Demonstration = Demonstration {
    subject: "Five I/O models: one echo server, five ways to wait, over real TCP sockets.",
    legend,
    timed: false,
    acts: &[
        Act {
            title: "Nobody says anything",
            tries: "32 clients connect to each server, and are silent.",
            scenes: &[
                Scene::Measure(threads),
                Scene::Measure(idle_time),
                Scene::Measure(idle_calls),
            ],
            shows: "Whoever waits in the kernel costs nothing while nothing comes. A thread a client \
                    costs a thread, with its stack. The polling server cannot wait: it rests, wakes \
                    up, asks everybody, and hears that there is nothing.",
        },
        Act {
            title: "Everybody talks",
            tries: "The 32 clients say \"hello\" at the same time, wait for their \"HELLO\", and begin \
                    again.",
            scenes: &[Scene::Measure(busy_time), Scene::Measure(busy_calls)],
            shows: "A read and a write are needed under every model. What comes on top is the price \
                    of learning that there is something to read: an answer of the kernel for \
                    many sockets at once, a signal with its handler and its pipe, a round of questions. \
                    When all are ready at once it is shared by all, and polling looks its best.",
        },
        Act {
            title: "One talks, 200 are silent",
            tries: "To each server 200 clients are connected and silent; one more says \"hello\" and \
                    waits for its \"HELLO\", over and over.",
            scenes: &[Scene::Measure(lonely_time), Scene::Measure(lonely_calls)],
            shows: "Polling and signals ask all 201 for the sake of one, so that an exchange costs more \
                    with every client who says nothing. Threads, readiness and async learn who it \
                    was: to them the 200 make no difference. That is why servers for many are built \
                    like this.",
        },
        Act {
            title: "Callers come and go",
            tries: "One after another they connect, say \"hello\", hear \"HELLO\", and leave.",
            scenes: &[Scene::Measure(calling_calls)],
            shows: "Who comes must be let in, and who leaves must be noticed. A thread a client must be \
                    made as well, with a stack, and taken down again; under the other models a \
                    client is an entry in a table.",
        },
    ],
};

fn legend() -> Vec<Word> {
    words(
        "Each server is lesson 14's solution, in a process of its own, compiled as an exercise is, \
         without optimization. Threads and time on the processor are what the kernel says of that \
         process, in /proc. System calls are counted as strace counts them, by tracing a second \
         process (ptrace): that slows it down, and so it is not timed. All of it is measured now, \
         in some seconds.",
        NORMAL,
    )
}

fn threads() -> io::Result<Figures> {
    figures("Threads, with 32 clients", |cost| amount(&cost.threads, |it| count(*it as f64)))
}

fn idle_time() -> io::Result<Figures> {
    figures("Time on the processor, in an idle second", |cost| {
        amount(&cost.time, |parts| time(parts.idle))
    })
}

fn idle_calls() -> io::Result<Figures> {
    figures("System calls, in an idle second", |cost| {
        amount(&cost.calls, |parts| count(parts.idle))
    })
}

fn busy_time() -> io::Result<Figures> {
    figures("Time on the processor, for each exchange", |cost| {
        amount(&cost.time, |parts| time(parts.busy))
    })
}

fn busy_calls() -> io::Result<Figures> {
    figures("System calls, for each exchange", |cost| {
        amount(&cost.calls, |parts| count(parts.busy))
    })
}

fn lonely_time() -> io::Result<Figures> {
    figures("Time on the processor, for each exchange", |cost| {
        amount(&cost.time, |parts| time(parts.lonely))
    })
}

fn lonely_calls() -> io::Result<Figures> {
    figures("System calls, for each exchange", |cost| {
        amount(&cost.calls, |parts| count(parts.lonely))
    })
}

fn calling_calls() -> io::Result<Figures> {
    figures("System calls, for each caller", |cost| {
        amount(&cost.calls, |parts| count(parts.calling))
    })
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
