//! A stage for two actors: a client and a server on one real TCP connection, every call on record.
//!
//! Nothing here waits for a guess of time. An actor waits for a cue, for its peer to have read, or
//! for the kernel to hold so many bytes; [`PATIENCE`] only turns a wait in vain into an error.

use std::collections::VecDeque;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::sync::mpsc::Sender;
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread;
use std::time::{Duration, Instant};

use super::words;

/// How long anything may be waited for before the demonstration gives up.
pub const PATIENCE: Duration = Duration::from_secs(10);

/// Which of the two actors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// The one that connected.
    Client,
    /// The one that accepted.
    Server,
}

/// One row of the timeline: who did what, and when.
#[derive(Clone, Debug)]
pub struct Event {
    /// Time since the connection stood, where there is something to learn from it.
    pub at: Option<Duration>,
    /// Who did it.
    pub who: Who,
    /// What was done.
    pub deed: Deed,
}

/// What an actor did.
#[derive(Clone, Debug)]
pub enum Deed {
    /// Called `write` with `asked` bytes; the kernel took the pieces.
    Write { asked: usize, pieces: Vec<Piece> },
    /// Called `read` with room for `asked` bytes and got the pieces; none at the end of the stream.
    Read { asked: usize, pieces: Vec<Piece> },
    /// Got a whole message from `read_message`, or `None` at the end of the stream.
    Message(Option<Piece>),
    /// Made another call, and what came of it.
    Call { call: String, outcome: String },
    /// Something else, in words.
    Note(String),
}

/// Neighbouring bytes of one message, as one call wrote or read them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// The letter of the message.
    pub letter: char,
    /// The bytes that belong to its header.
    pub header: Vec<u8>,
    /// The bytes that belong to its text.
    pub text: Vec<u8>,
    /// What to call the bytes if they are not to be shown: their number stands before it.
    pub elided: Option<&'static str>,
}

/// One end of the connection; all that it does goes on record.
pub struct Actor {
    who: Who,
    stream: TcpStream,
    stage: Arc<Stage>,
    sending: Origin,
    /// Where the next bytes belong, one by one, as far as they were announced so.
    announced: VecDeque<Origin>,
    last_letter: char,
}

/// Which message a byte belongs to, and how many bytes of its header are yet to come, itself included.
#[derive(Clone, Copy)]
struct Origin {
    letter: char,
    header_left: usize,
    elided: Option<&'static str>,
}

/// What the two actors share.
struct Stage {
    began: Instant,
    shared: Mutex<Shared>,
    changed: Condvar,
}

struct Shared {
    events: Sender<Event>,
    /// For the bytes written and not yet read, by writer: whose they are. The bytes themselves are
    /// in the kernel.
    under_way: [VecDeque<Origin>; 2],
    /// Cues given and not yet taken, by taker.
    cues: [usize; 2],
}

/// Put a client and a server on stage, connected; what they do goes to `events`.
pub fn open(events: Sender<Event>) -> io::Result<(Actor, Actor)> {
    let (client, server) = connect()?;
    let shared = Mutex::new(Shared { events, under_way: Default::default(), cues: [0; 2] });
    let stage = Arc::new(Stage { began: Instant::now(), shared, changed: Condvar::new() });
    let actor = |who, stream| Actor {
        who,
        stream,
        stage: Arc::clone(&stage),
        sending: Origin { letter: '?', header_left: 0, elided: None },
        announced: VecDeque::new(),
        last_letter: '?',
    };
    Ok((actor(Who::Client, client), actor(Who::Server, server)))
}

/// Connect two sockets over loopback, on a port that the kernel picks.
pub fn connect() -> io::Result<(TcpStream, TcpStream)> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let client = call(&listener)?;
    let server = accept(&listener, &client)?;
    Ok((client, server))
}

/// Connect a socket to `listener`.
pub fn call(listener: &TcpListener) -> io::Result<TcpStream> {
    patient(TcpStream::connect(listener.local_addr()?)?)
}

