//! Test the relay between a client and a server on loopback.
//!
//! What a read returns is decided by what the kernel shows of the other program, here of this test: no test
//! waits for a time to pass. Elsewhere than on Linux only the bytes are tested, not their segments.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{Ipv6Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, mpsc};
use std::thread;

use netkata::linux::sockets::let_arrive;
use netkata::{TcpEnd, close_with_a_reset};
use netkata_relay::{
    After, BUFFER, By, Cuts, Direction, Ending, Event, Relay, Running, Settings, Size, Why,
};
use proptest::prelude::*;

// Segments.

#[test]
fn each_read_returns_one_segment() {
    let Some(mut net) = Net::cut("1,3,∞") else { return };
    net.client.write_all(b"\x05\0\0\0hello").unwrap();
    assert_eq!(next_reads(&mut net.server, 3), [&b"\x05"[..], b"\0\0\0", b"hello"]);
    // The list repeats.
    net.client.write_all(b"\x05\0\0\0world").unwrap();
    assert_eq!(next_reads(&mut net.server, 3), [&b"\x05"[..], b"\0\0\0", b"world"]);
    assert_eq!(net.segments(Direction::To, 6), [1, 3, 5, 1, 3, 5]);
}

#[test]
fn a_segment_is_held_back_until_the_one_before_is_read() {
    let Some(mut net) = Net::cut("1") else { return };
    net.client.write_all(b"hello").unwrap();
    let (server, relay) = (net.server.local_addr().unwrap(), net.server.peer_addr().unwrap());
    for byte in b"hello" {
        let unread = || TcpEnd::of(server, relay).unwrap().unread;
        while unread() == 0 {}
        // However often it is looked at, and whatever has arrived meanwhile.
        for _ in 0..200 {
            let_arrive();
            assert_eq!(unread(), 1);
            thread::yield_now();
        }
        assert_eq!(next_reads(&mut net.server, 1), [[*byte]]);
    }
}

#[test]
fn a_server_that_polls_reads_one_segment_at_a_time() {
    let Some(mut net) = Net::cut("2") else { return };
    net.server.set_nonblocking(true).unwrap();
    net.client.write_all(b"hello").unwrap();
    net.client.shutdown(Shutdown::Write).unwrap();
    assert_eq!(all_reads(&mut net.server), [&b"he"[..], b"ll", b"o"]);
}

#[test]
fn a_size_joins_small_writes() {
    let Some(mut net) = Net::cut("10") else { return };
    let reads = thread::scope(|scope| {
        let reader = scope.spawn(|| all_reads(&mut net.server));
        for byte in 0..100 {
            write_and_see_it_taken(&net.client, &[byte]);
        }
        net.client.shutdown(Shutdown::Write).unwrap();
        reader.join().unwrap()
    });
    assert_eq!(reads.iter().map(Vec::len).collect::<Vec<_>>(), [10; 10]);
}

#[test]
fn a_sender_that_waits_gets_a_shorter_segment_through() {
    let Some(mut net) = Net::cut("5") else { return };
    for message in [&b"he"[..], b"llo"] {
        net.client.write_all(message).unwrap();
        assert_eq!(next_reads(&mut net.server, 1), [message]);
    }
    let whys: Vec<Why> = net.seen().iter().filter_map(why).collect();
    assert_eq!(whys, [Why::SenderWaits; 2]);
}

#[test]
fn joined_writes_become_one_read() {
    let Some(mut net) = Net::open(Settings { join: true, ..Settings::default() }) else { return };
    for _ in 0..2 {
        for part in [b"one", b"two", b"six"] {
            write_and_see_it_taken(&net.client, part);
        }
        assert_eq!(next_reads(&mut net.server, 1), [b"onetwosix"]);
    }
    // A joined segment may be cut again.
    let cuts = "4,∞".parse().ok();
    let Some(mut net) = Net::open(Settings { join: true, cuts, ..Settings::default() }) else {
        return;
    };
    for part in [b"one", b"two", b"six"] {
        net.client.write_all(part).unwrap();
    }
    assert_eq!(next_reads(&mut net.server, 2), [&b"onet"[..], b"wosix"]);
}

