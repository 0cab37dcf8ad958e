//! The checks of the programs of a lesson: a list per wire and role, and how they are run.

use std::net::{Ipv4Addr, TcpListener, UdpSocket};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use netkata::grade;
use netkata::record::{Ending, Status};

use crate::events::lock;
use crate::launch::Launch;
use crate::lessons;
use crate::program::{NotReady, Program};
use crate::stage::{Served, Stage};

/// Ends a check that would never end.
const DEADLINE: Duration = Duration::from_secs(20);
/// After this many checks that reached their deadline the rest are not tried.
const MOST_MISSED_DEADLINES: usize = 2;

/// The side of the conversation that a program takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// It listens, and the course is its clients.
    Server,
    /// It connects, and the course is its server.
    Client,
}

/// What carries the conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    /// Connections.
    Tcp,
    /// Datagrams.
    Udp,
}

/// The checks of one program on one wire.
#[derive(Clone, Copy, Debug)]
pub struct Suite {
    /// The wire, named like the lesson's own program: `messages`.
    pub name: &'static str,
    /// The side that the program takes.
    pub role: Role,
    /// What carries the conversation.
    pub transport: Transport,
    /// Whether the program keeps files, in the folder `{dir}`.
    pub needs_folder: bool,
    /// The checks, from basic to advanced.
    pub checks: &'static [Check],
}

/// One check of a program.
#[derive(Clone, Copy, Debug)]
pub struct Check {
    /// Its name, a fact: `a_message_survives_any_segmentation`.
    pub name: &'static str,
    /// What it does.
    pub run: fn(&Stage),
}

/// List checks by the names of their functions: `checks![one, another]`.
#[macro_export]
macro_rules! checks {
    ($($check:ident),+ $(,)?) => {
        &[$($crate::Check { name: stringify!($check), run: $check }),+]
    };
}

impl Suite {
    /// The suites of the lesson in this folder, such as `03_struct_header`; none if it has no wire.
    pub fn of_lesson(folder: &str) -> &'static [Suite] {
        let found = lessons::ALL.iter().find(|(name, _)| *name == folder);
        found.map_or(&[], |(_, suites)| suites)
    }

    /// Run the checks that are wanted, in their order; `over` is asked before each whether to stop.
    ///
    /// `None` for those that were not tried. Fails if the program does not start, or does not listen.
    pub fn grade(
        &self,
        launch: &Launch,
        wanted: impl Fn(&Check) -> bool,
        mut over: impl FnMut() -> bool,
    ) -> Result<Graded, NotReady> {
        let mut starts = Starts::of(self, launch);
        let (mut endings, mut printed) = (Vec::new(), Vec::new());
        let mut missed = 0;
        let mut checks = self.checks.iter().filter(|check| wanted(check)).peekable();
        while let Some(check) = checks.next() {
            if missed == MOST_MISSED_DEADLINES || over() {
                endings.push((check.name, None));
                continue;
            }
            let stage = starts.stage(checks.peek().is_some())?;
            let program = stage.newest();
            let run = check.run;
            let ending = grade(DEADLINE, move || run(&stage));
            missed += usize::from(ending.seconds >= DEADLINE.as_secs_f64());
            if ending.status != Status::Pass && printed.is_empty() {
                printed = lock(&program).printed();
            }
            endings.push((check.name, Some(ending)));
        }
        Ok(Graded { endings, printed })
    }
}

/// Starts the program for one check after the other.
struct Starts<'a> {
    suite: &'a Suite,
    launch: &'a Launch,
    /// The server that serves all checks.
    kept: Option<Arc<Program>>,
    /// The server of the next check, which starts while the one before is run.
    ahead: Option<JoinHandle<Result<Program, NotReady>>>,
}

impl<'a> Starts<'a> {
    fn of(suite: &'a Suite, launch: &'a Launch) -> Starts<'a> {
        Starts { suite, launch, kept: None, ahead: None }
    }

    /// The program, started or kept from the check before, and a stage around it. `more` checks may follow.
    fn stage(&mut self, more: bool) -> Result<Stage, NotReady> {
        let any = (Ipv4Addr::LOCALHOST, 0);
        let (program, served) = match (self.suite.role, self.suite.transport) {
            (Role::Server, transport) => (self.server(transport, more)?, None),
            (Role::Client, Transport::Tcp) => {
                let listener = TcpListener::bind(any).map_err(NotReady::of_machine)?;
                let address = listener.local_addr().map_err(NotReady::of_machine)?;
                (Arc::new(Program::client(self.launch, address)?), Some(Served::Tcp(listener)))
            }
            (Role::Client, Transport::Udp) => {
                let socket = UdpSocket::bind(any).map_err(NotReady::of_machine)?;
                let address = socket.local_addr().map_err(NotReady::of_machine)?;
                (Arc::new(Program::client(self.launch, address)?), Some(Served::Udp(socket)))
            }
        };
        Ok(Stage::of(program, served, self.launch))
    }

    fn server(&mut self, transport: Transport, more: bool) -> Result<Arc<Program>, NotReady> {
        if let Some(kept) = &self.kept {
            return Ok(Arc::clone(kept));
        }
        // One that did not come up beside another, or did not wait for its check, starts again.
        let ahead = self.ahead().and_then(Result::ok).filter(|program| program.ended().is_none());
        let program = match ahead {
            Some(program) => Arc::new(program),
            None => Arc::new(Program::server(self.launch, transport)?),
        };
        if self.launch.keep {
            self.kept = Some(Arc::clone(&program));
        } else if more && self.launch.has_port() {
            let launch = self.launch.clone();
            self.ahead = Some(thread::spawn(move || Program::server(&launch, transport)));
        }
        Ok(program)
    }

    /// The server that was started ahead, once it listens.
    fn ahead(&mut self) -> Option<Result<Program, NotReady>> {
        self.ahead.take().map(|start| start.join().expect("a start does not panic"))
    }
}

impl Drop for Starts<'_> {
    /// No program outlives the grading.
    fn drop(&mut self) {
        drop(self.ahead());
    }
}

/// How the checks of a program ended.
#[derive(Debug)]
pub struct Graded {
    /// Each check and its end; `None` if it was not tried.
    pub endings: Vec<(&'static str, Option<Ending>)>,
    /// What the program printed in the first check that failed.
    pub printed: Vec<String>,
}

impl Graded {
    /// The checks that failed, in words: `2 checks`.
    pub fn failed(&self) -> usize {
        let failed =
            |ending: &Option<Ending>| ending.as_ref().is_none_or(|it| it.status != Status::Pass);
        self.endings.iter().filter(|(_, ending)| failed(ending)).count()
    }
}
