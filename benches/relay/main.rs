//! Measure how fast the relay passes bytes on uncut, in turn with socat: `just bench relay`.
//!
//! Nothing is asserted: you judge the figures.

#[path = "../median.rs"]
mod median;

use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command};
use std::sync::Arc;
use std::thread;
use std::time::Instant;

use median::median;
use netkata_relay::{Relay, Settings};

/// How many bytes pass in one turn.
const LENGTH: usize = 512 * 1024 * 1024;
/// How many turns each program gets.
const ROUNDS: usize = 7;
/// The part of socat's speed to reach.
const AIM: f64 = 0.9;

fn main() -> io::Result<()> {
    let listener = TcpListener::bind(("127.0.0.1", 0))?;
    let server = listener.local_addr()?;
    let any = SocketAddr::from(([127, 0, 0, 1], 0));
    let relay = Relay::listen(any, server, Settings::default(), Arc::new(|_| {}))?.start();
    let socat = Socat::start(server)?;
    println!("{} MiB over loopback; {ROUNDS} rounds", LENGTH / 1024 / 1024);
    let (mut direct, mut relayed, mut by_socat) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        direct.push(mib_per_second(&listener, server)?);
        relayed.push(mib_per_second(&listener, relay.address())?);
        if let Some(socat) = &socat {
            by_socat.push(mib_per_second(&listener, socat.address)?);
        }
    }
    for (name, speeds) in [("no relay", &direct), ("relay", &relayed), ("socat", &by_socat)] {
        if !speeds.is_empty() {
            println!("{name:16} {:8.0} MiB/s", median(speeds.iter().copied()));
        }
    }
    if socat.is_none() {
        println!("socat is not installed, so nothing is compared: apt-get install socat");
        return Ok(());
    }
    let ratio = median(relayed.iter().zip(&by_socat).map(|(relay, socat)| relay / socat));
    let word = if ratio >= AIM { "reached" } else { "missed" };
    println!("relay to socat: {ratio:.2} (aim {AIM:.2}: {word})");
    Ok(())
}

/// How fast bytes come from a client that connects to `address`, to the server that listens.
fn mib_per_second(listener: &TcpListener, address: SocketAddr) -> io::Result<f64> {
    let mut client = TcpStream::connect(address)?;
    let (mut server, _) = listener.accept()?;
    let began = Instant::now();
    let sender = thread::spawn(move || {
        let bytes = vec![7; 256 * 1024];
        for _ in 0..LENGTH / bytes.len() {
            client.write_all(&bytes)?;
        }
        client.shutdown(Shutdown::Write)
    });
    let (mut received, mut buffer) = (0, vec![0; 256 * 1024]);
    while let n @ 1.. = server.read(&mut buffer)? {
        received += n;
    }
    let seconds = began.elapsed().as_secs_f64();
    sender.join().expect("the sender does not panic")?;
    if received != LENGTH {
        return Err(io::Error::other("bytes were lost"));
    }
    Ok(LENGTH as f64 / 1024.0 / 1024.0 / seconds)
}

/// A running socat.
struct Socat {
    program: Child,
    address: SocketAddr,
}

impl Socat {
    /// Start it as a relay to this server; `None` if it is not installed. It serves one connection after the
    /// other, each in its own process.
    fn start(server: SocketAddr) -> io::Result<Option<Socat>> {
        let address = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?;
        let listen = format!("TCP-LISTEN:{},bind=127.0.0.1,reuseaddr,fork", address.port());
        let program = match Command::new("socat").arg(listen).arg(format!("TCP:{server}")).spawn() {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            program => program?,
        };
        let mut socat = Socat { program, address };
        // It has no way to say that it listens.
        while netkata::TcpEnd::of(address, SocketAddr::from(([0, 0, 0, 0], 0))).is_none() {
            if let Some(status) = socat.program.try_wait()? {
                return Err(io::Error::other(format!("socat ended: {status}")));
            }
            thread::yield_now();
        }
        Ok(Some(socat))
    }
}

impl Drop for Socat {
    fn drop(&mut self) {
        // It fails only if socat has ended.
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}
