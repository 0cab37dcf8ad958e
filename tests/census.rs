//! Test the kit's census of threads and descriptors, and servers in their own processes.

#![cfg(target_os = "linux")]

use std::cell::Cell;
use std::io::Read;
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use netkata::{Apart, Cause, Census, Scene, Still, graded, graded_apart, writable_memory};

#[test]
fn a_waiting_thread_counts_a_joined_one_does_not() {
    graded(|| {
        let census = Census::take();
        thread::spawn(|| {}).join().unwrap();
        assert!(census.threads_left().is_empty());
        let (let_go, waits) = mpsc::channel::<()>();
        let thread = thread::spawn(move || waits.recv());
        let left = census.threads_left();
        assert_eq!(left.len(), 1, "{left:?}");
        assert!(left[0].contains("futex"), "{left:?}");
        drop(let_go);
        let _ = thread.join();
        assert!(census.threads_left().is_empty());
    });
}

#[test]
fn an_ending_thread_is_waited_for() {
    graded(|| {
        for _ in 0..100 {
            let census = Census::take();
            // Not joined: most of them still run when the count begins.
            drop(thread::spawn(|| {}));
            assert_eq!(census.threads_left(), Vec::<String>::new());
        }
    });
}

#[test]
fn a_spinning_thread_is_distinguished_from_an_idle_one() {
    graded(|| {
        let census = Census::take();
        assert_eq!(census.settle(), Still::Gone);
        let (stop, stopped) = mpsc::channel::<()>();
        let thread =
            thread::spawn(move || while stopped.try_recv() == Err(mpsc::TryRecvError::Empty) {});
        assert_eq!(census.settle(), Still::Spinning);
        drop(stop);
        thread.join().unwrap();
        assert_eq!(census.settle(), Still::Gone);
    });
}

#[test]
fn polling_ends_with_a_value_or_when_nothing_changes() {
    graded(|| {
        let census = Census::take();
        let (sender, receiver) = mpsc::channel();
        let (go_on, waits) = mpsc::channel::<()>();
        let thread = thread::spawn(move || {
            let _ = waits.recv();
            let _ = sender.send(7);
            let _ = waits.recv();
        });
        assert_eq!(census.look_for(|| receiver.try_recv().ok()), None, "the thread waits");
        go_on.send(()).unwrap();
        assert_eq!(census.look_for(|| receiver.try_recv().ok()), Some(7));
        assert_eq!(census.look_for(|| receiver.try_recv().ok()), None, "it waits again");
        drop(go_on);
        thread.join().unwrap();
        assert_eq!(census.look_for(|| receiver.try_recv().ok()), None, "it has gone");
    });
}

#[test]
fn a_longer_look_outlasts_a_poll_every_half_second_and_ends_early_when_it_is_plain() {
    graded(|| {
        let census = Census::take();
        let (sender, receiver) = mpsc::channel();
        let polls = thread::spawn(move || {
            thread::sleep(Duration::from_millis(500));
            let _ = sender.send(7);
        });
        assert_eq!(census.look_for(|| receiver.try_recv().ok()), None);
        assert_eq!(census.look_longer_for(|| receiver.try_recv().ok(), || false), Some(7));
        polls.join().unwrap();

        let looks = Cell::new(0);
        let (stop, waits) = mpsc::channel::<()>();
        let (other, with_a_limit) = mpsc::channel::<()>();
        let waiting = thread::spawn(move || {
            let _ = with_a_limit.recv_timeout(Duration::from_secs(60));
            let _ = waits.recv();
        });
        let plain = || looks.replace(looks.get() + 1) == 1;
        assert_eq!(census.look_longer_for(|| None::<()>, plain), None);
        assert_eq!(looks.get(), 2, "a wait with a limit is no deadlock");
        drop(other);
        assert_eq!(census.look_longer_for(|| None::<()>, || unreachable!("a deadlock")), None);
        drop(stop);
        waiting.join().unwrap();
    });
}

#[test]
fn polling_continues_while_a_thread_computes_or_sleeps() {
    graded(|| {
        for pause in [Duration::ZERO, Duration::from_millis(40)] {
            let census = Census::take();
            let (sender, receiver) = mpsc::channel();
            let thread = thread::spawn(move || {
                let began = Instant::now();
                while began.elapsed() < Duration::from_millis(300) {
                    if !pause.is_zero() {
                        thread::sleep(pause);
                    }
                }
                let _ = sender.send(7);
            });
            assert_eq!(census.look_for(|| receiver.try_recv().ok()), Some(7), "{pause:?}");
            thread.join().unwrap();
        }
    });
}

#[test]
fn an_open_socket_counts_as_left_behind() {
    graded(|| {
        let census = Census::take();
        assert!(census.descriptors_left().is_empty());
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let left = census.descriptors_left();
        assert!(left.len() == 1 && left[0].starts_with("socket:"), "{left:?}");
        drop(listener);
        assert!(census.descriptors_left().is_empty());
    });
}

#[test]
fn the_stack_of_an_unjoined_thread_is_counted() {
    graded(|| {
        let before = writable_memory().unwrap();
        let threads: Vec<_> = (0..100).map(|_| thread::spawn(|| {})).collect();
        while !threads.iter().all(thread::JoinHandle::is_finished) {
            thread::yield_now();
        }
        assert!(writable_memory().unwrap() - before > 100 << 20);
    });
}

