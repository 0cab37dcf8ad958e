//! Lesson 5, graded: one thread per client, and no client affects another.
//!
//! ```text
//! listener ──accept──┬── thread: setup, handle, finish ── client
//!                    ├── thread: setup, handle, finish ── client
//! shutdown ──────────┴── thread: setup, handle, finish ── client
//! ```
//!
//! Everything here runs on real sockets and real threads. No check uses the clock to decide what is
//! right: handlers write each of their calls to the wire, and clients wait for those words. If a check
//! must know that a thread is stuck, it asks the system what the thread is doing. Try it: give
//! `Probe` an order of your own, and watch what your server does with it.

use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Barrier, Mutex, OnceLock, Weak};
use std::thread;
use std::time::{Duration, Instant};

use netkata::{
    Apart, Background, Cause, Census, Scene, Server, Still, Told, builds_on, connected,
    fails_with, forgive_panics, further, graded, graded_apart, in_background, returns,
    writable_memory,
};
use rstest::rstest;
use socketserver::{Greeter, Handler, ThreadingTcpServer, Ticker};

#[path = "../lessons/05_socketserver/causes.rs"]
mod causes;
#[path = "../lessons/05_socketserver/words.rs"]
mod words;

#[rstest]
#[case::a_name(&["Michael"], causes::NameHasNoEndMark)]
#[case::a_short_name_after_a_long_one(&["Bartholomew", "Li"], causes::NameHasNoEndMark)]
#[case::a_name_in_chinese(&["神"], causes::NameHasNoEndMark)]
#[case::names_that_only_look_like_exit(&["exits", "Exit"], causes::ExitIsAWord)]
#[case::a_name_of_1024_bytes(&[LONG_NAME], causes::NameHasNoEndMark)]
fn a_greeter_welcomes_and_greets_by_name(
    #[case] names: &'static [&'static str],
    #[case] cause: Cause,
) {
    let names: Vec<&[u8]> = names.iter().map(|name| name.as_bytes()).collect();
    graded(move || greets(&names, cause));
}

#[rstest]
#[case::bytes_of_another_encoding(b"\xc9\xf1")]
#[case::half_a_character(b"\xe7\xa5")]
fn a_name_need_not_be_text(#[case] name: &'static [u8]) {
    graded(move || {
        builds_on(a_greeter_welcomes_and_greets_by_name);
        greets(&[name, b"Tracy"], causes::NamesAreBytes);
    });
}

#[rstest]
#[case::exit(b"exit", causes::ExitIsAWord)]
#[case::the_end_of_the_stream(b"", Cause::SpinsAtTheEnd)]
fn exit_or_end_of_stream_ends_a_greeter(#[case] last: &'static [u8], #[case] cause: Cause) {
    graded(move || {
        builds_on(a_greeter_welcomes_and_greets_by_name);
        let scene = Scene::begin();
        let (mut client, stream) = connected().expect("a connection within this machine");
        let greeter = in_background(words::THE_GREETER, move || converse(Greeter, stream));
        hears(&scene, &mut client, "Welcome!", cause.clone());
        says(&scene, &mut client, last);
        if last.is_empty() {
            scene.peer_did(words::CLOSED_ITS_SIDE);
            client.shutdown(Shutdown::Write).expect("a connected stream has two sides");
        }
        hears_the_end(&scene, &mut client, &cause);
        scene.expect("handle", returns(()).or(cause), || greeter.join());
    });
}

#[test]
fn a_ticker_ticks_once_per_period() {
    graded(|| {
        let scene = Scene::begin();
        let period = Ticker::default().period.as_millis() as usize;
        let usual = returns(500).or(causes::PeriodNotKept);
        scene.expect(words::THE_DEFAULT_PERIOD, usual, || Ok(period));

        let scene = Scene::begin();
        let (mut client, stream) = connected().expect("a connection within this machine");
        let period = Duration::from_millis(5);
        let began = Instant::now();
        let _ticker = in_background(words::THE_TICKER, move || converse(Ticker { period }, stream));
        let ticks = 20;
        hears(&scene, &mut client, &"hello".repeat(ticks), causes::PeriodNotKept);
        // A pause may last longer than requested, never shorter. This holds even on a slow machine.
        let soon = began.elapsed() < period * (ticks as u32 - 1);
        let paused = returns(Finding(words::AT_LEAST_19_PAUSES)).or(causes::PeriodNotKept);
        scene.expect_of_peer(words::COMPARES_THE_TIME_OF_20_TICKS, paused, || {
            Ok(Finding(if soon { words::LESS_THAN_19_PAUSES } else { words::AT_LEAST_19_PAUSES }))
        });
    });
}

#[rstest]
#[case::it_had_closed_its_side(Goes::Closes)]
#[case::it_left_bytes_unread(Goes::LeavesBytesUnread)]
#[case::the_server_ended_the_stream(Goes::IsSentAway)]
fn a_ticker_ends_when_its_client_leaves(#[case] how: Goes) {
    graded(move || {
        builds_on(a_ticker_ticks_once_per_period);
        let scene = Scene::begin();
        let (client, mut stream) = connected().expect("a connection within this machine");
        match how {
            Goes::Closes => scene.peer_did(words::CLOSES_ITS_SOCKET),
            Goes::LeavesBytesUnread => {
                scene.peer_did(words::CLOSES_WITH_BYTES_UNREAD);
                stream.write_all(b"unread").expect("a peer that listens");
                client.peek(&mut [0]).expect("a byte that was sent");
            }
            Goes::IsSentAway => {
                scene.peer_did(words::STAYS_AND_IS_SENT_AWAY);
                stream.shutdown(Shutdown::Both).expect("a connected stream has two sides");
            }
        }
        let client = (how == Goes::IsSentAway).then_some(client);
        let ticker = Ticker { period: Duration::from_millis(1) };
        let end = returns(()).or(causes::GoneInTwoWays);
        scene.expect("Ticker::handle", end, || converse(ticker, stream));
        drop(client);
    });
}

