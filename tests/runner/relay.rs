//! The relay, as the program that a lecturer starts.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};

use super::*;

/// A relay to a server of this test, and its first line.
fn relay<const N: usize>(to: u16, words: [&str; N]) -> (Child, BufReader<impl Read>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kata"));
    command.args(["--lang", "en", "relay", "--listen", "0", "--to", &to.to_string()]).args(words);
    let mut relay = command.stdout(Stdio::piped()).spawn().expect("the runner starts");
    let mut stdout = BufReader::new(relay.stdout.take().expect("stdout is piped"));
    let mut line = String::new();
    stdout.read_line(&mut line).expect("it says where it listens");
    (relay, stdout, line)
}

fn server() -> (TcpListener, u16) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    let port = listener.local_addr().expect("it listens").port();
    (listener, port)
}

#[test]
fn lines_of_json_add_up_to_the_bytes() {
    let (listener, port) = server();
    let (mut relay, stdout, first) = relay(port, ["--cut", "1,3,∞", "--direction", "to", "--json"]);
    let first: Value = serde_json::from_str(&first).expect("JSON");
    let address = first["address"].as_str().expect("an address");
    let mut client = TcpStream::connect(address).expect("it listens");
    let (mut accepted, _) = listener.accept().expect("the relay connects");
    client.write_all(b"\x05\0\0\0hello").expect("it is relayed");
    drop(client);
    let mut received = Vec::new();
    accepted.read_to_end(&mut received).expect("it ends");
    assert_eq!(received, b"\x05\0\0\0hello");
    drop(accepted);

    let mut events = Vec::new();
    for line in stdout.lines() {
        let event: Value = serde_json::from_str(&line.expect("text")).expect("JSON");
        let is_last = event["event"] == "close";
        events.push(event);
        if is_last {
            break;
        }
    }
    relay.kill().expect("it runs");
    relay.wait().expect("it ends");
    let close = events.pop().expect("an event");
    let expected = serde_json::json!(
        {"event": "close", "connection": 1, "to": 9, "from": 0, "dropped": 0}
    );
    assert_eq!(close, expected);
    let segments = events.iter().filter(|event| event["event"] == "segment");
    let bytes = segments.map(|event| event["bytes"].as_u64().expect("a number"));
    assert_eq!(bytes.sum::<u64>(), 9, "{events:?}");
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_a_relay_and_its_connections() {
    let (listener, port) = server();
    let (mut relay, stdout, first) = relay(port, []);
    let address = first.split([' ', ',']).nth(2).expect("an address");
    let mut client = TcpStream::connect(address).expect("it listens");
    let (mut accepted, _) = listener.accept().expect("the relay connects");
    signal("INT", &relay.id().to_string());
    assert!(!relay.wait().expect("it ends").success());
    for end in [&mut client, &mut accepted] {
        assert_eq!(end.read(&mut [0]).expect("the kernel closes it"), 0);
    }
    assert!(TcpStream::connect(address).is_err());
    let told: Vec<String> = stdout.lines().map(|line| line.expect("text")).collect();
    assert!(told[0].ends_with(" has connected"), "{told:?}");
}

#[test]
fn a_relay_without_a_sensible_command_line_says_so() {
    let run = |words: &[&str]| {
        let mut kata = Command::new(env!("CARGO_BIN_EXE_kata"));
        Run::of(kata.args(["--lang", "en", "relay"]).args(words))
    };
    let wrong = run(&["--listen", "0", "--to", "9001", "--cut", "1,0"]);
    assert_eq!(wrong.code, 2, "{wrong:?}");
    assert!(wrong.stderr.contains("`0` is not a size"), "{wrong:?}");
    for to in ["0", "here", "127.0.0.1:port"] {
        let wrong = run(&["--listen", "0", "--to", to]);
        assert_eq!(wrong.code, 2, "{wrong:?}");
        assert!(wrong.stderr.contains("is not an address"), "{wrong:?}");
    }
    let (_listener, port) = server();
    let busy = run(&["--listen", &port.to_string(), "--to", "9001"]);
    assert_eq!(busy.code, 1, "{busy:?}");
    assert!(busy.stderr.contains("another program uses this port"), "{busy:?}");
}
