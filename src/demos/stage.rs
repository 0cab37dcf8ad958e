//! A stage for two actors: a client and a server on one real TCP connection, with every call recorded.
//!
//! Nothing here waits for a guessed time. An actor waits for a cue, for its peer to read, or for the kernel
//! to hold a number of bytes; [`TIMEOUT`] only turns a wait that never ends into an error.

use std::collections::VecDeque;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::sync::mpsc::Sender;
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread;
use std::time::{Duration, Instant};

use netkata::Text;
use socket2::SockRef;

use super::bilingual::{Bilingual, both};
use super::event::{Action, Event, Piece, Side};
use super::words;

/// How long any wait may take before the demonstration fails.
pub const TIMEOUT: Duration = Duration::from_secs(10);

/// One end of the connection; everything it does is recorded.
pub struct Actor {
    side: Side,
    stream: TcpStream,
    stage: Arc<Stage>,
    sending: Origin,
    /// The origins of the next bytes, one by one, if they were announced that way.
    announced: VecDeque<Origin>,
    last_letter: char,
}

/// The message that a byte belongs to, and how many bytes of its header are left, including this one.
#[derive(Clone, Copy)]
struct Origin {
    letter: char,
    header_left: usize,
    elided: Option<&'static Text>,
}

/// What the two actors share.
struct Stage {
    began: Instant,
    shared: Mutex<Shared>,
    changed: Condvar,
}

struct Shared {
    events: Sender<Event>,
    /// The origins of the bytes written and not yet read, by writer. The bytes themselves are in the kernel.
    under_way: [VecDeque<Origin>; 2],
    /// Cues given and not yet taken, by receiver.
    cues: [usize; 2],
}

/// Connect a client and a server; their actions go to `events`.
pub fn open(events: Sender<Event>) -> io::Result<(Actor, Actor)> {
    let (client, server) = connect()?;
    let shared = Mutex::new(Shared { events, under_way: Default::default(), cues: [0; 2] });
    let stage = Arc::new(Stage { began: Instant::now(), shared, changed: Condvar::new() });
    let actor = |side, stream| Actor {
        side,
        stream,
        stage: Arc::clone(&stage),
        sending: Origin { letter: '?', header_left: 0, elided: None },
        announced: VecDeque::new(),
        last_letter: '?',
    };
    Ok((actor(Side::Client, client), actor(Side::Server, server)))
}

/// Connect two sockets over loopback, on a port of the kernel's choice.
pub fn connect() -> io::Result<(TcpStream, TcpStream)> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let client = call(&listener)?;
    let server = accept(&listener, &client)?;
    Ok((client, server))
}

/// Connect a socket to `listener`.
pub fn call(listener: &TcpListener) -> io::Result<TcpStream> {
    with_timeouts(TcpStream::connect(listener.local_addr()?)?)
}

/// Accept `client` from the backlog of `listener`.
pub fn accept(listener: &TcpListener, client: &TcpStream) -> io::Result<TcpStream> {
    loop {
        let (server, peer) = listener.accept()?;
        // Another program on this machine may have connected first.
        if peer == client.local_addr()? {
            return with_timeouts(server);
        }
    }
}

/// Let the kernel reset the connection when its last stream is closed.
pub fn reset(stream: &TcpStream) -> io::Result<()> {
    let no_time = Some(Duration::ZERO);
    SockRef::from(stream).set_linger(no_time)
}

fn with_timeouts(stream: TcpStream) -> io::Result<TcpStream> {
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    Ok(stream)
}

impl Actor {
    /// Send a message without a header, in one write.
    pub fn send(&mut self, letter: char, message: &[u8]) -> io::Result<()> {
        self.announce(letter, 0);
        self.write_all(message)
    }

    /// Announce that the next written bytes are message `letter`, and that the first `header` bytes are its header.
    pub fn announce(&mut self, letter: char, header: usize) {
        self.sending = Origin { letter, header_left: header, elided: None };
    }

