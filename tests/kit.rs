//! Test the kit itself: wires follow their script, `graded` reports every failure, stories fit their screen.

use std::cell::Cell;
use std::io::ErrorKind::{ConnectionReset, Interrupted, InvalidInput, WouldBlock};
use std::io::{BufWriter, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::panic::{self, AssertUnwindSafe};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use netkata::record::{Entry, Record, Status, VARIABLE};
use netkata::{
    Background, Cause, Folder, LateNetwork, Mark, MemoryWatch, PartialOp, Row, SEED_VARIABLE,
    Scene, Story, TcpEnd, TcpState, Wire, bytes_allocated, connected, fails_with, for_any,
    forgive_panics, further, graded, graded_within, in_background, returns,
};
use rstest::rstest;

#[path = "kit/answer.rs"]
mod answer;

/// The deadline of checks that never end.
const SOON: Duration = Duration::from_millis(100);

#[test]
fn one_read_never_returns_bytes_of_two_segments() {
    let mut wire = Wire::delivers(["ab", "", "cde"]).then_closes();
    let mut buffer = [0; 8];
    let sizes: Vec<usize> = (0..5).map(|_| wire.read(&mut buffer).unwrap()).collect();
    assert_eq!(sizes, [2, 3, 0, 0, 0], "the end of a stream stays the end");
}

#[test]
fn a_wire_fails_once_where_its_script_says() {
    let mut wire = Wire::silent()
        .then_fails(Interrupted)
        .then_delivers(b"a")
        .then_fails(WouldBlock)
        .then_resets();
    let mut buffer = [0; 8];
    let mut next = || wire.read(&mut buffer).map_err(|error| error.kind());
    assert_eq!(
        [next(), next(), next(), next(), next()],
        [Err(Interrupted), Ok(1), Err(WouldBlock), Err(ConnectionReset), Err(ConnectionReset)]
    );
}

#[test]
fn a_wire_accepts_as_few_bytes_as_scripted() {
    let ops = [PartialOp::Limited(2), PartialOp::Err(Interrupted), PartialOp::Limited(0)];
    let mut wire = Wire::silent().accepting(&ops);
    assert_eq!(wire.write(b"hello").unwrap(), 2);
    assert_eq!(wire.write(b"llo").unwrap_err().kind(), Interrupted);
    assert_eq!(wire.write(b"llo").unwrap(), 1, "a limit of 0 counts as 1");
    assert_eq!(wire.write(b"lo").unwrap(), 2);
    assert_eq!(wire.written(), b"hello");
}

#[test]
fn a_cut_wire_delivers_everything_however_it_is_cut() {
    let ops = [
        PartialOp::Limited(0),
        PartialOp::Err(Interrupted),
        PartialOp::Limited(3),
        PartialOp::Unlimited,
        PartialOp::Limited(100),
    ];
    for count in 0..=ops.len() {
        let mut wire = Wire::cut(b"hello world", &ops[..count]).then_closes();
        let mut came = Vec::new();
        wire.read_to_end(&mut came).unwrap();
        assert_eq!(came, b"hello world");
    }
}

#[test]
fn a_waiting_peer_continues_after_a_write() {
    let mut wire = Wire::silent().then_awaits(3).then_delivers(b"ok").then_closes();
    wire.write_all(b"abc").unwrap();
    let mut came = String::new();
    wire.read_to_string(&mut came).unwrap();
    assert_eq!(came, "ok");
}

#[test]
fn a_deadlock_with_the_peer_is_recognized() {
    let story = story_of(|| {
        let mut wire = Wire::silent().then_awaits(3).then_delivers(b"ok");
        wire.expect("converse", returns(2), |wire| wire.read(&mut [0; 4]));
    });
    assert_eq!(story.cause, "BothWait");
    assert!(text(&story).contains("in read(4), for bytes that never arrive"), "{}", text(&story));
}

#[test]
fn a_peer_notices_data_sent_before_its_acknowledgement() {
    let cause_of = |run: fn(&mut Wire) -> std::io::Result<()>| {
        let story = story_of(move || {
            let mut wire = Wire::silent().then_awaits_exactly(b"5").then_delivers(b"ok");
            wire.expect("send", returns(()), run);
        });
        story.cause
    };
    let hasty = cause_of(|wire| wire.write_all(b"5").and_then(|()| wire.write_all(b"hello")));
    assert_eq!(hasty, "DidNotWaitForAcknowledgement");
    let in_one_write = cause_of(|wire| wire.write_all(b"5hello"));
    assert_eq!(in_one_write, "DidNotWaitForAcknowledgement");
    graded(|| {
        let mut wire = Wire::silent().then_awaits_exactly(b"5").then_delivers(b"ok");
        wire.expect_written("send", b"5hello", returns(()), |wire| {
            wire.write_all(b"5")?;
            wire.read_exact(&mut [0; 2])?;
            wire.write_all(b"hello")
        });
    });
}

#[test]
fn a_noticed_cause_fails_a_call_with_the_right_result() {
    let story = story_of(|| {
        let scene = Scene::begin();
        scene.expect("call", returns(7), || {
            scene.notice(Cause::SplitBySending);
            scene.notice(Cause::BothWait);
            Ok(7)
        });
    });
    assert_eq!(story.cause, "SplitBySending", "the first counts");
}

#[test]
fn bytes_written_by_a_failed_call_are_checked() {
    let story = story_of(|| {
        let mut wire = Wire::silent();
        let refused = fails_with(InvalidInput).or(Cause::SendsWhatIsRefused);
        wire.expect_written("send", b"", refused, |wire| {
            wire.write_all(b"5")?;
            Err::<(), _>(InvalidInput.into())
        });
    });
    assert_eq!(story.cause, "SendsWhatIsRefused");
}

#[rstest]
#[case::all_the_time(Duration::ZERO)]
#[case::now_and_then(Duration::from_millis(2))]
fn a_late_network_delivers_everything_to_code_that_peeks(#[case] rest: Duration) {
    graded(move || {
        over_a_late_network(|receiver| {
            let mut all = [0; 4];
            while receiver.peek(&mut all)? < all.len() {
                thread::park_timeout(rest);
            }
            receiver.read_exact(&mut all)?;
            Ok(all.to_vec())
        });
    });
}

#[test]
fn a_late_network_is_late_for_code_without_peek() {
    for reader in ["reads_at_once", "reads_after_a_pause"] {
        let printed = printed_by(reader);
        assert!(printed.contains(&Cause::ReadBeforeAllArrived.sentence()[..40]), "{printed}");
        assert!(printed.contains("61 │ (your code reads) │ 62 63 64 "), "{printed}");
    }
}

#[test]
#[ignore = "run by a_late_network_is_late_for_code_without_peek"]
fn reads_at_once() {
    graded(|| over_a_late_network(read_without_looking));
}

#[test]
#[ignore = "run by a_late_network_is_late_for_code_without_peek"]
fn reads_after_a_pause() {
    graded(|| {
        over_a_late_network(|receiver| {
            thread::park_timeout(Duration::from_millis(100));
            read_without_looking(receiver)
        });
    });
}

fn read_without_looking(receiver: &mut TcpStream) -> std::io::Result<Vec<u8>> {
    let mut all = [0; 4];
    receiver.read_exact(&mut all)?;
    Ok(all.to_vec())
}

/// Send `ab` and `cd` over a late network, in three pieces, and read them with `read`.
fn over_a_late_network(read: impl Fn(&mut TcpStream) -> std::io::Result<Vec<u8>>) {
    let network = LateNetwork::carrying(&[b"ab", b"cd"]).in_pieces(&[1, 2]).for_one_read();
    network.expect("read", returns(b"abcd".to_vec()), |sender, receiver| {
        sender.write_all(b"ab")?;
        sender.write_all(b"cd")?;
        read(receiver)
    });
}

#[test]
fn a_late_network_sees_how_messages_were_written() {
    let cause_of = |writes: &'static [&'static [u8]]| {
        let story = story_of(move || {
            let network = LateNetwork::carrying(&[b"ab", b"cd"]);
            network.expect("write", returns(()), |sender, receiver| {
                for bytes in writes {
                    sender.write_all(bytes)?;
                }
                receiver.read_exact(&mut [0; 4])
            });
        });
        story.cause
    };
    assert_eq!(cause_of(&[b"abcd"]), "JoinedBeforeSending");
    assert_eq!(cause_of(&[b"a", b"b", b"cd"]), "SplitBySending");
}

