//! `cargo kata relay --listen 9000 --to 9001`: a bad network between two programs of any kind.

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;

use netkata::programs::{self as kit, Role};
use netkata_relay::{Direction, Ending, Event, Relay, Settings};

use super::{Directions, RelayArguments, programs};
use crate::failure::Failure;
use crate::pages::page;
use crate::words;

/// Relay until Ctrl-C ends this process; its connections end with it.
pub(super) fn run(arguments: RelayArguments) -> Result<ExitCode, Failure> {
    let (listen, to) = (address(&arguments.listen)?, address(&arguments.to)?);
    if to.port() == 0 {
        return Err(Failure::usage(words::not_an_address(&arguments.to)));
    }
    programs::warn(Role::Serve, listen);
    programs::warn(Role::Client, to);
    let half_close = arguments.half_close_after.map(Ending::HalfClose);
    let settings = Settings {
        cuts: arguments.cut,
        seed: arguments.seed,
        join: arguments.join,
        ending: half_close.or(arguments.reset_after.map(Ending::Reset)),
        direction: match arguments.direction {
            Directions::To => Some(Direction::To),
            Directions::From => Some(Direction::From),
            Directions::Both => None,
        },
    };
    let report = if arguments.json { print_json } else { print_line };
    let relay = Relay::listen(listen, to, settings, Arc::new(report));
    let relay = relay.map_err(|error| {
        Failure::new(match error.kind() {
            ErrorKind::AddrInUse => kit::port_is_in_use(listen),
            _ => words::failed_to_listen(listen, error),
        })
    })?;
    Err(Failure::of_machine(words::failed_to_accept(relay.run())))
}

/// `9000` is a port of this machine; anything else has a host in front.
pub(super) fn address(text: &str) -> Result<SocketAddr, Failure> {
    let (host, port) = text.rsplit_once(':').unwrap_or((r"127.0.0.1", text));
    let port = port.parse().map_err(|_| Failure::usage(words::not_an_address(text)))?;
    programs::address(host, port)
}

fn print_line(event: &Event) {
    print(&event.to_string());
}

fn print_json(event: &Event) {
    print(&serde_json::to_string(event).expect("an event has no keys but names"));
}

/// Print a line at once. Programs are relayed even if the reader of the output is gone.
fn print(line: &str) {
    let _ = page::print(&format!("{line}\n"));
}
