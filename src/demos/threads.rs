//! `demo threads`: five clients with one thread each, with the naive server and with the fixed one.
//!
//! A log stands between the server and each handler: it records what happens to the handler, and can delay
//! a handler until its client has gone. Nothing here depends on how soon threads run.

#[path = "../../lessons/05_socketserver/naive.rs"]
mod naive;

use std::collections::HashMap;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::panic::resume_unwind;
use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread;
use std::time::Duration;

use netkata::Text;

use super::act::{Act, Demonstration, Scene, Shows};
use super::bilingual::{Bilingual, both};
use super::event::Legend;
use super::room::{Fate, Guest, NAMES, Received, Row, row, timed_out};
use super::stage::TIMEOUT;
use super::words::threads as words;

/// The demonstration.
pub static DEMONSTRATION: Demonstration = Demonstration {
    subject: words::SUBJECT,
    legend: || Legend::of(words::ONE_LINE_A_CLIENT),
    timed: false,
    acts: &[
        Act {
            title: words::A_SILENT_CLIENT,
            tries: words::A_IS_SILENT,
            scenes: &[
                Scene::Room { title: words::NAIVE, play: silent_client::<NaiveServer> },
                Scene::Room { title: words::REPAIRED, play: silent_client::<FixedServer> },
            ],
            shows: Shows::Always(words::NOBODY_WAITS_FOR_A),
        },
        Act {
            title: words::HANDLERS_THAT_FAIL,
            tries: words::B_PANICS_AND_C_FAILS,
            scenes: &[
                Scene::Room { title: words::NAIVE, play: failing_handlers::<NaiveServer> },
                Scene::Room { title: words::REPAIRED, play: failing_handlers::<FixedServer> },
            ],
            shows: Shows::Always(words::THE_NAIVE_SERVER_SKIPS_FINISH),
        },
        Act {
            title: words::CLIENTS_THAT_LEAVE,
            tries: words::B_IS_RESET_AND_C_CLOSES,
            scenes: &[
                Scene::Room { title: words::NAIVE, play: leaving_clients::<NaiveServer> },
                Scene::Room { title: words::REPAIRED, play: leaving_clients::<FixedServer> },
            ],
            shows: Shows::Always(words::LEAVING_IS_TOLD_IN_MORE_THAN_ONE_WAY),
        },
        Act {
            title: words::SHUTDOWN,
            tries: words::SOMEBODY_CALLS_SHUTDOWN,
            scenes: &[
                Scene::Room { title: words::NAIVE, play: shutdown::<NaiveServer> },
                Scene::Room { title: words::REPAIRED, play: shutdown::<FixedServer> },
            ],
            shows: Shows::Always(words::WHO_WAITS_SEES_NO_FLAG),
        },
    ],
};

/// The faults of handlers, by the client's number.
type Faults = &'static [(usize, Fault)];

/// Something that happens to a handler.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fault {
    /// It panics after its client has sent something.
    Panics,
    /// It begins only after its client has gone.
    BeginsLate,
}

/// The record of what happens to the handlers.
struct Log {
    faults: Faults,
    entries: Mutex<HashMap<SocketAddr, Entry>>,
    changed: Condvar,
}

/// What has happened to one handler.
#[derive(Clone, Default)]
struct Entry {
    guest: Option<usize>,
    gone: bool,
    began: bool,
    panicked: bool,
    failed: Option<String>,
    finished: bool,
    over: bool,
}