#[test]
fn only_the_asked_direction_is_cut() {
    let direction = Some(Direction::From);
    let Some(mut net) = Net::open(Settings { direction, ..cut("1") }) else { return };
    net.client.write_all(b"ask").unwrap();
    assert_eq!(next_reads(&mut net.server, 1), [b"ask"]);
    net.server.write_all(b"yes").unwrap();
    assert_eq!(next_reads(&mut net.client, 3), [b"y", b"e", b"s"]);
    assert!(net.segments(Direction::To, 0).is_empty());
}

#[test]
fn a_seed_gives_the_same_segments_again() {
    let sizes = |seed| {
        let cuts = Cuts::new(&[1, 2, 3, 4].map(Size::Bytes));
        let mut net = Net::open(Settings { cuts, seed: Some(seed), ..Settings::default() })?;
        net.client.write_all(&[7; 100]).unwrap();
        net.client.shutdown(Shutdown::Write).unwrap();
        Some(all_reads(&mut net.server).iter().map(Vec::len).collect::<Vec<_>>())
    };
    let Some(first) = sizes(7) else { return };
    assert_eq!(sizes(7), Some(first.clone()));
    assert_ne!(sizes(8), Some(first));
}

#[test]
fn a_segment_is_held_back_over_ipv6_too() {
    let Ok(listener) = TcpListener::bind((Ipv6Addr::LOCALHOST, 0)) else { return };
    let Some(mut net) = Net::with(listener, cut("3,∞")) else { return };
    net.client.write_all(b"hello").unwrap();
    assert_eq!(next_reads(&mut net.server, 2), [&b"hel"[..], b"lo"]);
}

// Ends.

#[test]
fn a_half_close_passes_and_the_other_direction_stays_open() {
    for settings in [Settings::default(), cut("1")] {
        let mut net = Net::relayed(settings);
        net.client.write_all(b"over").unwrap();
        net.client.shutdown(Shutdown::Write).unwrap();
        assert_eq!(rest(&mut net.server), b"over");
        net.server.write_all(b"bye").unwrap();
        net.server.shutdown(Shutdown::Write).unwrap();
        assert_eq!(rest(&mut net.client), b"bye");
        let connection = 1;
        assert_eq!(net.last(), Event::Close { connection, to: 4, from: 3, dropped: 0 });
    }
}

#[test]
fn a_reset_passes_as_a_reset() {
    for by in [By::Client, By::Server] {
        let Net { relay: _relay, client, server, events } = Net::relayed(Settings::default());
        let (resets, mut other) = match by {
            By::Client => (client, server),
            By::Server | By::Relay => (server, client),
        };
        close_with_a_reset(resets);
        assert_eq!(other.read(&mut [0]).unwrap_err().kind(), ErrorKind::ConnectionReset);
        assert!(events.until_closed().contains(&Event::Reset { connection: 1, by }));
    }
}

#[test]
fn a_server_that_is_not_there_resets_the_client() {
    let nobody = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap();
    let (sender, events) = mpsc::channel();
    let relay = relay(local(), nobody, Settings::default(), sender);
    let mut client = TcpStream::connect(relay.address()).unwrap();
    assert_eq!(client.read(&mut [0]).unwrap_err().kind(), ErrorKind::ConnectionReset);
    assert!(events.iter().any(|event| matches!(event, Event::Refused { connection: 1, .. })));
}

#[test]
fn an_early_half_close_drops_what_comes_after() {
    let ending = Some(Ending::HalfClose(3));
    let mut net = Net::relayed(Settings { ending, direction: Some(Direction::To), ..cut("2") });
    net.client.write_all(b"hello").unwrap();
    net.client.shutdown(Shutdown::Write).unwrap();
    assert_eq!(rest(&mut net.server), b"hel");
    net.server.write_all(b"bye").unwrap();
    net.server.shutdown(Shutdown::Write).unwrap();
    assert_eq!(rest(&mut net.client), b"bye");
    assert_eq!(net.last(), Event::Close { connection: 1, to: 3, from: 3, dropped: 2 });
}

