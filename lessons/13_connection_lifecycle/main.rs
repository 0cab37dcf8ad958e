//! The lesson as real programs: a question that ends with a half-close, its answer, and a goodbye; and a
//! server that resets every connection.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::ExitCode;
use std::thread;
use std::time::Duration;

use connection_lifecycle::{diagnose, goodbye, half_close_and_hear, reset, try_again};
use netkata::programs::{self, Program, Role};

const TIMEOUT: Duration = Duration::from_secs(10);
/// How long a server may take to start: the number of attempts, and the pause between two of them.
const TRIES: u32 = 8;
const REST: Duration = Duration::from_millis(250);

fn main() -> ExitCode {
    programs::main(&[
        Program {
            role: Role::Serve,
            name: "capitals",
            about: "answers the whole question in capitals, after its end",
            run: serve,
        },
        Program {
            role: Role::Serve,
            name: "rude",
            about: "resets every connection when its first byte arrives, answers nothing",
            run: reset_each_client,
        },
        Program {
            role: Role::Client,
            name: "capitals",
            about: "sends all that is typed as one question, prints the answer",
            run: ask,
        },
    ])
}

fn serve(address: SocketAddr) -> io::Result<()> {
    each_client(address, |mut stream| {
        // Only the end of the stream marks the end of the question.
        let mut question = Vec::new();
        stream.read_to_end(&mut question)?;
        stream.write_all(&question.to_ascii_uppercase())?;
        let in_order = goodbye(stream, TIMEOUT)?;
        Ok(if in_order { "closed in order" } else { "did not close in order" })
    })
}

fn reset_each_client(address: SocketAddr) -> io::Result<()> {
    each_client(address, |mut stream| {
        stream.read_exact(&mut [0])?;
        reset(stream)?;
        Ok("was reset")
    })
}

fn each_client(
    address: SocketAddr,
    talk: fn(TcpStream) -> io::Result<&'static str>,
) -> io::Result<()> {
    let rest = || thread::sleep(REST);
    let listener = try_again(TRIES, rest, || TcpListener::bind(address))?;
    println!("listening on {}", listener.local_addr()?);
    loop {
        let (stream, peer) = try_again(TRIES, rest, || listener.accept())?;
        match talk(stream) {
            Ok(how) => println!("{peer} {how}"),
            Err(error) => println!("{peer} failed: {error}: {:?}", diagnose(&error)),
        }
    }
}

fn ask(address: SocketAddr) -> io::Result<()> {
    let rest = || thread::sleep(REST);
    let mut stream = try_again(TRIES, rest, || TcpStream::connect(address))?;
    io::copy(&mut io::stdin().lock(), &mut stream)?;
    let answer = half_close_and_hear(&mut stream)?;
    io::stdout().write_all(&answer)
}
