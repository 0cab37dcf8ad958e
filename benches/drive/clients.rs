//! A room of clients, the same for every server: one thread speaks for all, and never waits for one.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

/// What a client sends: letters, 32 of them.
const QUESTION: &[u8; 32] = b"the quick brown fox jumps over i";
const ANSWER: &[u8; 32] = b"THE QUICK BROWN FOX JUMPS OVER I";

/// Connections that are open, and were answered once.
pub struct Room(Vec<Client>);

struct Client {
    stream: TcpStream,
    answer: [u8; ANSWER.len()],
    heard: usize,
}

/// What came of a while of talking.
#[derive(Clone, Copy, Debug)]
pub struct Talk {
    pub exchanges: usize,
    /// How often a client looked for its answer, in vain or not.
    pub looks: usize,
    pub lasted: Duration,
}

impl Room {
    /// Connect so many clients, one after another: nobody is left in the listener's line.
    pub fn enter(server: SocketAddr, connections: usize) -> io::Result<Self> {
        let enter = |_| {
            let mut client = Client::connect(server)?;
            client.asks()?;
            while !client.has_heard()? {}
            Ok(client)
        };
        (0..connections).map(enter).collect::<io::Result<_>>().map(Room)
    }

    /// Let the first `busy` clients talk for so long.
    ///
    /// Each asks again when it finds its answer, and nobody waits for another. Nobody sleeps either: no
    /// server has to wake a client, and none finds nothing to do as long as it is the slower one.
    pub fn talk(&mut self, busy: usize, duration: Duration) -> io::Result<Talk> {
        let clients = &mut self.0[..busy];
        clients.iter_mut().try_for_each(Client::asks)?;
        let began = Instant::now();
        let (mut exchanges, mut looks) = (0, 0);
        while began.elapsed() < duration {
            looks += clients.len();
            for client in &mut *clients {
                if client.has_heard()? {
                    client.asks()?;
                    exchanges += 1;
                }
            }
        }
        let lasted = began.elapsed();
        // The last questions are answered, too, and count for nothing.
        for client in clients {
            while !client.has_heard()? {}
        }
        Ok(Talk { exchanges, looks, lasted })
    }
}

impl Client {
    fn connect(server: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(server)?;
        stream.set_nodelay(true)?;
        stream.set_nonblocking(true)?;
        Ok(Client { stream, answer: [0; ANSWER.len()], heard: 0 })
    }

    fn asks(&mut self) -> io::Result<()> {
        self.heard = 0;
        // A few bytes always fit: the server has read all that came before.
        self.stream.write_all(QUESTION)
    }

    /// Take what has come, and say whether the answer is complete.
    fn has_heard(&mut self) -> io::Result<bool> {
        match self.stream.read(&mut self.answer[self.heard..]) {
            Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
            Ok(n) => self.heard += n,
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            Err(error) => return Err(error),
        }
        let complete = self.heard == ANSWER.len();
        if complete && self.answer != *ANSWER {
            return Err(io::Error::other("the server answered something else"));
        }
        Ok(complete)
    }
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