/// Take `client` from the line in front of `listener`.
pub fn accept(listener: &TcpListener, client: &TcpStream) -> io::Result<TcpStream> {
    loop {
        let (server, peer) = listener.accept()?;
        // Anybody on this machine may have connected first.
        if peer == client.local_addr()? {
            return patient(server);
        }
    }
}

fn patient(stream: TcpStream) -> io::Result<TcpStream> {
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    Ok(stream)
}

impl Who {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Who::Client => words::CLIENT,
            Who::Server => words::SERVER,
        }
    }

    /// The other one.
    pub fn peer(self) -> Who {
        match self {
            Who::Client => Who::Server,
            Who::Server => Who::Client,
        }
    }
}

impl Actor {
    /// Send a message that has no header, in one write.
    pub fn send(&mut self, letter: char, message: &[u8]) -> io::Result<()> {
        self.announce(letter, 0);
        self.write_all(message)
    }

    /// Say that the next bytes written are message `letter`, the first `header` of them its header.
    pub fn announce(&mut self, letter: char, header: usize) {
        self.sending = Origin { letter, header_left: header, elided: None };
    }

    /// Say that the next bytes written are message `letter`, and that only their number is shown.
    pub fn announce_elided(&mut self, letter: char, what: &'static str) {
        self.sending = Origin { letter, header_left: 0, elided: Some(what) };
    }

    /// Send pieces of several messages in one write.
    pub fn send_together(&mut self, pieces: &[Piece]) -> io::Result<()> {
        for &Piece { letter, ref text, elided, .. } in pieces {
            let origin = Origin { letter, header_left: 0, elided };
            self.announced.extend(text.iter().map(|_| origin));
        }
        let bytes: Vec<u8> = pieces.iter().flat_map(Piece::bytes).collect();
        self.write_all(&bytes)
    }

    /// Read once, with room for `size` bytes.
    pub fn receive(&mut self, size: usize) -> io::Result<usize> {
        self.read(&mut vec![0; size])
    }

    /// Put on record what `read_message` returned.
    pub fn got_message(&mut self, message: Option<Vec<u8>>) {
        let letter = self.last_letter;
        let piece = message.map(|text| Piece::new(letter, &text));
        self.record(&mut self.lock(), Deed::Message(piece));
    }

    /// Turn Nagle's algorithm off or on again, and put on record what the socket then says.
    pub fn set_nodelay(&mut self, nodelay: bool) -> io::Result<()> {
        self.stream.set_nodelay(nodelay)?;
        let on = self.stream.nodelay()?;
        self.note(if on { words::NODELAY_IS_ON } else { words::NODELAY_IS_OFF });
        Ok(())
    }

    /// Say on the wire that nothing more will be sent.
    pub fn finish(&mut self) -> io::Result<()> {
        self.stream.shutdown(Shutdown::Write)?;
        self.note("shutdown(Write)");
        Ok(())
    }

    /// Put a remark on record.
    pub fn note(&self, text: &str) {
        self.record(&mut self.lock(), Deed::Note(text.to_owned()));
    }

    /// Give the peer its cue.
    pub fn cue(&self) {
        self.lock().cues[self.who.peer() as usize] += 1;
        self.stage.changed.notify_all();
    }

    /// Wait for the peer's cue.
    pub fn wait_for_cue(&self) -> io::Result<()> {
        let me = self.who as usize;
        self.wait_while(words::ITS_CUE, |shared| shared.cues[me] == 0)?.cues[me] -= 1;
        Ok(())
    }

    /// Wait until the peer has read all that was written to it.
    pub fn wait_until_read(&self) -> io::Result<()> {
        let me = self.who as usize;
        self.wait_while(words::ITS_PEER_TO_READ, |shared| !shared.under_way[me].is_empty())
            .map(drop)
    }

