//! `demo polling`: a room of clients on one thread, with the naive server and with the repaired one.
//!
//! The server takes its turns when it is told to, so that every turn finds the same clients in the
//! same state. That a client waits is shown by an event: what it had heard when another one spoke.

#[expect(dead_code, reason = "the demonstration takes the turns itself")]
#[path = "../../../lessons/04_nonblocking_polling/naive.rs"]
mod naive;
#[expect(dead_code, reason = "the demonstration takes the turns itself")]
#[path = "../../../lessons/04_nonblocking_polling/solution.rs"]
mod solution;

use std::io::{self, BufRead, Write};
use std::marker::PhantomData;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;
use std::time::Duration;

pub use super::Options;
use super::act::{Act, Demonstration, Scene};
use super::room::{Fate, Guest, Heard, NAMES, Row, in_vain, letter, row};
use super::screen::NORMAL;
use super::stage::PATIENCE;
use super::text::{Word, words};

/// Play all acts on `out`, in lines of at most `width` columns; a width of 0 means 80.
///
/// As for [`sticky::run`](super::sticky::run).
pub fn run(
    options: Options,
    width: usize,
    input: &mut dyn BufRead,
    out: &mut dyn Write,
) -> io::Result<()> {
    POLLING.run(options, width, input, out)
}

type Naive = naive::PollingServer;
type Repaired = solution::PollingServer;

const NAIVE: &str = "The naive server";
const REPAIRED: &str = "The repaired server";

const POLLING: Demonstration = Demonstration {
    subject: "A polling server: five clients on one thread, over real TCP sockets.",
    legend,
    timed: false,
    acts: &[
        Act {
            title: "A client that says nothing",
            tries: "Five connect. A is silent, the others send their names; only then does A speak.",
            scenes: &[
                Scene::Room { title: NAIVE, play: silent_client::<Naive> },
                Scene::Room { title: REPAIRED, play: silent_client::<Repaired> },
            ],
            shows: "The naive server made its listener nonblocking, but not the sockets that it \
                    accepted: it waits in the read of A. The repaired one asks A, hears that there \
                    is nothing yet, and goes on to B.",
        },
        Act {
            title: "A busy door",
            tries: "In each of five turns one more connects and sends its name; in the sixth nobody \
                    comes.",
            scenes: &[
                Scene::Room { title: NAIVE, play: busy_door::<Naive> },
                Scene::Room { title: REPAIRED, play: busy_door::<Repaired> },
            ],
            shows: "The naive server serves its clients only in a turn in which nobody connects. \
                    The repaired one does both in every turn: it lets in, then serves.",
        },
        Act {
            title: "A client that vanishes",
            tries: "Five connect. All but B send their names; B's program is killed, and its kernel \
                    resets the connection.",
            scenes: &[
                Scene::Room { title: NAIVE, play: vanishing_client::<Naive> },
                Scene::Room { title: REPAIRED, play: vanishing_client::<Repaired> },
            ],
            shows: "The naive server takes the error of one client for its own, and ends in the \
                    middle of its turn. The repaired one drops that client and goes on.",
        },
        Act {
            title: "Half a character",
            tries: "All but B send their names. B sends c3, the first byte of a character of two, \
                    then a9, the second.",
            scenes: &[
                Scene::Room { title: NAIVE, play: half_a_character::<Naive> },
                Scene::Room { title: REPAIRED, play: half_a_character::<Repaired> },
            ],
            shows: "A read may end inside a character. The naive server decodes what one read \
                    returned, and dies of half a character; the repaired one works on bytes.",
        },
    ],
};

fn legend() -> Vec<Word> {
    words(
        "One line a client: what it does, and what comes of it. The server is to send back in \
         capitals what it gets. It takes its turns when the demonstration tells it to.",
        NORMAL,
    )
}

/// What the naive server and the repaired one have in common.
trait Server: Sized + Send + 'static {
    /// How long a client waits for an answer that the naive server cannot give before somebody else
    /// speaks. However long it were, nothing would come.
    const TRIES: Duration;

    fn new(listener: TcpListener) -> io::Result<Self>;
    fn turn(&mut self) -> io::Result<bool>;
    fn clients(&self) -> usize;
}

macro_rules! server {
    ($server:ty, $tries:expr) => {
        impl Server for $server {
            const TRIES: Duration = $tries;

            fn new(listener: TcpListener) -> io::Result<Self> {
                <$server>::new(listener)
            }
            fn turn(&mut self) -> io::Result<bool> {
                <$server>::turn(self)
            }
            fn clients(&self) -> usize {
                <$server>::clients(self)
            }
        }
    };
}