#[test]
fn a_ticker_returns_unexpected_errors() {
    graded(|| {
        builds_on(a_ticker_ends_when_its_client_leaves);
        let scene = Scene::begin();
        let (client, mut stream) = connected().expect("a connection within this machine");
        stream.set_nonblocking(true).expect("a socket");
        while stream.write(&[b'x'; 64 * 1024]).is_ok() {}
        scene.peer_did(words::STAYS_AND_READS_NOTHING);
        let ticker = Ticker { period: Duration::ZERO };
        let error = fails_with(ErrorKind::WouldBlock).or(Cause::SwallowsEveryError);
        scene.expect("Ticker::handle", error, || converse(ticker, stream));
        drop(client);
    });
}

#[test]
fn a_reset_is_an_error_for_a_greeter() {
    graded(|| {
        builds_on(exit_or_end_of_stream_ends_a_greeter);
        let scene = Scene::begin();
        let (client, stream) = connected().expect("a connection within this machine");
        let greeter = in_background(words::THE_GREETER, move || converse(Greeter, stream));
        client.peek(&mut [0]).expect("a welcome");
        scene.peer_did(words::CLOSES_WITH_A_RESET);
        drop(client);
        let error = fails_with(ErrorKind::ConnectionReset).or(Cause::ResetLooksComplete);
        scene.expect("Greeter::handle", error, || greeter.join());
    });
}

#[test]
fn each_client_has_its_own_handler() {
    graded(|| {
        let scene = Scene::begin();
        let serving = Serving::start(&scene, || Counter(0));
        let mut clients = [serving.connect(), serving.connect()];
        for (client, heard) in [(0, "1"), (0, "2"), (1, "1"), (0, "3"), (1, "2")] {
            says(&scene, &mut clients[client], b"?");
            hears(&scene, &mut clients[client], heard, causes::HandlerShared);
        }
        for client in &mut clients {
            client.shutdown(Shutdown::Write).expect("a connected stream has two sides");
            let end = returns(true).or(Cause::LineHeldOpen);
            scene.expect_of_peer(words::WAITS_FOR_THE_END, end, || ended(client));
        }
        let mut newcomer = serving.connect();
        says(&scene, &mut newcomer, b"?");
        hears(&scene, &mut newcomer, "1", causes::HandlerShared);
    });
}

#[test]
fn a_handlers_stream_has_no_timeout() {
    graded(|| {
        let scene = Scene::begin();
        let serving = Serving::start(&scene, || Patience);
        let client = serving.connect();
        let expected = returns(word_by_word(r"read: None write: None")).or(causes::TimeoutForced);
        scene.expect_of_peer(words::ASKS_FOR_THE_TIME_LIMITS, expected, || {
            let mut came = String::new();
            BufReader::new(&client).read_line(&mut came).map(|_| word_by_word(&came))
        });
    });
}

#[rstest]
#[case::handle_returns(Order::Return, r"setup handle finish")]
#[case::handle_fails(Order::FailInHandle, r"setup handle finish")]
#[case::handle_panics(Order::PanicInHandle, r"setup handle finish")]
#[case::finish_fails(Order::FailInFinish, r"setup handle finish")]
#[case::finish_panics(Order::PanicInFinish, r"setup handle finish")]
fn finish_runs_exactly_once(#[case] order: Order, #[case] life: &'static str) {
    graded(move || lives(order, life, causes::FinishNotOnce));
}

#[rstest]
#[case::setup_fails(Order::FailInSetup)]
#[case::setup_panics(Order::PanicInSetup)]
fn a_failed_setup_skips_handle_and_finish(#[case] order: Order) {
    graded(move || lives(order, "setup", causes::WentOnWithoutSetup));
}

#[rstest]
#[case::setup_fails(Order::FailInSetup)]
#[case::setup_panics(Order::PanicInSetup)]
#[case::handle_fails(Order::FailInHandle)]
#[case::handle_panics(Order::PanicInHandle)]
#[case::finish_fails(Order::FailInFinish)]
#[case::finish_panics(Order::PanicInFinish)]
fn a_failing_handler_affects_only_its_client(#[case] order: Order) {
    graded(move || {
        let scene = Scene::begin();
        let (serving, _finished) = Serving::of_probes(&scene);
        let mut bystander = serving.client(Order::Echo);
        hears(&scene, &mut bystander, r"setup handle ", causes::OneHarmsOthers);
        for _ in 0..8 {
            let mut client = serving.client(order);
            scene.peer_did(order.told());
            let end = returns(true).or(Cause::LineHeldOpen);
            scene.expect_of_peer(words::WAITS_FOR_THE_END, end, || ended(&mut client));
        }
        echoes(&scene, &mut bystander, causes::OneHarmsOthers);
        let mut newcomer = serving.client(Order::Echo);
        hears(&scene, &mut newcomer, r"setup handle ", causes::OneHarmsOthers);
        echoes(&scene, &mut newcomer, causes::OneHarmsOthers);
        drop(serving);
        forgive_panics();
    });
}