#[test]
fn a_server_process_is_limited_and_ends_when_dropped() {
    graded_apart(
        |listens| {
            let listener = TcpListener::bind("127.0.0.1:0")?;
            println!("printed text of an answer is not an address");
            listens(listener.local_addr()?);
            let mut clients = Vec::new();
            loop {
                clients.push(listener.accept()?);
            }
        },
        |apart| {
            let mut server = apart.start(10).unwrap();
            let mut clients = Vec::new();
            for _ in 0..10 {
                clients.extend(TcpStream::connect(server.address()));
            }
            assert!(server.last_words().contains("code: 24"), "EMFILE, errno(3)");
            assert!(server.is_over());
            assert!(!server.has_no_free_descriptor(), "it is not known any more");

            let server = apart.start(100).unwrap();
            let mut client = TcpStream::connect(server.address()).unwrap();
            assert_eq!(server.watch(|| false), Still::Waiting);
            assert!(!server.has_no_free_descriptor());
            assert_eq!(
                server.longest_sleep(&server.accepting(), Duration::ZERO),
                None,
                "it waits in accept"
            );
            drop(server);
            let end = client.read(&mut [0]);
            assert!(
                matches!(end, Ok(0) | Err(_)),
                "its process has ended, and so have its sockets"
            );
        },
    );
}

#[test]
fn a_server_process_that_sleeps_without_descriptors_is_seen() {
    const PAUSE: Duration = Duration::from_millis(10);

    graded_apart(
        |listens| {
            let listener = TcpListener::bind("127.0.0.1:0")?;
            listens(listener.local_addr()?);
            let mut clients = Vec::new();
            loop {
                match listener.accept() {
                    Ok(client) => clients.push(client),
                    Err(_) => thread::sleep(PAUSE),
                }
            }
        },
        |apart| {
            assert_eq!(longest_sleep_without_descriptors(apart, PAUSE), Some(PAUSE));
        },
    );
}

#[test]
fn only_the_accepting_thread_of_a_server_process_sleeps_in_a_channel() {
    const PAUSE: Duration = Duration::from_secs(1);
    const LONGER: Duration = Duration::from_secs(3600);

    graded_apart(
        |listens| {
            let listener = TcpListener::bind("127.0.0.1:0")?;
            thread::spawn(|| thread::park_timeout(LONGER));
            listens(listener.local_addr()?);
            let mut clients = Vec::new();
            let (_sender, receiver) = mpsc::channel::<()>();
            loop {
                match listener.accept() {
                    Ok(client) => clients.push(client),
                    Err(_) => drop(receiver.recv_timeout(PAUSE)),
                }
            }
        },
        |apart| {
            let longest = longest_sleep_without_descriptors(apart, Duration::ZERO);
            assert!(longest > Some(Duration::ZERO) && longest <= Some(PAUSE), "{longest:?}");
        },
    );
}

/// The longest sleep of a server whose descriptors are all in use, and to which another client connects.
fn longest_sleep_without_descriptors(apart: &Apart, most: Duration) -> Option<Duration> {
    let server = apart.start(10).unwrap();
    server.watch(|| false);
    let accepting = server.accepting();
    let mut clients = Vec::new();
    while !server.has_no_free_descriptor() {
        clients.extend(TcpStream::connect(server.address()));
        server.watch(|| false);
    }
    // One waits in the backlog, so accept fails.
    clients.extend(TcpStream::connect(server.address()));
    server.watch(|| false);
    server.longest_sleep(&accepting, most)
}

#[test]
fn inherited_descriptors_do_not_count_for_a_server_process() {
    graded_apart(
        |listens| {
            let listener = TcpListener::bind("127.0.0.1:0")?;
            listens(listener.local_addr()?);
            let mut clients = Vec::new();
            while let Ok(client) = listener.accept() {
                clients.push(client);
            }
            Err(std::io::Error::other(format!("{} clients", clients.len())))
        },
        |apart| {
            let held = || {
                let mut server = apart.start(10).unwrap();
                let _clients: Vec<_> =
                    (0..10).map(|_| TcpStream::connect(server.address())).collect();
                server.last_words()
            };
            let before = held();
            assert!(before.contains("6 clients"), "{before}");
            // Every started process inherits a duplicate (dup(2)).
            let listener = TcpListener::bind("127.0.0.1:0").unwrap();
            let left: Vec<_> = (0..5).map(|_| rustix::io::dup(&listener).unwrap()).collect();
            assert_eq!(held(), before);
            drop(left);
        },
    );
}

#[test]
fn a_leftover_descriptor_is_reported() {
    graded(|| {
        let census = Census::take();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let scene = Scene::begin();
        scene.called("bind", "a listener");
        let told = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            scene.expect_no_descriptor_left(&census);
        }));
        let story = *told.unwrap_err().downcast::<netkata::Story>().unwrap();
        assert_eq!(story.cause, Cause::DescriptorsLeftBehind.name());
        assert!(story.lines(80).join("\n").contains("1 descriptor: socket"));
        drop(listener);
    });
}
