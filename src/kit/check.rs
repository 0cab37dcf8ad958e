//! The one door: the body of every graded check runs inside it.
//!
//! Behind it one check runs at a time, each on a thread of its own. The door holds a deadline on
//! everything that can block, catches panics of every thread, and writes the record that says the
//! check ran to its end. One at a time costs little, since checks are short, and it is what makes a
//! panic, a thread, a descriptor or a byte allocated belong to one check.

use std::any::Any;
use std::io::{self, ErrorKind};
use std::panic::{self, AssertUnwindSafe};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle, ThreadId};
use std::time::{Duration, Instant};

use crate::cause::Cause;
use crate::census::AtTheDoor;
use crate::diagnosis::Got;
use crate::linux::threads::{self, Crew, Effort, Place};
use crate::record::{Ending, Order, Recorder, Status};
use crate::scene::Scene;
use crate::story::values::{Told, told_error};
use crate::story::{Row, Story};
use crate::words;

/// How long a check may take. It ends what would never end; nothing that ends comes near it.
pub const DEADLINE: Duration = Duration::from_secs(4);

/// How much longer a check may take at the most, on a machine that is busy with other work. A verdict is due
/// soon there, too: two checks may run into their deadline, and a program that records nothing for 10 seconds
/// is stopped.
const GRACE: Duration = Duration::from_millis(1500);

/// After so many checks that ran into their deadline, the rest are not tried: a verdict is due.
const PATIENCE: usize = 2;

static SESSION: Mutex<Option<Session>> = Mutex::new(None);
static SCENE: Mutex<Option<Scene>> = Mutex::new(None);
static WORKERS: Mutex<Vec<Worker>> = Mutex::new(Vec::new());
static VERDICT: Mutex<Option<Sender<Option<Story>>>> = Mutex::new(None);
static PANICS: Mutex<Vec<Panic>> = Mutex::new(Vec::new());
static BUILDS_ON: Mutex<Vec<String>> = Mutex::new(Vec::new());
static FURTHER: AtomicBool = AtomicBool::new(false);
static LET_GO: Mutex<Vec<JoinHandle<()>>> = Mutex::new(Vec::new());

/// What the checks of one test process share.
struct Session {
    recorder: Option<Recorder>,
    deadlines_missed: usize,
}

/// A thread of the check, and which call of the answer it makes.
struct Worker {
    call: String,
    place: Option<Place>,
    done: Arc<AtomicBool>,
}

#[derive(Clone, Debug)]
struct Panic {
    thread: ThreadId,
    message: String,
    place: String,
}

/// Run the body of a graded check; the check's name is the function that calls this.
///
/// # Panics
///
/// With the story of the failure on standard output, when the check fails: the test fails.
pub fn graded<F: FnOnce() + Send + 'static>(body: F) {
    graded_within(DEADLINE, body);
}

/// As [`graded`], for a check that may take longer than [`DEADLINE`].
///
/// # Panics
///
/// As [`graded`].
pub fn graded_within<F: FnOnce() + Send + 'static>(deadline: Duration, body: F) {
    graded_as(&function_of::<F>(), deadline, Box::new(body));
}

/// The body of a check, or of a call in the background. It is boxed, so that all behind it is compiled once
/// and not for every check of every answer.
pub(crate) type Body = Box<dyn FnOnce() + Send>;

/// As [`graded_within`], for a check of this name.
pub(crate) fn graded_as(check: &str, deadline: Duration, body: Body) {
    let _at_the_door = AtTheDoor::comes();
    let mut session = SESSION.lock().unwrap_or_else(PoisonError::into_inner);
    let session = session.get_or_insert_with(Session::begin);
    let began = Instant::now();
    if let Some(recorder) = &mut session.recorder {
        recorder.began(check);
    }
    let (status, story) = if session.deadlines_missed < PATIENCE {
        match run(deadline, body) {
            Outcome::Passed => (Status::Pass, None),
            Outcome::Failed(story) => (Status::Fail, Some(story)),
            Outcome::MissedItsDeadline(story) => {
                session.deadlines_missed += 1;
                (Status::Fail, Some(story))
            }
        }
    } else {
        (Status::Skipped, Some(not_tried()))
    };
    let builds_on = std::mem::take(&mut *lock(&BUILDS_ON));
    let further = FURTHER.swap(false, Ordering::Relaxed);
    let ending =
        Ending { status, seconds: began.elapsed().as_secs_f64(), story, builds_on, further };
    if let Some(recorder) = &mut session.recorder {
        recorder.ended(check, &ending);
    }
    if let Some(story) = ending.story {
        // The runner has it in the record, and shows what the answer printed without it.
        if session.recorder.is_none() {
            println!("\n✗ {}\n{}\n", check.replace('_', " "), story.lines(80).join("\n"));
        }
        // No panic message: the story has said it all.
        panic::resume_unwind(Box::new(story));
    }
}

