//! The cost of the acknowledgement, measured on separate loopback sockets.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use super::super::figures::{Amount, Figures};
use super::super::stage;
use super::super::words::sticky as words;

const MESSAGE: &[u8; 5] = b"hello";
const ACK: &[u8; 2] = b"ok";
const MESSAGES: usize = 1000;
const EXCHANGES: usize = 15;
const HEADER: &[u8; 4] = &(MESSAGE.len() as i32).to_le_bytes();

/// The writes at the start of one exchange.
type Request = &'static [&'static [u8]];

/// Compare messages that are acknowledged one by one with the same number sent in a row.
pub fn round_trips() -> io::Result<Figures> {
    let each = acknowledged_each()?;
    let once = acknowledged_once()?;
    Ok(Figures {
        title: words::THE_ROUND_TRIPS.into(),
        rows: vec![
            (words::AN_ACKNOWLEDGEMENT_EACH.into(), Amount::Time(each)),
            (words::ONE_FOR_ALL.into(), Amount::Time(once)),
        ],
        says: words::EACH_IS_A_ROUND_TRIP.into(),
    })
}

/// Compare a header and a body in separate writes with both in one write.
pub fn stalls() -> io::Result<Figures> {
    let apart: Request = &[HEADER, MESSAGE];
    let together: Request = &[b"\x05\0\0\0hello"];
    let two_writes = exchanges(apart, false)?;
    let without_nagle = exchanges(apart, true)?;
    let one_write = exchanges(together, false)?;
    Ok(Figures {
        title: words::THE_STALL.into(),
        rows: vec![
            (words::TWO_WRITES.into(), Amount::Time(two_writes)),
            (words::TWO_WRITES_NODELAY.into(), Amount::Time(without_nagle)),
            (words::ONE_WRITE.into(), Amount::Time(one_write)),
        ],
        says: if two_writes > 10 * one_write.max(without_nagle) {
            words::NAGLE_HOLDS_THE_BODY_BACK.into()
        } else {
            words::THE_STALL_DID_NOT_SHOW.into()
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
