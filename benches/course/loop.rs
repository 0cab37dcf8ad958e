//! Measure how soon a learner has a verdict: `just bench loop`.
//!
//! Everything happens in a fresh clone of what is committed. Nothing is asserted: whoever runs this
//! judges, on a machine that does nothing else.

mod clone;

use std::fs;
use std::io;
use std::time::Duration;

use clone::{Clone, timed};

/// How often each edit is made; the median is printed.
const EDITS: usize = 15;

fn main() -> io::Result<()> {
    let clone = Clone::fresh()?;
    let (first, _) = timed(&mut clone.cargo(&["kata", "lesson", "3"]))?;
    told("fresh clone to first verdict, crates downloaded", &[first]);

    let lesson = clone.root().join("lessons/03_struct_header");
    for (word, file, passes) in [("red", "naive.rs", false), ("green", "solution.rs", true)] {
        let answer = fs::read_to_string(lesson.join(file))?;
        let mut times = Vec::new();
        for edit in 0..=EDITS {
            fs::write(lesson.join("exercise.rs"), format!("{answer}\n// edit {edit}\n"))?;
            let (time, status) = timed(&mut clone.cargo(&["kata", "lesson", "3"]))?;
            if status.success() != passes {
                return Err(io::Error::other(format!("{file} is not {word}")));
            }
            times.push(time);
        }
        // The first edit after another answer is no edit of a line.
        told(&format!("edit of lesson 3 to verdict, {word}"), &times[1..]);
    }

    for (lesson, answer) in [("1", "naive"), ("1", "wrong/waits_for_ever"), ("6", "naive")] {
        let grade = ["kata", "lesson", lesson, "--answer", answer];
        timed(&mut clone.cargo(&grade))?; // builds it
        let (time, _) = timed(&mut clone.cargo(&grade))?;
        told(&format!("lesson {lesson}, {answer}, which hangs, to verdict"), &[time]);
    }
    Ok(())
}

/// Print the median, and how far the times lie apart.
fn told(what: &str, times: &[Duration]) {
    let mut times = times.to_vec();
    times.sort();
    let seconds = |at: usize| times[at].as_secs_f64();
    let last = times.len() - 1;
    print!("{what:55} {:6.2} s", seconds(times.len() / 2));
    match last {
        0 => println!(),
        _ => println!("   ({:.2} to {:.2} s, {} edits)", seconds(0), seconds(last), times.len()),
    }
}
