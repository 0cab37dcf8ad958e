//! Test `Stepped`, servers that a test steps: the crowd never blocks, a turn that blocks is caught. And test
//! the meters for memory and processor time.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::panic::{self, AssertUnwindSafe};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use netkata::{
    Cause, Crowd, Stepped, Story, Workload, bytes_held, graded, local_listener, processor_time,
};

/// Accept one client per turn, and echo the bytes of each; its sockets decide whether a call blocks.
struct Echo {
    listener: TcpListener,
    clients: Vec<TcpStream>,
    nonblocking_clients: bool,
}

impl Echo {
    fn new(listener: TcpListener) -> io::Result<Echo> {
        listener.set_nonblocking(true)?;
        Ok(Echo { listener, clients: Vec::new(), nonblocking_clients: true })
    }

    fn with_blocking_clients(listener: TcpListener) -> io::Result<Echo> {
        Ok(Echo { nonblocking_clients: false, ..Echo::new(listener)? })
    }

    fn with_a_blocking_listener(listener: TcpListener) -> io::Result<Echo> {
        Ok(Echo { listener, clients: Vec::new(), nonblocking_clients: true })
    }

    fn turn(&mut self) -> io::Result<bool> {
        let mut moved = false;
        match self.listener.accept() {
            Ok((stream, _)) => {
                stream.set_nonblocking(self.nonblocking_clients)?;
                self.clients.push(stream);
                moved = true;
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            Err(error) => return Err(error),
        }
        let mut buffer = [0; 1024];
        for client in &mut self.clients {
            if let Ok(n) = client.read(&mut buffer) {
                client.write_all(&buffer[..n])?;
                moved |= n > 0;
            }
        }
        Ok(moved)
    }
}

#[test]
fn a_crowd_moves_what_can_move_and_never_blocks() {
    graded(|| {
        let listener = local_listener().unwrap();
        let mut crowd = Crowd::around(listener.local_addr().unwrap());
        let (ann, bob) = (crowd.connects("ann"), crowd.connects("bob"));
        let much = vec![b'x'; 20_000_000];
        crowd.says(ann, &much);
        while crowd.exchange() {
            // The server does not read: the kernels fill up, and then nothing moves any more.
        }
        assert_eq!(crowd.said(ann).len(), much.len());

        let (mut served, _) = listener.accept().unwrap();
        let mut came = vec![0; 50_000];
        served.read_exact(&mut came).unwrap();
        served.write_all(b"thanks").unwrap();
        while crowd.heard(ann).is_empty() {
            crowd.exchange();
        }
        assert_eq!(crowd.heard(ann), b"thanks");
        assert_eq!((crowd.heard(bob), crowd.ended(bob)), (&b""[..], None));
    });
}

#[test]
fn a_client_sees_how_its_connection_ends() {
    graded(|| {
        let listener = local_listener().unwrap();
        let mut crowd = Crowd::around(listener.local_addr().unwrap());
        let asker = crowd.connects("asker");
        crowd.says(asker, b"over");
        crowd.closes_its_side(asker);
        let (mut served, _) = listener.accept().unwrap();
        let mut came = String::new();
        served.read_to_string(&mut came).unwrap();
        assert_eq!(came, "over", "the end comes after all the bytes");
        drop(served);
        while crowd.ended(asker).is_none() {
            crowd.exchange();
        }
        assert_eq!(crowd.ended(asker), Some(Ok(())));

        let crashing = crowd.connects("crashing");
        let (mut served, _) = listener.accept().unwrap();
        crowd.resets(crashing);
        assert_eq!(served.read(&mut [0]).unwrap_err().kind(), ErrorKind::ConnectionReset);
    });
}

#[test]
fn the_bytes_of_a_client_are_compared() {
    graded(|| {
        let mut room = Stepped::serving(local_listener().unwrap(), Echo::new, Echo::turn);
        let talker = room.crowd().connects("talker");
        room.crowd().says(talker, b"hello");
        room.turns_until_heard(talker, b"hello", Cause::AnswerNeverCame);
    });
    let story = story_of(|| {
        let mut room = Stepped::serving(local_listener().unwrap(), Echo::new, Echo::turn);
        let talker = room.crowd().connects("talker");
        room.crowd().says(talker, b"hello");
        room.turns_until_heard(talker, b"HELLO", Cause::OnlyAsciiLettersChange);
    });
    assert_eq!(story.cause, "OnlyAsciiLettersChange");
    assert!(story.lines(80).join("\n").contains("talker got      \"hello\""), "{story:?}");
}

#[test]
fn a_server_that_will_never_answer_is_not_waited_for() {
    let began = Instant::now();
    let story = story_of(|| {
        let mut room = Stepped::serving(local_listener().unwrap(), Echo::new, Echo::turn);
        let talker = room.crowd().connects("talker");
        room.crowd().says(talker, b"hello");
        room.turns_until_heard(talker, b"hello, too", Cause::AnswerNeverCame);
    });
    assert_eq!(story.cause, "AnswerNeverCame");
    assert!(began.elapsed() < Duration::from_secs(3), "well before the deadline");
}

#[test]
#[cfg(target_os = "linux")]
fn a_turn_that_waits_is_caught_with_its_call() {
    let silent = |make: fn(TcpListener) -> io::Result<Echo>| {
        story_of(move || {
            let mut room = Stepped::serving(local_listener().unwrap(), make, Echo::turn);
            let silent = room.crowd().connects("silent");
            room.turns_until_heard(silent, b"never", Cause::AnswerNeverCame);
        })
    };
    let of_client = silent(Echo::with_blocking_clients);
    assert_eq!(of_client.cause, "WaitsForOneClient");
    assert!(of_client.lines(80).join("\n").contains("in recvfrom, on a socket"), "{of_client:?}");
    let of_listener = silent(Echo::with_a_blocking_listener);
    assert_eq!(of_listener.cause, "WaitsForTheNextCaller");
}

#[test]
fn held_memory_is_measured() {
    graded(|| {
        // The memory that threads of the test harness allocate and free meanwhile.
        const NOISE: usize = 1 << 20;

        let before = bytes_held();
        let kept = std::hint::black_box(vec![0_u8; 1 << 24]);
        assert!(bytes_held() + NOISE >= before + (1 << 24));
        drop(kept);
        assert!(bytes_held() < before + NOISE, "freed memory does not count");
    });
}

#[test]
fn processor_time_counts_work_but_not_waiting() {
    graded(|| {
        let (_sender, receiver) = mpsc::channel::<()>();
        let pause = Duration::from_millis(100);
        let (_, waiting) = processor_time(|| receiver.recv_timeout(pause));
        assert!(waiting < pause / 5, "{waiting:?}");
        let (_, working) = processor_time(|| (0..20_000_000_u64).map(std::hint::black_box).max());
        assert!(working > Duration::from_millis(1), "{working:?}");
    });
}

#[test]
fn a_sleeping_thread_is_distinguished_from_a_spinning_one() {
    graded(|| {
        let busy = |run: fn(&AtomicBool)| {
            let workload = Workload::of_threads_to_come();
            let over = Arc::new(AtomicBool::new(false));
            let flag = Arc::clone(&over);
            let thread = thread::spawn(move || run(&flag));
            let (_sender, receiver) = mpsc::channel::<()>();
            let pause = Duration::from_millis(100);
            let (_, busy) = workload.busy_while(|| receiver.recv_timeout(pause));
            over.store(true, Ordering::Release);
            thread.thread().unpark();
            thread.join().unwrap();
            busy
        };
        let rests = busy(|over| {
            while !over.load(Ordering::Acquire) {
                thread::park_timeout(Duration::from_millis(5));
            }
        });
        let hurries = busy(|over| while !over.load(Ordering::Acquire) {});
        assert!(rests < 0.1 && hurries > 0.3, "{rests} {hurries}");
    });
}

/// Run a check that must fail, and return its story.
fn story_of(body: impl FnOnce() + Send + 'static) -> Story {
    let run = AssertUnwindSafe(|| graded(body));
    let payload = panic::catch_unwind(run).expect_err("the check must fail");
    *payload.downcast().expect("a check fails with a story")
}
