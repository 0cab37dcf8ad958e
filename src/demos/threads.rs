//! `demo threads`: a room of clients with a thread each, with the naive server and the repaired one.
//!
//! A visitors' book stands between the server and each handler: it tells what became of the handler,
//! and makes one begin only when its client has gone. Nothing here depends on how soon threads run.

#[path = "../../lessons/05_socketserver/naive.rs"]
mod naive;
#[path = "../../lessons/05_socketserver/solution.rs"]
mod solution;

use std::collections::HashMap;
use std::io::{self, BufRead, ErrorKind, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::panic::resume_unwind;
use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread;
use std::time::Duration;

pub use super::Options;
use super::act::{Act, Demonstration, Scene};
use super::room::{Fate, Guest, Heard, NAMES, Row, in_vain, row};
use super::screen::NORMAL;
use super::stage::PATIENCE;
use super::text::{Word, styled};
use super::words::threads as words;

/// Play all acts on `out`, in lines of at most `width` columns; a width of 0 means 80.
///
/// As for [`sticky::run`](super::sticky::run).
pub fn run(
    options: Options,
    width: usize,
    input: &mut dyn BufRead,
    out: &mut dyn Write,
) -> io::Result<()> {
    THREADS.run(options, width, input, out)
}

const THREADS: Demonstration = Demonstration {
    subject: words::SUBJECT,
    legend,
    timed: false,
    acts: &[
        Act {
            title: words::A_SILENT_CLIENT,
            tries: words::A_IS_SILENT,
            scenes: &[
                Scene::Room { title: words::NAIVE, play: silent_client::<NaiveServer> },
                Scene::Room { title: words::REPAIRED, play: silent_client::<RepairedServer> },
            ],
            shows: words::NOBODY_WAITS_FOR_A,
        },
        Act {
            title: words::HANDLERS_THAT_FAIL,
            tries: words::B_PANICS_AND_C_FAILS,
            scenes: &[
                Scene::Room { title: words::NAIVE, play: failing_handlers::<NaiveServer> },
                Scene::Room { title: words::REPAIRED, play: failing_handlers::<RepairedServer> },
            ],
            shows: words::THE_NAIVE_SERVER_SKIPS_FINISH,
        },
        Act {
            title: words::CLIENTS_THAT_LEAVE,
            tries: words::B_IS_RESET_AND_C_CLOSES,
            scenes: &[
                Scene::Room { title: words::NAIVE, play: leaving_clients::<NaiveServer> },
                Scene::Room { title: words::REPAIRED, play: leaving_clients::<RepairedServer> },
            ],
            shows: words::LEAVING_IS_TOLD_IN_MORE_THAN_ONE_WAY,
        },
        Act {
            title: words::SHUTDOWN,
            tries: words::SOMEBODY_CALLS_SHUTDOWN,
            scenes: &[
                Scene::Room { title: words::NAIVE, play: closing_time::<NaiveServer> },
                Scene::Room { title: words::REPAIRED, play: closing_time::<RepairedServer> },
            ],
            shows: words::WHO_WAITS_SEES_NO_FLAG,
        },
    ],
};

fn legend() -> Vec<Word> {
    styled(words::ONE_LINE_A_CLIENT, NORMAL)
}

/// What to do to the handlers of single clients, by the client's number.
type Mishaps = &'static [(usize, Mishap)];

/// Something that happens to a handler.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mishap {
    /// It panics once its client has said something.
    Panics,
    /// It begins only when its client has gone.
    ComesLate,
}

/// Where it is written down what becomes of the handlers.
struct Book {
    mishaps: Mishaps,
    pages: Mutex<HashMap<SocketAddr, Page>>,
    changed: Condvar,
}

/// What became of one handler.
#[derive(Clone, Default)]
struct Page {
    guest: Option<usize>,
    gone: bool,
    began: bool,
    panicked: bool,
    failed: Option<String>,
    finished: bool,
    over: bool,
}

