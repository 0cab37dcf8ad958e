//! The one door: the body of every graded check runs inside it.
//!
//! Behind it one check runs at a time, each on its own thread. The door sets a deadline for everything that
//! can block, catches panics of every thread, and writes the record that shows the check ran to its end.
//! One at a time costs little, because checks are short, and it makes every panic, thread, descriptor and
//! allocated byte belong to one check.

use std::any::{Any, type_name};
use std::panic::{self, AssertUnwindSafe, Location};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::background::{Body, Thread, place_of};
use crate::cause::Cause;
use crate::current::{self, Declared, Panic};
use crate::language::Language;
use crate::linux::threads::{Queued, Threads};
use crate::machine;
use crate::record::{Ending, Order, Recorder, Status};
use crate::scene::Scene;
use crate::story::{Row, Story};
use crate::transcript::Outcome;
use crate::words;

/// How long a check may take. It stops checks that would never end; all others are far faster.
pub const DEADLINE: Duration = Duration::from_secs(4);

/// The most extra time that a check gets on a machine that is busy with other work. It is short, because
/// the verdict must come soon: two checks may miss their deadline, and a program that records nothing for
/// 10 seconds is stopped.
const GRACE: Duration = Duration::from_millis(1500);

/// After this many missed deadlines the other checks are not tried, so that the verdict comes soon.
const MOST_MISSED_DEADLINES: usize = 2;

static SESSION: Mutex<Option<Session>> = Mutex::new(None);
/// What the checks of one test process share.
struct Session {
    recorder: Option<Recorder>,
    deadlines_missed: usize,
}

/// Run the body of a graded check; the function that calls this gives the check its name.
///
/// # Panics
///
/// If the check fails, so that the test fails, too. Without a record, the story goes to standard output.
#[track_caller]
pub fn graded<F: FnOnce() + Send + 'static>(body: F) {
    graded_in(type_name::<F>(), DEADLINE, Location::caller().file(), Box::new(body));
}

/// As [`graded`], for a check that may take longer than [`DEADLINE`].
///
/// # Panics
///
/// As [`graded`].
#[track_caller]
pub fn graded_within<F: FnOnce() + Send + 'static>(deadline: Duration, body: F) {
    graded_in(type_name::<F>(), deadline, Location::caller().file(), Box::new(body));
}

/// As [`graded_within`], for a check in this file that contains the closure of this type. The functions before are
/// compiled again for each check, so they do nothing themselves.
fn graded_in(closure: &str, deadline: Duration, file: &'static str, body: Body) {
    graded_as(&function_in(closure), deadline, file, body);
}

/// As [`graded_within`], for a check with this name in this file.
pub(crate) fn graded_as(check: &str, deadline: Duration, file: &'static str, body: Body) {
    let _queued = Queued::here();
    let mut session = SESSION.lock().unwrap_or_else(PoisonError::into_inner);
    let session = session.get_or_insert_with(Session::begin);
    if let Some(recorder) = &mut session.recorder {
        recorder.began(check);
    }
    let ending = session.grade(deadline, file, body);
    if let Some(recorder) = &mut session.recorder {
        recorder.ended(check, &ending);
    }
    if let Some(story) = ending.story {
        // The runner has the story in the record, and shows the answer's output without it.
        if session.recorder.is_none() {
            println!("\n✗ {}\n{}\n", check.replace('_', " "), story.lines(80).join("\n"));
        }
        // Without a panic message: the story says everything.
        panic::resume_unwind(Box::new(story));
    }
}

/// Run the body of a check of a program outside this process, and say how it ended. The door is the same, but
/// nothing goes into a record.
#[track_caller]
pub fn grade(deadline: Duration, body: impl FnOnce() + Send + 'static) -> Ending {
    let _one_at_a_time = SESSION.lock().unwrap_or_else(PoisonError::into_inner);
    let mut session = Session { recorder: None, deadlines_missed: 0 };
    session.grade(deadline, Location::caller().file(), Box::new(body))
}