#[rstest]
#[case::in_setup(None)]
#[case::in_handle(Some(Order::Echo))]
#[case::that_reads_nothing(Some(Order::Flood))]
fn a_silent_client_does_not_block_others(#[case] order: Option<Order>) {
    graded(move || {
        let scene = Scene::begin();
        let (serving, _finished) = Serving::of_probes(&scene);
        let mut silent = serving.connect();
        if let Some(order) = order {
            says(&scene, &mut silent, &[order as u8]);
            hears(&scene, &mut silent, r"setup handle ", Cause::ClientsWaitInLine);
        }
        serving.census.settle();
        scene.peer_did(words::IS_SILENT_FROM_NOW_ON);
        let mut client = serving.client(Order::Echo);
        hears(&scene, &mut client, r"setup handle ", Cause::ClientsWaitInLine);
        echoes(&scene, &mut client, Cause::ClientsWaitInLine);
    });
}

#[test]
fn many_clients_are_served_at_once() {
    graded(|| {
        let scene = Scene::begin();
        let (serving, _finished) = Serving::of_probes(&scene);
        let mut clients = Vec::new();
        while clients.len() < CROWD {
            // Fewer at a time than the backlog holds (listen(2)).
            let mut more: Vec<TcpStream> = (0..50).map(|_| serving.client(Order::Echo)).collect();
            for client in &mut more {
                hears(&scene, client, r"setup handle ", Cause::ClientsWaitInLine);
            }
            clients.append(&mut more);
        }
        for client in &mut clients {
            echoes(&scene, client, Cause::ClientsWaitInLine);
        }
    });
}

#[test]
fn clients_that_disconnect_leave_nothing_behind() {
    graded(|| {
        let scene = Scene::begin();
        let (finished, finishes) = mpsc::channel();
        let serving = Serving::start(&scene, move || Sink { finished: finished.clone() });
        let (all, at_a_time) = (1000, 50);
        // When the server waits for its first client, it has all that it needs for itself.
        serving.census.settle();
        let census = Census::take();
        let memory = writable_memory();
        for batch in 0..all / at_a_time {
            for client in 0..at_a_time {
                let stream = serving.connect();
                if client % 2 == batch % 2 {
                    let _ = (&stream).write_all(b"never mind");
                }
            }
            let once = returns(at_a_time).or(causes::FinishNotOnce);
            scene.expect_of_peer(words::LETS_50_CLIENTS_VANISH, once, || {
                Ok(finishes.iter().take(at_a_time).count())
            });
        }
        // The accepting thread may delay threads that are ending: it must be idle as well.
        serving.census.settle();
        // A server may keep as many threads as were busy at once: a pool does.
        if census.threads_left().len() > at_a_time {
            scene.expect_no_thread_left(&census, Cause::ThreadsLeftBehind);
        }
        scene.expect_no_descriptor_left(&census);
        let again = returns(0).or(causes::FinishNotOnce);
        scene.expect_of_peer(words::COUNTS_LATER_FINISHES, again, || {
            Ok(finishes.try_iter().count())
        });
        // 1,000 stacks of 2 MiB are almost 2 GiB; 50 threads at a time need about a tenth of that.
        let grown = writable_memory().zip(memory).map_or(0, |(now, then)| now.saturating_sub(then));
        let little = returns(Finding(words::LITTLE_MEMORY_IS_KEPT)).or(causes::HandlesAccumulate);
        scene.expect(words::THE_SERVER_WHEN_THEY_HAVE_GONE, little, || {
            let much = grown > 1 << 30;
            Ok(Finding(if much {
                words::MANY_STACKS_ARE_KEPT
            } else {
                words::LITTLE_MEMORY_IS_KEPT
            }))
        });
    });
}

#[test]
fn the_server_survives_running_out_of_descriptors() {
    graded_apart(
        |listens| {
            let server = ThreadingTcpServer::bind("127.0.0.1:0", || Probe::new(mpsc::channel().0))?;
            listens(server.local_addr());
            server.serve_forever()
        },
        |apart| {
            if !Apart::is_possible() {
                return println!("{}", words::NOT_CHECKED_HERE);
            }
            // A server may need one, two or three descriptors per client. The number decides whether
            // the last client fails in accept or after it.
            for descriptors in 9..12 {
                let scene = Scene::begin();
                let mut server =
                    apart.start(descriptors).expect("a server in a process of its own");
                survives_without_descriptors(&scene, &mut server);
            }
        },
    );
}

