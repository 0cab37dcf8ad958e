//! Measure what the course's own tests cost, and how the cost grows: `just bench audit`, a quarter of an hour.
//!
//! Everything happens in a fresh clone of the last commit: first the tests with the answers of lessons 1 to
//! 3 only, then with all answers.

mod clone;

use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use clone::Clone;

fn main() -> io::Result<()> {
    let clone = Clone::fresh()?;
    println!(
        "{:22} {:>8} {:>10} {:>10} {:>10} {:>10}",
        "", "answers", "first", "processor", "again", "target/"
    );
    let few = measure(&clone, "lessons 1 to 3", &["01", "02", "03"])?;
    let all = measure(&clone, "all lessons", &[])?;
    let answers = (all.answers - few.answers).max(1) as f64;
    println!(
        "an answer more: {:.1} MB, {:.2} s the first time ({:.2} s of a processor), {:.2} s again",
        (all.kilobytes - few.kilobytes) as f64 / 1024.0 / answers,
        // The tests that are not part of the audit had been built by then.
        all.first.as_secs_f64() / answers,
        all.processor / answers,
        all.again.saturating_sub(few.again).as_secs_f64() / answers,
    );
    Ok(())
}

/// The cost of the tests with this many answers.
struct Cost {
    answers: usize,
    first: Duration,
    /// In seconds, of all processes of the first time; 0 where the system does not say.
    processor: f64,
    again: Duration,
    kilobytes: u64,
}

/// Run `cargo test-course` twice, auditing the lessons with these numbers, or all lessons.
fn measure(clone: &Clone, title: &str, lessons: &[&str]) -> io::Result<Cost> {
    let test = || -> io::Result<Duration> {
        let mut command = clone.cargo(&["test-course"]);
        if !lessons.is_empty() {
            command.env("LESSON", lessons.join(","));
        }
        let began = Instant::now();
        let output = command.stdout(Stdio::piped()).stderr(Stdio::piped()).output()?;
        if output.status.success() {
            return Ok(began.elapsed());
        }
        io::stderr().write_all(&[output.stdout, output.stderr].concat())?;
        Err(io::Error::other("the tests failed; their output is above"))
    };
    let before = processor_time();
    let first = test()?;
    let processor = processor_time() - before;
    let again = test()?;
    let answers = answers(&clone.root(), lessons)?;
    let kilobytes = kilobytes_below(&clone.root().join("target"))?;
    println!(
        "{title:22} {answers:>8} {:>8.0} s {processor:>8.0} s {:>8.0} s {:>7.2} GB",
        first.as_secs_f64(),
        again.as_secs_f64(),
        kilobytes as f64 / 1024.0 / 1024.0
    );
    Ok(Cost { answers, first, processor, again, kilobytes })
}

/// The processor time of all processes that this one has started and that have ended, in seconds. Linux
/// counts it in clock ticks: fields 16 and 17 of proc_pid_stat(5).
fn processor_time() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The name in brackets, field 2, may hold anything.
    let fields = stat.rsplit(") ").next().unwrap_or_default().split(' ').skip(16 - 3).take(2);
    let ticks: u64 = fields.filter_map(|field| field.parse::<u64>().ok()).sum();
    ticks as f64 / clock_ticks_per_second() as f64
}

#[cfg(unix)]
use rustix::param::clock_ticks_per_second;

#[cfg(not(unix))]
fn clock_ticks_per_second() -> u64 {
    1
}

/// How many answers these lessons have, without the exercise.
fn answers(root: &Path, lessons: &[&str]) -> io::Result<usize> {
    let mut answers = 0;
    for lesson in fs::read_dir(root.join("lessons"))? {
        let lesson = lesson?;
        let name = lesson.file_name().into_string().unwrap_or_default();
        if !lessons.is_empty() && !lessons.iter().any(|number| name.starts_with(number)) {
            continue;
        }
        answers += 2; // naive and solution
        answers += fs::read_dir(lesson.path().join("right"))?.count();
        // Each has a diff and a story.
        answers += fs::read_dir(lesson.path().join("wrong"))?.count() / 2;
    }
    Ok(answers)
}

fn kilobytes_below(folder: &Path) -> io::Result<u64> {
    let output = Command::new("du").arg("-sk").arg(folder).output()?;
    let text = String::from_utf8_lossy(&output.stdout);
    let number = text.split_whitespace().next().and_then(|number| number.parse().ok());
    number.ok_or_else(|| io::Error::other("du said nothing"))
}