impl Log {
    fn lock(&self) -> MutexGuard<'_, HashMap<SocketAddr, Entry>> {
        self.entries.lock().expect("no thread panics while it holds this lock")
    }

    fn write(&self, peer: SocketAddr, change: impl FnOnce(&mut Entry)) {
        change(self.lock().entry(peer).or_default());
        self.changed.notify_all();
    }

    /// Wait until the entry of `peer` is as wanted.
    fn wait(
        &self,
        peer: SocketAddr,
        what: &str,
        wanted: impl Fn(&Entry) -> bool,
    ) -> io::Result<Entry> {
        let not_yet =
            |entries: &mut HashMap<SocketAddr, Entry>| !entries.get(&peer).is_some_and(&wanted);
        let waited = self.changed.wait_timeout_while(self.lock(), TIMEOUT, not_yet);
        let (entries, timeout) = waited.expect("no thread panics while it holds this lock");
        match entries.get(&peer) {
            Some(entry) if !timeout.timed_out() => Ok(entry.clone()),
            _ => Err(timed_out(what)),
        }
    }

    /// Apply the fault of a handler, if it has one, before it handles its client.
    fn strike(&self, peer: SocketAddr, mut stream: &TcpStream) -> io::Result<()> {
        let entry = self.wait(peer, &words::A_CLIENT_TO_BE_KNOWN, |entry| entry.guest.is_some())?;
        let fault = self.faults.iter().find(|(guest, _)| Some(*guest) == entry.guest);
        match fault.map(|(_, fault)| *fault) {
            Some(Fault::Panics) => {
                stream.write_all(WELCOME)?;
                let _ = stream.read(&mut [0; 64])?;
                self.write(peer, |entry| entry.panicked = true);
                // Like panic!, but without a message on the terminal.
                resume_unwind(Box::new(()))
            }
            Some(Fault::BeginsLate) => {
                self.wait(peer, &words::A_CLIENT_TO_LEAVE, |entry| entry.gone).map(drop)
            }
            None => Ok(()),
        }
    }
}

/// A handler of the lesson's naive server that is recorded in the log.
struct Logged<H> {
    handler: H,
    log: Arc<Log>,
    peer: Option<SocketAddr>,
}

impl<H> Logged<H> {
    fn write(&self, change: impl FnOnce(&mut Entry)) {
        if let Some(peer) = self.peer {
            self.log.write(peer, change);
        }
    }
}

impl<H> Drop for Logged<H> {
    fn drop(&mut self) {
        self.write(|entry| entry.over = true);
    }
}

/// The interface that the naive server and the fixed one share.
trait Server: Sized + Send + Sync + 'static {
    fn greeters(log: Arc<Log>) -> io::Result<Arc<dyn Serve>>;
    fn tickers(log: Arc<Log>) -> io::Result<Arc<dyn Serve>>;
}

/// A server, whatever the type of its handlers.
trait Serve: Send + Sync {
    fn address(&self) -> SocketAddr;
    fn serve(&self) -> io::Result<()>;
    fn end(&self);
}

const TICK: Duration = Duration::from_millis(1);

/// The lesson's naive server.
struct NaiveServer;

impl Server for NaiveServer {
    fn greeters(log: Arc<Log>) -> io::Result<Arc<dyn Serve>> {
        let logged = move || Logged { handler: naive::Greeter, log: Arc::clone(&log), peer: None };
        let any = (Ipv4Addr::LOCALHOST, 0);
        Ok(Arc::new(naive::ThreadingTcpServer::bind(any, logged)?))
    }

    fn tickers(log: Arc<Log>) -> io::Result<Arc<dyn Serve>> {
        let ticker = || naive::Ticker { period: TICK };
        let logged = move || Logged { handler: ticker(), log: Arc::clone(&log), peer: None };
        let any = (Ipv4Addr::LOCALHOST, 0);
        Ok(Arc::new(naive::ThreadingTcpServer::bind(any, logged)?))
    }
}

impl<H: naive::Handler> Serve for naive::ThreadingTcpServer<H> {
    fn address(&self) -> SocketAddr {
        self.local_addr()
    }
    fn serve(&self) -> io::Result<()> {
        self.serve_forever()
    }
    fn end(&self) {
        self.shutdown();
    }
}

impl<H: naive::Handler> naive::Handler for Logged<H> {
    fn setup(&mut self, stream: &mut TcpStream) -> io::Result<()> {
        self.peer = Some(stream.peer_addr()?);
        self.write(|entry| entry.began = true);
        self.handler.setup(stream)
    }

    fn handle(&mut self, stream: &mut TcpStream) -> io::Result<()> {
        if let Some(peer) = self.peer {
            self.log.strike(peer, stream)?;
        }
        let handled = self.handler.handle(stream);
        let failed = handled.as_ref().err().map(in_words);
        self.write(|entry| entry.failed = failed);
        handled
    }

    fn finish(&mut self, stream: &mut TcpStream) -> io::Result<()> {
        self.write(|entry| entry.finished = true);
        self.handler.finish(stream)
    }
}

/// The fixed server, as far as the acts need it: a few clients, and a system that refuses nothing. Lesson 5 asks
/// for more.
struct FixedServer {
    address: SocketAddr,
    talk: fn(&TcpStream) -> io::Result<()>,
    log: Arc<Log>,
    hall: Mutex<Hall>,
    changed: Condvar,
}