#[test]
fn a_wire_runs_an_event_before_the_bytes_after_it() {
    let mut wire = Wire::delivers(["ab", "c"]).then_closes();
    let happened = Cell::new(0);
    let mut stream = wire.meanwhile(2, || happened.set(happened.get() + 1));
    let mut buffer = [0; 8];
    let seen: Vec<(usize, i32)> =
        (0..3).map(|_| (stream.read(&mut buffer).unwrap(), happened.get())).collect();
    assert_eq!(seen, [(2, 0), (1, 1), (0, 1)]);
}

#[test]
fn a_folder_reports_every_change_inside_and_outside() {
    let folder = Folder::awaiting("a.txt");
    let scene = Scene::begin();
    folder.expect(&scene, &[], Cause::Differs);
    folder.put("received/a.txt", b"hello");
    folder.put("received/.part4711", b"he");
    folder.put("outside.txt", b"oh");
    let told = text(&story_of(move || {
        folder.expect(&Scene::begin(), &[("received/a.txt", b"hello")], Cause::Differs);
    }));
    assert!(told.contains("outside.txt \"oh\", received/(another name) \"he\""), "{told}");
    assert!(told.contains("outside.txt \"not yours\", received/a.txt \"hello\""), "{told}");
}

#[test]
fn an_unfinished_file_must_have_another_name() {
    let noticed = |files: &[&str]| {
        let folder = Folder::awaiting("a.txt");
        files.iter().for_each(|path| folder.put(path, b"half"));
        story_of(move || {
            let scene = Scene::begin();
            scene.expect("receive_file", returns(false), || {
                folder.expect_under_way(&scene, "receive_file");
                Ok(true)
            });
        })
        .cause
    };
    assert_eq!(noticed(&["received/.part4711"]), "Differs");
    assert_eq!(noticed(&["received/a.txt"]), "NamedTooSoon");
    assert_eq!(noticed(&[]), "TemporaryFileElsewhere");
}

