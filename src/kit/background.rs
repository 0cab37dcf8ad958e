//! Calls of the answer in the background: a server that serves for ever, or a call that talks to a peer.

use std::io::{self, ErrorKind};
use std::panic::{self, AssertUnwindSafe};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle, ThreadId};
use std::time::Duration;

use crate::current;
use crate::linux::signals;
use crate::linux::threads::{self, Effort, Standing};
use crate::story::values::{Describe, describe_error};
use crate::words;

/// The body of a check, or of a call in the background. It is boxed, so that the code that runs it is
/// compiled once, not for every check of every answer.
pub(crate) type Body = Box<dyn FnOnce() + Send>;

/// Threads of the kit that have not been joined yet.
static UNJOINED: Mutex<Vec<JoinHandle<()>>> = Mutex::new(Vec::new());

/// A call of the answer that runs on its own thread.
#[derive(Debug)]
pub struct Background<T> {
    call: String,
    done: Arc<AtomicBool>,
    value: Arc<Mutex<Option<T>>>,
    thread: Thread,
}

/// A thread that is joined after it has ended, and never detached.
///
/// Dropping a JoinHandle detaches its thread, and pthread_detach(3) of the GNU C library then accesses the
/// thread once more, although it may have ended and been freed (bug 19951): the process crashes.
#[derive(Debug)]
pub(crate) struct Thread {
    id: ThreadId,
    handle: Option<JoinHandle<()>>,
}

impl Thread {
    fn join(mut self) -> thread::Result<()> {
        self.handle.take().map_or(Ok(()), JoinHandle::join)
    }
}

impl From<JoinHandle<()>> for Thread {
    fn from(handle: JoinHandle<()>) -> Thread {
        Thread { id: handle.thread().id(), handle: Some(handle) }
    }
}

impl Drop for Thread {
    fn drop(&mut self) {
        let mut unjoined = lock(&UNJOINED);
        unjoined.extend(self.handle.take());
        for over in unjoined.extract_if(.., |thread| thread.is_finished()) {
            // Its panic was noted where it happened.
            let _ = over.join();
        }
    }
}

/// How a call in the background ended.
#[derive(Clone, Debug)]
pub(crate) struct End {
    /// The kind of the error that it returned, if it did.
    pub error: Option<ErrorKind>,
    /// A description: `serve returned success`.
    pub text: String,
}

/// Make a call of the answer on its own thread; a deadline reports where the call is.
pub fn in_background<T: Send + 'static>(
    call: &str,
    run: impl FnOnce() -> T + Send + 'static,
) -> Background<T> {
    let done = Arc::new(AtomicBool::new(false));
    let value = Arc::new(Mutex::new(None));
    let slot = Arc::clone(&value);
    let run = move || {
        let value = run();
        *lock(&slot) = Some(value);
    };
    let thread = spawn(call.to_owned(), Arc::clone(&done), Box::new(run));
    Background { call: call.to_owned(), done, value, thread }
}

fn spawn(call: String, done: Arc<AtomicBool>, run: Body) -> Thread {
    let handle = thread::spawn(move || {
        current::works_on(call, Arc::clone(&done));
        let outcome = panic::catch_unwind(AssertUnwindSafe(run));
        done.store(true, Ordering::Release);
        outcome.unwrap_or_else(|payload| panic::resume_unwind(payload));
    });
    handle.into()
}

impl<T> Background<T> {
    /// The call's name.
    pub(crate) fn name(&self) -> &str {
        &self.call
    }

    /// Whether the call is over: it returned, or panicked.
    pub fn is_over(&self) -> bool {
        self.done.load(Ordering::Acquire)
    }

    /// Describe what the call is doing now: `in recvfrom, on a socket that receives nothing`.
    pub fn place(&self) -> String {
        place_of(self.linux_thread().as_ref())
    }

    /// Whether the call is computing now instead of waiting; false if the system does not show it.
    pub fn computes(&self) -> bool {
        self.linux_thread().is_some_and(|thread| thread.computes())
    }

    /// Whether the call waits in a read now: read(2), recv(2), readv(2) and similar. False if the system
    /// does not show it.
    pub fn waits_to_read(&self) -> bool {
        self.linux_thread().is_some_and(|thread| thread.reads())
    }

    /// Interrupt the call as soon as it waits on a socket: if that has a time limit, the wait fails with
    /// `Interrupted`. Return whether it was interrupted: not if it is over before, or sleeps, computes, or
    /// waits for a thread instead, and on Linux only.
    pub fn interrupt(&self) -> bool {
        /// Code that is on its way to a wait computes no longer than this.
        const ON_ITS_WAY: Duration = Duration::from_millis(50);

        /// Code that waits for another thread this often in a row, each time that it is looked at, goes on so.
        const ELSEWHERE: usize = 100;

        let mut elsewhere = 0;
        let computed = || self.effort().map(|effort| effort.computed).unwrap_or_default();
        let before = computed();
        loop {
            match self.linux_thread() {
                Some(thread) if thread.network_call().is_some() => {
                    return signals::stop_and_go_on(&thread);
                }
                Some(thread) if thread.standing() == Some(Standing::Sleeps) => return false,
                _ if self.is_over() || !threads::are_known() => return false,
                _ if computed().saturating_sub(before) > ON_ITS_WAY => return false,
                Some(thread) if thread.standing() == Some(Standing::Waits) => elsewhere += 1,
                _ => elsewhere = 0,
            }
            if elsewhere == ELSEWHERE {
                return false;
            }
            thread::yield_now();
        }
    }

    /// What the call's thread has done so far; `None` if it has ended or the system does not show it.
    pub(crate) fn effort(&self) -> Option<Effort> {
        self.linux_thread()?.effort()
    }

    /// The call's thread; `None` if it has ended or the system does not show it.
    pub(crate) fn linux_thread(&self) -> Option<threads::Thread> {
        current::thread_of(&self.done)
    }

    /// Drop the call; if it has panicked, no check fails for that.
    pub fn let_go(self) {
        let id = self.thread.id;
        current::forget_panics(|panic| panic.thread == id);
    }

    /// Wait until the call is over, and return its value.
    ///
    /// # Panics
    ///
    /// With the call's own panic, if it panicked.
    pub fn join(self) -> T {
        let Background { value, thread, .. } = self;
        let id = thread.id;
        if let Err(payload) = thread.join() {
            current::adopt_panic(id);
            panic::resume_unwind(payload);
        }
        lock(&value).take().expect("a call that did not panic has returned")
    }
}

impl<T: Describe> Background<io::Result<T>> {
    /// How the call ended; `None` while it runs.
    ///
    /// # Panics
    ///
    /// With the call's own panic, if it panicked.
    pub(crate) fn end(&self) -> Option<End> {
        if !self.is_over() {
            return None;
        }
        let value = lock(&self.value);
        let Some(outcome) = value.as_ref() else {
            current::adopt_panic(self.thread.id);
            panic::resume_unwind(Box::new(r"the call panicked"));
        };
        let (error, came) = match outcome {
            Ok(value) => (None, value.describe()),
            Err(error) => (Some(error.kind()), describe_error(error)),
        };
        Some(End { error, text: words::returned(&self.call, came) })
    }
}

/// Describe where a thread is, as far as the system shows it.
pub(crate) fn place_of(thread: Option<&threads::Thread>) -> String {
    thread.map_or_else(|| words::WITHOUT_EVER_RETURNING.to_owned(), threads::Thread::place)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