#[rstest]
#[case::nobody(&[])]
#[case::of_an_idle_client(&[Some(Order::Echo)])]
#[case::of_a_client_in_setup(&[None])]
#[case::of_a_busy_client(&[Some(Order::Sink)])]
#[case::of_a_client_that_reads_nothing(&[Some(Order::Flood)])]
#[case::of_all_of_them(&[Some(Order::Flood), None, Some(Order::Sink), Some(Order::Echo)])]
fn shutdown_ends_every_conversation(#[case] orders: &'static [Option<Order>]) {
    graded(move || {
        builds_on(finish_runs_exactly_once);
        builds_on(a_failed_setup_skips_handle_and_finish);
        builds_on(a_silent_client_does_not_block_others);
        let scene = Scene::begin();
        let (serving, finished) = Serving::of_probes(&scene);
        let mut clients = serving.in_the_middle(&scene, orders);
        let busy: Vec<Background<()>> = clients
            .iter()
            .zip(orders)
            .filter(|(_, order)| **order == Some(Order::Sink))
            .map(|(client, _)| sends_for_ever(client))
            .collect();
        if busy.is_empty() {
            // By then, a handler that floods its client is stuck.
            serving.census.settle();
        }
        serving.shuts_down(&scene, causes::ShutdownUnseen);
        for client in clients.iter().filter(|_| !busy.is_empty()) {
            // It may be stuck, too: it is not informed that the window has opened (tcp(7)).
            let _ = client.shutdown(Shutdown::Write);
        }
        busy.into_iter().for_each(Background::join);
        scene.expect_no_thread_left(&serving.census, causes::ShutdownUnseen);
        for (client, order) in clients.iter_mut().zip(orders) {
            if matches!(order, None | Some(Order::Echo)) {
                let end = returns(true).or(Cause::LineHeldOpen);
                scene.expect_of_peer(words::WAITS_FOR_THE_END, end, || ended(client));
            }
        }
        drop(clients);
        serving.has_left_nothing(&scene, causes::ShutdownUnseen);
        // A conversation that was still being set up has nothing to finish.
        let due = orders.iter().flatten().count();
        let once = returns(due).or(causes::FinishNotOnce);
        scene.expect_of_peer(words::COUNTS_FINISHES, once, || Ok(finished.try_iter().count()));
    });
}

#[rstest]
#[case::that_is_not_the_usual_one("127.0.0.2:0")]
#[case::of_ipv6("[::1]:0")]
fn shutdown_ends_a_server_at_any_address(#[case] address: &'static str) {
    graded(move || {
        builds_on(shutdown_ends_every_conversation);
        let scene = Scene::begin();
        let census = Census::take();
        // Not every system has this address on its loopback.
        let Ok(server) = ThreadingTcpServer::bind(address, Greeter::default) else { return };
        scene.happened(words::a_server_listens_on(address));
        let serving = Serving::of(server, &scene, census);
        serving.census.settle();
        serving.shuts_down(&scene, causes::ShutdownUnseen);
        serving.has_left_nothing(&scene, causes::ShutdownUnseen);
    });
}

#[test]
fn shutdown_waits_for_every_handler_to_finish() {
    graded(|| {
        builds_on(shutdown_ends_every_conversation);
        let scene = Scene::begin();
        let (serving, gate) = Serving::slow_to_finish(&scene);
        let mut client = serving.connect();
        hears(&scene, &mut client, r"handle ", Cause::ClientsWaitInLine);
        let shutdown = serving.shuts_down_in_background("shutdown");
        // The handler stays in `finish`: a shutdown that does not wait for it has returned by now.
        serving.census.settle();
        let still = returns(Finding(words::STILL_WAITS)).or(causes::ShutdownReturnsEarly);
        scene.expect(words::SHUTDOWN_WHILE_A_HANDLER_FINISHES, still, || {
            Ok(Finding(if shutdown.is_over() { words::HAS_RETURNED } else { words::STILL_WAITS }))
        });
        drop(gate);
        let end = returns(()).or(causes::ShutdownUnseen);
        scene.expect("shutdown", end, || {
            shutdown.join();
            Ok(())
        });
        drop(client);
        serving.has_left_nothing(&scene, causes::ShutdownUnseen);
    });
}

#[test]
fn shutdown_reaches_a_client_just_accepted() {
    graded(|| {
        builds_on(shutdown_ends_every_conversation);
        let scene = Scene::begin();
        let (gate, closed) = mpsc::channel::<()>();
        let closed = Mutex::new(closed);
        let (finished, _finishes) = mpsc::channel();
        let serving = Serving::start(&scene, move || {
            // The connection has been accepted, and its handler has not been made yet.
            let _ = closed.lock().expect("one caller").recv();
            Sink { finished: finished.clone() }
        });
        let client = serving.connect();
        serving.census.settle();
        scene.peer_did(words::HAS_CONNECTED);
        let shutdown = serving.shuts_down_in_background("shutdown");
        serving.census.settle();
        drop(gate);
        let end = returns(()).or(causes::ShutdownMissesNewcomers);
        scene.expect("shutdown", end, || {
            shutdown.join();
            Ok(())
        });
        drop(client);
        serving.has_left_nothing(&scene, causes::ShutdownMissesNewcomers);
    });
}

#[test]
fn connections_after_shutdown_are_refused() {
    graded(|| {
        builds_on(shutdown_ends_every_conversation);
        let scene = Scene::begin();
        let (serving, _finished) = Serving::of_probes(&scene);
        let clients = serving.in_the_middle(&scene, &[Some(Order::Echo)]);
        serving.shuts_down(&scene, causes::ShutdownUnseen);
        let refused = fails_with(ErrorKind::ConnectionRefused).or(Cause::StillListening);
        scene.expect_of_peer(words::CONNECTS, refused, || {
            TcpStream::connect(serving.address).map(drop)
        });
        drop(clients);
    });
}

#[test]
fn shutdown_may_be_called_twice() {
    graded(|| {
        builds_on(shutdown_ends_every_conversation);
        let scene = Scene::begin();
        let (serving, _finished) = Serving::of_probes(&scene);
        let clients = serving.in_the_middle(&scene, &[Some(Order::Echo), None]);
        serving.shuts_down(&scene, causes::ShutdownUnseen);
        serving.shuts_down(&scene, causes::ShutdownWorksOnce);
        drop(clients);
        serving.has_left_nothing(&scene, causes::ShutdownUnseen);
    });
}

