//! The servers of lesson 14 and the bare loop, each in its own process.

use std::io::{self, ErrorKind};
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::time::Duration;

use netkata_demos::io_models::{FEATURES, MODELS};
use netkata_demos::server::Server;
use netkata_runner::answer::Answer;
use netkata_runner::course::Course;
use netkata_runner::failure::Failure;
use netkata_runner::programs::{self, Profile};

use crate::drive::{Cores, Driven, bare};

/// The limit, which this program serves itself.
pub const BARE: &str = "bare loop";

/// The programs that serve.
pub struct Models {
    lesson: PathBuf,
    bare: PathBuf,
}

impl Models {
    /// Build the lesson's programs with the solution, in release mode.
    pub fn build() -> Result<Models, Failure> {
        let course = Course::find(Path::new(env!("CARGO_MANIFEST_DIR")))?;
        let lesson = course.lesson("io_models")?;
        let lesson =
            programs::build(&course, lesson, &Answer::Solution, Profile::Release, FEATURES)?;
        let bare = std::env::current_exe().map_err(|error| Failure::new(error.to_string()))?;
        Ok(Models { lesson, bare })
    }

    /// The models, then the bare loop.
    pub fn names(&self) -> Vec<&'static str> {
        [MODELS, &[BARE]].concat()
    }

    /// Start the server of this name on its core.
    pub fn start(&self, name: &str, cores: Cores) -> io::Result<Server> {
        let programs = if name == BARE { &self.bare } else { &self.lesson };
        cores.start(|| Server::start(programs, name))
    }
}

impl Driven for Server {
    fn address(&self) -> SocketAddr {
        self.address
    }

    fn processor_time(&mut self) -> io::Result<Duration> {
        reported(self.computed())
    }
}

/// The kernel's figure for a server; an error if the kernel does not report it.
pub fn reported<T>(figure: Option<T>) -> io::Result<T> {
    figure.ok_or_else(|| io::Error::new(ErrorKind::Unsupported, "this needs Linux, and its /proc"))
}

/// Be the bare loop, with the same output as the lesson's programs.
pub fn serve_bare(address: &str) -> io::Result<()> {
    let listener = TcpListener::bind(address)?;
    println!("listening on {}", listener.local_addr()?);
    bare::serve(&listener)
}
