//! `demo polling`: five clients on one thread, with the naive server and with the fixed one.
//!
//! The demonstration starts each turn of the server, so that every turn finds the same clients in the same
//! state. Events show that a client waits: what it had received when another client sent.

#[expect(dead_code, reason = "the demonstration takes the turns itself")]
#[path = "../../lessons/04_nonblocking_polling/naive.rs"]
mod naive;

use std::io::{self, ErrorKind, Read, Write};
use std::marker::PhantomData;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;
use std::time::Duration;

use super::act::{Act, Demonstration, Scene, Shows};
use super::bilingual::both;
use super::event::Legend;
use super::room::{Fate, Guest, NAMES, Received, Row, letter, row, timed_out};
use super::stage::TIMEOUT;
use super::words::polling as words;

type Naive = naive::PollingServer;

/// The demonstration.
pub static DEMONSTRATION: Demonstration = Demonstration {
    subject: words::SUBJECT,
    legend: || Legend::of(words::ONE_LINE_A_CLIENT),
    timed: false,
    acts: &[
        Act {
            title: words::A_SILENT_CLIENT,
            tries: words::A_SPEAKS_LAST,
            scenes: &[
                Scene::Room { title: words::NAIVE, play: silent_client::<Naive> },
                Scene::Room { title: words::REPAIRED, play: silent_client::<Fixed> },
            ],
            shows: Shows::Always(words::THE_NAIVE_SERVER_WAITS_FOR_A),
        },
        Act {
            title: words::A_BUSY_DOOR,
            tries: words::ONE_MORE_CONNECTS_IN_EACH_TURN,
            scenes: &[
                Scene::Room { title: words::NAIVE, play: busy_listener::<Naive> },
                Scene::Room { title: words::REPAIRED, play: busy_listener::<Fixed> },
            ],
            shows: Shows::Always(words::THE_NAIVE_SERVER_LETS_IN_OR_SERVES),
        },
        Act {
            title: words::A_CLIENT_THAT_VANISHES,
            tries: words::THE_KERNEL_OF_B_RESETS,
            scenes: &[
                Scene::Room { title: words::NAIVE, play: vanishing_client::<Naive> },
                Scene::Room { title: words::REPAIRED, play: vanishing_client::<Fixed> },
            ],
            shows: Shows::Always(words::THE_NAIVE_SERVER_ENDS_FOR_ONE_CLIENT),
        },
        Act {
            title: words::HALF_A_CHARACTER,
            tries: words::B_SENDS_A_CHARACTER_IN_TWO,
            scenes: &[
                Scene::Room { title: words::NAIVE, play: half_a_character::<Naive> },
                Scene::Room { title: words::REPAIRED, play: half_a_character::<Fixed> },
            ],
            shows: Shows::Always(words::A_READ_MAY_END_INSIDE_A_CHARACTER),
        },
    ],
};

/// The interface that the naive server and the fixed one share.
trait Server: Sized + Send + 'static {
    /// How long a client waits for an answer that the naive server cannot give, before another client
    /// sends. A longer wait would not help.
    const TRIES: Duration;

    fn new(listener: TcpListener) -> io::Result<Self>;
    fn turn(&mut self) -> io::Result<()>;
    fn clients(&self) -> usize;
}

impl Server for Naive {
    const TRIES: Duration = Duration::from_millis(100);

    fn new(listener: TcpListener) -> io::Result<Self> {
        naive::PollingServer::new(listener)
    }

    fn turn(&mut self) -> io::Result<()> {
        naive::PollingServer::turn(self).map(drop)
    }

    fn clients(&self) -> usize {
        naive::PollingServer::clients(self)
    }
}

/// The fixed server, as far as five clients need it that send a word and read the answer. Lesson 4 asks for more:
/// answers that the kernel does not take whole, and a limit for each turn.
struct Fixed {
    door: TcpListener,
    guests: Vec<TcpStream>,
}

impl Server for Fixed {
    const TRIES: Duration = TIMEOUT;

    fn new(door: TcpListener) -> io::Result<Self> {
        door.set_nonblocking(true)?;
        Ok(Fixed { door, guests: Vec::new() })
    }

    fn turn(&mut self) -> io::Result<()> {
        while let Ok((guest, _)) = self.door.accept() {
            guest.set_nonblocking(true)?;
            self.guests.push(guest);
        }
        self.guests.retain(|guest| {
            let outcome = answer(guest);
            outcome.unwrap_or_else(|error| error.kind() == ErrorKind::WouldBlock)
        });
        Ok(())
    }

