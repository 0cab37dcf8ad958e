//! Test `Served`, servers that run on their own: it collects their answers, and detects when no more will come.

use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::panic::{self, AssertUnwindSafe};
use std::thread;
use std::time::Duration;

use netkata::{Cause, Census, Serve, Served, Story, graded};

/// Serve one client, in capitals, and end when asked to stop.
fn answers_one(listener: TcpListener, mut stop: TcpStream) -> io::Result<()> {
    let (mut client, _) = listener.accept()?;
    thread::scope(|scope| {
        scope.spawn(|| {
            let _ = stop.read(&mut [0]);
            client.shutdown(std::net::Shutdown::Both)
        });
        let mut stream = &client;
        let mut buffer = [0; 1024];
        while let Ok(n @ 1..) = stream.read(&mut buffer) {
            buffer[..n].make_ascii_uppercase();
            if stream.write_all(&buffer[..n]).is_err() {
                break;
            }
        }
    });
    client.flush()
}

/// Accept one client, and read nothing.
fn ignores(listener: TcpListener, _stop: TcpStream) -> io::Result<()> {
    let _client = listener.accept()?;
    loop {
        thread::park();
    }
}

/// Accept one client, then spin until asked to stop.
fn computes(listener: TcpListener, stop: TcpStream) -> io::Result<()> {
    stop.set_nonblocking(true)?;
    let _client = listener.accept()?;
    while stop.peek(&mut [0]).is_err() {}
    Ok(())
}

/// Check regularly whether to stop, and serve no client.
fn sleeps(listener: TcpListener, stop: TcpStream) -> io::Result<()> {
    stop.set_nonblocking(true)?;
    let _client = listener.accept()?;
    while stop.peek(&mut [0]).is_err() {
        thread::sleep(Duration::from_millis(2));
    }
    Ok(())
}

#[test]
fn a_stopped_server_has_answered_and_left_nothing() {
    graded(|| {
        let mut served = Served::begin("answers_one", answers_one);
        let client = served.connects("ann");
        let much = vec![b'x'; 2_000_000];
        served.crowd().says(client, &much);
        served.until_heard(client, &much.to_ascii_uppercase(), Cause::AnswerNeverCame);
        served.expect_rest(Cause::NeverRests, "it sleeps");
        served.stops();
        served.has_left_nothing(Cause::ThreadsLeftBehind);
    });
}

#[test]
fn clients_may_connect_before_the_server_runs() {
    graded(|| {
        let mut ann = None;
        let mut served = Served::after("answers_one", answers_one, |crowd| {
            ann = Some(crowd.connects("ann"));
        });
        let ann = ann.unwrap();
        served.crowd().says(ann, b"early");
        served.until_heard(ann, b"EARLY", Cause::AnswerNeverCame);
    });
}

#[test]
fn a_server_is_idle_when_its_buffers_are_full() {
    graded(|| {
        let mut served = Served::begin("answers_one", answers_one);
        let late = served.connects("late");
        let much = vec![b'x'; 1_000_000];
        served.crowd().stops_reading(late);
        served.crowd().says(late, &much);
        served.until_still();
        let busy = Census::take();
        served.expect_nothing_new_since(&busy, "nothing", Cause::ThreadsLeftBehind);
        served.crowd().reads_again(late);
        served.until_heard(late, &much.to_ascii_uppercase(), Cause::UnsentBytesLost);
    });
}

#[test]
fn a_server_that_sleeps_between_steps_is_not_idle() {
    /// Pass on a kilobyte, sleep, and pass on the next one.
    fn trickles(listener: TcpListener, stop: TcpStream) -> io::Result<()> {
        stop.set_nonblocking(true)?;
        let (mut client, _) = listener.accept()?;
        client.set_nonblocking(true)?;
        while stop.peek(&mut [0]).is_err() {
            let mut buffer = [0; 1024];
            if let Ok(n) = client.read(&mut buffer) {
                client.write_all(&buffer[..n])?;
            }
            thread::sleep(Duration::from_millis(1));
        }
        Ok(())
    }
    graded(|| {
        let mut served = Served::begin("trickles", trickles);
        let late = served.connects("late");
        served.crowd().stops_reading(late);
        served.crowd().says(late, &[b'x'; 20 * 1024]);
        served.until_still();
        if cfg!(target_os = "linux") {
            assert!(served.held_for(late) >= Some(20 * 1024), "{:?}", served.held_for(late));
        }
    });
}

#[test]
fn an_answer_that_will_never_arrive_is_not_waited_for() {
    for (serve, does) in [
        (ignores as Serve, "serve waits in futex, for another thread"),
        (sleeps, "serve sleeps, checks, and sleeps again"),
        (computes, "serve spins without any progress"),
    ] {
        let story = story_of(move || {
            let mut served = Served::begin("serve", serve);
            let client = served.connects("ann");
            served.crowd().says(client, b"hello");
            served.until_heard(client, b"HELLO", Cause::AnswerNeverCame);
        });
        assert_eq!(story.cause, "AnswerNeverCame");
        if cfg!(target_os = "linux") {
            assert!(story.lines(80).join("\n").contains(does), "{story:?}");
        }
    }
}