/// The fixed server's listener until it serves, the clients that it has let in, and how near its end is.
struct Hall {
    door: Option<TcpListener>,
    guests: Vec<TcpStream>,
    ending: bool,
    ended: bool,
}

impl Server for FixedServer {
    fn greeters(log: Arc<Log>) -> io::Result<Arc<dyn Serve>> {
        FixedServer::open(greet, log)
    }

    fn tickers(log: Arc<Log>) -> io::Result<Arc<dyn Serve>> {
        FixedServer::open(tick, log)
    }
}

impl FixedServer {
    fn open(talk: fn(&TcpStream) -> io::Result<()>, log: Arc<Log>) -> io::Result<Arc<dyn Serve>> {
        let door = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = door.local_addr()?;
        let hall = Hall { door: Some(door), guests: Vec::new(), ending: false, ended: false };
        let (hall, changed) = (Mutex::new(hall), Condvar::new());
        Ok(Arc::new(FixedServer { address, talk, log, hall, changed }))
    }

    fn hall(&self) -> MutexGuard<'_, Hall> {
        self.hall.lock().expect("no thread panics while it holds this lock")
    }
}

impl Serve for FixedServer {
    fn address(&self) -> SocketAddr {
        self.address
    }

    fn serve(&self) -> io::Result<()> {
        let door = self.hall().door.take().expect("a room serves once");
        let mut talks = Vec::new();
        for guest in door.incoming() {
            let guest = guest?;
            let mut hall = self.hall();
            if hall.ending {
                break;
            }
            hall.guests.push(guest.try_clone()?);
            let visit = Visit { peer: guest.peer_addr()?, guest, log: Arc::clone(&self.log) };
            let talk = self.talk;
            talks.push(thread::spawn(move || visit.hold(talk)));
        }
        drop(door);
        // A panic has ended its own conversation, and is over.
        talks.into_iter().for_each(|talk| drop(talk.join()));
        self.hall().ended = true;
        self.changed.notify_all();
        Ok(())
    }

    fn end(&self) {
        let mut hall = self.hall();
        hall.ending = true;
        hall.guests.iter().for_each(|guest| drop(guest.shutdown(Shutdown::Both)));
        // The server waits for a client: this is the last one.
        drop(TcpStream::connect(self.address));
        let ended = self.changed.wait_while(hall, |hall| !hall.ended);
        drop(ended.expect("no thread panics while it holds this lock"));
    }
}

/// One conversation of the fixed server. However it ends, also by a panic, its client is seen off.
struct Visit {
    guest: TcpStream,
    peer: SocketAddr,
    log: Arc<Log>,
}

impl Visit {
    fn hold(self, talk: fn(&TcpStream) -> io::Result<()>) {
        self.log.write(self.peer, |entry| entry.began = true);
        let talked = self.log.strike(self.peer, &self.guest).and_then(|()| talk(&self.guest));
        let failed = talked.err().map(|error| in_words(&error));
        self.log.write(self.peer, |entry| entry.failed = failed);
    }
}

impl Drop for Visit {
    fn drop(&mut self) {
        // The server has a clone, so this stream alone would not end the connection.
        let _ = self.guest.shutdown(Shutdown::Both);
        self.log.write(self.peer, |entry| (entry.finished, entry.over) = (true, true));
    }
}

/// Greet a client by each name that a read returns, whatever its bytes are.
fn greet(mut guest: &TcpStream) -> io::Result<()> {
    guest.write_all(WELCOME)?;
    let mut name = [0; 64];
    while let length @ 1.. = guest.read(&mut name)? {
        guest.write_all(&[&b"Hello, "[..], &name[..length], b"!"].concat())?;
    }
    Ok(())
}

/// Tick until a write fails: here the client has gone, whatever the error says.
fn tick(mut guest: &TcpStream) -> io::Result<()> {
    while guest.write_all(b"hello").is_ok() {
        thread::sleep(TICK);
    }
    Ok(())
}

/// A server that serves on its own thread.
struct Room {
    server: Arc<dyn Serve>,
    log: Arc<Log>,
    /// Receives the result of `serve_forever`.
    served: Receiver<io::Result<()>>,
}

