//! A room of clients, the same for every server: one thread sends for all, and never waits for one.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

/// What a client sends: 32 characters.
const QUESTION: &[u8; 32] = b"the quick brown fox jumps over i";
const ANSWER: &[u8; 32] = b"THE QUICK BROWN FOX JUMPS OVER I";

/// Open connections, each of which has been answered once.
pub struct Room(Vec<Client>);

struct Client {
    stream: TcpStream,
    answer: [u8; ANSWER.len()],
    received: usize,
}

/// The result of a period of exchanges.
#[derive(Clone, Copy, Debug)]
pub struct Talk {
    pub exchanges: usize,
    /// How often a client polled for its answer, successfully or not.
    pub polls: usize,
    pub lasted: Duration,
}

impl Room {
    /// Connect this many clients, one after another, so that none waits in the backlog.
    pub fn enter(server: SocketAddr, connections: usize) -> io::Result<Self> {
        let connect = |_| {
            let mut client = Client::connect(server)?;
            client.ask()?;
            while !client.has_answer()? {}
            Ok(client)
        };
        (0..connections).map(connect).collect::<io::Result<_>>().map(Room)
    }

    /// Let the first `busy` clients exchange messages for this long.
    ///
    /// Each client asks again as soon as it finds its answer, and never waits for another client. None of
    /// them sleeps: no server has to wake a client, and a server always has work as long as it is slower
    /// than the clients.
    pub fn talk(&mut self, busy: usize, duration: Duration) -> io::Result<Talk> {
        let clients = &mut self.0[..busy];
        clients.iter_mut().try_for_each(Client::ask)?;
        let began = Instant::now();
        let (mut exchanges, mut polls) = (0, 0);
        while began.elapsed() < duration {
            polls += clients.len();
            for client in &mut *clients {
                if client.has_answer()? {
                    client.ask()?;
                    exchanges += 1;
                }
            }
        }
        let lasted = began.elapsed();
        // The last questions are answered, too, but do not count.
        for client in clients {
            while !client.has_answer()? {}
        }
        Ok(Talk { exchanges, polls, lasted })
    }
}

impl Client {
    fn connect(server: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(server)?;
        stream.set_nodelay(true)?;
        stream.set_nonblocking(true)?;
        Ok(Client { stream, answer: [0; ANSWER.len()], received: 0 })
    }

    fn ask(&mut self) -> io::Result<()> {
        self.received = 0;
        // A few bytes always fit: the server has read everything before them.
        self.stream.write_all(QUESTION)
    }

    /// Read what has arrived, and return whether the answer is complete.
    fn has_answer(&mut self) -> io::Result<bool> {
        match self.stream.read(&mut self.answer[self.received..]) {
            Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
            Ok(n) => self.received += n,
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            Err(error) => return Err(error),
        }
        let complete = self.received == ANSWER.len();
        if complete && self.answer != *ANSWER {
            return Err(io::Error::other("the server answered something else"));
        }
        Ok(complete)
    }
}

/// Allow this process and its children this many descriptors; return how many it may have.
#[cfg(unix)]
pub fn raise_descriptor_limit(wanted: usize) -> usize {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    let limit = getrlimit(Resource::Nofile);
    let most = limit.maximum.map_or(wanted as u64, |hard| hard.min(wanted as u64));
    if limit.current.is_some_and(|soft| soft < most) {
        // If this is refused, the old limit remains and is returned.
        let _ = setrlimit(Resource::Nofile, Rlimit { current: Some(most), ..limit });
    }
    getrlimit(Resource::Nofile).current.map_or(wanted, |soft| soft.min(wanted as u64) as usize)
}

/// Other systems have no such limit.
#[cfg(not(unix))]
pub fn raise_descriptor_limit(wanted: usize) -> usize {
    wanted
}