#[test]
fn several_threads_may_call_shutdown_at_once() {
    graded(|| {
        further();
        builds_on(shutdown_ends_every_conversation);
        builds_on(shutdown_may_be_called_twice);
        let scene = Scene::begin();
        let (serving, gate) = Serving::slow_to_finish(&scene);
        let mut client = serving.connect();
        hears(&scene, &mut client, r"handle ", Cause::ClientsWaitInLine);
        let shutdowns: Vec<Background<()>> =
            (0..3).map(|_| serving.shuts_down_in_background(words::ONE_OF_THE_SHUTDOWNS)).collect();
        // All three wait, since a handler is in `finish`: now let it return.
        serving.census.settle();
        drop(gate);
        let are_over = || shutdowns.iter().all(Background::is_over);
        let cause = causes::ShutdownWorksOnce;
        has_returned(&scene, words::SHUTDOWN_IN_THREE_THREADS, &serving.census, are_over, cause);
        shutdowns.into_iter().for_each(Background::join);
        drop(client);
        serving.has_left_nothing(&scene, causes::ShutdownUnseen);
    });
}

#[test]
fn shutdown_before_serving_is_remembered() {
    graded(|| {
        further();
        builds_on(shutdown_ends_every_conversation);
        builds_on(connections_after_shutdown_are_refused);
        let scene = Scene::begin();
        let census = Census::take();
        let server =
            ThreadingTcpServer::bind("127.0.0.1:0", Greeter::default).expect("a free port");
        scene.expect("shutdown", returns(()).or(causes::ShutdownForgotten), || {
            server.shutdown();
            Ok(())
        });
        let (address, server) = (server.local_addr(), Arc::new(server));
        let serves = Arc::clone(&server);
        let call = in_background("serve_forever", move || serves.serve_forever());
        let is_over = || call.is_over();
        has_returned(&scene, "serve_forever", &census, is_over, causes::ShutdownForgotten);
        scene.expect("serve_forever", returns(()).or(causes::ShutdownForgotten), || call.join());
        let refused = fails_with(ErrorKind::ConnectionRefused).or(Cause::StillListening);
        scene.expect_of_peer(words::CONNECTS, refused, || TcpStream::connect(address).map(drop));
        drop(server);
        scene.expect_no_descriptor_left(&census);
    });
}

#[rstest]
#[case::one(1)]
#[case::three_at_once(3)]
fn a_handler_may_call_shutdown(#[case] handlers: usize) {
    graded(move || {
        further();
        builds_on(shutdown_ends_every_conversation);
        builds_on(shutdown_reaches_a_client_just_accepted);
        let scene = Scene::begin();
        let server = Arc::new(OnceLock::new());
        let (given, together) = (Arc::clone(&server), Arc::new(Barrier::new(handlers)));
        let serving = Serving::start(&scene, move || Ender {
            server: Arc::clone(&given),
            together: Arc::clone(&together),
        });
        server.set(Arc::downgrade(serving.server())).expect("set once");
        scene.peer_did(words::CONNECTS_AND_SHUTS_DOWN);
        let mut clients: Vec<TcpStream> = (0..handlers).map(|_| serving.connect()).collect();
        for client in &mut clients {
            let end = returns(true).or(causes::WaitsForItself);
            scene.expect_of_peer(words::WAITS_FOR_THE_END, end, || ended(client));
        }
        drop(clients);
        let shutdown = serving.shuts_down_in_background("shutdown");
        let is_over = || shutdown.is_over();
        has_returned(&scene, "shutdown", &serving.census, is_over, causes::WaitsForItself);
        shutdown.join();
        serving.has_left_nothing(&scene, causes::ShutdownUnseen);
    });
}

/// What a check finds, as text.
#[derive(Debug, PartialEq)]
struct Finding(&'static str);

impl Told for Finding {
    fn told(&self) -> String {
        self.0.to_owned()
    }
}

/// How long a finished check waits for a server that does not shut down.
const PATIENCE: Duration = Duration::from_millis(50);

/// Threads that were found idle this often, each time for a tenth of a second, do not just sleep between two
/// polls: a poll every half second, as in CPython's `socketserver`, is usual.
const RESTS: usize = 10;

/// How many clients are connected at once. Outside Linux the default limit may be 256 descriptors.
const CROWD: usize = if cfg!(target_os = "linux") { 200 } else { 50 };

/// A name as long as the notes' buffer.
const LONG_NAME: &str = match str::from_utf8(&[b'z'; 1024]) {
    Ok(name) => name,
    Err(_) => unreachable!(),
};

/// How a client leaves.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Goes {
    Closes,
    LeavesBytesUnread,
    IsSentAway,
}

/// What a client orders its [`Probe`] to do: the first byte that it sends.
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(u8)]
enum Order {
    Return = b'r',
    Echo = b'e',
    /// Write for ever.
    Flood = b'f',
    /// Read for ever.
    Sink = b's',
    FailInSetup = b'1',
    PanicInSetup = b'2',
    FailInHandle = b'3',
    PanicInHandle = b'4',
    FailInFinish = b'5',
    PanicInFinish = b'6',
}