    fn clients(&self) -> usize {
        self.guests.len()
    }
}

/// Send back in capitals what has arrived; whether more can follow.
fn answer(mut guest: &TcpStream) -> io::Result<bool> {
    let mut word = [0; 64];
    let length = guest.read(&mut word)?;
    guest.write_all(&word[..length].to_ascii_uppercase())?;
    Ok(length > 0)
}

/// A server on its own thread, which takes one turn per order.
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
        // A server that hangs is left running; it ends when its clients are gone.
        thread::spawn(move || {
            for () in ordered {
                let turned = server.turn().map(|()| server.clients());
                let ended = turned.is_err();
                if sender.send(turned).is_err() || ended {
                    break;
                }
            }
        });
        Ok(Room { address, orders, turns, server: PhantomData })
    }

    /// Connect all five, and let the server take turns until it has accepted them.
    fn with_all() -> io::Result<(Room<S>, Vec<Guest>)> {
        let room = Room::open()?;
        let guests: Vec<Guest> =
            (0..NAMES.len()).map(|n| Guest::connect(room.address, n)).collect::<io::Result<_>>()?;
        room.turn_until(guests.len())?;
        Ok((room, guests))
    }

    fn begin_turn(&self) {
        // A server that has ended takes no orders; the end of its turn shows that.
        let _ = self.orders.send(());
    }

    /// Wait for the turn to end: the number of clients, or `None` if it does not end within `timeout`.
    fn end_turn(&self, timeout: Duration) -> io::Result<Option<usize>> {
        self.turns.recv_timeout(timeout).map_or(Ok(None), |turned| turned.map(Some))
    }

    /// Let the server take a whole turn: the number of clients, or its error.
    fn turn(&self) -> io::Result<usize> {
        self.begin_turn();
        self.end_turn(TIMEOUT)?.ok_or_else(|| timed_out(&words::A_TURN_OF_THE_SERVER))
    }

    /// Let the server take turns until it has this many clients.
    fn turn_until(&self, clients: usize) -> io::Result<()> {
        for _ in 0..1000 {
            if self.turn()? == clients {
                return Ok(());
            }
            thread::yield_now();
        }
        Err(timed_out(&words::the_server_to_have(clients)))
    }
}

/// Act 1: A is silent until all others have sent and, if the server answers, received.
fn silent_client<S: Server>() -> io::Result<Vec<Row>> {
    let (room, guests) = Room::<S>::with_all()?;
    let others = &guests[1..];
    others.iter().try_for_each(ask)?;
    room.begin_turn();
    let turned = room.end_turn(S::TRIES)?.is_some();
    let timeout = if turned { TIMEOUT } else { Duration::ZERO };
    let at_once = others.iter().map(|it| answered(it, timeout)).collect::<io::Result<Vec<_>>>()?;
    ask(&guests[0])?;
    if turned {
        room.turn()?;
    } else {
        room.end_turn(TIMEOUT)?.ok_or_else(|| timed_out(&words::A_TURN_OF_THE_SERVER))?;
    }
    let silent = if turned { words::KEEPS_NOBODY_WAITING } else { words::THE_SERVER_WAITS_FOR_A };
    let fate = if turned { Fate::Neither } else { Fate::Waits };
    let mut rows = vec![guests[0].row(words::SAYS_NOTHING, fate, silent)];
    for (guest, at_once) in others.iter().zip(at_once) {
        let (fate, gets) = if at_once {
            (Fate::Served, both(|| words::gets_while_a_is_silent(capitals(guest))))
        } else if answered(guest, TIMEOUT)? {
            (Fate::Waits, both(|| words::gets_once_a_has_spoken(capitals(guest))))
        } else {
            (Fate::Harmed, words::GETS_NOTHING.into())
        };
        rows.push(guest.row(both(|| words::sends(question(guest))), fate, gets));
    }
    Ok(rows)
}

/// Act 2: one more client connects in each turn, and none in the last.
fn busy_listener<S: Server>() -> io::Result<Vec<Row>> {
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
        // Do not wait for the naive server: it has not polled its clients in this turn.
        let timeout = if last || S::TRIES == TIMEOUT { TIMEOUT } else { Duration::ZERO };
        for (guest, answer) in guests.iter().zip(&mut answers) {
            if answer.is_none() && answered(guest, timeout)? {
                *answer = Some(turn);
            }
        }
    }
    Ok(guests.iter().zip(answers).map(|(guest, answer)| listener_row(guest, answer)).collect())
}

