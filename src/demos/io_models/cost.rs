//! The actions of the clients, and what they cost each server.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::sync::{LazyLock, OnceLock};
use std::thread;
use std::time::Duration;

use netkata::Text;

use super::super::stage::TIMEOUT;
use super::super::words::io_models as words;
use crate::server::Server;

/// How many clients there are when all of them send.
pub const CROWD: usize = 32;
/// How many clients are silent while one sends.
pub const MANY: usize = 200;
/// How many connect at a time: fewer than the backlog holds.
const AT_A_TIME: usize = 50;

/// How long every client is silent.
const SILENCE: Duration = Duration::from_millis(300);
const SETTLE_TIME: Duration = Duration::from_millis(50);
/// How often each client sends: while time is measured, and while calls are counted.
const TIMED_ROUNDS: usize = 200;
const COUNTED_ROUNDS: usize = 20;

const WORD: &[u8; 5] = b"hello";
const ANSWER: &[u8; 5] = b"HELLO";

/// The model with a thread per client.
pub const THREADS: &str = "threads";
/// The model that cannot wait.
pub const POLLING: &str = "polling";

/// The package with the servers.
pub const PACKAGE: &str = "netkata-models";
/// Its one program.
pub const PROGRAM: &str = "models";

/// The models, as the servers are named, here and in lesson 14.
pub const MODELS: &[&str] = if cfg!(target_os = "linux") {
    &[THREADS, POLLING, "readiness", "signals", "async"]
} else {
    &[THREADS, POLLING, "readiness", "async"]
};

/// The feature for the model that no lesson uses: signals, which needs many packages.
pub const FEATURES: &[&str] = &["signals"];

/// Why system calls are not counted, if they are not.
const NOT_COUNTED: &Text =
    if cfg!(target_os = "linux") { &words::NOBODY_MAY_TRACE } else { &words::TRACED_ON_LINUX_ONLY };

/// The cost of one server.
pub struct Cost {
    /// Its model.
    pub model: &'static str,
    /// How many threads it has while the crowd is connected.
    pub threads: Result<usize, &'static Text>,
    /// How many seconds its threads compute.
    pub time: Result<Parts, &'static Text>,
    /// How many system calls it makes.
    pub calls: Result<Parts, &'static Text>,
}

/// The cost of each part of the clients' program.
pub struct Parts {
    /// Per second in which every client is silent.
    pub idle: f64,
    /// Per exchange, when all clients send.
    pub busy: f64,
    /// Per exchange, when one client sends and many are silent.
    pub lonely: f64,
    /// Per client that connects, sends one word and leaves. An ended thread's time is no longer counted, so
    /// only the calls are meaningful.
    pub calling: f64,
}

/// The cost of each server, measured once per process.
pub fn costs() -> io::Result<&'static [Cost]> {
    static COSTS: LazyLock<io::Result<Vec<Cost>>> =
        LazyLock::new(|| MODELS.iter().map(|model| Cost::of(model)).collect());
    match &*COSTS {
        Ok(costs) => Ok(costs),
        Err(error) => Err(io::Error::new(error.kind(), error.to_string())),
    }
}

/// The program that serves under every model.
pub static SERVERS: OnceLock<PathBuf> = OnceLock::new();

/// Start the server of this model.
fn start(model: &str) -> io::Result<Server> {
    Server::start(SERVERS.get().expect("a demonstration has its program"), model)
}

impl Cost {
    fn of(model: &'static str) -> io::Result<Cost> {
        let server = start(model)?;
        let crowd = connect(&server, CROWD)?;
        let threads = server.threads().ok_or(&words::NOT_SHOWN);
        drop(crowd);
        let time = match server.computed() {
            Some(_) => Ok(play(&server, TIMED_ROUNDS, || {
                server.computed().unwrap_or_default().as_secs_f64()
            })?),
            None => Err(&words::NOT_SHOWN),
        };
        drop(server);
        Ok(Cost { model, threads, time, calls: calls(model)? })
    }
}

/// Count the calls of a separate server.
#[cfg(target_os = "linux")]
fn calls(model: &str) -> io::Result<Result<Parts, &'static Text>> {
    let server = start(model)?;
    let Ok(counter) = super::calls::Counter::of(server.id()) else {
        return Ok(Err(NOT_COUNTED));
    };
    let parts = play(&server, COUNTED_ROUNDS, || counter.calls())?;
    drop(server);
    counter.join();
    Ok(Ok(parts))
}

#[cfg(not(target_os = "linux"))]
fn calls(_: &str) -> io::Result<Result<Parts, &'static Text>> {
    Ok(Err(NOT_COUNTED))
}

/// Let the clients act, and measure how far `meter` advances during each part.
fn play(server: &Server, rounds: usize, meter: impl Fn() -> f64) -> io::Result<Parts> {
    let spent = |what: &mut dyn FnMut() -> io::Result<()>| {
        let before = meter();
        what().map(|()| meter() - before)
    };
    let mut crowd = connect(server, CROWD)?;
    exchange(&mut crowd, 1)?;
    // The last answer has arrived, but its server may still have work to do.
    thread::sleep(SETTLE_TIME);
    let idle = spent(&mut || {
        thread::sleep(SILENCE);
        Ok(())
    })?;
    let busy = spent(&mut || exchange(&mut crowd, rounds))?;
    drop(crowd);
    let silent = connect(server, MANY)?;
    let mut one = connect(server, 1)?;
    let lonely = spent(&mut || exchange(&mut one, rounds))?;
    drop((silent, one));
    thread::sleep(SETTLE_TIME);
    let calling = spent(&mut || {
        (0..rounds).try_for_each(|_| connect(server, 1).map(drop))?;
        // The last client has left, but the server may not have noticed yet.
        thread::sleep(SETTLE_TIME);
        Ok(())
    })?;
    Ok(Parts {
        idle: idle / SILENCE.as_secs_f64(),
        busy: busy / (rounds * CROWD) as f64,
        lonely: lonely / rounds as f64,
        calling: calling / rounds as f64,
    })
}

/// Connect this many clients, and wait until the server has accepted them.
fn connect(server: &Server, clients: usize) -> io::Result<Vec<TcpStream>> {
    let mut connected = Vec::new();
    while connected.len() < clients {
        for _ in 0..AT_A_TIME.min(clients - connected.len()) {
            let client = TcpStream::connect(server.address)?;
            client.set_nodelay(true)?;
            client.set_read_timeout(Some(TIMEOUT))?;
            connected.push(client);
        }
        // A client that gets an answer has been accepted, and so have those before it.
        let last = connected.len() - 1;
        exchange(&mut connected[last..], 1)?;
    }
    Ok(connected)
}

/// Let every client send the word and receive the answer, `rounds` times.
fn exchange(clients: &mut [TcpStream], rounds: usize) -> io::Result<()> {
    for _ in 0..rounds {
        for client in &mut *clients {
            client.write_all(WORD)?;
        }
        for client in &mut *clients {
            let mut answer = [0; ANSWER.len()];
            client.read_exact(&mut answer)?;
            if answer != *ANSWER {
                return Err(io::Error::other(&*words::THE_SERVER_ANSWERED_SOMETHING_ELSE));
            }
        }
    }
    Ok(())
}