#[test]
fn memory_is_measured_at_each_call() {
    graded(|| {
        let mut stream = MemoryWatch::over(std::io::repeat(b'x'));
        let held = std::hint::black_box(vec![1_u8; 3 << 20]);
        stream.read_exact(&mut [0; 8]).unwrap();
        drop(held);
        stream.read_exact(&mut [0; 8]).unwrap();
        assert!((3 << 20..4 << 20).contains(&stream.most()), "{}", stream.most());
    });
}

#[test]
fn a_late_network_checks_the_remaining_bytes() {
    let cause_of = |takes: usize| {
        let story = story_of(move || {
            let network = LateNetwork::carrying(&[b"ab"]).followed_by(b"cd");
            network.expect("write", returns(()), |sender, receiver| {
                sender.write_all(b"ab")?;
                receiver.read_exact(&mut vec![0; takes])
            });
        });
        story.cause
    };
    assert_eq!(cause_of(1), "LeftInTheQueue");
    assert_eq!(cause_of(3), "ReadTooFar");
}

#[test]
fn a_late_network_ends_a_wait_for_lost_bytes() {
    let story = story_of(|| {
        let network = LateNetwork::carrying(&[b"abcd"]).accepting(&[PartialOp::Limited(1)]);
        network.expect("write", returns(()), |sender, receiver| {
            let _ = sender.write(b"abcd")?;
            while receiver.peek(&mut [0; 4])? < 4 {
                thread::yield_now();
            }
            Ok(())
        });
    });
    assert_eq!(story.cause, "PartialWriteIgnored");
}

#[test]
fn a_deadline_names_the_call_that_hangs() {
    let printed = printed_by("hangs_in_a_call");
    assert!(printed.contains("the peer sent   68 65 6c 6c 6f"), "{printed}");
    assert!(printed.contains("the test calls  wait"), "{printed}");
    assert!(printed.contains(&Cause::NeverReturns.sentence()[..40]), "{printed}");
    #[cfg(target_os = "linux")]
    assert!(printed.contains("in futex, for another thread"), "{printed}");
}

#[test]
#[ignore = "run by a_deadline_names_the_call_that_hangs"]
fn hangs_in_a_call() {
    let (_sender, receiver) = mpsc::channel::<()>();
    graded_within(SOON, move || {
        let scene = Scene::begin();
        scene.peer_sent(b"hello");
        scene.expect("wait", returns(()), || {
            let _ = receiver.recv();
            Ok(())
        });
    });
}

