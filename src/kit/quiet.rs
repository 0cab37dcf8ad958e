//! Whether anything more will happen: the one place that decides it.
//!
//! A check on real sockets waits for bytes, for an end, for a call that returns. It waits as long as those can
//! still come, and no longer. They cannot come any more when what could bring them is quiet: each thread of
//! the answer waits, or one of them spins, and the kernel has delivered all that was sent. Time alone decides
//! nothing: a thread that is ready and finds no processor is not quiet.
//!
//! Where the system does not tell what threads do (Linux does), the deadline of the check ends most waits.

use std::collections::{BTreeSet, HashMap};
use std::net::{SocketAddr, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use crate::linux::sockets::{self, Queues};
use crate::linux::threads::{self, Effort, Standing, Thread, Threads};

/// Every threshold by which something counts as quiet.
pub(crate) struct Thresholds {
    /// The pause between two polls, and ten times as much in a wait that goes on. The shorter it is, the sooner a
    /// verdict comes; the answer needs the processor as well.
    pause: Duration,
    /// Threads that wait, and of which none was scheduled for this long, will do nothing by themselves: a
    /// timer of the answer's that fires later is longer than any in the lessons.
    still: Duration,
    /// The same where the system does not tell what threads do.
    still_unseen: Duration,
    /// Between two questions what threads do, nothing but what is waited for is polled for this long: most
    /// waits end before the first question, which reads a file per thread.
    between_questions: Duration,
    /// Polls in a row that find every thread waiting, before they count as staying: one on its way out
    /// waits for nothing, and is gone after a poll or two.
    polls_in_a_row: usize,
    /// The same in all, for a thread that wakes up now and then.
    polls_in_all: usize,
    /// A thread that computed for this long may spin.
    may_spin: Duration,
    /// A thread that computed for this long and was hardly ever found waiting spins: nothing in the lessons
    /// computes as much. Time alone would not do, since that of a busy host may be charged to any thread.
    spins: Duration,
    /// Threads that woke up and computed for less than this part of the time have done next to nothing.
    next_to_nothing: u32,
    /// Polls in a row that find every thread of a server waiting, so that none is about to do something.
    server_polls: usize,
    /// A server that sleeps between its turns has looked at every socket between two naps. After this many
    /// naps with nothing changed in the kernel's queues it has nothing to do.
    naps: usize,
    /// Turns of a stepped server in which no byte moved: it is stuck, if nothing is on its way either.
    turns: usize,
    /// How often a turn is looked at from outside.
    turn_poll: Duration,
    /// Polls in a row that find a turn waiting inside a network call: it hangs, since only this thread moves
    /// the clients.
    turn_polls_waiting: usize,
    /// Polls in a row that find the same turn going on: it never ends.
    turn_polls_going_on: usize,
    /// An answer that computed for this long since the last piece came is looking for the next one.
    looks_for_more: Duration,
    /// An answer that was scheduled this often since the last piece came is looking for the next one.
    looks_for_more_turns: u64,
    /// An answer that computed for this long since bytes of its own were lost will not send them any more.
    has_given_up: Duration,
    /// Threads that were found still this often, for a tenth of a second each time, do not just sleep
    /// between two polls: a poll every half second, as in CPython's `socketserver`, is usual.
    pub(crate) rests: usize,
    /// Threads that slept this often without asking for more time than before will not ask for more. And those
    /// that slept this often in all: a time that grows as slowly does not matter in the lessons.
    sleeps: usize,
    sleeps_in_all: usize,
}

pub(crate) const THRESHOLDS: Thresholds = Thresholds {
    pause: Duration::from_micros(100),
    still: Duration::from_millis(100),
    still_unseen: Duration::from_secs(1),
    between_questions: Duration::from_millis(10),
    polls_in_a_row: 8,
    polls_in_all: 100,
    may_spin: Duration::from_millis(50),
    spins: Duration::from_millis(100),
    next_to_nothing: 5,
    server_polls: 4,
    naps: 3,
    turns: 1000,
    turn_poll: Duration::from_millis(20),
    turn_polls_waiting: 5,
    turn_polls_going_on: 50,
    looks_for_more: Duration::from_millis(2),
    looks_for_more_turns: 4,
    has_given_up: Duration::from_millis(20),
    rests: 10,
    sleeps: 5,
    sleeps_in_all: 100,
};

/// Why nothing more will happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Still {
    /// The threads have ended.
    Gone,
    /// Each of them waits for something.
    Waiting,
    /// One of them computes without end.
    Spinning,
}

