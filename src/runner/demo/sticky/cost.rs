//! What the acknowledgement costs, measured on the spot on loopback sockets of its own.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use super::super::act::{Amount, Figures};
use super::super::stage;

const MESSAGE: &[u8; 5] = b"hello";
const ACK: &[u8; 2] = b"ok";
const MESSAGES: usize = 1000;
const EXCHANGES: usize = 15;
const HEADER: &[u8; 4] = &(MESSAGE.len() as i32).to_le_bytes();

/// The writes that one exchange begins with.
type Request = &'static [&'static [u8]];

/// Compare messages that are acknowledged one by one with as many that are sent in a row.
pub fn round_trips() -> io::Result<Figures> {
    let each = acknowledged_each()?;
    let once = acknowledged_once()?;
    Ok(Figures {
        title: "The round trips: 1000 messages of 5 bytes, time per message",
        rows: vec![
            ("an acknowledgement each", Amount::Time(each)),
            ("one for all of them", Amount::Time(once)),
        ],
        says: "Each acknowledgement is a round trip in which nothing else is sent: microseconds \
               within one machine, a tenth of a second between continents."
            .to_owned(),
    })
}

/// Compare a header and a body written apart with both in one write.
pub fn stalls() -> io::Result<Figures> {
    let apart: Request = &[HEADER, MESSAGE];
    let together: Request = &[b"\x05\0\0\0hello"];
    let two_writes = exchanges(apart, false)?;
    let without_nagle = exchanges(apart, true)?;
    let one_write = exchanges(together, false)?;
    Ok(Figures {
        title: "The stall: write a header, write a body, read the reply; median of 15 exchanges",
        rows: vec![
            ("two writes", Amount::Time(two_writes)),
            ("two writes, TCP_NODELAY", Amount::Time(without_nagle)),
            ("one write", Amount::Time(one_write)),
        ],
        says: if two_writes > 10 * one_write.max(without_nagle) {
            "Nagle holds the body back until the peer's kernel has acknowledged the header, and \
             that kernel waits, hoping to send the acknowledgement along with a reply. \
             TCP_NODELAY ends the stall; one write for both never begins it."
                .to_owned()
        } else {
            "The stall did not show here. It does where the peer's kernel delays its \
             acknowledgement of the header: Nagle then holds the body back for as long."
                .to_owned()
        },
    })
}

fn acknowledged_each() -> io::Result<Duration> {
    let (mut client, server) = stage::connect()?;
    let server = thread::spawn(move || acknowledge(server, MESSAGES, MESSAGE.len()));
    let mut times = Vec::with_capacity(MESSAGES);
    for _ in 0..MESSAGES {
        times.push(exchange(&mut client, &[MESSAGE])?);
    }
    join(server)?;
    Ok(median(times))
}

fn acknowledged_once() -> io::Result<Duration> {
    let (mut client, server) = stage::connect()?;
    let server = thread::spawn(move || acknowledge(server, 1, MESSAGES * MESSAGE.len()));
    let began = Instant::now();
    for _ in 0..MESSAGES {
        client.write_all(MESSAGE)?;
    }
    client.read_exact(&mut [0; ACK.len()])?;
    let took = began.elapsed();
    join(server)?;
    Ok(took / MESSAGES as u32)
}

fn exchanges(request: Request, nodelay: bool) -> io::Result<Duration> {
    let (mut client, server) = stage::connect()?;
    client.set_nodelay(nodelay)?;
    let length = request.iter().map(|bytes| bytes.len()).sum();
    let server = thread::spawn(move || acknowledge(server, EXCHANGES, length));
    let mut times = Vec::with_capacity(EXCHANGES);
    for _ in 0..EXCHANGES {
        times.push(exchange(&mut client, request)?);
    }
    join(server)?;
    Ok(median(times))
}

fn exchange(client: &mut TcpStream, request: Request) -> io::Result<Duration> {
    let began = Instant::now();
    for bytes in request {
        client.write_all(bytes)?;
    }
    client.read_exact(&mut [0; ACK.len()])?;
    Ok(began.elapsed())
}

/// Acknowledge every `length` bytes, `times` times.
fn acknowledge(mut server: TcpStream, times: usize, length: usize) -> io::Result<()> {
    let mut request = vec![0; length];
    for _ in 0..times {
        server.read_exact(&mut request)?;
        server.write_all(ACK)?;
    }
    Ok(())
}

fn join(server: thread::JoinHandle<io::Result<()>>) -> io::Result<()> {
    server.join().expect("the measured server does not panic")
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}