fn listener_row(guest: &Guest, answer: Option<usize>) -> Row {
    let came = guest.number + 1;
    let later: Vec<String> = (came..NAMES.len()).map(|number| letter(number).to_string()).collect();
    let capitals = capitals(guest);
    let (fate, gets) = match answer {
        None => (Fate::Harmed, words::GETS_NOTHING.into()),
        Some(turn) if turn == came => (Fate::Served, both(|| words::gets_in_turn(&capitals, turn))),
        Some(turn) if later.is_empty() => {
            (Fate::Waits, both(|| words::waits_a_turn(&capitals, turn)))
        }
        Some(turn) => {
            (Fate::Waits, both(|| words::waits_for(later.join(&words::COMMA), &capitals, turn)))
        }
    };
    guest.row(both(|| words::sends_in_turn(question(guest), came)), fate, gets)
}

/// Act 3: B's connection is reset while the others ask.
fn vanishing_client<S: Server>() -> io::Result<Vec<Row>> {
    let (room, mut guests) = Room::<S>::with_all()?;
    guests.remove(1).vanish()?;
    guests.iter().try_for_each(ask)?;
    let ended = room.turn().and_then(|_| room.turn_until(guests.len())).err();
    let mut rows = rows_after(&guests, ended.as_ref())?;
    rows.insert(1, row(1, words::VANISHES, Fate::Neither, words::IS_GONE));
    rows.push(end_row(ended.as_ref()));
    Ok(rows)
}

/// Act 4: B sends one half of a character, and later the other half, while the others ask.
fn half_a_character<S: Server>() -> io::Result<Vec<Row>> {
    let (room, mut guests) = Room::<S>::with_all()?;
    let ben = guests.remove(1);
    ben.send(b"\xc3")?;
    guests.iter().try_for_each(ask)?;
    let ended = room.turn().err();
    let mut rows = rows_after(&guests, ended.as_ref())?;
    let back = ben.receive(1, TIMEOUT)? == Received::Answer(b"\xc3".to_vec());
    rows.insert(
        1,
        if back {
            other_half(&room, &ben)?
        } else {
            ben.row(words::SENDS_C3, Fate::Harmed, words::IS_CUT_OFF_BY_THE_END)
        },
    );
    rows.push(end_row(ended.as_ref()));
    Ok(rows)
}

fn other_half<S: Server>(room: &Room<S>, ben: &Guest) -> io::Result<Row> {
    ben.send(b"\xa9")?;
    room.turn()?;
    let whole = ben.receive(1, TIMEOUT)? == Received::Answer(b"\xa9".to_vec());
    let (fate, gets) = match whole {
        true => (Fate::Served, words::GETS_BOTH_HALVES),
        false => (Fate::Harmed, words::GETS_ONE_HALF),
    };
    Ok(ben.row(words::SENDS_BOTH_HALVES, fate, gets))
}

/// The rows of the clients that asked, after a turn that may have ended the server.
fn rows_after(guests: &[Guest], ended: Option<&io::Error>) -> io::Result<Vec<Row>> {
    let row = |guest: &Guest| {
        let (fate, gets) = match (answered(guest, TIMEOUT)?, ended) {
            (true, None) => (Fate::Served, both(|| words::gets(capitals(guest)))),
            (true, Some(_)) => (Fate::Harmed, both(|| words::gets_and_is_cut_off(capitals(guest)))),
            (false, _) => (Fate::Harmed, words::IS_CUT_OFF_UNANSWERED.into()),
        };
        Ok(guest.row(both(|| words::sends(question(guest))), fate, gets))
    };
    guests.iter().map(row).collect()
}

fn end_row(ended: Option<&io::Error>) -> Row {
    match ended {
        Some(error) => {
            Row::server(words::TAKES_A_TURN, Fate::Harmed, both(|| words::has_ended(error.kind())))
        }
        None => Row::server(words::TAKES_A_TURN, Fate::Served, words::GOES_ON),
    }
}

/// Let a guest ask: it sends its name in small letters.
fn ask(guest: &Guest) -> io::Result<()> {
    guest.send(question(guest).as_bytes())
}

fn answered(guest: &Guest, timeout: Duration) -> io::Result<bool> {
    let answer = capitals(guest).into_bytes();
    Ok(guest.receive(answer.len(), timeout)? == Received::Answer(answer))
}

fn question(guest: &Guest) -> String {
    guest.name().to_lowercase()
}

fn capitals(guest: &Guest) -> String {
    guest.name().to_uppercase()
}
