//! A server that a test steps, turn by turn, with its crowd: no threads, no sleeps, no waits.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::panic::{self, AssertUnwindSafe};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

use crate::cause::Cause;
use crate::current;
use crate::diagnosis::answers::{compared_rows, expected_row, of_bytes, of_error};
use crate::linux::sockets;
use crate::linux::threads::Thread;
use crate::meter::bytes_held;
use crate::net::crowd::{Client, Crowd};
use crate::quiet::{TurnWatch, Turns};
use crate::scene::{Scene, fail};
use crate::story::values::describe_error;
use crate::story::{Row, Story};
use crate::transcript::Outcome;
use crate::words;

/// A server under test, its crowd, and the thread that watches its turns.
#[derive(Debug)]
pub struct Stepped<S> {
    server: S,
    turn: fn(&mut S) -> io::Result<bool>,
    address: SocketAddr,
    crowd: Arc<Mutex<Crowd>>,
    /// Odd during a turn.
    clock: Arc<AtomicUsize>,
    held: usize,
    most_held: usize,
    _watch: Sender<()>,
}

impl<S> Stepped<S> {
    /// Make a server from `listener`, to be stepped by `turn`, before any client connects.
    ///
    /// # Panics
    ///
    /// If the server cannot be made: the check fails.
    pub fn serving(
        listener: TcpListener,
        make: impl FnOnce(TcpListener) -> io::Result<S>,
        turn: fn(&mut S) -> io::Result<bool>,
    ) -> Stepped<S> {
        Scene::begin();
        let address = listener.local_addr().expect("a bound listener has an address");
        let server = make(listener).unwrap_or_else(|error| panic!("new failed: {error}"));
        let crowd = Arc::new(Mutex::new(Crowd::around(address)));
        let clock = Arc::new(AtomicUsize::new(0));
        let watch = watch(Arc::clone(&clock), Arc::clone(&crowd));
        Stepped { server, turn, address, crowd, clock, held: 0, most_held: 0, _watch: watch }
    }

    /// The server itself.
    pub fn server(&self) -> &S {
        &self.server
    }

