//! A process and everything it starts, as one group that can be stopped without leaving anything behind.
//!
//! No wait for a group is without an end: each ends when the grading is cancelled.

use std::collections::BTreeSet;
use std::io::{self, BufRead, BufReader, Read};
use std::process::{ChildStderr, ChildStdin, ChildStdout, Command, ExitStatus};
use std::sync::mpsc::{self, Receiver, TryRecvError};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use process_wrap::std::{ChildWrapper, CommandWrap};

use crate::control::Control;

/// How often to check whether a process has ended or the grading was cancelled.
const INTERVAL: Duration = Duration::from_millis(1);
/// How long to wait for the end of the output of a process that has ended: a program that it has left in the
/// background may hold it open. On a busy machine the thread that reads it may not run for a second.
const LINGER: Duration = Duration::from_secs(2);
/// How long to wait for the end of a process that was stopped. One that hangs in the kernel, as on a network
/// disk that does not answer, ends only later.
const STOPPED: Duration = Duration::from_secs(1);

/// The groups that run, by the number of their first process.
static RUNNING: Mutex<BTreeSet<u32>> = Mutex::new(BTreeSet::new());

/// A process that was started in a group of its own; the group is stopped when this is dropped.
#[derive(Debug)]
pub(crate) struct Group(Box<dyn ChildWrapper>);

/// Start a command in its own group: Ctrl-C on the terminal does not reach it.
pub(crate) fn spawn(command: Command) -> io::Result<Group> {
    let mut command = CommandWrap::from(command);
    #[cfg(unix)]
    command.wrap(process_wrap::std::ProcessGroup::leader());
    #[cfg(windows)]
    command.wrap(process_wrap::std::JobObject);
    let group = Group(command.spawn()?);
    running().insert(group.id());
    Ok(group)
}

/// Stop all groups, and do not wait: this program ends.
pub(crate) fn stop_all() {
    #[cfg(unix)]
    for id in running().iter().filter_map(|id| i32::try_from(*id).ok()) {
        use rustix::process::{Pid, Signal, kill_process_group};

        // This fails if the group has already ended.
        let _ = Pid::from_raw(id).map(|id| kill_process_group(id, Signal::KILL));
    }
}

impl Group {
    /// The number of its first process.
    pub(crate) fn id(&self) -> u32 {
        self.0.id()
    }

    /// The standard input of its first process, once.
    pub(crate) fn stdin(&mut self) -> Option<ChildStdin> {
        self.0.stdin().take()
    }

    /// The standard output of its first process, once.
    pub(crate) fn stdout(&mut self) -> Option<ChildStdout> {
        self.0.stdout().take()
    }

    /// The standard error of its first process, once.
    pub(crate) fn stderr(&mut self) -> Option<ChildStderr> {
        self.0.stderr().take()
    }

    /// How its first process has ended; `None` if it still runs.
    pub(crate) fn try_wait(&mut self) -> io::Result<Option<ExitStatus>> {
        self.0.try_wait()
    }

    /// Wait until the process has ended and `outputs` are read; `None` if it was stopped because the grading
    /// was cancelled, or because it ran for longer than `limit`.
    pub(crate) fn wait(
        &mut self,
        outputs: &mut [&mut Lines],
        control: &Control,
        limit: Duration,
    ) -> io::Result<Option<ExitStatus>> {
        let began = Instant::now();
        let mut ended = None;
        loop {
            outputs.iter_mut().for_each(|output| output.take());
            ended = match ended {
                None => self.try_wait()?.map(|status| (status, Instant::now())),
                ended => ended,
            };
            let is_read = outputs.iter().all(|output| output.is_over);
            match ended {
                Some((status, since)) if is_read || since.elapsed() > LINGER => {
                    return Ok(Some(status));
                }
                _ if control.is_cancelled() || began.elapsed() > limit => {
                    self.stop();
                    return Ok(None);
                }
                _ => thread::sleep(INTERVAL),
            }
        }
    }

    /// Stop the group, and wait until its first process has ended.
    pub(crate) fn stop(&mut self) {
        // This fails if the group has already ended.
        let _ = self.0.start_kill();
        let began = Instant::now();
        while matches!(self.try_wait(), Ok(None)) && began.elapsed() < STOPPED {
            thread::sleep(INTERVAL);
        }
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        if matches!(self.try_wait(), Ok(None)) {
            self.stop();
        }
        running().remove(&self.id());
    }
}

/// The lines of a stream. A thread of its own reads them, so that the writer never waits.
pub(crate) struct Lines {
    received: Receiver<String>,
    /// The lines so far.
    pub lines: Vec<String>,
    /// Whether these are all.
    pub is_over: bool,
}

impl Lines {
    /// Read a stream, and call `heard` with each line at once.
    pub(crate) fn of(
        stream: impl Read + Send + 'static,
        mut heard: impl FnMut(&str) + Send + 'static,
    ) -> Lines {
        let (sender, received) = mpsc::channel();
        thread::spawn(move || {
            // A message may contain a path or a name in any encoding.
            let lines = BufReader::new(stream).split(b'\n').map_while(Result::ok);
            for line in lines.map(|line| String::from_utf8_lossy(&line).into_owned()) {
                heard(&line);
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
        Lines { received, lines: Vec::new(), is_over: false }
    }

    fn take(&mut self) {
        loop {
            match self.received.try_recv() {
                Ok(line) => self.lines.push(line),
                Err(TryRecvError::Empty) => return,
                Err(TryRecvError::Disconnected) => return self.is_over = true,
            }
        }
    }
}

fn running() -> MutexGuard<'static, BTreeSet<u32>> {
    RUNNING.lock().unwrap_or_else(PoisonError::into_inner)
}
