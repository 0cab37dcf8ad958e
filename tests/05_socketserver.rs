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

use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::panic::{self, AssertUnwindSafe};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use netkata::{
    Apart, Background, Cause, Census, Finding, Scene, builds_on, close_with_a_reset, connected,
    fails_with, forgive_panics, further, graded, graded_apart, in_background, needs_descriptors,
    returns, writable_memory,
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
#[case::white_space(&[" Tracy\r\n", " "], causes::NameChanged)]
#[case::names_that_only_look_like_exit(&["exits", "Exit", "exit\n", r" exit"], causes::ExitIsAWord)]
#[case::a_name_of_1024_bytes(&[LONG_NAME], causes::NameHasNoEndMark)]
#[case::a_name_of_1025_bytes_is_two(&[LONGER_NAME], causes::NameLongerThanTheBuffer)]
#[case::a_zero_byte(&["Tracy\0Li"], causes::NameChanged)]
#[case::the_same_name_again(&["Tracy", "Tracy"], causes::NameChanged)]
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
        let greeter = in_background(&words::THE_GREETER, move || converse(Greeter, stream));
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
fn a_greeter_waits_for_a_silent_client() {
    graded(|| {
        builds_on(a_greeter_welcomes_and_greets_by_name);
        let scene = Scene::begin();
        let census = Census::take();
        let (mut client, stream) = connected().expect("a connection within this machine");
        let same_stream = stream.try_clone().expect("a descriptor");
        let greeter = in_background(&words::THE_GREETER, move || converse(Greeter, stream));
        hears(&scene, &mut client, "Welcome!", Cause::Differs);
        census.settle();
        // If the greeter has set a timeout, a shorter one shows what it does when it has waited.
        let timeout = same_stream.read_timeout().expect("a socket");
        let shorter = timeout.map(|_| Duration::from_millis(1));
        same_stream.set_read_timeout(shorter).expect("a socket");
        drop(same_stream);
        says(&scene, &mut client, b"Tracy");
        hears(&scene, &mut client, r"Hello, Tracy!", causes::SilenceIsNotTheEnd);
        scene.peer_did(words::IS_SILENT_FOR_LONG);
        if timeout.is_some() {
            census.look_for(|| greeter.is_over().then_some(()));
        }
        says(&scene, &mut client, b"Li");
        hears(&scene, &mut client, r"Hello, Li!", causes::SilenceIsNotTheEnd);
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
        let period = Duration::from_millis(10);
        let began = Instant::now();
        let _ticker =
            in_background(&words::THE_TICKER, move || converse(Ticker { period }, stream));
        hears(&scene, &mut client, "hello", causes::PeriodNotKept);
        let apart = returns(Finding::of(words::A_PERIOD_APART)).or(causes::PeriodNotKept);
        scene.expect_of_peer(words::MEASURES_THE_TIME_OF_5_TICKS, apart, || {
            for pauses in 1..5 {
                client.read_exact(&mut [0; r"hello".len()])?;
                // A pause may last longer than requested, never shorter, even on a slow machine.
                if began.elapsed() < period * pauses {
                    return Ok(Finding::of(words::TOO_SOON));
                }
            }
            Ok(Finding::of(words::A_PERIOD_APART))
        });

        let scene = Scene::begin();
        let (mut client, stream) = connected().expect("a connection within this machine");
        let often = Ticker { period: Duration::from_micros(1) };
        let _ticker = in_background(&words::THE_TICKER, move || converse(often, stream));
        let all = returns(100).or(causes::PeriodNotKept);
        scene.expect_of_peer(words::READS_100_TICKS, all, || {
            client.read_exact(&mut [0; 100 * r"hello".len()]).map(|()| 100)
        });

        let scene = Scene::begin();
        let census = Census::take();
        let (client, stream) = connected().expect("a connection within this machine");
        let seldom = Ticker { period: Duration::MAX };
        let ticker = in_background(&words::THE_TICKER, move || converse(seldom, stream));
        let at_once = returns(Finding::of(words::A_TICK)).or(causes::PeriodNotKept);
        scene.expect_of_peer(words::WAITS_FOR_THE_FIRST_TICK, at_once, || {
            let tick = census.look_for(|| (!waits(&client)).then_some(words::A_TICK));
            Ok(Finding::of(tick.unwrap_or(words::NO_TICK)))
        });
        census.settle();
        still_waits(&scene, &words::THE_TICKER, ticker.is_over(), causes::PeriodNotKept);
    });
}

#[rstest]
#[case::and_stays(false)]
#[case::and_then_stops_sending(true)]
fn a_ticker_goes_on_when_its_client_speaks(#[case] stops: bool) {
    graded(move || {
        builds_on(a_ticker_ticks_once_per_period);
        let scene = Scene::begin();
        let (mut client, stream) = connected().expect("a connection within this machine");
        says(&scene, &mut client, b"thank you");
        if stops {
            scene.peer_did(words::CLOSED_ITS_SIDE);
            client.shutdown(Shutdown::Write).expect("a connected stream has two sides");
            // Even one that reads what its client has sent sees the end then.
            let _ = (&stream).read_exact(&mut [0; r"thank you".len()]);
        }
        let ticker = Ticker { period: Duration::from_millis(1) };
        let _ticker = in_background(&words::THE_TICKER, move || converse(ticker, stream));
        hears(&scene, &mut client, "hellohellohello", causes::SpeakingIsNotLeaving);
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
fn a_ticker_waits_for_a_client_that_reads_nothing() {
    graded(|| {
        builds_on(a_ticker_ticks_once_per_period);
        let scene = Scene::begin();
        let census = Census::take();
        let (mut client, stream) = connected().expect("a connection within this machine");
        let same_stream = stream.try_clone().expect("a descriptor");
        let ticker = Ticker { period: Duration::from_micros(1) };
        let ticker = in_background(&words::THE_TICKER, move || converse(ticker, stream));
        hears(&scene, &mut client, "hello", causes::PeriodNotKept);
        // If the ticker has set a timeout, a shorter one shows what it does when it has waited.
        let timeout = same_stream.write_timeout().expect("a socket");
        let shorter = timeout.map(|_| Duration::from_millis(1));
        same_stream.set_write_timeout(shorter).expect("a socket");
        scene.peer_did(words::READS_NOTHING_FOR_LONG);
        if timeout.is_some() {
            fills(&same_stream);
            census.look_for(|| ticker.is_over().then_some(()));
        }
        still_waits(&scene, &words::THE_TICKER, ticker.is_over(), causes::SlowIsNotGone);
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

#[derive(Clone, Copy, PartialEq)]
enum Reset {
    BeforeTheWelcome,
    WhileItReads,
    WhileItWrites,
}

#[rstest]
#[case::before_the_welcome(Reset::BeforeTheWelcome)]
#[case::while_it_reads(Reset::WhileItReads)]
#[case::while_it_writes(Reset::WhileItWrites)]
fn a_reset_is_an_error_for_a_greeter(#[case] when: Reset) {
    graded(move || {
        builds_on(exit_or_end_of_stream_ends_a_greeter);
        let scene = Scene::begin();
        let census = Census::take();
        let (mut client, mut stream) = connected().expect("a connection within this machine");
        let error = fails_with(ErrorKind::ConnectionReset).or(Cause::ResetLooksComplete);
        if when == Reset::BeforeTheWelcome {
            stream.write_all(b"unread").expect("a peer that listens");
            client.peek(&mut [0]).expect("a byte that was sent");
            scene.peer_did(words::CLOSES_WITH_A_RESET);
            drop(client);
            return scene.expect("Greeter::handle", error, || converse(Greeter, stream));
        }
        let greeter = in_background(&words::THE_GREETER, move || converse(Greeter, stream));
        client.peek(&mut [0]).expect("a welcome");
        if when == Reset::WhileItWrites {
            scene.peer_did(words::SENDS_NAMES_AND_READS_NOTHING);
            client.set_nonblocking(true).expect("a socket");
            while client.write(LONG_NAME.as_bytes()).is_ok() {
                while client.write(LONG_NAME.as_bytes()).is_ok() {}
                // When the greeter waits and there is still no room, it is stuck.
                census.settle();
            }
        }
        scene.peer_did(words::CLOSES_WITH_A_RESET);
        drop(client);
        scene.expect("Greeter::handle", error, || greeter.join());
    });
}

#[test]
fn each_client_has_its_own_handler() {
    graded(|| {
        let scene = Scene::begin();
        let made = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&made);
        let serving = Serving::start(&scene, move || {
            counted.fetch_add(1, Ordering::SeqCst);
            Counter(0)
        });
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
        serving.census.settle();
        let three = returns(3).or(causes::HandlerMadeTooMany);
        scene.expect_of_peer(words::COUNTS_HANDLERS, three, || Ok(made.load(Ordering::SeqCst)));
    });
}

#[test]
fn a_handlers_stream_has_no_timeout() {
    graded(|| {
        let scene = Scene::begin();
        let serving = Serving::start(&scene, || Patience);
        let mut client = serving.connect();
        let none = r"setup: None, None handle: None, None finish: None, None";
        let expected = returns(word_by_word(none)).or(causes::TimeoutForced);
        scene.expect_of_peer(words::ASKS_FOR_THE_TIME_LIMITS, expected, || {
            let mut came = String::new();
            client.read_to_string(&mut came).map(|_| word_by_word(&came))
        });
    });
}

#[rstest]
#[case::handle_returns(Order::Return, r"setup handle finish")]
#[case::handle_fails(Order::FailInHandle, r"setup handle finish")]
#[case::handle_panics(Order::PanicInHandle, r"setup handle finish")]
#[case::finish_fails(Order::FailInFinish, r"setup handle finish")]
#[case::finish_panics(Order::PanicInFinish, r"setup handle finish")]
#[case::both_fail(Order::FailInHandleAndFinish, r"setup handle finish")]
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
#[case::handle_and_finish_fail(Order::FailInHandleAndFinish)]
fn a_failing_handler_affects_only_its_client(#[case] order: Order) {
    graded(move || {
        let scene = Scene::begin();
        let (serving, _finished) = Serving::of_probes(&scene);
        let mut bystander = serving.client(Order::Echo);
        hears(&scene, &mut bystander, r"setup handle ", causes::OneHarmsOthers);
        serving.census.settle();
        let census = Census::take();
        for _ in 0..8 {
            let mut client = serving.client(order);
            scene.peer_did(order.describe());
            let end = returns(true).or(Cause::LineHeldOpen);
            scene.expect_of_peer(words::WAITS_FOR_THE_END, end, || ended(&mut client));
        }
        echoes(&scene, &mut bystander, causes::OneHarmsOthers);
        serving.has_closed_what_it_opened_since(&census);
        let mut newcomer = serving.client(Order::Echo);
        hears(&scene, &mut newcomer, r"setup handle ", causes::OneHarmsOthers);
        echoes(&scene, &mut newcomer, causes::OneHarmsOthers);
        drop(serving);
        forgive_panics();
    });
}

#[test]
fn a_client_gone_before_accept_affects_no_other() {
    graded(|| {
        builds_on(each_client_has_its_own_handler);
        let scene = Scene::begin();
        let census = Census::take();
        let server = ThreadingTcpServer::bind("127.0.0.1:0", || Probe::new(mpsc::channel().0));
        let server = server.expect("a free port");
        let address = server.local_addr();
        for resets in [false, true] {
            let client = TcpStream::connect(address).expect("a server that listens");
            if resets {
                close_with_a_reset(client);
            }
        }
        scene.peer_did(words::CONNECTED_AND_LEFT_BEFORE_THE_SERVER_SERVES);
        let serving = Serving::of(server, &scene, census);
        serving.census.settle();
        let mut client = serving.client(Order::Echo);
        hears(&scene, &mut client, r"setup handle ", causes::OneHarmsOthers);
        echoes(&scene, &mut client, causes::OneHarmsOthers);
    });
}

#[test]
fn a_second_panic_ends_only_its_conversation() {
    // In a process of its own: a panic while another one unwinds ends the process.
    graded_apart(serves_probes, |apart| {
        if !Apart::is_possible() {
            return println!("{}", words::NOT_CHECKED_HERE);
        }
        let scene = Scene::begin();
        let mut server = apart.start(64).expect("a server in a process of its own");
        let mut client = TcpStream::connect(server.address()).expect("a server that listens");
        let order = Order::PanicInHandleAndFinish;
        scene.peer_did(order.describe());
        give(&mut client, order);
        hears(&scene, &mut client, r"setup handle finish ", causes::FinishNotOnce);
        let end = returns(true).or(Cause::LineHeldOpen);
        scene.expect_of_peer(words::WAITS_FOR_THE_END, end, || ended(&mut client));
        serves_again(&scene, &mut server, causes::PanicInAPanic);
    });
}

#[rstest]
#[case::in_setup(None)]
#[case::in_handle(Some(Order::Echo))]
#[case::that_reads_nothing(Some(Order::Flood))]
#[case::in_finish(Some(Order::Linger))]
fn a_silent_client_does_not_block_others(#[case] order: Option<Order>) {
    graded(move || {
        let scene = Scene::begin();
        let (serving, _finished) = Serving::of_probes(&scene);
        let mut silent = serving.connect();
        if let Some(order) = order {
            says(&scene, &mut silent, &[order as u8]);
            begins(&scene, &mut silent, order);
        }
        serving.census.settle();
        scene.peer_did(words::IS_SILENT_FROM_NOW_ON);
        let mut client = serving.client(Order::Echo);
        hears(&scene, &mut client, r"setup handle ", Cause::ClientsWaitInLine);
        echoes(&scene, &mut client, Cause::ClientsWaitInLine);
        scene.peer_did(words::SPEAKS_AGAIN);
        match order {
            None => {
                give(&mut silent, Order::Echo);
                begins(&scene, &mut silent, Order::Echo);
            }
            Some(Order::Linger) => echoes(&scene, &mut silent, causes::StreamEndedBeforeFinish),
            Some(Order::Echo) => echoes(&scene, &mut silent, causes::OneHarmsOthers),
            _ => {}
        }
    });
}

#[test]
fn many_clients_are_served_at_once() {
    graded(|| {
        needs_descriptors(1024);
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
        let (made, makes) = mpsc::channel();
        let serving = Serving::start(&scene, move || {
            let _ = made.send(());
            Sink { finished: finished.clone() }
        });
        // Few, because a server may accept one client and then sleep a little.
        let (all, at_a_time) = (200, 20);
        // When the server waits for its first client, it has all that it needs for itself.
        serving.census.settle();
        let census = Census::take();
        let memory = writable_memory();
        // One of each batch stays: before those of the next batch, and after its own.
        let mut stay = Vec::new();
        for batch in 0..all / at_a_time {
            let leave: Vec<TcpStream> = (0..at_a_time).map(|_| serving.connect()).collect();
            for stream in leave.iter().skip(batch % 2).step_by(2) {
                let _ = { stream }.write_all(b"never mind");
            }
            stay.push(serving.connect());
            // Each of them has its handler before the first one leaves.
            let _ = makes.iter().take(at_a_time + 1).count();
            drop(leave);
            let once = returns(at_a_time).or(causes::FinishNotOnce);
            scene.expect_of_peer(words::LETS_20_CLIENTS_VANISH, once, || {
                Ok(finishes.iter().take(at_a_time).count())
            });
        }
        // The accepting thread may delay threads that are ending: it must be idle as well.
        serving.census.settle();
        // A server may keep as many threads as were busy at once: a pool does.
        if census.threads_left().len() > at_a_time + stay.len() {
            scene.expect_no_thread_left(&census, Cause::ThreadsLeftBehind);
        }
        // 200 stacks of 2 MiB are 400 MiB; 30 threads at a time need about a seventh of that.
        let grown = writable_memory().zip(memory).map_or(0, |(now, then)| now.saturating_sub(then));
        let little =
            returns(Finding::of(words::LITTLE_MEMORY_IS_KEPT)).or(causes::HandlesAccumulate);
        scene.expect(words::THE_SERVER_WHEN_THEY_HAVE_GONE, little, || {
            let much = grown > 200 << 20;
            Ok(Finding::of(if much {
                words::MANY_STACKS_ARE_KEPT
            } else {
                words::LITTLE_MEMORY_IS_KEPT
            }))
        });
        let once = returns(stay.len()).or(causes::FinishNotOnce);
        scene.expect_of_peer(words::LETS_THE_OTHERS_VANISH, once, || {
            let stayed = stay.drain(..).count();
            Ok(finishes.iter().take(stayed).count())
        });
        serving.has_closed_what_it_opened_since(&census);
        let again = returns(0).or(causes::FinishNotOnce);
        scene.expect_of_peer(words::COUNTS_LATER_FINISHES, again, || {
            Ok(finishes.try_iter().count())
        });
    });
}

#[test]
fn the_server_survives_running_out_of_descriptors() {
    graded_apart(serves_probes, |apart| {
        if !Apart::is_possible() {
            return println!("{}", words::NOT_CHECKED_HERE);
        }
        // A server may need one, two or three descriptors per client. The number decides whether
        // the last client fails in accept or after it: with ten, of which four are in use, in accept.
        // And the last server has time for more tries: giving up after a few is wrong, too.
        for (descriptors, tries) in [(10, TURNS), (9, TURNS), (11, 4 * TURNS)] {
            let mut server = apart.start(descriptors).expect("a server in a process of its own");
            survives_without_descriptors(&mut server, tries);
        }
    });
}

#[rstest]
#[case::without_clients(&[])]
#[case::of_an_idle_client(&[Some(Order::Echo)])]
#[case::of_a_client_in_setup(&[None])]
#[case::of_a_busy_client(&[Some(Order::Sink)])]
#[case::of_a_client_that_reads_nothing(&[Some(Order::Flood)])]
#[case::of_a_client_in_finish(&[Some(Order::Linger)])]
#[case::after_a_panic_of_handle(&[Some(Order::PanicInHandle), Some(Order::Echo)])]
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
            if matches!(order, None | Some(Order::Echo | Order::Linger)) {
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
        forgive_panics();
    });
}

#[rstest]
#[case::setup_fails(Order::FailInSetup)]
#[case::setup_panics(Order::PanicInSetup)]
#[case::handle_fails(Order::FailInHandle)]
#[case::handle_panics(Order::PanicInHandle)]
#[case::finish_fails(Order::FailInFinish)]
#[case::finish_panics(Order::PanicInFinish)]
fn serve_forever_succeeds_after_failing_handlers(#[case] order: Order) {
    graded(move || {
        builds_on(a_failing_handler_affects_only_its_client);
        builds_on(shutdown_ends_every_conversation);
        let scene = Scene::begin();
        let (mut serving, _finished) = Serving::of_probes(&scene);
        let mut client = serving.client(order);
        scene.peer_did(order.describe());
        let end = returns(true).or(Cause::LineHeldOpen);
        scene.expect_of_peer(words::WAITS_FOR_THE_END, end, || ended(&mut client));
        serving.shuts_down(&scene, causes::ShutdownUnseen);
        let returned = returns(Finding::of(words::HAS_RETURNED)).or(causes::ShutdownUnseen);
        scene.expect(words::SERVE_FOREVER_AFTER_SHUTDOWN, returned, || {
            let is_over = || serving.is_over().then_some(words::HAS_RETURNED);
            let found = serving.census.look_for(is_over);
            Ok(Finding::of(found.unwrap_or(words::STILL_WAITS)))
        });
        let call = serving.call.take().expect("a call that has not been joined");
        let cause = causes::FailureReachesServe;
        scene.expect("serve_forever", returns(()).or(cause.clone()), || {
            let served = panic::catch_unwind(AssertUnwindSafe(|| call.join()));
            served.unwrap_or_else(|panic| {
                scene.notice(cause);
                panic::resume_unwind(panic)
            })
        });
        drop(serving);
        forgive_panics();
    });
}

#[rstest]
#[case::that_is_not_the_usual_one("127.0.0.2:0")]
#[case::of_ipv6("[::1]:0")]
#[case::that_stands_for_all_of_this_machine("0.0.0.0:0")]
fn shutdown_ends_a_server_at_any_address(#[case] address: &'static str) {
    graded(move || {
        builds_on(shutdown_ends_every_conversation);
        let scene = Scene::begin();
        let census = Census::take();
        // Not every system has this address on its loopback.
        let Ok(server) = ThreadingTcpServer::bind(address, Greeter::default) else { return };
        scene.happened(words::a_server_listens_on(address));
        let bound: SocketAddr = address.parse().expect("an address and a port");
        let same = returns(Finding::of(bound.ip().to_string())).or(causes::AddressUnknown);
        let its_address = server.local_addr();
        scene.expect(words::LOCAL_ADDR, same, || Ok(Finding::of(its_address.ip().to_string())));
        if cfg!(windows) && bound.ip().is_unspecified() {
            // Windows does not connect to it, so a server would have to know another one.
            return;
        }
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
        // The handler stays in `finish`: a call that does not wait for it has returned by now.
        serving.census.settle();
        let call = words::SHUTDOWN_WHILE_A_HANDLER_FINISHES;
        still_waits(&scene, &call, shutdown.is_over(), causes::ShutdownReturnsEarly);
        after_turns(&serving.threads, TURNS, || serving.is_over().then_some(()));
        let call = words::SERVE_FOREVER_WHILE_A_HANDLER_FINISHES;
        still_waits(&scene, &call, serving.is_over(), causes::ServeReturnsEarly);
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
fn shutdown_waits_in_another_servers_handler() {
    graded(|| {
        builds_on(shutdown_waits_for_every_handler_to_finish);
        let scene = Scene::begin();
        let (serving, gate) = Serving::slow_to_finish(&scene);
        let mut client = serving.connect();
        hears(&scene, &mut client, r"handle ", Cause::ClientsWaitInLine);
        let server = Arc::clone(serving.server());
        let other = Serving::start(&scene, move || {
            let server = Arc::clone(&server);
            Caller(move || server.shutdown())
        });
        let mut caller = other.connect();
        // The first server ends this conversation, so its shutdown has been called.
        hears_the_end(&scene, &mut client, &causes::ShutdownUnseen);
        serving.census.settle();
        let call = words::SHUTDOWN_BY_ANOTHER_SERVERS_HANDLER;
        still_waits(&scene, &call, !waits(&caller), causes::ShutdownReturnsEarly);
        drop(gate);
        caller.set_nonblocking(false).expect("a socket");
        hears(&scene, &mut caller, r"returned ", causes::ShutdownUnseen);
    });
}

#[test]
fn a_dead_connection_does_not_stop_shutdown() {
    graded(|| {
        builds_on(shutdown_waits_for_every_handler_to_finish);
        let scene = Scene::begin();
        let (serving, gate) = Serving::slow_to_finish(&scene);
        let mut clients = Vec::new();
        // Eight of each: a table may have any order.
        for _ in 0..8 {
            let dead = serving.connect();
            // Closed with a byte unread, it is a reset.
            let _ = dead.peek(&mut [0]);
            drop(dead);
            let mut client = serving.connect();
            hears(&scene, &mut client, r"handle ", Cause::ClientsWaitInLine);
            clients.push(client);
        }
        serving.census.settle();
        let scene = Scene::begin();
        scene.peer_did(words::HAVE_RESET_THEIR_CONNECTIONS);
        let shutdown = serving.shuts_down_in_background("shutdown");
        let all = returns(Finding::of(words::ALL_END)).or(causes::ShutdownStopsHalfway);
        scene.expect_of_peer(words::SEES_WHICH_STREAMS_END, all, || {
            let all_end = || (!clients.iter().any(waits)).then_some(words::ALL_END);
            let found = serving.census.look_for(all_end);
            Ok(Finding::of(found.unwrap_or(words::SOME_STAY_OPEN)))
        });
        drop(gate);
        scene.expect("shutdown", returns(()).or(causes::ShutdownUnseen), || {
            shutdown.join();
            Ok(())
        });
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

        // Some of these are accepted and some are not, whenever the shutdown comes.
        for _ in 0..10 {
            let scene = Scene::begin();
            let (serving, _finished) = Serving::of_probes(&scene);
            scene.peer_did(words::TWENTY_CLIENTS_CONNECT);
            let clients: Vec<TcpStream> = (0..20).map(|_| serving.connect()).collect();
            let shutdown = serving.shuts_down_in_background("shutdown");
            let is_over = || shutdown.is_over();
            let cause = causes::ShutdownMissesNewcomers;
            has_returned(&scene, "shutdown", &serving.census, is_over, cause);
            shutdown.join();
            drop(clients);
        }
    });
}

#[test]
fn connections_after_shutdown_are_refused() {
    graded(|| {
        builds_on(shutdown_ends_every_conversation);
        let scene = Scene::begin();
        let made = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&made);
        let serving = Serving::start(&scene, move || {
            counted.fetch_add(1, Ordering::SeqCst);
            Probe::new(mpsc::channel().0)
        });
        let clients = serving.in_the_middle(&scene, &[Some(Order::Echo)]);
        // The accepting thread is in accept again, so shutdown must wake it.
        serving.census.settle();
        serving.shuts_down(&scene, causes::ShutdownUnseen);
        let refused = fails_with(ErrorKind::ConnectionRefused).or(Cause::StillListening);
        scene.expect_of_peer(words::CONNECTS, refused, || {
            TcpStream::connect(serving.address).map(drop)
        });
        drop(clients);
        serving.census.settle();
        let one = returns(1).or(causes::HandlerMadeTooMany);
        let call = words::COUNTS_HANDLERS_AFTER_SHUTDOWN;
        scene.expect_of_peer(call, one, || Ok(made.load(Ordering::SeqCst)));
    });
}

#[test]
fn local_addr_is_known_before_and_after_serving() {
    graded(|| {
        builds_on(shutdown_ends_every_conversation);
        let scene = Scene::begin();
        let census = Census::take();
        let server =
            ThreadingTcpServer::bind("127.0.0.1:0", Greeter::default).expect("a free port");
        let address = server.local_addr();
        let listens = returns(()).or(causes::AddressUnknown);
        scene.expect_of_peer(words::CONNECTS_TO_LOCAL_ADDR, listens, || {
            TcpStream::connect(address).map(drop)
        });
        let serving = Serving::of(server, &scene, census);
        serving.census.settle();
        serving.shuts_down(&scene, causes::ShutdownUnseen);
        let same = returns(true).or(causes::AddressUnknown);
        scene.expect(words::LOCAL_ADDR_IS_THE_SAME, same, || {
            Ok(serving.server().local_addr() == address)
        });
    });
}

#[rstest]
#[case::while_another_thread_serves(false)]
#[case::after_a_shutdown(true)]
fn a_second_serve_forever_returns_at_once(#[case] has_stopped: bool) {
    graded(move || {
        builds_on(shutdown_ends_every_conversation);
        let scene = Scene::begin();
        let (serving, _finished) = Serving::of_probes(&scene);
        let mut clients = serving.in_the_middle(&scene, &[Some(Order::Echo)]);
        if has_stopped {
            serving.shuts_down(&scene, causes::ShutdownUnseen);
        }
        let server = Arc::clone(serving.server());
        let second = in_background("serve_forever", move || server.serve_forever());
        let is_over = || second.is_over();
        let call = words::A_SECOND_SERVE_FOREVER;
        has_returned(&scene, &call, &serving.census, is_over, causes::ServesTwice);
        scene.expect(call, returns(()).or(causes::ServesTwice), || second.join());
        if !has_stopped {
            echoes(&scene, &mut clients[0], causes::ServesTwice);
            serving.in_the_middle(&scene, &[Some(Order::Echo)]);
        }
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
        // The port is free, and belongs to another server now.
        let Ok(heir) = TcpListener::bind(serving.address) else { return };
        heir.set_nonblocking(true).expect("a socket");
        scene.happened(words::ANOTHER_SERVER_HAS_THE_PORT);
        serving.shuts_down(&scene, causes::ShutdownWorksOnce);
        let no_client = returns(Finding::of(words::NO_CLIENT)).or(causes::KnocksAtAnotherServer);
        scene.expect(words::THE_OTHER_SERVER, no_client, || {
            let is_there = heir.accept().is_ok();
            Ok(Finding::of(if is_there { words::A_CLIENT } else { words::NO_CLIENT }))
        });
        drop(heir);
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
        let shutdowns: Vec<Background<()>> = (0..3)
            .map(|_| serving.shuts_down_in_background(&words::ONE_OF_THE_SHUTDOWNS))
            .collect();
        // All three wait, since a handler is in `finish`: now let it return.
        serving.census.settle();
        let is_over = shutdowns.iter().any(Background::is_over);
        let call = words::EACH_SHUTDOWN_WHILE_A_HANDLER_FINISHES;
        still_waits(&scene, &call, is_over, causes::ShutdownReturnsEarly);
        drop(gate);
        let are_over = || shutdowns.iter().all(Background::is_over);
        let cause = causes::ShutdownWorksOnce;
        has_returned(&scene, &words::SHUTDOWN_IN_THREE_THREADS, &serving.census, are_over, cause);
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

#[test]
fn a_handler_may_call_shutdown() {
    graded(|| {
        further();
        builds_on(shutdown_ends_every_conversation);
        builds_on(shutdown_reaches_a_client_just_accepted);
        let calls = [(Part::Handle, 1), (Part::Setup, 1), (Part::Finish, 1), (Part::Handle, 3)];
        for (part, handlers) in calls {
            let scene = Scene::begin();
            let (serving, progress, gate) = Serving::of_enders(&scene, part, handlers);
            scene.peer_did(match part {
                Part::Setup => words::CONNECTS_AND_ITS_SETUP_SHUTS_DOWN,
                Part::Handle => words::CONNECTS_AND_SHUTS_DOWN,
                Part::Finish => words::CONNECTS_AND_ITS_FINISH_SHUTS_DOWN,
            });
            let clients: Vec<TcpStream> = (0..handlers).map(|_| serving.connect()).collect();
            let all = |count: &AtomicUsize| count.load(Ordering::SeqCst) == handlers;
            let have_returned = || all(&progress.returned);
            let (call, cause) = (words::SHUTDOWN_BY_A_HANDLER, causes::WaitsForItself);
            has_returned(&scene, &call, &serving.census, have_returned, cause.clone());
            // The handlers are still there, so their streams have not ended with them.
            sees_the_end(&serving, &words::THE_HANDLER, || all(&progress.ended));
            sees_the_end(&serving, &words::ITS_CLIENT, || !clients.iter().any(waits));
            drop((gate, clients));
            let shutdown = serving.shuts_down_in_background("shutdown");
            has_returned(&scene, "shutdown", &serving.census, || shutdown.is_over(), cause);
            shutdown.join();
            serving.has_left_nothing(&scene, causes::ShutdownUnseen);
        }
    });
}