/// What one poll found.
pub(crate) enum Poll<T> {
    /// What was waited for.
    Found(T),
    /// Something else moved: more may come of it.
    Moved,
    /// Nothing.
    Nothing,
}

/// The sockets through which something may still come.
#[derive(Debug)]
pub enum Sockets<'a> {
    /// Any of this machine: what was sent gets the time to arrive.
    Any,
    /// A connection within this machine: what is on its way there is waited for. What the kernel had to
    /// drop for want of room it sends again, some 200 milliseconds later, while every thread waits.
    Stream(&'a TcpStream),
    /// Those of a server to its clients at these ports of its own machine. What wakes up its threads by
    /// itself is a poll of these sockets, and does not count as long as the kernel's queues are the same.
    Server(SocketAddr, Vec<u16>),
}

/// A wait that ends when threads and sockets are quiet.
#[derive(Debug)]
pub struct Quiet<'a> {
    threads: &'a Threads,
    at_least: Duration,
    spinning_ends_it: bool,
    waking_up_counts: bool,
}

impl<'a> Quiet<'a> {
    /// Wait for something that these threads may bring.
    pub fn of(threads: &'a Threads) -> Quiet<'a> {
        let at_least = THRESHOLDS.still;
        Quiet { threads, at_least, spinning_ends_it: true, waking_up_counts: true }
    }

    /// Only stillness of this length ends the wait: for threads that sleep between two things they do.
    pub fn for_at_least(mut self, time: Duration) -> Quiet<'a> {
        self.at_least = time;
        self
    }

