//! What happens during a check: on each connection, and around them; and the rows of a story made of it.

use std::cell::Cell;
use std::io;
use std::net::{Shutdown, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use netkata::linux::threads::Thread;
use netkata::{Cause, Quiet, Row, Sockets, Still, counted, fail, joined, lines, quoted};
use socket2::SockRef;

use crate::program::Program;
use crate::terminal::Amount;
use crate::words;

/// A program that computed for this long while nothing moved spins.
const SPINS: Duration = Duration::from_millis(1500);
/// How often to list the processes: more often than one that waits for another counts as quiet.
const BETWEEN_LISTS: Duration = Duration::from_millis(50);
/// A program that prints this many lines or bytes while nothing else happens prints for ever.
const ENDLESS: Amount = Amount { lines: 20_000, bytes: 64 * 1024 * 1024 };
/// One that has printed this many bytes meanwhile, or was given as many that were typed, is not quiet, although it mostly
/// waits for them to pass.
const MUCH: usize = 16 * 1024;
/// A program that waits for a second and then goes on by itself has not waited for this long.
const TIMERS: Duration = Duration::from_millis(1500);
/// The same for a program that has answered everything and should wait.
const SPINS_AT_REST: Duration = Duration::from_millis(800);
/// A program that still wakes up after this time, although nothing moved, may be polling its sockets.
const MAY_POLL: Duration = Duration::from_millis(300);
/// A thread that sleeps no longer than this at a time may be polling its sockets, too.
const NAP: Duration = Duration::from_millis(500);
/// Most waits are over within this time.
const SOON: Duration = Duration::from_millis(10);
/// How often to look until then.
const PAUSE: Duration = Duration::from_micros(100);
/// A program that is about to end has ended after this time.
const ENDS: Duration = Duration::from_secs(2);
/// Stories quote up to this many lines of what the program printed.
const LINES: usize = 4;
/// Stories show up to this many connections.
const CONNECTIONS: usize = 12;
/// Stories show up to this many characters of one line.
const LONG: usize = 72;
/// What Python prints above the lines of a traceback.
const TRACEBACK: &str = r"Traceback (most recent call last):";
/// Stories show up to this many bytes of one segment.
const SHOWN: usize = 64;

/// The program, and everything that happened to it during one check.
#[derive(Debug)]
pub(crate) struct Events {
    pub(crate) program: Arc<Program>,
    logs: Mutex<Vec<Arc<Mutex<Log>>>>,
    did: Mutex<Vec<String>>,
    /// How many bytes have moved over all connections.
    moved: AtomicUsize,
    /// Whether it was found spinning: it will not be given as much time again.
    spun: AtomicBool,
    /// How many lines the program had ended when the check began: a program that serves all checks goes on, and what
    /// follows a prompt stands on the prompt's line.
    printed_before: usize,
    /// How long the program may be quiet, and still do something.
    patience: Mutex<Duration>,
    /// After this time a wait ends.
    limit: Mutex<Option<Duration>>,
}

impl Events {
    pub(crate) fn around(program: Arc<Program>) -> Arc<Events> {
        let printed_before = program.take_in().printed.lines;
        let (logs, did) = (Mutex::default(), Mutex::default());
        let (moved, spun) = (AtomicUsize::new(0), AtomicBool::new(false));
        let (patience, limit) = (Mutex::default(), Mutex::default());
        Arc::new(Events { program, logs, did, moved, spun, printed_before, patience, limit })
    }

    /// Begin the log of one more connection.
    pub(crate) fn log(&self, name: impl Into<String>) -> Arc<Mutex<Log>> {
        let log = Arc::new(Mutex::new(Log::of(name)));
        lock(&self.logs).push(Arc::clone(&log));
        log
    }

    /// Note an event that concerns no connection.
    pub(crate) fn happened(&self, what: impl Into<String>) {
        lock(&self.did).push(what.into());
    }

    /// Note that bytes have moved over a connection: more may come of it.
    pub(crate) fn moved(&self, bytes: usize) {
        self.moved.fetch_add(bytes, Ordering::Relaxed);
    }

    /// From now on a wait ends after this time, although the program is not quiet.
    pub(crate) fn waits_at_most(&self, time: Duration) {
        *lock(&self.limit) = Some(time);
    }

    /// From now on the program is quiet only after this time. Return the time before.
    pub(crate) fn is_patient(&self, time: Duration) -> Duration {
        std::mem::replace(&mut lock(&self.patience), time)
    }

    /// Whether the program computes for some time, although nothing happens.
    pub(crate) fn spins(&self) -> bool {
        self.until_it_computes(SPINS_AT_REST, || Sockets::Any, || None::<()>)
            == Err(Still::Spinning)
    }

    /// Wait until something is found, or the program is quiet. What it prints is taken in meanwhile.
    pub(crate) fn until<'a, T>(
        &self,
        sockets: impl Fn() -> Sockets<'a>,
        mut look: impl FnMut() -> Option<T>,
    ) -> Result<T, Still> {
        match self.soon(&mut look) {
            Some(found) => Ok(found),
            None => self.until_it_computes(SPINS, sockets, look),
        }
    }

    /// Find it without a look at the program's processes, which takes longer than most waits.
    fn soon<T>(&self, mut look: impl FnMut() -> Option<T>) -> Option<T> {
        let began = Instant::now();
        loop {
            self.program.take_in();
            match look() {
                None if began.elapsed() < SOON => thread::sleep(PAUSE),
                found => return found,
            }
        }
    }

    /// As [`Events::until`], but a program that waits for at most a second before it goes on is not quiet.
    pub(crate) fn until_timers<'a, T>(
        &self,
        sockets: impl Fn() -> Sockets<'a>,
        look: impl FnMut() -> Option<T>,
    ) -> Result<T, Still> {
        self.patiently(|| self.until(sockets, look))
    }

    /// Make each wait in `body` one for timers: see [`Events::until_timers`].
    pub(crate) fn patiently<T>(&self, body: impl FnOnce() -> T) -> T {
        let patience = self.is_patient(TIMERS);
        let done = body();
        self.is_patient(patience);
        done
    }

    /// As [`Events::until`]: a program spins that has computed for this long while nothing moved.
    fn until_it_computes<'a, T>(
        &self,
        spins: Duration,
        sockets: impl Fn() -> Sockets<'a>,
        mut look: impl FnMut() -> Option<T>,
    ) -> Result<T, Still> {
        // What is there already needs no look at every process of the machine.
        let printed_before = self.program.take_in().printed;
        if let Some(found) = look() {
            return Ok(found);
        }
        let computed = || self.program.threads().effort().unwrap_or_default().computed;
        let computed_before = computed();
        let has_computed = || computed() >= computed_before + spins;
        let (began, patience) = (Instant::now(), *lock(&self.patience));
        let limit = lock(&self.limit).unwrap_or(Duration::MAX);
        // A second each, since only the second kind ends for a program that polls, and only the first for one that
        // sleeps for long.
        let polls =
            || began.elapsed().checked_sub(MAY_POLL).is_some_and(|it| it.as_secs() % 2 == 0);
        let naps = Cell::new(false);
        let sockets = || if naps.get() || polls() { self.polled() } else { sockets() };
        loop {
            if began.elapsed() > limit {
                return Err(Still::Waiting);
            }
            let (processes, moved) =
                (self.program.processes_lately(), self.moved.load(Ordering::Relaxed));
            let threads = self.program.threads();
            let lately = self.program.take_in();
            let mut listed = Instant::now();
            let quiet = Quiet::of(&threads).although_they_wake_up();
            let found = quiet.until(sockets, || {
                let talk = self.program.take_in();
                if let Some(found) = look() {
                    return Some(Ok(Some(found)));
                }
                if talk.printed.is_endless_since(printed_before) {
                    return Some(Err(Still::Spinning));
                }
                if talk.bytes() >= lately.bytes() + MUCH {
                    return Some(Ok(None));
                }
                if listed.elapsed() < BETWEEN_LISTS {
                    return None;
                }
                listed = Instant::now();
                (began.elapsed() > limit || self.program.processes() != processes)
                    .then_some(Ok(None))
            });
            match found.flatten() {
                Ok(Some(found)) => return Ok(found),
                // A process that was started meanwhile may act, and the one that waits for it goes on after it. One that
                // prints, or reads what was typed, may do something else after it.
                Ok(None) => {}
                Err(still) if began.elapsed() > limit => return Err(still),
                // A program that starts or sorts a lot of data computes for long, too.
                Err(Still::Spinning) if !self.is_spinning(has_computed()) => {}
                Err(_) if began.elapsed() < patience => {}
                Err(_) if self.naps() && !naps.replace(true) => {}
                Err(_)
                    if self.moved.load(Ordering::Relaxed) != moved
                        || self.program.processes() != processes => {}
                Err(still) => return Err(still),
            }
        }
    }

    /// Whether a program that computes spins: it has computed for long enough, now or in an earlier wait.
    fn is_spinning(&self, long_enough: bool) -> bool {
        self.spun.fetch_or(long_enough, Ordering::Relaxed) || long_enough
    }

    /// Whether a thread of the program sleeps for a moment: it may find something when it wakes up.
    fn naps(&self) -> bool {
        let asked = |thread: &Thread| thread.asked_to_sleep().is_some_and(|time| time <= NAP);
        self.program.threads().now().iter().any(asked)
    }

    /// The connections that a program may poll: if the kernel's queues stay the same, it finds nothing there.
    fn polled<'a>(&self) -> Sockets<'a> {
        let address = self.program.address();
        let port_of_client = |log: &Arc<Mutex<Log>>| {
            let log = lock(log);
            let ends =
                [log.stream.as_ref()?.local_addr().ok()?, log.stream.as_ref()?.peer_addr().ok()?];
            ends.into_iter().map(|end| end.port()).find(|port| *port != address.port())
        };
        Sockets::Server(address, lock(&self.logs).iter().filter_map(port_of_client).collect())
    }

    /// The lines that the program has printed during this check.
    pub(crate) fn printed(&self) -> Vec<String> {
        let mut printed = self.program.printed();
        printed.split_off(self.printed_before.min(printed.len()))
    }

    /// Fail the check: everything that happened, where the program is, and the cause.
    pub(crate) fn fails(&self, cause: Cause, rows: Vec<Row>) -> ! {
        // A program that is about to end has ended in every run of this story; one that spins is not, and one that
        // sends by the clock is never quiet.
        let threads = self.program.threads();
        let quiet = Quiet::of(&threads).although_they_wake_up();
        let began = Instant::now();
        let has_ended = || self.program.ended().is_some() || began.elapsed() > ENDS;
        let _ = quiet.until(|| Sockets::Any, || has_ended().then_some(()));
        fail(cause.story([self.rows(), rows].concat()))
    }

    /// What happened so far, a row per connection, and what the program does now.
    fn rows(&self) -> Vec<Row> {
        let mut rows = Vec::new();
        let did = lock(&self.did).clone();
        if !did.is_empty() {
            rows.push(Row::new(netkata::words::THE_TEST, joined(did, ", ")));
        }
        let logs = lock(&self.logs).clone();
        let last = logs.len().saturating_sub(CONNECTIONS / 2);
        let (first, last) = if logs.len() > CONNECTIONS { (CONNECTIONS / 2, last) } else { (0, 0) };
        rows.extend(logs[..first].iter().map(|log| lock(log).row()));
        if first < last {
            let others = counted(last - first, netkata::words::OTHER_CLIENT);
            rows.push(Row::new(netkata::words::AND, others));
        }
        rows.extend(logs[last..].iter().map(|log| lock(log).row()));
        rows.push(Row::new(words::YOUR_PROGRAM, self.program.doing()));
        // In most languages the indented lines of an error are where it happened, file by file.
        let mut printed = self.printed();
        printed.retain(|line| !line.starts_with([' ', '\t']) && line != TRACEBACK);
        if !printed.is_empty() {
            let more = printed.len().saturating_sub(LINES);
            let mut shown: Vec<String> = printed[more..].iter().map(|line| head(line)).collect();
            if more > 0 {
                shown.insert(0, words::and_before(counted(more.min(ENDLESS.lines), words::LINE)));
            }
            rows.push(Row::new(words::IT_PRINTED, shown.join("   ")));
        }
        rows
    }

    /// End every connection. A program that goes on sees the end of each stream; with one that is ended, the
    /// connections are reset, so that none is left in TIME-WAIT on its port, which may be a fixed one.
    pub(crate) fn end(&self, goes_on: bool) {
        for log in lock(&self.logs).iter() {
            let mut log = lock(log);
            if goes_on { log.close_what_is_open() } else { log.reset_what_is_open() }
        }
    }
}