server!(Naive, Duration::from_millis(100));
server!(Repaired, PATIENCE);

/// A server on a thread of its own, which takes a turn each time it is told to.
struct Room<S> {
    address: SocketAddr,
    orders: Sender<()>,
    turns: Receiver<io::Result<usize>>,
    server: PhantomData<S>,
}

impl<S: Server> Room<S> {
    fn open() -> io::Result<Room<S>> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = listener.local_addr()?;
        let mut server = S::new(listener)?;
        let (orders, ordered) = mpsc::channel();
        let (sender, turns) = mpsc::channel();
        // A server that hangs is left behind; it ends when its clients are gone.
        thread::spawn(move || {
            for () in ordered {
                let turned = server.turn().map(|_| server.clients());
                let ended = turned.is_err();
                if sender.send(turned).is_err() || ended {
                    break;
                }
            }
        });
        Ok(Room { address, orders, turns, server: PhantomData })
    }

    /// Connect all five, and let the server turn until it has let them in.
    fn with_all() -> io::Result<(Room<S>, Vec<Guest>)> {
        let room = Room::open()?;
        let guests: Vec<Guest> =
            (0..NAMES.len()).map(|n| Guest::connect(room.address, n)).collect::<io::Result<_>>()?;
        room.turn_until(guests.len())?;
        Ok((room, guests))
    }

    fn begin_turn(&self) {
        // A server that has ended takes no orders: the end of its turn tells.
        let _ = self.orders.send(());
    }

    /// Wait for the turn to end: the number of clients, or `None` if it does not end within `patience`.
    fn end_turn(&self, patience: Duration) -> io::Result<Option<usize>> {
        self.turns.recv_timeout(patience).map_or(Ok(None), |turned| turned.map(Some))
    }

    /// Let the server take a whole turn: the number of clients, or its error.
    fn turn(&self) -> io::Result<usize> {
        self.begin_turn();
        self.end_turn(PATIENCE)?.ok_or_else(|| in_vain("the server's turn"))
    }

    /// Let the server turn until it has so many clients.
    fn turn_until(&self, clients: usize) -> io::Result<()> {
        for _ in 0..1000 {
            if self.turn()? == clients {
                return Ok(());
            }
            thread::yield_now();
        }
        Err(in_vain(&format!("the server to have {clients} clients")))
    }
}

/// Act 1: A says nothing until all the others have asked and, if they are, been answered.
fn silent_client<S: Server>() -> io::Result<Vec<Row>> {
    let (room, guests) = Room::<S>::with_all()?;
    let others = &guests[1..];
    others.iter().try_for_each(ask)?;
    room.begin_turn();
    let turned = room.end_turn(S::TRIES)?.is_some();
    let patience = if turned { PATIENCE } else { Duration::ZERO };
    let at_once = others.iter().map(|it| answered(it, patience)).collect::<io::Result<Vec<_>>>()?;
    ask(&guests[0])?;
    if turned {
        room.turn()?;
    } else {
        room.end_turn(PATIENCE)?.ok_or_else(|| in_vain("the server's turn"))?;
    }
    let silent = if turned { "keeps nobody waiting" } else { "the server waits for A" };
    let fate = if turned { Fate::Neither } else { Fate::Waits };
    let mut rows = vec![guests[0].row("says nothing", fate, silent)];
    for (guest, at_once) in others.iter().zip(at_once) {
        let (fate, gets) = if at_once {
            (Fate::Served, format!("gets {} while A is silent", capitals(guest)))
        } else if answered(guest, PATIENCE)? {
            (Fate::Waits, format!("waits for A; gets {} once A has spoken", capitals(guest)))
        } else {
            (Fate::Harmed, "gets nothing".to_owned())
        };
        rows.push(guest.row(sends(guest), fate, gets));
    }
    Ok(rows)
}

/// Act 2: one more comes in each turn, and then nobody.
fn busy_door<S: Server>() -> io::Result<Vec<Row>> {
    let room = Room::<S>::open()?;
    let mut guests = Vec::new();
    let mut answers = vec![None; NAMES.len()];
    for turn in 1..=NAMES.len() + 1 {
        let last = turn > NAMES.len();
        if !last {
            let guest = Guest::connect(room.address, turn - 1)?;
            ask(&guest)?;
            guests.push(guest);
        }
        room.turn()?;
        // Nobody waits here for the naive server: it has not looked at its clients in this turn.
        let patience = if last || S::TRIES == PATIENCE { PATIENCE } else { Duration::ZERO };
        for (guest, answer) in guests.iter().zip(&mut answers) {
            if answer.is_none() && answered(guest, patience)? {
                *answer = Some(turn);
            }
        }
    }
    Ok(guests.iter().zip(answers).map(|(guest, answer)| door_row(guest, answer)).collect())
}