#[test]
fn the_first_client_with_a_wrong_answer_is_reported() {
    /// Answer the first client with these bytes, and the second one correctly.
    fn answers_two(listener: TcpListener, mut stop: TcpStream, first: &[u8]) -> io::Result<()> {
        let (mut ann, _) = listener.accept()?;
        let (mut bob, _) = listener.accept()?;
        ann.write_all(first)?;
        ann.read_exact(&mut [0; 5])?;
        bob.read_exact(&mut [0; 5])?;
        bob.write_all(b"HELLO")?;
        stop.read(&mut [0]).map(drop)
    }
    let cases: [(Serve, &str, Option<&str>); 4] = [
        (|listener, stop| answers_two(listener, stop, b"HELLO"), "", None),
        (|listener, stop| answers_two(listener, stop, b"HELP"), "Differs", Some("ann got")),
        (|listener, stop| answers_two(listener, stop, b"HELLO!"), "Differs", Some("ann got")),
        (answers_one, "AnswerNeverCame", Some("bob gets \"HELLO\"")),
    ];
    for (serve, cause, tells) in cases {
        let body = move || {
            let mut served = Served::begin("serve", serve);
            let (ann, bob) = (served.connects("ann"), served.connects("bob"));
            served.crowd().says(ann, b"hello");
            served.crowd().says(bob, b"hello");
            let answers = [(ann, b"HELLO"), (bob, b"HELLO")];
            served.until_all_heard(&answers, Cause::AnswerNeverCame);
        };
        let Some(tells) = tells else {
            graded(body);
            continue;
        };
        let story = story_of(body);
        assert_eq!(story.cause, cause);
        assert!(story.lines(80).join("\n").contains(tells), "{story:?}");
    }
}

#[test]
fn a_server_that_spins_or_does_not_stop_is_caught() {
    let story = story_of(|| {
        let mut served = Served::begin("computes", computes);
        served.connects("ann");
        served.until_still();
        served.expect_rest(Cause::NeverRests, "it sleeps");
    });
    assert_eq!(story.cause, "NeverRests");
    let story = story_of(|| {
        let mut served = Served::begin("ignores", ignores);
        served.connects("ann");
        served.until_still();
        served.stops();
    });
    assert_eq!(story.cause, "StopUnseen");
}

#[test]
fn a_server_that_asks_to_sleep_for_too_long_is_caught() {
    const MOST: Duration = Duration::from_millis(20);

    /// Check ever more rarely whether to stop.
    fn sleeps_longer(listener: TcpListener, stop: TcpStream) -> io::Result<()> {
        stop.set_nonblocking(true)?;
        let _client = listener.accept()?;
        for pause in (1..).map(Duration::from_millis) {
            thread::sleep(pause);
            if stop.peek(&mut [0]).is_ok() {
                break;
            }
        }
        Ok(())
    }
    let check = |serve| {
        move || {
            let mut served = Served::begin("serve", serve);
            served.connects("ann");
            served.until_still();
            served.expect_short_sleeps(MOST, Cause::NeverRests);
        }
    };
    for serve in [sleeps as Serve, ignores] {
        graded(check(serve));
    }
    let story = story_of(check(sleeps_longer));
    assert_eq!(story.cause, "NeverRests");
    assert!(story.lines(80).join("\n").contains("more than 20 ms"), "{story:?}");
}

#[test]
fn an_early_end_is_reported_with_its_cause() {
    fn hangs_up(listener: TcpListener, mut stop: TcpStream) -> io::Result<()> {
        drop(listener.accept()?);
        stop.read(&mut [0]).map(drop)
    }
    fn returns(listener: TcpListener, _stop: TcpStream) -> io::Result<()> {
        listener.accept().map(drop)
    }
    fn fails(listener: TcpListener, _stop: TcpStream) -> io::Result<()> {
        let _client = listener.accept()?;
        Err(io::ErrorKind::ConnectionReset.into())
    }
    for (serve, cause) in
        [(hangs_up as Serve, "HungUp"), (returns, "ServeEnded"), (fails, "OneClientEndsTheServer")]
    {
        let story = story_of(move || {
            let mut served = Served::begin("serve", serve);
            let client = served.connects("ann");
            served.until_heard(client, b"HELLO", Cause::AnswerNeverCame);
        });
        assert_eq!(story.cause, cause);
    }
}

/// Run a check that must fail, and return its story.
fn story_of(body: impl FnOnce() + Send + 'static) -> Story {
    let run = AssertUnwindSafe(|| graded(body));
    let payload = panic::catch_unwind(run).expect_err("the check must fail");
    *payload.downcast().expect("a check fails with a story")
}