#[test]
fn a_spinning_loop_is_distinguished_from_a_waiting_call() {
    let printed = printed_by("loops_without_a_call");
    #[cfg(target_os = "linux")]
    assert!(printed.contains("It computed all the time and"), "{printed}");
    #[cfg(not(target_os = "linux"))]
    assert!(printed.contains(&Cause::NeverReturns.sentence()[..40]), "{printed}");
}

#[test]
#[ignore = "run by a_spinning_loop_is_distinguished_from_a_waiting_call"]
fn loops_without_a_call() {
    // Long enough to see that the system has nothing to do for it.
    graded_within(4 * SOON, || {
        loop {
            std::hint::spin_loop();
        }
    });
}

#[test]
fn after_two_missed_deadlines_no_check_is_tried() {
    let printed = printed_by("hangs_three_times");
    assert_eq!(printed.matches("in no system call").count(), 2, "{printed}");
    assert!(printed.contains(&Cause::NotTried.sentence()[..30]), "{printed}");
}

#[test]
#[ignore = "run by after_two_missed_deadlines_no_check_is_tried"]
fn hangs_three_times() {
    for _ in 0..3 {
        let _ = panic::catch_unwind(loops_without_a_call);
    }
}

#[test]
fn a_check_that_is_not_tried_does_not_count_as_going_further() {
    let entries = recorded_by(&["goes_further_1", "goes_further_2", "hangs_1", "hangs_2", "late"]);
    let endings = entries.iter().filter_map(|entry| Some((&*entry.check, entry.ended.as_ref()?)));
    let endings: Vec<_> = endings.map(|(check, it)| (check, it.status, it.further)).collect();
    let expected = [
        ("goes_further_1", Status::Fail, true),
        ("goes_further_2", Status::Fail, true),
        ("hangs_1", Status::Fail, false),
        ("hangs_2", Status::Fail, false),
        ("late", Status::Skipped, false),
    ];
    assert_eq!(endings, expected);
}

#[test]
#[ignore = "run by a_check_that_is_not_tried_does_not_count_as_going_further"]
fn goes_further_1() {
    graded_within(SOON, || {
        further();
        sleeps_for_ever();
    });
}

#[test]
#[ignore = "run by a_check_that_is_not_tried_does_not_count_as_going_further"]
fn goes_further_2() {
    graded_within(SOON, || {
        further();
        sleeps_for_ever();
    });
}

#[test]
#[ignore = "run by a_check_that_is_not_tried_does_not_count_as_going_further"]
fn hangs_1() {
    graded_within(SOON, || {
        sleeps_for_ever();
    });
}

#[test]
#[ignore = "run by a_check_that_is_not_tried_does_not_count_as_going_further"]
fn hangs_2() {
    graded_within(SOON, || {
        sleeps_for_ever();
    });
}

#[test]
#[ignore = "run by a_check_that_is_not_tried_does_not_count_as_going_further"]
fn late() {
    graded(|| {
        further();
        unreachable!("it is not tried");
    });
}

fn sleeps_for_ever() {
    loop {
        thread::sleep(SOON);
    }
}

#[test]
fn a_panic_names_its_message_and_its_place() {
    let story = story_of(|| answer::panics("an odd thing"));
    assert_eq!(story.cause, "Panicked");
    let text = text(&story);
    assert!(text.contains("an odd thing (tests/kit/answer.rs:5)"), "{text}");
}

#[test]
fn a_panic_of_the_check_or_the_kit_is_not_the_answers() {
    let story = story_of(|| panic!("an odd {}", "check"));
    assert_eq!(story.cause, "CheckPanicked");
    assert!(text(&story).contains("check panicked  an odd check (tests/kit.rs:"), "{story:?}");
    let story = story_of(|| {
        Wire::silent().expect("read_message", returns(()), |_| panic!("an odd closure"))
    });
    assert_eq!(story.cause, "CheckPanicked");
    // A folder that is not there: the kit's own line panics.
    let story = story_of(|| Folder::awaiting("a.txt").put("no/such/folder", b""));
    assert_eq!(story.cause, "CheckPanicked");
}

#[test]
fn a_panic_in_a_thread_fails_the_check_that_started_it() {
    let story = story_of(|| {
        let _ = thread::spawn(|| answer::panics("not joined")).join();
    });
    assert_eq!(story.cause, "ThreadPanicked");
    assert!(text(&story).contains("not joined"));
    // A check that expects the panic may forgive it; the next check is not affected.
    graded(|| {
        let _ = thread::spawn(|| panic!("on purpose")).join();
        forgive_panics();
    });
    graded(|| {});
}

