//! Both ends of one connection in one hand: call after call, and what the kernel holds after each.
//!
//! Nothing here waits for a guess of time. A call counts as over when nothing that it sent is on its way
//! any more, and both ends are in states that last: what the kernel holds then, it holds until somebody
//! calls again.

use std::fmt::Debug;
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::thread;
use std::time::Instant;

use netkata::linux::sockets::{self, TcpEnd, TcpState};
use socket2::{Domain, Socket, Type};

use super::room::in_vain;
use super::screen::Screen;
use super::stage::{self, Deed, Event, PATIENCE, Piece, Who};
use super::words::lifecycle as words;

/// The room of one read.
const ROOM: usize = 1024;

/// A client and a server, and what the kernel holds of their connection.
pub struct Ends<'a, 'b> {
    screen: &'a mut Screen<'b>,
    listener: Option<TcpListener>,
    client: Option<TcpStream>,
    server: Option<TcpStream>,
    /// The client's and the server's address, once they are connected.
    addresses: Option<(SocketAddr, SocketAddr)>,
    /// Whether the system tells what its kernel holds.
    can_be_seen: bool,
    /// What was shown last of what it holds.
    shown: Vec<Held>,
}

/// What the kernel holds at both ends, in words; nothing at an end that it is not about.
#[derive(PartialEq, Eq)]
pub struct Held {
    /// At the client's end.
    pub client: String,
    /// At the server's end.
    pub server: String,
}

impl Held {
    /// What there is to say, by end.
    pub fn in_words(&self) -> impl Iterator<Item = String> {
        [(Who::Client, &self.client), (Who::Server, &self.server)]
            .into_iter()
            .filter(|(_, state)| !state.is_empty())
            .map(|(who, state)| format!("{} {state}", who.word()))
    }
}

impl<'a, 'b> Ends<'a, 'b> {
    /// A client and a server that have not met.
    pub fn new(screen: &'a mut Screen<'b>) -> Ends<'a, 'b> {
        Ends {
            screen,
            listener: None,
            client: None,
            server: None,
            addresses: None,
            can_be_seen: TcpEnd::can_be_seen(),
            shown: Vec::new(),
        }
    }

    /// Connect the two, and close the listener.
    pub fn meet(&mut self) -> io::Result<()> {
        let (client, server) = stage::connect()?;
        self.addresses = Some((client.local_addr()?, client.peer_addr()?));
        (self.client, self.server) = (Some(client), Some(server));
        self.show_kernel()
    }

    /// Have the server listen.
    pub fn listen(&mut self) -> io::Result<()> {
        self.listener = Some(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?);
        self.called(Who::Server, r"bind, listen", words::IT_LISTENS)
    }

    /// Have the client connect.
    pub fn connect(&mut self) -> io::Result<()> {
        let client = stage::call(in_order(self.listener.as_ref()))?;
        self.addresses = Some((client.local_addr()?, client.peer_addr()?));
        self.client = Some(client);
        self.called(Who::Client, "connect", words::CONNECTED)
    }

    /// Have the server take the client from the line.
    pub fn accept(&mut self) -> io::Result<()> {
        let listener = in_order(self.listener.as_ref());
        let client = in_order(self.client.as_ref());
        self.server = Some(stage::accept(listener, client)?);
        self.called(Who::Server, "accept", words::A_STREAM)
    }

    /// Write these bytes in one call.
    pub fn write(&mut self, who: Who, bytes: &[u8]) -> io::Result<()> {
        let asked = bytes.len();
        match self.stream(who).write(bytes) {
            Ok(n) => self.did(who, Deed::Write { asked, pieces: vec![piece(who, &bytes[..n])] }),
            Err(error) => self.called(who, &format!("write({asked})"), error.kind()),
        }
    }

    /// Read once.
    pub fn read(&mut self, who: Who) -> io::Result<()> {
        let mut buffer = [0; ROOM];
        match self.stream(who).read(&mut buffer) {
            Ok(0) => self.did(who, Deed::Read { asked: ROOM, pieces: Vec::new() }),
            Ok(n) => {
                let pieces = vec![piece(who.peer(), &buffer[..n])];
                self.did(who, Deed::Read { asked: ROOM, pieces })
            }
            Err(error) => self.called(who, &format!("read({ROOM})"), error.kind()),
        }
    }

    /// Read to the end of the stream: all or nothing.
    pub fn read_to_end(&mut self, who: Who) -> io::Result<()> {
        let mut heard = Vec::new();
        match self.stream(who).read_to_end(&mut heard) {
            Ok(_) => self.called(who, "read_to_end", format!("\"{}\"", heard.escape_ascii())),
            Err(error) => self.called(who, "read_to_end", error.kind()),
        }
    }

    /// Say that nothing more will be sent.
    pub fn finish(&mut self, who: Who) -> io::Result<()> {
        self.stream(who).shutdown(Shutdown::Write)?;
        self.did(who, Deed::Note("shutdown(Write)".to_owned()))
    }

    /// Let go of one end.
    pub fn close(&mut self, who: Who) -> io::Result<()> {
        drop(self.take(who));
        self.did(who, Deed::Note("close".to_owned()))
    }

    /// Hand over one end to a function of the lesson, and say what came of it.
    pub fn hand_over<T: Debug>(
        &mut self,
        who: Who,
        function: &str,
        call: impl FnOnce(TcpStream) -> io::Result<T>,
    ) -> io::Result<()> {
        match call(self.take(who)) {
            Ok(value) => self.called(who, function, format!("Ok({value:?})")),
            Err(error) => self.called(who, function, error.kind()),
        }
    }