    /// Stillness of any length ends the wait.
    pub(crate) fn at_once(mut self) -> Quiet<'a> {
        self.at_least = Duration::ZERO;
        self
    }

    /// Threads that wake up and do next to nothing count as still: those of a virtual machine, or a poll of
    /// sockets on which nothing has happened.
    pub fn although_they_wake_up(mut self) -> Quiet<'a> {
        self.waking_up_counts = false;
        self
    }

    /// A thread that computes ends no wait: it may be doing what is waited for.
    pub(crate) fn however_long_they_compute(mut self) -> Quiet<'a> {
        self.spinning_ends_it = false;
        self
    }

    /// Poll until something is found, or say why nothing more will happen.
    ///
    /// # Errors
    ///
    /// Why nothing more will happen.
    pub fn until<'b, T>(
        &self,
        sockets: impl Fn() -> Sockets<'b>,
        mut poll: impl FnMut() -> Option<T>,
    ) -> Result<T, Still> {
        self.until_polled(|_| sockets(), &mut (), |()| poll().map_or(Poll::Nothing, Poll::Found))
    }

    /// As [`Quiet::until`], with a state that both closures work on.
    pub(crate) fn until_polled<'b, T, S>(
        &self,
        sockets: impl Fn(&S) -> Sockets<'b>,
        state: &mut S,
        mut poll: impl FnMut(&mut S) -> Poll<T>,
    ) -> Result<T, Still> {
        let mut calm = Calm::new(self.threads);
        let mut asked = Instant::now();
        loop {
            match poll(state) {
                Poll::Found(found) => return Ok(found),
                Poll::Moved => {
                    calm = Calm::new(self.threads);
                    continue;
                }
                Poll::Nothing => {}
            }
            let around = sockets(state);
            let is_server = matches!(around, Sockets::Server(..));
            if is_server || asked.elapsed() >= THRESHOLDS.between_questions {
                sockets::let_arrive();
                if let Some(still) = self.ask(&mut calm, &around) {
                    // What had been sent by then has arrived by now.
                    match poll(state) {
                        Poll::Found(found) => return Ok(found),
                        Poll::Moved => calm = Calm::new(self.threads),
                        Poll::Nothing if !sockets(state).are_carrying() => return Err(still),
                        Poll::Nothing => {}
                    }
                }
                asked = Instant::now();
            }
            let is_new = calm.since.elapsed() < THRESHOLDS.between_questions;
            thread::sleep(if is_new { THRESHOLDS.pause } else { 10 * THRESHOLDS.pause });
        }
    }

    /// Ask once more what the threads do, and say whether it is plain by now that nothing more will happen.
    fn ask(&self, calm: &mut Calm, sockets: &Sockets) -> Option<Still> {
        if !threads::are_known() {
            let is_server = matches!(sockets, Sockets::Server(..));
            let long_enough = calm.since.elapsed() >= THRESHOLDS.still_unseen;
            return (is_server && long_enough).then_some(Still::Waiting);
        }
        let threads = self.threads.now();
        let is_server = matches!(sockets, Sockets::Server(..));
        let standing: Vec<(&Thread, Standing)> =
            threads.iter().filter_map(|thread| Some((thread, thread.standing()?))).collect();
        let runs = standing.iter().any(|(_, standing)| *standing == Standing::Runs);
        if runs || is_server && !threads::first_waits() {
            calm.polls_waiting = 0;
            if !is_server {
                calm.since = Instant::now();
            }
            return self.spins(calm).then_some(Still::Spinning);
        }
        calm.polls_waiting += 1;
        let stays = match sockets {
            Sockets::Server(address, clients) => {
                calm.has_napped(&standing, || sockets::queues(*address, clients))
            }
            Sockets::Any | Sockets::Stream(_) => {
                // Whatever woke up may be about to act.
                let efforts = || threads.iter().filter_map(Thread::effort);
                let turns = efforts().map(|it| it.turns).sum();
                let has_woken = calm.turns.replace(turns) != Some(turns);
                let computed: Duration = efforts().map(|it| it.computed).sum();
                let share = THRESHOLDS.next_to_nothing;
                let acted =
                    computed.saturating_sub(calm.computed_last) > calm.asked.elapsed() / share;
                (calm.computed_last, calm.asked) = (computed, Instant::now());
                if has_woken && (self.waking_up_counts || acted) {
                    calm.since = Instant::now();
                }
                true
            }
        };
        let long_enough = calm.since.elapsed() >= self.at_least;
        (stays && long_enough && calm.polls_waiting >= THRESHOLDS.server_polls)
            .then_some(Still::Waiting)
    }

    /// Whether the threads have computed for so long since the last poll that moved something that one of
    /// them must be in a loop without an end.
    fn spins(&self, calm: &mut Calm) -> bool {
        let computed = self.threads.effort().unwrap_or_default().computed;
        if computed < calm.computed + THRESHOLDS.may_spin {
            return false;
        }
        calm.computed = computed;
        self.spinning_ends_it && settle(self.threads, || false).0 == Still::Spinning
    }
}

impl Sockets<'_> {
    /// Whether bytes are on their way through them: sent, and not yet there to be read.
    fn are_carrying(&self) -> bool {
        match self {
            Sockets::Any => false,
            Sockets::Stream(stream) => sockets::is_under_way(stream),
            Sockets::Server(address, clients) => sockets::in_flight_between(*address, clients),
        }
    }
}