#[test]
fn a_call_in_the_background_is_over_when_it_has_returned() {
    graded(|| {
        let (sender, receiver) = mpsc::channel::<u8>();
        let call: Background<u8> = in_background("serve", move || receiver.recv().unwrap_or(0));
        assert!(!call.is_over());
        sender.send(7).unwrap();
        assert_eq!(call.join(), 7);
    });
}

#[test]
#[cfg(target_os = "linux")]
fn a_wait_with_a_time_limit_can_be_interrupted() {
    graded(|| {
        let (stream, _peer) = connected().unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        let wait = move || (&stream).read(&mut [0]).map_err(|error| error.kind());
        let call = in_background("read", wait);
        assert!(call.interrupt());
        assert_eq!(call.join(), Err(Interrupted));
    });
    graded(|| {
        let call = in_background("nothing", || ());
        assert!(!call.interrupt(), "it is over");
        let (sender, receiver) = mpsc::channel::<()>();
        let call = in_background("waits for a thread", move || receiver.recv().is_ok());
        assert!(!call.interrupt(), "it waits for no socket");
        drop(sender);
        assert!(!call.join());
    });
}

#[test]
fn a_call_that_is_let_go_fails_no_check() {
    graded(|| {
        let call: Background<()> = in_background("shutdown", || panic!("on purpose"));
        while !call.is_over() {
            thread::yield_now();
        }
        call.let_go();
    });
}

#[test]
fn random_bytes_are_shown_by_their_size() {
    let story = story_of(|| {
        let mut wire = Wire::delivers([[0x93, 0xee]]).then_closes();
        wire.scene().tell_sizes();
        wire.expect("echo", returns(true), |wire| {
            let mut bytes = [0; 2];
            wire.read_exact(&mut bytes)?;
            wire.write_all(&bytes)?;
            Ok(false)
        });
    });
    let text = text(&story);
    assert!(text.contains("2 bytes   (then closed its side)"), "{text}");
    assert!(text.contains("write(2 bytes) → 2"), "{text}");
    assert!(!text.contains("93"), "{text}");
}