#[test]
fn an_early_reset_comes_after_the_last_byte_is_read() {
    if !TcpEnd::can_be_seen() {
        return;
    }
    for cuts in [None, "2".parse().ok()] {
        let ending = Some(Ending::Reset(3));
        let mut net = Net::relayed(Settings { ending, cuts, ..Settings::default() });
        net.client.write_all(b"hello").unwrap();
        for _ in 0..200 {
            let_arrive();
            let is_reset = |event: &Event| matches!(event, Event::Reset { .. });
            assert!(!net.seen().iter().any(is_reset), "not before the bytes are read");
            thread::yield_now();
        }
        let mut read = Vec::new();
        let failed = net.server.read_to_end(&mut read).unwrap_err();
        assert_eq!((&read[..], failed.kind()), (&b"hel"[..], ErrorKind::ConnectionReset));
        let failed = net.client.read(&mut [0]).unwrap_err();
        assert_eq!(failed.kind(), ErrorKind::ConnectionReset);
        assert_eq!(net.last(), Event::Close { connection: 1, to: 3, from: 0, dropped: 0 });
    }
}

#[test]
fn a_dropped_relay_resets_its_connections() {
    let mut net = Net::relayed(Settings::default());
    net.client.write_all(b"hello").unwrap();
    net.server.read_exact(&mut [0; 5]).unwrap();
    let address = net.relay.as_ref().unwrap().address();
    net.relay = None;
    for end in [&mut net.client, &mut net.server] {
        assert_eq!(end.read(&mut [0]).unwrap_err().kind(), ErrorKind::ConnectionReset);
    }
    assert_eq!(TcpStream::connect(address).unwrap_err().kind(), ErrorKind::ConnectionRefused);
}

// Bytes.

