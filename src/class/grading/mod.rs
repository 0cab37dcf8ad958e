//! Grades submissions: each by a worker of its own, several at a time.

pub mod sandbox;
pub mod store;
pub mod worker;

use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Condvar, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use netkata_runner::course::Course;
use netkata_runner::failure::Failure;
use netkata_runner::interrupt;
use netkata_runner::version::hexadecimal;
use sha2::{Digest, Sha256};

use self::store::Store;
use self::worker::{News, Order};
use crate::results::{Grading, Sandbox, Verdict};
use crate::submissions::{self, Submission};
use crate::words;

/// A worker that says nothing for this long is stopped. The runner's own limits are narrower, so this only
/// ends what has broken it.
const SILENCE: Duration = Duration::from_secs(300);
/// How long a worker may take to stop what it has started.
const PATIENCE: Duration = Duration::from_secs(3);
/// How often to look whether the user asked to stop.
const INTERVAL: Duration = Duration::from_millis(50);
/// How many submissions run at once per processor: one that hangs waits and does not compute.
const AT_ONCE: usize = 3;

/// How to grade.
#[derive(Clone, Debug)]
pub struct Way<'a> {
    /// The course.
    pub course: &'a Course,
    /// The digest of each lesson.
    pub lessons: BTreeMap<u32, String>,
    /// What stands around each worker.
    pub sandbox: Sandbox,
    /// Whether checks that others kept from being tried are tried again.
    pub thorough: bool,
    /// The program that is started as a worker.
    pub program: PathBuf,
}

/// A submission to grade.
#[derive(Clone, Debug)]
pub struct Job {
    /// The key of its verdict.
    pub key: String,
    /// One of the submissions with this content.
    pub submission: Submission,
    content: String,
}

impl Way<'_> {
    /// The job of grading a submission.
    pub fn job(&self, submission: Submission) -> Result<Job, Failure> {
        let content = hexadecimal(Sha256::digest(submission.read()?));
        let lesson = &self.lessons[&submission.lesson];
        let seed = std::env::var(netkata::SEED_VARIABLE).unwrap_or_default();
        let key = format!(
            "{lesson} {} {content} {} {:?} {} {seed}",
            submission.lesson,
            submission.ending(),
            self.sandbox,
            self.thorough
        );
        let key = hexadecimal(&Sha256::digest(key)[..16]);
        Ok(Job { key, submission, content })
    }

    /// Grade these, several at a time, and keep each verdict when it is known.
    pub fn grade(
        &self,
        jobs: &[Job],
        store: &Store,
        graded: impl Fn(&Grading) + Sync,
    ) -> Result<(), Failure> {
        let processors = thread::available_parallelism().map_or(1, usize::from);
        let permits = Permits::new(processors);
        let queue = Mutex::new(jobs.iter());
        let next = || queue.lock().unwrap_or_else(PoisonError::into_inner).next();
        let work = || {
            while let Some(job) = next() {
                let grading = self.grade_one(job, &permits)?;
                // What the machine lacked it may have in the next run.
                if grading.verdict != Verdict::Machine {
                    store.write(&grading)?;
                }
                graded(&grading);
            }
            Ok(())
        };
        thread::scope(|scope| {
            let workers: Vec<_> =
                (0..(AT_ONCE * processors).min(jobs.len())).map(|_| scope.spawn(work)).collect();
            let ended = workers.into_iter().map(|worker| {
                worker.join().unwrap_or_else(|payload| std::panic::resume_unwind(payload))
            });
            // Every one is joined before a failure is reported.
            ended.collect::<Vec<_>>().into_iter().collect()
        })
    }

    fn grade_one(&self, job: &Job, permits: &Permits) -> Result<Grading, Failure> {
        let submission = job.submission.read()?;
        if submission.len() as u64 > submissions::MOST {
            return Ok(self.without_worker(
                job,
                Verdict::Error,
                words::is_too_large(submissions::MOST),
            ));
        }
        let failed = |error| Failure::of_machine(words::failed_to_start_a_worker(error));
        let permit = permits.take();
        let mut worker = Worker::start(self.worker()).map_err(failed)?;
        let order = Order {
            key: job.key.clone(),
            content: job.content.clone(),
            lesson: job.submission.lesson,
            ending: job.submission.ending(),
            thorough: self.thorough,
            sandbox: self.sandbox,
        };
        worker.send(&order, &submission);
        let mut permit = Some(permit);
        loop {
            match worker.hear()? {
                Some(News::Compiled) => drop(permit.take()),
                Some(News::Graded(grading)) => return Ok(*grading),
                None => {
                    let (verdict, note) = worker.end();
                    return Ok(self.without_worker(job, verdict, note));
                }
            }
        }
    }

    fn worker(&self) -> Command {
        let mut command = sandbox::command(self.sandbox, self.course, &self.program);
        command.arg(WORKER);
        command
    }

    /// The verdict on a submission that no worker has given one.
    fn without_worker(&self, job: &Job, verdict: Verdict, note: String) -> Grading {
        Grading {
            key: job.key.clone(),
            content: job.content.clone(),
            verdict,
            sandbox: self.sandbox,
            thorough: self.thorough,
            started: Timestamp::now(),
            seconds: 0.0,
            checks: Vec::new(),
            note: Some(note),
            compile_message: None,
            printed: Vec::new(),
        }
    }
}

