//! Measure how fast files are transferred over loopback: `just bench transfer`.
//!
//! The solutions of lessons 9 and 10 take turns with Python programs like those in the notes, and with a
//! bare loop of `read` and `write`, which is the limit. Nothing is asserted: you judge the figures.

mod bare;
#[path = "../median.rs"]
mod median;
mod python;
mod table;

use std::fs::{self, File};
use std::io;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use md5::{Digest, Md5};
use netkata::MemoryWatch;

#[path = "../../lessons/09_file_upload/solution.rs"]
#[expect(dead_code, reason = "the benchmark only transfers")]
mod file_upload;

#[path = "../../lessons/10_ftp/solution.rs"]
#[expect(dead_code, reason = "the benchmark only transfers")]
mod ftp;

use file_upload::{Header, IfExists};
use python::Program;
use table::Table;

/// What is transferred: this many random bytes, in a file in memory.
const LENGTH: u64 = 256 * 1024 * 1024;
/// What is transferred to measure memory: a sparse file, which is one large hole.
const LARGE: u64 = 1024 * 1024 * 1024;
/// How many turns each program gets.
const ROUNDS: usize = 5;

fn main() -> io::Result<()> {
    let place = Place::in_memory()?;
    println!("{} MiB of random bytes over loopback; {ROUNDS} rounds", LENGTH / 1024 / 1024);
    let mut table = Table::default();
    for _ in 0..ROUNDS {
        table.add("MD5 alone", md5_alone(&place)?);
        table.add("bare loop", bare::transfer(&place)?);
        table.add("file_upload", upload(&place)?);
        place.is_same()?;
        table.add("ftp", put(&place)?);
        for program in [Program::Upload, Program::Ftp] {
            if let Some(time) = python::transfer(program, &place)? {
                table.add(program.name(), time);
            }
        }
        place.is_same()?;
    }
    table.print(LENGTH);
    for (name, most) in
        [("file_upload", upload_of_a_large_file(&place)?), ("ftp", put_of_a_large_file(&place)?)]
    {
        println!("{name} holds at most {most} KiB more for a file of 1 GiB (aim: 8,192 KiB)");
    }
    Ok(())
}

/// The files: the original, and the copy that arrives.
pub struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    /// Make a place in memory if the system has a folder there; otherwise the disk is measured, too.
    fn in_memory() -> io::Result<Place> {
        let memory = Path::new("/dev/shm");
        let folder = if memory.is_dir() {
            tempfile::tempdir_in(memory)?
        } else {
            println!("/dev/shm is not there: the files lie on disk, which is measured too");
            tempfile::tempdir()?
        };
        let place = Place { folder };
        let mut random = io::Read::take(RandomBytes(1), LENGTH);
        io::copy(&mut random, &mut File::create(place.original())?)?;
        Ok(place)
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub fn original(&self) -> PathBuf {
        self.folder().join("original")
    }

    /// The file that every transfer writes.
    pub fn copy(&self) -> PathBuf {
        self.folder().join("copy")
    }

    /// Fail unless the last transfer delivered what was sent.
    fn is_same(&self) -> io::Result<()> {
        let same = fs::read(self.original())? == fs::read(self.copy())?;
        if same { Ok(()) } else { Err(io::Error::other("the copy differs")) }
    }
}

/// A connection over loopback: the sending end and the receiving end.
pub fn connection() -> io::Result<(TcpStream, TcpStream)> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let sender = TcpStream::connect(listener.local_addr()?)?;
    Ok((sender, listener.accept()?.0))
}

/// Time both sides of a transfer, each on its own thread.
pub fn timed(
    send: impl FnOnce() -> io::Result<()> + Send,
    receive: impl FnOnce() -> io::Result<()>,
) -> io::Result<Duration> {
    let began = Instant::now();
    thread::scope(|scope| {
        let sending = scope.spawn(send);
        receive()?;
        sending.join().expect("the sender does not panic")
    })?;
    Ok(began.elapsed())
}

fn upload(place: &Place) -> io::Result<Duration> {
    let (mut sender, mut receiver) = connection()?;
    let header = Header { name: "copy".to_owned(), length: LENGTH };
    timed(
        || file_upload::send_file(&mut sender, &header, &mut File::open(place.original())?),
        || file_upload::receive_file(&mut receiver, place.folder(), IfExists::Replace).map(drop),
    )
}

fn put(place: &Place) -> io::Result<Duration> {
    fs::remove_file(place.copy())?;
    let (mut sender, mut receiver) = connection()?;
    timed(
        || ftp::put(&mut sender, &mut File::open(place.original())?, LENGTH, |_| {}),
        || ftp::serve_put(&mut receiver, "copy", place.folder()).map(drop),
    )
}

/// How many KiB more than before are in use while a large file is transferred.
fn upload_of_a_large_file(place: &Place) -> io::Result<usize> {
    let hole = place.folder().join("hole");
    File::create(&hole)?.set_len(LARGE)?;
    let (mut sender, receiver) = connection()?;
    let mut receiver = MemoryWatch::over(receiver);
    let header = Header { name: "copy".to_owned(), length: LARGE };
    timed(
        || file_upload::send_file(&mut sender, &header, &mut File::open(&hole)?),
        || file_upload::receive_file(&mut receiver, place.folder(), IfExists::Replace).map(drop),
    )?;
    Ok(receiver.most().div_ceil(1024))
}

fn put_of_a_large_file(place: &Place) -> io::Result<usize> {
    fs::remove_file(place.copy())?;
    let (mut sender, receiver) = connection()?;
    let mut receiver = MemoryWatch::over(receiver);
    let hole = place.folder().join("hole");
    timed(
        || ftp::put(&mut sender, &mut File::open(&hole)?, LARGE, |_| {}),
        || ftp::serve_put(&mut receiver, "copy", place.folder()).map(drop),
    )?;
    Ok(receiver.most().div_ceil(1024))
}

/// The cost of the digest alone, for bytes that are already in memory.
fn md5_alone(place: &Place) -> io::Result<Duration> {
    let content = fs::read(place.original())?;
    let began = Instant::now();
    let digest = Md5::digest(&content);
    let time = began.elapsed();
    // A digest that is not used need not be computed.
    std::hint::black_box(digest);
    Ok(time)
}

/// Bytes that no compression or cache can predict: xorshift64 (Marsaglia, 2003).
struct RandomBytes(u64);

impl io::Read for RandomBytes {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let (words, _) = buffer.as_chunks_mut::<8>();
        for word in &mut *words {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            *word = self.0.to_le_bytes();
        }
        Ok(words.len() * 8)
    }
}
