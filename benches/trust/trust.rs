//! The five figures: measured here, or kept from the last `just soak` and `just mutants`.

use std::fs;

use netkata::runner::answer::Answer;
use netkata::runner::audit;
use netkata::runner::course::Course;
use netkata::runner::failure::Failure;
use netkata::runner::grade::{Graded, grade};
use serde_json::Value;

use crate::figures;

const BEGINS: &str = "<!-- The table is written by `just trust`. -->\n";
const ENDS: &str = "<!-- It ends here. -->\n";

/// One figure: what is counted, how many of how many, and what else there is to say.
struct Figure {
    what: &'static str,
    good: u64,
    all: u64,
    note: String,
}

/// Print the figures, write them into docs/TRUST.md, and say whether none of them falls short.
pub fn run(course: &Course) -> Result<bool, Failure> {
    let mut tasks = Vec::new();
    for lesson in course.lessons() {
        tasks.extend(audit::tasks(course, lesson)?);
    }
    let graded = grade(course, &tasks)?;
    let cheats = grade(course, &audit::cheats(course)?)?;
    let is_wrong = |it: &&Graded| matches!(it.answer, Answer::Wrong(_));
    let is_right = |it: &&Graded| matches!(it.answer, Answer::Solution | Answer::Right(_));
    let figures = [
        counted("wrong answers caught", graded.iter().filter(is_wrong), audit::is_as_promised),
        counted("right answers passed", graded.iter().filter(is_right), audit::is_as_promised),
        mutants(course),
        soak(course),
        counted("cheats refused", cheats.iter(), audit::is_refused),
    ];
    let table = table(&figures);
    print!("{table}");
    write(course, &table)?;
    Ok(figures.iter().all(|figure| figure.good == figure.all))
}

fn counted<'a>(
    what: &'static str,
    graded: impl Iterator<Item = &'a Graded>,
    is_good: fn(&Graded) -> bool,
) -> Figure {
    let mut figure = Figure { what, good: 0, all: 0, note: String::new() };
    for graded in graded {
        figure.all += 1;
        if is_good(graded) {
            figure.good += 1;
        } else {
            println!("not so: {}", graded.file.display());
        }
    }
    figure
}

fn mutants(course: &Course) -> Figure {
    let (mut good, mut all, mut alike, mut lessons) = (0, 0, 0, Vec::new());
    for lesson in course.lessons() {
        let Some(figure) = figures::kept(course, &format!("mutants/{}", lesson.folder)) else {
            continue;
        };
        let number = |key: &str| figure[key].as_u64().unwrap_or(0);
        good += number("caught");
        all += number("viable") - number("equivalent");
        alike += number("equivalent");
        lessons.push(lesson.number.to_string());
    }
    let note = match lessons.as_slice() {
        [] => "`just mutants` has not been run".to_owned(),
        lessons => format!(
            "lessons {}; {alike} more make no difference, and are listed",
            lessons.join(", ")
        ),
    };
    Figure { what: "mutants caught, of those that can be", good, all, note }
}

fn soak(course: &Course) -> Figure {
    let soak = figures::kept(course, "soak").unwrap_or(Value::Null);
    let number = |key: &str| soak[key].as_u64().unwrap_or(0);
    let note = match number("gradings") {
        0 => "`just soak 200` has not been run".to_owned(),
        gradings => format!("{gradings} gradings"),
    };
    let what = "soak rounds without a difference";
    Figure { what, good: number("same"), all: number("rounds"), note }
}

fn table(figures: &[Figure]) -> String {
    let mut table = "| what is counted | so many | of | |\n|---|---:|---:|---|\n".to_owned();
    for Figure { what, good, all, note } in figures {
        table.push_str(&format!("| {what} | {good} | {all} | {note} |\n"));
    }
    table
}

fn write(course: &Course, table: &str) -> Result<(), Failure> {
    let file = course.root().join("docs/TRUST.md");
    let text = fs::read_to_string(&file).map_err(Failure::of_file("read", &file))?;
    let parts = text.split_once(BEGINS).and_then(|(before, rest)| {
        let (_, after) = rest.split_once(ENDS)?;
        Some((before, after))
    });
    let Some((before, after)) = parts else {
        return Err(Failure::new(format!("{} has no place for the table", file.display())));
    };
    let text = format!("{before}{BEGINS}\n{table}\n{ENDS}{after}");
    fs::write(&file, text).map_err(Failure::of_file("write", &file))
}