impl Order {
    fn told(self) -> &'static str {
        match self {
            Order::Return => words::ORDERS_HANDLE_TO_RETURN,
            Order::Echo => words::ORDERS_HANDLE_TO_ECHO,
            Order::Flood => words::ORDERS_HANDLE_TO_WRITE,
            Order::Sink => words::ORDERS_HANDLE_TO_READ,
            Order::FailInSetup => words::ORDERS_SETUP_TO_FAIL,
            Order::PanicInSetup => words::ORDERS_SETUP_TO_PANIC,
            Order::FailInHandle => words::ORDERS_HANDLE_TO_FAIL,
            Order::PanicInHandle => words::ORDERS_HANDLE_TO_PANIC,
            Order::FailInFinish => words::ORDERS_FINISH_TO_FAIL,
            Order::PanicInFinish => words::ORDERS_FINISH_TO_PANIC,
        }
    }
}

/// Writes each of its calls to the wire, and does what its client orders.
struct Probe {
    order: u8,
    finished: Sender<()>,
}

impl Probe {
    fn new(finished: Sender<()>) -> Probe {
        Probe { order: 0, finished }
    }

    fn now(&self, fails: Order, panics: Order) -> io::Result<()> {
        if self.order == panics as u8 {
            panic!("ordered by the client");
        }
        if self.order == fails as u8 {
            Err(io::Error::other(words::ORDERED_BY_THE_CLIENT))
        } else {
            Ok(())
        }
    }
}

impl Handler for Probe {
    fn setup(&mut self, stream: &mut TcpStream) -> io::Result<()> {
        let mut order = [0];
        stream.read_exact(&mut order)?;
        self.order = order[0];
        stream.write_all(b"setup ")?;
        self.now(Order::FailInSetup, Order::PanicInSetup)
    }

    fn handle(&mut self, stream: &mut TcpStream) -> io::Result<()> {
        stream.write_all(b"handle ")?;
        let mut buffer = [0; 4096];
        loop {
            if self.order == Order::Flood as u8 {
                stream.write_all(&buffer)?;
            } else if self.order == Order::Echo as u8 || self.order == Order::Sink as u8 {
                let n = stream.read(&mut buffer)?;
                if n == 0 {
                    return Ok(());
                }
                if self.order == Order::Echo as u8 {
                    stream.write_all(&buffer[..n])?;
                }
            } else {
                return self.now(Order::FailInHandle, Order::PanicInHandle);
            }
        }
    }

    fn finish(&mut self, stream: &mut TcpStream) -> io::Result<()> {
        // In a separate process, nothing receives this.
        let _ = self.finished.send(());
        let written = stream.write_all(b"finish ");
        self.now(Order::FailInFinish, Order::PanicInFinish).and(written)
    }
}

/// Answers each message with the number of messages so far.
struct Counter(u8);

impl Handler for Counter {
    fn handle(&mut self, stream: &mut TcpStream) -> io::Result<()> {
        while stream.read(&mut [0])? > 0 {
            self.0 += 1;
            stream.write_all(&[b'0' + self.0])?;
        }
        Ok(())
    }
}

/// Sends its client the timeouts of its stream.
struct Patience;

impl Handler for Patience {
    fn handle(&mut self, stream: &mut TcpStream) -> io::Result<()> {
        let (read, write) = (stream.read_timeout()?, stream.write_timeout()?);
        writeln!(stream, r"read: {read:?} write: {write:?}")
    }
}

/// Reads until its client has gone.
struct Sink {
    finished: Sender<()>,
}

impl Handler for Sink {
    fn handle(&mut self, stream: &mut TcpStream) -> io::Result<()> {
        while stream.read(&mut [0; 1024])? > 0 {}
        Ok(())
    }

    fn finish(&mut self, _stream: &mut TcpStream) -> io::Result<()> {
        self.finished.send(()).map_err(io::Error::other)
    }
}

/// Stays in `finish` until the gate opens.
struct SlowToFinish(Arc<Mutex<Receiver<()>>>);

impl Handler for SlowToFinish {
    fn handle(&mut self, stream: &mut TcpStream) -> io::Result<()> {
        stream.write_all(b"handle ")?;
        while stream.read(&mut [0])? > 0 {}
        Ok(())
    }

    fn finish(&mut self, _stream: &mut TcpStream) -> io::Result<()> {
        // When the gate opens, its other end is dropped: this is the error.
        let _ = self.0.lock().expect("one handler").recv();
        Ok(())
    }
}

/// Shuts its own server down, at the same time as others.
struct Ender {
    server: Arc<OnceLock<Weak<ThreadingTcpServer<Ender>>>>,
    together: Arc<Barrier>,
}

impl Handler for Ender {
    fn handle(&mut self, _stream: &mut TcpStream) -> io::Result<()> {
        self.together.wait();
        let server = self.server.get().and_then(Weak::upgrade).expect("a server that serves");
        server.shutdown();
        Ok(())
    }
}

/// A server that serves in the background until this value is dropped.
struct Serving<H: Handler> {
    scene: Scene,
    /// Taken before the server was made.
    census: Census,
    address: SocketAddr,
    /// The server and its call, until the check has seen what they left behind.
    server: Option<Arc<ThreadingTcpServer<H>>>,
    call: Option<Background<io::Result<()>>>,
}

impl Serving<Probe> {
    /// Start a server of probes; the receiver gets a message each time one finishes.
    fn of_probes(scene: &Scene) -> (Serving<Probe>, Receiver<()>) {
        let (finished, finishes) = mpsc::channel();
        (Serving::start(scene, move || Probe::new(finished.clone())), finishes)
    }