/// Say, at the beginning of a check's body, that it builds on `check`, another one further up: as long as
/// that one fails, this one's failure says nothing new, and the runner does not count it as one.
pub fn builds_on<F>(_check: F) {
    lock(&BUILDS_ON).push(function_of::<F>());
}

/// Say, at the beginning of a check's body, that it goes further than the lesson asks: an answer is green
/// without it.
pub fn further() {
    FURTHER.store(true, Ordering::Relaxed);
}

/// A call of the answer that runs on a thread of its own, such as a server that serves for ever.
#[derive(Debug)]
pub struct Background<T> {
    call: String,
    done: Arc<AtomicBool>,
    value: Arc<Mutex<Option<T>>>,
    thread: Thread,
}

/// A thread that nobody need wait for.
///
/// It is never detached, but joined when it is over. A JoinHandle that is dropped is detached, and while
/// pthread_detach(3) does that, the GNU C library looks at the thread once more, although it may have ended
/// and be gone (bug 19951): then the process crashes.
#[derive(Debug)]
struct Thread {
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
        let mut let_go = lock(&LET_GO);
        let_go.extend(self.handle.take());
        for over in let_go.extract_if(.., |thread| thread.is_finished()) {
            // Its panic was heard of where it happened.
            let _ = over.join();
        }
    }
}

/// How a call in the background ended.
#[derive(Clone, Debug)]
pub(crate) struct End {
    /// The kind of the error that it returned, if it did.
    pub error: Option<ErrorKind>,
    /// In words: `serve returned success`.
    pub told: String,
}

/// Make a call of the answer on a thread of its own; a deadline tells where it stands then.
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
        lock(&WORKERS).push(Worker { call, place: threads::here(), done: Arc::clone(&done) });
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

    /// What the call is doing now: `in recvfrom, on a socket that nobody sends to`.
    pub fn place(&self) -> String {
        threads::told(self.thread_place().as_ref())
    }

    /// Whether the call is at work now, and waits for nobody; false where the system does not tell.
    pub fn computes(&self) -> bool {
        self.thread_place().is_some_and(|place| threads::computes(&place))
    }

    /// Whether the call waits now in a read, by whatever name (read(2), recv(2), readv(2)); false where the
    /// system does not tell.
    pub fn waits_to_read(&self) -> bool {
        self.thread_place().is_some_and(|place| threads::reads(&place))
    }

    /// What the call's thread has done so far, or `None` when it has gone, or the system does not tell.
    pub(crate) fn effort(&self) -> Option<Effort> {
        threads::effort(&self.thread_place()?)
    }

    fn thread_place(&self) -> Option<Place> {
        let workers = lock(&WORKERS);
        workers.iter().find(|worker| Arc::ptr_eq(&worker.done, &self.done))?.place.clone()
    }

    /// Let the call be: if it has panicked, that fails no check.
    pub fn let_go(self) {
        let id = self.thread.id;
        lock(&PANICS).retain(|panic| panic.thread != id);
    }

    /// Wait until the call is over, and take what it returned.
    ///
    /// # Panics
    ///
    /// With the call's own panic, when it panicked.
    pub fn join(self) -> T {
        let Background { value, thread, .. } = self;
        let id = thread.id;
        if let Err(payload) = thread.join() {
            adopt_panic(id);
            panic::resume_unwind(payload);
        }
        lock(&value).take().expect("a call that did not panic has returned")
    }
}