/// As many bytes as the kernel and the relay hold are taken from a sender, and not one more.
#[test]
fn a_receiver_that_does_not_read_blocks_the_sender() {
    if !TcpEnd::can_be_seen() {
        return;
    }
    for settings in [Settings::default(), cut("1000"), Settings { join: true, ..cut("∞") }] {
        let mut net = Net::relayed(settings);
        net.client.set_nonblocking(true).unwrap();
        let (mut taken, mut still) = (0, 0);
        let mut before = net.in_queues();
        // The relay has stopped when nothing moves, however often it is looked at.
        while still < 100 {
            match net.client.write(&[7; 65536]) {
                Ok(n) => (taken, still) = (taken + n as u64, 0),
                Err(error) => assert_eq!(error.kind(), ErrorKind::WouldBlock),
            }
            let_arrive();
            // What moves meanwhile is counted twice, and never left out.
            let now = net.in_queues();
            assert!(taken <= now + BUFFER as u64, "{taken} bytes are taken, {now} in queues");
            still = if now == before { still + 1 } else { 0 };
            before = now;
            thread::yield_now();
        }
        net.client.set_nonblocking(false).unwrap();
        net.client.shutdown(Shutdown::Write).unwrap();
        assert_eq!(rest(&mut net.server), vec![7; taken as usize]);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_byte_arrives_in_order(
        cuts in proptest::option::of(proptest::collection::vec(size(), 1..5)),
        seed in proptest::option::of(any::<u64>()),
        join in any::<bool>(),
        conversations in proptest::collection::vec((writes(), writes()), 1..5),
    ) {
        let settings = Settings { cuts: cuts.and_then(|it| Cuts::new(&it)), seed, join, ..Settings::default() };
        let listener = TcpListener::bind(local()).unwrap();
        let (sender, events) = mpsc::channel();
        let relay = relay(local(), listener.local_addr().unwrap(), settings, sender);
        thread::scope(|scope| {
            for (asks, answers) in &conversations {
                let client = TcpStream::connect(relay.address()).unwrap();
                let server = listener.accept().unwrap().0;
                for (end, says, hears) in [(client, asks, answers), (server, answers, asks)] {
                    let reader = end.try_clone().unwrap();
                    scope.spawn(move || send(&end, says));
                    scope.spawn(move || assert_eq!(rest(&mut &reader), hears.concat()));
                }
            }
        });
        drop(relay);
        let (asks, answers): (Vec<_>, Vec<_>) = conversations.into_iter().unzip();
        let [to, from] = [asks, answers].map(|it| it.concat().concat().len() as u64);
        add_up(events.iter().map(|event| serde_json::to_value(event).unwrap()), to, from);
    }
}

#[test]
fn many_megabytes_pass_in_both_directions_at_once() {
    let net = Net::relayed(Settings::default());
    let bytes: Vec<u8> = (0..5_000_000_u32).flat_map(u32::to_ne_bytes).collect();
    let bytes = [bytes];
    thread::scope(|scope| {
        for end in [&net.client, &net.server] {
            scope.spawn(|| send(end, &bytes));
            scope.spawn(|| assert!(rest(&mut &*end) == bytes[0], "other bytes arrive"));
        }
    });
}

/// The lines of JSON contain every byte: in segments if they were cut, and at the end.
fn add_up(lines: impl Iterator<Item = serde_json::Value>, to: u64, from: u64) {
    let (mut closed, mut segments, mut ended) = ([0, 0], [0, 0], [0, 0]);
    for line in lines {
        let at = usize::from(line["direction"] == "from");
        let bytes = line["bytes"].as_u64();
        match line["event"].as_str().unwrap() {
            "segment" => segments[at] += bytes.unwrap(),
            "end" => ended[at] += bytes.unwrap(),
            "close" => {
                closed[0] += line["to"].as_u64().unwrap();
                closed[1] += line["from"].as_u64().unwrap();
            }
            _ => {}
        }
    }
    assert_eq!((closed, ended), ([to, from], [to, from]));
    assert!(segments == closed || segments == [0, 0], "{segments:?} of {closed:?}");
}

fn size() -> impl Strategy<Value = Size> {
    prop_oneof![4 => (1..20_usize).prop_map(Size::Bytes), 1 => Just(Size::Rest)]
}

fn writes() -> impl Strategy<Value = Vec<Vec<u8>>> {
    proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..50), 0..6)
}

/// A client and a server, with a relay between them.
struct Net {
    relay: Option<Running>,
    client: TcpStream,
    server: TcpStream,
    events: Events,
}

/// The events of a relay.
struct Events {
    coming: mpsc::Receiver<Event>,
    seen: Vec<Event>,
}

impl Net {
    /// A relay with these cuts; `None` if this system does not show whether a receiver has read.
    fn cut(cuts: &str) -> Option<Net> {
        Net::open(cut(cuts))
    }

    fn open(settings: Settings) -> Option<Net> {
        Net::with(TcpListener::bind(local()).unwrap(), settings)
    }

    fn with(listener: TcpListener, settings: Settings) -> Option<Net> {
        let net = Net::between(listener, settings);
        let is_seen = netkata::FarEnd::of(&net.client).is_some();
        if !is_seen {
            println!("not checked here: this system does not show the far end of a connection");
        }
        is_seen.then_some(net)
    }

    fn relayed(settings: Settings) -> Net {
        Net::between(TcpListener::bind(local()).unwrap(), settings)
    }

    fn between(listener: TcpListener, settings: Settings) -> Net {
        let to = listener.local_addr().unwrap();
        let (sender, coming) = mpsc::channel();
        let relay = relay(SocketAddr::new(to.ip(), 0), to, settings, sender);
        let client = TcpStream::connect(relay.address()).unwrap();
        let (server, _) = listener.accept().unwrap();
        Net { relay: Some(relay), client, server, events: Events { coming, seen: Vec::new() } }
    }

