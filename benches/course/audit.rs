//! Measure what the course's own tests cost, and how the cost grows: `just bench audit`, about ten minutes.
//!
//! Everything happens in a fresh clone of the last commit: first the tests with the answers of lessons 1 to
//! 3 only, then with all answers.

mod clone;

use std::fs;
use std::io;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use clone::{Clone, timed};

fn main() -> io::Result<()> {
    let clone = Clone::fresh()?;
    println!("{:22} {:>8} {:>10} {:>10} {:>10}", "", "answers", "first", "again", "target/");
    let few = measure(&clone, "lessons 1 to 3", &["01", "02", "03"])?;
    let all = measure(&clone, "all lessons", &[])?;
    let answers = (all.answers - few.answers).max(1) as f64;
    println!(
        "an answer more: {:.1} MB, {:.2} s the first time, {:.2} s again",
        (all.kilobytes - few.kilobytes) as f64 / 1024.0 / answers,
        // The tests that are not part of the audit had been built by then.
        all.first.as_secs_f64() / answers,
        all.again.saturating_sub(few.again).as_secs_f64() / answers,
    );
    Ok(())
}

/// The cost of the tests with this many answers.
struct Cost {
    answers: usize,
    first: Duration,
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
        let (time, status) = timed(&mut command)?;
        if status.success() { Ok(time) } else { Err(io::Error::other("the tests failed")) }
    };
    let (first, again) = (test()?, test()?);
    let answers = answers(&clone.root(), lessons)?;
    let kilobytes = kilobytes_below(&clone.root().join("target"))?;
    println!(
        "{title:22} {answers:>8} {:>8.0} s {:>8.0} s {:>7.2} GB",
        first.as_secs_f64(),
        again.as_secs_f64(),
        kilobytes as f64 / 1024.0 / 1024.0
    );
    Ok(Cost { answers, first, again, kilobytes })
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