/// The argument that makes this program a worker.
pub const WORKER: &str = "--worker";

/// A worker process. It is stopped when this is dropped.
struct Worker {
    child: Child,
    lines: mpsc::Receiver<String>,
    /// The last line of its standard error.
    complaints: Option<thread::JoinHandle<String>>,
}

impl Worker {
    fn start(mut command: Command) -> io::Result<Worker> {
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        // Ctrl-C on the terminal does not reach it: this program stops it.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut child = command.spawn()?;
        let (sender, lines) = mpsc::channel();
        let stdout = BufReader::new(child.stdout.take().expect("stdout is piped"));
        thread::spawn(move || {
            stdout.lines().map_while(Result::ok).try_for_each(|line| sender.send(line))
        });
        let stderr = BufReader::new(child.stderr.take().expect("stderr is piped"));
        let complaints =
            thread::spawn(move || stderr.lines().map_while(Result::ok).last().unwrap_or_default());
        Ok(Worker { child, lines, complaints: Some(complaints) })
    }

    fn send(&mut self, order: &Order, submission: &[u8]) {
        let line = serde_json::to_string(order).expect("its keys are texts");
        let mut input = self.child.stdin.take().expect("stdin is piped, and sent once");
        // A worker that has ended hears nothing; that shows when it should answer.
        let _ = writeln!(input, "{line}").and_then(|()| input.write_all(submission));
    }

    /// Wait for what it says next; `None` if it has ended, or was silent for too long.
    fn hear(&mut self) -> Result<Option<News>, Failure> {
        let since = Instant::now();
        loop {
            match self.lines.recv_timeout(INTERVAL) {
                Ok(line) => return Ok(serde_json::from_str(&line).ok()),
                Err(RecvTimeoutError::Disconnected) => return Ok(None),
                Err(RecvTimeoutError::Timeout) if interrupt::happened() => {
                    return Err(Failure::interrupted());
                }
                Err(RecvTimeoutError::Timeout) if since.elapsed() > SILENCE => return Ok(None),
                Err(RecvTimeoutError::Timeout) => {}
            }
        }
    }

    /// Stop it, and say whose fault it is that it has given no verdict: the machine's, if it says so itself.
    fn end(mut self) -> (Verdict, String) {
        self.stop();
        let code = self.child.wait().ok().and_then(|status| status.code());
        let complaint = self.complaints.take().and_then(|it| it.join().ok()).unwrap_or_default();
        if code == Some(Failure::OF_THE_MACHINE.into()) {
            (Verdict::Machine, complaint)
        } else {
            (Verdict::Incomplete, words::no_verdict(complaint))
        }
    }

    /// Ask it to stop what it has started and to end, and after a while end it.
    fn stop(&mut self) {
        let began = Instant::now();
        #[cfg(unix)]
        if matches!(self.child.try_wait(), Ok(None)) {
            use rustix::process::{Pid, Signal, kill_process};

            let _ = kill_process(Pid::from_child(&self.child), Signal::TERM);
        }
        while matches!(self.child.try_wait(), Ok(None)) && began.elapsed() < PATIENCE {
            thread::sleep(INTERVAL);
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.stop();
    }
}

/// As many permits as there are processors: only so many submissions compile at once.
struct Permits {
    free: Mutex<usize>,
    freed: Condvar,
}

/// A permit, until it is dropped.
struct Permit<'a>(&'a Permits);

impl Permits {
    fn new(most: usize) -> Permits {
        Permits { free: Mutex::new(most), freed: Condvar::new() }
    }

    fn take(&self) -> Permit<'_> {
        let free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        let none_free = |free: &mut usize| *free == 0;
        *self.freed.wait_while(free, none_free).unwrap_or_else(PoisonError::into_inner) -= 1;
        Permit(self)
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        *self.0.free.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        self.0.freed.notify_one();
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_worker_without_a_verdict_is_to_blame_unless_it_blames_the_machine() {
        for (code, expected) in
            [(3, Verdict::Machine), (0, Verdict::Incomplete), (1, Verdict::Incomplete)]
        {
            let mut command = Command::new("sh");
            command.args(["-c", &format!("echo why >&2; exit {code}")]);
            let mut worker = Worker::start(command).unwrap();
            assert!(worker.hear().unwrap().is_none());
            let (verdict, note) = worker.end();
            assert_eq!(verdict, expected, "{code}");
            assert!(note.contains("why"), "{note}");
        }
    }

    #[test]
    fn no_more_permits_are_taken_than_there_are() {
        let permits = Permits::new(2);
        let most = Mutex::new((0, 0));
        thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    let _permit = permits.take();
                    let mut held = most.lock().unwrap();
                    *held = (held.0 + 1, held.1.max(held.0 + 1));
                    drop(held);
                    thread::yield_now();
                    most.lock().unwrap().0 -= 1;
                });
            }
        });
        assert!((1..=2).contains(&most.lock().unwrap().1));
    }
}