impl Amount {
    fn is_endless_since(self, before: Amount) -> bool {
        self.lines > before.lines + ENDLESS.lines || self.bytes > before.bytes + ENDLESS.bytes
    }
}

/// How a story shows the bytes of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Readable {
    Text,
    Bytes,
}

/// What happened on one connection.
#[derive(Debug)]
pub(crate) struct Log {
    pub(crate) name: String,
    events: Vec<Event>,
    pub(crate) stream: Option<Arc<TcpStream>>,
}

#[derive(Debug)]
enum Event {
    /// Segments that were sent one after the other.
    Sent(Vec<Vec<u8>>),
    Got(Vec<u8>),
    Did(String),
}

impl Log {
    pub(crate) fn of(name: impl Into<String>) -> Log {
        Log { name: name.into(), events: Vec::new(), stream: None }
    }

    pub(crate) fn sent(&mut self, bytes: &[u8]) {
        if let Some(Event::Sent(segments)) = self.events.last_mut() {
            return segments.push(bytes.to_vec());
        }
        self.events.push(Event::Sent(vec![bytes.to_vec()]));
    }

    pub(crate) fn got(&mut self, bytes: &[u8]) {
        match self.events.last_mut() {
            _ if bytes.is_empty() => {}
            Some(Event::Got(got)) => got.extend_from_slice(bytes),
            _ => self.events.push(Event::Got(bytes.to_vec())),
        }
    }

