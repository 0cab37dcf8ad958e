//! The checks of the programs of a lesson: a list per wire and role, and how they are run.

use std::net::{Ipv4Addr, TcpListener, UdpSocket};
use std::sync::Arc;
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
        let mut kept = None;
        let (mut endings, mut printed) = (Vec::new(), Vec::new());
        let mut missed = 0;
        for check in self.checks.iter().filter(|check| wanted(check)) {
            if missed == MOST_MISSED_DEADLINES || over() {
                endings.push((check.name, None));
                continue;
            }
            let stage = self.stage(launch, &mut kept)?;
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

    /// The program, started or kept from the check before, and a stage around it.
    fn stage(&self, launch: &Launch, kept: &mut Option<Arc<Program>>) -> Result<Stage, NotReady> {
        let any = (Ipv4Addr::LOCALHOST, 0);
        let (program, served) = match (self.role, self.transport) {
            (Role::Server, transport) => {
                let program = match kept.take() {
                    Some(program) => program,
                    None => Arc::new(Program::server(launch, transport)?),
                };
                (program, None)
            }
            (Role::Client, Transport::Tcp) => {
                let listener = TcpListener::bind(any).map_err(NotReady::of_machine)?;
                let address = listener.local_addr().map_err(NotReady::of_machine)?;
                (Arc::new(Program::client(launch, address)?), Some(Served::Tcp(listener)))
            }
            (Role::Client, Transport::Udp) => {
                let socket = UdpSocket::bind(any).map_err(NotReady::of_machine)?;
                let address = socket.local_addr().map_err(NotReady::of_machine)?;
                (Arc::new(Program::client(launch, address)?), Some(Served::Udp(socket)))
            }
        };
        if launch.keep && self.role == Role::Server {
            *kept = Some(Arc::clone(&program));
        }
        Ok(Stage::of(program, served, launch))
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