impl Book {
    fn lock(&self) -> MutexGuard<'_, HashMap<SocketAddr, Page>> {
        self.pages.lock().expect("nobody panics under this lock")
    }

    fn write(&self, peer: SocketAddr, change: impl FnOnce(&mut Page)) {
        change(self.lock().entry(peer).or_default());
        self.changed.notify_all();
    }

    /// Wait until the page of `peer` is as wanted.
    fn wait(
        &self,
        peer: SocketAddr,
        what: &str,
        wanted: impl Fn(&Page) -> bool,
    ) -> io::Result<Page> {
        let not_yet =
            |pages: &mut HashMap<SocketAddr, Page>| !pages.get(&peer).is_some_and(&wanted);
        let waited = self.changed.wait_timeout_while(self.lock(), PATIENCE, not_yet);
        let (pages, timeout) = waited.expect("nobody panics under this lock");
        match pages.get(&peer) {
            Some(page) if !timeout.timed_out() => Ok(page.clone()),
            _ => Err(in_vain(what)),
        }
    }

    fn mishap(&self, page: &Page) -> Option<Mishap> {
        self.mishaps.iter().find(|(guest, _)| Some(*guest) == page.guest).map(|(_, it)| *it)
    }
}

/// A handler of the lesson that has an entry in the book.
struct Entered<H> {
    handler: H,
    book: Arc<Book>,
    peer: Option<SocketAddr>,
}

impl<H> Entered<H> {
    /// Let happen what is to happen before the lesson's handler takes over.
    fn before(&self, stream: &mut TcpStream) -> io::Result<()> {
        let Some(peer) = self.peer else { return Ok(()) };
        let page =
            self.book.wait(peer, words::A_CLIENT_TO_BE_KNOWN, |page| page.guest.is_some())?;
        match self.book.mishap(&page) {
            Some(Mishap::Panics) => {
                stream.write_all(WELCOME)?;
                let _ = stream.read(&mut [0; 64])?;
                self.write(|page| page.panicked = true);
                // As panic! does, but without a message on the terminal.
                resume_unwind(Box::new(()))
            }
            Some(Mishap::ComesLate) => {
                self.book.wait(peer, words::A_CLIENT_TO_LEAVE, |page| page.gone).map(drop)
            }
            None => Ok(()),
        }
    }

    fn write(&self, change: impl FnOnce(&mut Page)) {
        if let Some(peer) = self.peer {
            self.book.write(peer, change);
        }
    }
}

impl<H> Drop for Entered<H> {
    fn drop(&mut self) {
        self.write(|page| page.over = true);
    }
}

/// What the naive server and the repaired one have in common.
trait Server: Sized + Send + Sync + 'static {
    fn greeters(book: Arc<Book>) -> io::Result<Arc<dyn Serve>>;
    fn tickers(book: Arc<Book>) -> io::Result<Arc<dyn Serve>>;
}

/// A server, whatever its handlers.
trait Serve: Send + Sync {
    fn address(&self) -> SocketAddr;
    fn serve(&self) -> io::Result<()>;
    fn end(&self);
}

const TICK: Duration = Duration::from_millis(1);

