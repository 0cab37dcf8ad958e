#!/usr/bin/env bash
# Ctrl-Z and `fg` make a read with a timeout fail with EINTR, in a program without any signal handler.
#
# Expected: only a signal with a handler interrupts a system call. A program that has none never sees EINTR, so the Rust
# standard library's `Interrupted` needs no care there. Being stopped and continued goes unnoticed.
# Seen (Linux 6.18, rustc 1.95.0): of two reads on a silent socket, the one without a time limit goes on after SIGSTOP
# and SIGCONT; the one on a stream with `set_read_timeout` returns the error `Interrupted`. signal(7) says so for
# sockets with SO_RCVTIMEO or SO_SNDTIMEO, under "Interruption of system calls and library functions by stop signals".
# So one `set_read_timeout` turns Ctrl-Z, a debugger or a paused container into an error.
#
# Needs Linux and rustc. Exits with 1 if something else happens.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat > main.rs <<'RUST'
use std::io::Read;
use std::net::{TcpListener, TcpStream};
use std::time::Duration;

fn main() {
    let timeout = std::env::args().nth(1).map(|_| Duration::from_secs(3));
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut ours = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    let (_peer, _) = listener.accept().unwrap();
    ours.set_read_timeout(timeout).unwrap();
    println!("reads");
    println!("{:?}", ours.read(&mut [0]).map_err(|error| error.kind()));
}
RUST

uname -sr
rustc --version
rustc -o program main.rs

stopped() { # stopped ARGUMENT…: what the program prints after it was stopped and continued in its read
  ./program "$@" > printed &
  local program=$!
  # It sleeps after it has said so, and can only sleep in the read.
  until grep -q reads printed && grep -q '^State:.S' "/proc/$program/status"; do sleep 0.01; done
  kill -STOP "$program"
  until grep -q '^State:.T' "/proc/$program/status"; do sleep 0.01; done
  kill -CONT "$program"
  # A read without a timeout goes on for ever: a second is enough to see that.
  for _ in $(seq 100); do
    if ! kill -0 "$program" 2>/dev/null; then break; fi
    sleep 0.01
  done
  if kill "$program" 2>/dev/null; then printf 'goes on to wait'; else tail -n 1 printed; fi
  wait "$program" 2>/dev/null || true
}

without=$(stopped)
with=$(stopped timeout)
printf 'a read without a timeout: %s\na read with a timeout: %s\n' "$without" "$with"
[ "$without" = "goes on to wait" ] && [ "$with" = "Err(Interrupted)" ]
