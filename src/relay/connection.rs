//! One connection: a client, the server, and what ends both.

use std::net::{Shutdown, SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::thread;
use std::time::Duration;

use socket2::SockRef;

use crate::flow::Flow;
use crate::{By, Direction, Event, Report, Settings};

/// How long a write may block before it looks whether the connection was reset meanwhile. No system wakes up a
/// write without sending the end of the stream first.
const TICK: Duration = Duration::from_millis(50);

/// A connection through the relay, shared by the threads of its two directions.
pub(crate) struct Connection {
    pub(crate) number: u64,
    pub(crate) report: Report,
    client: TcpStream,
    server: OnceLock<TcpStream>,
    reset: AtomicBool,
}

impl Connection {
    pub(crate) fn new(number: u64, client: TcpStream, report: Report) -> Arc<Connection> {
        let (server, reset) = (OnceLock::new(), AtomicBool::new(false));
        Arc::new(Connection { number, report, client, server, reset })
    }

    /// Connect to the server, and relay both directions to their ends.
    pub(crate) fn relay(&self, to: SocketAddr, settings: &Settings) {
        let connection = self.number;
        let server = match TcpStream::connect(to).and_then(|it| self.prepare(it)) {
            Ok(server) => self.server.get_or_init(|| server),
            Err(error) => {
                let error = error.to_string();
                (self.report)(&Event::Refused { connection, error });
                return reset_when_closed(&self.client);
            }
        };
        if self.is_reset() {
            return reset_when_closed(server);
        }
        let flow = |direction| Flow::new(self, &self.client, server, direction, settings);
        let (to, from) = (flow(Direction::To), flow(Direction::From));
        let (to, from) = thread::scope(|scope| {
            let from = scope.spawn(|| from.carry());
            (to.carry(), from.join().expect("a direction does not panic"))
        });
        let dropped = to.dropped + from.dropped;
        (self.report)(&Event::Close { connection, to: to.sent, from: from.sent, dropped });
    }

    /// Small segments leave at once, and a write ends some time.
    fn prepare(&self, server: TcpStream) -> std::io::Result<TcpStream> {
        for stream in [&self.client, &server] {
            stream.set_nodelay(true)?;
            stream.set_write_timeout(Some(TICK))?;
        }
        Ok(server)
    }

    /// Whether the connection was reset: then no direction continues.
    pub(crate) fn is_reset(&self) -> bool {
        self.reset.load(Ordering::Relaxed)
    }

    /// Reset both ends, as soon as both directions have noticed.
    pub(crate) fn reset(&self, by: By) {
        if self.reset.swap(true, Ordering::Relaxed) {
            return;
        }
        (self.report)(&Event::Reset { connection: self.number, by });
        for stream in [Some(&self.client), self.server.get()].into_iter().flatten() {
            reset_when_closed(stream);
            // Wake up the thread that reads. This sends nothing.
            let _ = stream.shutdown(Shutdown::Read);
        }
    }
}

/// Closing will send a reset (SO_LINGER with a time of 0, socket(7)).
fn reset_when_closed(stream: &TcpStream) {
    // It fails only where there is no connection any more.
    let _ = SockRef::from(stream).set_linger(Some(Duration::ZERO));
}
