//! Both ends of one connection on one thread: one call after another, and what the kernel holds after each.
//!
//! Nothing here waits for a guessed time. A call counts as over when everything it sent has arrived and
//! both ends are in stable states: what the kernel holds then does not change until the next call.

use std::fmt::Debug;
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::thread;
use std::time::Instant;

use netkata::linux::sockets::{self, TcpEnd, TcpState};
use socket2::{Domain, Socket, Type};

use super::bilingual::{Bilingual, both};
use super::event::{Action, Draw, Event, Held, Piece, Side};
use super::room::timed_out;
use super::stage::{self, TIMEOUT};
use super::words::lifecycle as words;

/// The buffer size of one read.
const ROOM: usize = 1024;

/// A client and a server, and what the kernel holds for their connection.
pub struct Ends<'a> {
    drawn: &'a mut dyn Draw,
    listener: Option<TcpListener>,
    client: Option<TcpStream>,
    server: Option<TcpStream>,
    /// The addresses of the client and the server, after they are connected.
    addresses: Option<(SocketAddr, SocketAddr)>,
    /// Whether the system shows what its kernel holds.
    can_be_seen: bool,
    /// What was last shown of it.
    shown: Vec<Held>,
}

impl<'a> Ends<'a> {
    /// A client and a server that are not connected.
    pub fn new(drawn: &'a mut dyn Draw) -> Ends<'a> {
        Ends {
            drawn,
            listener: None,
            client: None,
            server: None,
            addresses: None,
            can_be_seen: TcpEnd::can_be_seen(),
            shown: Vec::new(),
        }
    }

    /// Connect the two, and close the listener.
    pub fn connect_both(&mut self) -> io::Result<()> {
        let (client, server) = stage::connect()?;
        self.addresses = Some((client.local_addr()?, client.peer_addr()?));
        (self.client, self.server) = (Some(client), Some(server));
        self.show_kernel()
    }

    /// Let the server listen.
    pub fn listen(&mut self) -> io::Result<()> {
        self.listener = Some(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?);
        self.called(Side::Server, Bilingual::same(r"bind, listen"), words::IT_LISTENS)
    }

    /// Let the client connect.
    pub fn connect(&mut self) -> io::Result<()> {
        let client = stage::call(expect_made(self.listener.as_ref()))?;
        self.addresses = Some((client.local_addr()?, client.peer_addr()?));
        self.client = Some(client);
        self.called(Side::Client, Bilingual::same("connect"), words::CONNECTED)
    }

    /// Let the server accept the client from the backlog.
    pub fn accept(&mut self) -> io::Result<()> {
        let listener = expect_made(self.listener.as_ref());
        let client = expect_made(self.client.as_ref());
        self.server = Some(stage::accept(listener, client)?);
        self.called(Side::Server, Bilingual::same("accept"), words::A_STREAM)
    }

    /// Write these bytes in one call.
    pub fn write(&mut self, side: Side, bytes: &[u8]) -> io::Result<()> {
        let asked = bytes.len();
        match self.stream(side).write(bytes) {
            Ok(n) => {
                self.did(side, Action::Write { asked, pieces: vec![piece(side, &bytes[..n])] })
            }
            Err(error) => self.failed(side, format!("write({asked})"), &error),
        }
    }

    /// Read once.
    pub fn read(&mut self, side: Side) -> io::Result<()> {
        let mut buffer = [0; ROOM];
        match self.stream(side).read(&mut buffer) {
            Ok(0) => self.did(side, Action::Read { asked: ROOM, pieces: Vec::new() }),
            Ok(n) => {
                let pieces = vec![piece(side.peer(), &buffer[..n])];
                self.did(side, Action::Read { asked: ROOM, pieces })
            }
            Err(error) => self.failed(side, format!("read({ROOM})"), &error),
        }
    }

    /// Read to the end of the stream; an error loses what was read.
    pub fn read_to_end(&mut self, side: Side) -> io::Result<()> {
        let mut received = Vec::new();
        match self.stream(side).read_to_end(&mut received) {
            Ok(_) => {
                let received = format!("\"{}\"", received.escape_ascii());
                self.called(side, Bilingual::same("read_to_end"), Bilingual::same(received))
            }
            Err(error) => self.failed(side, "read_to_end", &error),
        }
    }

    /// Close the sending side.
    pub fn finish(&mut self, side: Side) -> io::Result<()> {
        self.stream(side).shutdown(Shutdown::Write)?;
        self.did(side, Action::Note { note: Bilingual::same("shutdown(Write)") })
    }

    /// Close one end.
    pub fn close(&mut self, side: Side) -> io::Result<()> {
        drop(self.take(side));
        self.did(side, Action::Note { note: Bilingual::same("close") })
    }

    /// Pass one end to a function that ends it, and show the result.
    pub fn hand_over<T: Debug>(
        &mut self,
        side: Side,
        function: &'static str,
        call: impl FnOnce(TcpStream) -> io::Result<T>,
    ) -> io::Result<()> {
        match call(self.take(side)) {
            Ok(value) => {
                let value = Bilingual::same(format!("Ok({value:?})"));
                self.called(side, Bilingual::same(function), value)
            }
            Err(error) => self.failed(side, function, &error),
        }
    }

    /// Start the server again on the same port.
    pub fn listen_again(&mut self, reuse: bool) -> io::Result<()> {
        let (_, server) = expect_made(self.addresses);
        let call = if reuse { words::BIND_WITH_REUSEADDR } else { words::BIND_WITHOUT_REUSEADDR };
        match bind(server, reuse) {
            Ok(listener) => {
                self.listener = Some(listener);
                self.called(Side::Server, call, words::IT_LISTENS)
            }
            Err(error) => {
                self.called(Side::Server, call, Bilingual::same(error.kind().to_string()))
            }
        }
    }

    fn stream(&mut self, side: Side) -> &mut TcpStream {
        expect_made(self.end(side).as_mut())
    }

    fn take(&mut self, side: Side) -> TcpStream {
        expect_made(self.end(side).take())
    }

    fn end(&mut self, side: Side) -> &mut Option<TcpStream> {
        match side {
            Side::Client => &mut self.client,
            Side::Server => &mut self.server,
        }
    }

    fn called(
        &mut self,
        side: Side,
        call: impl Into<Bilingual>,
        outcome: impl Into<Bilingual>,
    ) -> io::Result<()> {
        let (call, outcome) = (call.into(), outcome.into());
        self.did(side, Action::Call { call, outcome })
    }

    fn failed(&mut self, side: Side, call: impl Into<String>, error: &io::Error) -> io::Result<()> {
        self.called(side, Bilingual::same(call), Bilingual::same(error.kind().to_string()))
    }

    /// Show the action, and what the kernel then holds.
    fn did(&mut self, side: Side, action: Action) -> io::Result<()> {
        self.drawn.draw(Event::Action { at: None, side, action })?;
        self.show_kernel()
    }

    fn show_kernel(&mut self) -> io::Result<()> {
        if !self.can_be_seen {
            // Only let the bytes arrive.
            sockets::let_arrive();
            return Ok(());
        }
        let held = self.held()?;
        if held != self.shown {
            self.shown.clone_from(&held);
            self.drawn.draw(Event::Kernel { held })?;
        }
        Ok(())
    }

    /// What the kernel holds, when that is stable.
    fn held(&self) -> io::Result<Vec<Held>> {
        let mut held = Vec::new();
        if let Some((client, server)) = self.addresses {
            let (client, server) = settled(client, server)?;
            held.push(Held { client: words_of(client), server: words_of(server) });
        }
        if let Some(listener) = &self.listener {
            let unspecified = SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0));
            let end = TcpEnd::of(listener.local_addr()?, unspecified);
            held.insert(0, Held { client: Bilingual::default(), server: words_of_listener(end) });
        }
        Ok(held)
    }
}

