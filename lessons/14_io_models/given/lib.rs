//! The models that lesson 14 gives: threads, as in lesson 5, and polling, as in lesson 4.

#[cfg(all(target_os = "linux", feature = "signals"))]
mod signals;

use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};
use std::thread;
use std::time::Duration;

#[cfg(all(target_os = "linux", feature = "signals"))]
pub use signals::serve_on_signals;

/// How many bytes [`answer`] reads at once: 16 KiB.
const BUFFER: usize = 16 * 1024;

/// How long a server that polls sleeps when no socket has anything: at first, and after many such rounds.
const SHORTEST_PAUSE: Duration = Duration::from_micros(100);
const LONGEST_PAUSE: Duration = Duration::from_millis(5);

/// At most this many clients are accepted in one round, so that the others are served too.
const ACCEPTED_IN_A_ROUND: usize = 128;

/// Serve each client on a thread of its own, which may wait in `read` and in `write` as long as it likes.
///
/// Serves every client of `listener` until a byte arrives on `stop`, or it ends; then closes every
/// connection and the listener, and returns.
pub fn serve_with_threads(listener: TcpListener, stop: TcpStream) -> io::Result<()> {
    let address = listener.local_addr()?;
    let stopped = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            let _ = (&stop).read_exact(&mut [0]);
            stopped.store(true, Ordering::Release);
            // A thread in accept sees no flag, but it sees a new client. Without a descriptor: try again.
            while TcpStream::connect(address).is_err() {
                thread::sleep(LONGEST_PAUSE);
            }
        });
        let mut clients: Vec<Weak<TcpStream>> = Vec::new();
        loop {
            let accepted = listener.accept();
            if stopped.load(Ordering::Acquire) {
                break;
            }
            let Ok((stream, _)) = accepted else {
                // No descriptor is left, for example: trying again at once would only spin.
                thread::sleep(LONGEST_PAUSE);
                continue;
            };
            // Only the thread owns the stream: the connection closes when the thread ends.
            let stream = Arc::new(stream);
            clients.retain(|client| client.strong_count() > 0);
            clients.push(Arc::downgrade(&stream));
            // If no thread can be started, the stream is dropped and the connection closes.
            let _ = thread::Builder::new().spawn_scoped(scope, move || answer(&stream));
        }
        for client in clients.iter().filter_map(Weak::upgrade) {
            // A thread in read or write sees no flag, but it sees the end of its stream.
            let _ = client.shutdown(Shutdown::Both);
        }
    });
    Ok(())
}

/// Answer one client in capitals until it closes its sending side. Waits in `read` and in `write`.
pub fn answer(mut stream: &TcpStream) -> io::Result<()> {
    let mut buffer = [0; BUFFER];
    loop {
        let n = match stream.read(&mut buffer) {
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            outcome => outcome?,
        };
        // Reading 0 bytes means that the client has closed its side: no more will come.
        if n == 0 {
            return Ok(());
        }
        buffer[..n].make_ascii_uppercase();
        stream.write_all(&buffer[..n])?;
    }
}

/// Do for one client what is possible without waiting, and keep in the vector what could not be sent.
///
/// It returns what `read` returns: 0 when the connection is over, and [`would_block`] is true of its error
/// when it has to wait.
pub type ServeClient = fn(&mut TcpStream, &mut Vec<u8>) -> io::Result<usize>;

/// Ask every socket in turn on one thread, and sleep when none of them has anything.
///
/// Ends as [`serve_with_threads`] does.
pub fn serve_by_polling(
    listener: TcpListener,
    stop: TcpStream,
    serve: ServeClient,
) -> io::Result<()> {
    let mut sockets = Sockets::new(listener, stop, |_| Ok(()))?;
    let mut pause = SHORTEST_PAUSE;
    loop {
        match sockets.poll_each(serve) {
            Round::Stopped => return Ok(()),
            Round::Progress => pause = SHORTEST_PAUSE,
            Round::Nothing => {
                thread::sleep(pause);
                pause = LONGEST_PAUSE.min(pause * 2);
            }
        }
    }
}

/// Whether this is the error of a call that does not wait where it would have to.
pub fn would_block(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted)
}

/// What polling and signals share: nonblocking sockets.
struct Sockets {
    listener: TcpListener,
    stop: TcpStream,
    /// Each client, with the bytes that could not be sent to it yet.
    clients: Vec<(TcpStream, Vec<u8>)>,
    /// What is done to an accepted socket before it is read for the first time.
    prepare: fn(&TcpStream) -> io::Result<()>,
}

/// The result of asking every socket once.
enum Round {
    Stopped,
    Progress,
    Nothing,
}

impl Sockets {
    fn new(
        listener: TcpListener,
        stop: TcpStream,
        prepare: fn(&TcpStream) -> io::Result<()>,
    ) -> io::Result<Sockets> {
        listener.set_nonblocking(true)?;
        stop.set_nonblocking(true)?;
        Ok(Sockets { listener, stop, clients: Vec::new(), prepare })
    }

    /// Accept the clients that wait, and serve each client once.
    fn poll_each(&mut self, serve: ServeClient) -> Round {
        if !matches!(self.stop.peek(&mut [0]), Err(error) if would_block(&error)) {
            return Round::Stopped;
        }
        let mut round = Round::Nothing;
        for stream in self.listener.incoming().map_while(Result::ok).take(ACCEPTED_IN_A_ROUND) {
            round = Round::Progress;
            // On Linux an accepted socket blocks, even if its listener does not.
            if stream.set_nonblocking(true).and_then(|()| (self.prepare)(&stream)).is_ok() {
                self.clients.push((stream, Vec::new()));
            }
        }
        self.clients.retain_mut(|(stream, unsent)| match serve(stream, unsent) {
            Err(error) if would_block(&error) => true,
            outcome => {
                round = Round::Progress;
                matches!(outcome, Ok(1..))
            }
        });
        round
    }
}