macro_rules! server {
    ($server:ident, $lesson:ident) => {
        struct $server;

        impl<H: $lesson::Handler> $lesson::Handler for Entered<H> {
            fn setup(&mut self, stream: &mut TcpStream) -> io::Result<()> {
                self.peer = Some(stream.peer_addr()?);
                self.write(|page| page.began = true);
                self.handler.setup(stream)
            }

            fn handle(&mut self, stream: &mut TcpStream) -> io::Result<()> {
                self.before(stream)?;
                let handled = self.handler.handle(stream);
                let failed = handled.as_ref().err().map(in_words);
                self.write(|page| page.failed = failed);
                handled
            }

            fn finish(&mut self, stream: &mut TcpStream) -> io::Result<()> {
                self.write(|page| page.finished = true);
                self.handler.finish(stream)
            }
        }

        impl<H: $lesson::Handler> Serve for $lesson::ThreadingTcpServer<H> {
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

        impl Server for $server {
            fn greeters(book: Arc<Book>) -> io::Result<Arc<dyn Serve>> {
                let entered = move || Entered {
                    handler: $lesson::Greeter,
                    book: Arc::clone(&book),
                    peer: None,
                };
                let any = (Ipv4Addr::LOCALHOST, 0);
                Ok(Arc::new($lesson::ThreadingTcpServer::bind(any, entered)?))
            }

            fn tickers(book: Arc<Book>) -> io::Result<Arc<dyn Serve>> {
                let entered = move || Entered {
                    handler: $lesson::Ticker { period: TICK },
                    book: Arc::clone(&book),
                    peer: None,
                };
                let any = (Ipv4Addr::LOCALHOST, 0);
                Ok(Arc::new($lesson::ThreadingTcpServer::bind(any, entered)?))
            }
        }
    };
}

server!(NaiveServer, naive);
server!(RepairedServer, solution);

/// A server that serves on a thread of its own.
struct Room {
    server: Arc<dyn Serve>,
    book: Arc<Book>,
    /// Hears of the end of `serve_forever`.
    served: Receiver<io::Result<()>>,
}

impl Room {
    fn open(
        server: fn(Arc<Book>) -> io::Result<Arc<dyn Serve>>,
        mishaps: Mishaps,
    ) -> io::Result<Room> {
        let (pages, changed) = Default::default();
        let book = Arc::new(Book { mishaps, pages, changed });
        let server = server(Arc::clone(&book))?;
        let (sender, served) = mpsc::channel();
        let serving = Arc::clone(&server);
        // The naive server serves for as long as the program runs.
        thread::spawn(move || sender.send(serving.serve()));
        Ok(Room { server, book, served })
    }

    /// Connect a guest, and wait until its handler has begun.
    fn enter(&self, number: usize) -> io::Result<Guest> {
        let guest = Guest::connect(self.server.address(), number)?;
        let peer = guest.address()?;
        self.book.write(peer, |page| page.guest = Some(number));
        self.book.wait(peer, words::A_HANDLER_TO_BEGIN, |page| page.began)?;
        Ok(guest)
    }

    /// Connect all five, and hear the server's welcome.
    fn with_all(&self) -> io::Result<Vec<Guest>> {
        let guests: Vec<Guest> =
            (0..NAMES.len()).map(|number| self.enter(number)).collect::<io::Result<_>>()?;
        for guest in &guests {
            if !hears(guest, WELCOME)? {
                return Err(in_vain(words::THE_WELCOME));
            }
        }
        Ok(guests)
    }

    /// Let a guest leave, and tell what became of its handler.
    fn leave(&self, guest: Guest, leave: fn(Guest) -> io::Result<()>) -> io::Result<Page> {
        let peer = guest.address()?;
        leave(guest)?;
        self.book.write(peer, |page| page.gone = true);
        self.book.wait(peer, words::A_HANDLER_TO_BE_OVER, |page| page.over)
    }
}

const WELCOME: &[u8] = b"Welcome!";

/// Act 1: A says nothing.
fn silent_client<S: Server>() -> io::Result<Vec<Row>> {
    let room = Room::open(S::greeters, &[])?;
    let guests = room.with_all()?;
    let mut rows = vec![guests[0].row(words::SAYS_NOTHING, Fate::Neither, words::ITS_THREAD_WAITS)];
    for guest in &guests[1..] {
        let (fate, gets) = match greeted(guest)? {
            true => (Fate::Served, words::gets_while_a_is_silent(greeting(guest))),
            false => (Fate::Harmed, words::GETS_NOTHING.to_owned()),
        };
        rows.push(guest.row(words::sends(guest.name()), fate, gets));
    }
    room.server.end();
    Ok(rows)
}

/// Act 2: the handlers of B and C come to grief; then everybody leaves.
fn failing_handlers<S: Server>() -> io::Result<Vec<Row>> {
    let room = Room::open(S::greeters, &[(1, Mishap::Panics)])?;
    let mut rows = Vec::new();
    for guest in room.with_all()? {
        let said = if guest.number == 2 { b"\xc3" } else { guest.name().as_bytes() };
        guest.say(said)?;
        let answered = hears(&guest, &[b"Hello, ", said, b"!"].concat())?;
        let (number, name) = (guest.number, guest.name());
        let page = room.leave(guest, drop_in_order)?;
        let does = if number == 2 { words::SENDS_C3.to_owned() } else { words::sends(name) };
        let gets = if answered { words::IS_GREETED } else { words::IS_CUT_OFF };
        rows.push(row(number, does, fate(answered && page.finished), told(gets, &page)));
    }
    room.server.end();
    Ok(rows)
}

/// Act 3: B vanishes and C closes before their tickers tick; A stays and is sent more.
fn leaving_clients<S: Server>() -> io::Result<Vec<Row>> {
    let room = Room::open(S::tickers, &[(1, Mishap::ComesLate), (2, Mishap::ComesLate)])?;
    let (ada, ben, cleo) = (room.enter(0)?, room.enter(1)?, room.enter(2)?);
    let ben = room.leave(ben, Guest::vanish)?;
    let cleo = room.leave(cleo, drop_in_order)?;
    let ticks = hears(&ada, b"hellohello")?;
    let ticked = if ticks { words::GETS_HELLO_AFTER_HELLO } else { words::GETS_NOTHING };
    room.server.end();
    Ok(vec![
        ada.row(words::STAYS, fate(ticks), ticked),
        row(1, words::VANISHES_WITH_A_RESET, fate(ben.finished), told(words::IS_GONE, &ben)),
        row(2, words::CLOSES_IN_GOOD_ORDER, fate(cleo.finished), told(words::IS_GONE, &cleo)),
    ])
}

/// Act 4: the server is to end while one client is silent and three are in mid-conversation.
fn closing_time<S: Server>() -> io::Result<Vec<Row>> {
    let room = Room::open(S::greeters, &[])?;
    let mut guests = Vec::new();
    for number in 0..4 {
        let guest = room.enter(number)?;
        let welcomed = hears(&guest, WELCOME)?;
        if !welcomed || (number > 0 && !greeted(&guest)?) {
            return Err(in_vain(words::A_GREETING));
        }
        guests.push(guest);
    }
    end(&room)?;
    let mut rows = Vec::new();
    for guest in &guests {
        rows.push(after_shutdown(&room, guest)?);
    }
    let let_in = welcomes_late(&room)?;
    let gets = if let_in { words::IS_LET_IN } else { words::IS_REFUSED };
    rows.push(row(4, words::CALLS_AFTER_SHUTDOWN, fate(!let_in), gets));
    // Had the naive server ended, it would not have let E in.
    let ended = !let_in && room.served.recv_timeout(PATIENCE).is_ok();
    let gets = if ended { words::HAS_ENDED } else { words::GOES_ON_AS_IF_NOT_ASKED };
    rows.push(Row::server(words::SHUTDOWN_RETURNED, fate(ended), gets));
    Ok(rows)
}

/// Whether somebody who calls after the shutdown is let in, rather than refused.
fn welcomes_late(room: &Room) -> io::Result<bool> {
    match Guest::connect(room.server.address(), 4) {
        Ok(guest) => {
            room.book.write(guest.address()?, |page| page.guest = Some(guest.number));
            hears(&guest, WELCOME)
        }
        Err(error) if error.kind() == ErrorKind::ConnectionRefused => Ok(false),
        Err(error) => Err(error),
    }
}

fn after_shutdown(room: &Room, guest: &Guest) -> io::Result<Row> {
    let does = if guest.number == 0 { words::IS_SILENT_UNTIL_THEN } else { words::WAS_GREETED };
    let peer = guest.address()?;
    let finished = room.book.lock().get(&peer).is_some_and(|page| page.finished);
    if finished && guest.hear(1, PATIENCE)? == Heard::End {
        return Ok(guest.row(does, Fate::Served, words::HEARS_THE_END));
    }
    let gets = match greeted(guest)? {
        true => words::IS_STILL_GREETED,
        false => words::IS_CUT_OFF_WITHOUT_FINISH,
    };
    Ok(guest.row(does, Fate::Harmed, gets))
}

/// Call `shutdown`, which is to return soon.
fn end(room: &Room) -> io::Result<()> {
    let server = Arc::clone(&room.server);
    let (sender, ended) = mpsc::channel();
    thread::spawn(move || {
        server.end();
        sender.send(())
    });
    ended.recv_timeout(PATIENCE).map_err(|_| in_vain("shutdown"))
}

/// What to say of a client and its handler, when both are gone.
fn told(client: &str, page: &Page) -> String {
    let finish =
        if page.finished { words::FINISH_WAS_CALLED } else { words::FINISH_WAS_NEVER_CALLED };
    match &page.failed {
        Some(error) => words::handler_failed(client, error, finish),
        None if page.panicked => words::handler_panicked(client, finish),
        None => format!("{client}; {finish}"),
    }
}

/// An error in words that are the same on every system.
fn in_words(error: &io::Error) -> String {
    error.raw_os_error().map_or(error.to_string(), |_| error.kind().to_string())
}

fn fate(well: bool) -> Fate {
    if well { Fate::Served } else { Fate::Harmed }
}

fn drop_in_order(guest: Guest) -> io::Result<()> {
    drop(guest);
    Ok(())
}

fn greeted(guest: &Guest) -> io::Result<bool> {
    guest.say(guest.name().as_bytes())?;
    hears(guest, greeting(guest).as_bytes())
}

fn hears(guest: &Guest, bytes: &[u8]) -> io::Result<bool> {
    Ok(guest.hear(bytes.len(), PATIENCE)? == Heard::Answer(bytes.to_vec()))
}

fn greeting(guest: &Guest) -> String {
    format!(r"Hello, {}!", guest.name())
}