    /// Connect and send the order.
    fn client(&self, order: Order) -> TcpStream {
        let mut client = self.connect();
        give(&mut client, order);
        client
    }

    /// Connect clients whose handlers carry out their order, or still wait for it.
    fn in_the_middle(&self, scene: &Scene, orders: &[Option<Order>]) -> Vec<TcpStream> {
        let mut clients = Vec::new();
        for order in orders {
            let mut client = self.connect();
            match order {
                Some(order) => {
                    scene.peer_did(order.told());
                    give(&mut client, *order);
                    hears(scene, &mut client, r"setup handle ", Cause::ClientsWaitInLine);
                }
                None => scene.peer_did(words::CONNECTS_AND_IS_SILENT),
            }
            clients.push(client);
        }
        clients
    }
}

impl Serving<SlowToFinish> {
    /// Start a server whose handler stays in `finish` until the returned gate is dropped.
    fn slow_to_finish(scene: &Scene) -> (Serving<SlowToFinish>, Sender<()>) {
        let (gate, closed) = mpsc::channel();
        let closed = Arc::new(Mutex::new(closed));
        (Serving::start(scene, move || SlowToFinish(Arc::clone(&closed))), gate)
    }
}

impl<H: Handler> Serving<H> {
    fn start(scene: &Scene, new_handler: impl Fn() -> H + Send + Sync + 'static) -> Serving<H> {
        let census = Census::take();
        let server = ThreadingTcpServer::bind("127.0.0.1:0", new_handler).expect("a free port");
        Serving::of(server, scene, census)
    }

    fn of(server: ThreadingTcpServer<H>, scene: &Scene, census: Census) -> Serving<H> {
        let (address, server) = (server.local_addr(), Arc::new(server));
        let serves = Arc::clone(&server);
        let call = in_background("serve_forever", move || serves.serve_forever());
        Serving { scene: scene.clone(), census, address, server: Some(server), call: Some(call) }
    }

    fn server(&self) -> &Arc<ThreadingTcpServer<H>> {
        self.server.as_ref().expect("a server that has not been dropped")
    }

    fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).unwrap_or_else(|error| {
            let listens = returns(()).or(causes::OneHarmsOthers);
            self.scene.expect_of_peer(words::CONNECTS, listens, || Err(error));
            unreachable!("an error is not what was expected")
        })
    }

    fn shuts_down(&self, scene: &Scene, cause: Cause) {
        scene.expect("shutdown", returns(()).or(cause), || {
            self.server().shutdown();
            Ok(())
        });
    }

    /// Shut the server down from another thread.
    fn shuts_down_in_background(&self, call: &str) -> Background<()> {
        let server = Arc::clone(self.server());
        in_background(call, move || server.shutdown())
    }

    /// Expect that the server has been shut down and left nothing: no thread, no descriptor.
    fn has_left_nothing(mut self, scene: &Scene, cause: Cause) {
        drop(self.server.take());
        scene.expect_no_thread_left(&self.census, cause.clone());
        scene.expect_no_descriptor_left(&self.census);
        let call = self.call.take().expect("a call that has not been joined");
        scene.expect("serve_forever", returns(()).or(cause), || call.join());
    }
}

impl<H: Handler> Drop for Serving<H> {
    /// Stop the server, so that none of its threads runs when the next check takes its census.
    ///
    /// A server that does not stop is left running: the checks of `shutdown` report it.
    fn drop(&mut self) {
        if self.server.is_none() {
            return;
        }
        let shutdown = self.shuts_down_in_background("shutdown");
        drop(self.server.take());
        let began = Instant::now();
        while !shutdown.is_over() && began.elapsed() < PATIENCE {
            thread::yield_now();
        }
        self.census.settle();
        shutdown.let_go();
    }
}

/// Run a handler from `setup` to `finish`, without a server.
fn converse(mut handler: impl Handler, mut stream: TcpStream) -> io::Result<()> {
    handler.setup(&mut stream)?;
    let handled = handler.handle(&mut stream);
    handler.finish(&mut stream).and(handled)
}

/// Expect that a greeter greets each of these names, one at a time.
fn greets(names: &[&[u8]], cause: Cause) {
    let scene = Scene::begin();
    let (mut client, stream) = connected().expect("a connection within this machine");
    let greeter = in_background(words::THE_GREETER, move || converse(Greeter, stream));
    hears(&scene, &mut client, "Welcome!", Cause::Differs);
    for name in names {
        says(&scene, &mut client, name);
        let greeting = [b"Hello, ", *name, b"!"].concat();
        let expected = returns(greeting.clone()).or(cause.clone());
        scene.expect_of_peer(words::WAITS_FOR_ITS_GREETING, expected, || {
            let mut came = vec![0; greeting.len()];
            client.read_exact(&mut came).map(|()| came)
        });
    }
    says(&scene, &mut client, b"exit");
    hears_the_end(&scene, &mut client, &cause);
    scene.expect("handle", returns(()).or(cause), || greeter.join());
}