impl<T: Told> Background<io::Result<T>> {
    /// How the call ended, or `None` while it is going on.
    ///
    /// # Panics
    ///
    /// With the call's own panic, when it panicked.
    pub(crate) fn end(&self) -> Option<End> {
        if !self.is_over() {
            return None;
        }
        let value = lock(&self.value);
        let Some(outcome) = value.as_ref() else {
            adopt_panic(self.thread.id);
            panic::resume_unwind(Box::new(r"the call panicked"));
        };
        let (error, came) = match outcome {
            Ok(value) => (None, value.told()),
            Err(error) => (Some(error.kind()), told_error(error)),
        };
        Some(End { error, told: words::returned(&self.call, came) })
    }
}

/// Make `scene` the one that a deadline reports.
pub(crate) fn set_scene(scene: &Scene) {
    *lock(&SCENE) = Some(scene.clone());
}

/// The message and the place of the newest panic of the calling thread.
pub(crate) fn last_panic() -> (String, String) {
    let thread = thread::current().id();
    let mut panics = lock(&PANICS);
    match panics.iter().rposition(|panic| panic.thread == thread) {
        Some(at) => {
            let panic = panics.remove(at);
            (panic.message, panic.place)
        }
        None => (words::A_PANIC_WITHOUT_A_MESSAGE.to_owned(), words::PLACE_UNKNOWN.to_owned()),
    }
}

/// Make the newest panic of another thread the calling thread's, which tells it.
fn adopt_panic(thread: ThreadId) {
    let mut panics = lock(&PANICS);
    if let Some(panic) = panics.iter_mut().rfind(|panic| panic.thread == thread) {
        panic.thread = thread::current().id();
    }
}

/// Forget the panics of other threads so far: the check caused them on purpose.
pub fn forgive_panics() {
    lock(&PANICS).clear();
}

/// The way out for whoever sees, from another thread, that the check that is running has failed.
#[derive(Clone, Debug)]
pub(crate) struct Verdict(Option<Sender<Option<Story>>>);

impl Verdict {
    /// Fail the check there and then; its own thread stays where it hangs.
    pub(crate) fn fails(&self, story: Story) {
        if let Some(verdict) = &self.0 {
            // Nobody listens any more: the check is over.
            let _ = verdict.send(Some(story));
        }
    }
}

/// The verdict of the check that is running.
pub(crate) fn verdict() -> Verdict {
    Verdict(lock(&VERDICT).clone())
}

enum Outcome {
    Passed,
    Failed(Story),
    MissedItsDeadline(Story),
}

fn run(deadline: Duration, body: Body) -> Outcome {
    hear_of_panics();
    *lock(&SCENE) = None;
    lock(&BUILDS_ON).clear();
    FURTHER.store(false, Ordering::Relaxed);
    lock(&PANICS).clear();
    lock(&WORKERS).clear();
    let (done, finished) = mpsc::channel();
    *lock(&VERDICT) = Some(done.clone());
    let crew = Crew::from_here().without_me();
    let thread = thread::Builder::new().name("check".to_owned()).spawn(move || {
        let place = threads::here();
        let never = Arc::new(AtomicBool::new(false));
        lock(&WORKERS).push(Worker { call: String::new(), place, done: never });
        let outcome = panic::catch_unwind(AssertUnwindSafe(body));
        let story = match outcome {
            Ok(()) => (!hears_of_panics()).then(|| Cause::PanicHookReplaced.story(Vec::new())),
            Err(payload) => Some(story_of(payload.as_ref())),
        };
        let _ = done.send(story);
    });
    let _thread = match thread {
        Ok(handle) => Thread::from(handle),
        Err(error) => panic!("failed to start a thread for the check: {error}"),
    };
    match wait_for(&finished, deadline, &crew) {
        Ok(None) => match lock(&PANICS).pop() {
            Some(panic) => Outcome::Failed(story_of_thread_panic(&panic)),
            None => Outcome::Passed,
        },
        Ok(Some(story)) => Outcome::Failed(story),
        Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {
            let waits = standing();
            Outcome::MissedItsDeadline(with_scene(&Got::Waits { place: waits }))
        }
    }
}