/// The status of a check that failed, and its story: the answer is to blame, or the machine.
fn blamed(story: Story) -> (Status, Option<Story>) {
    match machine::is_to_blame_for(&story) {
        Some(story) => (Status::Machine, Some(story)),
        None => (Status::Fail, Some(story)),
    }
}

/// Declare, at the start of a check's body, that it builds on `check`, one further up: while that one
/// fails, a failure of this one says nothing new, and the runner does not count it.
pub fn builds_on<F>(_check: F) {
    declare(type_name::<F>());
}

fn declare(base: &str) {
    current::builds_on(function_in(base));
}

/// Declare, at the start of a check's body, that it goes beyond what the lesson asks: an answer is green
/// without it.
pub fn further() {
    current::goes_further();
}

/// Forget the panics of other threads so far, which the check caused on purpose.
pub fn forgive_panics() {
    current::forget_panics(|_| true);
}

enum Ended {
    Passed,
    Failed(Story),
    MissedItsDeadline(Story),
}

fn run(deadline: Duration, file: &'static str, body: Body) -> Ended {
    install_panic_hook();
    let (done, finished) = mpsc::channel();
    current::begin(done.clone(), file);
    let threads = Threads::from_now();
    let language = Language::current();
    let thread = thread::Builder::new().name("check".to_owned()).spawn(move || {
        current::works_on(String::new(), Arc::default());
        let outcome = language.speaks(|| panic::catch_unwind(AssertUnwindSafe(body)));
        let story = match outcome {
            Ok(()) => (!panic_hook_works()).then(|| Cause::PanicHookReplaced.story(Vec::new())),
            Err(payload) => Some(story_of(payload.as_ref())),
        };
        let _ = done.send(story);
    });
    let _thread = match thread {
        Ok(handle) => Thread::from(handle),
        Err(error) => panic!("failed to start a thread for the check: {error}"),
    };
    match wait_for(&finished, deadline, &threads) {
        Ok(None) => match current::take_panic(|_| true) {
            Some(panic) => Ended::Failed(story_of_thread_panic(&panic)),
            None => Ended::Passed,
        },
        Ok(Some(story)) => Ended::Failed(story),
        Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {
            let (place, only_computes) = where_threads_are();
            Ended::MissedItsDeadline(with_scene(&Outcome::Waits { place, only_computes }))
        }
    }
}

/// Wait until a check ends, or `deadline` is over.
///
/// Time in which a thread of the check was ready but no processor was free does not count, up to [`GRACE`]:
/// a busy machine must not fail a check.
fn wait_for(
    finished: &Receiver<Option<Story>>,
    deadline: Duration,
    threads: &Threads,
) -> Result<Option<Story>, RecvTimeoutError> {
    let began = Instant::now();
    let mut allowed = deadline;
    loop {
        match finished.recv_timeout(allowed.saturating_sub(began.elapsed())) {
            Err(RecvTimeoutError::Timeout) => {}
            ended => return ended,
        }
        let kept_waiting = threads.efforts().values().map(|effort| effort.kept_waiting).max();
        allowed = deadline + kept_waiting.unwrap_or_default().min(GRACE);
        if allowed <= began.elapsed() {
            return Err(RecvTimeoutError::Timeout);
        }
    }
}

/// Where the check's threads are: its own first, then those on which calls of the answer run. And whether the
/// answer only computes.
fn where_threads_are() -> (String, bool) {
    let workers = current::busy_workers();
    let calls = workers.iter().any(|worker| !worker.call.is_empty());
    // While a peer waits, only the answer's calls matter.
    let peer_waits = calls && current_scene().peer_acts();
    let shown = workers.iter().filter(|worker| !peer_waits || !worker.call.is_empty());
    // On its own thread a check waits for the others, and may look around meanwhile.
    let of_the_answer = workers.iter().filter(|worker| !calls || !worker.call.is_empty());
    let mut threads = of_the_answer.filter_map(|worker| worker.thread.as_ref());
    let only_computes = threads.any(|thread| thread.only_computes());
    let places = shown.map(|worker| {
        let place = place_of(worker.thread.as_ref());
        if worker.call.is_empty() { place } else { words::stands(&worker.call, place) }
    });
    (places.collect::<Vec<_>>().join("; "), only_computes)
}