/// Give a probe an order, and expect these calls on the wire.
fn lives(order: Order, life: &str, cause: Cause) {
    let scene = Scene::begin();
    let (serving, _finished) = Serving::of_probes(&scene);
    let mut client = serving.client(order);
    scene.peer_did(order.told());
    let expected = returns(word_by_word(life)).or(cause);
    scene.expect_of_peer(words::LISTENS_TO_THE_END, expected, || {
        let mut heard = Vec::new();
        Read::take(&mut client, 64).read_to_end(&mut heard)?;
        Ok(word_by_word(&String::from_utf8_lossy(&heard)))
    });
    drop(serving);
    forgive_panics();
}

/// Connect clients to the server, one after another, until one must stay in the backlog. The server
/// must be idle then, and serve again when descriptors are free.
fn survives_without_descriptors(scene: &Scene, server: &mut Server) {
    let mut clients = Vec::new();
    // If the server disconnects clients that it cannot serve, the backlog never fills.
    while clients.len() < 20 {
        let Some(client) = caller(server) else { break };
        let rests = returns(Finding(words::RESTS)).or(causes::SpinsWithoutDescriptors);
        scene.expect(words::THE_SERVER_WITH_ONE_MORE_CLIENT, rests, || {
            match server.watch(|| !waits(&client)) {
                Still::Spinning => Ok(Finding(words::COMPUTES_WITHOUT_END)),
                _ => Ok(Finding(words::RESTS)),
            }
        });
        let in_line = waits(&client);
        clients.push(client);
        if in_line {
            break;
        }
    }
    drop(clients);
    scene.peer_did(words::ALL_CLIENTS_LEAVE);
    let serves = returns(Finding(words::SERVES_AGAIN)).or(Cause::AcceptErrorEndsTheServer);
    scene.expect(words::THE_SERVER, serves, || {
        loop {
            let Some(mut client) = caller(server) else {
                scene.called("serve_forever", server.last_words());
                return Ok(Finding(words::IS_NO_LONGER_THERE));
            };
            if client.read_exact(&mut [0; r"setup handle".len()]).is_ok() {
                return Ok(Finding(words::SERVES_AGAIN));
            }
            // It connected before the descriptors were free.
            server.watch(|| false);
        }
    });
}

/// Connect and order an echo; `None` if nothing listens.
fn caller(server: &Server) -> Option<TcpStream> {
    let mut client = TcpStream::connect(server.address()).ok()?;
    give(&mut client, Order::Echo);
    Some(client)
}

/// Return whether the connection is open and nothing has come.
fn waits(client: &TcpStream) -> bool {
    client.set_nonblocking(true).expect("a socket");
    matches!(client.peek(&mut [0]), Err(error) if error.kind() == ErrorKind::WouldBlock)
}

/// Expect that a call in the background returns. If every thread that has started since the census stays
/// idle, it never will. The check fails then and does not hang: after two checks that hang, those that an
/// answer must pass would not be tried.
fn has_returned(
    scene: &Scene,
    call: &str,
    census: &Census,
    is_over: impl Fn() -> bool,
    cause: Cause,
) {
    scene.expect(call, returns(Finding(words::HAS_RETURNED)).or(cause), || {
        let mut look = || is_over().then_some(words::HAS_RETURNED);
        let over = (0..RESTS).find_map(|_| census.look_for(&mut look));
        Ok(Finding(over.unwrap_or(words::STILL_WAITS)))
    });
}

/// Wait until the stream has ended, and discard what comes before.
fn ended(client: &mut TcpStream) -> io::Result<bool> {
    match io::copy(client, &mut io::sink()) {
        // Bytes that the server has not read make it a reset (RFC 2525, section 2.17): also an end.
        Err(error) if error.kind() != ErrorKind::ConnectionReset => Err(error),
        _ => Ok(true),
    }
}

/// Send a probe its order.
fn give(client: &mut TcpStream, order: Order) {
    // If the server has gone, the check notices later that no answer comes.
    let _ = client.write_all(&[order as u8]);
}

fn says(scene: &Scene, client: &mut TcpStream, bytes: &[u8]) {
    if !bytes.is_empty() {
        scene.peer_sent(bytes);
        let _ = client.write_all(bytes);
    }
}

/// Expect the next bytes to be this text; the story shows it word by word.
fn hears(scene: &Scene, client: &mut TcpStream, text: &str, cause: Cause) {
    let expected = returns(word_by_word(text)).or(cause);
    scene.expect_of_peer(words::WAITS_FOR_ITS_ANSWER, expected, || {
        let mut came = vec![0; text.len()];
        client.read_exact(&mut came).map(|()| word_by_word(&String::from_utf8_lossy(&came)))
    });
}

fn hears_the_end(scene: &Scene, client: &mut TcpStream, cause: &Cause) {
    let expected = returns(Vec::new()).or(cause.clone());
    scene.expect_of_peer(words::WAITS_FOR_THE_END, expected, || {
        let mut came = Vec::new();
        Read::take(client, 64).read_to_end(&mut came)?;
        Ok(word_by_word(&String::from_utf8_lossy(&came)))
    });
}

fn echoes(scene: &Scene, client: &mut TcpStream, cause: Cause) {
    let _ = client.write_all(b"ping");
    hears(scene, client, "ping", cause);
}

/// Send bytes until the connection ends.
fn sends_for_ever(client: &TcpStream) -> Background<()> {
    let mut client = client.try_clone().expect("a descriptor");
    in_background(words::THE_BUSY_CLIENT, move || while client.write_all(&[0; 4096]).is_ok() {})
}

fn word_by_word(text: &str) -> Vec<Vec<u8>> {
    text.split_whitespace().map(|word| word.as_bytes().to_vec()).collect()
}