/// Wait for the end of a check, `deadline` long.
///
/// Time in which a thread of the check was ready to go on and no processor was free does not count, up to
/// [`GRACE`]: a busy machine makes nobody wrong.
fn wait_for(
    finished: &Receiver<Option<Story>>,
    deadline: Duration,
    crew: &Crew,
) -> Result<Option<Story>, RecvTimeoutError> {
    let began = Instant::now();
    let mut allowed = deadline;
    loop {
        match finished.recv_timeout(allowed.saturating_sub(began.elapsed())) {
            Err(RecvTimeoutError::Timeout) => {}
            ended => return ended,
        }
        let kept_waiting = crew.efforts().values().map(|effort| effort.kept_waiting).max();
        allowed = deadline + kept_waiting.unwrap_or_default().min(GRACE);
        if allowed <= began.elapsed() {
            return Err(RecvTimeoutError::Timeout);
        }
    }
}

/// Where the check's threads stand: its own first, then those that calls of the answer run on.
fn standing() -> String {
    let workers = lock(&WORKERS);
    // While a peer waits, only the answer's calls are of interest.
    let peer_waits = workers.len() > 1 && lock(&SCENE).as_ref().is_some_and(Scene::peer_acts);
    let busy = |worker: &&Worker| {
        !worker.done.load(Ordering::Acquire) && (!peer_waits || !worker.call.is_empty())
    };
    let told = workers.iter().filter(busy).map(|worker| {
        let place = threads::told(worker.place.as_ref());
        if worker.call.is_empty() { place } else { words::stands(&worker.call, place) }
    });
    told.collect::<Vec<_>>().join("; ")
}

impl Session {
    fn begin() -> Session {
        let recorder = Order::from_stdin().map(|order| {
            Recorder::open(&order).unwrap_or_else(|error| {
                panic!("failed to open the record {}: {error}", order.record)
            })
        });
        Session { recorder, deadlines_missed: 0 }
    }
}

/// Have every panic noted down, from now on.
fn hear_of_panics() {
    panic::set_hook(Box::new(|info| {
        let message = info.payload_as_str().unwrap_or(words::A_PANIC_WITHOUT_A_MESSAGE).to_owned();
        let place = info.location().map(|at| shown_place(at.file(), at.line()));
        let place = place.unwrap_or_else(|| words::PLACE_UNKNOWN.to_owned());
        lock(&PANICS).push(Panic { thread: thread::current().id(), message, place });
    }));
}

/// Whether panics are still noted down, tried with one: an answer can have put a hook of its own in
/// the place of the door's.
fn hears_of_panics() -> bool {
    const TRIAL: &str = r"is anybody told?";

    let _ = panic::catch_unwind(|| panic!("{TRIAL}"));
    let mut panics = lock(&PANICS);
    let heard = panics.iter().rposition(|panic| panic.message == TRIAL);
    heard.map(|at| panics.remove(at)).is_some()
}

/// The story of a body that unwound: told already, or halted, or panicked.
fn story_of(payload: &(dyn Any + Send)) -> Story {
    match payload.downcast_ref::<Story>() {
        Some(story) => story.clone(),
        None => with_scene(&Got::of_panic(payload)),
    }
}

fn with_scene(got: &Got) -> Story {
    lock(&SCENE).clone().unwrap_or_default().story(got)
}

fn story_of_thread_panic(panic: &Panic) -> Story {
    let row = Row::new(words::PANICKED, format!("{} ({})", panic.message, panic.place));
    Cause::ThreadPanicked.story(vec![row])
}

fn not_tried() -> Story {
    Cause::NotTried.story(Vec::new())
}

/// Paths as a student knows them: relative to the course, whatever cargo was started on.
fn shown_place(path: &str, line: u32) -> String {
    if path.starts_with("/rustc/") {
        return words::INSIDE_THE_STANDARD_LIBRARY.to_owned();
    }
    let normal = path.replace('\\', "/");
    for folder in ["lessons/", "tests/", "src/"] {
        if let Some(at) = normal.rfind(&format!("/{folder}")) {
            return format!("{}:{line}", &normal[at + 1..]);
        }
    }
    format!("{normal}:{line}")
}

/// `crate::check_name::{{closure}}` names the function that wrote the closure.
pub(crate) fn function_of<F>() -> String {
    function_in(std::any::type_name::<F>())
}

fn function_in(path: &str) -> String {
    let names = path.split("::").filter(|name| !name.starts_with('{'));
    names.last().unwrap_or("check").to_owned()
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
