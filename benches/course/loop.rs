//! Measure how soon a learner gets a verdict, here and with rustlings: `just bench loop`.
//!
//! Everything happens in a fresh clone of the last commit, and in a rustlings that is installed for this
//! from crates.io. Its exercise is lesson 3's, with one test where the lesson has twenty-five checks. The
//! two take turns, edit by edit. Nothing is asserted: you judge the figures, on a machine that does nothing else.

mod clone;
mod rustlings;
#[expect(dead_code, reason = "this benchmark presses no keys")]
mod terminal;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};
use std::time::{Duration, Instant};

use clone::Clone;
use rustlings::Rustlings;
use terminal::OnTerminal;

/// How often each edit is made; the median is printed.
const EDITS: usize = 15;

fn main() -> io::Result<()> {
    let clone = Clone::fresh()?;
    let (first, _) = timed(&mut clone.cargo(&["kata", "lesson", "3"]))?;
    println!("{:55} {:6.2} s", "fresh clone to first verdict, crates downloaded", seconds(first));
    for (lesson, answer) in [("1", "naive"), ("1", "wrong/waits_for_ever"), ("6", "naive")] {
        let grade = ["kata", "lesson", lesson, "--answer", answer];
        timed(&mut clone.cargo(&grade))?; // builds it
        let (time, _) = timed(&mut clone.cargo(&grade))?;
        let what = format!("lesson {lesson}, {answer}, which hangs, to verdict");
        println!("{what:55} {:6.2} s", seconds(time));
    }

    let rustlings = Rustlings::install()?;
    println!("\n{:20} {:>24} {:>24} {:>6}", "edit to verdict", "netkata", "rustlings", "ratio");
    let by_cargo = || clone.cargo(&["kata", "lesson", "3"]);
    let by_just = || clone.command("just", &["lesson", "3"]);
    for (what, grade) in [("cargo kata", &by_cargo as &dyn Fn() -> Command), ("just", &by_just)] {
        let sides = [netkata(&clone, grade)?, of_rustlings(&clone, &rustlings)?];
        for colour in [RED, GREEN] {
            compare(what, colour, |edit, at| sides[at].grade(colour, edit))?;
        }
    }
    let sides = [netkata(&clone, &by_cargo)?, of_rustlings(&clone, &rustlings)?];
    for colour in [RED, GREEN] {
        let watched = [sides[0].watch()?, sides[1].watch()?];
        compare("watch", colour, |edit, at| sides[at].save(colour, edit, &watched[at]))?;
    }
    Ok(())
}

/// The expected result of an edit: an index in the arrays of a [`Side`].
const RED: usize = 0;
const GREEN: usize = 1;

/// One of the two that are compared.
struct Side<'a> {
    exercise: PathBuf,
    /// The red answer and the green one.
    answers: [String; 2],
    /// Grades the exercise once.
    grade: Box<dyn Fn() -> Command + 'a>,
    /// Watches the exercise on a terminal.
    watch: Box<dyn Fn() -> io::Result<Command> + 'a>,
    /// What the watched page contains when it is red, and when it is green.
    says: [&'static str; 2],
    /// The end of that page.
    end: &'static str,
}

fn netkata<'a>(clone: &'a Clone, grade: &'a dyn Fn() -> Command) -> io::Result<Side<'a>> {
    Ok(Side {
        exercise: clone.root().join("lessons/03_struct_header/exercise.rs"),
        answers: answers(clone)?,
        grade: Box::new(grade),
        watch: Box::new(|| Ok(clone.cargo(&["kata", "watch", "3"]))),
        says: [" of 25 checks pass", "all 25 checks pass"],
        end: "q\u{a0}quit",
    })
}

fn of_rustlings<'a>(clone: &Clone, rustlings: &'a Rustlings) -> io::Result<Side<'a>> {
    Ok(Side {
        exercise: rustlings.exercise(),
        answers: answers(clone)?.map(|answer| Rustlings::with_tests(&answer)),
        grade: Box::new(|| rustlings.run()),
        watch: Box::new(|| rustlings.watch()),
        says: ["FAILED", "Exercise done"],
        end: ":quit ? ",
    })
}

fn answers(clone: &Clone) -> io::Result<[String; 2]> {
    let lesson = clone.root().join("lessons/03_struct_header");
    let read = |name| fs::read_to_string(lesson.join(name));
    Ok([read("naive.rs")?, read("solution.rs")?])
}

impl Side<'_> {
    fn edit(&self, colour: usize, edit: usize) -> io::Result<()> {
        fs::write(&self.exercise, format!("{}\n// edit {edit}\n", self.answers[colour]))
    }

    /// Edit and grade; return how long the grading took.
    fn grade(&self, colour: usize, edit: usize) -> io::Result<Duration> {
        self.edit(colour, edit)?;
        let (time, status) = timed(&mut (self.grade)())?;
        expect(status.success() == (colour == GREEN), &self.exercise)?;
        Ok(time)
    }

    fn watch(&self) -> io::Result<OnTerminal> {
        let watched = OnTerminal::start((self.watch)()?)?;
        watched.wait_for(self.end)?;
        Ok(watched)
    }

    /// Save an edit; return how long it took until the page showed the verdict.
    fn save(&self, colour: usize, edit: usize, watched: &OnTerminal) -> io::Result<Duration> {
        let began = Instant::now();
        self.edit(colour, edit)?;
        let page = watched.wait_for(self.end)?;
        let time = began.elapsed();
        expect(page.contains(self.says[colour]), &self.exercise)?;
        Ok(time)
    }
}

/// Run a command to its end, and return how long it took and its status.
fn timed(command: &mut Command) -> io::Result<(Duration, ExitStatus)> {
    let began = Instant::now();
    let status = command.status()?;
    Ok((began.elapsed(), status))
}

fn expect(as_expected: bool, exercise: &Path) -> io::Result<()> {
    let complaint = format!("{} has not the verdict that it should have", exercise.display());
    if as_expected { Ok(()) } else { Err(io::Error::other(complaint)) }
}

/// Measure both sides in turn, and print their medians and the ratio of ours to theirs.
fn compare(
    what: &str,
    colour: usize,
    mut measure: impl FnMut(usize, usize) -> io::Result<Duration>,
) -> io::Result<()> {
    let mut times = [Vec::new(), Vec::new()];
    for edit in 0..=EDITS {
        for (at, times) in times.iter_mut().enumerate() {
            times.push(measure(edit, at)?);
        }
    }
    let [ours, theirs] = times.map(|mut times| {
        // The first edit replaces another answer, not just one line.
        times.remove(0);
        times.sort();
        times
    });
    let median = |times: &[Duration]| seconds(times[times.len() / 2]);
    let show = |times: &[Duration]| {
        let (least, most) = (seconds(times[0]), seconds(times[times.len() - 1]));
        format!("{:.2} s ({least:.2} to {most:.2})", median(times))
    };
    println!(
        "{:20} {:>24} {:>24} {:>6.2}",
        format!("{what}, {}", ["red", "green"][colour]),
        show(&ours),
        show(&theirs),
        median(&ours) / median(&theirs)
    );
    Ok(())
}

fn seconds(time: Duration) -> f64 {
    time.as_secs_f64()
}
