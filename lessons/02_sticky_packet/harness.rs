//! Senders whose connection breaks or fails while they send.

use std::io::{self, ErrorKind, Read, Write};
use std::net::TcpStream;

use netkata::{Scene, connected};

use super::words;

/// The sending end of a connection. It takes some writes; the next one fails, and all after it, or only one.
#[derive(Debug)]
pub struct BreakingSender {
    scene: Scene,
    near: Option<TcpStream>,
    /// The receiver, to empty its queue.
    queue: TcpStream,
    delivered: usize,
    writes_left: usize,
    fails_once: bool,
}

impl BreakingSender {
    /// Connect a sender that takes this many writes, and its receiver.
    ///
    /// # Panics
    ///
    /// If loopback has no connection.
    pub fn after(writes: usize, scene: &Scene) -> (BreakingSender, TcpStream) {
        let (near, mut receiver) = connected().expect("a connection over loopback");
        // A socket that is closed with unread bytes resets its connection: the receiver then gets an
        // error, and an answer that goes on after the failed write does not wait for ever.
        receiver.write_all(b"!").expect("an open connection takes a byte");
        let queue = receiver.try_clone().expect("a stream can be cloned");
        let scene = scene.clone();
        let near = Some(near);
        let sender = BreakingSender {
            scene,
            near,
            queue,
            delivered: 0,
            writes_left: writes,
            fails_once: false,
        };
        (sender, receiver)
    }

    /// Let only one write fail, with `TimedOut`. Those after it are taken, and nothing arrives.
    pub fn once(mut self) -> BreakingSender {
        self.fails_once = true;
        self
    }
}

impl Write for BreakingSender {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if let (Some(near), 1..) = (&mut self.near, self.writes_left) {
            self.writes_left -= 1;
            near.write_all(bytes)?;
            self.delivered += bytes.len();
            self.scene.happened(words::A_WRITE_TAKES_A_MESSAGE);
            return Ok(bytes.len());
        }
        let error = if self.fails_once { ErrorKind::TimedOut } else { ErrorKind::BrokenPipe };
        if self.near.take().is_some() {
            let once = self.fails_once;
            let fails = if once { words::A_WRITE_TIMES_OUT } else { words::THE_CONNECTION_BREAKS };
            self.scene.happened(fails);
            if self.delivered > 0 {
                // A peek finds queued bytes before the reset: without them it finds the reset at once.
                let _ = self.queue.read(&mut vec![0; self.delivered]);
            }
        } else if self.fails_once {
            return Ok(bytes.len());
        }
        Err(error.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