#[test]
fn readable_lines_are_shown_as_text() {
    let story = story_of(|| {
        let mut wire = Wire::delivers(["GET / HTTP/1.1\r\n"]).then_closes();
        wire.scene().tell_text();
        wire.expect("answer", returns(true), |wire| {
            let _ = wire.write(b"HTTP/1.1 200 OK\r\n")?;
            Ok(false)
        });
    });
    let text = text(&story);
    assert!(text.contains(r#"the peer sent   "GET / HTTP/1.1\r\n""#), "{text}");
    assert!(text.contains(r#"write("HTTP/1.1 200 OK\r\n") → 17"#), "{text}");
}

#[test]
fn a_stopped_answer_does_not_flush_its_buffer() {
    let story = story_of(|| {
        let mut wire = Wire::silent();
        wire.expect("talk", returns(0), |wire| {
            let mut buffered = BufWriter::new(wire);
            buffered.write_all(b"too late")?;
            buffered.get_mut().read(&mut [0; 8])
        });
    });
    let text = text(&story);
    assert!(text.contains("and now waits   in read(8)"), "{text}");
    assert!(!text.contains("write"), "{text}");
}

#[test]
fn a_short_write_is_blamed_only_if_it_happened() {
    let causes = [5, 2].map(|at_most| {
        let story = story_of(move || {
            let mut wire = Wire::silent().accepting_at_most(at_most);
            let missing = returns(()).or(Cause::HeaderMissing);
            wire.expect_written("talk", b"hello, you", missing, |wire| {
                let _ = wire.write(b"hello")?;
                Ok(())
            });
        });
        story.cause
    });
    assert_eq!(causes, ["HeaderMissing", "PartialWriteIgnored"]);
}

#[test]
fn code_that_read_everything_did_not_stop_too_early() {
    let causes = [5, 4].map(|read| {
        let story = story_of(move || {
            let mut wire = Wire::delivers(["he", "llo"]);
            let lost = returns(b"hello".to_vec()).or(Cause::ReadTooFar);
            wire.expect("listen", lost, |wire| {
                wire.read_exact(&mut vec![0; read])?;
                Ok(b"hel".to_vec())
            });
        });
        story.cause
    });
    assert_eq!(causes, ["ReadTooFar", "OneReadIsNotOneMessage"]);
}

#[test]
fn an_echo_that_continues_at_the_end_spins() {
    let story = story_of(|| {
        let mut wire = Wire::delivers(["ab"]).then_closes();
        wire.expect("echo", returns(()), |wire| {
            let mut bytes = [0; 8];
            loop {
                let n = wire.read(&mut bytes)?;
                let _ = wire.write(&bytes[..n])?;
            }
        });
    });
    assert_eq!(story.cause, "SpinsAtTheEnd");
}

#[test]
fn a_property_shrinks_to_the_smallest_input_and_names_its_seed() {
    let story = story_of(|| {
        for_any([], 0..10_000_usize, |&number| {
            let scene = Scene::begin();
            let given = if number < 700 { "small" } else { "large" };
            scene.called("number", number.to_string());
            scene.expect("given", returns("small".to_owned()), || Ok(given.to_owned()));
        });
    });
    let text = text(&story);
    assert!(text.contains("number → 700\n"), "{text}");
    assert!(text.contains(&format!("{SEED_VARIABLE}=1")), "{text}");
}

#[test]
fn a_property_tries_its_edge_cases_first() {
    let story = story_of(|| {
        for_any([3_usize], 0..10_usize, |&number| {
            let scene = Scene::begin();
            scene.expect("number", returns(0), || Ok(number));
        });
    });
    let text = text(&story);
    assert!(text.contains("and returned    3"), "{text}");
    assert!(!text.contains(SEED_VARIABLE), "{text}");
}

#[test]
fn proptest_variables_in_the_environment_change_nothing() {
    let printed = printed_by("counts_its_cases");
    assert!(printed.contains("tried 256"), "{printed}");
}

#[test]
#[ignore = "run by proptest_variables_in_the_environment_change_nothing"]
fn counts_its_cases() {
    let tried = std::cell::Cell::new(0);
    for_any([], 0..10_u8, |_| tried.set(tried.get() + 1));
    println!("tried {}", tried.get());
}

#[test]
fn untouched_allocated_bytes_are_counted_too() {
    graded(|| {
        let ((), bytes) = bytes_allocated(|| drop(std::hint::black_box(vec![0_u8; 1 << 30])));
        assert!(bytes >= 1 << 30, "{bytes}");
    });
}

#[rstest]
#[case::no_width(0)]
#[case::narrow(40)]
#[case::usual(80)]
#[case::wide(200)]
fn a_story_fits_its_screen(#[case] width: usize) {
    let story = Cause::OneReadIsNotOneMessage.story(vec![
        Row::new("the peer sent", "05 00 00 00 68 │ 65 │ 6c 6c 6f   (3 segments)"),
        Row::new("and returned", "\"h\""),
        Row {
            label: "expected".to_owned(),
            text: "\"hello\"".to_owned(),
            mark: Some(Mark { column: 2, note: "1 of 5 bytes".to_owned() }),
        },
    ]);
    let lines = story.lines(width);
    for line in &lines {
        assert!(line.chars().count() <= width.max(20), "{line:?}");
    }
    let caret = lines.iter().position(|line| line.trim_start().starts_with('^')).unwrap();
    let under = lines[caret - 1].chars().nth(lines[caret].chars().position(|c| c == '^').unwrap());
    assert_eq!(under, Some('e'), "the caret is under the first byte that differs");
    assert_eq!(Story::from_json(&story.to_json()), Some(story));
}

#[test]
fn a_record_is_accepted_only_with_its_nonce() {
    let record = Record::listen("right".to_owned()).unwrap();
    let order = record.order().clone();
    let send = |nonce: &str, check: &str| {
        let mut stream = TcpStream::connect(&order.record)?;
        let event = format!(r#""event":"ended","check":"{check}","seconds":0.5"#);
        let line = format!(
            r#"{{{event},"status":"pass","story":null,"builds_on":["zero"],"further":false}}"#
        );
        // In one write: the record disconnects after a wrong nonce, and a later write would fail.
        stream.write_all(format!("{nonce}\nnot json\n{{\n{line}\n").as_bytes())
    };
    send("wrong", "one").unwrap();
    send("right", "two").unwrap();
    while record.entries().is_empty() {
        thread::yield_now();
    }
    let _ = send("right", "three, over a second connection");
    let entries = record.close();
    assert_eq!(entries.len(), 1);
    assert_eq!(entries[0].check, "two");
    let ending = entries[0].ended.as_ref().unwrap();
    assert_eq!((ending.status, ending.seconds), (Status::Pass, 0.5));
    assert_eq!(ending.builds_on, ["zero"]);
    let line =
        format!(r#"{{"language":"en","nonce":"right","record":"{}","version":5}}"#, order.record);
    assert_eq!(order.to_line(), line);
}

#[test]
fn a_check_that_needs_more_than_the_machine_has_is_not_tried() {
    let Some(most) = netkata::machine::most_descriptors() else {
        return println!("not checked here: this system has no such limit");
    };
    let entries = recorded_by(&["has_too_few_descriptors"]);
    let ending = entries[1].ended.as_ref().unwrap();
    assert_eq!(ending.status, Status::Machine);
    let story = ending.story.as_ref().unwrap();
    assert_eq!(story.cause, "TooFewDescriptors");
    assert!(story.sentence.contains(&format!("allows a process {most} ")), "{}", story.sentence);
}

#[test]
#[ignore = "it must not be tried: a_check_that_needs_more_than_the_machine_has_is_not_tried runs it"]
fn has_too_few_descriptors() {
    graded(|| {
        netkata::needs_descriptors(u64::MAX);
        panic!("it was tried");
    });
}

#[test]
fn a_process_that_never_connects_leaves_an_empty_record() {
    assert!(Record::listen("nonce".to_owned()).unwrap().close().is_empty());
}

#[test]
fn a_record_ends_while_other_programs_hold_connections_to_it() {
    let record = Record::listen("nonce".to_owned()).unwrap();
    let connect = || TcpStream::connect(&record.order().record).unwrap();
    let _silent = connect();
    let mut open = connect();
    open.write_all(b"nonce\n{\"event\":\"began\",\"check\":\"one\"}\n").unwrap();
    while record.entries().is_empty() {
        thread::yield_now();
    }
    assert_eq!(record.close().len(), 1);
}

#[test]
fn the_kernel_reports_the_states_of_both_ends() {
    if !TcpEnd::can_be_seen() {
        return println!("not checked here: this system has no /proc/net/tcp");
    }
    let (caller, called) = connected().unwrap();
    let (here, there) = (caller.local_addr().unwrap(), called.local_addr().unwrap());
    let states = || [(here, there), (there, here)].map(|(a, b)| TcpEnd::of(a, b).unwrap().state);
    assert_eq!(states(), [TcpState::Established; 2]);
    caller.shutdown(Shutdown::Write).unwrap();
    // The end of the stream may still be on its way, and its acknowledgement may be late.
    while states() != [TcpState::FinWait2, TcpState::CloseWait] {
        thread::yield_now();
    }
    assert_eq!(TcpState::CloseWait.name(), "CLOSE-WAIT");
    assert_eq!(TcpEnd::of(here, "192.0.2.1:9".parse().unwrap()), None);
}

/// Run another test of this file in its own process, and return what it prints.
fn printed_by(test: &str) -> String {
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", test, "--nocapture"])
        .env("PROPTEST_CASES", "0")
        .env("PROPTEST_MAX_SHRINK_ITERS", "0")
        .output()
        .unwrap();
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Run other tests of this file in a process of their own, one after another, and return its record.
fn recorded_by(tests: &[&str]) -> Vec<Entry> {
    let record = Record::listen("nonce".to_owned()).unwrap();
    let mut process = Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "--test-threads=1"])
        .args(tests)
        .env(VARIABLE, "stdin")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    writeln!(process.stdin.take().unwrap(), "{}", record.order().to_line()).unwrap();
    process.wait().unwrap();
    record.close()
}

/// Run a check that must fail, and return its story.
fn story_of(body: impl FnOnce() + Send + 'static) -> Story {
    let run = AssertUnwindSafe(|| graded(body));
    let payload = panic::catch_unwind(run).expect_err("the check must fail");
    *payload.downcast().expect("a check fails with a story")
}

fn text(story: &Story) -> String {
    story.lines(80).join("\n") + "\n"
}