    /// Wait until the kernel holds `count` bytes for this end to read.
    pub fn wait_until_queued(&self, count: usize) -> io::Result<()> {
        let deadline = Instant::now() + PATIENCE;
        // Room for one more, to see if there is more than expected.
        let mut queued = vec![0; count + 1];
        loop {
            let n = self.patiently(words::BYTES, || self.stream.peek(&mut queued))?;
            if n >= count {
                self.note(&words::bytes_wait(n));
                return Ok(());
            }
            if Instant::now() > deadline {
                return Err(self.in_vain(&words::bytes_of_which_came(count, n)));
            }
            thread::yield_now();
        }
    }

    fn wait_while(
        &self,
        what: &str,
        not_yet: impl Fn(&Shared) -> bool,
    ) -> io::Result<MutexGuard<'_, Shared>> {
        let waited =
            self.stage.changed.wait_timeout_while(self.lock(), PATIENCE, |shared| not_yet(shared));
        match waited.expect("the lock's holders do not panic") {
            (_, timeout) if timeout.timed_out() => Err(self.in_vain(what)),
            (shared, _) => Ok(shared),
        }
    }

    fn patiently(
        &self,
        what: &str,
        mut call: impl FnMut() -> io::Result<usize>,
    ) -> io::Result<usize> {
        loop {
            match call().map_err(|error| (error.kind(), error)) {
                Ok(n) => return Ok(n),
                Err((ErrorKind::Interrupted, _)) => {}
                // The socket's own timeout: the first on Unix, the second on Windows.
                Err((ErrorKind::WouldBlock | ErrorKind::TimedOut, _)) => {
                    return Err(self.in_vain(what));
                }
                Err((_, error)) => return Err(error),
            }
        }
    }

    fn in_vain(&self, what: &str) -> io::Error {
        let (who, seconds) = (self.who.word(), PATIENCE.as_secs());
        io::Error::new(ErrorKind::TimedOut, words::actor_waited(who, seconds, what))
    }

    fn lock(&self) -> MutexGuard<'_, Shared> {
        self.stage.shared.lock().expect("the lock's holders do not panic")
    }

    fn record(&self, shared: &mut Shared, deed: Deed) {
        let event = Event { at: Some(self.stage.began.elapsed()), who: self.who, deed };
        // Nobody listens any more when the screen is gone; the actors play on to their end.
        let _ = shared.events.send(event);
    }
}

impl Write for Actor {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // The lock is held over the call: the peer cannot put its read of these bytes on record
        // before the write of them.
        let mut shared = self.stage.shared.lock().expect("the lock's holders do not panic");
        let n = self.stream.write(bytes)?;
        let origins: Vec<Origin> = (0..n)
            .map(|_| self.announced.pop_front().unwrap_or_else(|| self.sending.next()))
            .collect();
        shared.under_way[self.who as usize].extend(&origins);
        self.record(
            &mut shared,
            Deed::Write { asked: bytes.len(), pieces: pieces(&bytes[..n], &origins) },
        );
        Ok(n)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}

impl Read for Actor {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.patiently(words::BYTES, || (&self.stream).read(buffer))?;
        let mut shared = self.stage.shared.lock().expect("the lock's holders do not panic");
        let origins: Vec<Origin> = shared.under_way[self.who.peer() as usize].drain(..n).collect();
        self.last_letter = origins.last().map_or(self.last_letter, |origin| origin.letter);
        self.record(
            &mut shared,
            Deed::Read { asked: buffer.len(), pieces: pieces(&buffer[..n], &origins) },
        );
        self.stage.changed.notify_all();
        Ok(n)
    }
}

impl Origin {
    fn next(&mut self) -> Origin {
        let this = *self;
        self.header_left = self.header_left.saturating_sub(1);
        this
    }
}

/// Cut bytes where one message ends and the next begins.
fn pieces(bytes: &[u8], origins: &[Origin]) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    for (&byte, origin) in bytes.iter().zip(origins) {
        if pieces.last().is_none_or(|piece| piece.letter != origin.letter) {
            pieces.push(Piece { elided: origin.elided, ..Piece::new(origin.letter, b"") });
        }
        let piece = pieces.last_mut().expect("one was pushed");
        if origin.header_left > 0 { piece.header.push(byte) } else { piece.text.push(byte) }
    }
    pieces
}