/// The result of an earlier call; a script that calls `accept` first does not have it.
fn expect_made<T>(made: Option<T>) -> T {
    made.expect("a script makes its calls in their order")
}

/// Wait until the states of both ends of a connection are stable.
fn settled(client: SocketAddr, server: SocketAddr) -> io::Result<(Option<TcpEnd>, Option<TcpEnd>)> {
    let deadline = Instant::now() + TIMEOUT;
    loop {
        // Read the time first: even if this program is interrupted, the last check comes after the deadline.
        let over = Instant::now() > deadline;
        // Check this first: bytes that have arrived by now are visible at their end afterwards.
        let arrived = !sockets::in_flight_between(server, &[client.port()]);
        let ends = (TcpEnd::of(client, server), TcpEnd::of(server, client));
        if arrived && are_stable(ends.0.map(|end| end.state), ends.1.map(|end| end.state)) {
            return Ok(ends);
        }
        if over {
            return Err(timed_out(&words::THE_KERNEL_TO_COME_TO_REST));
        }
        thread::yield_now();
    }
}

/// Whether two ends stay in these states until the next call; only TIME-WAIT ends by itself.
fn are_stable(one: Option<TcpState>, other: Option<TcpState>) -> bool {
    use TcpState::{CloseWait, Established, FinWait2, TimeWait};
    match (one, other) {
        (None, None) | (Some(Established), Some(Established)) => true,
        (Some(FinWait2), Some(CloseWait)) | (Some(CloseWait), Some(FinWait2)) => true,
        (Some(TimeWait), None) | (None, Some(TimeWait)) => true,
        // A segment that has not arrived yet will change one of them.
        _ => false,
    }
}

fn words_of(end: Option<TcpEnd>) -> Bilingual {
    let Some(TcpEnd { state, unread, .. }) = end else { return words::GONE.into() };
    // The end of the stream, which comes last, counts as one byte.
    let bytes = if state == TcpState::CloseWait { unread.saturating_sub(1) } else { unread };
    counted(state, bytes, words::unread)
}

/// For a listening socket the kernel counts the clients that wait to be accepted.
fn words_of_listener(end: Option<TcpEnd>) -> Bilingual {
    end.map_or(Bilingual::default(), |end| counted(end.state, end.unread, words::in_line))
}

fn counted(state: TcpState, count: u64, with_count: fn(&'static str, u64) -> String) -> Bilingual {
    let name = state.name();
    if count == 0 { Bilingual::same(name) } else { both(|| with_count(name, count)) }
}

/// Listen at an address; with `reuse`, even if old connections are still in TIME-WAIT there.
fn bind(address: SocketAddr, reuse: bool) -> io::Result<TcpListener> {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    socket.set_reuse_address(reuse)?;
    socket.bind(&address.into())?;
    socket.listen(1)?;
    Ok(socket.into())
}

/// The client writes its question Q; the server writes its answer A.
fn piece(writer: Side, bytes: &[u8]) -> Piece {
    let letter = match writer {
        Side::Client => 'Q',
        Side::Server => 'A',
    };
    Piece::new(letter, bytes)
}
