//! The running check: what its own thread, the calls of the answer, the peers and the deadline share.
//!
//! A process runs one check at a time (`check.rs`), so there is one of these.

use std::path::{Component, Path};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, ThreadId};

use crate::linux::threads::Thread;
use crate::story::Story;
use crate::transcript::Transcript;
use crate::words;

static CURRENT: Mutex<CurrentCheck> = Mutex::new(CurrentCheck::new());

struct CurrentCheck {
    /// The newest transcript, which a deadline reports.
    transcript: Option<Arc<Mutex<Transcript>>>,
    workers: Vec<Worker>,
    panics: Vec<Panic>,
    verdict: Option<Sender<Option<Story>>>,
    declared: Declared,
    /// The file with the check, as rustc names it.
    tests: Option<&'static str>,
}

/// What a check declares about itself at the start of its body.
#[derive(Clone, Debug, Default)]
pub(crate) struct Declared {
    /// The checks that it builds on.
    pub builds_on: Vec<String>,
    /// Whether it goes further than the lesson asks.
    pub further: bool,
}

/// A thread of the check, and the call of the answer that it makes; the check's own thread has an empty call.
#[derive(Clone, Debug)]
pub(crate) struct Worker {
    pub call: String,
    pub thread: Option<Thread>,
    /// Set when the call has returned or panicked.
    pub done: Arc<AtomicBool>,
}

/// A panic, as the panic hook saw it.
#[derive(Clone, Debug)]
pub(crate) struct Panic {
    pub thread: ThreadId,
    pub message: String,
    pub place: String,
    /// Whether it is a line of the kit or of the checks that panicked, and not one of the answer.
    pub of_the_course: bool,
}

impl CurrentCheck {
    const fn new() -> CurrentCheck {
        CurrentCheck {
            transcript: None,
            workers: Vec::new(),
            panics: Vec::new(),
            verdict: None,
            declared: Declared { builds_on: Vec::new(), further: false },
            tests: None,
        }
    }
}

/// Begin a new check, in this file, that sends its verdict to `verdict`; clear the state of the last one.
pub(crate) fn begin(verdict: Sender<Option<Story>>, tests: &'static str) {
    *lock() = CurrentCheck { verdict: Some(verdict), tests: Some(tests), ..CurrentCheck::new() };
}

/// Make this the transcript that a deadline reports.
pub(crate) fn set_transcript(transcript: &Arc<Mutex<Transcript>>) {
    lock().transcript = Some(Arc::clone(transcript));
}

/// The newest transcript; a new one if the check has none.
pub(crate) fn transcript() -> Arc<Mutex<Transcript>> {
    lock().transcript.clone().unwrap_or_default()
}

/// Note that the check builds on another one.
pub(crate) fn builds_on(check: String) {
    lock().declared.builds_on.push(check);
}

/// Note that the check goes beyond what the lesson asks.
pub(crate) fn goes_further() {
    lock().declared.further = true;
}

/// What the check has declared about itself.
pub(crate) fn declared() -> Declared {
    lock().declared.clone()
}

/// Note that the calling thread makes this call of the answer until `done` is set.
pub(crate) fn works_on(call: String, done: Arc<AtomicBool>) {
    // Before the lock is taken, because reading from the system takes time.
    let thread = Thread::current();
    lock().workers.push(Worker { call, thread, done });
}

/// The threads of the check that have not finished.
pub(crate) fn busy_workers() -> Vec<Worker> {
    let is_busy = |worker: &&Worker| !worker.done.load(Ordering::Acquire);
    lock().workers.iter().filter(is_busy).cloned().collect()
}

/// The thread that sets this flag when it ends.
pub(crate) fn thread_of(done: &Arc<AtomicBool>) -> Option<Thread> {
    let current = lock();
    current.workers.iter().find(|worker| Arc::ptr_eq(&worker.done, done))?.thread.clone()
}

/// Note a panic of the calling thread, in a line of this file.
pub(crate) fn note_panic(message: String, place: String, file: Option<&str>) {
    let mut current = lock();
    let of_the_course = file.is_some_and(|file| is_of_the_course(file, current.tests));
    current.panics.push(Panic { thread: thread::current().id(), message, place, of_the_course });
}

/// Whether a file is one of the kit, the tests with the check, or a module of theirs, which they name from their own
/// folder: `tests/../lessons/03_struct_header/causes.rs`.
fn is_of_the_course(file: &str, tests: Option<&str>) -> bool {
    let kit = Path::new(file!()).parent().expect("it lies in a folder");
    let modules = tests.and_then(|tests| Some(Path::new(tests).parent()?.join("..")));
    let file = Path::new(file);
    let is_module = modules.is_some_and(|folder| file.starts_with(folder));
    let is_kit = file.starts_with(kit) && !file.components().any(|it| it == Component::ParentDir);
    is_kit || is_module || tests.is_some_and(|tests| file == Path::new(tests))
}

/// Take the newest panic that `is_wanted` accepts.
pub(crate) fn take_panic(is_wanted: impl Fn(&Panic) -> bool) -> Option<Panic> {
    let panics = &mut lock().panics;
    panics.iter().rposition(is_wanted).map(|at| panics.remove(at))
}

/// The calling thread's newest panic.
pub(crate) fn last_panic() -> Panic {
    let thread = thread::current().id();
    take_panic(|panic| panic.thread == thread).unwrap_or_else(|| Panic {
        thread,
        message: words::A_PANIC_WITHOUT_A_MESSAGE.to_owned(),
        place: words::PLACE_UNKNOWN.to_owned(),
        of_the_course: false,
    })
}

/// Assign the newest panic of another thread to the calling thread, which reports it.
pub(crate) fn adopt_panic(thread: ThreadId) {
    let mut current = lock();
    if let Some(panic) = current.panics.iter_mut().rfind(|panic| panic.thread == thread) {
        panic.thread = thread::current().id();
    }
}

/// Forget the panics that `is_expected` accepts.
pub(crate) fn forget_panics(is_expected: impl Fn(&Panic) -> bool) {
    lock().panics.retain(|panic| !is_expected(panic));
}

/// Lets any thread that sees the check fail end it.
#[derive(Clone, Debug)]
pub(crate) struct Verdict(Option<Sender<Option<Story>>>);

impl Verdict {
    /// Fail the check at once; its own thread stays where it hangs.
    pub(crate) fn fails(&self, story: Story) {
        if let Some(verdict) = &self.0 {
            // Without a receiver the check is already over.
            let _ = verdict.send(Some(story));
        }
    }
}

/// The verdict of the running check.
pub(crate) fn verdict() -> Verdict {
    Verdict(lock().verdict.clone())
}

fn lock() -> MutexGuard<'static, CurrentCheck> {
    CURRENT.lock().unwrap_or_else(PoisonError::into_inner)
}