impl Room {
    fn open(
        server: fn(Arc<Log>) -> io::Result<Arc<dyn Serve>>,
        faults: Faults,
    ) -> io::Result<Room> {
        let (entries, changed) = Default::default();
        let log = Arc::new(Log { faults, entries, changed });
        let server = server(Arc::clone(&log))?;
        let (sender, served) = mpsc::channel();
        let serving = Arc::clone(&server);
        // The naive server serves as long as the program runs.
        thread::spawn(move || sender.send(serving.serve()));
        Ok(Room { server, log, served })
    }

    /// Connect a guest, and wait until its handler has begun.
    fn enter(&self, number: usize) -> io::Result<Guest> {
        let guest = Guest::connect(self.server.address(), number)?;
        let peer = guest.address()?;
        self.log.write(peer, |entry| entry.guest = Some(number));
        self.log.wait(peer, &words::A_HANDLER_TO_BEGIN, |entry| entry.began)?;
        Ok(guest)
    }

    /// Connect all five, and receive the server's welcome.
    fn with_all(&self) -> io::Result<Vec<Guest>> {
        let guests: Vec<Guest> =
            (0..NAMES.len()).map(|number| self.enter(number)).collect::<io::Result<_>>()?;
        for guest in &guests {
            if !receives(guest, WELCOME)? {
                return Err(timed_out(&words::THE_WELCOME));
            }
        }
        Ok(guests)
    }

    /// Let a guest leave, and return what has happened to its handler.
    fn leave(&self, guest: Guest, leave: fn(Guest) -> io::Result<()>) -> io::Result<Entry> {
        let peer = guest.address()?;
        leave(guest)?;
        self.log.write(peer, |entry| entry.gone = true);
        self.log.wait(peer, &words::A_HANDLER_TO_BE_OVER, |entry| entry.over)
    }
}

const WELCOME: &[u8] = b"Welcome!";

/// Act 1: A is silent.
fn silent_client<S: Server>() -> io::Result<Vec<Row>> {
    let room = Room::open(S::greeters, &[])?;
    let guests = room.with_all()?;
    let mut rows = vec![guests[0].row(words::SAYS_NOTHING, Fate::Neither, words::ITS_THREAD_WAITS)];
    for guest in &guests[1..] {
        let (fate, gets) = match greeted(guest)? {
            true => (Fate::Served, both(|| words::gets_while_a_is_silent(greeting(guest)))),
            false => (Fate::Harmed, words::GETS_NOTHING.into()),
        };
        rows.push(guest.row(both(|| words::sends(guest.name())), fate, gets));
    }
    room.server.end();
    Ok(rows)
}

/// Act 2: the handlers of B and C fail; then every client leaves.
fn failing_handlers<S: Server>() -> io::Result<Vec<Row>> {
    let room = Room::open(S::greeters, &[(1, Fault::Panics)])?;
    let mut rows = Vec::new();
    for guest in room.with_all()? {
        let sent = if guest.number == 2 { b"\xc3" } else { guest.name().as_bytes() };
        guest.send(sent)?;
        let answered = receives(&guest, &[b"Hello, ", sent, b"!"].concat())?;
        let (number, name) = (guest.number, guest.name());
        let entry = room.leave(guest, close)?;
        let does = if number == 2 { words::SENDS_C3.into() } else { both(|| words::sends(name)) };
        let gets = if answered { words::IS_GREETED } else { words::IS_CUT_OFF };
        rows.push(row(number, does, fate(answered && entry.finished), describe(gets, &entry)));
    }
    room.server.end();
    Ok(rows)
}

/// Act 3: B vanishes and C closes before their tickers tick; A stays and receives more.
fn leaving_clients<S: Server>() -> io::Result<Vec<Row>> {
    let room = Room::open(S::tickers, &[(1, Fault::BeginsLate), (2, Fault::BeginsLate)])?;
    let (ada, ben, cleo) = (room.enter(0)?, room.enter(1)?, room.enter(2)?);
    let ben = room.leave(ben, Guest::vanish)?;
    let cleo = room.leave(cleo, close)?;
    let ticks = receives(&ada, b"hellohello")?;
    let ticked = if ticks { words::GETS_HELLO_AFTER_HELLO } else { words::GETS_NOTHING };
    room.server.end();
    Ok(vec![
        ada.row(words::STAYS, fate(ticks), ticked),
        row(1, words::VANISHES_WITH_A_RESET, fate(ben.finished), describe(words::IS_GONE, &ben)),
        row(2, words::CLOSES_IN_GOOD_ORDER, fate(cleo.finished), describe(words::IS_GONE, &cleo)),
    ])
}