    /// Announce that the next written bytes are message `letter`, and that only their number is shown.
    pub fn announce_elided(&mut self, letter: char, what: &'static Text) {
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

    /// Record what `read_message` returned.
    pub fn got_message(&mut self, message: Option<Vec<u8>>) {
        let letter = self.last_letter;
        let piece = message.map(|text| Piece::new(letter, &text));
        self.record(&mut self.lock(), Action::Message { piece });
    }

    /// Turn TCP_NODELAY on or off, and record what the socket then reports.
    pub fn set_nodelay(&mut self, nodelay: bool) -> io::Result<()> {
        self.stream.set_nodelay(nodelay)?;
        let on = self.stream.nodelay()?;
        self.note(if on { words::NODELAY_IS_ON } else { words::NODELAY_IS_OFF });
        Ok(())
    }

    /// Close the sending side: the peer will read the end of the stream.
    pub fn finish(&mut self) -> io::Result<()> {
        self.stream.shutdown(Shutdown::Write)?;
        self.note(Bilingual::same("shutdown(Write)"));
        Ok(())
    }

    /// Record a note.
    pub fn note(&self, note: impl Into<Bilingual>) {
        self.record(&mut self.lock(), Action::Note { note: note.into() });
    }

    /// Give the peer its cue.
    pub fn cue(&self) {
        self.lock().cues[self.side.peer() as usize] += 1;
        self.stage.changed.notify_all();
    }

    /// Wait for the peer's cue.
    pub fn wait_for_cue(&self) -> io::Result<()> {
        let me = self.side as usize;
        self.wait_while(&words::ITS_CUE, |shared| shared.cues[me] == 0)?.cues[me] -= 1;
        Ok(())
    }

    /// Wait until the peer has read everything written to it.
    pub fn wait_until_read(&self) -> io::Result<()> {
        let me = self.side as usize;
        self.wait_while(&words::ITS_PEER_TO_READ, |shared| !shared.under_way[me].is_empty())
            .map(drop)
    }

    /// Wait until the kernel holds `count` bytes for this end to read.
    pub fn wait_until_queued(&self, count: usize) -> io::Result<()> {
        let deadline = Instant::now() + TIMEOUT;
        // Room for one more byte, to notice more than expected.
        let mut queued = vec![0; count + 1];
        loop {
            let n = self.retry(&words::BYTES, || self.stream.peek(&mut queued))?;
            if n >= count {
                self.note(both(|| words::bytes_wait(n)));
                return Ok(());
            }
            if Instant::now() > deadline {
                return Err(self.timed_out(&words::bytes_of_which_came(count, n)));
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
            self.stage.changed.wait_timeout_while(self.lock(), TIMEOUT, |shared| not_yet(shared));
        match waited.expect("the lock's holders do not panic") {
            (_, timeout) if timeout.timed_out() => Err(self.timed_out(what)),
            (shared, _) => Ok(shared),
        }
    }

    fn retry(&self, what: &str, mut call: impl FnMut() -> io::Result<usize>) -> io::Result<usize> {
        loop {
            match call().map_err(|error| (error.kind(), error)) {
                Ok(n) => return Ok(n),
                Err((ErrorKind::Interrupted, _)) => {}
                // The socket's own timeout: the first on Unix, the second on Windows.
                Err((ErrorKind::WouldBlock | ErrorKind::TimedOut, _)) => {
                    return Err(self.timed_out(what));
                }
                Err((_, error)) => return Err(error),
            }
        }
    }

    fn timed_out(&self, what: &str) -> io::Error {
        let (side, seconds) = (self.side.word(), TIMEOUT.as_secs());
        io::Error::new(ErrorKind::TimedOut, words::actor_waited(side, seconds, what))
    }

    fn lock(&self) -> MutexGuard<'_, Shared> {
        self.stage.shared.lock().expect("the lock's holders do not panic")
    }

    fn record(&self, shared: &mut Shared, action: Action) {
        let event = Event::Action { at: Some(self.stage.began.elapsed()), side: self.side, action };
        // If the screen is gone, the events are lost; the actors continue to their end.
        let _ = shared.events.send(event);
    }
}

impl Write for Actor {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // The lock is held during the call, so that the peer cannot record its read of these bytes before
        // this write is recorded.
        let mut shared = self.stage.shared.lock().expect("the lock's holders do not panic");
        let n = self.stream.write(bytes)?;
        let origins: Vec<Origin> = (0..n)
            .map(|_| self.announced.pop_front().unwrap_or_else(|| self.sending.next()))
            .collect();
        shared.under_way[self.side as usize].extend(&origins);
        self.record(
            &mut shared,
            Action::Write { asked: bytes.len(), pieces: pieces(&bytes[..n], &origins) },
        );
        Ok(n)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}

impl Read for Actor {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.retry(&words::BYTES, || (&self.stream).read(buffer))?;
        let mut shared = self.stage.shared.lock().expect("the lock's holders do not panic");
        let origins: Vec<Origin> = shared.under_way[self.side.peer() as usize].drain(..n).collect();
        self.last_letter = origins.last().map_or(self.last_letter, |origin| origin.letter);
        self.record(
            &mut shared,
            Action::Read { asked: buffer.len(), pieces: pieces(&buffer[..n], &origins) },
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
