//! The lesson as real programs: a question that ends with a half-close, an answer behind it, and a
//! goodbye; and a server that knows no manners.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::ExitCode;
use std::thread;
use std::time::Duration;

use connection_lifecycle::{diagnose, goodbye, half_close_and_hear, reset, try_again};
use netkata::programs::{self, Program, Role};

const PATIENCE: Duration = Duration::from_secs(10);
/// How long a server may take to start, in tries and in rests between them.
const TRIES: u32 = 8;
const REST: Duration = Duration::from_millis(250);

fn main() -> ExitCode {
    programs::main(&[
        Program {
            role: Role::Serve,
            name: "capitals",
            about: "answer a whole question in capitals",
            run: serve,
        },
        Program {
            role: Role::Serve,
            name: "rude",
            about: "reset every connection when something comes",
            run: be_rude,
        },
        Program {
            role: Role::Client,
            name: "capitals",
            about: "ask all that is typed as one question",
            run: ask,
        },
    ])
}

fn serve(address: SocketAddr) -> io::Result<()> {
    each_client(address, |mut stream| {
        // Where the question ends only its end of stream says.
        let mut question = Vec::new();
        stream.read_to_end(&mut question)?;
        stream.write_all(&question.to_ascii_uppercase())?;
        let in_order = goodbye(stream, PATIENCE)?;
        Ok(if in_order { "said goodbye" } else { "left without a goodbye" })
    })
}

fn be_rude(address: SocketAddr) -> io::Result<()> {
    each_client(address, |mut stream| {
        stream.read_exact(&mut [0])?;
        reset(stream)?;
        Ok("was sent away")
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
