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

use std::io::{BufRead, BufReader, ErrorKind, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::mpsc::{self};
use std::sync::{Arc, Barrier, Mutex, OnceLock};
use std::time::{Duration, Instant};

use netkata::{
    Apart, Background, Cause, Census, Finding, Scene, builds_on, connected, fails_with,
    forgive_panics, further, graded, graded_apart, in_background, returns, writable_memory,
};
use rstest::rstest;
use socketserver::{Greeter, ThreadingTcpServer, Ticker};

#[path = "../lessons/05_socketserver/causes.rs"]
mod causes;
#[path = "../lessons/05_socketserver/harness.rs"]
mod harness;
#[path = "../lessons/05_socketserver/words.rs"]
mod words;

use harness::*;

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
        let paused = returns(Finding::of(words::AT_LEAST_19_PAUSES)).or(causes::PeriodNotKept);
        scene.expect_of_peer(words::COMPARES_THE_TIME_OF_20_TICKS, paused, || {
            Ok(Finding::of(if soon {
                words::LESS_THAN_19_PAUSES
            } else {
                words::AT_LEAST_19_PAUSES
            }))
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
            scene.peer_did(order.describe());
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
        let little =
            returns(Finding::of(words::LITTLE_MEMORY_IS_KEPT)).or(causes::HandlesAccumulate);
        scene.expect(words::THE_SERVER_WHEN_THEY_HAVE_GONE, little, || {
            let much = grown > 1 << 30;
            Ok(Finding::of(if much {
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
#[case::without_clients(&[])]
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
        let still = returns(Finding::of(words::STILL_WAITS)).or(causes::ShutdownReturnsEarly);
        scene.expect(words::SHUTDOWN_WHILE_A_HANDLER_FINISHES, still, || {
            Ok(Finding::of(if shutdown.is_over() {
                words::HAS_RETURNED
            } else {
                words::STILL_WAITS
            }))
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