    /// How many bytes the kernel holds, from the client to the server.
    fn in_queues(&self) -> u64 {
        let ends = [&self.client, &self.server].map(|it| (it.local_addr(), it.peer_addr()));
        let ends = ends.map(|(near, far)| (near.unwrap(), far.unwrap()));
        let held = |from: SocketAddr, to: SocketAddr| {
            let (from, to) = (TcpEnd::of(from, to).unwrap(), TcpEnd::of(to, from).unwrap());
            from.unacknowledged + to.unread
        };
        held(ends[0].0, ends[0].1) + held(ends[1].1, ends[1].0)
    }

    /// The events so far.
    fn seen(&mut self) -> &[Event] {
        self.events.seen.extend(self.events.coming.try_iter());
        &self.events.seen
    }

    /// The sizes of the first segments of one direction, and no more.
    fn segments(&mut self, of: Direction, number: usize) -> Vec<usize> {
        let sizes = self.seen().iter().filter_map(|event| match event {
            Event::Segment { direction, bytes, .. } if *direction == of => Some(*bytes),
            _ => None,
        });
        let sizes: Vec<usize> = sizes.collect();
        assert_eq!(sizes.len(), number);
        sizes
    }

    /// The event at the end of the connection.
    fn last(self) -> Event {
        drop((self.client, self.server));
        self.events.until_closed().pop().unwrap()
    }
}

impl Events {
    /// Every event until the first connection is closed.
    fn until_closed(mut self) -> Vec<Event> {
        while !matches!(self.seen.last(), Some(Event::Close { .. })) {
            self.seen.push(self.coming.recv().unwrap());
        }
        self.seen
    }
}

/// Write, and compute until the relay has read it: so the relay never has several writes at once.
fn write_and_see_it_taken(mut stream: &TcpStream, bytes: &[u8]) {
    stream.write_all(bytes).unwrap();
    let (near, far) = (stream.local_addr().unwrap(), stream.peer_addr().unwrap());
    while TcpEnd::of(far, near).is_some_and(|end| end.unread > 0) {}
}

/// Write all of it, and end the stream.
fn send(mut stream: &TcpStream, writes: &[Vec<u8>]) {
    writes.iter().for_each(|bytes| stream.write_all(bytes).unwrap());
    stream.shutdown(Shutdown::Write).unwrap();
}

fn relay(
    address: SocketAddr,
    to: SocketAddr,
    settings: Settings,
    events: mpsc::Sender<Event>,
) -> Running {
    let events = Mutex::new(events);
    // A test that has seen enough may have ended.
    let report = Arc::new(move |event: &Event| drop(events.lock().unwrap().send(event.clone())));
    Relay::listen(address, to, settings, report).unwrap().start()
}

fn local() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 0))
}

fn cut(cuts: &str) -> Settings {
    Settings { cuts: Some(cuts.parse().unwrap()), ..Settings::default() }
}

fn why(event: &Event) -> Option<Why> {
    match event {
        Event::Segment { why, after, .. } => {
            assert!(matches!(after, After::Nothing | After::Read), "{event:?}");
            Some(*why)
        }
        _ => None,
    }
}

/// What each of the next reads returns.
fn next_reads(stream: &mut impl Read, number: usize) -> Vec<Vec<u8>> {
    (0..number).map(|_| read(stream)).collect()
}

/// What each read returns, to the end of the stream.
fn all_reads(stream: &mut impl Read) -> Vec<Vec<u8>> {
    std::iter::repeat_with(|| read(stream)).take_while(|bytes| !bytes.is_empty()).collect()
}

/// What one read returns, after as many attempts as a nonblocking socket takes.
fn read(stream: &mut impl Read) -> Vec<u8> {
    let mut buffer = vec![0; 65536];
    loop {
        match stream.read(&mut buffer) {
            Ok(n) => return buffer[..n].to_vec(),
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            Err(error) => panic!("failed to read: {error}"),
        }
    }
}

fn rest(stream: &mut impl Read) -> Vec<u8> {
    let mut bytes = Vec::new();
    stream
        .read_to_end(&mut bytes)
        .map(|_| bytes)
        .unwrap_or_else(|error: io::Error| panic!("{error}"))
}