    /// As [`Log::got`], for a datagram, which is never joined with another one.
    pub(crate) fn got_one(&mut self, bytes: &[u8]) {
        self.events.push(Event::Got(bytes.to_vec()));
    }

    pub(crate) fn got_the_end(&mut self) {
        let the_end = netkata::words::THE_END_OF_THE_STREAM;
        let follows = matches!(self.events.last(), Some(Event::Got(_)));
        self.did(if follows {
            netkata::words::then(the_end)
        } else {
            netkata::words::got(the_end)
        });
    }

    pub(crate) fn did(&mut self, what: impl Into<String>) {
        self.events.push(Event::Did(what.into()));
    }

    /// The connection ends with a reset when its last owner closes it.
    pub(crate) fn reset_what_is_open(&mut self) {
        if let Some(stream) = self.stream.take() {
            let _ = SockRef::from(&*stream).set_linger(Some(Duration::ZERO));
        }
    }

    /// The connection ends in order: the other side reads the end of the stream.
    fn close_what_is_open(&mut self) {
        if let Some(stream) = self.stream.take() {
            // What was not read would make the kernel send a reset.
            let _ = io::copy(&mut &*stream, &mut io::sink());
            let _ = stream.shutdown(Shutdown::Write);
        }
    }

    /// Text, if everything that went over the connection is text, these bytes too.
    pub(crate) fn readable(&self, more: &[u8]) -> Readable {
        let is_text = |bytes: &[u8]| {
            let is_plain = |c: char| !c.is_control() || matches!(c, '\r' | '\n' | '\t');
            str::from_utf8(bytes).is_ok_and(|text| text.chars().all(is_plain))
        };
        let all = self.events.iter().all(|event| match event {
            Event::Sent(segments) => segments.iter().all(|segment| is_text(segment)),
            Event::Got(bytes) => is_text(bytes),
            Event::Did(_) => true,
        });
        if all && is_text(more) { Readable::Text } else { Readable::Bytes }
    }

