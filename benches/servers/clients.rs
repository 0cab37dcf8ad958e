//! A room of clients, the same for every server: two threads, each of which speaks for its half.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

/// What a client sends: letters, 32 of them.
const QUESTION: &[u8; 32] = b"the quick brown fox jumps over i";
const ANSWER: &[u8; 32] = b"THE QUICK BROWN FOX JUMPS OVER I";

const THREADS: usize = 2;

/// Connections that are open, and were answered once.
pub struct Room(Vec<TcpStream>);

impl Room {
    /// Connect so many clients, one after another: nobody is left in the listener's line.
    pub fn enter(server: SocketAddr, connections: usize) -> io::Result<Self> {
        let enter = |_| {
            let mut client = TcpStream::connect(server)?;
            client.set_nodelay(true)?;
            exchange(std::slice::from_mut(&mut client))?;
            Ok(client)
        };
        (0..connections).map(enter).collect::<io::Result<_>>().map(Room)
    }

    /// Let the first `busy` clients talk for so long; say how many answers came, and in what time.
    pub fn talk(&mut self, busy: usize, duration: Duration) -> io::Result<(usize, Duration)> {
        let began = Instant::now();
        let exchanges: io::Result<usize> = thread::scope(|scope| {
            let shares = self.0[..busy].chunks_mut(busy.div_ceil(THREADS));
            let talk = |share| scope.spawn(move || talk(share, began, duration));
            let talking: Vec<_> = shares.map(talk).collect();
            talking.into_iter().map(|it| it.join().expect("no client panics")).sum()
        });
        exchanges.map(|exchanges| (exchanges, began.elapsed()))
    }
}

fn talk(clients: &mut [TcpStream], began: Instant, duration: Duration) -> io::Result<usize> {
    let mut exchanges = 0;
    while began.elapsed() < duration {
        exchange(clients)?;
        exchanges += clients.len();
    }
    Ok(exchanges)
}

/// Send every client's question, then wait for every answer.
fn exchange(clients: &mut [TcpStream]) -> io::Result<()> {
    for client in &mut *clients {
        client.write_all(QUESTION)?;
    }
    for client in clients {
        let mut answer = [0; QUESTION.len()];
        client.read_exact(&mut answer)?;
        if answer != *ANSWER {
            return Err(io::Error::other("the server answered something else"));
        }
    }
    Ok(())
}

/// Allow this process, and those that it starts, so many descriptors; say how many it may hold.
#[cfg(unix)]
pub fn raise_descriptor_limit(wanted: usize) -> usize {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    let limit = getrlimit(Resource::Nofile);
    let most = limit.maximum.map_or(wanted as u64, |hard| hard.min(wanted as u64));
    if limit.current.is_some_and(|soft| soft < most) {
        // Refused, the old limit holds, and that is what is told.
        let _ = setrlimit(Resource::Nofile, Rlimit { current: Some(most), ..limit });
    }
    getrlimit(Resource::Nofile).current.map_or(wanted, |soft| soft.min(wanted as u64) as usize)
}

/// Nothing limits them elsewhere.
#[cfg(not(unix))]
pub fn raise_descriptor_limit(wanted: usize) -> usize {
    wanted
}