/// How long it has been calm, and what the threads were found to do since.
struct Calm {
    since: Instant,
    /// How long the threads had computed in the beginning.
    computed: Duration,
    /// This many polls in a row found every thread waiting.
    polls_waiting: usize,
    /// How often the threads had been scheduled when they were last asked.
    turns: Option<u64>,
    /// When that was, and how long they had computed by then.
    asked: Instant,
    computed_last: Duration,
    /// In this many naps those that sleep were found, with nothing changed between them; and of the last
    /// one, how often they had been scheduled, and what the kernel held.
    naps: usize,
    last_nap: Option<(u64, Queues)>,
}

impl Calm {
    fn new(threads: &Threads) -> Calm {
        let computed = threads.effort().unwrap_or_default().computed;
        let (since, turns, last_nap) = (Instant::now(), None, None);
        let (asked, computed_last) = (since, computed);
        Calm { since, computed, polls_waiting: 0, turns, asked, computed_last, naps: 0, last_nap }
    }

    /// Whether no thread sleeps, or those that do were found in enough naps with nothing changed meanwhile.
    fn has_napped(
        &mut self,
        standing: &[(&Thread, Standing)],
        queues: impl FnOnce() -> Queues,
    ) -> bool {
        let sleepers = standing.iter().filter(|(_, standing)| *standing == Standing::Sleeps);
        let turns = sleepers.map(|(thread, _)| thread.effort().unwrap_or_default().turns);
        let Some(turns) = turns.reduce(|sum, turns| sum + turns) else { return true };
        let last = self.last_nap.as_ref();
        if last.is_none_or(|nap| nap.0 != turns) {
            let queues = queues();
            let unchanged = last.is_some_and(|nap| nap.1 == queues);
            self.naps = if unchanged { self.naps + 1 } else { 1 };
            self.last_nap = Some((turns, queues));
        }
        self.naps >= THRESHOLDS.naps
    }
}

/// Watch threads until each of them has ended or stays waiting, one of them spins, or `enough`, which counts
/// as waiting; and those that stay.
pub(crate) fn settle(
    threads: &Threads,
    mut enough: impl FnMut() -> bool,
) -> (Still, BTreeSet<Thread>) {
    let (mut in_a_row, mut in_all) = (0, 0);
    let mut staying = BTreeSet::new();
    let mut computed_before = None;
    for polls in 1.. {
        if enough() {
            return (Still::Waiting, staying);
        }
        let mut now = threads.now();
        let mut all_wait = true;
        now.retain(|thread| match thread.waits() {
            Some(waits) => {
                all_wait &= waits;
                true
            }
            None => false,
        });
        if now.is_empty() {
            return (Still::Gone, now);
        }
        if all_wait {
            staying = if in_a_row == 0 { now } else { &staying & &now };
            (in_a_row, in_all) = (in_a_row + 1, in_all + 1);
        } else {
            let computed: Duration =
                now.iter().filter_map(Thread::effort).map(|it| it.computed).sum();
            let since = computed.saturating_sub(*computed_before.get_or_insert(computed));
            let often = polls > 2 * THRESHOLDS.polls_in_a_row && in_all < polls / 4;
            if since > THRESHOLDS.spins && often {
                return (Still::Spinning, now);
            }
            (in_a_row, staying) = (0, now);
        }
        if in_a_row == THRESHOLDS.polls_in_a_row || in_all == THRESHOLDS.polls_in_all {
            return (Still::Waiting, staying);
        }
        thread::yield_now();
    }
    unreachable!("it polls for ever")
}

/// The threads that stay, once each of the others has ended: they still wait after a tenth of a second.
///
/// One may wait for something that is about to end: the last reader of a pipe goes when the process that
/// holds the other end, and was killed, has come to its end.
pub(crate) fn staying(threads: &Threads) -> BTreeSet<Thread> {
    let began = Instant::now();
    loop {
        let (_, staying) = settle(threads, || false);
        if staying.is_empty() || began.elapsed() >= THRESHOLDS.still {
            return staying;
        }
    }
}