/// Act 4: the server must stop while one client is silent and three are in conversation.
fn shutdown<S: Server>() -> io::Result<Vec<Row>> {
    let room = Room::open(S::greeters, &[])?;
    let mut guests = Vec::new();
    for number in 0..4 {
        let guest = room.enter(number)?;
        let welcomed = receives(&guest, WELCOME)?;
        if !welcomed || (number > 0 && !greeted(&guest)?) {
            return Err(timed_out(&words::A_GREETING));
        }
        guests.push(guest);
    }
    end(&room)?;
    let mut rows = Vec::new();
    for guest in &guests {
        rows.push(after_shutdown(&room, guest)?);
    }
    let let_in = accepts_late(&room)?;
    let gets = if let_in { words::IS_LET_IN } else { words::IS_REFUSED };
    rows.push(row(4, words::CALLS_AFTER_SHUTDOWN, fate(!let_in), gets));
    // If the naive server had ended, it would not have accepted E.
    let ended = !let_in && room.served.recv_timeout(TIMEOUT).is_ok();
    let gets = if ended { words::HAS_ENDED } else { words::GOES_ON_AS_IF_NOT_ASKED };
    rows.push(Row::server(words::SHUTDOWN_RETURNED, fate(ended), gets));
    Ok(rows)
}

/// Whether a client that connects after the shutdown is accepted, not refused.
fn accepts_late(room: &Room) -> io::Result<bool> {
    match Guest::connect(room.server.address(), 4) {
        Ok(guest) => {
            room.log.write(guest.address()?, |entry| entry.guest = Some(guest.number));
            receives(&guest, WELCOME)
        }
        Err(error) if error.kind() == ErrorKind::ConnectionRefused => Ok(false),
        Err(error) => Err(error),
    }
}

fn after_shutdown(room: &Room, guest: &Guest) -> io::Result<Row> {
    let does = if guest.number == 0 { words::IS_SILENT_UNTIL_THEN } else { words::WAS_GREETED };
    let peer = guest.address()?;
    let finished = room.log.lock().get(&peer).is_some_and(|entry| entry.finished);
    if finished && guest.receive(1, TIMEOUT)? == Received::End {
        return Ok(guest.row(does, Fate::Served, words::HEARS_THE_END));
    }
    let gets = match greeted(guest)? {
        true => words::IS_STILL_GREETED,
        false => words::IS_CUT_OFF_WITHOUT_FINISH,
    };
    Ok(guest.row(does, Fate::Harmed, gets))
}

/// Call `shutdown`, which must return soon.
fn end(room: &Room) -> io::Result<()> {
    let server = Arc::clone(&room.server);
    let (sender, ended) = mpsc::channel();
    thread::spawn(move || {
        server.end();
        sender.send(())
    });
    ended.recv_timeout(TIMEOUT).map_err(|_| timed_out("shutdown"))
}

/// Describe a client and its handler after both are gone.
fn describe(client: Text, entry: &Entry) -> Bilingual {
    let finish =
        if entry.finished { words::FINISH_WAS_CALLED } else { words::FINISH_WAS_NEVER_CALLED };
    both(|| match &entry.failed {
        Some(error) => words::handler_failed(&client, error, &finish),
        None if entry.panicked => words::handler_panicked(&client, &finish),
        None => words::handler_ended(&client, &finish),
    })
}

/// An error in words that are the same on every system.
fn in_words(error: &io::Error) -> String {
    error.raw_os_error().map_or(error.to_string(), |_| error.kind().to_string())
}

fn fate(well: bool) -> Fate {
    if well { Fate::Served } else { Fate::Harmed }
}

fn close(guest: Guest) -> io::Result<()> {
    drop(guest);
    Ok(())
}

fn greeted(guest: &Guest) -> io::Result<bool> {
    guest.send(guest.name().as_bytes())?;
    receives(guest, greeting(guest).as_bytes())
}

fn receives(guest: &Guest, bytes: &[u8]) -> io::Result<bool> {
    Ok(guest.receive(bytes.len(), TIMEOUT)? == Received::Answer(bytes.to_vec()))
}

fn greeting(guest: &Guest) -> String {
    format!(r"Hello, {}!", guest.name())
}