    /// Start the server again, on the port that it had.
    pub fn listen_again(&mut self, reuse: bool) -> io::Result<()> {
        let (_, server) = in_order(self.addresses);
        let call = if reuse { words::BIND_WITH_REUSEADDR } else { words::BIND_WITHOUT_REUSEADDR };
        match bind(server, reuse) {
            Ok(listener) => {
                self.listener = Some(listener);
                self.called(Who::Server, call, words::IT_LISTENS)
            }
            Err(error) => self.called(Who::Server, call, error.kind()),
        }
    }

    fn stream(&mut self, who: Who) -> &mut TcpStream {
        in_order(self.end(who).as_mut())
    }

    fn take(&mut self, who: Who) -> TcpStream {
        in_order(self.end(who).take())
    }

    fn end(&mut self, who: Who) -> &mut Option<TcpStream> {
        match who {
            Who::Client => &mut self.client,
            Who::Server => &mut self.server,
        }
    }

    fn called(&mut self, who: Who, call: &str, outcome: impl ToString) -> io::Result<()> {
        let (call, outcome) = (call.to_owned(), outcome.to_string());
        self.did(who, Deed::Call { call, outcome })
    }

    /// Show what was done, and what the kernel makes of it.
    fn did(&mut self, who: Who, deed: Deed) -> io::Result<()> {
        self.screen.event(&Event { at: None, who, deed })?;
        self.show_kernel()
    }

    fn show_kernel(&mut self) -> io::Result<()> {
        if !self.can_be_seen {
            // All that is left to do is to let it happen.
            sockets::let_arrive();
            return Ok(());
        }
        let held = self.held()?;
        if held != self.shown {
            self.screen.kernel(&held)?;
            self.shown = held;
        }
        Ok(())
    }

    /// What the kernel holds, once that lasts.
    fn held(&self) -> io::Result<Vec<Held>> {
        let mut held = Vec::new();
        if let Some((client, server)) = self.addresses {
            let (client, server) = at_rest(client, server)?;
            held.push(Held { client: words_of(client), server: words_of(server) });
        }
        if let Some(listener) = &self.listener {
            let nobody = SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0));
            let end = TcpEnd::of(listener.local_addr()?, nobody);
            held.insert(0, Held { client: String::new(), server: words_of_listener(end) });
        }
        Ok(held)
    }
}

/// What an earlier call has made; there is none in a script that calls `accept` first.
fn in_order<T>(made: Option<T>) -> T {
    made.expect("a script makes its calls in their order")
}

/// Wait until what the kernel holds of the two ends of a connection lasts.
fn at_rest(client: SocketAddr, server: SocketAddr) -> io::Result<(Option<TcpEnd>, Option<TcpEnd>)> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        // Whatever may have stopped this program meanwhile, the last look is one after the deadline.
        let over = Instant::now() > deadline;
        // First this: what had arrived by then can be seen at its end afterwards.
        let arrived = !sockets::in_flight_between(server, &[client.port()]);
        let ends = (TcpEnd::of(client, server), TcpEnd::of(server, client));
        if arrived && lasting(ends.0.map(|end| end.state), ends.1.map(|end| end.state)) {
            return Ok(ends);
        }
        if over {
            return Err(in_vain(words::THE_KERNEL_TO_COME_TO_REST));
        }
        thread::yield_now();
    }
}

/// Whether two ends stay in these states until somebody calls again; only TIME-WAIT passes by itself.
fn lasting(one: Option<TcpState>, other: Option<TcpState>) -> bool {
    use TcpState::{CloseWait, Established, FinWait2, TimeWait};
    match (one, other) {
        (None, None) | (Some(Established), Some(Established)) => true,
        (Some(FinWait2), Some(CloseWait)) | (Some(CloseWait), Some(FinWait2)) => true,
        (Some(TimeWait), None) | (None, Some(TimeWait)) => true,
        // A segment that is yet to come changes one of them.
        _ => false,
    }
}

fn words_of(end: Option<TcpEnd>) -> String {
    let Some(TcpEnd { state, unread, .. }) = end else { return words::GONE.to_owned() };
    // The end of the stream, which comes last, counts as one.
    let bytes = if state == TcpState::CloseWait { unread.saturating_sub(1) } else { unread };
    counted(state, bytes, words::unread)
}

/// Of a socket that listens the kernel counts those who wait to be accepted.
fn words_of_listener(end: Option<TcpEnd>) -> String {
    end.map_or(String::new(), |end| counted(end.state, end.unread, words::in_line))
}

fn counted(state: TcpState, count: u64, told: fn(&'static str, u64) -> String) -> String {
    let name = state.name();
    if count == 0 { name.to_owned() } else { told(name, count) }
}

/// Listen at an address, whether or not connections of the past are still in TIME-WAIT there.
fn bind(address: SocketAddr, reuse: bool) -> io::Result<TcpListener> {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    socket.set_reuse_address(reuse)?;
    socket.bind(&address.into())?;
    socket.listen(1)?;
    Ok(socket.into())
}

/// What the client writes is its question Q; what the server writes is its answer A.
fn piece(writer: Who, bytes: &[u8]) -> Piece {
    let letter = match writer {
        Who::Client => 'Q',
        Who::Server => 'A',
    };
    Piece::new(letter, bytes)
}