/// The longest time that one of these threads asks to sleep at once; `None` if none sleeps. Those that serve
/// sleep also while they wait for another thread with a limit in time; the others may wait so for work.
///
/// They are watched as long as that time grows, up to one that is longer than `most`.
pub(crate) fn longest_sleep(
    threads: &Threads,
    serving: &BTreeSet<Thread>,
    most: Duration,
) -> Option<Duration> {
    let sleep = |thread: Thread| {
        let turns = thread.effort()?.turns;
        let serves = serving.contains(&thread);
        let asked = if serves { thread.asked_to_pause() } else { thread.asked_to_sleep() };
        Some((turns, asked?, thread))
    };
    let (mut longest, mut not_longer, mut in_all) = (None, 0, 0);
    let mut seen = HashMap::new();
    while longest <= Some(most)
        && not_longer < THRESHOLDS.sleeps
        && in_all < THRESHOLDS.sleeps_in_all
    {
        let mut now = Vec::new();
        settle(threads, || {
            now = threads.now().into_iter().filter_map(sleep).collect();
            !now.is_empty()
        });
        if now.is_empty() {
            break;
        }
        for (turns, asked, thread) in now {
            if seen.insert(thread, turns) == Some(turns) {
                continue;
            }
            in_all += 1;
            not_longer = if longest < Some(asked) { 0 } else { not_longer + 1 };
            longest = longest.max(Some(asked));
        }
        thread::sleep(THRESHOLDS.pause);
    }
    longest
}

/// For how many turns of a stepped server nothing has moved.
#[derive(Default)]
pub(crate) struct Turns {
    turns: usize,
    since: Option<Instant>,
}

impl Turns {
    /// As many turns without any movement that a server has to be stopped.
    pub(crate) const MOST: usize = THRESHOLDS.turns;

    /// Note one more turn, and say whether it is plain by now that nothing will move any more.
    pub(crate) fn are_quiet(&mut self, moved: bool, server: SocketAddr) -> bool {
        if moved {
            *self = Turns::default();
            return false;
        }
        self.turns += 1;
        let still = self.since.get_or_insert_with(Instant::now).elapsed();
        let unknown = || still < THRESHOLDS.still_unseen;
        self.turns >= THRESHOLDS.turns
            && still >= THRESHOLDS.still
            && !sockets::in_flight(server).unwrap_or_else(unknown)
    }
}

/// Watches the turns of a stepped server from another thread.
pub(crate) struct TurnWatch {
    before: usize,
    going_on: usize,
    waiting: usize,
}

impl TurnWatch {
    /// The pause between two polls.
    pub(crate) const PAUSE: Duration = THRESHOLDS.turn_poll;

    pub(crate) fn begin() -> TurnWatch {
        TurnWatch { before: 0, going_on: 0, waiting: 0 }
    }

    /// Poll once: `clock` is odd during a turn, and another number in each. Says whether the turn hangs or
    /// never ends, and in which network call it waits, if it does.
    pub(crate) fn poll(&mut self, clock: usize, turner: &Thread) -> Option<Option<&'static str>> {
        let goes_on = clock == self.before && clock % 2 == 1;
        self.before = clock;
        let call = if goes_on { turner.network_call() } else { None };
        self.going_on = if goes_on { self.going_on + 1 } else { 0 };
        self.waiting = if call.is_some() { self.waiting + 1 } else { 0 };
        let hangs = self.waiting == THRESHOLDS.turn_polls_waiting
            || self.going_on == THRESHOLDS.turn_polls_going_on;
        hangs.then_some(call)
    }
}

/// Whether an answer that had done so much when the last piece came has looked for the next one since.
pub(crate) fn has_looked_for_more(before: Effort, now: Effort) -> bool {
    now.computed > before.computed + THRESHOLDS.looks_for_more
        || now.turns > before.turns + THRESHOLDS.looks_for_more_turns
}

/// Whether an answer that lost bytes, and had done so much then, will not send them any more.
pub(crate) fn has_given_up(before: Effort, now: Effort) -> bool {
    now.computed > before.computed + THRESHOLDS.has_given_up
}