    /// The server's clients, to give them their next actions.
    pub fn crowd(&self) -> MutexGuard<'_, Crowd> {
        lock(&self.crowd)
    }

    /// The most memory that the server has gained during its turns so far, in bytes.
    pub fn most_held(&self) -> usize {
        self.most_held
    }

    /// Step the server once, then let the crowd send and receive; return what the turn returned.
    ///
    /// The check fails if a turn fails, panics, or waits for a client or a new connection.
    pub fn turn(&mut self) -> bool {
        self.step().0
    }

    /// Step until a turn returns that something moved; fail when no turn will.
    #[track_caller]
    pub fn turns_until_moved(&mut self, what: &str, cause: Cause) {
        let mut still = Turns::default();
        while !self.turn() {
            if still.are_quiet(false, self.address) {
                self.fails(cause, None, vec![Row::new(words::EXPECTED, what)]);
            }
        }
    }

    /// Step until `done`; fail when it never will be.
    ///
    /// `what` says in words what the check waits for: `one client is left`.
    pub fn turns_until(&mut self, what: &str, cause: Cause, mut done: impl FnMut(&S) -> bool) {
        let mut still = Turns::default();
        while !done(&self.server) {
            let moved = self.step().1;
            if still.are_quiet(moved, self.address) {
                self.fails(cause, None, vec![Row::new(words::EXPECTED, what)]);
            }
        }
    }

    /// Step until this client has received exactly `expected` since it connected, or fail.
    ///
    /// Fails at the first byte that differs, at an early end of the stream, and when nothing moves any more.
    pub fn turns_until_heard(&mut self, client: Client, expected: &[u8], cause: Cause) {
        let mut still = Turns::default();
        let mut right = 0;
        loop {
            right = self.compare(client, right, expected, &cause);
            if right == expected.len() {
                return;
            }
            let moved = self.step().1;
            if still.are_quiet(moved, self.address) {
                // Bytes that the server does not read any more stay with the client.
                let unread = self.crowd().has_unsent(client);
                let cause = if unread { Cause::NeverReadAgain } else { cause };
                let row = expected_row(self.crowd().name(client), expected);
                self.fails(cause, Some(client), vec![row]);
            }
        }
    }

    /// Step until this client has seen the end of its connection, or fail.
    pub fn turns_until_ended(&mut self, client: Client, cause: Cause) {
        let mut still = Turns::default();
        loop {
            let ended = self.crowd().ended(client);
            match ended {
                Some(Ok(())) => return,
                None => {}
                Some(Err(_)) => break,
            }
            let moved = self.step().1;
            if still.are_quiet(moved, self.address) {
                break;
            }
        }
        let row = words::sees_the_end_of_the_stream(self.crowd().name(client));
        self.fails(cause, Some(client), vec![Row::new(words::EXPECTED, row)]);
    }

    /// Step until this many turns in a row have moved nothing, neither for the server nor for a client.
    ///
    /// Stops, too, if the turns always report movement but the crowd sees none.
    pub fn turns_until_still(&mut self, turns: usize) {
        let mut still = 0;
        let mut unseen = 0;
        while still < turns && unseen < Turns::MOST {
            let (said, moved) = self.step();
            still = if said || moved { 0 } else { still + 1 };
            unseen = if moved { 0 } else { unseen + 1 };
        }
    }

    /// Wait until everything sent has arrived at the other end, and let the crowd read it.
    pub fn settle(&mut self) {
        sockets::let_arrive();
        self.crowd().exchange();
    }

    /// Fail the check for this cause. The story shows what the crowd did and received, this client always
    /// included, then `rows`.
    pub fn fails(&self, cause: Cause, client: Option<Client>, rows: Vec<Row>) -> ! {
        let mut all = self.crowd().rows(client);
        all.extend(rows);
        fail(cause.story(all))
    }

    /// Return whether the turn said that something moved, and whether any client saw something move.
    fn step(&mut self) -> (bool, bool) {
        let before = bytes_held();
        self.clock.fetch_add(1, Ordering::Release);
        let outcome = panic::catch_unwind(AssertUnwindSafe(|| (self.turn)(&mut self.server)));
        self.clock.fetch_add(1, Ordering::Release);
        self.held = (self.held + bytes_held()).saturating_sub(before);
        self.most_held = self.most_held.max(self.held);
        let moved = self.crowd().exchange();
        match outcome {
            Ok(Ok(said)) => (said, moved),
            Ok(Err(error)) => {
                let row = Row::new(words::TURN_FAILED, describe_error(&error));
                self.fails(of_error(&error), None, vec![row])
            }
            Err(payload) => {
                let (cause, row) = match Outcome::of_panic(payload.as_ref()) {
                    Outcome::Panic { message, place, of_the_course } => {
                        let cause =
                            if of_the_course { Cause::CheckPanicked } else { Cause::Panicked };
                        (cause, words::noted(message, place))
                    }
                    other => (Cause::Panicked, format!("{other:?}")),
                };
                self.fails(cause, None, vec![Row::new(words::TURN_PANICKED, row)])
            }
        }
    }

    /// Return how many bytes are correct, given that the first `right` are; fail if any byte is wrong.
    fn compare(&self, client: Client, right: usize, expected: &[u8], cause: &Cause) -> usize {
        let crowd = self.crowd();
        let heard = crowd.heard(client);
        let here = heard.len().min(expected.len());
        if heard.len() > expected.len() || heard[right..] != expected[right..here] {
            let cause = of_bytes(&crowd, client, expected, cause.clone());
            let rows = compared_rows(crowd.name(client), heard, expected);
            drop(crowd);
            self.fails(cause, Some(client), rows);
        }
        if here < expected.len() && crowd.ended(client).is_some() {
            let cause = if crowd.closed_its_side(client) { cause.clone() } else { Cause::HungUp };
            drop(crowd);
            let row = expected_row(self.crowd().name(client), expected);
            self.fails(cause, Some(client), vec![row]);
        }
        here
    }
}

/// Watch the calling thread while it makes turns. A turn that waits inside a network call waits for ever,
/// since only this thread moves the clients: the check fails at once.
fn watch(clock: Arc<AtomicUsize>, crowd: Arc<Mutex<Crowd>>) -> Sender<()> {
    let (alive, over) = mpsc::channel::<()>();
    let Some(turner) = Thread::current() else { return alive };
    let verdict = current::verdict();
    thread::spawn(move || {
        let mut watch = TurnWatch::begin();
        while over.recv_timeout(TurnWatch::PAUSE) == Err(RecvTimeoutError::Timeout) {
            if let Some(call) = watch.poll(clock.load(Ordering::Acquire), &turner) {
                verdict.fails(hanging(call, &turner, &lock(&crowd)));
                return;
            }
        }
    });
    alive
}

fn hanging(call: Option<&str>, turner: &Thread, crowd: &Crowd) -> Story {
    let cause = match call {
        Some("accept" | "accept4") => Cause::WaitsForTheNextCaller,
        Some(_) => Cause::WaitsForOneClient,
        None => Cause::TurnNeverEnds,
    };
    let mut rows = crowd.rows(None);
    rows.push(Row::new(words::TURN_HANGS, turner.place()));
    cause.story(rows)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