fn door_row(guest: &Guest, answer: Option<usize>) -> Row {
    let came = guest.number + 1;
    let later: Vec<String> = (came..NAMES.len()).map(|number| letter(number).to_string()).collect();
    let capitals = capitals(guest);
    let (fate, gets) = match answer {
        None => (Fate::Harmed, "gets nothing".to_owned()),
        Some(turn) if turn == came => (Fate::Served, format!("gets {capitals} in turn {turn}")),
        Some(turn) if later.is_empty() => {
            (Fate::Waits, format!("waits a turn; gets {capitals} in turn {turn}"))
        }
        Some(turn) => {
            let waits = format!("waits for {}; gets {capitals} in turn {turn}", later.join(", "));
            (Fate::Waits, waits)
        }
    };
    guest.row(format!("{} in turn {came}", sends(guest)), fate, gets)
}

/// Act 3: B's connection is reset while the others ask.
fn vanishing_client<S: Server>() -> io::Result<Vec<Row>> {
    let (room, mut guests) = Room::<S>::with_all()?;
    guests.remove(1).vanish()?;
    guests.iter().try_for_each(ask)?;
    let ended = room.turn().and_then(|_| room.turn_until(guests.len())).err();
    let mut rows = rows_after(&guests, ended.as_ref())?;
    rows.insert(1, row(1, "vanishes", Fate::Neither, "is gone"));
    rows.push(end_row(ended.as_ref()));
    Ok(rows)
}

/// Act 4: B sends one half of a character, and later the other, while the others ask.
fn half_a_character<S: Server>() -> io::Result<Vec<Row>> {
    let (room, mut guests) = Room::<S>::with_all()?;
    let ben = guests.remove(1);
    ben.say(b"\xc3")?;
    guests.iter().try_for_each(ask)?;
    let ended = room.turn().err();
    let mut rows = rows_after(&guests, ended.as_ref())?;
    let back = ben.hear(1, PATIENCE)? == Heard::Answer(b"\xc3".to_vec());
    rows.insert(
        1,
        if back {
            other_half(&room, &ben)?
        } else {
            ben.row("sends c3", Fate::Harmed, "is cut off: the server has ended")
        },
    );
    rows.push(end_row(ended.as_ref()));
    Ok(rows)
}

fn other_half<S: Server>(room: &Room<S>, ben: &Guest) -> io::Result<Row> {
    ben.say(b"\xa9")?;
    room.turn()?;
    let whole = ben.hear(1, PATIENCE)? == Heard::Answer(b"\xa9".to_vec());
    let (fate, gets) = match whole {
        true => (Fate::Served, "gets c3, and then a9: the character is whole"),
        false => (Fate::Harmed, "gets c3 only"),
    };
    Ok(ben.row("sends c3, then a9", fate, gets))
}

/// How it went for those who asked, after a turn that may have ended the server.
fn rows_after(guests: &[Guest], ended: Option<&io::Error>) -> io::Result<Vec<Row>> {
    let row = |guest: &Guest| {
        let (fate, gets) = match (answered(guest, PATIENCE)?, ended) {
            (true, None) => (Fate::Served, format!("gets {}", capitals(guest))),
            (true, Some(_)) => (Fate::Harmed, format!("gets {}, then is cut off", capitals(guest))),
            (false, _) => (Fate::Harmed, "waits for B; is cut off, unanswered".to_owned()),
        };
        Ok(guest.row(sends(guest), fate, gets))
    };
    guests.iter().map(row).collect()
}

fn end_row(ended: Option<&io::Error>) -> Row {
    match ended {
        Some(error) => {
            Row::server("takes a turn", Fate::Harmed, format!("has ended: {}", error.kind()))
        }
        None => Row::server("takes a turn", Fate::Served, "goes on"),
    }
}

/// A guest asks by sending its name, in small letters.
fn ask(guest: &Guest) -> io::Result<()> {
    guest.say(guest.name().to_lowercase().as_bytes())
}

fn answered(guest: &Guest, patience: Duration) -> io::Result<bool> {
    let answer = guest.name().to_uppercase().into_bytes();
    Ok(guest.hear(answer.len(), patience)? == Heard::Answer(answer))
}

fn sends(guest: &Guest) -> String {
    format!("sends \"{}\"", guest.name().to_lowercase())
}

fn capitals(guest: &Guest) -> String {
    format!("\"{}\"", guest.name().to_uppercase())
}