    /// The connection as a row of a story: what was sent, segment by segment, and what came back.
    pub(crate) fn row(&self) -> Row {
        let readable = self.readable(b"");
        let segment = |bytes: &Vec<u8>| match bytes.len() {
            0..=SHOWN => shown(readable, bytes),
            many => counted(many, netkata::words::BYTE),
        };
        let parts = self.events.iter().map(|event| match event {
            Event::Sent(segments) => {
                let shown = joined(segments.iter().map(segment).collect(), " │ ");
                netkata::words::sent(match segments.len() {
                    1 => shown,
                    many => words::in_segments(shown, netkata::words::segments(many)),
                })
            }
            Event::Got(bytes) => netkata::words::got(segment(bytes)),
            Event::Did(what) => what.clone(),
        });
        Row::new(&self.name, parts.collect::<Vec<_>>().join(", "))
    }
}

/// The beginning of a line: how a long one was split is the kernel's choice.
fn head(line: &str) -> String {
    match line.char_indices().nth(LONG) {
        None => lines(line.as_bytes()),
        Some((end, _)) => words::and_so_on(lines(&line.as_bytes()[..end])),
    }
}

/// Bytes as a story shows them.
pub(crate) fn shown(readable: Readable, bytes: &[u8]) -> String {
    match readable {
        Readable::Text => quoted(bytes),
        Readable::Bytes => netkata::hex(bytes),
    }
}

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