/// The scene that a deadline reports.
fn current_scene() -> Scene {
    Scene(current::transcript())
}

impl Session {
    fn begin() -> Session {
        machine::raise_the_limit_of_descriptors();
        let recorder = Order::from_stdin().map(|order| {
            order.language.choose();
            Recorder::open(&order).unwrap_or_else(|error| {
                panic!("failed to open the record {}: {error}", order.record)
            })
        });
        Session { recorder, deadlines_missed: 0 }
    }

    /// Run a body to its end, or to its deadline.
    fn grade(&mut self, deadline: Duration, file: &'static str, body: Body) -> Ending {
        let began = Instant::now();
        let mut declared = Declared::default();
        let (status, story) = if self.deadlines_missed < MOST_MISSED_DEADLINES {
            let ended = run(deadline, file, body);
            declared = current::declared();
            match ended {
                Ended::Passed => (Status::Pass, None),
                Ended::Failed(story) => blamed(story),
                Ended::MissedItsDeadline(story) => {
                    // What an answer need not pass must not keep it from what it must.
                    self.deadlines_missed += usize::from(!declared.further);
                    blamed(story)
                }
            }
        } else {
            (Status::Skipped, Some(not_tried()))
        };
        let Declared { builds_on, further } = declared;
        Ending { status, seconds: began.elapsed().as_secs_f64(), story, builds_on, further }
    }
}

/// Note every panic from now on.
fn install_panic_hook() {
    panic::set_hook(Box::new(|info| {
        let message = info.payload_as_str().unwrap_or(&words::A_PANIC_WITHOUT_A_MESSAGE).to_owned();
        let place = info.location().map(|at| shown_place(at.file(), at.line()));
        let place = place.unwrap_or_else(|| words::PLACE_UNKNOWN.to_owned());
        current::note_panic(message, place, info.location().map(Location::file));
    }));
}

/// Test with one panic whether panics are still noted: an answer may have replaced the kit's hook.
fn panic_hook_works() -> bool {
    const TRIAL: &str = r"is this panic noted?";

    let _ = panic::catch_unwind(|| panic!("{TRIAL}"));
    current::take_panic(|panic| panic.message == TRIAL).is_some()
}

/// The story of a body that unwound: with a story, with a halt, or with a panic.
fn story_of(payload: &(dyn Any + Send)) -> Story {
    match payload.downcast_ref::<Story>() {
        Some(story) => story.clone(),
        None => with_scene(&Outcome::of_panic(payload)),
    }
}

fn with_scene(outcome: &Outcome) -> Story {
    current_scene().story(outcome)
}

fn story_of_thread_panic(panic: &Panic) -> Story {
    let text = words::noted(&panic.message, &panic.place);
    if panic.of_the_course {
        return Cause::CheckPanicked.story(vec![Row::new(words::CHECK_PANICKED, text)]);
    }
    Cause::ThreadPanicked.story(vec![Row::new(words::PANICKED, text)])
}

fn not_tried() -> Story {
    Cause::NotTried.story(Vec::new())
}

/// Show a path as students know it: relative to the course, wherever cargo was started.
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

/// In `crate::check_name::{{closure}}`, the function that contains the closure has the name.
pub(crate) fn function_of<F>() -> String {
    function_in(type_name::<F>())
}

/// Return the name by which libtest knows a check, or the function around a closure: the value of its
/// option `--exact`.
pub fn test_name<F>(_check: &F) -> String {
    // In `crate::module::check_name::{{closure}}`, the test is `module::check_name`.
    let names = type_name::<F>().split("::").skip(1).filter(|name| !name.starts_with('{'));
    names.collect::<Vec<_>>().join("::")
}

fn function_in(path: &str) -> String {
    let names = path.split("::").filter(|name| !name.starts_with('{'));
    names.last().unwrap_or("check").to_owned()
}
